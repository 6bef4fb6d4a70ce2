/* SPDX-License-Identifier: BSD-2-Clause */
/* Seconds since 1980, and versions that a driver asks for. */
#include "ki.h"

#undef RtlIsNtDdiVersionAvailable
#undef RtlIsServicePackVersionInstalled

#define RTLP_1980 0x01A8E79FE1D58000LL /* 1 January 1980 in 100 ns since 1601 */
#define RTLP_SECOND 10000000

VOID NTAPI RtlSecondsSince1980ToTime(ULONG ElapsedSeconds, PLARGE_INTEGER Time)
{
    Time->QuadPart = RTLP_1980 + (LONGLONG)ElapsedSeconds * RTLP_SECOND;
}

/* FALSE: the time is before or too long after. */
BOOLEAN NTAPI RtlTimeToSecondsSince1980(PLARGE_INTEGER Time, PULONG ElapsedSeconds)
{
    LONGLONG Since = Time->QuadPart - RTLP_1980;

    if (Since < 0 || Since / RTLP_SECOND > MAXULONG)
        return FALSE;
    *ElapsedSeconds = (ULONG)(Since / RTLP_SECOND);
    return TRUE;
}

BOOLEAN NTAPI RtlIsNtDdiVersionAvailable(ULONG Version)
{
    return (Version & 0xFFFF) == 0 && Version <= 0x0A000000;
}

BOOLEAN NTAPI RtlIsServicePackVersionInstalled(ULONG Version)
{
    return (Version & 0xFFFF0000) <= 0x0A000000 && (Version & 0xFFFF) == 0;
}
