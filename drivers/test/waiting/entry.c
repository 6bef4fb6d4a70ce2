/* SPDX-License-Identifier: BSD-2-Clause */
/* The start of the driver, and its requests. */
#include "waiting.h"
#include "../request.h"

PDEVICE_OBJECT WaitingObject;
static NTSTATUS EntryStatus;
static ULONG Cleanups;
static LIST_ENTRY Reads = {&Reads, &Reads};

/* ---- Reads, which stay pending until the gate is opened ---- */

static VOID NTAPI CancelRead(PDEVICE_OBJECT Device, PIRP Irp)
{
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS NTAPI WaitingRead(PDEVICE_OBJECT Device, PIRP Irp)
{
    KIRQL Irql;

    IoMarkIrpPending(Irp);
    IoAcquireCancelSpinLock(&Irql);
    InsertTailList(&Reads, &Irp->Tail.Overlay.ListEntry);
    IoSetCancelRoutine(Irp, CancelRead);
    IoReleaseCancelSpinLock(Irql);
    return STATUS_PENDING;
}

static VOID CompleteReads(VOID)
{
    KIRQL Irql;
    PIRP Irp;

    for (;;) {
        IoAcquireCancelSpinLock(&Irql);
        Irp = IsListEmpty(&Reads)
                  ? NULL
                  : CONTAINING_RECORD(RemoveHeadList(&Reads), IRP, Tail.Overlay.ListEntry);
        if (Irp)
            IoSetCancelRoutine(Irp, NULL);
        IoReleaseCancelSpinLock(Irql);
        if (!Irp)
            return;
        Complete(Irp, STATUS_SUCCESS, 0);
    }
}

/* ---- What the test asks for ---- */

static NTSTATUS WaitSomehow(const WAITING_COMMAND *Command, PULONG Result)
{
    switch (Command->Kind) {
    case WaitingAtGate:
        return WaitAtGate();
    case WaitingItemsGate:
        return WaitForItems(1, TRUE);
    case WaitingItem:
        return WaitForItems(1, FALSE);
    case WaitingItems:
        return Command->Number ? WaitForItems(Command->Number, FALSE) : STATUS_INVALID_PARAMETER;
    case WaitingSelf:
        return OpenSelf(Result);
    case WaitingSelfGate:
        return WaitInSelf();
    case WaitingDevice:
        return UseDevice();
    case WaitingFile:
        return ReadImage(Result);
    case WaitingTimeout:
        return WaitForTimeout(Command->Number);
    case WaitingThread:
        return WaitForThread();
    case WaitingPending:
        return LeavePending();
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

static NTSTATUS Run(const WAITING_COMMAND *Command, PULONG Result)
{
    switch (Command->Kind) {
    case WaitingCount:
        *Result = CountAtGate();
        return STATUS_SUCCESS;
    case WaitingOpenGate:
        OpenGate();
        CompleteReads();
        return STATUS_SUCCESS;
    case WaitingCleanups:
        *Result = Cleanups;
        return STATUS_SUCCESS;
    case WaitingRaised:
        return CloseRaised();
    case WaitingEntry:
        return EntryStatus;
    default:
        return WaitSomehow(Command, Result);
    }
}

static NTSTATUS NTAPI WaitingControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PVOID Buffer = Irp->AssociatedIrp.SystemBuffer;
    ULONG Result = 0;
    NTSTATUS Status;

    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_WAITING_RUN)
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(WAITING_COMMAND))
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    Status = Run(Buffer, &Result);
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(Result))
        return Complete(Irp, Status, 0);
    *(PULONG)Buffer = Result;
    return Complete(Irp, Status, sizeof(Result));
}

static NTSTATUS NTAPI WaitingCreateClose(PDEVICE_OBJECT Device, PIRP Irp)
{
    if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_CLEANUP)
        Cleanups++;
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID NTAPI WaitingUnload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteDevice(DriverObject->DeviceObject);
}

/* Uses its own device and a file before it returns. */
NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\Waiting");
    ULONG Result;
    NTSTATUS Status =
        IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &WaitingObject);

    if (!NT_SUCCESS(Status))
        return Status;
    ServeFiles(DriverObject, WaitingCreateClose);
    DriverObject->MajorFunction[IRP_MJ_READ] = WaitingRead;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = WaitingControl;
    DriverObject->DriverUnload = WaitingUnload;
    InitializeGate();
    WaitingObject->Flags &= ~DO_DEVICE_INITIALIZING;
    EntryStatus = OpenSelf(&Result);
    if (NT_SUCCESS(EntryStatus))
        EntryStatus = ReadImage(&Result);
    return STATUS_SUCCESS;
}
