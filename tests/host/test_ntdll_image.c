// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/ldr/image.c ntdll/ldr/exports.c ntdll/ldr/relocate.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -DDBG=1 -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "ldrp.h"

/* An image of three pages: headers, a section .rdata with the exports and relocations, a section
 * .data. */
#define PREFERRED_BASE 0x60000000
#define RELOCATE (IMAGE_REL_BASED_NATIVE << 12)
#define RDATA 0x1000
#define DATA 0x2000
#define IMAGE_SIZE 0x3000

void *aligned_alloc(__SIZE_TYPE__ alignment, __SIZE_TYPE__ size);
void free(void *memory);

typedef struct _RDATA_SECTION {
    IMAGE_EXPORT_DIRECTORY Exports;
    ULONG Functions[4];
    ULONG Names[3];
    USHORT Ordinals[3];
    CHAR Text[64];
    CHAR EndOfExports[2];
    IMAGE_BASE_RELOCATION Block;
    USHORT Relocations[4];
} RDATA_SECTION;

static PUCHAR Base;
static LDRP_IMAGE Image;

/* Of the view, what is mapped with its first page. */
static SIZE_T FirstRegion = PAGE_SIZE;

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE Process, PVOID BaseAddress,
                                    MEMORY_INFORMATION_CLASS Class, PVOID Buffer, SIZE_T Length,
                                    PSIZE_T ResultLength)
{
    ((PMEMORY_BASIC_INFORMATION)Buffer)->RegionSize = FirstRegion;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE Process, PVOID *BaseAddress, PSIZE_T RegionSize,
                                      ULONG NewProtect, PULONG OldProtect)
{
    return STATUS_SUCCESS;
}

static PIMAGE_NT_HEADERS HeadersOf(void)
{
    return (PIMAGE_NT_HEADERS)(Base + 0x80);
}

static RDATA_SECTION *Rdata(void)
{
    return (RDATA_SECTION *)(Base + RDATA);
}

static void SetDirectory(ULONG Index, ULONG Rva, ULONG Size)
{
    HeadersOf()->OptionalHeader.DataDirectory[Index] = (IMAGE_DATA_DIRECTORY){Rva, Size};
}

static void MakeHeaders(void)
{
    PIMAGE_NT_HEADERS Headers = HeadersOf();
    PIMAGE_SECTION_HEADER Sections = (PIMAGE_SECTION_HEADER)(Headers + 1);

    ((PIMAGE_DOS_HEADER)Base)->e_magic = IMAGE_DOS_SIGNATURE;
    ((PIMAGE_DOS_HEADER)Base)->e_lfanew = 0x80;
    Headers->Signature = IMAGE_NT_SIGNATURE;
    Headers->FileHeader.Machine = IMAGE_FILE_MACHINE_NATIVE;
    Headers->FileHeader.NumberOfSections = 2;
    Headers->FileHeader.SizeOfOptionalHeader = sizeof(IMAGE_OPTIONAL_HEADER);
    Headers->OptionalHeader.Magic = IMAGE_NT_OPTIONAL_HDR_MAGIC;
    Headers->OptionalHeader.ImageBase = PREFERRED_BASE;
    Headers->OptionalHeader.SizeOfImage = IMAGE_SIZE;
    Headers->OptionalHeader.SectionAlignment = 0x1000;
    Headers->OptionalHeader.SizeOfHeaders = 0x400;
    Headers->OptionalHeader.NumberOfRvaAndSizes = IMAGE_NUMBEROF_DIRECTORY_ENTRIES;
    Sections[0] = (IMAGE_SECTION_HEADER){.Misc.VirtualSize = sizeof(RDATA_SECTION),
                                         .VirtualAddress = RDATA,
                                         .Characteristics = IMAGE_SCN_MEM_READ};
    Sections[1] =
        (IMAGE_SECTION_HEADER){.Misc.VirtualSize = 0x800,
                               .VirtualAddress = DATA,
                               .Characteristics = IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE};
}

#define RVA(field) (RDATA + (ULONG)offsetof(RDATA_SECTION, field))

/* Exports: #10 alpha, #11 forwarded as "beta", #12 nothing, #13 gamma */
static void MakeExports(void)
{
    static const CHAR Text[64] = "alpha\0beta\0gamma\0OTHER.Name";

    memcpy(Rdata()->Text, Text, sizeof(Text));
    Rdata()->Exports = (IMAGE_EXPORT_DIRECTORY){.Base = 10,
                                                .NumberOfFunctions = 4,
                                                .NumberOfNames = 3,
                                                .AddressOfFunctions = RVA(Functions),
                                                .AddressOfNames = RVA(Names),
                                                .AddressOfNameOrdinals = RVA(Ordinals)};
    memcpy(Rdata()->Functions, (ULONG[]){DATA, RVA(Text) + 17, 0, DATA + 8}, 16);
    memcpy(Rdata()->Names, (ULONG[]){RVA(Text), RVA(Text) + 6, RVA(Text) + 11}, 12);
    memcpy(Rdata()->Ordinals, (USHORT[]){0, 1, 3}, 6);
    SetDirectory(IMAGE_DIRECTORY_ENTRY_EXPORT, RDATA, offsetof(RDATA_SECTION, EndOfExports));
}

static void MakeRelocations(void)
{
    Rdata()->Block = (IMAGE_BASE_RELOCATION){DATA, sizeof(IMAGE_BASE_RELOCATION) + 8};
    memcpy(Rdata()->Relocations, (USHORT[]){RELOCATE | 0, RELOCATE | 0x13, 0, 0}, 8);
    SetDirectory(IMAGE_DIRECTORY_ENTRY_BASERELOC, RVA(Block), sizeof(IMAGE_BASE_RELOCATION) + 8);
}

static void Make(void)
{
    free(Base);
    Base = aligned_alloc(0x1000, IMAGE_SIZE);
    memset(Base, 0, IMAGE_SIZE);
    MakeHeaders();
    MakeExports();
    MakeRelocations();
}

static NTSTATUS Open(void)
{
    return LdrpOpenImage(Base, IMAGE_SIZE, &Image);
}

TEST(a_good_image_opens)
{
    Make();
    CHECK_EQUAL(Open(), STATUS_SUCCESS);
    CHECK_EQUAL(Image.Size, IMAGE_SIZE);
    CHECK(LdrpAddressInImage(&Image, Base + IMAGE_SIZE - 1));
    CHECK(!LdrpAddressInImage(&Image, Base + IMAGE_SIZE) && !LdrpAddressInImage(&Image, Base - 1));
}

TEST(bad_headers_are_refused)
{
    Make();
    CHECK_EQUAL(LdrpOpenImage(Base, 0x40, &Image), STATUS_INVALID_IMAGE_FORMAT);
    CHECK_EQUAL(LdrpOpenImage(Base, IMAGE_SIZE - 1, &Image), STATUS_INVALID_IMAGE_FORMAT);
    HeadersOf()->FileHeader.NumberOfSections = 100;
    CHECK_EQUAL(Open(), STATUS_INVALID_IMAGE_FORMAT);
    Make();
    HeadersOf()->FileHeader.SizeOfOptionalHeader = 0xfff0;
    CHECK_EQUAL(Open(), STATUS_INVALID_IMAGE_FORMAT);
    Make();
    ((PIMAGE_DOS_HEADER)Base)->e_lfanew = 0xffc;
    CHECK_EQUAL(Open(), STATUS_INVALID_IMAGE_FORMAT);
    ((PIMAGE_DOS_HEADER)Base)->e_lfanew = -4;
    CHECK_EQUAL(Open(), STATUS_INVALID_IMAGE_FORMAT);
    Make();
    HeadersOf()->FileHeader.Machine = WORDS64 ? IMAGE_FILE_MACHINE_I386 : IMAGE_FILE_MACHINE_AMD64;
    CHECK_EQUAL(Open(), STATUS_INVALID_IMAGE_FORMAT);
}

TEST(only_headers_and_sections_are_inside)
{
    Make();
    Open();
    CHECK_EQUAL(LdrpImageExtent(&Image, 0), 0x400);
    CHECK_EQUAL(LdrpImageExtent(&Image, 0x400), 0);
    CHECK_EQUAL(LdrpImageExtent(&Image, DATA), 0x1000); /* pages are mapped whole */
    CHECK_EQUAL(LdrpImageExtent(&Image, DATA + 0xfff), 1);
    CHECK_EQUAL(LdrpImageExtent(&Image, 0xffffffff), 0);
    CHECK(LdrpImageData(&Image, DATA, 0x1000) && !LdrpImageData(&Image, DATA, 0x1001));
    CHECK(!LdrpImageData(&Image, DATA, 0));
    memset(Base + DATA, 'x', 0x1000);
    CHECK(LdrpImageString(&Image, DATA) == NULL);
    Base[DATA + 0xfff] = 0;
    CHECK(LdrpImageString(&Image, DATA) != NULL);
}

TEST(a_section_that_leaves_the_image_is_cut_off)
{
    Make();
    Open();
    Image.Sections[1].Misc.VirtualSize = 0xfffffff0;
    CHECK_EQUAL(LdrpImageExtent(&Image, DATA), IMAGE_SIZE - DATA);
    Image.Sections[1].VirtualAddress = 0xfffff000;
    CHECK_EQUAL(LdrpImageExtent(&Image, 0xfffff000), 0);
}

TEST(exports_are_found_by_name_and_ordinal)
{
    LDRP_EXPORT Export;

    Make();
    Open();
    CHECK_EQUAL(LdrpFindExport(&Image, "alpha", 0, 0, &Export), STATUS_SUCCESS);
    CHECK(Export.Address == Base + DATA && !Export.Forwarder);
    CHECK_EQUAL(LdrpFindExport(&Image, "gamma", 0, 0, &Export), STATUS_SUCCESS);
    CHECK(Export.Address == Base + DATA + 8);
    CHECK_EQUAL(LdrpFindExport(&Image, "gamma", 77, 0, &Export), STATUS_SUCCESS);
    CHECK_EQUAL(LdrpFindExport(&Image, "beta", MAXULONG, 0, &Export), STATUS_SUCCESS);
    CHECK(Export.Address == NULL);
    CHECK_TEXT(Export.Forwarder, "OTHER.Name");
    CHECK_EQUAL(LdrpFindExport(&Image, NULL, 0, 13, &Export), STATUS_SUCCESS);
    CHECK(Export.Address == Base + DATA + 8);
}

TEST(missing_exports_say_so)
{
    LDRP_EXPORT Export;

    Make();
    Open();
    CHECK_EQUAL(LdrpFindExport(&Image, "delta", 0, 0, &Export), STATUS_ENTRYPOINT_NOT_FOUND);
    CHECK_EQUAL(LdrpFindExport(&Image, "", 0, 0, &Export), STATUS_ENTRYPOINT_NOT_FOUND);
    CHECK_EQUAL(LdrpFindExport(&Image, NULL, 0, 12, &Export), STATUS_ORDINAL_NOT_FOUND);
    CHECK_EQUAL(LdrpFindExport(&Image, NULL, 0, 14, &Export), STATUS_ORDINAL_NOT_FOUND);
    CHECK_EQUAL(LdrpFindExport(&Image, NULL, 0, 9, &Export), STATUS_ORDINAL_NOT_FOUND);
    Rdata()->Exports.NumberOfNames = 0x40000000;
    CHECK_EQUAL(LdrpFindExport(&Image, "alpha", 0, 0, &Export), STATUS_ENTRYPOINT_NOT_FOUND);
}

TEST(a_directory_outside_of_the_sections_is_an_error)
{
    Make();
    SetDirectory(IMAGE_DIRECTORY_ENTRY_IMPORT, 0x3000, 40);
    CHECK_EQUAL(Open(), STATUS_INVALID_IMAGE_FORMAT);
    SetDirectory(IMAGE_DIRECTORY_ENTRY_IMPORT, 0x800, 0);
    CHECK_EQUAL(Open(), STATUS_INVALID_IMAGE_FORMAT);
    SetDirectory(IMAGE_DIRECTORY_ENTRY_IMPORT, 0, 40);
    CHECK_EQUAL(Open(), STATUS_SUCCESS);
    SetDirectory(IMAGE_DIRECTORY_ENTRY_SECURITY, 0xffffff00, 40); /* an offset in the file */
    CHECK_EQUAL(Open(), STATUS_SUCCESS);
}

TEST(the_size_of_a_directory_is_not_believed)
{
    static const ULONG Sizes[] = {0, 1, 39, 0xffffffff};
    LDRP_EXPORT Export;

    for (ULONG i = 0; i < ARRAYSIZE(Sizes); i++) {
        ULONG Size;

        Make();
        SetDirectory(IMAGE_DIRECTORY_ENTRY_EXPORT, RDATA, Sizes[i]);
        SetDirectory(IMAGE_DIRECTORY_ENTRY_IMPORT, DATA, Sizes[i]);
        SetDirectory(IMAGE_DIRECTORY_ENTRY_TLS, DATA, Sizes[i]);
        REQUIRE(Open() == STATUS_SUCCESS);
        CHECK(LdrpImageDirectory(&Image, IMAGE_DIRECTORY_ENTRY_IMPORT, 20, &Size) == Base + DATA);
        CHECK(LdrpImageDirectory(&Image, IMAGE_DIRECTORY_ENTRY_TLS, 24, &Size) == Base + DATA);
        CHECK_EQUAL(Size, Sizes[i] < 0x1000 ? Sizes[i] : 0x1000);
        CHECK(!LdrpImageDirectory(&Image, IMAGE_DIRECTORY_ENTRY_TLS, 0x1001, &Size));
        CHECK_EQUAL(LdrpFindExport(&Image, "alpha", 0, 0, &Export), STATUS_SUCCESS);
        SetDirectory(IMAGE_DIRECTORY_ENTRY_BASERELOC, RVA(Block), 0);
        CHECK_EQUAL(LdrpApplyRelocations(&Image, 0x1000), STATUS_SUCCESS); /* there are none */
    }
}

TEST(the_section_table_may_end_behind_the_size_of_headers)
{
    static const ULONG Sizes[] = {0, 0x80, 0x190, 0x1ff};

    for (ULONG i = 0; i < ARRAYSIZE(Sizes); i++) {
        Make();
        HeadersOf()->OptionalHeader.SizeOfHeaders = Sizes[i];
        CHECK_EQUAL(Open(), STATUS_SUCCESS);
        CHECK_EQUAL(LdrpImageExtent(&Image, DATA), 0x1000);
    }
}

TEST(what_is_mapped_as_one_piece_is_inside_as_a_whole)
{
    Make();
    HeadersOf()->OptionalHeader.SectionAlignment = 0x200;
    HeadersOf()->OptionalHeader.SizeOfHeaders = 0;
    HeadersOf()->OptionalHeader.SizeOfImage = IMAGE_SIZE - 0x123;
    CHECK_EQUAL(Open(), STATUS_SUCCESS);
    CHECK_EQUAL(LdrpImageExtent(&Image, 0), IMAGE_SIZE);
    CHECK_EQUAL(LdrpImageExtent(&Image, IMAGE_SIZE - 1), 1);
    CHECK_EQUAL(LdrpImageExtent(&Image, IMAGE_SIZE), 0);
}

/* A small image: the headers begin inside of the DOS header, where e_lfanew is SectionAlignment or
 * BaseOfCode; or far behind a DOS program. */
TEST(headers_may_be_anywhere_in_what_is_mapped_with_the_first_page)
{
    IMAGE_NT_HEADERS Headers;

    Make();
    Headers = *HeadersOf();
    Headers.FileHeader.NumberOfSections = 0;
    memmove(Base + 4, &Headers, sizeof(Headers));
    ((PIMAGE_DOS_HEADER)Base)->e_lfanew = 4;
    SetDirectory(IMAGE_DIRECTORY_ENTRY_EXPORT, 0, 0);
    memset(((PIMAGE_NT_HEADERS)(Base + 4))->OptionalHeader.DataDirectory, 0, 128);
    CHECK_EQUAL(Open(), STATUS_SUCCESS);
    Make();
    Headers.OptionalHeader.SizeOfHeaders = 0x2000;
    memset(Headers.OptionalHeader.DataDirectory, 0, 128);
    memcpy(Base + 0x1800, &Headers, sizeof(Headers));
    ((PIMAGE_DOS_HEADER)Base)->e_lfanew = 0x1800;
    CHECK_EQUAL(Open(), STATUS_INVALID_IMAGE_FORMAT);
    FirstRegion = 0x2000;
    CHECK_EQUAL(Open(), STATUS_SUCCESS);
    FirstRegion = PAGE_SIZE;
}

TEST(tables_may_lie_at_odd_addresses)
{
    LDRP_EXPORT Export;

    Make();
    memmove(Base + RDATA + 1, Base + RDATA, sizeof(IMAGE_EXPORT_DIRECTORY) + 34);
    ((PIMAGE_EXPORT_DIRECTORY)(Base + RDATA + 1))->AddressOfFunctions++;
    ((PIMAGE_EXPORT_DIRECTORY)(Base + RDATA + 1))->AddressOfNames++;
    ((PIMAGE_EXPORT_DIRECTORY)(Base + RDATA + 1))->AddressOfNameOrdinals++;
    SetDirectory(IMAGE_DIRECTORY_ENTRY_EXPORT, RDATA + 1, offsetof(RDATA_SECTION, EndOfExports));
    CHECK_EQUAL(Open(), STATUS_SUCCESS);
    CHECK_EQUAL(LdrpFindExport(&Image, "gamma", 0, 0, &Export), STATUS_SUCCESS);
    CHECK(Export.Address == Base + DATA + 8);
}

TEST(relocations_move_the_pointers)
{
    ULONG_PTR *First, Second;

    Make();
    Open();
    First = (ULONG_PTR *)(Base + DATA);
    *First = PREFERRED_BASE + 0x123;
    CHECK_EQUAL(LdrpApplyRelocations(&Image, 0x1000), STATUS_SUCCESS);
    CHECK_EQUAL(*First, PREFERRED_BASE + 0x1123);
    memcpy(&Second, Base + DATA + 0x13, sizeof(Second));
    CHECK_EQUAL(Second, 0x1000);
}

TEST(relocations_of_parts_of_a_pointer)
{
    static const USHORT Types[] = {IMAGE_REL_BASED_HIGH, IMAGE_REL_BASED_LOW,
                                   IMAGE_REL_BASED_HIGHLOW, IMAGE_REL_BASED_DIR64};
    static const ULONG64 Sums[] = {0x111111111111cccd, 0x11111111111199a5, 0x11111111cccd99a5,
                                   0x11111111cccd99a5};

    for (ULONG i = 0; i < ARRAYSIZE(Types); i++) {
        ULONG64 Value = 0x1111111111111111;

        Make();
        Open();
        memcpy(Base + DATA, &Value, sizeof(Value));
        Rdata()->Relocations[0] = (USHORT)(Types[i] << 12);
        Rdata()->Relocations[1] = 0;
        CHECK_EQUAL(LdrpApplyRelocations(&Image, 0xbbbc8894), STATUS_SUCCESS);
        memcpy(&Value, Base + DATA, sizeof(Value));
        CHECK_EQUAL(Value, Sums[i]);
    }
}

TEST(bad_relocations_are_refused)
{
    Make();
    Open();
    Rdata()->Relocations[1] =
        RELOCATE | (0x1001 - sizeof(ULONG_PTR)); /* the last byte lies outside of the section */
    CHECK_EQUAL(LdrpApplyRelocations(&Image, 1), STATUS_INVALID_IMAGE_FORMAT);
    Rdata()->Relocations[1] = 0x5000;
    CHECK_EQUAL(LdrpApplyRelocations(&Image, 1), STATUS_INVALID_IMAGE_FORMAT);
    Rdata()->Relocations[1] = 0;
    Rdata()->Block.SizeOfBlock = 4;
    CHECK_EQUAL(LdrpApplyRelocations(&Image, 1), STATUS_INVALID_IMAGE_FORMAT);
    SetDirectory(IMAGE_DIRECTORY_ENTRY_BASERELOC, 0, 0);
    CHECK_EQUAL(LdrpApplyRelocations(&Image, 1), STATUS_SUCCESS);
    HeadersOf()->FileHeader.Characteristics |= IMAGE_FILE_RELOCS_STRIPPED;
    CHECK_EQUAL(LdrpApplyRelocations(&Image, 1), STATUS_CONFLICTING_ADDRESSES);
}

/* The address sanitizer watches: whatever the bytes are, nothing outside of the image is
 * touched. */
TEST(a_hundred_thousand_damaged_images_do_no_harm)
{
    ULONG Random = 99;

    for (int Round = 0; Round < 100000; Round++) {
        LDRP_EXPORT Export;

        if (Round % 16 == 0)
            Make();
        for (int Damage = 0; Damage < 3; Damage++) {
            ULONG Offset;

            Random = Random * 1664525 + 1013904223;
            Offset = (Random >> 8) % 0x400;
            if (Offset >= 0x300)
                Offset += RDATA - 0x300;
            Base[Offset] = (UCHAR)(Random >> 20);
        }
        if (!NT_SUCCESS(Open()))
            continue;
        LdrpFindExport(&Image, "gamma", Random, 0, &Export);
        LdrpFindExport(&Image, NULL, 0, 10 + Random % 5, &Export);
        LdrpApplyRelocations(&Image, Random);
    }
}
