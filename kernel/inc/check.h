/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* What the parts of the invariant checks of debug builds ask of each other. */

#include <tcb.h>

#if DBG

/* check/tree.c: checks the list from a slot to its end; returns how many slots that are. With
 * `references` it checks only that what objects point to still exists. */
word_t check_list(const struct cte *first, bool references);
/* What one capability stands for is counted once, at the first of them. */
bool is_first_cap(const struct cte *slot);

/* check/thread.c */
void check_thread(const struct tcb *thread);
void check_endpoint(const struct endpoint *endpoint);
void check_notification(const struct notification *notification);
void check_thread_references(const struct tcb *thread);
void check_endpoint_references(const struct endpoint *endpoint);
void check_notification_references(const struct notification *notification);

/* check/everything.c: whether the whole check that is going on has come by a thread's capability.
 * True if it does not see all capabilities, since root slots have been emptied. */
void note_thread(struct tcb *thread);
bool is_thread_known(const struct tcb *thread);

/* sched/queue.c */
void check_ready_queues(void);
void check_all_ready_queues(void);
/* object/interrupt.c */
word_t irqs_issued(void);

/* Implemented by the architecture. */
/* Notes what the capability accounts for: the entries that map it, its share of what is issued. */
void arch_check_cap(const struct cte *slot);
/* After all capabilities: nothing may be mapped or issued that none accounts for; forgets the
 * notes. `complete`: all capabilities have been seen. */
void arch_check_accounts(bool complete);

#endif
