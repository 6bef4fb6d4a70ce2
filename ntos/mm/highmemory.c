/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * High memory: RAM that the kernel cannot reach itself, and gives as device memory. The memory map
 * that the boot loader left (in the kernel's boot information) tells RAM from devices; memory that
 * it does not call RAM, or calls two things at once, is not used. It serves as frames of clients,
 * never as memory for kernel objects, and has never been cleared. It is not given back: a frame
 * once made stays one.
 */
#include "mi.h"

#define MAXIMUM_RANGES 64

typedef struct _HIGH_RANGE {
    ULONG First, End; /* frames */
} HIGH_RANGE, *PHIGH_RANGE;

SIZE_T MiHighPages;
static HIGH_RANGE Ranges[MAXIMUM_RANGES];
static ULONG RangeCount;
static ULONG CurrentRange, Taken; /* frames of the current range that are in use */

/* ---- The memory map ---- */

/* The chunk lies unaligned. */
static const seL4_X86_BootInfo_mmap_t *FindMap(seL4_BootInfo *BootInfo)
{
    const CHAR *Chunk = (const CHAR *)BootInfo + seL4_BootInfoFrameSize;
    seL4_Word Left = BootInfo->extraLen;
    seL4_BootInfoHeader Header;

    for (; Left >= sizeof(Header); Chunk += Header.len, Left -= Header.len) {
        memcpy(&Header, Chunk, sizeof(Header));
        if (Header.len < sizeof(Header) || Header.len > Left)
            break;
        if (Header.id == SEL4_BOOTINFO_HEADER_X86_MBMMAP &&
            Header.len >= sizeof(seL4_X86_BootInfo_mmap_t))
            return (const seL4_X86_BootInfo_mmap_t *)Chunk;
    }
    return NULL;
}

static ULONG MapEntries(const seL4_X86_BootInfo_mmap_t *Map)
{
    ULONG Count = Map->mmap_length / sizeof(Map->mmap[0]);

    return Count < SEL4_MULTIBOOT_MAX_MMAP_ENTRIES ? Count : SEL4_MULTIBOOT_MAX_MMAP_ENTRIES;
}

static ULONG ClipFrame(ULONGLONG Frame)
{
    return Frame < MI_MAXIMUM_FRAME ? (ULONG)Frame : MI_MAXIMUM_FRAME;
}

/* The whole pages of RAM in an entry, or every page that anything else touches. */
static HIGH_RANGE EntryRange(const seL4_X86_mb_mmap_t *Entry)
{
    ULONGLONG Base = Entry->base_addr, End = Base + Entry->length;
    ULONG Down = 0, Up = PAGE_SIZE - 1;

    if (End < Base)
        End = ~0ull - PAGE_SIZE;
    if (Entry->type == SEL4_MULTIBOOT_RAM_REGION_TYPE) {
        Down = PAGE_SIZE - 1;
        Up = 0;
    }
    return (HIGH_RANGE){ClipFrame((Base + Down) >> PAGE_SHIFT),
                        ClipFrame((End + Up) >> PAGE_SHIFT)};
}

/* ---- The ranges ---- */

static void AddRange(ULONG First, ULONG End)
{
    if (First >= End || RangeCount == MAXIMUM_RANGES)
        return;
    Ranges[RangeCount++] = (HIGH_RANGE){First, End};
    MiHighPages += End - First;
}

/* Moves the obstacle to Other if that is the first one in the way of what begins at First. */
static void Consider(HIGH_RANGE Other, ULONG First, PHIGH_RANGE Obstacle)
{
    if (Other.First < Other.End && Other.End > First && Other.First < Obstacle->First)
        *Obstacle = Other;
}

/* The first range from First on that is known already, or is not RAM. */
static HIGH_RANGE FindObstacle(const seL4_X86_BootInfo_mmap_t *Map, ULONG First, ULONG End)
{
    HIGH_RANGE Obstacle = {End, End};
    ULONG Index;

    for (Index = 0; Index < MapEntries(Map); Index++)
        if (Map->mmap[Index].type != SEL4_MULTIBOOT_RAM_REGION_TYPE)
            Consider(EntryRange(&Map->mmap[Index]), First, &Obstacle);
    for (Index = 0; Index < RangeCount; Index++)
        Consider(Ranges[Index], First, &Obstacle);
    return Obstacle;
}

static void AddFreeOf(const seL4_X86_BootInfo_mmap_t *Map, ULONG First, ULONG End)
{
    while (First < End) {
        HIGH_RANGE Obstacle = FindObstacle(Map, First, End);

        AddRange(First, Obstacle.First);
        First = Obstacle.End;
    }
}

/* Adds the parts of a device untyped that are RAM. */
static void AddUntyped(const seL4_X86_BootInfo_mmap_t *Map, const seL4_UntypedDesc *Untyped)
{
    ULONGLONG Base = Untyped->paddr, End = Base + (1ull << Untyped->sizeBits);
    ULONG Index;

    if (Untyped->sizeBits < PAGE_SHIFT)
        return;
    for (Index = 0; Index < MapEntries(Map); Index++) {
        HIGH_RANGE Ram = EntryRange(&Map->mmap[Index]);
        ULONG First = ClipFrame(Base >> PAGE_SHIFT), Limit = ClipFrame(End >> PAGE_SHIFT);

        if (Map->mmap[Index].type == SEL4_MULTIBOOT_RAM_REGION_TYPE)
            AddFreeOf(Map, First > Ram.First ? First : Ram.First,
                      Limit < Ram.End ? Limit : Ram.End);
    }
}

/* Memory below 1 MB belongs to the firmware and to devices, whatever the map says. */
void MiInitializeHighMemory(seL4_BootInfo *BootInfo)
{
    const seL4_X86_BootInfo_mmap_t *Map = FindMap(BootInfo);
    ULONG Index;

    for (Index = 0; Map && BootInfo->untyped.start + Index < BootInfo->untyped.end; Index++) {
        const seL4_UntypedDesc *Untyped = &BootInfo->untypedList[Index];

        if (Untyped->isDevice && Untyped->paddr >= 0x100000)
            AddUntyped(Map, Untyped);
    }
}

ULONG MiHighMemoryLimit(void)
{
    ULONG Limit = 0, Index;

    for (Index = 0; Index < RangeCount; Index++)
        if (Ranges[Index].End > Limit)
            Limit = Ranges[Index].End;
    return Limit;
}

BOOLEAN MiIsHighMemory(ULONGLONG Physical)
{
    ULONGLONG Frame = Physical >> PAGE_SHIFT;
    ULONG Index;

    for (Index = 0; Index < RangeCount; Index++)
        if (Frame >= Ranges[Index].First && Frame < Ranges[Index].End)
            return TRUE;
    return FALSE;
}

/* ---- Chunks ---- */

/* The largest block at Frame that its alignment, the frames left and SizeBits allow. */
static ULONG ChunkBits(ULONG Frame, ULONG Left, ULONG SizeBits)
{
    ULONG Bits = PAGE_SHIFT;

    while (Bits < SizeBits && !(Frame >> (Bits - PAGE_SHIFT) & 1) &&
           Left >> (Bits + 1 - PAGE_SHIFT))
        Bits++;
    return Bits;
}

PMI_BLOCK MiTakeHighChunk(ULONG SizeBits)
{
    PHIGH_RANGE Range = &Ranges[CurrentRange];
    ULONG First, Bits;
    PMI_BLOCK Block;

    if (CurrentRange == RangeCount)
        return NULL;
    First = Range->First + Taken;
    Bits = ChunkBits(First, Range->End - First, SizeBits);
    Block = MiFindDeviceBlock((ULONGLONG)First << PAGE_SHIFT, Bits);
    if (!Block)
        return NULL;
    Taken += 1u << (Bits - PAGE_SHIFT);
    if (Range->First + Taken == Range->End) {
        CurrentRange++;
        Taken = 0;
    }
    return Block;
}
