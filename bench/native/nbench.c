/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nbench.exe: what native services cost, in ticks of the TSC. Under "qemu -icount
 * shift=0,sleep=off" a tick is one instruction and the figures are the same in every run. Prints
 * "name value" lines on the screen: of common operations, or with "growth" of those beside many
 * neighbours (growth.c), many objects or threads ("objects", "threads": growth_objects.c), or with
 * "longest", "longest-names" ... how long services keep others waiting (longest.c).
 *
 * The yardstick is the bare seL4 round trip between two processes of the same boot: nbench starts
 * itself a second time as a server on an endpoint that NepShareEndpoint puts into both processes.
 */
#include "nbench.h"
#define SEL4_IPC_BUFFER ((seL4_IPCBuffer *)((PUCHAR)NtCurrentTeb() + NEPTUNE_TEB_IPC_BUFFER))
#include <sel4/sel4.h>

#define ROUNDS 200

ULONGLONG Measure(void (*Operation)(PVOID), PVOID Argument)
{
    ULONGLONG Least = ~0ULL;

    for (ULONG i = 0; i < ROUNDS; i++) {
        ULONGLONG Start = ReadTsc(), Taken;
        Operation(Argument);
        Taken = ReadTsc() - Start;
        if (Taken < Least)
            Least = Taken;
    }
    return Least;
}

static void Nothing(PVOID Argument)
{
}

static void NullService(PVOID Argument)
{
    NtFlushProcessWriteBuffers();
}

static void SetEvent(PVOID Argument)
{
    NtSetEvent((HANDLE)Argument, NULL);
}

static void Wait(PVOID Argument)
{
    NtWaitForSingleObject((HANDLE)Argument, FALSE, NULL);
}

static void QueryTime(PVOID Argument)
{
    NtQuerySystemTime((PLARGE_INTEGER)Argument);
}

static void RawCall(PVOID Argument)
{
    seL4_Call(NEPTUNE_SHARED_ENDPOINT_CAP, seL4_MessageInfo_new(0, 0, 0, 0));
}

struct pair {
    HANDLE Ping, Pong;
};

static void PingPong(PVOID Argument)
{
    struct pair *Pair = Argument;

    NtSetEvent(Pair->Ping, NULL);
    NtWaitForSingleObject(Pair->Pong, FALSE, NULL);
}

static NTSTATUS NTAPI PongThread(PVOID Argument)
{
    struct pair *Pair = Argument;

    for (;;) {
        NtWaitForSingleObject(Pair->Ping, FALSE, NULL);
        NtSetEvent(Pair->Pong, NULL);
    }
}

static NTSTATUS Start(PCWSTR Path, PCWSTR CommandLine, RTL_USER_PROCESS_INFORMATION *Information)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    UNICODE_STRING Image, Line;
    NTSTATUS Status;

    RtlInitUnicodeString(&Image, Path);
    RtlInitUnicodeString(&Line, CommandLine);
    Status = RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Line, NULL, NULL, NULL,
                                          NULL, NULL, RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlCreateUserProcess(&Image, 0, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL,
                                  Information);
    RtlDestroyProcessParameters(Parameters);
    return Status;
}

NTSTATUS StartSelf(PCWSTR CommandLine, RTL_USER_PROCESS_INFORMATION *Information)
{
    return Start(u"\\SystemRoot\\tests\\nbench.exe", CommandLine, Information);
}

static void SpawnProcess(PVOID Argument)
{
    RTL_USER_PROCESS_INFORMATION Information;

    if (!NT_SUCCESS(Start(u"\\SystemRoot\\tests\\nothing.exe", u"nothing", &Information))) {
        Print("process-start-to-end: failed\n");
        return;
    }
    NtResumeThread(Information.ThreadHandle, NULL);
    NtWaitForSingleObject(Information.ProcessHandle, FALSE, NULL);
    NtClose(Information.ThreadHandle);
    NtClose(Information.ProcessHandle);
}

/* The bare round trip, or 0 when the server cannot be had. */
static ULONGLONG MeasureRaw(void)
{
    RTL_USER_PROCESS_INFORMATION Server;
    LARGE_INTEGER Wait = {.QuadPart = -1000000};
    ULONGLONG Least;

    if (!NT_SUCCESS(StartSelf(u"nbench serve", &Server)) ||
        !NT_SUCCESS(NepShareEndpoint(Server.ProcessHandle)))
        return 0;
    NtResumeThread(Server.ThreadHandle, NULL);
    NtDelayExecution(FALSE, &Wait);
    Least = Measure(RawCall, NULL);
    NtTerminateProcess(Server.ProcessHandle, STATUS_SUCCESS);
    NtClose(Server.ThreadHandle);
    NtClose(Server.ProcessHandle);
    return Least;
}

static void Serve(void)
{
    seL4_Word Badge;

    seL4_Recv(NEPTUNE_SHARED_ENDPOINT_CAP, &Badge);
    for (;;)
        seL4_ReplyRecv(NEPTUNE_SHARED_ENDPOINT_CAP, seL4_MessageInfo_new(0, 0, 0, 0), &Badge);
}

static BOOLEAN EndsWith(PUNICODE_STRING String, PCWSTR Word)
{
    UNICODE_STRING Expected;

    RtlInitUnicodeString(&Expected, Word);
    return String->Length >= Expected.Length &&
           memcmp((PUCHAR)String->Buffer + String->Length - Expected.Length, Expected.Buffer,
                  Expected.Length) == 0;
}

static BOOLEAN OpenPair(struct pair *Pair)
{
    static const UNICODE_STRING Names[] = {RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\NbenchPing"),
                                           RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\NbenchPong")};
    PHANDLE Events[] = {&Pair->Ping, &Pair->Pong};
    OBJECT_ATTRIBUTES Attributes;
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; i < ARRAYSIZE(Names) && NT_SUCCESS(Status); i++) {
        InitializeObjectAttributes(&Attributes, (PUNICODE_STRING)&Names[i], OBJ_OPENIF, NULL, NULL);
        Status =
            NtCreateEvent(Events[i], EVENT_ALL_ACCESS, &Attributes, SynchronizationEvent, FALSE);
    }
    return NT_SUCCESS(Status);
}

/* The other process. */
static void ServePong(void)
{
    struct pair Pair;

    if (OpenPair(&Pair))
        PongThread(&Pair);
}

static void MeasureProcesses(ULONGLONG Empty)
{
    RTL_USER_PROCESS_INFORMATION Server;
    struct pair Pair;

    if (!OpenPair(&Pair) || !NT_SUCCESS(StartSelf(u"nbench serve-pong", &Server)))
        return;
    NtResumeThread(Server.ThreadHandle, NULL);
    Print("event-ping-pong-processes %llu\n", Measure(PingPong, &Pair) - Empty);
    NtTerminateProcess(Server.ProcessHandle, STATUS_SUCCESS);
    NtClose(Server.ThreadHandle);
    NtClose(Server.ProcessHandle);
    NtClose(Pair.Ping);
    NtClose(Pair.Pong);
}

/* A wait that is over at once: the event stays signalled. */
static void MeasureSignalledWait(ULONGLONG Empty)
{
    HANDLE Event;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, TRUE);
    Print("signalled-wait %llu\n", Measure(Wait, Event) - Empty);
    NtClose(Event);
}

static void MeasureAll(void)
{
    static struct pair Pair;
    ULONGLONG Empty = Measure(Nothing, NULL);
    LARGE_INTEGER Time;
    HANDLE Thread;

    NtCreateEvent(&Pair.Ping, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtCreateEvent(&Pair.Pong, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    Print("raw-round-trip %llu\n", MeasureRaw() - Empty);
    Print("null-service %llu\n", Measure(NullService, NULL) - Empty);
    Print("NtQuerySystemTime %llu\n", Measure(QueryTime, &Time) - Empty);
    Print("NtSetEvent %llu\n", Measure(SetEvent, Pair.Pong) - Empty);
    NtClearEvent(Pair.Pong);
    MeasureSignalledWait(Empty);
    if (NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                    PongThread, &Pair, 0, 0, 0, 0, NULL)))
        Print("event-ping-pong %llu\n", Measure(PingPong, &Pair) - Empty);
    MeasureProcesses(Empty);
    MeasureLpc(Empty);
    MeasurePipe(Empty);
    MeasureAlpc(Empty);
    MeasureFaults();
    MeasureExceptions();
    Print("process-start-to-end %llu\n", Measure(SpawnProcess, NULL) - Empty);
}

static const struct {
    PCWSTR Word; /* the last of the command line */
    void (*Run)(void);
} Parts[] = {
    {u" costs", MeasureCosts},
    {u" growth", MeasureGrowth},
    {u" objects", MeasureObjectGrowth},
    {u" threads", MeasureThreadGrowth},
    {u" longest", MeasureLongestMemory},
    {u" longest-touch", MeasureLongestTouch},
    {u" longest-names", MeasureLongestNames},
    {u" longest-threads", MeasureLongestThreads},
    {u" longest-files", MeasureLongestFiles},
    {u" longest-registry", MeasureLongestRegistry},
    {u" registry", MeasureRegistry},
    {u" hold", HoldMemory},
    {u" hold-handles", HoldHandles},
    {u" hold-threads", HoldThreads},
    {u" hold-reads", HoldReads},
    {u" serve", Serve},
    {u" serve-port", ServePort},
    {u" serve-pong", ServePong},
    {u" serve-pipe", ServePipe},
    {u" pipe", MeasurePipeAlone},
    {u" serve-alpc-port", ServeAlpcPort},
};

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PUNICODE_STRING CommandLine = &Peb->ProcessParameters->CommandLine;
    ULONG Part;

    for (Part = 0; Part < ARRAYSIZE(Parts); Part++)
        if (EndsWith(CommandLine, Parts[Part].Word)) {
            Parts[Part].Run();
            return STATUS_SUCCESS;
        }
    MeasureAll();
    return STATUS_SUCCESS;
}
