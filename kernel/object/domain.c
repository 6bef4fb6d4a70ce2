/* SPDX-License-Identifier: BSD-2-Clause */

/* The domain capability, in a system with one domain. */

#include <invocation.h>
#include <sched.h>

#define SCHEDULE_ENTRIES 1
#define SCHEDULE_END 1 /* the entry behind the last is the end marker */
#define MAX_DURATION_BITS 56

static exception_t decode_domain_set(const struct invocation *inv)
{
    struct tcb *thread;

    if (inv->length < 1)
        return syscall_error(seL4_TruncatedMessage);
    if (arg(inv, 0) >= CONFIG_NUM_DOMAINS)
        return invalid_argument(0);
    if (!inv->extra[0])
        return syscall_error(seL4_TruncatedMessage);
    if (!is_cap(inv->extra[0]->cap, CAP_THREAD))
        return invalid_argument(1);
    thread = cap_tcb(inv->extra[0]->cap);
    sched_dequeue(thread);
    if (thread == current_thread)
        reschedule_required();
    else if (is_runnable(thread))
        sched_enqueue(thread);
    return EXCEPTION_NONE;
}

static exception_t decode_schedule_configure(const struct invocation *inv)
{
    word_t words = 2 + sizeof(uint64_t) / sizeof(word_t);
    uint64_t duration;

    if (is_truncated(inv, words, 0))
        return syscall_error(seL4_TruncatedMessage);
    if (arg(inv, 0) >= SCHEDULE_ENTRIES)
        return range_error(0, SCHEDULE_ENTRIES - 1);
    if (arg(inv, 1) >= CONFIG_NUM_DOMAINS)
        return range_error(0, CONFIG_NUM_DOMAINS - 1);
    duration = arg(inv, 2);
    if (sizeof(word_t) < sizeof(uint64_t))
        duration |= (uint64_t)arg(inv, words - 1) << 32;
    if (duration >> MAX_DURATION_BITS)
        return invalid_argument(2);
    /* The only entry is where the schedule starts, so it must not become an end marker. */
    if (duration == 0)
        return invalid_argument(2);
    return EXCEPTION_NONE;
}

static exception_t decode_schedule_set_start(const struct invocation *inv)
{
    if (is_truncated(inv, 1, 0))
        return syscall_error(seL4_TruncatedMessage);
    if (arg(inv, 0) > SCHEDULE_END)
        return range_error(0, SCHEDULE_END);
    if (arg(inv, 0) == SCHEDULE_END)
        return invalid_argument(0);
    reschedule_required();
    return EXCEPTION_NONE;
}

exception_t decode_domain_invocation(const struct invocation *inv)
{
    switch (inv->label) {
    case LABEL_DOMAIN_SET:
        return decode_domain_set(inv);
    case LABEL_DOMAIN_SCHEDULE_CONFIGURE:
        return decode_schedule_configure(inv);
    case LABEL_DOMAIN_SCHEDULE_SET_START:
        return decode_schedule_set_start(inv);
    default:
        return syscall_error(seL4_IllegalOperation);
    }
}
