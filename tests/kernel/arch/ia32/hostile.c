/* SPDX-License-Identifier: BSD-2-Clause */
/* Hostile code that only 32-bit mode has: SYSENTER from nowhere, tasks, virtual 8086 mode. */
#include <hostile.h>

extern const char snippet_iret_virtual[], snippet_far_jump[], snippet_far_jump_at[];
extern const char snippet_far_jump_end[], snippet_far_call[], snippet_far_call_at[];
extern const char snippet_load_mxcsr[], snippet_load_mxcsr_at[], snippet_load_mxcsr_end[];

#define FLAG_IOPL 0x3000
#define FLAG_VM 0x20000
#define KERNEL 0xe0100000

/* SYSENTER's own address is what the user says it is; the kernel goes back behind it. */
TEST(hostile_syscalls_from_nowhere)
{
    static const seL4_Word addresses[] = {0, 0xdffffffe, 0xe0000000, KERNEL, ~(seL4_Word)1};
    struct probe probe;
    struct message fault;
    unsigned i;

    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(addresses); i++) {
        probe_set_syscall(&probe, SEL4_SYS(Yield), 0, 0);
        probe.context.edx = addresses[i];
        fault = probe_run(&probe, snippet_syscall);
        check_eq("a page fault", fault.label, seL4_Fault_VMFault);
        check_eq("behind it", fault.mr[seL4_VMFault_IP], addresses[i] + 2);
    }
    check("the thread is well", is_well(&probe));
}

/* The kernel's code, data, tasks, the double fault's too, what is beyond the table, and local. */
static const seL4_Word bad_selectors[] = {0,    3,    8,    0xb,  0x10, 0x13, 0x23, 0x28,  0x2b,
                                          0x33, 0x3b, 0x40, 0x43, 0x4b, 0x1f, 0x0c, 0xfffb};

TEST(hostile_far_transfers)
{
    struct probe probe;
    struct message fault;
    unsigned i;

    probe_init(&probe);
    for (i = 0; i < ARRAY_SIZE(bad_selectors); i++) {
        probe_fill(&probe);
        probe.context.ebx = bad_selectors[i];
        fault = probe_run(&probe, snippet_far_jump);
        check("a far jump is refused", is_exception(&fault, snippet_far_jump_at));
        probe_fill(&probe);
        probe.context.ebx = bad_selectors[i];
        fault = probe_run(&probe, snippet_far_call);
        check("a far call, too", is_exception(&fault, snippet_far_call_at));
    }
    probe_fill(&probe);
    probe.context.ebx = 0x1b;
    fault = probe_run(&probe, snippet_far_jump);
    check("but to the user's own code", finished_at(&fault, snippet_far_jump_end));
    check("the thread is well", is_well(&probe));
}

/*
 * Only the kernel may IRET to virtual 8086 mode; in user mode the flag is ignored. Some emulators
 * let users in: what traps there push is longer. The code is in page 0, where both modes find it.
 */
TEST(hostile_virtual_8086_mode)
{
    static const unsigned char codes[] = {0xf4 /* hlt */, 0xcc /* int3 */, 0xfa /* cli */};
    volatile unsigned char *page = (volatile unsigned char *)0x10000000;
    seL4_CPtr frame = make(seL4_X86_4K, 0), low = copy_of(frame, 0xf);
    struct probe probe;
    struct message fault;
    unsigned i, j;

    if (skip_on_others("where an emulator lets users in, seL4 does not get out"))
        return;
    probe_init(&probe);
    probe.context.FLAGS = FLAG_VM | FLAG_IOPL | 0x202;
    fault = probe_run(&probe, snippet_in);
    check("the mode cannot be written", finished_at(&fault, snippet_in));
    map_tables(seL4_CapInitThreadVSpace, (seL4_Word)page);
    map_tables(seL4_CapInitThreadVSpace, 0);
    must(!seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, (seL4_Word)page, seL4_ReadWrite, 0));
    for (i = 0; i <= ARRAY_SIZE(codes); i++) {
        for (j = 0; j < PAGE_SIZE; j++)
            page[j] = codes[i % ARRAY_SIZE(codes)];
        if (i == 0)
            must(!seL4_X86_Page_Map(low, seL4_CapInitThreadVSpace, 0, seL4_ReadWrite, 0));
        if (i == ARRAY_SIZE(codes)) /* at last there is no page: a page fault */
            must(!seL4_X86_Page_Unmap(low));
        probe_fill(&probe);
        probe.context.eax = 0x100;
        fault = probe_run(&probe, snippet_iret_virtual);
        check("a fault like any other", arrived(&fault));
        check_eq("the mode is left, with its privilege",
                 probe.context.FLAGS & (FLAG_VM | FLAG_IOPL), 0);
        check("the thread's buffer is its own still",
              !seL4_TCB_SetIPCBuffer(probe.thread->tcb, (seL4_Word)probe.thread->buffer,
                                     image_frame(probe.thread->buffer)));
        check("the thread is well", is_well(&probe));
    }
}

TEST(hostile_base_in_kernel)
{
    struct probe probe;
    struct message fault;

    probe_init(&probe);
    probe.context.fs_base = KERNEL;
    fault = probe_run(&probe, snippet_gs_load);
    check_eq("it gives no access", fault.label, seL4_Fault_VMFault);
    check_eq("to that address", fault.mr[seL4_VMFault_Addr], KERNEL);
    check("the thread is well", is_well(&probe));
}

/* Processors refuse reserved bits in MXCSR; where an emulator takes them, the kernel has to save
 * and load them when the FPU changes hands. */
TEST(hostile_fpu_control)
{
    struct probe probe, other;
    struct message fault;

    probe_init(&probe);
    probe_init(&other);
    probe.context.ebx = ~(seL4_Word)0;
    fault = probe_run(&probe, snippet_load_mxcsr);
    check("reserved bits of MXCSR", is_exception(&fault, snippet_load_mxcsr_at) ||
                                        finished_at(&fault, snippet_load_mxcsr_end));
    fault = probe_run(&other, snippet_fpu_get);
    check("another thread", finished_at(&fault, snippet_fpu_get_end));
    check_eq("does not see them", other.context.edx, 0x1f80);
    fault = probe_run(&probe, snippet_fpu_set);
    check("the thread has the FPU again", finished_at(&fault, snippet_fpu_set_end));
}
