/* SPDX-License-Identifier: BSD-2-Clause */

/* Reading and writing another thread's registers. */

#include <arch/thread.h>
#include <invocation.h>
#include <sched.h>

#define READ_SUSPEND_SOURCE BIT(0)
#define WRITE_RESUME_TARGET BIT(0)
#define COPY_SUSPEND_SOURCE BIT(0)
#define COPY_RESUME_TARGET BIT(1)
#define COPY_FRAME BIT(2)
#define COPY_INTEGER BIT(3)

/* Another's registers count from now on; one's own are loaded again on the way out. */
static void registers_written(struct tcb *thread)
{
    if (thread != current_thread)
        arch_registers_written(thread);
    else
        reschedule_required();
}

exception_t decode_read_registers(const struct invocation *inv)
{
    struct tcb *thread = cap_tcb(inv->cap);
    word_t words[USER_CONTEXT_COUNT];
    word_t count;

    if (is_truncated(inv, 2, 0))
        return syscall_error(seL4_TruncatedMessage);
    count = arg(inv, 1);
    if (count < 1 || count > USER_CONTEXT_COUNT)
        return range_error(1, USER_CONTEXT_COUNT);
    if (thread == current_thread)
        return syscall_error(seL4_IllegalOperation);
    if (arg(inv, 0) & READ_SUSPEND_SOURCE)
        suspend(thread);
    for (word_t i = 0; i < count; i++)
        words[i] = thread->registers[user_context[i]];
    reply_words(inv, words, count);
    return EXCEPTION_NONE;
}

exception_t decode_write_registers(const struct invocation *inv)
{
    struct tcb *thread = cap_tcb(inv->cap);
    word_t count;

    if (is_truncated(inv, 2, 0))
        return syscall_error(seL4_TruncatedMessage);
    count = arg(inv, 1);
    if (inv->length - 2 < count)
        return syscall_error(seL4_TruncatedMessage);
    if (thread == current_thread)
        return syscall_error(seL4_IllegalOperation);
    for (word_t i = 0; i < min(count, USER_CONTEXT_COUNT); i++)
        write_register(thread, user_context[i], arg(inv, i + 2));
    thread->registers[REG_NEXT_IP] = thread->registers[REG_FAULT_IP];
    registers_written(thread);
    if (arg(inv, 0) & WRITE_RESUME_TARGET)
        restart(thread);
    return EXCEPTION_NONE;
}

static void copy_registers(struct tcb *dest, const struct tcb *source, word_t from, word_t to)
{
    for (word_t i = from; i < to; i++)
        dest->registers[user_context[i]] = source->registers[user_context[i]];
}

exception_t decode_copy_registers(const struct invocation *inv)
{
    struct tcb *dest = cap_tcb(inv->cap);
    struct tcb *source;
    word_t flags;

    if (is_truncated(inv, 1, 1))
        return syscall_error(seL4_TruncatedMessage);
    if (!is_cap(inv->extra[0]->cap, CAP_THREAD))
        return invalid_capability(1);
    source = cap_tcb(inv->extra[0]->cap);
    flags = arg(inv, 0);
    if (flags & COPY_SUSPEND_SOURCE)
        suspend(source);
    if (flags & COPY_RESUME_TARGET)
        restart(dest);
    if (flags & COPY_FRAME) {
        copy_registers(dest, source, 0, USER_CONTEXT_FRAME);
        write_register(dest, REG_NEXT_IP, dest->registers[REG_FAULT_IP]);
    }
    if (flags & COPY_INTEGER)
        copy_registers(dest, source, USER_CONTEXT_FRAME, USER_CONTEXT_COUNT);
    registers_written(dest);
    return EXCEPTION_NONE;
}
