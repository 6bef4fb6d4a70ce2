/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hold.sys: \Device\Hold keeps reads until a given number of them wait, then completes all of them
 * with nothing read. A benchmark uses it to have many requests in flight.
 */
#include <wdm.h>
#include <neptune/ioctl.h>
#include "../request.h"

static LIST_ENTRY Held = {&Held, &Held};
static ULONG HeldCount, MostHeld, Wanted = 1;
static KSPIN_LOCK HeldLock;

/* The next read that is held, if Minimum are. */
static PIRP TakeHeld(ULONG Minimum)
{
    PIRP Irp = NULL;
    KIRQL Irql;

    KeAcquireSpinLock(&HeldLock, &Irql);
    if (HeldCount && HeldCount >= Minimum) {
        Irp = CONTAINING_RECORD(RemoveHeadList(&Held), IRP, Tail.Overlay.ListEntry);
        HeldCount--;
    }
    KeReleaseSpinLock(&HeldLock, Irql);
    return Irp;
}

static VOID CompleteHeld(ULONG Minimum, NTSTATUS Status)
{
    PIRP Irp;

    for (; (Irp = TakeHeld(Minimum)) != NULL; Minimum = 0)
        Complete(Irp, Status, 0);
}

static NTSTATUS NTAPI HoldRead(PDEVICE_OBJECT Device, PIRP Irp)
{
    KIRQL Irql;

    IoMarkIrpPending(Irp);
    KeAcquireSpinLock(&HeldLock, &Irql);
    InsertTailList(&Held, &Irp->Tail.Overlay.ListEntry);
    if (++HeldCount > MostHeld)
        MostHeld = HeldCount;
    KeReleaseSpinLock(&HeldLock, Irql);
    CompleteHeld(Wanted, STATUS_SUCCESS);
    return STATUS_PENDING;
}

static NTSTATUS NTAPI HoldControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PULONG Count = Irp->AssociatedIrp.SystemBuffer;

    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_HOLD_SET_COUNT)
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*Count) ||
        Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*Count) || !*Count)
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    Wanted = *Count;
    *Count = MostHeld;
    MostHeld = 0;
    return Complete(Irp, STATUS_SUCCESS, sizeof(*Count));
}

/* There is no cancel routine: reads that a program leaves behind are completed here. */
static NTSTATUS NTAPI HoldCleanup(PDEVICE_OBJECT Device, PIRP Irp)
{
    CompleteHeld(0, STATUS_CANCELLED);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID NTAPI HoldUnload(PDRIVER_OBJECT DriverObject)
{
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\Hold");
    PDEVICE_OBJECT Device;
    NTSTATUS Status =
        IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Device->Flags |= DO_BUFFERED_IO;
    KeInitializeSpinLock(&HeldLock);
    ServeFiles(DriverObject, CompleteWell);
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = HoldCleanup;
    DriverObject->MajorFunction[IRP_MJ_READ] = HoldRead;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = HoldControl;
    DriverObject->DriverUnload = HoldUnload;
    return STATUS_SUCCESS;
}
