/* SPDX-License-Identifier: BSD-2-Clause */

/* Giving a thread its CSpace, VSpace and IPC buffer. */

#include <invocation.h>
#include <object.h>
#include <sched.h>

/* A capability to put into one of the TCB's own slots, and the slot it was derived from. */
struct tcb_cap {
    cap_t cap;
    struct cte *source; /* NULL: only delete the old one */
};

struct thread_config {
    struct tcb *thread;
    cptr_t fault_endpoint;
    struct tcb_cap cspace;
    struct tcb_cap vspace;
    word_t buffer_address;
    struct tcb_cap buffer;
    bool set_space;
    bool set_buffer;
};

/* Derives what a slot's capability becomes in the TCB; data 0 keeps its guard. */
static exception_t derive_for_tcb(struct tcb_cap *out, word_t data, struct cte *source)
{
    cap_t cap = data ? update_cap_data(source->cap, data, false) : source->cap;

    out->source = source;
    return derive_cap(source, cap, &out->cap);
}

static exception_t check_buffer(struct thread_config *config, word_t address, struct cte *source)
{
    exception_t status;

    config->set_buffer = true;
    config->buffer_address = address;
    if (address == 0)
        return EXCEPTION_NONE;
    status = derive_for_tcb(&config->buffer, 0, source);
    if (status != EXCEPTION_NONE)
        return status;
    return arch_check_ipc_buffer(config->buffer.cap, address);
}

static exception_t check_cspace(struct thread_config *config, word_t data, struct cte *source)
{
    exception_t status = derive_for_tcb(&config->cspace, data, source);

    if (status == EXCEPTION_NONE && !is_cap(config->cspace.cap, CAP_CNODE))
        return syscall_error(seL4_IllegalOperation);
    return status;
}

static exception_t check_vspace(struct thread_config *config, word_t data, struct cte *source)
{
    exception_t status = derive_for_tcb(&config->vspace, data, source);

    if (status == EXCEPTION_NONE && !arch_is_vspace_root(config->vspace.cap))
        return syscall_error(seL4_IllegalOperation);
    return status;
}

static exception_t check_space(struct thread_config *config, const struct invocation *inv)
{
    const struct cte *slots = config->thread->slots;
    exception_t status;

    /* Replacing a space would delete it, and a long deletion could be restarted without end. */
    if (is_long_running_delete(&slots[TCB_CSPACE]) || is_long_running_delete(&slots[TCB_VSPACE]))
        return syscall_error(seL4_IllegalOperation);
    config->set_space = true;
    config->fault_endpoint = arg(inv, 0);
    status = check_cspace(config, arg(inv, 1), inv->extra[0]);
    if (status == EXCEPTION_NONE)
        status = check_vspace(config, arg(inv, 2), inv->extra[1]);
    return status;
}

/* Replaces one of the TCB's capabilities. Deleting the old one may have swept away the source; then
 * nothing is put in. */
static exception_t replace_cap(const struct thread_config *config, const struct tcb_cap *new_cap,
                               enum tcb_slot index)
{
    struct cte *slot = &config->thread->slots[index];
    exception_t status = cte_delete(slot);

    if (status != EXCEPTION_NONE || !new_cap->source)
        return status;
    if (same_object(new_cap->cap, new_cap->source->cap))
        cte_insert(new_cap->cap, new_cap->source, slot);
    return EXCEPTION_NONE;
}

static exception_t replace_buffer(const struct thread_config *config)
{
    exception_t status = cte_delete(&config->thread->slots[TCB_BUFFER]);

    if (status != EXCEPTION_NONE)
        return status;
    config->thread->ipc_buffer = config->buffer_address;
    return replace_cap(config, &config->buffer, TCB_BUFFER);
}

static exception_t invoke_thread_config(const struct thread_config *config)
{
    exception_t status = EXCEPTION_NONE;

    if (config->set_space) {
        config->thread->fault_endpoint = config->fault_endpoint;
        status = replace_cap(config, &config->cspace, TCB_CSPACE);
        if (status == EXCEPTION_NONE)
            status = replace_cap(config, &config->vspace, TCB_VSPACE);
    }
    if (config->set_buffer && status == EXCEPTION_NONE) {
        status = replace_buffer(config);
        if (config->thread == current_thread)
            reschedule_required();
    }
    return status;
}

exception_t decode_tcb_configure(const struct invocation *inv)
{
    struct thread_config config = {.thread = cap_tcb(inv->cap)};
    exception_t status;

    if (is_truncated(inv, 4, 3))
        return syscall_error(seL4_TruncatedMessage);
    status = check_buffer(&config, arg(inv, 3), inv->extra[2]);
    if (status == EXCEPTION_NONE)
        status = check_space(&config, inv);
    if (status != EXCEPTION_NONE)
        return status;
    return invoke_thread_config(&config);
}

exception_t decode_tcb_set_space(const struct invocation *inv)
{
    struct thread_config config = {.thread = cap_tcb(inv->cap)};
    exception_t status;

    if (is_truncated(inv, 3, 2))
        return syscall_error(seL4_TruncatedMessage);
    status = check_space(&config, inv);
    if (status != EXCEPTION_NONE)
        return status;
    return invoke_thread_config(&config);
}

exception_t decode_tcb_set_ipc_buffer(const struct invocation *inv)
{
    struct thread_config config = {.thread = cap_tcb(inv->cap)};
    exception_t status;

    if (is_truncated(inv, 1, 1))
        return syscall_error(seL4_TruncatedMessage);
    status = check_buffer(&config, arg(inv, 0), inv->extra[0]);
    if (status != EXCEPTION_NONE)
        return status;
    return invoke_thread_config(&config);
}
