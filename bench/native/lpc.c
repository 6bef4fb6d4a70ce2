/* SPDX-License-Identifier: BSD-2-Clause */
/* A request and its reply between two processes: nbench starts itself a second time as a server. */
#include "nbench.h"

#define BYTES 64

typedef struct _MESSAGE {
    PORT_MESSAGE Header;
    UCHAR Data[BYTES];
} MESSAGE, *PMESSAGE;

static const UNICODE_STRING PortName = RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\NbenchPort");

/* Replies to everything with what has come. */
void ServePort(void)
{
    OBJECT_ATTRIBUTES Attributes;
    MESSAGE Message, *Reply = NULL;
    HANDLE Listener, Port;

    InitializeObjectAttributes(&Attributes, (PUNICODE_STRING)&PortName, 0, NULL, NULL);
    if (!NT_SUCCESS(NtCreatePort(&Listener, &Attributes, 0, sizeof(MESSAGE), 0)))
        return;
    for (;;) {
        if (!NT_SUCCESS(
                NtReplyWaitReceivePort(Listener, NULL, (PPORT_MESSAGE)Reply, &Message.Header)))
            return;
        Reply = NULL;
        if ((Message.Header.u2.s2.Type & 0xff) == LPC_REQUEST)
            Reply = &Message;
        else if (!NT_SUCCESS(NtAcceptConnectPort(&Port, NULL, &Message.Header, TRUE, NULL, NULL)) ||
                 !NT_SUCCESS(NtCompleteConnectPort(Port)))
            return;
    }
}

static void RoundTrip(PVOID Argument)
{
    MESSAGE Message = {0};

    Message.Header.u1.s1.DataLength = BYTES;
    Message.Header.u1.s1.TotalLength = sizeof(Message);
    NtRequestWaitReplyPort((HANDLE)Argument, &Message.Header, &Message.Header);
}

void MeasureLpc(ULONGLONG Empty)
{
    SECURITY_QUALITY_OF_SERVICE SecurityQos = {sizeof(SecurityQos), SecurityImpersonation,
                                               SECURITY_DYNAMIC_TRACKING, TRUE};
    LARGE_INTEGER Wait = {.QuadPart = -1000000};
    RTL_USER_PROCESS_INFORMATION Server;
    HANDLE Port;

    if (!NT_SUCCESS(StartSelf(u"nbench serve-port", &Server)))
        return;
    NtResumeThread(Server.ThreadHandle, NULL);
    NtDelayExecution(FALSE, &Wait);
    if (NT_SUCCESS(NtConnectPort(&Port, (PUNICODE_STRING)&PortName, &SecurityQos, NULL, NULL, NULL,
                                 NULL, NULL))) {
        Print("lpc-round-trip %llu\n", Measure(RoundTrip, Port) - Empty);
        NtClose(Port);
    }
    NtTerminateProcess(Server.ProcessHandle, STATUS_SUCCESS);
    NtClose(Server.ThreadHandle);
    NtClose(Server.ProcessHandle);
}
