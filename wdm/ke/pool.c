/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pools of coroutines: one for requests, one for work items, since requests may wait for those. A
 * pool grows when all of its threads wait, as long as there is memory; one that is ready to run may
 * be free soon, so who sends much at once costs no stacks. What has not been needed for a second
 * goes.
 *
 * A few threads are the host's own. Beyond these the process whose request the work is done for is
 * charged for each that is in use (DrvChargeThreads), so that one program's requests, however many
 * of them wait, take nothing from others.
 */
#include "ki.h"
#include "ntdll.h"

#define KI_TRIM_INTERVAL (-10000000LL) /* 100 ns: 1 s */
#define KI_TRIM_SOON (-100000LL)       /* 10 ms */
#define KI_TRIM_AT_ONCE 16             /* threads */
#define KI_RETRY_INTERVAL (-100000LL)

#define KI_POOL_OF(Pool, Threads)                                                                  \
    {                                                                                              \
        .FreeList = {&(Pool).FreeList, &(Pool).FreeList}, .Own = Threads                           \
    }

KI_POOL KiRequestPool = KI_POOL_OF(KiRequestPool, 2);
KI_POOL KiWorkerPool = KI_POOL_OF(KiWorkerPool, 1);

static KTIMER KiTrimTimer, KiRetryTimer;
static KDPC KiTrimDpc;

/* ---- Payment ---- */

static NTSTATUS KiChargePayer(UINT64 Payer, LONG Threads)
{
    return Payer ? DrvChargeThreads(&Payer, Threads) : STATUS_NOT_FOUND;
}

/* For one more thread on behalf of Thread. FALSE: who is to pay cannot. If nobody is, the host
 * pays. */
BOOLEAN KiChargeThread(PKTHREAD Thread)
{
    NTSTATUS Status = KiChargePayer(Thread->Payer, 1);

    if (NT_SUCCESS(Status))
        Thread->Charges++;
    return Status != STATUS_INSUFFICIENT_RESOURCES;
}

/* ---- Growing ---- */

static BOOLEAN KiGrowPool(PKI_POOL Pool)
{
    PKTHREAD Thread = KiAllocateThread();

    if (!Thread)
        return FALSE;
    Thread->Pool = Pool;
    Pool->Count++;
    Pool->FreeCount++;
    InsertHeadList(&Pool->FreeList, &Thread->Link);
    return TRUE;
}

/* Sees to it that the pool has a thread at all. */
BOOLEAN KiFillPool(PKI_POOL Pool)
{
    return Pool->Count || KiGrowPool(Pool);
}

static PKTHREAD KiTakeThread(PKI_POOL Pool)
{
    PKTHREAD Thread = CONTAINING_RECORD(RemoveHeadList(&Pool->FreeList), KTHREAD, Link);

    if (--Pool->FreeCount < Pool->LeastFree)
        Pool->LeastFree = Pool->FreeCount;
    return Thread;
}

/*
 * Starts Routine on a thread of the pool, on behalf of the request Payer. STATUS_PENDING: not now,
 * but one of the threads may be free soon. STATUS_INSUFFICIENT_RESOURCES: all of them wait, and
 * there is no memory for another, or the payer has used up what it may.
 */
NTSTATUS KiStartPooledThread(PKI_POOL Pool, UINT64 Payer, PKSTART_ROUTINE Routine, PVOID Context)
{
    BOOLEAN Paid = Pool->Count - Pool->FreeCount >= Pool->Own;
    NTSTATUS Status = STATUS_NOT_FOUND;
    PKTHREAD Thread;

    if (Pool->Ready && (Paid || !Pool->FreeCount))
        return STATUS_PENDING;
    if (Paid)
        Status = KiChargePayer(Payer, 1);
    if (Status == STATUS_INSUFFICIENT_RESOURCES)
        return Status;
    if (!Pool->FreeCount && !KiGrowPool(Pool)) {
        if (NT_SUCCESS(Status))
            KiChargePayer(Payer, -1);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Thread = KiTakeThread(Pool);
    Thread->Payer = Payer;
    Thread->Charges = NT_SUCCESS(Status);
    Thread->HelperPaid = FALSE;
    KiLaunchThread(Thread, Routine, Context);
    return STATUS_SUCCESS;
}

/* ---- Shrinking ---- */

/* A bounded number. Whether there are more that have not been needed. */
static BOOLEAN KiTrimPool(PKI_POOL Pool)
{
    ULONG Count = Pool->LeastFree > Pool->Own ? Pool->LeastFree - Pool->Own : 0, Left = Count;

    if (Count > KI_TRIM_AT_ONCE)
        Count = KI_TRIM_AT_ONCE;
    for (Left -= Count; Count; Count--) {
        PKTHREAD Thread = CONTAINING_RECORD(RemoveTailList(&Pool->FreeList), KTHREAD, Link);

        Pool->Count--;
        Pool->FreeCount--;
        KiFreeThread(Thread);
    }
    Pool->LeastFree = Left ? Left + Pool->Own : Pool->FreeCount;
    return Left != 0;
}

static VOID KiSetTrimTimer(LONGLONG Interval)
{
    LARGE_INTEGER DueTime = {.QuadPart = Interval};

    KeSetTimer(&KiTrimTimer, DueTime, &KiTrimDpc);
}

static BOOLEAN KiHasSurplus(PKI_POOL Pool)
{
    return Pool->FreeCount > Pool->Own;
}

static VOID NTAPI KiTrim(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    BOOLEAN More = KiTrimPool(&KiRequestPool) | KiTrimPool(&KiWorkerPool);

    if (More)
        KiSetTrimTimer(KI_TRIM_SOON);
    else if (KiTrimHelpers() || KiHasSurplus(&KiRequestPool) || KiHasSurplus(&KiWorkerPool))
        KiSetTrimTimer(KI_TRIM_INTERVAL);
}

/* There is more than the host needs when it is idle. */
VOID KiTrimLater(VOID)
{
    if (!KiTrimDpc.DeferredRoutine) {
        KeInitializeTimer(&KiTrimTimer);
        KeInitializeDpc(&KiTrimDpc, KiTrim, NULL);
    }
    if (!KiTrimTimer.Header.Inserted)
        KiSetTrimTimer(KI_TRIM_INTERVAL);
}

/* The calling thread of a pool has done its work. */
VOID KiReturnThread(PKTHREAD Thread)
{
    PKI_POOL Pool = Thread->Pool;

    if (Thread->Charges)
        KiChargePayer(Thread->Payer, -(LONG)Thread->Charges);
    InsertHeadList(&Pool->FreeList, &Thread->Link);
    Pool->FreeCount++;
    if (KiHasSurplus(Pool))
        KiTrimLater();
}

/* ---- Trying again what cannot be refused ---- */

/* Has the event loop run again in a while, when there may be memory. */
VOID KiRetryLater(VOID)
{
    LARGE_INTEGER DueTime = {.QuadPart = KI_RETRY_INTERVAL};

    if (KiRetryTimer.Header.Inserted)
        return;
    KeInitializeTimer(&KiRetryTimer);
    KeSetTimer(&KiRetryTimer, DueTime, NULL);
}

BOOLEAN KiMayRetry(VOID)
{
    return !KiRetryTimer.Header.Inserted;
}
