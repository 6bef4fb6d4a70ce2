/* SPDX-License-Identifier: BSD-2-Clause */
/* The services of debuggers: making a debug object, waiting for events and answering them. */
#include "dbgkp.h"

/*
 * NtCreateDebugObject: makes a debug object, or with OBJ_OPENIF opens the one of that name. Flags:
 * DEBUG_KILL_ON_CLOSE. Returns STATUS_INVALID_PARAMETER (flags), STATUS_ACCESS_VIOLATION and what
 * names and handles may give.
 */
NTSTATUS NtCreateDebugObject(CLIENT(PHANDLE) DebugObjectHandle, ACCESS_MASK DesiredAccess,
                             CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, ULONG Flags)
{
    OB_ATTRIBUTES Attributes;
    PDEBUG_OBJECT Object;
    NTSTATUS Status = MmProbeForWrite(DebugObjectHandle, sizeof(*DebugObjectHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    if (Flags & ~DEBUG_KILL_ON_CLOSE)
        return STATUS_INVALID_PARAMETER;
    Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCreateObject(DbgkDebugObjectType, sizeof(*Object), (PVOID *)&Object);
    if (NT_SUCCESS(Status)) {
        KeInitializeEvent(&Object->EventsPresent, NotificationEvent, FALSE);
        InitializeListHead(&Object->ProcessHead);
        InitializeListHead(&Object->ReadyHead);
        Object->KillOnClose = (Flags & DEBUG_KILL_ON_CLOSE) != 0;
        Status = ObInsertObject(Object, &Attributes, DesiredAccess, DebugObjectHandle);
    }
    ObFreeAttributes(&Attributes);
    return Status;
}

/* ---- Waiting ---- */

static HANDLE OpenFor(PVOID Object, ACCESS_MASK Access)
{
    HANDLE Handle;

    return NT_SUCCESS(ObCreateHandle(PsGetCurrentProcess(), Object, Access, 0, &Handle)) ? Handle
                                                                                         : NULL;
}

static HANDLE OpenFile(PIO_FILE File)
{
    HANDLE Handle = NULL;
    PIO_FILE Copy;

    if (!File || !NT_SUCCESS(IoReopenFile(File, &Copy)))
        return NULL;
    Handle = OpenFor(Copy, FILE_GENERIC_READ);
    ObDereferenceObject(Copy);
    return Handle;
}

/* The handles that an event comes with, in the debugger's process; as in Windows one that cannot be
 * made is NULL. */
static void OpenHandles(PETHREAD Thread, PIO_FILE File, PDBGUI_WAIT_STATE_CHANGE Change,
                        HANDLE Handles[3])
{
    DBGUI_CREATE_PROCESS *Create = &Change->StateInfo.CreateProcessInfo;

    switch (Change->NewState) {
    case DbgCreateThreadStateChange:
        Handles[0] = OpenFor(Thread, THREAD_ALL_ACCESS);
        Change->StateInfo.CreateThread.HandleToThread = Handles[0];
        break;
    case DbgCreateProcessStateChange:
        Create->HandleToThread = Handles[0] = OpenFor(Thread, THREAD_ALL_ACCESS);
        Create->HandleToProcess = Handles[1] = OpenFor(Thread->Process, PROCESS_ALL_ACCESS);
        Create->NewProcess.FileHandle = Handles[2] = OpenFile(File);
        break;
    case DbgLoadDllStateChange:
        Change->StateInfo.LoadDll.FileHandle = Handles[2] = OpenFile(File);
        break;
    default:
        break;
    }
}

static void CloseHandles(const HANDLE Handles[3])
{
    ULONG i;

    for (i = 0; i < 3; i++)
        if (Handles[i])
            ObCloseHandle(PsGetCurrentProcess(), Handles[i]);
}

/* The event is the process's first one, read; others may disconnect it while a file is opened. An
 * event that cannot be told stays to be read. */
static NTSTATUS ShowEvent(PDBGK_EVENT Event, CLIENT(PDBGUI_WAIT_STATE_CHANGE) StateChange)
{
    DBGUI_WAIT_STATE_CHANGE Change = Event->Change;
    PETHREAD Thread = Event->Thread;
    PEPROCESS Process = Thread->Process;
    PIO_FILE File = Event->File;
    HANDLE Handles[3] = {0};
    NTSTATUS Status;

    ObReferenceObject(Thread);
    if (File)
        ObReferenceObject(File);
    OpenHandles(Thread, File, &Change, Handles);
    Status = MmWriteClient(StateChange, &Change);
    if (!NT_SUCCESS(Status)) {
        CloseHandles(Handles);
        if (Process->DebugEvents.Flink == &Event->Links && Event->Read)
            DbgkpReturnEvent(Event);
    }
    if (File)
        ObDereferenceObject(File);
    ObDereferenceObject(Thread);
    return Status;
}

/* What is left of a relative time limit since Start (interrupt time). FALSE: nothing. */
static BOOLEAN Shorten(PLARGE_INTEGER Left, const LARGE_INTEGER *Timeout, ULONGLONG Start)
{
    ULONGLONG Gone = KeQueryInterruptTime() - Start;

    *Left = *Timeout;
    if (Timeout->QuadPart >= 0)
        return TRUE;
    if (Gone >= 0 - (ULONGLONG)Timeout->QuadPart)
        return FALSE;
    Left->QuadPart = Timeout->QuadPart + (LONGLONG)Gone;
    return TRUE;
}

/* Several threads may wait, and another one may have taken what has come. */
static NTSTATUS WaitForEvent(PDEBUG_OBJECT Object, BOOLEAN Alertable, PLARGE_INTEGER Timeout,
                             CLIENT(PDBGUI_WAIT_STATE_CHANGE) StateChange)
{
    ULONGLONG Start = KeQueryInterruptTime();
    LARGE_INTEGER Left;
    NTSTATUS Status;

    for (;;) {
        PDBGK_EVENT Event;

        if (Timeout && !Shorten(&Left, Timeout, Start))
            Left.QuadPart = 0;
        Status = KeWaitForSingleObject(&Object->EventsPresent, Alertable, Timeout ? &Left : NULL);
        if (Status != STATUS_SUCCESS)
            return Status;
        if (Object->Closed)
            return STATUS_DEBUGGER_INACTIVE;
        Event = DbgkpTakeEvent(Object);
        if (Event)
            return ShowEvent(Event, StateChange);
        if (KeGiveWay() != STATUS_SUCCESS)
            return STATUS_THREAD_IS_TERMINATING;
    }
}

/*
 * NtWaitForDebugEvent: waits for an event of a debuggee and describes it. Handles to the new
 * process and thread and to an image's file are the caller's to close. Timeout as
 * NtWaitForSingleObject's. Needs DEBUG_READ_EVENT. Returns STATUS_TIMEOUT, STATUS_ALERTED,
 * STATUS_USER_APC, STATUS_DEBUGGER_INACTIVE, STATUS_ACCESS_VIOLATION and what handles may give.
 * (Win32: WaitForDebugEvent)
 */
NTSTATUS NtWaitForDebugEvent(HANDLE DebugObjectHandle, BOOLEAN Alertable,
                             CLIENT(PLARGE_INTEGER) Timeout,
                             CLIENT(PDBGUI_WAIT_STATE_CHANGE) StateChange)
{
    LARGE_INTEGER Limit;
    PDEBUG_OBJECT Object;
    NTSTATUS Status = Timeout ? MmReadClient(&Limit, Timeout) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(StateChange, sizeof(*StateChange));
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(DebugObjectHandle, DEBUG_READ_EVENT, DbgkDebugObjectType,
                                           (PVOID *)&Object);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = WaitForEvent(Object, Alertable, Timeout ? &Limit : NULL, StateChange);
    ObDereferenceObject(Object);
    return Status;
}

/* ---- Answering ---- */

static BOOLEAN IsContinueStatus(NTSTATUS Status)
{
    switch (Status) {
    case DBG_CONTINUE:
    case DBG_EXCEPTION_HANDLED:
    case DBG_EXCEPTION_NOT_HANDLED:
    case DBG_TERMINATE_THREAD:
    case DBG_TERMINATE_PROCESS:
    case DBG_REPLY_LATER:
        return TRUE;
    default:
        return FALSE;
    }
}

static BOOLEAN IsOutstanding(PEPROCESS Process, HANDLE ThreadId)
{
    PDBGK_EVENT Event = CONTAINING_RECORD(Process->DebugEvents.Flink, DBGK_EVENT, Links);

    return !IsListEmpty(&Process->DebugEvents) && Event->Read &&
           Event->Change.AppClientId.UniqueThread == ThreadId;
}

static NTSTATUS Continue(PDEBUG_OBJECT Object, const CLIENT_ID *ClientId, NTSTATUS Answer)
{
    PEPROCESS Process;
    NTSTATUS Status = STATUS_INVALID_PARAMETER;

    if (!NT_SUCCESS(PsLookupProcessById(ClientId->UniqueProcess, &Process)))
        return STATUS_INVALID_PARAMETER;
    if (Process->DebugPort == Object && IsOutstanding(Process, ClientId->UniqueThread)) {
        DbgkpAnswer(Process, Answer);
        Status = STATUS_SUCCESS;
    }
    ObDereferenceObject(Process);
    return Status;
}

/*
 * NtDebugContinue: answers the event that was read of this thread; the process goes on, or its next
 * event can be read. Of exceptions DBG_EXCEPTION_NOT_HANDLED leaves them to the program, and
 * DBG_REPLY_LATER has them reported again when the thread goes on. Needs DEBUG_READ_EVENT. Returns
 * STATUS_INVALID_PARAMETER (ContinueStatus; no such event), STATUS_ACCESS_VIOLATION and what
 * handles may give.  (Win32: ContinueDebugEvent)
 */
NTSTATUS NtDebugContinue(HANDLE DebugObjectHandle, CLIENT(PCLIENT_ID) ClientId,
                         NTSTATUS ContinueStatus)
{
    PDEBUG_OBJECT Object;
    CLIENT_ID Id;
    NTSTATUS Status = MmReadClient(&Id, ClientId);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!IsContinueStatus(ContinueStatus))
        return STATUS_INVALID_PARAMETER;
    Status = ObReferenceObjectByHandle(DebugObjectHandle, DEBUG_READ_EVENT, DbgkDebugObjectType,
                                       (PVOID *)&Object);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Continue(Object, &Id, ContinueStatus);
    ObDereferenceObject(Object);
    return Status;
}

/*
 * NtSetInformationDebugObject: DebugObjectKillProcessOnExitInformation, as the flags of
 * NtCreateDebugObject. ReturnLength, if given, receives what is needed when Length is wrong. Needs
 * DEBUG_SET_INFORMATION. Returns STATUS_INVALID_PARAMETER (class, flags),
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION and what handles may give.  (Win32:
 * DebugSetProcessKillOnExit)
 */
NTSTATUS NtSetInformationDebugObject(HANDLE DebugObjectHandle, DEBUGOBJECTINFOCLASS Class,
                                     CLIENT(PVOID) Information, ULONG Length,
                                     CLIENT(PULONG) ReturnLength)
{
    PDEBUG_OBJECT Object;
    ULONG Flags, Needed = Length == sizeof(Flags) ? 0 : sizeof(Flags);
    NTSTATUS Status;

    if (Class != DebugObjectKillProcessOnExitInformation)
        return STATUS_INVALID_PARAMETER;
    Status = ReturnLength ? MmWriteClient(ReturnLength, &Needed) : STATUS_SUCCESS;
    if (NT_SUCCESS(Status) && Needed)
        Status = STATUS_INFO_LENGTH_MISMATCH;
    if (NT_SUCCESS(Status))
        Status = MmCopyFromClient(&Flags, Information, sizeof(Flags));
    if (NT_SUCCESS(Status) && (Flags & ~DEBUG_KILL_ON_CLOSE))
        Status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(DebugObjectHandle, DEBUG_SET_INFORMATION,
                                           DbgkDebugObjectType, (PVOID *)&Object);
    if (!NT_SUCCESS(Status))
        return Status;
    Object->KillOnClose = (Flags & DEBUG_KILL_ON_CLOSE) != 0;
    ObDereferenceObject(Object);
    return STATUS_SUCCESS;
}
