/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IRPs to devices of other processes. The dispatch routine of every proxy: the current stack
 * location goes out as a message, the IRP waits here, and the answer completes it, at
 * DISPATCH_LEVEL.
 */
#include "wdmio.h"
#include "ki.h"

typedef struct _WDM_REMOTE_CALL {
    WDM_ID_NODE Node;
    PIRP Irp;
    PVOID Input, Output; /* the driver's buffers */
    DRIVER_REQUEST Message;
} WDM_REMOTE_CALL, *PWDM_REMOTE_CALL;

static RTL_AVL_TREE WdmRemoteCalls;
static UINT64 WdmLastCallId;

static PVOID WdmTransferBuffer(PIRP Irp)
{
    if (Irp->MdlAddress)
        return MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    return Irp->AssociatedIrp.SystemBuffer ? Irp->AssociatedIrp.SystemBuffer : Irp->UserBuffer;
}

/* A device control's two buffers, by the method in its code. */
static NTSTATUS WdmDescribeControl(PWDM_REMOTE_CALL Call, PIRP Irp, PIO_STACK_LOCATION Stack)
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
    if (!WdmIsConnectCode(Stack->MajorFunction, Call->Message.IoControlCode))
        return STATUS_SUCCESS;
    Call->Message.InputLength = 0;
    return WdmRegisterCallback(Call->Message.IoControlCode, Call->Input,
                               Stack->Parameters.DeviceIoControl.InputBufferLength,
                               &Call->Message.Connection);
}

static VOID WdmDescribeCreate(PWDM_REMOTE_CALL Call, PIO_STACK_LOCATION Stack)
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
static NTSTATUS WdmDescribeCall(PWDM_REMOTE_CALL Call, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    switch (Stack->MajorFunction) {
    case IRP_MJ_CREATE:
        WdmDescribeCreate(Call, Stack);
        return STATUS_SUCCESS;
    case IRP_MJ_CLOSE:
    case IRP_MJ_CLEANUP:
    case IRP_MJ_FLUSH_BUFFERS:
    case IRP_MJ_SHUTDOWN:
        return STATUS_SUCCESS;
    case IRP_MJ_READ:
        Call->Output = WdmTransferBuffer(Irp);
        Call->Message.OutputLength = Stack->Parameters.Read.Length;
        Call->Message.ByteOffset = Stack->Parameters.Read.ByteOffset.QuadPart;
        return STATUS_SUCCESS;
    case IRP_MJ_WRITE:
        Call->Input = WdmTransferBuffer(Irp);
        Call->Message.InputLength = Stack->Parameters.Write.Length;
        Call->Message.ByteOffset = Stack->Parameters.Write.ByteOffset.QuadPart;
        return STATUS_SUCCESS;
    case IRP_MJ_DEVICE_CONTROL:
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
        return WdmDescribeControl(Call, Irp, Stack);
    case IRP_MJ_PNP:
        return STATUS_SUCCESS;
    default:
        return STATUS_NOT_SUPPORTED;
    }
}

static BOOLEAN WdmIsStart(PIO_STACK_LOCATION Stack)
{
    return Stack->MajorFunction == IRP_MJ_PNP && Stack->MinorFunction == IRP_MN_START_DEVICE;
}

static NTSTATUS WdmCheckBuffers(PWDM_REMOTE_CALL Call)
{
    if ((Call->Message.InputLength && !Call->Input) ||
        (Call->Message.OutputLength && !Call->Output))
        return STATUS_INVALID_PARAMETER;
    if (max(Call->Message.InputLength, Call->Message.OutputLength) > DRIVER_DATA_SIZE)
        return STATUS_INSUFFICIENT_RESOURCES;
    return STATUS_SUCCESS;
}

/* START_DEVICE carries its resources down, in the channel's form. */
static VOID WdmSendResources(DRIVER_MESSAGE *Message, PIO_STACK_LOCATION Stack)
{
    DRIVER_RESOURCE Resources[DRIVER_MAX_RESOURCES];
    ULONG Count = WdmFlattenResourceList(Stack->Parameters.StartDevice.AllocatedResourcesTranslated,
                                         Resources, DRIVER_MAX_RESOURCES);

    Message->Request.InputLength = Count * sizeof(DRIVER_RESOURCE);
    WdmSendData(Message, Resources, Message->Request.InputLength);
}

/* The other side is told that the IRP is cancelled; the IRP stays until the answer comes. */
static VOID NTAPI WdmCancelRemote(PDEVICE_OBJECT Device, PIRP Irp)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageCancel};
    PWDM_REMOTE_CALL Call = Irp->Tail.Overlay.DriverContext[0]; /* NULL: already answered */

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    if (Call) {
        Message.Id = Call->Node.Id;
        WdmSend(&Message);
    }
}

static VOID WdmSendCall(PWDM_REMOTE_CALL Call, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageRequest};

    Call->Irp = Irp;
    Irp->Tail.Overlay.DriverContext[0] = Call;
    Message.Id = ++WdmLastCallId;
    Message.Request = Call->Message;
    WdmInsertId(&WdmRemoteCalls, &Call->Node, Message.Id);
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, WdmCancelRemote);
    if (WdmIsStart(Stack))
        WdmSendResources(&Message, Stack);
    else
        WdmSendData(&Message, Call->Input, Call->Message.InputLength);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL)) {
        Message.Type = DriverMessageCancel;
        WdmSend(&Message);
    }
}

static NTSTATUS WdmFailCall(PWDM_REMOTE_CALL Call, PIRP Irp, NTSTATUS Status)
{
    if (Call) {
        if (Call->Message.Connection)
            WdmUnregisterCallback(Call->Message.Connection);
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
static BOOLEAN WdmIsUnknownPnp(PIO_STACK_LOCATION Stack)
{
    return Stack->MajorFunction == IRP_MJ_PNP && Stack->MinorFunction > IRP_MN_CANCEL_STOP_DEVICE &&
           Stack->MinorFunction != IRP_MN_SURPRISE_REMOVAL;
}

NTSTATUS NTAPI WdmCallRemote(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PWDM_REMOTE_CALL Call;
    NTSTATUS Status = Irp->IoStatus.Status;

    if (WdmIsUnknownPnp(Stack)) {
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return Status;
    }
    Call = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Call), 'meRI');
    if (!Call)
        return WdmFailCall(NULL, Irp, STATUS_INSUFFICIENT_RESOURCES);
    RtlZeroMemory(Call, sizeof(*Call));
    Call->Message.Device = WdmDeviceId(Device);
    Call->Message.File = WdmFileId(Stack->FileObject);
    Call->Message.MajorFunction = Stack->MajorFunction;
    Call->Message.MinorFunction = Stack->MinorFunction;
    Call->Message.RequestorMode = (UINT8)Irp->RequestorMode;
    Status = WdmDescribeCall(Call, Irp, Stack);
    if (NT_SUCCESS(Status))
        Status = WdmCheckBuffers(Call);
    if (!NT_SUCCESS(Status))
        return WdmFailCall(Call, Irp, Status);
    WdmSendCall(Call, Irp, Stack);
    return STATUS_PENDING;
}

static PWDM_REMOTE_CALL WdmFindCall(UINT64 Id)
{
    PWDM_ID_NODE Node = WdmFindId(&WdmRemoteCalls, Id);

    return Node ? CONTAINING_RECORD(Node, WDM_REMOTE_CALL, Node) : NULL;
}

/* What the answer returns goes where the driver wants it. The bytes returned, or what else
 * Information says. */
static ULONG_PTR WdmTakeOutput(PWDM_REMOTE_CALL Call, const DRIVER_MESSAGE *Message)
{
    UINT64 Length = min(Message->Done.Information, Call->Message.OutputLength);
    const VOID *Data = WdmIncomingData(Message, Length);

    if (!Call->Output || NT_ERROR(Message->Done.Status))
        return (ULONG_PTR)Message->Done.Information;
    if (!Data)
        WdmBreakChannel(Message->DataOffset);
    RtlCopyMemory(Call->Output, Data, (SIZE_T)Length);
    return (ULONG_PTR)Length;
}

/* The answer to a call has come. */
VOID WdmRemoteDone(const DRIVER_MESSAGE *Message)
{
    const DRIVER_DONE *Done = &Message->Done;
    PWDM_REMOTE_CALL Call = WdmFindCall(Message->Id);
    ULONG_PTR Information;
    PIRP Irp;

    if (!Call || Done->Status == STATUS_PENDING)
        return;
    WdmRemoveId(&WdmRemoteCalls, &Call->Node);
    Irp = Call->Irp;
    Irp->Tail.Overlay.DriverContext[0] = NULL;
    IoSetCancelRoutine(Irp, NULL);
    Information = WdmTakeOutput(Call, Message);
    if (Call->Message.Connection && !NT_SUCCESS(Done->Status))
        WdmUnregisterCallback(Call->Message.Connection);
    ExFreePoolWithTag(Call, 'meRI');
    Irp->IoStatus.Status = Done->Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}
