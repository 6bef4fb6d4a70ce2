/* SPDX-License-Identifier: BSD-2-Clause */
/* The dispatcher: receives what clients, faults, interrupts and drivers send, and replies. */
#include "kip.h"

seL4_CPtr KiEndpoint;
static MM_KERNEL_OBJECT Endpoint, Notification;

static void Require(BOOLEAN Condition, const char *What)
{
    if (!Condition)
        KeBugCheck(What);
}

void KeInitialize(void)
{
    Require(NT_SUCCESS(MmCreateKernelObject(seL4_EndpointObject, 0, &Endpoint)),
            "no service endpoint");
    Require(NT_SUCCESS(MmCreateKernelObject(seL4_NotificationObject, 0, &Notification)),
            "no notification");
    Require(seL4_TCB_BindNotification(seL4_CapInitThreadTCB, Notification.Cap) == seL4_NoError,
            "cannot bind the notification");
    /* Nothing here uses the FPU, so a client's FPU state can stay where it is while we run. */
    seL4_TCB_SetFlags(seL4_CapInitThreadTCB, 0, seL4_TCBFlag_fpuDisabled);
    KiEndpoint = MmCopyCapNearest(Endpoint.Cap);
    Require(KiEndpoint != 0, "no near endpoint");
    KiInitializeStacks();
    KiInitializeClock();
    KiInitializeSharedData();
}

NTSTATUS KeMintSignal(ULONG Bit, seL4_CPtr Slot)
{
    seL4_Error Error;

    if (Bit >= KE_SIGNAL_BITS)
        return STATUS_INVALID_PARAMETER;
    Error = seL4_CNode_Mint(MmCSpaceRoot, Slot, seL4_WordBits, MmCSpaceRoot, Notification.Cap,
                            seL4_WordBits, seL4_CanWrite, KI_SIGNAL_MARK | (seL4_Word)1 << Bit);
    return Error == seL4_NoError ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS KeMintEndpoint(seL4_CPtr Root, seL4_Word Index, seL4_Word Depth, seL4_Word Badge)
{
    seL4_Error Error = seL4_CNode_Mint(Root, Index, (seL4_Uint8)Depth, MmCSpaceRoot, Endpoint.Cap,
                                       seL4_WordBits, seL4_CapRights_new(1, 0, 0, 1), Badge);

    return Error == seL4_NoError ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS KeMintServiceCaps(PETHREAD Thread)
{
    NTSTATUS Status;

    if (KiBadgeThread(KiThreadBadge(Thread)) != Thread || (KiThreadBadge(Thread) & KI_SIGNAL_MARK))
        KeBugCheck("a thread object where no badge reaches");
    Status = KeMintEndpoint(Thread->CNode.Cap, NEPTUNE_SERVICE_CAP >> NEPTUNE_SUBSPACE_BITS,
                            NEPTUNE_THREAD_CNODE_BITS, KiThreadBadge(Thread));

    if (!NT_SUCCESS(Status))
        return Status;
    return KeMintEndpoint(Thread->CNode.Cap, NEPTUNE_FAULT_CAP >> NEPTUNE_SUBSPACE_BITS,
                          NEPTUNE_THREAD_CNODE_BITS, KiThreadBadge(Thread) | KI_FAULT_MARK);
}

/* A thread that sends without waiting for the reply has no reply capability; then nothing is saved
 * or replied, and the kernel does not say so. */
NTSTATUS KiSaveCaller(PETHREAD Thread)
{
    seL4_Error Error = seL4_CNode_SaveCaller(MmCSpaceRoot, Thread->ReplySlot, seL4_WordBits);

    return Error == seL4_NoError ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

/* A slot cannot be copied onto itself; why the kernel refuses tells whether it is empty. */
BOOLEAN KeIsReplySaved(PETHREAD Thread)
{
    return seL4_CNode_Copy(MmCSpaceRoot, Thread->ReplySlot, seL4_WordBits, MmCSpaceRoot,
                           Thread->ReplySlot, seL4_WordBits, seL4_AllRights) == seL4_DeleteFirst;
}

static void SendReply(PETHREAD Thread, PKI_MESSAGE Reply)
{
    seL4_SendWithMRs(Thread->ReplySlot, Reply->Info, &Reply->Words[0], &Reply->Words[1],
                     &Reply->Words[2], &Reply->Words[3]);
}

/* The thread is suspended: it gets its reply when it is resumed. One that does not wait for it is
 * stopped where it is. */
static void WithholdReply(PETHREAD Thread, BOOLEAN CallerSaved, PKI_MESSAGE Reply)
{
    ULONG i;

    if ((!CallerSaved && !NT_SUCCESS(KiSaveCaller(Thread))) || !KeIsReplySaved(Thread)) {
        if (seL4_TCB_Suspend(Thread->Tcb.Cap) != seL4_NoError)
            KeBugCheck("cannot suspend a thread");
        return;
    }
    Thread->ReplyWithheld = TRUE;
    Thread->WithheldReply.Info = Reply->Info.words[0];
    for (i = 0; i < ARRAYSIZE(Thread->WithheldReply.Words); i++)
        Thread->WithheldReply.Words[i] = Reply->Words[i];
}

void KeReleaseReply(PETHREAD Thread)
{
    KI_MESSAGE Reply = {0};
    ULONG i;

    Reply.Info.words[0] = Thread->WithheldReply.Info;
    for (i = 0; i < ARRAYSIZE(Thread->WithheldReply.Words); i++)
        Reply.Words[i] = Thread->WithheldReply.Words[i];
    Thread->ReplyWithheld = FALSE;
    SendReply(Thread, &Reply);
}

/* The end of a service that waited, or whose thread is not simply to be replied to. */
static void FinishSlowly(PETHREAD Thread, PKI_MESSAGE Reply)
{
    PKSERVICE_STACK Stack = KiCurrentStack;
    BOOLEAN CallerSaved = Stack->CallerSaved;

    KiCurrentThread = NULL;
    Stack->Thread = NULL;
    Stack->CallerSaved = FALSE;
    Thread->ServiceStack = NULL;
    if (CallerSaved)
        Thread->Process->WaitingServices--;
    if (Thread->Terminating)
        PsExitThread(Thread);
    else if (Thread->Stopped)
        Thread->Stopped = FALSE;
    else if (Thread->SuspendCount)
        WithholdReply(Thread, CallerSaved, Reply);
    else
        SendReply(Thread, Reply);
}

/* TRUE: the message is now the reply, to be sent to the caller. */
static BOOLEAN HandleMessage(PKI_MESSAGE Message)
{
    PETHREAD Thread = KiBadgeThread(Message->Badge);

    /* Only who sends without waiting can be here with a service in progress. He gets nothing. */
    if (Thread->ServiceStack || Thread->Terminating)
        return FALSE;
    KiCurrentThread = Thread;
    if (Message->Badge & KI_FAULT_MARK) {
        KiHandleFault(Thread, Message);
    } else {
        Message->Words[0] = (ULONG)KiSystemService(
            Thread, seL4_MessageInfo_get_label(Message->Info), Message->Words);
        Message->Info = seL4_MessageInfo_new(0, 0, 0, 1);
    }
    if (!KiCurrentStack->CallerSaved && !Thread->Terminating && !Thread->Stopped &&
        !Thread->SuspendCount)
        return TRUE;
    FinishSlowly(Thread, Message);
    return FALSE;
}

static void HandleSignals(seL4_Word Signals)
{
    KiCurrentThread = NULL;
    Signals &= ~KI_SIGNAL_MARK;
    if (Signals & (seL4_Word)1 << KE_CLOCK_SIGNAL)
        KeClockInterrupt();
    Signals &= ~((seL4_Word)1 << KE_CLOCK_SIGNAL);
    if (Signals)
        IoDriverSignal(Signals);
}

void KiDispatch(void)
{
    KI_MESSAGE Message = {0};
    BOOLEAN ReplyDue = FALSE;

    for (;;) {
        if (__builtin_expect(!IsListEmpty(&KiReadyListHead), FALSE)) {
            if (ReplyDue)
                seL4_ReplyWithMRs(Message.Info, &Message.Words[0], &Message.Words[1],
                                  &Message.Words[2], &Message.Words[3]);
            KiRetireStack();
        }
        if (ReplyDue)
            Message.Info =
                seL4_ReplyRecvWithMRs(KiEndpoint, Message.Info, &Message.Badge, &Message.Words[0],
                                      &Message.Words[1], &Message.Words[2], &Message.Words[3]);
        else
            Message.Info =
                seL4_RecvWithMRs(KiEndpoint, &Message.Badge, &Message.Words[0], &Message.Words[1],
                                 &Message.Words[2], &Message.Words[3]);
        if (__builtin_expect((Message.Badge & KI_SIGNAL_MARK) != 0, FALSE)) {
            HandleSignals(Message.Badge);
            ReplyDue = FALSE;
        } else {
            ReplyDue = HandleMessage(&Message);
        }
    }
}
