/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a process or of a driver gives way; here others use that to make a thread in the
 * process, or to load the driver again, before the end is complete.
 */
#include "tap.h"

#define CROWD 250
#define OBJECTS 64
#define LOADS 12
#define MANY_TRIES 100000
#define SERVICE u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\hold"

static HANDLE Threads[CROWD], Objects[OBJECTS], Child, ChildThread;
static volatile ULONG Arrived;
static volatile BOOLEAN Making;

static NTSTATUS Start(PHANDLE Thread, PUSER_THREAD_START_ROUTINE Routine)
{
    return NtCreateThreadEx(Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), Routine, NULL, 0,
                            0, 0, 0x10000, NULL);
}

static NTSTATUS Join(HANDLE Thread)
{
    THREAD_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_PENDING};

    NtWaitForSingleObject(Thread, FALSE, NULL);
    NtQueryInformationThread(Thread, ThreadBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClose(Thread);
    return Basic.ExitStatus;
}

static void Delay(LONGLONG Milliseconds)
{
    LARGE_INTEGER Time = {.QuadPart = -10000 * Milliseconds};

    NtDelayExecution(FALSE, &Time);
}

/* ---- The last thread of a process, whose end many wait for ---- */

static NTSTATUS NTAPI WaitForAllObjects(PVOID Argument)
{
    __atomic_add_fetch(&Arrived, 1, __ATOMIC_RELAXED);
    return NtWaitForMultipleObjects(OBJECTS, Objects, WaitAll, FALSE, NULL);
}

static BOOLEAN GatherCrowd(void)
{
    ULONG i;

    for (i = 0; i < OBJECTS - 1; i++)
        NtCreateEvent(&Objects[i], EVENT_ALL_ACCESS, NULL, NotificationEvent, TRUE);
    Objects[OBJECTS - 1] = ChildThread;
    for (i = 0; i < CROWD; i++)
        if (!NT_SUCCESS(Start(&Threads[i], WaitForAllObjects)))
            return FALSE;
    while (Arrived < CROWD)
        Delay(10);
    Delay(100);
    return TRUE;
}

static BOOLEAN CrowdReturns(void)
{
    ULONG Good = 0, i;

    for (i = 0; i < CROWD; i++)
        Good += Join(Threads[i]) == STATUS_SUCCESS;
    for (i = 0; i < OBJECTS - 1; i++)
        NtClose(Objects[i]);
    return Good == CROWD;
}

/* One with a large stack, which takes several turns. */
static NTSTATUS NTAPI MakeThread(PVOID Argument)
{
    HANDLE Thread;
    NTSTATUS Status;

    Making = TRUE;
    Status = NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, Child, MakeThread, NULL,
                              THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, 0x40000, 0x100000, NULL);
    if (NT_SUCCESS(Status))
        NtClose(Thread);
    return Status;
}

/* Either the thread is refused, or the process lives as long as it. The process's end follows that
 * of the crowd, which takes its time on a busy machine. */
static void TestLastThread(void)
{
    LARGE_INTEGER Limit = {.QuadPart = -5000000}, Long = {.QuadPart = -1200000000};
    NTSTATUS Made, Ended;
    HANDLE Helper;

    if (!ok_status(StartSelf(u"umtests sleep", &Child, &ChildThread), STATUS_SUCCESS, "a process"))
        return;
    if (!ok(GatherCrowd(), "a crowd waits for the end of its only thread"))
        return;
    ok_status(Start(&Helper, MakeThread), STATUS_SUCCESS, "another is making a second one");
    while (!Making)
        ;
    ok_status(NtTerminateThread(ChildThread, STATUS_SUCCESS), STATUS_SUCCESS, "it is ended");
    Made = Join(Helper);
    Ended = NtWaitForSingleObject(Child, FALSE, NT_SUCCESS(Made) ? &Limit : &Long);
    TapPrint("# the other's thread: %08x, the process: %08x\n", Made, Ended);
    ok(NT_SUCCESS(Made) == (Ended == STATUS_TIMEOUT), "no thread is made in a process that ends");
    NtTerminateProcess(Child, STATUS_SUCCESS);
    ok(CrowdReturns(), "the crowd goes on");
    NtClose(ChildThread);
    NtClose(Child);
}

/* ---- A driver that ends while it is being loaded ---- */

static NTSTATUS NTAPI Load(PVOID Argument)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(SERVICE);

    return NtLoadDriver(&Service);
}

/* Once it has a thread. FALSE: there is no such process. */
static BOOLEAN EndDriver(void)
{
    static ULONG_PTR List[0x10000 / sizeof(ULONG_PTR)];
    SYSTEM_PROCESS_INFORMATION *Entry = (PVOID)List;
    OBJECT_ATTRIBUTES Attributes;
    CLIENT_ID Id = {0};
    HANDLE Process;

    if (!NT_SUCCESS(NtQuerySystemInformation(SystemProcessInformation, List, sizeof(List), NULL)))
        return FALSE;
    for (;; Entry = (PVOID)((PUCHAR)Entry + Entry->NextEntryOffset)) {
        if (Entry->ImageName.Length == 16 && !memcmp(Entry->ImageName.Buffer, u"hold.sys", 16) &&
            Entry->NumberOfThreads)
            Id.UniqueProcess = Entry->UniqueProcessId;
        if (!Entry->NextEntryOffset)
            break;
    }
    if (!Id.UniqueProcess)
        return FALSE;
    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    if (!NT_SUCCESS(NtOpenProcess(&Process, PROCESS_TERMINATE, &Attributes, &Id)))
        return FALSE;
    NtTerminateProcess(Process, STATUS_UNSUCCESSFUL);
    NtClose(Process);
    return TRUE;
}

static BOOLEAN LoadAgainAtOnce(void)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(SERVICE);
    NTSTATUS First, Second, Third;
    ULONG Tries = 0;
    HANDLE Loader;

    if (!NT_SUCCESS(Start(&Loader, Load)))
        return FALSE;
    while (!EndDriver() && Tries++ < MANY_TRIES)
        ;
    do
        Second = NtLoadDriver(&Service);
    while (Second == STATUS_IMAGE_ALREADY_LOADED && Tries++ < MANY_TRIES);
    First = Join(Loader);
    Third = NtLoadDriver(&Service);
    if (Second == STATUS_SUCCESS && Third == STATUS_IMAGE_ALREADY_LOADED &&
        NT_SUCCESS(NtUnloadDriver(&Service)))
        return TRUE;
    TapPrint("# loads: %08x, %08x, %08x\n", First, Second, Third);
    return FALSE;
}

static void TestLoads(void)
{
    ULONG Good = 0, i;

    for (i = 0; i < LOADS; i++)
        Good += LoadAgainAtOnce();
    ok(Good == LOADS, "a driver that has been ended while it was loaded is loaded again, once");
}

void TestEndings(void)
{
    TestLastThread();
    TestLoads();
}
