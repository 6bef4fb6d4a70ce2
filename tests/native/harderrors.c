/* SPDX-License-Identifier: BSD-2-Clause */
/* Hard errors: what is told and what not, smss's answers, and what nobody can do to smss with them.
 */
#include "security.h"
#include "waiting.h"

#define PORT u"\\SmApiPort"
#define NOTICE ((NTSTATUS)0x40000123) /* no error */

static UNICODE_STRING Text = RTL_CONSTANT_STRING(u"a test of hard errors");

/* Its response; the status is expected. */
static ULONG Raise(NTSTATUS Error, ULONG Options, NTSTATUS Expected)
{
    ULONG_PTR Parameters[] = {(ULONG_PTR)&Text, 5};
    ULONG Response = 99;

    ok_status(NtRaiseHardError(Error, 2, 1, Parameters, Options, &Response), Expected,
              "an error is raised");
    return Response;
}

static void TestArguments(void)
{
    ULONG_PTR Parameters[2] = {(ULONG_PTR)&Text, 5};
    UNICODE_STRING Unreadable = {0xfffe, 0xfffe, (PWSTR)16};
    ULONG Response = 99;

    ok_status(NtRaiseHardError(STATUS_DLL_NOT_FOUND, 6, 0, Parameters, OptionOk, &Response),
              STATUS_INVALID_PARAMETER_2, "too many parameters");
    ok_status(NtRaiseHardError(STATUS_DLL_NOT_FOUND, 1, 0, NULL, OptionOk, &Response),
              STATUS_INVALID_PARAMETER_4, "none at all");
    ok_status(
        NtRaiseHardError(STATUS_DLL_NOT_FOUND, 0, 0, NULL, OptionCancelTryContinue + 1, &Response),
        STATUS_INVALID_PARAMETER_4, "no such options");
    ok_status(NtRaiseHardError(STATUS_DLL_NOT_FOUND, 0, 0, NULL, OptionOk, (PULONG)16),
              STATUS_ACCESS_VIOLATION, "nowhere to answer");
    ok_status(NtRaiseHardError(STATUS_DLL_NOT_FOUND, 1, 0, (PULONG_PTR)16, OptionOk, &Response),
              STATUS_ACCESS_VIOLATION, "parameters from nowhere");
    Parameters[0] = 16;
    ok_status(NtRaiseHardError(STATUS_DLL_NOT_FOUND, 1, 1, Parameters, OptionOk, &Response),
              STATUS_ACCESS_VIOLATION, "a string that is not there");
    ok(Response == 99, "there was no answer");
    Parameters[0] = (ULONG_PTR)&Unreadable;
    ok_status(
        NtRaiseHardError(STATUS_DLL_NOT_FOUND, 1, 0xffffffff, Parameters, OptionOk, &Response),
        STATUS_SUCCESS, "characters that cannot be read are not shown");
    ok(Response == ResponseOk, "but the error is");
}

static void TestResponses(void)
{
    for (ULONG Options = OptionAbortRetryIgnore; Options <= OptionCancelTryContinue; Options++) {
        if (Options == OptionShutdownSystem)
            continue;
        ok(Raise(NOTICE, Options, STATUS_SUCCESS) ==
               (Options == OptionOk || Options == OptionOkNoWait ? ResponseOk
                                                                 : ResponseReturnToCaller),
           "OK if that is all there is to say");
    }
}

/* Those of the process and of the thread. */
static void TestErrorModes(void)
{
    ULONG Before, None = 0, Enabled = 1, Old;

    NtQueryInformationProcess(NtCurrentProcess(), ProcessDefaultHardErrorMode, &Before,
                              sizeof(Before), NULL);
    NtSetInformationProcess(NtCurrentProcess(), ProcessDefaultHardErrorMode, &None, sizeof(None));
    ok(Raise(STATUS_DLL_NOT_FOUND, OptionOk, STATUS_SUCCESS) == ResponseReturnToCaller,
       "a process that wants none told is not asked");
    ok(Raise(STATUS_DLL_NOT_FOUND | HARDERROR_OVERRIDE_ERRORMODE, OptionOk, STATUS_SUCCESS) ==
           ResponseOk,
       "but an error may override that");
    NtSetInformationProcess(NtCurrentProcess(), ProcessDefaultHardErrorMode, &Enabled,
                            sizeof(Enabled));
    RtlSetThreadErrorMode(RTL_ERRORMODE_FAILCRITICALERRORS, &Old);
    ok(Raise(STATUS_DLL_NOT_FOUND, OptionOk, STATUS_SUCCESS) == ResponseReturnToCaller,
       "nor a thread that wants none");
    ok(Raise(STATUS_DLL_NOT_FOUND | HARDERROR_OVERRIDE_ERRORMODE, OptionOk, STATUS_SUCCESS) ==
           ResponseReturnToCaller,
       "in any case");
    RtlSetThreadErrorMode(0, NULL);
    ok(Raise(STATUS_DLL_NOT_FOUND, OptionOk, STATUS_SUCCESS) == ResponseOk, "as before");
    RtlSetThreadErrorMode(Old, NULL);
    NtSetInformationProcess(NtCurrentProcess(), ProcessDefaultHardErrorMode, &Before,
                            sizeof(Before));
}

static void TestPrivileges(void)
{
    BOOLEAN Shutdown, Tcb, Ignored;

    RtlAdjustPrivilege(SE_SHUTDOWN_PRIVILEGE, FALSE, FALSE, &Shutdown);
    ok(Raise(STATUS_DLL_NOT_FOUND, OptionShutdownSystem, STATUS_PRIVILEGE_NOT_HELD) ==
           ResponseNotHandled,
       "not everybody stops the system");
    RtlAdjustPrivilege(SE_SHUTDOWN_PRIVILEGE, TRUE, FALSE, &Ignored);
    ok(Raise(NOTICE, OptionShutdownSystem, STATUS_SUCCESS) == ResponseReturnToCaller,
       "and not with what is no error");
    RtlAdjustPrivilege(SE_SHUTDOWN_PRIVILEGE, Shutdown, FALSE, &Ignored);
    RtlAdjustPrivilege(SE_TCB_PRIVILEGE, FALSE, FALSE, &Tcb);
    ok_status(NtSetDefaultHardErrorPort(NULL), STATUS_PRIVILEGE_NOT_HELD,
              "handling errors wants a privilege");
    RtlAdjustPrivilege(SE_TCB_PRIVILEGE, TRUE, FALSE, &Ignored);
    ok_status(NtSetDefaultHardErrorPort(NULL), STATUS_UNSUCCESSFUL, "and smss does it already");
    RtlAdjustPrivilege(SE_TCB_PRIVILEGE, Tcb, FALSE, &Ignored);
}

/* ---- smss has nothing to fear ---- */

static HANDLE OpenSmss(void)
{
    static ULONGLONG Buffer[0x8000 / sizeof(ULONGLONG)];
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"smss.exe");
    PSYSTEM_PROCESS_INFORMATION Entry = (PSYSTEM_PROCESS_INFORMATION)Buffer;
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = {0};
    HANDLE Process = NULL;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    NtQuerySystemInformation(SystemProcessInformation, Buffer, sizeof(Buffer), NULL);
    while (!RtlEqualUnicodeString(&Entry->ImageName, &Name, TRUE) && Entry->NextEntryOffset)
        Entry = (PSYSTEM_PROCESS_INFORMATION)((PUCHAR)Entry + Entry->NextEntryOffset);
    Id.UniqueProcess = Entry->UniqueProcessId;
    NtOpenProcess(&Process, PROCESS_QUERY_INFORMATION, &Attributes, &Id);
    return Process;
}

static ULONG HandlesOf(HANDLE Process)
{
    PROCESS_HANDLE_COUNT Count = {0};

    NtQueryInformationProcess(Process, ProcessHandleCount, &Count, sizeof(Count), NULL);
    return Count.HandleCount;
}

static NTSTATUS Connect(PHANDLE Port)
{
    SECURITY_QUALITY_OF_SERVICE SecurityQos = {sizeof(SecurityQos), SecurityImpersonation,
                                               SECURITY_DYNAMIC_TRACKING, TRUE};
    UNICODE_STRING Name = RTL_CONSTANT_STRING(PORT);

    return NtConnectPort(Port, &Name, &SecurityQos, NULL, NULL, NULL, NULL, NULL);
}

static NTSTATUS ConnectAlpc(PHANDLE Port, ULONG Flags)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(PORT);

    return NtAlpcConnectPort(Port, &Name, NULL, NULL, Flags, NULL, NULL, NULL, NULL, NULL, NULL);
}

static volatile BOOLEAN Enough;

/* Threads that do nothing but that, until they are ended. */
static NTSTATUS NTAPI ConnectAlways(PVOID Argument)
{
    HANDLE Port;

    UNREFERENCED_PARAMETER(Argument);
    while (!Enough)
        Connect(&Port);
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI RaiseAlways(PVOID Argument)
{
    ULONG Response;

    UNREFERENCED_PARAMETER(Argument);
    while (!Enough)
        NtRaiseHardError(NOTICE, 0, 0, NULL, OptionOk, &Response);
    return STATUS_SUCCESS;
}

static void TestConnections(void)
{
    HANDLE Port;
    ULONG Refused = 0;

    for (ULONG i = 0; i < 50; i++)
        Refused += Connect(&Port) == STATUS_PORT_CONNECTION_REFUSED;
    ok(Refused == 50, "nobody can connect to the port");
    for (ULONG i = Refused = 0; i < 50; i++)
        Refused += ConnectAlpc(&Port, ALPC_MSGFLG_SYNC_REQUEST) == STATUS_PORT_CONNECTION_REFUSED;
    ok(Refused == 50, "nor by way of ALPC");
    for (ULONG i = 0; i < 50; i++)
        if (NT_SUCCESS(ConnectAlpc(&Port, 0)))
            NtClose(Port);
    ok(Raise(NOTICE, OptionOk, STATUS_SUCCESS) == ResponseOk, "who does not wait is forgotten");
}

#define CROWD 8

/* Others are answered beside a crowd that never ceases, whose threads are ended while they wait. */
static void TestCrowd(PUSER_THREAD_START_ROUTINE Routine)
{
    HANDLE Threads[CROWD];
    ULONG Right = 0;

    Enough = FALSE;
    for (ULONG i = 0; i < CROWD; i++)
        Threads[i] = StartThread(Routine, NULL);
    for (ULONG i = 0; i < 10; i++)
        Right += Raise(NOTICE, OptionOk, STATUS_SUCCESS) == ResponseOk;
    ok(Right == 10, "errors are told beside a crowd");
    for (ULONG i = 0; i < CROWD / 2; i++)
        NtTerminateThread(Threads[i], STATUS_SUCCESS);
    Enough = TRUE;
    for (ULONG i = 0; i < CROWD; i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "who waits can be ended");
    ok(Raise(NOTICE, OptionOk, STATUS_SUCCESS) == ResponseOk, "and others go on");
}

/* A sender that is suspended does not keep smss, nor one that shares its address of strings. */
static void TestSuspended(void)
{
    HANDLE Thread;

    Enough = FALSE;
    Thread = StartThread(RaiseAlways, NULL);
    Sleep(5);
    NtSuspendThread(Thread, NULL);
    for (ULONG i = 0; i < 5; i++)
        ok(Raise(NOTICE, OptionOk, STATUS_SUCCESS) == ResponseOk, "beside one that is suspended");
    NtTerminateThread(Thread, STATUS_SUCCESS);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "which is ended then");
}

void TestHardErrors(void)
{
    HANDLE Smss = OpenSmss();
    ULONG Handles = HandlesOf(Smss);
    SIZE_T Pages;
    NEP_RESOURCES Resources;

    TestArguments();
    TestResponses();
    TestErrorModes();
    TestPrivileges();
    TestConnections();
    NepQueryResources(&Resources);
    Pages = Resources.CommittedPages;
    TestCrowd(ConnectAlways);
    TestCrowd(RaiseAlways);
    TestSuspended();
    NepQueryResources(&Resources);
    ok(Handles && HandlesOf(Smss) == Handles, "smss has the handles that it had");
    ok(Resources.CommittedPages <= Pages + 16, "and nothing is left of all that");
    NtClose(Smss);
}

/* "umtests stopscreen": for a machine of its own. */
NTSTATUS StopScreenChild(void)
{
    BOOLEAN Before;

    RtlAdjustPrivilege(SE_SHUTDOWN_PRIVILEGE, TRUE, FALSE, &Before);
    Raise(STATUS_SYSTEM_PROCESS_TERMINATED, OptionShutdownSystem, STATUS_SUCCESS);
    return STATUS_UNSUCCESSFUL;
}
