/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnwmi.sys: provides data by WMI with the routines of wmilib.sys. In the shape of the toaster's
 * wmi.c: a WMILIB_CONTEXT with a list of GUIDs, a dispatch routine that does with the IRP what
 * WmiSystemControl says, and a work item for an answer that takes longer.
 */
#include <ntddk.h>
#include <wmistr.h>
#include <wmilib.h>
#include "wmi.h"

#define COUNTERS 0
#define SETTINGS 1

typedef struct _DEVICE_EXTENSION {
    WMILIB_CONTEXT WmiLibInfo;
    ULONG Settings[2];
    ULONG Questions;
    ULONG Switched; /* bits: 1 << block, << 4 for events */
    IO_REMOVE_LOCK RemoveLock;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

static const GUID CounterGuid = FGN_GUID(0), SettingsGuid = FGN_GUID(1);
static WMIGUIDREGINFO GuidList[] = {
    {&CounterGuid, 2, 0},
    {&SettingsGuid, 1, 0},
};
static UNICODE_STRING ServiceKey;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD WmiUnload;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH WmiCreateClose;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH WmiDeviceControl;
_Dispatch_type_(IRP_MJ_SYSTEM_CONTROL) DRIVER_DISPATCH WmiDispatch;
WMI_QUERY_REGINFO_CALLBACK QueryRegInfo;
WMI_QUERY_DATABLOCK_CALLBACK QueryDataBlock;
WMI_SET_DATABLOCK_CALLBACK SetDataBlock;
WMI_SET_DATAITEM_CALLBACK SetDataItem;
WMI_EXECUTE_METHOD_CALLBACK ExecuteMethod;
WMI_FUNCTION_CONTROL_CALLBACK FunctionControl;
IO_COMPLETION_ROUTINE WmiAsked;
IO_WORKITEM_ROUTINE FinishMethod;

/* ---- What wmilib calls ---- */

_Use_decl_annotations_ NTSTATUS QueryRegInfo(PDEVICE_OBJECT DeviceObject, PULONG RegFlags,
                                             PUNICODE_STRING InstanceName,
                                             PUNICODE_STRING *RegistryPath,
                                             PUNICODE_STRING MofResourceName, PDEVICE_OBJECT *Pdo)
{
    UNREFERENCED_PARAMETER(InstanceName);
    PAGED_CODE();
    *RegFlags = WMIREG_FLAG_INSTANCE_PDO;
    *RegistryPath = &ServiceKey;
    *Pdo = DeviceObject;
    RtlInitUnicodeString(MofResourceName, L"FgnMof");
    return STATUS_SUCCESS;
}

static NTSTATUS QueryCounters(PDEVICE_EXTENSION Extension, PDEVICE_OBJECT Device, PIRP Irp,
                              ULONG First, ULONG Count, PULONG Lengths, ULONG Room, PUCHAR Buffer)
{
    ULONG Stride = (sizeof(FGN_COUNTER) + 7) & ~7u,
          Used = (Count - 1) * Stride + sizeof(FGN_COUNTER), i;

    if (Room < Used || !Lengths)
        return WmiCompleteRequest(Device, Irp, STATUS_BUFFER_TOO_SMALL, Used, IO_NO_INCREMENT);
    Extension->Questions++;
    for (i = 0; i < Count; i++) {
        FGN_COUNTER Counter = {
            .Number = First + i, .Questions = Extension->Questions, .Tail = 0x77};

        RtlCopyMemory(Buffer + i * Stride, &Counter, sizeof(Counter));
        Lengths[i] = sizeof(Counter);
    }
    return WmiCompleteRequest(Device, Irp, STATUS_SUCCESS, Used, IO_NO_INCREMENT);
}

_Use_decl_annotations_ NTSTATUS QueryDataBlock(PDEVICE_OBJECT DeviceObject, PIRP Irp,
                                               ULONG GuidIndex, ULONG InstanceIndex,
                                               ULONG InstanceCount, PULONG InstanceLengthArray,
                                               ULONG BufferAvail, PUCHAR Buffer)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;

    PAGED_CODE();
    if (GuidIndex == COUNTERS)
        return QueryCounters(Extension, DeviceObject, Irp, InstanceIndex, InstanceCount,
                             InstanceLengthArray, BufferAvail, Buffer);
    if (BufferAvail < sizeof(Extension->Settings))
        return WmiCompleteRequest(DeviceObject, Irp, STATUS_BUFFER_TOO_SMALL,
                                  sizeof(Extension->Settings), IO_NO_INCREMENT);
    RtlCopyMemory(Buffer, Extension->Settings, sizeof(Extension->Settings));
    *InstanceLengthArray = sizeof(Extension->Settings);
    return WmiCompleteRequest(DeviceObject, Irp, STATUS_SUCCESS, sizeof(Extension->Settings),
                              IO_NO_INCREMENT);
}

_Use_decl_annotations_ NTSTATUS SetDataBlock(PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex,
                                             ULONG InstanceIndex, ULONG BufferSize, PUCHAR Buffer)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(InstanceIndex);
    PAGED_CODE();
    if (GuidIndex != SETTINGS)
        Status = STATUS_WMI_READ_ONLY;
    else if (BufferSize != sizeof(Extension->Settings))
        Status = STATUS_WMI_SET_FAILURE;
    else
        RtlCopyMemory(Extension->Settings, Buffer, BufferSize);
    return WmiCompleteRequest(DeviceObject, Irp, Status, 0, IO_NO_INCREMENT);
}

_Use_decl_annotations_ NTSTATUS SetDataItem(PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG GuidIndex,
                                            ULONG InstanceIndex, ULONG DataItemId, ULONG BufferSize,
                                            PUCHAR Buffer)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    NTSTATUS Status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(InstanceIndex);
    if (GuidIndex != SETTINGS)
        Status = STATUS_WMI_READ_ONLY;
    else if (DataItemId < 1 || DataItemId > 2)
        Status = STATUS_WMI_ITEMID_NOT_FOUND;
    else if (BufferSize != sizeof(ULONG))
        Status = STATUS_WMI_SET_FAILURE;
    else
        Extension->Settings[DataItemId - 1] = *(PULONG)Buffer;
    return WmiCompleteRequest(DeviceObject, Irp, Status, 0, IO_NO_INCREMENT);
}

/* Add, in the time that it takes: from a work item. */
typedef struct _LATER {
    PIO_WORKITEM WorkItem;
    PIRP Irp;
    PULONG Numbers;
} LATER, *PLATER;

_Use_decl_annotations_ VOID FinishMethod(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PLATER Later = Context;
    LARGE_INTEGER Time = {.QuadPart = -20 * 10000};

    KeDelayExecutionThread(KernelMode, FALSE, &Time);
    Later->Numbers[0] += Later->Numbers[1];
    WmiCompleteRequest(DeviceObject, Later->Irp, STATUS_SUCCESS, sizeof(ULONG), IO_NO_INCREMENT);
    IoFreeWorkItem(Later->WorkItem);
    ExFreePoolWithTag(Later, 'wngF');
}

static NTSTATUS StartLater(PDEVICE_OBJECT DeviceObject, PIRP Irp, PULONG Numbers)
{
    PLATER Later = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(*Later), 'wngF');

    if (!Later)
        return WmiCompleteRequest(DeviceObject, Irp, STATUS_INSUFFICIENT_RESOURCES, 0,
                                  IO_NO_INCREMENT);
    Later->WorkItem = IoAllocateWorkItem(DeviceObject);
    if (!Later->WorkItem) {
        ExFreePoolWithTag(Later, 'wngF');
        return WmiCompleteRequest(DeviceObject, Irp, STATUS_INSUFFICIENT_RESOURCES, 0,
                                  IO_NO_INCREMENT);
    }
    Later->Irp = Irp;
    Later->Numbers = Numbers;
    IoMarkIrpPending(Irp);
    IoQueueWorkItem(Later->WorkItem, FinishMethod, DelayedWorkQueue, Later);
    return STATUS_PENDING;
}

_Use_decl_annotations_ NTSTATUS ExecuteMethod(PDEVICE_OBJECT DeviceObject, PIRP Irp,
                                              ULONG GuidIndex, ULONG InstanceIndex, ULONG MethodId,
                                              ULONG InBufferSize, ULONG OutBufferSize,
                                              PUCHAR Buffer)
{
    PULONG Numbers = (PULONG)Buffer;

    UNREFERENCED_PARAMETER(InstanceIndex);
    if (GuidIndex != SETTINGS || MethodId < FgnMethodAdd || MethodId > FgnMethodLater)
        return WmiCompleteRequest(DeviceObject, Irp, STATUS_WMI_ITEMID_NOT_FOUND, 0,
                                  IO_NO_INCREMENT);
    if (InBufferSize != 2 * sizeof(ULONG))
        return WmiCompleteRequest(DeviceObject, Irp, STATUS_INVALID_PARAMETER, 0, IO_NO_INCREMENT);
    if (OutBufferSize < sizeof(ULONG))
        return WmiCompleteRequest(DeviceObject, Irp, STATUS_BUFFER_TOO_SMALL, sizeof(ULONG),
                                  IO_NO_INCREMENT);
    if (MethodId == FgnMethodLater)
        return StartLater(DeviceObject, Irp, Numbers);
    Numbers[0] += Numbers[1];
    return WmiCompleteRequest(DeviceObject, Irp, STATUS_SUCCESS, sizeof(ULONG), IO_NO_INCREMENT);
}

_Use_decl_annotations_ NTSTATUS FunctionControl(PDEVICE_OBJECT DeviceObject, PIRP Irp,
                                                ULONG GuidIndex, WMIENABLEDISABLECONTROL Function,
                                                BOOLEAN Enable)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    ULONG Bit = 1u << (GuidIndex + (Function == WmiEventControl ? 4 : 0));

    Extension->Switched = Enable ? Extension->Switched | Bit : Extension->Switched & ~Bit;
    return WmiCompleteRequest(DeviceObject, Irp, STATUS_SUCCESS, 0, IO_NO_INCREMENT);
}

/* ---- Requests ---- */

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

_Use_decl_annotations_ NTSTATUS WmiDispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION Extension = DeviceObject->DeviceExtension;
    SYSCTL_IRP_DISPOSITION Disposition;
    NTSTATUS Status = IoAcquireRemoveLock(&Extension->RemoveLock, DeviceObject);

    PAGED_CODE();
    if (!NT_SUCCESS(Status))
        return Complete(Irp, Status, 0);
    Status = WmiSystemControl(&Extension->WmiLibInfo, DeviceObject, Irp, &Disposition);
    switch (Disposition) {
    case IrpProcessed: /* it may be completed and gone */
        break;
    case IrpNotCompleted:
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        break;
    case IrpForward: /* there is no device below */
    case IrpNotWmi:
    default:
        Status = Complete(Irp, STATUS_NOT_SUPPORTED, 0);
        break;
    }
    IoReleaseRemoveLock(&Extension->RemoveLock, DeviceObject);
    return Status;
}

_Use_decl_annotations_ NTSTATUS WmiAsked(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->PendingReturned)
        KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* What the system's WMI would do. */
static NTSTATUS Ask(PDEVICE_OBJECT DeviceObject, FGN_ASK *Question)
{
    PIRP Irp = IoAllocateIrp(DeviceObject->StackSize, FALSE);
    PIO_STACK_LOCATION Stack;
    NTSTATUS Status;
    KEVENT Event;

    if (!Irp)
        return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    Stack = IoGetNextIrpStackLocation(Irp);
    Stack->MajorFunction = IRP_MJ_SYSTEM_CONTROL;
    Stack->MinorFunction = (UCHAR)Question->MinorFunction;
    Stack->Parameters.WMI.ProviderId = (ULONG_PTR)(Question->OtherProvider ? NULL : DeviceObject);
    Stack->Parameters.WMI.DataPath = Question->NoGuid ? NULL : &Question->Guid;
    Stack->Parameters.WMI.BufferSize = Question->Size;
    Stack->Parameters.WMI.Buffer = Question->Node;
    IoSetCompletionRoutine(Irp, WmiAsked, &Event, TRUE, TRUE, TRUE);
    Status = IoCallDriver(DeviceObject, Irp);
    if (Status == STATUS_PENDING)
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
    Question->Status = Irp->IoStatus.Status;
    Question->Information = (ULONG)Irp->IoStatus.Information;
    IoFreeIrp(Irp);
    return STATUS_SUCCESS;
}

/* What the device is reported with holds a reference, which the asker drops. */
static VOID DropPdo(FGN_ASK *Question)
{
    PWMIREGINFOW Info = (PWMIREGINFOW)Question->Node;
    ULONG i;

    if (Question->MinorFunction == IRP_MN_REGINFO && NT_SUCCESS(Question->Status))
        for (i = 0; i < Info->GuidCount; i++)
            if (Info->WmiRegGuid[i].Flags & WMIREG_FLAG_INSTANCE_PDO)
                ObDereferenceObject((PVOID)Info->WmiRegGuid[i].Pdo);
}

_Use_decl_annotations_ NTSTATUS WmiDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION IrpSp = IoGetCurrentIrpStackLocation(Irp);
    ULONG In = IrpSp->Parameters.DeviceIoControl.InputBufferLength;
    ULONG Out = IrpSp->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID Buffer = Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS Status;

    switch (IrpSp->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_FGN_ASK:
        if (In < sizeof(FGN_ASK) || Out < sizeof(FGN_ASK) || ((FGN_ASK *)Buffer)->Size > FGN_NODE)
            return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
        Status = Ask(DeviceObject, Buffer);
        DropPdo(Buffer);
        return Complete(Irp, Status, sizeof(FGN_ASK));
    case IOCTL_FGN_COLLECT:
        if (Out < sizeof(ULONG))
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        *(PULONG)Buffer = ((PDEVICE_EXTENSION)DeviceObject->DeviceExtension)->Switched;
        return Complete(Irp, STATUS_SUCCESS, sizeof(ULONG));
    default:
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

_Use_decl_annotations_ NTSTATUS WmiCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

_Use_decl_annotations_ VOID WmiUnload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_EXTENSION Extension = DriverObject->DeviceObject->DeviceExtension;

    IoWMIRegistrationControl(DriverObject->DeviceObject, WMIREG_ACTION_DEREGISTER);
    if (NT_SUCCESS(IoAcquireRemoveLock(&Extension->RemoveLock, DriverObject)))
        IoReleaseRemoveLockAndWait(&Extension->RemoveLock, DriverObject);
    ExFreePoolWithTag(ServiceKey.Buffer, 'wngF');
    IoDeleteDevice(DriverObject->DeviceObject);
}

static NTSTATUS KeepPath(PUNICODE_STRING RegistryPath)
{
    ServiceKey.Buffer =
        ExAllocatePool2(POOL_FLAG_PAGED, RegistryPath->Length + sizeof(WCHAR), 'wngF');
    if (!ServiceKey.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    ServiceKey.MaximumLength = RegistryPath->Length + sizeof(WCHAR);
    RtlCopyUnicodeString(&ServiceKey, RegistryPath);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_ NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject,
                                            PUNICODE_STRING RegistryPath)
{
    DECLARE_CONST_UNICODE_STRING(Name, L"\\Device\\FgnWmi");
    static const WMILIB_CONTEXT Context = {RTL_NUMBER_OF(GuidList), GuidList,       QueryRegInfo,
                                           QueryDataBlock,          SetDataBlock,   SetDataItem,
                                           ExecuteMethod,           FunctionControl};
    PDEVICE_EXTENSION Extension;
    PDEVICE_OBJECT Device;
    NTSTATUS Status = KeepPath(RegistryPath);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), (PUNICODE_STRING)&Name,
                            FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status)) {
        ExFreePoolWithTag(ServiceKey.Buffer, 'wngF');
        return Status;
    }
    Extension = Device->DeviceExtension;
    Extension->WmiLibInfo = Context;
    IoInitializeRemoveLock(&Extension->RemoveLock, 'wngF', 0, 0);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = WmiCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = WmiCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = WmiDeviceControl;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = WmiDispatch;
    DriverObject->DriverUnload = WmiUnload;
    IoWMIRegistrationControl(Device, WMIREG_ACTION_REGISTER); /* who has no WMI may say no */
    return STATUS_SUCCESS;
}
