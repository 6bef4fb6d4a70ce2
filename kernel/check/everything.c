/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * When what is checked. Each time the kernel is left: the scheduler, the thread that is left to,
 * and now and then one of the lists of capabilities, so seldom that the cost per entry stays the
 * same whatever their length. On DebugSnapshot: everything at once.
 *
 * All capabilities descend from those that boot put into the root task's CNode, whose memory is
 * never used for anything else. So they are found from its first slots, as long as those still
 * hold what they held.
 */

#include <boot.h>
#include <check.h>
#include <debug.h>
#include <sched.h>

#if DBG

static word_t boot_caps; /* how many lists begin in the boot's slots */
static word_t next_list;
static word_t entries_left;
static word_t generation = 1;
static bool complete;

static bool begins_list(word_t i)
{
    const struct cte *slot = &root_task.cnode[i];

    return !is_null(slot->cap) && !mdb_prev(slot);
}

static word_t count_lists(void)
{
    word_t count = 0;

    for (word_t i = 0; i < root_task.next_slot; i++)
        count += begins_list(i);
    return count;
}

static void check_next_list(void)
{
    if (entries_left > 0) {
        entries_left--;
        return;
    }
    next_list = (next_list + 1) % root_task.next_slot;
    if (begins_list(next_list))
        entries_left = check_list(&root_task.cnode[next_list], false);
}

void check_invariants(void)
{
    if (!boot_caps)
        boot_caps = count_lists();
    check_ready_queues();
    if (current_thread != idle_thread)
        check_thread(current_thread);
    check_next_list();
}

void note_thread(struct tcb *thread)
{
    thread->check_generation = generation;
}

bool is_thread_known(const struct tcb *thread)
{
    return !complete || thread->check_generation == generation;
}

static void check_all_lists(bool references)
{
    for (word_t i = 0; i < root_task.next_slot; i++)
        if (begins_list(i))
            check_list(&root_task.cnode[i], references);
}

static void account_for_all(void)
{
    for (word_t i = 0; i < root_task.next_slot; i++)
        if (begins_list(i))
            for (const struct cte *slot = &root_task.cnode[i]; slot; slot = mdb_next(slot))
                arch_check_cap(slot);
    arch_check_accounts(complete);
}

void check_everything(void)
{
    generation++;
    complete = count_lists() == boot_caps;
    check_all_lists(false);
    check_all_lists(true);
    check_all_ready_queues();
    ASSERT(is_thread_known(current_thread));
    ASSERT(!fpu_owner || is_thread_known(fpu_owner));
    account_for_all();
}

#endif
