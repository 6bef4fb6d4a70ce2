// SPDX-License-Identifier: BSD-2-Clause
/* The manager: one thread that waits at a completion port, to which files report and objects that
 * are waited for (by wait packets), until the next timer is due. */
#include "tpp.h"

#define NEVER 0x7fffffffffffffff

static HANDLE Port;
static BOOLEAN Started;
static RTL_AVL_TREE Timers; /* TPP_OBJECT.TimerNode, by Due */

static PTPP_OBJECT TimerOf(PRTL_BALANCED_NODE Node)
{
    return Node ? CONTAINING_RECORD(Node, TPP_OBJECT, TimerNode) : NULL;
}

/* The performance counter is the interrupt time, which nobody sets. */
static LONGLONG Now(void)
{
    LARGE_INTEGER Time;

    NtQueryPerformanceCounter(&Time, NULL);
    return Time.QuadPart;
}

/* ---- Timers ---- */
void TppUnsetTimer(PTPP_OBJECT Object)
{
    if (Object->Set)
        RtlAvlRemoveNode(&Timers, &Object->TimerNode);
    Object->Set = FALSE;
}

static void Insert(PTPP_OBJECT Object)
{
    PRTL_BALANCED_NODE Parent = NULL, Node;
    BOOLEAN After = FALSE;

    for (Node = Timers.Root; Node; Node = Node->Children[After]) {
        Parent = Node;
        After = TimerOf(Node)->Due <= Object->Due;
    }
    RtlAvlInsertNodeEx(&Timers, Parent, After, &Object->TimerNode);
    Object->Set = TRUE;
}

/* The manager may be waiting for a later one. */
void TppSetTimer(PTPP_OBJECT Object, LONGLONG Due, LONGLONG Period)
{
    TppUnsetTimer(Object);
    Object->Due = Due;
    Object->Period = Period;
    Insert(Object);
    if (RtlAvlFirstNode(&Timers) == &Object->TimerNode)
        NtSetIoCompletion(Port, NULL, NULL, STATUS_SUCCESS, 0);
}

/* As time limits are: negative = from now; 0 is now; a moment of the system time stays that one
 * when the clock is set. */
static LONGLONG DueTime(PLARGE_INTEGER Time)
{
    LONGLONG Start = Now();
    LARGE_INTEGER System;

    if (Time->QuadPart <= 0)
        return Time->QuadPart > Start - NEVER ? Start - Time->QuadPart : NEVER;
    NtQuerySystemTime(&System);
    return Start + (Time->QuadPart - System.QuadPart);
}

static void GiveUpPacket(PTPP_OBJECT Object);

static void Expire(PTPP_OBJECT Object, LONGLONG Time)
{
    TppUnsetTimer(Object);
    if (Object->Kind == TppWait) {
        Object->PendingTimeouts++;
        TppPost(Object);
        GiveUpPacket(Object);
        return;
    }
    TppPost(Object);
    if (!Object->Period)
        return;
    Object->Due += Object->Period;
    if (Object->Due <= Time)
        Object->Due = Time + Object->Period;
    Insert(Object);
}

static void ExpireTimers(void)
{
    LONGLONG Time = Now();
    PTPP_OBJECT Object;

    while ((Object = TimerOf(RtlAvlFirstNode(&Timers))) != NULL && Object->Due <= Time)
        Expire(Object, Time);
}

/* ---- Waits ---- */
/* A packet that has left the port already is recognised by its generation when it comes; the
 * reference is the manager's then, whether the packet is idle again or not. */
static void GiveUpPacket(PTPP_OBJECT Object)
{
    if (!Object->Armed)
        return;
    Object->Armed = FALSE;
    Object->Generation++;
    if (NtCancelWaitCompletionPacket(Object->Packet, TRUE) == STATUS_SUCCESS)
        TppDereference(Object);
}

static NTSTATUS Associate(PTPP_OBJECT Object, HANDLE Handle)
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Object->Packet)
        Status =
            NtCreateWaitCompletionPacket(&Object->Packet, WAIT_COMPLETION_PACKET_ALL_ACCESS, NULL);
    if (!NT_SUCCESS(Status))
        return Status;
    return NtAssociateWaitCompletionPacket(Object->Packet, Port, Handle, Object,
                                           (PVOID)Object->Generation, STATUS_SUCCESS, 0, NULL);
}

static NTSTATUS Arm(PTPP_OBJECT Object, HANDLE Handle)
{
    NTSTATUS Status = Associate(Object, Handle);

    if (Status == STATUS_INVALID_PARAMETER_1) { /* the one given up is still on its way */
        NtClose(Object->Packet);
        Object->Packet = NULL;
        Status = Associate(Object, Handle);
    }
    if (!NT_SUCCESS(Status))
        return Status;
    Object->Armed = TRUE;
    Object->References++;
    return STATUS_SUCCESS;
}

NTSTATUS TppSetWait(PTPP_OBJECT Object, HANDLE Handle, PLARGE_INTEGER Timeout)
{
    NTSTATUS Status;

    Object->References++;
    TppUnsetTimer(Object);
    GiveUpPacket(Object);
    Object->References--;
    if (!Handle)
        return STATUS_SUCCESS;
    Status = Arm(Object, Handle);
    if (NT_SUCCESS(Status) && Timeout)
        TppSetTimer(Object, DueTime(Timeout), 0);
    return Status;
}

static void WaitEnded(PTPP_OBJECT Object, ULONG_PTR Generation)
{
    if (Object->Armed && Object->Generation == Generation) {
        Object->Armed = FALSE;
        Object->Generation++;
        TppUnsetTimer(Object);
        TppPost(Object);
    }
    TppDereference(Object);
}

/* ---- Files ---- */
NTSTATUS TppAssociateFile(HANDLE File, PTPP_OBJECT Object)
{
    FILE_COMPLETION_INFORMATION Completion = {Port, Object};
    IO_STATUS_BLOCK Block;

    return NtSetInformationFile(File, &Block, &Completion, sizeof(Completion),
                                FileCompletionInformation);
}

/* The report must not be lost: memory is waited for. Without the lock. */
static PTPP_COMPLETION NewCompletion(void)
{
    LARGE_INTEGER Pause = {.QuadPart = -10 * 10000};
    PTPP_COMPLETION Completion;

    while (!(Completion = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Completion))))
        NtDelayExecution(FALSE, &Pause);
    return Completion;
}

static void IoEnded(PTPP_OBJECT Object, const FILE_IO_COMPLETION_INFORMATION *Packet,
                    PTPP_COMPLETION Completion)
{
    Completion->ApcContext = Packet->ApcContext;
    Completion->Block = Packet->IoStatusBlock;
    InsertTailList(&Object->Completions, &Completion->Links);
    TppPost(Object);
    if (Object->Outstanding) {
        Object->Outstanding--;
        TppDereference(Object);
    }
}

/* ---- The thread ---- */
static void HandlePacket(const FILE_IO_COMPLETION_INFORMATION *Packet)
{
    PTPP_OBJECT Object = Packet->KeyContext; /* the packet is a reference */
    PTPP_COMPLETION Completion = Object && Object->Kind == TppIo ? NewCompletion() : NULL;

    TppEnter();
    if (Completion)
        IoEnded(Object, Packet, Completion);
    else if (Object)
        WaitEnded(Object, (ULONG_PTR)Packet->ApcContext);
    TppLeave();
}

static PLARGE_INTEGER NextDue(PLARGE_INTEGER Limit)
{
    PTPP_OBJECT First = TimerOf(RtlAvlFirstNode(&Timers));

    if (!First)
        return NULL;
    Limit->QuadPart = Now() - First->Due;
    if (Limit->QuadPart > 0)
        Limit->QuadPart = 0;
    return Limit;
}

static NTSTATUS NTAPI ManagerThread(PVOID Argument)
{
    FILE_IO_COMPLETION_INFORMATION Packet;
    LARGE_INTEGER Limit, *Due;
    NTSTATUS Status;

    for (;;) {
        TppEnter();
        Due = NextDue(&Limit);
        TppLeave();
        Status = NtRemoveIoCompletion(Port, &Packet.KeyContext, &Packet.ApcContext,
                                      &Packet.IoStatusBlock, Due);
        if (Status == STATUS_SUCCESS)
            HandlePacket(&Packet);
        TppEnter();
        ExpireTimers();
        TppLeave();
    }
}

NTSTATUS TppStartManager(void)
{
    NTSTATUS Status = STATUS_SUCCESS;
    HANDLE Thread;

    if (Started)
        return STATUS_SUCCESS;
    if (!Port)
        Status = NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    if (NT_SUCCESS(Status))
        Status = RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, ManagerThread, NULL,
                                     &Thread, NULL);
    if (!NT_SUCCESS(Status))
        return Status;
    NtClose(Thread);
    Started = TRUE;
    return STATUS_SUCCESS;
}

/* ---- What programs call ---- */
void NTAPI TpSetTimer(PTP_TIMER Timer, PLARGE_INTEGER Due, ULONG Period, ULONG WindowLength)
{
    TppEnter();
    Timer->EverSet = Due != NULL;
    if (Due)
        TppSetTimer(Timer, DueTime(Due), Period * 10000LL);
    else
        TppUnsetTimer(Timer);
    TppLeave();
}

LOGICAL NTAPI TpIsTimerSet(PTP_TIMER Timer)
{
    LOGICAL Set;

    TppEnter();
    Set = Timer->EverSet;
    TppLeave();
    return Set;
}

void NTAPI TpSetWait(PTP_WAIT Wait, HANDLE Handle, PLARGE_INTEGER Timeout)
{
    TppEnter();
    TppSetWait(Wait, Handle, Timeout);
    TppLeave();
}
