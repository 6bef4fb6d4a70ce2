/* SPDX-License-Identifier: BSD-2-Clause */
/* The queues of ports. */
#include "lpcp.h"

PLPCP_PORT LpcpQueueOf(PLPCP_PORT Port)
{
    return Port->ConnectionPort ? Port->ConnectionPort : Port;
}

NTSTATUS LpcpCharge(PLPCP_MESSAGE Message, PLPCP_PORT Port)
{
    PEPROCESS Process = PsGetCurrentProcess();
    SIZE_T Charge = sizeof(*Message) + Message->Room;

    if (Process->PortMessageBytes + Charge > LPCP_PROCESS_QUOTA ||
        Port->QueuedBytes + Charge > LPCP_PORT_QUOTA)
        return STATUS_QUOTA_EXCEEDED;
    Process->PortMessageBytes += Charge;
    Port->QueuedBytes += Charge;
    ObReferenceObject(Process);
    Message->Payer = Process;
    Message->Charge = Charge;
    return STATUS_SUCCESS;
}

static void ReturnCharge(PLPCP_MESSAGE Message)
{
    Message->Payer->PortMessageBytes -= Message->Charge;
    Message->Source->QueuedBytes -= Message->Charge;
    Message->Charge = 0;
    ObDereferenceObject(Message->Payer);
}

void LpcpQueueMessage(PLPCP_MESSAGE Message, PLPCP_PORT Target)
{
    Message->Target = Target;
    Message->State = LpcpQueued;
    InsertTailList(&Target->Queue, &Message->QueueEntry);
    KeRaiseSemaphore(&Target->Ready);
    if (Target->CanWait)
        KeSetEvent(&Target->Waitable);
}

static void TakeOut(PLPCP_MESSAGE Message)
{
    PLPCP_PORT Target = Message->Target;

    RemoveEntryList(&Message->QueueEntry);
    if (Target->CanWait && IsListEmpty(&Target->Queue))
        KeResetEvent(&Target->Waitable);
    if (Message->Charge)
        ReturnCharge(Message);
}

/* If somebody has been woken for it, he finds another message, or waits again. */
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

NTSTATUS LpcpReceive(PLPCP_PORT Port, BOOLEAN Alertable, PLARGE_INTEGER Timeout,
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
            *Message = TakeFirst(Queue);
            return STATUS_SUCCESS;
        }
        Shorten(Timeout, Since);
    } while (Queue->Kind != LpcpClientPort || !Queue->Closed);
    return STATUS_PORT_DISCONNECTED;
}

void LpcpDiscard(PLPCP_MESSAGE Message)
{
    if (Message->Charge)
        ReturnCharge(Message);
    LpcpDereferenceMessage(Message);
}

void LpcpPurgeQueue(PLPCP_PORT Port)
{
    while (!IsListEmpty(&Port->Queue)) {
        PLPCP_MESSAGE Message = CONTAINING_RECORD(Port->Queue.Flink, LPCP_MESSAGE, QueueEntry);

        if (Message->WantsAnswer) {
            LpcpAnswer(Message, NULL, STATUS_PORT_DISCONNECTED);
        } else {
            LpcpUnqueueMessage(Message);
            LpcpDiscard(Message);
        }
        KeGiveWay();
    }
}
