/* SPDX-License-Identifier: BSD-2-Clause */
/* Port objects. */
#include "alpcp.h"

struct _OBJECT_TYPE *LpcPortObjectType;

/* A port whose handle is not made for waiting is always signalled. */
static PVOID LpcpWaitObject(PVOID Object)
{
    return &((PLPCP_PORT)Object)->Waitable;
}

static void ClosePort(PVOID Object, PEPROCESS Process, ULONG Handles)
{
    PLPCP_PORT Port = Object;

    (void)Process;
    if (Handles)
        return;
    ObReferenceObject(Port);
    if (Port->Kind == LpcpConnectionPort)
        LpcpCloseConnectionPort(Port);
    else
        LpcpDisconnect(Port);
    ObDereferenceObject(Port);
}

/* Whoever waits for an answer has a reference to what he has sent through, and has been answered if
 * he sent to here; what is in the queue of a connection port is what nobody has received. */
static void DeletePort(PVOID Object)
{
    PLPCP_PORT Port = Object;

    LpcpDisconnect(Port); /* one that never had a handle has not been closed */
    LpcpPurgeQueue(Port);
    LpcpUnmapViews(Port);
    AlpcpDeletePort(Port);
    if (Port->Section)
        ObDereferenceObject(Port->Section);
    if (Port->ClientToken)
        ObDereferenceObject(Port->ClientToken);
    if (Port->Farewell)
        LpcpDereferenceMessage(Port->Farewell);
    if (Port->ConnectionPort)
        ObDereferenceObject(Port->ConnectionPort);
    ObDereferenceObject(Port->Process);
}

/* Windows has one type for all ports since LPC is ALPC underneath. */
void LpcInitialize(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"ALPC Port",
        .Mapping = {STANDARD_RIGHTS_READ | PORT_CONNECT, DELETE | PORT_CONNECT, 0, PORT_ALL_ACCESS},
        .ValidAccess = PORT_ALL_ACCESS,
        .Waitable = TRUE,
        .WaitObject = LpcpWaitObject,
        .Close = ClosePort,
        .Delete = DeletePort,
        .DeferDelete = TRUE,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &LpcPortObjectType)))
        KeBugCheck("no memory for an object type");
}

NTSTATUS LpcpCreatePort(LPCP_KIND Kind, PLPCP_PORT *Port)
{
    NTSTATUS Status = ObCreateObject(LpcPortObjectType, sizeof(**Port), (PVOID *)Port);
    PLPCP_PORT New = *Port;

    if (!NT_SUCCESS(Status))
        return Status;
    New->Kind = (UCHAR)Kind;
    KeInitializeSemaphore(&New->Ready, 0, MAXLONG);
    KeInitializeEvent(&New->Waitable, NotificationEvent, TRUE);
    InitializeListHead(&New->Queue);
    InitializeListHead(&New->Requests);
    InitializeListHead(&New->Alpc.Resources);
    New->MaximumQueued = LPCP_PORT_QUOTA;
    New->Process = PsGetCurrentProcess();
    ObReferenceObject(New->Process);
    return STATUS_SUCCESS;
}

NTSTATUS LpcpReferencePort(HANDLE Handle, PLPCP_PORT *Port)
{
    return ObReferenceObjectByHandle(Handle, 0, LpcPortObjectType, (PVOID *)Port);
}
