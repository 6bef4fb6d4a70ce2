/* SPDX-License-Identifier: BSD-2-Clause */

/* The longest stretches with interrupts off. What the checks of debug builds take is left out. */

#include <arch/machine.h>
#include <debug.h>
#include <latency.h>

#if DBG

static uint64_t start, pause_start;
static word_t path;
static word_t longest[NUM_PATHS];

void latency_begin(word_t new_path)
{
    path = new_path;
    start = read_tsc();
}

void latency_set_path(word_t new_path)
{
    path = min(new_path, NUM_PATHS - 1);
}

void latency_end(void)
{
    word_t ticks = (word_t)(read_tsc() - start);

    if (ticks > longest[path])
        longest[path] = ticks;
}

void latency_poll(void)
{
    latency_end();
    start = read_tsc();
}

void latency_pause(void)
{
    pause_start = read_tsc();
}

void latency_continue(void)
{
    start += read_tsc() - pause_start;
}

static const char *path_name(word_t i)
{
    if (i >= PATH_INVOCATION)
        return "invocation";
    if (i >= PATH_SYSCALL && i < PATH_INTERRUPT)
        return "system call";
    switch (i) {
    case PATH_EXCEPTION:
        return "exception";
    case PATH_INTERRUPT:
        return "interrupt";
    case PATH_PREEMPTED:
        return "after a preemption";
    case PATH_FAST_CALL:
        return "fast Call";
    default:
        return "fast ReplyRecv";
    }
}

static word_t path_number(word_t i)
{
    if (i >= PATH_INVOCATION)
        return i - PATH_INVOCATION;
    return i >= PATH_SYSCALL && i < PATH_INTERRUPT ? i - PATH_SYSCALL : 0;
}

void latency_print(void)
{
    for (word_t i = 0; i < NUM_PATHS; i++)
        if (longest[i])
            kprintf("# interrupts off for %lu ticks: %s %lu\n", longest[i], path_name(i),
                    path_number(i));
}

#endif
