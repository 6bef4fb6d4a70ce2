/* SPDX-License-Identifier: BSD-2-Clause */
/* The same as lpc.c by ALPC: a request that is waited for, and its reply. */
#include "nbench.h"

#define BYTES 64

typedef struct _MESSAGE {
    PORT_MESSAGE Header;
    UCHAR Data[BYTES];
} MESSAGE, *PMESSAGE;

static const UNICODE_STRING PortName = RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\NbenchAlpc");

/* Replies to everything with what has come. */
void ServeAlpcPort(void)
{
    ALPC_PORT_ATTRIBUTES Attributes = {.MaxMessageLength = sizeof(MESSAGE)};
    OBJECT_ATTRIBUTES Name;
    MESSAGE Message, *Reply = NULL;
    HANDLE Listener, Port;

    InitializeObjectAttributes(&Name, (PUNICODE_STRING)&PortName, 0, NULL, NULL);
    if (!NT_SUCCESS(NtAlpcCreatePort(&Listener, &Name, &Attributes)))
        return;
    for (;;) {
        SIZE_T Length = sizeof(Message);

        if (!NT_SUCCESS(NtAlpcSendWaitReceivePort(Listener, ALPC_MSGFLG_RELEASE_MESSAGE,
                                                  (PPORT_MESSAGE)Reply, NULL, &Message.Header,
                                                  &Length, NULL, NULL)))
            return;
        Reply = NULL;
        if ((Message.Header.u2.s2.Type & 0xff) == LPC_REQUEST)
            Reply = &Message;
        else if (!NT_SUCCESS(NtAlpcAcceptConnectPort(&Port, Listener, 0, NULL, NULL, NULL,
                                                     &Message.Header, NULL, TRUE)))
            return;
    }
}

static void RoundTrip(PVOID Argument)
{
    SIZE_T Length = sizeof(MESSAGE);
    MESSAGE Message = {0};

    Message.Header.u1.s1.DataLength = BYTES;
    Message.Header.u1.s1.TotalLength = sizeof(Message);
    NtAlpcSendWaitReceivePort((HANDLE)Argument, ALPC_MSGFLG_SYNC_REQUEST, &Message.Header, NULL,
                              &Message.Header, &Length, NULL, NULL);
}

void MeasureAlpc(ULONGLONG Empty)
{
    LARGE_INTEGER Wait = {.QuadPart = -1000000};
    RTL_USER_PROCESS_INFORMATION Server;
    HANDLE Port;

    if (!NT_SUCCESS(StartSelf(u"nbench serve-alpc-port", &Server)))
        return;
    NtResumeThread(Server.ThreadHandle, NULL);
    NtDelayExecution(FALSE, &Wait);
    if (NT_SUCCESS(NtAlpcConnectPort(&Port, (PUNICODE_STRING)&PortName, NULL, NULL,
                                     ALPC_MSGFLG_SYNC_REQUEST, NULL, NULL, NULL, NULL, NULL,
                                     NULL))) {
        Print("alpc-round-trip %llu\n", Measure(RoundTrip, Port) - Empty);
        NtClose(Port);
    }
    NtTerminateProcess(Server.ProcessHandle, STATUS_SUCCESS);
    NtClose(Server.ThreadHandle);
    NtClose(Server.ProcessHandle);
}
