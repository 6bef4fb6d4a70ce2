/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pool, on the process heap. Every block has a header that tells its size and tag, so that a bad or
 * second free is found; blocks of a page and more are page-aligned, as drivers may expect, and come
 * from the Executive directly. In debug builds new memory is filled with a pattern, and so is freed
 * memory; a pattern behind each block shows whether it was overrun.
 */
#include "idtree.h"
#include "ki.h"
#include "ntdll.h"
#include "verifier.h"

#define EX_POOL_LIVE 0x6C6F6F50  /* "Pool" */
#define EX_POOL_FREE 0x65657246  /* "Free" */
#define EX_POOL_LIMIT 0x10000000 /* bytes in one block */

#define EX_POOL_TAIL 0xFD
#define EX_POOL_TAIL_LENGTH (DBG ? 16 : 0)

typedef struct DECLSPEC_ALIGN(16) _POOL_HEADER {
#if DBG
    LIST_ENTRY Links; /* ExpPoolBlocks */
    PVOID Caller;     /* who has allocated it */
#endif
    ULONG Mark;
    ULONG Tag;
    SIZE_T Size;
} POOL_HEADER, *PPOOL_HEADER;

/* A block of whole pages has its header elsewhere. */
typedef struct _POOL_PAGES {
    WDM_ID_NODE Node; /* by Base */
    PVOID Base;
    SIZE_T Size;
    ULONG Tag;
} POOL_PAGES, *PPOOL_PAGES;

static RTL_AVL_TREE ExpPoolPages;

#if DBG

static LIST_ENTRY ExpPoolBlocks = {&ExpPoolBlocks, &ExpPoolBlocks};
static KSPIN_LOCK ExpPoolLock;

static VOID ExpNoteBlock(PPOOL_HEADER Header, PVOID Caller)
{
    Header->Caller = Caller;
    KiAcquireLock(&ExpPoolLock);
    InsertTailList(&ExpPoolBlocks, &Header->Links);
    KiReleaseLock(&ExpPoolLock);
}

static VOID ExpForgetBlock(PPOOL_HEADER Header)
{
    PUCHAR Tail = (PUCHAR)(Header + 1) + Header->Size;

    for (ULONG i = 0; i < EX_POOL_TAIL_LENGTH; i++)
        if (Tail[i] != EX_POOL_TAIL)
            KeBugCheckEx(SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION, (ULONG_PTR)(Header + 1),
                         (ULONG_PTR)(Tail + i), Header->Tag, 0x24);
    KiAcquireLock(&ExpPoolLock);
    RemoveEntryList(&Header->Links);
    KiReleaseLock(&ExpPoolLock);
}

VOID ExReportLeaks(PUNICODE_STRING Driver, PVOID Base, SIZE_T Size)
{
    for (PLIST_ENTRY Entry = ExpPoolBlocks.Flink; Entry != &ExpPoolBlocks; Entry = Entry->Flink) {
        PPOOL_HEADER Header = CONTAINING_RECORD(Entry, POOL_HEADER, Links);

        if ((SIZE_T)((PUCHAR)Header->Caller - (PUCHAR)Base) < Size)
            DbgPrint("*** %wZ has not freed %u bytes of pool at %p, tag %.4s, allocated at +0x%x\n",
                     Driver, (ULONG)Header->Size, Header + 1, (PCSTR)&Header->Tag,
                     (ULONG)((PUCHAR)Header->Caller - (PUCHAR)Base));
    }
}

#else

static VOID ExpNoteBlock(PPOOL_HEADER Header, PVOID Caller)
{
}

static VOID ExpForgetBlock(PPOOL_HEADER Header)
{
}

#endif

static PVOID ExpAllocate(SIZE_T Size, ULONG Tag, PVOID Caller)
{
    PPOOL_HEADER Header =
        RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Header) + Size + EX_POOL_TAIL_LENGTH);

    if (!Header)
        return NULL;
    if (DBG)
        RtlFillMemory((PUCHAR)(Header + 1) + Size, EX_POOL_TAIL_LENGTH, EX_POOL_TAIL);
    ExpNoteBlock(Header, Caller);
    Header->Mark = EX_POOL_LIVE;
    Header->Tag = Tag;
    Header->Size = Size;
    return Header + 1;
}

static PVOID ExpAllocatePages(SIZE_T Size, ULONG Tag, PVOID Caller)
{
    PPOOL_PAGES Pages = ExpAllocate(sizeof(*Pages), 'egaP', Caller);

    if (!Pages)
        return NULL;
    Pages->Base = NULL;
    Pages->Size = Size;
    Pages->Tag = Tag;
    if (!NT_SUCCESS(ZwAllocateVirtualMemory(NtCurrentProcess(), &Pages->Base, 0, &Pages->Size,
                                            MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE))) {
        ExFreePoolWithTag(Pages, 'egaP');
        return NULL;
    }
    WdmInsertId(&ExpPoolPages, &Pages->Node, (ULONG_PTR)Pages->Base);
    return Pages->Base;
}

/* Frees the whole-page block at Base; FALSE if it is not one. */
static BOOLEAN ExpFreePages(PVOID Base)
{
    PWDM_ID_NODE Node = WdmFindId(&ExpPoolPages, (ULONG_PTR)Base);
    SIZE_T Size = 0;

    if (!Node)
        return FALSE;
    WdmRemoveId(&ExpPoolPages, Node);
    ZwFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
    ExFreePoolWithTag(CONTAINING_RECORD(Node, POOL_PAGES, Node), 'egaP');
    return TRUE;
}

static PVOID ExpAllocateFor(PVOID Caller, POOL_TYPE PoolType, SIZE_T Size, ULONG Tag)
{
    PVOID Block = NULL;

    if (Size <= EX_POOL_LIMIT)
        Block = (Size < PAGE_SIZE) ? ExpAllocate(Size, Tag, Caller)
                                   : ExpAllocatePages(Size, Tag, Caller);
    if (!Block && (PoolType & POOL_RAISE_IF_ALLOCATION_FAILURE))
        ExRaiseStatus(STATUS_INSUFFICIENT_RESOURCES);
    if (DBG && Block)
        RtlFillMemory(Block, Size, 0xCD);
    return Block;
}

/* ExAllocatePoolWithTag: all pool types are the same memory. NULL when there is none. */
PVOID NTAPI ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T Size, ULONG Tag)
{
    KI_VERIFY_IRQL(PoolType & PagedPool ? APC_LEVEL : DISPATCH_LEVEL);
    return ExpAllocateFor(__builtin_return_address(0), PoolType, Size, Tag);
}

PVOID NTAPI ExAllocatePool(POOL_TYPE PoolType, SIZE_T Size)
{
    KI_VERIFY_IRQL(PoolType & PagedPool ? APC_LEVEL : DISPATCH_LEVEL);
    return ExpAllocateFor(__builtin_return_address(0), PoolType, Size, 'enoN');
}

PVOID NTAPI ExAllocatePoolWithQuotaTag(POOL_TYPE PoolType, SIZE_T Size, ULONG Tag)
{
    if (PoolType & POOL_QUOTA_FAIL_INSTEAD_OF_RAISE)
        return ExAllocatePoolWithTag(PoolType & ~POOL_QUOTA_FAIL_INSTEAD_OF_RAISE, Size, Tag);
    return ExAllocatePoolWithTag(PoolType | POOL_RAISE_IF_ALLOCATION_FAILURE, Size, Tag);
}

PVOID NTAPI ExAllocatePoolWithQuota(POOL_TYPE PoolType, SIZE_T Size)
{
    return ExAllocatePoolWithQuotaTag(PoolType, Size, 'enoN');
}

PVOID NTAPI ExAllocatePoolWithTagPriority(POOL_TYPE PoolType, SIZE_T Size, ULONG Tag,
                                          EX_POOL_PRIORITY Priority)
{
    return ExAllocatePoolWithTag(PoolType, Size, Tag);
}

/*
 * ExAllocatePool2: flags POOL_FLAG_UNINITIALIZED 2 and POOL_FLAG_RAISE_ON_FAILURE 0x20 matter;
 * zeroes by default.
 */
PVOID NTAPI ExAllocatePool2(ULONG64 Flags, SIZE_T Size, ULONG Tag)
{
    PVOID Block = ExpAllocateFor(__builtin_return_address(0),
                                 (Flags & 0x20) ? POOL_RAISE_IF_ALLOCATION_FAILURE : 0, Size, Tag);

    if (Block && !(Flags & 2))
        RtlZeroMemory(Block, Size);
    return Block;
}

/* ExAllocatePool3: STATUS_INVALID_PARAMETER's NULL for a required parameter that is not known. */
PVOID NTAPI ExAllocatePool3(ULONG64 Flags, SIZE_T Size, ULONG Tag, const VOID *Parameters,
                            ULONG Count)
{
    const UINT64 *Parameter = Parameters; /* type 0..7, optional bit 8, then a value */

    for (ULONG i = 0; i < Count; i++, Parameter += 2) {
        if (!(*Parameter & 0x100) && (*Parameter & 0xFF) != 1) /* 1: a priority */
            return NULL;
    }
    return ExAllocatePool2(Flags, Size, Tag);
}

/* What ntdll has allocated for a driver, such as the buffer of a string. FALSE: it is no block. */
static BOOLEAN ExpFreeHeapBlock(PVOID Block)
{
    return RtlValidateHeap(RtlProcessHeap(), 0, Block) && RtlFreeHeap(RtlProcessHeap(), 0, Block);
}

/* ExFreePoolWithTag: a block that is not allocated is bug check BAD_POOL_CALLER. */
VOID NTAPI ExFreePoolWithTag(PVOID Block, ULONG Tag)
{
    PPOOL_HEADER Header = (PPOOL_HEADER)Block - 1;

    KI_VERIFY_IRQL(DISPATCH_LEVEL);
    if (((ULONG_PTR)Block & (PAGE_SIZE - 1)) == 0 && ExpFreePages(Block))
        return;
    if (Header->Mark != EX_POOL_LIVE && ExpFreeHeapBlock(Block))
        return;
    if (Header->Mark != EX_POOL_LIVE)
        KeBugCheckEx(BAD_POOL_CALLER, 7, Header->Mark == EX_POOL_FREE, Tag, (ULONG_PTR)Block);
    ExpForgetBlock(Header);
    Header->Mark = EX_POOL_FREE;
    if (DBG)
        RtlFillMemory(Block, Header->Size, 0xDD);
    RtlFreeHeap(RtlProcessHeap(), 0, Header);
}

VOID NTAPI ExFreePool(PVOID Block)
{
    ExFreePoolWithTag(Block, 0);
}

/* ExFreePool2: no extended parameter is known. */
VOID NTAPI ExFreePool2(PVOID Block, ULONG Tag, const VOID *Parameters, ULONG Count)
{
    ExFreePoolWithTag(Block, Tag);
}

/* ExQueryPoolBlockSize: the size of the pages of a block of pages, else what was asked for. */
SIZE_T NTAPI ExQueryPoolBlockSize(PVOID Block, PBOOLEAN QuotaCharged)
{
    PWDM_ID_NODE Node = WdmFindId(&ExpPoolPages, (ULONG_PTR)Block);

    *QuotaCharged = FALSE;
    return Node ? CONTAINING_RECORD(Node, POOL_PAGES, Node)->Size : ((PPOOL_HEADER)Block - 1)->Size;
}
