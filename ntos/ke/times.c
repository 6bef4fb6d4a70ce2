/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processor times. seL4 keeps none, so they are sampled, as NT did: each tick of the clock is
 * charged as a whole to the thread that is found at work.
 *
 * Which thread that is can only be inferred: threads that wait do so in a service, as the Executive
 * knows; of the others those with the highest priority share the processor in turn, and are charged
 * in turn. The candidates are kept from tick to tick. New ones are found without any work in
 * services: each tick looks at who called last, and at a few of all threads. A thread in a service
 * stub has been in the kernel or in the Executive on its behalf: that is kernel time; so is a
 * service that has given way. Drivers' threads wait in the kernel, unseen: they are charged only if
 * they called last.
 */
#include "kip.h"

#define CANDIDATES 16
#define LOOKS_A_TICK 16

static ULONG_PTR Candidates[CANDIDATES]; /* thread ids; they take turns */
static ULONG CandidateCount;
static ULONG_PTR Cursor; /* the thread id that was looked at last */
static ULONGLONG IdleTicks, KernelTicks, UserTicks;

BOOLEAN KeIsThreadAtWork(PETHREAD Thread)
{
    if (!Thread->Started || (Thread->SuspendCount & ~PS_THREAD_HELD) || Thread->Header.SignalState)
        return FALSE;
    return Thread->ServiceStack ? !Thread->ServiceStack->Waiting : !Thread->ReplyWithheld;
}

static void Add(PETHREAD Thread)
{
    ULONG i;

    for (i = 0; i < CandidateCount; i++)
        if (Candidates[i] == (ULONG_PTR)Thread->UniqueThreadId)
            return;
    if (CandidateCount < CANDIDATES && KeIsThreadAtWork(Thread))
        Candidates[CandidateCount++] = (ULONG_PTR)Thread->UniqueThreadId;
}

static void LookForMore(void)
{
    PETHREAD Thread;
    ULONG i;

    for (i = 0; i < LOOKS_A_TICK; i++) {
        Thread = PsFindNextThreadById(&Cursor);
        if (Thread && !Thread->Process->DriverHost)
            Add(Thread);
        if (!Cursor)
            break;
    }
}

static void Remove(ULONG Index)
{
    CandidateCount--;
    for (; Index < CandidateCount; Index++)
        Candidates[Index] = Candidates[Index + 1];
}

/* The one whose turn it is, among those with the highest priority; it goes to the end of the row.
 */
static PETHREAD Choose(void)
{
    PETHREAD Best = NULL, Thread;
    ULONG BestIndex = 0, i = 0;

    while (i < CandidateCount) {
        Thread = PsFindThreadById(Candidates[i]);
        if (!Thread || !KeIsThreadAtWork(Thread)) {
            Remove(i);
            continue;
        }
        if (!Best || Thread->Priority > Best->Priority) {
            Best = Thread;
            BestIndex = i;
        }
        i++;
    }
    if (Best) {
        Remove(BestIndex);
        Candidates[CandidateCount++] = (ULONG_PTR)Best->UniqueThreadId;
    }
    return Best;
}

static BOOLEAN IsInKernel(PETHREAD Thread)
{
    seL4_UserContext Registers;

    if (Thread->ServiceStack)
        return TRUE;
    return KeReadRegisters(Thread, &Registers) &&
           PsIsServiceStub(Thread->Process, KiProgramCounter(&Registers));
}

/* The thread may have been ended when this returns. */
static void Charge(PETHREAD Thread)
{
    BOOLEAN Kernel = IsInKernel(Thread);

    if (Kernel) {
        Thread->KernelTicks++;
        Thread->Process->KernelTicks++;
        KernelTicks++;
    } else {
        Thread->UserTicks++;
        Thread->Process->UserTicks++;
        UserTicks++;
    }
    if (Thread->Process->Job)
        PsChargeJobTick(Thread->Process, Kernel);
}

void KiChargeTick(PETHREAD LastCaller)
{
    PETHREAD Thread;

    if (LastCaller)
        Add(LastCaller);
    LookForMore();
    Thread = Choose();
    if (Thread)
        Charge(Thread);
    else
        IdleTicks++;
}

void KeQueryProcessorTicks(PULONGLONG Idle, PULONGLONG Kernel, PULONGLONG User)
{
    *Idle = IdleTicks;
    *Kernel = KernelTicks;
    *User = UserTicks;
}
