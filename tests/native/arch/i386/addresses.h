/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests must know of the address space, and of the order of message words
 * (neptune/abi.h). */
#pragma once

#define KERNEL_ADDRESS 0xe0000000
#define FREE_RANGE 0x20000000                      /* nothing is there, for many megabytes */
#define MORE_THAN_ANY_MACHINE ((SIZE_T)0x7ff00000) /* than the address space has room for */

/* Where user space, the Executive's part and the kernel begin and end. */
#define WILD_ADDRESSES                                                                             \
    0x7ffeffff, 0x7fff0000, 0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000000, 0xdfffffff,            \
        0xe0000000, 0xfffff000

/* The message words of a service of two arguments: two registers, and two that do not count. */
#define SERVICE_WORDS(first, second)                                                               \
    {                                                                                              \
        first, second, 0, 0                                                                        \
    }
