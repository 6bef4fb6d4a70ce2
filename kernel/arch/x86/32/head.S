/* SPDX-License-Identifier: BSD-2-Clause */

/* From the boot loader, in 32-bit mode without paging, to C code in the upper half. */

#include <arch/multiboot.h>

#define KERNEL_IMAGE_BASE 0xe0000000
#define PHYS(symbol) (symbol - KERNEL_IMAGE_BASE)

#define PAGE_SIZE 4096
#define LARGE_PAGE_SIZE 0x400000
#define PRESENT_WRITE 0x3
#define PRESENT_WRITE_LARGE 0x83
#define PRESENT_WRITE_LARGE_GLOBAL 0x183
#define KERNEL_ENTRIES 128 /* the last one is for devices */
#define USER_ENTRIES (1024 - KERNEL_ENTRIES)

#define CR0_WP_PG 0x80010000
#define CR4_PSE 0x10

.section .boot.entry, "ax"

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
    movl %eax, %esi
    movl $PHYS(kernel_root), %edi

    /* During boot, memory is also at its own address, below the kernel. */
    movl $PRESENT_WRITE_LARGE, %eax
    movl $USER_ENTRIES, %ecx
1:  stosl
    addl $LARGE_PAGE_SIZE, %eax
    loop 1b

    movl $PRESENT_WRITE_LARGE_GLOBAL, %eax
    movl $(KERNEL_ENTRIES - 1), %ecx
2:  stosl
    addl $LARGE_PAGE_SIZE, %eax
    loop 2b
    movl $(PHYS(device_table) + PRESENT_WRITE), (%edi)

    movl %cr4, %eax
    orl $CR4_PSE, %eax
    movl %eax, %cr4
    movl $PHYS(kernel_root), %eax
    movl %eax, %cr3
    movl %cr0, %eax
    orl $CR0_WP_PG, %eax
    movl %eax, %cr0
    movl $upper_half, %eax
    jmp *%eax

.section .boot.text, "ax"
upper_half:
    movl $boot_stack_top, %esp
    movl %esi, %eax
    movl %ebx, %edx
    call boot_main

.section .boot.data, "aw"
.balign 16
    .skip 8192
boot_stack_top:

.section .bss
.balign PAGE_SIZE
.global kernel_root, device_table
kernel_root:
    .skip PAGE_SIZE
device_table:
    .skip PAGE_SIZE
