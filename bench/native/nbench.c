/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nbench.exe: what native services cost, in ticks of the TSC. Under "qemu -icount shift=0,sleep=off" a tick is one
 * instruction and the figures are the same in every run. Prints "name value" lines on the screen.
 *
 * The yardstick is the bare seL4 round trip between two processes of the same boot: nbench starts itself a second time
 * as a server on an endpoint that NepShareEndpoint puts into both processes.
 */
#include <nt/nt.h>
#include <neptune/abi.h>
#define SEL4_IPC_BUFFER ((seL4_IPCBuffer *)((PUCHAR)NtCurrentTeb() + NEPTUNE_TEB_IPC_BUFFER))
#include <sel4/sel4.h>

#define ROUNDS 200

static void Print(const char *Format, ...)
{
    char Text[128];
    WCHAR Wide[128];
    UNICODE_STRING String;
    ULONG i;
    va_list Arguments;

    va_start(Arguments, Format);
    _vsnprintf(Text, sizeof(Text) - 1, Format, Arguments);
    va_end(Arguments);
    Text[sizeof(Text) - 1] = 0;
    for (i = 0; Text[i]; i++)
        Wide[i] = (UCHAR)Text[i];
    String.Buffer = Wide;
    String.Length = String.MaximumLength = (USHORT)(i * sizeof(WCHAR));
    NtDisplayString(&String);
}

static ULONGLONG ReadTsc(void)
{
    return __builtin_ia32_rdtsc();
}

/* The least of ROUNDS measurements of Operation(Argument), less what an empty operation takes. */
static ULONGLONG Measure(void (*Operation)(PVOID), PVOID Argument)
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

static void QueryTime(PVOID Argument)
{
    NtQuerySystemTime((PLARGE_INTEGER)Argument);
}

static void RawCall(PVOID Argument)
{
    seL4_Call(NEPTUNE_SHARED_ENDPOINT_CAP, seL4_MessageInfo_new(0, 0, 0, 0));
}

static void TouchPage(PVOID Argument)
{
    PUCHAR *Page = Argument;

    *(volatile UCHAR *)*Page = 1;
    *Page += NEPTUNE_PAGE_SIZE;
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

static NTSTATUS StartSelf(PCWSTR CommandLine, RTL_USER_PROCESS_INFORMATION *Information)
{
    UNICODE_STRING Image = RTL_CONSTANT_STRING(u"\\SystemRoot\\tests\\nbench.exe"), Line;
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    NTSTATUS Status;

    RtlInitUnicodeString(&Line, CommandLine);
    Status = RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Line, NULL, NULL, NULL, NULL, NULL,
                                          RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlCreateUserProcess(&Image, 0, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL, Information);
    RtlDestroyProcessParameters(Parameters);
    return Status;
}

static void SpawnProcess(PVOID Argument)
{
    RTL_USER_PROCESS_INFORMATION Information;

    if (!NT_SUCCESS(StartSelf(u"nbench exit", &Information)))
        return;
    NtResumeThread(Information.ThreadHandle, NULL);
    NtWaitForSingleObject(Information.ProcessHandle, FALSE, NULL);
    NtClose(Information.ThreadHandle);
    NtClose(Information.ProcessHandle);
}

/* The bare round trip, or 0 when the server cannot be had. */
static ULONGLONG MeasureRaw(void)
{
    RTL_USER_PROCESS_INFORMATION Server;
    LARGE_INTEGER Wait = { .QuadPart = -1000000 };
    ULONGLONG Least;

    if (!NT_SUCCESS(StartSelf(u"nbench serve", &Server)) || !NT_SUCCESS(NepShareEndpoint(Server.ProcessHandle)))
        return 0;
    NtResumeThread(Server.ThreadHandle, NULL);
    NtDelayExecution(FALSE, &Wait);
    Least = Measure(RawCall, NULL);
    NtTerminateProcess(Server.ProcessHandle, STATUS_SUCCESS);
    NtClose(Server.ThreadHandle);
    NtClose(Server.ProcessHandle);
    return Least;
}

static DECLSPEC_NORETURN void Serve(void)
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
           memcmp((PUCHAR)String->Buffer + String->Length - Expected.Length, Expected.Buffer, Expected.Length) == 0;
}

static void MeasureAll(void)
{
    static struct pair Pair;
    ULONGLONG Empty = Measure(Nothing, NULL);
    LARGE_INTEGER Time;
    PVOID Pages = NULL;
    SIZE_T Size = (ROUNDS + 1) * NEPTUNE_PAGE_SIZE;
    HANDLE Thread;

    NtCreateEvent(&Pair.Ping, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtCreateEvent(&Pair.Pong, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    Print("raw-round-trip %llu\n", MeasureRaw() - Empty);
    Print("null-service %llu\n", Measure(NullService, NULL) - Empty);
    Print("NtQuerySystemTime %llu\n", Measure(QueryTime, &Time) - Empty);
    Print("NtSetEvent %llu\n", Measure(SetEvent, Pair.Pong) - Empty);
    NtClearEvent(Pair.Pong);
    if (NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), PongThread, &Pair, 0,
                                    0, 0, 0, NULL)))
        Print("event-ping-pong %llu\n", Measure(PingPong, &Pair) - Empty);
    if (NT_SUCCESS(NtAllocateVirtualMemory(NtCurrentProcess(), &Pages, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                                           PAGE_READWRITE)))
        Print("page-fault %llu\n", Measure(TouchPage, &Pages) - Empty);
    Print("process-start-to-end %llu\n", Measure(SpawnProcess, NULL) - Empty);
    Print("nbench: done\n");
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PUNICODE_STRING CommandLine = &Peb->ProcessParameters->CommandLine;

    if (EndsWith(CommandLine, u"exit"))
        return STATUS_SUCCESS;
    if (EndsWith(CommandLine, u"serve"))
        Serve();
    MeasureAll();
    return STATUS_SUCCESS;
}
