/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions of clients. At its first chance an exception becomes a frame on the thread's stack,
 * and the thread goes on in ntdll!KiUserExceptionDispatcher, which finds a handler or raises it
 * again for its second chance. That one, and any for which the stack has no room, ends the process.
 */
#include "kip.h"

/* If the process is being ended already, that may not have come to this thread yet, which would
 * fault again and again meanwhile. */
void KeEndByException(PETHREAD Thread, PEXCEPTION_RECORD Record, const seL4_UserContext *Registers)
{
    KiReportException(Thread, Record, Registers);
    if (Thread->Process->DriverHost)
        IoNoteHostFault(Thread->Process, (ULONG_PTR)Record->ExceptionAddress);
    if (!NT_SUCCESS(PsTerminateProcessGivingWay(Thread->Process, Record->ExceptionCode)))
        PsTerminateThread(Thread, Record->ExceptionCode);
}

BOOLEAN KeDispatchException(PETHREAD Thread, PEXCEPTION_RECORD Record, seL4_UserContext *Registers)
{
    NTSTATUS Status = KiPushExceptionFrame(Thread, Record, Registers);

    if (Status == STATUS_STACK_OVERFLOW) { /* that is what there is to handle now */
        *Record = (EXCEPTION_RECORD){.ExceptionCode = Status,
                                     .ExceptionAddress = (PVOID)KiProgramCounter(Registers)};
        Status = KiPushExceptionFrame(Thread, Record, Registers);
    }
    return NT_SUCCESS(Status);
}

void KeLastChance(PETHREAD Thread, PEXCEPTION_RECORD Record, const seL4_UserContext *Registers)
{
    if (!DbgkForwardException(Thread, Record, FALSE) && !Thread->Terminating)
        KeEndByException(Thread, Record, Registers);
}

BOOLEAN KeAskDebugger(PETHREAD Thread, PEXCEPTION_RECORD Record, seL4_UserContext *Registers)
{
    if (DbgkForwardException(Thread, Record, TRUE) || Thread->Terminating)
        return TRUE;
    if (Thread->ContextSet)
        KiTakeNewRegisters(Thread, Registers);
    return FALSE;
}

/* Of a fault: the thread goes on in the dispatcher when the fault is replied to. A debugger has the
 * first look, and sees the thread as it is. */
void KiRaiseException(PETHREAD Thread, PEXCEPTION_RECORD Record, const seL4_UserContext *Registers)
{
    seL4_UserContext Dispatch = *Registers;
    BOOLEAN Dispatched;

    if (Record->ExceptionFlags & EXCEPTION_NONCONTINUABLE) {
        KeLastChance(Thread, Record, Registers);
        return;
    }
    if (Thread->Process->DebugPort && KeAskDebugger(Thread, Record, &Dispatch))
        return;
    Dispatched = KeDispatchException(Thread, Record, &Dispatch);
    if (Thread->Terminating)
        return;
    if (!Dispatched)
        KeLastChance(Thread, Record, Registers);
    else if (!KeEnterDispatcher(Thread, &Dispatch, FALSE))
        KeBugCheck("cannot write a thread's registers");
}

/* The first entry of a list may be freed while somebody takes it out, who then tries again. */
static BOOLEAN RestartSList(PETHREAD Thread, seL4_UserContext *Registers)
{
    if (KiProgramCounter(Registers) != PsNtdllRoutine(Thread->Process, PsSListFault))
        return FALSE;
    KiProgramCounter(Registers) = PsNtdllRoutine(Thread->Process, PsSListResume);
    return KeContinueThread(Thread, Registers, FALSE);
}

void KiRaiseFault(PETHREAD Thread, NTSTATUS Code, ULONG Parameters, const ULONG_PTR *Information)
{
    EXCEPTION_RECORD Record = {0};
    seL4_UserContext Registers;
    ULONG i;

    if (seL4_TCB_ReadRegisters(Thread->Tcb.Cap, FALSE, 0, KI_REGISTER_COUNT, &Registers) !=
        seL4_NoError)
        KeBugCheck("cannot read a thread's registers");
    if (Code == STATUS_ACCESS_VIOLATION && RestartSList(Thread, &Registers))
        return;
    Record.ExceptionCode = Code;
    Record.ExceptionAddress = (PVOID)KiProgramCounter(&Registers);
    Record.NumberParameters = Parameters;
    for (i = 0; i < Parameters; i++)
        Record.ExceptionInformation[i] = Information[i];
    KiRaiseException(Thread, &Record, &Registers);
}

/* If the thread's context is set meanwhile, it goes on with that and nothing is raised. */
NTSTATUS KeRaiseUserException(NTSTATUS Code)
{
    PETHREAD Thread = KeGetCurrentThread();
    seL4_UserContext Registers;
    NTSTATUS Status =
        MmCopyToProcess(Thread->Process, (CLIENT(PCHAR))Thread->Teb + offsetof(TEB, ExceptionCode),
                        &Code, sizeof(Code));

    if (!NT_SUCCESS(Status) || Thread->Terminating || Thread->ContextSet ||
        !KeReadRegistersBehindService(Thread, &Registers))
        return Code;
    KiStatusRegister(&Registers) = KiProgramCounter(&Registers); /* which the service's stub has */
    KiProgramCounter(&Registers) = PsNtdllRoutine(Thread->Process, PsKiUserRaiseDispatcher);
    Thread->NewRegisters = Registers;
    Thread->ContextSet = TRUE;
    return Code;
}
