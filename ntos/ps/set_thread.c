/* SPDX-License-Identifier: BSD-2-Clause */
/* NtSetInformationThread. */
#include "pspinfo.h"

#define HIGHEST_IO_PRIORITY 2 /* beyond: SeIncreaseBasePriorityPrivilege */
#define IO_PRIORITIES 5
#define HIGHEST_PAGE_PRIORITY 5
#define THROTTLING_MASK 0x3
#define MAXIMUM_PROCESSORS (sizeof(PVOID) * 8) /* as an ideal processor: none in particular */

static NTSTATUS SetAffinity(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return Value->Word == PSP_ALL_PROCESSORS ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS SetAlignmentFixup(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return STATUS_SUCCESS;
}

static NTSTATUS SetStartAddress(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    ((PETHREAD)Object)->Win32StartAddress = Value->Address;
    return STATUS_SUCCESS;
}

/* The status is the previous ideal processor: the one there is. */
static NTSTATUS SetIdealProcessor(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return Value->Long && Value->Long != MAXIMUM_PROCESSORS ? STATUS_INVALID_PARAMETER : 0;
}

static NTSTATUS SetIdealProcessorEx(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return Value->Processor.Group || Value->Processor.Reserved ||
                   (Value->Processor.Number && Value->Processor.Number != MAXIMUM_PROCESSORS)
               ? STATUS_INVALID_PARAMETER
               : STATUS_SUCCESS;
}

static NTSTATUS SetPriorityBoost(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    ((PETHREAD)Object)->PriorityBoostDisabled = Value->Long != 0;
    return STATUS_SUCCESS;
}

static NTSTATUS SetImpersonationToken(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return SeSetImpersonationToken(Object, Value->Handle);
}

static NTSTATUS SetHidden(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    ((PETHREAD)Object)->HideFromDebugger = TRUE;
    return STATUS_SUCCESS;
}

static NTSTATUS SetBreakOnTermination(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    if (!SeSinglePrivilegeCheck(SE_DEBUG_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    ((PETHREAD)Object)->BreakOnTermination = Value->Long != 0;
    return STATUS_SUCCESS;
}

static NTSTATUS SetIoPriority(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    if (Value->Long >= IO_PRIORITIES)
        return STATUS_INVALID_PARAMETER;
    if (Value->Long > HIGHEST_IO_PRIORITY &&
        !SeSinglePrivilegeCheck(SE_INC_BASE_PRIORITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    ((PETHREAD)Object)->IoPriority = Value->Long;
    return STATUS_SUCCESS;
}

static NTSTATUS SetPagePriority(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    if (!Value->Long || Value->Long > HIGHEST_PAGE_PRIORITY)
        return STATUS_INVALID_PARAMETER;
    ((PETHREAD)Object)->PagePriority = Value->Long;
    return STATUS_SUCCESS;
}

static NTSTATUS SetGroup(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    const GROUP_AFFINITY *Affinity = &Value->GroupAffinity;

    return Affinity->Mask != PSP_ALL_PROCESSORS || Affinity->Group || Affinity->Reserved[0] ||
                   Affinity->Reserved[1] || Affinity->Reserved[2]
               ? STATUS_INVALID_PARAMETER
               : STATUS_SUCCESS;
}

static NTSTATUS SetThrottling(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    const POWER_THROTTLING_STATE *New = &Value->Throttling;

    if (New->Version != 1 || (New->ControlMask & ~THROTTLING_MASK) ||
        (New->StateMask & ~New->ControlMask))
        return STATUS_INVALID_PARAMETER;
    ((PETHREAD)Object)->Throttling = *New;
    return STATUS_SUCCESS;
}

#define FULL .Access = THREAD_SET_INFORMATION

static const PSP_CLASS Table[] = {
    [ThreadPriority] = {FULL, .Lengths = {sizeof(KPRIORITY)}, .Fixed = PspSetThreadPriority},
    [ThreadBasePriority] = {.Lengths = {sizeof(LONG)}, .Fixed = PspSetThreadBasePriority},
    [ThreadAffinityMask] = {.Lengths = {sizeof(KAFFINITY)}, .Fixed = SetAffinity},
    [ThreadImpersonationToken] = {.Access = THREAD_SET_THREAD_TOKEN,
                                  .Lengths = {sizeof(HANDLE)},
                                  .Fixed = SetImpersonationToken},
    [ThreadEnableAlignmentFaultFixup] = {FULL, .Lengths = {sizeof(BOOLEAN)}, .Alignment = 1,
                                         .Fixed = SetAlignmentFixup},
    [ThreadQuerySetWin32StartAddress] = {FULL, .Lengths = {sizeof(PVOID)},
                                         .Fixed = SetStartAddress},
    [ThreadZeroTlsCell] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = PspZeroTlsCell},
    [ThreadIdealProcessor] = {.Lengths = {sizeof(ULONG)}, .Fixed = SetIdealProcessor},
    [ThreadPriorityBoost] = {.Lengths = {sizeof(ULONG)}, .Fixed = SetPriorityBoost},
    [ThreadHideFromDebugger] = {FULL, .Empty = TRUE, .Fixed = SetHidden},
    [ThreadBreakOnTermination] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = SetBreakOnTermination},
    [ThreadIoPriority] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = SetIoPriority},
    [ThreadPagePriority] = {.Lengths = {sizeof(ULONG)}, .Fixed = SetPagePriority},
    [ThreadActualBasePriority] = {FULL, .Lengths = {sizeof(LONG)},
                                  .Fixed = PspSetActualBasePriority},
    [ThreadGroupInformation] = {.Lengths = {sizeof(GROUP_AFFINITY)}, .Fixed = SetGroup},
    [ThreadIdealProcessorEx] = {.Lengths = {sizeof(PROCESSOR_NUMBER)},
                                .Fixed = SetIdealProcessorEx},
    [ThreadNameInformation] = {.Lengths = {sizeof(THREAD_NAME_INFORMATION)},
                               .Fixed = PspSetThreadName},
    [ThreadPowerThrottlingState] = {.Lengths = {sizeof(POWER_THROTTLING_STATE)},
                                    .Fixed = SetThrottling},
    MISSING_NtSetInformationThread(PSP_MISSING)};

/*
 * NtSetInformationThread: see the table. Some classes want THREAD_SET_INFORMATION, others
 * THREAD_SET_LIMITED_INFORMATION. Returns STATUS_INVALID_INFO_CLASS (what cannot be set),
 * STATUS_NOT_IMPLEMENTED (Windows' that are not there), STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_DATATYPE_MISALIGNMENT, STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER for values,
 * STATUS_PRIVILEGE_NOT_HELD and what handles may give. ThreadIdealProcessor returns the previous
 * one.  (WDK: ZwSetInformationThread)
 */
NTSTATUS NtSetInformationThread(HANDLE ThreadHandle, THREADINFOCLASS Class,
                                CLIENT(PVOID) Information, ULONG Length)
{
    static const PSP_CLASSES Classes = {&PsThreadType, THREAD_SET_LIMITED_INFORMATION,
                                        THREAD_SET_INFORMATION, ARRAYSIZE(Table), Table};

    return PspSetInformation(&Classes, ThreadHandle, (ULONG)Class, Information, Length);
}
