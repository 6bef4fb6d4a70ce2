/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a thread begins on AMD64: in ntdll!LdrInitializeThunk(Context, NtdllBase), on its own stack
 * below the CONTEXT with which the loader then continues. That one begins in
 * ntdll!RtlUserThreadStart(StartRoutine, Parameter).
 */
#include "../../psp.h"

#define HOME_SPACE 32
#define USER_FLAGS 0x202

NTSTATUS PspPrepareRegisters(PETHREAD Thread, PVOID Parameter, seL4_UserContext *Registers)
{
    PEPROCESS Process = Thread->Process;
    ULONG_PTR ContextAddress = ALIGN_DOWN_BY((ULONG_PTR)Thread->StackBase - sizeof(CONTEXT), 16);
    seL4_UserContext Start = {0};
    CONTEXT Context = {0};

    Start.rip = PsNtdllRoutine(Process, PsRtlUserThreadStart);
    Start.rsp = (ULONG_PTR)Thread->StackBase - HOME_SPACE -
                8; /* as after a call: 16-byte aligned minus 8 */
    Start.rflags = USER_FLAGS;
    Start.rcx = (ULONG_PTR)Thread->StartAddress;
    Start.rdx = (ULONG_PTR)Parameter;
    KeRegistersToContext(&Start, &Context);
    *Registers = (seL4_UserContext){0};
    Registers->rip = PsNtdllRoutine(Process, PsLdrInitializeThunk);
    Registers->rsp = ContextAddress - HOME_SPACE - 8;
    Registers->rflags = USER_FLAGS;
    Registers->rcx = ContextAddress;
    Registers->rdx = (ULONG_PTR)Process->NtdllBase;
    Registers->gs_base = (ULONG_PTR)Thread->Teb;
    return MmCopyToProcess(Process, (CLIENT(PVOID))ContextAddress, &Context, sizeof(Context));
}
