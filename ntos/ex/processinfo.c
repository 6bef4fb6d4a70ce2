/* SPDX-License-Identifier: BSD-2-Clause */
/* SystemProcessInformation: all processes with their threads, as one block of entries of different
 * length. */
#include "exp.h"

typedef struct _SYSTEM_PROCESS_INFORMATION *PENTRY;

static ULONG NameLength(PEPROCESS Process)
{
    return (ULONG)wcsnlen(Process->ImageName, ARRAYSIZE(Process->ImageName)) * sizeof(WCHAR);
}

static ULONG EntryLength(PEPROCESS Process)
{
    ULONG Length = sizeof(SYSTEM_PROCESS_INFORMATION) + NameLength(Process) + sizeof(WCHAR);

    Length += Process->ActiveThreads * sizeof(SYSTEM_THREAD_INFORMATION);
    return (ULONG)ALIGN_UP_BY(Length, 8);
}

static PEPROCESS NextProcess(PLIST_ENTRY Entry)
{
    return CONTAINING_RECORD(Entry, EPROCESS, ActiveProcessLinks);
}

static ULONG TotalLength(void)
{
    ULONG Total = 0;
    PLIST_ENTRY Entry;

    for (Entry = PsActiveProcessHead.Flink; Entry != &PsActiveProcessHead; Entry = Entry->Flink)
        Total += EntryLength(NextProcess(Entry));
    return Total;
}

static void FillThread(PSYSTEM_THREAD_INFORMATION Information, PETHREAD Thread)
{
    Information->CreateTime.QuadPart = Thread->CreateTime;
    Information->StartAddress = Thread->StartAddress;
    Information->ClientId.UniqueProcess = Thread->Process->UniqueProcessId;
    Information->ClientId.UniqueThread = Thread->UniqueThreadId;
    Information->Priority = (KPRIORITY)Thread->Priority;
    Information->BasePriority = (KPRIORITY)Thread->Priority;
    Information->ContextSwitches = (ULONG)Thread->WaitCount;
    Information->ThreadState = Thread->ServiceStack || Thread->SuspendCount ? Waiting : Ready;
    Information->WaitReason = Thread->SuspendCount ? Suspended : UserRequest;
    if (Thread == KeGetCurrentThread())
        Information->ThreadState = Running;
}

static PWSTR FillThreads(PENTRY Information, PEPROCESS Process)
{
    PLIST_ENTRY Entry;

    for (Entry = Process->ThreadListHead.Flink; Entry != &Process->ThreadListHead;
         Entry = Entry->Flink)
        FillThread(&Information->Threads[Information->NumberOfThreads++],
                   CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry));
    return (PWSTR)&Information->Threads[Information->NumberOfThreads];
}

/* Entry is in our copy; ClientEntry is where it will be in the client's buffer. */
static void FillProcess(PENTRY Information, PEPROCESS Process, PCHAR ClientEntry)
{
    PWSTR Name = FillThreads(Information, Process);

    memcpy(Name, Process->ImageName, NameLength(Process));
    Information->ImageName.Length = (USHORT)NameLength(Process);
    Information->ImageName.MaximumLength = Information->ImageName.Length + sizeof(WCHAR);
    Information->ImageName.Buffer = (PWSTR)(ClientEntry + ((PCHAR)Name - (PCHAR)Information));
    Information->CreateTime.QuadPart = Process->CreateTime;
    Information->BasePriority = PS_DEFAULT_PRIORITY;
    Information->UniqueProcessId = Process->UniqueProcessId;
    Information->InheritedFromUniqueProcessId = Process->InheritedFromUniqueProcessId;
    Information->HandleCount = ObGetHandleCount(Process);
    Information->NumberOfThreadsHighWatermark = Process->ThreadsCreated;
    Information->VirtualSize = Process->Vm.VirtualSize;
    Information->PeakVirtualSize = Process->Vm.VirtualSize;
    Information->PageFaultCount = Process->Vm.FaultCount;
    Information->WorkingSetSize = Process->Vm.WorkingSetPages * NEPTUNE_PAGE_SIZE;
    Information->PeakWorkingSetSize = Process->Vm.PeakWorkingSetPages * NEPTUNE_PAGE_SIZE;
    Information->PagefileUsage = Process->Vm.CommitPages * NEPTUNE_PAGE_SIZE;
    Information->PrivatePageCount = Process->Vm.CommitPages * NEPTUNE_PAGE_SIZE;
}

static void FillAll(PCHAR Copy, PCHAR Client)
{
    PLIST_ENTRY Entry;
    ULONG Offset = 0;

    for (Entry = PsActiveProcessHead.Flink; Entry != &PsActiveProcessHead; Entry = Entry->Flink) {
        PENTRY Information = (PENTRY)(Copy + Offset);
        ULONG Length = EntryLength(NextProcess(Entry));

        FillProcess(Information, NextProcess(Entry), Client + Offset);
        if (Entry->Flink != &PsActiveProcessHead)
            Information->NextEntryOffset = Length;
        Offset += Length;
    }
}

/* The block is made whole before the client's memory is touched, since that may wait. */
NTSTATUS ExpQueryProcesses(PVOID Information, ULONG Length, PULONG Needed)
{
    NTSTATUS Status;
    PCHAR Copy;

    *Needed = TotalLength();
    if (Length < *Needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    Copy = ExAllocatePool(*Needed);
    if (!Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    FillAll(Copy, Information);
    Status = MmCopyToClient(Information, Copy, *Needed);
    ExFreePool(Copy);
    return Status;
}
