/* SPDX-License-Identifier: BSD-2-Clause */
/* Floating point state per thread. */
#include "probe.h"

static seL4_Word set_flags(struct probe *probe, seL4_Word clear, seL4_Word set)
{
    return invoke(probe->thread->tcb, TCBSetFlags, CAPS(), ARGS(clear, set)).mr[0];
}

static bool fpu_set(struct probe *probe, seL4_Word a, seL4_Word b)
{
    struct message fault;

    probe_fill(probe);
    probe->context.ADDRESS_REGISTER = a;
    probe->context.DATA_REGISTER = b;
    fault = probe_run(probe, snippet_fpu_set);
    return finished_at(&fault, snippet_fpu_set_end);
}

static bool fpu_holds(struct probe *probe, seL4_Word a, seL4_Word b)
{
    struct message fault;

    probe_fill(probe);
    fault = probe_run(probe, snippet_fpu_get);
    return finished_at(&fault, snippet_fpu_get_end) && probe->context.ADDRESS_REGISTER == a &&
           probe->context.DATA_REGISTER == b && probe->context.COUNT_REGISTER == a;
}

TEST(fpu_state_is_per_thread)
{
    struct probe a, b;
    struct message fault;
    unsigned i;

    probe_init(&a);
    probe_init(&b);
    fault = probe_run(&a, snippet_fpu_get);
    check("a new thread can use the FPU", finished_at(&fault, snippet_fpu_get_end));
    check_eq("its registers are zero", a.context.ADDRESS_REGISTER | a.context.DATA_REGISTER, 0);
    check_eq("its MXCSR is that after reset", a.context.LAST_REGISTER, 0x1f80);
    for (i = 1; i < 4; i++) {
        must(fpu_set(&a, 0x1111 * i, 0x2222 * i));
        must(fpu_set(&b, 0x3333 * i, 0x4444 * i));
        check("first thread keeps its values", fpu_holds(&a, 0x1111 * i, 0x2222 * i));
        check("second thread keeps its values", fpu_holds(&b, 0x3333 * i, 0x4444 * i));
    }
    must(fpu_set(&a, 5, 6));
    must(delete (b.thread->tcb).label == 0);
    check("deleting another thread changes nothing", fpu_holds(&a, 5, 6));
}

/* A TCB in the memory of a deleted one whose registers were in the FPU. */
TEST(fpu_state_of_reused_memory)
{
    seL4_CPtr ut = make(seL4_UntypedObject, seL4_TCBBits), slot = slot_new();
    struct probe probe;
    struct message fault;
    unsigned round;

    probe_init(&probe);
    /* Otherwise it would be the root thread's registers that are in the FPU. */
    invoke(seL4_CapInitThreadTCB, TCBSetFlags, CAPS(), ARGS(0, 1));
    for (round = 0; round < 3; round++) {
        must(retype(ut, seL4_TCBObject, 0, slot, 1).label == 0);
        must(
            !seL4_TCB_SetSpace(slot, probe.thread->fault_ep, ROOT, 0, seL4_CapInitThreadVSpace, 0));
        must(!seL4_TCB_SetPriority(slot, seL4_CapInitThreadTCB, PROBE_PRIORITY));
        probe.thread->tcb = slot;
        probe_fill(&probe);
        fault = probe_run(&probe, snippet_fpu_get);
        must(finished_at(&fault, snippet_fpu_get_end));
        check_eq("a new thread's registers are zero",
                 probe.context.ADDRESS_REGISTER | probe.context.DATA_REGISTER, 0);
        must(fpu_set(&probe, 0x999, 0x888));
        must(delete (slot).label == 0);
    }
    invoke(seL4_CapInitThreadTCB, TCBSetFlags, CAPS(), ARGS(1, 0));
}

TEST(fpu_disabled)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    must(fpu_set(&probe, 0x77, 0x88));
    check_eq("SetFlags", set_flags(&probe, 0, 1), 1);
    probe_fill(&probe);
    fault = probe_run(&probe, snippet_fpu_get);
    check_eq("use of the FPU is an exception", fault.label, seL4_Fault_UserException);
    check_eq("number 7", fault.mr[seL4_UserException_Number], 7);
    check_eq("at the instruction", fault.mr[seL4_UserException_FaultIP],
             (seL4_Word)snippet_fpu_get);
    check_eq("cleared", set_flags(&probe, 1, 0), 0);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
    settle();
    fault = poll(probe.fault_ep);
    probe_read(&probe);
    check("the reply restarts it", finished_at(&fault, snippet_fpu_get_end));
    check_eq("with its state", probe.context.ADDRESS_REGISTER, 0x77);
    check_eq("and flags", set_flags(&probe, 0, 0), 0);
}

TEST(fpu_disabled_beside_another)
{
    struct probe off, on;
    struct message fault;

    probe_init(&off);
    probe_init(&on);
    must(set_flags(&off, 0, 1) == 1);
    check("another thread uses the FPU", fpu_set(&on, 1, 2));
    fault = probe_run(&off, snippet_fpu_get);
    check_eq("a disabled one still cannot", fault.mr[seL4_UserException_Number], 7);
    check("nor does it disturb the other", fpu_set(&on, 3, 4));
    check("whose state stays", fpu_holds(&on, 3, 4));
}

TEST(fpu_control_registers)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    fault = probe_run(&probe, snippet_smsw);
    if (finished_at(&fault, snippet_smsw_end))
        check_eq("CR0: PE MP ET NE WP PG, not EM, TS, AM", probe.context.ADDRESS_REGISTER & 0xffff,
                 0x33);
    else
        check_eq("SMSW is not to be had", fault.mr[seL4_UserException_Number], 13);
    fault = probe_run(&probe, snippet_rdtsc);
    check("RDTSC is allowed", finished_at(&fault, snippet_rdtsc_end));
    fault = probe_run(&probe, snippet_segments);
    must(finished_at(&fault, snippet_segments_end));
    check_eq("CS after IRET", probe.context.ADDRESS_REGISTER, seL4_WordBits == 64 ? 0x2b : 0x1b);
    check_eq("SS", probe.context.DATA_REGISTER, seL4_WordBits == 64 ? 0x33 : 0x23);
}
