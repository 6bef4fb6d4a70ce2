/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationThread: what each class answers. */
#include "pspinfo.h"

static NTSTATUS QueryBasic(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PETHREAD Thread = Object;
    PTHREAD_BASIC_INFORMATION Basic = &Value->ThreadBasic;

    Basic->ExitStatus = Thread->ExitStatus;
    Basic->TebBaseAddress = Thread->Teb;
    Basic->ClientId.UniqueProcess = Thread->Process->UniqueProcessId;
    Basic->ClientId.UniqueThread = Thread->UniqueThreadId;
    Basic->AffinityMask = PSP_ALL_PROCESSORS;
    Basic->Priority = (KPRIORITY)Thread->Priority;
    Basic->BasePriority = Thread->PriorityIncrement;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryTimes(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PETHREAD Thread = Object;

    Value->Times.CreateTime.QuadPart = Thread->CreateTime;
    Value->Times.ExitTime.QuadPart = Thread->ExitTime;
    Value->Times.KernelTime.QuadPart = PS_TICKS_TO_TIME(Thread->KernelTicks);
    Value->Times.UserTime.QuadPart = PS_TICKS_TO_TIME(Thread->UserTicks);
    return STATUS_SUCCESS;
}

static NTSTATUS QueryStartAddress(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Address = ((PETHREAD)Object)->Win32StartAddress;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryPerformanceCount(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Quad.QuadPart = 0; /* as on Windows since long */
    return STATUS_SUCCESS;
}

static NTSTATUS QueryHidden(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->Flag = ((PETHREAD)Object)->HideFromDebugger;
    return STATUS_SUCCESS;
}

static NTSTATUS QueryCycles(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PETHREAD Thread = Object;

    Value->Cycles.AccumulatedCycles = PspTicksToCycles(Thread->KernelTicks + Thread->UserTicks);
    Value->Cycles.CurrentCycleCount = HalReadTsc();
    return STATUS_SUCCESS;
}

/* A piece of the thread's TEB, which may be another process's. */
static NTSTATUS QueryTebPart(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    THREAD_TEB_INFORMATION Part = Value->TebPart;
    PETHREAD Thread = Object;
    PVOID Copy;
    NTSTATUS Status;

    if (Part.TebOffset > sizeof(TEB) || Part.BytesToRead > sizeof(TEB) - Part.TebOffset)
        return STATUS_INVALID_PARAMETER;
    if (!Thread->Teb || Thread->Header.SignalState)
        return STATUS_INVALID_PARAMETER;
    Copy = ExAllocatePool(Part.BytesToRead + 1);
    if (!Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromProcess(Thread->Process, Copy, (CLIENT(PCHAR))Thread->Teb + Part.TebOffset,
                               Part.BytesToRead);
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient((CLIENT(PVOID))Part.TebInformation, Copy, Part.BytesToRead);
    ExFreePool(Copy);
    return Status;
}

static NTSTATUS QueryGroup(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    Value->GroupAffinity.Mask = PSP_ALL_PROCESSORS;
    return STATUS_SUCCESS;
}

static NTSTATUS QuerySystemThread(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PsDescribeThread(Object, &Value->SystemThread);
    return STATUS_SUCCESS;
}

/* Zero is the answer: the first processor; dynamic code is allowed; Win32's subsystem; it is not
 * profiled; names of files are as of all. */
static NTSTATUS QueryZero(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    return STATUS_SUCCESS;
}

#define LONG_QUERY(name, value)                                                                    \
    static NTSTATUS name(PVOID Object, PPSP_VALUE Value, ULONG Length)                             \
    {                                                                                              \
        PETHREAD Thread = Object;                                                                  \
                                                                                                   \
        Value->Long = (ULONG)(value);                                                              \
        return STATUS_SUCCESS;                                                                     \
    }

LONG_QUERY(QueryLastThread, Thread->Process->ActiveThreads == 1)
LONG_QUERY(QueryPriorityBoost, Thread->PriorityBoostDisabled)
LONG_QUERY(QueryIoPending, !IsListEmpty(&Thread->RequestList))
LONG_QUERY(QueryBreakOnTermination, Thread->BreakOnTermination)
LONG_QUERY(QueryTerminated, Thread->Header.SignalState != 0)
LONG_QUERY(QueryIoPriority, Thread->IoPriority)
LONG_QUERY(QueryPagePriority, Thread->PagePriority)
LONG_QUERY(QueryActualBasePriority, Thread->BasePriority)
LONG_QUERY(QuerySuspendCount, Thread->SuspendCount & ~(PS_THREAD_FROZEN | PS_THREAD_HELD))

#define FULL .Access = THREAD_QUERY_INFORMATION

static const PSP_CLASS Table[] = {
    [ThreadBasicInformation] = {.Lengths = {sizeof(THREAD_BASIC_INFORMATION)}, .Fixed = QueryBasic},
    [ThreadTimes] = {.Lengths = {sizeof(KERNEL_USER_TIMES)}, .Fixed = QueryTimes},
    [ThreadQuerySetWin32StartAddress] = {FULL, .Lengths = {sizeof(PVOID)},
                                         .Fixed = QueryStartAddress},
    [ThreadPerformanceCount] = {.Lengths = {sizeof(LARGE_INTEGER)}, .Fixed = QueryPerformanceCount},
    [ThreadAmILastThread] = PSP_LONG(QueryLastThread),
    [ThreadPriorityBoost] = PSP_LONG(QueryPriorityBoost),
    [ThreadIsIoPending] = {FULL, .Lengths = {sizeof(ULONG)}, .Fixed = QueryIoPending},
    [ThreadHideFromDebugger] = {FULL, .Lengths = {sizeof(BOOLEAN)}, .Alignment = 1,
                                .Fixed = QueryHidden},
    [ThreadBreakOnTermination] = {FULL, .Lengths = {sizeof(ULONG)},
                                  .Fixed = QueryBreakOnTermination},
    [ThreadIsTerminated] = PSP_LONG(QueryTerminated),
    [ThreadIoPriority] = PSP_LONG(QueryIoPriority),
    [ThreadCycleTime] = {.Lengths = {sizeof(THREAD_CYCLE_TIME_INFORMATION)}, .Fixed = QueryCycles},
    [ThreadPagePriority] = PSP_LONG(QueryPagePriority),
    [ThreadActualBasePriority] = PSP_LONG(QueryActualBasePriority),
    [ThreadTebInformation] = {FULL, .Lengths = {sizeof(THREAD_TEB_INFORMATION)}, .InOut = TRUE,
                              .Fixed = QueryTebPart},
    [ThreadGroupInformation] = {.Lengths = {sizeof(GROUP_AFFINITY)}, .Fixed = QueryGroup},
    [ThreadCounterProfiling] = {.Lengths = {sizeof(BOOLEAN)}, .Alignment = 1, .Fixed = QueryZero},
    [ThreadIdealProcessorEx] = {.Lengths = {sizeof(PROCESSOR_NUMBER)}, .Fixed = QueryZero},
    [ThreadSuspendCount] = PSP_LONG(QuerySuspendCount),
    [ThreadNameInformation] = {.Variable = PspQueryThreadName},
    [ThreadSystemThreadInformation] = {.Lengths = {sizeof(SYSTEM_THREAD_INFORMATION)},
                                       .Fixed = QuerySystemThread},
    [ThreadActualGroupAffinity] = {.Lengths = {sizeof(GROUP_AFFINITY)}, .Fixed = QueryGroup},
    [ThreadDynamicCodePolicyInfo] = PSP_LONG(QueryZero),
    [ThreadExplicitCaseSensitivity] = PSP_LONG(QueryZero),
    [ThreadSubsystemInformation] = PSP_LONG(QueryZero),
    MISSING_NtQueryInformationThread(PSP_MISSING)};

/*
 * NtQueryInformationThread: see the table for classes, lengths and access: most want
 * THREAD_QUERY_LIMITED_INFORMATION, some THREAD_QUERY_INFORMATION. STATUS_NOT_IMPLEMENTED for
 * classes of Windows' that are not there, STATUS_INVALID_INFO_CLASS for what cannot be asked. Class
 * and length are checked before the handle. Returns STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_DATATYPE_MISALIGNMENT, STATUS_ACCESS_VIOLATION, STATUS_BUFFER_TOO_SMALL (names) and what
 * handles may give.  (WDK: ZwQueryInformationThread)
 */
NTSTATUS NtQueryInformationThread(HANDLE ThreadHandle, THREADINFOCLASS Class,
                                  CLIENT(PVOID) Information, ULONG Length,
                                  CLIENT(PULONG) ReturnLength)
{
    static const PSP_CLASSES Classes = {&PsThreadType, THREAD_QUERY_LIMITED_INFORMATION,
                                        THREAD_QUERY_INFORMATION, ARRAYSIZE(Table), Table};

    return PspQueryInformation(&Classes, ThreadHandle, (ULONG)Class, Information, Length,
                               ReturnLength);
}
