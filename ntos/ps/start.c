/* SPDX-License-Identifier: BSD-2-Clause */
/* The component's start, and the first process. */
#include "boottrace.h"

void PsInitialize(void)
{
    PspInitializeProcessType();
    PspInitializeThreadType();
    PspInitializeJobType();
    PspInitializeApcReserveType();
    PspInitializeNtdll();
    PspInitializeBootTrace();
}

void PsStartFirstProcess(void)
{
    PS_CREATE_ARGUMENTS Arguments = {
        .ImagePath = RTL_CONSTANT_STRING(u"\\SystemRoot\\smss.exe"),
        .CommandLine = RTL_CONSTANT_STRING(u"\\SystemRoot\\smss.exe"),
        .CurrentDirectory = RTL_CONSTANT_STRING(u"\\SystemRoot\\"),
    };
    PEPROCESS Process;
    PETHREAD Thread;
    NTSTATUS Status = PsCreateProcess(&Arguments, &Process, &Thread);

    if (!NT_SUCCESS(Status)) {
        DbgPrint("ps: smss.exe does not start: %08x\n", (ULONG)Status);
        KeBugCheck("the session manager does not start");
    }
    ObDereferenceObject(Thread);
    ObDereferenceObject(Process);
}
