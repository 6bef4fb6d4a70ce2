/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnkbf.sys: an upper filter of a keyboard, between the class driver and the port driver. It takes
 * the connect request, puts itself between the port driver's packets and the class driver's
 * callback, and passes on what it does not know. In the shape of Microsoft's kbfiltr before the
 * frameworks: AddDevice, a remove lock, completion routines, power by PoCallDriver, and a control
 * device beside the stack, since nobody but the class driver can open a keyboard.
 */
#include <ntddk.h>
#include <kbdmou.h>
#include <ntddkbd.h>
#include <ntdd8042.h>
#include "kbfilter.h"

#define TAG 'bkgF'

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT Self, Pdo, TopOfStack; /* TopOfStack: where requests are passed on to */
    CONNECT_DATA UpperConnectData;
    IO_REMOVE_LOCK RemoveLock;
    BOOLEAN Started;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
DRIVER_ADD_DEVICE KbFilter_AddDevice;
DRIVER_UNLOAD KbFilter_Unload;
_Dispatch_type_(IRP_MJ_PNP) DRIVER_DISPATCH KbFilter_PnP;
_Dispatch_type_(IRP_MJ_POWER) DRIVER_DISPATCH KbFilter_Power;
_Dispatch_type_(IRP_MJ_INTERNAL_DEVICE_CONTROL) DRIVER_DISPATCH KbFilter_InternIoCtl;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH KbFilter_DeviceControl;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH KbFilter_Pass;
IO_COMPLETION_ROUTINE KbFilter_Complete;
VOID KbFilter_ServiceCallback(_In_ PDEVICE_OBJECT DeviceObject,
                              _In_ PKEYBOARD_INPUT_DATA InputDataStart,
                              _In_ PKEYBOARD_INPUT_DATA InputDataEnd,
                              _Inout_ PULONG InputDataConsumed);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, KbFilter_AddDevice)
#pragma alloc_text(PAGE, KbFilter_PnP)
#endif

static PDEVICE_OBJECT ControlDevice;
static FGN_KEYS Keys;

static NTSTATUS KbFilter_End(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* ---- Keys: the port driver calls at DISPATCH_LEVEL ---- */

_Use_decl_annotations_ VOID KbFilter_ServiceCallback(PDEVICE_OBJECT DeviceObject,
                                                     PKEYBOARD_INPUT_DATA InputDataStart,
                                                     PKEYBOARD_INPUT_DATA InputDataEnd,
                                                     PULONG InputDataConsumed)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    PKEYBOARD_INPUT_DATA Key;

    Keys.Callbacks++;
    for (Key = InputDataStart; Key < InputDataEnd; Key++) {
        Keys.Keys++;
        if (Keys.From && Key->MakeCode == Keys.From)
            Key->MakeCode = Keys.To;
    }
    (*(PSERVICE_CALLBACK_ROUTINE)(ULONG_PTR)Extension->UpperConnectData.ClassService)(
        Extension->UpperConnectData.ClassDeviceObject, InputDataStart, InputDataEnd,
        InputDataConsumed);
}

static NTSTATUS KbFilter_Connect(PDEVICE_EXTENSION Extension, PIO_STACK_LOCATION IrpSp)
{
    PCONNECT_DATA Connect = IrpSp->Parameters.DeviceIoControl.Type3InputBuffer;

    if (Extension->UpperConnectData.ClassService != NULL)
        return STATUS_SHARING_VIOLATION;
    if (IrpSp->Parameters.DeviceIoControl.InputBufferLength < sizeof(CONNECT_DATA))
        return STATUS_INVALID_PARAMETER;
    Extension->UpperConnectData = *Connect;
    Connect->ClassDeviceObject = Extension->Self;
    Connect->ClassService = (PVOID)(ULONG_PTR)KbFilter_ServiceCallback;
    Keys.Connects++;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS KbFilter_InternIoCtl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_SUCCESS;

    if (DeviceObject == ControlDevice)
        return KbFilter_End(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    switch (IrpSp->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_INTERNAL_KEYBOARD_CONNECT:
        Status = KbFilter_Connect(DeviceObject->DeviceExtension, IrpSp);
        break;
    case IOCTL_INTERNAL_KEYBOARD_DISCONNECT:
        Status = STATUS_NOT_IMPLEMENTED;
        break;
    default:
        break;
    }
    if (!NT_SUCCESS(Status))
        return KbFilter_End(Irp, Status, 0);
    return KbFilter_Pass(DeviceObject, Irp);
}

/* ---- What goes through ---- */

_Use_decl_annotations_ NTSTATUS KbFilter_Complete(PDEVICE_OBJECT DeviceObject, PIRP Irp,
                                                  PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->PendingReturned)
        KeSetEvent(Context, 0, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* The caller has the Irp again when it comes back. */
static NTSTATUS KbFilter_ForwardAndWait(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    KEVENT Event;
    NTSTATUS Status;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, KbFilter_Complete, &Event, TRUE, TRUE, TRUE);
    Status = IoCallDriver(Extension->TopOfStack, Irp);
    if (STATUS_PENDING == Status) {
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
        Status = Irp->IoStatus.Status;
    }
    return Status;
}

_Use_decl_annotations_ NTSTATUS KbFilter_Pass(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status;

    if (DeviceObject == ControlDevice)
        return KbFilter_End(Irp, STATUS_SUCCESS, 0);
    Status = IoAcquireRemoveLock(&Extension->RemoveLock, Irp);
    if (!NT_SUCCESS(Status))
        return KbFilter_End(Irp, Status, 0);
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Extension->TopOfStack, Irp);
    IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
    return Status;
}

_Use_decl_annotations_ NTSTATUS KbFilter_Power(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;

    PoStartNextPowerIrp(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(Extension->TopOfStack, Irp);
}

static NTSTATUS KbFilter_Remove(PDEVICE_EXTENSION Extension, PIRP Irp)
{
    NTSTATUS Status;

    IoReleaseRemoveLockAndWait(&Extension->RemoveLock, Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Extension->TopOfStack, Irp);
    IoDetachDevice(Extension->TopOfStack);
    IoDeleteDevice(Extension->Self);
    return Status;
}

_Use_decl_annotations_ NTSTATUS KbFilter_PnP(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status;

    PAGED_CODE();
    Status = IoAcquireRemoveLock(&Extension->RemoveLock, Irp);
    if (!NT_SUCCESS(Status))
        return KbFilter_End(Irp, Status, 0);
    switch (IoGetCurrentIrpStackLocation(Irp)->MinorFunction) {
    case IRP_MN_START_DEVICE:
        Status = KbFilter_ForwardAndWait(Extension, Irp);
        if (NT_SUCCESS(Status)) {
            Extension->Started = TRUE;
            Keys.Started++;
        }
        KbFilter_End(Irp, Status, 0);
        break;
    case IRP_MN_REMOVE_DEVICE:
        return KbFilter_Remove(Extension, Irp);
    case IRP_MN_QUERY_STOP_DEVICE:
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_STOP_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
    case IRP_MN_SURPRISE_REMOVAL:
        Irp->IoStatus.Status = STATUS_SUCCESS;
        /* fall through */
    default:
        IoSkipCurrentIrpStackLocation(Irp);
        Status = IoCallDriver(Extension->TopOfStack, Irp);
        break;
    }
    IoReleaseRemoveLock(&Extension->RemoveLock, Irp);
    return Status;
}

/* ---- The control device ---- */

_Use_decl_annotations_ NTSTATUS KbFilter_DeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    FGN_KEYS *Buffer = Irp->AssociatedIrp.SystemBuffer;

    if (DeviceObject != ControlDevice)
        return KbFilter_Pass(DeviceObject, Irp);
    switch (IrpSp->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_FGN_KEYS:
        if (IrpSp->Parameters.DeviceIoControl.OutputBufferLength < sizeof(FGN_KEYS))
            return KbFilter_End(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        *Buffer = Keys;
        return KbFilter_End(Irp, STATUS_SUCCESS, sizeof(FGN_KEYS));
    case IOCTL_FGN_REMAP:
        if (IrpSp->Parameters.DeviceIoControl.InputBufferLength < sizeof(FGN_KEYS))
            return KbFilter_End(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        Keys.To = Buffer->To;
        Keys.From = Buffer->From;
        return KbFilter_End(Irp, STATUS_SUCCESS, 0);
    default:
        return KbFilter_End(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static VOID KbFilter_CreateControlDevice(PDRIVER_OBJECT DriverObject)
{
    DECLARE_CONST_UNICODE_STRING(Name, L"\\Device\\FgnKbf");

    if (ControlDevice ||
        !NT_SUCCESS(IoCreateDevice(DriverObject, 0, (PUNICODE_STRING)&Name, FILE_DEVICE_UNKNOWN,
                                   FILE_DEVICE_SECURE_OPEN, FALSE, &ControlDevice)))
        return;
    ControlDevice->Flags |= DO_BUFFERED_IO;
    ControlDevice->Flags &=
        ~DO_DEVICE_INITIALIZING; /* which the system does for DriverEntry's only */
}

_Use_decl_annotations_ NTSTATUS KbFilter_AddDevice(PDRIVER_OBJECT DriverObject,
                                                   PDEVICE_OBJECT PhysicalDeviceObject)
{
    PDEVICE_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status;

    PAGED_CODE();
    Status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), NULL, FILE_DEVICE_KEYBOARD, 0,
                            FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Extension = Device->DeviceExtension;
    RtlZeroMemory(Extension, sizeof(DEVICE_EXTENSION));
    IoInitializeRemoveLock(&Extension->RemoveLock, TAG, 0, 0);
    Extension->Self = Device;
    Extension->Pdo = PhysicalDeviceObject;
    Extension->TopOfStack = IoAttachDeviceToDeviceStack(Device, PhysicalDeviceObject);
    if (Extension->TopOfStack == NULL) {
        IoDeleteDevice(Device);
        return STATUS_DEVICE_NOT_CONNECTED;
    }
    KbFilter_CreateControlDevice(DriverObject);
    Device->Flags |=
        Extension->TopOfStack->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO | DO_POWER_PAGABLE);
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ VOID KbFilter_Unload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (ControlDevice)
        IoDeleteDevice(ControlDevice);
}

_Use_decl_annotations_ NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
                                            PUNICODE_STRING RegistryPath)
{
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++)
        DriverObject->MajorFunction[i] = KbFilter_Pass;
    DriverObject->MajorFunction[IRP_MJ_PNP] = KbFilter_PnP;
    DriverObject->MajorFunction[IRP_MJ_POWER] = KbFilter_Power;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = KbFilter_InternIoCtl;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = KbFilter_DeviceControl;
    DriverObject->DriverExtension->AddDevice = KbFilter_AddDevice;
    DriverObject->DriverUnload = KbFilter_Unload;
    return STATUS_SUCCESS;
}
