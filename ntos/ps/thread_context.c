/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * NtGetContextThread and NtSetContextThread. The debug registers are kept and shown, and do
 * nothing: seL4 gives them to nobody. Floating-point state can be set only by the thread itself: it
 * finds the whole context on its stack, and goes on with it through ntdll's context dispatcher.
 */
#include "psp.h"

#define DEBUG_REGISTERS (sizeof(((PETHREAD)0)->DebugRegisters))

static NTSTATUS CopyAll(PETHREAD Thread, PCONTEXT Context)
{
    seL4_UserContext Registers;

    KeGetThreadRegisters(Thread, &Registers);
    if (KeIsAtContextDispatcher(Thread, &Registers)) /* set, and it has not run since */
        return MmCopyFromProcess(Thread->Process, Context, KeDispatchedContext(&Registers),
                                 sizeof(*Context));
    KeRegistersToContext(&Registers, Context);
    return STATUS_SUCCESS;
}

/* If it is wanted, and the thread does not wait to have it set anyway. */
static NTSTATUS AddFloatingState(PETHREAD Thread, ULONG Wanted, PCONTEXT Context)
{
    KE_FLOATING_STATE State;
    NTSTATUS Status;

    if (!(Wanted & KE_FLOATING_PARTS) || Thread->Process->DriverHost)
        return STATUS_SUCCESS;
    Status = KeCaptureFloatingState(Thread, &State);
    if (Status == STATUS_SUCCESS)
        KeAddFloatingState(&State, Context);
    return Status == STATUS_THREAD_IS_TERMINATING ? Status : STATUS_SUCCESS;
}

/* The floating-point state comes first, as the thread runs for that. */
static NTSTATUS ReadContext(PETHREAD Thread, ULONG Wanted, PCONTEXT Context)
{
    CONTEXT Floating = *Context;
    NTSTATUS Status = AddFloatingState(Thread, Wanted, &Floating);

    if (NT_SUCCESS(Status) && Thread->Terminating)
        Status = STATUS_THREAD_IS_TERMINATING;
    if (NT_SUCCESS(Status))
        Status = CopyAll(Thread, Context);
    if (!NT_SUCCESS(Status) || (Context->ContextFlags & KE_FLOATING_PARTS) ||
        !(Floating.ContextFlags & KE_FLOATING_PARTS))
        return Status;
    Context->ContextFlags |= Floating.ContextFlags;
    return RtlpCopyContextParts(Context, Floating.ContextFlags, &Floating);
}

/*
 * NtGetContextThread: fills in the parts of ThreadContext that its flags name. A thread that is not
 * suspended is seen at some moment; one in a service, behind its system call. For floating-point
 * state the thread is sent to tell it; if it cannot (it has never run, or gets no processor for a
 * second) the flag is taken away, so that setting what was got changes none. Needs
 * THREAD_GET_CONTEXT. Returns STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER (the flags are of
 * another processor), STATUS_THREAD_IS_TERMINATING. (Win32: GetThreadContext)
 */
NTSTATUS NtGetContextThread(HANDLE ThreadHandle, CLIENT(PCONTEXT) ThreadContext)
{
    CONTEXT Context = {0}, Answer;
    PETHREAD Thread;
    NTSTATUS Status = MmReadClient(&Answer, ThreadContext);

    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        ObReferenceObjectByHandle(ThreadHandle, THREAD_GET_CONTEXT, PsThreadType, (PVOID *)&Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Thread->Terminating ? STATUS_THREAD_IS_TERMINATING
                                 : ReadContext(Thread, Answer.ContextFlags, &Context);
    if (NT_SUCCESS(Status)) {
        memcpy(&Context.Dr0, Thread->DebugRegisters, DEBUG_REGISTERS);
        Answer.ContextFlags &= ~KE_FLOATING_PARTS | Context.ContextFlags;
        Status = RtlpCopyContextParts(&Answer, Answer.ContextFlags, &Context);
    }
    ObDereferenceObject(Thread);
    return NT_SUCCESS(Status) ? MmWriteClient(ThreadContext, &Answer) : Status;
}

/* The parts that are not named stay as they are. */
static NTSTATUS SetContext(PETHREAD Thread, PCONTEXT New)
{
    seL4_UserContext Registers;
    CONTEXT Context = {0};
    NTSTATUS Status;

    KeGetThreadRegisters(Thread, &Registers);
    Status = CopyAll(Thread, &Context);
    if (NT_SUCCESS(Status))
        Status = RtlpCopyContextParts(&Context, New->ContextFlags, New);
    if (!NT_SUCCESS(Status))
        return Status;
    if (New->ContextFlags & CONTEXT_DEBUG_REGISTERS & ~CONTEXT_CONTROL)
        memcpy(Thread->DebugRegisters, &New->Dr0, DEBUG_REGISTERS);
    Context.ContextFlags |= New->ContextFlags;
    KeContextToRegisters(&Context, &Registers);
    if (KeNeedsUserMode(&Context))
        Status = KePushContext(Thread, &Context, &Registers);
    if (NT_SUCCESS(Status) && !Thread->Terminating)
        KeSetThreadRegisters(Thread, &Registers);
    return Status;
}

/*
 * NtSetContextThread: sets what the flags of ThreadContext name; a thread in a service goes on with
 * it when that ends. Needs THREAD_SET_CONTEXT. Statuses as NtGetContextThread. (Win32:
 * SetThreadContext)
 */
NTSTATUS NtSetContextThread(HANDLE ThreadHandle, CLIENT(PCONTEXT) ThreadContext)
{
    CONTEXT Context;
    PETHREAD Thread;
    NTSTATUS Status = MmReadClient(&Context, ThreadContext);

    if (!NT_SUCCESS(Status))
        return Status;
    Status =
        ObReferenceObjectByHandle(ThreadHandle, THREAD_SET_CONTEXT, PsThreadType, (PVOID *)&Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Thread->Terminating ? STATUS_THREAD_IS_TERMINATING : SetContext(Thread, &Context);
    ObDereferenceObject(Thread);
    return Status;
}
