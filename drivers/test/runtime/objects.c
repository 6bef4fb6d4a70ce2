/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects, handles, processes. */
#include "runtime.h"

static VOID NTAPI EndAtOnce(PVOID Context)
{
}

static VOID TestThreadObject(VOID)
{
    CLIENT_ID Client = {0};
    PVOID Object, Again;
    HANDLE Handle, Second;

    CHECK_STATUS(
        PsCreateSystemThread(&Handle, THREAD_ALL_ACCESS, NULL, NULL, &Client, EndAtOnce, NULL),
        STATUS_SUCCESS);
    CHECK(Client.UniqueThread && Client.UniqueProcess);
    CHECK_STATUS(ObReferenceObjectByHandle(Handle, 0, *PsThreadType, KernelMode, &Object, NULL),
                 STATUS_SUCCESS);
    CHECK(PsGetThreadId(Object) == Client.UniqueThread);
    CHECK(PsGetThreadProcessId(Object) == Client.UniqueProcess && PsIsSystemThread(Object));
    CHECK_STATUS(ObReferenceObjectByHandle(Handle, 0, *IoFileObjectType, KernelMode, &Again, NULL),
                 STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(!Again);
    CHECK_STATUS(ObOpenObjectByPointer(Object, OBJ_KERNEL_HANDLE, NULL, THREAD_ALL_ACCESS,
                                       *PsThreadType, KernelMode, &Second),
                 STATUS_SUCCESS);
    CHECK_STATUS(ObReferenceObjectByHandle(Second, 0, NULL, KernelMode, &Again, NULL),
                 STATUS_SUCCESS);
    CHECK(Again == Object);
    ObDereferenceObject(Again);
    CHECK_STATUS(ZwClose(Second), STATUS_SUCCESS);
    CHECK_STATUS(ObCloseHandle(Handle, KernelMode), STATUS_SUCCESS);
    KeWaitForSingleObject(Object, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Object);
}

static VOID TestDriverObject(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\driver\\RUNTEST");
    UNICODE_STRING None = RTL_CONSTANT_STRING(L"\\Driver\\NotThere");
    DECLSPEC_ALIGN(8) UCHAR Buffer[128];
    POBJECT_NAME_INFORMATION Information = (PVOID)Buffer;
    PVOID Object;
    ULONG Length;

    CHECK_STATUS(ObReferenceObjectByName(&Name, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDriverObjectType,
                                         KernelMode, NULL, &Object),
                 STATUS_SUCCESS);
    CHECK(Object == TestDriver);
    if (Object)
        ObDereferenceObject(Object);
    CHECK_STATUS(ObReferenceObjectByName(&None, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDriverObjectType,
                                         KernelMode, NULL, &Object),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_STATUS(ObQueryNameString(TestDriver, Information, sizeof(Buffer), &Length),
                 STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&Information->Name, &TestDriver->DriverName, TRUE));
    CHECK_STATUS(ObQueryNameString(TestDriver, Information, 8, &Length),
                 STATUS_INFO_LENGTH_MISMATCH);
    CHECK(Length > sizeof(*Information));
}

VOID TestObjects(VOID)
{
    PVOID Object;
    HANDLE Handle;

    TestThreadObject();
    TestDriverObject();
    CHECK_STATUS(ObReferenceObjectByHandle(NtCurrentThread(), 0, NULL, KernelMode, &Object, NULL),
                 STATUS_SUCCESS);
    CHECK(Object == KeGetCurrentThread());
    ObDereferenceObject(Object);
    CHECK_STATUS(ObReferenceObjectByHandle((HANDLE)0x12344, 0, NULL, KernelMode, &Object, NULL),
                 STATUS_INVALID_HANDLE);
    CHECK_STATUS(ObReferenceObjectByPointer(TestDriver, 0, *IoDriverObjectType, KernelMode),
                 STATUS_SUCCESS);
    CHECK_STATUS(ObReferenceObjectByPointer(TestDriver, 0, *PsThreadType, KernelMode),
                 STATUS_OBJECT_TYPE_MISMATCH);
    ObReferenceObject(TestDriver);
    ObDereferenceObject(TestDriver);
    ObDereferenceObjectDeferDelete(TestDriver);
    CHECK_STATUS(ObOpenObjectByPointer(TestDriver, 0, NULL, 0, *PsThreadType, KernelMode, &Handle),
                 STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(!Handle && ObGetObjectType(TestDriver) == *IoDriverObjectType);
}

/* ---- Events of the Executive ---- */

static LONG StateOf(HANDLE Event)
{
    NTSTATUS(NTAPI * QueryEvent)
    (HANDLE, ULONG, PVOID, ULONG, PULONG) = Routine(L"ZwQueryEvent");
    LONG Basic[2] = {0, 99};

    QueryEvent(Event, 0, Basic, sizeof(Basic), NULL);
    return Basic[1];
}

static VOID TestUnnamedEvent(HANDLE Handle, PKEVENT Event)
{
    LARGE_INTEGER Zero = {.QuadPart = 0};
    PVOID Both[2] = {Event, Event};

    CHECK(KeReadStateEvent(Event) == 0);
    CHECK_STATUS(KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, &Zero), STATUS_TIMEOUT);
    CHECK(KeSetEvent(Event, 0, FALSE) == 0 && StateOf(Handle) == 1);
    CHECK(KeReadStateEvent(Event) == 1 && KeSetEvent(Event, 0, FALSE) == 1);
    CHECK_STATUS(KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, &Zero), STATUS_SUCCESS);
    CHECK(KeResetEvent(Event) == 1 && StateOf(Handle) == 0);
    CHECK_STATUS(ZwSetEvent(Handle, NULL), STATUS_SUCCESS);
    CHECK(KeReadStateEvent(Event) == 1);
    KeClearEvent(Event);
    CHECK(StateOf(Handle) == 0);
    KePulseEvent(Event, 0, FALSE);
    CHECK(StateOf(Handle) == 0);
    CHECK_STATUS(
        KeWaitForMultipleObjects(2, Both, WaitAny, Executive, KernelMode, FALSE, &Zero, NULL),
        STATUS_NOT_IMPLEMENTED);
}

static VOID TestNamedEvent(VOID)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\RunTestEvent");
    LARGE_INTEGER Zero = {.QuadPart = 0};
    HANDLE Handle, Other;
    PKEVENT Event = IoCreateSynchronizationEvent(&Name, &Handle), Same;
    PVOID Object;

    CHECK(Event && KeReadStateEvent(Event) == 1); /* it is made signalled */
    if (!Event)
        return;
    Same = IoCreateSynchronizationEvent(&Name, &Other);
    CHECK(Same);
    CHECK_STATUS(KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, &Zero), STATUS_SUCCESS);
    CHECK(KeReadStateEvent(Same) == 0); /* the wait has taken it */
    CHECK_STATUS(ObReferenceObjectByName(&Name, 0, NULL, EVENT_ALL_ACCESS, *ExEventObjectType,
                                         KernelMode, NULL, &Object),
                 STATUS_SUCCESS);
    KeSetEvent(Object, 0, FALSE);
    CHECK(KeReadStateEvent(Same) == 1);
    ObDereferenceObject(Object);
    CHECK_STATUS(ZwClose(Handle), STATUS_SUCCESS);
    CHECK_STATUS(ZwClose(Other), STATUS_SUCCESS);
    CHECK_STATUS(ObReferenceObjectByName(&Name, 0, NULL, EVENT_ALL_ACCESS, *ExEventObjectType,
                                         KernelMode, NULL, &Object),
                 STATUS_OBJECT_NAME_NOT_FOUND);
    Event = IoCreateNotificationEvent(&Name, &Handle);
    CHECK(Event && KeReadStateEvent(Event) == 1);
    CHECK_STATUS(ZwClose(Handle), STATUS_SUCCESS);
}

VOID TestEventsByHandle(VOID)
{
    OBJECT_HANDLE_INFORMATION Information;
    HANDLE Handle, Copy;
    PVOID Event, Wrong;

    CHECK_STATUS(ZwCreateEvent(&Handle, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE),
                 STATUS_SUCCESS);
    CHECK_STATUS(ObReferenceObjectByHandle(Handle, EVENT_MODIFY_STATE, *ExEventObjectType,
                                           KernelMode, &Event, &Information),
                 STATUS_SUCCESS);
    CHECK(Information.GrantedAccess == EVENT_ALL_ACCESS);
    CHECK_STATUS(ObReferenceObjectByHandle(Handle, 0, *PsThreadType, KernelMode, &Wrong, NULL),
                 STATUS_OBJECT_TYPE_MISMATCH);
    TestUnnamedEvent(Handle, Event);
    CHECK_STATUS(ObOpenObjectByPointer(Event, 0, NULL, EVENT_ALL_ACCESS, *ExEventObjectType,
                                       KernelMode, &Copy),
                 STATUS_SUCCESS);
    KeSetEvent(Event, 0, FALSE);
    CHECK(StateOf(Copy) == 1);
    ZwClose(Copy);
    CHECK_STATUS(ZwClose(Handle), STATUS_SUCCESS);
    CHECK(KeSetEvent(Event, 0, FALSE) == 1); /* it needs no handle of the driver's */
    ObDereferenceObject(Event);
    TestNamedEvent();
}

/* ---- Processes ---- */

static VOID NTAPI SystemThread(PVOID Context)
{
    CHECK(PsGetCurrentProcess() == PsInitialSystemProcess);
    CHECK(PsGetCurrentProcessId() == PsGetProcessId(PsInitialSystemProcess));
    CHECK(ExGetPreviousMode() == KernelMode && PsIsSystemThread(PsGetCurrentThread()));
    CHECK(IoThreadToProcess(PsGetCurrentThread()) == PsInitialSystemProcess);
    CHECK(PsGetCurrentThreadId() != Context);
}

VOID TestProcesses(VOID)
{
    PEPROCESS Client = PsGetCurrentProcess(), Process;
    KAPC_STATE State;
    HANDLE Handle;
    PVOID Object;

    CHECK(Client != PsInitialSystemProcess && ExGetPreviousMode() == UserMode);
    CHECK(!PsIsSystemThread(PsGetCurrentThread()) && !IoIsSystemThread(PsGetCurrentThread()));
    CHECK(IoThreadToProcess(PsGetCurrentThread()) == Client);
    CHECK(PsGetProcessId(Client) == PsGetCurrentProcessId());
    Join(Start(SystemThread, PsGetCurrentThreadId()));
    CHECK_STATUS(PsLookupProcessByProcessId(PsGetCurrentProcessId(), &Process), STATUS_SUCCESS);
    CHECK(Process == Client);
    ObDereferenceObject(Process);
    CHECK_STATUS(PsLookupProcessByProcessId((HANDLE)0x7FFFFFF0, &Process), STATUS_INVALID_CID);
    CHECK_STATUS(PsLookupProcessByProcessId(NULL, &Process), STATUS_INVALID_CID);
    CHECK_STATUS(PsGetProcessExitStatus(Client), STATUS_PENDING);
    CHECK(PsGetProcessInheritedFromUniqueProcessId(Client) != NULL && PsGetProcessPeb(Client));
    CHECK(PsIsSystemProcess(PsInitialSystemProcess) && !PsIsSystemProcess(Client));
    CHECK_STATUS(ObOpenObjectByPointer(Client, OBJ_KERNEL_HANDLE, NULL, PROCESS_ALL_ACCESS,
                                       *PsProcessType, KernelMode, &Handle),
                 STATUS_SUCCESS);
    CHECK_STATUS(ObReferenceObjectByHandle(Handle, 0, *PsProcessType, KernelMode, &Object, NULL),
                 STATUS_SUCCESS);
    CHECK(Object == Client);
    ObDereferenceObject(Object);
    ZwClose(Handle);
    KeStackAttachProcess((PVOID)PsInitialSystemProcess, (PVOID)&State);
    CHECK(PsGetCurrentProcess() == PsInitialSystemProcess && KeIsAttachedProcess());
    KeUnstackDetachProcess((PVOID)&State);
    CHECK(PsGetCurrentProcess() == Client && !KeIsAttachedProcess());
    CHECK_STATUS(PsSetLoadImageNotifyRoutine(NULL), STATUS_INSUFFICIENT_RESOURCES);
    CHECK_STATUS(PsRemoveLoadImageNotifyRoutine(NULL), STATUS_PROCEDURE_NOT_FOUND);
    CHECK_STATUS(PsSetCreateProcessNotifyRoutine(NULL, FALSE), STATUS_INVALID_PARAMETER);
    CHECK_STATUS(PsSetCreateProcessNotifyRoutine(NULL, TRUE), STATUS_PROCEDURE_NOT_FOUND);
    CHECK_STATUS(PsSetCreateThreadNotifyRoutine(NULL), STATUS_INSUFFICIENT_RESOURCES);
    CHECK_STATUS(PsRemoveCreateThreadNotifyRoutine(NULL), STATUS_PROCEDURE_NOT_FOUND);
}
