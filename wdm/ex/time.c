/* SPDX-License-Identifier: BSD-2-Clause */
/* Local time, and the resolution of the clock. */
#include "ki.h"
#include "ntdll.h"

static LONGLONG ExpBias(VOID)
{
    LARGE_INTEGER Bias;

    do {
        Bias.HighPart = KiSharedData->TimeZoneBias.High1Time;
        Bias.LowPart = KiSharedData->TimeZoneBias.LowPart;
    } while (Bias.HighPart != KiSharedData->TimeZoneBias.High2Time);
    return Bias.QuadPart;
}

VOID NTAPI ExSystemTimeToLocalTime(PLARGE_INTEGER SystemTime, PLARGE_INTEGER LocalTime)
{
    LocalTime->QuadPart = SystemTime->QuadPart - ExpBias();
}

VOID NTAPI ExLocalTimeToSystemTime(PLARGE_INTEGER LocalTime, PLARGE_INTEGER SystemTime)
{
    SystemTime->QuadPart = LocalTime->QuadPart + ExpBias();
}

/* ExSetTimerResolution: 100 ns; the resolution that is in force now. SetResolution FALSE: the
 * driver does not need what it asked for any more. */
ULONG NTAPI ExSetTimerResolution(ULONG DesiredTime, BOOLEAN SetResolution)
{
    ULONG Current = 0;

    if (!NT_SUCCESS(NtSetTimerResolution(DesiredTime, SetResolution, &Current)) && !Current)
        return KeQueryTimeIncrement();
    return Current;
}
