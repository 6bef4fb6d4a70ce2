// SPDX-License-Identifier: BSD-2-Clause
// sources: wdm/ke/timertree.c
// options: -Iwdm/ke
#include "test.h"
#include "timertree.h"
#include <stdlib.h>
#include <string.h>

#define TIMERS 1000

static KI_TIMER_NODE Timers[TIMERS];
static char Set[TIMERS];

static PKI_TIMER_NODE Earliest(void)
{
    PKI_TIMER_NODE First = NULL;

    for (int i = 0; i < TIMERS; i++)
        if (Set[i] && (!First || Timers[i].DueTime < First->DueTime))
            First = &Timers[i];
    return First;
}

static unsigned Depth(PKI_TIMER_NODE Root)
{
    unsigned Sooner = Root ? Depth(Root->Sooner) : 0, Later = Root ? Depth(Root->Later) : 0;

    return Root ? 1 + (Sooner > Later ? Sooner : Later) : 0;
}

TEST(the_first_is_the_earliest_whatever_is_set_and_cancelled)
{
    PKI_TIMER_NODE Root = NULL;

    memset(Set, 0, sizeof(Set));
    srand(1);
    for (int Round = 0; Round < 20000; Round++) {
        int i = rand() % TIMERS;

        if (Set[i]) {
            KiRemoveTimerNode(&Root, &Timers[i]);
        } else {
            Timers[i].DueTime = (uint64_t)(rand() % 300); /* many at the same time */
            KiInsertTimerNode(&Root, &Timers[i]);
        }
        Set[i] = !Set[i];
        REQUIRE(KiFirstTimerNode(Root) == Earliest());
    }
    for (int i = 0; i < TIMERS; i++)
        if (Set[i])
            KiRemoveTimerNode(&Root, &Timers[i]);
    CHECK(!Root && !KiFirstTimerNode(Root));
}

/* Set in the order of due time and of address: what would make a list of a plain tree. */
TEST(the_tree_stays_low)
{
    PKI_TIMER_NODE Root = NULL;

    for (int i = 0; i < TIMERS; i++) {
        Timers[i].DueTime = (uint64_t)i;
        KiInsertTimerNode(&Root, &Timers[i]);
    }
    CHECK(Depth(Root) < 40);
    for (int i = 0; i < TIMERS; i++) {
        REQUIRE(KiFirstTimerNode(Root) == &Timers[i]);
        KiRemoveTimerNode(&Root, &Timers[i]);
    }
    CHECK(!Root);
}
