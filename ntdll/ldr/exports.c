// SPDX-License-Identifier: BSD-2-Clause
/* Export tables. (Microsoft: "PE Format", the .edata section) */
#include "ldrp.h"

#define MAXIMUM_EXPORTS 0x10000 /* ordinals have 16 bits */

typedef struct _EXPORT_TABLE {
    const LDRP_IMAGE *Image;
    PIMAGE_EXPORT_DIRECTORY Directory;
    ULONG Size;
    const UNALIGNED_ULONG *Functions;
    const UNALIGNED_ULONG *Names;
    const UNALIGNED_USHORT *Ordinals;
} EXPORT_TABLE, *PEXPORT_TABLE;

static const void *TableAt(const LDRP_IMAGE *Image, ULONG Rva, ULONG Count, ULONG ElementSize)
{
    return Count <= MAXIMUM_EXPORTS ? LdrpImageTable(Image, Rva, Count, ElementSize) : NULL;
}

static BOOLEAN OpenTable(const LDRP_IMAGE *Image, PEXPORT_TABLE Table)
{
    PIMAGE_EXPORT_DIRECTORY Directory =
        LdrpImageDirectory(Image, IMAGE_DIRECTORY_ENTRY_EXPORT, sizeof(*Directory), &Table->Size);
    ULONG Names;

    if (!Directory)
        return FALSE;
    Table->Image = Image;
    Table->Directory = Directory;
    Names = Directory->NumberOfNames;
    Table->Functions =
        TableAt(Image, Directory->AddressOfFunctions, Directory->NumberOfFunctions, sizeof(ULONG));
    Table->Names = TableAt(Image, Directory->AddressOfNames, Names, sizeof(ULONG));
    Table->Ordinals = TableAt(Image, Directory->AddressOfNameOrdinals, Names, sizeof(USHORT));
    return Table->Functions && (!Names || (Table->Names && Table->Ordinals));
}

/* Compares with a name of the table; a name outside of the image is greater than all. */
static int CompareName(PEXPORT_TABLE Table, PCSTR Name, ULONG Index)
{
    PCSTR Other = LdrpImageString(Table->Image, Table->Names[Index]);

    return Other ? strcmp(Name, Other) : -1;
}

/* The table of names is sorted. Returns an index into it, or NumberOfNames. */
static ULONG FindName(PEXPORT_TABLE Table, PCSTR Name, ULONG Hint)
{
    ULONG Low = 0, Count = Table->Directory->NumberOfNames, High = Count;

    if (Hint < Count && CompareName(Table, Name, Hint) == 0)
        return Hint;
    while (Low < High) {
        ULONG Middle = Low + (High - Low) / 2;
        int Order = CompareName(Table, Name, Middle);

        if (Order == 0)
            return Middle;
        if (Order < 0)
            High = Middle;
        else
            Low = Middle + 1;
    }
    return Count;
}

/* The address of a function; one inside the export directory is the text of a forwarder. */
static NTSTATUS FunctionAt(PEXPORT_TABLE Table, ULONG Index, PLDRP_EXPORT Export)
{
    ULONG Rva = Table->Functions[Index];
    ULONG_PTR Start = (ULONG_PTR)Table->Directory - (ULONG_PTR)Table->Image->Base;

    if (!Rva || Rva >= Table->Image->Size)
        return STATUS_INVALID_IMAGE_FORMAT;
    Export->Address = NULL;
    Export->Forwarder = NULL;
    if (Rva - Start < Table->Size)
        Export->Forwarder = LdrpImageString(Table->Image, Rva);
    else
        Export->Address = Table->Image->Base + Rva;
    return Export->Address || Export->Forwarder ? STATUS_SUCCESS : STATUS_INVALID_IMAGE_FORMAT;
}

NTSTATUS LdrpFindExport(const LDRP_IMAGE *Image, PCSTR Name, ULONG Hint, ULONG Ordinal,
                        PLDRP_EXPORT Export)
{
    NTSTATUS Missing = Name ? STATUS_ENTRYPOINT_NOT_FOUND : STATUS_ORDINAL_NOT_FOUND;
    EXPORT_TABLE Table;
    ULONG Index;

    if (!OpenTable(Image, &Table))
        return Missing;
    if (Name) {
        ULONG Found = FindName(&Table, Name, Hint);

        if (Found >= Table.Directory->NumberOfNames)
            return Missing;
        Index = Table.Ordinals[Found];
    } else {
        Index = Ordinal - Table.Directory->Base;
    }
    if (Index >= Table.Directory->NumberOfFunctions || !Table.Functions[Index])
        return Missing;
    return FunctionAt(&Table, Index, Export);
}
