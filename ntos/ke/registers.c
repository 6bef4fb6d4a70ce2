/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of threads, read and set from outside. What is set of a thread in a service waits for
 * the service's end (ETHREAD.NewRegisters); meanwhile it is what the thread shows. A thread in a
 * service shows itself behind its system call.
 */
#include "kip.h"

/* A thread that runs is stopped meanwhile: the kernel has no program counter of one that does. */
static BOOLEAN Stop(PETHREAD Thread)
{
    if (Thread->SuspendCount || Thread->Detour)
        return FALSE;
    if (seL4_TCB_Suspend(Thread->Tcb.Cap) != seL4_NoError)
        KeBugCheck("cannot suspend a thread");
    return TRUE;
}

static void Go(PETHREAD Thread, BOOLEAN Stopped)
{
    if (Stopped && seL4_TCB_Resume(Thread->Tcb.Cap) != seL4_NoError)
        KeBugCheck("cannot resume a thread");
}

static void Read(PETHREAD Thread, seL4_UserContext *Registers)
{
    if (!KeReadRegisters(Thread, Registers))
        KeBugCheck("cannot read a thread's registers");
}

/* One that is on its way to the Executive (KeInterceptThread) still comes, and goes on with these
 * from there. */
static void Write(PETHREAD Thread, const seL4_UserContext *Registers)
{
    BOOLEAN Intercepted = Thread->Continuation.Pending && !Thread->Detour;

    if (!KeContinueThread(Thread, Registers, FALSE) || (Intercepted && !KeInterceptThread(Thread)))
        KeBugCheck("cannot write a thread's registers");
}

BOOLEAN KeReadRegistersBehindService(PETHREAD Thread, seL4_UserContext *Registers)
{
    if (!KeReadRegisters(Thread, Registers))
        return FALSE;
    KiSetServiceStatus(Registers, STATUS_SUCCESS);
    return TRUE;
}

void KeGetThreadRegisters(PETHREAD Thread, seL4_UserContext *Registers)
{
    BOOLEAN Stopped;

    if (Thread->ContextSet) {
        *Registers = Thread->NewRegisters;
        return;
    }
    if (PsIsInService(Thread) || Thread->ReplyWithheld) {
        Read(Thread, Registers);
        if (!Thread->InFault)
            KiSetServiceStatus(Registers, Thread->ReplyWithheld
                                              ? (NTSTATUS)Thread->WithheldReply.Words[0]
                                              : STATUS_SUCCESS);
        return;
    }
    Stopped = Stop(Thread);
    Read(Thread, Registers);
    Go(Thread, Stopped);
}

ULONG_PTR KeGetProgramCounter(PETHREAD Thread)
{
    seL4_UserContext Registers;

    KeGetThreadRegisters(Thread, &Registers);
    return KiProgramCounter(&Registers);
}

void KeSetThreadRegisters(PETHREAD Thread, const seL4_UserContext *Registers)
{
    BOOLEAN Stopped;

    if (PsIsInService(Thread)) {
        Thread->NewRegisters = *Registers;
        Thread->ContextSet = TRUE;
        return;
    }
    Thread->ReplyWithheld = Thread->InFault = FALSE; /* nothing is replied to any more */
    Stopped = Stop(Thread);
    Write(Thread, Registers);
    Go(Thread, Stopped);
}

NTSTATUS KeShowContext(PETHREAD Thread, const CONTEXT *Context, const seL4_UserContext *Registers)
{
    seL4_UserContext Shown = *Registers;
    NTSTATUS Status =
        KeNeedsUserMode(Context) ? KePushContext(Thread, Context, &Shown) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    Thread->NewRegisters = Shown;
    Thread->ContextSet = TRUE;
    return STATUS_SUCCESS;
}

/* A context that waits on the stack for ntdll's dispatcher is looked up there. */
void KiTakeNewRegisters(PETHREAD Thread, seL4_UserContext *Registers)
{
    CONTEXT Context;

    *Registers = Thread->NewRegisters;
    Thread->ContextSet = FALSE;
    if (KeIsAtContextDispatcher(Thread, Registers) &&
        NT_SUCCESS(MmCopyFromProcess(Thread->Process, &Context, KeDispatchedContext(Registers),
                                     sizeof(Context))))
        KeContextToRegisters(&Context, Registers);
}

/* The registers with which the service, or the fault, in progress comes to its end. One that goes
 * on behind its system call still gets the status. */
static void TakeFinalRegisters(PETHREAD Thread, NTSTATUS Status, seL4_UserContext *Registers)
{
    seL4_Word Behind;

    Read(Thread, Registers);
    if (!Thread->InFault)
        KiSetServiceStatus(Registers, Status);
    if (!Thread->ContextSet)
        return;
    Behind = KiProgramCounter(Registers);
    Thread->ContextSet = FALSE;
    *Registers = Thread->NewRegisters;
    if (!Thread->InFault && KiProgramCounter(Registers) == Behind)
        KiStatusRegister(Registers) = (ULONG)Status;
}

/* A service ends with registers that were set, or with a routine to run first. */
void KiFinishWithRegisters(PETHREAD Thread, NTSTATUS Status)
{
    seL4_UserContext Registers;
    BOOLEAN Routine, Resume;

    TakeFinalRegisters(Thread, Status, &Registers);
    Routine = Thread->UserApcPending && KeTakeApc(Thread, NULL, &Registers);
    if (Thread->Terminating)
        return;
    Resume = !Thread->InFault && !Thread->SuspendCount;
    if (!(Routine ? KeEnterDispatcher : KeContinueThread)(Thread, &Registers, Resume))
        KeBugCheck("cannot write a thread's registers");
    Thread->Stopped = !Thread->InFault;
}
