/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IRPs to devices of other processes. The dispatch routine of every proxy: the current stack
 * location goes out as a message, the IRP waits here, and the answer completes it, at
 * DISPATCH_LEVEL.
 */
#include "iop.h"
#include "ki.h"

typedef struct _IOP_REMOTE_CALL {
    LIST_ENTRY Link;
    UINT64 Id;
    PIRP Irp;
    PVOID Input, Output; /* the driver's buffers */
    PVOID Data;          /* in the channel */
    UINT32 DataLength;
    DRIVER_IRP Message;
} IOP_REMOTE_CALL, *PIOP_REMOTE_CALL;

static LIST_ENTRY IopRemoteCalls = {&IopRemoteCalls, &IopRemoteCalls};
static UINT64 IopLastCallId;

static PVOID IopTransferBuffer(PIRP Irp)
{
    if (Irp->MdlAddress)
        return MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    return Irp->AssociatedIrp.SystemBuffer ? Irp->AssociatedIrp.SystemBuffer : Irp->UserBuffer;
}

/* A device control's two buffers, by the method in its code. */
static NTSTATUS IopDescribeControl(PIOP_REMOTE_CALL Call, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    Call->Message.IoControlCode = Stack->Parameters.DeviceIoControl.IoControlCode;
    Call->Message.InputLength = Stack->Parameters.DeviceIoControl.InputBufferLength;
    Call->Message.OutputLength = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    switch (Call->Message.IoControlCode & 3) {
    case METHOD_BUFFERED:
        Call->Input = Call->Output = Irp->AssociatedIrp.SystemBuffer;
        break;
    case METHOD_OUT_DIRECT:
        Call->Input = Irp->AssociatedIrp.SystemBuffer;
        if (Irp->MdlAddress)
            Call->Output = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
        break;
    case METHOD_NEITHER:
        Call->Input = Stack->Parameters.DeviceIoControl.Type3InputBuffer;
        Call->Output = Irp->UserBuffer;
        break;
    default:
        return STATUS_NOT_SUPPORTED;
    }
    if (!IopIsConnectCode(Stack->MajorFunction, Call->Message.IoControlCode))
        return STATUS_SUCCESS;
    Call->Message.InputLength = 0;
    return IopRegisterCallback(Call->Message.IoControlCode, Call->Input,
                               Stack->Parameters.DeviceIoControl.InputBufferLength,
                               &Call->Message.Connection);
}

static VOID IopDescribeCreate(PIOP_REMOTE_CALL Call, PIO_STACK_LOCATION Stack)
{
    if (Stack->Parameters.Create.SecurityContext)
        Call->Message.DesiredAccess = Stack->Parameters.Create.SecurityContext->DesiredAccess;
    Call->Message.CreateOptions = Stack->Parameters.Create.Options;
    Call->Message.ShareAccess = Stack->Parameters.Create.ShareAccess;
    Call->Message.FileAttributes = Stack->Parameters.Create.FileAttributes;
    if (Stack->FileObject) {
        Call->Input = Stack->FileObject->FileName.Buffer;
        Call->Message.InputLength = Stack->FileObject->FileName.Length;
    }
}

/* STATUS_NOT_SUPPORTED for what a message cannot express. */
static NTSTATUS IopDescribeCall(PIOP_REMOTE_CALL Call, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    switch (Stack->MajorFunction) {
    case IRP_MJ_CREATE:
        IopDescribeCreate(Call, Stack);
        return STATUS_SUCCESS;
    case IRP_MJ_CLOSE:
    case IRP_MJ_CLEANUP:
    case IRP_MJ_FLUSH_BUFFERS:
    case IRP_MJ_SHUTDOWN:
        return STATUS_SUCCESS;
    case IRP_MJ_READ:
        Call->Output = IopTransferBuffer(Irp);
        Call->Message.OutputLength = Stack->Parameters.Read.Length;
        Call->Message.ByteOffset = Stack->Parameters.Read.ByteOffset.QuadPart;
        return STATUS_SUCCESS;
    case IRP_MJ_WRITE:
        Call->Input = IopTransferBuffer(Irp);
        Call->Message.InputLength = Stack->Parameters.Write.Length;
        Call->Message.ByteOffset = Stack->Parameters.Write.ByteOffset.QuadPart;
        return STATUS_SUCCESS;
    case IRP_MJ_DEVICE_CONTROL:
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
        return IopDescribeControl(Call, Irp, Stack);
    case IRP_MJ_PNP:
        return STATUS_SUCCESS;
    default:
        return STATUS_NOT_SUPPORTED;
    }
}

/* START_DEVICE carries its resources down, in the channel's form. */
static NTSTATUS IopSendResources(PIOP_REMOTE_CALL Call, PIO_STACK_LOCATION Stack)
{
    DRIVER_RESOURCE Resources[DRIVER_MAX_RESOURCES];
    ULONG Count = IopFlattenResourceList(Stack->Parameters.StartDevice.AllocatedResourcesTranslated,
                                         Resources, DRIVER_MAX_RESOURCES);

    Call->Message.InputLength = Count * sizeof(DRIVER_RESOURCE);
    Call->DataLength = Call->Message.InputLength;
    Call->Data = IopAllocateData(Call->DataLength, &Call->Message.DataOffset);
    if (!Call->Data)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(Call->Data, Resources, Call->DataLength);
    return STATUS_SUCCESS;
}

/* Puts the input where the Executive finds it and makes room for the output. */
static NTSTATUS IopSendInput(PIOP_REMOTE_CALL Call, PIO_STACK_LOCATION Stack)
{
    if (Stack->MajorFunction == IRP_MJ_PNP && Stack->MinorFunction == IRP_MN_START_DEVICE)
        return IopSendResources(Call, Stack);
    if ((Call->Message.InputLength && !Call->Input) ||
        (Call->Message.OutputLength && !Call->Output))
        return STATUS_INVALID_PARAMETER;
    Call->DataLength = max(Call->Message.InputLength, Call->Message.OutputLength);
    Call->Data = IopAllocateData(Call->DataLength, &Call->Message.DataOffset);
    if (!Call->Data)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(Call->Data, Call->Input, Call->Message.InputLength);
    return STATUS_SUCCESS;
}

/* The IRP stays until the answer comes; the other side is told. */
static VOID NTAPI IopCancelRemote(PDEVICE_OBJECT Device, PIRP Irp)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageCancel};

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    for (PLIST_ENTRY Entry = IopRemoteCalls.Flink; Entry != &IopRemoteCalls; Entry = Entry->Flink) {
        PIOP_REMOTE_CALL Call = CONTAINING_RECORD(Entry, IOP_REMOTE_CALL, Link);

        if (Call->Irp == Irp) {
            Message.Id = Call->Id;
            IopSend(&Message);
            return;
        }
    }
}

static VOID IopSendCall(PIOP_REMOTE_CALL Call, PIRP Irp)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageIrp};

    Call->Irp = Irp;
    Call->Id = Message.Id = ++IopLastCallId;
    Message.Irp = Call->Message;
    InsertTailList(&IopRemoteCalls, &Call->Link);
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, IopCancelRemote);
    IopSend(&Message);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL)) {
        Message.Type = DriverMessageCancel;
        IopSend(&Message);
    }
}

static NTSTATUS IopFailCall(PIOP_REMOTE_CALL Call, PIRP Irp, NTSTATUS Status)
{
    if (Call) {
        if (Call->Message.Connection)
            IopUnregisterCallback(Call->Message.Connection);
        ExFreePoolWithTag(Call, 'meRI');
    }
    Irp->IoStatus.Status = Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/*
 * PnP requests whose parameters or results are pointers: they end here, as in a bus driver that
 * does not know them.
 */
static BOOLEAN IopIsUnknownPnp(PIO_STACK_LOCATION Stack)
{
    return Stack->MajorFunction == IRP_MJ_PNP && Stack->MinorFunction > IRP_MN_CANCEL_STOP_DEVICE &&
           Stack->MinorFunction != IRP_MN_SURPRISE_REMOVAL;
}

NTSTATUS NTAPI IopCallRemote(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PIOP_REMOTE_CALL Call;
    NTSTATUS Status = Irp->IoStatus.Status;

    if (IopIsUnknownPnp(Stack)) {
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return Status;
    }
    Call = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Call), 'meRI');
    if (!Call)
        return IopFailCall(NULL, Irp, STATUS_INSUFFICIENT_RESOURCES);
    RtlZeroMemory(Call, sizeof(*Call));
    Call->Message.Device = IopDevice(Device)->Id;
    Call->Message.File = IopFileId(Stack->FileObject);
    Call->Message.MajorFunction = Stack->MajorFunction;
    Call->Message.MinorFunction = Stack->MinorFunction;
    Call->Message.RequestorMode = (UINT8)Irp->RequestorMode;
    Status = IopDescribeCall(Call, Irp, Stack);
    if (NT_SUCCESS(Status))
        Status = IopSendInput(Call, Stack);
    if (!NT_SUCCESS(Status))
        return IopFailCall(Call, Irp, Status);
    IopSendCall(Call, Irp);
    return STATUS_PENDING;
}

static PIOP_REMOTE_CALL IopFindCall(UINT64 Id)
{
    for (PLIST_ENTRY Entry = IopRemoteCalls.Flink; Entry != &IopRemoteCalls; Entry = Entry->Flink) {
        PIOP_REMOTE_CALL Call = CONTAINING_RECORD(Entry, IOP_REMOTE_CALL, Link);

        if (Call->Id == Id)
            return Call;
    }
    return NULL;
}

/* The answer to call Id has come. */
VOID IopRemoteDone(UINT64 Id, const DRIVER_DONE *Done)
{
    PIOP_REMOTE_CALL Call = IopFindCall(Id);
    ULONG_PTR Information = (ULONG_PTR)Done->Information;
    PIRP Irp;

    if (!Call || Done->Status == STATUS_PENDING)
        return;
    RemoveEntryList(&Call->Link);
    Irp = Call->Irp;
    IoSetCancelRoutine(Irp, NULL);
    if (Call->Output && !NT_ERROR(Done->Status)) {
        Information = min(Information, Call->Message.OutputLength);
        RtlCopyMemory(Call->Output, Call->Data, Information);
    }
    if (Call->Message.Connection && !NT_SUCCESS(Done->Status))
        IopUnregisterCallback(Call->Message.Connection);
    IopFreeData(Call->Message.DataOffset, Call->DataLength);
    ExFreePoolWithTag(Call, 'meRI');
    Irp->IoStatus.Status = Done->Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}
