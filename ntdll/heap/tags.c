// SPDX-License-Identifier: BSD-2-Clause
/*
 * Tags: what is allocated with one, by the flags of the call, is counted for it. They exist only
 * where NtGlobalFlag says so. A tag stays where it is until the heap goes, so its name can be
 * handed out. (phnt: RtlCreateTagHeap)
 */
#include "heapp.h"

#define FIRST_ROOM 8

/* NULL: there is no such tag. */
static PHEAP_TAG TagAt(PHEAP Heap, ULONG Index)
{
    return Index && Index <= Heap->TagCount ? Heap->Tags[Index - 1] : NULL;
}

/* ---- Counting, with the heap's lock ---- */

SIZE_T HeappTaggedBytes(PHEAP_BLOCK Block)
{
    return Block->State == HeapLarge ? HeappLargeOf(Block)->RegionSize
                                     : (SIZE_T)Block->Units * HEAP_UNIT;
}

void HeappCountTagged(PHEAP Heap, PHEAP_BLOCK Block, ULONG Tag)
{
    PHEAP_TAG Found = TagAt(Heap, Tag);

    if (!Found)
        return;
    Block->Tag = Tag;
    Block->User |= HEAP_HAS_TAG;
    Found->Counters.NumberOfAllocations++;
    Found->Counters.BytesAllocated += HeappTaggedBytes(Block);
}

void HeappUncountTagged(PHEAP Heap, ULONG Tag, SIZE_T Bytes)
{
    PHEAP_TAG Found = TagAt(Heap, Tag);

    if (!Found)
        return;
    Found->Counters.NumberOfFrees++;
    Found->Counters.BytesAllocated -= Bytes;
}

void HeappResizeTagged(PHEAP Heap, PHEAP_BLOCK Block, SIZE_T OldBytes)
{
    PHEAP_TAG Found = TagAt(Heap, Block->Tag);

    if (Found)
        Found->Counters.BytesAllocated += HeappTaggedBytes(Block) - OldBytes;
}

/* ---- Making ---- */

static BOOLEAN GrowTags(PHEAP Heap)
{
    ULONG Room = Heap->TagRoom ? Heap->TagRoom * 2 : FIRST_ROOM;
    PHEAP_TAG *New;

    if (Heap->TagCount < Heap->TagRoom)
        return TRUE;
    New = RtlAllocateHeap(RtlProcessHeap(), 0, Room * sizeof(*New));
    if (!New)
        return FALSE;
    if (Heap->Tags)
        memcpy(New, Heap->Tags, Heap->TagCount * sizeof(*New));
    RtlFreeHeap(RtlProcessHeap(), 0, Heap->Tags);
    Heap->Tags = New;
    Heap->TagRoom = Room;
    return TRUE;
}

static ULONG Append(PWSTR Name, ULONG Length, PCWSTR Text)
{
    while (*Text && Length < ARRAYSIZE(((PHEAP_TAG)0)->Name) - 1)
        Name[Length++] = *Text++;
    return Length;
}

static BOOLEAN AddTag(PHEAP Heap, PCWSTR Prefix, PCWSTR Name)
{
    PHEAP_TAG Tag;

    if (Heap->TagCount == HEAP_MAXIMUM_TAG || !GrowTags(Heap))
        return FALSE;
    Tag = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*Tag));
    if (!Tag)
        return FALSE;
    Append(Tag->Name, Append(Tag->Name, 0, Prefix ? Prefix : u""), Name);
    Heap->Tags[Heap->TagCount++] = Tag;
    return TRUE;
}

/* With those that have no memory for all names, the last ones have no tags. */
ULONG NTAPI RtlCreateTagHeap(PVOID HeapHandle, ULONG Flags, PCWSTR Prefix, PCWSTR Names)
{
    PHEAP Heap = HeapHandle;
    ULONG First;

    if (!(NtCurrentPeb()->NtGlobalFlag & FLG_HEAP_ENABLE_TAGGING) || !HeappIsHeap(Heap) || !Names)
        return 0;
    HeappLock(Heap, Flags);
    First = Heap->TagCount;
    while (*Names && AddTag(Heap, Prefix, Names))
        Names += wcslen(Names) + 1;
    if (Heap->TagCount > First)
        First = (First + 1) << HEAP_TAG_SHIFT;
    else
        First = 0;
    HeappUnlock(Heap, Flags);
    return First;
}

PWSTR NTAPI RtlQueryTagHeap(PVOID HeapHandle, ULONG Flags, USHORT TagIndex, BOOLEAN Reset,
                            PRTL_HEAP_TAG_INFO Counters)
{
    PHEAP Heap = HeapHandle;
    PHEAP_TAG Tag;

    if (!HeappIsHeap(Heap))
        return NULL;
    HeappLock(Heap, Flags);
    Tag = TagAt(Heap, TagIndex);
    if (Tag && Counters)
        *Counters = Tag->Counters;
    if (Tag && Reset)
        Tag->Counters.NumberOfAllocations = Tag->Counters.NumberOfFrees = 0;
    HeappUnlock(Heap, Flags);
    return Tag ? Tag->Name : NULL;
}

void HeappFreeTags(PHEAP Heap)
{
    for (ULONG i = 0; i < Heap->TagCount; i++)
        RtlFreeHeap(RtlProcessHeap(), 0, Heap->Tags[i]);
    RtlFreeHeap(RtlProcessHeap(), 0, Heap->Tags);
}
