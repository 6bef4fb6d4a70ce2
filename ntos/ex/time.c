/* SPDX-License-Identifier: BSD-2-Clause */
/* Time services. */
#include "exp.h"

#define TICK_LENGTH 156250 /* 100 ns */

/* NtQuerySystemTime: 100 ns since 1601, UTC. Returns STATUS_ACCESS_VIOLATION. */
NTSTATUS NtQuerySystemTime(PLARGE_INTEGER SystemTime)
{
    LARGE_INTEGER Now = {.QuadPart = KeQuerySystemTime()};

    return MmWriteClient(SystemTime, &Now);
}

/*
 * NtQueryPerformanceCounter: the counter and, if wanted, its frequency (10 MHz, as on Windows 10).
 * Returns STATUS_ACCESS_VIOLATION.  (WDK: KeQueryPerformanceCounter)
 */
NTSTATUS NtQueryPerformanceCounter(PLARGE_INTEGER Counter, PLARGE_INTEGER Frequency)
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
NTSTATUS NtQueryTimerResolution(PULONG MaximumTime, PULONG MinimumTime, PULONG CurrentTime)
{
    ULONG Tick = TICK_LENGTH;
    NTSTATUS Status = MmWriteClient(MaximumTime, &Tick);

    if (NT_SUCCESS(Status))
        Status = MmWriteClient(MinimumTime, &Tick);
    return NT_SUCCESS(Status) ? MmWriteClient(CurrentTime, &Tick) : Status;
}
