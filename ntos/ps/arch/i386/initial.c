/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a thread begins on i386: in ntdll!LdrInitializeThunk(Context, NtdllBase), on its own stack
 * below the CONTEXT with which the loader then continues. That one begins in
 * ntdll!RtlUserThreadStart with StartRoutine in EAX and Parameter in EBX, where Windows has them,
 * and as arguments on the stack too.
 */
#include "../../psp.h"

#define USER_FLAGS 0x202

/* A call's stack: no return address, two arguments. */
typedef struct _CALL_FRAME {
    ULONG Return, First, Second;
} CALL_FRAME;

static NTSTATUS WriteFrame(PEPROCESS Process, ULONG_PTR Address, ULONG First, ULONG Second)
{
    CALL_FRAME Frame = {0, First, Second};

    return MmCopyToProcess(Process, (CLIENT(PVOID))Address, &Frame, sizeof(Frame));
}

NTSTATUS PspPrepareRegisters(PETHREAD Thread, PVOID Parameter, seL4_UserContext *Registers)
{
    PEPROCESS Process = Thread->Process;
    ULONG_PTR StartFrame = (ULONG_PTR)Thread->StackBase - 16 - 4;
    ULONG_PTR ContextAddress = ALIGN_DOWN_BY(StartFrame - sizeof(CONTEXT), 16);
    ULONG_PTR LoaderFrame = ContextAddress - 16 - 4; /* 16-byte aligned, as after a call */
    seL4_UserContext Start = {0};
    CONTEXT Context = {0};
    NTSTATUS Status;

    Start.eip = PsNtdllRoutine(Process, PsRtlUserThreadStart);
    Start.esp = StartFrame;
    Start.eflags = USER_FLAGS;
    Start.eax = (ULONG_PTR)Thread->StartAddress;
    Start.ebx = (ULONG_PTR)Parameter;
    KeRegistersToContext(&Start, &Context);
    *Registers = (seL4_UserContext){0};
    Registers->eip = PsNtdllRoutine(Process, PsLdrInitializeThunk);
    Registers->esp = LoaderFrame;
    Registers->eflags = USER_FLAGS;
    Registers->fs_base = (ULONG_PTR)Thread->Teb;
    Status = MmCopyToProcess(Process, (CLIENT(PVOID))ContextAddress, &Context, sizeof(Context));
    if (NT_SUCCESS(Status))
        Status = WriteFrame(Process, StartFrame, Start.eax, Start.ebx);
    return NT_SUCCESS(Status)
               ? WriteFrame(Process, LoaderFrame, ContextAddress, (ULONG_PTR)Process->NtdllBase)
               : Status;
}
