/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device memory: the kernel's device untypeds are halved towards the physical address that is
 * wanted. What was cut off stays in the tree for the next request, and a page once made into a
 * frame can be mapped again. Large mappings are made of large pages where they fit.
 */
#include "mi.h"

#define MAXIMUM_DEVICE_ROOTS seL4_MaxNumBootInfoUntypedCaps
#define LARGE_PAGE_SIZE ((SIZE_T)1 << seL4_LargePageBits)

static seL4_BootInfo *DeviceBootInfo;
static PMI_BLOCK DeviceRoots[MAXIMUM_DEVICE_ROOTS]; /* those in use */
static ULONG DeviceRootCount;

static BOOLEAN Covers(ULONGLONG Base, ULONG SizeBits, ULONGLONG Physical)
{
    return Physical >= Base && Physical - Base < 1ull << SizeBits;
}

/* The device untyped of the kernel that covers Physical. */
static PMI_BLOCK FindRoot(ULONGLONG Physical)
{
    seL4_CPtr Slot = DeviceBootInfo->untyped.start;
    ULONG Index;

    for (Index = 0; Index < DeviceRootCount; Index++)
        if (Covers(DeviceRoots[Index]->Physical, DeviceRoots[Index]->SizeBits, Physical))
            return DeviceRoots[Index];
    for (Index = 0; Slot + Index < DeviceBootInfo->untyped.end; Index++) {
        const seL4_UntypedDesc *Description = &DeviceBootInfo->untypedList[Index];

        if (!Description->isDevice || Description->sizeBits < PAGE_SHIFT ||
            !Covers(Description->paddr, Description->sizeBits, Physical))
            continue;
        if (DeviceRootCount == MAXIMUM_DEVICE_ROOTS)
            return NULL;
        DeviceRoots[DeviceRootCount] = MiRegisterBlock(Description, Slot + Index);
        return DeviceRoots[DeviceRootCount] ? DeviceRoots[DeviceRootCount++] : NULL;
    }
    return NULL;
}

PMI_BLOCK MiFindDeviceBlock(ULONGLONG Physical, ULONG SizeBits)
{
    PMI_BLOCK Block = FindRoot(Physical);

    while (Block && Block->SizeBits > SizeBits) {
        if (Block->State != MiBlockSplit && !MiSplitBlock(Block))
            return NULL;
        Block = &Block->Halves[(Physical - Block->Physical) >> (Block->SizeBits - 1)];
    }
    return Block && Block->SizeBits == SizeBits && Block->State != MiBlockSplit ? Block : NULL;
}

/* A page's frame is kept once it has been made, its capability in place of the block's links;
 * mappings are copies of it. */
static seL4_CPtr DeviceFrame(ULONGLONG Physical, ULONG SizeBits)
{
    PMI_BLOCK Block = MiFindDeviceBlock(Physical, SizeBits);
    seL4_Word Type = SizeBits == PAGE_SHIFT ? seL4_X86_4K : seL4_X86_LargePageObject;
    seL4_CPtr Slot;

    if (!Block)
        return 0;
    if (!Block->Links.Flink) {
        Slot = MmAllocateSlot();
        if (!Slot)
            return 0;
        if (MiRetype(Block->Slot, Type, 0, Slot, 1) != seL4_NoError) {
            MmFreeSlot(Slot);
            return 0;
        }
        Block->Links.Flink = (PLIST_ENTRY)(ULONG_PTR)Slot;
    }
    return (seL4_CPtr)(ULONG_PTR)Block->Links.Flink;
}

/* The kernel's device memory may include RAM, which must not be handed out by its address. */
static BOOLEAN IsDeviceRange(ULONGLONG Physical, SIZE_T Pages)
{
    SIZE_T Page;

    for (Page = 0; Page < Pages; Page++)
        if (MiIsHighMemory(Physical + Page * PAGE_SIZE))
            return FALSE;
    return FindRoot(Physical) != NULL;
}

static BOOLEAN MapDevicePage(ULONGLONG Physical, ULONG_PTR Address, ULONG SizeBits,
                             seL4_Word Attributes)
{
    seL4_CPtr Frame = DeviceFrame(Physical, SizeBits), Copy;

    if (!Frame || !NT_SUCCESS(MmCopyCap(Frame, seL4_ReadWrite, &Copy)))
        return FALSE;
    if (NT_SUCCESS(MiMapSystemPage(Copy, Address, Attributes)))
        return TRUE;
    MmDeleteCap(Copy);
    return FALSE;
}

/* Maps what lies at Physical, and returns how many bytes; 0 when it cannot be mapped. */
static SIZE_T MapDevicePiece(ULONGLONG Physical, ULONG_PTR Address, SIZE_T Left,
                             seL4_Word Attributes)
{
    if (!((Physical | Address) & (LARGE_PAGE_SIZE - 1)) && Left >= LARGE_PAGE_SIZE &&
        MapDevicePage(Physical, Address, seL4_LargePageBits, Attributes))
        return LARGE_PAGE_SIZE;
    return MapDevicePage(Physical, Address, PAGE_SHIFT, Attributes) ? PAGE_SIZE : 0;
}

/* Addresses at which large pages fit, if there will be any. */
static ULONG_PTR ReserveRange(ULONGLONG Physical, SIZE_T Size)
{
    ULONG_PTR Base;

    if (Size < LARGE_PAGE_SIZE)
        return MiReserveSystemRange(Size >> PAGE_SHIFT);
    Base = MiReserveSystemRange((Size + LARGE_PAGE_SIZE) >> PAGE_SHIFT);
    return Base ? Base + (((ULONG_PTR)Physical - Base) & (LARGE_PAGE_SIZE - 1)) : 0;
}

static seL4_Word CacheAttributes(MEMORY_CACHING_TYPE Caching)
{
    if (Caching == MmWriteCombined)
        return seL4_X86_ExecuteNever | seL4_X86_WriteCombining;
    return seL4_X86_ExecuteNever | (Caching == MmNonCached ? seL4_X86_Uncacheable : 0);
}

/* Device mappings are for good, so the pages of a request that fails half-way keep their addresses
 * too. */
PVOID MmMapDeviceMemory(ULONGLONG PhysicalAddress, SIZE_T Size, MEMORY_CACHING_TYPE Caching)
{
    ULONG Offset = (ULONG)(PhysicalAddress & (PAGE_SIZE - 1));
    SIZE_T Bytes = ALIGN_UP_BY(Offset + Size, PAGE_SIZE), Done, Piece;
    ULONGLONG First = PhysicalAddress - Offset;
    ULONG_PTR Base;

    if (!Size || Bytes < Size || First + Bytes < First ||
        !IsDeviceRange(First, Bytes >> PAGE_SHIFT))
        return NULL;
    Base = ReserveRange(First, Bytes);
    if (!Base)
        return NULL;
    for (Done = 0; Done < Bytes; Done += Piece) {
        Piece = MapDevicePiece(First + Done, Base + Done, Bytes - Done, CacheAttributes(Caching));
        if (!Piece)
            return NULL;
    }
    return (PVOID)(Base + Offset);
}

void MiInitializeDevices(seL4_BootInfo *BootInfo)
{
    DeviceBootInfo = BootInfo;
}
