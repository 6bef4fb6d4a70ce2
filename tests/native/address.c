/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting on addresses, condition variables, one-time initialisation, critical sections. */
#include "waiting.h"

static volatile ULONG Value;
static volatile LONG Woken;

static NTSTATUS NTAPI WaitForChange(PVOID Argument)
{
    ULONG Old = (ULONG)(ULONG_PTR)Argument;
    NTSTATUS Status = STATUS_SUCCESS;

    while (Value == Old && Status == STATUS_SUCCESS)
        Status = RtlWaitOnAddress(&Value, &Old, sizeof(Old), NULL);
    __atomic_add_fetch(&Woken, 1, __ATOMIC_SEQ_CST);
    return Status;
}

static NTSTATUS NTAPI WaitOnce(PVOID Argument)
{
    ULONG Old = 0;
    NTSTATUS Status = RtlWaitOnAddress(&Value, &Old, sizeof(Old), NULL);

    __atomic_add_fetch(&Woken, 1, __ATOMIC_SEQ_CST);
    return Status;
}

static void TestArguments(void)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(30)};
    ULONGLONG Wide = 7, Old = 7;

    for (SIZE_T Size = 0; Size < 10; Size++)
        if (Size != 1 && Size != 2 && Size != 4 && Size != 8)
            ok_status(RtlWaitOnAddress(&Wide, &Old, Size, &Limit), STATUS_INVALID_PARAMETER,
                      "a size that no value has");
    for (SIZE_T Size = 1; Size < 10; Size *= 2)
        ok_status(RtlWaitOnAddress(&Wide, &Old, Size, &Limit), STATUS_TIMEOUT,
                  "a value that does not change");
    Wide = 8;
    for (SIZE_T Size = 1; Size < 10; Size *= 2)
        ok_status(RtlWaitOnAddress(&Wide, &Old, Size, NULL), STATUS_SUCCESS,
                  "a value that has changed");
    RtlWakeAddressAll(&Wide);
    RtlWakeAddressSingle(&Wide);
}

static void TestWaking(void)
{
    HANDLE Threads[40];

    Value = Woken = 0;
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(WaitOnce, NULL);
    Sleep(60);
    ok(Woken == 0, "forty threads wait");
    RtlWakeAddressSingle((const void *)&Value);
    Sleep(30);
    ok(Woken == 1, "one is woken");
    RtlWakeAddressAll((const void *)&Value);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "then all of them");
    Value = 1;
    Woken = 0;
    for (ULONG i = 0; i < 4; i++)
        Threads[i] = StartThread(WaitForChange, (PVOID)1);
    Sleep(30);
    Value = 2;
    RtlWakeAddressAll((const void *)&Value);
    for (ULONG i = 0; i < 4; i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "a value changes");
}

/* Many wake and many time out at the same moments: no waking may be lost. */
static volatile ULONG Turn;

static NTSTATUS NTAPI TakeTurns(PVOID Argument)
{
    ULONG Mine = (ULONG)(ULONG_PTR)Argument, Old;

    for (ULONG i = 0; i < 300; i++) {
        while ((Old = Turn) % 3 != Mine) {
            LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(5000)};

            if (RtlWaitOnAddress(&Turn, &Old, sizeof(Old), &Limit) == STATUS_TIMEOUT)
                return STATUS_TIMEOUT;
        }
        Turn++;
        RtlWakeAddressAll((const void *)&Turn);
    }
    return STATUS_SUCCESS;
}

static void TestAlternation(void)
{
    HANDLE Threads[3];

    Turn = 0;
    for (ULONG i = 0; i < 3; i++)
        Threads[i] = StartThread(TakeTurns, (PVOID)(ULONG_PTR)i);
    for (ULONG i = 0; i < 3; i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "three threads take turns");
    ok(Turn == 900, "nine hundred times");
}

static RTL_CRITICAL_SECTION Section;
static RTL_CONDITION_VARIABLE NotEmpty, NotFull;
static RTL_SRWLOCK Lock;
static volatile ULONG Items, Consumed;

static NTSTATUS NTAPI Produce(PVOID Argument)
{
    for (ULONG i = 0; i < 200; i++) {
        RtlEnterCriticalSection(&Section);
        while (Items == 3)
            RtlSleepConditionVariableCS(&NotFull, &Section, NULL);
        Items++;
        RtlLeaveCriticalSection(&Section);
        RtlWakeConditionVariable(&NotEmpty);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI Consume(PVOID Argument)
{
    for (ULONG i = 0; i < 200; i++) {
        RtlEnterCriticalSection(&Section);
        while (!Items)
            RtlSleepConditionVariableCS(&NotEmpty, &Section, NULL);
        Items--;
        Consumed++;
        RtlLeaveCriticalSection(&Section);
        RtlWakeConditionVariable(&NotFull);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI SleepShared(PVOID Argument)
{
    NTSTATUS Status;

    RtlAcquireSRWLockShared(&Lock);
    Status = RtlSleepConditionVariableSRW(&NotEmpty, &Lock, NULL,
                                          RTL_CONDITION_VARIABLE_LOCKMODE_SHARED);
    RtlReleaseSRWLockShared(&Lock);
    return Status;
}

static void TestConditions(void)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(30)};
    HANDLE Threads[6];

    RtlInitializeCriticalSection(&Section);
    RtlInitializeConditionVariable(&NotEmpty);
    RtlInitializeConditionVariable(&NotFull);
    RtlInitializeSRWLock(&Lock);
    for (ULONG i = 0; i < 6; i++)
        Threads[i] = StartThread(i % 2 ? Consume : Produce, NULL);
    for (ULONG i = 0; i < 6; i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "a producer or consumer ends");
    ok(Consumed == 600 && Items == 0, "what was produced was consumed");
    RtlEnterCriticalSection(&Section);
    ok_status(RtlSleepConditionVariableCS(&NotEmpty, &Section, &Limit), STATUS_TIMEOUT,
              "nobody wakes");
    ok(Section.OwningThread == NtCurrentTeb()->ClientId.UniqueThread, "the section is mine again");
    RtlLeaveCriticalSection(&Section);
    RtlAcquireSRWLockExclusive(&Lock);
    ok_status(RtlSleepConditionVariableSRW(&NotEmpty, &Lock, &Limit, 2), STATUS_INVALID_PARAMETER_2,
              "flags that do not exist");
    ok_status(RtlSleepConditionVariableSRW(&NotEmpty, &Lock, &Limit, 0), STATUS_TIMEOUT,
              "nobody wakes");
    RtlReleaseSRWLockExclusive(&Lock);
    for (ULONG i = 0; i < 3; i++)
        Threads[i] = StartThread(SleepShared, NULL);
    Sleep(30);
    RtlWakeAllConditionVariable(&NotEmpty);
    for (ULONG i = 0; i < 3; i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "all that sleep are woken");
    RtlDeleteCriticalSection(&Section);
}

static RTL_RUN_ONCE Once;
static volatile LONG Initialised;

static ULONG NTAPI Initialise(PRTL_RUN_ONCE RunOnce, PVOID Parameter, PVOID *Context)
{
    __atomic_add_fetch(&Initialised, 1, __ATOMIC_SEQ_CST);
    Sleep(40);
    *Context = Parameter;
    return Parameter != NULL;
}

static NTSTATUS NTAPI Execute(PVOID Argument)
{
    PVOID Context = NULL;
    NTSTATUS Status = RtlRunOnceExecuteOnce(&Once, Initialise, Argument, &Context);

    return NT_SUCCESS(Status) && Context != (PVOID)0x100 ? STATUS_DATA_ERROR : Status;
}

static void TestRunOnce(void)
{
    HANDLE Threads[5];
    PVOID Context;

    RtlRunOnceInitialize(&Once);
    ok_status(RtlRunOnceBeginInitialize(&Once, RTL_RUN_ONCE_CHECK_ONLY, &Context),
              STATUS_UNSUCCESSFUL, "it has not been done");
    ok_status(RtlRunOnceBeginInitialize(&Once, 8, &Context), STATUS_INVALID_PARAMETER,
              "flags that do not exist");
    ok_status(RtlRunOnceBeginInitialize(&Once, 3, &Context), STATUS_INVALID_PARAMETER,
              "flags that exclude each other");
    ok_status(RtlRunOnceComplete(&Once, 0, NULL), STATUS_UNSUCCESSFUL, "nothing was begun");
    ok_status(RtlRunOnceExecuteOnce(&Once, Initialise, NULL, NULL), STATUS_UNSUCCESSFUL,
              "a routine that fails");
    Initialised = 0;
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(Execute, (PVOID)0x100);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "all get the context");
    ok(Initialised == 1, "one has initialised");
    RtlRunOnceInitialize(&Once);
    ok_status(RtlRunOnceBeginInitialize(&Once, RTL_RUN_ONCE_ASYNC, &Context), STATUS_PENDING,
              "two in a race");
    ok_status(RtlRunOnceBeginInitialize(&Once, RTL_RUN_ONCE_ASYNC, &Context), STATUS_PENDING,
              "both initialise");
    ok_status(RtlRunOnceBeginInitialize(&Once, 0, &Context), STATUS_INVALID_PARAMETER,
              "not otherwise");
    ok_status(RtlRunOnceComplete(&Once, 0, NULL), STATUS_INVALID_PARAMETER, "nor completed so");
    ok_status(RtlRunOnceComplete(&Once, RTL_RUN_ONCE_ASYNC, (PVOID)3), STATUS_INVALID_PARAMETER,
              "a context with low bits");
    ok_status(RtlRunOnceComplete(&Once, RTL_RUN_ONCE_ASYNC, (PVOID)0x40), STATUS_SUCCESS,
              "the first wins");
    ok_status(RtlRunOnceComplete(&Once, RTL_RUN_ONCE_ASYNC, (PVOID)0x80), STATUS_UNSUCCESSFUL,
              "the second is told");
    ok_status(RtlRunOnceBeginInitialize(&Once, 0, &Context), STATUS_SUCCESS, "it is done");
    ok(Context == (PVOID)0x40, "with the first's context");
}

static volatile ULONG Shared;

static NTSTATUS NTAPI Count(PVOID Argument)
{
    for (ULONG i = 0; i < 2000; i++) {
        RtlEnterCriticalSection(&Section);
        RtlEnterCriticalSection(&Section);
        Shared++;
        RtlLeaveCriticalSection(&Section);
        if (i % 200 == 0)
            Sleep(1);
        RtlLeaveCriticalSection(&Section);
    }
    return STATUS_SUCCESS;
}

static void TestCriticalSections(void)
{
    HANDLE Threads[4];

    ok_status(RtlInitializeCriticalSection(&Section), STATUS_SUCCESS, "a critical section");
    ok(Section.DebugInfo && Section.DebugInfo != (PVOID)MAXULONG_PTR &&
           Section.DebugInfo->CriticalSection == &Section,
       "has debug information");
    for (ULONG i = 0; i < 4; i++)
        Threads[i] = StartThread(Count, NULL);
    for (ULONG i = 0; i < 4; i++)
        EndOfThread(Threads[i]);
    ok(Shared == 8000, "it lets one thread in at a time");
    ok(Section.DebugInfo->ContentionCount != 0, "and counts who had to wait");
    ok(Section.LockCount == -1 && !Section.OwningThread, "it is free");
    ok_status(RtlDeleteCriticalSection(&Section), STATUS_SUCCESS, "delete it");
    ok_status(RtlInitializeCriticalSectionEx(&Section, 0, 0x20000000), STATUS_INVALID_PARAMETER_3,
              "flags that do not exist");
    ok_status(RtlInitializeCriticalSectionEx(&Section, 0x1000000, 0), STATUS_INVALID_PARAMETER_2,
              "a spin count that is too high");
    ok_status(
        RtlInitializeCriticalSectionEx(&Section, 4000, RTL_CRITICAL_SECTION_FLAG_NO_DEBUG_INFO),
        STATUS_SUCCESS, "one without debug information");
    ok(Section.DebugInfo == (PVOID)MAXULONG_PTR && Section.SpinCount == 0,
       "has none, and does not spin on one processor");
    ok(RtlSetCriticalSectionSpinCount(&Section, 100) == 0, "not even if asked to");
    ok(RtlTryEnterCriticalSection(&Section) && RtlTryEnterCriticalSection(&Section),
       "try to enter it twice");
    RtlLeaveCriticalSection(&Section);
    RtlLeaveCriticalSection(&Section);
    RtlDeleteCriticalSection(&Section);
    ok_status(RtlInitializeCriticalSectionAndSpinCount(&Section, 0x80001000), STATUS_SUCCESS,
              "a spin count with the old flag");
    RtlDeleteCriticalSection(&Section);
}

void TestAddress(void)
{
    TestArguments();
    TestWaking();
    TestAlternation();
    TestConditions();
    TestRunOnce();
    TestCriticalSections();
}
