/* SPDX-License-Identifier: BSD-2-Clause */
/* Queues of IRPs: cancel-safe, by StartIo, device queues; remove locks. */
#include "wdmtest.h"

static LIST_ENTRY List;
static KSPIN_LOCK ListLock;
static IO_CSQ Csq;
static LONG Cancelled;

static VOID NTAPI InsertIrp(PIO_CSQ Queue, PIRP Irp)
{
    InsertTailList(&List, &Irp->Tail.Overlay.ListEntry);
}

static VOID NTAPI RemoveIrp(PIO_CSQ Queue, PIRP Irp)
{
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

static PIRP NTAPI PeekIrp(PIO_CSQ Queue, PIRP Irp, PVOID PeekContext)
{
    PLIST_ENTRY Entry = Irp ? Irp->Tail.Overlay.ListEntry.Flink : List.Flink;

    return Entry == &List ? NULL : CONTAINING_RECORD(Entry, IRP, Tail.Overlay.ListEntry);
}

static VOID NTAPI AcquireList(PIO_CSQ Queue, PKIRQL Irql)
{
    KeAcquireSpinLock(&ListLock, Irql);
}

static VOID NTAPI ReleaseList(PIO_CSQ Queue, KIRQL Irql)
{
    KeReleaseSpinLock(&ListLock, Irql);
}

static VOID NTAPI CompleteCancelled(PIO_CSQ Queue, PIRP Irp)
{
    Cancelled++;
}

/* An IRP as a driver of a stack of one has it: with a current stack location. */
static PIRP CurrentIrp(VOID)
{
    PIRP Irp = IoAllocateIrp(1, FALSE);

    IoSetNextIrpStackLocation(Irp);
    IoGetCurrentIrpStackLocation(Irp)->DeviceObject = TestDriver->DeviceObject;
    return Irp;
}

VOID TestCancelSafeQueues(VOID)
{
    PIRP Irps[3] = {CurrentIrp(), CurrentIrp(), CurrentIrp()};
    IO_CSQ_IRP_CONTEXT Context;

    InitializeListHead(&List);
    KeInitializeSpinLock(&ListLock);
    Cancelled = 0;
    IoCsqInitialize(&Csq, InsertIrp, RemoveIrp, PeekIrp, AcquireList, ReleaseList,
                    CompleteCancelled);
    IoCsqInsertIrp(&Csq, Irps[0], NULL);
    IoCsqInsertIrp(&Csq, Irps[1], &Context);
    IoCsqInsertIrp(&Csq, Irps[2], NULL);
    CHECK(IoCancelIrp(Irps[0]) && Cancelled == 1);
    CHECK(!IoCancelIrp(Irps[0]));
    CHECK(IoCsqRemoveIrp(&Csq, &Context) == Irps[1]);
    CHECK(IoCsqRemoveIrp(&Csq, &Context) == NULL);
    CHECK(IoCsqRemoveNextIrp(&Csq, NULL) == Irps[2]);
    CHECK(IoCsqRemoveNextIrp(&Csq, NULL) == NULL && IsListEmpty(&List));
    CHECK(!IoCancelIrp(Irps[1]));
    IoCsqInsertIrp(&Csq, Irps[1], NULL); /* cancelled before */
    CHECK(Cancelled == 2 && IsListEmpty(&List));
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    for (int i = 0; i < 3; i++)
        IoFreeIrp(Irps[i]);
}

static PIRP Started[4];
static ULONG StartedCount;

static VOID NTAPI StartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL && DeviceObject->CurrentIrp == Irp);
    if (StartedCount < 4)
        Started[StartedCount++] = Irp;
}

static VOID StartNext(PDEVICE_OBJECT Device)
{
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    IoStartNextPacket(Device, FALSE);
    KeLowerIrql(Irql);
}

VOID TestStartIo(VOID)
{
    PDEVICE_OBJECT Device = TestDriver->DeviceObject;
    PIRP Irps[3] = {CurrentIrp(), CurrentIrp(), CurrentIrp()};
    ULONG Keys[3] = {5, 9, 7};

    StartedCount = 0;
    TestDriver->DriverStartIo = StartIo;
    for (int i = 0; i < 3; i++)
        IoStartPacket(Device, Irps[i], &Keys[i], NULL);
    CHECK(StartedCount == 1 && Started[0] == Irps[0]);
    StartNext(Device);
    CHECK(StartedCount == 2 && Started[1] == Irps[2]);
    StartNext(Device);
    CHECK(StartedCount == 3 && Started[2] == Irps[1]);
    StartNext(Device);
    CHECK(StartedCount == 3 && Device->CurrentIrp == NULL);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    for (int i = 0; i < 3; i++)
        IoFreeIrp(Irps[i]);
}

VOID TestDeviceQueues(VOID)
{
    KDEVICE_QUEUE_ENTRY Entries[4];
    KDEVICE_QUEUE Queue;
    KIRQL Irql;

    RtlZeroMemory(Entries, sizeof(Entries));
    KeInitializeDeviceQueue(&Queue);
    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    CHECK(KeRemoveDeviceQueue(&Queue) == NULL);
    CHECK(!KeInsertDeviceQueue(&Queue, &Entries[0]));
    CHECK(KeInsertByKeyDeviceQueue(&Queue, &Entries[1], 30));
    CHECK(KeInsertByKeyDeviceQueue(&Queue, &Entries[2], 10));
    CHECK(KeInsertByKeyDeviceQueue(&Queue, &Entries[3], 20));
    CHECK(KeRemoveByKeyDeviceQueue(&Queue, 15) == &Entries[3]);
    CHECK(KeRemoveEntryDeviceQueue(&Queue, &Entries[1]));
    CHECK(!KeRemoveEntryDeviceQueue(&Queue, &Entries[1]));
    CHECK(KeRemoveDeviceQueue(&Queue) == &Entries[2]);
    CHECK(KeRemoveDeviceQueue(&Queue) == NULL);
    CHECK(!KeInsertDeviceQueue(&Queue, &Entries[0]));
    KeLowerIrql(Irql);
}

static VOID NTAPI ReleaseSoon(PVOID Context)
{
    LARGE_INTEGER Interval = {.QuadPart = -200000};

    KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    IoReleaseRemoveLock((PIO_REMOVE_LOCK)Context, NULL);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID TestRemoveLocks(VOID)
{
    IO_REMOVE_LOCK Lock;
    HANDLE Thread;

    IoInitializeRemoveLock(&Lock, 'tseT', 0, 0);
    CHECK(IoAcquireRemoveLock(&Lock, NULL) == STATUS_SUCCESS);
    CHECK(IoAcquireRemoveLock(&Lock, NULL) == STATUS_SUCCESS);
    CHECK(NT_SUCCESS(PsCreateSystemThread(&Thread, 0, NULL, NULL, NULL, ReleaseSoon, &Lock)));
    ZwClose(Thread);
    IoReleaseRemoveLockAndWait(&Lock, NULL);
    CHECK(Lock.Common.IoCount == 0);
    CHECK(IoAcquireRemoveLock(&Lock, NULL) == STATUS_DELETE_PENDING);
}
