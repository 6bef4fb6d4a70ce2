/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IRPs to devices of other processes. The dispatch routine of every proxy: the current stack
 * location goes out as a message, the IRP waits here, and the answer completes it, at
 * DISPATCH_LEVEL.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"

typedef struct _WDM_REMOTE_CALL {
    WDM_ID_NODE Node;
    PIRP Irp;
    PUCHAR Input, Output; /* the driver's buffers; Output NULL also: it is written where it lies */
    PVOID Copy;           /* pool: both, where they are apart and too long for the message */
    DRIVER_REQUEST Message;
} WDM_REMOTE_CALL, *PWDM_REMOTE_CALL;

static RTL_AVL_TREE WdmRemoteCalls;
static UINT64 WdmLastCallId;

/* ---- Naming data ---- */

/* Memory of this host. */
static NTSTATUS WdmNameMemory(PVOID Address, ULONG Length, BOOLEAN Write, DRIVER_DATA *Name)
{
    UINT32 Id;
    NTSTATUS Status = DrvLockData(Address, Length, Write, &Id);

    if (NT_SUCCESS(Status))
        *Name = (DRIVER_DATA){.Address = Id, .Place = DriverDataLocked};
    return Status;
}

static NTSTATUS WdmNameMdl(PMDL Mdl, BOOLEAN Write, DRIVER_DATA *Name)
{
    PWDM_REQUEST Request = WdmMdlRequest(Mdl);

    if (Mdl->Next)
        return STATUS_NOT_SUPPORTED;
    if (!Request)
        return WdmNameMemory(MmGetMdlVirtualAddress(Mdl), MmGetMdlByteCount(Mdl), Write, Name);
    *Name = (DRIVER_DATA){
        .Address = Request->Node.Id, .Offset = WdmMdlOffset(Mdl), .Place = DriverDataDirect};
    return STATUS_SUCCESS;
}

/* The system data of the request that the IRP was made of go on as they are. */
static BOOLEAN WdmNameOwnData(PIRP Irp, PUCHAR Address, UINT64 Length, DRIVER_DATA *Name)
{
    PWDM_REQUEST Request = WdmRequestOf(Irp);
    UINT64 Size;

    if (!Request || !Request->Message.System.Place || Address < Request->System)
        return FALSE;
    Size = DriverSystemLength(&Request->Message);
    if ((ULONG_PTR)(Address - Request->System) > Size ||
        Length > Size - (ULONG_PTR)(Address - Request->System))
        return FALSE;
    *Name = (DRIVER_DATA){.Address = Request->Node.Id,
                          .Offset = (UINT32)(Address - Request->System),
                          .Place = DriverDataSystem};
    return TRUE;
}

/* Data that are input, output, or both in one buffer. */
static NTSTATUS WdmNameSystemData(PWDM_REMOTE_CALL Call, PUCHAR Address)
{
    DRIVER_REQUEST *Message = &Call->Message;
    UINT64 Length = DriverSystemLength(Message);

    if (Length == 0)
        return STATUS_SUCCESS;
    if (!Address || Length > MAXULONG)
        return STATUS_INVALID_PARAMETER;
    if (Length <= DRIVER_INLINE_BYTES) {
        Call->Input = Address;
        Call->Output = Message->Direct.Place ? NULL : Address;
        return STATUS_SUCCESS;
    }
    if (WdmNameOwnData(Call->Irp, Address, Length, &Message->System))
        return STATUS_SUCCESS;
    return WdmNameMemory(Address, (ULONG)Length, Message->OutputLength != 0, &Message->System);
}

/* Two buffers of this host that are apart, with or without an MDL: they are copied. */
static NTSTATUS WdmJoinData(PWDM_REMOTE_CALL Call, PUCHAR Input, PUCHAR Output)
{
    DRIVER_REQUEST *Message = &Call->Message;
    UINT64 Length = DriverSystemLength(Message);

    if ((Message->InputLength && !Input) || (Message->OutputLength && !Output))
        return STATUS_INVALID_PARAMETER;
    Call->Input = Input;
    Call->Output = Output;
    if (Length <= DRIVER_INLINE_BYTES)
        return STATUS_SUCCESS;
    Call->Copy =
        Length <= MAXULONG ? ExAllocatePoolWithTag(NonPagedPool, (SIZE_T)Length, 'meRI') : NULL;
    if (!Call->Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(Call->Copy, Input, Message->InputLength);
    return WdmNameMemory(Call->Copy, (ULONG)Length, TRUE, &Message->System);
}

static NTSTATUS WdmDescribeTransfer(PWDM_REMOTE_CALL Call, PIRP Irp)
{
    BOOLEAN Write = Call->Message.MajorFunction == IRP_MJ_WRITE;

    if (Irp->MdlAddress && DriverDirectLength(&Call->Message))
        return WdmNameMdl(Irp->MdlAddress, !Write, &Call->Message.Direct);
    return WdmNameSystemData(Call, Irp->AssociatedIrp.SystemBuffer ? Irp->AssociatedIrp.SystemBuffer
                                                                   : Irp->UserBuffer);
}

/* A device control's two buffers, by the method in its code. */
static NTSTATUS WdmDescribeBuffers(PWDM_REMOTE_CALL Call, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    DRIVER_REQUEST *Message = &Call->Message;
    NTSTATUS Status = STATUS_SUCCESS;

    switch (Message->IoControlCode & 3) {
    case METHOD_BUFFERED:
        return WdmNameSystemData(Call, Irp->AssociatedIrp.SystemBuffer);
    case METHOD_NEITHER:
        return WdmJoinData(Call, Stack->Parameters.DeviceIoControl.Type3InputBuffer,
                           Irp->UserBuffer);
    default:
        if (Message->OutputLength && !Irp->MdlAddress)
            return STATUS_INVALID_PARAMETER;
        if (Message->OutputLength)
            Status = WdmNameMdl(Irp->MdlAddress, (Message->IoControlCode & 3) == METHOD_OUT_DIRECT,
                                &Message->Direct);
        return NT_SUCCESS(Status) ? WdmNameSystemData(Call, Irp->AssociatedIrp.SystemBuffer)
                                  : Status;
    }
}

static NTSTATUS WdmDescribeControl(PWDM_REMOTE_CALL Call, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    Call->Message.IoControlCode = Stack->Parameters.DeviceIoControl.IoControlCode;
    if (WdmIsConnectCode(Stack->MajorFunction, Call->Message.IoControlCode))
        return WdmRegisterCallback(
            Call->Message.IoControlCode, Stack->Parameters.DeviceIoControl.Type3InputBuffer,
            Stack->Parameters.DeviceIoControl.InputBufferLength, &Call->Message.Connection);
    Call->Message.InputLength = Stack->Parameters.DeviceIoControl.InputBufferLength;
    Call->Message.OutputLength = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    return WdmDescribeBuffers(Call, Irp, Stack);
}

static NTSTATUS WdmDescribeCreate(PWDM_REMOTE_CALL Call, PIO_STACK_LOCATION Stack)
{
    if (Stack->Parameters.Create.SecurityContext)
        Call->Message.DesiredAccess = Stack->Parameters.Create.SecurityContext->DesiredAccess;
    Call->Message.CreateOptions = Stack->Parameters.Create.Options;
    Call->Message.ShareAccess = Stack->Parameters.Create.ShareAccess;
    Call->Message.FileAttributes = Stack->Parameters.Create.FileAttributes;
    if (!Stack->FileObject)
        return STATUS_SUCCESS;
    Call->Message.InputLength = Stack->FileObject->FileName.Length;
    return WdmNameSystemData(Call, (PUCHAR)Stack->FileObject->FileName.Buffer);
}

/* STATUS_NOT_SUPPORTED for what a message cannot express. */
static NTSTATUS WdmDescribeCall(PWDM_REMOTE_CALL Call, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    switch (Stack->MajorFunction) {
    case IRP_MJ_CREATE:
        return WdmDescribeCreate(Call, Stack);
    case IRP_MJ_CLOSE:
    case IRP_MJ_CLEANUP:
    case IRP_MJ_FLUSH_BUFFERS:
    case IRP_MJ_SHUTDOWN:
        return STATUS_SUCCESS;
    case IRP_MJ_READ:
        Call->Message.OutputLength = Stack->Parameters.Read.Length;
        Call->Message.ByteOffset = Stack->Parameters.Read.ByteOffset.QuadPart;
        return WdmDescribeTransfer(Call, Irp);
    case IRP_MJ_WRITE:
        Call->Message.InputLength = Stack->Parameters.Write.Length;
        Call->Message.ByteOffset = Stack->Parameters.Write.ByteOffset.QuadPart;
        return WdmDescribeTransfer(Call, Irp);
    case IRP_MJ_DEVICE_CONTROL:
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
        return WdmDescribeControl(Call, Irp, Stack);
    case IRP_MJ_PNP:
        return STATUS_SUCCESS;
    default:
        return STATUS_NOT_SUPPORTED;
    }
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

/* What goes with the message. */
static VOID WdmAddInput(PWDM_REMOTE_CALL Call, DRIVER_MESSAGE *Message)
{
    const DRIVER_REQUEST *Request = &Call->Message;
    UINT64 Length = DriverInlineInput(Request);

    if (Length <= Request->InputLength || DriverSharesBuffer(Request)) {
        WdmAddData(Message, Call->Input, (SIZE_T)Length);
        return;
    }
    WdmAddData(Message, Call->Input, Request->InputLength);
    RtlCopyMemory(Message->Data + DriverOutputOffset(Request), Call->Output, Request->OutputLength);
    Message->DataLength = (UINT32)Length;
}

static VOID WdmSendCall(PWDM_REMOTE_CALL Call, PIRP Irp)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageRequest};

    Irp->Tail.Overlay.DriverContext[0] = Call;
    Message.Id = ++WdmLastCallId;
    Message.Request = Call->Message;
    WdmInsertId(&WdmRemoteCalls, &Call->Node, Message.Id);
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, WdmCancelRemote);
    WdmAddInput(Call, &Message);
    WdmSend(&Message);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL)) {
        Message.Type = DriverMessageCancel;
        WdmSend(&Message);
    }
}

static VOID WdmFreeCall(PWDM_REMOTE_CALL Call)
{
    if (Call->Copy)
        ExFreePoolWithTag(Call->Copy, 'meRI');
    ExFreePoolWithTag(Call, 'meRI');
}

static NTSTATUS WdmFailCall(PWDM_REMOTE_CALL Call, PIRP Irp, NTSTATUS Status)
{
    if (Call) {
        if (Call->Message.Connection)
            WdmUnregisterCallback(Call->Message.Connection);
        WdmFreeCall(Call);
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
    Call->Irp = Irp;
    Call->Message.Device = WdmDeviceId(Device);
    Call->Message.File = WdmFileId(Stack->FileObject);
    Call->Message.MajorFunction = Stack->MajorFunction;
    Call->Message.MinorFunction = Stack->MinorFunction;
    Call->Message.RequestorMode = (UINT8)Irp->RequestorMode;
    Status = WdmDescribeCall(Call, Irp, Stack);
    if (!NT_SUCCESS(Status))
        return WdmFailCall(Call, Irp, Status);
    WdmSendCall(Call, Irp);
    return STATUS_PENDING;
}

static PWDM_REMOTE_CALL WdmFindCall(UINT64 Id)
{
    PWDM_ID_NODE Node = WdmFindId(&WdmRemoteCalls, Id);

    return Node ? CONTAINING_RECORD(Node, WDM_REMOTE_CALL, Node) : NULL;
}

/* What the answer returns goes where the driver wants it, unless it is there already. The bytes
 * returned, or what else Information says. */
static ULONG_PTR WdmTakeOutput(PWDM_REMOTE_CALL Call, const DRIVER_MESSAGE *Message)
{
    const DRIVER_REQUEST *Request = &Call->Message;
    ULONG_PTR Length = (ULONG_PTR)min(Message->Done.Information, Request->OutputLength);

    if (NT_ERROR(Message->Done.Status) || !Call->Output || !Length)
        return (ULONG_PTR)Message->Done.Information;
    if (Call->Copy) {
        RtlCopyMemory(Call->Output, (PUCHAR)Call->Copy + DriverOutputOffset(Request), Length);
        return Length;
    }
    if (Length > Message->DataLength)
        WdmBreakChannel(Message->DataLength);
    RtlCopyMemory(Call->Output, Message->Data, Length);
    return Length;
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
    WdmFreeCall(Call);
    Irp->IoStatus.Status = Done->Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}
