/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * beep.sys: \Device\Beep sounds the speaker. IOCTL_BEEP_SET starts a tone and completes at once; a
 * timer ends the tone, and a new tone replaces one that still sounds. A duration of MAXULONG sounds
 * until the next request or the last close.
 */
#include <wdm.h>
#include <ntddbeep.h>

/* Exported by hal.dll; the DDK declares it for drivers that are not WDM only. */
NTHALAPI BOOLEAN NTAPI HalMakeBeep(ULONG Frequency);

typedef struct _BEEP_EXTENSION {
    KTIMER Timer;
    KDPC Dpc;
    LONG OpenCount;
    BOOLEAN Endless; /* a tone without a timer sounds */
} BEEP_EXTENSION, *PBEEP_EXTENSION;

static NTSTATUS BeepComplete(PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* The timer's DPC: the tone is over. */
static VOID NTAPI BeepTimeout(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2)
{
    HalMakeBeep(0);
}

static NTSTATUS NTAPI BeepCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PBEEP_EXTENSION Extension = DeviceObject->DeviceExtension;

    InterlockedIncrement(&Extension->OpenCount);
    return BeepComplete(Irp, STATUS_SUCCESS);
}

static NTSTATUS NTAPI BeepCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    return BeepComplete(Irp, STATUS_SUCCESS);
}

/* A queued request is cancelled. */
static VOID NTAPI BeepCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KeRemoveEntryDeviceQueue(&DeviceObject->DeviceQueue, &Irp->Tail.Overlay.DeviceQueueEntry);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    BeepComplete(Irp, STATUS_CANCELLED);
}

/* No program is left that could end an endless tone. */
static NTSTATUS NTAPI BeepClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PBEEP_EXTENSION Extension = DeviceObject->DeviceExtension;

    if (InterlockedDecrement(&Extension->OpenCount) == 0 && Extension->Endless) {
        Extension->Endless = FALSE;
        HalMakeBeep(0);
    }
    return BeepComplete(Irp, STATUS_SUCCESS);
}

/* Beep(0, 0) is silence; other tones must be ones that the speaker has. */
static NTSTATUS BeepCheckParameters(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PBEEP_SET_PARAMETERS Parameters = Irp->AssociatedIrp.SystemBuffer;

    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_BEEP_SET)
        return STATUS_INVALID_DEVICE_REQUEST;
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(BEEP_SET_PARAMETERS))
        return STATUS_INVALID_PARAMETER;
    if (Parameters->Frequency == 0 && Parameters->Duration == 0)
        return STATUS_SUCCESS;
    if (Parameters->Frequency < BEEP_FREQUENCY_MINIMUM ||
        Parameters->Frequency > BEEP_FREQUENCY_MAXIMUM)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI BeepDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    NTSTATUS Status = BeepCheckParameters(Irp, IoGetCurrentIrpStackLocation(Irp));

    if (!NT_SUCCESS(Status))
        return BeepComplete(Irp, Status);
    IoMarkIrpPending(Irp);
    IoStartPacket(DeviceObject, Irp, NULL, BeepCancel);
    return STATUS_PENDING;
}

static NTSTATUS BeepStart(PBEEP_EXTENSION Extension, PBEEP_SET_PARAMETERS Parameters)
{
    LARGE_INTEGER DueTime;

    KeCancelTimer(&Extension->Timer);
    KeRemoveQueueDpc(&Extension->Dpc);
    Extension->Endless = FALSE;
    if (Parameters->Duration == 0) {
        HalMakeBeep(0);
        return STATUS_SUCCESS;
    }
    if (!HalMakeBeep(Parameters->Frequency))
        return STATUS_INVALID_PARAMETER;
    Extension->Endless = Parameters->Duration == MAXULONG;
    if (!Extension->Endless) {
        DueTime.QuadPart = -10000LL * Parameters->Duration;
        KeSetTimer(&Extension->Timer, DueTime, &Extension->Dpc);
    }
    return STATUS_SUCCESS;
}

static VOID NTAPI BeepStartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KIRQL CancelIrql;
    NTSTATUS Status;

    IoAcquireCancelSpinLock(&CancelIrql);
    if (!IoSetCancelRoutine(Irp, NULL)) {
        IoReleaseCancelSpinLock(CancelIrql); /* its cancel routine completes it */
        IoStartNextPacket(DeviceObject, TRUE);
        return;
    }
    IoReleaseCancelSpinLock(CancelIrql);
    Status = BeepStart(DeviceObject->DeviceExtension, Irp->AssociatedIrp.SystemBuffer);
    BeepComplete(Irp, Status);
    IoStartNextPacket(DeviceObject, TRUE);
}

static VOID NTAPI BeepUnload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT Device = DriverObject->DeviceObject;
    PBEEP_EXTENSION Extension = Device->DeviceExtension;

    KeCancelTimer(&Extension->Timer);
    HalMakeBeep(0);
    IoDeleteDevice(Device);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(DD_BEEP_DEVICE_NAME_U);
    PBEEP_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(*Extension), &Name, FILE_DEVICE_BEEP, 0,
                                     FALSE, &Device);

    if (!NT_SUCCESS(Status))
        return Status;
    Device->Flags |= DO_BUFFERED_IO;
    Extension = Device->DeviceExtension;
    KeInitializeTimer(&Extension->Timer);
    KeInitializeDpc(&Extension->Dpc, BeepTimeout, Extension);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = BeepCreate;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = BeepClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = BeepCleanup;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = BeepDeviceControl;
    DriverObject->DriverStartIo = BeepStartIo;
    DriverObject->DriverUnload = BeepUnload;
    return STATUS_SUCCESS;
}
