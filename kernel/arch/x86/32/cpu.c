/* SPDX-License-Identifier: BSD-2-Clause */

/* Setting up the processor: descriptor tables, control registers, the SYSENTER instruction. */

#include <arch/flags.h>
#include <arch/irq.h>
#include <arch/machine.h>
#include <arch/traps.h>
#include <arch/vspace.h>
#include <debug.h>
#include <memory.h>
#include <mode/cpu.h>

#define GATE_INTERRUPT 0x8e00
#define GATE_USER 0x6000
#define GATE_TASK 0x8500
#define VECTOR_BREAKPOINT 3
#define VECTOR_DOUBLE_FAULT 8
#define DOUBLE_FAULT_STACK_SIZE 1024
#define CPUID_7_SMEP BIT(7)
#define CPUID_7_SMAP BIT(20)

#define DESC_CODE0 0x00cf9b000000ffff
#define DESC_DATA0 0x00cf93000000ffff
#define DESC_CODE3 0x00cffb000000ffff
#define DESC_DATA3 0x00cff3000000ffff
#define DESC_TSS 0x0000890000000000

enum gdt_index {
    GDT_TSS = SEL_TSS >> 3,
    GDT_FS = SEL_FS >> 3,
    GDT_GS = SEL_GS >> 3,
    GDT_DOUBLE_FAULT = SEL_DOUBLE_FAULT >> 3,
};

struct gate {
    uint16_t offset_low;
    uint16_t selector;
    uint16_t flags;
    uint16_t offset_high;
};

struct table_pointer {
    uint16_t limit;
    uint32_t base;
} PACKED;

struct entry_area kernel_entry_area;
word_t loaded_fs_base;
word_t loaded_gs_base;
word_t pte_execute_never; /* two-level paging has no such bit */
static struct gate idt[256];
static uint64_t gdt[] = {
    0, DESC_CODE0, DESC_DATA0, DESC_CODE3, DESC_DATA3, DESC_TSS, DESC_DATA3, DESC_DATA3, DESC_TSS,
};

static BOOT_CODE void set_gate(word_t vector, uint16_t extra_flags)
{
    word_t address = (word_t)trap_stubs[vector];

    idt[vector] = (struct gate){
        .offset_low = (uint16_t)address,
        .selector = SEL_CS0,
        .flags = GATE_INTERRUPT | extra_flags,
        .offset_high = (uint16_t)(address >> 16),
    };
}

static BOOT_CODE void init_idt(void)
{
    struct table_pointer pointer = {sizeof(idt) - 1, (word_t)idt};

    for (word_t vector = 0; vector < 256; vector++)
        set_gate(vector, 0);
    for (word_t vector = VECTOR_FIRST_TRAP; vector <= VECTOR_SPURIOUS; vector++)
        set_gate(vector, GATE_USER);
    set_gate(VECTOR_BREAKPOINT, GATE_USER);
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

static uint64_t with_base(uint64_t descriptor, word_t base)
{
    return descriptor | (uint64_t)(base & MASK(24)) << 16 | (uint64_t)(base >> 24) << 56;
}

void write_thread_bases(word_t fs_base, word_t gs_base)
{
    loaded_fs_base = fs_base;
    loaded_gs_base = gs_base;
    gdt[GDT_FS] = with_base(DESC_DATA3, fs_base);
    gdt[GDT_GS] = with_base(DESC_DATA3, gs_base);
    __asm__ volatile("mov %0, %%fs\n\t"
                     "mov %1, %%gs"
                     :
                     : "r"(SEL_FS), "r"(SEL_GS)
                     : "memory");
}

static BOOT_CODE void init_gdt(void)
{
    struct table_pointer pointer = {sizeof(gdt) - 1, (word_t)gdt};
    struct tss *tss = &kernel_entry_area.tss;

    tss->ss0 = SEL_DS0;
    /* No IO bitmap: every port is closed to users. */
    tss->io_map_base = sizeof(*tss);
    gdt[GDT_TSS] = with_base(DESC_TSS | (sizeof(*tss) - 1), (word_t)tss);
    __asm__ volatile("lgdt %0\n\t"
                     "ljmp %1, $1f\n"
                     "1: mov %2, %%ss\n\t"
                     "mov %3, %%ds\n\t"
                     "mov %3, %%es\n\t"
                     "ltr %w4\n\t"
                     "lldt %w5"
                     :
                     : "m"(pointer), "i"(SEL_CS0), "r"(SEL_DS0), "r"(SEL_DS3), "r"(SEL_TSS), "r"(0)
                     : "memory");
    write_thread_bases(0, 0);
}

static NORETURN void double_fault(void)
{
    const struct tss *tss = &kernel_entry_area.tss;

    fatal("kernel exception 8, at %lx, stack %lx, address %lx\n", (word_t)tss->eip,
          (word_t)tss->esp, read_cr2());
}

/* A double fault means that the stack cannot be trusted: it is a task of its own. */
static BOOT_CODE void init_double_fault(void)
{
    static struct tss tss;
    static uint8_t stack[DOUBLE_FAULT_STACK_SIZE] ALIGNED(16);

    tss = (struct tss){
        .cr3 = KERNEL_PADDR(kernel_root),
        .eip = (word_t)double_fault,
        .eflags = FLAGS_RESERVED,
        .esp = (word_t)stack + sizeof(stack),
        .cs = SEL_CS0,
        .ss = SEL_DS0,
        .ds = SEL_DS3,
        .es = SEL_DS3,
        .io_map_base = sizeof(tss),
    };
    gdt[GDT_DOUBLE_FAULT] = with_base(DESC_TSS | (sizeof(tss) - 1), (word_t)&tss);
    idt[VECTOR_DOUBLE_FAULT] = (struct gate){.selector = SEL_DOUBLE_FAULT, .flags = GATE_TASK};
}

static BOOT_CODE void init_control_registers(void)
{
    word_t cr4 = CR4_PSE | CR4_PGE | CR4_OSFXSR;
    uint32_t features = cpuid(0).eax >= 7 ? cpuid(7).ebx : 0;

    /* The kernel neither runs nor reads user memory through the user's mappings. */
    if (features & CPUID_7_SMEP)
        cr4 |= CR4_SMEP;
    if (features & CPUID_7_SMAP)
        cr4 |= CR4_SMAP;
    write_cr0(CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE);
    write_cr4(cr4);
    init_pat();
    __asm__ volatile("fninit");
}

static BOOT_CODE void init_syscall(void)
{
    write_msr(MSR_SYSENTER_CS, SEL_CS0);
    write_msr(MSR_SYSENTER_ESP, (word_t)&kernel_entry_area.tss.esp0);
    write_msr(MSR_SYSENTER_EIP, (word_t)syscall_entry);
}

BOOT_CODE void cpu_init(void)
{
    init_gdt();
    init_idt();
    init_double_fault();
    init_control_registers();
    init_syscall();
}
