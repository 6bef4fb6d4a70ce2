/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PE images as segments: headers and section table are read from the file and believed only as far
 * as they agree with each other and with the file's size. (Microsoft: "PE Format")
 */
#include <ex.h>
#include <io.h>
#include "mi.h"

#define MAXIMUM_SECTIONS 1024 /* so that one image does not hold the Executive long */
#define MAXIMUM_IMAGE_SIZE 0x7fff0000u
#define SECTOR 512u /* files are mapped from a multiple of it on, whatever FileAlignment is */

/* What must be remembered of an image while it is parsed; about 300 bytes. */
typedef struct _IMAGE_READER {
    PIO_FILE File;
    ULONGLONG FileSize;
    ULONG HeaderOffset;
    IMAGE_NT_HEADERS Headers;
} IMAGE_READER, *PIMAGE_READER;

static NTSTATUS ReadAt(PIMAGE_READER Reader, ULONGLONG Offset, PVOID Buffer, ULONG Length)
{
    ULONG Read = 0;
    NTSTATUS Status;

    if (Offset > Reader->FileSize || Length > Reader->FileSize - Offset)
        return STATUS_INVALID_IMAGE_FORMAT;
    Status = IoPageRead(Reader->File, Buffer, Length, Offset, &Read);
    if (NT_SUCCESS(Status) && Read != Length)
        Status = STATUS_INVALID_IMAGE_FORMAT;
    return Status;
}

/* ---- Headers ---- */

static NTSTATUS CheckSignature(ULONG Signature)
{
    if (Signature == IMAGE_NT_SIGNATURE)
        return STATUS_SUCCESS;
    switch (Signature & 0xffff) {
    case 0x454e: /* NE */
        return STATUS_INVALID_IMAGE_NE_FORMAT;
    case 0x454c: /* LE */
        return STATUS_INVALID_IMAGE_LE_FORMAT;
    default: /* a DOS program */
        return STATUS_INVALID_IMAGE_PROTECT;
    }
}

static NTSTATUS CheckMachine(const IMAGE_NT_HEADERS *Headers)
{
    USHORT Machine = Headers->FileHeader.Machine, Magic = Headers->OptionalHeader.Magic;

    if (Machine == IMAGE_FILE_MACHINE_NATIVE && Magic == IMAGE_NT_OPTIONAL_HDR_MAGIC)
        return STATUS_SUCCESS;
    if (Machine == IMAGE_FILE_MACHINE_I386 && Magic == IMAGE_NT_OPTIONAL_HDR32_MAGIC)
        return STATUS_INVALID_IMAGE_WIN_32;
    if (Machine == IMAGE_FILE_MACHINE_AMD64 && Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC)
        return STATUS_INVALID_IMAGE_WIN_64;
    return STATUS_INVALID_IMAGE_FORMAT;
}

static BOOLEAN IsPowerOfTwo(ULONG Value)
{
    return Value && !(Value & (Value - 1));
}

static NTSTATUS CheckOptionalHeader(PIMAGE_READER Reader)
{
    const IMAGE_OPTIONAL_HEADER *Optional = &Reader->Headers.OptionalHeader;

    if (!IsPowerOfTwo(Optional->FileAlignment) || !IsPowerOfTwo(Optional->SectionAlignment) ||
        Optional->SectionAlignment < Optional->FileAlignment)
        return STATUS_INVALID_IMAGE_FORMAT;
    if (Optional->FileAlignment < 512 && Optional->FileAlignment != Optional->SectionAlignment)
        return STATUS_INVALID_IMAGE_FORMAT;
    if (!Optional->SizeOfImage || Optional->SizeOfImage > MAXIMUM_IMAGE_SIZE ||
        Optional->SizeOfHeaders > Optional->SizeOfImage ||
        Optional->ImageBase & (MM_ALLOCATION_GRANULARITY - 1))
        return STATUS_INVALID_IMAGE_FORMAT;
    return STATUS_SUCCESS;
}

/* The optional header is read whole. SizeOfOptionalHeader, which small images set to anything, says
 * only where the section table begins. */
static NTSTATUS ReadHeaders(PIMAGE_READER Reader)
{
    IMAGE_DOS_HEADER Dos;
    const IMAGE_FILE_HEADER *FileHeader = &Reader->Headers.FileHeader;
    NTSTATUS Status;

    if (Reader->FileSize < sizeof(Dos))
        return STATUS_INVALID_IMAGE_NOT_MZ;
    Status = ReadAt(Reader, 0, &Dos, sizeof(Dos));
    if (!NT_SUCCESS(Status))
        return Status;
    if (Dos.e_magic != IMAGE_DOS_SIGNATURE)
        return STATUS_INVALID_IMAGE_NOT_MZ;
    if (Dos.e_lfanew <= 0 || Dos.e_lfanew & 3 || (ULONG)Dos.e_lfanew > Reader->FileSize)
        return STATUS_INVALID_IMAGE_PROTECT;
    Reader->HeaderOffset = (ULONG)Dos.e_lfanew;
    Status = ReadAt(Reader, Reader->HeaderOffset, &Reader->Headers, sizeof(Reader->Headers));
    if (NT_SUCCESS(Status))
        Status = CheckSignature(Reader->Headers.Signature);
    if (NT_SUCCESS(Status))
        Status = CheckMachine(&Reader->Headers);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!(FileHeader->Characteristics & IMAGE_FILE_EXECUTABLE_IMAGE) ||
        FileHeader->NumberOfSections > MAXIMUM_SECTIONS)
        return STATUS_INVALID_IMAGE_FORMAT;
    return CheckOptionalHeader(Reader);
}

/* ---- Subsections ---- */

static ULONG SectionProtection(ULONG Characteristics)
{
    static const UCHAR Protections[8] = {
        PAGE_NOACCESS, PAGE_READONLY,     PAGE_READWRITE,         PAGE_READWRITE,
        PAGE_EXECUTE,  PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_READWRITE,
    };
    ULONG Index = (Characteristics & IMAGE_SCN_MEM_READ ? 1 : 0) |
                  (Characteristics & IMAGE_SCN_MEM_WRITE ? 2 : 0) |
                  (Characteristics & IMAGE_SCN_MEM_EXECUTE ? 4 : 0);

    if (Characteristics & IMAGE_SCN_MEM_SHARED)
        return Protections[Index];
    return MiCopyOnWriteProtection(Protections[Index]);
}

static void AddSubsection(PMI_SEGMENT Segment, ULONG FirstPage, ULONG Pages, ULONG FileOffset,
                          ULONGLONG Bytes, ULONG Protect)
{
    PMI_SUBSECTION Subsection = &Segment->Subsections[Segment->SubsectionCount++];

    Subsection->FirstPage = FirstPage;
    Subsection->Pages = Pages;
    Subsection->FileOffset = FileOffset;
    Subsection->FileBytes =
        Bytes < (ULONGLONG)Pages << PAGE_SHIFT ? (ULONG)Bytes : Pages << PAGE_SHIFT;
    Subsection->Protect = Protect;
}

/* Raw data without a place in the file does not count. */
static BOOLEAN HasRawData(const IMAGE_SECTION_HEADER *Section)
{
    return Section->PointerToRawData && Section->SizeOfRawData;
}

static BOOLEAN IsRawDataValid(PIMAGE_READER Reader, const IMAGE_SECTION_HEADER *Section)
{
    return !HasRawData(Section) ||
           (ULONGLONG)Section->PointerToRawData + Section->SizeOfRawData <= Reader->FileSize;
}

/* Whole sectors, as far as the file goes: what lies beside the raw data is mapped with it. */
static ULONGLONG MappedBytes(PIMAGE_READER Reader, const IMAGE_SECTION_HEADER *Section)
{
    ULONGLONG Start = Section->PointerToRawData & ~(SECTOR - 1),
              End = (ULONGLONG)Section->PointerToRawData + Section->SizeOfRawData;

    End = (End + SECTOR - 1) & ~(ULONGLONG)(SECTOR - 1);
    return HasRawData(Section) ? (End < Reader->FileSize ? End : Reader->FileSize) - Start : 0;
}

/* Sections follow each other without gaps, each at a multiple of SectionAlignment. */
static NTSTATUS AddSection(PIMAGE_READER Reader, PMI_SEGMENT Segment,
                           const IMAGE_SECTION_HEADER *Section)
{
    PMI_SUBSECTION Previous = &Segment->Subsections[Segment->SubsectionCount - 1];
    ULONG FirstPage = Previous->FirstPage + Previous->Pages;
    ULONGLONG Alignment = Reader->Headers.OptionalHeader.SectionAlignment;
    ULONGLONG Size = Section->Misc.VirtualSize ? Section->Misc.VirtualSize : Section->SizeOfRawData;

    Size = (Size + Alignment - 1) & ~(Alignment - 1);
    if (!Size || Section->VirtualAddress != (ULONGLONG)FirstPage << PAGE_SHIFT ||
        Section->VirtualAddress + Size > (ULONGLONG)Segment->Pages << PAGE_SHIFT ||
        !IsRawDataValid(Reader, Section))
        return STATUS_INVALID_IMAGE_FORMAT;
    AddSubsection(Segment, FirstPage, (ULONG)(Size >> PAGE_SHIFT),
                  Section->PointerToRawData & ~(SECTOR - 1), MappedBytes(Reader, Section),
                  SectionProtection(Section->Characteristics));
    if (Section->Characteristics & IMAGE_SCN_MEM_EXECUTE)
        Segment->Image.ImageContainsCode = TRUE;
    return STATUS_SUCCESS;
}

/* An image whose sections are closer than pages is the file as it is, all of it writable code. */
static NTSTATUS AddFlat(PIMAGE_READER Reader, PMI_SEGMENT Segment,
                        const IMAGE_SECTION_HEADER *Sections)
{
    ULONG Index;

    for (Index = 0; Index < Reader->Headers.FileHeader.NumberOfSections; Index++)
        if (Sections[Index].SizeOfRawData &&
            Sections[Index].PointerToRawData != Sections[Index].VirtualAddress)
            return STATUS_INVALID_IMAGE_FORMAT;
    AddSubsection(Segment, 0, Segment->Pages, 0, Reader->FileSize, PAGE_EXECUTE_WRITECOPY);
    Segment->Image.ImageContainsCode = TRUE;
    return STATUS_SUCCESS;
}

static ULONGLONG TableOffset(PIMAGE_READER Reader)
{
    return Reader->HeaderOffset + FIELD_OFFSET(IMAGE_NT_HEADERS, OptionalHeader) +
           (ULONGLONG)Reader->Headers.FileHeader.SizeOfOptionalHeader;
}

/*
 * The headers are cut off behind SizeOfHeaders and filled up with zeros, but for the section table:
 * the loader in the process needs it, wherever SizeOfHeaders ends.
 */
static NTSTATUS AddHeaders(PIMAGE_READER Reader, PMI_SEGMENT Segment)
{
    const IMAGE_OPTIONAL_HEADER *Optional = &Reader->Headers.OptionalHeader;
    ULONGLONG TableEnd = TableOffset(Reader) +
                         Reader->Headers.FileHeader.NumberOfSections * sizeof(IMAGE_SECTION_HEADER),
              Bytes = Optional->SizeOfHeaders > TableEnd ? Optional->SizeOfHeaders : TableEnd,
              End = ALIGN_UP_BY((ULONGLONG)Optional->SizeOfHeaders, Optional->SectionAlignment);

    End = End ? End : Optional->SectionAlignment;
    if (End > (ULONGLONG)Segment->Pages << PAGE_SHIFT)
        return STATUS_INVALID_IMAGE_FORMAT;
    AddSubsection(Segment, 0, (ULONG)(End >> PAGE_SHIFT), 0,
                  Bytes < Reader->FileSize ? Bytes : Reader->FileSize, PAGE_READONLY);
    return STATUS_SUCCESS;
}

static NTSTATUS AddSections(PIMAGE_READER Reader, PMI_SEGMENT Segment,
                            const IMAGE_SECTION_HEADER *Sections)
{
    ULONG Index, End;
    PMI_SUBSECTION Last;
    NTSTATUS Status;

    if (Reader->Headers.OptionalHeader.SectionAlignment < PAGE_SIZE)
        return AddFlat(Reader, Segment, Sections);
    Status = AddHeaders(Reader, Segment);
    for (Index = 0; NT_SUCCESS(Status) && Index < Reader->Headers.FileHeader.NumberOfSections;
         Index++)
        Status = AddSection(Reader, Segment, &Sections[Index]);
    if (!NT_SUCCESS(Status))
        return Status;
    Last = &Segment->Subsections[Segment->SubsectionCount - 1];
    End = Last->FirstPage + Last->Pages;
    if (End < Segment->Pages)
        AddSubsection(Segment, End, Segment->Pages - End, 0, 0, PAGE_NOACCESS);
    return STATUS_SUCCESS;
}

/* ---- The segment ---- */

static void DescribeImage(PIMAGE_READER Reader, PMI_SEGMENT Segment)
{
    const IMAGE_FILE_HEADER *FileHeader = &Reader->Headers.FileHeader;
    const IMAGE_OPTIONAL_HEADER *Optional = &Reader->Headers.OptionalHeader;
    PSECTION_IMAGE_INFORMATION Image = &Segment->Image;

    Segment->ImageBase = (ULONG_PTR)Optional->ImageBase;
    Image->TransferAddress =
        (PVOID)(ULONG_PTR)(Optional->ImageBase + Optional->AddressOfEntryPoint);
    Image->MaximumStackSize = (SIZE_T)Optional->SizeOfStackReserve;
    Image->CommittedStackSize = (SIZE_T)Optional->SizeOfStackCommit;
    Image->SubSystemType = Optional->Subsystem;
    Image->SubSystemMajorVersion = Optional->MajorSubsystemVersion;
    Image->SubSystemMinorVersion = Optional->MinorSubsystemVersion;
    Image->MajorOperatingSystemVersion = Optional->MajorOperatingSystemVersion;
    Image->MinorOperatingSystemVersion = Optional->MinorOperatingSystemVersion;
    Image->ImageCharacteristics = FileHeader->Characteristics;
    Image->DllCharacteristics = Optional->DllCharacteristics;
    Image->Machine = FileHeader->Machine;
    if (Optional->SizeOfCode || Optional->AddressOfEntryPoint)
        Image->ImageContainsCode = TRUE;
    Image->ImageFileSize = (ULONG)Reader->FileSize;
    Image->CheckSum = Optional->CheckSum;
}

/* The headers, every section, and the rest behind them may each become a subsection. */
static NTSTATUS BuildSegment(PIMAGE_READER Reader, PMI_SEGMENT Segment)
{
    ULONG Count = Reader->Headers.FileHeader.NumberOfSections,
          Bytes = Count * sizeof(IMAGE_SECTION_HEADER);
    PIMAGE_SECTION_HEADER Sections = ExAllocatePool(Bytes + 1);
    NTSTATUS Status;

    Segment->Subsections = ExAllocatePool((Count + 2) * sizeof(MI_SUBSECTION));
    if (!Segment->Subsections || !Sections)
        Status = STATUS_INSUFFICIENT_RESOURCES;
    else
        Status = Bytes ? ReadAt(Reader, TableOffset(Reader), Sections, Bytes) : STATUS_SUCCESS;
    if (NT_SUCCESS(Status))
        Status = AddSections(Reader, Segment, Sections);
    if (NT_SUCCESS(Status))
        DescribeImage(Reader, Segment);
    if (Sections)
        ExFreePool(Sections);
    return Status;
}

static NTSTATUS ParseWith(PIMAGE_READER Reader, PMI_SEGMENT *Segment)
{
    NTSTATUS Status = IoQueryFileSize(Reader->File, &Reader->FileSize);

    if (NT_SUCCESS(Status))
        Status = ReadHeaders(Reader);
    if (NT_SUCCESS(Status))
        Status = MiCreateSegment(ALIGN_UP_BY(Reader->Headers.OptionalHeader.SizeOfImage, PAGE_SIZE),
                                 Reader->File, FALSE, Segment);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = BuildSegment(Reader, *Segment);
    if (!NT_SUCCESS(Status))
        MiDereferenceSegment(*Segment);
    return Status;
}

/* A new segment of the image in File. Reading may wait. */
NTSTATUS MiParseImage(PIO_FILE File, PMI_SEGMENT *Segment)
{
    PIMAGE_READER Reader = ExAllocatePool(sizeof(*Reader));
    NTSTATUS Status;

    if (!Reader)
        return STATUS_INSUFFICIENT_RESOURCES;
    Reader->File = File;
    Status = ParseWith(Reader, Segment);
    ExFreePool(Reader);
    return Status;
}
