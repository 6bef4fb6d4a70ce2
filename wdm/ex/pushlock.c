/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Push locks: one word, owned exclusively or shared, not recursive. The word has EX_LOCKED, and
 * above that the number of shared owners (0: exclusive); EX_WAITED tells that blocks on stacks wait
 * for it in the one list that all push locks of the process share. The first that waits is the
 * first that gets it. Below DISPATCH_LEVEL, in a critical region, on the main thread.
 */
#include "ki.h"

#define EX_LOCKED ((ULONG_PTR)1)
#define EX_WAITED ((ULONG_PTR)2)
#define EX_SHARED_SHIFT 4
#define EX_ONE_SHARED ((ULONG_PTR)1 << EX_SHARED_SHIFT)

typedef struct _EXP_PUSH_WAITER {
    LIST_ENTRY Link;
    PULONG_PTR Lock;
    BOOLEAN Exclusive;
    KEVENT Granted;
} EXP_PUSH_WAITER, *PEXP_PUSH_WAITER;

static LIST_ENTRY ExpPushWaiters = {&ExpPushWaiters, &ExpPushWaiters};

static PEXP_PUSH_WAITER ExpFirstPushWaiter(PULONG_PTR Lock)
{
    for (PLIST_ENTRY Entry = ExpPushWaiters.Flink; Entry != &ExpPushWaiters; Entry = Entry->Flink) {
        PEXP_PUSH_WAITER Waiter = CONTAINING_RECORD(Entry, EXP_PUSH_WAITER, Link);

        if (Waiter->Lock == Lock)
            return Waiter;
    }
    return NULL;
}

static BOOLEAN ExpTryPushLock(PULONG_PTR Lock, BOOLEAN Exclusive)
{
    if (!(*Lock & EX_LOCKED)) {
        *Lock |= EX_LOCKED | (Exclusive ? 0 : EX_ONE_SHARED);
        return TRUE;
    }
    if (Exclusive || !(*Lock >> EX_SHARED_SHIFT))
        return FALSE;
    *Lock += EX_ONE_SHARED;
    return TRUE;
}

static VOID ExpAcquirePushLock(PULONG_PTR Lock, BOOLEAN Exclusive)
{
    EXP_PUSH_WAITER Waiter = {.Lock = Lock, .Exclusive = Exclusive};

    if (!(*Lock & EX_WAITED) && ExpTryPushLock(Lock, Exclusive))
        return;
    *Lock |= EX_WAITED;
    KeInitializeEvent(&Waiter.Granted, SynchronizationEvent, FALSE);
    InsertTailList(&ExpPushWaiters, &Waiter.Link);
    KeWaitForSingleObject(&Waiter.Granted, WrPushLock, KernelMode, FALSE, NULL);
}

static VOID ExpWakePushWaiters(PULONG_PTR Lock)
{
    PEXP_PUSH_WAITER Waiter;

    while ((Waiter = ExpFirstPushWaiter(Lock)) != NULL) {
        if (!ExpTryPushLock(Lock, Waiter->Exclusive))
            return;
        RemoveEntryList(&Waiter->Link);
        KeSetEvent(&Waiter->Granted, 0, FALSE);
    }
    *Lock &= ~EX_WAITED;
}

static VOID ExpReleasePushLock(PULONG_PTR Lock)
{
    if (!(*Lock & EX_LOCKED))
        KeBugCheckEx(RESOURCE_NOT_OWNED, (ULONG_PTR)Lock, *Lock, 0, 3);
    if (*Lock >> EX_SHARED_SHIFT)
        *Lock -= EX_ONE_SHARED;
    if (*Lock >> EX_SHARED_SHIFT)
        return;
    *Lock &= ~EX_LOCKED;
    if (*Lock & EX_WAITED)
        ExpWakePushWaiters(Lock);
}

VOID NTAPI KxInitializePushLock(PULONG_PTR PushLock)
{
    *PushLock = 0;
}

VOID FASTCALL ExfAcquirePushLockExclusive(PULONG_PTR PushLock)
{
    ExpAcquirePushLock(PushLock, TRUE);
}

VOID FASTCALL ExfAcquirePushLockShared(PULONG_PTR PushLock)
{
    ExpAcquirePushLock(PushLock, FALSE);
}

BOOLEAN FASTCALL ExfTryAcquirePushLockShared(PULONG_PTR PushLock)
{
    return !(*PushLock & EX_WAITED) && ExpTryPushLock(PushLock, FALSE);
}

VOID FASTCALL ExfReleasePushLock(PULONG_PTR PushLock)
{
    ExpReleasePushLock(PushLock);
}

VOID FASTCALL ExfReleasePushLockExclusive(PULONG_PTR PushLock)
{
    ExpReleasePushLock(PushLock);
}

VOID FASTCALL ExfReleasePushLockShared(PULONG_PTR PushLock)
{
    ExpReleasePushLock(PushLock);
}

/* ExfTryToWakePushLock: a release has woken them already. */
VOID FASTCALL ExfTryToWakePushLock(PULONG_PTR PushLock)
{
    if (!(*PushLock & EX_LOCKED) && (*PushLock & EX_WAITED))
        ExpWakePushWaiters(PushLock);
}

/* The forms of Windows 8 and later, whose macros of these names enter a critical region too. */
VOID FASTCALL ExAcquirePushLockExclusiveEx(PULONG_PTR PushLock, ULONG Flags)
{
    ExpAcquirePushLock(PushLock, TRUE);
}

VOID FASTCALL ExAcquirePushLockSharedEx(PULONG_PTR PushLock, ULONG Flags)
{
    ExpAcquirePushLock(PushLock, FALSE);
}

VOID FASTCALL ExReleasePushLockExclusiveEx(PULONG_PTR PushLock, ULONG Flags)
{
    ExpReleasePushLock(PushLock);
}

VOID FASTCALL ExReleasePushLockSharedEx(PULONG_PTR PushLock, ULONG Flags)
{
    ExpReleasePushLock(PushLock);
}

VOID FASTCALL ExReleasePushLockEx(PULONG_PTR PushLock, ULONG Flags)
{
    ExpReleasePushLock(PushLock);
}
