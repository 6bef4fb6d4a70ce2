// SPDX-License-Identifier: BSD-2-Clause
/*
 * Hash tables by linear hashing: buckets are split one after the other, from 0 on, each into itself
 * and one that is new at the end. Those below Pivot have been split in this round, so one more bit
 * of the hash counts for them. Buckets lie in chunks, each twice as large as the one before, so
 * none ever moves. (WDK: ntddk.h, RtlInsertEntryHashTable)
 */
#include <nt/nt.h>
#include <nt/nthash.h>

#define LEAST_SIZE 128 /* buckets, of a table and of its first chunk */
#define CHUNKS 16
#define LARGEST_SIZE (LEAST_SIZE * ((1u << CHUNKS) - 1))

typedef struct _DIRECTORY {
    PLIST_ENTRY Chunks[CHUNKS];
} DIRECTORY, *PDIRECTORY;

/* ---- Buckets ---- */

/* With LEAST_SIZE added, the highest bit of a bucket's number tells its chunk. */
static ULONG ChunkOf(ULONG Bucket, PULONG Place)
{
    ULONG Log = 31 - (ULONG)__builtin_clz(Bucket + LEAST_SIZE);

    *Place = Bucket + LEAST_SIZE - (1u << Log);
    return Log - 7;
}

static PLIST_ENTRY BucketAt(PRTL_DYNAMIC_HASH_TABLE Table, ULONG Bucket)
{
    ULONG Place, Chunk = ChunkOf(Bucket, &Place);

    return &((PDIRECTORY)Table->Directory)->Chunks[Chunk][Place];
}

static PLIST_ENTRY BucketOf(PRTL_DYNAMIC_HASH_TABLE Table, ULONG_PTR Signature)
{
    ULONG Hash = (ULONG)(Signature >> Table->Shift), Bucket = Hash & Table->DivisorMask;

    if (Bucket < Table->Pivot)
        Bucket = Hash & (Table->DivisorMask * 2 + 1);
    return BucketAt(Table, Bucket);
}

/* Makes the bucket, and the chunk that it is the first of. */
static BOOLEAN MakeBucket(PRTL_DYNAMIC_HASH_TABLE Table, ULONG Bucket)
{
    PDIRECTORY Directory = Table->Directory;
    ULONG Place, Chunk = ChunkOf(Bucket, &Place);

    if (!Directory->Chunks[Chunk])
        Directory->Chunks[Chunk] = RtlAllocateHeap(
            RtlProcessHeap(), 0, ((SIZE_T)LEAST_SIZE << Chunk) * sizeof(LIST_ENTRY));
    if (!Directory->Chunks[Chunk])
        return FALSE;
    InitializeListHead(&Directory->Chunks[Chunk][Place]);
    return TRUE;
}

/* The bucket is empty and the last one. */
static void EndBucket(PRTL_DYNAMIC_HASH_TABLE Table, ULONG Bucket)
{
    PDIRECTORY Directory = Table->Directory;
    ULONG Place, Chunk = ChunkOf(Bucket, &Place);

    if (Place)
        return;
    RtlFreeHeap(RtlProcessHeap(), 0, Directory->Chunks[Chunk]);
    Directory->Chunks[Chunk] = NULL;
}

/* ---- Chains: by signature, with enumerators among the entries ---- */

static PRTL_DYNAMIC_HASH_TABLE_ENTRY EntryOf(PLIST_ENTRY Link)
{
    return CONTAINING_RECORD(Link, RTL_DYNAMIC_HASH_TABLE_ENTRY, Linkage);
}

/* The first entry behind Link; NULL: there is none. */
static PRTL_DYNAMIC_HASH_TABLE_ENTRY EntryBehind(PLIST_ENTRY Link, PLIST_ENTRY Head)
{
    for (Link = Link->Flink; Link != Head; Link = Link->Flink) {
        if (EntryOf(Link)->Signature != RTL_HASH_RESERVED_SIGNATURE)
            return EntryOf(Link);
    }
    return NULL;
}

static void InsertLink(PRTL_DYNAMIC_HASH_TABLE Table, PLIST_ENTRY Head, PLIST_ENTRY Before,
                       PLIST_ENTRY Link)
{
    if (IsListEmpty(Head))
        Table->NonEmptyBuckets++;
    InsertHeadList(Before, Link);
}

static void RemoveLink(PRTL_DYNAMIC_HASH_TABLE Table, PLIST_ENTRY Link)
{
    if (Link->Flink == Link->Blink)
        Table->NonEmptyBuckets--;
    RemoveEntryList(Link);
}

/* Where the entries of the signature begin, or would. */
static void Locate(PRTL_DYNAMIC_HASH_TABLE Table, ULONG_PTR Signature,
                   PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context)
{
    PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry;

    Context->Signature = Signature;
    Context->ChainHead = BucketOf(Table, Signature);
    Context->PrevLinkage = Context->ChainHead;
    while ((Entry = EntryBehind(Context->PrevLinkage, Context->ChainHead)) != NULL &&
           Entry->Signature < Signature)
        Context->PrevLinkage = &Entry->Linkage;
}

static ULONG_PTR Usable(ULONG_PTR Signature)
{
    return Signature == RTL_HASH_RESERVED_SIGNATURE ? RTL_HASH_RESERVED_SIGNATURE + 1 : Signature;
}

/* ---- Entries ---- */

BOOLEAN NTAPI RtlInsertEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                      PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry, ULONG_PTR Signature,
                                      PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context)
{
    RTL_DYNAMIC_HASH_TABLE_CONTEXT Own = {NULL};

    Entry->Signature = Usable(Signature);
    if (!Context)
        Context = &Own;
    if (!Context->ChainHead)
        Locate(HashTable, Entry->Signature, Context);
    InsertLink(HashTable, Context->ChainHead, Context->PrevLinkage, &Entry->Linkage);
    HashTable->NumEntries++;
    return TRUE;
}

BOOLEAN NTAPI RtlRemoveEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                      PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry,
                                      PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context)
{
    RemoveLink(HashTable, &Entry->Linkage);
    HashTable->NumEntries--;
    if (Context && !Context->ChainHead)
        Locate(HashTable, Entry->Signature, Context);
    return TRUE;
}

PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlLookupEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                                            ULONG_PTR Signature,
                                                            PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context)
{
    RTL_DYNAMIC_HASH_TABLE_CONTEXT Own;
    PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry;

    if (!Context)
        Context = &Own;
    Locate(HashTable, Usable(Signature), Context);
    Entry = EntryBehind(Context->PrevLinkage, Context->ChainHead);
    return Entry && Entry->Signature == Context->Signature ? Entry : NULL;
}

/* PrevLinkage is in front of the entry that was returned last. */
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI
RtlGetNextEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context)
{
    PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry = EntryBehind(Context->PrevLinkage, Context->ChainHead);

    UNREFERENCED_PARAMETER(HashTable);
    if (!Entry || Entry->Signature != Context->Signature)
        return NULL;
    Context->PrevLinkage = &Entry->Linkage;
    Entry = EntryBehind(Context->PrevLinkage, Context->ChainHead);
    return Entry && Entry->Signature == Context->Signature ? Entry : NULL;
}

/* ---- Size ---- */

/* Moves the entries of the bucket that now belong to another, which is empty. */
static void Split(PRTL_DYNAMIC_HASH_TABLE Table, PLIST_ENTRY From, PLIST_ENTRY To)
{
    PLIST_ENTRY Link, Next;

    for (Link = From->Flink; Link != From; Link = Next) {
        Next = Link->Flink;
        if (BucketOf(Table, EntryOf(Link)->Signature) == From)
            continue;
        RemoveLink(Table, Link);
        InsertLink(Table, To, To->Blink, Link);
    }
}

/* Both are in order, and so is what becomes of them. */
static void Merge(PRTL_DYNAMIC_HASH_TABLE Table, PLIST_ENTRY From, PLIST_ENTRY To)
{
    PLIST_ENTRY Before = To;

    while (!IsListEmpty(From)) {
        PLIST_ENTRY Link = From->Flink;

        while (Before->Flink != To && EntryOf(Before->Flink)->Signature < EntryOf(Link)->Signature)
            Before = Before->Flink;
        RemoveLink(Table, Link);
        InsertLink(Table, To, Before, Link);
        Before = Link;
    }
}

BOOLEAN NTAPI RtlExpandHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable)
{
    PLIST_ENTRY From;

    if (HashTable->NumEnumerators || HashTable->TableSize == LARGEST_SIZE ||
        !MakeBucket(HashTable, HashTable->TableSize))
        return FALSE;
    From = BucketAt(HashTable, HashTable->Pivot);
    HashTable->TableSize++;
    HashTable->Pivot++;
    Split(HashTable, From, BucketAt(HashTable, HashTable->TableSize - 1));
    if (HashTable->Pivot > HashTable->DivisorMask) {
        HashTable->DivisorMask = HashTable->DivisorMask * 2 + 1;
        HashTable->Pivot = 0;
    }
    return TRUE;
}

BOOLEAN NTAPI RtlContractHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable)
{
    if (HashTable->NumEnumerators || HashTable->TableSize == LEAST_SIZE)
        return FALSE;
    if (!HashTable->Pivot) {
        HashTable->DivisorMask /= 2;
        HashTable->Pivot = HashTable->DivisorMask + 1;
    }
    HashTable->Pivot--;
    HashTable->TableSize--;
    Merge(HashTable, BucketAt(HashTable, HashTable->TableSize),
          BucketAt(HashTable, HashTable->Pivot));
    EndBucket(HashTable, HashTable->TableSize);
    return TRUE;
}

/* ---- Tables ---- */

static BOOLEAN MakeBuckets(PRTL_DYNAMIC_HASH_TABLE Table, ULONG Size)
{
    Table->Directory = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(DIRECTORY));
    if (!Table->Directory)
        return FALSE;
    for (ULONG Bucket = 0; Bucket < Size; Bucket++) {
        if (!MakeBucket(Table, Bucket))
            return FALSE;
    }
    return TRUE;
}

void NTAPI RtlDeleteHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable)
{
    PDIRECTORY Directory = HashTable->Directory;

    for (ULONG i = 0; Directory && i < CHUNKS; i++) {
        if (Directory->Chunks[i])
            RtlFreeHeap(RtlProcessHeap(), 0, Directory->Chunks[i]);
    }
    RtlFreeHeap(RtlProcessHeap(), 0, Directory);
    HashTable->Directory = NULL;
    if (HashTable->Flags & RTL_HASH_ALLOCATED_HEADER)
        RtlFreeHeap(RtlProcessHeap(), 0, HashTable);
}

BOOLEAN NTAPI RtlCreateHashTableEx(PRTL_DYNAMIC_HASH_TABLE *HashTable, ULONG InitialSize,
                                   ULONG Shift, ULONG Flags)
{
    ULONG Size = InitialSize > LEAST_SIZE ? InitialSize : LEAST_SIZE, Own = 0;
    PRTL_DYNAMIC_HASH_TABLE Table = *HashTable;

    if (Flags || Shift >= 8 * sizeof(ULONG) || Size > LARGEST_SIZE || Size & (Size - 1))
        return FALSE;
    if (!Table) {
        Table = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Table));
        Own = RTL_HASH_ALLOCATED_HEADER;
    }
    if (!Table)
        return FALSE;
    *Table = (RTL_DYNAMIC_HASH_TABLE){
        .Flags = Own, .Shift = Shift, .TableSize = Size, .DivisorMask = Size - 1};
    if (!MakeBuckets(Table, Size)) {
        RtlDeleteHashTable(Table);
        return FALSE;
    }
    *HashTable = Table;
    return TRUE;
}

BOOLEAN NTAPI RtlCreateHashTable(PRTL_DYNAMIC_HASH_TABLE *HashTable, ULONG Shift, ULONG Flags)
{
    return RtlCreateHashTableEx(HashTable, LEAST_SIZE, Shift, Flags);
}

/* ---- Enumerating ---- */

BOOLEAN NTAPI RtlInitEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                          PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    Enumerator->HashEntry.Signature = RTL_HASH_RESERVED_SIGNATURE;
    Enumerator->BucketIndex = 0;
    Enumerator->ChainHead = BucketAt(HashTable, 0);
    InsertLink(HashTable, Enumerator->ChainHead, Enumerator->ChainHead,
               &Enumerator->HashEntry.Linkage);
    HashTable->NumEnumerators++;
    return TRUE;
}

PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlEnumerateEntryHashTable(
    PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    PLIST_ENTRY Behind = &Enumerator->HashEntry.Linkage, Head = Enumerator->ChainHead;
    PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry = EntryBehind(Behind, Head);
    ULONG Bucket = Enumerator->BucketIndex;

    while (!Entry && ++Bucket < HashTable->TableSize) {
        Head = BucketAt(HashTable, Bucket);
        Entry = EntryBehind(Head, Head);
    }
    if (!Entry)
        return NULL;
    RemoveLink(HashTable, Behind);
    Enumerator->BucketIndex = Bucket;
    Enumerator->ChainHead = Head;
    InsertLink(HashTable, Head, &Entry->Linkage, Behind);
    return Entry;
}

void NTAPI RtlEndEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                      PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    RemoveLink(HashTable, &Enumerator->HashEntry.Linkage);
    Enumerator->ChainHead = NULL;
    HashTable->NumEnumerators--;
}

BOOLEAN NTAPI RtlInitStrongEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                                PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    return RtlInitEnumerationHashTable(HashTable, Enumerator);
}

PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlStronglyEnumerateEntryHashTable(
    PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    return RtlEnumerateEntryHashTable(HashTable, Enumerator);
}

void NTAPI RtlEndStrongEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                            PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    RtlEndEnumerationHashTable(HashTable, Enumerator);
}

BOOLEAN NTAPI RtlInitWeakEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                              PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    Enumerator->BucketIndex = 0;
    Enumerator->ChainHead = BucketAt(HashTable, 0);
    Enumerator->CurEntry = Enumerator->ChainHead;
    HashTable->NumEnumerators++;
    return TRUE;
}

PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlWeaklyEnumerateEntryHashTable(
    PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry = EntryBehind(Enumerator->CurEntry, Enumerator->ChainHead);

    while (!Entry && Enumerator->BucketIndex + 1 < HashTable->TableSize) {
        Enumerator->ChainHead = BucketAt(HashTable, ++Enumerator->BucketIndex);
        Enumerator->CurEntry = Enumerator->ChainHead;
        Entry = EntryBehind(Enumerator->CurEntry, Enumerator->ChainHead);
    }
    if (Entry)
        Enumerator->CurEntry = &Entry->Linkage;
    return Entry;
}

void NTAPI RtlEndWeakEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                          PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator)
{
    Enumerator->ChainHead = NULL;
    HashTable->NumEnumerators--;
}
