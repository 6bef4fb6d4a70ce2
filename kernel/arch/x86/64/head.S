/* SPDX-License-Identifier: BSD-2-Clause */

/* From the boot loader, in 32-bit mode without paging, to 64-bit C code in the upper half. */

#include <arch/multiboot.h>

#define KERNEL_IMAGE_BASE 0xffffffff80000000
#define PHYS(symbol) (symbol - KERNEL_IMAGE_BASE)

#define PAGE_SIZE 4096
#define PRESENT_WRITE 0x3
#define PRESENT_WRITE_LARGE_GLOBAL 0x183
#define BOOT_GIGABYTES 4

#define CR0_PE_PG 0x80000001
#define CR4_PAE 0x20
#define MSR_EFER 0xc0000080
#define EFER_LME 0x100

.section .boot.entry, "ax"
.code32

.balign 8
multiboot1_header:
    .long MULTIBOOT1_HEADER_MAGIC
    .long MULTIBOOT1_FLAGS
    .long -(MULTIBOOT1_HEADER_MAGIC + MULTIBOOT1_FLAGS)

.balign 8
multiboot2_header:
    .long MULTIBOOT2_HEADER_MAGIC
    .long 0
    .long multiboot2_end - multiboot2_header
    .long -(MULTIBOOT2_HEADER_MAGIC + (multiboot2_end - multiboot2_header))
    .short 0, 0
    .long 8
multiboot2_end:

.global _start
_start:
    cli
    cld
    movl $PHYS(boot_stack_top), %esp
    call check_features
    movl %eax, %edi
    movl %ebx, %esi

    /* Page directories for the first gigabytes: 2 MiB pages. */
    movl $PHYS(boot_directories), %ebx
    movl $PRESENT_WRITE_LARGE_GLOBAL, %eax
    movl $(BOOT_GIGABYTES * 512), %ecx
1:  movl %eax, (%ebx)
    movl $0, 4(%ebx)
    addl $0x200000, %eax
    addl $8, %ebx
    loop 1b

    /* The physical window begins with them, and so does the kernel image's gigabyte. */
    movl $PHYS(kernel_pdpt), %ebx
    movl $(PHYS(boot_directories) + PRESENT_WRITE), %eax
    movl %eax, 510 * 8(%ebx)
    movl $(PHYS(device_directory) + PRESENT_WRITE), 511 * 8(%ebx)
    movl $BOOT_GIGABYTES, %ecx
2:  movl %eax, (%ebx)
    addl $PAGE_SIZE, %eax
    addl $8, %ebx
    loop 2b
    movl $(PHYS(device_table) + PRESENT_WRITE), PHYS(device_directory) + 511 * 8

    /* During boot the window is also at the addresses of the memory itself. */
    movl $(PHYS(kernel_pdpt) + PRESENT_WRITE), PHYS(kernel_root)
    movl $(PHYS(kernel_pdpt) + PRESENT_WRITE), PHYS(kernel_root) + 511 * 8

    movl %cr4, %eax
    orl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $PHYS(kernel_root), %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_LME, %eax
    wrmsr
    movl %cr0, %eax
    orl $CR0_PE_PG, %eax
    movl %eax, %cr0
    lgdt PHYS(boot_gdt_pointer)
    ljmp $8, $PHYS(start64)

.section .boot.text, "ax"
.code64
start64:
    movq $upper_half, %rax
    jmp *%rax
upper_half:
    movq $boot_stack_top, %rsp
    movl %edi, %edi
    movl %esi, %esi
    call boot_main

.section .boot.data, "aw"
.balign 8
boot_gdt:
    .quad 0
    .quad 0x00af9b000000ffff
boot_gdt_pointer:
    .short 15
    .long PHYS(boot_gdt)

.balign 16
    .skip 8192
boot_stack_top:

.section .bss
.balign PAGE_SIZE
.global kernel_root, kernel_pdpt, device_table
kernel_root:
    .skip PAGE_SIZE
kernel_pdpt:
    .skip PAGE_SIZE
device_directory:
    .skip PAGE_SIZE
device_table:
    .skip PAGE_SIZE
boot_directories:
    .skip PAGE_SIZE * BOOT_GIGABYTES
