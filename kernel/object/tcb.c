/* SPDX-License-Identifier: BSD-2-Clause */

/* TCB invocations except those about registers and spaces. */

#include <arch/thread.h>
#include <debug.h>
#include <invocation.h>
#include <sched.h>

_Static_assert(offsetof(struct tcb, registers) == TCB_CONTEXT, "known to assembly");

#if DBG
static void name_after_creator(struct tcb *thread)
{
    static const char prefix[] = "child of: '";
    word_t i = sizeof(prefix) - 1;
    const char *name = current_thread ? current_thread->name : "";

    __builtin_memcpy(thread->name, prefix, i);
    while (*name && i < TCB_NAME_LENGTH - 2)
        thread->name[i++] = *name++;
    thread->name[i] = '\'';
}
#endif

void tcb_init(struct tcb *thread)
{
    arch_tcb_init(thread);
    thread->time_slice = CONFIG_TIME_SLICE;
#if DBG
    name_after_creator(thread);
#endif
}

void tcb_finalise(struct tcb *thread)
{
    unbind_notification(thread);
    suspend(thread);
    fpu_release(thread);
}

/* The thread whose authority (maximum controlled priority) a priority change claims. */
static exception_t check_authority(const struct invocation *inv, const struct tcb **out)
{
    if (!is_cap(inv->extra[0]->cap, CAP_THREAD))
        return invalid_capability(1);
    *out = cap_tcb(inv->extra[0]->cap);
    return EXCEPTION_NONE;
}

static exception_t check_priority(word_t priority, const struct tcb *authority)
{
    return priority > authority->mcp ? range_error(0, authority->mcp) : EXCEPTION_NONE;
}

static exception_t decode_set_priority(const struct invocation *inv)
{
    struct tcb *thread = cap_tcb(inv->cap);
    const struct tcb *authority;
    exception_t status;

    if (is_truncated(inv, 1, 1))
        return syscall_error(seL4_TruncatedMessage);
    status = check_authority(inv, &authority);
    if (status == EXCEPTION_NONE)
        status = check_priority(arg(inv, 0), authority);
    if (status != EXCEPTION_NONE)
        return status;
    if (inv->label == LABEL_TCB_SET_PRIORITY)
        set_priority(thread, arg(inv, 0));
    else
        thread->mcp = arg(inv, 0);
    return EXCEPTION_NONE;
}

static exception_t decode_set_sched_params(const struct invocation *inv)
{
    struct tcb *thread = cap_tcb(inv->cap);
    const struct tcb *authority;
    exception_t status;

    if (is_truncated(inv, 2, 1))
        return syscall_error(seL4_TruncatedMessage);
    status = check_authority(inv, &authority);
    if (status == EXCEPTION_NONE)
        status = check_priority(arg(inv, 0), authority);
    if (status == EXCEPTION_NONE)
        status = check_priority(arg(inv, 1), authority);
    if (status != EXCEPTION_NONE)
        return status;
    thread->mcp = arg(inv, 0);
    set_priority(thread, arg(inv, 1));
    return EXCEPTION_NONE;
}

static exception_t decode_bind_notification(const struct invocation *inv)
{
    struct tcb *thread = cap_tcb(inv->cap);
    struct notification *notification;
    cap_t cap;

    if (is_truncated(inv, 0, 1))
        return syscall_error(seL4_TruncatedMessage);
    cap = inv->extra[0]->cap;
    if (thread->bound_notification || !is_cap(cap, CAP_NOTIFICATION) ||
        !(endpoint_rights(cap) & RIGHT_READ))
        return syscall_error(seL4_IllegalOperation);
    notification = cap_notification(cap);
    if (notification_state(notification) == NOTIFICATION_WAITING || notification->bound)
        return syscall_error(seL4_IllegalOperation);
    bind_notification(thread, notification);
    return EXCEPTION_NONE;
}

static exception_t decode_unbind_notification(struct tcb *thread)
{
    if (!thread->bound_notification)
        return syscall_error(seL4_IllegalOperation);
    unbind_notification(thread);
    return EXCEPTION_NONE;
}

static exception_t decode_set_tls_base(const struct invocation *inv)
{
    struct tcb *thread = cap_tcb(inv->cap);

    if (is_truncated(inv, 1, 0))
        return syscall_error(seL4_TruncatedMessage);
    write_register(thread, REG_TLS_BASE, arg(inv, 0));
    if (thread == current_thread)
        reschedule_required();
    return EXCEPTION_NONE;
}

static exception_t decode_set_flags(const struct invocation *inv)
{
    struct tcb *thread = cap_tcb(inv->cap);

    if (is_truncated(inv, 2, 0))
        return syscall_error(seL4_TruncatedMessage);
    thread->flags = (thread->flags & ~arg(inv, 0)) | (arg(inv, 1) & TCB_FLAG_FPU_DISABLED);
    if (thread->flags & TCB_FLAG_FPU_DISABLED)
        fpu_release(thread);
    if (thread == current_thread)
        reschedule_required();
    reply_word(inv, thread->flags);
    return EXCEPTION_NONE;
}

exception_t decode_tcb_invocation(const struct invocation *inv)
{
    struct tcb *thread = cap_tcb(inv->cap);

    switch (inv->label) {
    case LABEL_TCB_READ_REGISTERS:
        return decode_read_registers(inv);
    case LABEL_TCB_WRITE_REGISTERS:
        return decode_write_registers(inv);
    case LABEL_TCB_COPY_REGISTERS:
        return decode_copy_registers(inv);
    case LABEL_TCB_CONFIGURE:
        return decode_tcb_configure(inv);
    case LABEL_TCB_SET_SPACE:
        return decode_tcb_set_space(inv);
    case LABEL_TCB_SET_IPC_BUFFER:
        return decode_tcb_set_ipc_buffer(inv);
    case LABEL_TCB_SET_PRIORITY:
    case LABEL_TCB_SET_MC_PRIORITY:
        return decode_set_priority(inv);
    case LABEL_TCB_SET_SCHED_PARAMS:
        return decode_set_sched_params(inv);
    case LABEL_TCB_SUSPEND:
        suspend(thread);
        return EXCEPTION_NONE;
    case LABEL_TCB_RESUME:
        restart(thread);
        return EXCEPTION_NONE;
    case LABEL_TCB_BIND_NOTIFICATION:
        return decode_bind_notification(inv);
    case LABEL_TCB_UNBIND_NOTIFICATION:
        return decode_unbind_notification(thread);
    case LABEL_TCB_SET_TLS_BASE:
        return decode_set_tls_base(inv);
    case LABEL_TCB_SET_FLAGS:
        return decode_set_flags(inv);
    default:
        return syscall_error(seL4_IllegalOperation);
    }
}
