/* SPDX-License-Identifier: BSD-2-Clause */

/* Faults as messages to a thread's fault handler, and the handler's replies. */

#include <arch/thread.h>
#include <debug.h>
#include <fault.h>
#include <ipc.h>
#include <lookup.h>
#include <sched.h>

/* Without a handler the thread stops; Resume re-executes the faulting instruction. */
static void stop_faulting_thread(struct tcb *thread)
{
    kprintf("fault %lu (%lx %lx %lx) of thread %p \"%s\" at ip %lx has no handler\n",
            (word_t)current_fault.type, current_fault.a, current_fault.b, current_fault.c,
            (void *)thread, thread->name, thread->registers[REG_FAULT_IP]);
    set_thread_state(thread, THREAD_INACTIVE);
}

void handle_fault(struct tcb *thread)
{
    struct cte *slot;
    cap_t cap;

    if (lookup_slot(thread, thread->fault_endpoint, &slot) != EXCEPTION_NONE) {
        stop_faulting_thread(thread);
        return;
    }
    cap = slot->cap;
    if (!is_cap(cap, CAP_ENDPOINT) || !(endpoint_rights(cap) & RIGHT_WRITE) ||
        !(endpoint_rights(cap) & (RIGHT_GRANT | RIGHT_GRANT_REPLY))) {
        stop_faulting_thread(thread);
        return;
    }
    thread->fault = current_fault;
    if (current_fault.type == FAULT_CAP)
        thread->lookup_fault = current_lookup_fault;
    send_ipc(thread, cap_endpoint(cap),
             (struct send_options){.blocking = true,
                                   .call = true,
                                   .rights = endpoint_rights(cap),
                                   .badge = endpoint_badge(cap)});
}

static word_t set_cap_fault_mrs(struct tcb *sender, struct tcb *receiver, word_t *buffer)
{
    set_mr(receiver, buffer, 0, sender->registers[REG_FAULT_IP]);
    set_mr(receiver, buffer, 1, sender->fault.a);
    set_mr(receiver, buffer, 2, sender->fault.b);
    return set_lookup_fault_mrs(receiver, buffer, 3, &sender->lookup_fault);
}

static word_t set_unknown_syscall_mrs(struct tcb *sender, struct tcb *receiver, word_t *buffer)
{
    for (word_t i = 0; i < ARRAY_SIZE(syscall_message); i++)
        set_mr(receiver, buffer, i, sender->registers[syscall_message[i]]);
    return set_mr(receiver, buffer, ARRAY_SIZE(syscall_message), sender->fault.a);
}

static word_t set_exception_mrs(struct tcb *sender, struct tcb *receiver, word_t *buffer)
{
    for (word_t i = 0; i < ARRAY_SIZE(exception_message); i++)
        set_mr(receiver, buffer, i, sender->registers[exception_message[i]]);
    set_mr(receiver, buffer, 3, sender->fault.a);
    return set_mr(receiver, buffer, 4, sender->fault.b);
}

static word_t set_vm_fault_mrs(struct tcb *sender, struct tcb *receiver, word_t *buffer)
{
    set_mr(receiver, buffer, 0, sender->registers[REG_FAULT_IP]);
    set_mr(receiver, buffer, 1, sender->fault.a);
    set_mr(receiver, buffer, 2, sender->fault.c);
    return set_mr(receiver, buffer, 3, sender->fault.b);
}

static word_t set_fault_mrs(struct tcb *sender, struct tcb *receiver, word_t *buffer)
{
    switch (sender->fault.type) {
    case FAULT_CAP:
        return set_cap_fault_mrs(sender, receiver, buffer);
    case FAULT_UNKNOWN_SYSCALL:
        return set_unknown_syscall_mrs(sender, receiver, buffer);
    case FAULT_USER_EXCEPTION:
        return set_exception_mrs(sender, receiver, buffer);
    case FAULT_VM:
        return set_vm_fault_mrs(sender, receiver, buffer);
    default:
        return 0;
    }
}

word_t set_fault_message(struct tcb *sender, struct tcb *receiver)
{
    word_t length = set_fault_mrs(sender, receiver, lookup_ipc_buffer(true, receiver));

    return msg_info(sender->fault.type, 0, 0, length);
}

/* Sets the faulted thread's registers from the reply's first words, in the order of `message`. */
static void copy_reply_registers(struct tcb *faulted, struct tcb *replier, const uint8_t *message,
                                 word_t count)
{
    word_t length = msg_length(replier->registers[REG_MSG_INFO]);
    const word_t *buffer = lookup_ipc_buffer(false, replier);

    for (word_t i = 0; i < min(count, length); i++) {
        if (i < MSG_REGISTERS)
            write_register(faulted, message[i], replier->registers[REG_MR0 + i]);
        else if (buffer)
            write_register(faulted, message[i], buffer[BUFFER_MSG + i]);
    }
}

bool handle_fault_reply(struct tcb *faulted, struct tcb *replier)
{
    bool resume = msg_label(replier->registers[REG_MSG_INFO]) == 0;

    switch (faulted->fault.type) {
    case FAULT_UNKNOWN_SYSCALL:
        copy_reply_registers(faulted, replier, syscall_message, ARRAY_SIZE(syscall_message));
        return resume;
    case FAULT_USER_EXCEPTION:
        copy_reply_registers(faulted, replier, exception_message, ARRAY_SIZE(exception_message));
        return resume;
    default:
        return true;
    }
}
