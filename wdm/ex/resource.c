/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Executive resources: locks that one thread may own exclusively or many shared, recursively. All
 * of it happens on the main thread, between two points where it may switch. Those who wait are a
 * list of blocks on their own stacks; what lets them go on gives them the resource, so that nobody
 * overtakes them. (WDK: ExInitializeResourceLite and its family)
 *
 * OwnerEntry is the exclusive owner. Shared owners are in OwnerTable, whose first entry tells its
 * size in entries; ActiveEntries counts them.
 */
#include "ki.h"

#define RESOURCE_OWNER_POINTER 0x132 /* (WDK: bug check codes) */
#define EX_OWNERS_GROW 4
#define EX_RETRY (-100000LL) /* 10 ms, when there is no memory for an owner */

/* In Resource->ExclusiveWaiters: the oldest one. */
typedef struct _EXP_WAITER {
    struct _EXP_WAITER *Next;
    ERESOURCE_THREAD Thread;
    BOOLEAN Exclusive;
    KEVENT Granted;
} EXP_WAITER, *PEXP_WAITER;

static PEXP_WAITER *ExpWaiters(PERESOURCE Resource)
{
    return (PEXP_WAITER *)&Resource->ExclusiveWaiters;
}

static ERESOURCE_THREAD ExpCurrentThread(VOID)
{
    return (ERESOURCE_THREAD)KiGetCurrentThread();
}

static BOOLEAN ExpIsExclusive(PERESOURCE Resource)
{
    return (Resource->Flag & ResourceOwnedExclusive) != 0;
}

static ULONG ExpTableSize(PERESOURCE Resource)
{
    return Resource->OwnerTable ? Resource->OwnerTable->TableSize : 0;
}

/* The entry of a shared owner, or with Thread 0 a free one. */
static POWNER_ENTRY ExpFindShared(PERESOURCE Resource, ERESOURCE_THREAD Thread)
{
    ULONG Size = ExpTableSize(Resource);

    for (ULONG i = 1; i < Size; i++) {
        if (Resource->OwnerTable[i].OwnerThread == Thread)
            return &Resource->OwnerTable[i];
    }
    return NULL;
}

/* Room for all shared owners there are, all that wait to be, and one more. FALSE: no memory. */
static BOOLEAN ExpReserveOwner(PERESOURCE Resource)
{
    ULONG Size = ExpTableSize(Resource);
    ULONG Needed = Resource->ActiveEntries + Resource->NumberOfSharedWaiters + 2;
    POWNER_ENTRY Table;

    if (Needed <= Size)
        return TRUE;
    Needed += EX_OWNERS_GROW;
    Table = ExAllocatePoolWithTag(NonPagedPool, Needed * sizeof(*Table), 'aTeR');
    if (!Table)
        return FALSE;
    RtlZeroMemory(Table, Needed * sizeof(*Table));
    if (Resource->OwnerTable) {
        RtlCopyMemory(Table, Resource->OwnerTable, Size * sizeof(*Table));
        ExFreePoolWithTag(Resource->OwnerTable, 'aTeR');
    }
    Table->TableSize = Needed;
    Resource->OwnerTable = Table;
    return TRUE;
}

static VOID ExpGrantExclusive(PERESOURCE Resource, ERESOURCE_THREAD Thread)
{
    Resource->Flag |= ResourceOwnedExclusive;
    Resource->ActiveCount = 1;
    Resource->ActiveEntries = 1;
    Resource->OwnerEntry.OwnerThread = Thread;
    Resource->OwnerEntry.OwnerCount = 1;
}

/* There is room for the entry. */
static VOID ExpGrantShared(PERESOURCE Resource, ERESOURCE_THREAD Thread)
{
    POWNER_ENTRY Owner = ExpFindShared(Resource, Thread);

    if (!Owner) {
        Owner = ExpFindShared(Resource, 0);
        Owner->OwnerThread = Thread;
        Owner->OwnerCount = 0;
        Resource->ActiveEntries++;
    }
    Resource->ActiveCount = 1;
    Owner->OwnerCount++;
}

static VOID ExpUnlink(PERESOURCE Resource, PEXP_WAITER Waiter)
{
    PEXP_WAITER *Link = ExpWaiters(Resource);

    while (*Link != Waiter)
        Link = &(*Link)->Next;
    *Link = Waiter->Next;
    if (Waiter->Exclusive)
        Resource->NumberOfExclusiveWaiters--;
    else
        Resource->NumberOfSharedWaiters--;
}

static PEXP_WAITER ExpFirstWaiter(PERESOURCE Resource, BOOLEAN Exclusive)
{
    PEXP_WAITER Waiter = *ExpWaiters(Resource);

    while (Waiter && Waiter->Exclusive != Exclusive)
        Waiter = Waiter->Next;
    return Waiter;
}

static VOID ExpWakeShared(PERESOURCE Resource)
{
    PEXP_WAITER Waiter;

    while ((Waiter = ExpFirstWaiter(Resource, FALSE)) != NULL) {
        ExpUnlink(Resource, Waiter);
        ExpGrantShared(Resource, Waiter->Thread);
        KeSetEvent(&Waiter->Granted, 0, FALSE);
    }
}

/* Nobody owns it any more. After an exclusive owner it is the turn of all that want to share it,
 * after shared ones that of one exclusive owner. */
static VOID ExpWakeNext(PERESOURCE Resource, BOOLEAN WasExclusive)
{
    PEXP_WAITER Waiter = ExpFirstWaiter(Resource, TRUE);

    if (!Waiter || (WasExclusive && Resource->NumberOfSharedWaiters)) {
        ExpWakeShared(Resource);
        return;
    }
    ExpUnlink(Resource, Waiter);
    ExpGrantExclusive(Resource, Waiter->Thread);
    KeSetEvent(&Waiter->Granted, 0, FALSE);
}

/* Returns when the resource is the calling thread's. */
static VOID ExpWaitFor(PERESOURCE Resource, BOOLEAN Exclusive)
{
    EXP_WAITER Waiter = {.Thread = ExpCurrentThread(), .Exclusive = Exclusive};
    PEXP_WAITER *Link = ExpWaiters(Resource);

    KeInitializeEvent(&Waiter.Granted, SynchronizationEvent, FALSE);
    while (*Link)
        Link = &(*Link)->Next;
    *Link = &Waiter;
    Resource->ContentionCount++;
    if (Exclusive)
        Resource->NumberOfExclusiveWaiters++;
    else
        Resource->NumberOfSharedWaiters++;
    KeWaitForSingleObject(&Waiter.Granted, WrResource, KernelMode, FALSE, NULL);
}

NTSTATUS NTAPI ExInitializeResourceLite(PERESOURCE Resource)
{
    RtlZeroMemory(Resource, sizeof(*Resource));
    InitializeListHead(&Resource->SystemResourcesList);
    return STATUS_SUCCESS;
}

/* ExReinitializeResourceLite: nobody may own it or wait for it. */
NTSTATUS NTAPI ExReinitializeResourceLite(PERESOURCE Resource)
{
    NTSTATUS Status = ExDeleteResourceLite(Resource);

    return NT_SUCCESS(Status) ? ExInitializeResourceLite(Resource) : Status;
}

/* ExDeleteResourceLite: one that is waited for is bug check RESOURCE_OWNER_POINTER's. */
NTSTATUS NTAPI ExDeleteResourceLite(PERESOURCE Resource)
{
    if (*ExpWaiters(Resource))
        KeBugCheckEx(RESOURCE_NOT_OWNED, (ULONG_PTR)Resource, 0, 0, 1);
    if (Resource->OwnerTable)
        ExFreePoolWithTag(Resource->OwnerTable, 'aTeR');
    Resource->OwnerTable = NULL;
    return STATUS_SUCCESS;
}

/* FALSE: not without waiting, and Wait is FALSE. Who owns it shared and wants it exclusively waits
 * for itself, as on Windows. */
BOOLEAN NTAPI ExAcquireResourceExclusiveLite(PERESOURCE Resource, BOOLEAN Wait)
{
    ERESOURCE_THREAD Thread = ExpCurrentThread();

    if (ExpIsExclusive(Resource) && Resource->OwnerEntry.OwnerThread == Thread) {
        Resource->OwnerEntry.OwnerCount++;
        return TRUE;
    }
    if (!Resource->ActiveEntries) {
        ExpGrantExclusive(Resource, Thread);
        return TRUE;
    }
    if (Wait)
        ExpWaitFor(Resource, TRUE);
    return Wait;
}

typedef enum _EXP_SHARING {
    ExpPolite,       /* behind those that wait to own it exclusively, unless the thread has it */
    ExpStarving,     /* before those */
    ExpAlwaysPolite, /* behind those, whatever the thread has */
} EXP_SHARING;

static BOOLEAN ExpMayShare(PERESOURCE Resource, EXP_SHARING Sharing)
{
    if (ExpIsExclusive(Resource))
        return FALSE;
    if (!Resource->NumberOfExclusiveWaiters || Sharing == ExpStarving)
        return TRUE;
    return Sharing == ExpPolite && ExpFindShared(Resource, ExpCurrentThread());
}

static BOOLEAN ExpAcquireShared(PERESOURCE Resource, BOOLEAN Wait, EXP_SHARING Sharing)
{
    ERESOURCE_THREAD Thread = ExpCurrentThread();
    LARGE_INTEGER Retry = {.QuadPart = EX_RETRY};

    if (ExpIsExclusive(Resource) && Resource->OwnerEntry.OwnerThread == Thread) {
        Resource->OwnerEntry.OwnerCount++;
        return TRUE;
    }
    if (!Wait && !ExpMayShare(Resource, Sharing))
        return FALSE;
    while (!ExpReserveOwner(Resource)) {
        if (!Wait)
            return FALSE;
        KeDelayExecutionThread(KernelMode, FALSE, &Retry);
    }
    if (ExpMayShare(Resource, Sharing))
        ExpGrantShared(Resource, Thread);
    else
        ExpWaitFor(Resource, FALSE);
    return TRUE;
}

BOOLEAN NTAPI ExAcquireResourceSharedLite(PERESOURCE Resource, BOOLEAN Wait)
{
    return ExpAcquireShared(Resource, Wait, ExpPolite);
}

BOOLEAN NTAPI ExAcquireSharedStarveExclusive(PERESOURCE Resource, BOOLEAN Wait)
{
    return ExpAcquireShared(Resource, Wait, ExpStarving);
}

BOOLEAN NTAPI ExAcquireSharedWaitForExclusive(PERESOURCE Resource, BOOLEAN Wait)
{
    return ExpAcquireShared(Resource, Wait, ExpAlwaysPolite);
}

static POWNER_ENTRY ExpFindOwner(PERESOURCE Resource, ERESOURCE_THREAD Thread)
{
    if (ExpIsExclusive(Resource))
        return Resource->OwnerEntry.OwnerThread == Thread ? &Resource->OwnerEntry : NULL;
    return Thread ? ExpFindShared(Resource, Thread) : NULL;
}

/* ExReleaseResourceForThreadLite: bug check RESOURCE_NOT_OWNED if Thread does not own it. */
VOID NTAPI ExReleaseResourceForThreadLite(PERESOURCE Resource, ERESOURCE_THREAD Thread)
{
    POWNER_ENTRY Owner = ExpFindOwner(Resource, Thread);
    BOOLEAN WasExclusive = ExpIsExclusive(Resource);

    if (!Owner)
        KeBugCheckEx(RESOURCE_NOT_OWNED, (ULONG_PTR)Resource, Thread, Resource->ActiveEntries, 0);
    if (--Owner->OwnerCount)
        return;
    Owner->OwnerThread = 0;
    if (--Resource->ActiveEntries)
        return;
    Resource->ActiveCount = 0;
    Resource->Flag &= ~ResourceOwnedExclusive;
    ExpWakeNext(Resource, WasExclusive);
}

VOID FASTCALL ExReleaseResourceLite(PERESOURCE Resource)
{
    ExReleaseResourceForThreadLite(Resource, ExpCurrentThread());
}

/* The exclusive owner goes on as a shared one, as often as it owns it; others may share it now.
 * Without memory for that it stays exclusive, which its owner cannot tell from it. */
VOID NTAPI ExConvertExclusiveToSharedLite(PERESOURCE Resource)
{
    OWNER_ENTRY Owner = Resource->OwnerEntry;
    POWNER_ENTRY Shared;

    if (!ExpIsExclusive(Resource) || Owner.OwnerThread != ExpCurrentThread())
        KeBugCheckEx(RESOURCE_NOT_OWNED, (ULONG_PTR)Resource, Owner.OwnerThread, 0, 2);
    if (!ExpReserveOwner(Resource))
        return;
    Shared = ExpFindShared(Resource, 0);
    *Shared = Owner;
    RtlZeroMemory(&Resource->OwnerEntry, sizeof(OWNER_ENTRY));
    Resource->Flag &= ~ResourceOwnedExclusive;
    ExpWakeShared(Resource);
}

/* ExSetResourceOwnerPointer: what the calling thread owns belongs to Pointer, whose low two bits
 * are set; ExReleaseResourceForThreadLite of that releases it. */
VOID NTAPI ExSetResourceOwnerPointer(PERESOURCE Resource, PVOID Pointer)
{
    POWNER_ENTRY Owner = ExpFindOwner(Resource, ExpCurrentThread());
    POWNER_ENTRY Same = ExpFindOwner(Resource, (ERESOURCE_THREAD)Pointer);

    if (!Owner || ((ULONG_PTR)Pointer & 3) != 3)
        KeBugCheckEx(RESOURCE_OWNER_POINTER, (ULONG_PTR)Resource, (ULONG_PTR)Pointer, 0, 0);
    if (!Same) {
        Owner->OwnerThread = (ERESOURCE_THREAD)Pointer;
        return;
    }
    Same->OwnerCount += Owner->OwnerCount;
    RtlZeroMemory(Owner, sizeof(*Owner));
    Resource->ActiveEntries--;
}

VOID NTAPI ExSetResourceOwnerPointerEx(PERESOURCE Resource, PVOID Pointer, ULONG Flags)
{
    ExSetResourceOwnerPointer(Resource, Pointer);
}

BOOLEAN NTAPI ExIsResourceAcquiredExclusiveLite(PERESOURCE Resource)
{
    return ExpIsExclusive(Resource) && ExpFindOwner(Resource, ExpCurrentThread());
}

/* How often the calling thread owns it, shared or exclusively. */
ULONG NTAPI ExIsResourceAcquiredSharedLite(PERESOURCE Resource)
{
    POWNER_ENTRY Owner = ExpFindOwner(Resource, ExpCurrentThread());

    return Owner ? Owner->OwnerCount : 0;
}

ULONG NTAPI ExGetExclusiveWaiterCount(PERESOURCE Resource)
{
    return Resource->NumberOfExclusiveWaiters;
}

ULONG NTAPI ExGetSharedWaiterCount(PERESOURCE Resource)
{
    return Resource->NumberOfSharedWaiters;
}

/* An owner's priority is never raised here: there is nothing to turn off. */
VOID NTAPI ExDisableResourceBoostLite(PERESOURCE Resource)
{
}

/* What is looked at for the critical region's sake: NULL, for drivers are not Win32 threads. */
PVOID NTAPI ExEnterCriticalRegionAndAcquireResourceExclusive(PERESOURCE Resource)
{
    KeEnterCriticalRegion();
    ExAcquireResourceExclusiveLite(Resource, TRUE);
    return NULL;
}

PVOID NTAPI ExEnterCriticalRegionAndAcquireResourceShared(PERESOURCE Resource)
{
    KeEnterCriticalRegion();
    ExAcquireResourceSharedLite(Resource, TRUE);
    return NULL;
}

PVOID NTAPI ExEnterCriticalRegionAndAcquireSharedWaitForExclusive(PERESOURCE Resource)
{
    KeEnterCriticalRegion();
    ExAcquireSharedWaitForExclusive(Resource, TRUE);
    return NULL;
}

VOID FASTCALL ExReleaseResourceAndLeaveCriticalRegion(PERESOURCE Resource)
{
    ExReleaseResourceLite(Resource);
    KeLeaveCriticalRegion();
}
