/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's process: its start with a channel and capabilities, and what is left to do when it has
 * ended. */
#include "iop.h"

PIO_DRIVER IopDriverBySignal[64];

static ULONGLONG IopIncarnations;

static void IopRetryFlush(PVOID Context)
{
    IopFlushDriver(Context);
}

static void IopTimerExpired(PVOID Context)
{
    seL4_Signal(((PIO_DRIVER)Context)->MainNotification.Cap);
}

static void IopResetChannel(PIO_DRIVER Driver)
{
    Driver->Produced = Driver->Consumed = 0;
    Driver->Attached = FALSE;
    memset(Driver->DataMap, 0, sizeof(Driver->DataMap));
    KeInitializeTimer(&Driver->Timer, IopTimerExpired, Driver);
    KeInitializeTimer(&Driver->RetryTimer, IopRetryFlush, Driver);
    KeInitializeEvent(&Driver->Started, NotificationEvent, FALSE);
    Driver->Incarnation = ++IopIncarnations;
}

static NTSTATUS IopAllocateSignal(PIO_DRIVER Driver)
{
    ULONG Bit;

    for (Bit = 1; Bit < KE_SIGNAL_BITS; Bit++) {
        if (!IopDriverBySignal[Bit]) {
            IopDriverBySignal[Bit] = Driver;
            Driver->SignalBit = Bit;
            return STATUS_SUCCESS;
        }
    }
    return STATUS_INSUFFICIENT_RESOURCES;
}

/* A capability for the driver to signal the Executive with. */
static NTSTATUS IopGrantSignal(PIO_DRIVER Driver)
{
    seL4_CPtr Slot = MmAllocateSlot();
    NTSTATUS Status;

    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = KeMintSignal(Driver->SignalBit, Slot);
    if (!NT_SUCCESS(Status)) {
        MmFreeSlot(Slot);
        return Status;
    }
    Status = PsGrantCap(Driver->Process, Slot, seL4_CanWrite, NEPTUNE_DRIVER_SIGNAL_CAP, NULL);
    MmDeleteCap(Slot);
    return Status;
}

static NTSTATUS IopGrantNotification(PIO_DRIVER Driver, PMM_KERNEL_OBJECT Notification, ULONG Slot)
{
    NTSTATUS Status = MmCreateKernelObject(seL4_NotificationObject, 0, Notification);

    return NT_SUCCESS(Status)
               ? PsGrantCap(Driver->Process, Notification->Cap, seL4_ReadWrite, Slot, NULL)
               : Status;
}

static NTSTATUS IopEquipProcess(PIO_DRIVER Driver)
{
    PVOID Channel;
    NTSTATUS Status = MmAllocateSharedRegion(Driver->Process, sizeof(DRIVER_CHANNEL), &Channel,
                                             &Driver->ClientChannel);

    if (!NT_SUCCESS(Status))
        return Status;
    Driver->Channel = Channel;
    Driver->Channel->FromDriver.ConsumerSleeps = 1;
    Status = IopAllocateSignal(Driver);
    if (NT_SUCCESS(Status))
        Status = IopGrantSignal(Driver);
    if (NT_SUCCESS(Status))
        Status = IopGrantNotification(Driver, &Driver->MainNotification, NEPTUNE_DRIVER_WAIT_CAP);
    if (NT_SUCCESS(Status))
        Status = IopGrantNotification(Driver, &Driver->InterruptNotification,
                                      NEPTUNE_DRIVER_IRQ_WAIT_CAP);
    if (NT_SUCCESS(Status))
        Status = IopGrantNotification(Driver, &Driver->LockNotification, NEPTUNE_DRIVER_LOCK_CAP);
    return Status;
}

static void IopAppend(WCHAR *Buffer, PULONG Length, const WCHAR *Text)
{
    while (*Text)
        Buffer[(*Length)++] = *Text++;
    Buffer[*Length] = 0;
}

/* Clients run below the Executive's priority, so the process finds everything in place when it runs
 * first. */
NTSTATUS IopStartProcess(PIO_DRIVER Driver)
{
    WCHAR ImageName[ARRAYSIZE(Driver->Name)];
    PS_CREATE_ARGUMENTS Arguments = {.ImagePath =
                                         RTL_CONSTANT_STRING(u"\\SystemRoot\\ntoskrnl.exe"),
                                     .CurrentDirectory = RTL_CONSTANT_STRING(u"\\SystemRoot\\"),
                                     .ImageName = ImageName,
                                     .Driver = Driver};
    ULONG Length = 0;
    PEPROCESS Process;
    PETHREAD Thread;
    NTSTATUS Status;

    IopAppend(ImageName, &Length, Driver->Name);
    IopAppend(ImageName, &Length, u".sys");
    RtlInitUnicodeString(&Arguments.CommandLine, ImageName);
    IopResetChannel(Driver);
    Status = PsCreateProcess(&Arguments, &Process, &Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    ObDereferenceObject(Thread);
    if (Driver->Process)
        ObDereferenceObject(Driver->Process);
    Driver->Process = Process;
    ObReferenceObject(Driver); /* the process's, until IoDriverProcessExit */
    Status = IopEquipProcess(Driver);
    if (!NT_SUCCESS(Status))
        PsTerminateProcess(Process, Status);
    return Status;
}

static void IopFailList(PLIST_ENTRY List)
{
    while (!IsListEmpty(List))
        IopCompleteIrp(CONTAINING_RECORD(RemoveHeadList(List), IRP, QueueEntry),
                       STATUS_DEVICE_DOES_NOT_EXIST, 0);
}

static void IopDropReplies(PIO_DRIVER Driver)
{
    while (!IsListEmpty(&Driver->ReplyQueue))
        IopFreeIrp(CONTAINING_RECORD(RemoveHeadList(&Driver->ReplyQueue), IRP, QueueEntry));
}

static void IopCloseChannel(PIO_DRIVER Driver)
{
    KeCancelTimer(&Driver->Timer);
    KeCancelTimer(&Driver->RetryTimer);
    if (Driver->SignalBit)
        IopDriverBySignal[Driver->SignalBit] = NULL;
    Driver->SignalBit = 0;
    if (Driver->Channel)
        MmFreeSharedRegion(Driver->Channel, sizeof(DRIVER_CHANNEL));
    Driver->Channel = NULL;
}

/* Everything that the process had; what it was asked for fails. */
void IopReleaseProcess(PIO_DRIVER Driver)
{
    IopReleaseResources(Driver);
    IopCloseChannel(Driver);
    IopDeleteConnections(Driver);
    while (!IsListEmpty(&Driver->DeviceList))
        IopDeleteDevice(CONTAINING_RECORD(Driver->DeviceList.Flink, DEVICE_OBJECT, DriverEntry));
    IopFailList(&Driver->SendQueue);
    IopFailList(&Driver->Outstanding);
    IopDropReplies(Driver);
    while (Driver->OpenCount)
        ObDereferenceObject(Driver->Opens[--Driver->OpenCount]);
    MmDeleteKernelObject(&Driver->MainNotification);
    MmDeleteKernelObject(&Driver->InterruptNotification);
    MmDeleteKernelObject(&Driver->LockNotification);
}

/* The driver object stays, with its dead process, until it is unloaded or loaded again. */
void IoDriverProcessExit(PEPROCESS Process)
{
    PIO_DRIVER Driver = Process->Driver;

    if (Driver->Process != Process)
        return; /* it had not been a driver's process yet */
    DbgPrint("io: driver %ls.sys (process %u) has ended, exit status %08x\n",
             (const void *)Driver->Name, (ULONG)(ULONG_PTR)Process->UniqueProcessId,
             (ULONG)Process->ExitStatus);
    if (Driver->State != IopDriverUnloading)
        IopDriverLost(Driver);
    Driver->State = IopDriverDead;
    IopReleaseProcess(Driver);
    ObDereferenceObject(Driver);
}
