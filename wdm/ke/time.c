/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clocks: KUSER_SHARED_DATA, which the Executive keeps, and the time-stamp counter for short
 * delays.
 */
#include "ki.h"
#include "ntdll.h"

static ULONGLONG KiReadTime(volatile KSYSTEM_TIME *Time)
{
    LARGE_INTEGER Value;

    do {
        Value.HighPart = Time->High1Time;
        Value.LowPart = Time->LowPart;
    } while (Value.HighPart != Time->High2Time);
    return Value.QuadPart;
}

ULONGLONG KiQueryInterruptTime(VOID)
{
    return KiReadTime(&KiSharedData->InterruptTime);
}

ULONGLONG KiQuerySystemTime(VOID)
{
    return KiReadTime(&KiSharedData->SystemTime);
}

ULONGLONG NTAPI KxQueryInterruptTime(VOID)
{
    return KiQueryInterruptTime();
}

ULONGLONG NTAPI KeQueryUnbiasedInterruptTime(VOID)
{
    return KiQueryInterruptTime();
}

VOID NTAPI KxQuerySystemTime(PLARGE_INTEGER Time)
{
    Time->QuadPart = KiQuerySystemTime();
}

VOID NTAPI KxQueryTickCount(PLARGE_INTEGER Count)
{
    Count->QuadPart = KiReadTime(&KiSharedData->TickCount);
}

/* Length of a tick in 100 ns. */
ULONG NTAPI KeQueryTimeIncrement(VOID)
{
    return 156250;
}

LARGE_INTEGER NTAPI KeQueryPerformanceCounter(PLARGE_INTEGER Frequency)
{
    LARGE_INTEGER Counter = {.QuadPart = 0};

    NtQueryPerformanceCounter(&Counter, Frequency);
    return Counter;
}

/* Time-stamp counts in a millisecond, measured against the performance counter: rather too many,
 * since others may run between two readings. */
static ULONGLONG KiMeasureProcessor(VOID)
{
    ULONGLONG First = __rdtsc();
    LARGE_INTEGER Frequency, Start = KeQueryPerformanceCounter(&Frequency), Now;

    if (Frequency.QuadPart < 1000)
        return 4000000;
    do {
        Now = KeQueryPerformanceCounter(NULL);
    } while (Now.QuadPart - Start.QuadPart < Frequency.QuadPart / 1000);
    return (__rdtsc() - First) * (Frequency.QuadPart / 1000) / (Now.QuadPart - Start.QuadPart);
}

/* Waits for at least MicroSeconds without giving up the processor; any IRQL. */
VOID NTAPI KeStallExecutionProcessor(ULONG MicroSeconds)
{
    static ULONGLONG CountsPerMillisecond;
    ULONGLONG Start = __rdtsc();

    if (!CountsPerMillisecond)
        CountsPerMillisecond = KiMeasureProcessor();
    while ((__rdtsc() - Start) * 1000 < MicroSeconds * CountsPerMillisecond)
        _mm_pause();
}
