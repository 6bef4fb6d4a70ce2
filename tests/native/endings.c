/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a process or of a driver gives way; here others use that to make a thread in the
 * process, or to load the driver again, before the end is complete.
 */
#include "waiting.h"
#include "registers.h"

#define CROWD 250
#define OBJECTS 64
#define LOADS 12
#define MANY_TRIES 100000
#define SERVICE u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\hold"

static HANDLE Threads[CROWD], Objects[OBJECTS], Child, ChildThread;
static volatile ULONG Arrived;
static volatile BOOLEAN Making;

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
        if (!NT_SUCCESS(StartSmallThread(&Threads[i], WaitForAllObjects, NULL)))
            return FALSE;
    while (Arrived < CROWD)
        Sleep(10);
    Sleep(100);
    return TRUE;
}

static BOOLEAN CrowdReturns(void)
{
    ULONG Good = 0, i;

    for (i = 0; i < CROWD; i++)
        Good += EndOfThread(Threads[i]) == STATUS_SUCCESS;
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
    ok_status(StartSmallThread(&Helper, MakeThread, NULL), STATUS_SUCCESS,
              "another is making a second one");
    while (!Making)
        ;
    ok_status(NtTerminateThread(ChildThread, STATUS_SUCCESS), STATUS_SUCCESS, "it is ended");
    Made = EndOfThread(Helper);
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

static BOOLEAN IsThere(void)
{
    IO_STATUS_BLOCK Iosb;
    HANDLE File;

    if (!NT_SUCCESS(NtOpenFile(&File, FILE_READ_DATA, Named(u"\\Device\\Hold", 0), &Iosb,
                               FILE_SHARE_READ, 0)))
        return FALSE;
    NtClose(File);
    return TRUE;
}

/* Its end may come so late that it has been loaded; then it is loaded again by itself, too. */
static BOOLEAN LoadAgainAtOnce(void)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(SERVICE);
    NTSTATUS First, Second, Third;
    ULONG Tries = 0;
    HANDLE Loader;
    BOOLEAN There;

    if (!NT_SUCCESS(StartSmallThread(&Loader, Load, NULL)))
        return FALSE;
    while (!NT_SUCCESS(EndProcessNamed(u"hold.sys", FALSE)) && Tries++ < MANY_TRIES)
        ;
    Second = NtLoadDriver(&Service);
    There = IsThere();
    First = EndOfThread(Loader);
    Third = NtLoadDriver(&Service);
    if ((Second == STATUS_SUCCESS ||
         (First == STATUS_SUCCESS && Second == STATUS_IMAGE_ALREADY_LOADED)) &&
        There && Third == STATUS_IMAGE_ALREADY_LOADED && NT_SUCCESS(NtUnloadDriver(&Service)) &&
        !ProcessNamed(u"hold.sys"))
        return TRUE;
    TapPrint("# loads: %08x, %08x, %08x, %u\n", First, Second, Third, There);
    return FALSE;
}

static void TestLoads(void)
{
    ULONG Good = 0, i;

    for (i = 0; i < LOADS; i++)
        Good += LoadAgainAtOnce();
    ok(Good == LOADS, "a driver that has been ended while it was loaded is loaded again, once");
}

/* ---- Threads that all make a fault of which nobody can be told, as they have no stack ---- */

#define FAULTING 16

static NTSTATUS NTAPI LoseStack(PVOID Argument)
{
    CONTEXT Context;

    NtWaitForSingleObject(Objects[0], FALSE, NULL);
    RtlCaptureContext(&Context);
    STACK_POINTER(&Context) = 0x100;
    return NtContinue(&Context, FALSE);
}

NTSTATUS FaultingChild(void)
{
    NtCreateEvent(&Objects[0], EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    for (ULONG i = 0; i < FAULTING; i++)
        StartSmallThread(&Threads[i], LoseStack, NULL);
    Sleep(50);
    NtSetEvent(Objects[0], NULL);
    Sleep(60000);
    return STATUS_UNSUCCESSFUL;
}

/* The first ends the process; the others must not keep it from its end. */
static void TestManyFaults(void)
{
    for (ULONG i = 0; i < 4; i++)
        ok_status(RunSelf(u"umtests faulting", 20), STATUS_ACCESS_VIOLATION,
                  "a process whose threads all fault");
}

void TestEndings(void)
{
    TestManyFaults();
    TestLastThread();
    TestLoads();
}
