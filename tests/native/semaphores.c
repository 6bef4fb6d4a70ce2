/* SPDX-License-Identifier: BSD-2-Clause */
/* Semaphores. */
#include "waiting.h"

static void TestCreation(void)
{
    HANDLE Semaphore, Other;

    ok_status(NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, NULL, 0, 0),
              STATUS_INVALID_PARAMETER, "a semaphore that lets nobody through");
    ok_status(NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, NULL, -1, 3),
              STATUS_INVALID_PARAMETER, "a count below 0");
    ok_status(NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, NULL, 4, 3),
              STATUS_INVALID_PARAMETER, "a count above the maximum");
    ok_status(NtCreateSemaphore((PHANDLE)8, SEMAPHORE_ALL_ACCESS, NULL, 5, 3),
              STATUS_ACCESS_VIOLATION, "the handle's address is looked at first");
    ok_status(NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS,
                                Named(u"\\BaseNamedObjects\\UmSemaphore", 0), 1, 3),
              STATUS_SUCCESS, "one with a name");
    ok_status(NtCreateSemaphore(&Other, SEMAPHORE_ALL_ACCESS,
                                Named(u"\\BaseNamedObjects\\UmSemaphore", 0), 1, 3),
              STATUS_OBJECT_NAME_COLLISION, "not twice");
    ok_status(NtCreateSemaphore(&Other, SEMAPHORE_ALL_ACCESS,
                                Named(u"\\BaseNamedObjects\\UmSemaphore", OBJ_OPENIF), 9, 9),
              STATUS_OBJECT_NAME_EXISTS, "unless the old one will do");
    NtClose(Other);
    ok_status(NtOpenSemaphore(&Other, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\UmSemaphore", 0)),
              STATUS_SUCCESS, "open it");
    ok_status(NtReleaseSemaphore(Other, 1, NULL), STATUS_ACCESS_DENIED,
              "releasing needs SEMAPHORE_MODIFY_STATE");
    ok_status(WaitFor(Other, 0), STATUS_SUCCESS, "waiting needs SYNCHRONIZE");
    ok_status(WaitFor(Semaphore, 0), STATUS_TIMEOUT, "both are the same");
    NtClose(Other);
    ok_status(NtOpenEvent(&Other, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\UmSemaphore", 0)),
              STATUS_OBJECT_TYPE_MISMATCH, "it is no event");
    NtClose(Semaphore);
    ok_status(NtOpenSemaphore(&Other, SYNCHRONIZE, Named(u"\\BaseNamedObjects\\UmSemaphore", 0)),
              STATUS_OBJECT_NAME_NOT_FOUND, "the name goes with the last handle");
}

static void TestCounts(void)
{
    SEMAPHORE_BASIC_INFORMATION Basic;
    HANDLE Semaphore, Blind;
    ULONG Length = 0;
    LONG Previous = 7;

    NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, NULL, 1, 3);
    ok_status(NtReleaseSemaphore(Semaphore, 0, NULL), STATUS_INVALID_PARAMETER, "release none");
    ok_status(NtReleaseSemaphore(Semaphore, -1, NULL), STATUS_INVALID_PARAMETER,
              "release less than none");
    ok_status(NtReleaseSemaphore(Semaphore, 0, (PLONG)4), STATUS_ACCESS_VIOLATION,
              "the address of the previous count is looked at first");
    ok_status(NtReleaseSemaphore(NULL, 0, NULL), STATUS_INVALID_PARAMETER,
              "the count is looked at before the handle");
    ok_status(NtReleaseSemaphore(Semaphore, 3, &Previous), STATUS_SEMAPHORE_LIMIT_EXCEEDED,
              "release too many");
    ok_status(NtReleaseSemaphore(Semaphore, MAXLONG, &Previous), STATUS_SEMAPHORE_LIMIT_EXCEEDED,
              "release as many as there are numbers");
    ok(Previous == 7, "a failure tells no previous count");
    ok_status(NtReleaseSemaphore(Semaphore, 2, &Previous), STATUS_SUCCESS, "release two");
    ok(Previous == 1, "there was one");
    ok_status(
        NtQuerySemaphore(Semaphore, SemaphoreBasicInformation, &Basic, sizeof(Basic), &Length),
        STATUS_SUCCESS, "query");
    ok(Basic.CurrentCount == 3 && Basic.MaximumCount == 3 && Length == 8, "counts and length");
    ok_status(NtQuerySemaphore(Semaphore, SemaphoreBasicInformation, &Basic, 4, &Length),
              STATUS_INFO_LENGTH_MISMATCH, "query with a wrong length");
    ok_status(NtQuerySemaphore(Semaphore, (SEMAPHORE_INFORMATION_CLASS)1, &Basic, 8, &Length),
              STATUS_INVALID_INFO_CLASS, "query of a wrong class");
    Blind = Restricted(Semaphore, SYNCHRONIZE);
    ok_status(NtQuerySemaphore(Blind, SemaphoreBasicInformation, &Basic, 8, NULL),
              STATUS_ACCESS_DENIED, "query needs SEMAPHORE_QUERY_STATE");
    NtClose(Blind);
    for (ULONG i = 0; i < 3; i++)
        ok_status(WaitFor(Semaphore, 0), STATUS_SUCCESS, "three waits come through");
    ok_status(WaitFor(Semaphore, 0), STATUS_TIMEOUT, "the fourth does not");
    NtClose(Semaphore);
}

static HANDLE Gate;
static volatile LONG Through;

static NTSTATUS NTAPI PassGate(PVOID Argument)
{
    if (NtWaitForSingleObject(Gate, FALSE, NULL) != STATUS_SUCCESS)
        return STATUS_UNSUCCESSFUL;
    __atomic_add_fetch(&Through, 1, __ATOMIC_SEQ_CST);
    return STATUS_SUCCESS;
}

static void TestWaiters(void)
{
    HANDLE Threads[5];

    Through = 0;
    NtCreateSemaphore(&Gate, SEMAPHORE_ALL_ACCESS, NULL, 0, 5);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(PassGate, NULL);
    Sleep(50);
    ok(Through == 0, "five threads wait");
    NtReleaseSemaphore(Gate, 2, NULL);
    Sleep(50);
    ok(Through == 2, "two are released");
    ok_status(WaitFor(Gate, 0), STATUS_TIMEOUT, "none is left");
    NtReleaseSemaphore(Gate, 3, NULL);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "each of them ends");
    NtClose(Gate);
}

static void TestSignalAndWait(void)
{
    LARGE_INTEGER Zero = {.QuadPart = 0};
    HANDLE Semaphore, Event, Weak, Mutant;

    NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, NULL, 0, 1);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, TRUE);
    ok_status(NtSignalAndWaitForSingleObject(Semaphore, Event, FALSE, &Zero), STATUS_TIMEOUT,
              "release a semaphore and wait for an event");
    ok_status(NtSignalAndWaitForSingleObject(Semaphore, Event, FALSE, &Zero),
              STATUS_SEMAPHORE_LIMIT_EXCEEDED, "the semaphore cannot be released again");
    ok_status(NtSignalAndWaitForSingleObject(Event, Semaphore, FALSE, &Zero), STATUS_SUCCESS,
              "set the event and wait for the semaphore");
    ok_status(NtSignalAndWaitForSingleObject(Mutant, Event, FALSE, &Zero), STATUS_SUCCESS,
              "release a mutant and wait for the event");
    ok_status(NtSignalAndWaitForSingleObject(Mutant, Event, FALSE, &Zero), STATUS_MUTANT_NOT_OWNED,
              "the mutant is not owned any more");
    ok_status(NtSignalAndWaitForSingleObject(Event, Event, FALSE, NULL), STATUS_SUCCESS,
              "an event that is set and waited for");
    ok_status(NtSignalAndWaitForSingleObject(NtCurrentProcess(), Event, FALSE, &Zero),
              STATUS_OBJECT_TYPE_MISMATCH, "a process cannot be signalled");
    ok_status(NtSignalAndWaitForSingleObject(NULL, Event, FALSE, &Zero), STATUS_INVALID_HANDLE,
              "no handle to signal");
    ok_status(NtSignalAndWaitForSingleObject(Event, NULL, FALSE, &Zero), STATUS_INVALID_HANDLE,
              "no handle to wait for");
    ok_status(WaitFor(Event, 0), STATUS_TIMEOUT, "then nothing is signalled");
    ok_status(NtSignalAndWaitForSingleObject(NULL, NULL, FALSE, (PLARGE_INTEGER)1),
              STATUS_ACCESS_VIOLATION, "the timeout is read first");
    Weak = Restricted(Event, SYNCHRONIZE);
    ok_status(NtSignalAndWaitForSingleObject(Weak, Semaphore, FALSE, &Zero), STATUS_ACCESS_DENIED,
              "signalling an event needs EVENT_MODIFY_STATE");
    NtClose(Weak);
    Weak = Restricted(Event, EVENT_MODIFY_STATE);
    ok_status(NtSignalAndWaitForSingleObject(Event, Weak, FALSE, &Zero), STATUS_ACCESS_DENIED,
              "waiting needs SYNCHRONIZE");
    NtClose(Weak);
    NtClose(Mutant);
    NtClose(Event);
    NtClose(Semaphore);
}

void TestSemaphores(void)
{
    TestCreation();
    TestCounts();
    TestWaiters();
    TestSignalAndWait();
}
