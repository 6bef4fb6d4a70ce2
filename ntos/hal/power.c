/* SPDX-License-Identifier: BSD-2-Clause */
/* Power off through ACPI, and reset in every way that PCs know. */
#include "halp.h"

#define PM1_SCI_ENABLE 0x0001
#define PM1_SLEEP_TYPE_SHIFT 10
#define PM1_SLEEP_ENABLE 0x2000

#define RESET_CONTROL 0xcf9
#define KEYBOARD_STATUS 0x64
#define KEYBOARD_INPUT_FULL 0x02
#define KEYBOARD_PULSE_RESET 0xfe

#define POLLS 100000

static BOOLEAN HalpReadFadt(PHALP_FADT Fadt)
{
    ULONG Length;
    const void *Table = HalpFindAcpiTable("FACP", 0, &Length);

    *Fadt = (HALP_FADT){0};
    return Table && HalpParseFadt(Table, Length, Fadt);
}

static void HalpEnableAcpi(const HALP_FADT *Fadt)
{
    USHORT Port = (USHORT)Fadt->Pm1aControl;
    ULONG Polls;

    if ((HalReadPort16(Port) & PM1_SCI_ENABLE) || !Fadt->SmiCommand || Fadt->SmiCommand > 0xffff ||
        !Fadt->AcpiEnable)
        return;
    HalWritePort8((USHORT)Fadt->SmiCommand, Fadt->AcpiEnable);
    for (Polls = 0; Polls < POLLS && !(HalReadPort16(Port) & PM1_SCI_ENABLE); Polls++)
        continue;
}

static void HalpSleep(ULONG Port, UCHAR SleepType)
{
    USHORT Control;

    if (!Port)
        return;
    Control = HalReadPort16((USHORT)Port) & ~(7 << PM1_SLEEP_TYPE_SHIFT);
    HalWritePort16((USHORT)Port,
                   Control | (SleepType & 7) << PM1_SLEEP_TYPE_SHIFT | PM1_SLEEP_ENABLE);
}

/* The sleep types of \_S5 are in the DSDT or, as SeaBIOS has it without QEMU, in an SSDT. */
static BOOLEAN HalpFindS5(const HALP_FADT *Fadt, PUCHAR TypeA, PUCHAR TypeB)
{
    ULONG Length, Index = 0;
    const void *Table = HalpMapAcpiTable(Fadt->Dsdt, &Length);

    if (Table && HalpParseS5(Table, Length, TypeA, TypeB))
        return TRUE;
    while ((Table = HalpFindAcpiTable("SSDT", Index++, &Length)) != NULL)
        if (HalpParseS5(Table, Length, TypeA, TypeB))
            return TRUE;
    return FALSE;
}

static void HalpPowerOff(void)
{
    HALP_FADT Fadt;
    UCHAR TypeA, TypeB;

    if (!HalpReadFadt(&Fadt) || !HalpFindS5(&Fadt, &TypeA, &TypeB))
        return;
    HalpEnableAcpi(&Fadt);
    HalpSleep(Fadt.Pm1aControl, TypeA);
    HalpSleep(Fadt.Pm1bControl, TypeB);
}

/* The machine could not be switched off: the root task stops, and with it everything that waits for
 * it. */
static void __attribute__((noreturn)) HalpHalt(void)
{
    for (;;)
        seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

void HalShutdown(void)
{
    static const char Message[] = "\nIt is now safe to turn off your computer.\n";

    HalpPowerOff();
    HalSerialWrite(Message, sizeof(Message) - 1);
    HalDisplayString(Message, sizeof(Message) - 1);
    HalpHalt();
}

static void HalpPulseKeyboardReset(void)
{
    ULONG Polls;

    for (Polls = 0; Polls < POLLS && (HalReadPort8(KEYBOARD_STATUS) & KEYBOARD_INPUT_FULL); Polls++)
        continue;
    HalWritePort8(KEYBOARD_STATUS, KEYBOARD_PULSE_RESET);
}

void HalReboot(void)
{
    HALP_FADT Fadt;

    HalpReadFadt(&Fadt);
    if (Fadt.ResetSupported)
        HalWritePort8(Fadt.ResetPort, Fadt.ResetValue);
    HalWritePort8(RESET_CONTROL, 0x02);
    HalWritePort8(RESET_CONTROL, 0x06);
    HalpPulseKeyboardReset();
    HalpHalt();
}
