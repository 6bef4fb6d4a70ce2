// SPDX-License-Identifier: BSD-2-Clause
/* Looking into images, for programs; the loader's own routines (ldr/image.c) do the checks. */
#include "ldrp.h"

PVOID NTAPI RtlImageNtHeader(PVOID Base)
{
    PIMAGE_DOS_HEADER Dos = Base;
    PIMAGE_NT_HEADERS Headers;

    if (!Base || Dos->e_magic != IMAGE_DOS_SIGNATURE || Dos->e_lfanew < 0 ||
        Dos->e_lfanew > 0x10000000)
        return NULL;
    Headers = (PIMAGE_NT_HEADERS)((PUCHAR)Base + Dos->e_lfanew);
    return Headers->Signature == IMAGE_NT_SIGNATURE ? Headers : NULL;
}

/* Only for images that are mapped as images. */
PVOID NTAPI RtlImageDirectoryEntryToData(PVOID Base, BOOLEAN MappedAsImage, USHORT Directory,
                                         PULONG Size)
{
    LDRP_IMAGE Image;

    *Size = 0;
    if (!MappedAsImage || !NT_SUCCESS(LdrpOpenImage(Base, MAXLONG, &Image)))
        return NULL;
    return LdrpImageDirectory(&Image, Directory, 1, Size);
}

/* The section that the bytes at Rva are in by its raw data, as of a file that is mapped as it is.
 */
PIMAGE_SECTION_HEADER NTAPI RtlImageRvaToSection(PIMAGE_NT_HEADERS Headers, PVOID Base, ULONG Rva)
{
    PIMAGE_SECTION_HEADER Section =
        (PIMAGE_SECTION_HEADER)((PUCHAR)&Headers->OptionalHeader +
                                Headers->FileHeader.SizeOfOptionalHeader);

    for (ULONG i = 0; i < Headers->FileHeader.NumberOfSections; i++, Section++) {
        if (Rva >= Section->VirtualAddress &&
            Rva - Section->VirtualAddress < Section->SizeOfRawData)
            return Section;
    }
    return NULL;
}

/* *Section, if given, is tried first, and receives the section that it was. */
PVOID NTAPI RtlImageRvaToVa(PIMAGE_NT_HEADERS Headers, PVOID Base, ULONG Rva,
                            PIMAGE_SECTION_HEADER *Section)
{
    PIMAGE_SECTION_HEADER Found = Section ? *Section : NULL;

    if (!Found || Rva < Found->VirtualAddress ||
        Rva - Found->VirtualAddress >= Found->SizeOfRawData)
        Found = RtlImageRvaToSection(Headers, Base, Rva);
    if (!Found)
        return NULL;
    if (Section)
        *Section = Found;
    return (PUCHAR)Base + Found->PointerToRawData + (Rva - Found->VirtualAddress);
}
