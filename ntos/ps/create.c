/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a process: address space, images, parameters, PEB, first thread. */
#include "boottrace.h"

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
    PSP_THREAD_ARGUMENTS ThreadArguments = {.Parameter = Process->Peb,
                                            .Security = Arguments->ThreadSecurity};
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

static NTSTATUS ReserveRanges(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i < Arguments->ReserveCount && NT_SUCCESS(Status); i++) {
        PVOID Base = Arguments->Reserves[i].ReserveAddress;
        SIZE_T Size = Arguments->Reserves[i].ReserveSize;

        Status = MmAllocateVirtualMemory(Process, &Base, 0, &Size, MEM_RESERVE, PAGE_NOACCESS);
    }
    return Status;
}

static NTSTATUS CreateFrom(PPSP_IMAGE Image, const PS_CREATE_ARGUMENTS *Arguments,
                           PEPROCESS *Process, PETHREAD *Thread)
{
    NTSTATUS Status = PspCreateProcessObject(Arguments, Process);

    if (!NT_SUCCESS(Status))
        return Status;
    DbgTrace(DBG_PS, "ps: process %u is %wZ\n", (ULONG)(ULONG_PTR)(*Process)->UniqueProcessId,
             (PVOID)&Arguments->ImagePath);
    (*Process)->ImageInformation = Image->Information;
    PspDuplicateStandardHandles(*Process, Arguments);
    Status = ReserveRanges(*Process, Arguments);
    if (NT_SUCCESS(Status))
        Status = FillProcess(*Process, Image->Section, Arguments);
    if (NT_SUCCESS(Status))
        Status = CreateFirstThread(*Process, Arguments, Thread);
    if (NT_SUCCESS(Status))
        PspTraceFromStart(*Process);
    else
        ObDereferenceObject(*Process);
    return Status;
}

NTSTATUS PspCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PPSP_IMAGE Image,
                          PEPROCESS *Process, PETHREAD *Thread)
{
    UNICODE_STRING Path = Arguments->ImagePath;
    NTSTATUS Status = PspOpenImage(&Path, Arguments->ProhibitedImage, Image);

    if (!NT_SUCCESS(Status))
        return Status;
    Image->State = PsCreateInitialState;
    Status = CreateFrom(Image, Arguments, Process, Thread);
    if (NT_SUCCESS(Status))
        Image->State = PsCreateSuccess;
    return Status;
}

NTSTATUS PsCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process, PETHREAD *Thread)
{
    PSP_IMAGE Image = {0};
    NTSTATUS Status = PspCreateProcess(Arguments, &Image, Process, Thread);

    PspCloseImage(&Image);
    return Status;
}
