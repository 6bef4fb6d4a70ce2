/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers whose routines wait: for work items, for services, for their own device. The driver is
 * drivers/test/waiting. */
#include "waiting.h"
#include <neptune/ioctl.h>

#define SERVICES u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"
#define SERVICE SERVICES u"waiting"
#define LOOPTEST SERVICES u"looptest"
#define CROWD 200
#define MANY 1000
#define OWN_THREADS 2      /* of a host without interrupts that is idle */
#define THREAD_COST 0x9000 /* DRIVER_THREAD_COST */

static NTSTATUS OpenWaiting(PHANDLE File)
{
    IO_STATUS_BLOCK Iosb;

    return NtOpenFile(File, FILE_READ_DATA | SYNCHRONIZE, Named(u"\\Device\\Waiting", 0), &Iosb,
                      FILE_SHARE_READ | FILE_SHARE_WRITE, 0);
}

static HANDLE Control; /* a file of the device, asynchronous, so that its requests do not queue */

static NTSTATUS Ask(HANDLE Event, ULONG Kind, ULONG Number, PULONG Result)
{
    WAITING_COMMAND Command = {.Kind = Kind, .Number = Number};
    IO_STATUS_BLOCK Iosb;
    ULONG Ignored;
    NTSTATUS Status =
        NtDeviceIoControlFile(Control, Event, NULL, NULL, &Iosb, IOCTL_WAITING_RUN, &Command,
                              sizeof(Command), Result ? Result : &Ignored, sizeof(ULONG));

    if (Status != STATUS_PENDING)
        return Status;
    NtWaitForSingleObject(Event, FALSE, NULL);
    return Iosb.Status;
}

static NTSTATUS Run(ULONG Kind, ULONG Number, PULONG Result)
{
    HANDLE Event;
    NTSTATUS Status = NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Ask(Event, Kind, Number, Result);
    NtClose(Event);
    return Status;
}

static ULONG AtGate(void)
{
    ULONG Count = 0;

    Run(WaitingCount, 0, &Count);
    return Count;
}

static BOOLEAN CameToGate(ULONG Count)
{
    for (ULONG i = 0; i < 1000; i++) {
        if (AtGate() == Count)
            return TRUE;
        Sleep(10);
    }
    TapPrint("# at the gate: %u\n", AtGate());
    return FALSE;
}

/* ---- A crowd of threads, each with a request ---- */

static HANDLE Threads[MANY], Go; /* Go NULL: at once */
static HANDLE Spare;             /* a file that is closed when a request has been refused */

static NTSTATUS NTAPI Request(PVOID Kind)
{
    HANDLE Start = Go; /* as it is when the thread begins */
    NTSTATUS Status;

    if (Start)
        NtWaitForSingleObject(Start, FALSE, NULL);
    Status = Run((ULONG)(ULONG_PTR)Kind, 1, NULL);
    if (Status == STATUS_INSUFFICIENT_RESOURCES && Spare)
        NtClose(__atomic_exchange_n(&Spare, NULL, __ATOMIC_RELAXED));
    return Status;
}

static ULONG StartCrowd(ULONG Kind, ULONG Count)
{
    ULONG Started = 0;

    while (Started < Count &&
           NT_SUCCESS(StartSmallThread(&Threads[Started], Request, (PVOID)(ULONG_PTR)Kind)))
        Started++;
    return Started;
}

/* How many of them return Status. */
static ULONG EndCrowd(ULONG Count, NTSTATUS Status)
{
    ULONG Found = 0;

    for (ULONG i = 0; i < Count; i++) {
        NTSTATUS End = EndOfThread(Threads[i]);

        if (End == Status)
            Found++;
        else if (Found == i && NT_SUCCESS(Status))
            TapPrint("# %08x\n", End);
    }
    return Found;
}

static void TestCrowd(ULONG Kind, const char *Name)
{
    if (!ok(StartCrowd(Kind, CROWD) == CROWD, Name))
        return;
    ok(EndCrowd(CROWD, STATUS_SUCCESS) == CROWD, "all of them end");
}

static void TestCrowdAtGate(ULONG Kind, const char *Name)
{
    ULONG Start = AtGate();

    if (!ok(StartCrowd(Kind, CROWD) == CROWD, Name))
        return;
    ok(CameToGate(Start + CROWD), "all of them wait, and others are served");
    ok_status(Run(WaitingItems, 20, NULL), STATUS_SUCCESS, "work items too");
    ok_status(Run(WaitingOpenGate, 0, NULL), STATUS_SUCCESS, "they may go on");
    ok(EndCrowd(CROWD, STATUS_SUCCESS) == CROWD, "all of them end");
}

/* ---- Services ---- */

static void TestServices(void)
{
    ULONG Result = 77;

    ok_status(Run(WaitingEntry, 0, NULL), STATUS_SUCCESS,
              "DriverEntry has opened its own device and a file");
    ok_status(Run(WaitingSelf, 0, &Result), STATUS_SUCCESS, "a dispatch routine opens its device");
    ok(Result == 0, "which answers");
    ok_status(Run(WaitingDevice, 0, NULL), STATUS_SUCCESS, "another driver's device");
    ok_status(Run(WaitingFile, 0, &Result), STATUS_SUCCESS, "a file");
    ok(Result == 0x5A4D, "and reads it");
    ok_status(Run(WaitingTimeout, 1, NULL), STATUS_TIMEOUT, "a wait for an event ends in time");
    ok_status(Run(WaitingThread, 0, NULL), STATUS_SUCCESS, "a thread's end is waited for");
    ok_status(Run(WaitingItems, 100, NULL), STATUS_SUCCESS,
              "100 work items that wait for each other");
}

static void TestOthersMeanwhile(void)
{
    HANDLE Thread = StartThread(Request, (PVOID)WaitingAtGate);

    NtClose(Thread);
    ok(CameToGate(1), "one waits");
    Thread = StartThread(Request, (PVOID)WaitingSelfGate);
    ok(CameToGate(2), "another one in a request to itself");
    ok_status(Run(WaitingFile, 0, NULL), STATUS_SUCCESS, "others are served");
    ok_status(WaitFor(Thread, 0), STATUS_TIMEOUT, "meanwhile");
    Run(WaitingOpenGate, 0, NULL);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "it ends");
}

/* ---- What a host keeps ---- */

static HANDLE IdOf(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic = {0};

    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    return (HANDLE)Basic.UniqueProcessId;
}

/* Of a process: by its handle, or if that is NULL by its name. NULL: there is none. */
static PSYSTEM_PROCESS_INFORMATION Describe(PCWSTR Image, HANDLE Handle)
{
    static UCHAR Buffer[0x40000];
    PSYSTEM_PROCESS_INFORMATION Process = (PVOID)Buffer;
    HANDLE Id = Handle ? IdOf(Handle) : ProcessNamed(Image);

    if (!NT_SUCCESS(
            NtQuerySystemInformation(SystemProcessInformation, Buffer, sizeof(Buffer), NULL)))
        return NULL;
    while (Process->UniqueProcessId != Id) {
        if (!Process->NextEntryOffset)
            return NULL;
        Process = (PVOID)((PUCHAR)Process + Process->NextEntryOffset);
    }
    return Process;
}

static ULONG ThreadsOf(PCWSTR Image, HANDLE Handle)
{
    PSYSTEM_PROCESS_INFORMATION Process = Describe(Image, Handle);

    return Process ? Process->NumberOfThreads : 0;
}

static ULONG HostThreads(void)
{
    return ThreadsOf(u"waiting.sys", NULL);
}

static SIZE_T Commitment(HANDLE Process)
{
    VM_COUNTERS Counters = {0};

    NtQueryInformationProcess(Process, ProcessVmCounters, &Counters, sizeof(Counters), NULL);
    return Counters.PagefileUsage;
}

static SIZE_T HostCommitment(void)
{
    CLIENT_ID Id = {.UniqueProcess = ProcessNamed(u"waiting.sys")};
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Process;
    SIZE_T Bytes;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    if (!NT_SUCCESS(NtOpenProcess(&Process, PROCESS_QUERY_INFORMATION, &Attributes, &Id)))
        return 0;
    Bytes = Commitment(Process);
    NtClose(Process);
    return Bytes;
}

static BOOLEAN Shrinks(SIZE_T Limit)
{
    for (ULONG i = 0; i < 500; i++) {
        if (HostThreads() <= OWN_THREADS && HostCommitment() <= Limit)
            return TRUE;
        Sleep(20);
    }
    TapPrint("# %u threads, %u KB of %u\n", HostThreads(), (ULONG)(HostCommitment() >> 10),
             (ULONG)(Limit >> 10));
    return FALSE;
}

static void TestHelpers(void)
{
    SIZE_T Before = HostCommitment();

    ok(StartCrowd(WaitingSelfGate, CROWD / 2) == CROWD / 2, "many in requests to themselves");
    ok(CameToGate(CROWD / 2), "all of them wait, and others are served");
    ok(HostThreads() > CROWD / 2, "each on a thread of the process");
    Run(WaitingOpenGate, 0, NULL);
    ok(EndCrowd(CROWD / 2, STATUS_SUCCESS) == CROWD / 2, "all of them end");
    ok(Shrinks(Before + 0x20000), "what they needed goes");
}

static void TestPending(void)
{
    ok(StartCrowd(WaitingPending, 3) == 3, "some leave reads pending");
    Sleep(3000);
    Run(WaitingOpenGate, 0, NULL);
    ok(EndCrowd(3, STATUS_SUCCESS) == 3, "which last longer than idle helpers");
}

/* ---- Who pays ---- */

/* umtests crowd N: N requests wait at the gate when they may. Its status is how many of them were
 * refused. */
NTSTATUS CrowdChild(ULONG Count)
{
    if (!NT_SUCCESS(OpenWaiting(&Control)) ||
        !NT_SUCCESS(NtOpenEvent(&Go, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\CrowdGo", 0))))
        return STATUS_UNSUCCESSFUL;
    OpenWaiting(&Spare);
    if (StartCrowd(WaitingAtGate, Count) < Count)
        return STATUS_NO_MEMORY;
    return (NTSTATUS)EndCrowd(Count, STATUS_INSUFFICIENT_RESOURCES);
}

/* Starts one whose threads are ready. */
static BOOLEAN StartCrowdChild(PCWSTR CommandLine, ULONG Count, PHANDLE Process)
{
    HANDLE Thread;

    NtCreateEvent(&Go, EVENT_ALL_ACCESS, Named(u"\\BaseNamedObjects\\CrowdGo", 0),
                  NotificationEvent, FALSE);
    if (!ok_status(StartSelf(CommandLine, Process, &Thread), STATUS_SUCCESS, "another program"))
        return FALSE;
    NtClose(Thread);
    for (ULONG i = 0; i < 2000 && ThreadsOf(u"umtests.exe", *Process) < Count + 1; i++)
        Sleep(10);
    return ok(ThreadsOf(u"umtests.exe", *Process) == Count + 1, "has its threads");
}

static NTSTATUS EndOfChild(HANDLE Process)
{
    PROCESS_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_IO_TIMEOUT};

    if (WaitFor(Process, 60000) == STATUS_SUCCESS)
        NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    else
        NtTerminateProcess(Process, 0);
    NtClose(Process);
    if (Go)
        NtClose(Go);
    Go = NULL;
    return Basic.ExitStatus;
}

static void TestMany(void)
{
    SIZE_T Before;
    HANDLE Process;

    if (!StartCrowdChild(u"umtests crowd 1000", MANY, &Process))
        return;
    Before = Commitment(Process);
    NtSetEvent(Go, NULL);
    ok(CameToGate(MANY), "1,000 of its requests wait, others are served");
    ok(Commitment(Process) - Before > (MANY - 10) * THREAD_COST, "it pays for what it has made");
    ok_status(Run(WaitingItem, 0, NULL), STATUS_SUCCESS, "others may wait too");
    ok_status(Run(WaitingFile, 0, NULL), STATUS_SUCCESS, "for services as well");
    Run(WaitingOpenGate, 0, NULL);
    ok_status(EndOfChild(Process), 0, "none of them was refused");
}

static NTSTATUS LimitProcess(HANDLE Process, HANDLE Job, SIZE_T Bytes)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits = {
        .BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY,
        .ProcessMemoryLimit = Commitment(Process) + Bytes};

    return NtSetInformationJobObject(Job, JobObjectExtendedLimitInformation, &Limits,
                                     sizeof(Limits));
}

static BOOLEAN HasCleanedUp(ULONG Before)
{
    ULONG Now = Before;

    for (ULONG i = 0; i < 500 && Now == Before; i++) {
        Run(WaitingCleanups, 0, &Now);
        Sleep(10);
    }
    return Now == Before + 1;
}

static void TestRefusal(void)
{
    HANDLE Process, Job;
    ULONG Waiting = 0, Cleanups = 0, Last, i;

    if (!StartCrowdChild(u"umtests crowd 100", 100, &Process))
        return;
    NtCreateJobObject(&Job, JOB_OBJECT_ALL_ACCESS, NULL);
    ok_status(NtAssignProcessToJobObject(Job, Process), STATUS_SUCCESS, "it is in a job");
    ok_status(LimitProcess(Process, Job, 50 * THREAD_COST), STATUS_SUCCESS, "that has a limit");
    Run(WaitingCleanups, 0, &Cleanups);
    NtSetEvent(Go, NULL);
    for (i = 0, Last = 1; i < 500 && (Waiting < 30 || Waiting != Last); i++) {
        Last = Waiting;
        Sleep(100);
        Waiting = AtGate();
    }
    TapPrint("# %u wait\n", Waiting);
    ok(Waiting > 30 && Waiting < 60, "as many requests wait as it can pay for");
    ok(HasCleanedUp(Cleanups), "it can close a file all the same");
    ok_status(Run(WaitingItem, 0, NULL), STATUS_SUCCESS, "others may");
    Run(WaitingOpenGate, 0, NULL);
    ok_status(EndOfChild(Process), (NTSTATUS)(100 - Waiting), "the rest was refused");
    NtClose(Job);
}

#define HOARD 60 /* requests that wait, and as many that come when there is no memory */

static HANDLE NewEvent(PCWSTR Name)
{
    HANDLE Event = NULL;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, Named(Name, OBJ_OPENIF), NotificationEvent, FALSE);
    return Event;
}

static void TakeMemory(void)
{
    for (SIZE_T Unit = 0x1000000; Unit >= PAGE_SIZE; Unit >>= 2) {
        PVOID Base = NULL;
        SIZE_T Size = Unit;

        while (NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                                  MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE))) {
            Base = NULL;
            Size = Unit;
        }
    }
}

/* umtests hoarder 0: has requests at the gate, then takes all memory, then sends others. Its status
 * is how many of these were refused. */
NTSTATUS HoarderChild(void)
{
    HANDLE Full = NewEvent(u"\\BaseNamedObjects\\CrowdFull"), Begin;
    ULONG i;

    Begin = NewEvent(u"\\BaseNamedObjects\\CrowdGo");
    if (!NT_SUCCESS(OpenWaiting(&Control)) || StartCrowd(WaitingAtGate, HOARD) < HOARD)
        return STATUS_UNSUCCESSFUL;
    if (!CameToGate(HOARD))
        return STATUS_UNSUCCESSFUL;
    for (i = 0; i < HOARD; i++)
        NtClose(Threads[i]);
    Go = Full;
    if (StartCrowd(WaitingAtGate, HOARD) < HOARD)
        return STATUS_NO_MEMORY;
    for (i = 0; i < HOARD; i++)
        ComesToWait(Threads[i]);
    TakeMemory();
    NtSetEvent(Full, NULL);
    NtSetEvent(Begin, NULL);
    return (NTSTATUS)EndCrowd(HOARD, STATUS_INSUFFICIENT_RESOURCES);
}

static void TestHoarder(void)
{
    HANDLE Process, Thread, Taken = NewEvent(u"\\BaseNamedObjects\\CrowdGo");
    NTSTATUS Refused;

    if (!ok_status(StartSelf(u"umtests hoarder 0", &Process, &Thread), STATUS_SUCCESS,
                   "a program that takes all memory"))
        return;
    NtClose(Thread);
    ok_status(WaitFor(Taken, 60000), STATUS_SUCCESS, "has it");
    NtClose(Taken);
    ok(AtGate() >= HOARD, "others are served");
    ok_status(Run(WaitingItem, 0, NULL), STATUS_SUCCESS, "if they wait for a work item");
    ok_status(Run(WaitingSelf, 0, NULL), STATUS_SUCCESS, "or for a service");
    Sleep(500);
    Run(WaitingOpenGate, 0, NULL);
    Refused = EndOfChild(Process);
    TapPrint("# %u of %u refused\n", Refused, HOARD);
    ok(Refused > 0 && Refused <= HOARD, "its own requests were refused");
}

/* ---- The end of a host ---- */

static void TestEnd(void)
{
    ok(StartCrowd(WaitingAtGate, 30) == 30, "some wait");
    for (ULONG i = 0; i < 30; i++)
        NtClose(Threads[i]);
    ok(CameToGate(30), "at the gate");
    ok(StartCrowd(WaitingSelfGate, 30) == 30, "others in requests to themselves");
    ok(CameToGate(60), "all of them");
    ok_status(EndProcessNamed(u"waiting.sys", TRUE), STATUS_SUCCESS, "the process is ended");
    ok(EndCrowd(30, STATUS_DEVICE_DOES_NOT_EXIST) == 30, "so are the requests");
}

static NTSTATUS OpenSoon(void)
{
    NTSTATUS Status = STATUS_UNSUCCESSFUL;

    NtClose(Control);
    for (ULONG i = 0; i < 500 && !NT_SUCCESS(Status); i++) {
        Status = OpenWaiting(&Control);
        if (!NT_SUCCESS(Status))
            Sleep(10);
    }
    return Status;
}

/* looptest opens its device in AddDevice and in START_DEVICE, and fails if it cannot. */
static void TestStart(void)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(LOOPTEST);
    IO_STATUS_BLOCK Iosb;
    HANDLE File = NULL;
    NTSTATUS Status = NtLoadDriver(&Service);

    ok(Status == STATUS_SUCCESS || Status == STATUS_IMAGE_ALREADY_LOADED, "a device's driver");
    ok_status(
        NtOpenFile(&File, SYNCHRONIZE, Named(u"\\Device\\LoopTest", 0), &Iosb, FILE_SHARE_READ, 0),
        STATUS_SUCCESS, "has opened it before it was started");
    NtClose(File);
}

/* While helpers live on. */
static void TestEndOfMainThread(void)
{
    PSYSTEM_PROCESS_INFORMATION Process = Describe(u"waiting.sys", NULL);
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Thread = NULL;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    ok(Process && Process->NumberOfThreads > 1, "a process with a helper");
    if (Process)
        NtOpenThread(&Thread, THREAD_TERMINATE, &Attributes, &Process->Threads[0].ClientId);
    ok(StartCrowd(WaitingAtGate, 1) == 1 && CameToGate(1), "one waits");
    ok_status(NtTerminateThread(Thread, 0), STATUS_SUCCESS, "its main thread is ended");
    ok(EndCrowd(1, STATUS_DEVICE_DOES_NOT_EXIST) == 1, "so is the request");
    NtClose(Thread);
}

void TestDriverWaits(void)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(SERVICE);
    BOOLEAN WasEnabled;

    RtlAdjustPrivilege(SE_LOAD_DRIVER_PRIVILEGE, TRUE, FALSE, &WasEnabled);
    ok_status(NtLoadDriver(&Service), STATUS_SUCCESS, "a driver that waits");
    if (!ok_status(OpenWaiting(&Control), STATUS_SUCCESS, "its device"))
        return;
    TestServices();
    TestStart();
    TestOthersMeanwhile();
    TestCrowd(WaitingItem, "200 wait for a work item each");
    TestCrowdAtGate(WaitingAtGate, "200 at a gate");
    TestCrowdAtGate(WaitingItemsGate, "200 whose work items are there");
    TestHelpers();
    TestPending();
    TestMany();
    TestRefusal();
    TestHoarder();
    TestEnd();
    ok_status(OpenSoon(), STATUS_SUCCESS, "the driver is started again");
    ok_status(Run(WaitingSelf, 0, NULL), STATUS_SUCCESS, "and works");
    TestEndOfMainThread();
    ok_status(OpenSoon(), STATUS_SUCCESS, "it is started once more");
    ok_status(Run(WaitingRaised, 0, NULL), STATUS_DEVICE_DOES_NOT_EXIST,
              "a service that waits ends it at DISPATCH_LEVEL");
    NtClose(Control);
}
