/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher: receives what clients, faults, interrupts and drivers send, and replies.
 *
 * The states of a client thread with respect to its reply. A fault counts as a service here.
 *
 *   state        the reply capability is in     fields
 *   program      (there is none)                ServiceStack NULL, ReplyWithheld FALSE
 *   service      the kernel's, of our thread    KiCurrentThread is the thread, CallerSaved FALSE
 *   waited       the thread's ReplySlot         ServiceStack set, CallerSaved TRUE on that stack
 *   withheld     the thread's ReplySlot         ReplyWithheld, SuspendCount above 0
 *   ended        nowhere                        Terminating; its TCB is suspended, then deleted
 *
 *   from               to         when
 *   program            service    its message has been received (HandleMessage)
 *   service            program    the service ends; the reply goes out with the next receive
 *   service            waited     it waits for the first time (KiSaveCaller), and stays there until
 *                                 it ends, however often it waits
 *   waited             program    the service ends: SendReply
 *   service, waited    withheld   the service ends while SuspendCount is not 0: WithholdReply
 *   withheld           program    SuspendCount has come down to 0: KeReleaseReply
 *   service, waited    program    NtContinue has set the thread's registers (Stopped), and so
 *                                 cancelled its call in the kernel: no reply is left to send
 *   any                ended      PsTerminateThread: at once, or, if a service is in progress, when
 *                                 that has come to its end and PsExitThread is called here
 *
 * A suspended thread (SuspendCount) that runs its program is stopped by the kernel; one in a
 * service is left alone, and stops because its reply is withheld. A hostile thread can send without
 * waiting for a reply: then there is no reply capability to save, which harms only that thread, and
 * the kernel stops it.
 */
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
    KiSelectServices(FALSE);
    KiInitializeStacks();
    KiInitializeTurns();
    KiInitializeClock();
    KiInitializeSharedData();
    KiInitializeRootFault();
}

NTSTATUS KeMintSignal(ULONG Bit, seL4_CPtr Slot)
{
    seL4_Error Error;

    if (Bit >= KE_SIGNAL_BITS && Bit != KE_TURN_SIGNAL)
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

/* A thread that sends without waiting for a reply has no reply capability: then nothing is saved,
 * a later reply goes nowhere, and the kernel does not say so. */
NTSTATUS KiSaveCaller(PETHREAD Thread)
{
    seL4_Error Error =
        seL4_CNode_SaveCaller(MmNearestCNode(Thread->ReplySlot), Thread->ReplySlot, seL4_WordBits);

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

/* The thread is suspended, so its reply is sent when it is resumed. A thread that is not waiting
 * for a reply is stopped where it is. */
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
    Thread->ReplyWithheld = Thread->InFault = FALSE;
    SendReply(Thread, &Reply);
}

/*
 * The end of a service that waited, or whose thread needs more than a plain reply. The order
 * matters: a thread that is being ended must not run again whatever else is true of it; for one
 * whose registers were set, NtContinue has already decided by its suspend count whether it runs;
 * one on a detour stops behind that (detour.c).
 */
static void FinishSlowly(PETHREAD Thread, PKI_MESSAGE Reply)
{
    PKSERVICE_STACK Stack = KiCurrentStack;
    BOOLEAN CallerSaved = Stack->CallerSaved;

    KiCurrentThread = NULL;
    Stack->Thread = NULL;
    Stack->CallerSaved = FALSE;
    Thread->ServiceStack = NULL;
    if (CallerSaved)
        KiOwnedStacks--;
    if (Thread->Terminating)
        PsExitThread(Thread, TRUE);
    else if (Thread->Stopped)
        Thread->Stopped = Thread->ContextSet = FALSE;
    else if (Thread->SuspendCount && !Thread->Detour)
        WithholdReply(Thread, CallerSaved, Reply);
    else if (CallerSaved || NT_SUCCESS(KiSaveCaller(Thread)))
        SendReply(Thread, Reply);
}

/* TRUE: the message is now the reply, to be sent to the caller. */
static BOOLEAN HandleMessage(PKI_MESSAGE Message)
{
    PETHREAD Thread = KiBadgeThread(Message->Badge);

    /* Only a thread that sends without waiting, or is on a detour, can be here with a service in
     * progress. Its message is dropped. */
    if (Thread->ServiceStack || Thread->Terminating)
        return (Message->Badge & KI_FAULT_MARK) && !Thread->Terminating &&
               KiDetourFault(Thread, Message);
    KiCurrentThread = Thread;
    if (Message->Badge & KI_FAULT_MARK) {
        Thread->InFault = TRUE;
        KiHandleFault(Thread, Message);
        if (__builtin_expect(Thread->Attention, FALSE) && !Thread->Terminating) {
            KiFinishWithRegisters(Thread, STATUS_SUCCESS);
            Message->Info = seL4_MessageInfo_new(0, 0, 0, 0);
        }
        Thread->InFault = Thread->SuspendCount != 0; /* its reply will be withheld */
    } else {
        Message->Words[0] = (ULONG)KiSystemService(
            Thread, seL4_MessageInfo_get_label(Message->Info), Message->Words);
        Message->Info = seL4_MessageInfo_new(0, 0, 0, 1);
        if (__builtin_expect(Thread->Attention, FALSE) && !Thread->Terminating && !Thread->Stopped)
            KiFinishWithRegisters(Thread, (NTSTATUS)Message->Words[0]);
    }
    if (!KiCurrentStack->CallerSaved && !Thread->Attention && !Thread->SuspendCount)
        return TRUE;
    if (!Thread->Terminating)
        KiNoteFinished(Thread);
    FinishSlowly(Thread, Message);
    return FALSE;
}

/* What timers do may end the last caller. */
static void HandleTick(PETHREAD LastCaller)
{
    if (LastCaller)
        ObReferenceObject(LastCaller);
    KeClockInterrupt();
    KiHoldCaller(LastCaller);
    KiChargeTick(LastCaller);
    if (LastCaller)
        ObDereferenceObject(LastCaller);
}

static void HandleSignals(seL4_Word Signals)
{
    PETHREAD LastCaller = KiCurrentThread;

    KiCurrentThread = NULL;
    Signals &= ~KI_SIGNAL_MARK;
    if (Signals & (seL4_Word)1 << KE_CLOCK_SIGNAL)
        HandleTick(LastCaller);
    if (Signals & (seL4_Word)1 << KE_TURN_SIGNAL)
        KiNextTurn();
    Signals &= ~((seL4_Word)1 << KE_CLOCK_SIGNAL | (seL4_Word)1 << KE_TURN_SIGNAL);
    if (Signals)
        IoHostSignal(Signals);
}

/* A message, after the reply to the last one if that is due. */
static void Receive(PKI_MESSAGE Message, BOOLEAN ReplyDue)
{
    seL4_Word *Words = Message->Words;

    KiTurnStart = 0;
    if (ReplyDue)
        Message->Info = seL4_ReplyRecvWithMRs(KiEndpoint, Message->Info, &Message->Badge, &Words[0],
                                              &Words[1], &Words[2], &Words[3]);
    else
        Message->Info = seL4_RecvWithMRs(KiEndpoint, &Message->Badge, &Words[0], &Words[1],
                                         &Words[2], &Words[3]);
}

/* Switches to a ready stack for good; or, when it is the messages' turn or the ready stacks' is
 * over, takes a message that has already arrived. FALSE: no message has. */
static BOOLEAN ReceiveBetweenStacks(PKI_MESSAGE Message, BOOLEAN ReplyDue)
{
    seL4_Word *Words = Message->Words;

    if (ReplyDue)
        seL4_ReplyWithMRs(Message->Info, &Words[0], &Words[1], &Words[2], &Words[3]);
    if (KiIsTurnOver())
        KiHoldStacks();
    else if (!KiIsMessagesTurn())
        KiRetireStack();
    Message->Info =
        seL4_NBRecvWithMRs(KiEndpoint, &Message->Badge, &Words[0], &Words[1], &Words[2], &Words[3]);
    return Message->Badge != 0; /* no badge of ours is 0 */
}

void KiDispatch(void)
{
    KI_MESSAGE Message = {0};
    BOOLEAN ReplyDue = FALSE;

    for (;;) {
        if (__builtin_expect(!IsListEmpty(&KiReadyListHead), FALSE) && KiIsStackReady()) {
            if (!ReceiveBetweenStacks(&Message, ReplyDue)) {
                ReplyDue = FALSE;
                continue;
            }
        } else {
            Receive(&Message, ReplyDue);
        }
        if (__builtin_expect((Message.Badge & KI_SIGNAL_MARK) != 0, FALSE)) {
            HandleSignals(Message.Badge);
            ReplyDue = FALSE;
        } else {
            ReplyDue = HandleMessage(&Message);
        }
    }
}
