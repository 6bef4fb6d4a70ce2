// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/ke/wait.c ntos/ke/event.c ntos/ke/timer.c
// options: -Iinclude -Intos/inc -Intos/ke -Intos/ke/arch/x86_64 -Ilibsel4/include -DDBG=1
// options: -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
//
// Waits, with a scheduler that is only a list: parking a stack means to run what the test has
// prepared for that moment, after which the stack must be ready again.
#include "test.h"
#include "kip.h"

void *calloc(__SIZE_TYPE__ count, __SIZE_TYPE__ size);
void free(void *memory);

seL4_IPCBuffer *seL4_TheIPCBuffer;
static KSERVICE_STACK Stack, OtherStack;
PKSERVICE_STACK KiCurrentStack = &Stack;
struct _ETHREAD *KiCurrentThread;
static ULONGLONG Now = 1000;
static void (*Meanwhile)(void);
static PKSERVICE_STACK Readied;
static BOOLEAN NoStacks;
static LONG PoolBlocks;

PVOID ExAllocatePool(SIZE_T Size)
{
    PoolBlocks++;
    return calloc(1, Size);
}

void ExFreePool(PVOID Memory)
{
    PoolBlocks--;
    free(Memory);
}

BOOLEAN KiReserveStack(BOOLEAN ForSystem)
{
    return !NoStacks;
}

NTSTATUS KiSaveCaller(PETHREAD Thread)
{
    return STATUS_SUCCESS;
}

void KiReadyStack(PKSERVICE_STACK Ready)
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

ULONGLONG KeQueryInterruptTime(void)
{
    return Now;
}

ULONGLONG KiSystemToInterruptTime(LONGLONG SystemTime)
{
    return (ULONGLONG)SystemTime;
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
    KiReadyStack(&Stack);
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
    KiReadyStack(&Stack);
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
    KiReadyStack(&Stack);
}

TEST(first_come_first_served)
{
    InitializeEvents(SynchronizationEvent);
    Meanwhile = SecondComer;
    CHECK_EQUAL(KeWaitForSingleObject(&B, FALSE, NULL), STATUS_SUCCESS);
}
