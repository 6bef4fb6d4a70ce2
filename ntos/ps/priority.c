/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Priorities. A process has a base priority, from its class; a thread's is that plus an increment,
 * or it saturates at the end of its range (dynamic: 1 to 15, real time: 16 to 31). The priority in
 * effect is the base priority, as waits give no boosts here, until ThreadPriority sets another one.
 */
#include "pspinfo.h"

#define REALTIME 16 /* priorities from here on */
#define MAXIMUM_PRIORITY 31
#define SATURATION 16        /* what Windows' callers ask for; 15 is Win32's own value */
#define INCREMENT 2          /* at most, but in the real-time class */
#define REALTIME_LOWEST (-7) /* increments there */
#define REALTIME_HIGHEST 6
#define FOREGROUND_MEMORY 0x80000000u /* in a base priority: a wish about memory */

static const UCHAR ClassPriorities[] = {
    [PROCESS_PRIORITY_CLASS_IDLE] = 4,         [PROCESS_PRIORITY_CLASS_NORMAL] = 8,
    [PROCESS_PRIORITY_CLASS_HIGH] = 13,        [PROCESS_PRIORITY_CLASS_REALTIME] = 24,
    [PROCESS_PRIORITY_CLASS_BELOW_NORMAL] = 6, [PROCESS_PRIORITY_CLASS_ABOVE_NORMAL] = 10,
};

/* Drivers' threads are as urgent as their work (PsSetUrgency). */
void PspApplyPriority(PETHREAD Thread)
{
    if (!Thread->Process->DriverHost)
        PsSetUrgency(Thread, PsUrgencyPassive);
}

/* Low classes are inherited; who is more urgent does not pass that on. */
void PspInheritSettings(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments)
{
    PEPROCESS Parent = Arguments->Parent;
    static ULONGLONG LastSequenceNumber;
    UCHAR Class = Parent ? Parent->PriorityClass : PROCESS_PRIORITY_CLASS_NORMAL;

    if (Class != PROCESS_PRIORITY_CLASS_IDLE && Class != PROCESS_PRIORITY_CLASS_BELOW_NORMAL)
        Class = PROCESS_PRIORITY_CLASS_NORMAL;
    if (Arguments->PriorityClass)
        Class = Arguments->PriorityClass;
    Process->PriorityClass = Class;
    Process->BasePriority = ClassPriorities[Class];
    Process->HardErrorMode = Parent ? Parent->HardErrorMode : 1;
    if (Arguments->SetErrorMode)
        Process->HardErrorMode = Arguments->ErrorMode;
    Process->ExecuteFlags = PSP_EXECUTE_FLAGS;
    Process->IoPriority = PSP_NORMAL_IO_PRIORITY;
    Process->PagePriority = PSP_NORMAL_PAGE_PRIORITY;
    Process->MinimumWorkingSet = 50 * NEPTUNE_PAGE_SIZE;
    Process->MaximumWorkingSet = 345 * NEPTUNE_PAGE_SIZE;
    Process->SequenceNumber = ++LastSequenceNumber;
}

static BOOLEAN IsSaturated(LONG Increment)
{
    return Increment >= SATURATION - 1 || Increment <= -(SATURATION - 1);
}

static KPRIORITY Clamp(KPRIORITY Priority, KPRIORITY Lowest, KPRIORITY Highest)
{
    return Priority < Lowest ? Lowest : Priority > Highest ? Highest : Priority;
}

static KPRIORITY BasePriorityOf(PEPROCESS Process, LONG Increment)
{
    BOOLEAN Realtime = Process->BasePriority >= REALTIME;
    KPRIORITY Lowest = Realtime ? REALTIME : 1,
              Highest = Realtime ? MAXIMUM_PRIORITY : REALTIME - 1;

    if (IsSaturated(Increment))
        return Increment > 0 ? Highest : Lowest;
    return Clamp(Process->BasePriority + Increment, Lowest, Highest);
}

static void SetThread(PETHREAD Thread, LONG Increment)
{
    Thread->PriorityIncrement = Increment;
    Thread->BasePriority = BasePriorityOf(Thread->Process, Increment);
    Thread->Priority = (ULONG)Thread->BasePriority;
    PspApplyPriority(Thread);
}

/* Threads that are made meanwhile have the new priority already. */
static NTSTATUS SetProcess(PEPROCESS Process, KPRIORITY Base)
{
    PETHREAD Thread = NULL;

    Process->BasePriority = Base;
    while ((Thread = PsNextThread(Process, Thread)) != NULL) {
        SetThread(Thread, Thread->PriorityIncrement);
        KeGiveWay();
    }
    return STATUS_SUCCESS;
}

/* A class of real-time priorities wants SeIncreaseBasePriorityPrivilege. */
NTSTATUS PspSetPriorityClass(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    UCHAR Class = Value->PriorityClass.PriorityClass;

    if (Class == PROCESS_PRIORITY_CLASS_UNKNOWN || Class >= ARRAYSIZE(ClassPriorities))
        return STATUS_INVALID_PARAMETER;
    if (Class == PROCESS_PRIORITY_CLASS_REALTIME && Process->PriorityClass != Class &&
        !SeSinglePrivilegeCheck(SE_INC_BASE_PRIORITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    Process->PriorityClass = Class;
    Process->Foreground = Value->PriorityClass.Foreground != 0;
    return SetProcess(Process, ClassPriorities[Class]);
}

NTSTATUS PspSetProcessBasePriority(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PEPROCESS Process = Object;
    KPRIORITY Base = (KPRIORITY)(Value->Long & ~FOREGROUND_MEMORY);

    if (Base <= 0 || Base > MAXIMUM_PRIORITY)
        return STATUS_INVALID_PARAMETER;
    if (Base > Process->BasePriority && !SeSinglePrivilegeCheck(SE_INC_BASE_PRIORITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    return SetProcess(Process, Base);
}

/* The priority in effect, until the base priority is set. */
NTSTATUS PspSetThreadPriority(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PETHREAD Thread = Object;
    KPRIORITY Priority = (KPRIORITY)Value->Long;

    if (Priority <= 0 || Priority > MAXIMUM_PRIORITY)
        return STATUS_INVALID_PARAMETER;
    if (Priority >= REALTIME && !SeSinglePrivilegeCheck(SE_INC_BASE_PRIORITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    Thread->Priority = (ULONG)Priority;
    PspApplyPriority(Thread);
    return STATUS_SUCCESS;
}

static BOOLEAN IsIncrement(PEPROCESS Process, LONG Increment)
{
    if (Increment == SATURATION || Increment == -SATURATION || Increment == SATURATION - 1 ||
        Increment == 1 - SATURATION)
        return TRUE;
    if (Process->PriorityClass == PROCESS_PRIORITY_CLASS_REALTIME)
        return Increment >= REALTIME_LOWEST && Increment <= REALTIME_HIGHEST;
    return Increment >= -INCREMENT && Increment <= INCREMENT;
}

NTSTATUS PspSetThreadBasePriority(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PETHREAD Thread = Object;
    LONG Increment = (LONG)Value->Long;

    if (!IsIncrement(Thread->Process, Increment))
        return STATUS_INVALID_PARAMETER;
    SetThread(Thread, Increment);
    return STATUS_SUCCESS;
}

/* The base priority itself, within the range of the process. */
NTSTATUS PspSetActualBasePriority(PVOID Object, PPSP_VALUE Value, ULONG Length)
{
    PETHREAD Thread = Object;
    KPRIORITY Base = (KPRIORITY)Value->Long;

    if (Base <= 0 || Base > MAXIMUM_PRIORITY)
        return STATUS_INVALID_PARAMETER;
    if (Base >= REALTIME && !SeSinglePrivilegeCheck(SE_INC_BASE_PRIORITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    Thread->BasePriority = Base;
    Thread->PriorityIncrement = Base - Thread->Process->BasePriority;
    Thread->Priority = (ULONG)Base;
    PspApplyPriority(Thread);
    return STATUS_SUCCESS;
}
