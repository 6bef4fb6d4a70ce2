/* SPDX-License-Identifier: BSD-2-Clause */

/* The system calls. */

#include <arch/thread.h>
#include <debug.h>
#include <invocation.h>
#include <sched.h>
#include <syscall.h>

void reply_words(const struct invocation *inv, const word_t *words, word_t n)
{
    word_t *buffer;
    word_t length = 0;

    if (!inv->call)
        return;
    buffer = n > MSG_REGISTERS ? lookup_ipc_buffer(true, current_thread) : NULL;
    for (word_t i = 0; i < n; i++)
        length = set_mr(current_thread, buffer, i, words[i]);
    current_thread->registers[REG_BADGE] = 0;
    current_thread->registers[REG_MSG_INFO] = msg_info(0, 0, 0, length);
    current_thread->state = THREAD_RUNNING;
}

static void reply_error(struct tcb *thread)
{
    word_t *buffer = lookup_ipc_buffer(true, thread);

    thread->registers[REG_BADGE] = 0;
    thread->registers[REG_MSG_INFO] = set_syscall_error_mrs(thread, buffer);
}

/* Finishes an invocation that neither blocked nor replied by itself. */
static void finish_invocation(const struct invocation *inv)
{
    struct tcb *thread = current_thread;

    if (thread->state != THREAD_RESTART)
        return;
    if (inv->call) {
        thread->registers[REG_BADGE] = 0;
        thread->registers[REG_MSG_INFO] = 0;
    }
    thread->state = THREAD_RUNNING;
}

/* Finds the capabilities that the current thread's message names; a failed lookup is a fault. */
static exception_t lookup_invocation(struct invocation *inv)
{
    struct tcb *thread = current_thread;
    word_t info = thread->registers[REG_MSG_INFO];
    cptr_t cptr = thread->registers[REG_CAP];

    if (!inv->slot && lookup_slot(thread, cptr, &inv->slot) != EXCEPTION_NONE)
        return cap_fault(cptr, false);
    inv->cap = inv->slot->cap;
    inv->label = msg_label(info);
    inv->length = msg_length(info);
    if (msg_fits_registers(info))
        return EXCEPTION_NONE;
    inv->buffer = lookup_ipc_buffer(false, thread);
    if (!inv->buffer)
        inv->length = min(inv->length, MSG_REGISTERS);
    return lookup_extra_caps(thread, inv->buffer, info, inv->extra);
}

/* `slot` of the invoked capability: NULL if it has not been looked up yet. */
static exception_t handle_invocation(struct cte *slot, bool call, bool blocking)
{
    struct invocation inv = {.slot = slot, .call = call, .blocking = blocking};
    struct tcb *thread = current_thread;
    exception_t status = lookup_invocation(&inv);

    if (UNLIKELY(status != EXCEPTION_NONE)) {
        if (blocking)
            handle_fault(thread);
        return EXCEPTION_NONE;
    }
    /* If the operation is preempted, or blocks and is restarted, the system call is made again. */
    thread->state = THREAD_RESTART;
    status = decode_invocation(&inv);
    if (status == EXCEPTION_SYSCALL_ERROR) {
        thread->state = THREAD_RUNNING;
        if (call)
            reply_error(thread);
        return EXCEPTION_NONE;
    }
    if (status == EXCEPTION_NONE)
        finish_invocation(&inv);
    return status;
}

static void handle_reply(void)
{
    struct cte *slot = &current_thread->slots[TCB_CALLER];
    cap_t cap = slot->cap;

    if (is_cap(cap, CAP_REPLY))
        do_reply_transfer(current_thread, cap_tcb(cap), slot, reply_can_grant(cap));
}

static void receive_fault(cptr_t cptr)
{
    cap_fault(cptr, true);
    handle_fault(current_thread);
}

static void receive_on_endpoint(struct tcb *thread, cap_t cap, bool blocking)
{
    if (!is_null(thread->slots[TCB_CALLER].cap))
        reply_cap_delete(&thread->slots[TCB_CALLER]);
    receive_ipc(thread, cap, blocking);
}

static bool may_wait(struct tcb *thread, cap_t cap)
{
    struct tcb *bound;

    if (!is_cap(cap, CAP_NOTIFICATION) || !(endpoint_rights(cap) & RIGHT_READ))
        return false;
    bound = cap_notification(cap)->bound;
    return !bound || bound == thread;
}

static void handle_recv(bool blocking)
{
    struct tcb *thread = current_thread;
    cptr_t cptr = thread->registers[REG_CAP];
    struct cte *slot;

    if (lookup_slot(thread, cptr, &slot) != EXCEPTION_NONE) {
        receive_fault(cptr);
    } else if (is_cap(slot->cap, CAP_ENDPOINT) && (endpoint_rights(slot->cap) & RIGHT_READ)) {
        receive_on_endpoint(thread, slot->cap, blocking);
    } else if (may_wait(thread, slot->cap)) {
        receive_signal(thread, slot->cap, blocking);
    } else {
        current_lookup_fault = (struct lookup_fault){.type = LOOKUP_MISSING_CAPABILITY};
        receive_fault(cptr);
    }
}

static void unknown_syscall(word_t number)
{
    current_fault = (struct fault){.type = FAULT_UNKNOWN_SYSCALL, .a = number};
    handle_fault(current_thread);
}

/* The calls that are not about capabilities. */
static void handle_other_syscall(sword_t number)
{
    switch (number) {
    case SYS_SET_TLS_BASE:
        arch_set_own_tls_base(current_thread->registers[REG_CAP]);
        break;
#if DBG
    case SYS_DEBUG_PUT_CHAR:
    case SYS_DEBUG_DUMP_SCHEDULER:
    case SYS_DEBUG_HALT:
    case SYS_DEBUG_CAP_IDENTIFY:
    case SYS_DEBUG_SNAPSHOT:
    case SYS_DEBUG_NAME_THREAD:
        handle_debug_syscall(number);
        break;
#endif
    default:
        unknown_syscall((word_t)number);
        break;
    }
}

/* Call is not among them: see handle_call. */
static exception_t dispatch(sword_t number)
{
    switch (number) {
    case SYS_REPLY_RECV:
        handle_reply();
        handle_recv(true);
        break;
    case SYS_SEND:
        return handle_invocation(NULL, false, true);
    case SYS_NB_SEND:
        return handle_invocation(NULL, false, false);
    case SYS_RECV:
        handle_recv(true);
        break;
    case SYS_REPLY:
        handle_reply();
        break;
    case SYS_YIELD:
        yield();
        break;
    case SYS_NB_RECV:
        handle_recv(false);
        break;
    default:
        handle_other_syscall(number);
        break;
    }
    return EXCEPTION_NONE;
}

static void prepare_next_thread(exception_t status)
{
    if (UNLIKELY(status == EXCEPTION_PREEMPTED))
        arch_handle_pending_irq();
    schedule();
    activate_thread();
}

void handle_call(struct cte *slot)
{
    prepare_next_thread(handle_invocation(slot, true, true));
}

void handle_syscall(sword_t number)
{
    prepare_next_thread(dispatch(number));
}

void handle_unknown_syscall(word_t number)
{
    unknown_syscall(number);
    prepare_next_thread(EXCEPTION_NONE);
}

void handle_user_fault(void)
{
    handle_fault(current_thread);
    prepare_next_thread(EXCEPTION_NONE);
}
