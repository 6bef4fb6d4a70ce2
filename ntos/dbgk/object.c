/* SPDX-License-Identifier: BSD-2-Clause */
/* Debug objects: their type, and which processes report to which. */
#include "dbgkp.h"

POBJECT_TYPE DbgkDebugObjectType;

/* With the last handle the debugger is gone, and its debuggees with it, or they go on alone. */
static void CloseDebugObject(PVOID Body, PEPROCESS Closer, ULONG Handles)
{
    PDEBUG_OBJECT Object = Body;

    if (Handles)
        return;
    Object->Closed = TRUE;
    KeSetEventGivingWay(&Object->EventsPresent);
    while (!IsListEmpty(&Object->ProcessHead)) {
        PEPROCESS Process = CONTAINING_RECORD(Object->ProcessHead.Flink, EPROCESS, DebugLinks);
        LIST_ENTRY Events;

        InitializeListHead(&Events);
        ObReferenceObject(Process);
        DbgkpDisconnect(Process, &Events);
        if (Object->KillOnClose)
            PsTerminateProcessGivingWay(Process, STATUS_DEBUGGER_INACTIVE);
        DbgkpFlush(Process, &Events);
        ObDereferenceObject(Process);
        KeGiveWay();
    }
}

void DbgkInitialize(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"DebugObject",
        .Mapping = {STANDARD_RIGHTS_READ | DEBUG_READ_EVENT,
                    STANDARD_RIGHTS_WRITE | DEBUG_PROCESS_ASSIGN,
                    STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE, DEBUG_ALL_ACCESS},
        .ValidAccess = DEBUG_ALL_ACCESS,
        .Waitable = TRUE,
        .Close = CloseDebugObject,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &DbgkDebugObjectType)))
        KeBugCheck("no type of debug objects");
}

BOOLEAN DbgkpIsReported(PETHREAD Thread)
{
    return Thread->DebuggerTold && Thread->DebuggerTold == Thread->Process->DebuggerCount;
}

void DbgkpNoteReported(PETHREAD Thread)
{
    Thread->DebuggerTold = Thread->Process->DebuggerCount;
}

void DbgkpConnect(PEPROCESS Process, PDEBUG_OBJECT Object)
{
    ObReferenceObject(Object);
    Process->DebuggerCount++;
    Process->DebugReported = FALSE;
    Process->DebugPort = Object;
    InsertTailList(&Object->ProcessHead, &Process->DebugLinks);
}

/* A process that is going has no memory to show it in. */
void DbgkpShowDebugged(PEPROCESS Process)
{
    BOOLEAN Debugged = Process->DebugPort != NULL;

    if (Process->Peb && Process->AddressSpace)
        MmCopyToProcess(Process, (CLIENT(PCHAR))Process->Peb + FIELD_OFFSET(PEB, BeingDebugged),
                        &Debugged, sizeof(Debugged));
}

NTSTATUS DbgkInheritPort(PEPROCESS Process, PEPROCESS Parent, PDEBUG_OBJECT Object)
{
    if (Object && Object->Closed)
        return STATUS_DEBUGGER_INACTIVE;
    if (!Object && Parent && !Parent->NoDebugInherit)
        Object = Parent->DebugPort;
    if (Object)
        DbgkpConnect(Process, Object);
    return STATUS_SUCCESS;
}

void DbgkForgetProcess(PEPROCESS Process)
{
    LIST_ENTRY Events;

    if (!Process->DebugPort)
        return;
    InitializeListHead(&Events);
    DbgkpDisconnect(Process, &Events);
    DbgkpFlush(Process, &Events);
}

NTSTATUS DbgkOpenPort(PEPROCESS Process, PHANDLE Handle)
{
    PDEBUG_OBJECT Object = Process->DebugPort;
    NTSTATUS Status;

    if (!Object)
        return STATUS_PORT_NOT_SET;
    ObReferenceObject(Object);
    Status = ObCreateHandle(PsGetCurrentProcess(), Object, MAXIMUM_ALLOWED, 0, Handle);
    ObDereferenceObject(Object);
    return Status;
}
