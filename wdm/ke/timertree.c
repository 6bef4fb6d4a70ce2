/* SPDX-License-Identifier: BSD-2-Clause */
#include "timertree.h"

/* Timers that are due at the same time come in the order of their addresses. */
static int IsBefore(PKI_TIMER_NODE First, PKI_TIMER_NODE Second)
{
    return First->DueTime < Second->DueTime ||
           (First->DueTime == Second->DueTime && First < Second);
}

/* Whose is higher is nearer to the root. */
static uint32_t Priority(PKI_TIMER_NODE Node)
{
    return (uint32_t)((uintptr_t)Node >> 3) * 2654435761u;
}

/* What the new node has pushed down becomes its subtrees. */
static void Split(PKI_TIMER_NODE Rest, PKI_TIMER_NODE Node)
{
    PKI_TIMER_NODE *Sooner = &Node->Sooner, *Later = &Node->Later;

    while (Rest) {
        if (IsBefore(Rest, Node)) {
            *Sooner = Rest;
            Sooner = &Rest->Later;
            Rest = *Sooner;
        } else {
            *Later = Rest;
            Later = &Rest->Sooner;
            Rest = *Later;
        }
    }
    *Sooner = *Later = 0;
}

void KiInsertTimerNode(PKI_TIMER_NODE *Root, PKI_TIMER_NODE Node)
{
    PKI_TIMER_NODE *Link = Root;

    while (*Link && Priority(*Link) >= Priority(Node))
        Link = IsBefore(Node, *Link) ? &(*Link)->Sooner : &(*Link)->Later;
    Split(*Link, Node);
    *Link = Node;
}

/* Two subtrees, all of the first before all of the second, become one. */
static void Merge(PKI_TIMER_NODE *Link, PKI_TIMER_NODE Sooner, PKI_TIMER_NODE Later)
{
    while (Sooner && Later) {
        if (Priority(Sooner) >= Priority(Later)) {
            *Link = Sooner;
            Link = &Sooner->Later;
            Sooner = *Link;
        } else {
            *Link = Later;
            Link = &Later->Sooner;
            Later = *Link;
        }
    }
    *Link = Sooner ? Sooner : Later;
}

void KiRemoveTimerNode(PKI_TIMER_NODE *Root, PKI_TIMER_NODE Node)
{
    PKI_TIMER_NODE *Link = Root;

    while (*Link && *Link != Node)
        Link = IsBefore(Node, *Link) ? &(*Link)->Sooner : &(*Link)->Later;
    if (*Link)
        Merge(Link, Node->Sooner, Node->Later);
}

PKI_TIMER_NODE KiFirstTimerNode(PKI_TIMER_NODE Root)
{
    while (Root && Root->Sooner)
        Root = Root->Sooner;
    return Root;
}
