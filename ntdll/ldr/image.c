// SPDX-License-Identifier: BSD-2-Clause
/* Looking into a mapped image without trusting it. (Microsoft: "PE Format") */
#include "ldrp.h"

static BOOLEAN HeadersMakeSense(PIMAGE_NT_HEADERS Headers, SIZE_T ViewSize)
{
    return Headers->Signature == IMAGE_NT_SIGNATURE &&
           Headers->FileHeader.Machine == IMAGE_FILE_MACHINE_NATIVE &&
           Headers->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR_MAGIC &&
           Headers->OptionalHeader.SizeOfImage <= ViewSize &&
           Headers->OptionalHeader.SizeOfHeaders <= Headers->OptionalHeader.SizeOfImage;
}

static SIZE_T WholePages(SIZE_T Length)
{
    return (Length + PAGE_SIZE - 1) & ~(SIZE_T)(PAGE_SIZE - 1);
}

/* The headers, or NULL. They are in the first page, or behind a DOS program, if that is mapped. */
static PIMAGE_NT_HEADERS FindHeaders(PVOID Base, SIZE_T ViewSize)
{
    SIZE_T Room = ViewSize < PAGE_SIZE ? ViewSize : PAGE_SIZE;
    PIMAGE_DOS_HEADER Dos = Base;
    MEMORY_BASIC_INFORMATION Region;

    if (Room < sizeof(*Dos) || Dos->e_magic != IMAGE_DOS_SIGNATURE || Dos->e_lfanew < 0 ||
        Dos->e_lfanew % 4 != 0)
        return NULL;
    if ((SIZE_T)Dos->e_lfanew + sizeof(IMAGE_NT_HEADERS) > Room) {
        if (!NT_SUCCESS(NtQueryVirtualMemory(NtCurrentProcess(), Base, MemoryBasicInformation,
                                             &Region, sizeof(Region), NULL)))
            return NULL;
        Room = ViewSize < Region.RegionSize ? ViewSize : Region.RegionSize;
    }
    if ((SIZE_T)Dos->e_lfanew + sizeof(IMAGE_NT_HEADERS) > Room)
        return NULL;
    return (PIMAGE_NT_HEADERS)((PUCHAR)Base + Dos->e_lfanew);
}

/*
 * Finds the section table, which may end behind SizeOfHeaders, but not behind what is mapped with
 * the headers. An image whose sections are closer than pages is mapped as one piece.
 */
static BOOLEAN FindSections(PLDRP_IMAGE Image)
{
    PIMAGE_OPTIONAL_HEADER Optional = &Image->Headers->OptionalHeader;
    BOOLEAN Flat = Optional->SectionAlignment < PAGE_SIZE;
    SIZE_T Room = WholePages(Flat ? Optional->SizeOfImage : Optional->SizeOfHeaders), End;

    Image->Sections =
        (PLDRP_SECTION)((PUCHAR)Optional + Image->Headers->FileHeader.SizeOfOptionalHeader);
    Image->SectionCount = Image->Headers->FileHeader.NumberOfSections;
    End = (SIZE_T)((PUCHAR)(Image->Sections + Image->SectionCount) - Image->Base);
    Image->HeaderSize = Optional->SizeOfHeaders > End ? Optional->SizeOfHeaders : (ULONG)End;
    if (Flat)
        Image->HeaderSize = Image->Size;
    return End <= (Room ? Room : PAGE_SIZE) && Image->HeaderSize <= Image->Size;
}

/* A directory that the loader needs must be absent or lie inside the image. */
static BOOLEAN DirectoriesAreInside(const LDRP_IMAGE *Image)
{
    static const UCHAR Needed[] = {IMAGE_DIRECTORY_ENTRY_EXPORT, IMAGE_DIRECTORY_ENTRY_IMPORT,
                                   IMAGE_DIRECTORY_ENTRY_BASERELOC, IMAGE_DIRECTORY_ENTRY_TLS};
    PIMAGE_OPTIONAL_HEADER Optional = &Image->Headers->OptionalHeader;

    for (ULONG i = 0; i < ARRAYSIZE(Needed); i++) {
        IMAGE_DATA_DIRECTORY Directory = {0};

        if (Needed[i] < Optional->NumberOfRvaAndSizes)
            Directory = Optional->DataDirectory[Needed[i]];
        if (Directory.VirtualAddress && !LdrpImageExtent(Image, Directory.VirtualAddress))
            return FALSE;
    }
    return TRUE;
}

NTSTATUS LdrpOpenImage(PVOID Base, SIZE_T ViewSize, PLDRP_IMAGE Image)
{
    PIMAGE_NT_HEADERS Headers = FindHeaders(Base, ViewSize);

    if (!Headers || !HeadersMakeSense(Headers, ViewSize))
        return STATUS_INVALID_IMAGE_FORMAT;
    Image->Base = Base;
    Image->Size = (ULONG)WholePages(Headers->OptionalHeader.SizeOfImage);
    Image->Headers = Headers;
    if (!FindSections(Image) || !DirectoriesAreInside(Image))
        return STATUS_INVALID_IMAGE_FORMAT;
    return STATUS_SUCCESS;
}

/* A section is mapped at [VirtualAddress, SectionEnd): whole pages, as far as the image goes. 0:
 * nowhere. */
static ULONG SectionEnd(const LDRP_IMAGE *Image, const LDRP_SECTION *Section)
{
    ULONG Length = Section->Misc.VirtualSize ? Section->Misc.VirtualSize : Section->SizeOfRawData;
    ULONG Room;

    if (Section->VirtualAddress >= Image->Size ||
        !(Section->Characteristics &
          (IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE | IMAGE_SCN_MEM_EXECUTE)))
        return 0;
    Room = Image->Size - Section->VirtualAddress;
    Length = Length < Room ? (ULONG)WholePages(Length) : Room;
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

PVOID LdrpImageDirectory(const LDRP_IMAGE *Image, ULONG Index, ULONG Least, PULONG Size)
{
    PIMAGE_OPTIONAL_HEADER Optional = &Image->Headers->OptionalHeader;
    const IMAGE_DATA_DIRECTORY *Directory = Optional->DataDirectory + Index;
    ULONG Extent;

    if (Index >= Optional->NumberOfRvaAndSizes || Index >= IMAGE_NUMBEROF_DIRECTORY_ENTRIES ||
        !Directory->VirtualAddress)
        return NULL;
    Extent = LdrpImageExtent(Image, Directory->VirtualAddress);
    *Size = Directory->Size < Extent ? Directory->Size : Extent;
    return Extent && Extent >= Least ? Image->Base + Directory->VirtualAddress : NULL;
}

BOOLEAN LdrpAddressInImage(const LDRP_IMAGE *Image, const void *Address)
{
    return (ULONG_PTR)Address - (ULONG_PTR)Image->Base < Image->Size;
}
