/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures of the whole system: memory, page faults, devices, caches. What nobody counts is 0. */
#include "sysinfo.h"

#define ALLOCATION_GRANULARITY 0x10000
#define MINIMUM_USER_ADDRESS 0x10000
#define MAXIMUM_USER_ADDRESS                                                                       \
    (sizeof(PVOID) == 8 ? (ULONG_PTR)0x7ffffffeffffull : (ULONG_PTR)0x7ffeffff)
/* SYSTEM_PERFORMANCE_INFORMATION as it was before Windows 8.1 */
#define OLDER_PERFORMANCE FIELD_OFFSET(SYSTEM_PERFORMANCE_INFORMATION, CcTotalDirtyPages)

NTSTATUS ExpQueryBasic(PEXP_OUTPUT Output)
{
    MM_STATISTICS Statistics;
    SYSTEM_BASIC_INFORMATION Basic = {0};

    MmQueryStatistics(&Statistics);
    Basic.TimerResolution = EXP_TICK_LENGTH;
    Basic.PageSize = NEPTUNE_PAGE_SIZE;
    Basic.NumberOfPhysicalPages = (ULONG)Statistics.TotalPages;
    Basic.LowestPhysicalPageNumber = 1;
    Basic.HighestPhysicalPageNumber = (ULONG)Statistics.TotalPages;
    Basic.AllocationGranularity = ALLOCATION_GRANULARITY;
    Basic.MinimumUserModeAddress = MINIMUM_USER_ADDRESS;
    Basic.MaximumUserModeAddress = MAXIMUM_USER_ADDRESS;
    Basic.ActiveProcessorsAffinityMask = 1;
    Basic.NumberOfProcessors = 1;
    return ExpAnswerExactly(Output, &Basic, sizeof(Basic));
}

/* A buffer for the older structure gets that much. */
NTSTATUS ExpQueryPerformance(PEXP_OUTPUT Output)
{
    SYSTEM_PERFORMANCE_INFORMATION Performance = {0};
    MM_STATISTICS Statistics;
    ULONGLONG Idle, Kernel, User;

    MmQueryStatistics(&Statistics);
    KeQueryProcessorTicks(&Idle, &Kernel, &User);
    Performance.IdleProcessTime.QuadPart = PS_TICKS_TO_TIME(Idle);
    Performance.AvailablePages = (ULONG)Statistics.AvailablePages;
    Performance.CommittedPages = (ULONG)Statistics.CommittedPages;
    Performance.CommitLimit = (ULONG)Statistics.CommitLimit;
    Performance.PeakCommitment = (ULONG)Statistics.PeakCommitment;
    Performance.NonPagedPoolPages = (ULONG)Statistics.PoolPages;
    Performance.ResidentAvailablePages = (LONGLONG)Statistics.AvailablePages;
    return ExpAnswer(Output, &Performance, sizeof(Performance), OLDER_PERFORMANCE);
}

/* There are no drivers for such devices. */
NTSTATUS ExpQueryDevices(PEXP_OUTPUT Output)
{
    SYSTEM_DEVICE_INFORMATION Devices = {0};

    return ExpAnswerExactly(Output, &Devices, sizeof(Devices));
}

NTSTATUS ExpQueryFlags(PEXP_OUTPUT Output)
{
    ULONG GlobalFlag = 0;

    return ExpAnswerExactly(Output, &GlobalFlag, sizeof(GlobalFlag));
}

/* There is no file cache yet. */
NTSTATUS ExpQueryFileCache(PEXP_OUTPUT Output)
{
    SYSTEM_FILECACHE_INFORMATION Cache = {0};

    return ExpAnswer(Output, &Cache, sizeof(Cache), sizeof(Cache));
}

NTSTATUS ExpQueryExceptions(PEXP_OUTPUT Output)
{
    SYSTEM_EXCEPTION_INFORMATION Exceptions = {0};

    return ExpAnswer(Output, &Exceptions, sizeof(Exceptions), sizeof(Exceptions));
}

NTSTATUS ExpQueryContextSwitches(PEXP_OUTPUT Output)
{
    SYSTEM_CONTEXT_SWITCH_INFORMATION Switches = {0};

    return ExpAnswer(Output, &Switches, sizeof(Switches), sizeof(Switches));
}

NTSTATUS ExpQueryRegistryQuota(PEXP_OUTPUT Output)
{
    SYSTEM_REGISTRY_QUOTA_INFORMATION Quota = {.RegistryQuotaAllowed = MAXULONG};
    MM_STATISTICS Statistics;

    MmQueryStatistics(&Statistics);
    Quota.PagedPoolSize = Statistics.CommitLimit * NEPTUNE_PAGE_SIZE;
    return ExpAnswer(Output, &Quota, sizeof(Quota), sizeof(Quota));
}

/* There is no paging file: an empty list. */
NTSTATUS ExpQueryPageFiles(PEXP_OUTPUT Output)
{
    Output->Needed = 0;
    return STATUS_SUCCESS;
}

/* Lists of objects are only kept where a global flag says so, which is nowhere. */
NTSTATUS ExpQueryObjects(PEXP_OUTPUT Output)
{
    return STATUS_UNSUCCESSFUL;
}

/* What programs share is best apart by a line of the processor's cache. */
NTSTATUS ExpQuerySharedDataAlignment(PEXP_OUTPUT Output)
{
    ULONG Alignment = 64;

    return ExpAnswerExactly(Output, &Alignment, sizeof(Alignment));
}
