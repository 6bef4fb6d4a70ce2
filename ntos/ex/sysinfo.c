/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQuerySystemInformation. */
#include "exp.h"

#define TICK_LENGTH 156250 /* 100 ns */
#define ALLOCATION_GRANULARITY 0x10000
#define MINIMUM_USER_ADDRESS 0x10000
#define MAXIMUM_USER_ADDRESS                                                                       \
    (sizeof(PVOID) == 8 ? (ULONG_PTR)0x7ffffffeffffull : (ULONG_PTR)0x7ffeffff)

NTSTATUS ExpReturnInformation(PVOID Information, ULONG Length, const void *Data, ULONG DataLength,
                              PULONG ReturnLength)
{
    NTSTATUS Status = STATUS_INFO_LENGTH_MISMATCH;

    if (Length >= DataLength)
        Status = MmCopyToClient(Information, Data, DataLength);
    if (ReturnLength && (NT_SUCCESS(Status) || Status == STATUS_INFO_LENGTH_MISMATCH)) {
        NTSTATUS WriteStatus = MmWriteClient(ReturnLength, &DataLength);

        if (!NT_SUCCESS(WriteStatus))
            return WriteStatus;
    }
    return Status;
}

static NTSTATUS QueryBasic(PVOID Information, ULONG Length, PULONG ReturnLength)
{
    MM_STATISTICS Statistics;
    SYSTEM_BASIC_INFORMATION Basic = {0};

    MmQueryStatistics(&Statistics);
    Basic.TimerResolution = TICK_LENGTH;
    Basic.PageSize = NEPTUNE_PAGE_SIZE;
    Basic.NumberOfPhysicalPages = (ULONG)Statistics.TotalPages;
    Basic.LowestPhysicalPageNumber = 1;
    Basic.HighestPhysicalPageNumber = (ULONG)Statistics.TotalPages;
    Basic.AllocationGranularity = ALLOCATION_GRANULARITY;
    Basic.MinimumUserModeAddress = MINIMUM_USER_ADDRESS;
    Basic.MaximumUserModeAddress = MAXIMUM_USER_ADDRESS;
    Basic.ActiveProcessorsAffinityMask = 1;
    Basic.NumberOfProcessors = 1;
    if (Length != sizeof(Basic))
        Length = 0;
    return ExpReturnInformation(Information, Length, &Basic, sizeof(Basic), ReturnLength);
}

/* What the Executive counts; fields that nobody counts stay 0. */
static NTSTATUS QueryPerformance(PVOID Information, ULONG Length, PULONG ReturnLength)
{
    SYSTEM_PERFORMANCE_INFORMATION Performance = {0};
    MM_STATISTICS Statistics;

    MmQueryStatistics(&Statistics);
    Performance.AvailablePages = (ULONG)Statistics.AvailablePages;
    Performance.CommittedPages = (ULONG)Statistics.CommittedPages;
    Performance.CommitLimit = (ULONG)Statistics.CommitLimit;
    Performance.PeakCommitment = (ULONG)Statistics.PeakCommitment;
    Performance.NonPagedPoolPages = (ULONG)Statistics.PoolPages;
    Performance.ResidentAvailablePages = (LONGLONG)Statistics.AvailablePages;
    return ExpReturnInformation(Information, Length, &Performance, sizeof(Performance),
                                ReturnLength);
}

/* A client may ask for the first fields only. */
static NTSTATUS QueryTimeOfDay(PVOID Information, ULONG Length, PULONG ReturnLength)
{
    SYSTEM_TIMEOFDAY_INFORMATION Time = {0};

    if (Length > sizeof(Time))
        return STATUS_INFO_LENGTH_MISMATCH;
    Time.CurrentTime.QuadPart = KeQuerySystemTime();
    Time.BootTime.QuadPart = Time.CurrentTime.QuadPart - (LONGLONG)KeQueryInterruptTime();
    return ExpReturnInformation(Information, Length, &Time, Length, ReturnLength);
}

static NTSTATUS QueryProcessor(PVOID Information, ULONG Length, PULONG ReturnLength)
{
    SYSTEM_PROCESSOR_INFORMATION Processor = {0};

    Processor.ProcessorArchitecture = MmSharedUserData->NativeProcessorArchitecture;
    Processor.ProcessorLevel = 6;
    Processor.MaximumProcessors = 1;
    return ExpReturnInformation(Information, Length, &Processor, sizeof(Processor), ReturnLength);
}

static NTSTATUS QueryProcesses(PVOID Information, ULONG Length, PULONG ReturnLength)
{
    ULONG Needed = 0;
    NTSTATUS Status = ExpQueryProcesses(Information, Length, &Needed), WriteStatus;

    if (!ReturnLength || (!NT_SUCCESS(Status) && Status != STATUS_INFO_LENGTH_MISMATCH))
        return Status;
    WriteStatus = MmWriteClient(ReturnLength, &Needed);
    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}

/*
 * NtQuerySystemInformation: Basic, Processor, Performance, TimeOfDay and Process information;
 * STATUS_NOT_IMPLEMENTED for the other classes that exist, STATUS_INVALID_INFO_CLASS for others.
 * Returns STATUS_INFO_LENGTH_MISMATCH with the length needed in ReturnLength,
 * STATUS_ACCESS_VIOLATION.  (Windows SDK: winternl.h)
 */
NTSTATUS NtQuerySystemInformation(SYSTEM_INFORMATION_CLASS Class, PVOID Information, ULONG Length,
                                  PULONG ReturnLength)
{
    switch (Class) {
    case SystemBasicInformation:
    case SystemEmulationBasicInformation:
        return QueryBasic(Information, Length, ReturnLength);
    case SystemProcessorInformation:
        return QueryProcessor(Information, Length, ReturnLength);
    case SystemPerformanceInformation:
        return QueryPerformance(Information, Length, ReturnLength);
    case SystemTimeOfDayInformation:
        return QueryTimeOfDay(Information, Length, ReturnLength);
    case SystemProcessInformation:
        return QueryProcesses(Information, Length, ReturnLength);
    default:
        return (ULONG)Class < 0x100 ? STATUS_NOT_IMPLEMENTED : STATUS_INVALID_INFO_CLASS;
    }
}
