/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationProcess. */
#include "psp.h"

NTSTATUS PspReturnInformation(PVOID Information, ULONG Length, const void *Data, ULONG DataLength,
                              PULONG ReturnLength)
{
    NTSTATUS Status = STATUS_INFO_LENGTH_MISMATCH;

    if (Length == DataLength)
        Status = MmCopyToClient(Information, Data, DataLength);
    if (ReturnLength && (NT_SUCCESS(Status) || Status == STATUS_INFO_LENGTH_MISMATCH)) {
        NTSTATUS WriteStatus = MmWriteClient(ReturnLength, &DataLength);

        if (!NT_SUCCESS(WriteStatus))
            return WriteStatus;
    }
    return Status;
}

/* The answer to a class of fixed size. */
typedef union _ANSWER {
    PROCESS_BASIC_INFORMATION Basic;
    KERNEL_USER_TIMES Times;
    VM_COUNTERS VmCounters;
    SECTION_IMAGE_INFORMATION Image;
    ULONG_PTR Word;
    ULONG Long;
} ANSWER, *PANSWER;

static ULONG FillBasic(PEPROCESS Process, PANSWER Answer)
{
    Answer->Basic.ExitStatus = Process->ExitStatus;
    Answer->Basic.PebBaseAddress = Process->Peb;
    Answer->Basic.AffinityMask = 1;
    Answer->Basic.BasePriority = PS_DEFAULT_PRIORITY;
    Answer->Basic.UniqueProcessId = (ULONG_PTR)Process->UniqueProcessId;
    Answer->Basic.InheritedFromUniqueProcessId = (ULONG_PTR)Process->InheritedFromUniqueProcessId;
    return sizeof(Answer->Basic);
}

/* The kernel does not say how long a thread ran: kernel and user times are 0. */
static ULONG FillTimes(PEPROCESS Process, PANSWER Answer)
{
    Answer->Times.CreateTime.QuadPart = Process->CreateTime;
    Answer->Times.ExitTime.QuadPart = Process->ExitTime;
    return sizeof(Answer->Times);
}

static ULONG FillVmCounters(PEPROCESS Process, PANSWER Answer)
{
    const MM_ADDRESS_SPACE *Vm = &Process->Vm;

    Answer->VmCounters.VirtualSize = Vm->VirtualSize;
    Answer->VmCounters.PeakVirtualSize = Vm->VirtualSize;
    Answer->VmCounters.PageFaultCount = Vm->FaultCount;
    Answer->VmCounters.WorkingSetSize = Vm->WorkingSetPages * NEPTUNE_PAGE_SIZE;
    Answer->VmCounters.PeakWorkingSetSize = Vm->PeakWorkingSetPages * NEPTUNE_PAGE_SIZE;
    Answer->VmCounters.PagefileUsage = Vm->CommitPages * NEPTUNE_PAGE_SIZE;
    Answer->VmCounters.PeakPagefileUsage = Answer->VmCounters.PagefileUsage;
    return sizeof(Answer->VmCounters);
}

/* Returns the size of the answer, 0 for a class that is not one of these. */
static ULONG FillAnswer(PEPROCESS Process, PROCESSINFOCLASS Class, PANSWER Answer)
{
    switch (Class) {
    case ProcessBasicInformation:
        return FillBasic(Process, Answer);
    case ProcessTimes:
        return FillTimes(Process, Answer);
    case ProcessVmCounters:
        return FillVmCounters(Process, Answer);
    case ProcessImageInformation:
        Answer->Image = Process->ImageInformation;
        return sizeof(Answer->Image);
    case ProcessHandleCount:
        Answer->Long = ObGetHandleCount(Process);
        return sizeof(Answer->Long);
    case ProcessSessionInformation: /* one session, 0 */
        return sizeof(Answer->Long);
    case ProcessDebugPort: /* no debuggers, and nothing of a 32-bit system: no port, no second PEB
                            */
    case ProcessWow64Information:
        return sizeof(Answer->Word);
    default:
        return 0;
    }
}

/* A UNICODE_STRING with the characters behind it. */
static NTSTATUS QueryImageName(PEPROCESS Process, PVOID Information, ULONG Length,
                               PULONG ReturnLength)
{
    PUNICODE_STRING Client = Information;
    UNICODE_STRING Name = Process->ImagePath;
    ULONG Needed = sizeof(Name) + Name.MaximumLength;
    NTSTATUS Status = ReturnLength ? MmWriteClient(ReturnLength, &Needed) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status))
        return Status;
    if (Length < Needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyToClient(Client + 1, Name.Buffer, Name.MaximumLength);
    Name.Buffer = (PWSTR)(Client + 1);
    return NT_SUCCESS(Status) ? MmWriteClient(Client, &Name) : Status;
}

static NTSTATUS QueryProcess(PEPROCESS Process, PROCESSINFOCLASS Class, PVOID Information,
                             ULONG Length, PULONG ReturnLength)
{
    ANSWER Answer = {0};
    ULONG AnswerLength;

    if (Class == ProcessImageFileName)
        return QueryImageName(Process, Information, Length, ReturnLength);
    AnswerLength = FillAnswer(Process, Class, &Answer);
    if (!AnswerLength)
        return (ULONG)Class < 0x80 ? STATUS_NOT_IMPLEMENTED : STATUS_INVALID_INFO_CLASS;
    return PspReturnInformation(Information, Length, &Answer, AnswerLength, ReturnLength);
}

/*
 * NtQueryInformationProcess: Basic, Times, VmCounters, HandleCount, SessionInformation,
 * ImageInformation, DebugPort, Wow64Information (both 0) and ImageFileName; STATUS_NOT_IMPLEMENTED
 * for other classes, STATUS_INVALID_INFO_CLASS for what is none. Needs
 * PROCESS_QUERY_LIMITED_INFORMATION or PROCESS_QUERY_INFORMATION. Returns
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles may give.  (WDK:
 * ZwQueryInformationProcess)
 */
NTSTATUS NtQueryInformationProcess(HANDLE ProcessHandle, PROCESSINFOCLASS Class, PVOID Information,
                                   ULONG Length, PULONG ReturnLength)
{
    PEPROCESS Process;
    NTSTATUS Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_QUERY_LIMITED_INFORMATION,
                                                PsProcessType, (PVOID *)&Process);

    if (Status == STATUS_ACCESS_DENIED)
        Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_QUERY_INFORMATION, PsProcessType,
                                           (PVOID *)&Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = QueryProcess(Process, Class, Information, Length, ReturnLength);
    ObDereferenceObject(Process);
    return Status;
}
