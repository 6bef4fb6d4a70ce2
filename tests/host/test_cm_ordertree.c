// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/cm/ordertree.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/cm -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "ordertree.h"

#define NODES 3000

typedef struct _ITEM {
    CM_ORDER_NODE Node;
    ULONG Key;
    BOOLEAN In;
} ITEM;

static ITEM Items[NODES];
static CM_ORDER_TREE Tree;
static ULONG Seed = 12345;

static ULONG Random(ULONG Limit)
{
    Seed = Seed * 1103515245 + 12345;
    return (Seed >> 8) % Limit;
}

static LONG Compare(const void *Key, PCM_ORDER_NODE Node)
{
    ULONG One = *(const ULONG *)Key, Other = CONTAINING_RECORD(Node, ITEM, Node)->Key;

    return One == Other ? 0 : One < Other ? -1 : 1;
}

/* Counts, order and balance of a subtree; returns its depth. */
static ULONG Check(PCM_ORDER_NODE Node, LONG Low, LONG High, PBOOLEAN Sound)
{
    ULONG Left, Right;
    LONG Key;

    if (!Node)
        return 0;
    Key = (LONG)CONTAINING_RECORD(Node, ITEM, Node)->Key;
    Left = Node->Child[0] ? Node->Child[0]->Count : 0;
    Right = Node->Child[1] ? Node->Child[1]->Count : 0;
    if (Node->Count != Left + Right + 1 || Key <= Low || Key >= High ||
        Left + 1 > 3 * (Right + 1) || Right + 1 > 3 * (Left + 1))
        *Sound = FALSE;
    Left = Check(Node->Child[0], Low, Key, Sound);
    Right = Check(Node->Child[1], Key, High, Sound);
    return 1 + (Left > Right ? Left : Right);
}

static BOOLEAN IsSound(void)
{
    BOOLEAN Sound = TRUE;

    Check(Tree.Root, -1, 0x7fffffff, &Sound);
    return Sound;
}

/* By number, all come in the order of their keys. */
static BOOLEAN NumbersFit(void)
{
    ULONG Number = 0, i;

    for (i = 0; i < NODES; i++)
        if (Items[i].In && CmpOrderAt(&Tree, Number++) != &Items[i].Node)
            return FALSE;
    return Number == CmpOrderCount(&Tree) && !CmpOrderAt(&Tree, Number);
}

static void Toggle(ULONG i)
{
    if (Items[i].In)
        CmpOrderRemove(&Tree, Compare, &Items[i].Key);
    else
        CmpOrderInsert(&Tree, Compare, &Items[i].Key, &Items[i].Node);
    Items[i].In = !Items[i].In;
}

static BOOLEAN FindsAll(void)
{
    for (ULONG i = 0; i < NODES; i++)
        if (CmpOrderFind(&Tree, Compare, &Items[i].Key) != (Items[i].In ? &Items[i].Node : NULL))
            return FALSE;
    return TRUE;
}

TEST(order_and_balance_are_kept)
{
    BOOLEAN Sound = TRUE;
    ULONG i;

    for (i = 0; i < NODES; i++)
        Items[i].Key = i * 3;
    /* an empty tree */
    CHECK(!CmpOrderCount(&Tree) && !CmpOrderAt(&Tree, 0) && FindsAll());
    for (i = 0; i < NODES; i++)
        Toggle(i);
    /* filled upwards */
    CHECK(IsSound() && NumbersFit() && FindsAll());
    for (i = 0; i < NODES; i++)
        Toggle(i);
    /* emptied upwards */
    CHECK(!Tree.Root);
    for (i = NODES; i-- > 0;)
        Toggle(i);
    /* filled downwards */
    CHECK(IsSound() && NumbersFit());
    for (i = NODES; i-- > 0;)
        Toggle(i);
    /* emptied downwards */
    CHECK(!Tree.Root);
    for (i = 0; i < 40000; i++) {
        Toggle(Random(NODES));
        if (i % 400 == 0)
            Sound &= IsSound() && NumbersFit();
    }
    /* nodes that come and go at random */
    CHECK(Sound);
    /* all of them are found */
    CHECK(FindsAll());
    for (i = 0; i < 20000; i++)
        Toggle(Random(8));
    /* a few that come and go */
    CHECK(IsSound() && NumbersFit());
}
