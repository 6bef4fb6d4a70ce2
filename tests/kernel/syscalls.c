/* SPDX-License-Identifier: BSD-2-Clause */
/* The system call interface register by register. */
#include "probe.h"

/* Their values after a SYSENTER are not specified: seL4 has lost them by then. */
#define ARITHMETIC_FLAGS (seL4_Word)0x8d5

#define INFO(label, length) ((seL4_Word)(label) << 12 | (length))

/* Runs one call that does not block; false if it did not come back. */
static bool run(struct probe *probe, seL4_Word number, seL4_Word cap, seL4_Word info)
{
    struct message fault;

    probe_set_syscall(probe, number, cap, info);
    fault = probe_run(probe, snippet_syscall);
    return finished_at(&fault, snippet_syscall_end);
}

/* All registers but those that a call clobbers are what probe_set_syscall() gave. */
static bool all_kept(struct probe *probe, seL4_Word number, seL4_Word cap, seL4_Word info)
{
    seL4_UserContext after = probe->context;

    probe_set_syscall(probe, number, cap, info);
    ignore_clobbered(&probe->context, &after);
    return !memcmp(&after, &probe->context, sizeof(after));
}

static void check_kept(const char *name, struct probe *probe, seL4_Word number, seL4_Word cap,
                       seL4_Word info)
{
    check(name, run(probe, number, cap, info) && all_kept(probe, number, cap, info));
}

TEST(syscalls_that_change_no_register)
{
    struct probe probe;
    seL4_CPtr ep = make(seL4_EndpointObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr empty = slot_new(), tcb = make(seL4_TCBObject, 0);

    probe_init(&probe);
    check_kept("Yield", &probe, SEL4_SYS(Yield), 5, 7);
    check_kept("Reply without a caller", &probe, SEL4_SYS(Reply), 5, INFO(1, 3));
    check_kept("NBSend to an endpoint without receiver", &probe, SEL4_SYS(NBSend), ep, INFO(9, 4));
    check_kept("NBSend through a failing lookup", &probe, SEL4_SYS(NBSend), ~(seL4_Word)0,
               INFO(0, 0));
    check_kept("Send to an empty slot", &probe, SEL4_SYS(Send), empty, INFO(1, 2));
    check_kept("NBSend to an empty slot", &probe, SEL4_SYS(NBSend), empty, INFO(1, 2));
    check_kept("Send to CPtr 0", &probe, SEL4_SYS(Send), 0, INFO(1, 2));
    check_kept("Send to a notification", &probe, SEL4_SYS(Send), ntfn, INFO(1, 2));
    check_kept("Send of a refused invocation", &probe, SEL4_SYS(Send), ROOT, INFO(0, 0));
    check_kept("NBSend of a refused invocation", &probe, SEL4_SYS(NBSend), ROOT, INFO(0, 0));
    check_kept("Send of an invocation that has results", &probe, SEL4_SYS(Send), tcb,
               INFO(TCBSetFlags, 2));
}

TEST(syscalls_call_registers)
{
    struct probe probe;
    seL4_CPtr tcb = make(seL4_TCBObject, 0), ntfn = make(seL4_NotificationObject, 0);
    seL4_Word before, badge;

    probe_init(&probe);
    check("refused", run(&probe, SEL4_SYS(Call), ROOT, INFO(0, 0)));
    check_eq("badge register 0", probe.context.CAP_REGISTER, 0);
    check_eq("info is the error", probe.context.INFO_REGISTER, INFO(seL4_IllegalOperation, 0));
    check("success", run(&probe, SEL4_SYS(Call), tcb, INFO(TCBSuspend, 0)));
    check_eq("badge register 0", probe.context.CAP_REGISTER, 0);
    check_eq("info 0", probe.context.INFO_REGISTER, 0);
    check("an error with a word", run(&probe, SEL4_SYS(Call), slot_new(), INFO(1, 0)));
    check_eq("InvalidCapability", probe.context.INFO_REGISTER, INFO(seL4_InvalidCapability, 1));
    check_eq("of cap 0", *message_register(&probe.context, 0), 0);
    probe_set_syscall(&probe, 0, 0, 0);
    before = *message_register(&probe.context, 1);
    must(run(&probe, SEL4_SYS(Call), slot_new(), INFO(1, 0)));
    check_eq("MR1 untouched by a one-word reply", *message_register(&probe.context, 1), before);
    probe_set_syscall(&probe, 0, 0, 0);
    before = *message_register(&probe.context, 0);
    check("Call on a notification", run(&probe, SEL4_SYS(Call), ntfn, INFO(3, 2)));
    check_eq("is an empty success", probe.context.INFO_REGISTER, 0);
    check_eq("with MR0 as passed in", *message_register(&probe.context, 0), before);
    seL4_Poll(ntfn, &badge);
    check_eq("unbadged: nothing accumulates", badge, 0);
    must(run(&probe, SEL4_SYS(Call), tcb, INFO(TCBSuspend, 0)));
    check_eq("the number register is kept", probe.context.SYSCALL_NUMBER, SEL4_SYS(Call));
}

TEST(syscalls_poll_registers)
{
    struct probe probe;
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0), badged = mint_of(ntfn, 0xf, 0x90);
    seL4_Word before;

    probe_init(&probe);
    probe_set_syscall(&probe, 0, 0, 0);
    before = *message_register(&probe.context, 0);
    check("NBRecv of an idle notification", run(&probe, SEL4_SYS(NBRecv), ntfn, INFO(77, 5)));
    check_eq("badge 0", probe.context.CAP_REGISTER, 0);
    check_eq("info as passed in", probe.context.INFO_REGISTER, INFO(77, 5));
    check_eq("MR0 as passed in", *message_register(&probe.context, 0), before);
    seL4_Signal(badged);
    check("NBRecv of an active one", run(&probe, SEL4_SYS(NBRecv), ntfn, INFO(77, 5)));
    check_eq("its badge", probe.context.CAP_REGISTER, 0x90);
    check_eq("info as passed in", probe.context.INFO_REGISTER, INFO(77, 5));
    check_eq("MR0 as passed in", *message_register(&probe.context, 0), before);
    seL4_Signal(badged);
    check("ReplyRecv without a caller", run(&probe, SEL4_SYS(ReplyRecv), ntfn, INFO(77, 5)));
    check_eq("takes the badge", probe.context.CAP_REGISTER, 0x90);
    check_eq("info as passed in", probe.context.INFO_REGISTER, INFO(77, 5));
}

/* Cap faults: word 0 IP, 1 CPtr, 2 receive phase, then the lookup failure. */
TEST(syscalls_cap_faults)
{
    const seL4_Word bad = (seL4_Word)1 << (seL4_WordBits - 1);
    const seL4_Word ip = (seL4_Word)snippet_syscall;
    seL4_CPtr empty = slot_new(), tcb = make(seL4_TCBObject, 0), ep = make(seL4_EndpointObject, 0);
    seL4_CPtr send_only = copy_of(ep, 1), ntfn = make(seL4_NotificationObject, 0);
    seL4_CPtr signal_only = copy_of(ntfn, 1), bound = make(seL4_NotificationObject, 0);
    const struct {
        const char *name;
        seL4_Word number, cap, phase;
    } bad_lookups[] = {
        {"Send, failing lookup", SEL4_SYS(Send), bad, 0},
        {"Call, failing lookup", SEL4_SYS(Call), bad, 0},
        {"Recv, failing lookup", SEL4_SYS(Recv), bad, 1},
        {"NBRecv, failing lookup", SEL4_SYS(NBRecv), bad, 1},
        {"ReplyRecv, failing lookup", SEL4_SYS(ReplyRecv), bad, 1},
    };
    const struct {
        const char *name;
        seL4_Word number, cap;
    } unfit[] = {
        {"Recv on an empty slot", SEL4_SYS(Recv), empty},
        {"NBRecv on an empty slot", SEL4_SYS(NBRecv), empty},
        {"ReplyRecv on an empty slot", SEL4_SYS(ReplyRecv), empty},
        {"Recv on a TCB", SEL4_SYS(Recv), tcb},
        {"NBRecv on a TCB", SEL4_SYS(NBRecv), tcb},
        {"Recv without read right", SEL4_SYS(Recv), send_only},
        {"Recv on a signal-only notification", SEL4_SYS(Recv), signal_only},
        {"NBRecv on a signal-only notification", SEL4_SYS(NBRecv), signal_only},
        {"Recv on a notification bound to another", SEL4_SYS(Recv), bound},
        {"Recv on CPtr 0", SEL4_SYS(Recv), 0},
    };
    struct probe probe;
    unsigned i;

    probe_init(&probe);
    must(!seL4_TCB_BindNotification(tcb, bound));
    for (i = 0; i < ARRAY_SIZE(bad_lookups); i++) {
        probe_set_syscall(&probe, bad_lookups[i].number, bad_lookups[i].cap, INFO(1, 1));
        expect(bad_lookups[i].name, probe_run(&probe, snippet_syscall), seL4_Fault_CapFault, ip,
               bad, bad_lookups[i].phase, seL4_GuardMismatch, seL4_WordBits, 0, ROOT_GUARD_BITS);
    }
    for (i = 0; i < ARRAY_SIZE(unfit); i++) {
        probe_set_syscall(&probe, unfit[i].number, unfit[i].cap, INFO(1, 1));
        expect(unfit[i].name, probe_run(&probe, snippet_syscall), seL4_Fault_CapFault, ip,
               unfit[i].cap, 1, seL4_MissingCapability, 0);
    }
}

/* Extra caps are looked up before anything is decoded. */
TEST(syscalls_bad_extra_cap)
{
    const seL4_Word bad = (seL4_Word)1 << (seL4_WordBits - 1);
    const seL4_Word ip = (seL4_Word)snippet_syscall;
    struct probe probe;
    seL4_CPtr ep = make(seL4_EndpointObject, 0);

    probe_init(&probe);
    probe.thread->buffer->caps_or_badges[0] = bad;
    probe_set_syscall(&probe, SEL4_SYS(Call), ROOT, INFO(0, 0) | 1 << 7);
    expect("Call: cap fault in the send phase", probe_run(&probe, snippet_syscall),
           seL4_Fault_CapFault, ip, bad, 0, seL4_GuardMismatch, seL4_WordBits, 0, ROOT_GUARD_BITS);
    probe_set_syscall(&probe, SEL4_SYS(Send), ep, INFO(0, 0) | 1 << 7);
    expect("Send to an endpoint", probe_run(&probe, snippet_syscall), seL4_Fault_CapFault, ip, bad,
           0, seL4_GuardMismatch, seL4_WordBits, 0, ROOT_GUARD_BITS);
    check("NBSend ignores it", run(&probe, SEL4_SYS(NBSend), ROOT, INFO(0, 0) | 1 << 7));
    must(!seL4_TCB_SetIPCBuffer(probe.thread->tcb, 0, 0));
    check("no buffer, no extra caps", run(&probe, SEL4_SYS(Call), ROOT, INFO(0, 0) | 1 << 7));
    check_eq("so the invocation is decoded", probe.context.INFO_REGISTER,
             INFO(seL4_IllegalOperation, 0));
}

TEST(syscalls_unknown)
{
    static const struct {
        const char *name;
        seL4_Word number;
    } numbers[] = {
        {"0", 0},
        {"1", 1},
        {"-15", -15},
        {"-16", -16},
        {"-17", -17},
        {"-18", -18},
        {"-26", -26},
        {"-27", -27},
        {"-28", -28},
        {"-29", -29},
        {"-31", -31},
        {"99", 99},
        {"-128", -128},
#ifdef __x86_64__
        {"-1 in 32 bits only", 0xffffffff},
#endif
    };
    struct probe probe;
    struct message fault;
    unsigned i;

    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(numbers); i++) {
        probe_set_syscall(&probe, numbers[i].number, 3, 4);
        fault = probe_run(&probe, snippet_syscall);
        check(numbers[i].name, fault.label == seL4_Fault_UnknownSyscall &&
                                   fault.length == seL4_UnknownSyscall_Length &&
                                   fault.mr[seL4_UnknownSyscall_Syscall] == numbers[i].number);
    }
    check_eq("FaultIP is the call", fault.mr[seL4_UnknownSyscall_FaultIP],
             (seL4_Word)snippet_syscall);
#ifdef __x86_64__
    probe_set_syscall(&probe, 0, 3, 4);
    check_eq("RDI", fault.mr[seL4_UnknownSyscall_RDI], 3);
    check_eq("RSI", fault.mr[seL4_UnknownSyscall_RSI], 4);
    check_eq("RAX", fault.mr[seL4_UnknownSyscall_RAX], probe.context.rax);
    check_eq("RBX", fault.mr[seL4_UnknownSyscall_RBX], probe.context.rbx);
    check_eq("RBP", fault.mr[seL4_UnknownSyscall_RBP], probe.context.rbp);
    check_eq("R8", fault.mr[seL4_UnknownSyscall_R8], probe.context.r8);
    check_eq("R9", fault.mr[seL4_UnknownSyscall_R9], probe.context.r9);
    check_eq("R10", fault.mr[seL4_UnknownSyscall_R10], probe.context.r10);
    check_eq("R12", fault.mr[seL4_UnknownSyscall_R12], probe.context.r12);
    check_eq("R13", fault.mr[seL4_UnknownSyscall_R13], probe.context.r13);
    check_eq("R14", fault.mr[seL4_UnknownSyscall_R14], probe.context.r14);
    check_eq("R15", fault.mr[seL4_UnknownSyscall_R15], probe.context.r15);
#else
    probe_set_syscall(&probe, -128, 3, 4);
    check_eq("EAX", fault.mr[seL4_UnknownSyscall_EAX], (seL4_Word)-128);
    check_eq("EBX", fault.mr[seL4_UnknownSyscall_EBX], 3);
    check_eq("ECX", fault.mr[seL4_UnknownSyscall_ECX], probe.context.esp);
    check_eq("EDX", fault.mr[seL4_UnknownSyscall_EDX], (seL4_Word)snippet_syscall);
    check_eq("ESI", fault.mr[seL4_UnknownSyscall_ESI], 4);
    check_eq("EDI", fault.mr[seL4_UnknownSyscall_EDI], probe.context.edi);
    check_eq("EBP", fault.mr[seL4_UnknownSyscall_EBP], probe.context.ebp);
    check_eq("ESP", fault.mr[seL4_UnknownSyscall_SP], probe.context.esp);
    check_eq("EFLAGS", fault.mr[seL4_UnknownSyscall_FLAGS] & 0xfff & ~ARITHMETIC_FLAGS, 0x202);
#endif
}

#ifdef __x86_64__
TEST(syscalls_return_state)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    probe.context.rflags = 0x246;
    fault = probe_run(&probe, snippet_syscall);
    must(finished_at(&fault, snippet_syscall_end));
    check_eq("RCX is the return address", probe.context.rcx, (seL4_Word)snippet_syscall_end);
    check_eq("R11 the flags", probe.context.r11, 0x246);
    check_eq("the flags are back", probe.context.rflags & 0xfff, 0x246);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    probe.context.rbx = 0x602; /* DF */
    fault = probe_run(&probe, snippet_flags);
    check("a call with DF set", finished_at(&fault, snippet_flags_end));
    check_eq("keeps it", probe.context.rbx & 0xfff, 0x602);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    probe.context.rbx = 0x4202; /* NT */
    fault = probe_run(&probe, snippet_flags);
    check("a call with NT set", finished_at(&fault, snippet_flags_end));
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    probe.context.rbx = 0x40202; /* AC */
    fault = probe_run(&probe, snippet_flags);
    check("a call with AC set", finished_at(&fault, snippet_flags_end));
    check_eq("keeps it", probe.context.rbx & 0x40000, 0x40000);
}

/* RCX and R11 are not saved at entry: a blocked thread shows those of before. */
TEST(syscalls_blocked_context)
{
    struct probe probe;
    seL4_CPtr ep = make(seL4_EndpointObject, 0);

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Recv), ep, 0);
    probe_run(&probe, snippet_syscall);
    must(nothing_at(probe.fault_ep));
    check_eq("PC: the call", probe.context.rip, (seL4_Word)snippet_syscall);
    check_eq("RCX as written before", probe.context.rcx, 0x1515);
    check_eq("R11 as written before", probe.context.r11, 0x1d1d);
    check_eq("RBX", probe.context.rbx, 0x1414);
    check_eq("R12", probe.context.r12, 0x1e1e);
}

TEST(syscalls_segments)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    fault = probe_run(&probe, snippet_syscall_segments);
    must(finished_at(&fault, snippet_syscall_segments_end));
    check_eq("CS after SYSRET", probe.context.rax, 0x3b);
    check_eq("SS", probe.context.rbx, 0x33);
}

/* Registers written while a thread waits for the reply to an unknown system call all count. */
TEST(syscalls_unknown_then_written)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, 99, 3, 4);
    fault = probe_run(&probe, snippet_syscall);
    must(fault.label == seL4_Fault_UnknownSyscall);
    probe_fill(&probe);
    probe.context.rip = (seL4_Word)snippet_hlt;
    must(!seL4_TCB_WriteRegisters(probe.thread->tcb, false, 0, CONTEXT_WORDS, &probe.context));
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
    settle();
    fault = poll(probe.fault_ep);
    check("it resumes at the written PC", finished_at(&fault, snippet_hlt));
    check_eq("with the written SP", fault.mr[seL4_UserException_SP], probe.context.rsp);
    probe_read(&probe);
    check_eq("and RCX", probe.context.rcx, 0x1515);
    check_eq("and R11", probe.context.r11, 0x1d1d);
}

TEST(syscalls_selectors_stay)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    fault = probe_run(&probe, snippet_selectors);
    check("a loaded selector and a system call", finished_at(&fault, snippet_selectors_end));
    check_eq("the selector stays", probe.context.rbx, 0x33);
}
#else
TEST(syscalls_return_state)
{
    static const struct {
        const char *name;
        seL4_Word flags;
    } cases[] = {{"plain", 0x246}, {"DF", 0x602}, {"NT", 0x4202}, {"AC", 0x40202}};
    struct probe probe;
    struct message fault;
    unsigned i;

    probe_init(&probe);
    check("a call", run(&probe, SEL4_SYS(Yield), 0, 0));
    check_eq("EDX is the return address", probe.context.edx, (seL4_Word)snippet_syscall_end);
    check_eq("ECX the stack pointer", probe.context.ecx, probe.context.esp);
    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
        probe.context.ebx = cases[i].flags;
        fault = probe_run(&probe, snippet_flags);
        check(cases[i].name, finished_at(&fault, snippet_flags_end));
        check_eq("flags behind the call", probe.context.ebx & ~ARITHMETIC_FLAGS,
                 cases[i].flags & ~ARITHMETIC_FLAGS);
    }
}

TEST(syscalls_segments)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    fault = probe_run(&probe, snippet_syscall_segments);
    must(finished_at(&fault, snippet_syscall_segments_end));
    check_eq("CS after SYSEXIT", probe.context.eax, 0x1b);
    check_eq("SS", probe.context.ebx, 0x23);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    fault = probe_run(&probe, snippet_selectors);
    must(finished_at(&fault, snippet_selectors_end));
    check_eq("DS is put back at each entry", probe.context.eax & 0xffff, 0x23);
    check_eq("ES", probe.context.ebx & 0xffff, 0x23);
    check_eq("FS", probe.context.ecx & 0xffff, 0x33);
    check_eq("GS", probe.context.edx & 0xffff, 0x3b);
}

/* The kernel believes what EDX says about where the call was made. */
TEST(syscalls_address_in_edx)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    probe.context.edx = (seL4_Word)snippet_nop_end - 2;
    fault = probe_run(&probe, snippet_syscall);
    check("the call returns behind that address", finished_at(&fault, snippet_nop_end));
    probe_set_syscall(&probe, 99, 0, 0);
    probe.context.edx = 0x12345678;
    fault = probe_run(&probe, snippet_syscall);
    check_eq("which a fault shows", fault.mr[seL4_UnknownSyscall_FaultIP], 0x12345678);
}

/* A thread that came by SYSENTER leaves by SYSEXIT, whatever was written meanwhile. */
TEST(syscalls_unknown_then_written)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, 99, 3, 4);
    fault = probe_run(&probe, snippet_syscall);
    must(fault.label == seL4_Fault_UnknownSyscall);
    probe_fill(&probe);
    probe.context.eip = (seL4_Word)snippet_hlt;
    must(!seL4_TCB_WriteRegisters(probe.thread->tcb, false, 0, CONTEXT_WORDS, &probe.context));
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
    settle();
    fault = poll(probe.fault_ep);
    check("it resumes at the written PC", finished_at(&fault, snippet_hlt));
    check_eq("with the written SP", fault.mr[seL4_UserException_SP], probe.context.esp);
    probe_read(&probe);
    check_eq("ECX is that", probe.context.ecx, fault.mr[seL4_UserException_SP]);
    check_eq("EDX the PC", probe.context.edx, (seL4_Word)snippet_hlt);
    check_eq("EAX as written", probe.context.eax, 0x1313);
}
#endif

TEST(syscalls_set_tls_base)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, (seL4_Word)-30, 0x7000, INFO(9, 3));
    fault = probe_run(&probe, snippet_syscall);
    if (fault.label == seL4_Fault_UnknownSyscall) {
        skip("SetTLSBase", "users set their base themselves");
        return;
    }
    check("SetTLSBase", finished_at(&fault, snippet_syscall_end));
    check_eq("sets the base at once", probe.context.TLS_BASE, 0x7000);
    check_eq("info untouched", probe.context.INFO_REGISTER, INFO(9, 3));
#ifdef __x86_64__
    check("non-canonical", run(&probe, (seL4_Word)-30, 0x0000900000000000, 0));
    check_eq("is ignored", probe.context.TLS_BASE, 0x123000);
#endif
}

TEST(syscalls_message_length)
{
    struct probe probe;
    struct message got;
    seL4_CPtr ep = make(seL4_EndpointObject, 0);

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Send), ep, INFO(6, 127));
    got = probe_run(&probe, snippet_syscall);
    must(!arrived(&got));
    got = poll(ep);
    check_eq("length 127 is cut to 120", got.length, 120);
    check_eq("the label stays", got.label, 6);
    must(!seL4_TCB_SetIPCBuffer(probe.thread->tcb, 0, 0));
    probe_set_syscall(&probe, SEL4_SYS(Send), ep, INFO(6, 50));
    got = probe_run(&probe, snippet_syscall);
    got = poll(ep);
    check_eq("without a buffer: the registers", got.length, seL4_FastMessageRegisters);
}
