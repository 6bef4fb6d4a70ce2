/* SPDX-License-Identifier: BSD-2-Clause */
/* What threads of a debuggee report, and what is told of images. */
#include "dbgkp.h"

static void SetThread(PDBGK_EVENT Event, PETHREAD Thread, DBG_STATE State)
{
    Event->Thread = Thread;
    Event->Change = (DBGUI_WAIT_STATE_CHANGE){
        .NewState = State,
        .AppClientId = {Thread->Process->UniqueProcessId, Thread->UniqueThreadId}};
}

NTSTATUS DbgkPrepareThread(PETHREAD Thread)
{
    PDBGK_EVENT Event;

    if (Thread->DebugEvent)
        return STATUS_SUCCESS;
    Event = ExAllocatePool(sizeof(*Event));
    if (!Event)
        return STATUS_INSUFFICIENT_RESOURCES;
    Event->Thread = Thread;
    KeInitializeEvent(&Event->Answered, SynchronizationEvent, FALSE);
    Thread->DebugEvent = Event;
    return STATUS_SUCCESS;
}

void DbgkDeleteThread(PETHREAD Thread)
{
    if (Thread->DebugEvent)
        ExFreePool(Thread->DebugEvent);
    Thread->DebugEvent = NULL;
}

PDBGK_EVENT DbgkpMakeUp(PETHREAD Thread, DBG_STATE State)
{
    PDBGK_EVENT Event = ExAllocatePool(sizeof(*Event));

    if (!Event)
        return NULL;
    SetThread(Event, Thread, State);
    Event->MadeUp = TRUE;
    ObReferenceObject(Thread);
    return Event;
}

void DbgkpFreeMadeUp(PDBGK_EVENT Event)
{
    if (Event->File)
        ObDereferenceObject(Event->File);
    ObDereferenceObject(Event->Thread);
    ExFreePool(Event);
}

/* The thread's event, ready to be filled in; NULL: nobody wants to hear. */
static PDBGK_EVENT Begin(PETHREAD Thread, DBG_STATE State)
{
    PDBGK_EVENT Event = Thread->DebugEvent;

    if (!Event || !Thread->Process->DebugPort || Thread->HideFromDebugger || Thread->Terminating ||
        Event->Links.Flink)
        return NULL;
    SetThread(Event, Thread, State);
    KeResetEvent(&Event->Answered);
    return Event;
}

/* Waits for the answer to the current thread's event. */
static NTSTATUS Send(PDBGK_EVENT Event)
{
    NTSTATUS Status;

    DbgkpPost(Event, TRUE);
    Status = KeWaitForSingleObject(&Event->Answered, FALSE, NULL);
    if (NT_SUCCESS(Status))
        return Event->Answer;
    DbgkpWithdraw(Event);
    return Status;
}

/* Where the COFF symbols of an image are, if it has any. What a client writes there is its own
 * affair. */
static void ReadSymbols(PEPROCESS Process, ULONG_PTR Base, PULONG Offset, PULONG Size)
{
    IMAGE_FILE_HEADER Header;
    ULONG NtHeaders;

    if (!NT_SUCCESS(MmCopyFromProcess(
            Process, &NtHeaders, (CLIENT(PVOID))(Base + FIELD_OFFSET(IMAGE_DOS_HEADER, e_lfanew)),
            sizeof(NtHeaders))) ||
        !NT_SUCCESS(MmCopyFromProcess(
            Process, &Header,
            (CLIENT(PVOID))(Base + NtHeaders + FIELD_OFFSET(IMAGE_NT_HEADERS, FileHeader)),
            sizeof(Header))))
        return;
    *Offset = Header.PointerToSymbolTable;
    *Size = Header.NumberOfSymbols;
}

void DbgkpDescribeImage(PDBGK_EVENT Event, PEPROCESS Process, ULONG_PTR Base)
{
    DBGKM_LOAD_DLL *Load = &Event->Change.StateInfo.LoadDll;

    Load->BaseOfDll = (PVOID)Base;
    Event->File = MmReferenceFileAt(Process, Base);
    ReadSymbols(Process, Base, &Load->DebugInfoFileOffset, &Load->DebugInfoSize);
}

void DbgkpDescribeProcess(PDBGK_EVENT Event, PEPROCESS Process)
{
    DBGKM_CREATE_PROCESS *Create = &Event->Change.StateInfo.CreateProcessInfo.NewProcess;

    Create->BaseOfImage = Process->ImageBase;
    Create->InitialThread.StartAddress = Event->Thread->StartAddress;
    Event->File = MmReferenceFileAt(Process, (ULONG_PTR)Process->ImageBase);
    ReadSymbols(Process, (ULONG_PTR)Process->ImageBase, &Create->DebugInfoFileOffset,
                &Create->DebugInfoSize);
}

static CLIENT(PVOID) TebField(PETHREAD Thread, ULONG Offset)
{
    return (CLIENT(PCHAR))Thread->Teb + Offset;
}

/* The debugger finds the name through the TEB, where the loader leaves its address. */
static void SetName(PDBGK_EVENT Event, PETHREAD Thread)
{
    Event->Change.StateInfo.LoadDll.NamePointer = &((PTEB)Thread->Teb)->NtTib.ArbitraryUserPointer;
}

/* The loader does not load ntdll, which is there before it: its name is put where a loader would
 * have. */
static void NameNtdll(PETHREAD Thread)
{
    static const WCHAR Name[] = u"ntdll.dll";
    PVOID Address = ((PTEB)Thread->Teb)->StaticUnicodeBuffer;

    MmCopyToProcess(Thread->Process, TebField(Thread, FIELD_OFFSET(TEB, StaticUnicodeBuffer)), Name,
                    sizeof(Name));
    MmCopyToProcess(Thread->Process,
                    TebField(Thread, FIELD_OFFSET(TEB, NtTib.ArbitraryUserPointer)), &Address,
                    sizeof(Address));
}

static void ReportProcess(PETHREAD Thread)
{
    PDBGK_EVENT Event = Begin(Thread, DbgCreateProcessStateChange);

    if (!Event)
        return;
    Thread->Process->DebugReported = TRUE;
    DbgkpDescribeProcess(Event, Thread->Process);
    Send(Event);
    Event = Begin(Thread, DbgLoadDllStateChange);
    if (!Event)
        return;
    NameNtdll(Thread);
    DbgkpDescribeImage(Event, Thread->Process, (ULONG_PTR)Thread->Process->NtdllBase);
    SetName(Event, Thread);
    Send(Event);
}

void DbgkReportStart(PETHREAD Thread)
{
    PDBGK_EVENT Event;

    Thread->DebugStart = FALSE;
    if (Thread->HideFromDebugger || DbgkpIsReported(Thread))
        return;
    DbgkpNoteReported(Thread);
    if (!Thread->Process->DebugReported) {
        ReportProcess(Thread);
        return;
    }
    Event = Begin(Thread, DbgCreateThreadStateChange);
    if (!Event)
        return;
    Event->Change.StateInfo.CreateThread.NewThread.StartAddress = Thread->StartAddress;
    Send(Event);
}

BOOLEAN DbgkForwardException(PETHREAD Thread, PEXCEPTION_RECORD Record, BOOLEAN FirstChance)
{
    DBG_STATE State = Record->ExceptionCode == STATUS_BREAKPOINT    ? DbgBreakpointStateChange
                      : Record->ExceptionCode == STATUS_SINGLE_STEP ? DbgSingleStepStateChange
                                                                    : DbgExceptionStateChange;
    PDBGK_EVENT Event = Begin(Thread, State);
    NTSTATUS Answer;

    if (!Event)
        return FALSE;
    Event->Change.StateInfo.Exception.ExceptionRecord = *Record;
    Event->Change.StateInfo.Exception.FirstChance = FirstChance;
    Answer = Send(Event);
    return NT_SUCCESS(Answer); /* DBG_EXCEPTION_NOT_HANDLED is a warning */
}

void DbgkReportLoad(PVOID Base)
{
    PETHREAD Thread = PsGetCurrentThread();
    PDBGK_EVENT Event = Begin(Thread, DbgLoadDllStateChange);

    if (!Event)
        return;
    DbgkpDescribeImage(Event, Thread->Process, (ULONG_PTR)Base);
    SetName(Event, Thread);
    Send(Event);
}

void DbgkReportUnload(PVOID Base)
{
    PDBGK_EVENT Event = Begin(PsGetCurrentThread(), DbgUnloadDllStateChange);

    if (!Event)
        return;
    Event->Change.StateInfo.UnloadDll.BaseAddress = Base;
    Send(Event);
}

/* One that nobody has been told of ends unnoticed, unless it is the process's last one. */
static BOOLEAN IsExitOfInterest(PETHREAD Thread)
{
    PEPROCESS Process = Thread->Process;

    return Process->DebugPort && Process->DebugReported &&
           ((DbgkpIsReported(Thread) && !Thread->HideFromDebugger) || Process->ActiveThreads == 1);
}

/* An event that is in a list yet keeps the thread, also when its debugger has just gone. */
BOOLEAN DbgkReportExit(PETHREAD Thread, BOOLEAN GiveWay)
{
    PDBGK_EVENT Event = Thread->DebugEvent;

    if (Event->Links.Flink) {
        Event->ExitPending = TRUE;
        return TRUE;
    }
    if (!IsExitOfInterest(Thread))
        return FALSE;
    SetThread(Event, Thread, DbgExitThreadStateChange);
    Event->Exit = TRUE;
    DbgkpPost(Event, GiveWay);
    return TRUE;
}
