// SPDX-License-Identifier: BSD-2-Clause
/*
 * Trees balanced by weight: of two siblings, none is more than three times as heavy as the other,
 * where the weight is the number of nodes plus one (Hirai and Yamamoto, Balancing weight-balanced
 * trees, 2011, prove that single and double rotations keep that with the factors 3 and 2). The
 * weights are what finds a node by its number.
 */
#include "ordertree.h"

#define MAXIMUM_DEPTH 80 /* enough for 2^32 nodes */
#define DELTA 3
#define GAMMA 2

/* The places that point to the nodes on the way from the root. */
typedef struct _ORDER_PATH {
    PCM_ORDER_NODE *Links[MAXIMUM_DEPTH];
    ULONG Length;
} ORDER_PATH, *PORDER_PATH;

static ULONG CountOf(PCM_ORDER_NODE Node)
{
    return Node ? Node->Count : 0;
}

static ULONGLONG WeightOf(PCM_ORDER_NODE Node)
{
    return (ULONGLONG)CountOf(Node) + 1;
}

static void Recount(PCM_ORDER_NODE Node)
{
    Node->Count = CountOf(Node->Child[0]) + CountOf(Node->Child[1]) + 1;
}

/* The child on Side goes up into its parent's place. */
static void Rotate(PCM_ORDER_NODE *Link, ULONG Side)
{
    PCM_ORDER_NODE Top = *Link, Child = Top->Child[Side];

    Top->Child[Side] = Child->Child[!Side];
    Child->Child[!Side] = Top;
    *Link = Child;
    Recount(Top);
    Recount(Child);
}

static void Rebalance(PCM_ORDER_NODE *Link)
{
    PCM_ORDER_NODE Node = *Link, Heavy;
    ULONG Side = CountOf(Node->Child[1]) > CountOf(Node->Child[0]);

    Recount(Node);
    Heavy = Node->Child[Side];
    if (WeightOf(Heavy) <= DELTA * WeightOf(Node->Child[!Side]))
        return;
    if (WeightOf(Heavy->Child[!Side]) >= GAMMA * WeightOf(Heavy->Child[Side]))
        Rotate(&Node->Child[Side], !Side);
    Rotate(Link, Side);
}

static void RebalancePath(PORDER_PATH Path)
{
    while (Path->Length)
        Rebalance(Path->Links[--Path->Length]);
}

ULONG CmpOrderCount(const CM_ORDER_TREE *Tree)
{
    return CountOf(Tree->Root);
}

PCM_ORDER_NODE CmpOrderFind(const CM_ORDER_TREE *Tree, CM_ORDER_COMPARE Compare, const void *Key)
{
    PCM_ORDER_NODE Node = Tree->Root;

    while (Node) {
        LONG Order = Compare(Key, Node);

        if (!Order)
            break;
        Node = Node->Child[Order > 0];
    }
    return Node;
}

PCM_ORDER_NODE CmpOrderAt(const CM_ORDER_TREE *Tree, ULONG Index)
{
    PCM_ORDER_NODE Node = Tree->Root;

    while (Node) {
        ULONG Before = CountOf(Node->Child[0]);

        if (Index == Before)
            break;
        Node = Node->Child[Index > Before];
        if (Index > Before)
            Index -= Before + 1;
    }
    return Node;
}

void CmpOrderInsert(PCM_ORDER_TREE Tree, CM_ORDER_COMPARE Compare, const void *Key,
                    PCM_ORDER_NODE Node)
{
    PCM_ORDER_NODE *Link = &Tree->Root;
    ORDER_PATH Path = {.Length = 0};

    while (*Link) {
        Path.Links[Path.Length++] = Link;
        Link = &(*Link)->Child[Compare(Key, *Link) > 0];
    }
    Node->Child[0] = Node->Child[1] = NULL;
    Node->Count = 1;
    *Link = Node;
    RebalancePath(&Path);
}

/* The next node takes the place of the last one in Path, which has two children. */
static void ReplaceByNext(PORDER_PATH Path)
{
    ULONG Place = Path->Length - 1;
    PCM_ORDER_NODE Node = *Path->Links[Place], Next, *Link = &Node->Child[1];

    while ((*Link)->Child[0]) {
        Path->Links[Path->Length++] = Link;
        Link = &(*Link)->Child[0];
    }
    Next = *Link;
    *Link = Next->Child[1];
    Next->Child[0] = Node->Child[0];
    Next->Child[1] = Node->Child[1];
    *Path->Links[Place] = Next;
    if (Path->Length > Place + 1)
        Path->Links[Place + 1] = &Next->Child[1];
}

void CmpOrderRemove(PCM_ORDER_TREE Tree, CM_ORDER_COMPARE Compare, const void *Key)
{
    PCM_ORDER_NODE *Link = &Tree->Root;
    ORDER_PATH Path = {.Length = 0};
    LONG Order;

    while ((Order = Compare(Key, *Link)) != 0) {
        Path.Links[Path.Length++] = Link;
        Link = &(*Link)->Child[Order > 0];
    }
    if ((*Link)->Child[0] && (*Link)->Child[1]) {
        Path.Links[Path.Length++] = Link;
        ReplaceByNext(&Path);
    } else {
        *Link = (*Link)->Child[!(*Link)->Child[0]];
    }
    RebalancePath(&Path);
}
