/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timers by due time, in a tree that needs two links a timer, which is what a KTIMER has room for
 * (a treap: a search tree by due time that is a heap by a hash of the timers' addresses). Each
 * operation takes a number of steps that grows with the logarithm of how many timers there are.
 */
#pragma once
#include <stdint.h>

/* What a KTIMER has from its DueTime on. */
typedef struct _KI_TIMER_NODE {
    uint64_t DueTime;                      /* not to be changed while it is in the tree */
    struct _KI_TIMER_NODE *Sooner, *Later; /* subtrees */
} KI_TIMER_NODE, *PKI_TIMER_NODE;

void KiInsertTimerNode(PKI_TIMER_NODE *Root, PKI_TIMER_NODE Node);
void KiRemoveTimerNode(PKI_TIMER_NODE *Root, PKI_TIMER_NODE Node); /* it must be there */
PKI_TIMER_NODE KiFirstTimerNode(PKI_TIMER_NODE Root);              /* NULL: there is none */
