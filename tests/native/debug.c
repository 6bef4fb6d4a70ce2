/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug objects: processes made under a debugger, every kind of event, answers of every kind. */
#include "debugger.h"
#include "registers.h"

#define TRAP_FLAG 0x100

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
    Object = DebugObject(0);
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
    HANDLE Object = DebugObject(0), Weak;
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
    if (!ok_status(DebugCreate(ChildSpins, NULL, 0, &Plain), STATUS_SUCCESS, "a process"))
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
    DebugClose(&Plain);
}

static void CheckQueries(PDEBUGGEE Debuggee)
{
    HANDLE Port = NULL;
    ULONG Flags = 77;

    ok(DebugPortOf(Debuggee->Process) == MAXULONG_PTR, "it has a debug port");
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
    ok(DebugIsShown(Debuggee->Process), "its PEB says so");
    ok(DebugPortOf(NtCurrentProcess()) == 0, "this process has none");
    ok_status(NtQueryInformationProcess(NtCurrentProcess(), ProcessDebugObjectHandle, &Port,
                                        sizeof(Port), NULL),
              STATUS_PORT_NOT_SET, "nor a handle to one");
    ok(!NtCurrentPeb()->BeingDebugged, "and is not debugged");
}

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

    if (!DebugLaunch(ChildExits, &Debuggee))
        return;
    CheckQueries(&Debuggee);
    ok(DebugNext(&Debuggee, DbgCreateProcessStateChange, &Change), "first the process is reported");
    DebugCheckProcess(&Debuggee, &Change);
    ok_status(WaitFor(Debuggee.Object, 0), STATUS_TIMEOUT, "an event is read once");
    Wrong = Change.AppClientId;
    Wrong.UniqueThread = (HANDLE)8;
    ok_status(NtDebugContinue(Debuggee.Object, &Wrong, DBG_CONTINUE), STATUS_INVALID_PARAMETER,
              "another thread has no event");
    ok_status(DebugContinue(&Debuggee, &Change, DBG_CONTINUE), STATUS_SUCCESS, "continue");
    ok_status(NtDebugContinue(Debuggee.Object, &Change.AppClientId, DBG_CONTINUE),
              STATUS_INVALID_PARAMETER, "only once");
    ok(DebugNext(&Debuggee, DbgLoadDllStateChange, &Change), "then ntdll");
    CheckName(&Debuggee, &Change, u"ntdll.dll");
    DebugCheckFile(Change.StateInfo.LoadDll.FileHandle);
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgBreakpointStateChange, &Change), "then the loader's breakpoint");
    ok_status(Change.StateInfo.Exception.ExceptionRecord.ExceptionCode, STATUS_BREAKPOINT,
              "it is one");
    ok(Change.StateInfo.Exception.FirstChance == 1, "at its first chance");
    ok(Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress == DebugRoutine("DbgBreakPoint"),
       "in DbgBreakPoint");
    DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "at last its end");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x1234, "with its status");
    ok_status(WaitFor(Debuggee.Process, 20), STATUS_TIMEOUT, "it stays until that is answered");
    ok_status(DebugContinue(&Debuggee, &Change, DBG_CONTINUE), STATUS_SUCCESS, "answer");
    ok_status(DebugExitStatus(&Debuggee), 0x1234, "it is gone");
    ok_status(DebugWait(&Debuggee, &Change, 10), STATUS_TIMEOUT, "no more events");
    DebugClose(&Debuggee);
}

/* What becomes of the breakpoints of ChildDoesAll. */
static void CheckBreakpoints(PDEBUGGEE Debuggee)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL};

    ok(DebugUntil(Debuggee, DbgBreakpointStateChange, &Change), "its own breakpoint");
    ok_status(NtGetContextThread(Debuggee->Thread, &Context), STATUS_SUCCESS, "where it is");
    ok(PROGRAM_COUNTER(&Context) == (ULONG_PTR)DebugRoutine("DbgBreakPoint") + 1, "behind it");
    DebugContinue(Debuggee, &Change, DBG_EXCEPTION_HANDLED);
    ok(DebugNext(Debuggee, DbgBreakpointStateChange, &Change), "another one");
    ok(Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress ==
           DebugRoutine("DbgUserBreakPoint"),
       "in DbgUserBreakPoint");
    DebugContinue(Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED); /* its handler skips it */
}

static void TestAllEvents(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;
    PVOID Base;

    if (!DebugLaunch(ChildDoesAll, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgBreakpointStateChange, &Change), "the loader's breakpoint");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgLoadDllStateChange, &Change), "a DLL is loaded");
    CheckName(&Debuggee, &Change, u"\\tests\\testdll.dll");
    DebugCheckFile(Change.StateInfo.LoadDll.FileHandle);
    Base = Change.StateInfo.LoadDll.BaseOfDll;
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgUnloadDllStateChange, &Change), "and unloaded");
    ok(Change.StateInfo.UnloadDll.BaseAddress == Base, "the same");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgCreateThreadStateChange, &Change), "a thread begins");
    ok(Change.AppClientId.UniqueProcess == Debuggee.Id.UniqueProcess &&
           Change.AppClientId.UniqueThread != Debuggee.Id.UniqueThread,
       "a new one");
    ok(Change.StateInfo.CreateThread.NewThread.StartAddress == (PVOID)DebuggeeShort,
       "with its start address");
    ok_status(WaitFor(Change.StateInfo.CreateThread.HandleToThread, 20), STATUS_TIMEOUT,
              "it does not run on");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgExitThreadStateChange, &Change), "it ends");
    ok_status(Change.StateInfo.ExitThread.ExitStatus, 0x55, "with its status");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    CheckBreakpoints(&Debuggee);
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "its end");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x77, "all went well for it");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(DebugExitStatus(&Debuggee), 0x77, "it is gone");
    DebugClose(&Debuggee);
}

static void TestChances(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    EXCEPTION_RECORD *Record = &Change.StateInfo.Exception.ExceptionRecord;
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildFaults, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgExceptionStateChange, &Change), "an access violation");
    ok_status(Record->ExceptionCode, STATUS_ACCESS_VIOLATION, "as such");
    ok(Record->NumberParameters == 2 && Record->ExceptionInformation[1] == 0x10, "of 0x10");
    ok(Change.StateInfo.Exception.FirstChance == 1, "at its first chance");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgExceptionStateChange, &Change), "gone on with, it comes again");
    ok(Change.StateInfo.Exception.FirstChance == 1, "at its first chance");
    DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(DebugNext(&Debuggee, DbgExceptionStateChange, &Change), "nobody handles it");
    ok(Change.StateInfo.Exception.FirstChance == 0, "so it comes for its second chance");
    ok_status(NtGetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "its context");
    ok(PROGRAM_COUNTER(&Context) == (ULONG_PTR)Record->ExceptionAddress,
       "is that of the exception");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgExceptionStateChange, &Change) &&
           Change.StateInfo.Exception.FirstChance == 1,
       "gone on with after that it comes again");
    DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(DebugNext(&Debuggee, DbgExceptionStateChange, &Change), "the second chance");
    DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "unhandled, it ends the process");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, STATUS_ACCESS_VIOLATION, "with its code");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(DebugExitStatus(&Debuggee), STATUS_ACCESS_VIOLATION, "it is gone");
    DebugClose(&Debuggee);
}

/* A debugger can send the thread elsewhere instead. */
static void TestRepair(BOOLEAN SecondChance)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildFaults, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgExceptionStateChange, &Change), "a fault");
    if (SecondChance) {
        DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
        ok(DebugNext(&Debuggee, DbgExceptionStateChange, &Change), "at its second chance");
    }
    ok_status(NtGetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "get its context");
    PROGRAM_COUNTER(&Context) = (ULONG_PTR)DebugRoutine("DbgUserBreakPoint");
    ok_status(NtSetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "set it");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgBreakpointStateChange, &Change), "it goes on there");
    ok(Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress ==
           DebugRoutine("DbgUserBreakPoint"),
       "exactly");
    NtTerminateProcess(Debuggee.Process, 0x99);
    ok_status(DebugContinue(&Debuggee, &Change, DBG_CONTINUE), STATUS_SUCCESS,
              "the event of one that was ended can be answered");
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "its end is reported");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(DebugExitStatus(&Debuggee), 0x99, "it is gone");
    DebugClose(&Debuggee);
}

static void TestSteps(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_CONTROL};
    ULONG_PTR Last = (ULONG_PTR)DebugRoutine("DbgBreakPoint") + 1;
    DBGUI_WAIT_STATE_CHANGE Change;
    BOOLEAN Stepped = TRUE, Elsewhere = FALSE;
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildSteps, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgBreakpointStateChange, &Change), "the loader's breakpoint");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugUntil(&Debuggee, DbgBreakpointStateChange, &Change), "the program's");
    for (ULONG i = 0; i < 5 && Stepped; i++) {
        NtGetContextThread(Debuggee.Thread, &Context);
        Elsewhere |= PROGRAM_COUNTER(&Context) != Last;
        Context.EFlags |= TRAP_FLAG;
        NtSetContextThread(Debuggee.Thread, &Context);
        DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
        Stepped = DebugNext(&Debuggee, DbgSingleStepStateChange, &Change);
        Elsewhere |= (ULONG_PTR)Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress == Last;
        Last = (ULONG_PTR)Change.StateInfo.Exception.ExceptionRecord.ExceptionAddress;
    }
    ok(Stepped, "five single steps");
    ok(!Elsewhere, "each from where the last one was to another instruction");
    NtGetContextThread(Debuggee.Thread, &Context);
    ok(!(Context.EFlags & TRAP_FLAG), "the trap flag is not kept");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "it runs on to its end");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x7a, "undisturbed");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    DebugClose(&Debuggee);
}

static void TestPrint(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    CHAR Text[sizeof(DEBUGGEE_PRINTED)] = {0};
    DEBUG_EVENT Event;
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildPrints, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgExceptionStateChange, &Change), "output is an exception");
    ok_status(Change.StateInfo.Exception.ExceptionRecord.ExceptionCode, DBG_PRINTEXCEPTION_C,
              "of a kind of its own");
    ok_status(DbgUiConvertStateChangeStructure(&Change, &Event), STATUS_SUCCESS, "as Win32 has it");
    ok(Event.dwDebugEventCode == OUTPUT_DEBUG_STRING_EVENT, "it is output");
    ok(Event.u.DebugString.nDebugStringLength == sizeof(DEBUGGEE_PRINTED) &&
           !Event.u.DebugString.fUnicode,
       "of its length");
    NtReadVirtualMemory(Debuggee.Process, Event.u.DebugString.lpDebugStringData, Text, sizeof(Text),
                        NULL);
    ok(!memcmp(Text, DEBUGGEE_PRINTED, sizeof(Text)), "which can be read");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "the program goes on");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x78, "to its end");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    DebugClose(&Debuggee);
    ok_status(RunSelf(u"umtests debuggee 5", 10), 0x78, "without a debugger it goes on too");
}

static BOOLEAN HasText(PDEBUGGEE Debuggee, PDBGUI_WAIT_STATE_CHANGE Change)
{
    EXCEPTION_RECORD *Record = &Change->StateInfo.Exception.ExceptionRecord;
    CHAR Text[sizeof(DEBUGGEE_PRINTED)] = {0};

    NtReadVirtualMemory(Debuggee->Process, (PVOID)Record->ExceptionInformation[1], Text,
                        sizeof(Text), NULL);
    return Record->ExceptionCode == DBG_PRINTEXCEPTION_C && Record->NumberParameters == 2 &&
           Record->ExceptionInformation[0] == sizeof(DEBUGGEE_PRINTED) &&
           !memcmp(Text, DEBUGGEE_PRINTED, sizeof(Text));
}

static void TestDbgPrint(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildUsesDbgPrint, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgExceptionStateChange, &Change), "output of DbgPrint");
    ok(HasText(&Debuggee, &Change), "comes to the debugger, and what is filtered does not");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgExceptionStateChange, &Change), "and more");
    ok(HasText(&Debuggee, &Change) && Change.StateInfo.Exception.FirstChance == 1, "as well");
    DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change),
       "if it does not care, nobody need");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x7c + 1, "but handlers could");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    DebugClose(&Debuggee);
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

    if (!DebugLaunch(ChildCalculates, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgExceptionStateChange, &Change), "an exception of the FPU");
    ok_status(Record->ExceptionCode, STATUS_FLOAT_DIVIDE_BY_ZERO, "as what it is");
    ok(Record->NumberParameters == 1 && !Record->ExceptionInformation[0], "with its parameter");
    DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    if (!HasSse41()) {
        ok(DebugNext(&Debuggee, DbgExceptionStateChange, &Change), "one of SSE");
        ok_status(Record->ExceptionCode, SIMD_DIVISION, "as what it is");
        ok(Record->NumberParameters == 2 && Record->ExceptionInformation[1] == 0x1d84,
           "with the flags");
        DebugContinue(&Debuggee, &Change, DBG_EXCEPTION_NOT_HANDLED);
    }
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "both are handled");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x7b, "as without a debugger");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    DebugClose(&Debuggee);
}

/* They say what the debugger is going to do; the system does no more than to go on. */
static void TestTerminatingAnswers(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    BOOLEAN Accepted = TRUE, Ended = FALSE;
    ULONG Events = 0;
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildDoesAll, &Debuggee))
        return;
    while (!Ended && DebugWait(&Debuggee, &Change, 10000) == STATUS_SUCCESS) {
        Ended = Change.NewState == DbgExitProcessStateChange;
        Accepted &= NT_SUCCESS(DebugContinue(
            &Debuggee, &Change, Events++ % 2 ? DBG_TERMINATE_THREAD : DBG_TERMINATE_PROCESS));
    }
    ok(Accepted, "DBG_TERMINATE_THREAD and _PROCESS are answers");
    ok(Ended && Events >= 8, "to all events");
    ok_status(DebugExitStatus(&Debuggee), 0x77, "with which the debuggee goes on");
    DebugClose(&Debuggee);
}

/* The new thread is on its way to its report when its context is set. */
static void TestSetBeforeStart(void)
{
    CONTEXT Context = {.ContextFlags = CONTEXT_FULL};
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!ok_status(DebugCreate(ChildExits, DebugObject(DEBUG_KILL_ON_CLOSE), 0, &Debuggee),
                   STATUS_SUCCESS, "a process under a debugger"))
        return;
    ok_status(NtGetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "its first context");
    ok_status(NtSetContextThread(Debuggee.Thread, &Context), STATUS_SUCCESS, "is set");
    NtResumeThread(Debuggee.Thread, NULL);
    ok(DebugNext(&Debuggee, DbgCreateProcessStateChange, &Change), "it is reported all the same");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugUntil(&Debuggee, DbgExitProcessStateChange, &Change), "and runs to its end");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x1234, "undisturbed");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    DebugClose(&Debuggee);
}

static void TestInheritance(ULONG Flags)
{
    BOOLEAN Alone = (Flags & PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT) != 0;
    DBGUI_WAIT_STATE_CHANGE Change;
    ULONG Processes = 0, Ends = 0, DebugFlags = 77;
    DEBUGGEE Debuggee;

    if (!ok_status(DebugCreate(ChildStarts, DebugObject(DEBUG_KILL_ON_CLOSE), Flags, &Debuggee),
                   STATUS_SUCCESS, "a debuggee with a child"))
        return;
    NtQueryInformationProcess(Debuggee.Process, ProcessDebugFlags, &DebugFlags, sizeof(DebugFlags),
                              NULL);
    ok(DebugFlags == !Alone, "its flags");
    NtResumeThread(Debuggee.Thread, NULL);
    while (WaitFor(Debuggee.Process, 0) == STATUS_TIMEOUT &&
           DebugWait(&Debuggee, &Change, 10000) == STATUS_SUCCESS) {
        Processes += Change.NewState == DbgCreateProcessStateChange;
        Ends += Change.NewState == DbgExitProcessStateChange;
        DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
        Sleep(1);
    }
    ok(Processes == (Alone ? 1 : 2), Alone ? "the child is not debugged" : "the child is, too");
    ok(Ends == Processes, "each ends");
    ok_status(DebugExitStatus(&Debuggee), 0x1234, "both end well");
    DebugClose(&Debuggee);
}

/* Threads that hide from debuggers. */
static void TestHidden(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    HANDLE Hidden = NULL;
    DEBUGGEE Debuggee;

    if (!DebugStartSpinning(&Debuggee))
        return;
    Debuggee.Object = DebugObject(DEBUG_KILL_ON_CLOSE);
    NtDebugActiveProcess(Debuggee.Process, Debuggee.Object);
    while (DebugWait(&Debuggee, &Change, 20) == STATUS_SUCCESS)
        DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(NtCreateThreadEx(&Hidden, THREAD_ALL_ACCESS, NULL, Debuggee.Process, DebuggeeShort,
                               (PVOID)0x66, THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER, 0, 0, 0, NULL),
              STATUS_SUCCESS, "a thread that hides");
    ok_status(EndOfThread(Hidden), 0x66, "runs and ends");
    ok_status(DebugWait(&Debuggee, &Change, 20), STATUS_TIMEOUT, "and nobody is told");
    NtTerminateProcess(Debuggee.Process, 4);
    ok(DebugNext(&Debuggee, DbgExitThreadStateChange, &Change), "a process ends thread by thread");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "the last one is the process");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 4, "with its status");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok_status(DebugExitStatus(&Debuggee), 4, "it is gone");
    DebugClose(&Debuggee);
}

static void TestBadClose(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildClosesBadly, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgExceptionStateChange, &Change), "a handle that is none: exception");
    ok_status(Change.StateInfo.Exception.ExceptionRecord.ExceptionCode, STATUS_INVALID_HANDLE,
              "which says so");
    ok(Change.StateInfo.Exception.FirstChance == 1, "at its first chance");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    for (ULONG i = 0; i < 3; i++) {
        ok(DebugNext(&Debuggee, DbgExceptionStateChange, &Change), "a protected handle");
        ok_status(Change.StateInfo.Exception.ExceptionRecord.ExceptionCode,
                  STATUS_HANDLE_NOT_CLOSABLE, "has another code");
        DebugContinue(&Debuggee, &Change, i ? DBG_EXCEPTION_NOT_HANDLED : DBG_CONTINUE);
    }
    ok(DebugNext(&Debuggee, DbgExitProcessStateChange, &Change), "each call has returned");
    ok_status(Change.StateInfo.ExitProcess.ExitStatus, 0x82, "its status; two were handled inside");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    DebugClose(&Debuggee);
    ok_status(RunSelf(u"umtests debuggee 10", 10), 0x80, "without a debugger nothing is raised");
}

static void TestReplyLater(void)
{
    DBGUI_WAIT_STATE_CHANGE Change;
    DEBUGGEE Debuggee;

    if (!DebugLaunch(ChildDoesAll, &Debuggee))
        return;
    ok(DebugUntil(&Debuggee, DbgBreakpointStateChange, &Change), "a breakpoint");
    ok_status(DebugContinue(&Debuggee, &Change, DBG_REPLY_LATER), STATUS_SUCCESS, "put it off");
    ok(DebugNext(&Debuggee, DbgBreakpointStateChange, &Change), "it comes again");
    NtSuspendThread(Debuggee.Thread, NULL);
    DebugContinue(&Debuggee, &Change, DBG_REPLY_LATER);
    ok_status(DebugWait(&Debuggee, &Change, 30), STATUS_TIMEOUT, "but not of a suspended thread");
    NtResumeThread(Debuggee.Thread, NULL);
    ok(DebugNext(&Debuggee, DbgBreakpointStateChange, &Change), "it comes when that goes on");
    DebugContinue(&Debuggee, &Change, DBG_CONTINUE);
    ok(DebugNext(&Debuggee, DbgLoadDllStateChange, &Change), "and can be answered");
    NtTerminateProcess(Debuggee.Process, 5);
    NtClose(Debuggee.Object);
    Debuggee.Object = NULL;
    DebugCloseHandles(&Change);
    ok_status(DebugExitStatus(&Debuggee), 5, "one that was ended while it waited is gone");
    DebugClose(&Debuggee);
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
    if (!DebugStartSpinning(&Debuggee))
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
    DebugCloseHandles(&Change);
    ok_status(DbgUiContinue(&Change.AppClientId, DBG_CONTINUE), STATUS_SUCCESS, "continue");
    while (DbgUiWaitStateChange(&Change, &Limit) == STATUS_SUCCESS &&
           Change.NewState != DbgBreakpointStateChange) {
        DebugCloseHandles(&Change);
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
    DebugClose(&Debuggee);
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
    TestDebugAttach();
    TestInheritance(0);
    TestInheritance(PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT);
    TestHidden();
    TestBadClose();
    TestReplyLater();
    TestDbgUi();
}
