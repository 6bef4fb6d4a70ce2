/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Code that tries what user mode may not do, or does allowed things in a way that has broken
 * kernels. Each ends as a fault of the thread's, and the kernel goes on.
 */
#include "hostile.h"

#define ENTRY_SIZE 16 /* of the tables in arch/x86/hostile.S */

extern const char int_table[], privileged_table[], privileged_table_end[], selector_table[];

bool is_exception(const struct message *fault, const char *at)
{
    return arrived(fault) && fault->label == seL4_Fault_UserException &&
           fault->mr[seL4_UserException_FaultIP] == (seL4_Word)at;
}

bool is_well(struct probe *probe)
{
    struct message fault;

    probe_set_syscall(probe, SEL4_SYS(Yield), 0, 0);
    fault = probe_run(probe, snippet_syscall);
    return finished_at(&fault, snippet_syscall_end);
}

static bool is_int_as_expected(unsigned vector, const struct message *fault, const char *at)
{
    if (vector == 3)
        return is_exception(fault, at + 2) && fault->mr[seL4_UserException_Number] == 3;
    if (vector == 255) /* the APIC's spurious interrupt: nothing happens */
        return finished_at(fault, at + 2);
    if (vector >= 158)
        return arrived(fault) && fault->label == seL4_Fault_UnknownSyscall;
    return is_exception(fault, at) && fault->mr[seL4_UserException_Number] == 13;
}

TEST(hostile_all_int_instructions)
{
    struct probe probe;
    struct message fault;
    unsigned vector, wrong = 0, last = 0;

    probe_init(&probe);
    for (vector = 0; vector < 256; vector++) {
        const char *at = int_table + vector * ENTRY_SIZE;

        probe_fill(&probe);
        fault = probe_run(&probe, at);
        if (!is_int_as_expected(vector, &fault, at)) {
            wrong++;
            last = vector;
        }
    }
    check_eq("INT n ends as it should for all n", wrong, 0);
    check_eq("(the last that did not)", last, 0);
    check("the thread is well", is_well(&probe));
}

TEST(hostile_privileged_instructions)
{
    struct probe probe;
    struct message fault;
    const char *at;

    probe_init(&probe);
    for (at = privileged_table; at < privileged_table_end; at += ENTRY_SIZE) {
        probe_fill(&probe);
        fault = probe_run(&probe, at);
        check("refused at the instruction",
              is_exception(&fault, at) && (fault.mr[seL4_UserException_Number] == 13 ||
                                           fault.mr[seL4_UserException_Number] == 6));
    }
    check("the thread is well", is_well(&probe));
}

/* Data and code selectors of either ring, the TSS, those beyond the table, and local ones. */
TEST(hostile_selectors)
{
    static const seL4_Word selectors[] = {0,    3,    7,    8,    0x10, 0x13, 0x18, 0x1b,  0x20,
                                          0x23, 0x2b, 0x33, 0x37, 0x3b, 0x43, 0x4b, 0xfff8};
    struct probe probe;
    struct message fault;
    unsigned i, j, odd = 0;

    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(selectors); i++)
        for (j = 0; j < 5; j++) {
            const char *at = selector_table + j * ENTRY_SIZE;

            probe_fill(&probe);
            probe.context.ADDRESS_REGISTER = selectors[i];
            fault = probe_run(&probe, at);
            if (!is_exception(&fault, at) && !finished_at(&fault, at + 2))
                odd++;
        }
    check_eq("each is loaded, or an exception at the instruction", odd, 0);
    check("the thread is well", is_well(&probe));
}

/* The local descriptor table that processors have after a reset lies at address 0, where users may
 * have memory: it must be gone. */
TEST(hostile_local_descriptors)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    volatile uint64_t *table = (volatile uint64_t *)0x10000000;
    struct probe probe;
    struct message fault;
    unsigned i;

    map_tables(seL4_CapInitThreadVSpace, (seL4_Word)table);
    must(!seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, (seL4_Word)table, seL4_ReadWrite, 0));
    for (i = 0; i < 16; i++)
        table[i] = 0x00cff3000000ffff; /* data, for ring 3 */
    must(!seL4_X86_Page_Unmap(frame));
    map_tables(seL4_CapInitThreadVSpace, 0);
    must(!seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, 0, seL4_ReadWrite, 0));
    probe_init(&probe);
    for (i = 0; i < 16; i++) {
        probe_fill(&probe);
        probe.context.ADDRESS_REGISTER = i << 3 | 7;
        fault = probe_run(&probe, selector_table);
        if (!is_exception(&fault, selector_table))
            break;
    }
    check_eq("no local selector can be loaded", i, 16);
}

extern const char snippet_flags_ud2[], snippet_flags_ud2_at[], snippet_flags_int[];
extern const char snippet_flags_int_at[], snippet_flags_load[], snippet_flags_load_at[];
extern const char snippet_step_syscall[], snippet_step_syscall_end[];
extern const char snippet_odd_stack_syscall[], snippet_odd_stack_syscall_end[];
extern const char snippet_odd_stack_ud2[], snippet_odd_stack_ud2_at[];
extern const char snippet_odd_stack_push[], snippet_odd_stack_push_at[];
extern const char snippet_return[], snippet_return_at[], snippet_iret[], snippet_iret_at[];
extern const char snippet_iret_end[], snippet_iret_nested[], snippet_iret_nested_at[];
extern const char snippet_fs_clear[], snippet_fs_clear_end[];

#define FLAG_DF 0x400
#define FLAG_IOPL 0x3000
#define FLAG_NT 0x4000
#define FLAG_AC 0x40000
#define FLAG_ID 0x200000

/* Enters the kernel by each way with the flags set: what they are then. */
static void check_entries_with_flags(struct probe *probe, seL4_Word flags, seL4_Word wanted)
{
    static const struct {
        const char *name, *code, *at;
    } ways[] = {{"by an exception", snippet_flags_ud2, snippet_flags_ud2_at},
                {"by INT", snippet_flags_int, snippet_flags_int_at},
                {"by a page fault", snippet_flags_load, snippet_flags_load_at}};
    const seL4_Word mask = FLAG_DF | FLAG_IOPL | FLAG_NT | FLAG_AC | FLAG_ID;
    struct message fault;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(ways); i++) {
        probe_fill(probe);
        probe->context.DATA_REGISTER = flags | 0x202;
        probe->context.ADDRESS_REGISTER = 0x30000000;
        fault = probe_run(probe, ways[i].code);
        check(ways[i].name, arrived(&fault) && probe->context.PC == (seL4_Word)ways[i].at);
        check_eq("its flags", probe->context.FLAGS & mask, wanted);
    }
    probe_set_syscall(probe, SEL4_SYS(Yield), 0, 0);
    probe->context.DATA_REGISTER = flags | 0x202;
    fault = probe_run(probe, snippet_flags);
    check("by a system call", finished_at(&fault, snippet_flags_end));
    check_eq("flags behind it", probe->context.DATA_REGISTER & mask, wanted);
}

TEST(hostile_flags)
{
    const seL4_Word all = FLAG_DF | FLAG_IOPL | FLAG_NT | FLAG_AC | FLAG_ID;
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    check_entries_with_flags(&probe, FLAG_DF, FLAG_DF);
    check_entries_with_flags(&probe, FLAG_IOPL, 0);
    check_entries_with_flags(&probe, FLAG_NT, FLAG_NT);
    check_entries_with_flags(&probe, FLAG_AC, FLAG_AC);
    check_entries_with_flags(&probe, all, all & ~(seL4_Word)FLAG_IOPL);
    probe_fill(&probe);
    probe.context.FLAGS = 0x3202;
    fault = probe_run(&probe, snippet_in);
    check("an IO privilege level cannot be written, either", finished_at(&fault, snippet_in));
    check("the thread is well", is_well(&probe));
}

TEST(hostile_single_step_over_syscall)
{
    struct probe probe;
    struct message fault;

    if (seL4_WordBits == 32 && skip_on_others("seL4 steps for ever, in an emulator at least"))
        return;
    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    fault = probe_run(&probe, snippet_step_syscall);
    check("the trap comes behind the call", is_exception(&fault, snippet_step_syscall_end));
    check_eq("as a debug exception", fault.mr[seL4_UserException_Number], 1);
    probe_set_syscall(&probe, SEL4_SYS(NBRecv), slot_new(), 0);
    fault = probe_run(&probe, snippet_step_syscall);
    check_eq("a call that faults", fault.label, seL4_Fault_CapFault);
    check("the thread is well", is_well(&probe));
}

TEST(hostile_stack_pointers)
{
    static const seL4_Word pointers[] = {ODD_STACKS};
    struct probe probe;
    struct message fault;
    unsigned i;

    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(pointers); i++) {
        probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
        probe.context.DATA_REGISTER = pointers[i];
        fault = probe_run(&probe, snippet_odd_stack_syscall);
        check("a system call without a stack", finished_at(&fault, snippet_odd_stack_syscall_end));
        probe_fill(&probe);
        probe.context.DATA_REGISTER = pointers[i];
        fault = probe_run(&probe, snippet_odd_stack_ud2);
        check("an exception", is_exception(&fault, snippet_odd_stack_ud2_at));
        check_eq("has it in its message", fault.mr[seL4_UserException_SP], pointers[i]);
        probe_fill(&probe);
        probe.context.DATA_REGISTER = pointers[i];
        fault = probe_run(&probe, snippet_odd_stack_push);
        check("a push faults where it stands",
              arrived(&fault) && probe.context.PC == (seL4_Word)snippet_odd_stack_push_at);
    }
    check("the thread is well", is_well(&probe));
}

TEST(hostile_instruction_pointers)
{
    static const seL4_Word targets[] = {ODD_TARGETS};
    struct probe probe;
    struct message fault;
    unsigned i;

    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(targets); i++) {
        probe_fill(&probe);
        probe.context.ADDRESS_REGISTER = targets[i];
        fault = probe_run(&probe, snippet_return);
        check("a return to nowhere is the thread's fault",
              arrived(&fault) &&
                  (fault.label == seL4_Fault_VMFault || fault.mr[seL4_UserException_Number] == 13));
    }
    check("the thread is well", is_well(&probe));
}

/* IRET in user mode: to the same ring, which on ia32 leaves the stack alone. */
TEST(hostile_iret)
{
    static const struct {
        const char *name;
        seL4_Word cs, ss;
    } bad[] = {
        {"the kernel's CS", 8, USER_SS},
        {"its CS for ring 3", 0xb, USER_SS},
        {"no CS", 0, USER_SS},
        {"the TSS for CS", TSS_SELECTOR, USER_SS},
        {"a CS beyond the table", 0xfffb, USER_SS},
#ifdef __x86_64__
        {"no SS", USER_CS, 0},
        {"the kernel's SS", USER_CS, 0x10},
#endif
    };
    struct probe probe;
    struct message fault;
    unsigned i;

    probe_init(&probe);
    probe.context.DATA_REGISTER = USER_CS;
    probe.context.COUNT_REGISTER = USER_SS;
    fault = probe_run(&probe, snippet_iret);
    if (fault.label == seL4_Fault_VMFault) {
        skip("IRET", "some emulators cannot do it in user mode when the kernel uses SMAP");
        return;
    }
    check("to the user's own selectors it returns", finished_at(&fault, snippet_iret_end));
    for (i = 0; i < ARRAY_SIZE(bad); i++) {
        probe_fill(&probe);
        probe.context.DATA_REGISTER = bad[i].cs;
        probe.context.COUNT_REGISTER = bad[i].ss;
        fault = probe_run(&probe, snippet_iret);
        check(bad[i].name,
              is_exception(&fault, snippet_iret_at) && fault.mr[seL4_UserException_Number] == 13);
    }
    probe_fill(&probe);
    fault = probe_run(&probe, snippet_iret_nested);
    /* ia32 looks for a task to return to, and finds none. */
    check("with NT it does not", is_exception(&fault, snippet_iret_nested_at) &&
                                     (fault.mr[seL4_UserException_Number] == 13 ||
                                      fault.mr[seL4_UserException_Number] == 10));
    check("the thread is well", is_well(&probe));
}

/* Loading a selector changes the base that the kernel believes the thread to have. */
TEST(hostile_segment_bases)
{
    static volatile seL4_Word word = 0x5e6;
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
    fault = probe_run(&probe, snippet_fs_clear);
    check("null selectors, then a system call", finished_at(&fault, snippet_fs_clear_end));
    check_eq("FS base is the thread's", probe.context.fs_base, 0x123000);
    check_eq("GS base is the thread's", probe.context.gs_base, 0x456000);
    probe.context.fs_base = probe.context.gs_base = (seL4_Word)&word;
    fault = probe_run(&probe, snippet_tls_load);
    check("FS base counts when the thread comes again",
          finished_at(&fault, snippet_tls_load_end) && probe.context.DATA_REGISTER == 0x5e6);
    fault = probe_run(&probe, snippet_gs_load);
    check("GS base too",
          finished_at(&fault, snippet_gs_load_end) && probe.context.DATA_REGISTER == 0x5e6);
}
