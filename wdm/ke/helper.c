/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services that may wait (services.c) are called by helpers, threads of the process that do nothing
 * else, so that only the coroutine waits that has called one, and not the event loop that others
 * need, perhaps to answer that very call. A helper waits for an alert, takes the call that it finds
 * in its place, puts it into the list of those that are done, and signals the main thread, which
 * lets the coroutine go on.
 *
 * There are as many helpers as there are calls in progress; one stays. Only the main thread looks
 * at the list of those that are idle. What a helper has sent is cancelled when it ends, as that of
 * any thread, so one that has left something pending stays.
 */
#include "ki.h"
#include "ntdll.h"
#include "stub.h"

#define KI_OWN_HELPERS 1 /* the host's; for others the request is charged, as for coroutines */
#define KI_HELPER_STACK 0x1000
#define KI_HELPER_RESERVE 0x10000
#define KI_TRIM_AT_ONCE 16
#define KI_THREAD_IS_IO_PENDING 16 /* THREADINFOCLASS */
#define KI_CLOSE_INTERVAL (-100000LL)

typedef struct _KI_CALL {
    struct _KI_CALL *Next; /* in KiDoneCalls */
    struct _KI_HELPER *Helper;
    PKTHREAD Thread; /* that has called */
    PVOID Service;   /* NULL: the helper is to end */
    ULONG Count;
    const ULONG_PTR *Arguments;
    NTSTATUS Status;
} KI_CALL, *PKI_CALL;

typedef struct _KI_HELPER {
    LIST_ENTRY Link; /* in KiIdleHelpers */
    HANDLE Handle, Id;
    PKI_CALL Call; /* what it is to do; NULL: nothing */
    KI_CALL Last;  /* to end it */
} KI_HELPER, *PKI_HELPER;

static LIST_ENTRY KiIdleHelpers = {&KiIdleHelpers, &KiIdleHelpers};
static ULONG KiHelpers, KiIdleCount, KiLeastIdle;
static PKI_CALL KiDoneCalls; /* the last one first */

/* ---- The helper's side ---- */

#define A(Index) Arguments[Index]
#define P ULONG_PTR
#define CALL(Types, ...) ((NTSTATUS(NTAPI *) Types)Service)(__VA_ARGS__)

static NTSTATUS KiInvokeLong(PVOID Service, ULONG Count, const ULONG_PTR *Arguments)
{
    switch (Count) {
    case 8:
        return CALL((P, P, P, P, P, P, P, P), A(0), A(1), A(2), A(3), A(4), A(5), A(6), A(7));
    case 9:
        return CALL((P, P, P, P, P, P, P, P, P), A(0), A(1), A(2), A(3), A(4), A(5), A(6), A(7),
                    A(8));
    case 10:
        return CALL((P, P, P, P, P, P, P, P, P, P), A(0), A(1), A(2), A(3), A(4), A(5), A(6), A(7),
                    A(8), A(9));
    case 11:
        return CALL((P, P, P, P, P, P, P, P, P, P, P), A(0), A(1), A(2), A(3), A(4), A(5), A(6),
                    A(7), A(8), A(9), A(10));
    case 12:
        return CALL((P, P, P, P, P, P, P, P, P, P, P, P), A(0), A(1), A(2), A(3), A(4), A(5), A(6),
                    A(7), A(8), A(9), A(10), A(11));
    default:
        return CALL((P, P, P, P, P, P, P, P, P, P, P, P, P, P), A(0), A(1), A(2), A(3), A(4), A(5),
                    A(6), A(7), A(8), A(9), A(10), A(11), A(12), A(13));
    }
}

/* Services have 1 to 12 or 14 arguments. */
static NTSTATUS KiInvoke(PVOID Service, ULONG Count, const ULONG_PTR *Arguments)
{
    switch (Count) {
    case 1:
        return CALL((P), A(0));
    case 2:
        return CALL((P, P), A(0), A(1));
    case 3:
        return CALL((P, P, P), A(0), A(1), A(2));
    case 4:
        return CALL((P, P, P, P), A(0), A(1), A(2), A(3));
    case 5:
        return CALL((P, P, P, P, P), A(0), A(1), A(2), A(3), A(4));
    case 6:
        return CALL((P, P, P, P, P, P), A(0), A(1), A(2), A(3), A(4), A(5));
    case 7:
        return CALL((P, P, P, P, P, P, P), A(0), A(1), A(2), A(3), A(4), A(5), A(6));
    default:
        return KiInvokeLong(Service, Count, Arguments);
    }
}

/* The call is the main thread's from then on, which may be about to sleep. */
static VOID KiFinishCall(PKI_CALL Call)
{
    PKI_CALL Last = __atomic_load_n(&KiDoneCalls, __ATOMIC_RELAXED);

    do
        Call->Next = Last;
    while (!__atomic_compare_exchange_n(&KiDoneCalls, &Last, Call, FALSE, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED));
    KxSignalMainThread();
}

static ULONG NTAPI KiHelperMain(PVOID Context)
{
    PKI_HELPER Helper = Context;

    Helper->Id = KiGetThreadId();
    for (;;) {
        PKI_CALL Call = __atomic_exchange_n(&Helper->Call, NULL, __ATOMIC_ACQUIRE);

        if (!Call) {
            NtWaitForAlertByThreadId(NULL, NULL);
        } else if (Call->Service) {
            Call->Status = KiInvoke(Call->Service, Call->Count, Call->Arguments);
            KiFinishCall(Call);
        } else {
            KiFinishCall(Call);
            NtTerminateThread(NtCurrentThread(), STATUS_SUCCESS);
        }
    }
}

/* ---- The main thread's side ---- */

static VOID KiGiveCall(PKI_HELPER Helper, PKI_CALL Call)
{
    Call->Helper = Helper;
    __atomic_store_n(&Helper->Call, Call, __ATOMIC_RELEASE);
}

static BOOLEAN KiStartHelper(PKI_CALL Call)
{
    PKI_HELPER Helper = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Helper), 'pleH');

    if (!Helper)
        return FALSE;
    Helper->Last.Service = NULL;
    KiGiveCall(Helper, Call);
    if (!NT_SUCCESS(NtCreateThreadEx(&Helper->Handle, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                     KiHelperMain, Helper,
                                     KI_SKIP_LOADER_INIT | KI_SKIP_THREAD_ATTACH, 0,
                                     KI_HELPER_STACK, KI_HELPER_RESERVE, NULL))) {
        ExFreePoolWithTag(Helper, 'pleH');
        return FALSE;
    }
    KiHelpers++;
    return TRUE;
}

/* Called once by each coroutine, when it first needs more than the host's own. */
static BOOLEAN KiPayForHelper(PKTHREAD Thread)
{
    if (Thread->HelperPaid || KiHelpers - KiIdleCount < KI_OWN_HELPERS)
        return TRUE;
    Thread->HelperPaid = KiChargeThread(Thread);
    return Thread->HelperPaid;
}

static BOOLEAN KiHandOver(PKI_CALL Call)
{
    PKI_HELPER Helper;

    if (!KiPayForHelper(Call->Thread))
        return FALSE;
    if (!KiIdleCount)
        return KiStartHelper(Call);
    Helper = CONTAINING_RECORD(RemoveHeadList(&KiIdleHelpers), KI_HELPER, Link);
    if (--KiIdleCount < KiLeastIdle)
        KiLeastIdle = KiIdleCount;
    KiGiveCall(Helper, Call);
    NtAlertThreadByThreadId(Helper->Id);
    return TRUE;
}

/*
 * Has a helper call the service, and waits. FALSE: there is no memory for another helper, or whose
 * request this is cannot pay for one. No call waits for another to end. At DISPATCH_LEVEL and above
 * it is a bug of the driver's, as it is on Windows.
 */
BOOLEAN KiTryService(PVOID Service, ULONG Count, const ULONG_PTR *Arguments, PNTSTATUS Status)
{
    KI_CALL Call = {
        .Thread = KiGetCurrentThread(), .Service = Service, .Count = Count, .Arguments = Arguments};

    if (!KiCanBlock())
        KeBugCheckEx(IRQL_NOT_LESS_OR_EQUAL, (ULONG_PTR)Service, KiGetIrql(), 0,
                     (ULONG_PTR)__builtin_return_address(0));
    if (!KiHandOver(&Call))
        return FALSE;
    KiParkThread();
    *Status = Call.Status;
    return TRUE;
}

/* The service's status, or STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS KiCallService(PVOID Service, ULONG Count, const ULONG_PTR *Arguments)
{
    NTSTATUS Status;

    return KiTryService(Service, Count, Arguments, &Status) ? Status
                                                            : STATUS_INSUFFICIENT_RESOURCES;
}

/* NtClose: what has to be closed is so at last, whenever there is memory for it. */
NTSTATUS KiCloseHandle(HANDLE Handle)
{
    ULONG_PTR Argument = (ULONG_PTR)Handle;
    LARGE_INTEGER Interval = {.QuadPart = KI_CLOSE_INTERVAL};
    NTSTATUS Status;

    while (!KiTryService(NtClose, 1, &Argument, &Status))
        KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    return Status;
}

static VOID KiEndCall(PKI_CALL Call)
{
    PKI_HELPER Helper = Call->Helper;

    if (!Call->Service) {
        ExFreePoolWithTag(Helper, 'pleH');
        return;
    }
    InsertHeadList(&KiIdleHelpers, &Helper->Link);
    if (++KiIdleCount > KI_OWN_HELPERS)
        KiTrimLater();
    KiReadyThread(Call->Thread);
}

static PKI_CALL KiReverseCalls(PKI_CALL Call)
{
    PKI_CALL First = NULL, Next;

    for (; Call; Call = Next) {
        Next = Call->Next;
        Call->Next = First;
        First = Call;
    }
    return First;
}

/* From the event loop: lets those go on whose calls are done, in that order. */
VOID KiCollectCalls(VOID)
{
    PKI_CALL Call, Next;

    if (!__atomic_load_n(&KiDoneCalls, __ATOMIC_RELAXED))
        return;
    Call = KiReverseCalls(__atomic_exchange_n(&KiDoneCalls, NULL, __ATOMIC_ACQUIRE));
    for (; Call; Call = Next) {
        Next = Call->Next;
        KiEndCall(Call);
    }
}

static BOOLEAN KiHasLeftSomething(PKI_HELPER Helper)
{
    ULONG Pending = 0;

    return !NT_SUCCESS(NtQueryInformationThread(Helper->Handle, KI_THREAD_IS_IO_PENDING, &Pending,
                                                sizeof(Pending), NULL)) ||
           Pending;
}

static VOID KiDismissHelper(PKI_HELPER Helper)
{
    KiHelpers--;
    KiIdleCount--;
    NtClose(Helper->Handle);
    KiGiveCall(Helper, &Helper->Last);
    NtAlertThreadByThreadId(Helper->Id);
}

/* Ends those that have not been needed since the last time, a bounded number. Whether there are
 * more than the host's own. */
BOOLEAN KiTrimHelpers(VOID)
{
    ULONG Count = KiLeastIdle > KI_OWN_HELPERS ? KiLeastIdle - KI_OWN_HELPERS : 0;

    if (Count > KI_TRIM_AT_ONCE)
        Count = KI_TRIM_AT_ONCE;
    for (; Count; Count--) {
        PKI_HELPER Helper = CONTAINING_RECORD(RemoveTailList(&KiIdleHelpers), KI_HELPER, Link);

        if (KiHasLeftSomething(Helper))
            InsertHeadList(&KiIdleHelpers, &Helper->Link);
        else
            KiDismissHelper(Helper);
    }
    KiLeastIdle = KiIdleCount;
    return KiIdleCount > KI_OWN_HELPERS;
}
