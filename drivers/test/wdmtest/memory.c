/* SPDX-License-Identifier: BSD-2-Clause */
/* Pool, lists, lookaside lists, MDLs, IRQL. */
#include "wdmtest.h"

VOID TestPool(VOID)
{
    static PUCHAR Blocks[64];
    PVOID Page = ExAllocatePoolWithTag(NonPagedPool, PAGE_SIZE, 'tseT');

    CHECK(Page && ((ULONG_PTR)Page & (PAGE_SIZE - 1)) == 0);
    for (ULONG i = 0; i < 64; i++) {
        Blocks[i] = ExAllocatePoolWithTag(PagedPool, i * 97, 'tseT');
        CHECK(Blocks[i] && ((ULONG_PTR)Blocks[i] & 15) == 0);
        RtlFillMemory(Blocks[i], i * 97, (UCHAR)i);
    }
    for (ULONG i = 0; i < 64; i++) {
        BOOLEAN Same = TRUE;

        for (ULONG j = 0; j < i * 97; j++)
            Same = Same && Blocks[i][j] == (UCHAR)i;
        CHECK(Same);
        ExFreePoolWithTag(Blocks[i], 'tseT');
    }
    RtlFillMemory(Page, PAGE_SIZE, 1);
    ExFreePool(Page);
    CHECK(ExAllocatePoolWithTag(NonPagedPool, MAXLONG_PTR, 'tseT') == NULL);
    CHECK(ExAllocatePoolWithTag(NonPagedPool, ~(SIZE_T)0, 'tseT') == NULL);
}

VOID TestLists(VOID)
{
    DECLSPEC_ALIGN(16) static SLIST_HEADER Head;
    DECLSPEC_ALIGN(16) static struct {
        DECLSPEC_ALIGN(16) SLIST_ENTRY Entry;
    } Singles[3];
    LIST_ENTRY List, Doubles[2];
    KSPIN_LOCK Lock;

    InitializeSListHead(&Head);
    for (int i = 0; i < 3; i++)
        ExInterlockedPushEntrySList(&Head, &Singles[i].Entry, NULL);
    CHECK(ExQueryDepthSList(&Head) == 3);
    CHECK(ExInterlockedPopEntrySList(&Head, NULL) == &Singles[2].Entry);
    CHECK(ExInterlockedFlushSList(&Head) == &Singles[1].Entry && ExQueryDepthSList(&Head) == 0);
    CHECK(ExInterlockedPopEntrySList(&Head, NULL) == NULL);

    InitializeListHead(&List);
    KeInitializeSpinLock(&Lock);
    CHECK(ExInterlockedInsertTailList(&List, &Doubles[0], &Lock) == NULL);
    CHECK(ExInterlockedInsertHeadList(&List, &Doubles[1], &Lock) == &Doubles[0]);
    CHECK(ExInterlockedRemoveHeadList(&List, &Lock) == &Doubles[1]);
    CHECK(ExInterlockedRemoveHeadList(&List, &Lock) == &Doubles[0]);
    CHECK(ExInterlockedRemoveHeadList(&List, &Lock) == NULL);
}

VOID TestLookasideLists(VOID)
{
    DECLSPEC_ALIGN(64) static NPAGED_LOOKASIDE_LIST List;
    PVOID Blocks[20];

    ExInitializeNPagedLookasideList(&List, NULL, NULL, 0, 40, 'tseT', 0);
    for (int Round = 0; Round < 2; Round++) {
        for (int i = 0; i < 20; i++) {
            Blocks[i] = ExAllocateFromNPagedLookasideList(&List);
            CHECK(Blocks[i]);
        }
        for (int i = 0; i < 20; i++)
            ExFreeToNPagedLookasideList(&List, Blocks[i]);
    }
    CHECK(List.L.AllocateMisses < List.L.TotalAllocates);
    ExDeleteNPagedLookasideList(&List);
}

VOID TestMdls(VOID)
{
    static UCHAR Buffer[10000];
    PMDL Mdl = IoAllocateMdl(Buffer + 3, 9000, FALSE, FALSE, NULL);
    PMDL Partial = IoAllocateMdl(Buffer + 3, 9000, FALSE, FALSE, NULL);

    CHECK(MmGetMdlByteCount(Mdl) == 9000 && MmGetMdlVirtualAddress(Mdl) == Buffer + 3);
    MmBuildMdlForNonPagedPool(Mdl);
    CHECK(MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority) == Buffer + 3);
    IoBuildPartialMdl(Mdl, Partial, Buffer + 503, 100);
    CHECK(MmGetSystemAddressForMdlSafe(Partial, NormalPagePriority) == Buffer + 503);
    CHECK(MmGetMdlByteCount(Partial) == 100);
    IoFreeMdl(Partial);
    IoFreeMdl(Mdl);
}

/* The DDK's macros read KUSER_SHARED_DATA at its address in the Windows kernel. */
VOID TestClocks(VOID)
{
    LARGE_INTEGER Interval = {.QuadPart = -500000}, Before, After, Ticks, MoreTicks;
    ULONGLONG Start;

    KeQuerySystemTime(&Before);
    KeQueryTickCount(&Ticks);
    Start = KeQueryInterruptTime();
    KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    KeQuerySystemTime(&After);
    KeQueryTickCount(&MoreTicks);
    CHECK(After.QuadPart - Before.QuadPart >= 400000);
    CHECK(KeQueryInterruptTime() - Start >= 400000);
    CHECK(MoreTicks.QuadPart > Ticks.QuadPart);
}

/* Inline accesses of the DDK (CR8, carried out by the Executive) and exported routines agree. */
VOID TestIrql(VOID)
{
    LARGE_INTEGER Before, After;
    FAST_MUTEX Mutex;
    KIRQL Old;

    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    KeRaiseIrql(APC_LEVEL, &Old);
    CHECK(Old == PASSIVE_LEVEL && KeGetCurrentIrql() == APC_LEVEL);
    KeLowerIrql(Old);
    ExInitializeFastMutex(&Mutex);
    ExAcquireFastMutex(&Mutex);
    CHECK(KeGetCurrentIrql() == APC_LEVEL);
    CHECK(!ExTryToAcquireFastMutex(&Mutex));
    ExReleaseFastMutex(&Mutex);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    Before = KeQueryPerformanceCounter(&After);
    CHECK(After.QuadPart > 0);
    KeStallExecutionProcessor(2000);
    After.QuadPart =
        (KeQueryPerformanceCounter(NULL).QuadPart - Before.QuadPart) * 1000000 / After.QuadPart;
    CHECK(After.QuadPart >= 2000);
}
