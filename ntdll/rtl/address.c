// SPDX-License-Identifier: BSD-2-Clause
/*
 * Waiting for the value at an address to change. Who waits is in a list, of which there are a few
 * by hash of the address, and sleeps until alerted (NtWaitForAlertByThreadId). A waiter lies on its
 * thread's stack, so nobody touches it after it has been marked as woken.
 *
 * The lock of a list is a count and, for those who find it taken, a keyed event: nobody spins, as a
 * thread of a lower priority could then never give it back.  (Win32: WaitOnAddress)
 */
#include "rtlp.h"

#define LISTS 64
#define BATCH 32

typedef struct _WAITER {
    LIST_ENTRY Links;
    ULONG_PTR Key;
    HANDLE ThreadId;
    BOOLEAN Woken; /* it is in the list no more, and is being alerted */
} WAITER, *PWAITER;

typedef struct DECLSPEC_ALIGN(16) _WAITER_LIST {
    LONG Users; /* the owner of the lock and those who want it */
    LIST_ENTRY Head;
} WAITER_LIST, *PWAITER_LIST;

static WAITER_LIST Lists[LISTS];

void RtlpCheckShutdown(void)
{
    if (NtCurrentPeb()->Ldr->ShutdownInProgress)
        NtTerminateProcess(NtCurrentProcess(), RtlpExitStatus);
}

static PWAITER_LIST LockList(ULONG_PTR Key)
{
    PWAITER_LIST List = &Lists[(Key >> 4 ^ Key >> 10) % LISTS];

    if (__atomic_add_fetch(&List->Users, 1, __ATOMIC_ACQUIRE) != 1)
        NtWaitForKeyedEvent(NULL, List, FALSE, NULL);
    if (!List->Head.Flink)
        InitializeListHead(&List->Head);
    return List;
}

static void UnlockList(PWAITER_LIST List)
{
    if (__atomic_sub_fetch(&List->Users, 1, __ATOMIC_RELEASE) != 0)
        NtReleaseKeyedEvent(NULL, List, FALSE, NULL);
}

/* The value is read as a whole, though others may be writing it. */
static BOOLEAN IsEqual(const volatile void *Address, const void *Compare, SIZE_T Size)
{
    switch (Size) {
    case 1:
        return *(const volatile UCHAR *)Address == *(const UCHAR *)Compare;
    case 2:
        return *(const volatile USHORT *)Address == *(const USHORT *)Compare;
    case 4:
        return *(const volatile ULONG *)Address == *(const ULONG *)Compare;
    default:
#if defined(__i386__)
        return memcmp((const void *)Address, Compare, sizeof(ULONGLONG)) == 0;
#else
        return *(const volatile ULONGLONG *)Address == *(const ULONGLONG *)Compare;
#endif
    }
}

/* TRUE: somebody has woken it, and its alert has come or will. */
static BOOLEAN Withdraw(PWAITER Waiter)
{
    PWAITER_LIST List = LockList(Waiter->Key);

    if (!Waiter->Woken)
        RemoveEntryList(&Waiter->Links);
    UnlockList(List);
    return Waiter->Woken;
}

/* An alert that did not come from here ends the wait too: callers look at the value again. */
static NTSTATUS Sleep(PWAITER Waiter, const LARGE_INTEGER *Timeout)
{
    NTSTATUS Status = NtWaitForAlertByThreadId((PVOID)Waiter->Key, (PLARGE_INTEGER)Timeout);

    if (__atomic_load_n(&Waiter->Woken, __ATOMIC_ACQUIRE) && Status == STATUS_ALERTED)
        return STATUS_SUCCESS;
    if (!Withdraw(Waiter))
        return Status == STATUS_ALERTED ? STATUS_SUCCESS : Status;
    if (Status != STATUS_ALERTED)
        NtWaitForAlertByThreadId((PVOID)Waiter->Key, NULL);
    return STATUS_SUCCESS;
}

NTSTATUS RtlpWaitForKey(ULONG_PTR Key, const volatile void *Address, const void *Compare,
                        SIZE_T Size, const LARGE_INTEGER *Timeout)
{
    WAITER Waiter = {.Key = Key, .ThreadId = NtCurrentTeb()->ClientId.UniqueThread};
    PWAITER_LIST List;
    BOOLEAN Changed;

    RtlpCheckShutdown();
    List = LockList(Key);
    Changed = !IsEqual(Address, Compare, Size);
    if (!Changed)
        InsertTailList(&List->Head, &Waiter.Links);
    UnlockList(List);
    return Changed ? STATUS_SUCCESS : Sleep(&Waiter, Timeout);
}

/* Takes up to Limit waiters out of the list, and stores their threads. *More: there are others. */
static ULONG TakeWaiters(PWAITER_LIST List, ULONG_PTR Key, ULONG Limit, HANDLE *Threads,
                         PBOOLEAN More)
{
    PLIST_ENTRY Entry = List->Head.Flink;
    ULONG Count = 0;

    for (*More = FALSE; Entry != &List->Head;) {
        PWAITER Waiter = CONTAINING_RECORD(Entry, WAITER, Links);

        Entry = Entry->Flink;
        if (Waiter->Key != Key)
            continue;
        if (Count == Limit) {
            *More = TRUE;
            break;
        }
        RemoveEntryList(&Waiter->Links);
        Threads[Count++] = Waiter->ThreadId;
        __atomic_store_n(&Waiter->Woken, TRUE, __ATOMIC_RELEASE);
    }
    return Count;
}

ULONG RtlpWakeKey(ULONG_PTR Key, BOOLEAN All, volatile ULONG_PTR *Word, ULONG_PTR Bit)
{
    HANDLE Threads[BATCH];
    ULONG Woken = 0, Count;
    BOOLEAN More;

    if (NtCurrentPeb()->Ldr->ShutdownInProgress)
        return 0;
    do {
        PWAITER_LIST List = LockList(Key);

        Count = TakeWaiters(List, Key, All ? BATCH : 1, Threads, &More);
        if (Word && !More)
            __atomic_and_fetch(Word, ~Bit, __ATOMIC_SEQ_CST);
        UnlockList(List);
        Woken += Count;
        while (Count)
            NtAlertThreadByThreadId(Threads[--Count]);
    } while (All && More);
    return Woken;
}

NTSTATUS NTAPI RtlWaitOnAddress(const volatile void *Address, const void *CompareAddress,
                                SIZE_T AddressSize, const LARGE_INTEGER *Timeout)
{
    if (AddressSize != 1 && AddressSize != 2 && AddressSize != 4 && AddressSize != 8)
        return STATUS_INVALID_PARAMETER;
    return RtlpWaitForKey((ULONG_PTR)Address, Address, CompareAddress, AddressSize, Timeout);
}

void NTAPI RtlWakeAddressSingle(const void *Address)
{
    RtlpWakeKey((ULONG_PTR)Address, FALSE, NULL, 0);
}

void NTAPI RtlWakeAddressAll(const void *Address)
{
    RtlpWakeKey((ULONG_PTR)Address, TRUE, NULL, 0);
}
