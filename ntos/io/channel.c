/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Executive's side of a driver's channel. What the driver can write is read once and checked:
 * our own indices are kept in the driver object, messages are copied out, answers are matched
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
 *   Queued  Driver->SendQueue          IopSendRequests, when ring and data area have room: to Sent
 *                                      IopCancelRequest: to Done, STATUS_CANCELLED
 *   Sent    Driver->Outstanding, by    the driver's DriverMessageDone: to Done
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
 * it returns, and Driver->Channel is NULL. So every loop here looks at Driver->Channel anew, and
 * the callers of what may break a channel hold a reference to the driver.
 */
#include "iop.h"

#define IOP_RETRY_INTERVAL 100000 /* 100 ns: 10 ms until a full ring is looked at again */

/* The driver has written what its runtime never writes, through a wild pointer or on purpose. It
 * would never answer what it has been asked. */
static void IopBreakChannel(PIO_DRIVER Driver, const char *What)
{
    if (Driver->Process->Exiting)
        return;
    DbgPrint("io: %ls.sys has destroyed its channel (%s) and is ended\n", Driver->Name, What);
    IopEndDriver(Driver);
}

/* Also 0 when the channel is gone. */
static ULONG IopRingRoom(PIO_DRIVER Driver)
{
    UINT32 Used;

    if (!Driver->Channel)
        return 0;
    Used =
        Driver->Produced - __atomic_load_n(&Driver->Channel->ToDriver.Consumed, __ATOMIC_ACQUIRE);
    if (Used <= DRIVER_RING_ENTRIES)
        return DRIVER_RING_ENTRIES - Used;
    IopBreakChannel(Driver, "its own index");
    return 0;
}

/* Input is handled at DISPATCH_LEVEL, before anything that programs do. */
static void IopSignalSleeper(PIO_DRIVER Driver, UINT32 MessageType)
{
    if (MessageType == DriverMessageInput)
        IopWakeDriver(Driver);
    else
        seL4_Signal(Driver->MainNotification.Cap);
}

/* With its data, whose place it is given. FALSE: the ring or the data area is full. */
static BOOLEAN IopPutMessageWithData(PIO_DRIVER Driver, DRIVER_MESSAGE *Message, const void *Data,
                                     ULONG Length)
{
    ULONG Room = IopRingRoom(Driver);
    DRIVER_RING *Ring;

    if (!Room || !DriverPlaceData(&Driver->Data, Driver->Produced,
                                  Driver->Produced + Room - DRIVER_RING_ENTRIES, Length,
                                  &Message->DataOffset))
        return FALSE;
    Ring = &Driver->Channel->ToDriver;
    if (Length)
        memcpy(Driver->Channel->ToDriverData + Message->DataOffset, Data, Length);
    DriverCopyMessage(&Ring->Entry[Driver->Produced % DRIVER_RING_ENTRIES], Message);
    __atomic_store_n(&Ring->Produced, ++Driver->Produced, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&Ring->ConsumerSleeps, __ATOMIC_SEQ_CST))
        IopSignalSleeper(Driver, Message->Type);
    return TRUE;
}

/* FALSE: the ring is full. */
BOOLEAN IopPutMessage(PIO_DRIVER Driver, DRIVER_MESSAGE *Message)
{
    return IopPutMessageWithData(Driver, Message, NULL, 0);
}

/* AddDevice and Unload */
static BOOLEAN IopPutOther(PIO_DRIVER Driver, PIO_REQUEST Request)
{
    DRIVER_MESSAGE Message = {
        .Type = Request->MessageType, .Id = Request->Id, .AddDevice = Request->AddDevice};

    return IopPutMessage(Driver, &Message);
}

static BOOLEAN IopPutRequest(PIO_DRIVER Driver, PIO_REQUEST Request)
{
    DRIVER_MESSAGE Message; /* all that its type uses is set */

    if (Request->MessageType != DriverMessageRequest)
        return IopPutOther(Driver, Request);
    Message.Type = DriverMessageRequest;
    Message.Id = Request->Id;
    Message.Request = Request->Parameters;
    return IopPutMessageWithData(Driver, &Message, Request->Buffer,
                                 Request->Parameters.InputLength);
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
static BOOLEAN IopPutReply(PIO_DRIVER Driver, PIO_REQUEST Request)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageDone, .Id = Request->OriginId};

    Message.Done.Status = Request->Status;
    Message.Done.Information = Request->Information;
    return IopPutMessageWithData(Driver, &Message, Request->Buffer, IopOutputLength(Request));
}

static BOOLEAN IopSendReplies(PIO_DRIVER Driver)
{
    while (!IsListEmpty(&Driver->ReplyQueue)) {
        PIO_REQUEST Request = CONTAINING_RECORD(Driver->ReplyQueue.Flink, IO_REQUEST, QueueEntry);

        if (!IopPutReply(Driver, Request))
            return FALSE;
        RemoveEntryList(&Request->QueueEntry);
        IopFreeRequest(Request);
    }
    return TRUE;
}

static BOOLEAN IopSendCancels(PIO_DRIVER Driver)
{
    while (!IsListEmpty(&Driver->CancelQueue)) {
        PIO_REQUEST Request = CONTAINING_RECORD(Driver->CancelQueue.Flink, IO_REQUEST, QueueEntry);
        DRIVER_MESSAGE Message = {.Type = DriverMessageCancel, .Id = Request->Id};

        if (!IopPutMessage(Driver, &Message))
            return FALSE;
        RemoveEntryList(&Request->QueueEntry);
        Request->CancelQueued = FALSE;
    }
    return TRUE;
}

/* Requests are sent in order: one that does not fit holds up those behind it. */
static BOOLEAN IopSendRequests(PIO_DRIVER Driver)
{
    while (!IsListEmpty(&Driver->SendQueue)) {
        PIO_REQUEST Request = CONTAINING_RECORD(Driver->SendQueue.Flink, IO_REQUEST, QueueEntry);

        if (!IopPutRequest(Driver, Request))
            return FALSE;
        RemoveEntryList(&Request->QueueEntry);
        IopInsertOutstanding(Driver, Request);
        Request->State = IopRequestSent;
    }
    return TRUE;
}

/* Nothing stays in ring or data area for longer than the driver needs to take it, so requests that
 * stay pending hold up none. Whatever does not fit now is tried again when the driver answers a
 * request, or after a while. The driver may be gone when this returns. */
void IopFlushDriver(PIO_DRIVER Driver)
{
    if (!Driver->Channel)
        return;
    ObReferenceObject(Driver);
    if ((!IopSendReplies(Driver) || !IopSendCancels(Driver) || !IopSendRequests(Driver)) &&
        Driver->Channel)
        KeSetTimer(&Driver->RetryTimer, KeQueryInterruptTime() + IOP_RETRY_INTERVAL);
    ObDereferenceObject(Driver);
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

/* FALSE: the driver says that they are where they cannot be. */
static BOOLEAN IopTakeOutput(PIO_DRIVER Driver, PIO_REQUEST Request, UINT32 Offset)
{
    ULONG Length = IopOutputLength(Request);

    if (Offset > DRIVER_DATA_SIZE || Length > DRIVER_DATA_SIZE - Offset)
        return FALSE;
    if (Length)
        memcpy(Request->Buffer, Driver->Channel->FromDriverData + Offset, Length);
    return TRUE;
}

static void IopReceiveDone(PIO_DRIVER Driver, const DRIVER_MESSAGE *Message)
{
    PIO_REQUEST Request = IopFindOutstanding(Driver, Message->Id);

    if (!Request) {
        DbgTrace(DBG_IO, "io: %ls.sys answers a request that it does not have\n", Driver->Name);
        return;
    }
    DbgTrace(DBG_IO, "io: request %llu, function %u: %08x\n", Request->Id,
             Request->Parameters.MajorFunction, (ULONG)Message->Done.Status);
    Request->Status = IopCheckedStatus(Message->Done.Status);
    Request->Information = IopCheckedInformation(Request, Message->Done.Information);
    if (!IopTakeOutput(Driver, Request, Message->DataOffset)) {
        IopBreakChannel(Driver, "where an answer's data are");
        return;
    }
    if (Message->Done.Pending)
        Request->Pending = TRUE;
    IopRemoveOutstanding(Driver, Request);
    IopCompleteRequest(Request, Request->Status, Request->Information);
}

/* Whoever waits no longer, or has never done so, takes no notice. */
static void IopReceivePending(PIO_DRIVER Driver, ULONGLONG Id)
{
    PIO_REQUEST Request = IopFindOutstanding(Driver, Id);

    if (!Request || !Request->Parameters.TellPending)
        return;
    Request->Pending = TRUE;
    KeSetEvent(&Request->Done);
}

static void IopReceive(PIO_DRIVER Driver, const DRIVER_MESSAGE *Message)
{
    switch (Message->Type) {
    case DriverMessageDone:
        IopReceiveDone(Driver, Message);
        break;
    case DriverMessageRequest:
        IopForwardRequest(Driver, Message);
        break;
    case DriverMessageCancel:
        IopForwardCancel(Driver, Message->Id);
        break;
    case DriverMessageInput:
        IopRouteInput(Driver, &Message->Input);
        break;
    case DriverMessagePending:
        IopReceivePending(Driver, Message->Id);
        break;
    default:
        IopBreakChannel(Driver, "a message's type");
    }
}

/* Takes the messages that are in the ring. FALSE: the channel is gone. */
static BOOLEAN IopTakeMessages(PIO_DRIVER Driver)
{
    DRIVER_CHANNEL *Channel = Driver->Channel;
    DRIVER_RING *Ring = &Channel->FromDriver;
    UINT32 Count = __atomic_load_n(&Ring->Produced, __ATOMIC_SEQ_CST) - Driver->Consumed, i;

    if (Count > DRIVER_RING_ENTRIES) {
        IopBreakChannel(Driver, "the index of its messages");
        return FALSE;
    }
    for (i = 0; i < Count; i++) {
        DRIVER_MESSAGE Message;

        DriverCopyMessage(&Message, &Ring->Entry[Driver->Consumed % DRIVER_RING_ENTRIES]);
        IopReceive(Driver, &Message);
        if (Driver->Channel != Channel)
            return FALSE;
        __atomic_store_n(&Ring->Consumed, ++Driver->Consumed, __ATOMIC_RELEASE);
    }
    return TRUE;
}

/* The driver runs below the Executive's priority, so what it adds while this runs is little. */
static void IopDrainChannel(PIO_DRIVER Driver)
{
    Driver->Channel->FromDriver.ConsumerSleeps = 0;
    if (!IopTakeMessages(Driver))
        return;
    __atomic_store_n(&Driver->Channel->FromDriver.ConsumerSleeps, 1, __ATOMIC_SEQ_CST);
    if (IopTakeMessages(Driver))
        IopFlushDriver(Driver);
}

/* The dispatcher: the drivers of these signal bits want attention. */
void IoDriverSignal(seL4_Word Bits)
{
    for (; Bits; Bits &= Bits - 1) {
        PIO_DRIVER Driver = IopDriverBySignal[__builtin_ctzl(Bits)];

        if (Driver && Driver->Channel) {
            ObReferenceObject(Driver);
            IopDrainChannel(Driver);
            ObDereferenceObject(Driver);
        }
    }
}
