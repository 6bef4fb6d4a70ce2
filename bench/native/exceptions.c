/* SPDX-License-Identifier: BSD-2-Clause */
/* What exceptions and asynchronous procedure calls cost. */
#include "nbench.h"

static volatile ULONGLONG Arrived;

#if defined(__x86_64__) /* where this compiler has __try */

static __attribute__((noinline)) ULONG ReadNothing(void)
{
    return *(volatile ULONG *)8;
}

static __attribute__((noinline)) void Raise(void)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = (NTSTATUS)0xe0000001};

    RtlRaiseException(&Record);
}

static void HandleFault(PVOID Argument)
{
    __try {
        ReadNothing();
    } __except (EXCEPTION_EXECUTE_HANDLER) {
    }
}

static void HandleRaised(PVOID Argument)
{
    __try {
        Raise();
    } __except (EXCEPTION_EXECUTE_HANDLER) {
    }
}

static void MeasureTry(void)
{
    Print("raise-and-handle %llu\n", Measure(HandleRaised, NULL));
    Print("fault-and-handle %llu\n", Measure(HandleFault, NULL));
}

#else

static void MeasureTry(void)
{
}

#endif

static LONG NTAPI GoOn(PEXCEPTION_POINTERS Pointers)
{
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void RaiseVectored(PVOID Argument)
{
    RtlRaiseException(Argument);
}

static void NTAPI Arrive(PVOID First, PVOID Second, PVOID Third)
{
    Arrived = ReadTsc();
}

static NTSTATUS NTAPI WaitAlertably(PVOID Argument)
{
    static LARGE_INTEGER Forever = {.QuadPart = -0x7fffffffffffffff};

    for (;;) {
        NtDelayExecution(TRUE, &Forever);
    }
}

/* From queueing it to the first instruction of the routine in another thread, which waits. */
static ULONGLONG MeasureApc(HANDLE Thread)
{
    LARGE_INTEGER Moment = {.QuadPart = -10000};
    ULONGLONG Least = ~0ULL;

    for (ULONG i = 0; i < 20; i++) {
        ULONGLONG Start;

        NtDelayExecution(FALSE, &Moment); /* it waits again */
        Arrived = 0;
        Start = ReadTsc();
        NtQueueApcThread(Thread, Arrive, NULL, NULL, NULL);
        while (!Arrived)
            NtDelayExecution(FALSE, &Moment);
        Least = Arrived - Start < Least ? Arrived - Start : Least;
    }
    return Least;
}

void MeasureExceptions(void)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = (NTSTATUS)0xe0000002};
    PVOID Handler;
    HANDLE Thread;

    MeasureTry();
    Handler = RtlAddVectoredExceptionHandler(TRUE, GoOn);
    Print("raise-and-continue %llu\n", Measure(RaiseVectored, &Record));
    RtlRemoveVectoredExceptionHandler(Handler);
    if (!NT_SUCCESS(NtCreateThreadEx(&Thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                     WaitAlertably, NULL, 0, 0, 0, 0, NULL)))
        return;
    Print("apc-to-waiting-thread %llu\n", MeasureApc(Thread));
    NtTerminateThread(Thread, STATUS_SUCCESS);
    NtClose(Thread);
}
