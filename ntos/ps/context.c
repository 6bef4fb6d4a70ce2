/* SPDX-License-Identifier: BSD-2-Clause */
/* NtContinue, NtRaiseException: setting a thread's registers to those that the client gives. */
#include "psp.h"

/* The calling thread goes on with these registers. Resuming cancels the call that it is in, so
 * nothing is replied. */
static NTSTATUS Continue(PETHREAD Thread, const seL4_UserContext *Registers)
{
    if (Thread->Terminating)
        return STATUS_THREAD_IS_TERMINATING;
    if (!KeContinueThread(Thread, Registers, !Thread->SuspendCount))
        return STATUS_UNSUCCESSFUL;
    Thread->Stopped = TRUE;
    return STATUS_SUCCESS;
}

#define GENERAL_REGISTERS (CONTEXT_CONTROL | CONTEXT_INTEGER)

/* The next routine that is queued to the thread runs first. It goes on with the whole of the
 * context, or with that of the registers if a part is not named. */
static BOOLEAN TakeApc(PETHREAD Thread, const CONTEXT *Context, seL4_UserContext *Registers)
{
    BOOLEAN Whole = (Context->ContextFlags & GENERAL_REGISTERS) == GENERAL_REGISTERS;
    seL4_UserContext Target = *Registers;

    KeContextToRegisters(Context, &Target);
    if (!KeTakeApc(Thread, Whole ? Context : NULL, &Target))
        return FALSE;
    *Registers = Target;
    return TRUE;
}

/* Registers that the context's flags do not cover keep their values: of the program counter that is
 * the one behind the system call. What only user mode can set, ntdll does. */
static NTSTATUS ContinueWith(CLIENT(PCONTEXT) ClientContext, BOOLEAN TestAlert)
{
    PETHREAD Thread = PsGetCurrentThread();
    seL4_UserContext Registers;
    CONTEXT Context;
    NTSTATUS Status = MmReadClient(&Context, ClientContext);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!KeReadRegistersBehindService(Thread, &Registers))
        return STATUS_UNSUCCESSFUL;
    if (TestAlert && TakeApc(Thread, &Context, &Registers))
        return Continue(Thread, &Registers);
    if (KeNeedsUserMode(&Context))
        KeSendToContextDispatcher(Thread, (ULONG_PTR)ClientContext, &Registers);
    else
        KeContextToRegisters(&Context, &Registers);
    return Continue(Thread, &Registers);
}

/*
 * NtContinue: the calling thread goes on with what the flags of Context name; the kernel keeps
 * reserved flags as they must be. With TestAlert a routine that is queued to the thread runs first.
 * Does not return on success; else STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NtContinue(CLIENT(PCONTEXT) Context, BOOLEAN TestAlert)
{
    return ContinueWith(Context, TestAlert);
}

/*
 * NtContinueEx: as NtContinue. Argument is its TestAlert, or the address of a KCONTINUE_ARGUMENT.
 * STATUS_INVALID_PARAMETER (type, flags).
 */
NTSTATUS NtContinueEx(CLIENT(PCONTEXT) Context, CLIENT(PKCONTINUE_ARGUMENT) Argument)
{
    KCONTINUE_ARGUMENT Copy = {.ContinueFlags = Argument ? KCONTINUE_FLAG_TEST_ALERT : 0};
    NTSTATUS Status = (ULONG_PTR)Argument <= 0xff ? STATUS_SUCCESS : MmReadClient(&Copy, Argument);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Copy.ContinueType >= KCONTINUE_LAST ||
        (Copy.ContinueFlags & ~(KCONTINUE_FLAG_TEST_ALERT | KCONTINUE_FLAG_DELIVER_APC)))
        return STATUS_INVALID_PARAMETER;
    return ContinueWith(Context, (Copy.ContinueFlags & KCONTINUE_FLAG_TEST_ALERT) != 0);
}

/* Its first chance is ntdll's, but a debugger has a look before. If one lets it go on, it does so
 * with the context that is shown. */
static NTSTATUS Raise(PETHREAD Thread, PEXCEPTION_RECORD Record, const CONTEXT *Context,
                      seL4_UserContext *Registers, BOOLEAN FirstChance)
{
    seL4_UserContext Dispatch = *Registers;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Thread->Process->DebugPort)
        Status = KeShowContext(Thread, Context, Registers);
    if (!NT_SUCCESS(Status))
        return Status;
    if (FirstChance) {
        if (Thread->Process->DebugPort && KeAskDebugger(Thread, Record, &Dispatch))
            return STATUS_SUCCESS;
        if (KeDispatchException(Thread, Record, &Dispatch))
            return Continue(Thread, &Dispatch);
    }
    if (!Thread->Terminating)
        KeLastChance(Thread, Record, Registers);
    return STATUS_SUCCESS;
}

/*
 * NtRaiseException: raises the exception in the calling thread, with Context as its registers; at
 * its second chance (FirstChance FALSE) the process ends with the exception's code. Does not return
 * on success; else STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER (more than
 * EXCEPTION_MAXIMUM_PARAMETERS).
 */
NTSTATUS NtRaiseException(CLIENT(PEXCEPTION_RECORD) ExceptionRecord, CLIENT(PCONTEXT) Context,
                          BOOLEAN FirstChance)
{
    PETHREAD Thread = PsGetCurrentThread();
    seL4_UserContext Registers;
    EXCEPTION_RECORD Record;
    CONTEXT Copy;
    NTSTATUS Status = MmReadClient(&Record, ExceptionRecord);

    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Copy, Context);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Record.NumberParameters > EXCEPTION_MAXIMUM_PARAMETERS)
        return STATUS_INVALID_PARAMETER;
    if (!KeReadRegistersBehindService(Thread, &Registers))
        return STATUS_UNSUCCESSFUL;
    KeContextToRegisters(&Copy, &Registers);
    return Raise(Thread, &Record, &Copy, &Registers, FirstChance);
}
