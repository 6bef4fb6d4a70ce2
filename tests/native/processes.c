/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes: creation, exit status, termination, queries; thousands of them without loss are in
 * leaks below. */
#include "tap.h"
#include "../../base/program/program.h"

#define SELF u"\\SystemRoot\\tests\\umtests.exe"

static NTSTATUS StartProgram(PCWSTR Path, PCWSTR CommandLine, PHANDLE Process, PHANDLE Thread)
{
    RTL_USER_PROCESS_INFORMATION Information;
    NTSTATUS Status = CreateProgram(Path, CommandLine, &Information);

    if (!NT_SUCCESS(Status))
        return Status;
    *Process = Information.ProcessHandle;
    *Thread = Information.ThreadHandle;
    return NtResumeThread(*Thread, NULL);
}

NTSTATUS StartSelf(PCWSTR CommandLine, PHANDLE Process, PHANDLE Thread)
{
    return StartProgram(SELF, CommandLine, Process, Thread);
}

NTSTATUS RunProgram(PCWSTR Path, PCWSTR CommandLine, ULONG Seconds)
{
    LARGE_INTEGER Limit = {.QuadPart = -10000000LL * Seconds};
    HANDLE Process, Thread;
    NTSTATUS Status = StartProgram(Path, CommandLine, &Process, &Thread);

    if (!NT_SUCCESS(Status))
        return STATUS_UNSUCCESSFUL;
    Status = NtWaitForSingleObject(Process, FALSE, &Limit);
    if (Status == STATUS_TIMEOUT) {
        NtTerminateProcess(Process, STATUS_TIMEOUT);
        NtWaitForSingleObject(Process, FALSE, NULL);
    }
    Status = ProgramExitStatus(Process);
    NtClose(Thread);
    NtClose(Process);
    return Status;
}

HANDLE ProcessNamed(PCWSTR Image)
{
    static ULONGLONG Buffer[0x10000 / sizeof(ULONGLONG)];
    PSYSTEM_PROCESS_INFORMATION Entry = (PSYSTEM_PROCESS_INFORMATION)Buffer;
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, Image);
    if (!NT_SUCCESS(
            NtQuerySystemInformation(SystemProcessInformation, Buffer, sizeof(Buffer), NULL)))
        return NULL;
    for (;; Entry = (PSYSTEM_PROCESS_INFORMATION)((PUCHAR)Entry + Entry->NextEntryOffset)) {
        if (Entry->NumberOfThreads && RtlEqualUnicodeString(&Entry->ImageName, &Name, TRUE))
            return Entry->UniqueProcessId;
        if (!Entry->NextEntryOffset)
            return NULL;
    }
}

NTSTATUS EndProcess(HANDLE Number, NTSTATUS ExitStatus, BOOLEAN Wait)
{
    CLIENT_ID Id = {.UniqueProcess = Number};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Process;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Status = NtOpenProcess(&Process, PROCESS_TERMINATE | SYNCHRONIZE, &Attributes, &Id);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtTerminateProcess(Process, ExitStatus);
    if (NT_SUCCESS(Status) && Wait)
        Status = NtWaitForSingleObject(Process, FALSE, NULL);
    NtClose(Process);
    return Status;
}

NTSTATUS EndProcessNamed(PCWSTR Image, BOOLEAN Wait)
{
    return EndProcess(ProcessNamed(Image), 0x77, Wait);
}

NTSTATUS RunSelf(PCWSTR CommandLine, ULONG Seconds)
{
    return RunProgram(SELF, CommandLine, Seconds);
}

static void TestTermination(void)
{
    LARGE_INTEGER Zero = {.QuadPart = 0};
    HANDLE Process, Thread;

    if (!ok_status(StartSelf(u"umtests sleep", &Process, &Thread), STATUS_SUCCESS,
                   "start a process that sleeps"))
        return;
    ok_status(NtWaitForSingleObject(Process, FALSE, &Zero), STATUS_TIMEOUT,
              "a running process is not signalled");
    ok_status(ProgramExitStatus(Process), STATUS_PENDING,
              "a running process has exit status STATUS_PENDING");
    ok_status(NtTerminateProcess(Process, 77), STATUS_SUCCESS,
              "end it from outside while it waits");
    ok_status(NtWaitForSingleObject(Process, FALSE, NULL), STATUS_SUCCESS,
              "an ended process is signalled");
    ok_status(ProgramExitStatus(Process), 77, "it has the exit status given");
    ok_status(NtTerminateProcess(Process, 78), STATUS_PROCESS_IS_TERMINATING,
              "it cannot be ended twice");
    ok_status(NtClose(Thread), STATUS_SUCCESS, "close its thread");
    ok_status(NtClose(Process), STATUS_SUCCESS, "close it");
}

static void TestOpen(void)
{
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = NtCurrentTeb()->ClientId;
    CLIENT_ID Wrong = {.UniqueProcess = (HANDLE)(ULONG_PTR)0x7ffffffc};
    PROCESS_BASIC_INFORMATION Basic;
    HANDLE Process;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Id.UniqueThread = NULL;
    if (ok_status(NtOpenProcess(&Process, PROCESS_QUERY_LIMITED_INFORMATION, &Attributes, &Id),
                  STATUS_SUCCESS, "open myself by id")) {
        ok_status(NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic),
                                            NULL),
                  STATUS_SUCCESS, "query with the right to query");
        ok((HANDLE)Basic.UniqueProcessId == Id.UniqueProcess, "it is me");
        ok(Basic.PebBaseAddress == NtCurrentTeb()->ProcessEnvironmentBlock, "with my PEB");
        ok_status(NtTerminateProcess(Process, 0), STATUS_ACCESS_DENIED,
                  "ending needs PROCESS_TERMINATE");
        NtClose(Process);
    }
    ok_status(NtOpenProcess(&Process, PROCESS_QUERY_INFORMATION, &Attributes, &Wrong),
              STATUS_INVALID_CID, "open a process that does not exist");
    ok_status(
        NtQueryInformationProcess(NtCurrentProcess(), ProcessBasicInformation, &Basic, 3, NULL),
        STATUS_INFO_LENGTH_MISMATCH, "query with a wrong length");
    ok_status(NtQueryInformationProcess(NtCurrentProcess(), (PROCESSINFOCLASS)0xfff, &Basic,
                                        sizeof(Basic), NULL),
              STATUS_INVALID_INFO_CLASS, "query of a class that does not exist");
}

static void TestQueryOrder(void)
{
    PROCESS_BASIC_INFORMATION Basic;
    THREAD_BASIC_INFORMATION Thread;
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = NtCurrentTeb()->ClientId;
    ULONG Length = 0;
    HANDLE Handle;

    ok_status(NtQueryInformationProcess(NULL, ProcessBasicInformation, NULL, 0, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "a process query's length comes before its handle");
    ok_status(NtQueryInformationProcess(NULL, ProcessTimes, NULL, 3, &Length),
              STATUS_INFO_LENGTH_MISMATCH, "whatever the class");
    ok(Length == sizeof(KERNEL_USER_TIMES), "and says what it should be");
    ok_status(NtQueryInformationProcess(NULL, (PROCESSINFOCLASS)0xfff, NULL, 0, NULL),
              STATUS_INVALID_INFO_CLASS, "the class comes before it too");
    ok_status(NtQueryInformationProcess(NULL, ProcessBasicInformation, &Basic, sizeof(Basic), NULL),
              STATUS_INVALID_HANDLE, "with the right length the handle counts");
    ok_status(NtQueryInformationThread(NULL, ThreadBasicInformation, NULL, 0, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "so with threads");
    ok_status(NtQueryInformationThread(NULL, (THREADINFOCLASS)0xfff, NULL, 0, NULL),
              STATUS_INVALID_INFO_CLASS, "and their classes");
    ok_status(NtQueryInformationThread(NULL, ThreadBasicInformation, &Thread, sizeof(Thread), NULL),
              STATUS_INVALID_HANDLE, "and their handles");
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Id.UniqueProcess = (HANDLE)((ULONG_PTR)Id.UniqueProcess | 3);
    Id.UniqueThread = (HANDLE)((ULONG_PTR)Id.UniqueThread | 2);
    if (ok_status(NtOpenThread(&Handle, THREAD_ALL_ACCESS, &Attributes, &Id), STATUS_SUCCESS,
                  "the low bits of ids are ignored: a thread"))
        NtClose(Handle);
    if (ok_status(NtOpenProcess(&Handle, PROCESS_ALL_ACCESS, &Attributes, &Id), STATUS_SUCCESS,
                  "a process by both ids"))
        NtClose(Handle);
    Id.UniqueThread = NULL;
    if (ok_status(NtOpenProcess(&Handle, PROCESS_ALL_ACCESS, &Attributes, &Id), STATUS_SUCCESS,
                  "a process by its own"))
        NtClose(Handle);
}

static void TestLeaks(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Before, After;
    BOOLEAN AllRight = TRUE;

    for (ULONG i = 0; i < 60; i++) {
        if (i == 10)
            NtQuerySystemInformation(SystemPerformanceInformation, &Before, sizeof(Before), NULL);
        AllRight &= RunSelf(u"umtests exit", 10) == 0x1234;
    }
    NtQuerySystemInformation(SystemPerformanceInformation, &After, sizeof(After), NULL);
    ok(AllRight, "sixty processes start and end one after another");
    DbgPrint("# available pages before %u, after %u\n", Before.AvailablePages,
             After.AvailablePages);
    ok(After.AvailablePages + 4 >= Before.AvailablePages, "fifty of them cost no memory for good");
}

void TestProcesses(void)
{
    UNICODE_STRING Nothing = RTL_CONSTANT_STRING(u"\\SystemRoot\\nothing.exe");
    UNICODE_STRING Text = RTL_CONSTANT_STRING(u"\\SystemRoot\\readme.txt");
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    RTL_USER_PROCESS_INFORMATION Information;

    ok_status(RunSelf(u"umtests exit", 10), 0x1234, "a process's return value is its exit status");
    TestTermination();
    TestOpen();
    TestQueryOrder();
    TestLeaks();
    if (!ok_status(RtlCreateProcessParametersEx(&Parameters, &Nothing, NULL, NULL, &Nothing, NULL,
                                                NULL, NULL, NULL, NULL,
                                                RTL_USER_PROC_PARAMS_NORMALIZED),
                   STATUS_SUCCESS, "make process parameters"))
        return;
    ok_status(RtlCreateUserProcess(&Nothing, 0, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL,
                                   &Information),
              STATUS_OBJECT_NAME_NOT_FOUND, "a program that does not exist");
    ok_status(RtlCreateUserProcess(&Text, 0, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL,
                                   &Information),
              STATUS_INVALID_IMAGE_NOT_MZ, "a program that is no program");
    RtlDestroyProcessParameters(Parameters);
}
