/* SPDX-License-Identifier: BSD-2-Clause */
/* Balanced trees whose nodes can be found by what the caller compares and by their number. */
#pragma once
#include <nt/nt.h>

typedef struct _CM_ORDER_NODE {
    struct _CM_ORDER_NODE *Child[2];
    ULONG Count; /* nodes below and including this one */
} CM_ORDER_NODE, *PCM_ORDER_NODE;

typedef struct _CM_ORDER_TREE {
    PCM_ORDER_NODE Root;
} CM_ORDER_TREE, *PCM_ORDER_TREE;

/* Below 0: Key comes before Node. */
typedef LONG (*CM_ORDER_COMPARE)(const void *Key, PCM_ORDER_NODE Node);

ULONG CmpOrderCount(const CM_ORDER_TREE *Tree);
/* NULL: none. */
PCM_ORDER_NODE CmpOrderFind(const CM_ORDER_TREE *Tree, CM_ORDER_COMPARE Compare, const void *Key);
/* By number, from 0. NULL: there are not so many. */
PCM_ORDER_NODE CmpOrderAt(const CM_ORDER_TREE *Tree, ULONG Index);
/* Key is Node's, and there is no other that is equal. */
void CmpOrderInsert(PCM_ORDER_TREE Tree, CM_ORDER_COMPARE Compare, const void *Key,
                    PCM_ORDER_NODE Node);
/* Takes out the node with Key; there is one. */
void CmpOrderRemove(PCM_ORDER_TREE Tree, CM_ORDER_COMPARE Compare, const void *Key);
