/* SPDX-License-Identifier: BSD-2-Clause */
/* Mutants: ownership, recursion, abandonment. */
#include "waiting.h"

static HANDLE Mutant, Second, Event;

static MUTANT_BASIC_INFORMATION Query(void)
{
    MUTANT_BASIC_INFORMATION Basic = {.CurrentCount = 99};

    NtQueryMutant(Mutant, MutantBasicInformation, &Basic, sizeof(Basic), NULL);
    return Basic;
}

static void TestRecursion(void)
{
    MUTANT_BASIC_INFORMATION Basic;
    LONG Previous = 7;

    ok_status(NtCreateMutant((PHANDLE)8, MUTANT_ALL_ACCESS, NULL, FALSE), STATUS_ACCESS_VIOLATION,
              "a bad address for the handle");
    ok_status(NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, TRUE), STATUS_SUCCESS,
              "a mutant that I own");
    Basic = Query();
    ok(Basic.CurrentCount == 0 && Basic.OwnedByCaller && !Basic.AbandonedState, "it says so");
    ok_status(WaitFor(Mutant, 0), STATUS_SUCCESS, "acquire it again");
    ok(Query().CurrentCount == -1, "it counts");
    ok_status(NtReleaseMutant(Mutant, (PLONG)4), STATUS_ACCESS_VIOLATION,
              "release it with a bad address for the count");
    ok_status(NtReleaseMutant(Mutant, &Previous), STATUS_SUCCESS, "release it");
    ok(Previous == -1, "the count before");
    ok_status(NtReleaseMutant(Mutant, &Previous), STATUS_SUCCESS, "release it again");
    ok(Previous == 0, "the count before");
    Basic = Query();
    ok(Basic.CurrentCount == 1 && !Basic.OwnedByCaller, "it is free");
    Previous = 7;
    ok_status(NtReleaseMutant(Mutant, &Previous), STATUS_MUTANT_NOT_OWNED, "not three times");
    ok(Previous == 7, "a failure tells no count");
    NtClose(Mutant);
    ok_status(NtReleaseMutant(Mutant, NULL), STATUS_INVALID_HANDLE, "a closed handle");
    ok_status(NtReleaseMutant(NtCurrentThread(), NULL), STATUS_OBJECT_TYPE_MISMATCH,
              "a thread is no mutant");
}

static void TestQuery(void)
{
    MUTANT_OWNER_INFORMATION Owner;
    ULONG Length = 0;

    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, TRUE);
    ok_status(NtQueryMutant(Mutant, MutantOwnerInformation, &Owner, sizeof(Owner), &Length),
              STATUS_SUCCESS, "query the owner");
    ok(Owner.ClientId.UniqueThread == NtCurrentTeb()->ClientId.UniqueThread &&
           Owner.ClientId.UniqueProcess == NtCurrentTeb()->ClientId.UniqueProcess &&
           Length == sizeof(Owner),
       "it is me");
    NtReleaseMutant(Mutant, NULL);
    NtQueryMutant(Mutant, MutantOwnerInformation, &Owner, sizeof(Owner), NULL);
    ok(!Owner.ClientId.UniqueThread, "then nobody");
    ok_status(NtQueryMutant(Mutant, MutantBasicInformation, &Owner, 4, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "a wrong length");
    ok_status(NtQueryMutant(Mutant, (MUTANT_INFORMATION_CLASS)2, &Owner, 8, NULL),
              STATUS_INVALID_INFO_CLASS, "a wrong class");
    ok_status(NtQueryMutant(NULL, MutantBasicInformation, &Owner, 8, NULL), STATUS_INVALID_HANDLE,
              "no handle");
    NtClose(Mutant);
}

static void TestNames(void)
{
    HANDLE Other;

    ok_status(NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, Named(u"\\BaseNamedObjects\\UmMutant", 0),
                             FALSE),
              STATUS_SUCCESS, "one with a name");
    ok_status(NtCreateMutant(&Other, MUTANT_ALL_ACCESS,
                             Named(u"\\BaseNamedObjects\\UmMutant", OBJ_OPENIF), TRUE),
              STATUS_OBJECT_NAME_EXISTS, "make it or open it, with ownership");
    ok(!Query().OwnedByCaller, "who opens it does not come to own it");
    NtClose(Other);
    ok_status(NtOpenMutant(&Other, MUTANT_ALL_ACCESS, Named(u"\\BaseNamedObjects\\UmMutant", 0)),
              STATUS_SUCCESS, "open it");
    NtClose(Other);
    ok_status(NtOpenMutant(&Other, MUTANT_ALL_ACCESS, NULL), STATUS_INVALID_PARAMETER,
              "open nothing");
    NtClose(Mutant);
}

static NTSTATUS NTAPI ReleaseForeign(PVOID Argument)
{
    return NtReleaseMutant(Mutant, NULL);
}

static NTSTATUS NTAPI TryAcquire(PVOID Argument)
{
    return WaitFor(Mutant, 20);
}

static NTSTATUS NTAPI AcquireAndEnd(PVOID Argument)
{
    WaitFor(Mutant, 1000);
    WaitFor(Mutant, 1000);
    WaitFor(Second, 1000);
    NtSetEvent(Event, NULL);
    if (Argument)
        NtDelayExecution(FALSE, &(LARGE_INTEGER){.QuadPart = MILLISECONDS(100000)});
    return STATUS_SUCCESS;
}

static void TestOwnership(void)
{
    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, TRUE);
    ok_status(EndOfThread(StartThread(ReleaseForeign, NULL)), STATUS_MUTANT_NOT_OWNED,
              "another thread cannot release it");
    ok_status(EndOfThread(StartThread(TryAcquire, NULL)), STATUS_TIMEOUT, "nor acquire it");
    NtReleaseMutant(Mutant, NULL);
    ok_status(EndOfThread(StartThread(TryAcquire, NULL)), STATUS_SUCCESS, "it can when it is free");
    ok_status(WaitFor(Mutant, 0), STATUS_ABANDONED_WAIT_0, "and abandons it by its end");
    ok_status(WaitFor(Mutant, 0), STATUS_SUCCESS, "that is told once");
    NtClose(Mutant);
}

/* Two mutants of a thread that ends or is ended; one was acquired twice. */
static void TestAbandonment(BOOLEAN Kill)
{
    HANDLE Both[3], Thread;

    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, FALSE);
    NtCreateMutant(&Second, MUTANT_ALL_ACCESS, NULL, FALSE);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    Thread = StartThread(AcquireAndEnd, Kill ? &Both : NULL);
    WaitFor(Event, 1000);
    if (Kill)
        NtTerminateThread(Thread, STATUS_SUCCESS);
    EndOfThread(Thread);
    ok(Query().AbandonedState && Query().CurrentCount == 1, "an owner's end frees its mutants");
    Both[0] = Event;
    Both[1] = Mutant;
    Both[2] = Second;
    NtResetEvent(Event, NULL);
    ok_status(NtWaitForMultipleObjects(3, Both, WaitAny, FALSE, NULL), STATUS_ABANDONED_WAIT_0 + 1,
              "a wait for any tells which one was abandoned");
    NtReleaseMutant(Mutant, NULL);
    NtSetEvent(Event, NULL);
    ok_status(NtWaitForMultipleObjects(3, Both, WaitAll, FALSE, NULL), STATUS_ABANDONED_WAIT_0,
              "a wait for all that one was");
    ok(Query().OwnedByCaller, "all of them are mine now");
    NtClose(Second);
    NtClose(Mutant);
    NtClose(Event);
}

/* The wait is in progress when the owner goes. */
static NTSTATUS NTAPI WaitLong(PVOID Argument)
{
    return NtWaitForSingleObject(Mutant, FALSE, NULL);
}

static NTSTATUS NTAPI OwnForAWhile(PVOID Argument)
{
    WaitFor(Mutant, 0);
    NtSetEvent(Event, NULL);
    Sleep(60);
    return STATUS_SUCCESS;
}

static void TestWaiters(void)
{
    HANDLE Owner, Waiter;

    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, FALSE);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    Owner = StartThread(OwnForAWhile, NULL);
    WaitFor(Event, 1000);
    Waiter = StartThread(WaitLong, NULL);
    ok_status(EndOfThread(Waiter), STATUS_ABANDONED_WAIT_0, "a waiter gets it when the owner ends");
    EndOfThread(Owner);
    WaitFor(Mutant, 0);
    Waiter = StartThread(WaitLong, NULL);
    Sleep(30);
    NtReleaseMutant(Mutant, NULL);
    ok_status(EndOfThread(Waiter), STATUS_SUCCESS, "or when the owner releases it");
    NtClose(Event);
    NtClose(Mutant);
}

/* Mutants that are deleted while they are owned. */
static void TestDeletion(void)
{
    BOOLEAN Right = TRUE;

    for (ULONG i = 0; i < 100; i++) {
        Right &= NT_SUCCESS(NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, TRUE));
        Right &= NT_SUCCESS(NtClose(Mutant));
    }
    ok(Right, "mutants go while they are owned");
}

void TestMutants(void)
{
    TestRecursion();
    TestQuery();
    TestNames();
    TestOwnership();
    TestAbandonment(FALSE);
    TestAbandonment(TRUE);
    TestWaiters();
    TestDeletion();
}
