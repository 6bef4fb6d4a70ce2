/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests from the Executive (their states on its side: ntos/io/channel.c). Here one goes through
 *
 *   queued     in WdmStartQueue, until a pooled thread is free; a cancelled one is answered at once
 *   stuck      in WdmStuckQueue: no thread could be had, and it must not be refused for that
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
static LIST_ENTRY WdmStuckQueue = {&WdmStuckQueue, &WdmStuckQueue};

/* Records of requests that are over, for the next ones. */
#define WDM_FREE_REQUESTS 8
static LIST_ENTRY WdmFreeRequests = {&WdmFreeRequests, &WdmFreeRequests};
static ULONG WdmFreeCount;

/* Most IRPs have few stack locations, and lie in the request. NULL: no memory. */
static PIRP WdmMakeIrp(PWDM_REQUEST Request, CCHAR StackSize)
{
    PIRP Irp = (PIRP)Request->IrpSpace;

    if (IoSizeOfIrp(StackSize) > sizeof(Request->IrpSpace))
        return IoAllocateIrp(StackSize, FALSE);
    IoInitializeIrp(Irp, IoSizeOfIrp(StackSize), StackSize);
    return Irp;
}

static VOID WdmFreeIrp(PWDM_REQUEST Request)
{
    PIRP Irp = Request->Irp;

    if (!Irp)
        return;
    if ((PUCHAR)Irp != Request->IrpSpace) {
        IoFreeIrp(Irp);
        return;
    }
    Irp->Type = 0; /* so that a second completion is noticed */
    if (DBG)
        RtlFillMemory(Irp, sizeof(Request->IrpSpace), 0xDD);
}

static VOID WdmFreeRequest(PWDM_REQUEST Request)
{
    WdmReleaseBuffers(Request);
    WdmFreeIrp(Request);
    if (Request->File)
        ObDereferenceObject(Request->File);
    if (Request->Target)
        ObDereferenceObject(Request->Target);
    WdmRemoveId(&WdmRequests, &Request->Node);
    if (WdmFreeCount == WDM_FREE_REQUESTS) {
        RtlFreeHeap(RtlProcessHeap(), 0, Request);
        return;
    }
    WdmFreeCount++;
    InsertHeadList(&WdmFreeRequests, &Request->StartLink);
}

static VOID WdmAnswer(PWDM_REQUEST Request, NTSTATUS Status, ULONG_PTR Information)
{
    DRIVER_MESSAGE Message; /* all that its type uses is set */
    BOOLEAN Inline = Request->Type == DriverMessageRequest && !Request->Message.System.Place &&
                     !Request->Message.Direct.Place && !NT_ERROR(Status);

    if (Request->Target)
        WdmReportFlags(Request->Target);
    Message.Type = DriverMessageDone;
    Message.Id = Request->Node.Id;
    Message.Done.Status = Status;
    Message.Done.Information = Information;
    Message.Done.Pending = Request->Irp && Request->Irp->PendingReturned;
    Message.DataLength = 0;
    if (Inline)
        WdmAddData(&Message, Request->Data + DriverOutputOffset(&Request->Message),
                   min(Information, Request->Message.OutputLength));
    WdmSend(&Message);
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
        File = WdmCreateFile(Message->File, Request->Target, Request->System, Message->InputLength);
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
PWDM_REQUEST WdmRequestOf(PIRP Irp)
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
    NTSTATUS Status;

    if (!Target || WdmDevice(Target)->Remote)
        return STATUS_NO_SUCH_DEVICE;
    if (!WdmCanExpress(Message))
        return STATUS_NOT_SUPPORTED;
    ObReferenceObject(Target);
    Request->Target = Target;
    Status = WdmMapSystemData(Request);
    return NT_SUCCESS(Status) ? WdmReferenceFile(Request) : Status;
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
        Request->Irp = WdmMakeIrp(Request, Request->Target->StackSize + 1);
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
    NTSTATUS Status = WdmMapSystemData(Request);

    if (!NT_SUCCESS(Status))
        return Status;
    switch (Request->Type) {
    case DriverMessageLoad:
        return WdmLoadDriver(Command->Driver, (const DRIVER_LOAD *)Request->System);
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

/* NULL: no memory. Zeroed but for what CREATE alone uses; with the message's data, and zeroes for
 * those that are to come. */
static PWDM_REQUEST WdmAllocateRequest(const DRIVER_MESSAGE *Message, SIZE_T DataLength)
{
    SIZE_T Given = min(Message->DataLength, DataLength);
    PWDM_REQUEST Request;

    if (WdmFreeCount) {
        WdmFreeCount--;
        Request = CONTAINING_RECORD(RemoveHeadList(&WdmFreeRequests), WDM_REQUEST, StartLink);
    } else {
        Request = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Request));
    }
    if (!Request)
        return NULL;
    RtlZeroMemory(Request, FIELD_OFFSET(WDM_REQUEST, Security));
    RtlCopyMemory(Request->Data, Message->Data, Given);
    RtlZeroMemory(Request->Data + Given, DataLength - Given);
    Request->Type = Message->Type;
    return Request;
}

static NTSTATUS WdmTakeRequest(const DRIVER_MESSAGE *Message, PWDM_REQUEST *Request)
{
    UINT64 Length = Message->Request.System.Place ? 0 : DriverSystemLength(&Message->Request);

    if (Length > DRIVER_INLINE_BYTES)
        return STATUS_INVALID_PARAMETER;
    *Request = WdmAllocateRequest(Message, (SIZE_T)Length);
    if (!*Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    (*Request)->Message = Message->Request;
    return STATUS_SUCCESS;
}

static NTSTATUS WdmTakeCommand(const DRIVER_MESSAGE *Message, PWDM_REQUEST *Request)
{
    UINT32 Length = Message->Command.DataLength;

    if (Message->Type == DriverMessageLoad &&
        (Length != sizeof(DRIVER_LOAD) || !Message->Command.System.Place))
        return STATUS_INVALID_PARAMETER;
    *Request = WdmAllocateRequest(Message, 0);
    if (!*Request)
        return STATUS_INSUFFICIENT_RESOURCES;
    (*Request)->Command = Message->Command;
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

/* What ends something is done sooner or later. */
static BOOLEAN WdmMayRefuse(PWDM_REQUEST Request)
{
    UCHAR Major = Request->Message.MajorFunction;

    return Request->Type != DriverMessageRequest ||
           (Major != IRP_MJ_CLOSE && Major != IRP_MJ_CLEANUP && Major != IRP_MJ_PNP &&
            Major != IRP_MJ_POWER && Major != IRP_MJ_SHUTDOWN);
}

static NTSTATUS WdmStart(PWDM_REQUEST Request, UINT64 Payer)
{
    NTSTATUS Status = KiStartPooledThread(&KiRequestPool, Payer, WdmRequestThread, Request);

    if (Status == STATUS_SUCCESS) {
        RemoveEntryList(&Request->StartLink);
        Request->Started = TRUE;
    }
    return Status;
}

/* No thread can be had for it. */
static VOID WdmSetAside(PWDM_REQUEST Request, NTSTATUS Status)
{
    RemoveEntryList(&Request->StartLink);
    if (WdmMayRefuse(Request)) {
        WdmAnswer(Request, Status, 0);
    } else {
        InsertTailList(&WdmStuckQueue, &Request->StartLink);
        KiRetryLater();
    }
}

/* Tries the first of those again, in their order; nobody is asked to pay. */
static BOOLEAN WdmStartStuck(VOID)
{
    PWDM_REQUEST Request = CONTAINING_RECORD(WdmStuckQueue.Flink, WDM_REQUEST, StartLink);
    NTSTATUS Status;

    if (IsListEmpty(&WdmStuckQueue) || (!KiRequestPool.FreeCount && !KiMayRetry()))
        return FALSE;
    Status = WdmStart(Request, 0);
    if (Status == STATUS_INSUFFICIENT_RESOURCES)
        KiRetryLater();
    return Status == STATUS_SUCCESS;
}

/* Starts the next request. FALSE if there is none or no thread is free. */
BOOLEAN WdmStartRequest(VOID)
{
    if (WdmStartStuck())
        return TRUE;
    while (!IsListEmpty(&WdmStartQueue)) {
        PWDM_REQUEST Request = CONTAINING_RECORD(WdmStartQueue.Flink, WDM_REQUEST, StartLink);
        NTSTATUS Status = STATUS_INSUFFICIENT_RESOURCES;

        if (IsListEmpty(&WdmStuckQueue) || WdmMayRefuse(Request)) /* else behind those */
            Status = WdmStart(Request, Request->Node.Id);
        if (Status == STATUS_SUCCESS)
            return TRUE;
        if (Status == STATUS_PENDING)
            return FALSE;
        WdmSetAside(Request, Status);
    }
    return FALSE;
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
