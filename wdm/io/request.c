/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests from the Executive (their states on its side: ntos/io/channel.c). Here one goes through
 *
 *   queued     in WdmStartQueue, until a pooled thread is free; a cancelled one is answered at once
 *   started    on that thread, which checks it and makes the IRP, or does what the
 *              Executive wants of a driver
 *   an IRP     the driver's, until it completes it; a cancelled one is IoCancelIrp's affair. If the
 *              dispatch routine leaves it so, DriverMessagePending tells who has asked to be told
 *   answered   gone: DriverMessageDone is in the ring
 *
 * From the first to the last it is in WdmRequests. The IRP has one stack location more than the
 * device stack needs; the runtime's completion routine is the first that is set, so the last that
 * is called.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"
#include "ps.h"

static RTL_AVL_TREE WdmRequests;
static LIST_ENTRY WdmStartQueue = {&WdmStartQueue, &WdmStartQueue};

static VOID WdmFreeRequest(PWDM_REQUEST Request)
{
    WdmReleaseBuffers(Request);
    if (Request->Irp)
        IoFreeIrp(Request->Irp);
    if (Request->File)
        ObDereferenceObject(Request->File);
    if (Request->Target)
        ObDereferenceObject(Request->Target);
    WdmRemoveId(&WdmRequests, &Request->Node);
    RtlFreeHeap(RtlProcessHeap(), 0, Request);
}

static VOID WdmAnswer(PWDM_REQUEST Request, NTSTATUS Status, ULONG_PTR Information)
{
    DRIVER_MESSAGE Message; /* all that its type uses is set */
    ULONG_PTR Returned = Request->Type == DriverMessageRequest && !NT_ERROR(Status)
                             ? min(Information, Request->Message.OutputLength)
                             : 0;

    Message.Type = DriverMessageDone;
    Message.Id = Request->Node.Id;
    Message.Done.Status = Status;
    Message.Done.Information = Information;
    Message.Done.Pending = Request->Irp && Request->Irp->PendingReturned;
    WdmSendData(&Message, Request->Data, (UINT32)Returned);
    WdmFreeRequest(Request);
}

/*
 * How much of IoStatus.Information may leave the process: it must not point into the driver or
 * beyond the buffer.
 */
static ULONG_PTR WdmReturnedInformation(PWDM_REQUEST Request, ULONG_PTR Information)
{
    switch (Request->Message.MajorFunction) {
    case IRP_MJ_READ:
    case IRP_MJ_DEVICE_CONTROL:
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
        return min(Information, Request->Message.OutputLength);
    case IRP_MJ_WRITE:
        return min(Information, Request->Message.InputLength);
    case IRP_MJ_CREATE:
        return min(Information, FILE_DOES_NOT_EXIST);
    default:
        return 0;
    }
}

/* The completion routine of a request's IRP that is called last. */
static NTSTATUS NTAPI WdmCompleteIrp(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    PWDM_REQUEST Request = Context;
    NTSTATUS Status = Irp->IoStatus.Status;
    ULONG_PTR Information = WdmReturnedInformation(Request, Irp->IoStatus.Information);
    UCHAR Major = Request->Message.MajorFunction;

    if (Request->Connection && NT_SUCCESS(Status))
        Request->Connection = NULL; /* the driver has it now */
    if (Request->File && ((Major == IRP_MJ_CREATE && !NT_SUCCESS(Status)) || Major == IRP_MJ_CLOSE))
        WdmCloseFile(Request->File);
    WdmAnswer(Request, Status, Information);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Finds the file object of a request, or makes it for CREATE. */
static NTSTATUS WdmReferenceFile(PWDM_REQUEST Request)
{
    DRIVER_REQUEST *Message = &Request->Message;
    PFILE_OBJECT File;

    if (Message->File == 0)
        return STATUS_SUCCESS;
    File = WdmFindFile(Message->File);
    if (Message->MajorFunction != IRP_MJ_CREATE) {
        if (!File)
            return STATUS_INVALID_HANDLE;
    } else {
        if (File)
            return STATUS_INVALID_PARAMETER;
        File = WdmCreateFile(Message->File, Request->Target, Request->Data, Message->InputLength);
        if (!File)
            return STATUS_INSUFFICIENT_RESOURCES;
    }
    ObReferenceObject(File);
    Request->File = File;
    return STATUS_SUCCESS;
}

static VOID WdmSetCreateParameters(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    DRIVER_REQUEST *Message = &Request->Message;

    RtlZeroMemory(&Request->Security, sizeof(Request->Security));
    RtlZeroMemory(&Request->AccessState, sizeof(Request->AccessState));
    Request->AccessState.OriginalDesiredAccess = Message->DesiredAccess;
    Request->AccessState.PreviouslyGrantedAccess = Message->DesiredAccess;
    Request->Security.AccessState = &Request->AccessState;
    Request->Security.DesiredAccess = Message->DesiredAccess;
    Request->Security.FullCreateOptions = Message->CreateOptions;
    Stack->Parameters.Create.SecurityContext = &Request->Security;
    Stack->Parameters.Create.Options = Message->CreateOptions;
    Stack->Parameters.Create.FileAttributes = Message->FileAttributes;
    Stack->Parameters.Create.ShareAccess = Message->ShareAccess;
    if (!Request->File)
        return;
    Request->File->ReadAccess = (Message->DesiredAccess & (FILE_READ_DATA | FILE_EXECUTE)) != 0;
    Request->File->WriteAccess =
        (Message->DesiredAccess & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
    Request->File->DeleteAccess = (Message->DesiredAccess & DELETE) != 0;
    Request->File->SharedRead = (Message->ShareAccess & FILE_SHARE_READ) != 0;
    Request->File->SharedWrite = (Message->ShareAccess & FILE_SHARE_WRITE) != 0;
    Request->File->SharedDelete = (Message->ShareAccess & FILE_SHARE_DELETE) != 0;
}

/* The request that the IRP was made of, which its uppermost stack location names; NULL for
 * others. */
static PWDM_REQUEST WdmRequestOf(PIRP Irp)
{
    PIO_STACK_LOCATION First = (PIO_STACK_LOCATION)(Irp + 1) + Irp->StackCount - 2;

    return Irp->StackCount >= 2 && First->CompletionRoutine == WdmCompleteIrp ? First->Context
                                                                              : NULL;
}

/* IoGetRequestorProcessId: of the process that made the request; 0 for one of a driver's. (WDK) */
ULONG NTAPI IoGetRequestorProcessId(PIRP Irp)
{
    PWDM_REQUEST Request = WdmRequestOf(Irp);

    return Request && Request->Type == DriverMessageRequest ? Request->Message.Process : 0;
}

/* The functions that a message can express. Others would need pointers that mean nothing here. */
static BOOLEAN WdmCanExpress(const DRIVER_REQUEST *Message)
{
    switch (Message->MajorFunction) {
    case IRP_MJ_CREATE:
    case IRP_MJ_CLOSE:
    case IRP_MJ_CLEANUP:
    case IRP_MJ_READ:
    case IRP_MJ_WRITE:
    case IRP_MJ_FLUSH_BUFFERS:
    case IRP_MJ_DEVICE_CONTROL:
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
    case IRP_MJ_SHUTDOWN:
        return TRUE;
    case IRP_MJ_PNP:
        return Message->MinorFunction <= IRP_MN_CANCEL_STOP_DEVICE ||
               Message->MinorFunction == IRP_MN_SURPRISE_REMOVAL;
    default:
        return FALSE;
    }
}

/* Everything that can be wrong with a request, before its IRP is filled. */
static NTSTATUS WdmCheckRequest(PWDM_REQUEST Request)
{
    DRIVER_REQUEST *Message = &Request->Message;
    PDEVICE_OBJECT Target = WdmFindDevice(Message->Device);

    if (!Target || WdmDevice(Target)->Remote)
        return STATUS_NO_SUCH_DEVICE;
    if (!WdmCanExpress(Message))
        return STATUS_NOT_SUPPORTED;
    ObReferenceObject(Target);
    Request->Target = Target;
    return WdmReferenceFile(Request);
}

static VOID WdmFillIrp(PWDM_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    DRIVER_REQUEST *Message = &Request->Message;
    PIRP Irp = Request->Irp;

    Irp->RequestorMode = Message->RequestorMode ? UserMode : KernelMode;
    Irp->UserIosb = &Irp->IoStatus;
    Irp->Tail.Overlay.Thread = (PETHREAD)KiGetCurrentThread();
    Irp->Tail.Overlay.OriginalFileObject = Request->File;
    Stack->MajorFunction = Message->MajorFunction;
    Stack->MinorFunction = Message->MinorFunction;
    Stack->FileObject = Request->File;
    if (Message->MajorFunction == IRP_MJ_CREATE)
        WdmSetCreateParameters(Request, Stack);
    if (Message->MajorFunction == IRP_MJ_PNP)
        Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
}

/* The request may be gone when the driver returns. Numbers are never used twice. */
static VOID WdmCallDispatch(PWDM_REQUEST Request)
{
    UINT64 Id = Request->Node.Id;
    BOOLEAN TellPending = Request->Message.TellPending;

    IoSetCompletionRoutine(Request->Irp, WdmCompleteIrp, Request, TRUE, TRUE, TRUE);
    IofCallDriver(Request->Target, Request->Irp);
    if (TellPending && WdmFindId(&WdmRequests, Id))
        WdmSendPending(Id);
}

static VOID WdmDispatchIrp(PWDM_REQUEST Request)
{
    PIO_STACK_LOCATION Stack;
    NTSTATUS Status = WdmCheckRequest(Request);

    if (NT_SUCCESS(Status)) {
        Request->Irp = IoAllocateIrp(Request->Target->StackSize + 1, FALSE);
        Status = Request->Irp ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    if (NT_SUCCESS(Status)) {
        IoSetNextIrpStackLocation(Request->Irp);
        Stack = IoGetNextIrpStackLocation(Request->Irp);
        WdmFillIrp(Request, Stack);
        Status = WdmPrepareBuffers(Request, Stack);
    }
    if (!NT_SUCCESS(Status)) {
        if (Request->File && Request->Message.MajorFunction == IRP_MJ_CREATE)
            WdmCloseFile(Request->File);
        WdmAnswer(Request, Status, 0);
        return;
    }
    WdmCallDispatch(Request);
}

static NTSTATUS WdmRunCommand(PWDM_REQUEST Request)
{
    const DRIVER_COMMAND *Command = &Request->Command;

    switch (Request->Type) {
    case DriverMessageLoad:
        return WdmLoadDriver(Command->Driver, (const DRIVER_LOAD *)Request->Data);
    case DriverMessageAddDevice:
        return WdmAddDevice(Command->Driver, &Command->Device);
    default:
        return WdmUnloadDriver(Command->Driver);
    }
}

static VOID NTAPI WdmRequestThread(PVOID Context)
{
    PWDM_REQUEST Request = Context;

    if (Request->Type == DriverMessageRequest) {
        PspEnterRequest(Request->Message.Process, Request->Message.RequestorMode != 0);
        WdmDispatchIrp(Request);
        PspLeaveRequest();
    } else {
        WdmAnswer(Request, WdmRunCommand(Request), 0);
    }
}

/* NULL: no memory. Zeroed but for what CREATE alone uses, and the data. */
static PWDM_REQUEST WdmAllocateRequest(const DRIVER_MESSAGE *Message, ULONG DataLength)
{
    PWDM_REQUEST Request =
        RtlAllocateHeap(RtlProcessHeap(), 0, FIELD_OFFSET(WDM_REQUEST, Data) + DataLength);

    if (!Request)
        return NULL;
    RtlZeroMemory(Request, FIELD_OFFSET(WDM_REQUEST, Security));
    Request->Type = Message->Type;
    return Request;
}

/* Its data leave the channel, which has others to serve while it is pending. */
static NTSTATUS WdmTakeRequest(const DRIVER_MESSAGE *Message, PWDM_REQUEST *Request)
{
    ULONG Input = Message->Request.InputLength, Output = Message->Request.OutputLength;
    const VOID *Data = WdmIncomingData(Message, Input);

    if (!Data || Output > DRIVER_DATA_SIZE)
        return STATUS_INVALID_PARAMETER;
    *Request = WdmAllocateRequest(Message, max(Input, Output));
    if (!*Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    (*Request)->Message = Message->Request;
    RtlCopyMemory((*Request)->Data, Data, Input);
    if (Output > Input)
        RtlZeroMemory((*Request)->Data + Input, Output - Input);
    return STATUS_SUCCESS;
}

static NTSTATUS WdmTakeCommand(const DRIVER_MESSAGE *Message, PWDM_REQUEST *Request)
{
    ULONG Length = Message->Command.DataLength;
    const VOID *Data = WdmIncomingData(Message, Length);

    if (!Data || (Message->Type == DriverMessageLoad && Length != sizeof(DRIVER_LOAD)))
        return STATUS_INVALID_PARAMETER;
    *Request = WdmAllocateRequest(Message, Length);
    if (!*Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    (*Request)->Command = Message->Command;
    RtlCopyMemory((*Request)->Data, Data, Length);
    return STATUS_SUCCESS;
}

/* Takes a request from the ring into the queue. */
VOID WdmQueueRequest(const DRIVER_MESSAGE *Message)
{
    PWDM_REQUEST Request;
    NTSTATUS Status = Message->Type == DriverMessageRequest ? WdmTakeRequest(Message, &Request)
                                                            : WdmTakeCommand(Message, &Request);

    if (!NT_SUCCESS(Status)) {
        WdmSendDone(Message->Id, Status);
        return;
    }
    WdmInsertId(&WdmRequests, &Request->Node, Message->Id);
    InsertTailList(&WdmStartQueue, &Request->StartLink);
}

/* Starts the next request. FALSE if there is none or no thread is free. */
BOOLEAN WdmStartRequest(VOID)
{
    PWDM_REQUEST Request;

    if (IsListEmpty(&WdmStartQueue) || !KiHavePooledThread())
        return FALSE;
    Request = CONTAINING_RECORD(RemoveHeadList(&WdmStartQueue), WDM_REQUEST, StartLink);
    Request->Started = TRUE;
    return KiStartPooledThread(WdmRequestThread, Request);
}

/* The Executive wants a request completed early. If it has not become an IRP yet, it is answered
 * without one. */
VOID WdmCancelRequest(UINT64 Id)
{
    PWDM_ID_NODE Node = WdmFindId(&WdmRequests, Id);
    PWDM_REQUEST Request = Node ? CONTAINING_RECORD(Node, WDM_REQUEST, Node) : NULL;

    if (!Request || Request->Type != DriverMessageRequest)
        return;
    if (Request->Irp) {
        IoCancelIrp(Request->Irp);
    } else if (!Request->Started) {
        RemoveEntryList(&Request->StartLink);
        WdmAnswer(Request, STATUS_CANCELLED, 0);
    }
}
