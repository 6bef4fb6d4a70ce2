// SPDX-License-Identifier: BSD-2-Clause
/*
 * Critical sections: LockCount is -1 when free, else the number of waiting threads and recursions.
 * They wait for an event that the first of them creates; if there is no memory for one, with the
 * keyed event that the system has (KEYED).  (Win32: InitializeCriticalSectionEx)
 */
#include "rtlp.h"

#define NO_DEBUG_INFO ((PRTL_CRITICAL_SECTION_DEBUG)MAXULONG_PTR)
#define KEYED ((HANDLE)MAXULONG_PTR) /* in place of the event's handle */
#define SPIN_COUNT_MASK 0x00ffffffu

/* On one processor nobody can leave a section while another thread spins. */
static ULONG_PTR EffectiveSpinCount(ULONG SpinCount)
{
    return NtCurrentPeb()->NumberOfProcessors > 1 ? SpinCount & SPIN_COUNT_MASK : 0;
}

/* What debuggers look at; programs also store a name in it. */
static PRTL_CRITICAL_SECTION_DEBUG NewDebugInfo(PRTL_CRITICAL_SECTION CriticalSection)
{
    PRTL_CRITICAL_SECTION_DEBUG Debug =
        RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*Debug));

    if (!Debug)
        return NULL;
    Debug->CriticalSection = CriticalSection;
    InitializeListHead(&Debug->ProcessLocksList);
    return Debug;
}

NTSTATUS NTAPI RtlInitializeCriticalSectionEx(PRTL_CRITICAL_SECTION CriticalSection,
                                              ULONG SpinCount, ULONG Flags)
{
    if (Flags & ~RTL_CRITICAL_SECTION_ALL_FLAG_BITS)
        return STATUS_INVALID_PARAMETER_3;
    if (SpinCount & ~SPIN_COUNT_MASK)
        return STATUS_INVALID_PARAMETER_2;
    memset(CriticalSection, 0, sizeof(*CriticalSection));
    CriticalSection->LockCount = -1;
    CriticalSection->SpinCount = EffectiveSpinCount(SpinCount);
    CriticalSection->DebugInfo = NO_DEBUG_INFO;
    if (Flags & RTL_CRITICAL_SECTION_FLAG_NO_DEBUG_INFO)
        return STATUS_SUCCESS;
    CriticalSection->DebugInfo = NewDebugInfo(CriticalSection);
    return CriticalSection->DebugInfo ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(PRTL_CRITICAL_SECTION CriticalSection,
                                                        ULONG SpinCount)
{
    return RtlInitializeCriticalSectionEx(CriticalSection, SpinCount & SPIN_COUNT_MASK, 0);
}

NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    return RtlInitializeCriticalSectionEx(CriticalSection, 0, 0);
}

ULONG NTAPI RtlSetCriticalSectionSpinCount(PRTL_CRITICAL_SECTION CriticalSection, ULONG SpinCount)
{
    ULONG Previous = (ULONG)CriticalSection->SpinCount;

    CriticalSection->SpinCount = EffectiveSpinCount(SpinCount);
    return Previous;
}

NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    PRTL_CRITICAL_SECTION_DEBUG Debug = CriticalSection->DebugInfo;
    HANDLE Event = CriticalSection->LockSemaphore;

    memset(CriticalSection, 0, sizeof(*CriticalSection));
    if (Debug && Debug != NO_DEBUG_INFO)
        RtlFreeHeap(RtlProcessHeap(), 0, Debug);
    return Event && Event != KEYED ? NtClose(Event) : STATUS_SUCCESS;
}

static HANDLE CurrentThreadId(void)
{
    return NtCurrentTeb()->ClientId.UniqueThread;
}

/* The event of a section, or KEYED. Threads may race to make it: one of them wins. */
static HANDLE GetEvent(PRTL_CRITICAL_SECTION CriticalSection)
{
    HANDLE None = NULL, Event = __atomic_load_n(&CriticalSection->LockSemaphore, __ATOMIC_ACQUIRE);

    if (Event)
        return Event;
    if (!NT_SUCCESS(NtCreateEvent(&Event, EVENT_MODIFY_STATE | SYNCHRONIZE, NULL,
                                  SynchronizationEvent, FALSE)))
        Event = KEYED;
    if (__atomic_compare_exchange_n(&CriticalSection->LockSemaphore, &None, Event, FALSE,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return Event;
    if (Event != KEYED)
        NtClose(Event);
    return None;
}

/* A caller could not handle a failure here, so the process ends, as on Windows. */
static void Expect(NTSTATUS Status)
{
    if (NT_SUCCESS(Status))
        return;
    DbgPrint("RTL: critical section: status %08x\n", Status);
    NtTerminateProcess(NtCurrentProcess(), Status);
}

static void CountContention(PRTL_CRITICAL_SECTION CriticalSection)
{
    PRTL_CRITICAL_SECTION_DEBUG Debug = CriticalSection->DebugInfo;

    if (Debug && Debug != NO_DEBUG_INFO)
        __atomic_add_fetch(&Debug->ContentionCount, 1, __ATOMIC_RELAXED);
}

/* When the process ends, the other threads are gone and will never leave their sections. */
static void WaitForSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    HANDLE Event;

    RtlpCheckShutdown();
    CountContention(CriticalSection);
    Event = GetEvent(CriticalSection);
    Expect(Event == KEYED ? NtWaitForKeyedEvent(NULL, CriticalSection, FALSE, NULL)
                          : NtWaitForSingleObject(Event, FALSE, NULL));
}

static void WakeWaiter(PRTL_CRITICAL_SECTION CriticalSection)
{
    HANDLE Event = GetEvent(CriticalSection);

    if (NtCurrentPeb()->Ldr->ShutdownInProgress)
        return;
    Expect(Event == KEYED ? NtReleaseKeyedEvent(NULL, CriticalSection, FALSE, NULL)
                          : NtSetEvent(Event, NULL));
}

/* TRUE: the section became free meanwhile, and is the caller's. */
static BOOLEAN Spin(PRTL_CRITICAL_SECTION CriticalSection)
{
    ULONG_PTR Count;

    for (Count = CriticalSection->SpinCount; Count; Count--) {
        LONG Free = -1;

        if (__atomic_compare_exchange_n(&CriticalSection->LockCount, &Free, 0, FALSE,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return TRUE;
        __builtin_ia32_pause();
    }
    return FALSE;
}

NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection)
{
    HANDLE Self = CurrentThreadId();

    if (CriticalSection->SpinCount && CriticalSection->OwningThread != Self &&
        Spin(CriticalSection)) {
        CriticalSection->OwningThread = Self;
        CriticalSection->RecursionCount = 1;
        return STATUS_SUCCESS;
    }
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
    if (--CriticalSection->RecursionCount) {
        __atomic_sub_fetch(&CriticalSection->LockCount, 1, __ATOMIC_RELAXED);
        return STATUS_SUCCESS;
    }
    CriticalSection->OwningThread = NULL;
    if (__atomic_sub_fetch(&CriticalSection->LockCount, 1, __ATOMIC_RELEASE) >= 0)
        WakeWaiter(CriticalSection);
    return STATUS_SUCCESS;
}
