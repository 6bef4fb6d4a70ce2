/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Printing and assertions: in debug builds only, nothing otherwise; and last words. */

#include <types.h>

/* Says why on the text screen and the serial port, in release builds too, and stops the machine. */
NORETURN void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

#if DBG

void console_put(char c);
void kprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Checks what must always hold when the kernel is left: what is near each time, the rest in
 * turn. */
void check_invariants(void);
/* Checks all of it at once. */
void check_everything(void);

#define ASSERT(condition)                                                                          \
    do {                                                                                           \
        if (UNLIKELY(!(condition)))                                                                \
            fatal("kernel panic: %s (%s:%d)\n", #condition, __FILE_NAME__, __LINE__);              \
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
