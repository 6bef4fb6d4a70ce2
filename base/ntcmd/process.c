/* SPDX-License-Identifier: BSD-2-Clause */
/* ps, kill and fg. */
#include "ntcmd.h"
#include "keyboard.h"

#define MAXIMUM_PROCESS_BYTES 0x100000

/* All processes in a buffer of the right size, on the heap; NULL with a message when it cannot be
 * had. */
static PVOID QueryProcesses(void)
{
    NTSTATUS Status = STATUS_INFO_LENGTH_MISMATCH;
    ULONG Size = 0x4000, Needed;

    while (Status == STATUS_INFO_LENGTH_MISMATCH && Size <= MAXIMUM_PROCESS_BYTES) {
        PVOID Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Size);

        if (!Buffer) {
            Status = STATUS_NO_MEMORY;
            break;
        }
        Status = NtQuerySystemInformation(SystemProcessInformation, Buffer, Size, &Needed);
        if (NT_SUCCESS(Status))
            return Buffer;
        RtlFreeHeap(RtlProcessHeap(), 0, Buffer);
        Size *= 2;
    }
    PrintStatus("ps", Status);
    return NULL;
}

/* To NtOpenProcess, as on Windows, numbers that are no multiples of four are the next lower ones: a
 * slip of the keys must not hit another process. */
static NTSTATUS OpenProcess(HANDLE Id, ACCESS_MASK Access, PHANDLE Process)
{
    CLIENT_ID ClientId = {.UniqueProcess = Id};
    OBJECT_ATTRIBUTES Attributes;

    if ((ULONG_PTR)Id % 4)
        return STATUS_INVALID_CID;
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    return NtOpenProcess(Process, Access, &Attributes, &ClientId);
}

/* A process without threads has ended; something still refers to it, as a driver object does to a
 * dead driver. */
static void PrintState(const SYSTEM_PROCESS_INFORMATION *Entry)
{
    PROCESS_BASIC_INFORMATION Basic;
    HANDLE Process;
    NTSTATUS Status;

    if (Entry->NumberOfThreads || !Entry->UniqueProcessId) {
        Print("running\n");
        return;
    }
    Status = OpenProcess(Entry->UniqueProcessId, PROCESS_QUERY_LIMITED_INFORMATION, &Process);
    if (NT_SUCCESS(Status)) {
        Status = NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic),
                                           NULL);
        NtClose(Process);
    }
    if (NT_SUCCESS(Status))
        Print("ended, status %08x\n", Basic.ExitStatus);
    else
        Print("ended\n");
}

static void PrintProcess(const SYSTEM_PROCESS_INFORMATION *Entry)
{
    ULONG Length = Entry->ImageName.Length / sizeof(WCHAR);

    Print("%6u %7u %7llu K  ", (ULONG)(ULONG_PTR)Entry->UniqueProcessId, Entry->NumberOfThreads,
          (ULONGLONG)Entry->WorkingSetSize / 1024);
    if (Length)
        PrintWide(Entry->ImageName.Buffer, Length);
    else
        Print("Idle");
    for (; Length < 20; Length++)
        Print(" ");
    PrintState(Entry);
}

void ListProcesses(ULONG Count, PWSTR Words[])
{
    PVOID Buffer = QueryProcesses();
    PSYSTEM_PROCESS_INFORMATION Entry = Buffer;

    if (!Buffer)
        return;
    Print("   PID Threads    Memory  Name                State\n");
    for (;;) {
        PrintProcess(Entry);
        if (!Entry->NextEntryOffset)
            break;
        Entry = (PSYSTEM_PROCESS_INFORMATION)((PUCHAR)Entry + Entry->NextEntryOffset);
    }
    RtlFreeHeap(RtlProcessHeap(), 0, Buffer);
}

void KillProcess(ULONG Count, PWSTR Words[])
{
    HANDLE Process;
    NTSTATUS Status;
    ULONG Id;

    if (Count != 2 || !ParseNumber(Words[1], &Id)) {
        Print("kill: give the number of one process, as ps shows it\n");
        return;
    }
    Status = OpenProcess((HANDLE)(ULONG_PTR)Id, PROCESS_TERMINATE | SYNCHRONIZE, &Process);
    if (NT_SUCCESS(Status)) {
        Status = NtTerminateProcess(Process, 1);
        if (NT_SUCCESS(Status))
            Status = NtWaitForSingleObject(Process, FALSE, NULL);
        NtClose(Process);
    }
    if (!NT_SUCCESS(Status))
        PrintStatus("kill", Status);
}

BOOLEAN IsCritical(HANDLE Process)
{
    ULONG Critical;

    return NT_SUCCESS(NtQueryInformationProcess(Process, ProcessBreakOnTermination, &Critical,
                                                sizeof(Critical), NULL)) &&
           Critical;
}

void BringToForeground(ULONG Count, PWSTR Words[])
{
    HANDLE Process;
    NTSTATUS Status;
    ULONG Id;

    if (Count != 2 || !ParseNumber(Words[1], &Id)) {
        Print("fg: give the number of one process, as ps shows it\n");
        return;
    }
    Status = OpenProcess((HANDLE)(ULONG_PTR)Id,
                         PROCESS_TERMINATE | PROCESS_QUERY_INFORMATION | SYNCHRONIZE, &Process);
    if (!NT_SUCCESS(Status)) {
        PrintStatus("fg", Status);
        return;
    }
    if (Id == (ULONG)(ULONG_PTR)NtCurrentTeb()->ClientId.UniqueProcess) {
        Print("fg: that is this prompt\n");
    } else if (IsCritical(Process)) {
        Print("fg: the system needs that process: Ctrl+C must not end it\n");
    } else {
        HandOverKeyboard((HANDLE)(ULONG_PTR)Id);
        WaitForProcess(Process);
        HandOverKeyboard(NULL);
    }
    NtClose(Process);
}
