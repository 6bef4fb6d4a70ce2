// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/rtl/locale.c ntdll/rtl/localetable.c rtl/integer.c rtl/print.c rtl/strtol.c
// sources: rtl/string.c rtl/memory.c rtl/arch/x86_64/copy.c rtl/wstring.c rtl/cstring.c
// sources: rtl/upcase.c rtl/ctype.c ntdll/rtl/heapstring.c rtl/utf.c rtl/codepage.c rtl/nlstable.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"
#include "locales.h"

/* A file of three locales: "", the language en, en-US. Records have no more than is read. Words. */
enum { Part = 16, Ids = 38, Names = Ids + 12, Records = Names + 12, RecordWords = 13 };
enum { Strings = Records + 3 * RecordWords, Empty = 0, En = 2, EnUs = 6, FileWords = 141 };
static USHORT File[FileWords];
static SIZE_T FileSize;
static NTSTATUS FileStatus;

static void MakeFile(void)
{
    static const USHORT ById[] = {0x9, 0, 1, En, 0x7f, 0, 0, Empty, 0x409, 0, 2, EnUs};
    static const USHORT ByName[] = {Empty, 0, 0x7f, 0, En, 1, 0x9, 0, EnUs, 2, 0x409, 0};
    static const USHORT Texts[] = {0, 0, 2, 'e', 'n', 0, 5, 'e', 'n', '-', 'U', 'S', 0};
    PUSHORT Header = File + Part;

    memset(File, 0, sizeof(File));
    File[8] = Part * sizeof(USHORT);
    Header[6] = 'N' | 'S' << 8;
    Header[7] = 'D' | 'S' << 8;
    Header[15] = Header[16] = Header[20] = 3;
    Header[17] = RecordWords * sizeof(USHORT);
    Header[18] = Records * sizeof(USHORT);
    Header[22] = Ids * sizeof(USHORT);
    Header[24] = Names * sizeof(USHORT);
    Header[32] = Strings * sizeof(USHORT);
    memcpy(Header + Ids, ById, sizeof(ById));
    memcpy(Header + Names, ByName, sizeof(ByName));
    memcpy(Header + Strings, Texts, sizeof(Texts));
    Header[Records + 12] = Header[Records + 2 * RecordWords + 12] = 1;
    FileSize = sizeof(File);
    FileStatus = STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetLocaleFileMappingAddress(PVOID *Base, LCID *Id, PLARGE_INTEGER Size)
{
    *Base = File;
    *Id = LOCALE_ENGLISH_US;
    Size->QuadPart = (LONGLONG)FileSize;
    return FileStatus;
}

NTSTATUS NTAPI NtQueryDefaultLocale(BOOLEAN UserProfile, CLIENT(LCID *) Id)
{
    *Id = UserProfile ? 0x409 : 0x7f;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtQueryDefaultUILanguage(CLIENT(PUSHORT) Language)
{
    *Language = 0x9;
    return STATUS_SUCCESS;
}

static LCID Number(PCWSTR Name, ULONG Flags)
{
    LCID Id = 0;
    NTSTATUS Status = RtlLocaleNameToLcid(Name, &Id, Flags);

    return NT_SUCCESS(Status) ? Id : (LCID)Status;
}

static BOOLEAN IsNamed(LCID Id, ULONG Flags, PCWSTR Name)
{
    UNICODE_STRING Text;
    BOOLEAN Same;

    if (!NT_SUCCESS(RtlLcidToLocaleName(Id, &Text, Flags, TRUE)))
        return FALSE;
    Same = wcscmp(Text.Buffer, Name) == 0;
    RtlFreeUnicodeString(&Text);
    return Same;
}

TEST(names_have_numbers)
{
    MakeFile();
    CHECK_EQUAL(Number(u"en-US", 0), 0x409);
    CHECK_EQUAL(Number(u"EN-us", 0), 0x409);
    CHECK_EQUAL(Number(u"", 0), 0x7f);
    CHECK_EQUAL(Number(u"en", 2), 0x9);
    CHECK_EQUAL(Number(u"en", 0), (LCID)STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(Number(u"de-DE", 2), (LCID)STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(Number(NULL, 0), (LCID)STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(Number(u"en-US", 1), (LCID)STATUS_INVALID_PARAMETER_3);
    CHECK_EQUAL(RtlLocaleNameToLcid(u"en-US", NULL, 0), STATUS_INVALID_PARAMETER_2);
    CHECK(RtlIsValidLocaleName(u"en-US", 0) && RtlIsValidLocaleName(u"en", 2));
    CHECK(!RtlIsValidLocaleName(u"en", 0) && !RtlIsValidLocaleName(u"xx", 2));
}

TEST(numbers_have_names)
{
    WCHAR Buffer[6];
    UNICODE_STRING Name = {.Buffer = Buffer, .MaximumLength = sizeof(Buffer)};

    MakeFile();
    CHECK_EQUAL(RtlLcidToLocaleName(0x409, &Name, 0, FALSE), STATUS_SUCCESS);
    CHECK(Name.Length == 10 && wcscmp(Buffer, u"en-US") == 0);
    Name.MaximumLength = 10;
    CHECK_EQUAL(RtlLcidToLocaleName(0x409, &Name, 0, FALSE), STATUS_BUFFER_TOO_SMALL);
    CHECK(IsNamed(0x9, 2, u"en") && !IsNamed(0x9, 0, u"en") && IsNamed(0x7f, 0, u""));
    CHECK(IsNamed(LOCALE_USER_DEFAULT, 0, u"en-US") && IsNamed(LOCALE_SYSTEM_DEFAULT, 0, u""));
    CHECK(IsNamed(LOCALE_CUSTOM_DEFAULT, 0, u"") && IsNamed(LOCALE_CUSTOM_UI_DEFAULT, 2, u"en"));
    CHECK_EQUAL(RtlLcidToLocaleName(LOCALE_CUSTOM_UNSPECIFIED, &Name, 0, TRUE),
                STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(RtlLcidToLocaleName(0x409, NULL, 0, TRUE), STATUS_INVALID_PARAMETER_2);
    CHECK_EQUAL(RtlLcidToLocaleName(0x409, &Name, 4, TRUE), STATUS_INVALID_PARAMETER_3);
    OutOfMemory = TRUE;
    CHECK_EQUAL(RtlLcidToLocaleName(0x409, &Name, 0, TRUE), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
    FileStatus = STATUS_OBJECT_NAME_NOT_FOUND;
    CHECK_EQUAL(RtlLcidToLocaleName(0x409, &Name, 0, TRUE), STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(HeapBlocks, 0);
}

/* All that is asked for, of a copy with nothing behind it. */
static void Ask(ULONG Words)
{
    PUSHORT Copy = malloc(Words * sizeof(USHORT) + 1);
    RTLP_LOCALES Locales;
    RTLP_LOCALE Locale;

    memcpy(Copy, File, Words * sizeof(USHORT));
    if (RtlpOpenLocales(Copy, Words * sizeof(USHORT), &Locales)) {
        static const LCID All[] = {0, 0x9, 0x7f, 0x409, 0xffffffff};
        static const PCWSTR Texts[] = {u"", u"a", u"en", u"en-US", u"zz"};

        for (ULONG i = 0; i < 5; i++) {
            PCWCH End = (PCWCH)Copy + Words;

            if (RtlpFindLocaleById(&Locales, All[i], &Locale))
                CHECK(Locale.Name.Buffer + Locale.Name.Length / 2 <= End);
            if (RtlpFindLocaleByName(&Locales, Texts[i], &Locale))
                CHECK(Locale.Name.Buffer + Locale.Name.Length / 2 <= End);
        }
    }
    free(Copy);
}

TEST(damaged_files_do_no_harm)
{
    static const USHORT Bad[] = {0, 1, 0x7f, 0x8000, 0xfffe, 0xffff};

    MakeFile();
    for (ULONG Words = 0; Words <= FileWords; Words++)
        Ask(Words);
    for (ULONG i = 0; i < FileWords * ARRAYSIZE(Bad); i++) {
        MakeFile();
        File[i / ARRAYSIZE(Bad)] = Bad[i % ARRAYSIZE(Bad)];
        Ask(FileWords);
    }
    MakeFile();
    FileSize = 0;
    CHECK_EQUAL(Number(u"en-US", 0), (LCID)STATUS_INVALID_PARAMETER_1);
    FileSize = Part * sizeof(USHORT) + 10;
    CHECK_EQUAL(Number(u"en-US", 0), (LCID)STATUS_INVALID_PARAMETER_1);
    FileSize = sizeof(File);
    File[Part + 7] = 0;
    CHECK_EQUAL(Number(u"en-US", 0), (LCID)STATUS_INVALID_PARAMETER_1);
}
