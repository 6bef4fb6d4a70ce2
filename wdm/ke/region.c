/* SPDX-License-Identifier: BSD-2-Clause */
/* Critical and guarded regions, which hold back APCs. No APC is ever delivered to a driver's
 * threads; what is left is whether a thread is in one, which it may ask. */
#include "ki.h"

VOID NTAPI KeEnterCriticalRegion(VOID)
{
    KiGetCurrentThread()->CriticalRegions++;
}

static VOID KiLeave(PUSHORT Regions)
{
    if (!*Regions)
        KeBugCheckEx(APC_INDEX_MISMATCH, (ULONG_PTR)Regions, 0, 0, 1);
    --*Regions;
}

/* KeLeaveCriticalRegion: bug check APC_INDEX_MISMATCH if the thread is in none. */
VOID NTAPI KeLeaveCriticalRegion(VOID)
{
    KiLeave(&KiGetCurrentThread()->CriticalRegions);
}

VOID NTAPI KeEnterGuardedRegion(VOID)
{
    KiGetCurrentThread()->GuardedRegions++;
}

VOID NTAPI KeLeaveGuardedRegion(VOID)
{
    KiLeave(&KiGetCurrentThread()->GuardedRegions);
}

/* KeAreApcsDisabled: whether normal kernel APCs are. */
BOOLEAN NTAPI KeAreApcsDisabled(VOID)
{
    return KiGetCurrentThread()->CriticalRegions || KeAreAllApcsDisabled();
}

/* KeAreAllApcsDisabled: whether special kernel APCs are, too. */
BOOLEAN NTAPI KeAreAllApcsDisabled(VOID)
{
    return KiGetCurrentThread()->GuardedRegions || KiGetIrql() >= APC_LEVEL;
}
