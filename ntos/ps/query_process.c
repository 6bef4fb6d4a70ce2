/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationProcess: what each class answers. */
#include <dbgk.h>
#include "pspinfo.h"

#define DEP_POLICY 0 /* of PROCESS_MITIGATION_POLICY: ProcessDEPPolicy */
#define MITIGATION_POLICIES 20

static NTSTATUS QueryBasic(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    BOOLEAN Extended = Length == sizeof(Value->ExtendedBasic);
    PPROCESS_BASIC_INFORMATION Basic =
        Extended ? &Value->ExtendedBasic.BasicInfo : &Value->ProcessBasic;

    if (Extended && Value->ExtendedBasic.Size != sizeof(Value->ExtendedBasic))
        return STATUS_INVALID_PARAMETER;
    Basic->ExitStatus = Process->ExitStatus;
    Basic->PebBaseAddress = Process->Peb;
    Basic->AffinityMask = PSP_ALL_PROCESSORS;
    Basic->BasePriority = Process->BasePriority;
    Basic->UniqueProcessId = (ULONG_PTR)Process->UniqueProcessId;
    Basic->InheritedFromUniqueProcessId = (ULONG_PTR)Process->InheritedFromUniqueProcessId;
    if (Extended)
        Value->ExtendedBasic.Flags = Process->Exiting ? PROCESS_EXTENDED_IS_PROCESS_DELETING : 0;
    return STATUS_SUCCESS;
}

/* There are no quotas but the limits of jobs. */
static NTSTATUS QueryQuota(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    PQUOTA_LIMITS_EX Quota = &Value->Quota;

    Quota->PagedPoolLimit = Quota->NonPagedPoolLimit = Quota->PagefileLimit = MAXULONG_PTR;
    Quota->MinimumWorkingSetSize = Process->MinimumWorkingSet;
    Quota->MaximumWorkingSetSize = Process->MaximumWorkingSet;
    Quota->TimeLimit.QuadPart = -1;
    Quota->Flags = QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryIoCounters(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->IoCounters = ((PEPROCESS)Object)->IoCounters;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryVmCounters(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    const MM_ADDRESS_SPACE *Vm = &((PEPROCESS)Object)->Vm;
    PVM_COUNTERS_EX2 Counters = &Value->VmCounters;

    Counters->VirtualSize = Vm->VirtualSize;
    Counters->PeakVirtualSize = Vm->PeakVirtualSize;
    Counters->PageFaultCount = Vm->FaultCount;
    Counters->WorkingSetSize = Vm->WorkingSetPages * NEPTUNE_PAGE_SIZE;
    Counters->PeakWorkingSetSize = Vm->PeakWorkingSetPages * NEPTUNE_PAGE_SIZE;
    Counters->PagefileUsage = Vm->CommitPages * NEPTUNE_PAGE_SIZE;
    Counters->PeakPagefileUsage = Vm->PeakCommitPages * NEPTUNE_PAGE_SIZE;
    Counters->PrivateUsage = Counters->PagefileUsage;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryTimes(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    Value->Times.CreateTime.QuadPart = Process->CreateTime;
    Value->Times.ExitTime.QuadPart = Process->ExitTime;
    Value->Times.KernelTime.QuadPart = PS_TICKS_TO_TIME(Process->KernelTicks);
    Value->Times.UserTime.QuadPart = PS_TICKS_TO_TIME(Process->UserTicks);
    return STATUS_SUCCESS;
}

static NTSTATUS QueryCycles(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    Value->Cycles.AccumulatedCycles = PspTicksToCycles(Process->KernelTicks + Process->UserTicks);
    Value->Cycles.CurrentCycleCount = HalReadTsc();
    return STATUS_SUCCESS;
}

static NTSTATUS QueryUptime(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    LONGLONG End = Process->ExitTime ? Process->ExitTime : KeQuerySystemTime();

    Value->Uptime.QueryInterruptTime = Value->Uptime.QueryUnbiasedTime = KeQueryInterruptTime();
    Value->Uptime.TimeSinceCreation = (ULONGLONG)(KeQuerySystemTime() - Process->CreateTime);
    Value->Uptime.Uptime = (ULONGLONG)(End - Process->CreateTime);
    if (Process->ExitTime)
        Value->Uptime.EndInterruptTime =
            Value->Uptime.QueryInterruptTime - (ULONGLONG)(KeQuerySystemTime() - Process->ExitTime);
    return STATUS_SUCCESS;
}

static NTSTATUS QueryPooled(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    const MM_ADDRESS_SPACE *Vm = &((PEPROCESS)Object)->Vm;
    PPOOLED_USAGE_AND_LIMITS Pooled = &Value->Pooled;

    Pooled->PagedPoolLimit = Pooled->NonPagedPoolLimit = Pooled->PagefileLimit = MAXULONG_PTR;
    Pooled->PagefileUsage = Vm->CommitPages * NEPTUNE_PAGE_SIZE;
    Pooled->PeakPagefileUsage = Vm->PeakCommitPages * NEPTUNE_PAGE_SIZE;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryPriorityClass(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    Value->PriorityClass.Foreground = Process->Foreground;
    Value->PriorityClass.PriorityClass = Process->PriorityClass;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryHandleCount(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->HandleCount.HandleCount = ObGetHandleCount(Object);
    Value->HandleCount.HandleCountHighWatermark = ObGetHandleHighWater(Object);
    return STATUS_SUCCESS;
}

static NTSTATUS QueryImage(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Image = ((PEPROCESS)Object)->ImageInformation;
    return STATUS_SUCCESS;
}

/* A process's cookie is its own: a number that others cannot guess. */
static NTSTATUS QueryCookie(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    ULONGLONG Mix;

    if (Process != PsGetCurrentProcess())
        return STATUS_INVALID_PARAMETER;
    while (!Process->Cookie) {
        Mix = (HalReadTsc() ^ (ULONG_PTR)Process) * 0x9e3779b97f4a7c15ull;
        Process->Cookie = (ULONG)(Mix >> 32);
    }
    Value->Long = Process->Cookie;
    return STATUS_SUCCESS;
}

/* One processor, in group 0 */
static NTSTATUS QueryAffinity(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->GroupAffinity.Mask = PSP_ALL_PROCESSORS;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryExecuteFlags(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Long = ((PEPROCESS)Object)->ExecuteFlags;
    return STATUS_SUCCESS;
}

typedef struct _MITIGATION {
    ULONG Policy;
    ULONG Flags;
} MITIGATION, *PMITIGATION;

/* No mitigation is on: all flags are 0. Data execution prevention has a class of its own. */
static NTSTATUS QueryMitigation(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PMITIGATION Mitigation = (PMITIGATION)Value;

    if (Mitigation->Policy == DEP_POLICY || Mitigation->Policy >= MITIGATION_POLICIES)
        return STATUS_INVALID_PARAMETER;
    Mitigation->Flags = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryThrottling(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Throttling = ((PEPROCESS)Object)->Throttling;
    Value->Throttling.Version = 1;
    return STATUS_SUCCESS;
}

static NTSTATUS QuerySequenceNumber(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Quad.QuadPart = (LONGLONG)((PEPROCESS)Object)->SequenceNumber;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryDebugPort(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Word = ((PEPROCESS)Object)->DebugPort ? MAXULONG_PTR : 0;
    return STATUS_SUCCESS;
}

/* A new handle. */
static NTSTATUS QueryDebugObject(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return DbgkOpenPort(Object, &Value->Handle);
}

/* 1: its children are debugged with it. */
static NTSTATUS QueryDebugFlags(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Long = !((PEPROCESS)Object)->NoDebugInherit;
    return STATUS_SUCCESS;
}

/*
 * Zero is the answer: session 0; no other PEB; no protection; Win32's subsystem; memory from the
 * bottom; handles are not checked more strictly than others', nor do bad ones raise exceptions;
 * nothing keeps the process awake; it is not in private; its children may live; no priority on a
 * screen.
 */
static NTSTATUS QueryZero(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return STATUS_SUCCESS;
}

#define LONG_QUERY(name, field)                                                                    \
    static NTSTATUS name(PVOID Object, PPSP_VALUE Value, ULONG Length)                             \
    {                                                                                              \
        Value->Long = ((PEPROCESS)Object)->field;                                                  \
        return STATUS_SUCCESS;                                                                     \
    }

LONG_QUERY(QueryHardErrorMode, HardErrorMode)
LONG_QUERY(QueryPriorityBoost, PriorityBoostDisabled)
LONG_QUERY(QueryBreakOnTermination, BreakOnTermination)
LONG_QUERY(QueryIoPriority, IoPriority)
LONG_QUERY(QueryPagePriority, PagePriority)
LONG_QUERY(QueryAffinityUpdateMode, AffinityUpdateMode)

#define FULL .Access = PROCESS_QUERY_INFORMATION

static const PSP_CLASS Table[] = {
    [ProcessBasicInformation] = {.Lengths = {sizeof(PROCESS_BASIC_INFORMATION),
                                             sizeof(PROCESS_EXTENDED_BASIC_INFORMATION)},
                                 .InOut = TRUE,
                                 .Fixed = QueryBasic},
    [ProcessQuotaLimits] = {.Lengths = {sizeof(QUOTA_LIMITS), sizeof(QUOTA_LIMITS_EX)},
                            .Fixed = QueryQuota},
    [ProcessIoCounters] = {.Lengths = {sizeof(IO_COUNTERS)}, .Fixed = QueryIoCounters},
    [ProcessVmCounters] = {.Lengths = {sizeof(VM_COUNTERS),
                                       FIELD_OFFSET(VM_COUNTERS_EX2, PrivateWorkingSetSize),
                                       sizeof(VM_COUNTERS_EX2)},
                           .Fixed = QueryVmCounters},
    [ProcessTimes] = {.Lengths = {sizeof(KERNEL_USER_TIMES)}, .Fixed = QueryTimes},
    [ProcessDebugPort] = {FULL, .Lengths = {sizeof(HANDLE)}, .Fixed = QueryDebugPort},
    [ProcessDefaultHardErrorMode] = PSP_LONG(QueryHardErrorMode),
    [ProcessPooledUsageAndLimits] = {.Lengths = {sizeof(POOLED_USAGE_AND_LIMITS)},
                                     .Fixed = QueryPooled},
    [ProcessPriorityClass] = {.Lengths = {sizeof(PROCESS_PRIORITY_CLASS)},
                              .Alignment = 1,
                              .Fixed = QueryPriorityClass},
    [ProcessHandleCount] = {.Lengths = {sizeof(ULONG), sizeof(PROCESS_HANDLE_COUNT)},
                            .Fixed = QueryHandleCount},
    [ProcessAffinityMask] = {.Lengths = {sizeof(KAFFINITY), sizeof(GROUP_AFFINITY)},
                             .Fixed = QueryAffinity},
    [ProcessPriorityBoost] = PSP_LONG(QueryPriorityBoost),
    [ProcessSessionInformation] = PSP_LONG(QueryZero),
    [ProcessWow64Information] = {.Lengths = {sizeof(ULONG_PTR)}, .Fixed = QueryZero},
    [ProcessImageFileName] = {.Variable = PspQueryImageName},
    [ProcessLUIDDeviceMapsEnabled] = PSP_LONG(QueryZero),
    [ProcessBreakOnTermination] = PSP_LONG(QueryBreakOnTermination),
    [ProcessDebugObjectHandle] = {FULL, .Lengths = {sizeof(HANDLE)}, .Fixed = QueryDebugObject},
    [ProcessDebugFlags] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = QueryDebugFlags},
    [ProcessIoPriority] = PSP_LONG(QueryIoPriority),
    [ProcessExecuteFlags] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = QueryExecuteFlags},
    [ProcessCookie] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = QueryCookie},
    [ProcessImageInformation] = {.Lengths = {sizeof(SECTION_IMAGE_INFORMATION)},
                                 .Fixed = QueryImage},
    [ProcessCycleTime] = {.Lengths = {sizeof(PROCESS_CYCLE_TIME_INFORMATION)},
                          .Fixed = QueryCycles},
    [ProcessPagePriority] = PSP_LONG(QueryPagePriority),
    [ProcessImageFileNameWin32] = {.Variable = PspQueryWin32ImageName},
    [ProcessAffinityUpdateMode] = PSP_LONG(QueryAffinityUpdateMode),
    [ProcessMemoryAllocationMode] = PSP_LONG(QueryZero),
    [ProcessGroupInformation] = {.Lengths = {sizeof(USHORT)}, .Alignment = 2, .Fixed = QueryZero},
    [ProcessConsoleHostProcess] = {.Lengths = {sizeof(ULONG_PTR)}, .Fixed = QueryZero},
    [ProcessHandleInformation] = {FULL, .Variable = PspQueryProcessHandles},
    [ProcessMitigationPolicy] = {.Lengths = {sizeof(MITIGATION)},
                                 .InOut = TRUE,
                                 .Fixed = QueryMitigation},
    [ProcessHandleCheckingMode] = PSP_LONG(QueryZero),
    [ProcessKeepAliveCount] = {.Lengths = {sizeof(PROCESS_KEEPALIVE_COUNT_INFORMATION)},
                               .Fixed = QueryZero},
    [ProcessHandleTable] = {FULL, .Variable = PspQueryHandleTable},
    [ProcessCommandLineInformation] = {.Variable = PspQueryCommandLine},
    [ProcessProtectionInformation] = {.Lengths = {sizeof(UCHAR)},
                                      .Alignment = 1,
                                      .Fixed = QueryZero},
    [ProcessInPrivate] = {.Lengths = {sizeof(BOOLEAN)}, .Alignment = 1, .Fixed = QueryZero},
    [ProcessRaiseUMExceptionOnInvalidHandleClose] = PSP_LONG(QueryZero),
    [ProcessChildProcessInformation] = {.Lengths = {sizeof(PROCESS_CHILD_PROCESS_INFORMATION)},
                                        .Alignment = 1,
                                        .Fixed = QueryZero},
    [ProcessHighGraphicsPriorityInformation] = {.Lengths = {sizeof(BOOLEAN)},
                                                .Alignment = 1,
                                                .Fixed = QueryZero},
    [ProcessSubsystemInformation] = PSP_LONG(QueryZero),
    [ProcessPowerThrottlingState] = {.Lengths = {sizeof(POWER_THROTTLING_STATE)},
                                     .Fixed = QueryThrottling},
    [ProcessUptimeInformation] = {.Lengths = {sizeof(PROCESS_UPTIME_INFORMATION)},
                                  .Fixed = QueryUptime},
    [ProcessSequenceNumber] = {.Lengths = {sizeof(ULONGLONG)}, .Fixed = QuerySequenceNumber},
    MISSING_NtQueryInformationProcess(PSP_MISSING)};

/*
 * NtQueryInformationProcess: see the table for classes, lengths and access: most want
 * PROCESS_QUERY_LIMITED_INFORMATION, some PROCESS_QUERY_INFORMATION. STATUS_NOT_IMPLEMENTED for
 * classes of Windows' that are not there, STATUS_INVALID_INFO_CLASS for what cannot be asked. Class
 * and length are checked before the handle. Returns STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_DATATYPE_MISALIGNMENT, STATUS_ACCESS_VIOLATION and what handles may give.  (WDK:
 * ZwQueryInformationProcess)
 */
NTSTATUS NtQueryInformationProcess(HANDLE ProcessHandle, PROCESSINFOCLASS Class,
                                   CLIENT(PVOID) Information, ULONG Length,
                                   CLIENT(PULONG) ReturnLength)
{
    static const PSP_CLASSES Classes = {&PsProcessType, PROCESS_QUERY_LIMITED_INFORMATION,
                                        PROCESS_QUERY_INFORMATION, ARRAYSIZE(Table), Table};

    return PspQueryInformation(&Classes, ProcessHandle, (ULONG)Class, Information, Length,
                               ReturnLength);
}
