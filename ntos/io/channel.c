/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Executive's side of a driver's channel. What the driver can write is read once and checked:
 * our own indices are kept in the driver object, messages are copied out, answers are matched
 * against what was sent.
 */
#include "iop.h"

#define IOP_RETRY_INTERVAL 100000 /* 100 ns: 10 ms until a full ring is looked at again */

/* The driver has written what its runtime never writes: it runs wild, and would never answer what
 * it has been asked. */
static void IopBreakChannel(PIO_DRIVER Driver, const char *What)
{
    if (Driver->Process->Exiting)
        return;
    DbgPrint("io: %ls.sys has destroyed its channel (%s) and is ended\n", Driver->Name, What);
    PsTerminateProcess(Driver->Process, STATUS_DRIVER_INTERNAL_ERROR);
}

static ULONG IopRingRoom(PIO_DRIVER Driver)
{
    UINT32 Used =
        Driver->Produced - __atomic_load_n(&Driver->Channel->ToDriver.Consumed, __ATOMIC_ACQUIRE);

    if (Used <= DRIVER_RING_ENTRIES)
        return DRIVER_RING_ENTRIES - Used;
    IopBreakChannel(Driver, "its own index");
    return 0;
}

/* FALSE: the ring is full. */
BOOLEAN IopPutMessage(PIO_DRIVER Driver, const DRIVER_MESSAGE *Message)
{
    DRIVER_RING *Ring = &Driver->Channel->ToDriver;

    if (!IopRingRoom(Driver))
        return FALSE;
    memcpy(&Ring->Entry[Driver->Produced % DRIVER_RING_ENTRIES], Message, sizeof(*Message));
    __atomic_store_n(&Ring->Produced, ++Driver->Produced, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&Ring->ConsumerSleeps, __ATOMIC_SEQ_CST))
        seL4_Signal(Driver->MainNotification.Cap);
    return TRUE;
}

static BOOLEAN IopPutRequest(PIO_DRIVER Driver, PIRP Irp)
{
    DRIVER_MESSAGE Message = {.Type = Irp->MessageType, .Id = Irp->Id};

    if (!IopRingRoom(Driver) || !IopAllocateData(Driver, Irp->DataLength, &Irp->Request.DataOffset))
        return FALSE;
    if (Irp->MessageType == DriverMessageIrp) {
        Message.Irp = Irp->Request;
        if (Irp->Request.InputLength)
            memcpy(Driver->Channel->ToDriverData + Irp->Request.DataOffset, Irp->Buffer,
                   Irp->Request.InputLength);
    } else {
        Message.AddDevice = Irp->AddDevice;
    }
    return IopPutMessage(Driver, &Message);
}

/* The result of a forwarded IRP, back to the driver that had sent it. */
static BOOLEAN IopPutReply(PIO_DRIVER Driver, PIRP Irp)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageDone, .Id = Irp->OriginId};

    Message.Done.Status = Irp->Status;
    Message.Done.Information = Irp->Information;
    if (!IopRingRoom(Driver))
        return FALSE;
    if (Irp->Request.OutputLength && !NT_ERROR(Irp->Status))
        memcpy(Driver->Channel->FromDriverData + Irp->OriginOffset, Irp->Buffer,
               Irp->Information < Irp->Request.OutputLength ? Irp->Information
                                                            : Irp->Request.OutputLength);
    return IopPutMessage(Driver, &Message);
}

static BOOLEAN IopSendReplies(PIO_DRIVER Driver)
{
    while (!IsListEmpty(&Driver->ReplyQueue)) {
        PIRP Irp = CONTAINING_RECORD(Driver->ReplyQueue.Flink, IRP, QueueEntry);

        if (!IopPutReply(Driver, Irp))
            return FALSE;
        RemoveEntryList(&Irp->QueueEntry);
        IopFreeIrp(Irp);
    }
    return TRUE;
}

static BOOLEAN IopSendCancels(PIO_DRIVER Driver)
{
    PLIST_ENTRY Entry;

    for (Entry = Driver->Outstanding.Flink; Entry != &Driver->Outstanding; Entry = Entry->Flink) {
        PIRP Irp = CONTAINING_RECORD(Entry, IRP, QueueEntry);
        DRIVER_MESSAGE Message = {.Type = DriverMessageCancel, .Id = Irp->Id};

        if (!Irp->CancelRequested || Irp->CancelSent)
            continue;
        if (!IopPutMessage(Driver, &Message))
            return FALSE;
        Irp->CancelSent = TRUE;
    }
    return TRUE;
}

/* In order: a request that does not fit lets no later one pass. */
static BOOLEAN IopSendRequests(PIO_DRIVER Driver)
{
    while (!IsListEmpty(&Driver->SendQueue)) {
        PIRP Irp = CONTAINING_RECORD(Driver->SendQueue.Flink, IRP, QueueEntry);

        if (!IopPutRequest(Driver, Irp))
            return FALSE;
        RemoveEntryList(&Irp->QueueEntry);
        InsertTailList(&Driver->Outstanding, &Irp->QueueEntry);
        Irp->State = IopIrpSent;
    }
    return TRUE;
}

/* What does not fit now is tried again when the driver answers something, or after a while. */
void IopFlushDriver(PIO_DRIVER Driver)
{
    if (!Driver->Channel)
        return;
    if (!IopSendReplies(Driver) || !IopSendCancels(Driver) || !IopSendRequests(Driver))
        KeSetTimer(&Driver->RetryTimer, KeQueryInterruptTime() + IOP_RETRY_INTERVAL);
}

static PIRP IopFindOutstanding(PIO_DRIVER Driver, ULONGLONG Id)
{
    PLIST_ENTRY Entry;

    for (Entry = Driver->Outstanding.Flink; Entry != &Driver->Outstanding; Entry = Entry->Flink)
        if (CONTAINING_RECORD(Entry, IRP, QueueEntry)->Id == Id)
            return CONTAINING_RECORD(Entry, IRP, QueueEntry);
    return NULL;
}

/* Whatever status the driver makes up, a client does not see one that the Executive uses for
 * itself. */
static NTSTATUS IopCheckedStatus(NTSTATUS Status)
{
    return Status == STATUS_PENDING || Status == STATUS_REPARSE ||
                   Status == STATUS_THREAD_IS_TERMINATING
               ? STATUS_INVALID_DEVICE_REQUEST
               : Status;
}

/* No more than was there to be transferred. */
static ULONG_PTR IopCheckedInformation(PIRP Irp, UINT64 Information)
{
    UINT64 Limit;

    switch (Irp->Request.MajorFunction) {
    case IRP_MJ_CREATE:
        Limit = FILE_DOES_NOT_EXIST;
        break;
    case IRP_MJ_WRITE:
        Limit = Irp->Request.InputLength;
        break;
    default:
        Limit = Irp->Request.OutputLength;
    }
    return (ULONG_PTR)(Information < Limit ? Information : Limit);
}

static void IopReceiveDone(PIO_DRIVER Driver, const DRIVER_MESSAGE *Message)
{
    PIRP Irp = IopFindOutstanding(Driver, Message->Id);
    ULONG_PTR Information, Returned;

    if (!Irp) {
        DbgTrace(DBG_IO, "io: answer to nothing\n");
        return;
    }
    DbgTrace(DBG_IO, "io: request %llu, function %u: %08x\n", Irp->Id, Irp->Request.MajorFunction,
             (ULONG)Message->Done.Status);
    Information = IopCheckedInformation(Irp, Message->Done.Information);
    Returned = Information < Irp->Request.OutputLength ? Information : Irp->Request.OutputLength;
    if (Returned && !NT_ERROR(Message->Done.Status))
        memcpy(Irp->Buffer, Driver->Channel->ToDriverData + Irp->Request.DataOffset, Returned);
    RemoveEntryList(&Irp->QueueEntry);
    IopFreeData(Driver, Irp->Request.DataOffset, Irp->DataLength);
    IopCompleteIrp(Irp, IopCheckedStatus(Message->Done.Status), Information);
}

static void IopReceive(PIO_DRIVER Driver, const DRIVER_MESSAGE *Message)
{
    switch (Message->Type) {
    case DriverMessageDone:
        IopReceiveDone(Driver, Message);
        break;
    case DriverMessageIrp:
        IopForwardIrp(Driver, Message);
        break;
    case DriverMessageCancel:
        IopForwardCancel(Driver, Message->Id);
        break;
    case DriverMessageInput:
        IopRouteInput(Driver, &Message->Input);
        break;
    default:
        IopBreakChannel(Driver, "a message's type");
    }
}

/* Takes what is in the ring. */
static void IopTakeMessages(PIO_DRIVER Driver)
{
    DRIVER_RING *Ring = &Driver->Channel->FromDriver;
    UINT32 Count = __atomic_load_n(&Ring->Produced, __ATOMIC_SEQ_CST) - Driver->Consumed, i;

    if (Count > DRIVER_RING_ENTRIES) {
        IopBreakChannel(Driver, "the index of its messages");
        return;
    }
    for (i = 0; i < Count; i++) {
        DRIVER_MESSAGE Message;

        memcpy(&Message, &Ring->Entry[Driver->Consumed % DRIVER_RING_ENTRIES], sizeof(Message));
        __atomic_store_n(&Ring->Consumed, ++Driver->Consumed, __ATOMIC_RELEASE);
        IopReceive(Driver, &Message);
    }
}

/* The driver runs below the Executive's priority, so what it adds while this runs is little. */
void IopDrainChannel(PIO_DRIVER Driver)
{
    DRIVER_RING *Ring = &Driver->Channel->FromDriver;

    Ring->ConsumerSleeps = 0;
    IopTakeMessages(Driver);
    __atomic_store_n(&Ring->ConsumerSleeps, 1, __ATOMIC_SEQ_CST);
    IopTakeMessages(Driver);
    IopFlushDriver(Driver);
}

/* The dispatcher: the drivers of these signal bits want attention. */
void IoDriverSignal(seL4_Word Bits)
{
    ULONG Bit;

    for (Bit = 1; Bit < KE_SIGNAL_BITS; Bit++) {
        PIO_DRIVER Driver = Bits >> Bit & 1 ? IopDriverBySignal[Bit] : NULL;

        if (Driver && Driver->Channel) {
            ObReferenceObject(Driver);
            IopDrainChannel(Driver);
            ObDereferenceObject(Driver);
        }
    }
}
