/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: acting for clients, contexts, and opening who has sent a message. */
#include "alpcport.h"

#define REQUIRED ((PVOID)(ULONG_PTR)ALPC_IMPERSONATEFLG_REQUIRE_IMPERSONATE)

static NTSTATUS TokenLevel(void)
{
    SECURITY_IMPERSONATION_LEVEL Level = SecurityAnonymous;
    HANDLE Token;
    ULONG Length;
    NTSTATUS Status = NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &Token);

    if (!NT_SUCCESS(Status))
        return Status;
    NtQueryInformationToken(Token, TokenImpersonationLevel, &Level, sizeof(Level), &Length);
    NtClose(Token);
    return Level;
}

typedef struct _ACTING {
    HANDLE Port;
    PVOID Flags;
    PALPC_MESSAGE Message;
    NTSTATUS Level; /* out */
} ACTING, *PACTING;

/* Ends as itself again. */
static NTSTATUS NTAPI ActingThread(PVOID Argument)
{
    PACTING Acting = Argument;
    NTSTATUS Status =
        NtAlpcImpersonateClientOfPort(Acting->Port, &Acting->Message->Header, Acting->Flags);

    Acting->Level = TokenLevel();
    return Status;
}

/* The status, or the level at which a thread acts then. */
static NTSTATUS Act(HANDLE Port, PALPC_MESSAGE Message, PVOID Flags)
{
    ACTING Acting = {.Port = Port, .Flags = Flags, .Message = Message};
    NTSTATUS Status = EndOfThread(StartThread(ActingThread, &Acting));

    return NT_SUCCESS(Status) ? Acting.Level : Status;
}

static void TestImpersonation(PALPC_ENDS Ends)
{
    HANDLE Thread = StartThread(AlpcAskThread, Ends->Client);
    ALPC_MESSAGE Message;

    Receive(Ends->Listener, &Message, 5000);
    ok_status(Act(Ends->Server, &Message, NULL), SecurityImpersonation, "act for a client");
    ok_status(Act(Ends->Listener, &Message, NULL), SecurityImpersonation, "by way of the listener");
    ok_status(Act(Ends->Client, &Message, NULL), STATUS_INVALID_MESSAGE, "of its own port");
    ok_status(Act(NULL, &Message, NULL), STATUS_INVALID_HANDLE, "of no port");
    ok_status(Act(Ends->Server, &Message, (PVOID)0x40), STATUS_INVALID_PARAMETER, "unknown flags");
    ok_status(Act(Ends->Server, &Message, REQUIRED), SecurityImpersonation, "demand as much");
    ok_status(Act(Ends->Server, &Message, (PVOID)(SecurityDelegation << 2)),
              STATUS_BAD_IMPERSONATION_LEVEL, "demand more");
    ok_status(Act(Ends->Server, &Message, (PVOID)ALPC_IMPERSONATEFLG_ANONYMOUS),
              STATUS_CANT_OPEN_ANONYMOUS, "act for nobody");
    ok_status(NtAlpcImpersonateClientOfPort(Ends->Server, (PPORT_MESSAGE)8, NULL),
              STATUS_ACCESS_VIOLATION, "a bad address");
    ok_status(NtAlpcImpersonateClientContainerOfPort(Ends->Server, &Message.Header, 0),
              STATUS_NOT_IMPLEMENTED, "containers");
    Reply(Ends->Server, &Message);
    EndOfThread(Thread);
    ok_status(Act(Ends->Server, &Message, NULL), STATUS_MESSAGE_LOST, "after the reply");
}

/* A client that allows less than the tests' own. */
static void TestLess(PALPC_ENDS Ends, ULONG Flags, SECURITY_IMPERSONATION_LEVEL Level,
                     BOOLEAN Dynamic, NTSTATUS Expected, NTSTATUS Demanded)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(Flags);
    ALPC_ENDS Own = {.Listener = Ends->Listener};
    ALPC_MESSAGE Message;

    Attributes.SecurityQos.ImpersonationLevel = Level;
    Attributes.SecurityQos.ContextTrackingMode = Dynamic;
    AlpcConnect(&Own.Client, &Attributes, 0);
    Own.Server = AlpcAccept(Ends->Listener, NULL);
    Fill(&Message, 1, 1);
    Send(Own.Client, 0, &Message);
    Receive(Ends->Listener, &Message, 1000);
    ok_status(Act(Own.Server, &Message, NULL), Expected, "act for who allows less");
    ok_status(Act(Own.Server, &Message, REQUIRED), Demanded, "demand more than that");
    AlpcPart(&Own);
}

/* ---- Contexts ---- */

static ALPC_SECURITY_ATTR NewContext(HANDLE Port, SECURITY_IMPERSONATION_LEVEL Level)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), Level, FALSE, FALSE};
    ALPC_SECURITY_ATTR Context = {.QoS = &Quality};

    ok_status(NtAlpcCreateSecurityContext(Port, 0, &Context), STATUS_SUCCESS, "a context");
    Context.QoS = NULL;
    return Context;
}

static void TestBadContexts(HANDLE Port)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), 4, FALSE, FALSE};
    ALPC_SECURITY_ATTR Context = {.QoS = &Quality};

    ok_status(NtAlpcCreateSecurityContext(Port, 0, &Context), STATUS_BAD_IMPERSONATION_LEVEL,
              "a level that there is not");
    Quality.ImpersonationLevel = SecurityIdentification;
    ok_status(NtAlpcCreateSecurityContext(Port, 1, &Context), STATUS_INVALID_PARAMETER,
              "unknown flags");
    Context.Flags = 1;
    ok_status(NtAlpcCreateSecurityContext(Port, 0, &Context), STATUS_INVALID_PARAMETER,
              "in the attribute");
    Context.Flags = 0;
    Context.QoS = (PVOID)8;
    ok_status(NtAlpcCreateSecurityContext(Port, 0, &Context), STATUS_ACCESS_VIOLATION,
              "a bad address for the quality");
    ok_status(NtAlpcCreateSecurityContext(Port, 0, (PALPC_SECURITY_ATTR)8), STATUS_ACCESS_VIOLATION,
              "a bad address");
    ok_status(NtAlpcDeleteSecurityContext(Port, 0, (ALPC_HANDLE)0x7771), STATUS_INVALID_HANDLE,
              "delete what there is not");
    ok_status(NtAlpcRevokeSecurityContext(Port, 0, (ALPC_HANDLE)0x7771), STATUS_INVALID_HANDLE,
              "revoke it");
    ok_status(NtAlpcDeleteSecurityContext(Port, 1, NULL), STATUS_INVALID_PARAMETER, "with flags");
}

/* Sends a request with the context, and receives it. */
static NTSTATUS SendContext(PALPC_ENDS Ends, const ALPC_SECURITY_ATTR *Context,
                            PALPC_MESSAGE Message, PALPC_SECURITY_ATTR Received)
{
    ALPC_ROOM Room;
    NTSTATUS Status;

    Allocate(&Room, ALPC_MESSAGE_SECURITY_ATTRIBUTE);
    Room.Header.ValidAttributes = ALPC_MESSAGE_SECURITY_ATTRIBUTE;
    *(PALPC_SECURITY_ATTR)Attribute(&Room, ALPC_MESSAGE_SECURITY_ATTRIBUTE) = *Context;
    Fill(Message, 1, 1);
    Status = SendWith(Ends->Client, 0, Message, &Room);
    if (!NT_SUCCESS(Status))
        return Status;
    Allocate(&Room, ALPC_MESSAGE_SECURITY_ATTRIBUTE);
    Status = ReceiveWith(Ends->Listener, Message, &Room, 1000);
    *Received = *(PALPC_SECURITY_ATTR)Attribute(&Room, ALPC_MESSAGE_SECURITY_ATTRIBUTE);
    return Status;
}

static void TestClientContexts(PALPC_ENDS Ends)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityIdentification, FALSE, FALSE};
    ALPC_SECURITY_ATTR Context = NewContext(Ends->Client, SecurityIdentification), Received;
    ALPC_MESSAGE Message;

    ok_status(SendContext(Ends, &Context, &Message, &Received), STATUS_SUCCESS,
              "a request with a context");
    ok(Received.ContextHandle == Context.ContextHandle, "which is told");
    ok_status(Act(Ends->Server, &Message, NULL), SecurityIdentification, "its level counts");
    ok_status(NtAlpcDeleteSecurityContext(Ends->Client, 0, Context.ContextHandle), STATUS_SUCCESS,
              "delete it");
    ok_status(Act(Ends->Server, &Message, NULL), SecurityIdentification,
              "the message has it still");
    Reply(Ends->Server, &Message);
    ok_status(SendContext(Ends, &Context, &Message, &Received), STATUS_INVALID_HANDLE,
              "send it again");
    Context = NewContext(Ends->Client, SecurityImpersonation);
    SendContext(Ends, &Context, &Message, &Received);
    ok_status(Act(Ends->Server, &Message, NULL), SecurityImpersonation, "another context");
    ok_status(NtAlpcRevokeSecurityContext(Ends->Client, 0, Context.ContextHandle), STATUS_SUCCESS,
              "revoke it");
    ok_status(Act(Ends->Server, &Message, NULL), STATUS_CANNOT_IMPERSONATE, "it counts no more");
    Reply(Ends->Server, &Message);
    NtAlpcDeleteSecurityContext(Ends->Client, 0, Context.ContextHandle);
    Context = (ALPC_SECURITY_ATTR){.QoS = &Quality};
    ok_status(SendContext(Ends, &Context, &Message, &Received), STATUS_SUCCESS,
              "one for this message only");
    ok_status(Act(Ends->Server, &Message, NULL), SecurityIdentification, "counts");
    Reply(Ends->Server, &Message);
    Context.QoS = (PVOID)8;
    ok_status(SendContext(Ends, &Context, &Message, &Received), STATUS_ACCESS_VIOLATION,
              "with a bad address");
    AlpcForget(Ends->Client);
}

/* ---- Opening the sender ---- */

static void TestSender(PALPC_ENDS Ends)
{
    HANDLE Thread = StartThread(AlpcAskThread, Ends->Client), Handle = NULL;
    OBJECT_ATTRIBUTES None;
    ALPC_MESSAGE Message;
    PROCESS_BASIC_INFORMATION Process = {0};
    THREAD_BASIC_INFORMATION Basic = {0};

    InitializeObjectAttributes(&None, NULL, 0, NULL, NULL);
    Receive(Ends->Listener, &Message, 5000);
    ok_status(NtAlpcOpenSenderProcess(&Handle, Ends->Server, &Message.Header, 0,
                                      PROCESS_QUERY_INFORMATION, &None),
              STATUS_SUCCESS, "open the sender's process");
    NtQueryInformationProcess(Handle, ProcessBasicInformation, &Process, sizeof(Process), NULL);
    ok((HANDLE)Process.UniqueProcessId == NtCurrentTeb()->ClientId.UniqueProcess, "it is this one");
    NtClose(Handle);
    ok_status(NtAlpcOpenSenderThread(&Handle, Ends->Server, &Message.Header, 0,
                                     THREAD_QUERY_INFORMATION, &None),
              STATUS_SUCCESS, "open its thread");
    NtQueryInformationThread(Handle, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.ClientId.UniqueThread == Message.Header.ClientId.UniqueThread, "it is that");
    NtClose(Handle);
    ok_status(NtAlpcOpenSenderProcess(&Handle, Ends->Server, &Message.Header, 1, 0, &None),
              STATUS_INVALID_PARAMETER, "unknown flags");
    ok_status(NtAlpcOpenSenderProcess((PHANDLE)8, Ends->Server, &Message.Header, 0, 0, &None),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtAlpcOpenSenderProcess(&Handle, Ends->Server, (PPORT_MESSAGE)8, 0, 0, &None),
              STATUS_ACCESS_VIOLATION, "for the message");
    ok_status(NtAlpcOpenSenderProcess(&Handle, Ends->Server, &Message.Header, 0, 0,
                                      (POBJECT_ATTRIBUTES)8),
              STATUS_ACCESS_VIOLATION, "for the attributes");
    ok_status(NtAlpcOpenSenderThread(&Handle, Ends->Server, &Message.Header, 0, 0, Named(u"x", 0)),
              STATUS_INVALID_PARAMETER_MIX, "a name");
    ok_status(NtAlpcOpenSenderThread(&Handle, Ends->Client, &Message.Header, 0, 0, &None),
              STATUS_INVALID_MESSAGE, "by way of the client's port");
    Reply(Ends->Server, &Message);
    EndOfThread(Thread);
    ok_status(NtAlpcOpenSenderThread(&Handle, Ends->Server, &Message.Header, 0, 0, &None),
              STATUS_MESSAGE_LOST, "after the reply");
}

static NTSTATUS NTAPI SendThread(PVOID Port)
{
    ALPC_MESSAGE Message;

    Fill(&Message, 1, 1);
    return Send(Port, 0, &Message);
}

/* A thread that has sent something and does not wait for it may end. */
static void TestDeadSender(PALPC_ENDS Ends)
{
    OBJECT_ATTRIBUTES None;
    ALPC_MESSAGE Message;
    HANDLE Handle;

    InitializeObjectAttributes(&None, NULL, 0, NULL, NULL);
    ok_status(EndOfThread(StartThread(SendThread, Ends->Client)), STATUS_SUCCESS, "a sender ends");
    Receive(Ends->Listener, &Message, 1000);
    ok_status(NtAlpcOpenSenderThread(&Handle, Ends->Server, &Message.Header, 0, 0, &None),
              STATUS_INVALID_CID, "its thread has gone");
    ok_status(NtAlpcOpenSenderProcess(&Handle, Ends->Server, &Message.Header, 0,
                                      PROCESS_QUERY_INFORMATION, &None),
              STATUS_SUCCESS, "its process has not");
    NtClose(Handle);
    ok_status(Act(Ends->Server, &Message, NULL), STATUS_CANNOT_IMPERSONATE, "nobody to act for");
    Reply(Ends->Server, &Message);
    AlpcForget(Ends->Client);
}

void TestAlpcSecurity(PALPC_ENDS Ends)
{
    TestImpersonation(Ends);
    TestLess(Ends, 0, SecurityImpersonation, TRUE, STATUS_CANNOT_IMPERSONATE,
             STATUS_CANNOT_IMPERSONATE);
    TestLess(Ends, ALPC_PORFLG_ALLOW_IMPERSONATION, SecurityIdentification, TRUE,
             SecurityIdentification, STATUS_BAD_IMPERSONATION_LEVEL);
    TestLess(Ends, ALPC_PORFLG_ALLOW_IMPERSONATION, SecurityIdentification, FALSE,
             SecurityIdentification, STATUS_BAD_IMPERSONATION_LEVEL);
    TestLess(Ends, ALPC_PORFLG_ALLOW_IMPERSONATION, SecurityImpersonation, FALSE,
             SecurityImpersonation, SecurityImpersonation);
    TestBadContexts(Ends->Client);
    TestClientContexts(Ends);
    TestSender(Ends);
    TestDeadSender(Ends);
}
