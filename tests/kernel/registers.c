/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading, writing and copying registers of threads in every state. */
#include "probe.h"

#define SELF seL4_CapInitThreadTCB

static struct message read(seL4_CPtr tcb, seL4_Word flags, seL4_Word count)
{
    return invoke(tcb, TCBReadRegisters, CAPS(), ARGS(flags, count));
}

TEST(registers_arguments)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0), ep = make(seL4_EndpointObject, 0);

    expect("read self", read(SELF, 0, 4), seL4_IllegalOperation);
    expect("read none", read(tcb, 0, 0), seL4_RangeError, 1, CONTEXT_WORDS);
    expect("read 99", read(tcb, 0, 99), seL4_RangeError, 1, CONTEXT_WORDS);
    expect("read one too many", read(tcb, 0, CONTEXT_WORDS + 1), seL4_RangeError, 1, CONTEXT_WORDS);
    expect("count is checked before self", read(SELF, 0, 0), seL4_RangeError, 1, CONTEXT_WORDS);
    expect("read, one word", invoke(tcb, TCBReadRegisters, CAPS(), ARGS(0)), seL4_TruncatedMessage);
    expect("new TCB", read(tcb, 0, 4), 0, 0, 0, 0x202, 0);
    check_eq("all of it", read(tcb, 0, CONTEXT_WORDS).length, CONTEXT_WORDS);
    expect("write self", invoke(SELF, TCBWriteRegisters, CAPS(), ARGS(0, 1, 0)),
           seL4_IllegalOperation);
    expect("write, fewer words than count",
           invoke(tcb, TCBWriteRegisters, CAPS(), ARGS(0, 3, 1, 2)), seL4_TruncatedMessage);
    expect("write, one word", invoke(tcb, TCBWriteRegisters, CAPS(), ARGS(0)),
           seL4_TruncatedMessage);
    succeeds("write none", invoke(tcb, TCBWriteRegisters, CAPS(), ARGS(0, 0)));
    succeeds("write two", invoke(tcb, TCBWriteRegisters, CAPS(), ARGS(0, 2, 0x1111, 0x2222)));
    expect("they are there", read(tcb, 0, 3), 0, 0x1111, 0x2222, 0x202);
    succeeds("surplus words do not count",
             invoke(tcb, TCBWriteRegisters, CAPS(), ARGS(0, 1, 0x3333, 0x4444)));
    expect("only the first was written", read(tcb, 0, 2), 0, 0x3333, 0x2222);
    expect("copy from an endpoint", invoke(tcb, TCBCopyRegisters, CAPS(ep), ARGS(0)),
           seL4_InvalidCapability, 1);
    expect("copy without a source", invoke(tcb, TCBCopyRegisters, CAPS(), ARGS(0)),
           seL4_TruncatedMessage);
    expect("copy without a word", invoke(tcb, TCBCopyRegisters, CAPS(tcb), ARGS()),
           seL4_TruncatedMessage);
}

TEST(registers_write_and_read_back)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0);
    seL4_UserContext in, out;
    seL4_Word *words = (seL4_Word *)&in;
    unsigned i;

    for (i = 0; i < CONTEXT_WORDS; i++)
        words[i] = 0x4000 + i;
    in.FLAGS = 0x246;
    must(!seL4_TCB_WriteRegisters(tcb, false, 0, CONTEXT_WORDS, &in));
    must(!seL4_TCB_ReadRegisters(tcb, false, 0, CONTEXT_WORDS, &out));
    check("all registers come back", !memcmp(&in, &out, sizeof(in)));
    must(invoke(tcb, TCBWriteRegisters, CAPS(), ARGS(0xff00, 1, 0x77)).label == 0);
    expect("arch flags are ignored", read(tcb, 0xff00, 1), 0, 0x77);
}

TEST(registers_flags_are_sanitised)
{
    static const struct {
        const char *name;
        seL4_Word in, out;
    } cases[] = {
        {"none", 0, 0x202},
        {"IF cannot be cleared", 2, 0x202},
        {"TF is cleared", 0x302, 0x202},
        {"bits 3 and 5 are 0", 0x22a, 0x202},
        {"arithmetic flags stay", 0x8d5, 0xad7},
        {"DF stays", 0x400, 0x602},
        {"IOPL is dropped", 0x3202, 0x202},
        {"NT is dropped", 0x4202, 0x202},
        {"AC and ID are dropped", 0x240202, 0x202},
        {"RF and VM are dropped", 0x30202, 0x202},
    };
    seL4_CPtr tcb = make(seL4_TCBObject, 0);
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        must(invoke(tcb, TCBWriteRegisters, CAPS(), ARGS(0, 3, 0, 0, cases[i].in)).label == 0);
        expect(cases[i].name, read(tcb, 0, 3), 0, 0, 0, cases[i].out);
    }
}

#ifdef __x86_64__
TEST(registers_non_canonical)
{
    const seL4_Word bad = 0x0000800000000000, high = 0xffff800000000000;
    seL4_CPtr tcb = make(seL4_TCBObject, 0);
    seL4_UserContext in = {0}, out;

    in.rip = in.fs_base = in.gs_base = bad;
    in.rsp = in.rax = bad;
    must(!seL4_TCB_WriteRegisters(tcb, false, 0, CONTEXT_WORDS, &in));
    must(!seL4_TCB_ReadRegisters(tcb, false, 0, CONTEXT_WORDS, &out));
    check_eq("PC becomes 0", out.rip, 0);
    check_eq("FS base becomes 0", out.fs_base, 0);
    check_eq("GS base becomes 0", out.gs_base, 0);
    check_eq("RSP stays", out.rsp, bad);
    check_eq("RAX stays", out.rax, bad);
    in.rip = in.fs_base = high;
    must(!seL4_TCB_WriteRegisters(tcb, false, 0, CONTEXT_WORDS, &in));
    must(!seL4_TCB_ReadRegisters(tcb, false, 0, CONTEXT_WORDS, &out));
    check_eq("upper canonical PC stays", out.rip, high);
    check_eq("upper canonical FS base stays", out.fs_base, high);
}

/* SetTLSBase does not check. Our kernel must not fall over the value; the genuine one may. */
TEST(registers_non_canonical_tls_base)
{
    struct probe probe;
    struct message fault;

    if (!probe_has_execute_never()) {
        skip("a thread with a non-canonical TLS base runs", "the kernel may fall over the value");
        return;
    }
    probe_init(&probe);
    must(!seL4_TCB_SetTLSBase(probe.thread->tcb, 0x0000900000000000));
    probe_read(&probe);
    probe.context.rip = (seL4_Word)snippet_hlt;
    must(
        invoke(probe.thread->tcb, TCBWriteRegisters, CAPS(), ARGS(1, 1, probe.context.rip)).label ==
        0);
    settle();
    fault = poll(probe.fault_ep);
    check("a thread with a non-canonical TLS base runs", finished_at(&fault, snippet_hlt));
    probe_set_syscall(&probe, SEL4_SYS(Call), probe.thread->tcb, TCBSetTLSBase << 12 | 1);
    probe.context.r10 = 0x0000900000000000;
    fault = probe_run(&probe, snippet_syscall);
    check("so does one that sets its own", finished_at(&fault, snippet_syscall_end));
}

TEST(registers_upper_half_pc)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    fault = probe_run(&probe, (const char *)0xffff800000001000);
    check("a thread sent there faults in user mode",
          arrived(&fault) && fault.label == seL4_Fault_VMFault);
    check_eq("at that address", fault.mr[0], 0xffff800000001000);
}
#endif

TEST(registers_tls_base)
{
    static seL4_Word block[2] = {0x7157157, 0};
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    must(!seL4_TCB_SetTLSBase(probe.thread->tcb, (seL4_Word)block));
    probe_read(&probe);
    check_eq("SetTLSBase shows in the context", probe.context.TLS_BASE, (seL4_Word)block);
    probe.context.DATA_REGISTER = 0;
    fault = probe_run(&probe, snippet_tls_load);
    check("and is what the segment register means", finished_at(&fault, snippet_tls_load_end));
    check_eq("the word there", probe.context.DATA_REGISTER, 0x7157157);
    probe.context.TLS_BASE = (seL4_Word)&block[1];
    fault = probe_run(&probe, snippet_tls_load);
    check_eq("base by WriteRegisters", probe.context.DATA_REGISTER, 0);
    probe.context.fs_base = probe.context.gs_base = (seL4_Word)block;
    fault = probe_run(&probe, snippet_gs_load);
    check("the other segment register", finished_at(&fault, snippet_gs_load_end));
    check_eq("by WriteRegisters", probe.context.DATA_REGISTER, 0x7157157);
    probe_set_syscall(&probe, SEL4_SYS(Call), probe.thread->tcb, TCBSetTLSBase << 12 | 1);
    *message_register(&probe.context, 0) = (seL4_Word)&block[1];
    fault = probe_run(&probe, snippet_syscall);
    check("SetTLSBase of oneself", finished_at(&fault, snippet_syscall_end));
    check_eq("is in effect", probe.context.TLS_BASE, (seL4_Word)&block[1]);
    probe.context.TLS_BASE = (seL4_Word)block;
    must(!seL4_TCB_WriteRegisters(probe.thread->tcb, false, 0, CONTEXT_WORDS, &probe.context));
    probe_read(&probe);
    check_eq("both bases are kept apart", probe.context.TLS_BASE, (seL4_Word)block);
}

TEST(registers_tls_base_is_per_thread)
{
    static seL4_Word blocks[2] = {0xaaa, 0xbbb};
    struct probe a, b;
    struct message fault;

    probe_init(&a);
    probe_init(&b);
    a.context.TLS_BASE = (seL4_Word)&blocks[0];
    b.context.TLS_BASE = (seL4_Word)&blocks[1];
    fault = probe_run(&a, snippet_tls_load);
    must(finished_at(&fault, snippet_tls_load_end));
    check_eq("first thread", a.context.DATA_REGISTER, 0xaaa);
    fault = probe_run(&b, snippet_tls_load);
    check_eq("second thread", b.context.DATA_REGISTER, 0xbbb);
    fault = probe_run(&a, snippet_tls_load);
    check_eq("first again", a.context.DATA_REGISTER, 0xaaa);
}

TEST(registers_copy)
{
    seL4_CPtr from = make(seL4_TCBObject, 0), to = make(seL4_TCBObject, 0);
    seL4_UserContext in, old, out;
    unsigned i;

    for (i = 0; i < CONTEXT_WORDS; i++) {
        ((seL4_Word *)&in)[i] = 0x5000 + i;
        ((seL4_Word *)&old)[i] = 0x6000 + i;
    }
    in.FLAGS = 0x203;
    old.FLAGS = 0x206;
    must(!seL4_TCB_WriteRegisters(from, false, 0, CONTEXT_WORDS, &in));
    must(!seL4_TCB_WriteRegisters(to, false, 0, CONTEXT_WORDS, &old));
    succeeds("nothing", invoke(to, TCBCopyRegisters, CAPS(from), ARGS(0)));
    must(!seL4_TCB_ReadRegisters(to, false, 0, CONTEXT_WORDS, &out));
    check("changes nothing", !memcmp(&out, &old, sizeof(out)));
    succeeds("frame registers", invoke(to, TCBCopyRegisters, CAPS(from), ARGS(4)));
    must(!seL4_TCB_ReadRegisters(to, false, 0, CONTEXT_WORDS, &out));
    check("the frame is copied", !memcmp(&out, &in, FRAME_WORDS * sizeof(seL4_Word)));
    check_eq("the bases are not", out.fs_base, old.fs_base);
    succeeds("integer registers", invoke(to, TCBCopyRegisters, CAPS(from), ARGS(8)));
    must(!seL4_TCB_ReadRegisters(to, false, 0, CONTEXT_WORDS, &out));
    check("then all is equal", !memcmp(&out, &in, sizeof(out)));
}

TEST(registers_copy_resumes)
{
    struct probe from, to;
    struct message fault;

    probe_init(&from);
    probe_init(&to);
    from.context.PC = (seL4_Word)snippet_hlt;
    must(!seL4_TCB_WriteRegisters(from.thread->tcb, false, 0, CONTEXT_WORDS, &from.context));
    must(invoke(to.thread->tcb, TCBCopyRegisters, CAPS(from.thread->tcb), ARGS(2 | 4 | 8)).label ==
         0);
    settle();
    fault = poll(to.fault_ep);
    check("the target runs where the source stood", finished_at(&fault, snippet_hlt));
    fault = poll(from.fault_ep);
    check("the source does not", !arrived(&fault));
    probe_read(&to);
    from.context.PC = to.context.PC;
    from.context.FLAGS = to.context.FLAGS;
    check("with its registers", !memcmp(&to.context, &from.context, sizeof(to.context)));
}

TEST(registers_suspend_source)
{
    static volatile seL4_Word count;
    struct probe probe;
    seL4_Word seen;

    count = 0;
    probe_init(&probe);
    probe.context.PC = (seL4_Word)snippet_count;
    probe.context.ADDRESS_REGISTER = (seL4_Word)&count;
    must(!seL4_TCB_WriteRegisters(probe.thread->tcb, true, 0, CONTEXT_WORDS, &probe.context));
    set_priority(PROBE_PRIORITY);
    while (count < 100)
        seL4_Yield();
    set_priority(seL4_MaxPrio);
    check_eq("read with suspension", read(probe.thread->tcb, 1, 1).label, 0);
    seen = count;
    set_priority(PROBE_PRIORITY);
    seL4_Yield();
    seL4_Yield();
    set_priority(seL4_MaxPrio);
    check_eq("the thread no longer runs", count, seen);
    must(!seL4_TCB_Resume(probe.thread->tcb));
    set_priority(PROBE_PRIORITY);
    while (count < seen + 100)
        seL4_Yield();
    set_priority(seL4_MaxPrio);
    check("it goes on after Resume", count > seen);
    probe_read(&probe);
    check("its PC is in the loop", probe.context.PC >= (seL4_Word)snippet_count &&
                                       probe.context.PC < (seL4_Word)snippet_count + 8);
}

TEST(registers_copy_suspends_source)
{
    struct probe from, to;

    probe_init(&from);
    probe_init(&to);
    from.context.PC = (seL4_Word)snippet_hlt;
    must(!seL4_TCB_WriteRegisters(from.thread->tcb, true, 0, CONTEXT_WORDS, &from.context));
    must(invoke(to.thread->tcb, TCBCopyRegisters, CAPS(from.thread->tcb), ARGS(1 | 4)).label == 0);
    settle();
    check("the source was suspended before it ran", nothing_at(from.fault_ep));
    check("the target not resumed", nothing_at(to.fault_ep));
    probe_read(&to);
    check_eq("but has its PC", to.context.PC, (seL4_Word)snippet_hlt);
}

/* A thread blocked in a system call: PC is that of the call, writing anything repeats it. */
TEST(registers_of_a_blocked_thread)
{
    struct probe probe;
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 0x33);

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Recv), ep, 0);
    probe_run(&probe, snippet_syscall);
    must(nothing_at(probe.fault_ep));
    check_eq("PC is the address of the call", probe.context.PC, (seL4_Word)snippet_syscall);
    must(invoke(probe.thread->tcb, TCBWriteRegisters, CAPS(), ARGS(0, 0)).label == 0);
    probe_read(&probe);
    check_eq("still so after writing nothing", probe.context.PC, (seL4_Word)snippet_syscall);
    seL4_NBSend(badged, seL4_MessageInfo_new(7, 0, 0, 0));
    probe_read(&probe);
    check_eq("the message is delivered", probe.context.CAP_REGISTER, 0x33);
    check_eq("woken, not run: PC still the call", probe.context.PC, (seL4_Word)snippet_syscall);
}

TEST(registers_write_none_repeats_the_call)
{
    struct probe probe;
    struct message fault;
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 0x33);

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Recv), ep, 0);
    fault = probe_run(&probe, snippet_syscall);
    must(!arrived(&fault));
    must(invoke(probe.thread->tcb, TCBWriteRegisters, CAPS(), ARGS(0, 0)).label == 0);
    seL4_NBSend(badged, seL4_MessageInfo_new(7, 0, 0, 0));
    settle();
    fault = poll(probe.fault_ep);
    check("the call is executed again, with the badge for a CPtr",
          arrived(&fault) && fault.mr[0] == (seL4_Word)snippet_syscall);
    probe_set_syscall(&probe, SEL4_SYS(Recv), ep, 0);
    fault = probe_run(&probe, snippet_syscall);
    must(!arrived(&fault));
    seL4_NBSend(badged, seL4_MessageInfo_new(7, 0, 0, 0));
    settle();
    fault = poll(probe.fault_ep);
    check("without the write it is not", finished_at(&fault, snippet_syscall_end));
}

/* Woken, not run, then suspended: it goes on behind its call, with what it received. */
TEST(registers_of_a_woken_thread)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 0x33);
    struct probe probe;
    struct message fault;
    unsigned by_read;

    probe_init(&probe);
    for (by_read = 0; by_read < 2; by_read++) {
        probe_set_syscall(&probe, SEL4_SYS(Recv), ep, 0);
        fault = probe_run(&probe, snippet_syscall);
        must(!arrived(&fault));
        seL4_NBSend(badged, seL4_MessageInfo_new(7, 0, 0, 0));
        if (by_read)
            expect("read with suspension: the next PC", read(probe.thread->tcb, 1, 1), 0,
                   (seL4_Word)snippet_syscall_end);
        else
            succeeds("Suspend", invoke(probe.thread->tcb, TCBSuspend, CAPS(), ARGS()));
        settle();
        check("it does not run", nothing_at(probe.fault_ep));
        must(!seL4_TCB_Resume(probe.thread->tcb));
        settle();
        fault = poll(probe.fault_ep);
        check("Resume: it goes on behind the call", finished_at(&fault, snippet_syscall_end));
        probe_read(&probe);
        check_eq("with the badge", probe.context.CAP_REGISTER, 0x33);
        check_eq("and the label", probe.context.INFO_REGISTER, 7 << 12);
    }
}
