/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Printing and assertions: in debug builds only, nothing otherwise. */

#include <types.h>

#if DBG

void console_put(char c);
void kprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
NORETURN void kernel_panic(const char *text, const char *file, int line);
/* Checks what must always hold when the kernel is left: what is near each time, the rest in turn. */
void check_invariants(void);
/* Checks all of it at once. */
void check_everything(void);

#define ASSERT(condition)                                                                          \
    do {                                                                                           \
        if (UNLIKELY(!(condition)))                                                                \
            kernel_panic(#condition, __FILE_NAME__, __LINE__);                                     \
    } while (0)

#else

static inline void check_invariants(void)
{
}

#define kprintf(...) ((void)0)
#define ASSERT(condition) ((void)0)

#endif

/* Stops the machine for good. */
NORETURN void halt_machine(void);
