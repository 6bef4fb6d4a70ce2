/* SPDX-License-Identifier: BSD-2-Clause */
/* The hardware that the Executive itself uses: ports, interrupts, clock, speaker, text screen,
 * serial port, power. */
#pragma once
#include <nt/nt.h>
#include <sel4/sel4.h>

struct _EPROCESS;

void HalInitialize(seL4_BootInfo *BootInfo); /* ports, serial, screen; after MmInitialize */

/* IO port ranges. A range is issued once and then shared by copies. */
NTSTATUS HalGetPortCap(ULONG First, ULONG Count, seL4_CPtr *Cap);
UCHAR HalReadPort8(USHORT Port);
void HalWritePort8(USHORT Port, UCHAR Value);

/* Interrupt Vector (ISA IRQ number for now) as an seL4 IRQ handler; STATUS_RESOURCE_IN_USE …. ISA
 * overrides applied. */
NTSTATUS HalCreateInterrupt(ULONG Vector, BOOLEAN Latched, seL4_CPtr *Handler);
void HalDeleteInterrupt(ULONG Vector, seL4_CPtr Handler);

void HalStartClock(seL4_CPtr Notification); /* PIT at 64 Hz; Notification is ke's, minted for
                                               KE_CLOCK_SIGNAL already */
void HalAcknowledgeClock(void);
ULONGLONG HalReadTsc(void);
ULONG HalTscMegahertz(void);         /* from bootinfo, else measured */
LONGLONG HalReadRealTimeClock(void); /* 100 ns since 1601, UTC */

NTSTATUS HalMakeBeep(ULONG Frequency); /* 0 = off; STATUS_INVALID_PARAMETER outside 37..32767 */
void HalSerialWrite(const char *Text, SIZE_T Length);
/* The text screen: characters, \b (also back over a line's start), \r \n \t, \f clears; scrolls;
 * the cursor follows. */
void HalDisplayString(const char *Text, SIZE_T Length);
/* The same for clients; what others write meanwhile may come between two lines. */
void HalDisplayGivingWay(const char *Text, SIZE_T Length);
void HalShutdown(void)
    __attribute__((noreturn)); /* ACPI power off (QEMU's PM ports found through ACPI), else halt */
void HalReboot(void) __attribute__((noreturn));
