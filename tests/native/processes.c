/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes: creation, exit status, termination, queries; thousands of them without loss are in leaks below. */
#include "tap.h"

NTSTATUS StartSelf(PCWSTR CommandLine, PHANDLE Process, PHANDLE Thread)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    RTL_USER_PROCESS_INFORMATION Information;
    UNICODE_STRING Image, Line;
    NTSTATUS Status;

    RtlInitUnicodeString(&Image, u"\\SystemRoot\\tests\\umtests.exe");
    RtlInitUnicodeString(&Line, CommandLine);
    Status = RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Line, NULL, NULL, NULL, NULL, NULL,
                                          RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlCreateUserProcess(&Image, OBJ_CASE_INSENSITIVE, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL,
                                  &Information);
    RtlDestroyProcessParameters(Parameters);
    if (!NT_SUCCESS(Status))
        return Status;
    *Process = Information.ProcessHandle;
    *Thread = Information.ThreadHandle;
    return NtResumeThread(*Thread, NULL);
}

static NTSTATUS ExitStatusOf(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic;
    NTSTATUS Status = NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);

    return NT_SUCCESS(Status) ? Basic.ExitStatus : Status;
}

NTSTATUS RunSelf(PCWSTR CommandLine, ULONG Seconds)
{
    LARGE_INTEGER Limit = { .QuadPart = -10000000LL * Seconds };
    HANDLE Process, Thread;
    NTSTATUS Status = StartSelf(CommandLine, &Process, &Thread);

    if (!NT_SUCCESS(Status))
        return STATUS_UNSUCCESSFUL;
    Status = NtWaitForSingleObject(Process, FALSE, &Limit);
    if (Status == STATUS_TIMEOUT) {
        NtTerminateProcess(Process, STATUS_TIMEOUT);
        NtWaitForSingleObject(Process, FALSE, NULL);
    }
    Status = ExitStatusOf(Process);
    NtClose(Thread);
    NtClose(Process);
    return Status;
}

static void TestTermination(void)
{
    LARGE_INTEGER Zero = { .QuadPart = 0 };
    HANDLE Process, Thread;

    if (!ok_status(StartSelf(u"umtests sleep", &Process, &Thread), STATUS_SUCCESS, "start a process that sleeps"))
        return;
    ok_status(NtWaitForSingleObject(Process, FALSE, &Zero), STATUS_TIMEOUT, "a running process is not signalled");
    ok_status(ExitStatusOf(Process), STATUS_PENDING, "a running process has exit status STATUS_PENDING");
    ok_status(NtTerminateProcess(Process, 77), STATUS_SUCCESS, "end it from outside while it waits");
    ok_status(NtWaitForSingleObject(Process, FALSE, NULL), STATUS_SUCCESS, "an ended process is signalled");
    ok_status(ExitStatusOf(Process), 77, "it has the exit status given");
    ok_status(NtTerminateProcess(Process, 78), STATUS_PROCESS_IS_TERMINATING, "it cannot be ended twice");
    ok_status(NtClose(Thread), STATUS_SUCCESS, "close its thread");
    ok_status(NtClose(Process), STATUS_SUCCESS, "close it");
}

static void TestOpen(void)
{
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = NtCurrentTeb()->ClientId;
    CLIENT_ID Wrong = { .UniqueProcess = (HANDLE)(ULONG_PTR)0x7ffffffc };
    PROCESS_BASIC_INFORMATION Basic;
    HANDLE Process;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    Id.UniqueThread = NULL;
    if (ok_status(NtOpenProcess(&Process, PROCESS_QUERY_LIMITED_INFORMATION, &Attributes, &Id), STATUS_SUCCESS,
                  "open myself by id")) {
        ok_status(NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL),
                  STATUS_SUCCESS, "query with the right to query");
        ok((HANDLE)Basic.UniqueProcessId == Id.UniqueProcess, "it is me");
        ok(Basic.PebBaseAddress == NtCurrentTeb()->ProcessEnvironmentBlock, "with my PEB");
        ok_status(NtTerminateProcess(Process, 0), STATUS_ACCESS_DENIED, "ending needs PROCESS_TERMINATE");
        NtClose(Process);
    }
    ok_status(NtOpenProcess(&Process, PROCESS_QUERY_INFORMATION, &Attributes, &Wrong), STATUS_INVALID_CID,
              "open a process that does not exist");
    ok_status(NtQueryInformationProcess(NtCurrentProcess(), ProcessBasicInformation, &Basic, 3, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "query with a wrong length");
    ok_status(NtQueryInformationProcess(NtCurrentProcess(), (PROCESSINFOCLASS)0xfff, &Basic, sizeof(Basic), NULL),
              STATUS_INVALID_INFO_CLASS, "query of a class that does not exist");
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
    DbgPrint("# available pages before %u, after %u\n", Before.AvailablePages, After.AvailablePages);
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
    TestLeaks();
    if (!ok_status(RtlCreateProcessParametersEx(&Parameters, &Nothing, NULL, NULL, &Nothing, NULL, NULL, NULL, NULL,
                                                NULL, RTL_USER_PROC_PARAMS_NORMALIZED),
                   STATUS_SUCCESS, "make process parameters"))
        return;
    ok_status(RtlCreateUserProcess(&Nothing, 0, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL, &Information),
              STATUS_OBJECT_NAME_NOT_FOUND, "a program that does not exist");
    ok_status(RtlCreateUserProcess(&Text, 0, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL, &Information),
              STATUS_INVALID_IMAGE_NOT_MZ, "a program that is no program");
    RtlDestroyProcessParameters(Parameters);
}
