/* SPDX-License-Identifier: BSD-2-Clause */
/* The processors: one, in one group, on one node. (WDK: KeQueryActiveProcessors and its like) */
#include "ki.h"

#define KI_CACHE_LINE 64

KAFFINITY NTAPI KeQueryActiveProcessors(VOID)
{
    return 1;
}

ULONG NTAPI KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors)
{
    if (ActiveProcessors)
        *ActiveProcessors = 1;
    return 1;
}

static BOOLEAN KiIsGroup(USHORT GroupNumber)
{
    return GroupNumber == 0 || GroupNumber == ALL_PROCESSOR_GROUPS;
}

/* KeQueryActiveProcessorCountEx: 0 for a group that is not there. */
ULONG NTAPI KeQueryActiveProcessorCountEx(USHORT GroupNumber)
{
    return KiIsGroup(GroupNumber);
}

ULONG NTAPI KeQueryMaximumProcessorCount(VOID)
{
    return 1;
}

ULONG NTAPI KeQueryMaximumProcessorCountEx(USHORT GroupNumber)
{
    return KiIsGroup(GroupNumber);
}

USHORT NTAPI KeQueryActiveGroupCount(VOID)
{
    return 1;
}

USHORT NTAPI KeQueryMaximumGroupCount(VOID)
{
    return 1;
}

KAFFINITY NTAPI KeQueryGroupAffinity(USHORT GroupNumber)
{
    return GroupNumber == 0;
}

ULONG NTAPI KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
{
    if (ProcNumber)
        RtlZeroMemory(ProcNumber, sizeof(*ProcNumber));
    return 0;
}

/* INVALID_PROCESSOR_INDEX for one that is not there. */
ULONG NTAPI KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER ProcNumber)
{
    return ProcNumber->Group || ProcNumber->Number || ProcNumber->Reserved ? INVALID_PROCESSOR_INDEX
                                                                           : 0;
}

/* STATUS_INVALID_PARAMETER for one that is not there. */
NTSTATUS NTAPI KeGetProcessorNumberFromIndex(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber)
{
    RtlZeroMemory(ProcNumber, sizeof(*ProcNumber));
    return ProcIndex ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

USHORT NTAPI KeGetCurrentNodeNumber(VOID)
{
    return 0;
}

USHORT NTAPI KeQueryHighestNodeNumber(VOID)
{
    return 0;
}

ULONG NTAPI KeGetRecommendedSharedDataAlignment(VOID)
{
    return KI_CACHE_LINE;
}

/* KeSetSystemAffinityThread: bug check as on Windows for a set without the processor. */
VOID NTAPI KeSetSystemAffinityThread(KAFFINITY Affinity)
{
    if (!(Affinity & 1))
        KeBugCheckEx(INVALID_AFFINITY_SET, Affinity, 0, 0, 0);
}

KAFFINITY NTAPI KeSetSystemAffinityThreadEx(KAFFINITY Affinity)
{
    KeSetSystemAffinityThread(Affinity);
    return 0; /* the thread had no system affinity: KeRevertToUserAffinityThreadEx undoes it */
}

VOID NTAPI KeRevertToUserAffinityThread(VOID)
{
}

VOID NTAPI KeRevertToUserAffinityThreadEx(KAFFINITY Affinity)
{
}

/* KeSetSystemGroupAffinityThread: of a set without the processor nothing comes. */
VOID NTAPI KeSetSystemGroupAffinityThread(PGROUP_AFFINITY Affinity,
                                          PGROUP_AFFINITY PreviousAffinity)
{
    if (PreviousAffinity)
        RtlZeroMemory(PreviousAffinity, sizeof(*PreviousAffinity));
}

VOID NTAPI KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY PreviousAffinity)
{
}

/* KeIpiGenericCall: the routine, on every processor at IPI_LEVEL. */
ULONG_PTR NTAPI KeIpiGenericCall(PKIPI_BROADCAST_WORKER BroadcastFunction, ULONG_PTR Context)
{
    KIRQL OldIrql = KiRaiseIrql(IPI_LEVEL);
    ULONG_PTR Result = BroadcastFunction(Context);

    KiLowerIrql(OldIrql);
    return Result;
}
