// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/hashtable.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"
#include <nt/nthash.h>

#define NUMBERS 20000
#define AVERAGE 2 /* entries a bucket, as a user may want it */

typedef RTL_DYNAMIC_HASH_TABLE TABLE, *PTABLE;
typedef RTL_DYNAMIC_HASH_TABLE_ENTRY ENTRY, *PENTRY;
typedef RTL_DYNAMIC_HASH_TABLE_CONTEXT PLACE;

typedef struct _ITEM {
    ULONG Number;
    ENTRY Entry;
} ITEM, *PITEM;

static ITEM Items[NUMBERS];

static ULONG_PTR SignatureOf(ULONG Number)
{
    return Number * 0x9e3779b1u;
}

static PTABLE Create(void)
{
    PTABLE Table = NULL;

    OutOfMemory = FALSE;
    CHECK(RtlCreateHashTable(&Table, 0, 0));
    return Table;
}

static void Delete(PTABLE Table)
{
    RtlDeleteHashTable(Table);
    CHECK_EQUAL(HeapBlocks, 0);
}

static void InsertNumber(PTABLE Table, ULONG Number)
{
    Items[Number].Number = Number;
    CHECK(RtlInsertEntryHashTable(Table, &Items[Number].Entry, SignatureOf(Number), NULL));
}

/* With its user's way to grow. */
static void Fill(PTABLE Table, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++) {
        InsertNumber(Table, i);
        if (Table->NumEntries > Table->TableSize * AVERAGE)
            CHECK(RtlExpandHashTable(Table));
    }
}

static ULONG Chained(PTABLE Table, PULONG Longest, PULONG Busy)
{
    RTL_DYNAMIC_HASH_TABLE_ENUMERATOR Walk;
    ULONG All = 0, Length = 0, Bucket = MAXULONG;

    *Longest = *Busy = 0;
    RtlInitWeakEnumerationHashTable(Table, &Walk);
    while (RtlWeaklyEnumerateEntryHashTable(Table, &Walk)) {
        *Busy += Bucket != Walk.BucketIndex;
        Length = Bucket == Walk.BucketIndex ? Length + 1 : 1;
        Bucket = Walk.BucketIndex;
        *Longest = Length > *Longest ? Length : *Longest;
        All++;
    }
    RtlEndWeakEnumerationHashTable(Table, &Walk);
    return All;
}

static ULONG Missing(PTABLE Table, ULONG From, ULONG To)
{
    ULONG Count = 0;

    for (ULONG i = From; i < To; i++)
        Count += RtlLookupEntryHashTable(Table, SignatureOf(i), NULL) != &Items[i].Entry;
    return Count;
}

TEST(a_new_table_is_as_on_windows)
{
    TABLE Own;
    PTABLE Table = &Own;

    CHECK(RtlCreateHashTable(&Table, 3, 0) && Table == &Own);
    CHECK(Table->Flags == 0 && Table->Shift == 3 && Table->TableSize == 128);
    CHECK(Table->Pivot == 0 && Table->DivisorMask == 127 && Table->NumEntries == 0);
    CHECK(!RtlContractHashTable(Table));
    Delete(Table);
    Table = NULL;
    CHECK(RtlCreateHashTableEx(&Table, 512, 0, 0) && Table->TableSize == 512);
    CHECK(Table->Flags == RTL_HASH_ALLOCATED_HEADER);
    Delete(Table);
    Table = NULL;
    CHECK(!RtlCreateHashTable(&Table, 32, 0) && !RtlCreateHashTable(&Table, 0, 4));
    CHECK(!RtlCreateHashTableEx(&Table, 300, 0, 0) && !Table);
}

TEST(entries_are_found_while_it_grows_and_shrinks)
{
    PTABLE Table = Create();
    ULONG Longest, Busy;

    Fill(Table, NUMBERS);
    CHECK_EQUAL(Table->NumEntries, NUMBERS);
    CHECK_EQUAL(Table->TableSize, NUMBERS / AVERAGE);
    CHECK_EQUAL(Missing(Table, 0, NUMBERS), 0);
    CHECK_EQUAL(Chained(Table, &Longest, &Busy), NUMBERS);
    CHECK_EQUAL(Table->NonEmptyBuckets, Busy);
    CHECK(Longest <= 16);
    CHECK(!RtlLookupEntryHashTable(Table, SignatureOf(NUMBERS), NULL));
    for (ULONG i = 0; i < NUMBERS - 10; i++) {
        CHECK(RtlRemoveEntryHashTable(Table, &Items[i].Entry, NULL));
        while (Table->NumEntries < Table->TableSize && RtlContractHashTable(Table))
            continue;
        if (i % 1000 == 0)
            CHECK_EQUAL(Missing(Table, i + 1, NUMBERS), 0);
    }
    CHECK(Table->TableSize == 128 && Table->Pivot == 0 && Table->DivisorMask == 127);
    CHECK_EQUAL(Chained(Table, &Longest, &Busy), 10);
    CHECK_EQUAL(Table->NonEmptyBuckets, Busy);
    CHECK_EQUAL(HeapBlocks, 3);
    Delete(Table);
}

TEST(entries_of_one_signature_come_one_after_the_other)
{
    PTABLE Table = Create();
    PLACE Place = {0};
    PENTRY Entry;
    ULONG Seen = 0;

    for (ULONG i = 0; i < 6; i++)
        RtlInsertEntryHashTable(Table, &Items[i].Entry, i % 2 ? 128 * i : 256, NULL);
    for (Entry = RtlLookupEntryHashTable(Table, 256, &Place); Entry;
         Entry = RtlGetNextEntryHashTable(Table, &Place))
        Seen |= 1u << (CONTAINING_RECORD(Entry, ITEM, Entry) - Items);
    CHECK_EQUAL(Seen, 0x15);
    CHECK(!RtlGetNextEntryHashTable(Table, &Place));
    CHECK(!RtlLookupEntryHashTable(Table, 512, &Place));
    CHECK(RtlInsertEntryHashTable(Table, &Items[6].Entry, 512, &Place));
    CHECK(RtlLookupEntryHashTable(Table, 512, NULL) == &Items[6].Entry);
    CHECK(RtlInsertEntryHashTable(Table, &Items[7].Entry, 0, NULL));
    CHECK(Items[7].Entry.Signature == 1 &&
          RtlLookupEntryHashTable(Table, 0, NULL) == &Items[7].Entry);
    Delete(Table);
}

TEST(low_bits_below_the_shift_do_not_count)
{
    PTABLE Table = NULL;

    CHECK(RtlCreateHashTable(&Table, 4, 0));
    for (ULONG i = 0; i < 16; i++)
        RtlInsertEntryHashTable(Table, &Items[i].Entry, 0x70 + i, NULL);
    CHECK_EQUAL(Table->NonEmptyBuckets, 1);
    CHECK(RtlLookupEntryHashTable(Table, 0x73, NULL) == &Items[3].Entry);
    Delete(Table);
}

/* Every entry that was there all the time is seen once. */
TEST(entries_come_and_go_while_somebody_enumerates)
{
    RTL_DYNAMIC_HASH_TABLE_ENUMERATOR First, Second;
    PTABLE Table = Create();
    static UCHAR Seen[1200];
    PENTRY Entry;
    ULONG Next = 1000, Once = 0;

    Fill(Table, 1000);
    CHECK(RtlInitEnumerationHashTable(Table, &First) &&
          RtlInitStrongEnumerationHashTable(Table, &Second));
    CHECK(Table->NumEnumerators == 2 && !RtlExpandHashTable(Table) && !RtlContractHashTable(Table));
    while ((Entry = RtlEnumerateEntryHashTable(Table, &First)) != NULL) {
        ULONG Number = CONTAINING_RECORD(Entry, ITEM, Entry)->Number;

        Seen[Number]++;
        if (Number % 3 == 0)
            RtlRemoveEntryHashTable(Table, Entry, NULL);
        if (Number < 200)
            InsertNumber(Table, Next++);
    }
    for (ULONG i = 0; i < 1000; i++)
        Once += Seen[i] == 1;
    CHECK_EQUAL(Once, 1000);
    CHECK(!RtlEnumerateEntryHashTable(Table, &First));
    CHECK(RtlStronglyEnumerateEntryHashTable(Table, &Second) != NULL);
    CHECK(!RtlLookupEntryHashTable(Table, SignatureOf(0), NULL));
    RtlEndEnumerationHashTable(Table, &First);
    RtlEndStrongEnumerationHashTable(Table, &Second);
    CHECK(!Table->NumEnumerators && RtlExpandHashTable(Table));
    Delete(Table);
}

TEST(without_memory_it_stays_as_it_is)
{
    PTABLE Table = NULL, Full;

    OutOfMemory = TRUE;
    CHECK(!RtlCreateHashTable(&Table, 0, 0) && !Table);
    Full = Create();
    Fill(Full, 200);
    OutOfMemory = TRUE;
    CHECK(!RtlExpandHashTable(Full) && Full->TableSize == 128);
    CHECK_EQUAL(Missing(Full, 0, 200), 0);
    OutOfMemory = FALSE;
    CHECK(RtlExpandHashTable(Full) && RtlContractHashTable(Full));
    CHECK_EQUAL(Missing(Full, 0, 200), 0);
    Delete(Full);
}
