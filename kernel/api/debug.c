/* SPDX-License-Identifier: BSD-2-Clause */

/* The debug system calls of debug builds. */

#include <debug.h>
#include <ipc.h>
#include <latency.h>
#include <lookup.h>
#include <memory.h>
#include <syscall.h>
#include <tcb.h>

#if DBG

#define MAX_NAME (MSG_MAX_LENGTH * sizeof(word_t))

static void debug_halt(void)
{
    kprintf("Debug halt syscall from user thread %p \"%s\"\nhalting...\n", (void *)current_thread,
            current_thread->name);
    halt_machine();
}

static void debug_cap_identify(void)
{
    struct cte *slot;
    word_t tag = 0;

    if (lookup_slot(current_thread, current_thread->registers[REG_CAP], &slot) == EXCEPTION_NONE)
        tag = cap_tag(slot->cap);
    current_thread->registers[REG_CAP] = tag;
}

static void debug_name_thread(void)
{
    const word_t *buffer = lookup_ipc_buffer(false, current_thread);
    const char *name = (const char *)(buffer + BUFFER_MSG);
    struct cte *slot;
    char *dest;
    word_t length = 0;

    if (lookup_slot(current_thread, current_thread->registers[REG_CAP], &slot) != EXCEPTION_NONE ||
        !is_cap(slot->cap, CAP_THREAD) || !buffer)
        fatal("kernel panic: DebugNameThread: not a TCB\n");
    while (length < MAX_NAME && name[length])
        length++;
    if (length == MAX_NAME)
        fatal("kernel panic: DebugNameThread: name without end\n");
    dest = cap_tcb(slot->cap)->name;
    length = min(length, TCB_NAME_LENGTH - 1);
    memcpy(dest, name, length);
    dest[length] = 0;
}

void handle_debug_syscall(sword_t number)
{
    switch (number) {
    case SYS_DEBUG_PUT_CHAR:
        console_put((char)current_thread->registers[REG_CAP]);
        break;
    case SYS_DEBUG_DUMP_SCHEDULER:
        kprintf("current thread: %p \"%s\" ip %lx\n", (void *)current_thread, current_thread->name,
                current_thread->registers[REG_NEXT_IP]);
        latency_print();
        break;
    case SYS_DEBUG_HALT:
        debug_halt();
        break;
    case SYS_DEBUG_CAP_IDENTIFY:
        debug_cap_identify();
        break;
    case SYS_DEBUG_SNAPSHOT:
        latency_pause();
        check_everything();
        latency_continue();
        break;
    case SYS_DEBUG_NAME_THREAD:
        debug_name_thread();
        break;
    default:
        break;
    }
}

#endif
