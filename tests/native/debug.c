/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug objects: processes made under a debugger and attached to, every kind of event, answers of
 * every kind, and what becomes of debuggees whose debugger goes. */
#include "waiting.h"
#include "registers.h"

#define SELF u"\\SystemRoot\\tests\\umtests.exe"
#define TRAP_FLAG 0x100

/* Made by the program that is run as "umtests debuggee N". */
enum {
    ChildExits = 1,
    ChildDoesAll,
    ChildFaults,
    ChildSpins,
    ChildPrints,
    ChildSteps,
    ChildStarts, /* another one */
    ChildCalculates,
    ChildUsesDbgPrint,
};

/* arch: faults.S */
void FASTCALL FaultFpu(PVOID Argument);
void FASTCALL FaultUnknownSimd(PVOID Argument);

#define PRINTED "seen by debuggers"

static NTSTATUS NTAPI ShortThread(PVOID Argument)
{
    return (NTSTATUS)(ULONG_PTR)Argument;
}

/* Of the threads of ChildSpins. The program lies at the same place in each process. */
static volatile ULONG Counters[2];

static NTSTATUS NTAPI Spin(PVOID Argument)
{
    for (;;)
        ++*(volatile ULONG *)Argument;
}

/* Where ntdll has a routine, and not where this program jumps there. */
static PVOID RoutineOf(PCSTR Name)
{
    UNICODE_STRING Dll = RTL_CONSTANT_STRING(u"ntdll.dll");
    ANSI_STRING String;
    PVOID Base, Address = NULL;

    RtlInitAnsiString(&String, Name);
    LdrGetDllHandle(NULL, NULL, &Dll, &Base);
    LdrGetProcedureAddress(Base, &String, 0, &Address);
    return Address;
}
#define ROUTINE(name) RoutineOf(#name)

static LONG NTAPI SkipBreakpoint(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode != STATUS_BREAKPOINT)
        return EXCEPTION_CONTINUE_SEARCH;
    PROGRAM_COUNTER(Pointers->ContextRecord)++;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static LONG NTAPI SkipPrinted(PEXCEPTION_POINTERS Pointers)
{
    return Pointers->ExceptionRecord->ExceptionCode == DBG_PRINTEXCEPTION_C
               ? EXCEPTION_CONTINUE_EXECUTION
               : EXCEPTION_CONTINUE_SEARCH;
}

static NTSTATUS DoAll(void)
{
    UNICODE_STRING Path = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\testdll.dll");
    HANDLE Thread;
    PVOID Dll;

    if (!NT_SUCCESS(LdrLoadDll(NULL, NULL, &Path, &Dll)))
        return STATUS_UNSUCCESSFUL;
    LdrUnloadDll(Dll);
    Thread = StartThread(ShortThread, (PVOID)0x55);
    if (EndOfThread(Thread) != 0x55)
        return STATUS_UNSUCCESSFUL;
    RtlAddVectoredExceptionHandler(TRUE, SkipBreakpoint);
    DbgBreakPoint();
    DbgUserBreakPoint();
    return 0x77;
}

static NTSTATUS Print(void)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = DBG_PRINTEXCEPTION_C,
                               .NumberParameters = 2,
                               .ExceptionInformation = {sizeof(PRINTED), (ULONG_PTR)PRINTED}};

    RtlAddVectoredExceptionHandler(TRUE, SkipPrinted);
    RtlRaiseException(&Record);
    return 0x78;
}

/* Makes the routine return that has divided by zero. */
static LONG NTAPI SkipDivision(PEXCEPTION_POINTERS Pointers)
{
    PCONTEXT Context = Pointers->ContextRecord;

    if (Pointers->ExceptionRecord->ExceptionCode != STATUS_FLOAT_DIVIDE_BY_ZERO &&
        Pointers->ExceptionRecord->ExceptionCode != SIMD_DIVISION)
        return EXCEPTION_CONTINUE_SEARCH;
    PROGRAM_COUNTER(Context) = *(PULONG_PTR)STACK_POINTER(Context);
    STACK_POINTER(Context) += sizeof(ULONG_PTR);
    CalmFpu(Context);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static NTSTATUS Calculate(void)
{
    RtlAddVectoredExceptionHandler(TRUE, SkipDivision);
    FaultFpu(NULL);
    FaultUnknownSimd(NULL);
    return 0x7b;
}

static volatile ULONG PrintsSeen;

static LONG NTAPI CountPrints(PEXCEPTION_POINTERS Pointers)
{
    if (Pointers->ExceptionRecord->ExceptionCode == DBG_PRINTEXCEPTION_C)
        PrintsSeen++;
    return EXCEPTION_CONTINUE_SEARCH;
}

static NTSTATUS UseDbgPrint(void)
{
    RtlAddVectoredExceptionHandler(TRUE, CountPrints);
    DbgPrintEx(DPFLTR_IHVDRIVER_ID, DPFLTR_INFO_LEVEL, "never to be seen\n");
    DbgPrint("%s by %s", "seen", "debuggers");
    DbgPrint("%s by %s", "seen", "debuggers");
    return 0x7c + PrintsSeen;
}

NTSTATUS DebuggeeChild(ULONG Number)
{
    switch (Number) {
    case ChildExits:
        return 0x1234;
    case ChildDoesAll:
        return DoAll();
    case ChildFaults:
        ++*(volatile ULONG *)(ULONG_PTR)0x10;
        return 0x79;
    case ChildSpins:
        StartThread(Spin, (PVOID)&Counters[1]);
        Spin((PVOID)&Counters[0]);
        return 0;
    case ChildPrints:
        return Print();
    case ChildSteps:
        DbgBreakPoint();
        Counters[0] = 1;
        Counters[0] = 2;
        return 0x7a;
    case ChildStarts:
        return RunSelf(u"umtests debuggee 1", 10);
    case ChildCalculates:
        return Calculate();
    case ChildUsesDbgPrint:
        return UseDbgPrint();
    default:
        return STATUS_INVALID_PARAMETER;
    }
}

/* ---- A debugger ---- */

typedef struct _DEBUGGEE {
    HANDLE Object, Process, Thread;
    CLIENT_ID Id;
} DEBUGGEE, *PDEBUGGEE;

static HANDLE NewObject(ULONG Flags)
{
    HANDLE Object = NULL;

    ok_status(NtCreateDebugObject(&Object, DEBUG_ALL_ACCESS, NULL, Flags), STATUS_SUCCESS,
              "a debug object");
    return Object;
}

/* Suspended. */
static NTSTATUS Create(ULONG Number, HANDLE Object, ULONG Flags, PDEBUGGEE Debuggee)
{
    struct {
        SIZE_T TotalLength;
        PS_ATTRIBUTE Attributes[3];
    } List = {.TotalLength = sizeof(List)};
    PS_CREATE_INFO Info = {.Size = sizeof(Info), .State = PsCreateInitialState};
    WCHAR Text[] = u"umtests debuggee 0";
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    UNICODE_STRING Path, Line;
    NTSTATUS Status;

    Text[ARRAYSIZE(Text) - 2] += (WCHAR)Number;
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

static BOOLEAN Launch(ULONG Number, PDEBUGGEE Debuggee)
{
    if (!ok_status(Create(Number, NewObject(DEBUG_KILL_ON_CLOSE), 0, Debuggee), STATUS_SUCCESS,
                   "a process under a debugger"))
        return FALSE;
    NtResumeThread(Debuggee->Thread, NULL);
    return TRUE;
}

static NTSTATUS WaitEvent(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change, LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};

    memset(Change, 0, sizeof(*Change));
    return NtWaitForDebugEvent(Debuggee->Object, FALSE, &Limit, Change);
}

/* The handles that an event came with. */
static void CloseEventHandles(const DBGUI_WAIT_STATE_CHANGE *Change)
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

static NTSTATUS Continue(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change, NTSTATUS Answer)
{
    CloseEventHandles(Change);
    return NtDebugContinue(Debuggee->Object, &Change->AppClientId, Answer);
}

/* Waits for an event of that kind, and answers others before it. FALSE: it does not come. */
static BOOLEAN Until(PDEBUGGEE Debuggee, DBG_STATE State, PDBGUI_WAIT_STATE_CHANGE Change)
{
    for (ULONG i = 0; i < 1000; i++) {
        if (WaitEvent(Debuggee, Change, 10000) != STATUS_SUCCESS)
            return FALSE;
        if (Change->NewState == State)
            return TRUE;
        if (Continue(Debuggee, Change, DBG_CONTINUE) != STATUS_SUCCESS)
            return FALSE;
    }
    return FALSE;
}

static BOOLEAN Next(PDEBUGGEE Debuggee, DBG_STATE State, PDBGUI_WAIT_STATE_CHANGE Change)
{
    NTSTATUS Status = WaitEvent(Debuggee, Change, 10000);

    if (Status == STATUS_SUCCESS && Change->NewState == State)
        return TRUE;
    TapPrint("# status %08x, event %u, expected %u\n", Status, Change->NewState, State);
    return FALSE;
}

static NTSTATUS ExitStatus(PDEBUGGEE Debuggee)
{
    PROCESS_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_UNSUCCESSFUL};

    if (WaitFor(Debuggee->Process, 10000) != STATUS_SUCCESS)
        return STATUS_TIMEOUT;
    NtQueryInformationProcess(Debuggee->Process, ProcessBasicInformation, &Basic, sizeof(Basic),
                              NULL);
    return Basic.ExitStatus;
}

static void CloseDebuggee(PDEBUGGEE Debuggee)
{
    NtClose(Debuggee->Process);
    NtClose(Debuggee->Thread);
    if (Debuggee->Object)
        NtClose(Debuggee->Object);
}

static BOOLEAN IsBeingDebugged(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic;
    BOOLEAN Debugged = 77;

    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    NtReadVirtualMemory(Process, (PCHAR)Basic.PebBaseAddress + FIELD_OFFSET(PEB, BeingDebugged),
                        &Debugged, sizeof(Debugged), NULL);
    return Debugged;
}

static ULONG_PTR QueryPort(HANDLE Process)
{
    ULONG_PTR Port = 1;

    NtQueryInformationProcess(Process, ProcessDebugPort, &Port, sizeof(Port), NULL);
    return Port;
}

/* ---- Tests ---- */

static void TestObject(void)
{
    HANDLE Object = (HANDLE)1, Weak;
    DBGUI_WAIT_STATE_CHANGE Change;
    LARGE_INTEGER Zero = {0};
    ULONG Flags = DEBUG_KILL_ON_CLOSE, Length = 77;

    ok_status(NtCreateDebugObject(NULL, DEBUG_ALL_ACCESS, NULL, 0), STATUS_ACCESS_VIOLATION,
              "create one for nobody");
    ok_status(NtCreateDebugObject(&Object, DEBUG_ALL_ACCESS, NULL, 2), STATUS_INVALID_PARAMETER,
              "with flags that are none");
    Object = NewObject(0);
    ok_status(WaitFor(Object, 0), STATUS_TIMEOUT, "it can be waited for, and has no events");
    ok_status(NtWaitForDebugEvent(Object, FALSE, &Zero, &Change), STATUS_TIMEOUT,
              "no event comes at once");
    Zero.QuadPart = MILLISECONDS(20);
    ok_status(NtWaitForDebugEvent(Object, FALSE, &Zero, &Change), STATUS_TIMEOUT,
              "nor some time later");
    ok_status(NtWaitForDebugEvent(Object, FALSE, &Zero, NULL), STATUS_ACCESS_VIOLATION,
              "events must go somewhere");
    ok_status(NtWaitForDebugEvent(Object, FALSE, (PLARGE_INTEGER)8, &Change),
              STATUS_ACCESS_VIOLATION, "the time limit must be there");
    ok_status(NtWaitForDebugEvent(NULL, FALSE, &Zero, &Change), STATUS_INVALID_HANDLE,
              "wait for nothing");
    ok_status(NtWaitForDebugEvent(NtCurrentProcess(), FALSE, &Zero, &Change),
              STATUS_OBJECT_TYPE_MISMATCH, "wait for a process");
    Weak = Restricted(Object, SYNCHRONIZE);
    ok_status(NtWaitForDebugEvent(Weak, FALSE, &Zero, &Change), STATUS_ACCESS_DENIED,
              "events are for those who may read them");
    ok_status(NtSetInformationDebugObject(Weak, DebugObjectKillProcessOnExitInformation, &Flags,
                                          sizeof(Flags), NULL),
              STATUS_ACCESS_DENIED, "settings for those who may set them");
    NtClose(Weak);
    ok_status(NtSetInformationDebugObject(Object, 0, &Flags, sizeof(Flags), NULL),
              STATUS_INVALID_PARAMETER, "class 0");
    ok_status(NtSetInformationDebugObject(Object, 2, &Flags, sizeof(Flags), NULL),
              STATUS_INVALID_PARAMETER, "class 2");
    ok_status(NtSetInformationDebugObject(Object, 1, &Flags, 3, &Length),
              STATUS_INFO_LENGTH_MISMATCH, "3 bytes");
    ok(Length == sizeof(Flags), "four are wanted");
    ok_status(NtSetInformationDebugObject(Object, 1, NULL, sizeof(Flags), NULL),
              STATUS_ACCESS_VIOLATION, "flags at NULL");
    ok_status(NtSetInformationDebugObject(Object, 1, &Flags, sizeof(Flags), &Length),
              STATUS_SUCCESS, "kill on close");
    ok(Length == 0, "nothing more is wanted");
    Flags = 3;
    ok_status(NtSetInformationDebugObject(Object, 1, &Flags, sizeof(Flags), NULL),
              STATUS_INVALID_PARAMETER, "a flag that is none");
    ok_status(NtClose(Object), STATUS_SUCCESS, "close it");
}

static void TestMisuse(void)
{
    HANDLE Object = NewObject(0), Weak;
    CLIENT_ID Id = NtCurrentTeb()->ClientId;
    DEBUGGEE Plain;

    ok_status(NtDebugContinue(Object, NULL, DBG_CONTINUE), STATUS_ACCESS_VIOLATION,
              "continue nobody");
    ok_status(NtDebugContinue(Object, &Id, STATUS_SUCCESS), STATUS_INVALID_PARAMETER,
              "an answer that is none");
    ok_status(NtDebugContinue(NULL, &Id, DBG_CONTINUE), STATUS_INVALID_HANDLE, "without an object");
    ok_status(NtDebugContinue(Object, &Id, DBG_CONTINUE), STATUS_INVALID_PARAMETER,
              "one that is not debugged");
    Id.UniqueProcess = (HANDLE)0x7ffffff0;
    ok_status(NtDebugContinue(Object, &Id, DBG_CONTINUE), STATUS_INVALID_PARAMETER,
              "one that is not there");
    ok_status(NtDebugActiveProcess(NtCurrentProcess(), Object), STATUS_ACCESS_DENIED,
              "nobody debugs himself");
    ok_status(NtDebugActiveProcess(NULL, Object), STATUS_INVALID_HANDLE, "nor nothing");
    ok_status(NtDebugActiveProcess(NtCurrentThread(), Object), STATUS_OBJECT_TYPE_MISMATCH,
              "nor a thread");
    ok_status(NtRemoveProcessDebug(NtCurrentProcess(), Object), STATUS_PORT_NOT_SET,
              "one that is not debugged cannot be let go");
    if (!ok_status(Create(ChildSpins, NULL, 0, &Plain), STATUS_SUCCESS, "a process"))
        return;
    Weak = Restricted(Plain.Process, PROCESS_QUERY_INFORMATION);
    ok_status(NtDebugActiveProcess(Weak, Object), STATUS_ACCESS_DENIED,
              "attaching wants PROCESS_SUSPEND_RESUME");
    NtClose(Weak);
    Weak = Restricted(Object, DEBUG_READ_EVENT);
    ok_status(NtDebugActiveProcess(Plain.Process, Weak), STATUS_ACCESS_DENIED,
              "and DEBUG_PROCESS_ASSIGN");
    NtClose(Weak);
    ok_status(NtDebugActiveProcess(Plain.Process, NULL), STATUS_INVALID_HANDLE, "and an object");
    ok_status(NtDebugActiveProcess(Plain.Process, NtCurrentProcess()), STATUS_OBJECT_TYPE_MISMATCH,
              "of the right type");
    NtTerminateProcess(Plain.Process, 1);
    WaitFor(Plain.Process, 10000);
    ok_status(NtDebugActiveProcess(Plain.Process, Object), STATUS_PROCESS_IS_TERMINATING,
              "one that has ended");
    NtClose(Object);
    CloseDebuggee(&Plain);
}

static void CheckQueries(PDEBUGGEE Debuggee)
{
    HANDLE Port = NULL;
    ULONG Flags = 77;

    ok(QueryPort(Debuggee->Process) == MAXULONG_PTR, "it has a debug port");
    ok_status(NtQueryInformationProcess(Debuggee->Process, ProcessDebugObjectHandle, &Port,
                                        sizeof(Port), NULL),
              STATUS_SUCCESS, "whose handle can be had");
    ok_status(NtCompareObjects(Port, Debuggee->Object), STATUS_SUCCESS, "it is the object");
    NtClose(Port);
    ok_status(NtQueryInformationProcess(Debuggee->Process, ProcessDebugFlags, &Flags, sizeof(Flags),
                                        NULL),
              STATUS_SUCCESS, "its flags");
    ok(Flags == 1, "its children are debugged too");
    Flags = 2;
    ok_status(NtSetInformationProcess(Debuggee->Process, ProcessDebugFlags, &Flags, sizeof(Flags)),
              STATUS_INVALID_PARAMETER, "flags that are none");
    Flags = 0;
    ok_status(NtSetInformationProcess(Debuggee->Process, ProcessDebugFlags, &Flags, sizeof(Flags)),
              STATUS_SUCCESS, "its children are to be left alone");
    NtQueryInformationProcess(Debuggee->Process, ProcessDebugFlags, &Flags, sizeof(Flags), NULL);
    ok(Flags == 0, "they are");
    ok(IsBeingDebugged(Debuggee->Process), "its PEB says so");
    ok(QueryPort(NtCurrentProcess()) == 0, "this process has none");
    ok_status(NtQueryInformationProcess(NtCurrentProcess(), ProcessDebugObjectHandle, &Port,
                                        sizeof(Port), NULL),
              STATUS_PORT_NOT_SET, "nor a handle to one");
    ok(!NtCurrentPeb()->BeingDebugged, "and is not debugged");
}

static void CheckFile(HANDLE File)
{
    LARGE_INTEGER Start = {0};
    IO_STATUS_BLOCK Iosb;
    CHAR Text[2] = {0};

    ok(File != NULL, "there is a handle to its file");
    ok_status(NtReadFile(File, NULL, NULL, NULL, &Iosb, Text, sizeof(Text), &Start, NULL),
              STATUS_SUCCESS, "which can be read");
    ok(Text[0] == 'M' && Text[1] == 'Z', "and is an image");
}

static void CheckProcessEvent(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change)
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
    CheckFile(Create->NewProcess.FileHandle);
}

/* The name ends as expected, and with a zero. */
static void CheckName(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change, PCWSTR Expected)
{
    WCHAR Name[64] = {0};
    PVOID Address = NULL;
    UNICODE_STRING Found, Wanted;

    NtReadVirtualMemory(Debuggee->Process, Change->StateInfo.LoadDll.NamePointer, &Address,
                        sizeof(Address), NULL);
    for (ULONG i = 0; i < ARRAYSIZE(Name) - 1; i++) {
        NtReadVirtualMemory(Debuggee->Process, (PWCHAR)Address + i, &Name[i], sizeof(WCHAR), NULL);
        if (!Name[i])
            break;
    }
    RtlInitUnicodeString(&Found, Name);
    RtlInitUnicodeString(&Wanted, Expected);
    if (Found.Length > Wanted.Length) {
        Found.Buffer += (Found.Length - Wanted.Length) / sizeof(WCHAR);
        Found.Length = Wanted.Length;
    }
    ok(RtlEqualUnicodeString(&Found, &Wanted, TRUE), "its name is found through the TEB");
}

static void TestLaunch(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;
    CLIENT_ID Wrong;

    if (!Launch(ChildExits, &Debuggee))
        return;
    CheckQueries(&Debuggee);
    ok(Next(&Debuggee, DbgCreateProcessStateChange, &Change), "first the process is reported");
    CheckProcessEvent(&Debuggee, &Change);
    ok_status(WaitFor(Debuggee.Object, 0), STATUS_TIMEOUT, "an event is read once");
    Wrong = Change.AppClientId;
    Wrong.UniqueThread = (HANDLE)8;
    ok_status(NtDebugContinue(Debuggee.Object, &Wrong, DBG_CONTINUE), STATUS_INVALID_PARAMETER,
              "another thread has no event");
    ok_status(Continue(&Debuggee, &Change, DBG_CONTINUE), STATUS_SUCCESS, "continue");
    ok_status(NtDebugContinue(Debuggee.Object, &Change.AppClientId, DBG_CONTINUE),
              STATUS_INVALID_PARAMETER, "only once");
    ok(Next(&Debuggee, DbgLoadDllStateChange, &Change), "then ntdll");
    CheckName(&Debuggee, &Change, u"ntdll.dll");
    CheckFile(Change.StateInfo.LoadDll.FileHandle);
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgBreakpointStateChange, &Change), "then the loader's breakpoint");
    ok_status(Change.StateInfo.Exception.ExceptionRecord.ExceptionCode, STATUS_BREAKPOINT,
              "it is one");
    ok(Change.StateInfo.Exception.FirstChance == 1, "at its first chance");
    ok(Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress == ROUTINE(DbgBreakPoint),
       "in DbgBreakPoint");
    Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "at last its end");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x1234, "with its status");
    ok_status(WaitFor(Debuggee.Process, 20), STATUS_TIMEOUT, "it stays until that is answered");
    ok_status(Continue(&Debuggee, &Change, DBG_CONTINUE), STATUS_SUCCESS, "answer");
    ok_status(ExitStatus(&Debuggee), 0x1234, "it is gone");
    ok_status(WaitEvent(&Debuggee, &Change, 10), STATUS_TIMEOUT, "no more events");
    CloseDebuggee(&Debuggee);
}

/* What becomes of the breakpoints of ChildDoesAll. */
static void CheckBreakpoints(PDEBUGGEE Debuggee)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL};

    ok(Until(Debuggee, DbgBreakpointStateChange, &Change), "its own breakpoint");
    ok_status(NtGetContextThread(Debuggee->Thread, &Context), STATUS_SUCCESS, "where it is");
    ok(PROGRAM_COUNTER(&Context) == (ULONG_PTR)ROUTINE(DbgBreakPoint) + 1, "behind it");
    Continue(Debuggee, &Change, DBG_EXCEPTION_HANDLED);
    ok(Next(Debuggee, DbgBreakpointStateChange, &Change), "another one");
    ok(Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress == ROUTINE(DbgUserBreakPoint),
       "in DbgUserBreakPoint");
    Continue(Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED); /* its handler skips it */
}

static void TestAllEvents(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;
    PVOID Base;

    if (!Launch(ChildDoesAll, &Debuggee))
        return;
    ok(Until(&Debuggee, DbgBreakpointStateChange, &Change), "the loader's breakpoint");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgLoadDllStateChange, &Change), "a DLL is loaded");
    CheckName(&Debuggee, &Change, u"\\tests\\testdll.dll");
    CheckFile(Change.StateInfo.LoadDll.FileHandle);
    Base = Change.StateInfo.LoadDll.BaseOfDll;
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgUnloadDllStateChange, &Change), "and unloaded");
    ok(Change.StateInfo.UnloadDll.BaseAddress == Base, "the same");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgCreateThreadStateChange, &Change), "a thread begins");
    ok(Change.AppClientId.UniqueProcess == Debuggee.Id.UniqueProcess &&
           Change.AppClientId.UniqueThread != Debuggee.Id.UniqueThread,
       "a new one");
    ok(Change.StateInfo.CreateThread.NewThread.StartAddress == (PVOID)ShortThread,
       "with its start address");
    ok_status(WaitFor(Change.StateInfo.CreateThread.HandleToThread, 20), STATUS_TIMEOUT,
              "it does not run on");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgExitThreadStateChange, &Change), "it ends");
    ok_status(Change.StateInfo.ExitThread.ExitStatus, 0x55, "with its status");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    CheckBreakpoints(&Debuggee);
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "its end");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x77, "all went well for it");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(ExitStatus(&Debuggee), 0x77, "it is gone");
    CloseDebuggee(&Debuggee);
}

static void TestChances(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    EXCEPTION_RECORD *Record = &Change.StateInfo.Exception.ExceptionRecord;
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    DEBUGGEE Debuggee;

    if (!Launch(ChildFaults, &Debuggee))
        return;
    ok(Until(&Debuggee, DbgExceptionStateChange, &Change), "an access violation");
    ok_status(Record->ExceptionCode, STATUS_ACCESS_VIOLATION, "as such");
    ok(Record->NumberParameters == 2 && Record->ExceptionInformation[1] == 0x10, "of 0x10");
    ok(Change.StateInfo.Exception.FirstChance == 1, "at its first chance");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgExceptionStateChange, &Change), "gone on with, it comes again");
    ok(Change.StateInfo.Exception.FirstChance == 1, "at its first chance");
    Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(Next(&Debuggee, DbgExceptionStateChange, &Change), "nobody handles it");
    ok(Change.StateInfo.Exception.FirstChance == 0, "so it comes for its second chance");
    ok_status(NtGetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "its context");
    ok(PROGRAM_COUNTER(&Context) == (ULONG_PTR)Record->ExceptionAddress,
       "is that of the exception");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgExceptionStateChange, &Change) &&
           Change.StateInfo.Exception.FirstChance == 1,
       "gone on with after that it comes again");
    Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(Next(&Debuggee, DbgExceptionStateChange, &Change), "the second chance");
    Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "unhandled, it ends the process");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, STATUS_ACCESS_VIOLATION, "with its code");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(ExitStatus(&Debuggee), STATUS_ACCESS_VIOLATION, "it is gone");
    CloseDebuggee(&Debuggee);
}

/* A debugger can send the thread elsewhere instead. */
static void TestRepair(BOOLEAN SecondChance)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!Launch(ChildFaults, &Debuggee))
        return;
    ok(Until(&Debuggee, DbgExceptionStateChange, &Change), "a fault");
    if (SecondChance) {
        Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
        ok(Next(&Debuggee, DbgExceptionStateChange, &Change), "at its second chance");
    }
    ok_status(NtGetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "get its context");
    PROGRAM_COUNTER(&Context) = (ULONG_PTR)ROUTINE(DbgUserBreakPoint);
    ok_status(NtSetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "set it");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgBreakpointStateChange, &Change), "it goes on there");
    ok(Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress == ROUTINE(DbgUserBreakPoint),
       "exactly");
    NtTerminateProcess(Debuggee.Process, 0x99);
    ok_status(Continue(&Debuggee, &Change, DBG_CONTINUE), STATUS_SUCCESS,
              "the event of one that was ended can be answered");
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "its end is reported");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(ExitStatus(&Debuggee), 0x99, "it is gone");
    CloseDebuggee(&Debuggee);
}

static void TestSteps(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL};
    ULONG_PTR Last = (ULONG_PTR)ROUTINE(DbgBreakPoint) + 1;
    DBGUI_WAIT_STATE_CHANGE Change;
    BOOLEAN Stepped = TRUE, Elsewhere = FALSE;
    DEBUGGEE Debuggee;

    if (!Launch(ChildSteps, &Debuggee))
        return;
    ok(Until(&Debuggee, DbgBreakpointStateChange, &Change), "the loader's breakpoint");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Until(&Debuggee, DbgBreakpointStateChange, &Change), "the program's");
    for (ULONG i = 0; i < 5 && Stepped; i++) {
        NtGetContextThread(Debuggee.Thread, &Context);
        Elsewhere |= PROGRAM_COUNTER(&Context) != Last;
        Context.EFlags |= TRAP_FLAG;
        NtSetContextThread(Debuggee.Thread, &Context);
        Continue(&Debuggee, &Change, DBG_CONTINUE);
        Stepped = Next(&Debuggee, DbgSingleStepStateChange, &Change);
        Elsewhere |= (ULONG_PTR)Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress == Last;
        Last = (ULONG_PTR)Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress;
    }
    ok(Stepped, "five single steps");
    ok(!Elsewhere, "each from where the last one was to another instruction");
    NtGetContextThread(Debuggee.Thread, &Context);
    ok(!(Context.EFlags & TRAP_FLAG), "the trap flag is not kept");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "it runs on to its end");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x7a, "undisturbed");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    CloseDebuggee(&Debuggee);
}

static void TestPrint(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    CHAR Text[sizeof(PRINTED)] = {0};
    DEBUG_EVENT Event;
    DEBUGGEE Debuggee;

    if (!Launch(ChildPrints, &Debuggee))
        return;
    ok(Until(&Debuggee, DbgExceptionStateChange, &Change), "output is an exception");
    ok_status(Change.StateInfo.Exception.ExceptionRecord.ExceptionCode, DBG_PRINTEXCEPTION_C,
              "of a kind of its own");
    ok_status(DbgUiConvertStateChangeStructure(&Change, &Event), STATUS_SUCCESS, "as Win32 has it");
    ok(Event.dwDebugEventCode == OUTPUT_DEBUG_STRING_EVENT, "it is output");
    ok(Event.u.DebugString.nDebugStringLength == sizeof(PRINTED) && !Event.u.DebugString.fUnicode,
       "of its length");
    NtReadVirtualMemory(Debuggee.Process, Event.u.DebugString.lpDebugStringData, Text, sizeof(Text),
                        NULL);
    ok(!memcmp(Text, PRINTED, sizeof(Text)), "which can be read");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "the program goes on");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x78, "to its end");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    CloseDebuggee(&Debuggee);
    ok_status(RunSelf(u"umtests debuggee 5", 10), 0x78, "without a debugger it goes on too");
}

static BOOLEAN HasText(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change)
{
    EXCEPTION_RECORD *Record = &Change->StateInfo.Exception.ExceptionRecord;
    CHAR Text[sizeof(PRINTED)] = {0};

    NtReadVirtualMemory(Debuggee->Process, (PVOID)Record->ExceptionInformation[1], Text,
                        sizeof(Text), NULL);
    return Record->ExceptionCode == DBG_PRINTEXCEPTION_C && Record->NumberParameters == 2 &&
           Record->ExceptionInformation[0] == sizeof(PRINTED) &&
           !memcmp(Text, PRINTED, sizeof(Text));
}

static void TestDbgPrint(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!Launch(ChildUsesDbgPrint, &Debuggee))
        return;
    ok(Until(&Debuggee, DbgExceptionStateChange, &Change), "output of DbgPrint");
    ok(HasText(&Debuggee, &Change), "comes to the debugger, and what is filtered does not");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgExceptionStateChange, &Change), "and more");
    ok(HasText(&Debuggee, &Change) && Change.StateInfo.Exception.FirstChance == 1, "as well");
    Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "if it does not care, nobody need");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x7c + 1, "but handlers could");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    CloseDebuggee(&Debuggee);
    ok_status(RunSelf(u"umtests debuggee 9", 10), 0x7c, "without a debugger it is no exception");
}

static BOOLEAN HasSse41(void)
{
    ULONG Eax = 1, Ebx, Ecx = 0, Edx;

    __asm__ volatile("cpuid" : "+a"(Eax), "=b"(Ebx), "+c"(Ecx), "=d"(Edx));
    return Ecx >> 19 & 1;
}

/* What the kernel cannot tell of floating-point exceptions the debugger knows at once. */
static void TestCalculation(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    EXCEPTION_RECORD *Record = &Change.StateInfo.Exception.ExceptionRecord;
    DEBUGGEE Debuggee;

    if (!Launch(ChildCalculates, &Debuggee))
        return;
    ok(Until(&Debuggee, DbgExceptionStateChange, &Change), "an exception of the FPU");
    ok_status(Record->ExceptionCode, STATUS_FLOAT_DIVIDE_BY_ZERO, "as what it is");
    ok(Record->NumberParameters == 1 && !Record->ExceptionInformation[0], "with its parameter");
    Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    if (!HasSse41()) {
        ok(Next(&Debuggee, DbgExceptionStateChange, &Change), "one of SSE");
        ok_status(Record->ExceptionCode, SIMD_DIVISION, "as what it is");
        ok(Record->NumberParameters == 2 && Record->ExceptionInformation[1] == 0x1d84,
           "with the flags");
        Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    }
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "both are handled");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x7b, "as without a debugger");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    CloseDebuggee(&Debuggee);
}

/* They say what the debugger is going to do; the system does no more than to go on. */
static void TestTerminatingAnswers(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    BOOLEAN Accepted = TRUE, Ended = FALSE;
    ULONG Events = 0;
    DEBUGGEE Debuggee;

    if (!Launch(ChildDoesAll, &Debuggee))
        return;
    while (!Ended && WaitEvent(&Debuggee, &Change, 10000) == STATUS_SUCCESS) {
        Ended = Change.NewState == DbgExitProcessStateChange;
        Accepted &= NT_SUCCESS(Continue(
            &Debuggee, &Change, Events++ % 2 ? DBG_TERMINATE_THREAD : DBG_TERMINATE_PROCESS));
    }
    ok(Accepted, "DBG_TERMINATE_THREAD and _PROCESS are answers");
    ok(Ended && Events >= 8, "to all events");
    ok_status(ExitStatus(&Debuggee), 0x77, "with which the debuggee goes on");
    CloseDebuggee(&Debuggee);
}

/* The new thread is on its way to its report when its context is set. */
static void TestSetBeforeStart(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!ok_status(Create(ChildExits, NewObject(DEBUG_KILL_ON_CLOSE), 0, &Debuggee), STATUS_SUCCESS,
                   "a process under a debugger"))
        return;
    ok_status(NtGetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "its first context");
    ok_status(NtSetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "is set");
    NtResumeThread(Debuggee.Thread, NULL);
    ok(Next(&Debuggee, DbgCreateProcessStateChange, &Change), "it is reported all the same");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Until(&Debuggee, DbgExitProcessStateChange, &Change), "and runs to its end");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x1234, "undisturbed");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    CloseDebuggee(&Debuggee);
}

/* A process with two threads that spin. */
static BOOLEAN StartSpinning(PDEBUGGEE Debuggee)
{
    if (!ok_status(Create(ChildSpins, NULL, 0, Debuggee), STATUS_SUCCESS, "a process that spins"))
        return FALSE;
    NtResumeThread(Debuggee->Thread, NULL);
    Sleep(100);
    return TRUE;
}

/* Whether the threads stand still. */
static BOOLEAN AreStill(PDEBUGGEE Debuggee, ULONG First, ULONG Last)
{
    ULONG Before[2] = {0}, After[2] = {1};

    NtReadVirtualMemory(Debuggee->Process, (PVOID)Counters, Before, sizeof(Before), NULL);
    Sleep(50);
    NtReadVirtualMemory(Debuggee->Process, (PVOID)Counters, After, sizeof(After), NULL);
    for (; First <= Last; First++)
        if (Before[First] != After[First])
            return FALSE;
    return TRUE;
}

static BOOLEAN IsStill(PDEBUGGEE Debuggee)
{
    return AreStill(Debuggee, 0, 1);
}

static void TestAttach(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;
    ULONG Suspended = 77;

    if (!StartSpinning(&Debuggee))
        return;
    ok(!IsStill(&Debuggee), "it runs");
    Debuggee.Object = NewObject(DEBUG_KILL_ON_CLOSE);
    ok_status(NtDebugActiveProcess(Debuggee.Process, Debuggee.Object), STATUS_SUCCESS, "attach");
    ok_status(NtDebugActiveProcess(Debuggee.Process, Debuggee.Object), STATUS_PORT_ALREADY_SET,
              "not twice");
    ok(IsBeingDebugged(Debuggee.Process), "its PEB says so");
    ok(IsStill(&Debuggee), "it stops at once");
    NtQueryInformationThread(Debuggee.Thread, ThreadSuspendCount, &Suspended, sizeof(Suspended),
                             NULL);
    ok(Suspended == 0, "without being suspended");
    ok(Next(&Debuggee, DbgCreateProcessStateChange, &Change), "the process is reported");
    CheckProcessEvent(&Debuggee, &Change);
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgCreateThreadStateChange, &Change), "its other thread");
    ok(Change.StateInfo.CreateThread.NewThread.StartAddress == (PVOID)Spin, "as it began");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgLoadDllStateChange, &Change), "and ntdll");
    CheckFile(Change.StateInfo.LoadDll.FileHandle);
    ok(IsStill(&Debuggee), "it stands still until all is answered");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(WaitEvent(&Debuggee, &Change, 20), STATUS_TIMEOUT, "there is nothing else");
    ok(!IsStill(&Debuggee), "it runs again");
    ok_status(NtRemoveProcessDebug(Debuggee.Process, Debuggee.Object), STATUS_SUCCESS, "let it go");
    ok_status(NtRemoveProcessDebug(Debuggee.Process, Debuggee.Object), STATUS_PORT_NOT_SET,
              "only once");
    ok(!IsBeingDebugged(Debuggee.Process), "its PEB says so");
    ok(!IsStill(&Debuggee), "it runs on");
    NtClose(Debuggee.Object);
    Debuggee.Object = NULL;
    ok_status(WaitFor(Debuggee.Process, 20), STATUS_TIMEOUT, "also without the object");
    NtTerminateProcess(Debuggee.Process, 3);
    ok_status(ExitStatus(&Debuggee), 3, "and ends as others do");
    CloseDebuggee(&Debuggee);
}

#define CROWD 150

static NTSTATUS NTAPI Rest(PVOID Argument)
{
    for (;;)
        Sleep(10000);
}

static DEBUGGEE Second;

/* Attaches as soon as the first debugger lets the process go. */
static NTSTATUS NTAPI AttachSecond(PVOID Argument)
{
    NTSTATUS Status;

    do
        Status = NtDebugActiveProcess(Second.Process, Second.Object);
    while (Status == STATUS_PORT_ALREADY_SET);
    return Status;
}

/* A debugger's process with many threads, each of which has begun and ended unread. */
static HANDLE AttachToCrowd(void)
{
    HANDLE Object = NewObject(0), Crowd[CROWD];
    ULONG Made = 0;

    while (Made < CROWD &&
           NT_SUCCESS(NtCreateThreadEx(&Crowd[Made], THREAD_ALL_ACCESS, NULL, Second.Process, Rest,
                                       NULL, 0, 0, 0, 0, NULL)))
        Made++;
    ok(Made == CROWD, "a crowd of threads");
    Sleep(100);
    ok_status(NtDebugActiveProcess(Second.Process, Object), STATUS_SUCCESS, "attach to it");
    while (Made) {
        NtTerminateThread(Crowd[--Made], 1);
        NtClose(Crowd[Made]);
    }
    return Object;
}

/* What the first debugger has not read is being thrown away while the second one attaches. */
static void TestSecondDebugger(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    ULONG Threads = 0, Processes = 0;
    HANDLE Object, Helper;

    if (!StartSpinning(&Second))
        return;
    Object = AttachToCrowd();
    Second.Object = NewObject(DEBUG_KILL_ON_CLOSE);
    Helper = StartThread(AttachSecond, NULL);
    Sleep(20);
    ok_status(NtRemoveProcessDebug(Second.Process, Object), STATUS_SUCCESS, "let it go");
    ok_status(EndOfThread(Helper), STATUS_SUCCESS, "another debugger attaches meanwhile");
    ok(IsStill(&Second), "the process waits for that one");
    while (WaitEvent(&Second, &Change, 100) == STATUS_SUCCESS) {
        Processes += Change.NewState == DbgCreateProcessStateChange;
        Threads += Change.NewState == DbgCreateThreadStateChange;
        Continue(&Second, &Change, DBG_CONTINUE);
    }
    ok(Processes == 1 && Threads == 1, "which learns of its threads");
    ok(!IsStill(&Second), "then it runs");
    NtClose(Object);
    NtClose(Second.Object);
    Second.Object = NULL;
    ok_status(ExitStatus(&Second), STATUS_DEBUGGER_INACTIVE, "and ends with its last debugger");
    CloseDebuggee(&Second);
}

/* Suspended by itself or with all: each undoes its own. */
static void TestSuspension(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;
    ULONG Previous = 77;

    if (!StartSpinning(&Debuggee))
        return;
    Debuggee.Object = NewObject(DEBUG_KILL_ON_CLOSE);
    NtDebugActiveProcess(Debuggee.Process, Debuggee.Object);
    ok_status(NtSuspendThread(Debuggee.Thread, &Previous), STATUS_SUCCESS,
              "suspend a thread that an event has stopped");
    ok(Previous == 0, "it was not suspended");
    while (WaitEvent(&Debuggee, &Change, 20) == STATUS_SUCCESS)
        Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(AreStill(&Debuggee, 0, 0), "after the events it stays suspended");
    ok(!AreStill(&Debuggee, 1, 1), "the other thread runs");
    ok_status(NtResumeThread(Debuggee.Thread, &Previous), STATUS_SUCCESS, "resume it");
    ok(Previous == 1, "it was suspended");
    ok(!AreStill(&Debuggee, 0, 0), "it runs");
    ok_status(DbgUiIssueRemoteBreakin(Debuggee.Process), STATUS_SUCCESS, "break in");
    ok(Next(&Debuggee, DbgCreateThreadStateChange, &Change), "a thread comes");
    ok(Change.StateInfo.CreateThread.NewThread.StartAddress == ROUTINE(DbgUiRemoteBreakin),
       "to break in");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgBreakpointStateChange, &Change), "a breakpoint");
    ok(IsStill(&Debuggee), "all stop");
    ok_status(NtResumeThread(Debuggee.Thread, &Previous), STATUS_SUCCESS, "resuming one");
    ok(Previous == 0 && IsStill(&Debuggee), "does not help");
    Continue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(Next(&Debuggee, DbgExitThreadStateChange, &Change), "the thread leaves");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(!IsStill(&Debuggee), "they run");
    NtClose(Debuggee.Object);
    Debuggee.Object = NULL;
    ok_status(ExitStatus(&Debuggee), STATUS_DEBUGGER_INACTIVE,
              "with its debugger's object a debuggee ends");
    CloseDebuggee(&Debuggee);
}

/* KillOnClose FALSE: what was reported counts as not handled. */
static void TestClose(BOOLEAN KillOnClose)
{
    ULONG Flags = KillOnClose ? DEBUG_KILL_ON_CLOSE : 0;
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!Launch(ChildDoesAll, &Debuggee))
        return;
    ok_status(NtSetInformationDebugObject(Debuggee.Object, DebugObjectKillProcessOnExitInformation,
                                          &Flags, sizeof(Flags), NULL),
              STATUS_SUCCESS, "say what is to become of it");
    ok(Until(&Debuggee, DbgBreakpointStateChange, &Change), "the loader's breakpoint");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Until(&Debuggee, DbgBreakpointStateChange, &Change), "its own");
    NtClose(Debuggee.Object);
    Debuggee.Object = NULL;
    ok_status(ExitStatus(&Debuggee), KillOnClose ? STATUS_DEBUGGER_INACTIVE : 0x77,
              KillOnClose ? "it ends with its debugger" : "it goes on without its debugger");
    CloseDebuggee(&Debuggee);
}

static HANDLE Closing;
static volatile NTSTATUS ClosingStatus;

static NTSTATUS NTAPI WaitForClosing(PVOID Argument)
{
    DBGUI_WAIT_STATE_CHANGE Change;

    ClosingStatus = NtWaitForDebugEvent(Closing, FALSE, NULL, &Change);
    return 0;
}

static void TestInactive(void)
{
    HANDLE Thread;

    Closing = NewObject(0);
    Thread = StartThread(WaitForClosing, NULL);
    Sleep(20);
    NtClose(Closing);
    EndOfThread(Thread);
    ok_status(ClosingStatus, STATUS_DEBUGGER_INACTIVE, "who waits is told when the object goes");
}

static void TestInheritance(ULONG Flags)
{
    BOOLEAN Alone = (Flags & PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT) != 0;
    DBGUI_WAIT_STATE_CHANGE Change;
    ULONG Processes = 0, Ends = 0, DebugFlags = 77;
    DEBUGGEE Debuggee;

    if (!ok_status(Create(ChildStarts, NewObject(DEBUG_KILL_ON_CLOSE), Flags, &Debuggee),
                   STATUS_SUCCESS, "a debuggee with a child"))
        return;
    NtQueryInformationProcess(Debuggee.Process, ProcessDebugFlags, &DebugFlags, sizeof(DebugFlags),
                              NULL);
    ok(DebugFlags == !Alone, "its flags");
    NtResumeThread(Debuggee.Thread, NULL);
    while (WaitFor(Debuggee.Process, 0) == STATUS_TIMEOUT &&
           WaitEvent(&Debuggee, &Change, 10000) == STATUS_SUCCESS) {
        Processes += Change.NewState == DbgCreateProcessStateChange;
        Ends += Change.NewState == DbgExitProcessStateChange;
        Continue(&Debuggee, &Change, DBG_CONTINUE);
        Sleep(1);
    }
    ok(Processes == (Alone ? 1 : 2), Alone ? "the child is not debugged" : "the child is, too");
    ok(Ends == Processes, "each ends");
    ok_status(ExitStatus(&Debuggee), 0x1234, "both end well");
    CloseDebuggee(&Debuggee);
}

/* Threads that hide from debuggers. */
static void TestHidden(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    HANDLE Hidden = NULL;
    DEBUGGEE Debuggee;

    if (!StartSpinning(&Debuggee))
        return;
    Debuggee.Object = NewObject(DEBUG_KILL_ON_CLOSE);
    NtDebugActiveProcess(Debuggee.Process, Debuggee.Object);
    while (WaitEvent(&Debuggee, &Change, 20) == STATUS_SUCCESS)
        Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(NtCreateThreadEx(&Hidden, THREAD_ALL_ACCESS, NULL, Debuggee.Process, ShortThread,
                               (PVOID)0x66, THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER, 0, 0, 0, NULL),
              STATUS_SUCCESS, "a thread that hides");
    ok_status(EndOfThread(Hidden), 0x66, "runs and ends");
    ok_status(WaitEvent(&Debuggee, &Change, 20), STATUS_TIMEOUT, "and nobody is told");
    NtTerminateProcess(Debuggee.Process, 4);
    ok(Next(&Debuggee, DbgExitThreadStateChange, &Change), "a process ends thread by thread");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgExitProcessStateChange, &Change), "the last one is the process");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 4, "with its status");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(ExitStatus(&Debuggee), 4, "it is gone");
    CloseDebuggee(&Debuggee);
}

static void TestReplyLater(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!Launch(ChildDoesAll, &Debuggee))
        return;
    ok(Until(&Debuggee, DbgBreakpointStateChange, &Change), "a breakpoint");
    ok_status(Continue(&Debuggee, &Change, DBG_REPLY_LATER), STATUS_SUCCESS, "put it off");
    ok(Next(&Debuggee, DbgBreakpointStateChange, &Change), "it comes again");
    NtSuspendThread(Debuggee.Thread, NULL);
    Continue(&Debuggee, &Change, DBG_REPLY_LATER);
    ok_status(WaitEvent(&Debuggee, &Change, 30), STATUS_TIMEOUT, "but not of a suspended thread");
    NtResumeThread(Debuggee.Thread, NULL);
    ok(Next(&Debuggee, DbgBreakpointStateChange, &Change), "it comes when that goes on");
    Continue(&Debuggee, &Change, DBG_CONTINUE);
    ok(Next(&Debuggee, DbgLoadDllStateChange, &Change), "and can be answered");
    NtTerminateProcess(Debuggee.Process, 5);
    NtClose(Debuggee.Object);
    Debuggee.Object = NULL;
    CloseEventHandles(&Change);
    ok_status(ExitStatus(&Debuggee), 5, "one that was ended while it waited is gone");
    CloseDebuggee(&Debuggee);
}

static void TestDbgUi(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(10000)};
    DEBUGGEE Debuggee;
    DEBUG_EVENT Event;
    HANDLE Object;

    DbgUiSetThreadDebugObject(NULL);
    ok_status(DbgUiConnectToDbg(), STATUS_SUCCESS, "become a debugger");
    Object = DbgUiGetThreadDebugObject();
    ok(Object != NULL, "with an object");
    ok_status(DbgUiConnectToDbg(), STATUS_SUCCESS, "again");
    ok(Object == DbgUiGetThreadDebugObject(), "it stays");
    if (!StartSpinning(&Debuggee))
        return;
    ok_status(DbgUiDebugActiveProcess(Debuggee.Process), STATUS_SUCCESS, "attach");
    ok_status(DbgUiWaitStateChange(&Change, &Limit), STATUS_SUCCESS, "an event");
    ok_status(DbgUiConvertStateChangeStructure(&Change, &Event), STATUS_SUCCESS, "as Win32's");
    ok(Event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT, "a process");
    ok(Event.dwProcessId == (ULONG)(ULONG_PTR)Debuggee.Id.UniqueProcess &&
           Event.dwThreadId == (ULONG)(ULONG_PTR)Debuggee.Id.UniqueThread,
       "its ids");
    ok(Event.u.CreateProcessInfo.lpThreadLocalBase != NULL &&
           Event.u.CreateProcessInfo.hProcess != NULL &&
           Event.u.CreateProcessInfo.lpBaseOfImage != NULL,
       "its TEB, handle and base");
    CloseEventHandles(&Change);
    ok_status(DbgUiContinue(&Change.AppClientId, DBG_CONTINUE), STATUS_SUCCESS, "continue");
    while (DbgUiWaitStateChange(&Change, &Limit) == STATUS_SUCCESS &&
           Change.NewState != DbgBreakpointStateChange) {
        CloseEventHandles(&Change);
        DbgUiContinue(&Change.AppClientId, DBG_CONTINUE);
    }
    ok(Change.NewState == DbgBreakpointStateChange, "it breaks in");
    ok_status(DbgUiConvertStateChangeStructureEx(&Change, &Event), STATUS_SUCCESS, "as Win32's");
    ok(Event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT && Event.u.Exception.dwFirstChance == 1 &&
           Event.u.Exception.ExceptionRecord.ExceptionCode == STATUS_BREAKPOINT,
       "a breakpoint");
    ok_status(DbgUiStopDebugging(Debuggee.Process), STATUS_SUCCESS, "stop");
    ok_status(WaitFor(Debuggee.Process, 20), STATUS_TIMEOUT, "it goes on");
    NtTerminateProcess(Debuggee.Process, 0);
    Change.NewState = DbgIdle;
    ok_status(DbgUiConvertStateChangeStructure(&Change, &Event), STATUS_UNSUCCESSFUL,
              "what is no event");
    NtClose(Object);
    DbgUiSetThreadDebugObject(NULL);
    Debuggee.Object = NULL;
    CloseDebuggee(&Debuggee);
}

void TestDebug(void)
{
    TestObject();
    TestMisuse();
    TestLaunch();
    TestAllEvents();
    TestChances();
    TestRepair(FALSE);
    TestRepair(TRUE);
    TestSteps();
    TestPrint();
    TestDbgPrint();
    TestCalculation();
    TestTerminatingAnswers();
    TestSetBeforeStart();
    TestAttach();
    TestSecondDebugger();
    TestSuspension();
    TestClose(FALSE);
    TestClose(TRUE);
    TestInactive();
    TestInheritance(0);
    TestInheritance(PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT);
    TestHidden();
    TestReplyLater();
    TestDbgUi();
}
