// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/tree.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>

#define KEYS 300

typedef struct _ITEM {
    RTL_BALANCED_NODE Node;
    int Key;
    BOOLEAN InTree;
} ITEM;

static ITEM Items[KEYS];
static RTL_AVL_TREE Tree;
static ULONG Random = 1;

static ULONG NextRandom(void)
{
    Random = Random * 1664525 + 1013904223;
    return Random >> 8;
}

static ITEM *ItemOf(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, ITEM, Node);
}

static void Insert(ITEM *Item)
{
    PRTL_BALANCED_NODE Parent = NULL, Next = Tree.Root;
    BOOLEAN Right = FALSE;

    while (Next) {
        Parent = Next;
        Right = Item->Key > ItemOf(Parent)->Key;
        Next = Parent->Children[Right];
    }
    RtlAvlInsertNodeEx(&Tree, Parent, Right, &Item->Node);
    Item->InTree = TRUE;
}

/* The depth of a subtree; -1 if anything in it is wrong. */
static int Depth(PRTL_BALANCED_NODE Node, PRTL_BALANCED_NODE Parent)
{
    int Left, Right, Balance;

    if (!Node)
        return 0;
    Left = Depth(Node->Left, Node);
    Right = Depth(Node->Right, Node);
    Balance = (int)(Node->ParentValue & 3);
    if (Left < 0 || Right < 0 || (Node->ParentValue & ~(ULONG_PTR)3) != (ULONG_PTR)Parent ||
        Right - Left != (Balance == 3 ? -1 : Balance) || Balance == 2)
        return -1;
    return 1 + (Left > Right ? Left : Right);
}

static BOOLEAN TreeHolds(void)
{
    PRTL_BALANCED_NODE Node = RtlAvlFirstNode(&Tree), Previous = NULL;

    if (Depth(Tree.Root, NULL) < 0)
        return FALSE;
    for (int i = 0; i < KEYS; i++) {
        if (!Items[i].InTree)
            continue;
        if (Node != &Items[i].Node || RtlAvlPreviousNode(Node) != Previous)
            return FALSE;
        Previous = Node;
        Node = RtlAvlNextNode(Node);
    }
    return !Node && RtlAvlLastNode(&Tree) == Previous;
}

static void Empty(void)
{
    Tree.Root = NULL;
    for (int i = 0; i < KEYS; i++)
        Items[i] = (ITEM){.Key = i};
}

TEST(ascending_insertion_stays_balanced)
{
    Empty();
    for (int i = 0; i < KEYS; i++) {
        Insert(&Items[i]);
        REQUIRE(TreeHolds());
    }
    CHECK(Depth(Tree.Root, NULL) <= 10);
}

TEST(removal_in_either_order_stays_balanced)
{
    for (int i = 0; i < KEYS; i++) {
        int Index = i % 2 ? i : KEYS - 2 - i;

        RtlAvlRemoveNode(&Tree, &Items[Index].Node);
        Items[Index].InTree = FALSE;
        REQUIRE(TreeHolds());
    }
    CHECK(Tree.Root == NULL);
}

TEST(ten_thousand_random_changes_keep_order_and_balance)
{
    Empty();
    for (int i = 0; i < 10000; i++) {
        ITEM *Item = &Items[NextRandom() % KEYS];

        if (Item->InTree) {
            RtlAvlRemoveNode(&Tree, &Item->Node);
            Item->InTree = FALSE;
        } else {
            Insert(Item);
        }
        REQUIRE(TreeHolds());
    }
}

TEST(an_empty_tree_has_no_first_node)
{
    Empty();
    CHECK(RtlAvlFirstNode(&Tree) == NULL && RtlAvlLastNode(&Tree) == NULL);
}
