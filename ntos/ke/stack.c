/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Service stacks: coroutines that take turns. The one that runs is the dispatcher; when its service
 * must wait it parks and another stack goes on dispatching. When the wait is over it is put on the
 * ready list and runs as soon as the dispatcher's current service is done; only a few such stacks
 * run before the dispatcher looks for a message again, so that new callers are not kept waiting;
 * and when ready stacks have run for a turn (giveway.c), the others are held until programs have
 * had theirs.
 *
 *   stack       where it is               becomes
 *   idle        IdleListHead              the running one, when that parks or retires
 *   running     KiCurrentStack            parked (its service waits); idle (another one is ready)
 *   parked      named by its wait blocks  ready (its wait has ended)
 *   ready       KiReadyListHead           the running one, when that retires or parks
 *
 * Each client thread is promised a stack when it is made, so that its waits cannot fail. A service
 * that has waited owns its stack until it ends; for all other threads there is an idle one. A few
 * more are there for the system's own threads, which leave the clients' alone.
 */
#include "kip.h"

#define RESERVED_STACKS 4 /* not for clients */
#define KEPT_STACKS 4     /* idle stacks beyond those promised; any more are freed */

#define STACKS_BEFORE_MESSAGE 8

PKSERVICE_STACK KiCurrentStack;
struct _ETHREAD *KiCurrentThread;
LIST_ENTRY KiReadyListHead;
static PKSERVICE_STACK LastUrgent; /* of the ready ones that go before others; NULL: none does */
static ULONG StacksInRow;
static BOOLEAN Held; /* ready stacks do not go on before the next turn */
static LIST_ENTRY IdleListHead;
ULONG KiOwnedStacks;
static ULONG IdleStacks, PromisedStacks;

static BOOLEAN AddIdleStack(void)
{
    PKSERVICE_STACK Stack;
    PCHAR Base = MmAllocateSystemStack(KE_SERVICE_STACK_SIZE);

    if (!Base)
        return FALSE;
    Stack =
        (PKSERVICE_STACK)ALIGN_DOWN_BY(Base + KE_SERVICE_STACK_SIZE - sizeof(KSERVICE_STACK), 64);
    Stack->Base = Base;
    Stack->Timer.Set = FALSE;
    InsertHeadList(&IdleListHead, &Stack->Links);
    IdleStacks++;
    return TRUE;
}

/* Idle stacks kept for threads whose services have not waited. */
static ULONG NeededStacks(void)
{
    return PromisedStacks - KiOwnedStacks;
}

static void FreeSurplusStack(void)
{
    PKSERVICE_STACK Stack;

    if (IdleStacks <= NeededStacks() + RESERVED_STACKS + KEPT_STACKS)
        return;
    Stack = CONTAINING_RECORD(RemoveTailList(&IdleListHead), KSERVICE_STACK, Links);
    IdleStacks--;
    MmFreeSystemStack(Stack->Base, KE_SERVICE_STACK_SIZE);
}

void KiInitializeStacks(void)
{
    InitializeListHead(&KiReadyListHead);
    InitializeListHead(&IdleListHead);
    while (IdleStacks < RESERVED_STACKS + 2)
        if (!AddIdleStack())
            KeBugCheck("no memory for service stacks");
}

BOOLEAN KePromiseStack(void)
{
    if (IdleStacks <= NeededStacks() + RESERVED_STACKS && !AddIdleStack())
        return FALSE;
    PromisedStacks++;
    return TRUE;
}

/* Of a thread that has no service in progress. */
void KeReturnStack(void)
{
    PromisedStacks--;
    FreeSurplusStack();
}

void KeQueryStacks(PULONG Promised, PULONG Owned)
{
    *Promised = PromisedStacks;
    *Owned = KiOwnedStacks;
}

/* A stack's first function: the system thread's routine, if it was made for one; then it
 * dispatches. */
static void StackStart(void)
{
    void (*Routine)(PVOID) = KiCurrentStack->Routine;

    if (Routine) {
        KiCurrentStack->Routine = NULL;
        Routine(KiCurrentStack->Context);
    }
    KiDispatch();
}

static PKSERVICE_STACK TakeIdleStack(void)
{
    PKSERVICE_STACK Stack = CONTAINING_RECORD(RemoveHeadList(&IdleListHead), KSERVICE_STACK, Links);

    IdleStacks--;
    Stack->StackPointer = KiMakeFirstFrame((PVOID *)Stack, StackStart);
    Stack->Thread = NULL;
    Stack->CallerSaved = FALSE;
    return Stack;
}

/* Ready stacks do not count: each of them may park in its turn. For a client the promised stack is
 * there. The system takes one of those only when it can get no other: its waits are short. */
BOOLEAN KiReserveStack(BOOLEAN ForSystem)
{
    if (!ForSystem || IdleStacks > NeededStacks())
        return IdleStacks > 0;
    return AddIdleStack() || IdleStacks > 0;
}

static void SwitchTo(PKSERVICE_STACK Next)
{
    PKSERVICE_STACK Stack = KiCurrentStack;

    KiCurrentStack = Next;
    KiCurrentThread = Next->Thread;
    KiSwitchStack(&Stack->StackPointer, Next->StackPointer);
}

BOOLEAN KiIsStackReady(void)
{
    return !Held && !IsListEmpty(&KiReadyListHead);
}

/* There is an idle one when none is ready: KiReserveStack. */
static PKSERVICE_STACK NextStack(void)
{
    PKSERVICE_STACK Stack;

    if (!KiIsStackReady())
        return TakeIdleStack();
    Stack = CONTAINING_RECORD(RemoveHeadList(&KiReadyListHead), KSERVICE_STACK, Links);
    if (Stack == LastUrgent)
        LastUrgent = NULL;
    return Stack;
}

void KiParkStack(void)
{
    KiCurrentStack->Thread = KiCurrentThread;
    SwitchTo(NextStack());
}

void KiReadyStack(PKSERVICE_STACK Stack)
{
    InsertTailList(&KiReadyListHead, &Stack->Links);
}

/* What has waited for its turn only goes behind all others, however urgent. */
void KiWakeStack(PKSERVICE_STACK Stack)
{
    if (!KiIsUrgent(Stack->Thread)) {
        KiReadyStack(Stack);
        return;
    }
    InsertHeadList(LastUrgent ? &LastUrgent->Links : &KiReadyListHead, &Stack->Links);
    LastUrgent = Stack;
    if (Held)
        KiAskForTurnOf(Stack->Thread);
}

void KiHoldStacks(void)
{
    KiAskForTurnOf(CONTAINING_RECORD(KiReadyListHead.Flink, KSERVICE_STACK, Links)->Thread);
    Held = TRUE;
}

void KiLetStacksGo(void)
{
    Held = FALSE;
}

/* Many stacks may be ready at once, each with a whole service to finish: a new caller waits for a
 * few of them only. */
BOOLEAN KiIsMessagesTurn(void)
{
    if (StacksInRow < STACKS_BEFORE_MESSAGE) {
        StacksInRow++;
        return FALSE;
    }
    StacksInRow = 0;
    return TRUE;
}

void KiRetireStack(void)
{
    PKSERVICE_STACK Next = NextStack();

    FreeSurplusStack();
    InsertHeadList(&IdleListHead, &KiCurrentStack->Links);
    IdleStacks++;
    SwitchTo(Next);
    __builtin_unreachable();
}

void KiServiceLoop(void)
{
    PVOID BootStackPointer;

    KiCurrentStack = NextStack();
    KiSwitchStack(&BootStackPointer, KiCurrentStack->StackPointer);
    __builtin_unreachable();
}

NTSTATUS KeCreateSystemThread(void (*Routine)(PVOID), PVOID Context)
{
    PKSERVICE_STACK Stack;

    /* One is left for when the new thread waits. */
    if (IdleStacks <= NeededStacks() + 1 && !AddIdleStack())
        return STATUS_INSUFFICIENT_RESOURCES;
    Stack = TakeIdleStack();
    Stack->Routine = Routine;
    Stack->Context = Context;
    KiReadyStack(Stack);
    return STATUS_SUCCESS;
}
