/* SPDX-License-Identifier: BSD-2-Clause */

/* Invocations: by the type of the invoked capability. */

#include <debug.h>
#include <invocation.h>
#include <latency.h>

static exception_t decode_send(const struct invocation *inv)
{
    cap_t cap = inv->cap;

    if (!(endpoint_rights(cap) & RIGHT_WRITE))
        return invalid_capability(0);
    send_ipc(current_thread, cap_endpoint(cap),
             (struct send_options){.blocking = inv->blocking,
                                   .call = inv->call,
                                   .rights = endpoint_rights(cap),
                                   .badge = endpoint_badge(cap)});
    return EXCEPTION_NONE;
}

static exception_t decode_signal(const struct invocation *inv)
{
    if (!(endpoint_rights(inv->cap) & RIGHT_WRITE))
        return invalid_capability(0);
    send_signal(cap_notification(inv->cap), endpoint_badge(inv->cap));
    return EXCEPTION_NONE;
}

static exception_t decode_reply(const struct invocation *inv)
{
    if (reply_is_master(inv->cap))
        return invalid_capability(0);
    do_reply_transfer(current_thread, cap_tcb(inv->cap), inv->slot, reply_can_grant(inv->cap));
    return EXCEPTION_NONE;
}

static exception_t decode_object_invocation(const struct invocation *inv)
{
    latency_set_path(PATH_INVOCATION + inv->label);
    switch (cap_type(inv->cap)) {
    case CAP_UNTYPED:
        return decode_untyped_invocation(inv);
    case CAP_CNODE:
        return decode_cnode_invocation(inv);
    case CAP_THREAD:
        return decode_tcb_invocation(inv);
    case CAP_DOMAIN:
        return decode_domain_invocation(inv);
    case CAP_IRQ_CONTROL:
        return decode_irq_control_invocation(inv);
    case CAP_IRQ_HANDLER:
        return decode_irq_handler_invocation(inv);
    default:
        return arch_decode_invocation(inv);
    }
}

exception_t decode_invocation(const struct invocation *inv)
{
    switch (cap_type(inv->cap)) {
    case CAP_ENDPOINT:
        return decode_send(inv);
    case CAP_NOTIFICATION:
        return decode_signal(inv);
    case CAP_REPLY:
        return decode_reply(inv);
    case CAP_NULL:
    case CAP_ZOMBIE:
        return invalid_capability(0);
    default:
        return decode_object_invocation(inv);
    }
}
