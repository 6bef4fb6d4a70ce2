/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The floating-point state of another thread, which the kernel shows to nobody. The thread itself
 * is sent on a detour through ntdll!KiUserStateDispatcher, wherever it was: that saves the state
 * into the thread's own page behind the TEB and faults at an address where nothing can be. Then the
 * thread is put back. Meanwhile it shows, and takes, the registers that are kept here.
 *
 *   the thread was          when it comes back it
 *   in its program          goes on there; if it is suspended the reply to its fault is withheld
 *   in a service            waits for its end as before. Its call was cancelled: so the service
 *                           ends with registers (ETHREAD.ContextSet) in place of a reply
 *   in a fault              the same, and that ends as faults do
 *
 * Who asks waits for TIME_LIMIT at most: a thread that gets no processor keeps nobody waiting. What
 * a program writes into its page is what it is told.
 */
#include "kip.h"

#define TIME_LIMIT (-10000000ll) /* 1 s */

/* One thread's; pool. */
typedef struct _KI_DETOUR {
    seL4_UserContext Registers; /* with which the thread goes on */
    ULONG References;           /* the thread's, while it is under way, and those of who waits */
    BOOLEAN Arrived;
    KEVENT Over;
    KE_FLOATING_STATE State;
} KI_DETOUR;

static void Release(PKI_DETOUR Detour)
{
    if (!--Detour->References)
        ExFreePool(Detour);
}

seL4_UserContext *KiDetourRegisters(PETHREAD Thread)
{
    return &Thread->Detour->Registers;
}

static void Finish(PETHREAD Thread, BOOLEAN Arrived)
{
    PKI_DETOUR Detour = Thread->Detour;

    Thread->Detour = NULL;
    Detour->Arrived = Arrived;
    KeSetEvent(&Detour->Over);
}

void KeEndDetour(PETHREAD Thread)
{
    PKI_DETOUR Detour = Thread->Detour;

    if (!Detour)
        return;
    Finish(Thread, FALSE);
    Release(Detour);
}

BOOLEAN KiFinishDetour(PETHREAD Thread, ULONG_PTR Address)
{
    PKI_DETOUR Detour = Thread->Detour;
    BOOLEAN Done;

    if (!Detour || Address != NEPTUNE_STATE_ADDRESS)
        return FALSE;
    KiReadFloatingState(Thread, &Detour->State);
    Finish(Thread, TRUE);
    Done = KeContinueThread(Thread, &Detour->Registers, FALSE);
    Release(Detour);
    return Done;
}

/* A fault of a thread whose service is in progress. TRUE: it is replied to at once. */
BOOLEAN KiDetourFault(PETHREAD Thread, PKI_MESSAGE Message)
{
    ULONG_PTR Address = Message->Words[seL4_VMFault_Addr];

    if (!Thread->Detour || seL4_MessageInfo_get_label(Message->Info) != seL4_Fault_VMFault)
        return FALSE;
    if (KiFinishDetour(Thread, Address)) {
        if (!NT_SUCCESS(KiSaveCaller(Thread)))
            KeBugCheck("cannot save a reply");
        return FALSE;
    }
    Message->Info = seL4_MessageInfo_new(0, 0, 0, 0);
    return KiFinishContinue(Thread, Address);
}

/* The thread stands still, and so do its registers. */
static BOOLEAN SetOff(PETHREAD Thread, PKI_DETOUR Detour)
{
    seL4_UserContext Target;

    if (!KeReadRegisters(Thread, &Detour->Registers))
        return FALSE;
    Target = Detour->Registers;
    KiProgramCounter(&Target) = PsNtdllRoutine(Thread->Process, PsKiUserStateDispatcher);
    KiFlags(&Target) = KI_USER_FLAGS;
    if (!KeContinueThread(Thread, &Target, TRUE))
        return FALSE;
    Thread->Detour = Detour;
    return TRUE;
}

/* One whose service has ended, but for the reply, is put where that would have put it; one in a
 * service gets the registers that its reply would have left it with. */
static BOOLEAN LeaveService(PETHREAD Thread)
{
    seL4_UserContext Registers;

    if (PsIsInService(Thread)) {
        if (Thread->InFault || Thread->ContextSet)
            return TRUE;
        KeGetThreadRegisters(Thread, &Registers);
        Thread->NewRegisters = Registers;
        Thread->ContextSet = TRUE;
        return TRUE;
    }
    if (Thread->ReplyWithheld) {
        KeGetThreadRegisters(Thread, &Registers);
        KeSetThreadRegisters(Thread, &Registers);
        return TRUE;
    }
    return Thread->SuspendCount || seL4_TCB_Suspend(Thread->Tcb.Cap) == seL4_NoError;
}

static NTSTATUS Begin(PETHREAD Thread)
{
    PKI_DETOUR Detour = ExAllocatePool(sizeof(*Detour));
    NTSTATUS Status;

    if (!Detour)
        return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeEvent(&Detour->Over, NotificationEvent, FALSE);
    Detour->References = 1;
    Status = Thread == KiCurrentThread ? KiPrepareToPark() : STATUS_SUCCESS;
    if (!NT_SUCCESS(Status)) {
        Release(Detour);
        return Status;
    }
    if (!LeaveService(Thread) || !SetOff(Thread, Detour))
        KeBugCheck("cannot send a thread on a detour");
    return STATUS_SUCCESS;
}

NTSTATUS KeCaptureFloatingState(PETHREAD Thread, PKE_FLOATING_STATE State)
{
    LARGE_INTEGER Limit = {.QuadPart = TIME_LIMIT};
    NTSTATUS Status = STATUS_SUCCESS;
    PKI_DETOUR Detour;

    if (!Thread->Started)
        return STATUS_UNSUCCESSFUL;
    if (!Thread->Detour)
        Status = Begin(Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Detour = Thread->Detour;
    Detour->References++;
    Status = KeWaitForSingleObject(&Detour->Over, FALSE, &Limit);
    if (Status == STATUS_SUCCESS && !Detour->Arrived)
        Status = STATUS_THREAD_IS_TERMINATING;
    if (Status == STATUS_SUCCESS)
        *State = Detour->State;
    Release(Detour);
    return Status;
}
