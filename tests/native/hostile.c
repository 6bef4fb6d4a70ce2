/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bad pointers, lengths, handles and numbers to every service that exists, and to some that do not.
 * Each service gets a child process of its own, so that what it does to the child (end it, suspend
 * it, make it wait) is contained; the parent checks after each that the system still serves it, and
 * at the end that nothing was lost. A service that docs/services.md calls complete never says
 * STATUS_NOT_IMPLEMENTED.
 */
#include "waiting.h"
#include "addresses.h"
#include <neptune/abi.h>
#include <neptune/missing_classes.def>

enum {
#define SERVICE(name, count) Number_##name,
#define DRIVER_SERVICE(name, count) Number_##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
    NumberOfServices
};

static const char *const ServiceNames[] = {
#define SERVICE(name, count) #name,
#define DRIVER_SERVICE(name, count) #name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

static const BOOLEAN IsDriverService[] = {
#define SERVICE(name, count) FALSE,
#define DRIVER_SERVICE(name, count) TRUE,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
};

/* Those that may say so: missing ones, and those that miss something. */
static const ULONG NotComplete[] = {
#define SERVICE(name, count)
#define DRIVER_SERVICE(name, count)
#undef MISSING_SERVICE
#define MISSING_SERVICE(name, count) Number_##name,
#include <neptune/services.def>
#undef SERVICE
#undef DRIVER_SERVICE
#define REFUSED(service, what, status) Number_##service,
#include "refused.def"
#undef REFUSED
#define SERVICE_NUMBER(name) Number_##name,
    SERVICES_WITH_MISSING_CLASSES(SERVICE_NUMBER)};

static BOOLEAN IsComplete(ULONG Number)
{
    for (ULONG i = 0; i < ARRAYSIZE(NotComplete); i++)
        if (NotComplete[i] == Number)
            return FALSE;
    return TRUE;
}

#define ROUNDS 1500
#define LOOK 100 /* milliseconds */
#define LOOKS 30
#define ALIKE 3 /* looks that show the child in the same wait */

/* A memory block that looks like many structures at once: small numbers, pointers to itself, wild
 * pointers. */
static ULONG_PTR Garbage[512];
static ULONG Seed;

static ULONG Random(void)
{
    Seed = Seed * 1664525 + 1013904223;
    return Seed >> 8;
}

static ULONG_PTR RandomWord(void)
{
    static const ULONG_PTR Words[] = {0,
                                      0,
                                      1,
                                      2,
                                      3,
                                      4,
                                      5,
                                      8,
                                      16,
                                      24,
                                      0x40,
                                      0x100,
                                      0x1000,
                                      0xffff,
                                      0x10000,
                                      0x7fffffff,
                                      0x80000000,
                                      0xffffffff,
                                      0x7ffe0000,
                                      0x7ffe0ff8,
                                      0x7ffe1000,
                                      0x1f0000,
                                      (ULONG_PTR)-1,
                                      (ULONG_PTR)-2,
                                      (ULONG_PTR)-3,
                                      (ULONG_PTR)-8,
                                      0x400000,
                                      WILD_ADDRESSES};
    ULONG Kind = Random() % 4;

    if (Kind == 0) /* aligned and unaligned, near the end of the block too */
        return (ULONG_PTR)Garbage + Random() % sizeof(Garbage);
    if (Kind == 1)
        return ((ULONG_PTR)Garbage + Random() % sizeof(Garbage)) & ~(ULONG_PTR)7;
    return Words[Random() % ARRAYSIZE(Words)];
}

/* Services that may rightly end, stop or change the whole system are called with invalid arguments
 * only. */
static BOOLEAN Permitted(ULONG Number, const ULONG_PTR *Arguments)
{
    if (Number == Number_NtShutdownSystem)
        return (ULONG)Arguments[0] > 2;
    if (Number == Number_NtRaiseHardError) /* which may stop the system */
        return (ULONG)Arguments[4] != OptionShutdownSystem;
    if (Number == Number_NtSetDebugFilterState) /* what is logged for the rest of the run */
        return (ULONG)Arguments[0] >= NEP_DPFLTR_END_ID && (ULONG)Arguments[0] != DPFLTR_ALL_ID;
    return TRUE;
}

void HostileChild(ULONG Number)
{
    ULONG_PTR Arguments[17];
    BOOLEAN Complete = IsComplete(Number);

    Seed = Number * 7919 + 1;
    for (ULONG Round = 0; Round < ROUNDS; Round++) {
        NTSTATUS Status;

        for (ULONG i = 0; i < ARRAYSIZE(Arguments); i++)
            Arguments[i] = RandomWord();
        for (ULONG i = 0; i < ARRAYSIZE(Garbage); i++)
            Garbage[i] = RandomWord();
        if (!Permitted(Number, Arguments))
            continue;
        Status = RawService(Number, Arguments);
        if (Number >= NumberOfServices && Status != STATUS_INVALID_SYSTEM_SERVICE)
            NtTerminateProcess(NtCurrentProcess(), STATUS_UNSUCCESSFUL);
        if (Number < NumberOfServices && IsDriverService[Number] && Status != STATUS_ACCESS_DENIED)
            NtTerminateProcess(NtCurrentProcess(), STATUS_UNSUCCESSFUL);
        if (Complete && Status == STATUS_NOT_IMPLEMENTED)
            NtTerminateProcess(NtCurrentProcess(), STATUS_UNSUCCESSFUL);
    }
}

/* The same as at the look before: it waits, and has not done so anew. */
static BOOLEAN StillWaits(HANDLE Thread, PULONG Waits)
{
    SYSTEM_THREAD_INFORMATION Information = {0};
    ULONG Before = *Waits;

    NtQueryInformationThread(Thread, ThreadSystemThreadInformation, &Information,
                             sizeof(Information), NULL);
    *Waits = Information.ContextSwitches;
    return Information.ThreadState == Waiting && *Waits == Before;
}

/* One that waits is ended, and one that has not ended after LOOKS. */
static NTSTATUS RunChild(PCWSTR CommandLine)
{
    PROCESS_BASIC_INFORMATION Basic = {.ExitStatus = STATUS_UNSUCCESSFUL};
    HANDLE Process, Thread;
    ULONG Waits = 0, Alike = 0;

    if (!NT_SUCCESS(StartSelf(CommandLine, &Process, &Thread)))
        return STATUS_UNSUCCESSFUL;
    for (ULONG i = 0; i < LOOKS && Alike < ALIKE; i++) {
        if (WaitFor(Process, LOOK) == STATUS_SUCCESS)
            break;
        Alike = StillWaits(Thread, &Waits) ? Alike + 1 : 0;
    }
    NtTerminateProcess(Process, STATUS_TIMEOUT);
    NtWaitForSingleObject(Process, FALSE, NULL);
    NtQueryInformationProcess(Process, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClose(Thread);
    NtClose(Process);
    return Basic.ExitStatus;
}

/* A child may end itself with any status, crash (its own memory is garbage) or hang in a wait; the
 * system must not. */
static void TestService(ULONG Number, const char *Name)
{
    WCHAR CommandLine[32] = u"umtests hostile 00000";
    NTSTATUS Status;
    LARGE_INTEGER Now = {0};

    for (ULONG i = 0, Rest = Number; i < 5; i++, Rest /= 10)
        CommandLine[20 - i] = (WCHAR)('0' + Rest % 10);
    Status = RunChild(CommandLine);
    ok(Status != STATUS_UNSUCCESSFUL && NtQuerySystemTime(&Now) == STATUS_SUCCESS &&
           Now.QuadPart != 0,
       Name);
}

static ULONGLONG AvailablePages(void)
{
    SYSTEM_PERFORMANCE_INFORMATION Performance;

    if (!NT_SUCCESS(NtQuerySystemInformation(SystemPerformanceInformation, &Performance,
                                             sizeof(Performance), NULL)))
        return 0;
    return Performance.AvailablePages;
}

void TestHostile(void)
{
    static const ULONG Missing[] = {NumberOfServices, NumberOfServices + 1, 0xfff, 0x10000,
                                    0xfffff};
    ULONGLONG Before, After;

    /* Once for warming up: pools and tables grow the first time. */
    for (ULONG Round = 0; Round < 2; Round++) {
        Before = AvailablePages();
        for (ULONG i = 0; i < NumberOfServices; i++)
            TestService(i, ServiceNames[i]);
    }
    for (ULONG i = 0; i < ARRAYSIZE(Missing); i++)
        TestService(Missing[i], "a service that does not exist");
    After = AvailablePages();
    DbgPrint("# available pages before %llu, after %llu\n", Before, After);
    ok(Before != 0 && After + 64 >= Before, "hostile children leave no memory behind");
}
