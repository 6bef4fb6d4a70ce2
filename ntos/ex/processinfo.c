/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SystemProcessInformation and SystemExtendedProcessInformation: all processes with their threads,
 * as entries of different length. Others run between any two of them, and while the threads of one
 * process are listed: the header of an entry is written last, when their number is known. And
 * SystemProcessIdInformation: the image of a process by its number.
 */
#include "sysinfo.h"

#define THREADS_A_PIECE 16

typedef struct _PROCESS_LIST {
    PEXP_OUTPUT Output;
    ULONG Start;    /* offset of the entry that is being made */
    ULONG Previous; /* of the one before; equal to Start: there is none */
    BOOLEAN Extended;
    ULONG ThreadLength; /* of an entry for a thread */
} PROCESS_LIST, *PPROCESS_LIST;

/* ---- Threads, gathered in pieces ---- */

typedef struct _THREAD_PIECES {
    SYSTEM_EXTENDED_THREAD_INFORMATION Room[THREADS_A_PIECE]; /* of either form, packed */
    ULONG Used;                                               /* bytes of that */
    ULONG Count;                                              /* of all threads */
} THREAD_PIECES, *PTHREAD_PIECES;

static NTSTATUS FlushThreads(PPROCESS_LIST List, PTHREAD_PIECES Pieces)
{
    NTSTATUS Status = ExpAppend(List->Output, Pieces->Room, Pieces->Used);

    Pieces->Used = 0;
    return NT_SUCCESS(Status) ? KeGiveWay() : Status;
}

static NTSTATUS AddThread(PPROCESS_LIST List, PTHREAD_PIECES Pieces, PETHREAD Thread)
{
    PSYSTEM_EXTENDED_THREAD_INFORMATION Entry =
        (PSYSTEM_EXTENDED_THREAD_INFORMATION)((PCHAR)Pieces->Room + Pieces->Used);

    PsDescribeThread(Thread, &Entry->ThreadInfo);
    if (List->Extended) {
        Entry->StackBase = Thread->StackBase;
        Entry->StackLimit = Thread->StackLimit;
        Entry->Win32StartAddress = Thread->Win32StartAddress;
        Entry->TebBase = Thread->Teb;
    }
    Pieces->Count++;
    Pieces->Used += List->ThreadLength;
    return Pieces->Used + sizeof(*Entry) > sizeof(Pieces->Room) ? FlushThreads(List, Pieces)
                                                                : STATUS_SUCCESS;
}

static NTSTATUS AppendThreads(PPROCESS_LIST List, PEPROCESS Process, PULONG Count)
{
    PTHREAD_PIECES Pieces = ExAllocatePool(sizeof(*Pieces));
    PETHREAD Thread = NULL;
    NTSTATUS Status = Pieces ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;

    while (NT_SUCCESS(Status) && (Thread = PsNextThread(Process, Thread)) != NULL) {
        if (!Thread->Header.SignalState)
            Status = AddThread(List, Pieces, Thread);
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(Thread);
    }
    if (NT_SUCCESS(Status))
        Status = FlushThreads(List, Pieces);
    *Count = Pieces ? Pieces->Count : 0;
    ExFreePool(Pieces);
    return Status;
}

/* ---- Processes ---- */

static void FillFigures(PSYSTEM_PROCESS_INFORMATION Information, PEPROCESS Process)
{
    const MM_ADDRESS_SPACE *Vm = &Process->Vm;

    Information->HandleCount = ObGetHandleCount(Process);
    Information->NumberOfThreadsHighWatermark = Process->ThreadsCreated;
    Information->VirtualSize = Vm->VirtualSize;
    Information->PeakVirtualSize = Vm->PeakVirtualSize;
    Information->PageFaultCount = Vm->FaultCount;
    Information->WorkingSetSize = Vm->WorkingSetPages * NEPTUNE_PAGE_SIZE;
    Information->PeakWorkingSetSize = Vm->PeakWorkingSetPages * NEPTUNE_PAGE_SIZE;
    Information->PagefileUsage = Vm->CommitPages * NEPTUNE_PAGE_SIZE;
    Information->PeakPagefileUsage = Vm->PeakCommitPages * NEPTUNE_PAGE_SIZE;
    Information->PrivatePageCount = Vm->CommitPages * NEPTUNE_PAGE_SIZE;
    Information->ReadOperationCount.QuadPart = (LONGLONG)Process->IoCounters.ReadOperationCount;
    Information->WriteOperationCount.QuadPart = (LONGLONG)Process->IoCounters.WriteOperationCount;
    Information->OtherOperationCount.QuadPart = (LONGLONG)Process->IoCounters.OtherOperationCount;
    Information->ReadTransferCount.QuadPart = (LONGLONG)Process->IoCounters.ReadTransferCount;
    Information->WriteTransferCount.QuadPart = (LONGLONG)Process->IoCounters.WriteTransferCount;
    Information->OtherTransferCount.QuadPart = (LONGLONG)Process->IoCounters.OtherTransferCount;
}

static void FillHeader(PSYSTEM_PROCESS_INFORMATION Information, PEPROCESS Process)
{
    Information->CreateTime.QuadPart = Process->CreateTime;
    Information->KernelTime.QuadPart = PS_TICKS_TO_TIME(Process->KernelTicks);
    Information->UserTime.QuadPart = PS_TICKS_TO_TIME(Process->UserTicks);
    Information->BasePriority = Process->BasePriority;
    Information->UniqueProcessId = Process->UniqueProcessId;
    Information->UniqueProcessKey = (ULONG_PTR)Process->UniqueProcessId;
    Information->InheritedFromUniqueProcessId = Process->InheritedFromUniqueProcessId;
    FillFigures(Information, Process);
}

/* The name with a NUL, and what is missing to a multiple of 8 */
static NTSTATUS AppendName(PPROCESS_LIST List, PEPROCESS Process, PUNICODE_STRING Descriptor)
{
    static const ULONG Padding[2];
    PEXP_OUTPUT Output = List->Output;
    ULONG Length =
        (ULONG)wcsnlen(Process->ImageName, ARRAYSIZE(Process->ImageName) - 1) * sizeof(WCHAR);
    NTSTATUS Status;

    Descriptor->Length = (USHORT)Length;
    Descriptor->MaximumLength = (USHORT)(Length + sizeof(WCHAR));
    Descriptor->Buffer = (PWSTR)((ULONG_PTR)Output->Information + Output->Needed);
    Status = ExpAppend(Output, Process->ImageName, Descriptor->MaximumLength);
    return NT_SUCCESS(Status) && Output->Needed % 8
               ? ExpAppend(Output, Padding, 8 - Output->Needed % 8)
               : Status;
}

/* At an offset that has been passed over. */
static NTSTATUS WriteAt(PPROCESS_LIST List, ULONG Offset, const void *Data, ULONG Length)
{
    return MmCopyToClient((CLIENT(PCHAR))List->Output->Information + Offset, Data, Length);
}

static NTSTATUS AppendProcess(PPROCESS_LIST List, PEPROCESS Process)
{
    SYSTEM_PROCESS_INFORMATION Header = {0};
    ULONG Distance = List->Start - List->Previous;
    NTSTATUS Status;

    List->Output->Needed += sizeof(Header);
    Status = AppendThreads(List, Process, &Header.NumberOfThreads);
    if (NT_SUCCESS(Status))
        Status = AppendName(List, Process, &Header.ImageName);
    if (!NT_SUCCESS(Status) || List->Output->Needed > List->Output->Length)
        return Status;
    FillHeader(&Header, Process);
    Status = WriteAt(List, List->Start, &Header, sizeof(Header));
    if (NT_SUCCESS(Status) && Distance)
        Status = WriteAt(List, List->Previous, &Distance, sizeof(Distance));
    return Status;
}

/* A process stays in the list as long as it is referenced. New ones are added at the end. */
static NTSTATUS QueryProcesses(PEXP_OUTPUT Output, BOOLEAN Extended)
{
    PROCESS_LIST List = {.Output = Output, .Extended = Extended};
    PEPROCESS Process = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    List.ThreadLength =
        Extended ? sizeof(SYSTEM_EXTENDED_THREAD_INFORMATION) : sizeof(SYSTEM_THREAD_INFORMATION);
    while (NT_SUCCESS(Status) && (Process = PsNextProcess(Process)) != NULL) {
        Status = AppendProcess(&List, Process);
        List.Previous = List.Start;
        List.Start = Output->Needed;
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
        if (!NT_SUCCESS(Status))
            ObDereferenceObject(Process);
    }
    return NT_SUCCESS(Status) ? ExpEndAnswer(Output) : Status;
}

NTSTATUS ExpQueryProcesses(PEXP_OUTPUT Output)
{
    return QueryProcesses(Output, FALSE);
}

NTSTATUS ExpQueryExtendedProcesses(PEXP_OUTPUT Output)
{
    return QueryProcesses(Output, TRUE);
}

/* ---- A process by its number ---- */

/* The name with a NUL, into the client's buffer; in MaximumLength what it needs. */
static NTSTATUS ReturnImageName(PEPROCESS Process, PUNICODE_STRING Room)
{
    static const WCHAR Nul = 0;
    CLIENT(PCHAR) Buffer = (CLIENT(PCHAR))Room->Buffer;
    USHORT Length = Process->ImagePath.Length, Needed = (USHORT)(Length + sizeof(Nul));
    BOOLEAN Fits = Room->MaximumLength >= Needed;
    NTSTATUS Status;

    Room->MaximumLength = Needed;
    if (!Fits)
        return STATUS_INFO_LENGTH_MISMATCH;
    Room->Length = Length;
    Status = MmCopyToClient(Buffer, Process->ImagePath.Buffer, Length);
    return NT_SUCCESS(Status) ? MmCopyToClient(Buffer + Length, &Nul, sizeof(Nul)) : Status;
}

NTSTATUS ExpQueryProcessId(PEXP_OUTPUT Output)
{
    SYSTEM_PROCESS_ID_INFORMATION Information;
    PEPROCESS Process;
    NTSTATUS Status, WriteStatus;

    Output->Needed = sizeof(Information);
    if (Output->Length != sizeof(Information))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyFromClient(&Information, Output->Information, sizeof(Information));
    if (!NT_SUCCESS(Status))
        return Status;
    if (Information.ImageName.Length || Information.ImageName.MaximumLength % sizeof(WCHAR))
        return STATUS_INVALID_PARAMETER;
    Status = PsLookupProcessById(Information.ProcessId, &Process);
    if (!NT_SUCCESS(Status))
        return STATUS_INVALID_CID;
    Status = ReturnImageName(Process, &Information.ImageName);
    ObDereferenceObject(Process);
    if (!NT_SUCCESS(Status) && Status != STATUS_INFO_LENGTH_MISMATCH)
        return Status;
    WriteStatus = MmCopyToClient(Output->Information, &Information, sizeof(Information));
    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}
