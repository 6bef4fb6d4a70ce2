/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* What went wrong, and how it is told: to the caller, or to a thread's fault handler. */

#include <abi.h>
#include <types.h>

struct tcb;

struct lookup_fault {
    enum lookup_fault_type type;
    word_t bits_left;
    word_t bits_found;
    word_t guard_found;
};

struct syscall_error {
    enum seL4_error type;
    word_t argument; /* InvalidArgument: which; InvalidCapability: which */
    word_t range_min;
    word_t range_max;
    word_t memory_left;
    bool lookup_was_source;
};

/* `a`, `b`, `c`: cap fault: address, in receive phase, which also has a struct lookup_fault;
 * unknown syscall: number; user exception: vector, error code; VM fault: address, FSR, is
 * instruction. */
struct fault {
    enum fault_type type;
    word_t a;
    word_t b;
    word_t c;
};

extern struct fault current_fault;
extern struct lookup_fault current_lookup_fault;
extern struct syscall_error current_syscall_error;

/* Each records an error and returns the matching exception. */
exception_t syscall_error(enum seL4_error type);
exception_t invalid_argument(word_t number);
exception_t invalid_capability(word_t number);
exception_t range_error(word_t low, word_t high);
exception_t failed_lookup(bool was_source);
exception_t missing_capability(bool was_source, word_t bits_left);
exception_t invalid_root(bool was_source);
exception_t cap_fault(cptr_t address, bool in_receive_phase);

/* Writes an error reply into the thread's message registers; returns its message info. */
word_t set_syscall_error_mrs(struct tcb *thread, word_t *buffer);

/* Describes a failed lookup in message registers i and up; returns the length of the message. */
word_t set_lookup_fault_mrs(struct tcb *thread, word_t *buffer, word_t i,
                            const struct lookup_fault *fault);

/* Sends current_fault to the thread's fault handler; without one the thread becomes Inactive. */
void handle_fault(struct tcb *thread);
/* Writes the thread's fault as a message to the receiver; returns its message info. */
word_t set_fault_message(struct tcb *sender, struct tcb *receiver);
/* Applies the replier's message to the faulted thread; true if that thread is to run on. */
bool handle_fault_reply(struct tcb *faulted, struct tcb *replier);
