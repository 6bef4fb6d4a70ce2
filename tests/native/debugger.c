/* SPDX-License-Identifier: BSD-2-Clause */
/* A debugger, as the tests of debug objects are. */
#include "debugger.h"

#define SELF u"\\SystemRoot\\tests\\umtests.exe"

/* Where ntdll has a routine, and not where this program jumps there. */
PVOID DebugRoutine(PCSTR Name)
{
    UNICODE_STRING Dll = RTL_CONSTANT_STRING(u"ntdll.dll");
    ANSI_STRING String;
    PVOID Base, Address = NULL;

    RtlInitAnsiString(&String, Name);
    LdrGetDllHandle(NULL, NULL, &Dll, &Base);
    LdrGetProcedureAddress(Base, &String, 0, &Address);
    return Address;
}

HANDLE DebugObject(ULONG Flags)
{
    HANDLE Object = NULL;

    ok_status(NtCreateDebugObject(&Object, DEBUG_ALL_ACCESS, NULL, Flags), STATUS_SUCCESS,
              "a debug object");
    return Object;
}

/* Suspended. */
NTSTATUS DebugCreate(ULONG Number, HANDLE Object, ULONG Flags, PDEBUGGEE Debuggee)
{
    struct {
        SIZE_T TotalLength;
        PS_ATTRIBUTE Attributes[3];
    } List = {.TotalLength = sizeof(List)};
    PS_CREATE_INFO Info = {.Size = sizeof(Info), .State = PsCreateInitialState};
    WCHAR Text[] = u"umtests debuggee 00";
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    UNICODE_STRING Path, Line;
    NTSTATUS Status;

    Text[ARRAYSIZE(Text) - 3] += (WCHAR)(Number / 10);
    Text[ARRAYSIZE(Text) - 2] += (WCHAR)(Number % 10);
    RtlInitUnicodeString(&Path, SELF);
    RtlInitUnicodeString(&Line, Text);
    Debuggee->Object = Object;
    List.Attributes[0] = (PS_ATTRIBUTE){
        .Attribute = PS_ATTRIBUTE_IMAGE_NAME, .Size = Path.Length, .ValuePtr = Path.Buffer};
    List.Attributes[1] = (PS_ATTRIBUTE){.Attribute = PS_ATTRIBUTE_CLIENT_ID,
                                        .Size = sizeof(Debuggee->Id),
                                        .ValuePtr = &Debuggee->Id};
    List.Attributes[2] = (PS_ATTRIBUTE){
        .Attribute = PS_ATTRIBUTE_DEBUG_PORT, .Size = sizeof(HANDLE), .ValuePtr = Object};
    if (!Object)
        List.TotalLength -= sizeof(PS_ATTRIBUTE);
    Status = RtlCreateProcessParametersEx(&Parameters, &Path, NULL, NULL, &Line, NULL, NULL, NULL,
                                          NULL, NULL, RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = NtCreateUserProcess(
        &Debuggee->Process, &Debuggee->Thread, PROCESS_ALL_ACCESS, THREAD_ALL_ACCESS, NULL, NULL,
        Flags, THREAD_CREATE_FLAGS_CREATE_SUSPENDED, Parameters, &Info, (PPS_ATTRIBUTE_LIST)&List);
    RtlDestroyProcessParameters(Parameters);
    return Status;
}

BOOLEAN DebugLaunch(ULONG Number, PDEBUGGEE Debuggee)
{
    if (!ok_status(DebugCreate(Number, DebugObject(DEBUG_KILL_ON_CLOSE), 0, Debuggee),
                   STATUS_SUCCESS, "a process under a debugger"))
        return FALSE;
    NtResumeThread(Debuggee->Thread, NULL);
    return TRUE;
}

NTSTATUS DebugWait(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change, LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};

    memset(Change, 0, sizeof(*Change));
    return NtWaitForDebugEvent(Debuggee->Object, FALSE, &Limit, Change);
}

/* The handles that an event came with. */
void DebugCloseHandles(const DBGUI_WAIT_STATE_CHANGE *Change)
{
    if (Change->NewState == DbgCreateProcessStateChange) {
        NtClose(Change->StateInfo.CreateProcessInfo.HandleToProcess);
        NtClose(Change->StateInfo.CreateProcessInfo.HandleToThread);
        NtClose(Change->StateInfo.CreateProcessInfo.NewProcess.FileHandle);
    } else if (Change->NewState == DbgCreateThreadStateChange) {
        NtClose(Change->StateInfo.CreateThread.HandleToThread);
    } else if (Change->NewState == DbgLoadDllStateChange) {
        NtClose(Change->StateInfo.LoadDll.FileHandle);
    }
}

NTSTATUS DebugContinue(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change, NTSTATUS Answer)
{
    DebugCloseHandles(Change);
    return NtDebugContinue(Debuggee->Object, &Change->AppClientId, Answer);
}

/* Waits for an event of that kind, and answers others before it. FALSE: it does not come. */
BOOLEAN DebugUntil(PDEBUGGEE Debuggee, DBG_STATE State, PDBGUI_WAIT_STATE_CHANGE Change)
{
    for (ULONG i = 0; i < 1000; i++) {
        if (DebugWait(Debuggee, Change, 10000) != STATUS_SUCCESS)
            return FALSE;
        if (Change->NewState == State)
            return TRUE;
        if (DebugContinue(Debuggee, Change, DBG_CONTINUE) != STATUS_SUCCESS)
            return FALSE;
    }
    return FALSE;
}

BOOLEAN DebugNext(PDEBUGGEE Debuggee, DBG_STATE State, PDBGUI_WAIT_STATE_CHANGE Change)
{
    NTSTATUS Status = DebugWait(Debuggee, Change, 10000);

    if (Status == STATUS_SUCCESS && Change->NewState == State)
        return TRUE;
    TapPrint("# status %08x, event %u, expected %u\n", Status, Change->NewState, State);
    return FALSE;
}

NTSTATUS DebugExitStatus(PDEBUGGEE Debuggee)
{
    PROCESS_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_UNSUCCESSFUL};

    if (WaitFor(Debuggee->Process, 10000) != STATUS_SUCCESS)
        return STATUS_TIMEOUT;
    NtQueryInformationProcess(Debuggee->Process, ProcessBasicInformation, &Basic, sizeof(Basic),
                              NULL);
    return Basic.ExitStatus;
}

void DebugClose(PDEBUGGEE Debuggee)
{
    NtClose(Debuggee->Process);
    NtClose(Debuggee->Thread);
    if (Debuggee->Object)
        NtClose(Debuggee->Object);
}

BOOLEAN DebugIsShown(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic;
    BOOLEAN Debugged = 77;

    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    NtReadVirtualMemory(Process, (PCHAR)Basic.PebBaseAddress + FIELD_OFFSET(PEB, BeingDebugged),
                        &Debugged, sizeof(Debugged), NULL);
    return Debugged;
}

ULONG_PTR DebugPortOf(HANDLE Process)
{
    ULONG_PTR Port = 1;

    NtQueryInformationProcess(Process, ProcessDebugPort, &Port, sizeof(Port), NULL);
    return Port;
}

void DebugCheckFile(HANDLE File)
{
    LARGE_INTEGER Start = {0};
    IO_STATUS_BLOCK Iosb;
    CHAR Text[2] = {0};

    ok(File != NULL, "there is a handle to its file");
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Text, sizeof(Text), &Start, NULL),
              STATUS_SUCCESS, "which can be read");
    ok(Text[0] == 'M' && Text[1] == 'Z', "and is an image");
}

void DebugCheckProcess(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change)
{
    DBGUI_CREATE_PROCESS *Create = &Change->StateInfo.CreateProcessInfo;

    ok(Change->AppClientId.UniqueProcess == Debuggee->Id.UniqueProcess &&
           Change->AppClientId.UniqueThread == Debuggee->Id.UniqueThread,
       "of its first thread");
    ok_status(NtCompareObjects(Create->HandleToProcess, Debuggee->Process), STATUS_SUCCESS,
              "with a handle to the process");
    ok_status(NtCompareObjects(Create->HandleToThread, Debuggee->Thread), STATUS_SUCCESS,
              "and to the thread");
    ok(Create->NewProcess.BaseOfImage != NULL, "and the program's base");
    ok(Create->NewProcess.InitialThread.StartAddress > Create->NewProcess.BaseOfImage,
       "and its entry point");
    DebugCheckFile(Create->NewProcess.FileHandle);
}

/* The name ends as expected, and with a zero. */
/* A process with two threads that spin. */
BOOLEAN DebugStartSpinning(PDEBUGGEE Debuggee)
{
    if (!ok_status(DebugCreate(ChildSpins, NULL, 0, Debuggee), STATUS_SUCCESS,
                   "a process that spins"))
        return FALSE;
    NtResumeThread(Debuggee->Thread, NULL);
    Sleep(100);
    return TRUE;
}

/* Whether the threads stand still. */
BOOLEAN DebugAreStill(PDEBUGGEE Debuggee, ULONG First, ULONG Last)
{
    ULONG Before[2] = {0}, After[2] = {1};

    NtReadVirtualMemory(Debuggee->Process, (PVOID)DebuggeeCounters, Before, sizeof(Before), NULL);
    Sleep(50);
    NtReadVirtualMemory(Debuggee->Process, (PVOID)DebuggeeCounters, After, sizeof(After), NULL);
    for (; First <= Last; First++)
        if (Before[First] != After[First])
            return FALSE;
    return TRUE;
}

BOOLEAN DebugIsStill(PDEBUGGEE Debuggee)
{
    return DebugAreStill(Debuggee, 0, 1);
}
