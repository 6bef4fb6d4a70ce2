// SPDX-License-Identifier: BSD-2-Clause
/* Condition variables: a number that each waking changes. Who sleeps has looked at it before it
 * leaves the lock, so no waking is lost.  (Win32: SleepConditionVariableCS) */
#include "rtlp.h"

static ULONG *NumberOf(PRTL_CONDITION_VARIABLE ConditionVariable)
{
    return (ULONG *)&ConditionVariable->Ptr;
}

void NTAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE ConditionVariable)
{
    ConditionVariable->Ptr = NULL;
}

void NTAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE ConditionVariable)
{
    __atomic_add_fetch(NumberOf(ConditionVariable), 1, __ATOMIC_SEQ_CST);
    RtlWakeAddressSingle(NumberOf(ConditionVariable));
}

void NTAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE ConditionVariable)
{
    __atomic_add_fetch(NumberOf(ConditionVariable), 1, __ATOMIC_SEQ_CST);
    RtlWakeAddressAll(NumberOf(ConditionVariable));
}

NTSTATUS NTAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE ConditionVariable,
                                           PRTL_CRITICAL_SECTION CriticalSection,
                                           const LARGE_INTEGER *Timeout)
{
    ULONG Number = *(volatile ULONG *)NumberOf(ConditionVariable);
    NTSTATUS Status;

    RtlLeaveCriticalSection(CriticalSection);
    Status = RtlWaitOnAddress(NumberOf(ConditionVariable), &Number, sizeof(Number), Timeout);
    RtlEnterCriticalSection(CriticalSection);
    return Status;
}

NTSTATUS NTAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE ConditionVariable,
                                            PRTL_SRWLOCK SRWLock, const LARGE_INTEGER *Timeout,
                                            ULONG Flags)
{
    ULONG Number = *(volatile ULONG *)NumberOf(ConditionVariable);
    NTSTATUS Status;

    if (Flags & ~RTL_CONDITION_VARIABLE_LOCKMODE_SHARED)
        return STATUS_INVALID_PARAMETER_2;
    if (Flags)
        RtlReleaseSRWLockShared(SRWLock);
    else
        RtlReleaseSRWLockExclusive(SRWLock);
    Status = RtlWaitOnAddress(NumberOf(ConditionVariable), &Number, sizeof(Number), Timeout);
    if (Flags)
        RtlAcquireSRWLockShared(SRWLock);
    else
        RtlAcquireSRWLockExclusive(SRWLock);
    return Status;
}
