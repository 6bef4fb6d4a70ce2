/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services that are long leave others their turns; here others use them to change what those
 * services are at work on.
 */
#include "waiting.h"
#include <neptune/ioctl.h>

#define CROWD 250
#define OBJECTS 64
#define LONG_NAME 32000 /* characters */
#define ALIKE 16
#define DEPTH 3000
#define READS 400
#define MAXIMUM_TRIES 500 /* until requests are over, which takes a while as others cancel on */
#define HOLD_SERVICE u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\hold"

static HANDLE Threads[CROWD], Events[OBJECTS], Directory;
static WAIT_TYPE WaitKind;
static volatile BOOLEAN Stop;

static NTSTATUS Start(PHANDLE Thread, PUSER_THREAD_START_ROUTINE Routine, PVOID Argument)
{
    Stop = FALSE;
    return StartSmallThread(Thread, Routine, Argument);
}

static BOOLEAN Ends(HANDLE Thread)
{
    return EndOfThread(Thread) != STATUS_IO_TIMEOUT;
}

static void StopHelper(HANDLE Helper)
{
    Stop = TRUE;
    ok(Ends(Helper), "the other thread ends");
}

/* ---- A crowd that waits for the last of many events ---- */

static volatile BOOLEAN Arrived[CROWD];

static NTSTATUS NTAPI WaitInCrowd(PVOID Argument)
{
    Arrived[(ULONG_PTR)Argument] = TRUE;
    return NtWaitForMultipleObjects(OBJECTS, Events, WaitKind, FALSE, NULL);
}

static BOOLEAN GatherCrowd(WAIT_TYPE Kind)
{
    ULONG i;

    WaitKind = Kind;
    for (i = 0; i < OBJECTS; i++)
        NtClearEvent(Events[i]);
    for (i = 0; i < CROWD; i++) {
        Arrived[i] = FALSE;
        if (!NT_SUCCESS(Start(&Threads[i], WaitInCrowd, (PVOID)(ULONG_PTR)i)))
            return FALSE;
    }
    for (i = 0; i < CROWD; i++)
        while (!Arrived[i])
            Sleep(10);
    Sleep(100);
    return TRUE;
}

static BOOLEAN AllReturn(NTSTATUS Expected)
{
    ULONG Good = 0, i;

    for (i = 0; i < CROWD; i++) {
        NTSTATUS Status = EndOfThread(Threads[i]);

        if (Status == Expected)
            Good++;
        else
            TapPrint("# thread %u: %08x\n", i, Status);
    }
    if (Good != CROWD)
        TapPrint("# %u of %u\n", Good, CROWD);
    return Good == CROWD;
}

static NTSTATUS NTAPI KeepResetting(PVOID Argument)
{
    while (!Stop)
        NtResetEvent(Events[OBJECTS - 1], NULL);
    return STATUS_SUCCESS;
}

static void TestResetMeanwhile(void)
{
    HANDLE Helper;

    if (!ok(GatherCrowd(WaitAny), "a crowd waits"))
        return;
    ok_status(Start(&Helper, KeepResetting, NULL), STATUS_SUCCESS, "another resets the event");
    ok_status(NtSetEvent(Events[OBJECTS - 1], NULL), STATUS_SUCCESS, "which is set once");
    StopHelper(Helper);
    ok(AllReturn(STATUS_WAIT_0 + OBJECTS - 1), "that releases all of them");
}

static void TestPulse(void)
{
    EVENT_BASIC_INFORMATION Basic;

    if (!ok(GatherCrowd(WaitAny), "a crowd waits"))
        return;
    ok_status(NtPulseEvent(Events[OBJECTS - 1], NULL), STATUS_SUCCESS, "its event is pulsed");
    ok(AllReturn(STATUS_WAIT_0 + OBJECTS - 1), "that releases all of them");
    NtQueryEvent(Events[OBJECTS - 1], EventBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(!Basic.EventState, "and leaves the event as it was");
}

static volatile ULONG Beats;

static NTSTATUS NTAPI KeepBeating(PVOID Argument)
{
    while (!Stop)
        Beats++;
    return STATUS_SUCCESS;
}

/* All but the last of what the crowd waits for is there when the object is signalled. */
static BOOLEAN GatherFor(HANDLE Object)
{
    HANDLE Event = Events[0];
    BOOLEAN Gathered;
    ULONG i;

    Events[0] = Object;
    Gathered = GatherCrowd(WaitAll);
    Events[0] = Event;
    for (i = 1; i < OBJECTS - 1; i++)
        NtSetEvent(Events[i], NULL);
    return Gathered;
}

static HANDLE BeginBeating(void)
{
    HANDLE Helper;

    ok_status(Start(&Helper, KeepBeating, NULL), STATUS_SUCCESS, "another wants to run");
    Sleep(100);
    return Helper;
}

static void EndCrowd(HANDLE Helper)
{
    StopHelper(Helper);
    for (ULONG i = 0; i < CROWD; i++)
        NtTerminateThread(Threads[i], STATUS_UNSUCCESSFUL);
    ok(AllReturn(STATUS_UNSUCCESSFUL), "the crowd is ended");
}

static void TestMutant(void)
{
    HANDLE Mutant, Helper;
    ULONG Before;

    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, TRUE);
    if (!ok(GatherFor(Mutant), "a crowd waits for a mutant and more"))
        return;
    Helper = BeginBeating();
    Before = Beats;
    ok_status(NtReleaseMutant(Mutant, NULL), STATUS_SUCCESS, "the mutant is released");
    ok(Beats != Before, "meanwhile it runs");
    EndCrowd(Helper);
    NtClose(Mutant);
}

static void TestPort(void)
{
    PORT_MESSAGE Message = {.u1.s1.TotalLength = sizeof(Message)};
    HANDLE Port, Helper;
    ULONG Before;

    NtCreateWaitablePort(&Port, NULL, 0, 256, 0);
    if (!ok(GatherFor(Port), "a crowd waits for a port and more"))
        return;
    Helper = BeginBeating();
    Before = Beats;
    ok_status(NtRequestPort(Port, &Message), STATUS_SUCCESS, "a message comes to the port");
    ok(Beats != Before, "meanwhile it runs");
    EndCrowd(Helper);
    NtClose(Port);
}

/* Two set all the events at the same time, in opposite orders. */
static NTSTATUS NTAPI SetBackwards(PVOID Argument)
{
    ULONG i;

    for (i = OBJECTS; i > 0; i--)
        NtSetEvent(Events[i - 1], NULL);
    return STATUS_SUCCESS;
}

static void TestWaitForAll(void)
{
    HANDLE Helper;
    ULONG i;

    if (!ok(GatherCrowd(WaitAll), "a crowd waits for all events"))
        return;
    ok_status(Start(&Helper, SetBackwards, NULL), STATUS_SUCCESS, "another sets them");
    for (i = 0; i < OBJECTS; i++)
        NtSetEvent(Events[i], NULL);
    ok(AllReturn(STATUS_WAIT_0), "all waits end");
    ok(Ends(Helper), "the other thread ends");
}

static NTSTATUS NTAPI EndEveryOther(PVOID Argument)
{
    ULONG i;

    for (i = CROWD; i > 1; i -= 2)
        NtTerminateThread(Threads[i - 1], STATUS_UNSUCCESSFUL);
    return STATUS_SUCCESS;
}

/* Whoever ends while the crowd is released takes himself out of the lists that are walked. */
static void TestEndMeanwhile(void)
{
    ULONG Released = 0, Killed = 0, i;
    HANDLE Helper;

    if (!ok(GatherCrowd(WaitAny), "a crowd waits"))
        return;
    ok_status(Start(&Helper, EndEveryOther, NULL), STATUS_SUCCESS, "another ends half of it");
    NtSetEvent(Events[OBJECTS - 1], NULL);
    ok(Ends(Helper), "the other thread ends");
    for (i = 0; i < CROWD; i++) {
        NTSTATUS Status = EndOfThread(Threads[i]);

        Released += Status == STATUS_WAIT_0 + OBJECTS - 1;
        Killed += Status == STATUS_UNSUCCESSFUL;
    }
    ok(Released + Killed == CROWD && Released >= CROWD / 2, "each was released or ended");
}

/* The one who sets the event is ended while he does; what he has begun comes to its end. */
static NTSTATUS NTAPI SetAndBeEnded(PVOID Argument)
{
    NtSetEvent(Events[OBJECTS - 1], NULL);
    return STATUS_SUCCESS;
}

static void TestEndOfSetter(void)
{
    LARGE_INTEGER Look = {.QuadPart = 0};
    HANDLE Setter;

    if (!ok(GatherCrowd(WaitAny), "a crowd waits"))
        return;
    ok_status(Start(&Setter, SetAndBeEnded, NULL), STATUS_SUCCESS, "another sets the event");
    while (NtWaitForSingleObject(Events[OBJECTS - 1], FALSE, &Look) != STATUS_SUCCESS)
        ;
    NtTerminateThread(Setter, STATUS_UNSUCCESSFUL);
    ok(Ends(Setter), "and is ended meanwhile");
    ok(AllReturn(STATUS_WAIT_0 + OBJECTS - 1), "all are released none the less");
}

static NTSTATUS NTAPI WaitLimited(PVOID Argument)
{
    return NtWaitForMultipleObjects(OBJECTS, Events, WaitAny, FALSE, Argument);
}

/* Time limits of all at once, and the event at about the same time. */
static void TestTimeLimits(void)
{
    ULONG Released = 0, Late = 0, i;
    LARGE_INTEGER Due;

    NtClearEvent(Events[OBJECTS - 1]);
    NtQuerySystemTime(&Due);
    Due.QuadPart += 15000000;
    for (i = 0; i < CROWD; i++)
        if (!NT_SUCCESS(Start(&Threads[i], WaitLimited, &Due)))
            break;
    ok(i == CROWD, "a crowd waits until a time");
    NtDelayExecution(FALSE, &Due);
    NtSetEvent(Events[OBJECTS - 1], NULL);
    while (i > 0) {
        NTSTATUS Status = EndOfThread(Threads[--i]);

        Released += Status == STATUS_WAIT_0 + OBJECTS - 1;
        Late += Status == STATUS_TIMEOUT;
    }
    ok(Released + Late == CROWD, "all waits end, by the time or by the event");
}

static void TestCrowds(void)
{
    ULONG i;

    for (i = 0; i < OBJECTS; i++)
        NtCreateEvent(&Events[i], EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    TestResetMeanwhile();
    TestPulse();
    TestMutant();
    TestPort();
    TestWaitForAll();
    TestEndMeanwhile();
    TestEndOfSetter();
    TestTimeLimits();
    for (i = 0; i < OBJECTS; i++)
        NtClose(Events[i]);
}

/* ---- Names that take long to compare, in a directory that changes ---- */

static void Describe(POBJECT_ATTRIBUTES Attributes, PUNICODE_STRING Name, PWSTR Text, ULONG Length)
{
    Name->Buffer = Text;
    Name->Length = Name->MaximumLength = (USHORT)(Length * sizeof(WCHAR));
    InitializeObjectAttributes(Attributes, Name, 0, Directory, NULL);
}

static NTSTATUS Create(PHANDLE Event, PWSTR Text, ULONG Length)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;

    Describe(&Attributes, &Name, Text, Length);
    return NtCreateEvent(Event, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
}

static NTSTATUS Open(PHANDLE Event, PWSTR Text, ULONG Length)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;

    Describe(&Attributes, &Name, Text, Length);
    return NtOpenEvent(Event, EVENT_ALL_ACCESS, &Attributes);
}

/* Their hashes are equal, as upper and lower case count as one there. */
static void MakeName(PWSTR Text, ULONG Number)
{
    ULONG i;

    for (i = 0; i < LONG_NAME; i++)
        Text[i] = 'n';
    for (i = 0; i < 5; i++)
        Text[LONG_NAME - 1 - i] = Number >> i & 1 ? 'N' : 'n';
}

/* Pauses, because a search begins anew at each change. */
static NTSTATUS NTAPI KeepChanging(PVOID Argument)
{
    static WCHAR Text[LONG_NAME];
    ULONG Number = ALIKE;

    while (!Stop) {
        HANDLE Event;

        MakeName(Text, Number);
        if (NT_SUCCESS(Create(&Event, Text, LONG_NAME)))
            NtClose(Event);
        Number = Number == 2 * ALIKE - 1 ? ALIKE : Number + 1;
        Sleep(1);
    }
    return STATUS_SUCCESS;
}

/* Each is set, so that it can be told from the others. */
static BOOLEAN IsOwn(HANDLE Event, HANDLE Opened)
{
    EVENT_BASIC_INFORMATION Basic = {0};

    NtSetEvent(Event, NULL);
    NtQueryEvent(Opened, EventBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClearEvent(Event);
    return Basic.EventState == 1;
}

static void TestChangingDirectory(void)
{
    static WCHAR Text[LONG_NAME];
    HANDLE Own[ALIKE], Helper;
    ULONG Good = 0, i;

    for (i = 0; i < ALIKE; i++) {
        MakeName(Text, i);
        Good += NT_SUCCESS(Create(&Own[i], Text, LONG_NAME));
    }
    ok(Good == ALIKE, "long names that differ in case only");
    ok_status(Start(&Helper, KeepChanging, NULL), STATUS_SUCCESS, "the directory changes");
    for (i = 0, Good = 0; i < 4 * ALIKE; i++) {
        HANDLE Found;

        MakeName(Text, i % ALIKE);
        if (NT_SUCCESS(Open(&Found, Text, LONG_NAME)))
            Good += IsOwn(Own[i % ALIKE], Found) && NT_SUCCESS(NtClose(Found));
    }
    ok(Good == 4 * ALIKE, "each is found all the while");
    StopHelper(Helper);
    for (i = 0; i < ALIKE; i++)
        NtClose(Own[i]);
    MakeName(Text, 3);
    ok_status(Open(&Own[0], Text, LONG_NAME), STATUS_OBJECT_NAME_NOT_FOUND, "they are gone");
}

/* ---- Two who make the same name ---- */

static HANDLE Begin, Made[2];
static NTSTATUS MadeStatus[2];

static NTSTATUS NTAPI CreateSame(PVOID Argument)
{
    static WCHAR Text[2][LONG_NAME];
    ULONG Which = (ULONG)(ULONG_PTR)Argument;

    MakeName(Text[Which], 7);
    NtWaitForSingleObject(Begin, FALSE, NULL);
    MadeStatus[Which] = Create(&Made[Which], Text[Which], LONG_NAME);
    return STATUS_SUCCESS;
}

static void TestSameName(void)
{
    ULONG Good = 0, Round;

    NtCreateEvent(&Begin, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    for (Round = 0; Round < 20; Round++) {
        HANDLE Helpers[2];
        ULONG First;

        NtClearEvent(Begin);
        Start(&Helpers[0], CreateSame, (PVOID)0);
        Start(&Helpers[1], CreateSame, (PVOID)1);
        Sleep(10);
        NtSetEvent(Begin, NULL);
        Ends(Helpers[0]);
        Ends(Helpers[1]);
        First = MadeStatus[0] == STATUS_SUCCESS ? 0 : 1;
        if (MadeStatus[First] == STATUS_SUCCESS) {
            Good += MadeStatus[1 - First] == STATUS_OBJECT_NAME_COLLISION;
            NtClose(Made[First]);
        }
    }
    ok(Good == 20, "of two who make one name, one makes it");
    NtClose(Begin);
}

/* ---- Deep paths, while a directory on the way loses its name ---- */

static HANDLE Deep[DEPTH + 1];

static BOOLEAN MakeDeep(void)
{
    WCHAR Text[] = u"d";
    ULONG i;

    Deep[0] = Directory;
    for (i = 1; i <= DEPTH; i++) {
        OBJECT_ATTRIBUTES Attributes;
        UNICODE_STRING Name;

        Describe(&Attributes, &Name, Text, 1);
        Attributes.RootDirectory = Deep[i - 1];
        if (!NT_SUCCESS(NtCreateDirectoryObject(&Deep[i], DIRECTORY_ALL_ACCESS, &Attributes)))
            return FALSE;
    }
    return TRUE;
}

static NTSTATUS NTAPI CloseOutermost(PVOID Argument)
{
    ULONG i;

    for (i = 1; i < DEPTH / 2; i++)
        NtClose(Deep[i]);
    return STATUS_SUCCESS;
}

/* A path is \d\d\d... of some length, whatever becomes of its directories meanwhile. */
static BOOLEAN IsPath(POBJECT_NAME_INFORMATION Path)
{
    ULONG i;

    for (i = 0; i < Path->Name.Length / sizeof(WCHAR); i++)
        if (Path->Name.Buffer[i] != (i % 2 ? 'd' : '\\'))
            return FALSE;
    return Path->Name.Length % (2 * sizeof(WCHAR)) == 0 &&
           Path->Name.Length >= DEPTH * sizeof(WCHAR);
}

static void TestDeepPath(void)
{
    static ULONG_PTR Buffer[0x10010 / sizeof(ULONG_PTR)];
    POBJECT_NAME_INFORMATION Path = (PVOID)Buffer;
    ULONG Good = 0, Round, i;
    HANDLE Helper;

    if (!ok(MakeDeep(), "directories in each other"))
        return;
    Start(&Helper, CloseOutermost, NULL);
    for (Round = 0; Round < 50; Round++)
        Good += NT_SUCCESS(NtQueryObject(Deep[DEPTH], ObjectNameInformation, Path, sizeof(Buffer),
                                         NULL)) &&
                IsPath(Path);
    ok(Good == 50, "the path of the innermost while the outer ones lose their names");
    ok(Ends(Helper), "the other thread ends");
    for (i = DEPTH / 2; i <= DEPTH; i++)
        NtClose(Deep[i]);
}

static void TestNames(void)
{
    NtCreateDirectoryObject(&Directory, DIRECTORY_ALL_ACCESS, NULL);
    TestChangingDirectory();
    TestSameName();
    TestDeepPath();
    NtClose(Directory);
}

/* ---- Many requests that are cancelled, while their driver answers them or ends ---- */

static HANDLE Hold;
static IO_STATUS_BLOCK Blocks[READS];
static HANDLE Pending; /* all reads are */

static BOOLEAN OpenHold(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\Hold");
    ULONG Count = 100000, Most;
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!NT_SUCCESS(NtOpenFile(&Hold, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb,
                               FILE_SHARE_READ, 0)))
        return FALSE;
    Status = NtDeviceIoControlFile(Hold, NULL, NULL, NULL, &Iosb, IOCTL_HOLD_SET_COUNT, &Count,
                                   sizeof(Count), &Most, sizeof(Most));
    if (Status == STATUS_PENDING)
        NtWaitForSingleObject(Hold, FALSE, NULL);
    return NT_SUCCESS(Status);
}

static NTSTATUS NTAPI ReadAndCancel(PVOID Argument)
{
    LARGE_INTEGER Offset = {.QuadPart = 0};
    IO_STATUS_BLOCK Iosb;
    HANDLE File = Hold;
    NTSTATUS Status;
    ULONG i;

    for (i = 0; i < READS; i++) {
        Blocks[i].Status = STATUS_PENDING;
        if (NtReadFile(File, NULL, NULL, NULL, &Blocks[i], &Blocks[i], 0, &Offset, NULL) !=
            STATUS_PENDING)
            return STATUS_UNSUCCESSFUL;
    }
    NtSetEvent(Pending, NULL);
    do
        Status = NtCancelIoFile(File, &Iosb);
    while (Argument && NT_SUCCESS(Status)); /* for ever, till it is ended or the file is closed */
    return Status;
}

/* Closing the last handle lets the driver complete all reads, with STATUS_CANCELLED. */
static ULONG CountCancelled(void)
{
    ULONG Cancelled = 0, Tries, i;

    for (Tries = 0; Tries < MAXIMUM_TRIES && Cancelled < READS; Tries++) {
        Sleep(20);
        for (i = 0, Cancelled = 0; i < READS; i++)
            Cancelled += Blocks[i].Status == STATUS_CANCELLED;
    }
    return Cancelled;
}

static void TestCancelAndClose(PVOID ForEver)
{
    HANDLE Reader;

    if (!ok(OpenHold(), "a device that keeps reads"))
        return;
    NtClearEvent(Pending);
    ok_status(Start(&Reader, ReadAndCancel, ForEver), STATUS_SUCCESS, "many reads are cancelled");
    NtWaitForSingleObject(Pending, FALSE, NULL);
    ok_status(NtClose(Hold), STATUS_SUCCESS, "while the file is closed");
    ok(Ends(Reader), "the thread that cancels ends");
    ok(CountCancelled() == READS, "each read is cancelled once");
}

static void TestCancelAndEnd(void)
{
    HANDLE Reader;

    if (!ok(OpenHold(), "a device that keeps reads"))
        return;
    NtClearEvent(Pending);
    ok_status(Start(&Reader, ReadAndCancel, (PVOID)1), STATUS_SUCCESS, "many reads are cancelled");
    NtWaitForSingleObject(Pending, FALSE, NULL);
    ok_status(NtTerminateThread(Reader, STATUS_SUCCESS), STATUS_SUCCESS, "while the thread ends");
    ok(Ends(Reader), "it ends");
    NtClose(Hold);
    ok(CountCancelled() == READS, "each read is cancelled once");
}

static void TestDriverEnds(void)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(HOLD_SERVICE);
    ULONG Failed = 0, Tries, i;
    NTSTATUS Status;
    HANDLE Reader;

    if (!ok(OpenHold(), "a device that keeps reads"))
        return;
    NtClearEvent(Pending);
    Start(&Reader, ReadAndCancel, (PVOID)1);
    NtWaitForSingleObject(Pending, FALSE, NULL);
    ok_status(EndProcessNamed(u"hold.sys", TRUE), STATUS_SUCCESS,
              "the driver is ended while reads are cancelled");
    Status = NtLoadDriver(&Service);
    ok(Status == STATUS_SUCCESS || Status == STATUS_IMAGE_ALREADY_LOADED,
       "and is loaded again at once, unless it has been by itself");
    for (Tries = 0; Tries < MAXIMUM_TRIES && Failed < READS; Tries++) {
        Sleep(20);
        for (i = 0, Failed = 0; i < READS; i++)
            Failed += Blocks[i].Status == STATUS_DEVICE_DOES_NOT_EXIST;
    }
    ok(Failed == READS, "each read has failed");
    NtTerminateThread(Reader, STATUS_SUCCESS);
    ok(Ends(Reader), "the thread that cancels ends");
    NtClose(Hold);
    TestCancelAndClose(NULL);
}

static void TestRequests(void)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(HOLD_SERVICE);
    NTSTATUS Status = NtLoadDriver(&Service);

    if (!ok(NT_SUCCESS(Status) || Status == STATUS_IMAGE_ALREADY_LOADED, "load hold"))
        return;
    NtCreateEvent(&Pending, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    TestCancelAndClose(NULL);
    TestCancelAndClose((PVOID)1);
    TestCancelAndEnd();
    TestDriverEnds();
    NtClose(Pending);
    ok_status(NtUnloadDriver(&Service), STATUS_SUCCESS, "unload hold");
}

/* ---- A thread that is made while its process gets another priority ---- */

#define STACK_COMMIT 0x800000 /* takes many turns */

static volatile BOOLEAN Making;
static volatile UCHAR CurrentClass;

static NTSTATUS SetClass(UCHAR Class)
{
    PROCESS_PRIORITY_CLASS Value = {FALSE, Class};

    CurrentClass = Class;
    return NtSetInformationProcess(NtCurrentProcess(), ProcessPriorityClass, &Value, sizeof(Value));
}

static NTSTATUS NTAPI LowerPriority(PVOID Argument)
{
    while (!Making)
        NtYieldExecution();
    return SetClass(PROCESS_PRIORITY_CLASS_BELOW_NORMAL);
}

static LONG BasePriority(HANDLE Thread)
{
    LONG Priority = 0;

    NtQueryInformationThread(Thread, ThreadActualBasePriority, &Priority, sizeof(Priority), NULL);
    return Priority;
}

/* FALSE: the priority was not set meanwhile. */
static BOOLEAN MakeMeanwhile(PBOOLEAN Right)
{
    HANDLE Helper, Thread;
    BOOLEAN Before, After;

    Making = FALSE;
    Start(&Helper, LowerPriority, NULL);
    Making = TRUE;
    Before = CurrentClass == PROCESS_PRIORITY_CLASS_BELOW_NORMAL;
    NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), WaitInCrowd, NULL,
                     THREAD_CREATE_FLAGS_CREATE_SUSPENDED, 0, STACK_COMMIT, 2 * STACK_COMMIT, NULL);
    After = CurrentClass == PROCESS_PRIORITY_CLASS_BELOW_NORMAL;
    EndOfThread(Helper);
    *Right = BasePriority(Thread) == BasePriority(NtCurrentThread());
    NtTerminateThread(Thread, STATUS_SUCCESS);
    EndOfThread(Thread);
    SetClass(PROCESS_PRIORITY_CLASS_NORMAL);
    return !Before && After;
}

static void TestPriority(void)
{
    ULONG Tries = 0;
    BOOLEAN Right = FALSE;

    while (Tries < 20 && !MakeMeanwhile(&Right))
        Tries++;
    ok(Tries < 20, "a thread is made while the process's priority is set");
    ok(Right, "and has the new one");
}

/* ---- Who goes from service to service ---- */

#define PHASES 60 /* short ones: the machine is not always as fast, if it is an emulated one */
#define PHASE 40  /* milliseconds */

static volatile ULONGLONG Counted;
static volatile BOOLEAN Calling;

static NTSTATUS NTAPI CountOn(PVOID Argument)
{
    while (!Stop)
        Counted++;
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI CallOrCompute(PVOID Argument)
{
    while (!Stop) {
        if (Calling)
            NtSetEvent(NULL, NULL);
    }
    return STATUS_SUCCESS;
}

/* What is spent in services counts for who calls them: another thread gets as much beside one that
 * calls as beside one that computes, or more. */
static void TestCallers(void)
{
    ULONGLONG Beside[2] = {0};
    HANDLE Other, Counter;

    ok_status(Start(&Other, CallOrCompute, NULL), STATUS_SUCCESS,
              "a thread that calls, or computes");
    ok_status(Start(&Counter, CountOn, NULL), STATUS_SUCCESS, "one that counts");
    for (ULONG i = 0; i < PHASES; i++) {
        ULONGLONG Before = Counted;

        Calling = i % 2;
        Sleep(PHASE);
        Beside[Calling] += Counted - Before;
    }
    StopHelper(Other);
    ok(Ends(Counter), "that one too");
    TapPrint("# it counts to %I64u beside one that computes, %I64u beside one that calls\n",
             Beside[0], Beside[1]);
    ok(Beside[1] * 10 > Beside[0] * 9, "calling services takes no more than computing");
}

/* ---- A long service of an urgent thread, beside one that computes and is more urgent than most
 * ---- */

#define MUCH 0x200000 /* bytes: many turns */
#define READS_OF_MUCH 8

static NTSTATUS NTAPI ReadMuch(PVOID From)
{
    PUCHAR To = (PUCHAR)From + MUCH;
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i < READS_OF_MUCH && NT_SUCCESS(Status); i++)
        Status = NtReadVirtualMemory(NtCurrentProcess(), From, To, MUCH, NULL);
    return Status;
}

static NTSTATUS NTAPI CallOn(PVOID Argument)
{
    while (!Stop)
        NtSetEvent(NULL, NULL);
    return STATUS_SUCCESS;
}

static NTSTATUS SetPriority(HANDLE Thread, LONG Priority)
{
    return NtSetInformationThread(Thread, ThreadPriority, &Priority, sizeof(Priority));
}

/* A turn comes to who waits for it, though a program that is more urgent than the usual never
 * stops. */
static void TestUrgentService(void)
{
    SIZE_T Size = 2 * MUCH;
    PVOID Memory = NULL;
    HANDLE Reader, Spinner, Caller;

    NtAllocateVirtualMemory(NtCurrentProcess(), &Memory, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                            PAGE_READWRITE);
    ok_status(SetPriority(NtCurrentThread(), 15), STATUS_SUCCESS, "an urgent thread");
    Start(&Caller, CallOn, NULL);
    Start(&Spinner, KeepBeating, NULL);
    ok_status(SetPriority(Spinner, 9), STATUS_SUCCESS, "one that computes, more urgent than most");
    StartSmallThread(&Reader, ReadMuch, Memory);
    SetPriority(Reader, 14);
    ok_status(EndOfThread(Reader), STATUS_SUCCESS, "a long service comes to its end beside it");
    Stop = TRUE;
    ok(Ends(Spinner) && Ends(Caller), "the others end");
    SetPriority(NtCurrentThread(), 8);
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Memory, &Size, MEM_RELEASE);
}

#define WOKEN 300      /* threads at once: more than some turns are long enough for */
#define SLEEPS 40      /* of 1 ms */
#define SOON 1500000LL /* 150 ms */

static HANDLE Gate;

static NTSTATUS NTAPI WaitAtGate(PVOID Argument)
{
    return NtWaitForSingleObject(Gate, FALSE, NULL);
}

static NTSTATUS NTAPI OpenGate(PVOID Argument)
{
    return NtSetEvent(Gate, NULL);
}

static LONGLONG LongestSleep(void)
{
    LARGE_INTEGER Before, After;
    LONGLONG Longest = 0;

    for (ULONG i = 0; i < SLEEPS; i++) {
        NtQuerySystemTime(&Before);
        Sleep(1);
        NtQuerySystemTime(&After);
        if (After.QuadPart - Before.QuadPart > Longest)
            Longest = After.QuadPart - Before.QuadPart;
    }
    return Longest;
}

/* Who is urgent does not come behind a crowd that has been woken before, and that waits for turns
 * beside one that computes. */
static void TestUrgentWake(void)
{
    HANDLE Crowd[WOKEN], Opener, Spinner;
    ULONG Count = 0;

    NtCreateEvent(&Gate, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    while (Count < WOKEN && NT_SUCCESS(StartSmallThread(&Crowd[Count], WaitAtGate, NULL)))
        Count++;
    Sleep(200);
    SetPriority(NtCurrentThread(), 15);
    Start(&Spinner, KeepBeating, NULL);
    SetPriority(Spinner, 9);
    StartSmallThread(&Opener, OpenGate, NULL);
    SetPriority(Opener, 14);
    ok(LongestSleep() < SOON, "an urgent thread is woken in time beside a crowd");
    Stop = TRUE;
    SetPriority(NtCurrentThread(), 8);
    ok(Ends(Spinner) && Ends(Opener), "the others end");
    for (ULONG i = 0; i < Count; i++)
        EndOfThread(Crowd[i]);
    NtClose(Gate);
}

void TestTurns(void)
{
    TestUrgentService();
    TestUrgentWake();
    TestCallers();
    TestPriority();
    TestCrowds();
    TestNames();
    TestRequests();
}
