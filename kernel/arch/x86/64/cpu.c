/* SPDX-License-Identifier: BSD-2-Clause */

/* Setting up the processor: descriptor tables, control registers, the SYSCALL instruction. */

#include <arch/flags.h>
#include <arch/irq.h>
#include <arch/machine.h>
#include <arch/vspace.h>
#include <boot.h>
#include <memory.h>
#include <mode/cpu.h>
#include <arch/traps.h>

#define GATE_INTERRUPT 0x8e00
#define GATE_USER 0x6000
#define VECTOR_NMI 2
#define VECTOR_BREAKPOINT 3
#define VECTOR_DOUBLE_FAULT 8
#define VECTOR_MACHINE_CHECK 18
#define IST_STACK_SIZE 1024
#define CPUID_EXT_SYSCALL BIT(11)
#define CPUID_EXT_NX BIT(20)
#define CPUID_7_SMEP BIT(7)
#define CPUID_7_SMAP BIT(20)

#define DESC_CODE0 0x00af9b000000ffff
#define DESC_DATA0 0x00cf93000000ffff
#define DESC_CODE3 0x00affb000000ffff
#define DESC_DATA3 0x00cff3000000ffff
#define DESC_TSS 0x0000890000000000

struct gate {
    uint16_t offset_low;
    uint16_t selector;
    uint16_t flags; /* IST in the low bits */
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved;
};

struct table_pointer {
    uint16_t limit;
    uint64_t base;
} PACKED;

struct tss kernel_tss;
word_t pte_execute_never;
static struct gate idt[256];
/* 7 and 8 are for users who load FS or GS; the bases come from MSRs. */
static uint64_t gdt[9] = {
    0, DESC_CODE0, DESC_DATA0, DESC_TSS, 0, DESC_CODE3, DESC_DATA3, DESC_DATA3, DESC_DATA3,
};

/* #DF, NMI and #MC may come when the stack cannot be trusted. */
enum ist {
    IST_DOUBLE_FAULT = 1,
    IST_NMI,
    IST_MACHINE_CHECK,
    NUM_IST,
};
static uint8_t ist_stacks[NUM_IST - 1][IST_STACK_SIZE] ALIGNED(16);

static BOOT_CODE void set_gate(word_t vector, uint16_t extra_flags)
{
    word_t address = (word_t)trap_stubs[vector];

    idt[vector] = (struct gate){
        .offset_low = (uint16_t)address,
        .selector = SEL_CS0,
        .flags = GATE_INTERRUPT | extra_flags,
        .offset_middle = (uint16_t)(address >> 16),
        .offset_high = (uint32_t)(address >> 32),
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
    set_gate(VECTOR_DOUBLE_FAULT, IST_DOUBLE_FAULT);
    set_gate(VECTOR_NMI, IST_NMI);
    set_gate(VECTOR_MACHINE_CHECK, IST_MACHINE_CHECK);
    __asm__ volatile("lidt %0" : : "m"(pointer));
}

static BOOT_CODE void init_gdt(void)
{
    struct table_pointer pointer = {sizeof(gdt) - 1, (word_t)gdt};
    word_t tss = (word_t)&kernel_tss;

    for (word_t i = 0; i < NUM_IST - 1; i++)
        kernel_tss.ist[i] = (word_t)ist_stacks[i] + IST_STACK_SIZE;
    /* No IO bitmap: every port is closed to users. */
    kernel_tss.io_map_base = sizeof(kernel_tss);
    gdt[3] |= (sizeof(kernel_tss) - 1) | (tss & MASK(24)) << 16 | (tss >> 24 & MASK(8)) << 56;
    gdt[4] = tss >> 32;
    __asm__ volatile(
        "lgdt %0\n\t"
        "pushq %1\n\t"
        "leaq 1f(%%rip), %%rax\n\t"
        "pushq %%rax\n\t"
        "lretq\n"
        "1: movw %w2, %%ss\n\t"
        "movw %w3, %%ds\n\t"
        "movw %w3, %%es\n\t"
        "movw %w3, %%fs\n\t"
        "movw %w3, %%gs\n\t"
        "lldt %w3\n\t" /* the one of reset lies at address 0, where users have memory */
        "ltr %w4"
        :
        : "m"(pointer), "i"(SEL_CS0), "r"(SEL_DS0), "r"(0), "r"(SEL_TSS)
        : "rax", "memory");
}

static BOOT_CODE void init_control_registers(void)
{
    word_t cr4 = CR4_PAE | CR4_PGE | CR4_OSFXSR;
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

/* If the processor can, nothing but the kernel image is executable in the kernel's part. */
static BOOT_CODE void init_execute_never(void)
{
    if (!(cpuid(0x80000001).edx & CPUID_EXT_NX))
        return;
    write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_NXE);
    pte_execute_never = BIT(63);
    for (word_t i = 0; i < PHYS_WINDOW_SIZE >> 30; i++)
        if (kernel_pdpt[i])
            kernel_pdpt[i] |= pte_execute_never;
    write_cr3(KERNEL_PADDR(kernel_root));
}

static BOOT_CODE void init_syscall(void)
{
    if (!(cpuid(0x80000001).edx & CPUID_EXT_SYSCALL))
        boot_fail("this processor lacks SYSCALL");
    write_msr(MSR_SYSENTER_CS, 0);
    write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_SCE);
    write_msr(MSR_STAR, (uint64_t)SEL_CS3 << 48 | (uint64_t)SEL_CS0 << 32);
    write_msr(MSR_LSTAR, (word_t)syscall_entry);
    write_msr(MSR_CSTAR, (word_t)syscall_entry_other);
    write_msr(MSR_FMASK,
              FLAGS_IF | FLAGS_TF | FLAGS_DF | FLAGS_IOPL | FLAGS_NT | FLAGS_VM | FLAGS_AC);
}

BOOT_CODE void cpu_init(void)
{
    init_gdt();
    init_idt();
    init_control_registers();
    init_execute_never();
    init_syscall();
}
