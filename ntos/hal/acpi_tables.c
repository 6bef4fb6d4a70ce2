/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What we need from ACPI's tables: interrupt overrides (MADT), ports for power-off and reset
 * (FADT), the sleep types of
 * \_S5 (DSDT). Every table may hold anything: nothing is read outside of it.  (ACPI
 * specification 6.5, 5.2.9, 5.2.12)
 */
#include "halp.h"

#define MADT_ENTRIES 44
#define MADT_OVERRIDE 2
#define MADT_OVERRIDE_LENGTH 10

#define FADT_DSDT 40
#define FADT_SMI_COMMAND 48
#define FADT_ACPI_ENABLE 52
#define FADT_PM1A_CONTROL 64
#define FADT_PM1B_CONTROL 68
#define FADT_FLAGS 112
#define FADT_RESET_REGISTER 116 /* generic address: space, width, offset, size, address */
#define FADT_RESET_VALUE 128
#define FADT_X_DSDT 140
#define FADT_RESET_SUPPORTED (1u << 10)
#define FADT_MINIMUM 72
#define ACPI_SPACE_IO 1

#define AML_ZERO 0x00
#define AML_ONE 0x01
#define AML_NAME 0x08
#define AML_BYTE 0x0a
#define AML_PACKAGE 0x12
#define AML_ROOT '\\'

static ULONG HalpGet32(const UCHAR *Table, ULONG Offset)
{
    ULONG Value;

    memcpy(&Value, Table + Offset, sizeof(Value));
    return Value;
}

static ULONGLONG HalpGet64(const UCHAR *Table, ULONG Offset)
{
    return HalpGet32(Table, Offset) | (ULONGLONG)HalpGet32(Table, Offset + 4) << 32;
}

/* All bytes of a table add up to 0. */
BOOLEAN HalpIsTableSound(const void *Table, ULONG Length)
{
    const UCHAR *Bytes = Table;
    UCHAR Sum = 0;

    while (Length--)
        Sum += *Bytes++;
    return Sum == 0;
}

static void HalpApplyOverride(const UCHAR *Entry, HALP_OVERRIDE Overrides[HALP_ISA_VECTORS])
{
    UCHAR Bus = Entry[2], Source = Entry[3], Flags = Entry[8];

    if (Bus || Source >= HALP_ISA_VECTORS)
        return;
    Overrides[Source].Pin = HalpGet32(Entry, 4);
    Overrides[Source].Polarity = Flags & 3;
    Overrides[Source].Trigger = Flags >> 2 & 3;
}

/* Overrides are filled with the defaults by the caller. Pins are numbered across all IOAPICs, from
 * 0 on the first. */
void HalpParseMadt(const UCHAR *Table, ULONG Length, HALP_OVERRIDE Overrides[HALP_ISA_VECTORS])
{
    ULONG Offset = MADT_ENTRIES;

    while (Offset + 2 <= Length) {
        UCHAR Type = Table[Offset], EntryLength = Table[Offset + 1];

        if (EntryLength < 2 || EntryLength > Length - Offset)
            return;
        if (Type == MADT_OVERRIDE && EntryLength >= MADT_OVERRIDE_LENGTH)
            HalpApplyOverride(Table + Offset, Overrides);
        Offset += EntryLength;
    }
}

static void HalpParseReset(const UCHAR *Table, PHALP_FADT Fadt)
{
    ULONGLONG Address = HalpGet64(Table, FADT_RESET_REGISTER + 4);

    Fadt->ResetSupported = (HalpGet32(Table, FADT_FLAGS) & FADT_RESET_SUPPORTED) &&
                           Table[FADT_RESET_REGISTER] == ACPI_SPACE_IO && Address &&
                           Address <= 0xffff;
    Fadt->ResetPort = (USHORT)Address;
    Fadt->ResetValue = Table[FADT_RESET_VALUE];
}

BOOLEAN HalpParseFadt(const UCHAR *Table, ULONG Length, PHALP_FADT Fadt)
{
    *Fadt = (HALP_FADT){0};
    if (Length < FADT_MINIMUM)
        return FALSE;
    Fadt->Dsdt = HalpGet32(Table, FADT_DSDT);
    Fadt->SmiCommand = HalpGet32(Table, FADT_SMI_COMMAND);
    Fadt->AcpiEnable = Table[FADT_ACPI_ENABLE];
    Fadt->Pm1aControl = HalpGet32(Table, FADT_PM1A_CONTROL);
    Fadt->Pm1bControl = HalpGet32(Table, FADT_PM1B_CONTROL);
    if (Length > FADT_RESET_VALUE)
        HalpParseReset(Table, Fadt);
    if (Length >= FADT_X_DSDT + 8 && HalpGet64(Table, FADT_X_DSDT))
        Fadt->Dsdt = HalpGet64(Table, FADT_X_DSDT);
    return Fadt->Pm1aControl && Fadt->Pm1aControl <= 0xfffe && Fadt->Pm1bControl <= 0xfffe;
}

/* An integer of one byte, as sleep types are written. Returns the bytes it takes, 0 if it is
 * something else. */
static ULONG HalpParseSmallInteger(const UCHAR *Aml, ULONG Length, PUCHAR Value)
{
    if (Length >= 1 && (Aml[0] == AML_ZERO || Aml[0] == AML_ONE)) {
        *Value = Aml[0];
        return 1;
    }
    if (Length >= 2 && Aml[0] == AML_BYTE) {
        *Value = Aml[1];
        return 2;
    }
    return 0;
}

/* Aml stands behind the name: Package, its length (1 to 4 bytes), the number of elements, the
 * elements. */
static BOOLEAN HalpParsePackage(const UCHAR *Aml, ULONG Length, PUCHAR First, PUCHAR Second)
{
    ULONG Offset, Size;

    if (Length < 2 || Aml[0] != AML_PACKAGE)
        return FALSE;
    Offset = 1 + 1 + (Aml[1] >> 6) + 1;
    if (Offset >= Length)
        return FALSE;
    Size = HalpParseSmallInteger(Aml + Offset, Length - Offset, First);
    if (!Size)
        return FALSE;
    Offset += Size;
    if (!HalpParseSmallInteger(Aml + Offset, Length - Offset, Second))
        *Second = *First;
    return TRUE;
}

/* Looks for Name(\_S5, Package() {a, b, …}) without interpreting the rest. */
BOOLEAN HalpParseS5(const UCHAR *Dsdt, ULONG Length, PUCHAR SleepTypeA, PUCHAR SleepTypeB)
{
    ULONG Offset;

    for (Offset = 2; Offset + 4 < Length; Offset++) {
        const UCHAR *Name = Dsdt + Offset;

        if (memcmp(Name, "_S5_", 4))
            continue;
        if (Name[-1] != AML_NAME && !(Name[-1] == AML_ROOT && Name[-2] == AML_NAME))
            continue;
        if (HalpParsePackage(Name + 4, Length - Offset - 4, SleepTypeA, SleepTypeB))
            return TRUE;
    }
    return FALSE;
}
