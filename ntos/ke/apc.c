/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asynchronous procedure calls of user mode, and alerts. A routine that has been queued to a thread
 * runs when the thread waits alertably, or asks (NtTestAlert, NtContinue); a special one as soon as
 * the thread is in its program. It runs in ntdll!KiUserApcDispatcher, above a CONTEXT with which
 * the thread then continues.
 */
#include "kip.h"

/* The next routine leaves its queue; FALSE: there is none. */
static BOOLEAN TakeApc(PETHREAD Thread, PKAPC Apc)
{
    PLIST_ENTRY List = IsListEmpty(&Thread->SpecialApcListHead) ? &Thread->UserApcListHead
                                                                : &Thread->SpecialApcListHead;
    PKAPC First;

    if (IsListEmpty(List))
        return FALSE;
    First = CONTAINING_RECORD(RemoveHeadList(List), KAPC, ApcListEntry);
    First->ApcListEntry.Flink = NULL;
    *Apc = *First;
    First->Release(First);
    return TRUE;
}

/* A few are there from the start, for whoever comes first; the others are pool. */
#define RESERVED_APCS 16

static KAPC Reserve[RESERVED_APCS];
static PKAPC Kept;
static ULONG TakenOnce; /* so many of the reserve have been taken */

void KeFreeApc(PKAPC Apc)
{
    if (Apc < Reserve || Apc >= Reserve + RESERVED_APCS) {
        ExFreePool(Apc);
        return;
    }
    Apc->NextKept = Kept;
    Kept = Apc;
}

static PKAPC TakeKept(void)
{
    PKAPC Apc = Kept;

    if (Apc)
        Kept = Apc->NextKept;
    else if (TakenOnce < RESERVED_APCS)
        Apc = &Reserve[TakenOnce++];
    return Apc;
}

PKAPC KeAllocateApc(void)
{
    PKAPC Apc = TakeKept();

    if (!Apc)
        Apc = ExAllocatePool(sizeof(*Apc));
    if (Apc)
        *Apc = (KAPC){.Release = KeFreeApc};
    return Apc;
}

/* The thread cannot go on without its stack. */
static void EndForBadStack(PETHREAD Thread, const seL4_UserContext *Registers)
{
    EXCEPTION_RECORD Record = {
        .ExceptionCode = STATUS_ACCESS_VIOLATION,
        .ExceptionAddress = (PVOID)KiProgramCounter(Registers),
        .NumberParameters = 2,
        .ExceptionInformation = {EXCEPTION_WRITE_FAULT, KiStackPointer(Registers)}};

    if (!Thread->Terminating)
        KeLastChance(Thread, &Record, Registers);
}

/* The thread's context may be set while its frame is written, which then is written again. FALSE:
 * it was not. */
static BOOLEAN IsSetAnew(PETHREAD Thread, const CONTEXT *Context, seL4_UserContext *Registers)
{
    if (Context || !Thread->ContextSet || Thread->Terminating)
        return FALSE;
    *Registers = Thread->NewRegisters;
    Thread->ContextSet = FALSE;
    return TRUE;
}

BOOLEAN KeTakeApc(PETHREAD Thread, const CONTEXT *Context, seL4_UserContext *Registers)
{
    ULONG_PTR Frame;
    NTSTATUS Status;
    KAPC Apc;

    Thread->UserApcPending = FALSE;
    if (!TakeApc(Thread, &Apc))
        return FALSE;
    do
        Status = KiPushApcFrame(Thread, &Apc, Context, Registers, &Frame);
    while (IsSetAnew(Thread, Context, Registers));
    if (NT_SUCCESS(Status))
        KiSetDispatcher(Thread, Registers, PsKiUserApcDispatcher, Frame);
    else
        EndForBadStack(Thread, Registers);
    return TRUE;
}

/* The thread has been suspended since its service or its fault ended: it is put where its reply
 * would have. */
static void EndService(PETHREAD Thread)
{
    seL4_UserContext Registers;

    KeGetThreadRegisters(Thread, &Registers);
    KeSetThreadRegisters(Thread, &Registers);
}

/*
 * A special routine waits for nothing but the end of a service. A thread in its program is made to
 * come here by a fault, so that its stack grows like in any fault of its own. One that has never
 * run has no loader yet: it comes to its routines by itself.
 */
static void DeliverSpecial(PETHREAD Thread)
{
    BOOLEAN Stop = !Thread->SuspendCount;

    if (!Thread->Started)
        return;
    Thread->UserApcPending = TRUE;
    if (PsIsInService(Thread) || Thread->Continuation.Pending || Thread->Detour)
        return;
    if (Thread->ReplyWithheld)
        EndService(Thread);
    if ((Stop && seL4_TCB_Suspend(Thread->Tcb.Cap) != seL4_NoError) || !KeInterceptThread(Thread) ||
        (Stop && seL4_TCB_Resume(Thread->Tcb.Cap) != seL4_NoError))
        KeBugCheck("cannot interrupt a thread");
}

BOOLEAN KeInsertUserApc(PETHREAD Thread, PKAPC Apc)
{
    if (Thread->Terminating)
        return FALSE;
    InsertTailList(Apc->Special ? &Thread->SpecialApcListHead : &Thread->UserApcListHead,
                   &Apc->ApcListEntry);
    if (Apc->Special)
        DeliverSpecial(Thread);
    else if (KiEndAlertableWait(Thread, STATUS_USER_APC))
        Thread->UserApcPending = TRUE;
    return TRUE;
}

BOOLEAN KeRemoveUserApc(PKAPC Apc)
{
    if (!Apc->ApcListEntry.Flink)
        return FALSE;
    RemoveEntryList(&Apc->ApcListEntry);
    Apc->ApcListEntry.Flink = NULL;
    return TRUE;
}

void KeDiscardApcs(PETHREAD Thread, BOOLEAN GiveWay)
{
    KAPC Apc;

    while (TakeApc(Thread, &Apc))
        if (GiveWay)
            KeGiveWay();
}

/* Routines before alerts would be as right; Windows has it so. */
NTSTATUS KiTestAlert(PETHREAD Thread)
{
    if (Thread->Alerted) {
        Thread->Alerted = FALSE;
        return STATUS_ALERTED;
    }
    if (IsListEmpty(&Thread->UserApcListHead) && IsListEmpty(&Thread->SpecialApcListHead))
        return STATUS_SUCCESS;
    Thread->UserApcPending = TRUE;
    return STATUS_USER_APC;
}

BOOLEAN KeTestAlert(PETHREAD Thread)
{
    return KiTestAlert(Thread) == STATUS_ALERTED;
}

void KeAlertThread(PETHREAD Thread)
{
    if (!KiEndAlertableWait(Thread, STATUS_ALERTED))
        Thread->Alerted = TRUE;
}
