/* SPDX-License-Identifier: BSD-2-Clause */
/* Going through processes and threads one by one, while others run and they come and go: both stay
 * in their list as long as they are referenced. NtGetNextProcess, NtGetNextThread. */
#include "psp.h"

/* What is in a list but has no reference any more is about to leave it. */
static BOOLEAN Reference(PVOID Object)
{
    if (!ObGetReferenceCount(Object))
        return FALSE;
    ObReferenceObject(Object);
    return TRUE;
}

PETHREAD PsNextThread(PEPROCESS Process, PETHREAD Thread)
{
    PLIST_ENTRY Entry = Thread ? &Thread->AllThreadListEntry : &Process->AllThreadListHead;
    PETHREAD Next = NULL;

    do {
        Entry = Entry->Flink;
        Next = Entry == &Process->AllThreadListHead
                   ? NULL
                   : CONTAINING_RECORD(Entry, ETHREAD, AllThreadListEntry);
    } while (Next && !Reference(Next));
    if (Thread)
        ObDereferenceObject(Thread);
    return Next;
}

static PEPROCESS NextProcess(PEPROCESS Process, BOOLEAN Backwards)
{
    PLIST_ENTRY Entry = Process ? &Process->ActiveProcessLinks : &PsActiveProcessHead;
    PEPROCESS Next = NULL;

    do {
        Entry = Backwards ? Entry->Blink : Entry->Flink;
        Next = Entry == &PsActiveProcessHead
                   ? NULL
                   : CONTAINING_RECORD(Entry, EPROCESS, ActiveProcessLinks);
    } while (Next && !Reference(Next));
    if (Process)
        ObDereferenceObject(Process);
    return Next;
}

PEPROCESS PsNextProcess(PEPROCESS Process)
{
    return NextProcess(Process, FALSE);
}

/* The next one that the caller may open so. Previous comes referenced. */
static NTSTATUS OpenNextProcess(PEPROCESS Previous, BOOLEAN Backwards, ACCESS_MASK DesiredAccess,
                                ULONG Attributes, CLIENT(PHANDLE) Handle)
{
    PEPROCESS Process = Previous;
    NTSTATUS Status;

    while ((Process = NextProcess(Process, Backwards)) != NULL) {
        Status = Process->ActiveThreads
                     ? PspReturnHandle(Process, DesiredAccess, Attributes, Handle)
                     : STATUS_ACCESS_DENIED;
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
        else if (Status == STATUS_ACCESS_DENIED && NT_SUCCESS(KeGiveWay()))
            continue;
        ObDereferenceObject(Process);
        return Status;
    }
    return STATUS_NO_MORE_ENTRIES;
}

/*
 * NtGetNextProcess: opens the process after the one given (NULL: the first one) that runs and that
 * the caller may open; with PROCESS_GET_NEXT_FLAGS_PREVIOUS_PROCESS the one before it (NULL: the
 * last one). Returns STATUS_NO_MORE_ENTRIES at the end, STATUS_INVALID_PARAMETER (flags),
 * STATUS_ACCESS_VIOLATION and what handles may give.  (phnt: ntpsapi.h)
 */
NTSTATUS NtGetNextProcess(HANDLE ProcessHandle, ACCESS_MASK DesiredAccess, ULONG HandleAttributes,
                          ULONG Flags, CLIENT(PHANDLE) NewProcessHandle)
{
    PEPROCESS Process = NULL;
    NTSTATUS Status = MmProbeForWrite(NewProcessHandle, sizeof(*NewProcessHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    if (Flags & ~(ULONG)PROCESS_GET_NEXT_FLAGS_PREVIOUS_PROCESS)
        return STATUS_INVALID_PARAMETER;
    if (ProcessHandle)
        Status = ObReferenceObjectByHandle(ProcessHandle, 0, PsProcessType, (PVOID *)&Process);
    return NT_SUCCESS(Status) ? OpenNextProcess(Process, Flags != 0, DesiredAccess,
                                                HandleAttributes & OBJ_INHERIT, NewProcessHandle)
                              : Status;
}

static NTSTATUS OpenNextThread(PEPROCESS Process, PETHREAD Previous, ACCESS_MASK DesiredAccess,
                               ULONG Attributes, CLIENT(PHANDLE) Handle)
{
    PETHREAD Thread = Previous;
    NTSTATUS Status;

    while ((Thread = PsNextThread(Process, Thread)) != NULL) {
        Status = Thread->Header.SignalState
                     ? STATUS_ACCESS_DENIED
                     : PspReturnHandle(Thread, DesiredAccess, Attributes, Handle);
        if (Status == STATUS_ACCESS_DENIED && NT_SUCCESS(KeGiveWay()))
            continue;
        ObDereferenceObject(Thread);
        return Status;
    }
    return STATUS_NO_MORE_ENTRIES;
}

/*
 * NtGetNextThread: opens the thread of the process after the one given (NULL: the first one) that
 * has not ended. The process handle needs PROCESS_QUERY_INFORMATION. Returns
 * STATUS_NO_MORE_ENTRIES at the end, STATUS_INVALID_PARAMETER (flags), STATUS_INVALID_HANDLE (also
 * a thread of another process), STATUS_ACCESS_VIOLATION.  (phnt: ntpsapi.h)
 */
NTSTATUS NtGetNextThread(HANDLE ProcessHandle, HANDLE ThreadHandle, ACCESS_MASK DesiredAccess,
                         ULONG HandleAttributes, ULONG Flags, CLIENT(PHANDLE) NewThreadHandle)
{
    PETHREAD Thread = NULL;
    PEPROCESS Process;
    NTSTATUS Status = MmProbeForWrite(NewThreadHandle, sizeof(*NewThreadHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    if (Flags)
        return STATUS_INVALID_PARAMETER;
    Status = ObReferenceObjectByHandle(ProcessHandle, PROCESS_QUERY_INFORMATION, PsProcessType,
                                       (PVOID *)&Process);
    if (!NT_SUCCESS(Status))
        return Status;
    if (ThreadHandle)
        Status = ObReferenceObjectByHandle(ThreadHandle, 0, PsThreadType, (PVOID *)&Thread);
    if (NT_SUCCESS(Status) && Thread && Thread->Process != Process) {
        ObDereferenceObject(Thread);
        Status = STATUS_INVALID_HANDLE;
    }
    if (NT_SUCCESS(Status))
        Status = OpenNextThread(Process, Thread, DesiredAccess, HandleAttributes & OBJ_INHERIT,
                                NewThreadHandle);
    ObDereferenceObject(Process);
    return Status;
}
