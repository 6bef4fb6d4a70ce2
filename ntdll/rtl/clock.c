// SPDX-License-Identifier: BSD-2-Clause
/* The clocks. (Win32: QueryPerformanceCounter, QueryUnbiasedInterruptTime) */
#include "rtlp.h"

LONGLONG NTAPI RtlGetSystemTimePrecise(void)
{
    LARGE_INTEGER Time;

    NtQuerySystemTime(&Time);
    return Time.QuadPart;
}

LOGICAL NTAPI RtlQueryPerformanceCounter(PLARGE_INTEGER Counter)
{
    return NT_SUCCESS(NtQueryPerformanceCounter(Counter, NULL));
}

LOGICAL NTAPI RtlQueryPerformanceFrequency(PLARGE_INTEGER Frequency)
{
    Frequency->QuadPart = SharedUserData->QpcFrequency;
    return TRUE;
}

BOOLEAN NTAPI RtlQueryUnbiasedInterruptTime(PULONGLONG Time)
{
    const volatile KSYSTEM_TIME *Interrupt = &SharedUserData->InterruptTime;
    ULONGLONG Bias;
    LONG High;
    ULONG Low;

    if (!Time)
        return FALSE;
    do {
        High = Interrupt->High1Time;
        Low = Interrupt->LowPart;
        Bias = SharedUserData->InterruptTimeBias;
    } while (High != Interrupt->High2Time || Bias != SharedUserData->InterruptTimeBias);
    *Time = ((ULONGLONG)(ULONG)High << 32 | Low) - Bias;
    return TRUE;
}
