/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The scalar types and small macros that everything else is written in. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned long word_t;
typedef long sword_t;
typedef word_t cptr_t;
typedef word_t paddr_t;

#define WORD_BITS (__SIZEOF_LONG__ * 8)
#define BIT(n) ((word_t)1 << (n))
#define MASK(n) (BIT(n) - 1)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NORETURN __attribute__((noreturn))
#define ALIGNED(n) __attribute__((aligned(n)))
#define PACKED __attribute__((packed))

/* Code and data that only boot needs; their memory is handed to the root task afterwards. */
#define BOOT_CODE __attribute__((section(".boot.text"), noinline))
#define BOOT_DATA __attribute__((section(".boot.data")))

static inline word_t round_down(word_t value, word_t bits)
{
    return value & ~MASK(bits);
}

static inline word_t round_up(word_t value, word_t bits)
{
    return (value + MASK(bits)) & ~MASK(bits);
}

static inline bool is_aligned(word_t value, word_t bits)
{
    return (value & MASK(bits)) == 0;
}

static inline word_t min(word_t a, word_t b)
{
    return a < b ? a : b;
}

/* How an operation ended. The details of a failure are in current_fault, current_lookup_fault or
 * current_syscall_error. */
typedef enum exception {
    EXCEPTION_NONE,
    EXCEPTION_FAULT,         /* the thread faults; see current_fault */
    EXCEPTION_LOOKUP_FAULT,  /* see current_lookup_fault */
    EXCEPTION_SYSCALL_ERROR, /* see current_syscall_error */
    EXCEPTION_PREEMPTED,     /* an interrupt is pending: leave, and do the call again later */
} exception_t;
