/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults: what is delivered, and what the reply does to the thread. */
#include "agent.h"

#define UNMAPPED 0x30000000

static struct message fault_of(struct probe *probe, const char *code)
{
    probe_fill(probe);
    return probe_run(probe, code);
}

/* Replies to the fault of a probe and lets it run: its next fault. */
static struct message answer(struct probe *probe, seL4_Word label, struct words words)
{
    struct message fault;
    seL4_Word i;

    for (i = 0; i < words.count; i++)
        seL4_SetMR((int)i, words.list[i]);
    seL4_Reply(seL4_MessageInfo_new(label, 0, 0, words.count));
    settle();
    fault = poll(probe->fault_ep);
    probe_read(probe);
    return fault;
}

TEST(faults_exceptions)
{
    static const struct {
        const char *name, *code, *at;
        seL4_Word number, error;
    } cases[] = {
        {"HLT", snippet_hlt, snippet_hlt, 13, 0},
        {"CLI", snippet_cli, snippet_cli, 13, 0},
        {"RDPMC", snippet_rdpmc, snippet_rdpmc, 13, 0},
        {"IN", snippet_in, snippet_in, 13, 0},
        {"OUT", snippet_out, snippet_out, 13, 0},
        {"UD2", snippet_ud2, snippet_ud2, 6, 0},
        {"INT3", snippet_int3, snippet_int3_end, 3, 0},
        {"VEX instruction", snippet_vex, snippet_vex, 6, 0},
        {"x87 error", snippet_x87_error, snippet_x87_error_at, 16, 0},
        {"TF: the instruction after POPF", snippet_trap_flag, snippet_trap_flag_end, 1, 0},
    };
    struct probe probe;
    struct message fault;
    unsigned i;

    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(cases); i++) {
        fault = fault_of(&probe, cases[i].code);
        check(cases[i].name, fault.label == seL4_Fault_UserException &&
                                 fault.length == seL4_UserException_Length &&
                                 fault.badge == PROBE_BADGE);
        check_eq("at", fault.mr[seL4_UserException_FaultIP], (seL4_Word)cases[i].at);
        check_eq("vector", fault.mr[seL4_UserException_Number], cases[i].number);
        check_eq("error code", fault.mr[seL4_UserException_Code], cases[i].error);
    }
    check_eq("the TF exception shows TF", fault.mr[seL4_UserException_FLAGS] & 0x100, 0x100);
    fault = fault_of(&probe, snippet_div);
    check_eq("division by zero", fault.mr[seL4_UserException_Number], 0);
    fault = fault_of(&probe, snippet_selector);
    check_eq("ring-0 selector", fault.mr[seL4_UserException_Number], 13);
    check_eq("its number is the error code", fault.mr[seL4_UserException_Code], 8);
    fault = fault_of(&probe, snippet_hlt);
    check_eq("SP in the message", fault.mr[seL4_UserException_SP], probe.context.SP);
    check_eq("FLAGS in the message", fault.mr[seL4_UserException_FLAGS] & 0xfff, 0x202);
}

TEST(faults_int_instructions)
{
    static const struct {
        const char *name, *code;
        seL4_Word vector;
    } refused[] = {{"INT 1", snippet_int1, 1},
                   {"INT 4", snippet_int4, 4},
                   {"INT 32", snippet_int32, 32},
                   {"INT 128", snippet_int128, 128}},
      open[] = {{"INT 158", snippet_int158, 158},
                {"INT 160", snippet_int160, 160},
                {"INT 254", snippet_int254, 254}};
    struct probe probe;
    struct message fault;
    seL4_Word code;
    unsigned i;

    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(refused); i++) {
        fault = fault_of(&probe, refused[i].code);
        code = fault.mr[seL4_UserException_Code];
        check_eq(refused[i].name, fault.mr[seL4_UserException_Number], 13);
        check_eq("at the INT", fault.mr[seL4_UserException_FaultIP], (seL4_Word)refused[i].code);
        /* An emulated processor counts 16 bytes a gate. */
        check("error code",
              code == 8 * refused[i].vector + 2 || code == 16 * refused[i].vector + 2);
    }
    for (i = 0; i < ARRAY_SIZE(open); i++) {
        fault = fault_of(&probe, open[i].code);
        check_eq(open[i].name, fault.label, seL4_Fault_UnknownSyscall);
        check_eq("FaultIP at the INT", fault.mr[seL4_UnknownSyscall_FaultIP],
                 (seL4_Word)open[i].code);
        check_eq("number is vector and EAX", fault.mr[seL4_UnknownSyscall_Syscall],
                 (seL4_Word)(intptr_t)(int32_t)((uint32_t)open[i].vector << 24 | 0x1313));
    }
}

TEST(faults_memory)
{
    static volatile seL4_Word word = 0x1ce;
    const seL4_Word hole = UNMAPPED, load = (seL4_Word)snippet_load;
    struct probe probe;
    struct message fault;

    probe_init(&probe);
#define ACCESS(code, address)                                                                      \
    (probe_fill(&probe), probe.context.ADDRESS_REGISTER = (seL4_Word)(address),                    \
     fault = probe_run(&probe, code))
    ACCESS(snippet_load, &word);
    check("a mapped word can be loaded", finished_at(&fault, snippet_load_end));
    check_eq("its value", probe.context.DATA_REGISTER, 0x1ce);
    expect("load from nowhere", ACCESS(snippet_load, hole), seL4_Fault_VMFault, load, hole, 0, 4);
    expect("store to nowhere", ACCESS(snippet_store, hole + 8), seL4_Fault_VMFault,
           (seL4_Word)snippet_store, hole + 8, 0, 6);
    ACCESS(snippet_jump, hole);
    check_eq("jump to nowhere: label", fault.label, seL4_Fault_VMFault);
    check_eq("IP is the target", fault.mr[0], hole);
    check_eq("so is the address", fault.mr[1], hole);
    check("fetches show as such only with SMEP or NX",
          (fault.mr[2] == 0 && fault.mr[3] == 4) || (fault.mr[2] == 1 && fault.mr[3] == 0x14));
    expect("address 0", ACCESS(snippet_load, 0), seL4_Fault_VMFault, load, 0, 0, 4);
#ifdef __x86_64__
    expect("kernel address", ACCESS(snippet_load, 0xffffff8000000000), seL4_Fault_VMFault, load,
           0xffffff8000000000, 0, 4);
    expect("kernel address, store", ACCESS(snippet_store, 0xffffff8000000000), seL4_Fault_VMFault,
           (seL4_Word)snippet_store, 0xffffff8000000000, 0, 6);
    expect("some address", ACCESS(snippet_load, 0x7edcba987650), seL4_Fault_VMFault, load,
           0x7edcba987650, 0, 4);
    ACCESS(snippet_load, 0x0000800000000000);
    check_eq("non-canonical address: exception", fault.mr[seL4_UserException_Number], 13);
    check_eq("label", fault.label, seL4_Fault_UserException);
    check_eq("code 0", fault.mr[seL4_UserException_Code], 0);
#else
    expect("kernel address", ACCESS(snippet_load, 0xf123456c), seL4_Fault_VMFault, load, 0xf123456c,
           0, 5);
    expect("kernel address, store", ACCESS(snippet_store, 0xf123456c), seL4_Fault_VMFault,
           (seL4_Word)snippet_store, 0xf123456c, 0, 7);
#endif
#undef ACCESS
}

TEST(faults_other_entry_instruction)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    fault = fault_of(&probe, snippet_other_entry);
    check_eq("the other architecture's entry instruction is an exception", fault.label,
             seL4_Fault_UserException);
    /* SYSENTER in 64-bit mode: by make of processor. */
    check("vector", fault.mr[seL4_UserException_Number] == 6 ||
                        (seL4_WordBits == 64 && fault.mr[seL4_UserException_Number] == 13));
}

/* Replies to VM faults re-execute, whatever the reply says. */
TEST(faults_vm_reply)
{
    const seL4_Word vaddr = UNMAPPED;
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    struct probe probe;
    struct message fault;

    map_tables(seL4_CapInitThreadVSpace, vaddr);
    probe_init(&probe);
    probe.context.ADDRESS_REGISTER = vaddr;
    fault = probe_run(&probe, snippet_load);
    must(fault.label == seL4_Fault_VMFault);
    fault = answer(&probe, 0, WORDS());
    check_eq("still unmapped: the same again", fault.label, seL4_Fault_VMFault);
    fault = answer(&probe, 77, WORDS(1, 2, 3));
    check_eq("the label of the reply does not matter", fault.label, seL4_Fault_VMFault);
    must(!seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0));
    fault = answer(&probe, 0, WORDS());
    check("mapped: it goes on", finished_at(&fault, snippet_load_end));
    must(!seL4_X86_Page_Unmap(frame));
    probe.context.ADDRESS_REGISTER = vaddr;
    fault = probe_run(&probe, snippet_load);
    check_eq("unmapped again: it faults", fault.label, seL4_Fault_VMFault);
}

TEST(faults_exception_reply)
{
    struct probe probe;
    seL4_UserContext before;
    struct message fault;
    seL4_Word sp;

    probe_init(&probe);
    sp = probe.context.SP;
    fault = fault_of(&probe, snippet_hlt);
    fault = answer(&probe, 0, WORDS());
    check("empty reply: re-executed", finished_at(&fault, snippet_hlt));
    fault = answer(&probe, 0, WORDS((seL4_Word)snippet_nop));
    check("a new FaultIP", finished_at(&fault, snippet_nop_end));
    fault = answer(&probe, 0, WORDS((seL4_Word)snippet_nop, sp - 64));
    check_eq("a new SP", probe.context.SP, sp - 64);
    fault = answer(&probe, 0, WORDS((seL4_Word)snippet_nop, sp, 0x3ed7, 5, 6));
    check_eq("new flags, sanitised", probe.context.FLAGS & 0xfffff & ~(seL4_Word)0x10000, 0xed7);
    before = probe.context;
    fault = answer(&probe, 0, WORDS((seL4_Word)snippet_hlt, sp, 0x202, 5, 6, 7, 8, 9, 10, 11, 12));
    before.PC = probe.context.PC;
    before.FLAGS = probe.context.FLAGS;
    check("other words have no effect", !memcmp(&probe.context, &before, sizeof(before)));
    fault = answer(&probe, 1, WORDS((seL4_Word)snippet_nop));
    check("label 1: the thread is not restarted", !arrived(&fault));
    must(!seL4_TCB_Resume(probe.thread->tcb));
    settle();
    fault = poll(probe.fault_ep);
    check("but its registers were written: Resume goes there",
          finished_at(&fault, snippet_nop_end));
}

TEST(faults_unknown_syscall_reply)
{
    struct probe probe;
    struct message fault;
    seL4_Word i, words[seL4_UnknownSyscall_Length];

    probe_init(&probe);
    probe_set_syscall(&probe, 99, 3, 4);
    fault = probe_run(&probe, snippet_syscall);
    must(fault.label == seL4_Fault_UnknownSyscall);
    for (i = 0; i < seL4_UnknownSyscall_Length; i++)
        words[i] = 0x7000 + i;
    words[seL4_UnknownSyscall_FaultIP] = (seL4_Word)snippet_hlt;
    words[seL4_UnknownSyscall_SP] = fault.mr[seL4_UnknownSyscall_SP];
    words[seL4_UnknownSyscall_FLAGS] = 0x202;
    fault = answer(&probe, 0, (struct words){words, UNKNOWN_SYSCALL_REPLY});
    check("a full reply resumes where it says", finished_at(&fault, snippet_hlt));
#ifdef __x86_64__
    check_eq("RAX", probe.context.rax, 0x7000);
    check_eq("RBX", probe.context.rbx, 0x7001);
    check_eq("RDX", probe.context.rdx, 0x7003);
    check_eq("RSI", probe.context.rsi, 0x7004);
    check_eq("RDI", probe.context.rdi, 0x7005);
    check_eq("RBP", probe.context.rbp, 0x7006);
    check_eq("R8", probe.context.r8, 0x7007);
    check_eq("R10", probe.context.r10, 0x7009);
    check_eq("R12", probe.context.r12, 0x700b);
    check_eq("R15", probe.context.r15, 0x700e);
    check_eq("RCX is the PC: it left by SYSRET", probe.context.rcx, (seL4_Word)snippet_hlt);
    check_eq("R11 the flags", probe.context.r11, 0x202);
#else
    check_eq("EAX", probe.context.eax, 0x7000);
    check_eq("EBX", probe.context.ebx, 0x7001);
    check_eq("ESI", probe.context.esi, 0x7004);
    check_eq("EDI", probe.context.edi, 0x7005);
    check_eq("EBP", probe.context.ebp, 0x7006);
    check_eq("EDX is the PC: it left by SYSEXIT", probe.context.edx, (seL4_Word)snippet_hlt);
    check_eq("ECX the stack pointer", probe.context.ecx, words[seL4_UnknownSyscall_SP]);
#endif
    probe_set_syscall(&probe, 99, 3, 4);
    fault = probe_run(&probe, snippet_syscall);
    fault = answer(&probe, 0, WORDS());
    check_eq("an empty reply executes the call again", fault.label, seL4_Fault_UnknownSyscall);
    fault = answer(&probe, 0, WORDS(0x1234));
    check_eq("a short reply too, with the first register", fault.mr[0], 0x1234);
    fault = answer(&probe, 5, WORDS());
    check("label 5: not restarted", !arrived(&fault));
}

TEST(faults_cap_fault_reply)
{
    seL4_CPtr slot = slot_new(), ntfn = make(seL4_NotificationObject, 0);
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(NBRecv), slot, 0);
    fault = probe_run(&probe, snippet_syscall);
    must(fault.label == seL4_Fault_CapFault);
    fault = answer(&probe, 9, WORDS());
    check_eq("the call is repeated, whatever the label", fault.label, seL4_Fault_CapFault);
    must(copy(slot, ntfn).label == 0);
    fault = answer(&probe, 0, WORDS());
    check("now there is a cap: it succeeds", finished_at(&fault, snippet_syscall_end));
}

/* ReplyRecv on a bad cap: the reply has been sent before the fault. */
TEST(faults_reply_before_receive)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), bad = slot_new();
    struct agent client;
    struct probe server;
    struct message fault;

    probe_init(&server);
    probe_set_syscall(&server, SEL4_SYS(Recv), ep, 0);
    probe_run(&server, snippet_syscall);
    must(nothing_at(server.fault_ep));
    agent_init(&client, 50, SEL4_SYS(Call), ep, 3, WORDS());
    agent_run(&client);
    must(!client.returned);
    fault = poll(server.fault_ep);
    must(finished_at(&fault, snippet_syscall_end));
    probe_set_syscall(&server, SEL4_SYS(ReplyRecv), bad, 0x55 << 12);
    fault = probe_run(&server, snippet_syscall);
    check_eq("the server faults", fault.label, seL4_Fault_CapFault);
    check("its client has its reply", client.returned && client.result.label == 0x55);
}

TEST(faults_without_handler)
{
    struct probe probe;
    struct message fault;
    seL4_CPtr good;

    probe_init(&probe);
    good = probe.thread->fault_ep;
    must(!seL4_TCB_SetSpace(probe.thread->tcb, slot_new(), ROOT, 0, seL4_CapInitThreadVSpace, 0));
    fault = probe_run(&probe, snippet_hlt);
    check("empty slot: nothing delivered", !arrived(&fault));
    must(!seL4_TCB_SetSpace(probe.thread->tcb, good, ROOT, 0, seL4_CapInitThreadVSpace, 0));
    settle();
    check("the thread is inactive", nothing_at(probe.fault_ep));
    must(!seL4_TCB_Resume(probe.thread->tcb));
    settle();
    fault = poll(probe.fault_ep);
    check("resumed, it executes the instruction again", finished_at(&fault, snippet_hlt));
    must(!seL4_TCB_SetSpace(probe.thread->tcb, probe.thread->tcb, ROOT, 0, seL4_CapInitThreadVSpace,
                            0));
    fault = probe_run(&probe, snippet_hlt);
    check("a TCB as handler: nothing delivered", !arrived(&fault));
}

/* CPtr 0 is one like any other: a CSpace may have its handler there. */
TEST(faults_handler_at_0)
{
    seL4_CPtr node = make(seL4_CapTableObject, 4);
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    must(
        invoke(node, CNodeCopy, CAPS(ROOT), ARGS(0, 4, probe.thread->fault_ep, DEPTH, 0xf)).label ==
        0);
    must(!seL4_TCB_SetSpace(probe.thread->tcb, 0, node, 0, seL4_CapInitThreadVSpace, 0));
    fault = probe_run(&probe, snippet_hlt);
    check("a fault endpoint at CPtr 0", finished_at(&fault, snippet_hlt));
}

/* A handler in its own thread, with a saved reply cap. */
TEST(faults_saved_reply)
{
    seL4_CPtr slot = slot_new();
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    fault = fault_of(&probe, snippet_hlt);
    must(invoke(ROOT, CNodeSaveCaller, CAPS(), ARGS(slot, DEPTH)).label == 0);
    check("the reply cap of a fault can be saved", occupied(slot));
    seL4_SetMR(0, (seL4_Word)snippet_nop);
    seL4_Send(slot, seL4_MessageInfo_new(0, 0, 0, 1));
    settle();
    fault = poll(probe.fault_ep);
    check("and used", finished_at(&fault, snippet_nop_end));
    must(invoke(ROOT, CNodeSaveCaller, CAPS(), ARGS(slot, DEPTH)).label == 0);
    must(!seL4_TCB_Suspend(probe.thread->tcb));
    check("Suspend of the faulter empties the slot", !occupied(slot));
    must(!seL4_TCB_Resume(probe.thread->tcb));
    settle();
    fault = poll(probe.fault_ep);
    check("Resume: it faults again", finished_at(&fault, snippet_nop_end));
}

TEST(faults_registers_while_waiting)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    fault = fault_of(&probe, snippet_hlt);
    check_eq("PC reads as that of the fault", probe.context.PC, (seL4_Word)snippet_hlt);
    probe.context.PC = (seL4_Word)snippet_nop;
    must(!seL4_TCB_WriteRegisters(probe.thread->tcb, false, 0, CONTEXT_WORDS, &probe.context));
    settle();
    check("writing registers does not restart it", nothing_at(probe.fault_ep));
    must(!seL4_TCB_Resume(probe.thread->tcb));
    settle();
    fault = poll(probe.fault_ep);
    check("Resume does, there", finished_at(&fault, snippet_nop_end));
}

/* Faults queue like messages; several threads share a handler. */
TEST(faults_queue)
{
    struct probe a, b;
    struct message fault;
    seL4_CPtr badged;

    probe_init(&a);
    probe_init(&b);
    badged = mint_of(a.fault_ep, 0xf, 0xfb);
    must(!seL4_TCB_SetSpace(b.thread->tcb, badged, ROOT, 0, seL4_CapInitThreadVSpace, 0));
    a.context.PC = (seL4_Word)snippet_hlt;
    b.context.PC = (seL4_Word)snippet_ud2;
    must(!seL4_TCB_WriteRegisters(a.thread->tcb, true, 0, CONTEXT_WORDS, &a.context));
    settle();
    must(!seL4_TCB_WriteRegisters(b.thread->tcb, true, 0, CONTEXT_WORDS, &b.context));
    settle();
    fault = poll(a.fault_ep);
    check_eq("first fault, its badge", fault.badge, PROBE_BADGE);
    fault = poll(a.fault_ep);
    check_eq("second fault, its badge", fault.badge, 0xfb);
    check_eq("of the second thread", fault.mr[seL4_UserException_Number], 6);
    check("none else", nothing_at(a.fault_ep));
}

/* The quirk: a fault that was queued when its thread was suspended is sent again in its place. */
TEST(faults_not_forgotten)
{
    struct probe probe;
    seL4_CPtr ep = make(seL4_EndpointObject, 0), badged = mint_of(ep, 0xf, 0x31);
    struct message got;

    probe_init(&probe);
    probe.context.PC = (seL4_Word)snippet_hlt;
    must(!seL4_TCB_WriteRegisters(probe.thread->tcb, true, 0, CONTEXT_WORDS, &probe.context));
    settle();
    must(!seL4_TCB_Suspend(probe.thread->tcb));
    check("a suspended faulter's message is withdrawn", nothing_at(probe.fault_ep));
    probe_set_syscall(&probe, SEL4_SYS(Call), badged, 0x23 << 12);
    probe_run(&probe, snippet_syscall);
    got = poll(ep);
    check_eq("its next Call arrives as that fault", got.label, seL4_Fault_UserException);
    check_eq("with the PC of the call", got.mr[0], (seL4_Word)snippet_syscall);
    check_eq("and the badge of the cap called", got.badge, 0x31);
    seL4_SetMR(0, (seL4_Word)snippet_hlt);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 1));
    settle();
    got = poll(probe.fault_ep);
    check("and the reply counts as a fault reply", finished_at(&got, snippet_hlt));
}

/* A handler without buffer gets, and gives, what travels in registers. */
TEST(faults_handler_without_buffer)
{
    struct probe probe;
    struct agent handler;

    probe_init(&probe);
    agent_init(&handler, 120, SEL4_SYS(Recv), probe.fault_ep, 0, WORDS());
    must(!seL4_TCB_SetIPCBuffer(handler.thread->tcb, 0, 0));
    agent_run(&handler);
    probe_set_syscall(&probe, 99, 3, 4);
    probe_run(&probe, snippet_syscall);
    must(handler.returned);
    check_eq("label", handler.result.label, seL4_Fault_UnknownSyscall);
    check_eq("length", handler.result.length, seL4_FastMessageRegisters);
    check_eq("first word", handler.result.mr[0], ((seL4_Word *)&probe.context)[3]);
}
