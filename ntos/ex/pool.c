/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool: small blocks come from pages that each hold blocks of one size (slabs), larger ones are
 * runs of pages. A page starts with a header that says what it is; a slab's header has a bit for
 * each block, so freeing a block twice, or freeing something that is not a block, is detected.
 */
#include <dbg.h>
#include <ex.h>
#include <ke.h>
#include <mm.h>
#include <neptune/abi.h>

#define SLAB_SIGNATURE 0x62616c53
#define RUN_SIGNATURE 0x736e7552
#define BLOCK_ALIGNMENT 16
#define MAXIMUM_RUN ((SIZE_T)16 << 20)

typedef struct DECLSPEC_ALIGN(BLOCK_ALIGNMENT) _POOL_PAGE {
    ULONG Signature;
    USHORT Class;
    USHORT FreeBlocks;
    union {
        LIST_ENTRY Links; /* slabs of a class with free blocks */
        SIZE_T Pages;     /* of a run */
    };
    ULONG Used[4]; /* a bit for each block */
} POOL_PAGE, *PPOOL_PAGE;

static const USHORT ClassSizes[] = {32,  48,  64,  80,  96,   128,  176, 224,
                                    288, 400, 496, 672, 1008, 1344, 2016};
#define CLASSES ARRAYSIZE(ClassSizes)

static LIST_ENTRY PartialSlabs[CLASSES];

/* The class for so many units of BLOCK_ALIGNMENT bytes. */
static UCHAR ClassOf[2016 / BLOCK_ALIGNMENT + 1];

#define ROOM (NEPTUNE_PAGE_SIZE - sizeof(POOL_PAGE))
_Static_assert(ROOM / 32 <= 128 && ROOM >= 2 * 2016, "slab");

void ExInitializePool(void)
{
    ULONG i, Units, Class = 0;

    for (i = 0; i < CLASSES; i++)
        InitializeListHead(&PartialSlabs[i]);
    for (Units = 0; Units < ARRAYSIZE(ClassOf); Units++) {
        if (Units * BLOCK_ALIGNMENT > ClassSizes[Class])
            Class++;
        ClassOf[Units] = (UCHAR)Class;
    }
}

static ULONG BlocksInSlab(ULONG Class)
{
    return ROOM / ClassSizes[Class];
}

static PPOOL_PAGE NewSlab(ULONG Class)
{
    PPOOL_PAGE Slab = MmAllocateSystemPages(1);

    if (!Slab)
        return NULL;
    Slab->Signature = SLAB_SIGNATURE;
    Slab->Class = (USHORT)Class;
    Slab->FreeBlocks = (USHORT)BlocksInSlab(Class);
    InsertHeadList(&PartialSlabs[Class], &Slab->Links);
    return Slab;
}

static PPOOL_PAGE PartialSlab(ULONG Class)
{
    if (IsListEmpty(&PartialSlabs[Class]))
        return NewSlab(Class);
    return CONTAINING_RECORD(PartialSlabs[Class].Flink, POOL_PAGE, Links);
}

static PVOID TakeBlock(PPOOL_PAGE Slab)
{
    ULONG Word = 0, Bit;

    while (Slab->Used[Word] == MAXULONG)
        Word++;
    Bit = (ULONG)__builtin_ctz(~Slab->Used[Word]);
    Slab->Used[Word] |= 1u << Bit;
    if (!--Slab->FreeBlocks)
        RemoveEntryList(&Slab->Links);
    return (PCHAR)(Slab + 1) + (Word * 32 + Bit) * ClassSizes[Slab->Class];
}

static PVOID AllocateSmall(SIZE_T Size)
{
    PPOOL_PAGE Slab = PartialSlab(ClassOf[ALIGN_UP_BY(Size, BLOCK_ALIGNMENT) / BLOCK_ALIGNMENT]);

    return Slab ? memset(TakeBlock(Slab), 0, ALIGN_UP_BY(Size, BLOCK_ALIGNMENT)) : NULL;
}

static PVOID AllocateRun(SIZE_T Size, PVOID (*AllocatePages)(SIZE_T Pages))
{
    SIZE_T Pages = (Size + sizeof(POOL_PAGE) + NEPTUNE_PAGE_SIZE - 1) / NEPTUNE_PAGE_SIZE;
    PPOOL_PAGE Run = Size <= MAXIMUM_RUN ? AllocatePages(Pages) : NULL;

    if (!Run)
        return NULL;
    Run->Signature = RUN_SIGNATURE;
    Run->Pages = Pages;
    return Run + 1;
}

PVOID ExAllocatePool(SIZE_T Size)
{
    if (Size <= ClassSizes[CLASSES - 1])
        return AllocateSmall(Size);
    return AllocateRun(Size, MmAllocateSystemPages);
}

PVOID ExAllocatePoolGivingWay(SIZE_T Size)
{
    if (Size <= ClassSizes[CLASSES - 1])
        return AllocateSmall(Size);
    return AllocateRun(Size, MmAllocateSystemPagesGivingWay);
}

static void FreeBlock(PPOOL_PAGE Slab, PVOID Memory)
{
    ULONG Offset = (ULONG)((PCHAR)Memory - (PCHAR)(Slab + 1)), Size = ClassSizes[Slab->Class];
    ULONG Index = Offset / Size, Bit = 1u << Index % 32;

    if (Offset % Size || !(Slab->Used[Index / 32] & Bit))
        KeBugCheck("pool: a block was freed that is free");
#if DBG
    memset(Memory, 0xdd, Size);
#endif
    Slab->Used[Index / 32] &= ~Bit;
    if (!Slab->FreeBlocks++)
        InsertHeadList(&PartialSlabs[Slab->Class], &Slab->Links);
}

static BOOLEAN IsEmpty(PPOOL_PAGE Slab)
{
    return Slab->FreeBlocks == BlocksInSlab(Slab->Class);
}

/* One empty slab of a size is kept, the last in its list, so that no allocation and release in turn
 * take and give back a page each time. */
static void TrimSlab(PPOOL_PAGE Slab)
{
    PLIST_ENTRY List = &PartialSlabs[Slab->Class];
    PPOOL_PAGE Last = CONTAINING_RECORD(List->Blink, POOL_PAGE, Links);

    if (!IsEmpty(Slab) || Last == Slab)
        return;
    RemoveEntryList(&Slab->Links);
    if (IsEmpty(Last))
        MmFreeSystemPages(Slab, 1);
    else
        InsertTailList(List, &Slab->Links);
}

void ExFreePool(PVOID Memory)
{
    PPOOL_PAGE Page = (PPOOL_PAGE)ALIGN_DOWN_BY(Memory, NEPTUNE_PAGE_SIZE);

    if (!Memory)
        return;
    if (Page->Signature == SLAB_SIGNATURE) {
        FreeBlock(Page, Memory);
        TrimSlab(Page);
    } else if (Page->Signature == RUN_SIGNATURE && Memory == Page + 1) {
        Page->Signature = 0;
        MmFreeSystemPages(Page, Page->Pages);
    } else {
        KeBugCheck("pool: what was freed is no block");
    }
}

/* What a client has made large: others run meanwhile. */
void ExFreePoolGivingWay(PVOID Memory)
{
    PPOOL_PAGE Page = (PPOOL_PAGE)ALIGN_DOWN_BY(Memory, NEPTUNE_PAGE_SIZE);

    if (!Memory || Page->Signature != RUN_SIGNATURE || Memory != Page + 1) {
        ExFreePool(Memory);
        return;
    }
    Page->Signature = 0;
    MmFreeSystemPagesGivingWay(Page, Page->Pages);
}
