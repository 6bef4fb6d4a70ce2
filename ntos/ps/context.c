/* SPDX-License-Identifier: BSD-2-Clause */
/* NtContinue, NtRaiseException: a thread's registers as the client gives them. */
#include "psp.h"

#define REGISTERS (sizeof(seL4_UserContext) / sizeof(seL4_Word))

/* The registers that the context has no say about stay what they are. */
static NTSTATUS CaptureRegisters(PETHREAD Thread, PCONTEXT ClientContext,
                                 seL4_UserContext *Registers)
{
    CONTEXT Context;
    NTSTATUS Status = MmReadClient(&Context, ClientContext);

    if (!NT_SUCCESS(Status))
        return Status;
    if (seL4_TCB_ReadRegisters(Thread->Tcb.Cap, FALSE, 0, REGISTERS, Registers) != seL4_NoError)
        return STATUS_UNSUCCESSFUL;
    KeContextToRegisters(&Context, Registers);
    return STATUS_SUCCESS;
}

/*
 * NtContinue: the calling thread goes on with the integer and control registers of Context, as far
 * as its flags name them; the kernel keeps reserved flags as they must be. Floating-point state is
 * not part of it yet. Does not return on success; else STATUS_ACCESS_VIOLATION.
 */
NTSTATUS NtContinue(PCONTEXT Context, BOOLEAN TestAlert)
{
    PETHREAD Thread = PsGetCurrentThread();
    seL4_UserContext Registers;
    NTSTATUS Status = CaptureRegisters(Thread, Context, &Registers);

    if (!NT_SUCCESS(Status) || Thread->Terminating)
        return Status;
    /* Resuming cancels the call that the thread is in, so nothing is replied. */
    if (!KeContinueThread(Thread, &Registers, !Thread->SuspendCount))
        return STATUS_UNSUCCESSFUL;
    Thread->Stopped = TRUE;
    return STATUS_SUCCESS;
}

/*
 * NtRaiseException: raises the exception in the calling thread, with Context as its registers.
 * There is no dispatching yet, so it ends the process with the exception's code. Returns
 * STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER (more than EXCEPTION_MAXIMUM_PARAMETERS).
 */
NTSTATUS NtRaiseException(PEXCEPTION_RECORD ExceptionRecord, PCONTEXT Context, BOOLEAN FirstChance)
{
    PETHREAD Thread = PsGetCurrentThread();
    seL4_UserContext Registers;
    EXCEPTION_RECORD Record;
    NTSTATUS Status = MmReadClient(&Record, ExceptionRecord);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Record.NumberParameters > EXCEPTION_MAXIMUM_PARAMETERS)
        return STATUS_INVALID_PARAMETER;
    Status = CaptureRegisters(Thread, Context, &Registers);
    if (NT_SUCCESS(Status) && !Thread->Terminating)
        KeRaiseException(Thread, &Record, &Registers);
    return Status;
}
