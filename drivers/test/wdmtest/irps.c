/* SPDX-License-Identifier: BSD-2-Clause */
/* IRPs within the process: stack locations, completion routines, pending and synchronous ones. */
#include "wdmtest.h"

/* A device with a dispatch routine of its own, outside the driver's. */
static DRIVER_OBJECT LowerDriver, MiddleDriver;
static DEVICE_OBJECT Lower, Middle;
static PIRP KeptIrp;
static LONG Calls[4];
static NTSTATUS LowerStatus;

static NTSTATUS NTAPI LowerDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    CHECK(Device == &Lower && Stack->DeviceObject == &Lower);
    CHECK(Stack->MajorFunction == IRP_MJ_READ && Stack->Parameters.Read.Length == 77);
    Calls[0]++;
    if (LowerStatus == STATUS_PENDING) {
        IoMarkIrpPending(Irp);
        KeptIrp = Irp;
        return STATUS_PENDING;
    }
    Irp->IoStatus.Status = LowerStatus;
    Irp->IoStatus.Information = 5;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return LowerStatus;
}

static NTSTATUS NTAPI MiddleCompletion(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    CHECK(Device == &Middle && Context == &Calls[1]);
    CHECK(IoGetCurrentIrpStackLocation(Irp)->DeviceObject == &Middle);
    Calls[1]++;
    if (Irp->PendingReturned)
        IoMarkIrpPending(Irp);
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI MiddleDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, MiddleCompletion, &Calls[1], TRUE, TRUE, TRUE);
    return IoCallDriver(&Lower, Irp);
}

static NTSTATUS NTAPI KeepIrp(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    CHECK(Device == NULL);
    ((PLONG)Context)[0]++;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP BuildRead(VOID)
{
    PIRP Irp = IoAllocateIrp(2, FALSE);
    PIO_STACK_LOCATION Stack;

    for (int i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) {
        LowerDriver.MajorFunction[i] = LowerDispatch;
        MiddleDriver.MajorFunction[i] = MiddleDispatch;
    }
    Lower.DriverObject = &LowerDriver;
    Middle.DriverObject = &MiddleDriver;
    Lower.StackSize = 1;
    Middle.StackSize = 2;
    RtlZeroMemory(Calls, sizeof(Calls));
    Stack = IoGetNextIrpStackLocation(Irp);
    Stack->MajorFunction = IRP_MJ_READ;
    Stack->Parameters.Read.Length = 77;
    return Irp;
}

VOID TestStackLocations(VOID)
{
    PIRP Irp = BuildRead();

    LowerStatus = STATUS_SUCCESS;
    IoSetCompletionRoutine(Irp, KeepIrp, &Calls[2], TRUE, TRUE, TRUE);
    CHECK(IoCallDriver(&Middle, Irp) == STATUS_SUCCESS);
    CHECK(Calls[0] == 1 && Calls[1] == 1 && Calls[2] == 1);
    CHECK(Irp->IoStatus.Status == STATUS_SUCCESS && Irp->IoStatus.Information == 5);
    CHECK(Irp->CurrentLocation == 3 && !Irp->PendingReturned);
    IoReuseIrp(Irp, STATUS_SUCCESS);
    CHECK(Irp->CurrentLocation == 3 && Irp->StackCount == 2);
    IoFreeIrp(Irp);
}

/* Completion routines are called for the outcomes that they were set for. */
VOID TestMoreProcessing(VOID)
{
    PIRP Irp = BuildRead();

    LowerStatus = STATUS_IO_DEVICE_ERROR;
    IoSetCompletionRoutine(Irp, KeepIrp, &Calls[2], TRUE, FALSE, FALSE);
    CHECK(IoCallDriver(&Middle, Irp) == STATUS_IO_DEVICE_ERROR);
    CHECK(Calls[1] == 1 && Calls[2] == 0);
    IoFreeIrp(Irp);

    Irp = BuildRead();
    IoSetCompletionRoutine(Irp, KeepIrp, &Calls[2], FALSE, TRUE, FALSE);
    IoCallDriver(&Middle, Irp);
    CHECK(Calls[2] == 1 && Irp->CurrentLocation == 3);
    IoFreeIrp(Irp);
}

VOID TestPendingIrps(VOID)
{
    PIRP Irp = BuildRead();

    LowerStatus = STATUS_PENDING;
    IoSetCompletionRoutine(Irp, KeepIrp, &Calls[2], TRUE, TRUE, TRUE);
    CHECK(IoCallDriver(&Middle, Irp) == STATUS_PENDING);
    CHECK(Calls[1] == 0 && Calls[2] == 0 && KeptIrp == Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    CHECK(Calls[1] == 1 && Calls[2] == 1 && Irp->PendingReturned);
    IoFreeIrp(Irp);
}

static NTSTATUS NTAPI EchoDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PUCHAR Buffer = Irp->AssociatedIrp.SystemBuffer;
    ULONG Length = Stack->Parameters.DeviceIoControl.InputBufferLength;

    for (ULONG i = 0; i < Length; i++)
        Buffer[i]++;
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = Length;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

VOID TestSynchronousRequests(VOID)
{
    UCHAR Input[3] = {1, 2, 3}, Output[4] = {9, 9, 9, 9};
    IO_STATUS_BLOCK IoStatus = {0};
    KEVENT Event;
    PIRP Irp;

    BuildRead();
    LowerDriver.MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = EchoDispatch;
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp = IoBuildDeviceIoControlRequest(CTL_CODE(1, 2, METHOD_BUFFERED, 0), &Lower, Input, 3,
                                        Output, 4, TRUE, &Event, &IoStatus);
    CHECK(IoCallDriver(&Lower, Irp) == STATUS_SUCCESS);
    CHECK(KeReadStateEvent(&Event) && IoStatus.Information == 3);
    CHECK(Output[0] == 2 && Output[2] == 4 && Output[3] == 9 && Input[0] == 1);
}
