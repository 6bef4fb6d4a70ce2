/* SPDX-License-Identifier: BSD-2-Clause */
/* Callback objects, lookaside lists, pool, queues, regions, processors, threads, times. */
#include "runtime.h"

/* ---- Callback objects ---- */

static ULONG Notified[3];
static PVOID Registrations[3];

static VOID NTAPI Notice(PVOID Context, PVOID Argument1, PVOID Argument2)
{
    ULONG Index = (ULONG)(ULONG_PTR)Context;

    Notified[Index] += (ULONG)(ULONG_PTR)Argument1 * 10 + (ULONG)(ULONG_PTR)Argument2;
}

static VOID NTAPI WaitingNotice(PVOID Context, PVOID Argument1, PVOID Argument2)
{
    Sleep(30);
    Notified[2]++;
}

static VOID NTAPI NotifyThread(PVOID Callback)
{
    ExNotifyCallback(Callback, NULL, NULL);
}

static NTSTATUS CreateCallback(PCWSTR Text, BOOLEAN Create, BOOLEAN Multiple, ULONG Flags,
                               PCALLBACK_OBJECT *Callback)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Text);
    InitializeObjectAttributes(&Attributes, &Name, Flags, NULL, NULL);
    return ExCreateCallback(Callback, &Attributes, Create, Multiple);
}

static VOID TestNamedCallbacks(PCALLBACK_OBJECT Callback)
{
    PCALLBACK_OBJECT Other;

    CHECK_STATUS(CreateCallback(L"\\Callback\\RunTest", FALSE, FALSE, 0, &Other), STATUS_SUCCESS);
    CHECK(Other == Callback);
    ObDereferenceObject(Other);
    CHECK_STATUS(CreateCallback(L"\\Callback\\RUNTEST", FALSE, FALSE, 0, &Other),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(CreateCallback(L"\\Callback\\RUNTEST", FALSE, FALSE, OBJ_CASE_INSENSITIVE, &Other),
                 STATUS_SUCCESS);
    CHECK(Other == Callback);
    ObDereferenceObject(Other);
    CHECK_STATUS(CreateCallback(L"\\Callback\\SetSystemTime", FALSE, FALSE, 0, &Other),
                 STATUS_SUCCESS);
    ObDereferenceObject(Other);
    CHECK_STATUS(CreateCallback(L"\\Callback\\Nothing", FALSE, TRUE, 0, &Other),
                 STATUS_OBJECT_NAME_NOT_FOUND);
}

VOID TestCallbacks(VOID)
{
    PCALLBACK_OBJECT Callback, Single;
    PKTHREAD Thread;

    RtlZeroMemory(Notified, sizeof(Notified));
    CHECK_STATUS(CreateCallback(L"\\Callback\\RunTest", TRUE, TRUE, 0, &Callback), STATUS_SUCCESS);
    TestNamedCallbacks(Callback);
    ExNotifyCallback(Callback, NULL, NULL); /* nobody there */
    Registrations[0] = ExRegisterCallback(Callback, Notice, (PVOID)0);
    Registrations[1] = ExRegisterCallback(Callback, Notice, (PVOID)1);
    CHECK(Registrations[0] && Registrations[1]);
    ExNotifyCallback(Callback, (PVOID)4, (PVOID)2);
    CHECK(Notified[0] == 42 && Notified[1] == 42);
    ExUnregisterCallback(Registrations[0]);
    ExNotifyCallback(Callback, (PVOID)1, (PVOID)1);
    CHECK(Notified[0] == 42 && Notified[1] == 53);
    ExUnregisterCallback(Registrations[1]);

    CHECK_STATUS(ExCreateCallback(&Single, NULL, TRUE, FALSE), STATUS_SUCCESS);
    Registrations[2] = ExRegisterCallback(Single, WaitingNotice, NULL);
    CHECK(Registrations[2] && !ExRegisterCallback(Single, Notice, NULL));
    Thread = Start(NotifyThread, Single);
    Sleep(10);
    ExUnregisterCallback(Registrations[2]); /* waits for the one that runs */
    CHECK(Notified[2] == 1);
    Join(Thread);
    ObDereferenceObject(Single);
    ObDereferenceObject(Callback);
    CHECK_STATUS(CreateCallback(L"\\Callback\\RunTest", FALSE, TRUE, 0, &Callback),
                 STATUS_OBJECT_NAME_NOT_FOUND);
}

/* ---- Lookaside lists and pool ---- */

static LONG Allocated;

static PVOID NTAPI AllocateEx(POOL_TYPE Type, SIZE_T Size, ULONG Tag, PLOOKASIDE_LIST_EX List)
{
    Allocated++;
    return ExAllocatePoolWithTag(Type, Size, Tag);
}

static VOID NTAPI FreeEx(PVOID Block, PLOOKASIDE_LIST_EX List)
{
    Allocated--;
    ExFreePool(Block);
}

VOID TestLookasideEx(VOID)
{
    DECLSPEC_ALIGN(64) static LOOKASIDE_LIST_EX List;
    DECLSPEC_ALIGN(64) static PAGED_LOOKASIDE_LIST Paged;
    PVOID Blocks[4];

    Allocated = 0;
    CHECK_STATUS(
        ExInitializeLookasideListEx(&List, AllocateEx, FreeEx, NonPagedPool, 0, 100, 'tseT', 0),
        STATUS_SUCCESS);
    for (int i = 0; i < 4; i++) {
        Blocks[i] = ExAllocateFromLookasideListEx(&List);
        CHECK(Blocks[i]);
        RtlFillMemory(Blocks[i], 100, i);
    }
    CHECK(Allocated == 4);
    for (int i = 0; i < 4; i++)
        ExFreeToLookasideListEx(&List, Blocks[i]);
    CHECK(Allocated > 0); /* some are kept */
    CHECK(ExAllocateFromLookasideListEx(&List) == Blocks[3]);
    ExFreeToLookasideListEx(&List, Blocks[3]);
    ExFlushLookasideListEx(&List);
    CHECK(Allocated == 0);
    ExDeleteLookasideListEx(&List);
    CHECK_STATUS(ExInitializeLookasideListEx(&List, NULL, NULL, NonPagedPool, 99, 100, 'tseT', 0),
                 STATUS_INVALID_PARAMETER_5);

    ExInitializePagedLookasideList(&Paged, NULL, NULL, 0, 60, 'tseT', 0);
    Blocks[0] = ExAllocateFromPagedLookasideList(&Paged);
    CHECK(Blocks[0]);
    ExFreeToPagedLookasideList(&Paged, Blocks[0]);
    CHECK(ExAllocateFromPagedLookasideList(&Paged) == Blocks[0]);
    ExFreeToPagedLookasideList(&Paged, Blocks[0]);
    ExDeletePagedLookasideList(&Paged);
}

static BOOLEAN IsZero(PUCHAR Block, SIZE_T Size)
{
    while (Size)
        if (Block[--Size])
            return FALSE;
    return TRUE;
}

VOID TestPoolForms(VOID)
{
    PVOID(NTAPI * Allocate2)(ULONG64, SIZE_T, ULONG) = Routine(L"ExAllocatePool2");
    PVOID(NTAPI * Allocate3)(ULONG64, SIZE_T, ULONG, PVOID, ULONG) = Routine(L"ExAllocatePool3");
    VOID(NTAPI * Free2)(PVOID, ULONG, PVOID, ULONG) = Routine(L"ExFreePool2");
    UNICODE_STRING Text = RTL_CONSTANT_STRING(L"of the heap"), Copy;
    PVOID Block = Allocate2(0x40, 300, 'tseT');
    ULONG64 Unknown[2] = {7, 0};

    CHECK(Block && IsZero(Block, 300));
    ExFreePoolWithTag(Block, 'tseT');
    Block = Allocate3(0x40, 5000, 'tseT', NULL, 0);
    CHECK(Block && IsZero(Block, 5000));
    Free2(Block, 'tseT', NULL, 0);
    CHECK(!Allocate3(0x40, 50, 'tseT', Unknown, 1)); /* needs what is not known */
    Unknown[0] |= 0x100;
    Block = Allocate3(0x40, 50, 'tseT', Unknown, 1);
    CHECK(Block);
    ExFreePool(Block);

    /* Drivers free strings of either kind in both ways. */
    CHECK(NT_SUCCESS(RtlUpcaseUnicodeString(&Copy, &Text, TRUE)));
    CHECK(Copy.Buffer[0] == 'O');
    ExFreePool(Copy.Buffer);
    Copy.Buffer = ExAllocatePoolWithTag(PagedPool, 100, 'tseT');
    Copy.MaximumLength = 100;
    RtlCopyUnicodeString(&Copy, &Text);
    RtlFreeUnicodeString(&Copy);
    CHECK(!Copy.Buffer && !Copy.Length && !Copy.MaximumLength);
    RtlFreeUnicodeString(&Copy); /* nothing */
}

/* ---- Queues ---- */

static KQUEUE Queue;
static ULONG Taken[2];

static VOID NTAPI QueueThread(PVOID Context)
{
    PLIST_ENTRY Entry;

    for (;;) {
        Entry = KeRemoveQueue(&Queue, KernelMode, NULL);
        if (Entry == (PLIST_ENTRY)(ULONG_PTR)STATUS_ABANDONED)
            break;
        Taken[(ULONG_PTR)Context]++;
        Entry->Flink = NULL;
    }
}

VOID TestWorkQueues(VOID)
{
    LARGE_INTEGER Zero = {.QuadPart = 0}, Soon = {.QuadPart = -100000};
    LIST_ENTRY Entries[6];
    PKTHREAD Threads[2];

    KeInitializeQueue(&Queue, 0);
    CHECK(KeReadStateQueue(&Queue) == 0);
    CHECK(KeRemoveQueue(&Queue, KernelMode, &Zero) == (PLIST_ENTRY)(ULONG_PTR)STATUS_TIMEOUT);
    CHECK(KeRemoveQueue(&Queue, KernelMode, &Soon) == (PLIST_ENTRY)(ULONG_PTR)STATUS_TIMEOUT);
    CHECK(KeInsertQueue(&Queue, &Entries[0]) == 0);
    CHECK(KeInsertQueue(&Queue, &Entries[1]) == 1);
    CHECK(KeInsertHeadQueue(&Queue, &Entries[2]) == 2);
    CHECK(KeReadStateQueue(&Queue) == 3);
    CHECK(KeRemoveQueue(&Queue, KernelMode, &Zero) == &Entries[2]);
    CHECK(KeRemoveQueue(&Queue, KernelMode, NULL) == &Entries[0]);
    CHECK(KeRemoveQueue(&Queue, KernelMode, NULL) == &Entries[1]);
    CHECK(KeReadStateQueue(&Queue) == 0);

    Taken[0] = Taken[1] = 0;
    for (ULONG_PTR i = 0; i < 2; i++)
        Threads[i] = Start(QueueThread, (PVOID)i);
    Sleep(20);
    for (int i = 0; i < 6; i++)
        KeInsertQueue(&Queue, &Entries[i]);
    Sleep(20);
    CHECK(Taken[0] + Taken[1] == 6);
    CHECK(KeRundownQueue(&Queue) == NULL);
    for (int i = 0; i < 2; i++)
        Join(Threads[i]);
    KeInitializeQueue(&Queue, 1);
    KeInsertQueue(&Queue, &Entries[0]);
    KeInsertQueue(&Queue, &Entries[1]);
    CHECK(KeRundownQueue(&Queue) == &Entries[0]);
    CHECK(Entries[0].Flink == &Entries[1] && Entries[1].Flink == &Entries[0]);
}

/* ---- Regions, processors, threads ---- */

static VOID NTAPI RegionThread(PVOID Context)
{
    CHECK(!KeAreApcsDisabled()); /* another's region is not this one's */
}

VOID TestRegions(VOID)
{
    FAST_MUTEX Mutex;
    KIRQL Old;

    CHECK(!KeAreApcsDisabled() && !KeAreAllApcsDisabled());
    KeEnterCriticalRegion();
    KeEnterCriticalRegion();
    CHECK(KeAreApcsDisabled() && !KeAreAllApcsDisabled());
    Join(Start(RegionThread, NULL));
    KeLeaveCriticalRegion();
    CHECK(KeAreApcsDisabled());
    KeLeaveCriticalRegion();
    CHECK(!KeAreApcsDisabled());
    KeEnterGuardedRegion();
    CHECK(KeAreApcsDisabled() && KeAreAllApcsDisabled());
    KeLeaveGuardedRegion();
    CHECK(!KeAreApcsDisabled() && !KeAreAllApcsDisabled());
    KeRaiseIrql(APC_LEVEL, &Old);
    CHECK(KeAreAllApcsDisabled());
    KeLowerIrql(Old);
    ExInitializeFastMutex(&Mutex);
    ExAcquireFastMutex(&Mutex);
    CHECK(KeAreAllApcsDisabled());
    ExReleaseFastMutex(&Mutex);
    CHECK(!KeAreAllApcsDisabled());
}

static ULONG_PTR NTAPI Everywhere(ULONG_PTR Context)
{
    return KeGetCurrentIrql() == IPI_LEVEL ? Context + 1 : 0;
}

VOID TestProcessors(VOID)
{
    PROCESSOR_NUMBER Number = {1, 1, 1};
    KAFFINITY Affinity = 0;

    CHECK(KeQueryActiveProcessors() == 1);
    CHECK(KeQueryActiveProcessorCount(&Affinity) == 1 && Affinity == 1);
    CHECK(KeQueryActiveProcessorCount(NULL) == 1);
    CHECK(KeQueryActiveProcessorCountEx(0) == 1);
    CHECK(KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS) == 1);
    CHECK(KeQueryActiveProcessorCountEx(1) == 0);
    CHECK(KeQueryMaximumProcessorCount() == 1 && KeQueryMaximumProcessorCountEx(0) == 1);
    CHECK(KeQueryActiveGroupCount() == 1 && KeQueryMaximumGroupCount() == 1);
    CHECK(KeQueryGroupAffinity(0) == 1 && KeQueryGroupAffinity(1) == 0);
    CHECK(KeGetCurrentProcessorNumberEx(&Number) == 0);
    CHECK(!Number.Group && !Number.Number && !Number.Reserved);
    CHECK(KeGetProcessorIndexFromNumber(&Number) == 0);
    Number.Number = 5;
    CHECK(KeGetProcessorIndexFromNumber(&Number) == INVALID_PROCESSOR_INDEX);
    CHECK_STATUS(KeGetProcessorNumberFromIndex(0, &Number), STATUS_SUCCESS);
    CHECK(!Number.Number);
    CHECK_STATUS(KeGetProcessorNumberFromIndex(1, &Number), STATUS_INVALID_PARAMETER);
    CHECK(KeGetCurrentNodeNumber() == 0 && KeQueryHighestNodeNumber() == 0);
    CHECK(KeGetRecommendedSharedDataAlignment() >= 16);
    KeSetSystemAffinityThread(1);
    KeRevertToUserAffinityThread();
    CHECK(KeSetSystemAffinityThreadEx(1) == 0);
    KeRevertToUserAffinityThreadEx(0);
    CHECK(KeIpiGenericCall(Everywhere, 41) == 42 && KeGetCurrentIrql() == PASSIVE_LEVEL);
    CHECK(KeNumberProcessors == 1);
    CHECK(ExIsProcessorFeaturePresent(PF_COMPARE_EXCHANGE_DOUBLE));
    CHECK(!ExIsProcessorFeaturePresent(100000));
}

VOID TestThreadState(VOID)
{
    PKTHREAD Thread = KeGetCurrentThread();
    KPRIORITY Priority = KeQueryPriorityThread(Thread);
    ULONG_PTR Low, High, Here = (ULONG_PTR)&Low;
    IRP Irp;

    CHECK(KeSetPriorityThread(Thread, LOW_REALTIME_PRIORITY) == Priority);
    CHECK(KeQueryPriorityThread(Thread) == LOW_REALTIME_PRIORITY);
    KeSetPriorityThread(Thread, Priority);
    CHECK(KeSetBasePriorityThread(Thread, 2) == 0 && KeSetBasePriorityThread(Thread, 0) == 2);
    IoGetStackLimits(&Low, &High);
    CHECK(Low < Here && Here < High && High - Low >= 0x6000);
    CHECK(IoGetInitialStack() == (PVOID)High);
    CHECK(PsGetCurrentThreadStackBase() == (PVOID)High);
    CHECK(PsGetCurrentThreadStackLimit() == (PVOID)Low);
    CHECK(IoGetRemainingStackSize() > 0x1000 && IoGetRemainingStackSize() < High - Low);
    CHECK(IoWithinStackLimits(Here, 8) && IoWithinStackLimits(Low, High - Low));
    CHECK(!IoWithinStackLimits(High, 1) && !IoWithinStackLimits(Low, High - Low + 1));
    CHECK(!IoWithinStackLimits(Low - 1, 1));
    CHECK(IoGetTopLevelIrp() == NULL);
    IoSetTopLevelIrp(&Irp);
    CHECK(IoGetTopLevelIrp() == &Irp);
    IoSetTopLevelIrp(NULL);
    CHECK(IoSetThreadHardErrorMode(FALSE) == TRUE);
    CHECK(PsGetThreadHardErrorsAreDisabled(PsGetCurrentThread()));
    CHECK(IoSetThreadHardErrorMode(TRUE) == FALSE);
    CHECK(!PsGetThreadHardErrorsAreDisabled(PsGetCurrentThread()));
    PsSetThreadHardErrorsAreDisabled(PsGetCurrentThread(), TRUE);
    CHECK(IoSetThreadHardErrorMode(TRUE) == FALSE);
    IoSetDeviceToVerify(PsGetCurrentThread(), TestDriver->DeviceObject);
    CHECK(IoGetDeviceToVerify(PsGetCurrentThread()) == TestDriver->DeviceObject);
    IoSetDeviceToVerify(PsGetCurrentThread(), NULL);
    RtlZeroMemory(&Irp, sizeof(Irp));
    Irp.Tail.Overlay.Thread = PsGetCurrentThread();
    IoSetHardErrorOrVerifyDevice(&Irp, TestDriver->DeviceObject);
    CHECK(IoGetDeviceToVerify(PsGetCurrentThread()) == TestDriver->DeviceObject);
    IoSetDeviceToVerify(PsGetCurrentThread(), NULL);
}

/* ---- Times and UUIDs ---- */

VOID TestTimes(VOID)
{
    LARGE_INTEGER Now, Local, Back;
    TIME_FIELDS Fields = {1980, 1, 1, 0, 0, 0, 0, 0};
    ULONG Seconds;

    KeQuerySystemTime(&Now);
    ExSystemTimeToLocalTime(&Now, &Local);
    ExLocalTimeToSystemTime(&Local, &Back);
    CHECK(Back.QuadPart == Now.QuadPart);
    CHECK((Now.QuadPart - Local.QuadPart) % (15 * 60 * 10000000LL) == 0);
    RtlTimeFieldsToTime(&Fields, &Now);
    CHECK(RtlTimeToSecondsSince1980(&Now, &Seconds) && Seconds == 0);
    RtlSecondsSince1980ToTime(86400, &Back);
    CHECK(Back.QuadPart - Now.QuadPart == 86400LL * 10000000);
    CHECK(RtlTimeToSecondsSince1980(&Back, &Seconds) && Seconds == 86400);
    Now.QuadPart--;
    CHECK(!RtlTimeToSecondsSince1980(&Now, &Seconds));
    CHECK(ExSetTimerResolution(10000, TRUE) > 0);
    CHECK(ExSetTimerResolution(0, FALSE) > 0);
    CHECK(KeQueryTimeIncrement() > 0);
}

VOID TestUuids(VOID)
{
    UUID First, Second;

    CHECK(NT_SUCCESS(ExUuidCreate(&First)) && NT_SUCCESS(ExUuidCreate(&Second)));
    CHECK(RtlCompareMemory(&First, &Second, sizeof(UUID)) < sizeof(UUID));
    CHECK(First.Data3 >> 12 == 4 && (First.Data4[0] & 0xC0) == 0x80);
    CHECK(Second.Data3 >> 12 == 4 && (Second.Data4[0] & 0xC0) == 0x80);
}
