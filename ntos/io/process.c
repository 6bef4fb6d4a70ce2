/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver's process: its start with a channel and capabilities, and what is left to be done when
 * it has ended. */
#include "iop.h"

PIO_DRIVER IopDriverBySignal[64];

static ULONGLONG IopIncarnations;

static void IopRetryFlush(PVOID Context)
{
    IopFlushDriver(Context);
}

static void IopTimerExpired(PVOID Context)
{
    IopWakeDriver(Context);
}

static void IopResetChannel(PIO_DRIVER Driver)
{
    Driver->Produced = Driver->Consumed = 0;
    Driver->Attached = FALSE;
    Driver->Data = (DRIVER_DATA){0};
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
    Status = Driver->Process->Exiting ? STATUS_PROCESS_IS_TERMINATING : IopAllocateSignal(Driver);
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

static NTSTATUS IopCreateProcess(PIO_DRIVER Driver)
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
    Driver->MainThread = Thread;
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
    while (!IsListEmpty(List)) {
        IopCompleteRequest(CONTAINING_RECORD(RemoveHeadList(List), IO_REQUEST, QueueEntry),
                           STATUS_DEVICE_DOES_NOT_EXIST, 0);
        KeGiveWay();
    }
}

static void IopFailOutstanding(PIO_DRIVER Driver)
{
    PIO_REQUEST Request;

    while ((Request = IopFirstOutstanding(Driver)) != NULL) {
        IopRemoveOutstanding(Driver, Request);
        IopCompleteRequest(Request, STATUS_DEVICE_DOES_NOT_EXIST, 0);
        KeGiveWay();
    }
}

static void IopDropReplies(PIO_DRIVER Driver)
{
    while (!IsListEmpty(&Driver->ReplyQueue)) {
        IopFreeRequest(
            CONTAINING_RECORD(RemoveHeadList(&Driver->ReplyQueue), IO_REQUEST, QueueEntry));
        KeGiveWay();
    }
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

/* Takes away everything that the process had; its outstanding requests fail. Others run meanwhile,
 * but cannot send it anything, since it has no channel. */
void IopReleaseProcess(PIO_DRIVER Driver)
{
    IopReleaseResources(Driver);
    IopCloseChannel(Driver);
    IopForgetThreads(Driver);
    IopDeleteConnections(Driver);
    while (!IsListEmpty(&Driver->DeviceList)) {
        IopDeleteDevice(CONTAINING_RECORD(Driver->DeviceList.Flink, IO_DEVICE, DriverEntry));
        KeGiveWay();
    }
    IopFailList(&Driver->SendQueue);
    IopFailOutstanding(Driver);
    IopDropReplies(Driver);
    while (Driver->OpenCount)
        ObDereferenceObject(Driver->Opens[--Driver->OpenCount]);
    MmDeleteKernelObject(&Driver->MainNotification);
    MmDeleteKernelObject(&Driver->InterruptNotification);
    MmDeleteKernelObject(&Driver->LockNotification);
}

/* The driver object stays, with its dead process, until it is unloaded or loaded again. */
static void IopEndProcess(PIO_DRIVER Driver)
{
    DbgPrint("io: driver %ls.sys (process %u) has ended, exit status %08x\n",
             (const void *)Driver->Name, (ULONG)(ULONG_PTR)Driver->Process->UniqueProcessId,
             (ULONG)Driver->Process->ExitStatus);
    if (Driver->State != IopDriverUnloading)
        IopDriverLost(Driver);
    Driver->State = IopDriverEnding;
    IopReleaseProcess(Driver);
    Driver->State = IopDriverDead;
    ObDereferenceObject(Driver);
}

/*
 * Clients run below the Executive's priority, so the process finds everything in place when it runs
 * first. Others may end it even before that, while it is being equipped: what it has been given is
 * taken back when nothing more is to come.
 */
NTSTATUS IopStartProcess(PIO_DRIVER Driver)
{
    NTSTATUS Status;

    Driver->Equipping = TRUE;
    Driver->EndedEarly = NULL;
    Status = IopCreateProcess(Driver);
    Driver->Equipping = FALSE;
    if (Driver->EndedEarly && Driver->EndedEarly == Driver->Process)
        IopEndProcess(Driver);
    return Status;
}

void IoDriverProcessExit(PEPROCESS Process)
{
    PIO_DRIVER Driver = Process->Driver;

    if (Driver->Equipping)
        Driver->EndedEarly = Process;
    else if (Driver->Process == Process) /* else it had not been a driver's process yet */
        IopEndProcess(Driver);
}
