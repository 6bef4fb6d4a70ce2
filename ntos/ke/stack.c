/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Service stacks: coroutines that take turns. The one that runs is the dispatcher; when its service
 * must wait it parks and another stack goes on dispatching, when the wait is over it is put on the
 * ready list and runs again before the next message is received. A few stacks are kept back for the
 * system itself.
 */
#include "kip.h"

#define RESERVED_STACKS 4 /* not for clients */
#define KEPT_STACKS 16    /* idle ones beyond are freed */

PKSERVICE_STACK KiCurrentStack;
struct _ETHREAD *KiCurrentThread;
LIST_ENTRY KiReadyListHead;
static LIST_ENTRY IdleListHead;
static ULONG IdleStacks, AllStacks;

static BOOLEAN AddIdleStack(void)
{
    PKSERVICE_STACK Stack;
    PCHAR Base;

    if (AllStacks == KE_MAXIMUM_SERVICE_STACKS)
        return FALSE;
    Base = MmAllocateSystemStack(KE_SERVICE_STACK_SIZE);
    if (!Base)
        return FALSE;
    Stack =
        (PKSERVICE_STACK)ALIGN_DOWN_BY(Base + KE_SERVICE_STACK_SIZE - sizeof(KSERVICE_STACK), 64);
    Stack->Base = Base;
    InsertHeadList(&IdleListHead, &Stack->Links);
    IdleStacks++;
    AllStacks++;
    return TRUE;
}

static void FreeSurplusStack(void)
{
    PKSERVICE_STACK Stack;

    if (IdleStacks < KEPT_STACKS)
        return;
    Stack = CONTAINING_RECORD(RemoveTailList(&IdleListHead), KSERVICE_STACK, Links);
    IdleStacks--;
    AllStacks--;
    MmFreeSystemStack(Stack->Base, KE_SERVICE_STACK_SIZE);
}

void KiInitializeStacks(void)
{
    InitializeListHead(&KiReadyListHead);
    InitializeListHead(&IdleListHead);
    while (AllStacks < RESERVED_STACKS + 2)
        if (!AddIdleStack())
            KeBugCheck("no memory for service stacks");
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

/* Ready stacks do not count: each of them may park in its turn. */
BOOLEAN KiReserveStack(BOOLEAN ForSystem)
{
    return IdleStacks > RESERVED_STACKS || AddIdleStack() || (ForSystem && IdleStacks > 0);
}

static void SwitchTo(PKSERVICE_STACK Next)
{
    PKSERVICE_STACK Stack = KiCurrentStack;

    KiCurrentStack = Next;
    KiCurrentThread = Next->Thread;
    KiSwitchStack(&Stack->StackPointer, Next->StackPointer);
}

static PKSERVICE_STACK NextStack(void)
{
    if (!IsListEmpty(&KiReadyListHead))
        return CONTAINING_RECORD(RemoveHeadList(&KiReadyListHead), KSERVICE_STACK, Links);
    return TakeIdleStack();
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

    if (IdleStacks < 2 && !AddIdleStack()) /* one is left for when the new thread waits */
        return STATUS_INSUFFICIENT_RESOURCES;
    Stack = TakeIdleStack();
    Stack->Routine = Routine;
    Stack->Context = Context;
    KiReadyStack(Stack);
    return STATUS_SUCCESS;
}
