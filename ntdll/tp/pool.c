// SPDX-License-Identifier: BSD-2-Clause
/*
 * Pools and their threads. A thread is made when something is queued and none is idle, but not
 * while another one is on its way: that one looks again when it comes. So a burst of short work
 * makes few threads, and work that waits for other work gets as many as it needs.
 */
#include "tpp.h"

#define DEFAULT_MAXIMUM 500
#define IDLE_TIME (-10000LL * 10000) /* 10 s: then a thread that has nothing to do ends */

RTL_SRWLOCK TppLock;
static PTP_POOL DefaultPool;

static PTP_POOL NewPool(void)
{
    PTP_POOL Pool = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*Pool));

    if (!Pool)
        return NULL;
    for (ULONG i = 0; i < TP_CALLBACK_PRIORITY_COUNT; i++)
        InitializeListHead(&Pool->Queues[i]);
    Pool->References = 1;
    Pool->Maximum = DEFAULT_MAXIMUM;
    return Pool;
}

NTSTATUS TppReferencePool(PTP_POOL Chosen, PTP_POOL *Pool)
{
    if (!Chosen && !DefaultPool)
        DefaultPool = NewPool();
    *Pool = Chosen ? Chosen : DefaultPool;
    if (!*Pool)
        return STATUS_NO_MEMORY;
    (*Pool)->References++;
    return STATUS_SUCCESS;
}

void TppDereferencePool(PTP_POOL Pool)
{
    if (!--Pool->References)
        RtlFreeHeap(RtlProcessHeap(), 0, Pool);
}

/* With the lock. TRUE: the thread ends. */
static BOOLEAN Idle(PTP_POOL Pool)
{
    LARGE_INTEGER Limit = {.QuadPart = IDLE_TIME};
    NTSTATUS Status = STATUS_TIMEOUT;

    if (!Pool->Released) {
        Pool->Idle++;
        Status = RtlSleepConditionVariableSRW(&Pool->Work, &TppLock, &Limit, 0);
        Pool->Idle--;
    }
    return Pool->Released || (Status == STATUS_TIMEOUT && Pool->Threads > Pool->Minimum);
}

static NTSTATUS NTAPI PoolThread(PVOID Argument)
{
    PTP_POOL Pool = Argument;
    BOOLEAN Ending = FALSE;
    PTPP_OBJECT Object;

    TppEnter();
    Pool->Starting = FALSE;
    do {
        while ((Object = TppTakeNext(Pool)) != NULL)
            TppRun(Object);
        if (Ending)
            break;
        Ending = Idle(Pool);
    } while (TRUE);
    Pool->Threads--;
    TppDereferencePool(Pool);
    TppLeave();
    return STATUS_SUCCESS;
}

static NTSTATUS StartThread(PTP_POOL Pool)
{
    HANDLE Thread;
    NTSTATUS Status =
        RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, Pool->Stack.StackReserve,
                            Pool->Stack.StackCommit, PoolThread, Pool, &Thread, NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    NtClose(Thread);
    Pool->Starting = TRUE;
    Pool->Threads++;
    Pool->References++;
    return STATUS_SUCCESS;
}

/* A thread that cannot be made is tried again with the next work. */
NTSTATUS TppWantThread(PTP_POOL Pool)
{
    if (Pool->Idle)
        RtlWakeConditionVariable(&Pool->Work);
    else if (!Pool->Starting && Pool->Threads < Pool->Maximum)
        return StartThread(Pool);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpAllocPool(PTP_POOL *Pool, PVOID Reserved)
{
    if (Reserved)
        return STATUS_INVALID_PARAMETER;
    *Pool = NewPool();
    return *Pool ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* It goes when its objects and threads have gone. */
void NTAPI TpReleasePool(PTP_POOL Pool)
{
    TppEnter();
    Pool->Released = TRUE;
    RtlWakeAllConditionVariable(&Pool->Work);
    TppDereferencePool(Pool);
    TppLeave();
}

void NTAPI TpSetPoolMaxThreads(PTP_POOL Pool, ULONG Maximum)
{
    TppEnter();
    Pool->Maximum = Maximum ? Maximum : 1;
    if (Pool->Minimum > Pool->Maximum)
        Pool->Minimum = Pool->Maximum;
    TppLeave();
}

/* The threads are there from then on. FALSE: they cannot be made. */
LOGICAL NTAPI TpSetPoolMinThreads(PTP_POOL Pool, ULONG Minimum)
{
    NTSTATUS Status = STATUS_SUCCESS;

    TppEnter();
    while (NT_SUCCESS(Status) && Pool->Threads < Minimum)
        Status = StartThread(Pool);
    if (NT_SUCCESS(Status)) {
        Pool->Minimum = Minimum;
        if (Pool->Maximum < Minimum)
            Pool->Maximum = Minimum;
    }
    TppLeave();
    return NT_SUCCESS(Status);
}

NTSTATUS NTAPI TpSetPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Information)
{
    TppEnter();
    Pool->Stack = *Information;
    TppLeave();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI TpQueryPoolStackInformation(PTP_POOL Pool, PTP_POOL_STACK_INFORMATION Information)
{
    TppEnter();
    *Information = Pool->Stack;
    TppLeave();
    return STATUS_SUCCESS;
}
