// SPDX-License-Identifier: BSD-2-Clause
/* Looking into a mapped image without trusting it. (Microsoft: "PE Format") */
#include "ldrp.h"

#define MAXIMUM_SECTIONS 96

/* The optional header may be shorter than our type, as long as it holds the directories that it
 * counts. */
static BOOLEAN HeadersFit(PIMAGE_NT_HEADERS Headers, SIZE_T Room)
{
    SIZE_T Optional = Headers->FileHeader.SizeOfOptionalHeader;
    ULONG Directories;

    if (Optional < offsetof(IMAGE_OPTIONAL_HEADER, DataDirectory) || Optional % sizeof(ULONG) != 0)
        return FALSE;
    Directories = Headers->OptionalHeader.NumberOfRvaAndSizes;
    if (Directories > IMAGE_NUMBEROF_DIRECTORY_ENTRIES)
        Directories = IMAGE_NUMBEROF_DIRECTORY_ENTRIES;
    if (Optional <
        offsetof(IMAGE_OPTIONAL_HEADER, DataDirectory) + Directories * sizeof(IMAGE_DATA_DIRECTORY))
        return FALSE;
    return offsetof(IMAGE_NT_HEADERS, OptionalHeader) + Optional +
               Headers->FileHeader.NumberOfSections * sizeof(IMAGE_SECTION_HEADER) <=
           Room;
}

static BOOLEAN HeadersMakeSense(PIMAGE_NT_HEADERS Headers, SIZE_T ViewSize)
{
    return Headers->Signature == IMAGE_NT_SIGNATURE &&
           Headers->FileHeader.Machine == IMAGE_FILE_MACHINE_NATIVE &&
           Headers->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR_MAGIC &&
           Headers->FileHeader.NumberOfSections <= MAXIMUM_SECTIONS &&
           Headers->OptionalHeader.SizeOfImage <= ViewSize &&
           Headers->OptionalHeader.SizeOfHeaders <= Headers->OptionalHeader.SizeOfImage;
}

/* A directory that the loader needs is not there, or it is inside. */
static BOOLEAN DirectoriesAreInside(const LDRP_IMAGE *Image)
{
    static const UCHAR Needed[] = {IMAGE_DIRECTORY_ENTRY_EXPORT, IMAGE_DIRECTORY_ENTRY_IMPORT,
                                   IMAGE_DIRECTORY_ENTRY_BASERELOC, IMAGE_DIRECTORY_ENTRY_TLS};
    PIMAGE_OPTIONAL_HEADER Optional = &Image->Headers->OptionalHeader;

    for (ULONG i = 0; i < ARRAYSIZE(Needed); i++) {
        IMAGE_DATA_DIRECTORY Directory = {0};

        if (Needed[i] < Optional->NumberOfRvaAndSizes)
            Directory = Optional->DataDirectory[Needed[i]];
        if (Directory.VirtualAddress && Directory.Size &&
            !LdrpImageExtent(Image, Directory.VirtualAddress))
            return FALSE;
    }
    return TRUE;
}

NTSTATUS LdrpOpenImage(PVOID Base, SIZE_T ViewSize, PLDRP_IMAGE Image)
{
    PIMAGE_DOS_HEADER Dos = Base;
    SIZE_T Room = ViewSize < PAGE_SIZE ? ViewSize : PAGE_SIZE; /* what is mapped for certain */
    PIMAGE_NT_HEADERS Headers;

    if (Room < sizeof(*Dos) || Dos->e_magic != IMAGE_DOS_SIGNATURE || Dos->e_lfanew < 0 ||
        Dos->e_lfanew % 4 != 0 || (SIZE_T)Dos->e_lfanew + sizeof(*Headers) > Room)
        return STATUS_INVALID_IMAGE_FORMAT;
    Headers = (PIMAGE_NT_HEADERS)((PUCHAR)Base + Dos->e_lfanew);
    if (!HeadersMakeSense(Headers, ViewSize) || !HeadersFit(Headers, Room - (SIZE_T)Dos->e_lfanew))
        return STATUS_INVALID_IMAGE_FORMAT;
    Image->Base = Base;
    Image->Size = Headers->OptionalHeader.SizeOfImage;
    Image->Headers = Headers;
    Image->Sections = (PIMAGE_SECTION_HEADER)((PUCHAR)&Headers->OptionalHeader +
                                              Headers->FileHeader.SizeOfOptionalHeader);
    Image->SectionCount = Headers->FileHeader.NumberOfSections;
    Image->HeaderSize = Headers->OptionalHeader.SizeOfHeaders;
    return DirectoriesAreInside(Image) ? STATUS_SUCCESS : STATUS_INVALID_IMAGE_FORMAT;
}

/* Where a section is mapped: [VirtualAddress, SectionEnd), cut off at the image's end. 0: nowhere.
 */
static ULONG SectionEnd(const LDRP_IMAGE *Image, const IMAGE_SECTION_HEADER *Section)
{
    ULONG Length = Section->Misc.VirtualSize ? Section->Misc.VirtualSize : Section->SizeOfRawData;
    ULONG Room;

    if (Section->VirtualAddress >= Image->Size ||
        !(Section->Characteristics &
          (IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE | IMAGE_SCN_MEM_EXECUTE)))
        return 0;
    Room = Image->Size - Section->VirtualAddress;
    return Section->VirtualAddress + (Length < Room ? Length : Room);
}

ULONG LdrpImageExtent(const LDRP_IMAGE *Image, ULONG Rva)
{
    if (Rva < Image->HeaderSize)
        return Image->HeaderSize - Rva;
    for (ULONG i = 0; i < Image->SectionCount; i++) {
        ULONG End = SectionEnd(Image, &Image->Sections[i]);

        if (Rva >= Image->Sections[i].VirtualAddress && Rva < End)
            return End - Rva;
    }
    return 0;
}

PVOID LdrpImageData(const LDRP_IMAGE *Image, ULONG Rva, SIZE_T Length)
{
    return Length && Length <= LdrpImageExtent(Image, Rva) ? Image->Base + Rva : NULL;
}

PVOID LdrpImageTable(const LDRP_IMAGE *Image, ULONG Rva, ULONG Count, ULONG ElementSize)
{
    if (!Count || Count > LdrpImageExtent(Image, Rva) / ElementSize)
        return NULL;
    return Image->Base + Rva;
}

PCSTR LdrpImageString(const LDRP_IMAGE *Image, ULONG Rva)
{
    ULONG Extent = LdrpImageExtent(Image, Rva);
    PCSTR String;

    if (!Extent)
        return NULL;
    String = (PCSTR)Image->Base + Rva;
    return strnlen(String, Extent) < Extent ? String : NULL;
}

PVOID LdrpImageDirectory(const LDRP_IMAGE *Image, ULONG Index, PULONG Size)
{
    PIMAGE_OPTIONAL_HEADER Optional = &Image->Headers->OptionalHeader;
    ULONG Extent;

    if (Index >= Optional->NumberOfRvaAndSizes || Index >= IMAGE_NUMBEROF_DIRECTORY_ENTRIES ||
        !Optional->DataDirectory[Index].VirtualAddress || !Optional->DataDirectory[Index].Size)
        return NULL;
    Extent = LdrpImageExtent(Image, Optional->DataDirectory[Index].VirtualAddress);
    *Size =
        Optional->DataDirectory[Index].Size < Extent ? Optional->DataDirectory[Index].Size : Extent;
    return Extent ? Image->Base + Optional->DataDirectory[Index].VirtualAddress : NULL;
}

BOOLEAN LdrpAddressInImage(const LDRP_IMAGE *Image, const void *Address)
{
    return (ULONG_PTR)Address - (ULONG_PTR)Image->Base < Image->Size;
}
