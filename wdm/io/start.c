/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of a driver host: it serves events until the Executive ends it. */
#include "ex.h"
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"
#include "ps.h"

DECLSPEC_NORETURN static VOID WdmEndProcess(NTSTATUS Status)
{
    for (;;)
        NtTerminateProcess(NtCurrentProcess(), Status);
}

/* Takes what the Executive has sent. What needs a thread is queued. */
static VOID WdmHandleMessages(VOID)
{
    DRIVER_MESSAGE Message;

    while (WdmReceive(&Message)) {
        switch (Message.Type) {
        case DriverMessageDone:
            WdmRemoteDone(&Message);
            break;
        case DriverMessageCancel:
            WdmCancelRequest(Message.Id);
            break;
        case DriverMessageInput:
            WdmReceiveInput(&Message.Input);
            break;
        case DriverMessageRequest:
        case DriverMessageLoad:
        case DriverMessageAddDevice:
        case DriverMessageUnload:
            WdmQueueRequest(&Message);
            break;
        default:
            WdmBreakChannel(Message.Type);
        }
    }
}

/* The event loop of the main thread, at DISPATCH_LEVEL except inside the threads that it runs. */
DECLSPEC_NORETURN static VOID WdmServe(VOID)
{
    for (;;) {
        KiRetireDpcs();
        KiSignalDueTimers();
        KiCollectCalls();
        WdmHandleMessages();
        WdmDeliverHeldInput();
        while (WdmStartRequest() || ExpStartWorkItem())
            ;
        if (KiDpcsPending())
            continue;
        WdmFlushChannel();
        if (KiRunReadyThread())
            continue;
        KiArmTimer();
        WdmWait();
    }
}

/* What values of the registry are expanded with; without it they stay as they are. */
static VOID WdmSetEnvironment(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"SystemRoot"), Value;

    RtlInitUnicodeString(&Value, (PCWSTR)KiSharedData->NtSystemRoot);
    RtlSetEnvironmentVariable(NULL, &Name, &Value);
}

/* The entry point of the process. */
VOID NTAPI NtProcessStartup(PVOID Peb)
{
    UINT64 Channel;
    NTSTATUS Status = DrvAttach(&Channel);

    if (NT_SUCCESS(Status))
        Status = WdmOpenChannel((ULONG_PTR)Channel);
    if (NT_SUCCESS(Status))
        Status = KiInitializeThreads();
    if (NT_SUCCESS(Status))
        Status = PspInitializeProcesses();
    if (NT_SUCCESS(Status))
        Status = KiInitializeTraps();
    if (!NT_SUCCESS(Status))
        WdmEndProcess(Status);
    WdmSetEnvironment();
    WdmServe();
}
