// SPDX-License-Identifier: BSD-2-Clause
/* The heap's interface: RtlAllocateHeap and its family. (WDK: ntifs.h; Win32: HeapAlloc) */
#include "heapp.h"

/* Of Control: what a block that is neither large nor has a tag is */
#define HEAP_PLAIN_MASK (0xffff | (ULONG)HEAP_HAS_TAG << 24)
#define USER_FLAGS (HEAP_SETTABLE_USER_FLAG1 | HEAP_SETTABLE_USER_FLAG2 | HEAP_SETTABLE_USER_FLAG3)

/* ---- The lock: what is common is done here, without a call. A lock of the caller's own is
 * SlowLock, and Lock is never free then ---- */

FORCEINLINE void Lock(PHEAP Heap, ULONG Flags)
{
    LONG Free = -1;

    if (Flags & HEAP_NO_SERIALIZE)
        return;
    if (!__atomic_compare_exchange_n(&Heap->Lock.LockCount, &Free, 0, FALSE, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED)) {
        RtlEnterCriticalSection(Heap->SlowLock);
        return;
    }
    Heap->Lock.OwningThread = NtCurrentTeb()->ClientId.UniqueThread;
    Heap->Lock.RecursionCount = 1;
}

FORCEINLINE void Unlock(PHEAP Heap, ULONG Flags)
{
    LONG Alone = 0;

    if (Flags & HEAP_NO_SERIALIZE)
        return;
    if (Heap->Lock.LockCount == 0) {
        Heap->Lock.OwningThread = NULL;
        Heap->Lock.RecursionCount = 0;
        if (__atomic_compare_exchange_n(&Heap->Lock.LockCount, &Alone, -1, FALSE, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
            return;
        Heap->Lock.RecursionCount = 1; /* somebody waits now */
    }
    RtlLeaveCriticalSection(Heap->SlowLock);
}

void HeappLock(PHEAP Heap, ULONG Flags)
{
    Lock(Heap, Heap->Flags | Flags);
}

void HeappUnlock(PHEAP Heap, ULONG Flags)
{
    Unlock(Heap, Heap->Flags | Flags);
}

/* ---- Blocks ---- */

FORCEINLINE BOOLEAN IsHeap(PHEAP Heap)
{
    return Heap && Heap->Signature == HEAP_SIGNATURE;
}

BOOLEAN HeappIsHeap(PHEAP Heap)
{
    return IsHeap(Heap);
}

/* Size is below HEAP_LARGE_SIZE. */
FORCEINLINE ULONG UnitsFor(SIZE_T Size)
{
    ULONG Units = (ULONG)((Size + HEAP_UNIT - 1) / HEAP_UNIT) + 1;

    return Units < HEAP_MINIMUM_UNITS ? HEAP_MINIMUM_UNITS : Units;
}

static SIZE_T ValueSize(PHEAP_BLOCK Block)
{
    return Block->User & HEAP_HAS_VALUE ? sizeof(PVOID) : 0;
}

SIZE_T HeappRequestedSize(PHEAP_BLOCK Block)
{
    return Block->State == HeapLarge ? HeappLargeOf(Block)->RequestedSize
                                     : HeappCapacity(Block) - Block->Unused - ValueSize(Block);
}

/* Where the client's value is. */
static PVOID *ValueOf(PHEAP_BLOCK Block)
{
    if (Block->State == HeapLarge)
        return (PVOID *)((PUCHAR)HeappLargeOf(Block) + HeappLargeOf(Block)->RegionSize) - 1;
    return (PVOID *)HeappNext(Block) - 1;
}

/* Size includes the client's value; what is over is a few bytes, or a unit more. */
FORCEINLINE void SetBusy(PHEAP_BLOCK Block, SIZE_T Size, ULONG User)
{
    Block->Control = HEAP_BUSY_CONTROL(HeappCapacity(Block) - Size, User);
}

/* What programs do after that cannot be told, so they may want their end. */
static __attribute__((noinline)) void ReportCorruption(PVOID Memory)
{
    DbgPrint("HEAP: %p is not a block of the heap, or is damaged\n", Memory);
    if (HeappEndOnCorruption)
        NtTerminateProcess(NtCurrentProcess(), STATUS_HEAP_CORRUPTION);
}

FORCEINLINE BOOLEAN IsSound(PHEAP_BLOCK Block)
{
    return HeappNext(Block)->PreviousUnits == Block->Units && Block->Units >= HEAP_MINIMUM_UNITS;
}

FORCEINLINE PHEAP_BLOCK BusyBlock(PVOID Memory)
{
    if (Memory && (ULONG_PTR)Memory % HEAP_UNIT == 0) {
        PHEAP_BLOCK Block = (PHEAP_BLOCK)Memory - 1;

        if ((Block->Control & HEAP_PLAIN_MASK) == HeapBusy && IsSound(Block))
            return Block;
        if (Block->State == HeapLarge || (Block->State == HeapBusy && IsSound(Block)))
            return Block;
    }
    ReportCorruption(Memory);
    return NULL;
}

/* ---- Allocating ---- */

static PHEAP_BLOCK AllocateLarge(PHEAP Heap, SIZE_T Size, SIZE_T Value)
{
    SIZE_T RegionSize = ALIGN_UP_BY(Size + Value + sizeof(HEAP_LARGE), PAGE_SIZE);
    PHEAP_LARGE Large;

    if (RegionSize < Size || Heap->MaximumBytes || Size > Heap->MaximumAllocation)
        return NULL;
    Large = HeappMapMemory(Heap, &RegionSize);
    if (!Large)
        return NULL;
    Large->RegionSize = RegionSize;
    Large->RequestedSize = Size;
    Large->Block.State = HeapLarge;
    Heap->LargeBytes += RegionSize;
    InsertTailList(&Heap->LargeBlocks, &Large->Links);
    return &Large->Block;
}

static void FreeLarge(PHEAP Heap, PHEAP_BLOCK Block)
{
    Heap->LargeBytes -= HeappLargeOf(Block)->RegionSize;
    RemoveEntryList(&HeappLargeOf(Block)->Links);
    HeappUnmapMemory(HeappLargeOf(Block));
}

static __attribute__((noinline)) PHEAP_BLOCK AllocateSlowly(PHEAP Heap, SIZE_T Size, ULONG User)
{
    SIZE_T Value = User & HEAP_HAS_VALUE ? sizeof(PVOID) : 0;
    PHEAP_BLOCK Block;
    ULONG Units;

    if (Size >= Heap->LargeSize) {
        Block = AllocateLarge(Heap, Size, Value);
        if (Block)
            Block->User = (UCHAR)User;
        return Block;
    }
    Units = UnitsFor(Size + Value);
    Block = Units < HEAP_QUICK_UNITS ? HeappTakeBatch(Heap, Units) : HeappTake(Heap, Units);
    if (Block)
        SetBusy(Block, Size + Value, User);
    return Block;
}

FORCEINLINE PHEAP_BLOCK Allocate(PHEAP Heap, SIZE_T Size)
{
    if (Size <= (HEAP_QUICK_UNITS - 2) * HEAP_UNIT) {
        ULONG Units = UnitsFor(Size);
        PHEAP_BLOCK Block = Heap->Quick[Units];

        if (Block && (Block = HeappTakeQuick(Heap, Units, Block)) != NULL) {
            SetBusy(Block, Size, 0);
            return Block;
        }
    }
    return AllocateSlowly(Heap, Size, 0);
}

/* A large block, or one with a tag. */
static __attribute__((noinline)) void FreeSlowly(PHEAP Heap, PHEAP_BLOCK Block)
{
    if (Block->User & HEAP_HAS_TAG)
        HeappUncountTagged(Heap, Block->Tag, HeappTaggedBytes(Block));
    if (Block->State == HeapLarge)
        FreeLarge(Heap, Block);
    else
        HeappGive(Heap, Block);
}

FORCEINLINE void Free(PHEAP Heap, PHEAP_BLOCK Block)
{
    if ((Block->Control & HEAP_PLAIN_MASK) != HeapBusy) {
        FreeSlowly(Heap, Block);
    } else if (Block->Units < HEAP_QUICK_UNITS) {
        HeappGiveQuick(Heap, Block);
    } else {
        HeappGive(Heap, Block);
    }
    if (Heap->QuickUnits > Heap->QuickLimit)
        HeappFlushQuick(Heap);
}

static PHEAP_BLOCK AllocateWithUser(PHEAP Heap, ULONG Flags, SIZE_T Size)
{
    PHEAP_BLOCK Block = AllocateSlowly(Heap, Size,
                                       (Flags & USER_FLAGS) >> 8 |
                                           (Flags & HEAP_SETTABLE_USER_VALUE ? HEAP_HAS_VALUE : 0));

    if (!Block)
        return NULL;
    if (Block->User & HEAP_HAS_VALUE)
        *ValueOf(Block) = NULL;
    if (Flags & HEAP_TAG_MASK)
        HeappCountTagged(Heap, Block, (Flags & HEAP_TAG_MASK) >> HEAP_TAG_SHIFT);
    return Block;
}

static __attribute__((noinline)) PVOID Fail(ULONG Flags)
{
    if (Flags & HEAP_GENERATE_EXCEPTIONS)
        RtlRaiseStatus(STATUS_NO_MEMORY);
    return NULL;
}

/* A block of Size bytes; NULL, or the exception STATUS_NO_MEMORY. (Win32: HeapAlloc) */
PVOID NTAPI RtlAllocateHeap(PVOID HeapHandle, ULONG Flags, SIZE_T Size)
{
    PHEAP Heap = HeapHandle;
    PHEAP_BLOCK Block;

    if (!IsHeap(Heap))
        return NULL;
    Flags |= Heap->Flags;
    Lock(Heap, Flags);
    if (Flags & (USER_FLAGS | HEAP_SETTABLE_USER_VALUE | HEAP_TAG_MASK))
        Block = AllocateWithUser(Heap, Flags, Size);
    else
        Block = Allocate(Heap, Size);
    Unlock(Heap, Flags);
    if (!Block)
        return Fail(Flags);
    if ((Flags & HEAP_ZERO_MEMORY) && Block->State != HeapLarge)
        memset(Block + 1, 0, Size);
    return Block + 1;
}

BOOLEAN NTAPI RtlFreeHeap(PVOID HeapHandle, ULONG Flags, PVOID Memory)
{
    PHEAP Heap = HeapHandle;
    PHEAP_BLOCK Block;

    if (!Memory)
        return TRUE;
    if (!IsHeap(Heap))
        return FALSE;
    Flags |= Heap->Flags;
    Lock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block)
        Free(Heap, Block);
    Unlock(Heap, Flags);
    return Block != NULL;
}

/* ---- Changing sizes ---- */

/* A large block keeps its mapping unless most of that would be unused. */
static BOOLEAN ResizeLarge(PHEAP_LARGE Large, SIZE_T Size, BOOLEAN Must)
{
    SIZE_T Room = Large->RegionSize - sizeof(*Large) -
                  (Large->Block.User & HEAP_HAS_VALUE ? sizeof(PVOID) : 0);

    if (Size > Room || (!Must && Size < Room / 2))
        return FALSE;
    Large->RequestedSize = Size;
    return TRUE;
}

/* Changes the size of a block where it is, if that can be done. */
static BOOLEAN ResizeInPlace(PHEAP Heap, PHEAP_BLOCK Block, SIZE_T Size, BOOLEAN Must)
{
    SIZE_T Value = ValueSize(Block);
    PVOID Kept = Value ? *ValueOf(Block) : NULL;
    ULONG Units;

    if (Block->State == HeapLarge)
        return ResizeLarge(HeappLargeOf(Block), Size, Must);
    if (Size >= Heap->LargeSize)
        return FALSE;
    Units = UnitsFor(Size + Value);
    if (Units != Block->Units && !HeappResize(Heap, Block, Units))
        return FALSE;
    SetBusy(Block, Size + Value, Block->User);
    if (Value)
        *ValueOf(Block) = Kept;
    return TRUE;
}

FORCEINLINE PHEAP_BLOCK Reallocate(PHEAP Heap, ULONG Flags, PHEAP_BLOCK Block, SIZE_T OldSize,
                                   SIZE_T Size)
{
    PHEAP_BLOCK New;

    if (ResizeInPlace(Heap, Block, Size, (Flags & HEAP_REALLOC_IN_PLACE_ONLY) != 0))
        return Block;
    if (Flags & HEAP_REALLOC_IN_PLACE_ONLY)
        return NULL;
    New = Block->User ? AllocateSlowly(Heap, Size, Block->User) : Allocate(Heap, Size);
    if (!New)
        return NULL;
    if (Block->User & HEAP_HAS_VALUE)
        *ValueOf(New) = *ValueOf(Block);
    memcpy(New + 1, Block + 1, OldSize < Size ? OldSize : Size);
    Free(Heap, Block);
    return New;
}

/* Without its tag meanwhile. */
static __attribute__((noinline)) PHEAP_BLOCK
ReallocateTagged(PHEAP Heap, ULONG Flags, PHEAP_BLOCK Block, SIZE_T OldSize, SIZE_T Size)
{
    SIZE_T OldBytes = HeappTaggedBytes(Block);
    ULONG Tag = Block->Tag;
    PHEAP_BLOCK New;

    Block->User &= ~HEAP_HAS_TAG;
    New = Reallocate(Heap, Flags, Block, OldSize, Size);
    if (New && New != Block) {
        HeappUncountTagged(Heap, Tag, OldBytes);
        HeappCountTagged(Heap, New, Tag);
        return New;
    }
    Block->User |= HEAP_HAS_TAG;
    if (New)
        HeappResizeTagged(Heap, Block, OldBytes);
    return New;
}

/* The block with another size, perhaps elsewhere. NULL: it is as it was. (Win32: HeapReAlloc) */
PVOID NTAPI RtlReAllocateHeap(PVOID HeapHandle, ULONG Flags, PVOID Memory, SIZE_T Size)
{
    PHEAP Heap = HeapHandle;
    PHEAP_BLOCK Block, New = NULL;
    SIZE_T OldSize = 0;

    if (!Memory || !IsHeap(Heap))
        return NULL;
    Flags |= Heap->Flags;
    Lock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block) {
        OldSize = HeappRequestedSize(Block);
        New = Block->User & HEAP_HAS_TAG ? ReallocateTagged(Heap, Flags, Block, OldSize, Size)
                                         : Reallocate(Heap, Flags, Block, OldSize, Size);
    }
    Unlock(Heap, Flags);
    if (!New)
        return Block && !(Flags & HEAP_REALLOC_IN_PLACE_ONLY) ? Fail(Flags) : NULL;
    if ((Flags & HEAP_ZERO_MEMORY) && Size > OldSize)
        memset((PUCHAR)(New + 1) + OldSize, 0, Size - OldSize);
    return New + 1;
}

SIZE_T NTAPI RtlSizeHeap(PVOID Heap, ULONG Flags, PVOID Memory)
{
    SIZE_T Size = MAXULONG_PTR;
    PHEAP_BLOCK Block;

    if (!IsHeap(Heap))
        return Size;
    HeappLock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block)
        Size = HeappRequestedSize(Block);
    HeappUnlock(Heap, Flags);
    return Size;
}

/* ---- What clients attach to blocks (Win32: movable memory) ---- */

/* FALSE: the block was not allocated with HEAP_SETTABLE_USER_VALUE. */
BOOLEAN NTAPI RtlSetUserValueHeap(PVOID Heap, ULONG Flags, PVOID Memory, PVOID UserValue)
{
    BOOLEAN Set = FALSE;
    PHEAP_BLOCK Block;

    if (!IsHeap(Heap))
        return FALSE;
    HeappLock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block && Block->User & HEAP_HAS_VALUE) {
        *ValueOf(Block) = UserValue;
        Set = TRUE;
    }
    HeappUnlock(Heap, Flags);
    return Set;
}

BOOLEAN NTAPI RtlSetUserFlagsHeap(PVOID Heap, ULONG Flags, PVOID Memory, ULONG Reset, ULONG Set)
{
    PHEAP_BLOCK Block;

    if (!IsHeap(Heap) || (Reset | Set) & ~USER_FLAGS)
        return FALSE;
    HeappLock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block)
        Block->User = (UCHAR)((Block->User & ~(Reset >> 8)) | Set >> 8);
    HeappUnlock(Heap, Flags);
    return Block != NULL;
}

/* The value is NULL for blocks without one. */
BOOLEAN NTAPI RtlGetUserInfoHeap(PVOID Heap, ULONG Flags, PVOID Memory, PVOID *UserValue,
                                 PULONG UserFlags)
{
    PHEAP_BLOCK Block;

    if (!IsHeap(Heap))
        return FALSE;
    HeappLock(Heap, Flags);
    Block = BusyBlock(Memory);
    if (Block && UserValue)
        *UserValue = Block->User & HEAP_HAS_VALUE ? *ValueOf(Block) : NULL;
    if (Block && UserFlags)
        *UserFlags = (ULONG)Block->User << 8 & USER_FLAGS;
    HeappUnlock(Heap, Flags);
    return Block != NULL;
}

/* ---- Several at once ---- */

/* Returns how many could be allocated; they are the first of Blocks. */
ULONG NTAPI RtlMultipleAllocateHeap(PVOID Heap, ULONG Flags, SIZE_T Size, ULONG Count,
                                    PVOID *Blocks)
{
    ULONG Done = 0;

    while (Done < Count && (Blocks[Done] = RtlAllocateHeap(Heap, Flags, Size)) != NULL)
        Done++;
    return Done;
}

/* Returns how many could be freed, up to the first that could not. */
ULONG NTAPI RtlMultipleFreeHeap(PVOID Heap, ULONG Flags, ULONG Count, PVOID *Blocks)
{
    ULONG Done = 0;

    while (Done < Count && RtlFreeHeap(Heap, Flags, Blocks[Done]))
        Done++;
    return Done;
}
