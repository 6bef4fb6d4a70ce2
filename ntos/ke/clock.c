/* SPDX-License-Identifier: BSD-2-Clause */
/* Time comes from the time-stamp counter; the clock interrupt, 64 times a second, publishes it and
 * expires timers. */
#include "kip.h"

#define TICK_LENGTH 156250 /* 100 ns */
#define COUNTER_FREQUENCY 10000000

static ULONGLONG TscBase;
static ULONGLONG TscMultiplier; /* 100 ns a TSC tick, times 2^32 */
static LONGLONG BootTime;       /* system time at interrupt time 0 */

void KiInitializeClock(void)
{
    ULONG Megahertz = HalTscMegahertz();

    if (Megahertz <
        16) /* no such processor; and the product in KeQueryInterruptTime must not overflow */
        Megahertz = 16;
    DbgPrint("ke: the time-stamp counter counts %u in a microsecond\n", Megahertz);
    TscMultiplier = (10ull << 32) / Megahertz;
    BootTime = HalReadRealTimeClock();
    TscBase = HalReadTsc();
}

ULONGLONG KeQueryInterruptTime(void)
{
    ULONGLONG Delta = HalReadTsc() - TscBase;

    return (Delta >> 32) * TscMultiplier + ((ULONG)Delta * TscMultiplier >> 32);
}

LONGLONG KeQuerySystemTime(void)
{
    return BootTime + (LONGLONG)KeQueryInterruptTime();
}

/* Readers compare the two high parts, so the low part changes between them. */
static void Publish(volatile KSYSTEM_TIME *Time, ULONGLONG Value)
{
    Time->High2Time = (LONG)(Value >> 32);
    Time->LowPart = (ULONG)Value;
    Time->High1Time = (LONG)(Value >> 32);
}

static void PublishTime(ULONGLONG Now)
{
    Publish(&MmSharedUserData->InterruptTime, Now);
    Publish(&MmSharedUserData->SystemTime, (ULONGLONG)BootTime + Now);
    Publish(&MmSharedUserData->TickCount, Now / TICK_LENGTH);
    MmSharedUserData->TickCountLowDeprecated = (ULONG)(Now / TICK_LENGTH);
}

LONGLONG KeSetSystemTime(LONGLONG Time)
{
    LONGLONG Old = KeQuerySystemTime();

    BootTime += Time - Old;
    PublishTime(KeQueryInterruptTime());
    return Old;
}

void KeSetTimeZoneBias(LONGLONG Bias)
{
    Publish(&MmSharedUserData->TimeZoneBias, (ULONGLONG)Bias);
    MmSharedUserData->TimeZoneBiasStamp++;
}

ULONGLONG KeQueryPerformanceCounter(PULONGLONG Frequency)
{
    if (Frequency)
        *Frequency = COUNTER_FREQUENCY;
    return KeQueryInterruptTime();
}

ULONGLONG KiSystemToInterruptTime(LONGLONG SystemTime)
{
    return SystemTime <= BootTime ? 0 : (ULONGLONG)(SystemTime - BootTime);
}

void KeClockInterrupt(void)
{
    ULONGLONG Now = KeQueryInterruptTime();

    HalAcknowledgeClock();
    PublishTime(Now);
    KiExpireTimers(Now);
}

void KeStartClock(void)
{
    seL4_CPtr Slot = MmAllocateSlot();

    if (!Slot || !NT_SUCCESS(KeMintSignal(KE_CLOCK_SIGNAL, Slot)))
        KeBugCheck("no capability for the clock");
    PublishTime(KeQueryInterruptTime());
    HalStartClock(Slot);
}
