// SPDX-License-Identifier: BSD-2-Clause
/*
 * What debuggers call: each thread that debugs has a debug object, kept in its TEB. (Win32:
 * DebugActiveProcess, WaitForDebugEvent and their like)
 */
#include "rtlp.h"
#include "sehp.h"

#define BREAKIN_STACK 0x4000

static PHANDLE DebugObject(void)
{
    return &NtCurrentTeb()->DbgSsReserved[1];
}

/* Makes the calling thread's debug object, unless it has one. */
NTSTATUS NTAPI DbgUiConnectToDbg(void)
{
    OBJECT_ATTRIBUTES Attributes;

    if (*DebugObject())
        return STATUS_SUCCESS;
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    return NtCreateDebugObject(DebugObject(), DEBUG_ALL_ACCESS, &Attributes, DEBUG_KILL_ON_CLOSE);
}

HANDLE NTAPI DbgUiGetThreadDebugObject(void)
{
    return *DebugObject();
}

void NTAPI DbgUiSetThreadDebugObject(HANDLE Object)
{
    *DebugObject() = Object;
}

NTSTATUS NTAPI DbgUiWaitStateChange(PDBGUI_WAIT_STATE_CHANGE StateChange, PLARGE_INTEGER Timeout)
{
    return NtWaitForDebugEvent(*DebugObject(), TRUE, Timeout, StateChange);
}

NTSTATUS NTAPI DbgUiContinue(PCLIENT_ID AppClientId, NTSTATUS ContinueStatus)
{
    return NtDebugContinue(*DebugObject(), AppClientId, ContinueStatus);
}

NTSTATUS NTAPI DbgUiStopDebugging(HANDLE Process)
{
    return NtRemoveProcessDebug(Process, *DebugObject());
}

/* The first code of a thread that a debugger has made in its debuggee. */
void NTAPI DbgUiRemoteBreakin(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    if (NtCurrentPeb()->BeingDebugged)
        SehpBreakSafely();
    RtlExitUserThread(STATUS_SUCCESS);
}

NTSTATUS NTAPI DbgUiIssueRemoteBreakin(HANDLE Process)
{
    CLIENT_ID Id;
    HANDLE Thread;
    NTSTATUS Status =
        RtlCreateUserThread(Process, NULL, FALSE, 0, BREAKIN_STACK, 0,
                            (PUSER_THREAD_START_ROUTINE)DbgUiRemoteBreakin, NULL, &Thread, &Id);

    if (NT_SUCCESS(Status))
        NtClose(Thread);
    return Status;
}

/* Attaches, and has the process stop at a breakpoint. */
NTSTATUS NTAPI DbgUiDebugActiveProcess(HANDLE Process)
{
    NTSTATUS Status = NtDebugActiveProcess(Process, *DebugObject());

    if (!NT_SUCCESS(Status))
        return Status;
    Status = DbgUiIssueRemoteBreakin(Process);
    if (!NT_SUCCESS(Status))
        DbgUiStopDebugging(Process);
    return Status;
}

/* ---- Events as Win32 has them ---- */

static void ConvertText(LPDEBUG_EVENT Event, PVOID Text, ULONG_PTR Length, BOOLEAN Wide)
{
    Event->dwDebugEventCode = OUTPUT_DEBUG_STRING_EVENT;
    Event->u.DebugString.lpDebugStringData = Text;
    Event->u.DebugString.fUnicode = Wide;
    Event->u.DebugString.nDebugStringLength = (USHORT)Length;
}

/* Text for the debugger, and what was to be reported to the user, come as exceptions. Wide text has
 * a narrow copy for debuggers that do not know it. */
static void ConvertException(const DBGKM_EXCEPTION *Exception, LPDEBUG_EVENT Event, BOOLEAN Wide)
{
    const EXCEPTION_RECORD *Record = &Exception->ExceptionRecord;
    const ULONG_PTR *Information = Record->ExceptionInformation;

    switch (Record->ExceptionCode) {
    case DBG_PRINTEXCEPTION_C:
        ConvertText(Event, (PVOID)Information[1], Information[0], FALSE);
        return;
    case DBG_PRINTEXCEPTION_WIDE_C:
        if (Wide)
            ConvertText(Event, (PVOID)Information[1], Information[0], TRUE);
        else
            ConvertText(Event, (PVOID)Information[3], Information[2], FALSE);
        return;
    case DBG_RIPEXCEPTION:
        Event->dwDebugEventCode = RIP_EVENT;
        Event->u.RipInfo.dwError = (ULONG)Information[0];
        Event->u.RipInfo.dwType = (ULONG)Information[1];
        return;
    default:
        Event->dwDebugEventCode = EXCEPTION_DEBUG_EVENT;
        Event->u.Exception.ExceptionRecord = *Record;
        Event->u.Exception.dwFirstChance = Exception->FirstChance;
    }
}

static PVOID TebOf(HANDLE Thread)
{
    THREAD_BASIC_INFORMATION Basic;

    if (!NT_SUCCESS(
            NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL)))
        return NULL;
    return Basic.TebBaseAddress;
}

static void ConvertThread(const DBGUI_CREATE_THREAD *Create, LPDEBUG_EVENT Event)
{
    Event->dwDebugEventCode = CREATE_THREAD_DEBUG_EVENT;
    Event->u.CreateThread.hThread = Create->HandleToThread;
    Event->u.CreateThread.lpThreadLocalBase = TebOf(Create->HandleToThread);
    Event->u.CreateThread.lpStartAddress = Create->NewThread.StartAddress;
}

static void ConvertProcess(const DBGUI_CREATE_PROCESS *Create, LPDEBUG_EVENT Event)
{
    Event->dwDebugEventCode = CREATE_PROCESS_DEBUG_EVENT;
    Event->u.CreateProcessInfo.hFile = Create->NewProcess.FileHandle;
    Event->u.CreateProcessInfo.hProcess = Create->HandleToProcess;
    Event->u.CreateProcessInfo.hThread = Create->HandleToThread;
    Event->u.CreateProcessInfo.lpBaseOfImage = Create->NewProcess.BaseOfImage;
    Event->u.CreateProcessInfo.dwDebugInfoFileOffset = Create->NewProcess.DebugInfoFileOffset;
    Event->u.CreateProcessInfo.nDebugInfoSize = Create->NewProcess.DebugInfoSize;
    Event->u.CreateProcessInfo.lpThreadLocalBase = TebOf(Create->HandleToThread);
    Event->u.CreateProcessInfo.lpStartAddress = Create->NewProcess.InitialThread.StartAddress;
    Event->u.CreateProcessInfo.fUnicode = TRUE;
}

static void ConvertLoad(const DBGKM_LOAD_DLL *Load, LPDEBUG_EVENT Event)
{
    Event->dwDebugEventCode = LOAD_DLL_DEBUG_EVENT;
    Event->u.LoadDll.hFile = Load->FileHandle;
    Event->u.LoadDll.lpBaseOfDll = Load->BaseOfDll;
    Event->u.LoadDll.dwDebugInfoFileOffset = Load->DebugInfoFileOffset;
    Event->u.LoadDll.nDebugInfoSize = Load->DebugInfoSize;
    Event->u.LoadDll.lpImageName = Load->NamePointer;
    Event->u.LoadDll.fUnicode = TRUE;
}

static NTSTATUS Convert(const DBGUI_WAIT_STATE_CHANGE *Change, LPDEBUG_EVENT Event, BOOLEAN Wide)
{
    memset(Event, 0, sizeof(*Event));
    Event->dwProcessId = (ULONG)(ULONG_PTR)Change->AppClientId.UniqueProcess;
    Event->dwThreadId = (ULONG)(ULONG_PTR)Change->AppClientId.UniqueThread;
    switch (Change->NewState) {
    case DbgCreateThreadStateChange:
        ConvertThread(&Change->StateInfo.CreateThread, Event);
        return STATUS_SUCCESS;
    case DbgCreateProcessStateChange:
        ConvertProcess(&Change->StateInfo.CreateProcessInfo, Event);
        return STATUS_SUCCESS;
    case DbgExitThreadStateChange:
        Event->dwDebugEventCode = EXIT_THREAD_DEBUG_EVENT;
        Event->u.ExitThread.dwExitCode = (ULONG)Change->StateInfo.ExitThread.ExitStatus;
        return STATUS_SUCCESS;
    case DbgExitProcessStateChange:
        Event->dwDebugEventCode = EXIT_PROCESS_DEBUG_EVENT;
        Event->u.ExitProcess.dwExitCode = (ULONG)Change->StateInfo.ExitProcess.ExitStatus;
        return STATUS_SUCCESS;
    case DbgExceptionStateChange:
    case DbgBreakpointStateChange:
    case DbgSingleStepStateChange:
        ConvertException(&Change->StateInfo.Exception, Event, Wide);
        return STATUS_SUCCESS;
    case DbgLoadDllStateChange:
        ConvertLoad(&Change->StateInfo.LoadDll, Event);
        return STATUS_SUCCESS;
    case DbgUnloadDllStateChange:
        Event->dwDebugEventCode = UNLOAD_DLL_DEBUG_EVENT;
        Event->u.UnloadDll.lpBaseOfDll = Change->StateInfo.UnloadDll.BaseAddress;
        return STATUS_SUCCESS;
    default:
        return STATUS_UNSUCCESSFUL;
    }
}

/* STATUS_UNSUCCESSFUL: it is no event. */
NTSTATUS NTAPI DbgUiConvertStateChangeStructure(PDBGUI_WAIT_STATE_CHANGE StateChange,
                                                LPDEBUG_EVENT DebugEvent)
{
    return Convert(StateChange, DebugEvent, FALSE);
}

/* The same for debuggers that know wide text.  (Win32: WaitForDebugEventEx) */
NTSTATUS NTAPI DbgUiConvertStateChangeStructureEx(PDBGUI_WAIT_STATE_CHANGE StateChange,
                                                  LPDEBUG_EVENT DebugEvent)
{
    return Convert(StateChange, DebugEvent, TRUE);
}
