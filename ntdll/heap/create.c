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

/* Memory of the caller's that the system knows: committed from Base on, or reserved only, then
 * CommitSize bytes are committed. */
static BOOLEAN LookAtMemory(PVOID Base, SIZE_T CommitSize, PHEAP_MEMORY Memory)
{
    MEMORY_BASIC_INFORMATION Region, Next;
    SIZE_T Size = ALIGN_UP_BY(CommitSize, PAGE_SIZE);

    if (!NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), Base, MemoryBasicInformation, &Region,
                                         sizeof(Region), NULL)) ||
        Region.BaseAddress != Base || Region.State == MEM_FREE)
        return FALSE;
    Memory->Reserved = Region.RegionSize;
    if (Region.State == MEM_RESERVE) {
        Memory->Committed = Size > HEAP_LEAST_COMMITTED ? Size : HEAP_LEAST_COMMITTED;
        return Memory->Committed <= Memory->Reserved &&
               NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Memory->Committed,
                                                  MEM_COMMIT, PAGE_READWRITE));
    }
    if (Region.Protect != PAGE_READWRITE && Region.Protect != PAGE_EXECUTE_READWRITE)
        return FALSE;
    Memory->Committed = Region.RegionSize;
    if (NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), (PUCHAR)Base + Region.RegionSize,
                                        MemoryBasicInformation, &Next, sizeof(Next), NULL)) &&
        Next.State == MEM_RESERVE && Next.AllocationBase == Region.AllocationBase)
        Memory->Reserved += Next.RegionSize;
    return TRUE;
}

/* With a routine that commits, the caller says what there is; such a heap does not grow. */
static BOOLEAN TakeMemory(ULONG Flags, PVOID Base, SIZE_T CommitSize,
                          const RTL_HEAP_PARAMETERS *Parameters, PHEAP_MEMORY Memory)
{
    if ((ULONG_PTR)Base % PAGE_SIZE)
        return FALSE;
    Memory->CommitRoutine = Parameters->CommitRoutine;
    if (!Parameters->CommitRoutine)
        return LookAtMemory(Base, CommitSize, Memory) && Memory->Committed >= HEAP_LEAST_COMMITTED;
    Memory->Committed = ALIGN_DOWN_BY(Parameters->InitialCommit, PAGE_SIZE);
    Memory->Reserved = ALIGN_DOWN_BY(Parameters->InitialReserve, PAGE_SIZE);
    return !(Flags & HEAP_GROWABLE) && Memory->Committed >= HEAP_LEAST_COMMITTED &&
           Memory->Committed <= Memory->Reserved;
}

static PHEAP CreateHeap(ULONG Flags, PVOID Base, SIZE_T ReserveSize, SIZE_T CommitSize,
                        const RTL_HEAP_PARAMETERS *Parameters)
{
    SIZE_T Maximum = Flags & HEAP_GROWABLE ? 0 : ALIGN_UP_BY(ReserveSize, PAGE_SIZE);
    HEAP_MEMORY Memory = {0};

    if (Base)
        return TakeMemory(Flags, Base, CommitSize, Parameters, &Memory)
                   ? HeappCreateIn(Flags & KEPT_FLAGS, Base, &Memory)
                   : NULL;
    if (Parameters->CommitRoutine)
        return NULL;
    if (Maximum && CommitSize > Maximum)
        CommitSize = Maximum;
    return HeappCreate(Flags & KEPT_FLAGS, ALIGN_UP_BY(CommitSize, PAGE_SIZE), Maximum);
}

/* What is out of bounds is taken to them. */
static void ApplyParameters(PHEAP Heap, const RTL_HEAP_PARAMETERS *Parameters)
{
    SIZE_T Segment = ALIGN_UP_BY(Parameters->SegmentCommit, PAGE_SIZE),
           Large = Parameters->VirtualMemoryThreshold;

    if (Segment > Heap->LeastSegment)
        Heap->LeastSegment = Segment < HEAP_MAXIMUM_SEGMENT ? Segment : HEAP_MAXIMUM_SEGMENT;
    if (Large && Large < Heap->LargeSize)
        Heap->LargeSize = Large > PAGE_SIZE ? Large : PAGE_SIZE;
    if (!Parameters->MaximumAllocationSize)
        return;
    /* What is refused as too large to be mapped by itself is not looked at elsewhere. */
    Heap->MaximumAllocation = Parameters->MaximumAllocationSize;
    if (Heap->MaximumAllocation < Heap->LargeSize)
        Heap->LargeSize = Heap->MaximumAllocation + 1;
}

/* The heap's own lock is never free then (heap.c). */
static void SetLock(PHEAP Heap, PRTL_CRITICAL_SECTION Lock)
{
    if (!Lock) {
        RtlInitializeCriticalSectionEx(&Heap->Lock, 0, RTL_CRITICAL_SECTION_FLAG_NO_DEBUG_INFO);
        return;
    }
    Heap->SlowLock = Lock;
    Heap->Lock.LockCount = 1;
}

/*
 * A heap that grows as it needs (HEAP_GROWABLE, or ReserveSize 0), or up to ReserveSize; then it
 * has no blocks that are mapped by themselves. In the caller's memory it first takes what of that
 * is reserved. NULL: no memory, memory that cannot be used, a lock with HEAP_NO_SERIALIZE, or a
 * routine that commits without memory or for a heap that grows. (Win32: HeapCreate; WDK:
 * RtlCreateHeap)
 */
PVOID NTAPI RtlCreateHeap(ULONG Flags, PVOID Base, SIZE_T ReserveSize, SIZE_T CommitSize,
                          PVOID LockArea, PRTL_HEAP_PARAMETERS Parameters)
{
    RTL_HEAP_PARAMETERS Own = {0};
    PHEAP Heap;

    if (LockArea && (Flags & HEAP_NO_SERIALIZE))
        return NULL;
    if (Parameters && Parameters->Length == sizeof(Own))
        Own = *Parameters;
    Heap = CreateHeap(Flags, Base, ReserveSize, CommitSize, &Own);
    if (!Heap)
        return NULL;
    ApplyParameters(Heap, &Own);
    SetLock(Heap, LockArea);
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
    if (((PHEAP)Heap)->SlowLock == &((PHEAP)Heap)->Lock)
        RtlDeleteCriticalSection(&((PHEAP)Heap)->Lock);
    HeappFreeTags(Heap);
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
