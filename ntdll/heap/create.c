// SPDX-License-Identifier: BSD-2-Clause
/* Making heaps, and the list of all that the process has: PEB.ProcessHeaps. */
#include "heapp.h"
#include "sehp.h"

#define FIRST_PLACES 16
#define KEPT_FLAGS                                                                                 \
    (HEAP_NO_SERIALIZE | HEAP_GROWABLE | HEAP_GENERATE_EXCEPTIONS | HEAP_CREATE_ENABLE_EXECUTE)

static RTL_SRWLOCK ListLock;
static PVOID FirstPlaces[FIRST_PLACES];

/* ---- The list ---- */

/* Room for one more. The older array is nobody's any more, but who reads the PEB may be in it. */
static BOOLEAN GrowList(PPEB Peb)
{
    ULONG Maximum = Peb->MaximumNumberOfHeaps * 2;
    PVOID *New;

    if (!Peb->ProcessHeaps) {
        Peb->ProcessHeaps = FirstPlaces;
        Peb->MaximumNumberOfHeaps = FIRST_PLACES;
    }
    if (Peb->NumberOfHeaps < Peb->MaximumNumberOfHeaps)
        return TRUE;
    New = RtlAllocateHeap(Peb->ProcessHeap, 0, Maximum * sizeof(*New));
    if (!New)
        return FALSE;
    memcpy(New, Peb->ProcessHeaps, Peb->NumberOfHeaps * sizeof(*New));
    Peb->ProcessHeaps = New;
    Peb->MaximumNumberOfHeaps = Maximum;
    return TRUE;
}

static BOOLEAN AddToList(PHEAP Heap)
{
    PPEB Peb = NtCurrentPeb();
    BOOLEAN Room;

    RtlAcquireSRWLockExclusive(&ListLock);
    Room = GrowList(Peb);
    if (Room)
        Peb->ProcessHeaps[Peb->NumberOfHeaps++] = Heap;
    RtlReleaseSRWLockExclusive(&ListLock);
    return Room;
}

static void RemoveFromList(PHEAP Heap)
{
    PPEB Peb = NtCurrentPeb();
    ULONG Place = 0;

    RtlAcquireSRWLockExclusive(&ListLock);
    while (Place < Peb->NumberOfHeaps && Peb->ProcessHeaps[Place] != Heap)
        Place++;
    if (Place < Peb->NumberOfHeaps) {
        Peb->NumberOfHeaps--;
        memmove(&Peb->ProcessHeaps[Place], &Peb->ProcessHeaps[Place + 1],
                (Peb->NumberOfHeaps - Place) * sizeof(PVOID));
    }
    RtlReleaseSRWLockExclusive(&ListLock);
}

/* How many heaps there are; at most Count of them go to Heaps. (Win32: GetProcessHeaps) */
ULONG NTAPI RtlGetProcessHeaps(ULONG Count, PVOID *Heaps)
{
    PPEB Peb = NtCurrentPeb();
    ULONG All;

    RtlAcquireSRWLockExclusive(&ListLock);
    All = Peb->NumberOfHeaps;
    if (Count)
        memcpy(Heaps, Peb->ProcessHeaps, (Count < All ? Count : All) * sizeof(PVOID));
    RtlReleaseSRWLockExclusive(&ListLock);
    return All;
}

typedef struct _ENUMERATION {
    PRTL_ENUM_HEAPS_ROUTINE Routine;
    PVOID Context;
    NTSTATUS Status;
} ENUMERATION, *PENUMERATION;

static void CDECL CallForEach(PVOID Argument)
{
    PENUMERATION Enumeration = Argument;
    PPEB Peb = NtCurrentPeb();

    for (ULONG Place = 0; Place < Peb->NumberOfHeaps && NT_SUCCESS(Enumeration->Status); Place++)
        Enumeration->Status = Enumeration->Routine(Peb->ProcessHeaps[Place], Enumeration->Context);
}

static void CDECL LeaveList(PVOID Argument)
{
    UNREFERENCED_PARAMETER(Argument);
    RtlReleaseSRWLockExclusive(&ListLock);
}

/* Calls Routine for each heap until it fails, and returns what it returned last. It may raise, or
 * jump away. */
NTSTATUS NTAPI RtlEnumProcessHeaps(PRTL_ENUM_HEAPS_ROUTINE Routine, PVOID Context)
{
    ENUMERATION Enumeration = {Routine, Context, STATUS_SUCCESS};

    RtlAcquireSRWLockExclusive(&ListLock);
    SehpCallThenLeave(CallForEach, &Enumeration, LeaveList);
    return Enumeration.Status;
}

/* ---- Making and ending ---- */

/*
 * A heap that grows as it needs (HEAP_GROWABLE, or ReserveSize 0), or up to ReserveSize; then it
 * has no blocks that are mapped by themselves. NULL: no memory, or memory or a lock of the caller's
 * own is wanted, which is not supported. (Win32: HeapCreate)
 */
PVOID NTAPI RtlCreateHeap(ULONG Flags, PVOID Base, SIZE_T ReserveSize, SIZE_T CommitSize,
                          PVOID LockArea, PVOID Parameters)
{
    SIZE_T Maximum = Flags & HEAP_GROWABLE ? 0 : ALIGN_UP_BY(ReserveSize, PAGE_SIZE);
    PHEAP Heap;

    UNREFERENCED_PARAMETER(Parameters);
    if (Base || LockArea || (Maximum && CommitSize > Maximum))
        return NULL;
    Heap = HeappCreate(Flags & KEPT_FLAGS, ALIGN_UP_BY(CommitSize, PAGE_SIZE), Maximum);
    if (!Heap)
        return NULL;
    RtlInitializeCriticalSectionEx(&Heap->Lock, 0, RTL_CRITICAL_SECTION_FLAG_NO_DEBUG_INFO);
    if (AddToList(Heap))
        return Heap;
    HeappDestroy(Heap);
    return NULL;
}

PVOID NTAPI RtlDestroyHeap(PVOID Heap)
{
    if (!HeappIsHeap(Heap) || Heap == RtlProcessHeap())
        return Heap;
    RemoveFromList(Heap);
    RtlDeleteCriticalSection(&((PHEAP)Heap)->Lock);
    HeappDestroy(Heap);
    return NULL;
}

/* ---- Locking ---- */

BOOLEAN NTAPI RtlLockHeap(PVOID Heap)
{
    if (!HeappIsHeap(Heap))
        return FALSE;
    HeappLock(Heap, 0);
    return TRUE;
}

BOOLEAN NTAPI RtlUnlockHeap(PVOID Heap)
{
    if (!HeappIsHeap(Heap))
        return FALSE;
    HeappUnlock(Heap, 0);
    return TRUE;
}
