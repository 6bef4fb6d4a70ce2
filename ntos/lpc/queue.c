/* SPDX-License-Identifier: BSD-2-Clause */
/* The queues of ports. */
#include "alpcp.h"

PLPCP_PORT LpcpQueueOf(PLPCP_PORT Port)
{
    return Port->ConnectionPort ? Port->ConnectionPort : Port;
}

NTSTATUS LpcpChargeProcess(PLPCP_MESSAGE Message, PLPCP_PORT Port, PEPROCESS Process, SIZE_T Extra)
{
    SIZE_T Charge = sizeof(*Message) + Message->Room + Extra;

    if (Process->PortMessageBytes + Charge > LPCP_PROCESS_QUOTA ||
        Port->QueuedBytes + Charge > Port->MaximumQueued)
        return STATUS_QUOTA_EXCEEDED;
    Process->PortMessageBytes += Charge;
    Port->QueuedBytes += Charge;
    ObReferenceObject(Process);
    ObReferenceObject(Port);
    Message->Payer = Process;
    Message->Counted = Port;
    Message->Charge = Charge;
    return STATUS_SUCCESS;
}

NTSTATUS LpcpCharge(PLPCP_MESSAGE Message, PLPCP_PORT Port)
{
    return LpcpChargeProcess(Message, Port, PsGetCurrentProcess(), 0);
}

void LpcpReturnCharge(PLPCP_MESSAGE Message)
{
    Message->Payer->PortMessageBytes -= Message->Charge;
    Message->Counted->QueuedBytes -= Message->Charge;
    Message->Charge = 0;
    ObDereferenceObject(Message->Payer);
    ObDereferenceObject(Message->Counted);
}

static void Signal(PLPCP_PORT Port, BOOLEAN GiveWay)
{
    ObReferenceObject(Port);
    KeSignalObject(&Port->Waitable.Header, GiveWay);
    ObDereferenceObject(Port);
}

void LpcpQueueMessage(PLPCP_MESSAGE Message, PLPCP_PORT Target, BOOLEAN GiveWay)
{
    Message->Target = Target;
    Message->State = LpcpQueued;
    Message->Sequence = ++Target->Sequence;
    InsertTailList(&Target->Queue, &Message->QueueEntry);
    KeRaiseSemaphore(&Target->Ready);
    if (Target->Alpc.Completion)
        AlpcpPostPacket(Target);
    if (Target->CanWait)
        Signal(Target, GiveWay);
}

static void TakeOut(PLPCP_MESSAGE Message)
{
    PLPCP_PORT Target = Message->Target;

    RemoveEntryList(&Message->QueueEntry);
    if (Target->CanWait && IsListEmpty(&Target->Queue))
        KeResetEvent(&Target->Waitable);
}

/* A thread that was woken for it finds another message, or waits again. */
void LpcpUnqueueMessage(PLPCP_MESSAGE Message)
{
    PKSEMAPHORE Ready = &Message->Target->Ready;

    TakeOut(Message);
    if (Ready->Header.SignalState > 0)
        Ready->Header.SignalState--;
}

/* What is left of a time limit since then, if it is relative. */
static void Shorten(PLARGE_INTEGER Timeout, ULONGLONG Since)
{
    if (!Timeout || Timeout->QuadPart >= 0)
        return;
    Timeout->QuadPart += (LONGLONG)(KeQueryInterruptTime() - Since);
    if (Timeout->QuadPart > 0)
        Timeout->QuadPart = 0;
}

static PLPCP_MESSAGE TakeFirst(PLPCP_PORT Queue)
{
    PLPCP_MESSAGE Message = CONTAINING_RECORD(Queue->Queue.Flink, LPCP_MESSAGE, QueueEntry);

    TakeOut(Message);
    Message->State = LpcpReceived;
    Message->Receiver = PsGetCurrentProcess();
    if (Message->WantsAnswer)
        LpcpReferenceMessage(Message);
    return Message;
}

/* Whether the first message of the queue needs more than that. Then somebody else may get it. */
static BOOLEAN IsTooLong(PLPCP_PORT Queue, PULONG Room)
{
    PLPCP_MESSAGE Message = CONTAINING_RECORD(Queue->Queue.Flink, LPCP_MESSAGE, QueueEntry);
    ULONG Length = sizeof(PORT_MESSAGE) + (USHORT)Message->Header.u1.s1.DataLength;

    if (!Room || Length <= *Room)
        return FALSE;
    *Room = Length;
    KeRaiseSemaphore(&Queue->Ready);
    return TRUE;
}

NTSTATUS LpcpReceive(PLPCP_PORT Port, BOOLEAN Alertable, PLARGE_INTEGER Timeout, PULONG Room,
                     PLPCP_MESSAGE *Message)
{
    PLPCP_PORT Queue = LpcpQueueOf(Port);
    NTSTATUS Status;

    do {
        ULONGLONG Since = Timeout ? KeQueryInterruptTime() : 0;

        Status = KeWaitForSingleObject(&Queue->Ready, Alertable, Timeout);
        if (Status != STATUS_SUCCESS)
            return Status;
        if (!IsListEmpty(&Queue->Queue)) {
            if (IsTooLong(Queue, Room))
                return STATUS_BUFFER_TOO_SMALL;
            *Message = TakeFirst(Queue);
            return STATUS_SUCCESS;
        }
        Shorten(Timeout, Since);
    } while (Queue->Kind != LpcpClientPort || !Queue->Closed);
    return STATUS_PORT_DISCONNECTED;
}

void LpcpPurgeQueue(PLPCP_PORT Port)
{
    while (!IsListEmpty(&Port->Queue)) {
        PLPCP_MESSAGE Message = CONTAINING_RECORD(Port->Queue.Flink, LPCP_MESSAGE, QueueEntry);

        if (Message->WantsAnswer) {
            LpcpAnswer(Message, NULL, STATUS_PORT_DISCONNECTED);
        } else {
            LpcpUnqueueMessage(Message);
            LpcpDereferenceMessage(Message);
        }
        KeGiveWay();
    }
}
