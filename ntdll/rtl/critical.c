// SPDX-License-Identifier: BSD-2-Clause
/*
 * Critical sections: LockCount is -1 when free, else the number of threads that wait; who waits,
 * waits for an event that the first of them makes. (Win32: InitializeCriticalSection)
 */
#include "rtlp.h"

NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    memset(CriticalSection, 0, sizeof(*CriticalSection));
    CriticalSection->LockCount = -1;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    HANDLE Event = CriticalSection->LockSemaphore;

    memset(CriticalSection, 0, sizeof(*CriticalSection));
    return Event ? NtClose(Event) : STATUS_SUCCESS;
}

static HANDLE CurrentThreadId(void)
{
    return NtCurrentTeb()->ClientId.UniqueThread;
}

/* The event of a section. Threads may race to make it: one of them wins. */
static NTSTATUS GetEvent(PRTL_CRITICAL_SECTION CriticalSection, PHANDLE Event)
{
    HANDLE None = NULL;
    NTSTATUS Status;

    *Event = __atomic_load_n(&CriticalSection->LockSemaphore, __ATOMIC_ACQUIRE);
    if (*Event)
        return STATUS_SUCCESS;
    Status =
        NtCreateEvent(Event, EVENT_MODIFY_STATE | SYNCHRONIZE, NULL, SynchronizationEvent, FALSE);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!__atomic_compare_exchange_n(&CriticalSection->LockSemaphore, &None, *Event, FALSE,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        NtClose(*Event);
        *Event = None;
    }
    return STATUS_SUCCESS;
}

/* There is nothing that a caller could do about a failure here: the process ends, as on Windows. */
static void Expect(NTSTATUS Status)
{
    if (NT_SUCCESS(Status))
        return;
    DbgPrint("RTL: critical section: status %08x\n", Status);
    NtTerminateProcess(NtCurrentProcess(), Status);
}

/* When the process ends the other threads are gone: their sections will never be free again. */
static void WaitForSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    HANDLE Event;

    if (NtCurrentPeb()->Ldr->ShutdownInProgress)
        NtTerminateProcess(NtCurrentProcess(), RtlpExitStatus);
    Expect(GetEvent(CriticalSection, &Event));
    Expect(NtWaitForSingleObject(Event, FALSE, NULL));
}

NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    HANDLE Self = CurrentThreadId();

    if (__atomic_add_fetch(&CriticalSection->LockCount, 1, __ATOMIC_ACQUIRE) != 0) {
        if (CriticalSection->OwningThread == Self) {
            CriticalSection->RecursionCount++;
            return STATUS_SUCCESS;
        }
        WaitForSection(CriticalSection);
    }
    CriticalSection->OwningThread = Self;
    CriticalSection->RecursionCount = 1;
    return STATUS_SUCCESS;
}

LOGICAL NTAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    LONG Free = -1;

    if (__atomic_compare_exchange_n(&CriticalSection->LockCount, &Free, 0, FALSE, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED)) {
        CriticalSection->OwningThread = CurrentThreadId();
        CriticalSection->RecursionCount = 1;
        return TRUE;
    }
    if (CriticalSection->OwningThread != CurrentThreadId())
        return FALSE;
    __atomic_add_fetch(&CriticalSection->LockCount, 1, __ATOMIC_RELAXED);
    CriticalSection->RecursionCount++;
    return TRUE;
}

NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    HANDLE Event;

    if (--CriticalSection->RecursionCount) {
        __atomic_sub_fetch(&CriticalSection->LockCount, 1, __ATOMIC_RELAXED);
        return STATUS_SUCCESS;
    }
    CriticalSection->OwningThread = NULL;
    if (__atomic_sub_fetch(&CriticalSection->LockCount, 1, __ATOMIC_RELEASE) >= 0) {
        Expect(GetEvent(CriticalSection, &Event));
        Expect(NtSetEvent(Event, NULL));
    }
    return STATUS_SUCCESS;
}
