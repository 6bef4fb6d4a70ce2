/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the ACPI tables are: from the kernel's copy of the RSDP over RSDT or XSDT to a table by its
 * signature. */
#include "halp.h"

#define ACPI_HEADER_SIZE 36
#define ACPI_MAXIMUM_TABLE 0x100000 /* bytes; larger ones are taken for damaged */
#define ACPI_MAXIMUM_ENTRIES 256

#define RSDP_REVISION 15
#define RSDP_RSDT 16
#define RSDP_XSDT 24
#define RSDP_V1_SIZE 20
#define RSDP_SIZE 36

/* The whole table, mapped for good. */
const void *HalpMapAcpiTable(ULONGLONG Address, PULONG Length)
{
    const UCHAR *Table = Address ? MmMapDeviceMemory(Address, ACPI_HEADER_SIZE, MmCached) : NULL;

    if (!Table)
        return NULL;
    memcpy(Length, Table + 4, sizeof(*Length));
    if (*Length < ACPI_HEADER_SIZE || *Length > ACPI_MAXIMUM_TABLE)
        return NULL;
    if (*Length + (Address & (PAGE_SIZE - 1)) > PAGE_SIZE)
        Table = MmMapDeviceMemory(Address, *Length, MmCached);
    return Table && HalpIsTableSound(Table, *Length) ? Table : NULL;
}

/* RSDT (entries of 4 bytes) or XSDT (of 8). */
const UCHAR *HalpRootTable(PULONG Length, PULONG EntrySize)
{
    ULONG RsdpLength, Rsdt;
    ULONGLONG Xsdt = 0;
    const UCHAR *Rsdp = HalpFindBootChunk(SEL4_BOOTINFO_HEADER_X86_ACPI_RSDP, &RsdpLength);
    const UCHAR *Table = NULL;

    if (!Rsdp || RsdpLength < RSDP_V1_SIZE || memcmp(Rsdp, "RSD PTR ", 8))
        return NULL;
    memcpy(&Rsdt, Rsdp + RSDP_RSDT, sizeof(Rsdt));
    if (Rsdp[RSDP_REVISION] >= 2 && RsdpLength >= RSDP_SIZE)
        memcpy(&Xsdt, Rsdp + RSDP_XSDT, sizeof(Xsdt));
    *EntrySize = sizeof(Xsdt);
    if (Xsdt)
        Table = HalpMapAcpiTable(Xsdt, Length);
    if (!Table) {
        *EntrySize = sizeof(Rsdt);
        Table = HalpMapAcpiTable(Rsdt, Length);
    }
    return Table;
}

/* A look at the signature alone, before a table is mapped as a whole. */
static BOOLEAN HalpHasSignature(ULONGLONG Address, const char Signature[4])
{
    static ULONGLONG Page;
    static const UCHAR *Mapped;
    ULONG Offset = (ULONG)(Address & (PAGE_SIZE - 1));

    if (Offset > PAGE_SIZE - 4)
        return FALSE;
    if (!Mapped || Page != Address - Offset) {
        Page = Address - Offset;
        Mapped = MmMapDeviceMemory(Page, PAGE_SIZE, MmCached);
    }
    return Mapped && !memcmp(Mapped + Offset, Signature, 4);
}

/* The table of that signature that Index others come before; NULL if there is none, or it is
 * damaged. */
const void *HalpFindAcpiTable(const char Signature[4], ULONG Index, PULONG Length)
{
    ULONG RootLength, EntrySize, Offset, Entries = 0;
    const UCHAR *Root = HalpRootTable(&RootLength, &EntrySize);

    if (!Root)
        return NULL;
    for (Offset = ACPI_HEADER_SIZE;
         Offset + EntrySize <= RootLength && Entries++ < ACPI_MAXIMUM_ENTRIES;
         Offset += EntrySize) {
        ULONGLONG Address = 0;

        memcpy(&Address, Root + Offset, EntrySize);
        if (HalpHasSignature(Address, Signature) && !Index--)
            return HalpMapAcpiTable(Address, Length);
    }
    return NULL;
}
