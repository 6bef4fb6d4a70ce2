// SPDX-License-Identifier: BSD-2-Clause
/* Making, posting, waiting for and releasing the objects, each by the names of its kind. */
#include "tpp.h"

NTSTATUS NTAPI TpAllocWork(PTP_WORK *Work, PTP_WORK_CALLBACK Callback, PVOID Context,
                           PTP_CALLBACK_ENVIRON Environment)
{
    return TppAllocate(TppWork, Callback, Context, Environment, Work);
}

NTSTATUS NTAPI TpAllocTimer(PTP_TIMER *Timer, PTP_TIMER_CALLBACK Callback, PVOID Context,
                            PTP_CALLBACK_ENVIRON Environment)
{
    return TppAllocate(TppTimer, Callback, Context, Environment, Timer);
}

NTSTATUS NTAPI TpAllocWait(PTP_WAIT *Wait, PTP_WAIT_CALLBACK Callback, PVOID Context,
                           PTP_CALLBACK_ENVIRON Environment)
{
    return TppAllocate(TppWait, Callback, Context, Environment, Wait);
}

NTSTATUS NTAPI TpAllocIoCompletion(PTP_IO *Io, HANDLE File, PTP_IO_CALLBACK Callback, PVOID Context,
                                   PTP_CALLBACK_ENVIRON Environment)
{
    NTSTATUS Status = TppAllocate(TppIo, Callback, Context, Environment, Io);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = TppAssociateFile(File, *Io);
    if (!NT_SUCCESS(Status))
        TppRelease(*Io);
    return Status;
}

/* Nobody owns it: it goes after its callback. */
NTSTATUS NTAPI TpSimpleTryPost(PTP_SIMPLE_CALLBACK Callback, PVOID Context,
                               PTP_CALLBACK_ENVIRON Environment)
{
    PTPP_OBJECT Object;
    NTSTATUS Status = TppAllocate(TppSimple, Callback, Context, Environment, &Object);

    return NT_SUCCESS(Status) ? TppPostAlone(Object) : Status;
}

void NTAPI TpPostWork(PTP_WORK Work)
{
    TppEnter();
    TppPost(Work);
    TppLeave();
}

void NTAPI TpStartAsyncIoOperation(PTP_IO Io)
{
    TppEnter();
    Io->Outstanding++;
    Io->References++;
    TppLeave();
}

/* The operation has failed at once, so nothing will be reported. */
void NTAPI TpCancelAsyncIoOperation(PTP_IO Io)
{
    TppEnter();
    if (Io->Outstanding) {
        Io->Outstanding--;
        TppDereference(Io);
    }
    TppLeave();
}

void NTAPI TpWaitForWork(PTP_WORK Work, LOGICAL CancelPending)
{
    TppWaitFor(Work, CancelPending != 0);
}

void NTAPI TpWaitForTimer(PTP_TIMER Timer, LOGICAL CancelPending)
{
    TppWaitFor(Timer, CancelPending != 0);
}

void NTAPI TpWaitForWait(PTP_WAIT Wait, LOGICAL CancelPending)
{
    TppWaitFor(Wait, CancelPending != 0);
}

void NTAPI TpWaitForIoCompletion(PTP_IO Io, LOGICAL CancelPending)
{
    TppWaitFor(Io, CancelPending != 0);
}

void NTAPI TpReleaseWork(PTP_WORK Work)
{
    TppRelease(Work);
}

void NTAPI TpReleaseTimer(PTP_TIMER Timer)
{
    TppRelease(Timer);
}

void NTAPI TpReleaseWait(PTP_WAIT Wait)
{
    TppRelease(Wait);
}

void NTAPI TpReleaseIoCompletion(PTP_IO Io)
{
    TppRelease(Io);
}
