// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/mm/image.c ntos/mm/protect.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c
// options: -DNEPTUNE_HOST_TEST -Iinclude -Intos/inc -Ilibsel4/include -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "../../ntos/mm/mi.h"
#include <io.h>
#include "pool.h"

#define FILE_SIZE 0x1a00
#define SECTIONS 3
/* PE32+, or PE32 when test_mm_image32.c includes this. */
#define IS_64_BIT (IMAGE_FILE_MACHINE_NATIVE == IMAGE_FILE_MACHINE_AMD64)
#define BASE (IS_64_BIT ? 0x140000000 : 0x10000000)

static UCHAR File[FILE_SIZE];
static ULONGLONG FileSize;
static IO_FILE FileObject;

#include "imagefile.h"

/* ---- A good image, PE32+ or PE32 ---- */

static PIMAGE_NT_HEADERS Headers(void)
{
    return (PIMAGE_NT_HEADERS)(File + 0x80);
}

static PIMAGE_SECTION_HEADER Section(ULONG Index)
{
    return (PIMAGE_SECTION_HEADER)(Headers() + 1) + Index;
}

static void SetSection(ULONG Index, ULONG Rva, ULONG Size, ULONG Raw, ULONG RawSize,
                       ULONG Characteristics)
{
    Section(Index)->VirtualAddress = Rva;
    Section(Index)->Misc.VirtualSize = Size;
    Section(Index)->PointerToRawData = Raw;
    Section(Index)->SizeOfRawData = RawSize;
    Section(Index)->Characteristics = Characteristics;
}

static void MakeImage(void)
{
    PIMAGE_OPTIONAL_HEADER Optional = &Headers()->OptionalHeader;

    memset(File, 0, sizeof(File));
    FileSize = FILE_SIZE;
    ((PIMAGE_DOS_HEADER)File)->e_magic = IMAGE_DOS_SIGNATURE;
    ((PIMAGE_DOS_HEADER)File)->e_lfanew = 0x80;
    Headers()->Signature = IMAGE_NT_SIGNATURE;
    Headers()->FileHeader.Machine = IMAGE_FILE_MACHINE_NATIVE;
    Headers()->FileHeader.NumberOfSections = SECTIONS;
    Headers()->FileHeader.SizeOfOptionalHeader = sizeof(*Optional);
    Headers()->FileHeader.Characteristics = IMAGE_FILE_EXECUTABLE_IMAGE;
    Optional->Magic = IMAGE_NT_OPTIONAL_HDR_MAGIC;
    Optional->ImageBase = BASE;
    Optional->AddressOfEntryPoint = 0x1010;
    Optional->SectionAlignment = 0x1000;
    Optional->FileAlignment = 0x200;
    Optional->SizeOfImage = 0x7000;
    Optional->SizeOfHeaders = 0x400;
    Optional->Subsystem = IMAGE_SUBSYSTEM_NATIVE;
    Optional->SizeOfStackReserve = 0x100000;
    Optional->SizeOfStackCommit = 0x2000;
    SetSection(0, 0x1000, 0x1100, 0x400, 0x1200,
               IMAGE_SCN_CNT_CODE | IMAGE_SCN_MEM_EXECUTE | IMAGE_SCN_MEM_READ);
    SetSection(1, 0x3000, 0x2000, 0x1600, 0x200, IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE);
    SetSection(2, 0x5000, 0x10, 0x1800, 0x200, IMAGE_SCN_MEM_READ);
}

static NTSTATUS Parse(void)
{
    PMI_SEGMENT Segment;
    NTSTATUS Status = MiParseImage(&FileObject, &Segment);

    if (NT_SUCCESS(Status))
        MiDereferenceSegment(Segment);
    CHECK_EQUAL(PoolBlocks, 0);
    return Status;
}

TEST(a_good_image_becomes_its_sections)
{
    PMI_SEGMENT Segment;
    PMI_SUBSECTION Part;

    MakeImage();
    REQUIRE(MiParseImage(&FileObject, &Segment) == STATUS_SUCCESS);
    CHECK_EQUAL(Segment->Pages, 7);
    REQUIRE(Segment->SubsectionCount == 5);
    Part = Segment->Subsections;
    CHECK(Part[0].Protect == PAGE_READONLY && Part[0].Pages == 1 && Part[0].FileBytes == 0x400);
    CHECK(Part[1].Protect == PAGE_EXECUTE_READ && Part[1].FirstPage == 1 && Part[1].Pages == 2);
    CHECK(Part[1].FileOffset == 0x400 && Part[1].FileBytes == 0x1200);
    CHECK(Part[2].Protect == PAGE_WRITECOPY && Part[2].FirstPage == 3 && Part[2].Pages == 2);
    CHECK(Part[3].Protect == PAGE_READONLY && Part[3].FirstPage == 5 && Part[3].Pages == 1);
    CHECK(Part[4].Protect == PAGE_NOACCESS && Part[4].FirstPage == 6 && Part[4].Pages == 1);
    CHECK_EQUAL(Segment->Image.TransferAddress, BASE + 0x1010);
    CHECK_EQUAL(Segment->Image.Machine, IMAGE_FILE_MACHINE_NATIVE);
    CHECK_EQUAL(Segment->Image.MaximumStackSize, 0x100000);
    CHECK_EQUAL(Segment->Image.CommittedStackSize, 0x2000);
    CHECK(Segment->Image.ImageContainsCode);
    MiDereferenceSegment(Segment);
}

TEST(what_is_no_image_of_this_machine_has_its_own_status)
{
    MakeImage();
    FileSize = 10;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_NOT_MZ);
    MakeImage();
    File[0] = 0;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_NOT_MZ);
    MakeImage();
    Headers()->Signature = 0;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_PROTECT);
    Headers()->Signature = 0x454e;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_NE_FORMAT);
}

static NTSTATUS ParseAs(USHORT Machine, USHORT Magic)
{
    MakeImage();
    Headers()->FileHeader.Machine = Machine;
    Headers()->OptionalHeader.Magic = Magic;
    return Parse();
}

TEST(images_of_the_other_machine_and_of_none_have_their_own_status)
{
    const USHORT Other = IS_64_BIT ? IMAGE_FILE_MACHINE_I386 : IMAGE_FILE_MACHINE_AMD64;
    const USHORT OtherMagic =
        IS_64_BIT ? IMAGE_NT_OPTIONAL_HDR32_MAGIC : IMAGE_NT_OPTIONAL_HDR64_MAGIC;

    CHECK_EQUAL(ParseAs(IMAGE_FILE_MACHINE_NATIVE, IMAGE_NT_OPTIONAL_HDR_MAGIC), STATUS_SUCCESS);
    CHECK_EQUAL(ParseAs(Other, OtherMagic),
                IS_64_BIT ? STATUS_INVALID_IMAGE_WIN_32 : STATUS_INVALID_IMAGE_WIN_64);
    CHECK_EQUAL(ParseAs(Other, IMAGE_NT_OPTIONAL_HDR_MAGIC), STATUS_INVALID_IMAGE_FORMAT);
    CHECK_EQUAL(ParseAs(IMAGE_FILE_MACHINE_NATIVE, OtherMagic), STATUS_INVALID_IMAGE_FORMAT);
    CHECK_EQUAL(ParseAs(0x0200, OtherMagic), STATUS_INVALID_IMAGE_FORMAT); /* Itanium */
    CHECK_EQUAL(ParseAs(0, 0), STATUS_INVALID_IMAGE_FORMAT);
}

TEST(sections_that_overlap_or_leave_gaps_or_lie_outside_are_refused)
{
    MakeImage();
    Section(1)->VirtualAddress = 0x2000;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
    Section(1)->VirtualAddress = 0x4000;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
    MakeImage();
    Section(1)->VirtualAddress = 0;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
    MakeImage();
    Section(2)->Misc.VirtualSize = 0x3000;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
    Section(2)->Misc.VirtualSize = 0xffffffff;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
    MakeImage();
    Section(2)->SizeOfRawData = 0x201;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
    Section(2)->PointerToRawData = 0xfffffe00;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
}

TEST(a_section_may_be_cut_off_by_the_end_of_the_image_only_at_its_alignment)
{
    MakeImage();
    Headers()->OptionalHeader.SizeOfImage = 0x5010; /* rounded up: the last section just fits */
    CHECK_EQUAL(Parse(), STATUS_SUCCESS);
    Headers()->OptionalHeader.SizeOfImage = 0x5000;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
}

TEST(raw_data_is_mapped_from_whole_sectors)
{
    PMI_SEGMENT Segment;
    PMI_SUBSECTION Part;

    MakeImage();
    Section(0)->PointerToRawData = 0x420;
    Section(0)->SizeOfRawData = 0x10;
    Section(1)->PointerToRawData = 1; /* the headers once more */
    Section(1)->SizeOfRawData = 0x200;
    Section(2)->PointerToRawData = FILE_SIZE - 1;
    Section(2)->SizeOfRawData = 1;
    FileSize = FILE_SIZE - 0x100;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
    Section(2)->PointerToRawData = FILE_SIZE - 0x101;
    REQUIRE(MiParseImage(&FileObject, &Segment) == STATUS_SUCCESS);
    Part = Segment->Subsections;
    CHECK(Part[1].FileOffset == 0x400 && Part[1].FileBytes == 0x200);
    CHECK(Part[2].FileOffset == 0 && Part[2].FileBytes == 0x400);
    CHECK(Part[3].FileOffset == 0x1800 && Part[3].FileBytes == 0x100); /* the file's end */
    MiDereferenceSegment(Segment);
}

TEST(size_of_headers_ends_before_the_section_table_or_behind_the_file)
{
    static const ULONG Sizes[] = {0, 1, 0x40, 0x87, 0x1ff, 0x1000};
    const ULONG TableEnd = (ULONG)((PUCHAR)Section(SECTIONS) - File);
    PMI_SEGMENT Segment;

    for (ULONG i = 0; i < ARRAYSIZE(Sizes); i++) {
        MakeImage();
        Headers()->OptionalHeader.SizeOfHeaders = Sizes[i];
        REQUIRE(MiParseImage(&FileObject, &Segment) == STATUS_SUCCESS);
        CHECK_EQUAL(Segment->Subsections[0].Pages, 1);
        CHECK_EQUAL(Segment->Subsections[0].FileBytes, Sizes[i] > TableEnd ? Sizes[i] : TableEnd);
        MiDereferenceSegment(Segment);
    }
    Headers()->OptionalHeader.SizeOfHeaders = 0x1001;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT); /* the first section is in the way */
    Headers()->OptionalHeader.SizeOfHeaders = 0x7001;
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
}

/* One section behind headers at Offset, in a file that ends with the section table. */
static void MakeSmall(ULONG Offset, ULONG OptionalSize, ULONG Alignment, ULONG FileAlignment,
                      ULONG ImageSize, ULONG HeaderSize)
{
    IMAGE_NT_HEADERS Small;
    IMAGE_SECTION_HEADER Only = {0};
    ULONG Table = Offset + FIELD_OFFSET(IMAGE_NT_HEADERS, OptionalHeader) + OptionalSize;

    MakeImage();
    Small = *Headers();
    memset(File, 0, sizeof(File));
    Small.FileHeader.NumberOfSections = 1;
    Small.FileHeader.SizeOfOptionalHeader = (USHORT)OptionalSize;
    Small.OptionalHeader.AddressOfEntryPoint = 0x12345678;
    Small.OptionalHeader.SectionAlignment = Alignment;
    Small.OptionalHeader.FileAlignment = FileAlignment;
    Small.OptionalHeader.SizeOfImage = ImageSize;
    Small.OptionalHeader.SizeOfHeaders = HeaderSize;
    Only.VirtualAddress = Only.PointerToRawData = HeaderSize;
    if (Alignment >= PAGE_SIZE) {
        Only.VirtualAddress = Alignment;
        Only.PointerToRawData = Offset;
    }
    Only.SizeOfRawData = 10;
    Only.Misc.VirtualSize = 5;
    ((PIMAGE_DOS_HEADER)File)->e_magic = IMAGE_DOS_SIGNATURE;
    ((PIMAGE_DOS_HEADER)File)->e_lfanew = (LONG)Offset;
    memcpy(File + Offset, &Small, sizeof(Small));
    memcpy(File + Table, &Only, sizeof(Only));
    if (Offset < 0x40) /* the headers begin inside of the DOS header */
        ((PIMAGE_DOS_HEADER)File)->e_lfanew = (LONG)Offset;
    FileSize = Table + sizeof(Only) + 0x10;
    if (FileSize < Offset + sizeof(Small))
        FileSize = Offset + sizeof(Small);
}

/* The rows of Wine's loader test that say what Windows does with such files. */
TEST(small_images_load_as_on_windows)
{
    const ULONG Whole = sizeof(IMAGE_OPTIONAL_HEADER);
    const ULONG End = 0x40 + sizeof(IMAGE_NT_HEADERS) + sizeof(IMAGE_SECTION_HEADER);
    const struct {
        ULONG Offset, OptionalSize, Alignment, FileAlignment, ImageSize, HeaderSize;
        NTSTATUS Status;
    } Rows[] = {
        {0x40, Whole, 0x1000, 0x1000, End + 0xe00, End, STATUS_INVALID_IMAGE_FORMAT},
        {0x40, Whole, 0x1000, 0x1000, End + 0x1000, End, STATUS_SUCCESS},
        {0x40, Whole, 0x1000, 0x1000, 0x1f00, 0x1000, STATUS_SUCCESS},
        {0x40, Whole, 0x200, 0x200, End + 0x200, End, STATUS_SUCCESS},
        {0x40, Whole, 0x200, 0x1000, End + 0x1000, End, STATUS_INVALID_IMAGE_FORMAT},
        {0x40, Whole, 0x1000, 0x200, End + 0x1000, End, STATUS_SUCCESS},
        {0x40, Whole, 0x1000, 0x200, End + 0x1000, 0x200, STATUS_SUCCESS},
        {0x10, 0x148, 0x1000, 0x200, End + 0x1000, 0x200, STATUS_SUCCESS}, /* as upack does */
        {0x40, Whole, 0x300, 0x300, End + 0x300, End, STATUS_INVALID_IMAGE_FORMAT},
        {0x40, Whole, 0x200, 0x200, 0, 0, STATUS_INVALID_IMAGE_FORMAT},
        {0x40, 0, 0, 0, 0, 0, STATUS_INVALID_IMAGE_FORMAT},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Rows); i++) {
        MakeSmall(Rows[i].Offset, Rows[i].OptionalSize, Rows[i].Alignment, Rows[i].FileAlignment,
                  Rows[i].ImageSize, Rows[i].HeaderSize);
        CHECK_EQUAL(Parse(), Rows[i].Status);
    }
}

TEST(the_smallest_images_have_no_sections)
{
    static const ULONG Alignments[] = {1, 4, 0x200};

    for (ULONG i = 0; i < ARRAYSIZE(Alignments); i++) {
        MakeSmall(0x40, FIELD_OFFSET(IMAGE_OPTIONAL_HEADER, CheckSum), Alignments[i], Alignments[i],
                  1, 0);
        ((PIMAGE_NT_HEADERS)(File + 0x40))->FileHeader.NumberOfSections = 0;
        CHECK_EQUAL(Parse(), STATUS_SUCCESS);
    }
    FileSize--; /* the headers must be there whole */
    CHECK_EQUAL(Parse(), STATUS_INVALID_IMAGE_FORMAT);
}

TEST(an_entry_point_may_be_anywhere)
{
    PMI_SEGMENT Segment;

    MakeImage();
    Headers()->OptionalHeader.AddressOfEntryPoint = 0xfffffff0;
    REQUIRE(MiParseImage(&FileObject, &Segment) == STATUS_SUCCESS);
    CHECK_EQUAL(Segment->Image.TransferAddress,
                IS_64_BIT ? (ULONG_PTR)(BASE + 0xfffffff0ull) : (ULONG)(BASE + 0xfffffff0u));
    MiDereferenceSegment(Segment);
}

static ULONG Seed = 1;

static ULONG Random(void)
{
    Seed = Seed * 1664525 + 1013904223;
    return Seed >> 8;
}

/* Whatever is accepted must be believable: no page twice or not at all, no byte from outside of the
 * file. */
static void CheckSegment(PMI_SEGMENT Segment)
{
    ULONG Index, Next = 0;

    for (Index = 0; Index < Segment->SubsectionCount; Index++) {
        PMI_SUBSECTION Part = &Segment->Subsections[Index];

        CHECK_EQUAL(Part->FirstPage, Next);
        CHECK(Part->Pages && Part->FileBytes <= (ULONGLONG)Part->Pages << PAGE_SHIFT);
        CHECK(!Part->FileBytes || (ULONGLONG)Part->FileOffset + Part->FileBytes <= FileSize);
        CHECK(MiIsValidProtection(Part->Protect));
        Next += Part->Pages;
    }
    CHECK_EQUAL(Next, Segment->Pages);
}

TEST(random_damage_is_refused_or_harmless)
{
    static const ULONG Values[] = {0,          1,          0x200,      0x1000,
                                   0x7fffffff, 0x80000000, 0xfffff000, 0xffffffff};
    ULONG Round, Change, Accepted = 0;

    for (Round = 0; Round < 200000; Round++) {
        PMI_SEGMENT Segment;

        MakeImage();
        FileSize = Random() % 4 ? FILE_SIZE : Random() % FILE_SIZE;
        for (Change = Random() % 4; Change > 0; Change--) {
            ULONG Offset =
                0x3c + Random() % (0x80 + sizeof(IMAGE_NT_HEADERS) + SECTIONS * 40 - 0x40);
            ULONG Value = Random() % 2 ? Random() : Values[Random() % ARRAYSIZE(Values)];

            memcpy(File + Offset, &Value, 1 + Random() % 4);
        }
        if (NT_SUCCESS(MiParseImage(&FileObject, &Segment))) {
            CheckSegment(Segment);
            MiDereferenceSegment(Segment);
            Accepted++;
        }
    }
    CHECK(Accepted > 1000 && Accepted < 190000);
    CHECK_EQUAL(PoolBlocks, 0);
}
