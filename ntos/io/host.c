/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver hosts: processes that drivers live in. A host's start with a channel and capabilities, and
 * what is left to be done when its process has ended. It is never started again: a driver that is
 * loaded anew gets another host.
 */
#include "iop.h"

PIO_HOST IopCurrentHost(void)
{
    PIO_HOST Host = PsGetCurrentProcess()->DriverHost;

    return Host && Host->Channel ? Host : NULL;
}

void IoReferenceHost(PIO_HOST Host)
{
    Host->References++;
}

void IoDereferenceHost(PIO_HOST Host)
{
    if (!--Host->References)
        ExFreePool(Host);
}

static void IopRetryFlush(PVOID Context)
{
    IopFlushHost(Context);
}

static void IopTimerExpired(PVOID Context)
{
    IopWakeHost(Context);
}

static PIO_HOST IopAllocateHost(const WCHAR *DriverName)
{
    UNICODE_STRING Name;
    PIO_HOST Host = ExAllocatePool(sizeof(*Host));

    if (!Host)
        return NULL;
    Host->References = 1;
    Name = (UNICODE_STRING){.Buffer = Host->Name, .MaximumLength = sizeof(Host->Name)};
    RtlAppendUnicodeToString(&Name, DriverName);
    RtlAppendUnicodeToString(&Name, u".sys");
    InitializeListHead(&Host->DriverList);
    InitializeListHead(&Host->SendQueue);
    InitializeListHead(&Host->ReplyQueue);
    InitializeListHead(&Host->CancelQueue);
    InitializeListHead(&Host->LockedData);
    KeInitializeTimer(&Host->Timer, IopTimerExpired, Host);
    KeInitializeTimer(&Host->RetryTimer, IopRetryFlush, Host);
    return Host;
}

/* A capability for the host to signal the Executive with. */
static NTSTATUS IopGrantSignal(PIO_HOST Host)
{
    seL4_CPtr Slot = MmAllocateSlot();
    NTSTATUS Status;

    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    IopAssignSignal(Host);
    Status = KeMintSignal(Host->SignalBit, Slot);
    if (!NT_SUCCESS(Status)) {
        MmFreeSlot(Slot);
        return Status;
    }
    Status = PsGrantCap(Host->Process, Slot, seL4_CanWrite, NEPTUNE_DRIVER_SIGNAL_CAP, NULL);
    MmDeleteCap(Slot);
    return Status;
}

static NTSTATUS IopGrantNotification(PIO_HOST Host, PMM_KERNEL_OBJECT Notification, ULONG Slot)
{
    NTSTATUS Status = MmCreateKernelObject(seL4_NotificationObject, 0, Notification);

    return NT_SUCCESS(Status)
               ? PsGrantCap(Host->Process, Notification->Cap, seL4_ReadWrite, Slot, NULL)
               : Status;
}

static NTSTATUS IopEquipProcess(PIO_HOST Host)
{
    PVOID Channel;
    NTSTATUS Status = MmAllocateSharedRegion(Host->Process, sizeof(DRIVER_CHANNEL), &Channel,
                                             &Host->ClientChannel);

    if (!NT_SUCCESS(Status))
        return Status;
    Host->Channel = Channel;
    Host->Channel->FromDriver.ConsumerSleeps = 1;
    Status = Host->Process->Exiting ? STATUS_PROCESS_IS_TERMINATING : IopGrantSignal(Host);
    if (NT_SUCCESS(Status))
        Status = IopGrantNotification(Host, &Host->MainNotification, NEPTUNE_DRIVER_WAIT_CAP);
    if (NT_SUCCESS(Status))
        Status =
            IopGrantNotification(Host, &Host->InterruptNotification, NEPTUNE_DRIVER_IRQ_WAIT_CAP);
    if (NT_SUCCESS(Status))
        Status = IopGrantNotification(Host, &Host->LockNotification, NEPTUNE_DRIVER_LOCK_CAP);
    return Status;
}

static NTSTATUS IopCreateProcess(PIO_HOST Host)
{
    PS_CREATE_ARGUMENTS Arguments = {.ImagePath =
                                         RTL_CONSTANT_STRING(u"\\SystemRoot\\ntoskrnl.exe"),
                                     .CurrentDirectory = RTL_CONSTANT_STRING(u"\\SystemRoot\\"),
                                     .ImageName = Host->Name,
                                     .DriverHost = Host};
    PETHREAD Thread;
    NTSTATUS Status;

    RtlInitUnicodeString(&Arguments.CommandLine, Host->Name);
    Status = PsCreateProcess(&Arguments, &Host->Process, &Thread);
    if (!NT_SUCCESS(Status)) {
        Host->Process = NULL;
        return Status;
    }
    Host->MainThread = Thread;
    Status = IopEquipProcess(Host);
    if (!NT_SUCCESS(Status))
        PsTerminateProcess(Host->Process, Status);
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

static void IopFailOutstanding(PIO_HOST Host)
{
    PIO_REQUEST Request;

    while ((Request = IopFirstOutstanding(Host)) != NULL) {
        IopRemoveOutstanding(Host, Request);
        IopCompleteRequest(Request, STATUS_DEVICE_DOES_NOT_EXIST, 0);
        KeGiveWay();
    }
}

static void IopDropReplies(PIO_HOST Host)
{
    while (!IsListEmpty(&Host->ReplyQueue)) {
        IopFreeRequest(
            CONTAINING_RECORD(RemoveHeadList(&Host->ReplyQueue), IO_REQUEST, QueueEntry));
        KeGiveWay();
    }
}

static void IopCloseChannel(PIO_HOST Host)
{
    KeCancelTimer(&Host->Timer);
    KeCancelTimer(&Host->RetryTimer);
    IopReleaseSignal(Host);
    if (Host->Channel)
        MmFreeSharedRegion(Host->Channel, sizeof(DRIVER_CHANNEL));
    Host->Channel = NULL;
}

/* The driver objects stay until they are unloaded or loaded again. */
static void IopLoseDrivers(PIO_HOST Host)
{
    while (!IsListEmpty(&Host->DriverList)) {
        PIO_DRIVER Driver = CONTAINING_RECORD(Host->DriverList.Flink, IO_DRIVER, HostEntry);

        Driver->LastStatus = Host->ExitStatus;
        Driver->LastFault = Host->Fault;
        IopLeaveHost(Driver);
    }
}

/* Takes away everything that the process had; its outstanding requests fail. Others run meanwhile,
 * but cannot send it anything, since it has no channel. */
static void IopReleaseHost(PIO_HOST Host)
{
    IopReleaseResources(Host);
    IopCloseChannel(Host);
    IopForgetThreads(Host);
    IopDeleteConnections(Host);
    IopLoseDrivers(Host);
    IopFailList(&Host->SendQueue);
    IopFailOutstanding(Host);
    IopDropReplies(Host);
    IopDropLockedData(Host);
    while (Host->OpenCount)
        ObDereferenceObject(Host->Opens[--Host->OpenCount]);
    MmDeleteKernelObject(&Host->MainNotification);
    MmDeleteKernelObject(&Host->InterruptNotification);
    MmDeleteKernelObject(&Host->LockNotification);
}

static void IopHostEnded(PIO_HOST Host)
{
    struct _IOP_RESTART *Restart = IopPlanRestart(Host);

    DbgPrint("io: %ls (process %u) has ended, exit status %08x\n", (const void *)Host->Name,
             (ULONG)(ULONG_PTR)Host->Process->UniqueProcessId, (ULONG)Host->Process->ExitStatus);
    Host->ExitStatus = Host->Process->ExitStatus;
    IopHostLost(Host);
    IopReleaseHost(Host);
    ObDereferenceObject(Host->Process);
    Host->Process = NULL;
    IopRestartDrivers(Restart);
}

/* Without its main thread, or the one of its interrupts, it would answer nobody; helpers do not
 * matter. */
void IoHostThreadExit(PETHREAD Thread)
{
    PIO_HOST Host = Thread->Process->DriverHost;

    if (!Thread->Process->Exiting &&
        (Thread == Host->MainThread || Thread == Host->InterruptThread))
        IopEndHost(Host);
}

/*
 * Clients run below the Executive's priority, so the process finds everything in place when it runs
 * first. Others may end it even before that, while it is being equipped: what it has been given is
 * taken back when nothing more is to come.
 */
NTSTATUS IopCreateHost(const WCHAR *DriverName, PIO_HOST *Result)
{
    PIO_HOST Host = IopAllocateHost(DriverName);
    NTSTATUS Status;

    if (!Host)
        return STATUS_INSUFFICIENT_RESOURCES;
    Host->Equipping = TRUE;
    Status = IopCreateProcess(Host);
    Host->Equipping = FALSE;
    if (Host->EndedEarly && Host->Process)
        IopHostEnded(Host);
    if (NT_SUCCESS(Status) && !Host->Channel)
        Status = STATUS_PROCESS_IS_TERMINATING;
    if (NT_SUCCESS(Status))
        *Result = Host;
    else
        IoDereferenceHost(Host);
    return Status;
}

void IoHostProcessExit(PEPROCESS Process)
{
    PIO_HOST Host = Process->DriverHost;

    if (Host->Equipping)
        Host->EndedEarly = TRUE;
    else if (Host->Process == Process) /* else its creation has failed */
        IopHostEnded(Host);
}
