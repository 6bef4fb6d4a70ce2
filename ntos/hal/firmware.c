/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ACPI's tables and the SMBIOS table, as clients may read them. The entry point of SMBIOS is found
 * below 1 MB alone, where BIOSes put it: UEFI's way to it is not told by the kernel.  (ACPI 6.5,
 * 5.2.7; SMBIOS 3.6, 5.2)
 */
#include "halp.h"
#include <firmware.h>

#define ACPI_HEADER_SIZE 36
#define BIOS_START 0xf0000
#define BIOS_SIZE 0x10000
#define PARAGRAPH 16
#define ENTRY_SIZE 0x1f /* of the older entry point; the newer has fewer bytes */
#define NEW_ENTRY_SIZE 0x18
#define MAXIMUM_SMBIOS 0x40000

static HAL_FIRMWARE_TABLE AcpiTables[HAL_MAXIMUM_ACPI_TABLES];
static HAL_SMBIOS Smbios;

static ULONG Get(const UCHAR *Bytes, ULONG Length)
{
    ULONG Value = 0;

    memcpy(&Value, Bytes, Length);
    return Value;
}

static ULONG FindAcpiTables(void)
{
    ULONG RootLength, EntrySize, Offset, Count = 0;
    const UCHAR *Root = HalpRootTable(&RootLength, &EntrySize);

    for (Offset = ACPI_HEADER_SIZE;
         Root && Offset + EntrySize <= RootLength && Count < HAL_MAXIMUM_ACPI_TABLES;
         Offset += EntrySize) {
        PHAL_FIRMWARE_TABLE Table = &AcpiTables[Count];
        ULONGLONG Address = 0;

        memcpy(&Address, Root + Offset, EntrySize);
        Table->Table = HalpMapAcpiTable(Address, &Table->Length);
        if (Table->Table) {
            Table->Signature = Get(Table->Table, 4);
            Count++;
        }
    }
    return Count;
}

ULONG HalQueryAcpiTables(const HAL_FIRMWARE_TABLE **Tables)
{
    static BOOLEAN Searched;
    static ULONG Count;

    if (!Searched)
        Count = FindAcpiTables();
    Searched = TRUE;
    *Tables = AcpiTables;
    return Count;
}

/* FALSE: it is no entry point. */
static BOOLEAN ReadEntry(const UCHAR *Entry, ULONG Room, PULONGLONG Address)
{
    if (Room >= NEW_ENTRY_SIZE && !memcmp(Entry, "_SM3_", 5) && Entry[6] >= NEW_ENTRY_SIZE &&
        Entry[6] <= Room && HalpIsTableSound(Entry, Entry[6])) {
        Smbios.Major = Entry[7];
        Smbios.Minor = Entry[8];
        Smbios.Length = Get(Entry + 0xc, 4);
        *Address = Get(Entry + 0x10, 4) | (ULONGLONG)Get(Entry + 0x14, 4) << 32;
        return TRUE;
    }
    if (Room >= ENTRY_SIZE && !memcmp(Entry, "_SM_", 4) && Entry[5] >= ENTRY_SIZE - 1 &&
        Entry[5] <= Room && HalpIsTableSound(Entry, Entry[5])) {
        Smbios.Major = Entry[6];
        Smbios.Minor = Entry[7];
        Smbios.Length = Get(Entry + 0x16, 2);
        *Address = Get(Entry + 0x18, 4);
        return TRUE;
    }
    return FALSE;
}

static void FindSmbios(void)
{
    const UCHAR *Bios = MmMapDeviceMemory(BIOS_START, BIOS_SIZE, MmCached);
    ULONGLONG Address = 0;
    ULONG Offset = 0;

    while (Bios && Offset < BIOS_SIZE && !ReadEntry(Bios + Offset, BIOS_SIZE - Offset, &Address))
        Offset += PARAGRAPH;
    if (Smbios.Length && Smbios.Length <= MAXIMUM_SMBIOS)
        Smbios.Table = MmMapDeviceMemory(Address, Smbios.Length, MmCached);
    if (!Smbios.Table)
        Smbios.Length = 0;
}

const HAL_SMBIOS *HalQuerySmbios(void)
{
    static BOOLEAN Searched;

    if (!Searched)
        FindSmbios();
    Searched = TRUE;
    return &Smbios;
}
