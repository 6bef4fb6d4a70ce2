/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attaching to a process that runs already. The debugger is told what it has missed: the process,
 * its threads and its images, by events that are made up. Meanwhile the process is frozen, and what
 * its threads report comes behind.
 */
#include "dbgkp.h"

#define MAXIMUM_IMAGES 500 /* as in Windows */

static NTSTATUS MakeUpThread(PEPROCESS Process, PETHREAD Thread, PLIST_ENTRY MadeUp)
{
    DBG_STATE State =
        Process->DebugReported ? DbgCreateThreadStateChange : DbgCreateProcessStateChange;
    PDBGK_EVENT Event = DbgkpMakeUp(Thread, State);
    NTSTATUS Status = Event ? DbgkPrepareThread(Thread) : STATUS_INSUFFICIENT_RESOURCES;

    if (!NT_SUCCESS(Status)) {
        if (Event)
            DbgkpFreeMadeUp(Event);
        return Status;
    }
    if (Process->DebugReported)
        Event->Change.StateInfo.CreateThread.NewThread.StartAddress = Thread->StartAddress;
    else
        DbgkpDescribeProcess(Event, Process);
    Process->DebugReported = TRUE;
    DbgkpNoteReported(Thread);
    InsertTailList(MadeUp, &Event->Links);
    return STATUS_SUCCESS;
}

/* One that has begun after the port was set reports by itself. */
static BOOLEAN IsUnknown(PETHREAD Thread)
{
    return !DbgkpIsReported(Thread) && !Thread->DebugStart && !Thread->Terminating &&
           !Thread->HideFromDebugger;
}

static NTSTATUS MakeUpThreads(PEPROCESS Process, PLIST_ENTRY MadeUp)
{
    PS_THREAD_CURSOR Cursor;
    NTSTATUS Status = STATUS_SUCCESS;
    PETHREAD Thread;

    PsOpenThreadCursor(&Cursor, Process);
    while (NT_SUCCESS(Status) && (Thread = PsStepThreadCursor(&Cursor)) != NULL) {
        if (IsUnknown(Thread))
            Status = MakeUpThread(Process, Thread, MadeUp);
        KeGiveWay();
    }
    PsCloseThreadCursor(&Cursor);
    return Status;
}

static NTSTATUS MakeUpImage(PEPROCESS Process, PETHREAD Thread, ULONG_PTR Base, PLIST_ENTRY MadeUp)
{
    PDBGK_EVENT Event = DbgkpMakeUp(Thread, DbgLoadDllStateChange);

    if (!Event)
        return STATUS_INSUFFICIENT_RESOURCES;
    DbgkpDescribeImage(Event, Process, Base);
    if (Event->File)
        InsertTailList(MadeUp, &Event->Links);
    else /* the loader's list does not tell the truth */
        DbgkpFreeMadeUp(Event);
    return STATUS_SUCCESS;
}

static BOOLEAN ReadWord(PEPROCESS Process, ULONG_PTR Address, PULONG_PTR Word)
{
    return NT_SUCCESS(MmCopyFromProcess(Process, Word, (CLIENT(PVOID))Address, sizeof(*Word)));
}

/* As the loader's list has them; the program itself is the first one. */
static NTSTATUS MakeUpImages(PEPROCESS Process, PETHREAD Thread, PLIST_ENTRY MadeUp)
{
    ULONG_PTR Loader, Head, Link, Base;
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Number;

    if (!ReadWord(Process, (ULONG_PTR)Process->Peb + FIELD_OFFSET(PEB, Ldr), &Loader) || !Loader)
        return STATUS_SUCCESS;
    Head = Loader + FIELD_OFFSET(PEB_LDR_DATA, InLoadOrderModuleList);
    if (!ReadWord(Process, Head, &Link))
        return STATUS_SUCCESS;
    for (Number = 0; Number < MAXIMUM_IMAGES && Link != Head && NT_SUCCESS(Status); Number++) {
        if (!ReadWord(Process, Link + FIELD_OFFSET(LDR_DATA_TABLE_ENTRY, DllBase), &Base) ||
            !ReadWord(Process, Link, &Link))
            break;
        if (Base != (ULONG_PTR)Process->ImageBase)
            Status = MakeUpImage(Process, Thread, Base, MadeUp);
        KeGiveWay();
    }
    return Status;
}

static NTSTATUS MakeUpAll(PEPROCESS Process, PLIST_ENTRY MadeUp)
{
    PETHREAD First;
    NTSTATUS Status = MakeUpThreads(Process, MadeUp);

    if (!NT_SUCCESS(Status) || IsListEmpty(MadeUp))
        return Status;
    First = CONTAINING_RECORD(MadeUp->Flink, DBGK_EVENT, Links)->Thread;
    return MakeUpImages(Process, First, MadeUp);
}

/* The object may be closed, or the process end, while this gives way. When it is known that neither
 * is so, the made-up events come before what has been reported meanwhile. */
static NTSTATUS Attach(PEPROCESS Process, PDEBUG_OBJECT Object)
{
    LIST_ENTRY MadeUp;
    NTSTATUS Status;

    InitializeListHead(&MadeUp);
    DbgkpConnect(Process, Object);
    Process->DebugAttaching = TRUE;
    PsFreezeProcess(Process, TRUE);
    Status = MakeUpAll(Process, &MadeUp);
    DbgkpShowDebugged(Process);
    Process->DebugAttaching = FALSE;
    if (NT_SUCCESS(Status) && !Process->DebugPort)
        Status = STATUS_DEBUGGER_INACTIVE;
    if (!NT_SUCCESS(Status)) {
        if (Process->DebugPort)
            DbgkpDisconnect(Process, &MadeUp);
        DbgkpFlush(Process, &MadeUp);
        return Status;
    }
    DbgkpMoveInFront(&Process->DebugEvents, &MadeUp);
    if (IsListEmpty(&Process->DebugEvents))
        PsThawProcess(Process);
    DbgkpPublish(Process, TRUE);
    return Status;
}

/* The system's own processes are not debugged: who stops a driver stops all that use it. */
static BOOLEAN MayBeDebugged(PEPROCESS Process)
{
    return Process != PsGetCurrentProcess() && !Process->DriverHost &&
           Process->InheritedFromUniqueProcessId;
}

static NTSTATUS ReferenceBoth(HANDLE ProcessHandle, HANDLE DebugObjectHandle, PEPROCESS *Process,
                              PDEBUG_OBJECT *Object, BOOLEAN Attaching)
{
    NTSTATUS Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_SUSPEND_RESUME,
                                                PsProcessType, (PVOID *)Process);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Attaching && !MayBeDebugged(*Process)
                 ? STATUS_ACCESS_DENIED
                 : ObReferenceObjectByHandle(DebugObjectHandle, DEBUG_PROCESS_ASSIGN,
                                             DbgkDebugObjectType, (PVOID *)Object);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(*Process);
    return Status;
}

/*
 * NtDebugActiveProcess: the debugger of the object gets the events of the process, first those that
 * tell what there is. Needs PROCESS_SUSPEND_RESUME and DEBUG_PROCESS_ASSIGN. Returns
 * STATUS_ACCESS_DENIED (the calling process, a driver, smss), STATUS_PORT_ALREADY_SET,
 * STATUS_PROCESS_IS_TERMINATING, STATUS_DEBUGGER_INACTIVE, STATUS_INSUFFICIENT_RESOURCES and what
 * handles may give.  (Win32: DebugActiveProcess)
 */
NTSTATUS NtDebugActiveProcess(HANDLE ProcessHandle, HANDLE DebugObjectHandle)
{
    PDEBUG_OBJECT Object;
    PEPROCESS Process;
    NTSTATUS Status = ReferenceBoth(ProcessHandle, DebugObjectHandle, &Process, &Object, TRUE);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Process->Exiting || !Process->ActiveThreads)
        Status = STATUS_PROCESS_IS_TERMINATING;
    else if (Process->DebugPort || Process->DebugAttaching)
        Status = STATUS_PORT_ALREADY_SET;
    else if (Object->Closed)
        Status = STATUS_DEBUGGER_INACTIVE;
    else
        Status = Attach(Process, Object);
    ObDereferenceObject(Object);
    ObDereferenceObject(Process);
    return Status;
}

/*
 * NtRemoveProcessDebug: the process goes on without a debugger; what it has reported and nobody
 * answered counts as not handled. Access as NtDebugActiveProcess. STATUS_PORT_NOT_SET: it has none,
 * or another one.  (Win32: DebugActiveProcessStop)
 */
NTSTATUS NtRemoveProcessDebug(HANDLE ProcessHandle, HANDLE DebugObjectHandle)
{
    PDEBUG_OBJECT Object;
    PEPROCESS Process;
    NTSTATUS Status = ReferenceBoth(ProcessHandle, DebugObjectHandle, &Process, &Object, FALSE);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Process->DebugPort == Object)
        DbgkForgetProcess(Process);
    else
        Status = STATUS_PORT_NOT_SET;
    ObDereferenceObject(Object);
    ObDereferenceObject(Process);
    return Status;
}
