/* SPDX-License-Identifier: BSD-2-Clause */
/* Time services. */
#include "sysinfo.h"

#define LATEST_TIME 0x20000000 /* the high part of times is below */

/* NtQuerySystemTime: 100 ns since 1601, UTC. Returns STATUS_ACCESS_VIOLATION. */
NTSTATUS NtQuerySystemTime(CLIENT(PLARGE_INTEGER) SystemTime)
{
    LARGE_INTEGER Now = {.QuadPart = KeQuerySystemTime()};

    return MmWriteClient(SystemTime, &Now);
}

/*
 * NtQueryPerformanceCounter: the counter and, if wanted, its frequency (10 MHz, as on Windows 10).
 * Returns STATUS_ACCESS_VIOLATION.  (WDK: KeQueryPerformanceCounter)
 */
NTSTATUS NtQueryPerformanceCounter(CLIENT(PLARGE_INTEGER) Counter, CLIENT(PLARGE_INTEGER) Frequency)
{
    ULONGLONG Hertz;
    LARGE_INTEGER Value = {.QuadPart = (LONGLONG)KeQueryPerformanceCounter(&Hertz)};
    NTSTATUS Status = MmWriteClient(Counter, &Value);

    if (!NT_SUCCESS(Status) || !Frequency)
        return Status;
    Value.QuadPart = (LONGLONG)Hertz;
    return MmWriteClient(Frequency, &Value);
}

/* NtQueryTimerResolution: all three are the one tick length there is, 15.625 ms. Returns
 * STATUS_ACCESS_VIOLATION. */
NTSTATUS NtQueryTimerResolution(CLIENT(PULONG) MaximumTime, CLIENT(PULONG) MinimumTime,
                                CLIENT(PULONG) CurrentTime)
{
    ULONG Tick = EXP_TICK_LENGTH;
    NTSTATUS Status = MmWriteClient(MaximumTime, &Tick);

    if (NT_SUCCESS(Status))
        Status = MmWriteClient(MinimumTime, &Tick);
    return NT_SUCCESS(Status) ? MmWriteClient(CurrentTime, &Tick) : Status;
}

/*
 * NtSetTimerResolution: asks for a tick of DesiredTime (100 ns), or takes that back. There is one
 * length only, which ActualTime receives. Returns STATUS_TIMER_RESOLUTION_NOT_SET (nothing to be
 * taken back), STATUS_ACCESS_VIOLATION.  (phnt: ntexapi.h)
 */
NTSTATUS NtSetTimerResolution(ULONG DesiredTime, BOOLEAN SetResolution, CLIENT(PULONG) ActualTime)
{
    PEPROCESS Process = PsGetCurrentProcess();
    ULONG Tick = EXP_TICK_LENGTH;
    BOOLEAN Was = Process->TimerResolutionSet;
    NTSTATUS Status = MmWriteClient(ActualTime, &Tick);

    if (!NT_SUCCESS(Status))
        return Status;
    Process->TimerResolutionSet = SetResolution != 0;
    return SetResolution || Was ? STATUS_SUCCESS : STATUS_TIMER_RESOLUTION_NOT_SET;
}

/*
 * NtSetSystemTime: PreviousTime, if given, receives the time until now. Absolute times that
 * somebody waits for already keep the moment that they had. The clock in the battery's care is not
 * set. Needs SeSystemtimePrivilege. Returns STATUS_PRIVILEGE_NOT_HELD, STATUS_INVALID_PARAMETER,
 * STATUS_ACCESS_VIOLATION.  (WDK: ZwSetSystemTime)
 */
NTSTATUS NtSetSystemTime(CLIENT(PLARGE_INTEGER) SystemTime, CLIENT(PLARGE_INTEGER) PreviousTime)
{
    LARGE_INTEGER New, Old;
    NTSTATUS Status = MmReadClient(&New, SystemTime);

    if (NT_SUCCESS(Status) && PreviousTime)
        Status = MmProbeForWrite(PreviousTime, sizeof(Old));
    if (!NT_SUCCESS(Status))
        return Status;
    if (New.QuadPart <= 0 || New.QuadPart >> 32 >= LATEST_TIME)
        return STATUS_INVALID_PARAMETER;
    if (!SeSinglePrivilegeCheck(SE_SYSTEMTIME_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    Old.QuadPart = KeSetSystemTime(New.QuadPart);
    return PreviousTime ? MmWriteClient(PreviousTime, &Old) : STATUS_SUCCESS;
}

/* NtGetTickCount: milliseconds since the system was started, which the result is, not a status.
 * (Win32: GetTickCount) */
NTSTATUS NtGetTickCount(void)
{
    return (NTSTATUS)(ULONG)(KeQueryInterruptTime() / 10000);
}

/* A client may ask for the first fields only. */
NTSTATUS ExpQueryTimeOfDay(PEXP_OUTPUT Output)
{
    SYSTEM_TIMEOFDAY_INFORMATION Time = {0};

    Output->Needed = sizeof(Time);
    if (Output->Length > sizeof(Time))
        return STATUS_INFO_LENGTH_MISMATCH;
    Time.CurrentTime.QuadPart = KeQuerySystemTime();
    Time.BootTime.QuadPart = Time.CurrentTime.QuadPart - (LONGLONG)KeQueryInterruptTime();
    Time.TimeZoneBias.QuadPart = ExpTimeZoneBias();
    return ExpAnswer(Output, &Time, sizeof(Time), 0);
}

NTSTATUS ExpQueryTimeAdjustment(PEXP_OUTPUT Output)
{
    SYSTEM_QUERY_TIME_ADJUST_INFORMATION Adjustment = {EXP_TICK_LENGTH, EXP_TICK_LENGTH, TRUE};

    return ExpAnswerExactly(Output, &Adjustment, sizeof(Adjustment));
}

/* The clock runs as it does: another speed is refused. */
NTSTATUS ExpSetTimeAdjustment(CLIENT(PVOID) Information, ULONG Length)
{
    SYSTEM_SET_TIME_ADJUST_INFORMATION Adjustment;
    NTSTATUS Status;

    if (Length != sizeof(Adjustment))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyFromClient(&Adjustment, Information, sizeof(Adjustment));
    if (!NT_SUCCESS(Status))
        return Status;
    if (!SeSinglePrivilegeCheck(SE_SYSTEMTIME_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    if (Adjustment.Enable || Adjustment.TimeAdjustment == EXP_TICK_LENGTH)
        return STATUS_SUCCESS;
    return Adjustment.TimeAdjustment ? STATUS_NOT_SUPPORTED : STATUS_INVALID_PARAMETER_2;
}
