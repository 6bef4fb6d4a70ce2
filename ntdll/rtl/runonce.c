// SPDX-License-Identifier: BSD-2-Clause
/* One-time initialisation. The two low bits of the word are its state; above them is the context
 * when it is done.  (Win32: InitOnceExecuteOnce) */
#include "rtlp.h"

#define FRESH 0u
#define BUSY 1u /* one thread initialises, others wait */
#define DONE 2u
#define RACE 3u /* any number of threads initialise, and the first wins */
#define STATE 3u

static volatile ULONG_PTR *WordOf(PRTL_RUN_ONCE RunOnce)
{
    return (volatile ULONG_PTR *)&RunOnce->Ptr;
}

static BOOLEAN Change(PRTL_RUN_ONCE RunOnce, ULONG_PTR Old, ULONG_PTR New)
{
    return __atomic_compare_exchange_n(WordOf(RunOnce), &Old, New, FALSE, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static void Finish(PRTL_RUN_ONCE RunOnce, ULONG_PTR New)
{
    __atomic_store_n(WordOf(RunOnce), New, __ATOMIC_SEQ_CST);
    RtlWakeAddressAll(RunOnce);
}

void NTAPI RtlRunOnceInitialize(PRTL_RUN_ONCE RunOnce)
{
    RunOnce->Ptr = NULL;
}

static NTSTATUS ReturnContext(ULONG_PTR Word, PVOID *Context)
{
    if (Context)
        *Context = (PVOID)(Word & ~(ULONG_PTR)STATE);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE RunOnce, ULONG Flags, PVOID *Context)
{
    ULONG_PTR Mine = Flags & RTL_RUN_ONCE_ASYNC ? RACE : BUSY;

    if ((Flags & ~(RTL_RUN_ONCE_CHECK_ONLY | RTL_RUN_ONCE_ASYNC)) ||
        Flags == (RTL_RUN_ONCE_CHECK_ONLY | RTL_RUN_ONCE_ASYNC))
        return STATUS_INVALID_PARAMETER;
    for (;;) {
        ULONG_PTR Word = __atomic_load_n(WordOf(RunOnce), __ATOMIC_ACQUIRE);

        if ((Word & STATE) == DONE)
            return ReturnContext(Word, Context);
        if (Flags & RTL_RUN_ONCE_CHECK_ONLY)
            return STATUS_UNSUCCESSFUL;
        if (Word == FRESH) {
            if (Change(RunOnce, FRESH, Mine))
                return STATUS_PENDING;
        } else if (Word != Mine) {
            return STATUS_INVALID_PARAMETER;
        } else if (Mine == RACE) {
            return STATUS_PENDING;
        } else {
            RtlWaitOnAddress(RunOnce, &Word, sizeof(Word), NULL);
        }
    }
}

NTSTATUS NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE RunOnce, ULONG Flags, PVOID Context)
{
    ULONG_PTR Word = __atomic_load_n(WordOf(RunOnce), __ATOMIC_ACQUIRE);

    if ((Flags & ~(RTL_RUN_ONCE_ASYNC | RTL_RUN_ONCE_INIT_FAILED)) ||
        ((ULONG_PTR)Context & STATE) || (Flags & RTL_RUN_ONCE_INIT_FAILED && Context) ||
        Flags == (RTL_RUN_ONCE_ASYNC | RTL_RUN_ONCE_INIT_FAILED))
        return STATUS_INVALID_PARAMETER;
    if (Word == BUSY && !(Flags & RTL_RUN_ONCE_ASYNC)) {
        Finish(RunOnce, Flags & RTL_RUN_ONCE_INIT_FAILED ? FRESH : (ULONG_PTR)Context | DONE);
        return STATUS_SUCCESS;
    }
    if (Word == RACE && !(Flags & RTL_RUN_ONCE_ASYNC))
        return STATUS_INVALID_PARAMETER;
    return Word == RACE && Change(RunOnce, RACE, (ULONG_PTR)Context | DONE) ? STATUS_SUCCESS
                                                                            : STATUS_UNSUCCESSFUL;
}

NTSTATUS NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE RunOnce, PRTL_RUN_ONCE_INIT_FN Routine,
                                     PVOID Parameter, PVOID *Context)
{
    PVOID Result = NULL;
    NTSTATUS Status = RtlRunOnceBeginInitialize(RunOnce, 0, Context);

    if (Status != STATUS_PENDING)
        return Status;
    if (!Routine(RunOnce, Parameter, &Result)) {
        RtlRunOnceComplete(RunOnce, RTL_RUN_ONCE_INIT_FAILED, NULL);
        return STATUS_UNSUCCESSFUL;
    }
    Status = RtlRunOnceComplete(RunOnce, 0, Result);
    return NT_SUCCESS(Status) ? ReturnContext((ULONG_PTR)Result, Context) : Status;
}
