/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests must know of the address space, and of the order of message words
 * (neptune/abi.h). */
#pragma once

#define KERNEL_ADDRESS 0xffff800000000000
#define FREE_RANGE 0x200000000 /* nothing is there, for many megabytes */
#define MORE_THAN_ANY_MACHINE ((SIZE_T)1 << 46)

/* Where user space, the Executive's window and the kernel begin and end, and addresses that are not
 * canonical. */
#define WILD_ADDRESSES                                                                             \
    0x00007ffffffeffff, 0x00007fffffff0000, 0x00007fffffffffff, 0x0000800000000000,                \
        0xffff800000000000, 0xffffffff80000000, 0xfffffffffffff000, 0x0000600000000000,            \
        0x0000500000000000

/* The four message registers of a service of two arguments. */
#define SERVICE_WORDS(first, second)                                                               \
    {                                                                                              \
        first, 0, 0, second                                                                        \
    }
