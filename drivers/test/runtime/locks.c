/* SPDX-License-Identifier: BSD-2-Clause */
/* Resources, push locks, rundown protection, spin locks that may be shared. */
#include "runtime.h"

static ERESOURCE Lock;
static ULONG Order[8], Turns;
static KEVENT Go;

static VOID TestExclusive(VOID)
{
    CHECK(ExAcquireResourceExclusiveLite(&Lock, FALSE));
    CHECK(ExIsResourceAcquiredExclusiveLite(&Lock));
    CHECK(ExIsResourceAcquiredSharedLite(&Lock) == 1);
    CHECK(ExAcquireResourceExclusiveLite(&Lock, FALSE));
    CHECK(ExAcquireResourceSharedLite(&Lock, FALSE)); /* counts as exclusive */
    CHECK(ExIsResourceAcquiredSharedLite(&Lock) == 3);
    ExReleaseResourceLite(&Lock);
    ExReleaseResourceLite(&Lock);
    CHECK(ExIsResourceAcquiredExclusiveLite(&Lock));
    ExReleaseResourceLite(&Lock);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Lock));
    CHECK(ExIsResourceAcquiredSharedLite(&Lock) == 0);
}

static VOID TestShared(VOID)
{
    CHECK(ExAcquireResourceSharedLite(&Lock, FALSE));
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Lock));
    CHECK(ExAcquireResourceSharedLite(&Lock, FALSE));
    CHECK(ExAcquireSharedStarveExclusive(&Lock, FALSE));
    CHECK(ExAcquireSharedWaitForExclusive(&Lock, FALSE));
    CHECK(ExIsResourceAcquiredSharedLite(&Lock) == 4);
    CHECK(!ExAcquireResourceExclusiveLite(&Lock, FALSE));
    for (int i = 0; i < 4; i++)
        ExReleaseResourceLite(&Lock);
    CHECK(ExIsResourceAcquiredSharedLite(&Lock) == 0);
    CHECK(ExAcquireResourceExclusiveLite(&Lock, FALSE));
    ExConvertExclusiveToSharedLite(&Lock);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Lock));
    CHECK(ExIsResourceAcquiredSharedLite(&Lock) == 1);
    ExReleaseResourceLite(&Lock);
}

/* The owner is a pointer, not a thread. */
static VOID TestOwnerPointer(VOID)
{
    PVOID Owner = (PVOID)((ULONG_PTR)&Order | 3);

    ExAcquireResourceSharedLite(&Lock, TRUE);
    ExSetResourceOwnerPointer(&Lock, Owner);
    CHECK(ExIsResourceAcquiredSharedLite(&Lock) == 0);
    CHECK(!ExAcquireResourceExclusiveLite(&Lock, FALSE));
    ExReleaseResourceForThreadLite(&Lock, (ERESOURCE_THREAD)Owner);
    CHECK(ExAcquireResourceExclusiveLite(&Lock, FALSE));
    ExSetResourceOwnerPointer(&Lock, Owner);
    CHECK(!ExIsResourceAcquiredExclusiveLite(&Lock));
    CHECK(!ExAcquireResourceSharedLite(&Lock, FALSE));
    ExReleaseResourceForThreadLite(&Lock, (ERESOURCE_THREAD)Owner);
    CHECK(ExAcquireResourceSharedLite(&Lock, FALSE));
    ExReleaseResourceForThreadLite(&Lock, ExGetCurrentResourceThread());
}

VOID TestResources(VOID)
{
    CHECK_STATUS(ExInitializeResourceLite(&Lock), STATUS_SUCCESS);
    TestExclusive();
    TestShared();
    TestOwnerPointer();
    CHECK_STATUS(ExReinitializeResourceLite(&Lock), STATUS_SUCCESS);
    ExEnterCriticalRegionAndAcquireResourceExclusive(&Lock);
    CHECK(ExIsResourceAcquiredExclusiveLite(&Lock) && KeAreApcsDisabled());
    ExReleaseResourceAndLeaveCriticalRegion(&Lock);
    CHECK(!KeAreApcsDisabled());
    ExEnterCriticalRegionAndAcquireResourceShared(&Lock);
    CHECK(ExIsResourceAcquiredSharedLite(&Lock) == 1 && KeAreApcsDisabled());
    ExReleaseResourceAndLeaveCriticalRegion(&Lock);
    CHECK(ExGetExclusiveWaiterCount(&Lock) == 0 && ExGetSharedWaiterCount(&Lock) == 0);
    CHECK_STATUS(ExDeleteResourceLite(&Lock), STATUS_SUCCESS);
}

static VOID NTAPI WriterThread(PVOID Context)
{
    ExAcquireResourceExclusiveLite(&Lock, TRUE);
    Order[Turns++] = (ULONG)(ULONG_PTR)Context;
    ExReleaseResourceLite(&Lock);
}

static VOID NTAPI ReaderThread(PVOID Context)
{
    ExAcquireResourceSharedLite(&Lock, TRUE);
    Order[Turns++] = (ULONG)(ULONG_PTR)Context;
    KeWaitForSingleObject(&Go, Executive, KernelMode, FALSE, NULL);
    ExReleaseResourceLite(&Lock);
}

static VOID NTAPI StarvingThread(PVOID Context)
{
    ExAcquireSharedStarveExclusive(&Lock, TRUE);
    Order[Turns++] = (ULONG)(ULONG_PTR)Context;
    ExReleaseResourceLite(&Lock);
}

static VOID NTAPI TryingThread(PVOID Context)
{
    CHECK(!ExAcquireResourceSharedLite(&Lock, FALSE));
    CHECK(!ExAcquireResourceExclusiveLite(&Lock, FALSE));
    CHECK(!ExAcquireSharedStarveExclusive(&Lock, FALSE));
    CHECK(!ExAcquireSharedWaitForExclusive(&Lock, FALSE));
}

/* While it is owned exclusively: after that all readers at once, then the writer. */
static VOID TestWaitsBehindWriter(VOID)
{
    PKTHREAD Threads[4];

    ExAcquireResourceExclusiveLite(&Lock, TRUE);
    Join(Start(TryingThread, NULL));
    Threads[0] = Start(WriterThread, (PVOID)1);
    Threads[1] = Start(ReaderThread, (PVOID)2);
    Threads[2] = Start(ReaderThread, (PVOID)3);
    Sleep(20);
    CHECK(ExGetExclusiveWaiterCount(&Lock) == 1 && ExGetSharedWaiterCount(&Lock) == 2);
    CHECK(Turns == 0);
    ExReleaseResourceLite(&Lock);
    Sleep(20);
    CHECK(Turns == 2 && Order[0] == 2 && Order[1] == 3);
    CHECK(ExGetExclusiveWaiterCount(&Lock) == 1 && ExGetSharedWaiterCount(&Lock) == 0);
    KeSetEvent(&Go, 0, FALSE);
    for (int i = 0; i < 3; i++)
        Join(Threads[i]);
    CHECK(Turns == 3 && Order[2] == 1);
}

/* While it is shared and a writer waits: others wait behind that, or do not. */
static VOID TestWaitsBehindReader(VOID)
{
    PKTHREAD Writer, Reader;

    Turns = 0;
    ExAcquireResourceSharedLite(&Lock, TRUE);
    Writer = Start(WriterThread, (PVOID)1);
    Sleep(20);
    CHECK(ExGetExclusiveWaiterCount(&Lock) == 1);
    Reader = Start(ReaderThread, (PVOID)2);
    Sleep(20);
    CHECK(Turns == 0 && ExGetSharedWaiterCount(&Lock) == 1);
    Join(Start(StarvingThread, (PVOID)3));
    CHECK(Turns == 1 && Order[0] == 3);
    CHECK(ExAcquireResourceSharedLite(&Lock, FALSE)); /* it has it already */
    CHECK(!ExAcquireSharedWaitForExclusive(&Lock, FALSE));
    ExReleaseResourceLite(&Lock);
    ExReleaseResourceLite(&Lock);
    Join(Writer);
    Join(Reader);
    CHECK(Turns == 3 && Order[1] == 1 && Order[2] == 2);
}

static VOID NTAPI OwningThread(PVOID Context)
{
    ExAcquireResourceSharedLite(&Lock, TRUE);
    KeWaitForSingleObject(Context, Executive, KernelMode, FALSE, NULL);
    ExReleaseResourceLite(&Lock);
}

/* More owners than fit the first table. */
static VOID TestManyOwners(VOID)
{
    PKTHREAD Threads[12];
    KEVENT End;

    KeInitializeEvent(&End, NotificationEvent, FALSE);
    for (int i = 0; i < 12; i++)
        Threads[i] = Start(OwningThread, &End);
    Sleep(20);
    CHECK(Lock.ActiveEntries == 12);
    CHECK(!ExAcquireResourceExclusiveLite(&Lock, FALSE));
    KeSetEvent(&End, 0, FALSE);
    for (int i = 0; i < 12; i++)
        Join(Threads[i]);
    CHECK(Lock.ActiveEntries == 0);
    CHECK(ExAcquireResourceExclusiveLite(&Lock, FALSE));
    ExReleaseResourceLite(&Lock);
}

VOID TestResourceWaits(VOID)
{
    Turns = 0;
    ExInitializeResourceLite(&Lock);
    KeInitializeEvent(&Go, NotificationEvent, FALSE);
    TestWaitsBehindWriter();
    TestWaitsBehindReader();
    TestManyOwners();
    ExDeleteResourceLite(&Lock);
}

/* ---- Push locks. The DDK declares how they are made only, and that wrongly on i386. ---- */

NTKERNELAPI VOID FASTCALL ExfAcquirePushLockExclusive(PEX_PUSH_LOCK Lock);
NTKERNELAPI VOID FASTCALL ExfAcquirePushLockShared(PEX_PUSH_LOCK Lock);
NTKERNELAPI BOOLEAN FASTCALL ExfTryAcquirePushLockShared(PEX_PUSH_LOCK Lock);
NTKERNELAPI VOID FASTCALL ExfReleasePushLockExclusive(PEX_PUSH_LOCK Lock);
NTKERNELAPI VOID FASTCALL ExfReleasePushLockShared(PEX_PUSH_LOCK Lock);

static EX_PUSH_LOCK Push;

static VOID NTAPI PushWriter(PVOID Context)
{
    ExfAcquirePushLockExclusive(&Push);
    Order[Turns++] = (ULONG)(ULONG_PTR)Context;
    ExfReleasePushLockExclusive(&Push);
}

static VOID NTAPI PushReader(PVOID Context)
{
    ExfAcquirePushLockShared(&Push);
    Order[Turns++] = (ULONG)(ULONG_PTR)Context;
    ExfReleasePushLockShared(&Push);
}

/* Those that came after 8.1 enter no region by themselves, and are called by address here. */
static VOID TestNewPushLocks(VOID)
{
    VOID(FASTCALL * Acquire)(PEX_PUSH_LOCK, ULONG) = Routine(L"ExAcquirePushLockExclusiveEx");
    VOID(FASTCALL * Release)(PEX_PUSH_LOCK, ULONG) = Routine(L"ExReleasePushLockExclusiveEx");
    VOID(FASTCALL * Share)(PEX_PUSH_LOCK, ULONG) = Routine(L"ExAcquirePushLockSharedEx");
    VOID(FASTCALL * Unshare)(PEX_PUSH_LOCK, ULONG) = Routine(L"ExReleasePushLockSharedEx");

    CHECK(Acquire && Release && Share && Unshare);
    if (!Acquire || !Release || !Share || !Unshare)
        return;
    Acquire(&Push, 0);
    CHECK(!ExfTryAcquirePushLockShared(&Push));
    Release(&Push, 0);
    Share(&Push, 0);
    CHECK(ExfTryAcquirePushLockShared(&Push));
    Unshare(&Push, 0);
    Unshare(&Push, 0);
    CHECK(*(PULONG_PTR)&Push == 0);
}

VOID TestPushLocks(VOID)
{
    VOID(NTAPI * Initialize)(PEX_PUSH_LOCK) = Routine(L"ExInitializePushLock");
    PKTHREAD Threads[4];

    Turns = 0;
    *(PULONG_PTR)&Push = 77;
    Initialize(&Push);
    CHECK(*(PULONG_PTR)&Push == 0);
    ExfAcquirePushLockShared(&Push);
    CHECK(ExfTryAcquirePushLockShared(&Push));
    ExfReleasePushLockShared(&Push);
    Threads[0] = Start(PushWriter, (PVOID)1);
    Sleep(20);
    CHECK(!ExfTryAcquirePushLockShared(&Push)); /* one waits already */
    Threads[1] = Start(PushReader, (PVOID)2);
    Threads[2] = Start(PushReader, (PVOID)3);
    Threads[3] = Start(PushWriter, (PVOID)4);
    Sleep(20);
    CHECK(Turns == 0);
    ExfReleasePushLockShared(&Push);
    for (int i = 0; i < 4; i++)
        Join(Threads[i]);
    CHECK(Turns == 4 && Order[0] == 1 && Order[1] == 2 && Order[2] == 3 && Order[3] == 4);
    CHECK(*(PULONG_PTR)&Push == 0);
    TestNewPushLocks();
}

/* ---- Rundown protection. Those that take a number have another decoration in mingw-w64's library
 * for i386 than in its header. ---- */

static EX_RUNDOWN_REF Use;
typedef BOOLEAN(FASTCALL *ACQUIRE_MANY)(PVOID Use, ULONG Count);
static ACQUIRE_MANY AcquireMany, AcquireManyAware;

static VOID NTAPI RundownThread(PVOID Context)
{
    ExWaitForRundownProtectionRelease(&Use);
    Turns++;
}

static VOID TestCacheAware(VOID)
{
    PEX_RUNDOWN_REF_CACHE_AWARE Aware = ExAllocateCacheAwareRundownProtection(NonPagedPool, 'tseT');

    CHECK(Aware && ExSizeOfRundownProtectionCacheAware() >= sizeof(EX_RUNDOWN_REF));
    CHECK(ExAcquireRundownProtectionCacheAware(Aware));
    CHECK(AcquireManyAware(Aware, 3));
    ExReleaseRundownProtectionCacheAwareEx(Aware, 3);
    ExReleaseRundownProtectionCacheAware(Aware);
    ExWaitForRundownProtectionReleaseCacheAware(Aware);
    CHECK(!ExAcquireRundownProtectionCacheAware(Aware));
    ExReInitializeRundownProtectionCacheAware(Aware);
    CHECK(ExAcquireRundownProtectionCacheAware(Aware));
    ExReleaseRundownProtectionCacheAware(Aware);
    ExRundownCompletedCacheAware(Aware);
    CHECK(!ExAcquireRundownProtectionCacheAware(Aware));
    ExFreeCacheAwareRundownProtection(Aware);
}

VOID TestRundown(VOID)
{
    PKTHREAD Thread;

    AcquireMany = (ACQUIRE_MANY)Routine(L"ExAcquireRundownProtectionEx");
    AcquireManyAware = (ACQUIRE_MANY)Routine(L"ExAcquireRundownProtectionCacheAwareEx");
    Turns = 0;
    ExInitializeRundownProtection(&Use);
    CHECK(ExAcquireRundownProtection(&Use));
    CHECK(AcquireMany(&Use, 2));
    ExReleaseRundownProtection(&Use);
    Thread = Start(RundownThread, NULL);
    Sleep(20);
    CHECK(Turns == 0); /* two uses are left */
    CHECK(!ExAcquireRundownProtection(&Use));
    CHECK(!AcquireMany(&Use, 2));
    ExReleaseRundownProtection(&Use);
    Sleep(20);
    CHECK(Turns == 0);
    ExReleaseRundownProtectionEx(&Use, 1);
    Join(Thread);
    CHECK(Turns == 1);
    CHECK(!ExAcquireRundownProtection(&Use));
    ExWaitForRundownProtectionRelease(&Use); /* again, at once */
    ExRundownCompleted(&Use);
    CHECK(!ExAcquireRundownProtection(&Use));
    ExReInitializeRundownProtection(&Use);
    CHECK(ExAcquireRundownProtection(&Use));
    ExReleaseRundownProtection(&Use);
    TestCacheAware();
}

/* ---- Spin locks that may be shared ---- */

NTKERNELAPI KIRQL NTAPI ExAcquireSpinLockExclusive(PLONG Lock);
NTKERNELAPI VOID NTAPI ExReleaseSpinLockExclusive(PLONG Lock, KIRQL OldIrql);
NTKERNELAPI KIRQL NTAPI ExAcquireSpinLockShared(PLONG Lock);
NTKERNELAPI VOID NTAPI ExReleaseSpinLockShared(PLONG Lock, KIRQL OldIrql);
NTKERNELAPI VOID NTAPI ExAcquireSpinLockSharedAtDpcLevel(PLONG Lock);
NTKERNELAPI VOID NTAPI ExReleaseSpinLockSharedFromDpcLevel(PLONG Lock);
NTKERNELAPI VOID NTAPI ExReleaseSpinLockExclusiveFromDpcLevel(PLONG Lock);
NTKERNELAPI LOGICAL NTAPI ExTryConvertSharedSpinLockExclusive(PLONG Lock);

VOID TestSharedSpinLocks(VOID)
{
    LONG Spin = 0;
    KIRQL Old = ExAcquireSpinLockExclusive(&Spin);

    CHECK(Old == PASSIVE_LEVEL && KeGetCurrentIrql() == DISPATCH_LEVEL && Spin);
    ExReleaseSpinLockExclusive(&Spin, Old);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL && !Spin);
    Old = ExAcquireSpinLockShared(&Spin);
    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
    ExAcquireSpinLockSharedAtDpcLevel(&Spin);
    CHECK(!ExTryConvertSharedSpinLockExclusive(&Spin));
    ExReleaseSpinLockSharedFromDpcLevel(&Spin);
    CHECK(ExTryConvertSharedSpinLockExclusive(&Spin));
    ExReleaseSpinLockExclusiveFromDpcLevel(&Spin);
    CHECK(!Spin && KeGetCurrentIrql() == DISPATCH_LEVEL);
    ExAcquireSpinLockSharedAtDpcLevel(&Spin);
    ExReleaseSpinLockShared(&Spin, Old);
    CHECK(!Spin && KeGetCurrentIrql() == PASSIVE_LEVEL);
}
