/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hash tables that grow and shrink by one bucket at a time, when their users say so. (WDK: ntddk.h)
 * Entries are parts of the users' own structures, and are found by a signature, which is a hash of
 * whatever the users like. Nothing is locked.
 */
#pragma once

#include <nt/ntdef.h>

#define RTL_HASH_ALLOCATED_HEADER 0x00000001 /* in Flags: RtlCreateHashTable has made the table */
#define RTL_HASH_RESERVED_SIGNATURE 0        /* no entry has it: it becomes 1 */

typedef struct _RTL_DYNAMIC_HASH_TABLE_ENTRY {
    LIST_ENTRY Linkage;
    ULONG_PTR Signature;
} RTL_DYNAMIC_HASH_TABLE_ENTRY, *PRTL_DYNAMIC_HASH_TABLE_ENTRY;

/* Where entries of a signature are, or would be; valid until the table changes. */
typedef struct _RTL_DYNAMIC_HASH_TABLE_CONTEXT {
    PLIST_ENTRY ChainHead;
    PLIST_ENTRY PrevLinkage;
    ULONG_PTR Signature;
} RTL_DYNAMIC_HASH_TABLE_CONTEXT, *PRTL_DYNAMIC_HASH_TABLE_CONTEXT;

typedef struct _RTL_DYNAMIC_HASH_TABLE_ENUMERATOR {
    union {
        RTL_DYNAMIC_HASH_TABLE_ENTRY HashEntry;
        PLIST_ENTRY CurEntry;
    };
    PLIST_ENTRY ChainHead;
    ULONG BucketIndex;
} RTL_DYNAMIC_HASH_TABLE_ENUMERATOR, *PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR;

typedef struct _RTL_DYNAMIC_HASH_TABLE {
    ULONG Flags;
    ULONG Shift; /* so many low bits of a signature are not looked at */
    ULONG TableSize;
    ULONG Pivot; /* the next bucket that is split */
    ULONG DivisorMask;
    ULONG NumEntries;
    ULONG NonEmptyBuckets;
    ULONG NumEnumerators;
    PVOID Directory;
} RTL_DYNAMIC_HASH_TABLE, *PRTL_DYNAMIC_HASH_TABLE;

/* *HashTable is a table of the caller's, or NULL: then one is allocated. FALSE: no memory, or no
 * such size. RtlCreateHashTableEx makes InitialSize buckets, a power of two. */
BOOLEAN NTAPI RtlCreateHashTable(PRTL_DYNAMIC_HASH_TABLE *HashTable, ULONG Shift, ULONG Flags);
BOOLEAN NTAPI RtlCreateHashTableEx(PRTL_DYNAMIC_HASH_TABLE *HashTable, ULONG InitialSize,
                                   ULONG Shift, ULONG Flags);
/* The entries are the users' own. */
void NTAPI RtlDeleteHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable);
/* Context may be NULL; one that RtlLookupEntryHashTable has filled for the same signature saves the
 * search. */
BOOLEAN NTAPI RtlInsertEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                      PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry, ULONG_PTR Signature,
                                      PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context);
BOOLEAN NTAPI RtlRemoveEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                      PRTL_DYNAMIC_HASH_TABLE_ENTRY Entry,
                                      PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context);
/* One with that signature; the others come from RtlGetNextEntryHashTable. */
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI
RtlLookupEntryHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable, ULONG_PTR Signature,
                        PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context);
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlGetNextEntryHashTable(
    PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_CONTEXT Context);
/* An enumerator has a place among the entries, which may come and go meanwhile. */
BOOLEAN NTAPI RtlInitEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                          PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlEnumerateEntryHashTable(
    PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
void NTAPI RtlEndEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                      PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
BOOLEAN NTAPI RtlInitStrongEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                                PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlStronglyEnumerateEntryHashTable(
    PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
void NTAPI RtlEndStrongEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                            PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
/* A weak one only points to an entry, which must stay until the next. */
BOOLEAN NTAPI RtlInitWeakEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                              PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
PRTL_DYNAMIC_HASH_TABLE_ENTRY NTAPI RtlWeaklyEnumerateEntryHashTable(
    PRTL_DYNAMIC_HASH_TABLE HashTable, PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
void NTAPI RtlEndWeakEnumerationHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable,
                                          PRTL_DYNAMIC_HASH_TABLE_ENUMERATOR Enumerator);
/* One bucket more, or less. FALSE: the size is the largest or least, there is no memory, or
 * somebody enumerates. */
BOOLEAN NTAPI RtlExpandHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable);
BOOLEAN NTAPI RtlContractHashTable(PRTL_DYNAMIC_HASH_TABLE HashTable);

/* The same as on Windows. */
_Static_assert(sizeof(RTL_DYNAMIC_HASH_TABLE) == 8 * sizeof(ULONG) + sizeof(PVOID), "hash table");
_Static_assert(sizeof(RTL_DYNAMIC_HASH_TABLE_ENUMERATOR) == sizeof(PVOID) * 5, "enumerator");
