// SPDX-License-Identifier: BSD-2-Clause
/*
 * The loaded images by address. An exception can come anywhere, in the loader too, so readers take
 * no lock: the sequence number is odd while the table changes, and what was read in between counts
 * only if it has not changed. Full tables are replaced by larger ones and never freed, since a
 * reader may still be in one.
 */
#include "sehp.h"

#define FIRST_CAPACITY 64

static SEHP_IMAGE FirstTable[FIRST_CAPACITY];
static SEHP_IMAGE *Table = FirstTable;
static ULONG Count, Capacity = FIRST_CAPACITY;
static ULONG Sequence;

static void BeginChange(void)
{
    __atomic_add_fetch(&Sequence, 1, __ATOMIC_SEQ_CST);
}

static void EndChange(void)
{
    __atomic_add_fetch(&Sequence, 1, __ATOMIC_SEQ_CST);
}

/* The number of images at or below Address; that many minus one is where it may be. */
static ULONG Position(const SEHP_IMAGE *Images, ULONG Number, ULONG_PTR Address)
{
    ULONG Low = 0, High = Number;

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;

        if (Images[Middle].Base <= Address)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return Low;
}

static BOOLEAN Grow(void)
{
    SEHP_IMAGE *Larger = RtlAllocateHeap(RtlProcessHeap(), 0, 2 * Capacity * sizeof(*Larger));

    if (!Larger)
        return FALSE;
    memcpy(Larger, Table, Count * sizeof(*Larger));
    BeginChange();
    Table = Larger;
    EndChange();
    Capacity *= 2;
    return TRUE;
}

NTSTATUS SehpAddImage(PVOID Base, ULONG Size, PVOID FunctionTable, ULONG TableSize)
{
    ULONG Place;

    if (Count == Capacity && !Grow())
        return STATUS_NO_MEMORY;
    Place = Position(Table, Count, (ULONG_PTR)Base);
    BeginChange();
    memmove(&Table[Place + 1], &Table[Place], (Count - Place) * sizeof(*Table));
    Table[Place] = (SEHP_IMAGE){(ULONG_PTR)Base, Size, FunctionTable, TableSize};
    Count++;
    EndChange();
    return STATUS_SUCCESS;
}

void SehpRemoveImage(PVOID Base)
{
    ULONG Place = Position(Table, Count, (ULONG_PTR)Base);

    if (!Place || Table[Place - 1].Base != (ULONG_PTR)Base)
        return;
    BeginChange();
    Count--;
    memmove(&Table[Place - 1], &Table[Place], (Count - Place + 1) * sizeof(*Table));
    EndChange();
}

static BOOLEAN TryFind(ULONG_PTR Address, PSEHP_IMAGE Image)
{
    const SEHP_IMAGE *Images = __atomic_load_n(&Table, __ATOMIC_RELAXED);
    ULONG Place = Position(Images, __atomic_load_n(&Count, __ATOMIC_RELAXED), Address);

    if (!Place)
        return FALSE;
    *Image = Images[Place - 1];
    return Address - Image->Base < Image->Size;
}

BOOLEAN SehpFindImage(ULONG_PTR Address, PSEHP_IMAGE Image)
{
    for (;;) {
        ULONG Before = __atomic_load_n(&Sequence, __ATOMIC_ACQUIRE);
        BOOLEAN Found = TryFind(Address, Image);

        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (!(Before & 1) && __atomic_load_n(&Sequence, __ATOMIC_RELAXED) == Before)
            return Found;
    }
}

/* The image that an address is in, or NULL.  (Win32: RtlPcToFileHeader) */
PVOID NTAPI RtlPcToFileHeader(PVOID PcValue, PVOID *BaseOfImage)
{
    SEHP_IMAGE Image;

    *BaseOfImage = SehpFindImage((ULONG_PTR)PcValue, &Image) ? (PVOID)Image.Base : NULL;
    return *BaseOfImage;
}
