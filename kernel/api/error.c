/* SPDX-License-Identifier: BSD-2-Clause */

/* Recording errors, and telling them to the caller. */

#include <fault.h>
#include <ipc.h>

struct fault current_fault;
struct lookup_fault current_lookup_fault;
struct syscall_error current_syscall_error;

exception_t syscall_error(enum seL4_error type)
{
    current_syscall_error.type = type;
    return EXCEPTION_SYSCALL_ERROR;
}

exception_t invalid_argument(word_t number)
{
    current_syscall_error.argument = number;
    return syscall_error(seL4_InvalidArgument);
}

exception_t invalid_capability(word_t number)
{
    current_syscall_error.argument = number;
    return syscall_error(seL4_InvalidCapability);
}

exception_t range_error(word_t low, word_t high)
{
    current_syscall_error.range_min = low;
    current_syscall_error.range_max = high;
    return syscall_error(seL4_RangeError);
}

exception_t failed_lookup(bool was_source)
{
    current_syscall_error.lookup_was_source = was_source;
    return syscall_error(seL4_FailedLookup);
}

exception_t missing_capability(bool was_source, word_t bits_left)
{
    current_lookup_fault =
        (struct lookup_fault){.type = LOOKUP_MISSING_CAPABILITY, .bits_left = bits_left};
    return failed_lookup(was_source);
}

exception_t invalid_root(bool was_source)
{
    current_lookup_fault = (struct lookup_fault){.type = LOOKUP_INVALID_ROOT};
    return failed_lookup(was_source);
}

exception_t cap_fault(cptr_t address, bool in_receive_phase)
{
    current_fault = (struct fault){.type = FAULT_CAP, .a = address, .b = in_receive_phase};
    return EXCEPTION_FAULT;
}

word_t set_lookup_fault_mrs(struct tcb *thread, word_t *buffer, word_t i,
                            const struct lookup_fault *fault)
{
    word_t length = set_mr(thread, buffer, i, fault->type);

    switch (fault->type) {
    case LOOKUP_INVALID_ROOT:
        break;
    case LOOKUP_MISSING_CAPABILITY:
        length = set_mr(thread, buffer, i + 1, fault->bits_left);
        break;
    case LOOKUP_DEPTH_MISMATCH:
        set_mr(thread, buffer, i + 1, fault->bits_left);
        length = set_mr(thread, buffer, i + 2, fault->bits_found);
        break;
    case LOOKUP_GUARD_MISMATCH:
        set_mr(thread, buffer, i + 1, fault->bits_left);
        set_mr(thread, buffer, i + 2, fault->guard_found);
        length = set_mr(thread, buffer, i + 3, fault->bits_found);
        break;
    }
    return length;
}

word_t set_syscall_error_mrs(struct tcb *thread, word_t *buffer)
{
    const struct syscall_error *error = &current_syscall_error;
    word_t length = 0;

    switch (error->type) {
    case seL4_InvalidArgument:
    case seL4_InvalidCapability:
        length = set_mr(thread, buffer, 0, error->argument);
        break;
    case seL4_RangeError:
        set_mr(thread, buffer, 0, error->range_min);
        length = set_mr(thread, buffer, 1, error->range_max);
        break;
    case seL4_FailedLookup:
        set_mr(thread, buffer, 0, error->lookup_was_source);
        length = set_lookup_fault_mrs(thread, buffer, 1, &current_lookup_fault);
        break;
    case seL4_NotEnoughMemory:
        length = set_mr(thread, buffer, 0, error->memory_left);
        break;
    default:
        break;
    }
    return msg_info(error->type, 0, 0, length);
}
