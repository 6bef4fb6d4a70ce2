// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/ke/wait.c ntos/ke/event.c ntos/ke/timer.c ntos/ke/mutant.c ntos/ke/semaphore.c ntos/ke/queue.c
// sources: rtl/tree.c
// options: -Iinclude -Intos/inc -Intos/ke -Intos/ke/arch/x86_64 -Ilibsel4/include -DDBG=1
// options: -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
//
// Waits, with a scheduler that is only a list: parking a stack means to run what the test has
// prepared for that moment, after which the stack must be ready again.
#include "test.h"
#include "kip.h"
#include "pool.h"

seL4_IPCBuffer *seL4_TheIPCBuffer;
static KSERVICE_STACK Stack, OtherStack;
PKSERVICE_STACK KiCurrentStack = &Stack;
struct _ETHREAD *KiCurrentThread;
ULONG KiOwnedStacks;
static ULONGLONG Now = 1000;
static void (*Meanwhile)(void);
static PKSERVICE_STACK Readied;
static BOOLEAN NoStacks;

ULONG KiOwnedStacks;

BOOLEAN KiReserveStack(BOOLEAN ForSystem)
{
    return !NoStacks;
}

NTSTATUS KiSaveCaller(PETHREAD Thread)
{
    return STATUS_SUCCESS;
}

/* The mutants of these tests are no objects. */
void ObReferenceObject(PVOID Object)
{
}

void ObDereferenceObject(PVOID Object)
{
}

void KiWakeStack(PKSERVICE_STACK Ready)
{
    Readied = Ready;
}

void KiParkStack(void)
{
    Readied = NULL;
    Meanwhile();
    CHECK(Readied == &Stack);
    CHECK(!Stack.Waiting);
}

NTSTATUS KiTestAlert(PETHREAD Thread)
{
    return STATUS_SUCCESS;
}

ULONGLONG KeQueryInterruptTime(void)
{
    return Now;
}

ULONGLONG KiSystemToInterruptTime(LONGLONG SystemTime)
{
    return (ULONGLONG)SystemTime;
}

static void (*WhileGivingWay)(void); /* once */

/* The routine does its work at once. */
NTSTATUS KeCreateSystemThread(void (*Routine)(PVOID), PVOID Context)
{
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS KeGiveWay(void)
{
    void (*Do)(void) = WhileGivingWay;

    WhileGivingWay = NULL;
    if (Do)
        Do();
    return STATUS_SUCCESS;
}

BOOLEAN KiIsTurnOver(void)
{
    return FALSE;
}

void KiAskForTurn(void)
{
}

static KEVENT A, B;

static void InitializeEvents(EVENT_TYPE Type)
{
    KeInitializeEvent(&A, Type, FALSE);
    KeInitializeEvent(&B, Type, FALSE);
}

static void MustNotPark(void)
{
    CHECK(!"parked");
    KiWakeStack(&Stack);
}

static void SetB(void)
{
    KeSetEvent(&B);
}

static void SetBThenA(void)
{
    KeSetEvent(&B);
    CHECK(!Readied);
    KeSetEvent(&A);
}

static void PassTime(void)
{
    Now += 500;
    KiExpireTimers(Now);
}

TEST(a_signalled_notification_event_stays_so)
{
    InitializeEvents(NotificationEvent);
    Meanwhile = MustNotPark;
    CHECK_EQUAL(KeSetEvent(&A), 0);
    CHECK_EQUAL(KeSetEvent(&A), 1);
    CHECK_EQUAL(KeWaitForSingleObject(&A, FALSE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(KeResetEvent(&A), 1);
    CHECK_EQUAL(KeResetEvent(&A), 0);
}

TEST(a_wait_takes_a_synchronisation_event)
{
    LARGE_INTEGER Look = {.QuadPart = 0};

    InitializeEvents(SynchronizationEvent);
    Meanwhile = MustNotPark;
    KeSetEvent(&A);
    CHECK_EQUAL(KeWaitForSingleObject(&A, FALSE, &Look), STATUS_SUCCESS);
    CHECK_EQUAL(KeWaitForSingleObject(&A, FALSE, &Look), STATUS_TIMEOUT);
}

TEST(the_first_of_several_ends_the_wait)
{
    PVOID Objects[] = {&A, &B};

    InitializeEvents(SynchronizationEvent);
    Meanwhile = SetB;
    CHECK_EQUAL(KeWaitForMultipleObjects(2, Objects, WaitAny, FALSE, NULL), STATUS_WAIT_1);
    CHECK_EQUAL(B.Header.SignalState, 0);
    CHECK(IsListEmpty(&A.Header.WaitListHead) && IsListEmpty(&B.Header.WaitListHead));
}

TEST(all_are_taken_at_once_or_not_at_all)
{
    PVOID Objects[] = {&A, &B};

    InitializeEvents(SynchronizationEvent);
    Meanwhile = SetBThenA;
    CHECK_EQUAL(KeWaitForMultipleObjects(2, Objects, WaitAll, FALSE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(A.Header.SignalState, 0);
    CHECK_EQUAL(B.Header.SignalState, 0);
}

TEST(the_same_object_twice_ends_the_wait_once)
{
    PVOID Objects[] = {&B, &A, &B};

    InitializeEvents(NotificationEvent);
    Meanwhile = SetB;
    CHECK_EQUAL(KeWaitForMultipleObjects(3, Objects, WaitAny, FALSE, NULL), STATUS_WAIT_0);
    CHECK(IsListEmpty(&A.Header.WaitListHead) && IsListEmpty(&B.Header.WaitListHead));
}

TEST(many_objects_are_waited_for_from_the_pool)
{
    PVOID Objects[KE_MAXIMUM_WAIT_OBJECTS];
    ULONG i;

    InitializeEvents(NotificationEvent);
    for (i = 0; i < ARRAYSIZE(Objects); i++)
        Objects[i] = i == 40 ? &B : &A;
    Meanwhile = SetB;
    CHECK_EQUAL(KeWaitForMultipleObjects(64, Objects, WaitAny, FALSE, NULL), STATUS_WAIT_0 + 40);
    CHECK_EQUAL(PoolBlocks, 0);
}

TEST(time_limits_end_waits)
{
    LARGE_INTEGER Relative = {.QuadPart = -400}, Absolute = {.QuadPart = (LONGLONG)Now + 700};

    InitializeEvents(NotificationEvent);
    Meanwhile = PassTime;
    CHECK_EQUAL(KeWaitForSingleObject(&A, FALSE, &Relative), STATUS_TIMEOUT);
    CHECK(IsListEmpty(&A.Header.WaitListHead));
    CHECK_EQUAL(KeDelayExecution(FALSE, &Absolute), STATUS_SUCCESS);
}

static void SetAndPassTime(void)
{
    SetB();
    Readied = NULL;
    PassTime();
    CHECK(!Readied);
    KiWakeStack(&Stack);
}

TEST(a_wait_that_ended_has_no_time_limit_left)
{
    LARGE_INTEGER Relative = {.QuadPart = -400};

    InitializeEvents(NotificationEvent);
    Meanwhile = SetAndPassTime;
    CHECK_EQUAL(KeWaitForSingleObject(&B, FALSE, &Relative), STATUS_SUCCESS);
}

static EPROCESS Process;
static ETHREAD Thread = {.Process = &Process};

static void EndThread(void)
{
    Thread.Terminating = TRUE;
    CHECK(KeAbortWait(&Thread));
    CHECK(!KeAbortWait(&Thread));
}

TEST(termination_ends_the_wait_and_forbids_another)
{
    InitializeEvents(NotificationEvent);
    KiCurrentThread = &Thread;
    Meanwhile = EndThread;
    CHECK_EQUAL(KeWaitForSingleObject(&A, FALSE, NULL), STATUS_THREAD_IS_TERMINATING);
    CHECK_EQUAL(KeWaitForSingleObject(&A, FALSE, NULL), STATUS_THREAD_IS_TERMINATING);
    CHECK(IsListEmpty(&A.Header.WaitListHead));
    KiCurrentThread = NULL;
}

TEST(without_a_stack_to_go_on_with_a_wait_fails)
{
    InitializeEvents(NotificationEvent);
    NoStacks = TRUE;
    Meanwhile = MustNotPark;
    CHECK_EQUAL(KeWaitForSingleObject(&A, FALSE, NULL), STATUS_INSUFFICIENT_RESOURCES);
    CHECK(IsListEmpty(&A.Header.WaitListHead));
    NoStacks = FALSE;
}

/* Two stacks wait for one synchronisation event: the first gets it. */
static void SecondComer(void)
{
    KWAIT_BLOCK Block = {.Stack = &OtherStack, .Object = &B.Header};

    OtherStack.WaitBlocks = &Block;
    OtherStack.WaitCount = 1;
    InsertTailList(&B.Header.WaitListHead, &Block.WaitListEntry);
    KeSetEvent(&B);
    CHECK(Readied == &Stack);
    CHECK(!IsListEmpty(&B.Header.WaitListHead));
    KePulseEvent(&B);
    CHECK(Readied == &OtherStack);
    CHECK_EQUAL(B.Header.SignalState, 0);
    KiWakeStack(&Stack);
}

TEST(first_come_first_served)
{
    InitializeEvents(SynchronizationEvent);
    Meanwhile = SecondComer;
    CHECK_EQUAL(KeWaitForSingleObject(&B, FALSE, NULL), STATUS_SUCCESS);
}

/* ---- What happens while many are released ---- */

static KSERVICE_STACK Third;
static KWAIT_BLOCK OtherBlock, ThirdBlock;

static void LetWait(PKSERVICE_STACK Waiter, PKWAIT_BLOCK Block, PKEVENT Event)
{
    *Block = (KWAIT_BLOCK){.Stack = Waiter, .Object = &Event->Header};
    Waiter->WaitBlocks = Block;
    Waiter->WaitCount = 1;
    Waiter->Waiting = TRUE;
    InsertTailList(&Event->Header.WaitListHead, &Block->WaitListEntry);
}

static void ResetAndNewcomer(void)
{
    KeResetEvent(&B);
    LetWait(&Third, &ThirdBlock, &B);
}

static void SetWithTwoWaiters(void)
{
    LetWait(&OtherStack, &OtherBlock, &B);
    WhileGivingWay = ResetAndNewcomer;
    KeSetEventGivingWay(&B);
    CHECK(!Stack.Waiting && !OtherStack.Waiting);
    CHECK(Third.Waiting);
    CHECK_EQUAL(B.Header.SignalState, 0);
    CHECK(B.Header.WaitListHead.Flink == &ThirdBlock.WaitListEntry);
    CHECK(B.Header.WaitListHead.Blink == &ThirdBlock.WaitListEntry);
    KiWakeStack(&Stack);
}

TEST(a_reset_meanwhile_concerns_newcomers_only)
{
    InitializeEvents(NotificationEvent);
    Meanwhile = SetWithTwoWaiters;
    CHECK_EQUAL(KeWaitForSingleObject(&B, FALSE, NULL), STATUS_SUCCESS);
}

/* The next to be released is gone, and so are the one after it and the event's signal. */
static void AbortOther(void)
{
    Thread.ServiceStack = &OtherStack;
    CHECK(KeAbortWait(&Thread));
    KeSetEvent(&B); /* another who sets it meets the marks of the first */
    CHECK(!Third.Waiting);
    CHECK_EQUAL(B.Header.SignalState, 1);
}

static void SetWithThreeWaiters(void)
{
    LetWait(&OtherStack, &OtherBlock, &B);
    LetWait(&Third, &ThirdBlock, &B);
    WhileGivingWay = AbortOther;
    KeSetEventGivingWay(&B);
    CHECK(!Stack.Waiting && !OtherStack.Waiting);
    CHECK_EQUAL(OtherStack.WaitStatus, STATUS_THREAD_IS_TERMINATING);
    CHECK(IsListEmpty(&B.Header.WaitListHead));
    KiWakeStack(&Stack);
}

TEST(waiters_may_leave_while_others_are_released)
{
    InitializeEvents(NotificationEvent);
    Meanwhile = SetWithThreeWaiters;
    CHECK_EQUAL(KeWaitForSingleObject(&B, FALSE, NULL), STATUS_SUCCESS);
    Thread.ServiceStack = &Stack;
}

static void TakeSignal(void)
{
    CHECK_EQUAL(KeResetEvent(&B), 1); /* as a wait does */
}

static void SetWithUnsatisfied(void)
{
    WhileGivingWay = TakeSignal;
    LetWait(&OtherStack, &OtherBlock, &B);
    KeSetEventGivingWay(&B);
    CHECK(Stack.Waiting && OtherStack.Waiting);
    CHECK_EQUAL(B.Header.SignalState, 0);
    KeSetEvent(&B);
    CHECK(Stack.Waiting && !OtherStack.Waiting);
    KeSetEvent(&A);
    KeSetEvent(&B);
}

/* The first in the list waits for A too. */
TEST(a_newcomer_may_take_what_nobody_could_yet)
{
    PVOID Objects[] = {&A, &B};

    InitializeEvents(SynchronizationEvent);
    Meanwhile = SetWithUnsatisfied;
    CHECK_EQUAL(KeWaitForMultipleObjects(2, Objects, WaitAll, FALSE, NULL), STATUS_SUCCESS);
}

static KMUTANT Mutant;
static ETHREAD Owner = {.Process = &Process};

/* Thread waits for Mutant, which Owner has. */
static void BeginWithMutant(void)
{
    Thread.Terminating = FALSE;
    InitializeListHead(&Thread.MutantListHead);
    InitializeListHead(&Owner.MutantListHead);
    KeInitializeMutant(&Mutant, &Owner);
    KiCurrentThread = Stack.Thread = &Thread;
}

static void OwnerReleases(void)
{
    LONG Previous;

    CHECK_EQUAL(KeReleaseMutant(&Mutant, &Thread, &Previous), STATUS_MUTANT_NOT_OWNED);
    CHECK_EQUAL(KeReleaseMutant(&Mutant, &Owner, &Previous), STATUS_SUCCESS);
    CHECK_EQUAL(Previous, 0);
}

static void OwnerEnds(void)
{
    KeAbandonMutants(&Owner, TRUE);
}

TEST(a_mutant_goes_from_owner_to_owner)
{
    BeginWithMutant();
    Meanwhile = OwnerReleases;
    CHECK_EQUAL(KeWaitForSingleObject(&Mutant, FALSE, NULL), STATUS_SUCCESS);
    CHECK(Mutant.OwnerThread == &Thread && IsListEmpty(&Owner.MutantListHead));
    Mutant.Header.SignalState = MINLONG;
    CHECK_EQUAL(KeWaitForSingleObject(&Mutant, FALSE, NULL), STATUS_MUTANT_LIMIT_EXCEEDED);
    KeDeleteMutant(&Mutant);
    CHECK(IsListEmpty(&Thread.MutantListHead));
    KiCurrentThread = Stack.Thread = NULL;
}

TEST(an_abandoned_mutant_is_told_of)
{
    PVOID Objects[] = {&A, &Mutant};

    BeginWithMutant();
    InitializeEvents(NotificationEvent);
    Meanwhile = OwnerEnds;
    CHECK_EQUAL(KeWaitForMultipleObjects(2, Objects, WaitAny, FALSE, NULL),
                STATUS_ABANDONED_WAIT_0 + 1);
    CHECK(Mutant.OwnerThread == &Thread && !Mutant.Abandoned);
    KeDeleteMutant(&Mutant);
    KiCurrentThread = Stack.Thread = NULL;
}

/* The owner waits for all of its mutant and an event: it is let through by the event. */
TEST(an_owner_waits_for_its_mutant_and_more)
{
    PVOID Objects[] = {&Mutant, &B};

    BeginWithMutant();
    KeDeleteMutant(&Mutant);
    KeInitializeMutant(&Mutant, &Thread);
    InitializeEvents(SynchronizationEvent);
    Meanwhile = SetB;
    CHECK_EQUAL(KeWaitForMultipleObjects(2, Objects, WaitAll, FALSE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(Mutant.Header.SignalState, -1);
    CHECK_EQUAL(B.Header.SignalState, 0);
    KeDeleteMutant(&Mutant);
    KiCurrentThread = Stack.Thread = NULL;
}

TEST(a_semaphore_counts)
{
    KSEMAPHORE Semaphore;
    LONG Previous;

    KeInitializeSemaphore(&Semaphore, 2, MAXLONG);
    Meanwhile = MustNotPark;
    CHECK_EQUAL(KeWaitForSingleObject(&Semaphore, FALSE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(KeReleaseSemaphore(&Semaphore, MAXLONG, &Previous),
                STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    CHECK_EQUAL(KeReleaseSemaphore(&Semaphore, MAXLONG - 1, &Previous), STATUS_SUCCESS);
    CHECK_EQUAL(Previous, 1);
    CHECK_EQUAL(Semaphore.Header.SignalState, MAXLONG);
}

static KQUEUE Queue;
static LIST_ENTRY Entries[3];

static void InsertTwo(void)
{
    KeInsertQueue(&Queue, &Entries[0]);
    CHECK(Readied == &Stack);
    KeInsertQueue(&Queue, &Entries[1]);
    CHECK(!KeRemoveEntryQueue(&Queue, &Entries[0]));
    CHECK_EQUAL(Queue.Header.SignalState, 1);
}

static void CloseIt(void)
{
    KeCloseQueue(&Queue);
}

/* While the thread waits for something else, another may work. */
static void CountInWait(void)
{
    CHECK_EQUAL(Queue.CurrentCount, 0);
    SetB();
}

TEST(a_queue_gives_entries_to_who_waits)
{
    PLIST_ENTRY Entry;

    KeInitializeQueue(&Queue, 1);
    KiCurrentThread = Stack.Thread = &Thread;
    Meanwhile = InsertTwo;
    CHECK_EQUAL(KeRemoveQueue(&Queue, FALSE, NULL, &Entry), STATUS_SUCCESS);
    CHECK(Entry == &Entries[0]);
    CHECK_EQUAL(Queue.CurrentCount, 1);
    Meanwhile = MustNotPark;
    CHECK_EQUAL(KeRemoveQueue(&Queue, FALSE, NULL, &Entry), STATUS_SUCCESS);
    CHECK(Entry == &Entries[1]);
    CHECK_EQUAL(Queue.CurrentCount, 1);
    InitializeEvents(NotificationEvent);
    Meanwhile = CountInWait;
    CHECK_EQUAL(KeWaitForSingleObject(&B, FALSE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(Queue.CurrentCount, 1);
    KeInsertQueue(&Queue, &Entries[2]);
    CHECK(KeRemoveEntryQueue(&Queue, &Entries[2]));
    Meanwhile = CloseIt;
    CHECK_EQUAL(KeRemoveQueue(&Queue, FALSE, NULL, &Entry), STATUS_ABANDONED_WAIT_0);
    KeLeaveQueue(&Thread);
    CHECK(IsListEmpty(&Queue.ThreadListHead) && !Queue.CurrentCount);
    KiCurrentThread = Stack.Thread = NULL;
}

static BOOLEAN Called;

static void Satisfied(PKWAIT_BLOCK Block)
{
    Called = TRUE;
}

TEST(a_wait_without_a_thread_calls_once)
{
    KWAIT_BLOCK Block;

    InitializeEvents(SynchronizationEvent);
    CHECK(!KeRegisterWait(&Block, &B, Satisfied));
    SetB();
    CHECK(Called && !B.Header.SignalState);
    SetB();
    CHECK(KeRegisterWait(&Block, &B, Satisfied));
    CHECK(!B.Header.SignalState);
    CHECK(!KeRegisterWait(&Block, &B, Satisfied));
    KeDeregisterWait(&Block);
    SetB();
    CHECK(B.Header.SignalState);
}
