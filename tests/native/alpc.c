/* SPDX-License-Identifier: BSD-2-Clause */
/* ALPC: what its tests share, and the helpers of ntdll. */
#include "alpcport.h"

NTSTATUS AlpcListen(PHANDLE Listener, PALPC_PORT_ATTRIBUTES Attributes)
{
    return NtAlpcCreatePort(Listener, Named(ALPC_PORT, 0), Attributes);
}

NTSTATUS AlpcConnect(PHANDLE Port, PALPC_PORT_ATTRIBUTES Attributes, ULONG Flags)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(5000)};
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, ALPC_PORT);
    return NtAlpcConnectPort(Port, &Name, NULL, Attributes, Flags, NULL, NULL, NULL, NULL, NULL,
                             &Limit);
}

NTSTATUS NTAPI AlpcOldConnect(PVOID Result)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityImpersonation,
                                           SECURITY_DYNAMIC_TRACKING, TRUE};
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, ALPC_PORT);
    return NtConnectPort(Result, &Name, &Quality, NULL, NULL, NULL, NULL, NULL);
}

HANDLE AlpcAccept(HANDLE Listener, PALPC_PORT_ATTRIBUTES Attributes)
{
    ALPC_MESSAGE Message;
    HANDLE Port = NULL;

    if (Receive(Listener, &Message, 5000) != STATUS_SUCCESS ||
        TYPE_OF(&Message) != LPC_CONNECTION_REQUEST ||
        !NT_SUCCESS(NtAlpcAcceptConnectPort(&Port, Listener, 0, NULL, Attributes, ALPC_CONTEXT,
                                            &Message.Header, NULL, TRUE)))
        return NULL;
    return Port;
}

BOOLEAN AlpcJoin(PALPC_ENDS Ends)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(BOTH_FLAGS);
    ALPC_MESSAGE Message;

    if (!NT_SUCCESS(AlpcConnect(&Ends->Client, &Attributes, 0)))
        return FALSE;
    Ends->Server = AlpcAccept(Ends->Listener, &Attributes);
    return Ends->Server && Receive(Ends->Client, &Message, 1000) == STATUS_SUCCESS &&
           TYPE_OF(&Message) == LPC_CONNECTION_REPLY;
}

void AlpcForget(HANDLE Port)
{
    ALPC_MESSAGE Message;

    while (Receive(Port, &Message, 0) == STATUS_SUCCESS)
        ;
}

void AlpcPart(PALPC_ENDS Ends)
{
    NtClose(Ends->Client);
    NtClose(Ends->Server);
    AlpcForget(Ends->Listener);
}

NTSTATUS NTAPI AlpcAskThread(PVOID Port)
{
    ALPC_MESSAGE Message;
    NTSTATUS Status;

    Fill(&Message, 1, 7);
    Status = Ask(Port, &Message, 20000);
    return Status == STATUS_SUCCESS ? Message.Data[0] : Status;
}

static void TestHelpers(void)
{
    ok(AlpcMaxAllowedMessageLength() == 0xffef, "the longest message");
    ok_status(AlpcRegisterCompletionList(NULL, NULL, 0, 0, 0), STATUS_INVALID_HANDLE,
              "a completion list of no port");
}

static void TestCompletionLists(HANDLE Port)
{
    UCHAR Buffer[64];

    ok_status(AlpcRegisterCompletionList(Port, Buffer, sizeof(Buffer), 1, 0),
              STATUS_NOT_IMPLEMENTED, "completion lists");
    ok_status(AlpcUnregisterCompletionList(Port), STATUS_NOT_IMPLEMENTED, "their end");
    ok_status(AlpcRundownCompletionList(Port), STATUS_NOT_IMPLEMENTED, "their rundown");
    ok_status(AlpcAdjustCompletionListConcurrencyCount(Port, 2), STATUS_NOT_IMPLEMENTED,
              "their threads");
}

void TestAlpc(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = PortAttributes(BOTH_FLAGS | ALPC_PORFLG_WAITABLE_PORT);
    ALPC_ENDS Ends;

    TestHelpers();
    TestAlpcConnections();
    TestAlpcRoom();
    if (!ok_status(AlpcListen(&Ends.Listener, &Attributes), STATUS_SUCCESS, "a listener") ||
        !ok(AlpcJoin(&Ends), "a connection to it"))
        return;
    TestCompletionLists(Ends.Listener);
    TestAlpcMessages(&Ends);
    TestAlpcAttributes(&Ends);
    TestAlpcSections(&Ends);
    TestAlpcSecurity(&Ends);
    TestAlpcInformation(&Ends);
    TestAlpcEnds(&Ends);
    TestAlpcLimits(&Ends);
    AlpcPart(&Ends);
    NtClose(Ends.Listener);
}
