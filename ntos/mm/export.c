/* SPDX-License-Identifier: BSD-2-Clause */
/* Exports of an image section, for the Executive's own use: where ntdll's entry points are. */
#include "mi.h"

#define MAXIMUM_NAME 64

static BOOLEAN ReadExports(PMI_SEGMENT Segment, PIMAGE_EXPORT_DIRECTORY Exports)
{
    IMAGE_DOS_HEADER Dos;
    IMAGE_DATA_DIRECTORY Directory;
    ULONG Offset =
        FIELD_OFFSET(IMAGE_NT_HEADERS, OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT]);

    return NT_SUCCESS(MiCopyFromSegment(Segment, 0, &Dos, sizeof(Dos))) &&
           NT_SUCCESS(MiCopyFromSegment(Segment, (ULONG)Dos.e_lfanew + (ULONGLONG)Offset,
                                        &Directory, sizeof(Directory))) &&
           Directory.VirtualAddress &&
           NT_SUCCESS(
               MiCopyFromSegment(Segment, Directory.VirtualAddress, Exports, sizeof(*Exports)));
}

/* As strcmp, with the name at Rva of the image; greater if that cannot be read. */
static int CompareName(PMI_SEGMENT Segment, ULONG Rva, const char *Name)
{
    ULONG Index;

    for (Index = 0; Index < MAXIMUM_NAME; Index++) {
        char Character;

        if (!NT_SUCCESS(MiCopyFromSegment(Segment, (ULONGLONG)Rva + Index, &Character, 1)))
            return 1;
        if (Character != Name[Index])
            return (UCHAR)Character < (UCHAR)Name[Index] ? -1 : 1;
        if (!Character)
            return 0;
    }
    return 1;
}

static BOOLEAN ReadElement(PMI_SEGMENT Segment, ULONG Table, ULONG Index, PVOID Element, ULONG Size)
{
    return NT_SUCCESS(MiCopyFromSegment(Segment, Table + (ULONGLONG)Index * Size, Element, Size));
}

/* The index of Name in the sorted table of names. */
static BOOLEAN FindName(PMI_SEGMENT Segment, const IMAGE_EXPORT_DIRECTORY *Exports,
                        const char *Name, PULONG Found)
{
    ULONG Low = 0, High = Exports->NumberOfNames;

    while (Low < High) {
        ULONG Middle = Low + (High - Low) / 2, Rva;
        int Order;

        if (!ReadElement(Segment, Exports->AddressOfNames, Middle, &Rva, sizeof(Rva)))
            return FALSE;
        Order = CompareName(Segment, Rva, Name);
        if (!Order) {
            *Found = Middle;
            return TRUE;
        }
        if (Order < 0)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return FALSE;
}

BOOLEAN MmReadImage(PMM_SECTION Section, ULONG Rva, PVOID Buffer, SIZE_T Length)
{
    return NT_SUCCESS(MiCopyFromSegment(Section->Segment, Rva, Buffer, Length));
}

ULONG MmFindImageExport(PMM_SECTION Section, const char *Name)
{
    PMI_SEGMENT Segment = Section->Segment;
    IMAGE_EXPORT_DIRECTORY Exports;
    ULONG Index, Rva;
    USHORT Ordinal;

    if (!Segment->SubsectionCount || !ReadExports(Segment, &Exports) ||
        !FindName(Segment, &Exports, Name, &Index) ||
        !ReadElement(Segment, Exports.AddressOfNameOrdinals, Index, &Ordinal, sizeof(Ordinal)) ||
        Ordinal >= Exports.NumberOfFunctions ||
        !ReadElement(Segment, Exports.AddressOfFunctions, Ordinal, &Rva, sizeof(Rva)) ||
        Rva >= Segment->Size)
        return 0;
    return Rva;
}
