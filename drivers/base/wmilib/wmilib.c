/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wmilib.sys: an export driver for those that provide data by WMI. WmiSystemControl takes an
 * IRP_MJ_SYSTEM_CONTROL apart and calls the driver's routine for it; that one answers through
 * WmiCompleteRequest, at once or later.  (WDK: WMI Library Support Routines)
 */
#include "wmilib.h"

DRIVER_INITIALIZE DriverEntry;

static PIO_STACK_LOCATION WmiStack(PIRP Irp)
{
    return IoGetCurrentIrpStackLocation(Irp);
}

/* ---- Answers ---- */

/* The lengths that the driver wrote at the beginning of the array become pairs of offset and
 * length: from the last one on, since a pair takes the room of two lengths. */
static VOID WmiPlaceInstances(PWNODE_ALL_DATA Node)
{
    PULONG Lengths = (PULONG)Node->OffsetInstanceDataAndLength;
    ULONG Offset = Node->DataBlockOffset, i;

    for (i = 0; i < Node->InstanceCount; i++)
        Offset += WMI_ALIGN(Lengths[i]);
    while (i--) {
        ULONG Length = Lengths[i];

        Offset -= WMI_ALIGN(Length);
        Node->OffsetInstanceDataAndLength[i].OffsetInstanceData = Offset;
        Node->OffsetInstanceDataAndLength[i].LengthInstanceData = Length;
    }
}

/* Where the data begins in a buffer of that request; 0: it answers with none. */
static ULONG WmiDataOffset(UCHAR MinorFunction, PVOID Buffer)
{
    switch (MinorFunction) {
    case IRP_MN_QUERY_ALL_DATA:
        return ((PWNODE_ALL_DATA)Buffer)->DataBlockOffset;
    case IRP_MN_QUERY_SINGLE_INSTANCE:
        return ((PWNODE_SINGLE_INSTANCE)Buffer)->DataBlockOffset;
    case IRP_MN_EXECUTE_METHOD:
        return ((PWNODE_METHOD_ITEM)Buffer)->DataBlockOffset;
    default:
        return 0;
    }
}

static ULONG WmiFinishNode(UCHAR MinorFunction, PVOID Buffer, ULONG Offset, ULONG Used)
{
    PWNODE_HEADER Header = Buffer;

    if (MinorFunction == IRP_MN_QUERY_ALL_DATA)
        WmiPlaceInstances(Buffer);
    else if (MinorFunction == IRP_MN_QUERY_SINGLE_INSTANCE)
        ((PWNODE_SINGLE_INSTANCE)Buffer)->SizeDataBlock = Used;
    else
        ((PWNODE_METHOD_ITEM)Buffer)->SizeDataBlock = Used;
    Header->BufferSize = Offset + Used;
    return Header->BufferSize;
}

/* WmiCompleteRequest: BufferUsed is how much data there is, or with STATUS_BUFFER_TOO_SMALL how
 * much there would be, which the requestor is told. Returns Status. */
NTSTATUS NTAPI WmiCompleteRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp, NTSTATUS Status,
                                  ULONG BufferUsed, CCHAR PriorityBoost)
{
    UCHAR Function = WmiStack(Irp)->MinorFunction;
    PVOID Buffer = WmiStack(Irp)->Parameters.WMI.Buffer;
    ULONG Offset = WmiDataOffset(Function, Buffer), Information = 0;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Offset && Status == STATUS_BUFFER_TOO_SMALL) {
        ((PWNODE_TOO_SMALL)Buffer)->WnodeHeader.BufferSize = sizeof(WNODE_TOO_SMALL);
        ((PWNODE_TOO_SMALL)Buffer)->WnodeHeader.Flags |= WNODE_FLAG_TOO_SMALL;
        ((PWNODE_TOO_SMALL)Buffer)->SizeNeeded = Offset + BufferUsed;
        Irp->IoStatus.Status = STATUS_SUCCESS;
        Information = sizeof(WNODE_TOO_SMALL);
    } else {
        if (Offset && NT_SUCCESS(Status))
            Information = WmiFinishNode(Function, Buffer, Offset, BufferUsed);
        Irp->IoStatus.Status = Status;
    }
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, PriorityBoost);
    return Status;
}

/* ---- Questions; each calls the driver or returns why it cannot be asked, with *Asked FALSE ----
 */

static NTSTATUS WmiQueryAll(PWMI_REQUEST Request, PBOOLEAN Asked)
{
    PWNODE_ALL_DATA Node = Request->Buffer;
    ULONG Count = Request->Context->GuidList[Request->Guid].InstanceCount;
    ULONG Offset = WMI_ALIGN(FIELD_OFFSET(WNODE_ALL_DATA, OffsetInstanceDataAndLength) +
                             Count * sizeof(OFFSETINSTANCEDATAANDLENGTH));
    BOOLEAN Fits = Request->Size >= Offset;

    Node->DataBlockOffset = Offset;
    if (Fits) {
        Node->InstanceCount = Count;
        Node->OffsetInstanceNameOffsets = 0; /* they are named by the device */
        RtlZeroMemory(Node->OffsetInstanceDataAndLength,
                      Count * sizeof(OFFSETINSTANCEDATAANDLENGTH));
    }
    *Asked = TRUE;
    return Request->Context->QueryWmiDataBlock(
        Request->Device, Request->Irp, Request->Guid, 0, Count,
        Fits ? (PULONG)Node->OffsetInstanceDataAndLength : NULL, Fits ? Request->Size - Offset : 0,
        Fits ? (PUCHAR)Node + Offset : NULL);
}

/* What all questions about one instance begin with. */
static NTSTATUS WmiCheckInstance(PWMI_REQUEST Request, ULONG HeaderSize)
{
    PWNODE_SINGLE_INSTANCE Node = Request->Buffer;

    if (Request->Size < HeaderSize)
        return STATUS_BUFFER_TOO_SMALL;
    return Node->InstanceIndex < Request->Context->GuidList[Request->Guid].InstanceCount
               ? STATUS_SUCCESS
               : STATUS_WMI_INSTANCE_NOT_FOUND;
}

static BOOLEAN WmiIsInside(PWMI_REQUEST Request, ULONG Offset, ULONG Length)
{
    return Offset >= sizeof(WNODE_HEADER) && Offset <= Request->Size &&
           Length <= Request->Size - Offset;
}

static NTSTATUS WmiQueryOne(PWMI_REQUEST Request, PBOOLEAN Asked)
{
    PWNODE_SINGLE_INSTANCE Node = Request->Buffer;
    NTSTATUS Status = WmiCheckInstance(Request, sizeof(*Node));
    ULONG Offset;

    if (!NT_SUCCESS(Status))
        return Status;
    Offset = Node->DataBlockOffset;
    if (Offset < sizeof(*Node))
        return STATUS_INVALID_PARAMETER;
    Node->SizeDataBlock = 0;
    *Asked = TRUE;
    return Request->Context->QueryWmiDataBlock(
        Request->Device, Request->Irp, Request->Guid, Node->InstanceIndex, 1, &Node->SizeDataBlock,
        Offset < Request->Size ? Request->Size - Offset : 0,
        Offset < Request->Size ? (PUCHAR)Node + Offset : NULL);
}

static NTSTATUS WmiChangeOne(PWMI_REQUEST Request, PBOOLEAN Asked)
{
    PWNODE_SINGLE_INSTANCE Node = Request->Buffer;
    NTSTATUS Status = WmiCheckInstance(Request, sizeof(*Node));

    if (!NT_SUCCESS(Status))
        return Status;
    if (!WmiIsInside(Request, Node->DataBlockOffset, Node->SizeDataBlock))
        return STATUS_INVALID_PARAMETER;
    if (!Request->Context->SetWmiDataBlock)
        return STATUS_WMI_READ_ONLY;
    *Asked = TRUE;
    return Request->Context->SetWmiDataBlock(Request->Device, Request->Irp, Request->Guid,
                                             Node->InstanceIndex, Node->SizeDataBlock,
                                             (PUCHAR)Node + Node->DataBlockOffset);
}

static NTSTATUS WmiChangeItem(PWMI_REQUEST Request, PBOOLEAN Asked)
{
    PWNODE_SINGLE_ITEM Node = Request->Buffer;
    NTSTATUS Status = WmiCheckInstance(Request, sizeof(*Node));

    if (!NT_SUCCESS(Status))
        return Status;
    if (!WmiIsInside(Request, Node->DataBlockOffset, Node->SizeDataItem))
        return STATUS_INVALID_PARAMETER;
    if (!Request->Context->SetWmiDataItem)
        return STATUS_WMI_READ_ONLY;
    *Asked = TRUE;
    return Request->Context->SetWmiDataItem(Request->Device, Request->Irp, Request->Guid,
                                            Node->InstanceIndex, Node->ItemId, Node->SizeDataItem,
                                            (PUCHAR)Node + Node->DataBlockOffset);
}

static NTSTATUS WmiExecute(PWMI_REQUEST Request, PBOOLEAN Asked)
{
    PWNODE_METHOD_ITEM Node = Request->Buffer;
    NTSTATUS Status = WmiCheckInstance(Request, sizeof(*Node));

    if (!NT_SUCCESS(Status))
        return Status;
    if (Node->DataBlockOffset < sizeof(*Node) ||
        !WmiIsInside(Request, Node->DataBlockOffset, Node->SizeDataBlock))
        return STATUS_INVALID_PARAMETER;
    if (!Request->Context->ExecuteWmiMethod)
        return STATUS_INVALID_DEVICE_REQUEST;
    *Asked = TRUE;
    return Request->Context->ExecuteWmiMethod(
        Request->Device, Request->Irp, Request->Guid, Node->InstanceIndex, Node->MethodId,
        Node->SizeDataBlock, Request->Size - Node->DataBlockOffset,
        (PUCHAR)Node + Node->DataBlockOffset);
}

static NTSTATUS WmiSwitch(PWMI_REQUEST Request, WMIENABLEDISABLECONTROL What, BOOLEAN Enable,
                          PBOOLEAN Asked)
{
    if (!Request->Context->WmiFunctionControl)
        return STATUS_SUCCESS;
    *Asked = TRUE;
    return Request->Context->WmiFunctionControl(Request->Device, Request->Irp, Request->Guid, What,
                                                Enable);
}

static NTSTATUS WmiAsk(PWMI_REQUEST Request, UCHAR MinorFunction, PBOOLEAN Asked)
{
    switch (MinorFunction) {
    case IRP_MN_QUERY_ALL_DATA:
        return WmiQueryAll(Request, Asked);
    case IRP_MN_QUERY_SINGLE_INSTANCE:
        return WmiQueryOne(Request, Asked);
    case IRP_MN_CHANGE_SINGLE_INSTANCE:
        return WmiChangeOne(Request, Asked);
    case IRP_MN_CHANGE_SINGLE_ITEM:
        return WmiChangeItem(Request, Asked);
    case IRP_MN_ENABLE_EVENTS:
        return WmiSwitch(Request, WmiEventControl, TRUE, Asked);
    case IRP_MN_DISABLE_EVENTS:
        return WmiSwitch(Request, WmiEventControl, FALSE, Asked);
    case IRP_MN_ENABLE_COLLECTION:
        return WmiSwitch(Request, WmiDataBlockControl, TRUE, Asked);
    case IRP_MN_DISABLE_COLLECTION:
        return WmiSwitch(Request, WmiDataBlockControl, FALSE, Asked);
    default:
        return WmiExecute(Request, Asked);
    }
}

static BOOLEAN WmiFindGuid(PWMI_REQUEST Request, LPCGUID Guid)
{
    for (; Request->Guid < Request->Context->GuidCount; Request->Guid++)
        if (IsEqualGUID(Request->Context->GuidList[Request->Guid].Guid, Guid))
            return TRUE;
    return FALSE;
}

/* Whether the request is for a block: with its GUID and a buffer that has room for a header. */
static NTSTATUS WmiCheckBlock(PWMI_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    if (!Stack->Parameters.WMI.DataPath ||
        !WmiFindGuid(Request, (LPCGUID)Stack->Parameters.WMI.DataPath))
        return STATUS_WMI_GUID_NOT_FOUND;
    return Request->Size < sizeof(WNODE_TOO_SMALL) ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

static BOOLEAN WmiIsKnown(UCHAR MinorFunction)
{
    return MinorFunction <= IRP_MN_EXECUTE_METHOD || MinorFunction == IRP_MN_REGINFO_EX;
}

/*
 * WmiSystemControl: *IrpDisposition says what the driver does with the Irp: nothing (IrpProcessed:
 * one of its routines was called), complete it with the status that is in it (IrpNotCompleted), or
 * pass it on (IrpForward, IrpNotWmi).
 */
NTSTATUS NTAPI WmiSystemControl(PWMILIB_CONTEXT WmiLibInfo, PDEVICE_OBJECT DeviceObject, PIRP Irp,
                                PSYSCTL_IRP_DISPOSITION IrpDisposition)
{
    PIO_STACK_LOCATION Stack = WmiStack(Irp);
    WMI_REQUEST Request = {.Context = WmiLibInfo,
                           .Device = DeviceObject,
                           .Irp = Irp,
                           .Size = Stack->Parameters.WMI.BufferSize,
                           .Buffer = Stack->Parameters.WMI.Buffer};
    ULONG_PTR Information = 0;
    BOOLEAN Asked = FALSE;
    NTSTATUS Status;

    if (!WmiIsKnown(Stack->MinorFunction)) {
        *IrpDisposition = IrpNotWmi;
        return STATUS_SUCCESS;
    }
    if (Stack->Parameters.WMI.ProviderId != (ULONG_PTR)DeviceObject) {
        *IrpDisposition = IrpForward;
        return STATUS_SUCCESS;
    }
    *IrpDisposition =
        IrpProcessed; /* a routine of the driver may have completed it when it returns */
    if (Stack->MinorFunction == IRP_MN_REGINFO || Stack->MinorFunction == IRP_MN_REGINFO_EX) {
        Status = WmiDescribe(&Request, &Information);
    } else {
        Status = WmiCheckBlock(&Request, Stack);
        if (NT_SUCCESS(Status))
            Status = WmiAsk(&Request, Stack->MinorFunction, &Asked);
    }
    if (!Asked) {
        *IrpDisposition = IrpNotCompleted;
        Irp->IoStatus.Status = Status;
        Irp->IoStatus.Information = Information;
    }
    return Status;
}

/* WmiFireEvent: EventData is freed. Nobody in the system takes events yet, so none is sent:
 * STATUS_NOT_SUPPORTED. */
NTSTATUS NTAPI WmiFireEvent(PDEVICE_OBJECT DeviceObject, LPCGUID Guid, ULONG InstanceIndex,
                            ULONG EventDataSize, PVOID EventData)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Guid);
    UNREFERENCED_PARAMETER(InstanceIndex);
    UNREFERENCED_PARAMETER(EventDataSize);
    if (EventData)
        ExFreePool(EventData);
    return STATUS_NOT_SUPPORTED;
}

/* As a service of its own it does nothing. */
NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    return STATUS_SUCCESS;
}
