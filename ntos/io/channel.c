/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Executive's side of a host's channel. What the host can write is read once and checked: our
 * own indices are kept in the IO_HOST, messages are copied out, answers are matched
 * against what was sent.
 *
 * A request's way across processes. Here it is an IO_REQUEST; in the driver's process it is a
 * WDM_REQUEST and the IRP that is made of it (wdm/io/request.c); a driver that calls another
 * driver's device keeps a WDM_REMOTE_CALL for it (wdm/io/remote.c).
 *
 *   State   is kept in                 is left by
 *   ------  -------------------------  -----------------------------------------------------------
 *   New     its maker's hands          IopSendRequest: to Queued; to Done at once if the device is
 *                                      gone or the Executive's own, or its process has too many
 *   Queued  Host->SendQueue          IopSendRequests, when the ring has room: to Sent
 *                                      IopCancelRequest: to Done, STATUS_CANCELLED
 *   Sent    Host->Outstanding, by    the driver's DriverMessageDone: to Done
 *           Id; in CancelQueue too,    IopCancelRequest: stays Sent, because the driver decides; a
 *           until the driver has been  DriverMessageCancel asks it to hurry
 *           asked to cancel it         DriverMessagePending: stays Sent, but its caller need not
 *                                      wait for it any longer
 *   Done    see below                  IopFreeRequest
 *
 * When the driver's process ends, Queued and Sent go to Done with STATUS_DEVICE_DOES_NOT_EXIST.
 *
 * What happens to a request that is Done depends on who made it (IopCompleteRequest):
 *   a thread waits for it        the event Done wakes it, and it copies the result (client.c)
 *   a client's, asynchronous     while its thread waits to hear whether it is pending: as above;
 *                                afterwards Complete hands it to the completion thread (client.c)
 *   another driver's (forward.c) Complete puts it into the ReplyQueue of Origin, that driver
 *   nobody waits any more        Abandoned: it is freed
 *
 * A driver that writes nonsense into its channel is ended (IopBreakChannel). If there is no memory
 * for a thread to take the process apart on, that happens inside the call: the channel is gone when
 * it returns, and Host->Channel is NULL. So every loop here looks at Host->Channel anew, and
 * the callers of what may break a channel hold a reference to the driver.
 */
#include "iop.h"

#define IOP_RETRY_INTERVAL 100000 /* 100 ns: 10 ms until a full ring is looked at again */

/* The driver has written what its runtime never writes, through a wild pointer or on purpose. It
 * would never answer what it has been asked. */
static void IopBreakChannel(PIO_HOST Host, const char *What)
{
    if (Host->Process->Exiting)
        return;
    DbgPrint("io: %ls has destroyed its channel (%s) and is ended\n", Host->Name, What);
    IopEndHost(Host);
}

/* Also 0 when the channel is gone. */
static ULONG IopRingRoom(PIO_HOST Host)
{
    UINT32 Used;

    if (!Host->Channel)
        return 0;
    Used = Host->Produced - __atomic_load_n(&Host->Channel->ToDriver.Consumed, __ATOMIC_ACQUIRE);
    if (Used <= DRIVER_RING_ENTRIES)
        return DRIVER_RING_ENTRIES - Used;
    IopBreakChannel(Host, "its own index");
    return 0;
}

/* Input is handled at DISPATCH_LEVEL, before anything that programs do. */
static void IopSignalSleeper(PIO_HOST Host, UINT32 MessageType)
{
    if (MessageType == DriverMessageInput)
        IopWakeHost(Host);
    else
        seL4_Signal(Host->MainNotification.Cap);
}

/* FALSE: the ring is full. */
BOOLEAN IopPutMessage(PIO_HOST Host, const DRIVER_MESSAGE *Message)
{
    DRIVER_RING *Ring;

    if (!IopRingRoom(Host))
        return FALSE;
    Ring = &Host->Channel->ToDriver;
    DriverCopyMessage(&Ring->Entry[Host->Produced % DRIVER_RING_ENTRIES], Message);
    __atomic_store_n(&Ring->Produced, ++Host->Produced, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&Ring->ConsumerSleeps, __ATOMIC_SEQ_CST))
        IopSignalSleeper(Host, Message->Type);
    return TRUE;
}

/* A few bytes of data go with the message. */
static void IopAddData(DRIVER_MESSAGE *Message, const void *Data, ULONG Length)
{
    Message->DataLength = Length;
    if (Length)
        memcpy(Message->Data, Data, Length);
}

static BOOLEAN IopPutCommand(PIO_HOST Host, PIO_REQUEST Request)
{
    DRIVER_MESSAGE Message = {
        .Type = Request->MessageType, .Id = Request->Id, .Command = Request->Command};
    DRIVER_DATA None;

    IopDescribeData(Request, Host, &Message.Command.System, &None);
    IopAddData(&Message, Request->Buffer, Request->Buffer ? Request->Command.DataLength : 0);
    return IopPutMessage(Host, &Message);
}

static BOOLEAN IopPutRequest(PIO_HOST Host, PIO_REQUEST Request)
{
    DRIVER_MESSAGE Message; /* all that its type uses is set */

    if (Request->MessageType != DriverMessageRequest)
        return IopPutCommand(Host, Request);
    Message.Type = DriverMessageRequest;
    Message.Id = Request->Id;
    Message.Request = Request->Parameters;
    IopDescribeData(Request, Host, &Message.Request.System, &Message.Request.Direct);
    IopAddData(&Message, Request->Buffer,
               Request->Buffer ? (ULONG)DriverInlineInput(&Message.Request) : 0);
    return IopPutMessage(Host, &Message);
}

/* The bytes that an answered request returns. */
ULONG IopOutputLength(PIO_REQUEST Request)
{
    if (NT_ERROR(Request->Status))
        return 0;
    return Request->Information < Request->Parameters.OutputLength
               ? (ULONG)Request->Information
               : Request->Parameters.OutputLength;
}

/* Sends the result of a forwarded request back to the driver that the request came from. */
static BOOLEAN IopPutReply(PIO_HOST Host, PIO_REQUEST Request)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageDone, .Id = Request->OriginId};

    ULONG Offset = (ULONG)DriverOutputOffset(&Request->Parameters);

    Message.Done.Status = Request->Status;
    Message.Done.Information = Request->Information;
    if (Request->Buffer && !Request->Direct.Buffer)
        IopAddData(&Message, (PCHAR)Request->Buffer + Offset, IopOutputLength(Request));
    return IopPutMessage(Host, &Message);
}

static BOOLEAN IopSendReplies(PIO_HOST Host)
{
    while (!IsListEmpty(&Host->ReplyQueue)) {
        PIO_REQUEST Request = CONTAINING_RECORD(Host->ReplyQueue.Flink, IO_REQUEST, QueueEntry);

        if (!IopPutReply(Host, Request))
            return FALSE;
        RemoveEntryList(&Request->QueueEntry);
        IopFreeRequest(Request);
    }
    return TRUE;
}

static BOOLEAN IopSendCancels(PIO_HOST Host)
{
    while (!IsListEmpty(&Host->CancelQueue)) {
        PIO_REQUEST Request = CONTAINING_RECORD(Host->CancelQueue.Flink, IO_REQUEST, QueueEntry);
        DRIVER_MESSAGE Message = {.Type = DriverMessageCancel, .Id = Request->Id};

        if (!IopPutMessage(Host, &Message))
            return FALSE;
        RemoveEntryList(&Request->QueueEntry);
        Request->CancelQueued = FALSE;
    }
    return TRUE;
}

static BOOLEAN IopOwesNothing(PIO_HOST Host)
{
    return IsListEmpty(&Host->SendQueue) && IsListEmpty(&Host->ReplyQueue) &&
           IsListEmpty(&Host->CancelQueue);
}

/* The host has the request now. FALSE: others are before it, the ring is full, or the channel is
 * gone. */
BOOLEAN IopSendAtOnce(PIO_HOST Host, PIO_REQUEST Request)
{
    if (!IopOwesNothing(Host) || !IopPutRequest(Host, Request))
        return FALSE;
    IopInsertOutstanding(Host, Request);
    Request->State = IopRequestSent;
    return TRUE;
}

/* Requests are sent in order: one that does not fit holds up those behind it. */
static BOOLEAN IopSendRequests(PIO_HOST Host)
{
    while (!IsListEmpty(&Host->SendQueue)) {
        PIO_REQUEST Request = CONTAINING_RECORD(Host->SendQueue.Flink, IO_REQUEST, QueueEntry);

        if (!IopPutRequest(Host, Request))
            return FALSE;
        RemoveEntryList(&Request->QueueEntry);
        IopInsertOutstanding(Host, Request);
        Request->State = IopRequestSent;
    }
    return TRUE;
}

/* Nothing stays in the ring for longer than the driver needs to take it, so requests that
 * stay pending hold up none. Whatever does not fit now is tried again when the driver answers a
 * request, or after a while. The driver may be gone when this returns. */
void IopFlushHost(PIO_HOST Host)
{
    if (!Host->Channel || IopOwesNothing(Host))
        return;
    IoReferenceHost(Host);
    if ((!IopSendReplies(Host) || !IopSendCancels(Host) || !IopSendRequests(Host)) && Host->Channel)
        KeSetTimer(&Host->RetryTimer, KeQueryInterruptTime() + IOP_RETRY_INTERVAL);
    IoDereferenceHost(Host);
}

/* A driver may return any status, but clients must not see those that the Executive uses
 * internally. */
static NTSTATUS IopCheckedStatus(NTSTATUS Status)
{
    return Status == STATUS_PENDING || Status == STATUS_REPARSE ||
                   Status == STATUS_THREAD_IS_TERMINATING
               ? STATUS_INVALID_DEVICE_REQUEST
               : Status;
}

/* At most as much as there was room for. */
static ULONG_PTR IopCheckedInformation(PIO_REQUEST Request, UINT64 Information)
{
    UINT64 Limit;

    switch (Request->Parameters.MajorFunction) {
    case IRP_MJ_CREATE:
        Limit = FILE_DOES_NOT_EXIST;
        break;
    case IRP_MJ_WRITE:
        Limit = Request->Parameters.InputLength;
        break;
    default:
        Limit = Request->Parameters.OutputLength;
    }
    return (ULONG_PTR)(Information < Limit ? Information : Limit);
}

/* What lies in pages is there. FALSE: the message has less than it says. */
static BOOLEAN IopTakeOutput(PIO_REQUEST Request, const DRIVER_MESSAGE *Message)
{
    ULONG Length = IopOutputLength(Request);

    if (!Length || !Request->Buffer || Request->Direct.Buffer)
        return TRUE;
    if (Message->DataLength > DRIVER_INLINE_BYTES || Length > Message->DataLength)
        return FALSE;
    memcpy((PCHAR)Request->Buffer + DriverOutputOffset(&Request->Parameters), Message->Data,
           Length);
    return TRUE;
}

static void IopReceiveDone(PIO_HOST Host, const DRIVER_MESSAGE *Message)
{
    PIO_REQUEST Request = IopFindOutstanding(Host, Message->Id);

    if (!Request) {
        DbgTrace(DBG_IO, "io: %ls answers a request that it does not have\n", Host->Name);
        return;
    }
    DbgTrace(DBG_IO, "io: request %llu, function %u: %08x\n", Request->Id,
             Request->Parameters.MajorFunction, (ULONG)Message->Done.Status);
    Request->Status = IopCheckedStatus(Message->Done.Status);
    Request->Information = IopCheckedInformation(Request, Message->Done.Information);
    if (!IopTakeOutput(Request, Message)) {
        IopBreakChannel(Host, "an answer's data");
        return;
    }
    if (Message->Done.Pending)
        Request->Pending = TRUE;
    IopRemoveOutstanding(Host, Request);
    IopCompleteRequest(Request, Request->Status, Request->Information);
}

/* Whoever waits no longer, or has never done so, takes no notice. */
static void IopReceivePending(PIO_HOST Host, ULONGLONG Id)
{
    PIO_REQUEST Request = IopFindOutstanding(Host, Id);

    if (!Request || !Request->Parameters.TellPending)
        return;
    Request->Pending = TRUE;
    KeSetEvent(&Request->Done);
}

static void IopReceive(PIO_HOST Host, const DRIVER_MESSAGE *Message)
{
    switch (Message->Type) {
    case DriverMessageDone:
        IopReceiveDone(Host, Message);
        break;
    case DriverMessageRequest:
        IopForwardRequest(Host, Message);
        break;
    case DriverMessageCancel:
        IopForwardCancel(Host, Message->Id);
        break;
    case DriverMessageInput:
        IopRouteInput(Host, &Message->Input);
        break;
    case DriverMessagePending:
        IopReceivePending(Host, Message->Id);
        break;
    case DriverMessageDeviceFlags:
        IopSetDeviceFlags(Host, &Message->Command.Device);
        break;
    default:
        IopBreakChannel(Host, "a message's type");
    }
}

/* Takes the messages that are in the ring. FALSE: the channel is gone. */
static BOOLEAN IopTakeMessages(PIO_HOST Host)
{
    DRIVER_CHANNEL *Channel = Host->Channel;
    DRIVER_RING *Ring = &Channel->FromDriver;
    UINT32 Count = __atomic_load_n(&Ring->Produced, __ATOMIC_SEQ_CST) - Host->Consumed, i;

    if (Count > DRIVER_RING_ENTRIES) {
        IopBreakChannel(Host, "the index of its messages");
        return FALSE;
    }
    for (i = 0; i < Count; i++) {
        DRIVER_MESSAGE Message;

        DriverCopyMessage(&Message, &Ring->Entry[Host->Consumed % DRIVER_RING_ENTRIES]);
        IopReceive(Host, &Message);
        if (Host->Channel != Channel)
            return FALSE;
        __atomic_store_n(&Ring->Consumed, ++Host->Consumed, __ATOMIC_RELEASE);
    }
    return TRUE;
}

/* The host runs below the Executive's priority, so what it adds while this runs is little. */
void IopDrainChannel(PIO_HOST Host)
{
    if (!Host->Channel)
        return;
    Host->Channel->FromDriver.ConsumerSleeps = 0;
    if (!IopTakeMessages(Host))
        return;
    __atomic_store_n(&Host->Channel->FromDriver.ConsumerSleeps, 1, __ATOMIC_SEQ_CST);
    if (IopTakeMessages(Host))
        IopFlushHost(Host);
}
