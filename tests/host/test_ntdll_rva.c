// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/rtl/image.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "ldrp.h"

/* What image.c has for images that are mapped as images; not used here. */
NTSTATUS LdrpOpenImage(PVOID Base, SIZE_T ViewSize, PLDRP_IMAGE Image)
{
    return STATUS_INVALID_IMAGE_FORMAT;
}

PVOID LdrpImageDirectory(const LDRP_IMAGE *Image, ULONG Index, ULONG Least, PULONG Size)
{
    return NULL;
}

NTSTATUS NTAPI LdrFindEntryForAddress(PVOID Address, PLDR_DATA_TABLE_ENTRY *Entry)
{
    return STATUS_NO_MORE_ENTRIES;
}

TEST(rvas_are_found_in_the_raw_data_of_sections)
{
    static struct {
        IMAGE_NT_HEADERS Headers;
        IMAGE_SECTION_HEADER Sections[2];
    } File;
    static UCHAR Bytes[0x800];
    PIMAGE_SECTION_HEADER Section = NULL;

    File.Headers.FileHeader.NumberOfSections = 2;
    File.Headers.FileHeader.SizeOfOptionalHeader = sizeof(File.Headers.OptionalHeader);
    File.Sections[0].VirtualAddress = 0x1000;
    File.Sections[0].SizeOfRawData = 0x200;
    File.Sections[0].PointerToRawData = 0x400;
    File.Sections[1].VirtualAddress = 0x3000;
    File.Sections[1].SizeOfRawData = 0x100;
    File.Sections[1].PointerToRawData = 0x600;
    CHECK(RtlImageRvaToVa(&File.Headers, Bytes, 0x1010, &Section) == Bytes + 0x410);
    CHECK(Section == &File.Sections[0]);
    CHECK(RtlImageRvaToVa(&File.Headers, Bytes, 0x30ff, &Section) == Bytes + 0x6ff);
    CHECK(Section == &File.Sections[1]);
    CHECK(!RtlImageRvaToVa(&File.Headers, Bytes, 0x3100, &Section));
    CHECK(!RtlImageRvaToVa(&File.Headers, Bytes, 0xfff, NULL));
    CHECK(RtlImageRvaToSection(&File.Headers, Bytes, 0x11ff) == &File.Sections[0]);
}
