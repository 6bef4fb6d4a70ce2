/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clients that go past ntdll: the kernel's own system calls on the service and the fault
 * capability. A thread that sends without waiting for the answer gets none, and must not evade any
 * check by that; a forged fault message harms only its sender.
 */
#include "tap.h"
#include "addresses.h"
#include <neptune/abi.h>

enum {
#define SERVICE(name, count) Number_##name,
#define DRIVER_SERVICE(name, count) Number_##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
    NumberOfServices
};

#define CALL (-1)
#define SEND (-3)
#define NB_SEND (-4)
#define YIELD (-7)
#define INFO(label, caps, length)                                                                  \
    ((ULONG_PTR)(label) << 12 | (ULONG_PTR)(caps) << 7 | (ULONG_PTR)(length))

static volatile ULONG Counter;

/* Asks for a service of two arguments and goes on at once. */
static void SendService(ULONG Number, PVOID First, PVOID Second)
{
    const ULONG_PTR Words[4] = SERVICE_WORDS((ULONG_PTR)First, (ULONG_PTR)Second);

    RawCall(SEND, NEPTUNE_SERVICE_CAP, INFO(Number, 0, 4), Words);
}

static NTSTATUS NTAPI SuspendsItself(PVOID Argument)
{
    SendService(Number_NtSuspendThread, NtCurrentThread(), NULL);
    for (;;)
        Counter++;
}

static NTSTATUS NTAPI SleepsAndRuns(PVOID Argument)
{
    LARGE_INTEGER Second = {.QuadPart = -10000000};

    SendService(Number_NtDelayExecution, NULL, &Second);
    for (;;)
        Counter++;
}

static BOOLEAN CounterMoves(void)
{
    LARGE_INTEGER Wait = {.QuadPart = -500000};
    ULONG Seen;

    NtDelayExecution(FALSE, &Wait);
    Seen = Counter;
    NtDelayExecution(FALSE, &Wait);
    return Counter != Seen;
}

static void TestSuspension(PUSER_THREAD_START_ROUTINE Routine, BOOLEAN FromOutside,
                           const char *Name)
{
    LARGE_INTEGER Limit = {.QuadPart = -20000000};
    HANDLE Thread;

    Counter = 0;
    if (!ok(NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                        Routine, NULL, 0, 0, 0, 0, NULL)),
            "a thread that calls"))
        return;
    if (FromOutside)
        ok(CounterMoves() && NT_SUCCESS(NtSuspendThread(Thread, NULL)), Name);
    ok(!CounterMoves(), Name);
    ok(NT_SUCCESS(NtResumeThread(Thread, NULL)) && CounterMoves(), "resumed it runs on");
    NtTerminateThread(Thread, 0);
    ok_status(NtWaitForSingleObject(Thread, FALSE, &Limit), STATUS_SUCCESS, "it can be ended");
    NtClose(Thread);
}

/* ---- Children that send anything at all ---- */

#define CHILDREN 40
#define ROUNDS 400

static ULONG Seed;

static ULONG Random(void)
{
    Seed = Seed * 1664525 + 1013904223;
    return Seed >> 8;
}

static ULONG_PTR RandomWord(void)
{
    static const ULONG_PTR Words[] = {
        0, 1, 2, 13, 0x7ffe0000, (ULONG_PTR)-1, (ULONG_PTR)-2, 0xffffffff, 0x1000, WILD_ADDRESSES};

    return Random() % 3 ? Words[Random() % ARRAYSIZE(Words)] : (ULONG_PTR)&Seed + Random() % 64;
}

/* Services that would print what is random, or switch the machine off. */
static ULONG RandomLabel(void)
{
    ULONG Label = Random() % 8 ? Random() % NumberOfServices : Random();

    return Label == Number_NtShutdownSystem || Label == Number_NtDisplayString ||
                   Label == Number_NepDebugPrint || Label == Number_NtRaiseHardError
               ? Number_NtClose
               : Label;
}

void RawCallsChild(ULONG Number)
{
    static const signed char Calls[] = {CALL, SEND, SEND, NB_SEND, NB_SEND, YIELD};
    ULONG_PTR *Buffer = (ULONG_PTR *)((PCHAR)NtCurrentTeb() + NEPTUNE_TEB_IPC_BUFFER);
    ULONG_PTR Words[4];
    BOOLEAN Fault;

    Seed = Number * 7919 + 1;
    for (ULONG Round = 0; Round < ROUNDS; Round++) {
        for (ULONG i = 0; i < ARRAYSIZE(Words); i++)
            Words[i] = RandomWord();
        for (ULONG i = 0; i < NEPTUNE_PAGE_SIZE / 4 / sizeof(*Buffer); i++)
            Buffer[i] = RandomWord();
        Fault = Random() % 64 == 0;
        RawCall(Calls[Random() % ARRAYSIZE(Calls)], Fault ? NEPTUNE_FAULT_CAP : NEPTUNE_SERVICE_CAP,
                INFO(Fault ? Random() % 12 : RandomLabel(), Random() % 8 ? 0 : Random() % 32,
                     Random() % 2 ? 4 : Random() % 128),
                Words);
    }
}

/* A child may end, crash or hang; the parent must still be served. */
static void TestChildren(void)
{
    BOOLEAN Served = TRUE;
    LARGE_INTEGER Now;

    for (ULONG Child = 0; Child < CHILDREN; Child++) {
        WCHAR CommandLine[32] = u"umtests rawcalls 00000";

        CommandLine[20] = (WCHAR)('0' + Child / 10);
        CommandLine[21] = (WCHAR)('0' + Child % 10);
        RunSelf(CommandLine, 1);
        Served &= NtQuerySystemTime(&Now) == STATUS_SUCCESS;
    }
    ok(Served, "children with random system calls of the kernel's");
}

void TestRawCalls(void)
{
    TestSuspension(SuspendsItself, FALSE,
                   "a thread that suspends itself without waiting stands still");
    TestSuspension(SleepsAndRuns, TRUE, "a thread that runs beside its service can be suspended");
    TestChildren();
}
