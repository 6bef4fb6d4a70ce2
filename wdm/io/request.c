/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests from the Executive: each becomes an IRP (or a call of AddDevice or DriverUnload) on a
 * pooled thread and is answered when it completes. The IRP has one stack location more than the
 * device stack needs; the runtime's completion routine is the first that is set, so the last that
 * is called.
 */
#include "iop.h"
#include "ki.h"
#include "ntdll.h"
#include "ob.h"

static LIST_ENTRY IopRequests = {&IopRequests, &IopRequests};
static LIST_ENTRY IopStartQueue = {&IopStartQueue, &IopStartQueue};

static VOID IopFreeRequest(PIOP_REQUEST Request)
{
    IopReleaseBuffers(Request);
    if (Request->Irp)
        IoFreeIrp(Request->Irp);
    if (Request->File)
        ObDereferenceObject(Request->File);
    if (Request->Target)
        ObDereferenceObject(Request->Target);
    RemoveEntryList(&Request->Link);
    ExFreePoolWithTag(Request, 'qeRI');
}

static VOID IopAnswer(PIOP_REQUEST Request, NTSTATUS Status, ULONG_PTR Information)
{
    UINT64 Id = Request->Id;

    IopFreeRequest(Request);
    IopSendDone(Id, Status, Information);
}

/*
 * How much of IoStatus.Information may leave the process: it must not point into the driver or
 * beyond the buffer.
 */
static ULONG_PTR IopReturnedInformation(PIOP_REQUEST Request, ULONG_PTR Information)
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

/* The last completion routine of a request's IRP. */
static NTSTATUS NTAPI IopCompleteIrp(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    PIOP_REQUEST Request = Context;
    NTSTATUS Status = Irp->IoStatus.Status;
    ULONG_PTR Information = IopReturnedInformation(Request, Irp->IoStatus.Information);
    UCHAR Major = Request->Message.MajorFunction;

    if (Request->Connection && NT_SUCCESS(Status))
        Request->Connection = NULL; /* the driver has it now */
    if (Request->File && ((Major == IRP_MJ_CREATE && !NT_SUCCESS(Status)) || Major == IRP_MJ_CLOSE))
        IopCloseFile(Request->File);
    IopAnswer(Request, Status, Information);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Finds the file object of a request, or makes it for CREATE. */
static NTSTATUS IopReferenceFile(PIOP_REQUEST Request)
{
    DRIVER_IRP *Message = &Request->Message;
    PFILE_OBJECT File;

    if (Message->File == 0)
        return STATUS_SUCCESS;
    File = IopFindFile(Message->File);
    if (Message->MajorFunction != IRP_MJ_CREATE) {
        if (!File)
            return STATUS_INVALID_HANDLE;
    } else {
        if (File)
            return STATUS_INVALID_PARAMETER;
        File = IopCreateFile(Message->File, Request->Target, Request->Data, Message->InputLength);
        if (!File)
            return STATUS_INSUFFICIENT_RESOURCES;
    }
    ObReferenceObject(File);
    Request->File = File;
    return STATUS_SUCCESS;
}

static VOID IopSetCreateParameters(PIOP_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    DRIVER_IRP *Message = &Request->Message;

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

/* The functions that a message can express. Others would need pointers that mean nothing here. */
static BOOLEAN IopCanExpress(const DRIVER_IRP *Message)
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
static NTSTATUS IopCheckRequest(PIOP_REQUEST Request)
{
    DRIVER_IRP *Message = &Request->Message;
    PDEVICE_OBJECT Target = IopFindDevice(Message->Device);

    if (!Target || IopDevice(Target)->Remote)
        return STATUS_NO_SUCH_DEVICE;
    if (!IopCanExpress(Message))
        return STATUS_NOT_SUPPORTED;
    Request->Data =
        IopIncomingData(Message->DataOffset, max(Message->InputLength, Message->OutputLength));
    if (!Request->Data)
        return STATUS_INVALID_PARAMETER;
    ObReferenceObject(Target);
    Request->Target = Target;
    return IopReferenceFile(Request);
}

static VOID IopFillIrp(PIOP_REQUEST Request, PIO_STACK_LOCATION Stack)
{
    DRIVER_IRP *Message = &Request->Message;
    PIRP Irp = Request->Irp;

    Irp->RequestorMode = Message->RequestorMode ? UserMode : KernelMode;
    Irp->UserIosb = &Irp->IoStatus;
    Irp->Tail.Overlay.Thread = (PETHREAD)KiGetCurrentThread();
    Irp->Tail.Overlay.OriginalFileObject = Request->File;
    Stack->MajorFunction = Message->MajorFunction;
    Stack->MinorFunction = Message->MinorFunction;
    Stack->FileObject = Request->File;
    if (Message->MajorFunction == IRP_MJ_CREATE)
        IopSetCreateParameters(Request, Stack);
    if (Message->MajorFunction == IRP_MJ_PNP)
        Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
}

static VOID IopDispatchIrp(PIOP_REQUEST Request)
{
    PIO_STACK_LOCATION Stack;
    NTSTATUS Status = IopCheckRequest(Request);

    if (NT_SUCCESS(Status)) {
        Request->Irp = IoAllocateIrp(Request->Target->StackSize + 1, FALSE);
        Status = Request->Irp ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    if (NT_SUCCESS(Status)) {
        IoSetNextIrpStackLocation(Request->Irp);
        Stack = IoGetNextIrpStackLocation(Request->Irp);
        IopFillIrp(Request, Stack);
        Status = IopPrepareBuffers(Request, Stack);
    }
    if (!NT_SUCCESS(Status)) {
        if (Request->File && Request->Message.MajorFunction == IRP_MJ_CREATE)
            IopCloseFile(Request->File);
        IopAnswer(Request, Status, 0);
        return;
    }
    IoSetCompletionRoutine(Request->Irp, IopCompleteIrp, Request, TRUE, TRUE, TRUE);
    IofCallDriver(Request->Target, Request->Irp); /* the request may be gone when this returns */
}

static NTSTATUS IopAddDevice(const DRIVER_DEVICE_INFO *Info)
{
    PDRIVER_ADD_DEVICE AddDevice = IopDriver->DriverExtension->AddDevice;
    PDEVICE_OBJECT Physical;

    if (!AddDevice)
        return STATUS_INVALID_DEVICE_REQUEST;
    Physical = IopProxyDevice(Info);
    return Physical ? AddDevice(IopDriver, Physical) : STATUS_INSUFFICIENT_RESOURCES;
}

/* Ends the process once the driver has been unloaded. */
static VOID IopUnload(PIOP_REQUEST Request)
{
    if (!IopDriver->DriverUnload) {
        IopAnswer(Request, STATUS_INVALID_DEVICE_REQUEST, 0);
        return;
    }
    IopDriver->DriverUnload(IopDriver);
    IopAnswer(Request, STATUS_SUCCESS, 0);
    IopFlushChannel();
    NtTerminateProcess(NtCurrentProcess(), STATUS_SUCCESS);
}

static VOID NTAPI IopRequestThread(PVOID Context)
{
    PIOP_REQUEST Request = Context;

    switch (Request->Type) {
    case DriverMessageIrp:
        IopDispatchIrp(Request);
        break;
    case DriverMessageAddDevice:
        IopAnswer(Request, IopAddDevice(&Request->Device), 0);
        break;
    default:
        IopUnload(Request);
        break;
    }
}

/* Takes a request from the ring into the queue. */
VOID IopQueueRequest(const DRIVER_MESSAGE *Message)
{
    PIOP_REQUEST Request = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Request), 'qeRI');

    if (!Request) {
        IopSendDone(Message->Id, STATUS_INSUFFICIENT_RESOURCES, 0);
        return;
    }
    RtlZeroMemory(Request, sizeof(*Request));
    Request->Id = Message->Id;
    Request->Type = Message->Type;
    if (Message->Type == DriverMessageIrp)
        Request->Message = Message->Irp;
    else
        Request->Device = Message->AddDevice;
    InsertTailList(&IopRequests, &Request->Link);
    InsertTailList(&IopStartQueue, &Request->StartLink);
}

/* Starts the next request. FALSE if there is none or no thread is free. */
BOOLEAN IopStartRequest(VOID)
{
    PIOP_REQUEST Request;

    if (IsListEmpty(&IopStartQueue) || !KiHavePooledThread())
        return FALSE;
    Request = CONTAINING_RECORD(RemoveHeadList(&IopStartQueue), IOP_REQUEST, StartLink);
    Request->Started = TRUE;
    return KiStartPooledThread(IopRequestThread, Request);
}

/* The Executive wants a request completed early. One that has not become an IRP yet never does. */
VOID IopCancelRequest(UINT64 Id)
{
    for (PLIST_ENTRY Entry = IopRequests.Flink; Entry != &IopRequests; Entry = Entry->Flink) {
        PIOP_REQUEST Request = CONTAINING_RECORD(Entry, IOP_REQUEST, Link);

        if (Request->Id != Id || Request->Type != DriverMessageIrp)
            continue;
        if (Request->Irp) {
            IoCancelIrp(Request->Irp);
        } else if (!Request->Started) {
            RemoveEntryList(&Request->StartLink);
            IopAnswer(Request, STATUS_CANCELLED, 0);
        }
        return;
    }
}
