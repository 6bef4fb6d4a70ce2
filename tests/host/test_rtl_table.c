// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/avltable.c rtl/splaytable.c rtl/splay.c rtl/tree.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/nttable.h>

void *malloc(__SIZE_TYPE__ size);
void free(void *memory);

#define NUMBERS 1000

static LONG Blocks;
static BOOLEAN OutOfMemory;

static RTL_GENERIC_COMPARE_RESULTS Compare(ULONG First, ULONG Second)
{
    return First == Second ? GenericEqual : First < Second ? GenericLessThan : GenericGreaterThan;
}

static PVOID Allocate(ULONG Size)
{
    if (OutOfMemory)
        return NULL;
    Blocks++;
    return malloc(Size);
}

static void Free(PVOID Buffer)
{
    Blocks--;
    free(Buffer);
}

static RTL_GENERIC_COMPARE_RESULTS NTAPI CompareAvl(PRTL_AVL_TABLE Table, PVOID A, PVOID B)
{
    return Compare(*(PULONG)A, *(PULONG)B);
}

static PVOID NTAPI AllocateAvl(PRTL_AVL_TABLE Table, ULONG Size)
{
    CHECK_EQUAL(Size, sizeof(RTL_BALANCED_LINKS) + sizeof(ULONG));
    return Allocate(Size);
}

static void NTAPI FreeAvl(PRTL_AVL_TABLE Table, PVOID Buffer)
{
    Free(Buffer);
}

static RTL_GENERIC_COMPARE_RESULTS NTAPI CompareSplay(PRTL_GENERIC_TABLE Table, PVOID A, PVOID B)
{
    return Compare(*(PULONG)A, *(PULONG)B);
}

static PVOID NTAPI AllocateSplay(PRTL_GENERIC_TABLE Table, ULONG Size)
{
    return Allocate(Size);
}

static void NTAPI FreeSplay(PRTL_GENERIC_TABLE Table, PVOID Buffer)
{
    Free(Buffer);
}

/* Each number below NUMBERS once, in no order. */
static ULONG Shuffled(ULONG i)
{
    return i * 387 % NUMBERS;
}

TEST(balanced_tables_keep_their_elements_in_order)
{
    RTL_AVL_TABLE Table;
    PVOID Key = NULL;
    BOOLEAN New;

    RtlInitializeGenericTableAvl(&Table, CompareAvl, AllocateAvl, FreeAvl, NULL);
    CHECK(RtlIsGenericTableEmptyAvl(&Table) && !RtlEnumerateGenericTableAvl(&Table, TRUE));
    for (ULONG i = 0; i < NUMBERS; i++) {
        ULONG Number = Shuffled(i);

        CHECK(*(PULONG)RtlInsertElementGenericTableAvl(&Table, &Number, 4, &New) == Number && New);
        RtlInsertElementGenericTableAvl(&Table, &Number, 4, &New);
        CHECK(!New);
    }
    CHECK_EQUAL(RtlNumberGenericTableElementsAvl(&Table), NUMBERS);
    for (ULONG i = 0; i < NUMBERS; i++) {
        CHECK_EQUAL(*(PULONG)RtlEnumerateGenericTableAvl(&Table, i == 0), i);
        CHECK_EQUAL(*(PULONG)RtlEnumerateGenericTableWithoutSplayingAvl(&Table, &Key), i);
        CHECK_EQUAL(*(PULONG)RtlGetElementGenericTableAvl(&Table, Shuffled(i)), Shuffled(i));
        CHECK_EQUAL(*(PULONG)RtlLookupElementGenericTableAvl(&Table, &i), i);
    }
    CHECK(!RtlEnumerateGenericTableAvl(&Table, FALSE));
    CHECK(!RtlGetElementGenericTableAvl(&Table, NUMBERS));
    for (ULONG i = 0; i < NUMBERS; i++) {
        ULONG Number = Shuffled(i);

        CHECK(RtlDeleteElementGenericTableAvl(&Table, &Number));
        CHECK(!RtlDeleteElementGenericTableAvl(&Table, &Number));
    }
    CHECK(RtlIsGenericTableEmptyAvl(&Table) && Blocks == 0);
}

TEST(an_enumeration_survives_deleting_where_it_stands)
{
    RTL_AVL_TABLE Table;
    TABLE_SEARCH_RESULT Result;
    ULONG Number, Seen = 0;
    PULONG Element;
    PVOID Place;

    RtlInitializeGenericTableAvl(&Table, CompareAvl, AllocateAvl, FreeAvl, NULL);
    for (Number = 0; Number < 10; Number++) {
        RtlLookupElementGenericTableFullAvl(&Table, &Number, &Place, &Result);
        RtlInsertElementGenericTableFullAvl(&Table, &Number, 4, NULL, Place, Result);
    }
    for (Element = RtlEnumerateGenericTableAvl(&Table, TRUE); Element;
         Element = RtlEnumerateGenericTableAvl(&Table, FALSE)) {
        CHECK_EQUAL(*Element, Seen++);
        Number = *Element;
        RtlDeleteElementGenericTableAvl(&Table, &Number);
    }
    CHECK_EQUAL(Seen, 10);
    OutOfMemory = TRUE;
    CHECK(!RtlInsertElementGenericTableAvl(&Table, &Number, 4, NULL));
    CHECK(!RtlInsertElementGenericTableAvl(&Table, &Number, MAXULONG, NULL));
    OutOfMemory = FALSE;
    CHECK_EQUAL(Blocks, 0);
}

TEST(splayed_tables_keep_both_orders)
{
    RTL_GENERIC_TABLE Table;
    PVOID Key = NULL;
    BOOLEAN New;

    RtlInitializeGenericTable(&Table, CompareSplay, AllocateSplay, FreeSplay, NULL);
    CHECK(RtlIsGenericTableEmpty(&Table) && !RtlEnumerateGenericTable(&Table, TRUE));
    for (ULONG i = 0; i < NUMBERS; i++) {
        ULONG Number = Shuffled(i);

        CHECK(*(PULONG)RtlInsertElementGenericTable(&Table, &Number, 4, &New) == Number && New);
        RtlInsertElementGenericTable(&Table, &Number, 4, &New);
        CHECK(!New);
    }
    CHECK_EQUAL(RtlNumberGenericTableElements(&Table), NUMBERS);
    for (ULONG i = 0; i < NUMBERS; i++)
        CHECK_EQUAL(*(PULONG)RtlEnumerateGenericTable(&Table, i == 0), i);
    for (ULONG i = 0; i < NUMBERS; i++) {
        ULONG Number = Shuffled(i);

        CHECK_EQUAL(*(PULONG)RtlEnumerateGenericTableWithoutSplaying(&Table, &Key), i);
        CHECK_EQUAL(*(PULONG)RtlGetElementGenericTable(&Table, Number), Shuffled(Number));
        CHECK_EQUAL(*(PULONG)RtlLookupElementGenericTable(&Table, &Number), Number);
    }
    for (ULONG i = 0; i < NUMBERS; i++) {
        ULONG Number = Shuffled(i);

        CHECK(RtlDeleteElementGenericTable(&Table, &Number));
        CHECK(!RtlDeleteElementGenericTable(&Table, &Number));
        CHECK(!RtlLookupElementGenericTable(&Table, &Number));
    }
    CHECK(RtlIsGenericTableEmpty(&Table) && Blocks == 0);
}

TEST(neighbours_in_splay_trees_are_found_both_ways)
{
    RTL_SPLAY_LINKS Links[7] = {{0}}, *Root = &Links[0], *Node;
    ULONG Seen = 0;

    Links[0].Parent = &Links[0];
    for (ULONG i = 1; i < 7; i++) {
        Links[i].Parent = Root;
        Links[i].LeftChild = Links[i].RightChild = NULL;
        for (Node = Root; Node->RightChild; Node = Node->RightChild)
            continue;
        Node->RightChild = &Links[i];
        Links[i].Parent = Node;
        Root = RtlSplay(&Links[i]);
    }
    Root = RtlSplay(&Links[3]);
    CHECK(RtlSubtreePredecessor(Root) == &Links[2] && RtlSubtreeSuccessor(Root) == &Links[4]);
    for (Node = &Links[0]; Node; Node = RtlRealSuccessor(Node))
        CHECK(Node == &Links[Seen++]);
    CHECK_EQUAL(Seen, 7);
    for (Node = &Links[6]; Node; Node = RtlRealPredecessor(Node))
        CHECK(Node == &Links[--Seen]);
    for (ULONG i = 0; i < 7; i++)
        Root = RtlDelete(&Links[i * 3 % 7]);
    CHECK(!Root);
}
