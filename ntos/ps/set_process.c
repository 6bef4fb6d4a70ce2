/* SPDX-License-Identifier: BSD-2-Clause */
/* NtSetInformationProcess. */
#include "pspinfo.h"

#define HIGHEST_IO_PRIORITY 2 /* beyond: SeIncreaseBasePriorityPrivilege */
#define IO_PRIORITIES 5
#define HIGHEST_PAGE_PRIORITY 5
#define THROTTLING_SPEED 0x1
#define THROTTLING_TIMER 0x4
#define SMALLEST_WORKING_SET (20 * (SIZE_T)NEPTUNE_PAGE_SIZE)

/* Both sizes of all ones: the working set is to be emptied, which nothing here needs. Pool quotas
 * cannot be set: STATUS_PRIVILEGE_NOT_HELD, STATUS_NOT_SUPPORTED. */
static NTSTATUS SetQuota(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    SIZE_T Minimum = Value->Quota.MinimumWorkingSetSize,
           Maximum = Value->Quota.MaximumWorkingSetSize;

    if (!Minimum != !Maximum)
        return STATUS_INVALID_PARAMETER;
    if (!Minimum)
        return SeSinglePrivilegeCheck(SE_INCREASE_QUOTA_PRIVILEGE) ? STATUS_NOT_SUPPORTED
                                                                   : STATUS_PRIVILEGE_NOT_HELD;
    if (Minimum == MAXULONG_PTR && Maximum == MAXULONG_PTR)
        return STATUS_SUCCESS;
    if (Minimum > Maximum || Maximum < SMALLEST_WORKING_SET)
        return STATUS_BAD_WORKING_SET_LIMIT;
    Process->MinimumWorkingSet = Minimum;
    Process->MaximumWorkingSet = Maximum;
    return STATUS_SUCCESS;
}

static NTSTATUS SetHardErrorMode(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    Process->HardErrorMode = Value->Long;
    return STATUS_SUCCESS;
}

/* Alignment faults are the processor's to mend: nobody has ever seen one on x86. */
static NTSTATUS SetAlignmentFixup(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return STATUS_SUCCESS;
}

static NTSTATUS SetAffinity(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return Value->Word == PSP_ALL_PROCESSORS ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS SetPriorityBoost(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    PETHREAD Thread = NULL;

    Process->PriorityBoostDisabled = Value->Long != 0;
    while ((Thread = PsNextThread(Process, Thread)) != NULL) {
        Thread->PriorityBoostDisabled = Process->PriorityBoostDisabled;
        KeGiveWay();
    }
    return STATUS_SUCCESS;
}

static NTSTATUS SetForeground(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    Process->Foreground = Value->Flag != 0;
    return STATUS_SUCCESS;
}

static NTSTATUS SetSession(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    if (!SeSinglePrivilegeCheck(SE_TCB_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    return Value->Long ? STATUS_NOT_SUPPORTED : STATUS_SUCCESS; /* there is session 0 alone */
}

static NTSTATUS SetAccessToken(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return SeSetProcessToken(Object, Value->AccessToken.Token);
}

static NTSTATUS SetBreakOnTermination(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    if (!SeSinglePrivilegeCheck(SE_DEBUG_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    Process->BreakOnTermination = Value->Long != 0;
    return STATUS_SUCCESS;
}

static NTSTATUS SetIoPriority(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    if (Value->Long >= IO_PRIORITIES)
        return STATUS_INVALID_PARAMETER;
    if (Value->Long > HIGHEST_IO_PRIORITY &&
        !SeSinglePrivilegeCheck(SE_INC_BASE_PRIORITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    Process->IoPriority = Value->Long;
    return STATUS_SUCCESS;
}

static NTSTATUS SetPagePriority(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    if (!Value->Long || Value->Long > HIGHEST_PAGE_PRIORITY)
        return STATUS_INVALID_PARAMETER;
    Process->PagePriority = Value->Long;
    return STATUS_SUCCESS;
}

/*
 * A process of 64 bits never executes data; there is nothing to set. On i386 the kernel's page
 * tables know no such pages: data can be executed, and to ask for the opposite is refused.
 */
static NTSTATUS SetExecuteFlags(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    if (sizeof(PVOID) == 8 || Process != PsGetCurrentProcess())
        return STATUS_INVALID_PARAMETER;
    if ((Value->Long & ~MEM_EXECUTE_OPTION_VALID_FLAGS) ||
        !(Value->Long & (MEM_EXECUTE_OPTION_DISABLE | MEM_EXECUTE_OPTION_ENABLE)))
        return STATUS_INVALID_PARAMETER;
    if (Process->ExecuteFlags & MEM_EXECUTE_OPTION_PERMANENT)
        return STATUS_ACCESS_DENIED;
    if (Value->Long & MEM_EXECUTE_OPTION_DISABLE)
        return STATUS_NOT_SUPPORTED;
    Process->ExecuteFlags = Value->Long;
    return STATUS_SUCCESS;
}

static NTSTATUS SetAffinityUpdateMode(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;

    if (Value->Long > 1)
        return STATUS_INVALID_PARAMETER;
    Process->AffinityUpdateMode = Value->Long;
    return STATUS_SUCCESS;
}

/* Kept: what is saved that way is energy, which nobody counts here. */
static NTSTATUS SetThrottling(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    const POWER_THROTTLING_STATE *New = &Value->Throttling;

    if (New->Version != 1 || (New->ControlMask & ~(THROTTLING_SPEED | THROTTLING_TIMER)) ||
        (New->StateMask & ~New->ControlMask))
        return STATUS_INVALID_PARAMETER;
    Process->Throttling = *New;
    return STATUS_SUCCESS;
}

/* 1: its children are debugged with it. */
static NTSTATUS SetDebugFlags(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    if (Value->Long > 1)
        return STATUS_INVALID_PARAMETER;
    ((PEPROCESS)Object)->NoDebugInherit = !Value->Long;
    return STATUS_SUCCESS;
}

#define FULL .Access = PROCESS_SET_INFORMATION

static const PSP_CLASS Table[] = {
    [ProcessQuotaLimits] = {.Access = PROCESS_SET_QUOTA,
                            .Lengths = {sizeof(QUOTA_LIMITS), sizeof(QUOTA_LIMITS_EX)},
                            .Fixed = SetQuota},
    [ProcessBasePriority] = {FULL, .Lengths = {sizeof(KPRIORITY)},
                             .Fixed = PspSetProcessBasePriority},
    [ProcessAccessToken] = {FULL, .Lengths = {sizeof(PROCESS_ACCESS_TOKEN)},
                            .Fixed = SetAccessToken},
    [ProcessDefaultHardErrorMode] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = SetHardErrorMode},
    [ProcessEnableAlignmentFaultFixup] = {FULL, .Lengths = {sizeof(BOOLEAN)}, .Alignment = 1,
                                          .Fixed = SetAlignmentFixup},
    [ProcessPriorityClass] = {FULL, .Lengths = {sizeof(PROCESS_PRIORITY_CLASS)}, .Alignment = 1,
                              .Fixed = PspSetPriorityClass},
    [ProcessAffinityMask] = {FULL, .Lengths = {sizeof(KAFFINITY)}, .Fixed = SetAffinity},
    [ProcessPriorityBoost] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = SetPriorityBoost},
    [ProcessSessionInformation] = {.Access = PROCESS_SET_INFORMATION | PROCESS_SET_SESSIONID,
                                   .Lengths = {sizeof(ULONG)},
                                   .Fixed = SetSession},
    [ProcessForegroundInformation] = {FULL, .Lengths = {sizeof(BOOLEAN)}, .Alignment = 1,
                                      .Fixed = SetForeground},
    [ProcessBreakOnTermination] = {FULL, .Lengths = {sizeof(ULONG)},
                                   .Fixed = SetBreakOnTermination},
    [ProcessDebugFlags] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = SetDebugFlags},
    [ProcessIoPriority] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = SetIoPriority},
    [ProcessExecuteFlags] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = SetExecuteFlags},
    [ProcessPagePriority] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = SetPagePriority},
    [ProcessAffinityUpdateMode] = {FULL, .Lengths = {sizeof(ULONG)},
                                   .Fixed = SetAffinityUpdateMode},
    [ProcessPowerThrottlingState] = {.Lengths = {sizeof(POWER_THROTTLING_STATE)},
                                     .Fixed = SetThrottling},
    MISSING_NtSetInformationProcess(PSP_MISSING)};

/*
 * NtSetInformationProcess: see the table. Most classes want PROCESS_SET_INFORMATION. Returns
 * STATUS_INVALID_INFO_CLASS (what cannot be set), STATUS_NOT_IMPLEMENTED (Windows' that are not
 * there), STATUS_INFO_LENGTH_MISMATCH, STATUS_DATATYPE_MISALIGNMENT, STATUS_ACCESS_VIOLATION,
 * STATUS_INVALID_PARAMETER for values, STATUS_PRIVILEGE_NOT_HELD and what handles may give.
 * (Win32: SetProcessInformation, SetPriorityClass …)
 */
NTSTATUS NtSetInformationProcess(HANDLE ProcessHandle, PROCESSINFOCLASS Class,
                                 CLIENT(PVOID) Information, ULONG Length)
{
    static const PSP_CLASSES Classes = {&PsProcessType, PROCESS_SET_LIMITED_INFORMATION,
                                        PROCESS_SET_INFORMATION, ARRAYSIZE(Table), Table};

    return PspSetInformation(&Classes, ProcessHandle, (ULONG)Class, Information, Length);
}
