/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool: small blocks come from pages that each hold blocks of one size (slabs), larger ones are
 * runs of pages. A page starts with a header that says what it is; a slab's header has a bit for
 * each block, so freeing a block twice, or freeing something that is not a block, is detected.
 *
 * Each block is charged to the process for which it was allocated, with its share of the page; whom
 * to return that to stands at the end of a slab, and in the header of a run. A process that has
 * much gets slabs of its own, and whole pages are charged to it: so one that frees most of its
 * blocks cannot hold pages of which it pays little.
 */
#include <dbg.h>
#include <ex.h>
#include <ke.h>
#include <mm.h>
#include <ps.h>
#include <neptune/abi.h>

#define SLAB_SIGNATURE 0x62616c53
#define RUN_SIGNATURE 0x736e7552
#define BLOCK_ALIGNMENT 16
#define MAXIMUM_RUN ((SIZE_T)16 << 20)

typedef struct DECLSPEC_ALIGN(BLOCK_ALIGNMENT) _POOL_PAGE {
    ULONG Signature;
    UCHAR Class;      /* of a slab */
    UCHAR FreeBlocks; /* of a slab */
    USHORT Owner;     /* of a slab: the index of the quota whose blocks alone are in it, or 0 */
    union {
        LIST_ENTRY Links; /* slabs of a class with free blocks */
        struct {
            SIZE_T Pages; /* of a run … */
            USHORT Payer; /* … and the index of the quota that it is charged to, or 0 */
        };
    };
    ULONG Used[4]; /* a bit for each block */
} POOL_PAGE, *PPOOL_PAGE;

static const USHORT ClassSizes[] = {32,  48,  64,  80,  96,   128,  176, 224,
                                    288, 400, 496, 672, 1008, 1344, 2016};
#define CLASSES ARRAYSIZE(ClassSizes)

typedef struct _POOL_SLABS {
    LIST_ENTRY Partial[CLASSES]; /* with free blocks */
} POOL_SLABS;

static POOL_SLABS SharedSlabs;

/* The class for so many units of BLOCK_ALIGNMENT bytes. */
static UCHAR ClassOf[2016 / BLOCK_ALIGNMENT + 1];

/* For each block its payer's quota is named, by index: from the end of the page downwards. */
#define ROOM (NEPTUNE_PAGE_SIZE - sizeof(POOL_PAGE))
#define BLOCKS(size) (ROOM / ((size) + sizeof(USHORT)))
_Static_assert(BLOCKS(32) <= 128 && BLOCKS(2016) == 2, "slab");

static void InitializeSlabs(PPOOL_SLABS Slabs)
{
    for (ULONG i = 0; i < CLASSES; i++)
        InitializeListHead(&Slabs->Partial[i]);
}

void ExInitializePool(void)
{
    ULONG Units, Class = 0;

    InitializeSlabs(&SharedSlabs);
    for (Units = 0; Units < ARRAYSIZE(ClassOf); Units++) {
        if (Units * BLOCK_ALIGNMENT > ClassSizes[Class])
            Class++;
        ClassOf[Units] = (UCHAR)Class;
    }
}

static ULONG BlocksInSlab(ULONG Class)
{
    return BLOCKS(ClassSizes[Class]);
}

/* A block's share of its page: all of them together are no more than the page. */
static ULONG ChargeOf(ULONG Class)
{
    return NEPTUNE_PAGE_SIZE / BlocksInSlab(Class);
}

static PUSHORT PayerOf(PPOOL_PAGE Slab, ULONG Index)
{
    return (PUSHORT)((PCHAR)Slab + NEPTUNE_PAGE_SIZE) - 1 - Index;
}

/* Who asks for memory now; NULL: the system. */
static PMM_QUOTA CurrentQuota(void)
{
    return KeGetCurrentThread() ? KeGetCurrentThread()->Process->Quota : NULL;
}

static USHORT IndexOf(PMM_QUOTA Quota)
{
    return Quota ? Quota->Index : 0;
}

static void Return(USHORT Payer, SIZE_T Bytes)
{
    if (Payer)
        MmReturnQuota(MmQuotaAt(Payer), Bytes);
}

static PLIST_ENTRY PartialSlabsOf(USHORT Owner, ULONG Class)
{
    if (__builtin_expect(Owner, 0))
        return &MmQuotaAt(Owner)->Slabs->Partial[Class];
    return &SharedSlabs.Partial[Class];
}

/* Owner is charged the page; NULL: it is for all. */
static PPOOL_PAGE NewSlab(ULONG Class, PMM_QUOTA Owner)
{
    PPOOL_PAGE Slab;

    if (Owner && !MmChargeQuota(Owner, NEPTUNE_PAGE_SIZE))
        return NULL;
    Slab = MmAllocateSystemPages(1);
    if (!Slab) {
        Return(IndexOf(Owner), NEPTUNE_PAGE_SIZE);
        return NULL;
    }
    Slab->Signature = SLAB_SIGNATURE;
    Slab->Class = (UCHAR)Class;
    Slab->FreeBlocks = (UCHAR)BlocksInSlab(Class);
    Slab->Owner = IndexOf(Owner);
    InsertHeadList(PartialSlabsOf(Slab->Owner, Class), &Slab->Links);
    return Slab;
}

static PPOOL_PAGE PartialSlab(PPOOL_SLABS Slabs, ULONG Class, PMM_QUOTA Owner)
{
    if (IsListEmpty(&Slabs->Partial[Class]))
        return NewSlab(Class, Owner);
    return CONTAINING_RECORD(Slabs->Partial[Class].Flink, POOL_PAGE, Links);
}

static PVOID TakeBlock(PPOOL_PAGE Slab, USHORT Payer)
{
    ULONG Word = 0, Bit;

    while (Slab->Used[Word] == MAXULONG)
        Word++;
    Bit = (ULONG)__builtin_ctz(~Slab->Used[Word]);
    Slab->Used[Word] |= 1u << Bit;
    if (!--Slab->FreeBlocks)
        RemoveEntryList(&Slab->Links);
    *PayerOf(Slab, Word * 32 + Bit) = Payer;
    return (PCHAR)(Slab + 1) + (Word * 32 + Bit) * ClassSizes[Slab->Class];
}

static PVOID Cleared(PPOOL_PAGE Slab, USHORT Payer, SIZE_T Size)
{
    return memset(TakeBlock(Slab, Payer), 0, ALIGN_UP_BY(Size, BLOCK_ALIGNMENT));
}

static __attribute__((noinline)) PVOID AllocateFromOwn(ULONG Class, SIZE_T Size, PMM_QUOTA Quota)
{
    PPOOL_PAGE Slab = PartialSlab(Quota->Slabs, Class, Quota);

    return Slab ? Cleared(Slab, 0, Size) : NULL;
}

static PVOID AllocateSmall(SIZE_T Size, PMM_QUOTA Quota)
{
    UCHAR Class = ClassOf[ALIGN_UP_BY(Size, BLOCK_ALIGNMENT) / BLOCK_ALIGNMENT];
    PPOOL_PAGE Slab;

    if (Quota && __builtin_expect(Quota->Slabs != NULL, FALSE))
        return AllocateFromOwn(Class, Size, Quota);
    if (Quota && !MmChargeQuota(Quota, ChargeOf(Class)))
        return NULL;
    Slab = PartialSlab(&SharedSlabs, Class, NULL);
    if (Slab)
        return Cleared(Slab, IndexOf(Quota), Size);
    Return(IndexOf(Quota), ChargeOf(Class));
    return NULL;
}

static PVOID AllocateRun(SIZE_T Size, PMM_QUOTA Quota, PVOID (*AllocatePages)(SIZE_T Pages))
{
    SIZE_T Pages = (Size + sizeof(POOL_PAGE) + NEPTUNE_PAGE_SIZE - 1) / NEPTUNE_PAGE_SIZE;
    USHORT Payer = IndexOf(Quota);
    PPOOL_PAGE Run;

    if (Size > MAXIMUM_RUN || (Quota && !MmChargeQuota(Quota, Pages * NEPTUNE_PAGE_SIZE)))
        return NULL;
    Run = AllocatePages(Pages);
    if (!Run) {
        Return(Payer, Pages * NEPTUNE_PAGE_SIZE);
        return NULL;
    }
    Run->Signature = RUN_SIGNATURE;
    Run->Pages = Pages;
    Run->Payer = Payer;
    return Run + 1;
}

static inline PVOID Allocate(SIZE_T Size, PMM_QUOTA Quota, PVOID (*AllocatePages)(SIZE_T Pages))
{
    if (Size <= ClassSizes[CLASSES - 1])
        return AllocateSmall(Size, Quota);
    return AllocateRun(Size, Quota, AllocatePages);
}

PVOID ExAllocatePool(SIZE_T Size)
{
    return Allocate(Size, CurrentQuota(), MmAllocateSystemPages);
}

PVOID ExAllocatePoolFor(PEPROCESS Payer, SIZE_T Size)
{
    return Allocate(Size, Payer ? Payer->Quota : NULL, MmAllocateSystemPages);
}

PVOID ExAllocatePoolGivingWay(SIZE_T Size)
{
    return Allocate(Size, CurrentQuota(), MmAllocateSystemPagesGivingWay);
}

/* The index of whom the block was charged to; 0: nobody, or the owner of the page. */
static USHORT FreeBlock(PPOOL_PAGE Slab, PVOID Memory)
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
        InsertHeadList(PartialSlabsOf(Slab->Owner, Slab->Class), &Slab->Links);
    return *PayerOf(Slab, Index);
}

static BOOLEAN IsEmpty(PPOOL_PAGE Slab)
{
    return Slab->FreeBlocks == BlocksInSlab(Slab->Class);
}

/* It may free the owner's quota. */
static void FreeSlab(PPOOL_PAGE Slab)
{
    USHORT Owner = Slab->Owner;

    RemoveEntryList(&Slab->Links);
    MmFreeSystemPages(Slab, 1);
    Return(Owner, NEPTUNE_PAGE_SIZE);
}

/* One empty slab of a size is kept, the last in its list, so that no allocation and release in turn
 * take and give back a page each time. What an ended process has left is not used again. */
static void TrimSlab(PPOOL_PAGE Slab)
{
    PLIST_ENTRY List;
    PPOOL_PAGE Last;
    BOOLEAN Keep;

    if (!IsEmpty(Slab))
        return;
    List = PartialSlabsOf(Slab->Owner, Slab->Class);
    Last = CONTAINING_RECORD(List->Blink, POOL_PAGE, Links);
    Keep = !Slab->Owner || MmQuotaAt(Slab->Owner)->Process;
    if (Keep && Last == Slab)
        return;
    if (!Keep || IsEmpty(Last)) {
        FreeSlab(Slab);
        return;
    }
    RemoveEntryList(&Slab->Links);
    InsertTailList(List, &Slab->Links);
}

PPOOL_SLABS ExCreateSlabs(void)
{
    PPOOL_SLABS Slabs = ExAllocatePoolFor(NULL, sizeof(*Slabs));

    if (Slabs)
        InitializeSlabs(Slabs);
    return Slabs;
}

void ExTrimSlabs(PPOOL_SLABS Slabs)
{
    for (ULONG i = 0; i < CLASSES; i++) {
        PPOOL_PAGE Last = CONTAINING_RECORD(Slabs->Partial[i].Blink, POOL_PAGE, Links);

        if (!IsListEmpty(&Slabs->Partial[i]) && IsEmpty(Last))
            FreeSlab(Last);
    }
}

static void FreeSmall(PPOOL_PAGE Slab, PVOID Memory)
{
    ULONG Charge = ChargeOf(Slab->Class);
    USHORT Payer = FreeBlock(Slab, Memory);

    TrimSlab(Slab);
    Return(Payer, Charge); /* last: it may free the quota */
}

static void FreeRun(PPOOL_PAGE Run, void (*FreePages)(PVOID Base, SIZE_T Pages))
{
    SIZE_T Pages = Run->Pages;
    USHORT Payer = Run->Payer;

    Run->Signature = 0;
    FreePages(Run, Pages);
    Return(Payer, Pages * NEPTUNE_PAGE_SIZE);
}

void ExFreePool(PVOID Memory)
{
    PPOOL_PAGE Page = (PPOOL_PAGE)ALIGN_DOWN_BY(Memory, NEPTUNE_PAGE_SIZE);

    if (!Memory)
        return;
    if (Page->Signature == SLAB_SIGNATURE)
        FreeSmall(Page, Memory);
    else if (Page->Signature == RUN_SIGNATURE && Memory == Page + 1)
        FreeRun(Page, MmFreeSystemPages);
    else
        KeBugCheck("pool: what was freed is no block");
}

/* What a client has made large: others run meanwhile. */
void ExFreePoolGivingWay(PVOID Memory)
{
    PPOOL_PAGE Page = (PPOOL_PAGE)ALIGN_DOWN_BY(Memory, NEPTUNE_PAGE_SIZE);

    if (!Memory || Page->Signature != RUN_SIGNATURE || Memory != Page + 1)
        ExFreePool(Memory);
    else
        FreeRun(Page, MmFreeSystemPagesGivingWay);
}
