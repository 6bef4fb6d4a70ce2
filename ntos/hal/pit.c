/* SPDX-License-Identifier: BSD-2-Clause */
/* The programmable interval timer: counter 0 is the clock, counter 2 the speaker and, at boot, a
 * ruler for the TSC. */
#include "halp.h"

#define PIT_COUNTER0 0x40
#define PIT_COUNTER2 0x42
#define PIT_CONTROL 0x43
#define PIT_COUNTER0_RATE 0x34   /* both bytes, mode 2 */
#define PIT_COUNTER2_SQUARE 0xb6 /* both bytes, mode 3 */
#define PIT_COUNTER2_ONCE 0xb0   /* both bytes, mode 0 */

#define SYSTEM_CONTROL 0x61
#define SYSTEM_GATE2 0x01   /* counter 2 counts */
#define SYSTEM_SPEAKER 0x02 /* its output reaches the speaker */
#define SYSTEM_OUTPUT2 0x20 /* its output */

#define CLOCK_RATE 64 /* Hz */
#define BEEP_MINIMUM 37
#define BEEP_MAXIMUM 32767
#define RULER_MILLISECONDS 10

static seL4_CPtr HalpClockHandler;

static void HalpLoadCounter(USHORT Port, UCHAR Mode, ULONG Count)
{
    HalWritePort8(PIT_CONTROL, Mode);
    HalWritePort8(Port, (UCHAR)Count);
    HalWritePort8(Port, (UCHAR)(Count >> 8));
}

static void HalpClaimPit(void)
{
    static BOOLEAN Claimed;
    seL4_CPtr Cap;

    if (!Claimed)
        Claimed = NT_SUCCESS(HalpClaimPorts(PIT_COUNTER0, 4, &Cap)) &&
                  NT_SUCCESS(HalpClaimPorts(SYSTEM_CONTROL, 1, &Cap));
}

/* Notification is signalled 64 times a second, each time HalAcknowledgeClock has been called. */
void HalStartClock(seL4_CPtr Notification)
{
    HalpClaimPit();
    if (!NT_SUCCESS(HalCreateInterrupt(HALP_CLOCK_VECTOR, TRUE, &HalpClockHandler)) ||
        seL4_IRQHandler_SetNotification(HalpClockHandler, Notification) != seL4_NoError)
        KeBugCheck("the clock's interrupt");
    HalpLoadCounter(PIT_COUNTER0, PIT_COUNTER0_RATE, HALP_PIT_FREQUENCY / CLOCK_RATE);
    HalAcknowledgeClock();
}

void HalAcknowledgeClock(void)
{
    if (seL4_IRQHandler_Ack(HalpClockHandler) != seL4_NoError)
        KeBugCheck("the clock's interrupt handler");
}

/* Frequency in hertz, 0 for silence. STATUS_INVALID_PARAMETER outside 37..32767.  (WDK:
 * BEEP_SET_PARAMETERS) */
NTSTATUS HalMakeBeep(ULONG Frequency)
{
    UCHAR Control;

    if (Frequency && (Frequency < BEEP_MINIMUM || Frequency > BEEP_MAXIMUM))
        return STATUS_INVALID_PARAMETER;
    HalpClaimPit();
    Control = HalReadPort8(SYSTEM_CONTROL) & ~(SYSTEM_GATE2 | SYSTEM_SPEAKER);
    HalWritePort8(SYSTEM_CONTROL, Control);
    if (Frequency) {
        HalpLoadCounter(PIT_COUNTER2, PIT_COUNTER2_SQUARE, HALP_PIT_FREQUENCY / Frequency);
        HalWritePort8(SYSTEM_CONTROL, Control | SYSTEM_GATE2 | SYSTEM_SPEAKER);
    }
    return STATUS_SUCCESS;
}

/* Ticks of the TSC in a microsecond, by counting a hundredth of a second; 0 if counter 2 does not
 * count. */
static ULONG HalpMeasureTsc(void)
{
    ULONG Polls = 0;
    ULONGLONG Start;

    HalpClaimPit();
    HalWritePort8(SYSTEM_CONTROL, (HalReadPort8(SYSTEM_CONTROL) & ~SYSTEM_SPEAKER) | SYSTEM_GATE2);
    HalpLoadCounter(PIT_COUNTER2, PIT_COUNTER2_ONCE,
                    HALP_PIT_FREQUENCY * RULER_MILLISECONDS / 1000);
    Start = HalReadTsc();
    while (!(HalReadPort8(SYSTEM_CONTROL) & SYSTEM_OUTPUT2))
        if (++Polls > 1000000)
            return 0;
    return (ULONG)((HalReadTsc() - Start) / (RULER_MILLISECONDS * 1000));
}

/* As the kernel has measured it at boot; else as we measure it here. Never 0. */
ULONG HalTscMegahertz(void)
{
    static ULONG Megahertz;
    ULONG Length;
    const void *Chunk = HalpFindBootChunk(SEL4_BOOTINFO_HEADER_X86_TSC_FREQ, &Length);

    if (!Megahertz && Chunk && Length >= sizeof(Megahertz))
        memcpy(&Megahertz, Chunk, sizeof(Megahertz));
    if (!Megahertz)
        Megahertz = HalpMeasureTsc();
    if (!Megahertz)
        Megahertz = 1000;
    return Megahertz;
}

ULONGLONG HalReadTsc(void)
{
    ULONG Low, High;

    __asm__ volatile("rdtsc" : "=a"(Low), "=d"(High));
    return (ULONGLONG)High << 32 | Low;
}
