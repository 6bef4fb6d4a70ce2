/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a process: address space, images, parameters, PEB, first thread. */
#include "psp.h"

static NTSTATUS FillProcess(PEPROCESS Process, struct _MM_SECTION *Section,
                            const PS_CREATE_ARGUMENTS *Arguments)
{
    NTSTATUS Status = PspMapImages(Process, Section);

    if (NT_SUCCESS(Status))
        Status = PspCreateParameters(Process, Arguments);
    return NT_SUCCESS(Status) ? PspCreatePeb(Process) : Status;
}

static NTSTATUS CreateFirstThread(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments,
                                  PETHREAD *Thread)
{
    PSP_THREAD_ARGUMENTS ThreadArguments = {.Parameter = Process->Peb};
    NTSTATUS Status = PspFindEntryPoint(Process, &ThreadArguments.StartRoutine);

    if (NT_SUCCESS(Status))
        Status = PspCreateThread(Process, &ThreadArguments, Thread);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = PspJoinJobs(Process, Arguments);
    if (!NT_SUCCESS(Status)) {
        PsTerminateProcess(Process, Status);
        ObDereferenceObject(*Thread);
    } else if (!Arguments->CreateSuspended) {
        PspStartThread(*Thread);
    }
    return Status;
}

NTSTATUS PspCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PS_CREATE_STATE *State,
                          PEPROCESS *Process, PETHREAD *Thread)
{
    UNICODE_STRING Path = Arguments->ImagePath;
    SECTION_IMAGE_INFORMATION Image;
    struct _MM_SECTION *Section;
    NTSTATUS Status = PspOpenImage(&Path, &Section, &Image, State);

    if (!NT_SUCCESS(Status))
        return Status;
    *State = PsCreateInitialState;
    Status = PspCreateProcessObject(Arguments, Process);
    if (NT_SUCCESS(Status)) {
        DbgTrace(DBG_PS, "ps: process %u is %wZ\n", (ULONG)(ULONG_PTR)(*Process)->UniqueProcessId,
                 (PVOID)&Arguments->ImagePath);
        (*Process)->ImageInformation = Image;
        Status = FillProcess(*Process, Section, Arguments);
        if (NT_SUCCESS(Status))
            Status = CreateFirstThread(*Process, Arguments, Thread);
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(*Process);
    }
    ObDereferenceObject(Section);
    if (NT_SUCCESS(Status))
        *State = PsCreateSuccess;
    return Status;
}

NTSTATUS PsCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process, PETHREAD *Thread)
{
    PS_CREATE_STATE State;

    return PspCreateProcess(Arguments, &State, Process, Thread);
}
