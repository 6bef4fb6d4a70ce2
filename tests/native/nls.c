/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of national languages and the default locale. What the system has of its own is there
 * always; the other files are there if they were added. */
#include "tap.h"

#define BAD_ADDRESS ((PVOID)0x18)

static NTSTATUS Get(ULONG Type, ULONG Data, PUSHORT *Base, PULONG Size)
{
    *Base = NULL;
    *Size = 0;
    return NtGetNlsSectionPtr(Type, Data, NULL, (PVOID *)Base, Size);
}

static BOOLEAN IsReadOnlyView(PVOID Base)
{
    MEMORY_BASIC_INFORMATION Memory;
    NTSTATUS Status = NtQueryVirtualMemory(NtCurrentProcess(), Base, MemoryBasicInformation,
                                           &Memory, sizeof(Memory), NULL);

    return NT_SUCCESS(Status) && Memory.Type == MEM_MAPPED && Memory.Protect == PAGE_READONLY;
}

static void TestCodePage(void)
{
    PUSHORT Base, Again;
    CPTABLEINFO Table;
    WCHAR Wide[4];
    char Narrow[4];
    ULONG Size, AgainSize, Bytes;

    if (!ok_status(Get(NLS_SECTION_CODEPAGE, 1252, &Base, &Size), STATUS_SUCCESS, "code page 1252"))
        return;
    ok(Base && Size >= 66082 && Size % PAGE_SIZE == 0, "a view of pages");
    ok(IsReadOnlyView(Base), "to be read only");
    RtlInitCodePageTable(Base, &Table);
    ok(Table.CodePage == 1252 && Table.MaximumCharacterSize == 1, "it is that code page");
    ok_status(RtlCustomCPToUnicodeN(&Table, Wide, sizeof(Wide), &Bytes, "\x80\xe9", 2),
              STATUS_SUCCESS, "to UTF-16");
    ok(Bytes == 4 && Wide[0] == 0x20ac && Wide[1] == 0xe9, "as it should be");
    ok_status(RtlUnicodeToCustomCPN(&Table, Narrow, sizeof(Narrow), &Bytes, Wide, 4),
              STATUS_SUCCESS, "and back");
    ok(Bytes == 2 && Narrow[0] == '\x80' && Narrow[1] == '\xe9', "to what it was");
    ok_status(Get(NLS_SECTION_CODEPAGE, 1252, &Again, &AgainSize), STATUS_SUCCESS, "once more");
    ok(Again != Base && AgainSize == Size, "is another view");
    ok_status(NtUnmapViewOfSection(NtCurrentProcess(), Again), STATUS_SUCCESS, "to be unmapped");
    ok(Base[1] == 1252, "the first one stays");
    ok_status(NtUnmapViewOfSection(NtCurrentProcess(), Base), STATUS_SUCCESS, "until it is too");
}

static void TestKinds(void)
{
    PUSHORT Base;
    ULONG Size;

    if (ok_status(Get(NLS_SECTION_CODEPAGE, 437, &Base, &Size), STATUS_SUCCESS, "code page 437"))
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
    if (ok_status(Get(NLS_SECTION_CODEPAGE, 20127, &Base, &Size), STATUS_SUCCESS, "ASCII")) {
        ok(Base[1] == 20127, "by five digits");
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
    }
    if (ok_status(Get(NLS_SECTION_CASEMAP, 0, &Base, &Size), STATUS_SUCCESS, "case tables")) {
        ok(Base[0] == 1 && Base[2] == 256, "have their form");
        NtUnmapViewOfSection(NtCurrentProcess(), Base);
    }
    ok_status(Get(NLS_SECTION_CASEMAP, 1, &Base, &Size), STATUS_UNSUCCESSFUL,
              "case tables of another number");
    ok_status(Get(NLS_SECTION_SORTKEYS, 1, &Base, &Size), STATUS_INVALID_PARAMETER_1,
              "sort keys of another number");
    ok_status(Get(NLS_SECTION_CODEPAGE, 15, &Base, &Size), STATUS_OBJECT_NAME_NOT_FOUND,
              "a code page that there is not");
    ok_status(Get(NLS_SECTION_CODEPAGE, 0x104e4, &Base, &Size), STATUS_OBJECT_NAME_NOT_FOUND,
              "a code page of more than 16 bits");
    ok_status(Get(NLS_SECTION_NORMALIZE, 0, &Base, &Size), STATUS_OBJECT_NAME_NOT_FOUND, "no form");
    ok_status(Get(NLS_SECTION_NORMALIZE, 3, &Base, &Size), STATUS_OBJECT_NAME_NOT_FOUND,
              "a form that there is not");
    ok_status(Get(8, 0, &Base, &Size), STATUS_INVALID_PARAMETER_1, "a type below");
    ok_status(Get(13, 0, &Base, &Size), STATUS_INVALID_PARAMETER_1, "a type above");
    ok_status(Get(MAXULONG, 0, &Base, &Size), STATUS_INVALID_PARAMETER_1, "a type far above");
    ok_status(NtGetNlsSectionPtr(NLS_SECTION_CODEPAGE, 1252, NULL, BAD_ADDRESS, &Size),
              STATUS_ACCESS_VIOLATION, "no place for the address");
    ok_status(NtGetNlsSectionPtr(NLS_SECTION_CODEPAGE, 1252, NULL, (PVOID *)&Base, BAD_ADDRESS),
              STATUS_ACCESS_VIOLATION, "nor for the size");
}

/* The sections have names, which their views do not need. */
static void TestSectionName(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\NLS\\NlsSectionCP1252");
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Section;

    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    if (ok_status(NtOpenSection(&Section, SECTION_MAP_READ, &Attributes), STATUS_SUCCESS,
                  "the section by its name"))
        NtClose(Section);
}

/* The one of the system's own, or one that was added. */
static void TestLocaleFile(void)
{
    LARGE_INTEGER Size = {.QuadPart = -1};
    PVOID Base = NULL, Again = NULL;
    LCID Locale = 0;

    if (!ok_status(NtInitializeNlsFiles(&Base, &Locale, &Size), STATUS_SUCCESS,
                   "the locales' tables"))
        return;
    ok(Base && Size.QuadPart >= 8 * (LONG)sizeof(ULONG) && Locale == LOCALE_ENGLISH_US,
       "are mapped");
    ok(IsReadOnlyView(Base), "to be read only");
    ok(*(PULONG)((PUCHAR)Base + ((PULONG)Base)[4] + 12) == 0x5344534e, "have their form");
    NtUnmapViewOfSection(NtCurrentProcess(), Base);
    ok_status(RtlGetLocaleFileMappingAddress(&Base, &Locale, &Size), STATUS_SUCCESS,
              "by the routine");
    RtlGetLocaleFileMappingAddress(&Again, &Locale, &Size);
    ok(Base == Again, "once only");
    ok_status(NtInitializeNlsFiles(BAD_ADDRESS, &Locale, &Size), STATUS_ACCESS_VIOLATION,
              "no place for the address");
    ok_status(NtInitializeNlsFiles(&Base, BAD_ADDRESS, &Size), STATUS_ACCESS_VIOLATION,
              "nor for the locale");
}

static BOOLEAN IsLocale(LCID Id, PCWSTR Text)
{
    UNICODE_STRING Name;
    LCID Back = 0;
    BOOLEAN Same;

    if (!NT_SUCCESS(RtlLcidToLocaleName(Id, &Name, RTL_LOCALE_ALLOW_NEUTRAL_NAMES, TRUE)))
        return FALSE;
    Same = wcscmp(Name.Buffer, Text) == 0;
    RtlFreeUnicodeString(&Name);
    return Same && NT_SUCCESS(RtlLocaleNameToLcid(Text, &Back, RTL_LOCALE_ALLOW_NEUTRAL_NAMES)) &&
           Back == Id;
}

static void TestLocaleNames(void)
{
    UNICODE_STRING Name = {.Buffer = NULL};
    WCHAR Buffer[20];
    ULONG Count, Size = ARRAYSIZE(Buffer);
    LCID Id;

    ok(IsLocale(0x7f, u""), "the invariant locale");
    ok(IsLocale(0x9, u"en") && IsLocale(LOCALE_ENGLISH_US, u"en-US"), "English");
    ok(IsLocale(0x7, u"de") && IsLocale(0x407, u"de-DE"), "German");
    ok(RtlIsValidLocaleName(u"EN-us", 0), "the letters' case does not matter");
    ok(!RtlIsValidLocaleName(u"en", 0), "a country must be there");
    ok(!RtlIsValidLocaleName(u"en-XX", 0), "that there is");
    ok_status(RtlLocaleNameToLcid(u"en-XX", &Id, 0), STATUS_INVALID_PARAMETER_1, "no number");
    ok_status(RtlLcidToLocaleName(0x3ff, &Name, 0, TRUE), STATUS_INVALID_PARAMETER_1, "no name");
    ok_status(RtlLcidToLocaleName(LOCALE_ENGLISH_US, &Name, 0, FALSE), STATUS_BUFFER_TOO_SMALL,
              "no room");
    ok_status(RtlLcidToLocaleName(LOCALE_USER_DEFAULT, &Name, 0, TRUE), STATUS_SUCCESS,
              "the user's locale");
    ok(Name.Length == 10 && wcscmp(Name.Buffer, u"en-US") == 0, "has its name");
    RtlFreeUnicodeString(&Name);
    ok_status(RtlSetThreadPreferredUILanguages(MUI_LANGUAGE_ID, u"0407\0zzzz\0", &Count),
              STATUS_SUCCESS, "a language by its number");
    ok(Count == 1, "and one that there is not");
    ok_status(RtlGetThreadPreferredUILanguages(MUI_THREAD_LANGUAGES, &Count, Buffer, &Size),
              STATUS_SUCCESS, "that language");
    ok(wcscmp(Buffer, u"de-DE") == 0, "by its name");
    RtlSetThreadPreferredUILanguages(0, NULL, NULL);
}

static void TestDefaultLocale(void)
{
    LCID Locale = 0;

    ok_status(NtQueryDefaultLocale(TRUE, &Locale), STATUS_SUCCESS, "the user's locale");
    ok(Locale == LOCALE_ENGLISH_US, "is that of the United States");
    ok_status(NtSetDefaultLocale(TRUE, 0x0407), STATUS_SUCCESS, "German for the user");
    ok_status(NtQueryDefaultLocale(FALSE, &Locale), STATUS_SUCCESS, "the system's");
    ok(Locale == LOCALE_ENGLISH_US, "is as it was");
    NtQueryDefaultLocale(TRUE, &Locale);
    ok(Locale == 0x0407, "the user's is not");
    ok_status(NtSetDefaultLocale(TRUE, LOCALE_ENGLISH_US), STATUS_SUCCESS, "back again");
    ok_status(NtSetDefaultLocale(TRUE, 0xffffffff), STATUS_INVALID_PARAMETER, "no LCID");
    ok_status(NtSetDefaultLocale(FALSE, 0x7ffffffe), STATUS_INVALID_PARAMETER, "nor this");
    ok_status(NtSetDefaultLocale(FALSE, 0x00100409), STATUS_INVALID_PARAMETER,
              "a bit above the sort order");
    NtQueryDefaultLocale(TRUE, &Locale);
    ok(Locale == LOCALE_ENGLISH_US, "which changed nothing");
    ok_status(NtQueryDefaultLocale(TRUE, BAD_ADDRESS), STATUS_ACCESS_VIOLATION, "nowhere");
}

static void TestLanguages(void)
{
    USHORT Language = 0;

    ok_status(NtQueryInstallUILanguage(&Language), STATUS_SUCCESS, "the installed language");
    ok(Language == LOCALE_ENGLISH_US, "is English");
    ok_status(NtSetDefaultUILanguage(0x040c), STATUS_SUCCESS, "French for the user");
    ok_status(NtQueryDefaultUILanguage(&Language), STATUS_SUCCESS, "the user's language");
    ok(Language == 0x040c, "is French");
    ok_status(NtSetDefaultUILanguage(0), STATUS_SUCCESS, "the installed one again");
    NtQueryDefaultUILanguage(&Language);
    ok(Language == LOCALE_ENGLISH_US, "it is");
    ok_status(NtQueryDefaultUILanguage(BAD_ADDRESS), STATUS_ACCESS_VIOLATION, "nowhere");
    ok_status(NtQueryInstallUILanguage(BAD_ADDRESS), STATUS_ACCESS_VIOLATION, "nor there");
}

/* What kernel32 reads without asking. */
static void TestPeb(void)
{
    PPEB Peb = NtCurrentPeb();
    NLSTABLEINFO Tables;
    WCHAR Wide[2];
    ULONG Bytes;

    if (!ok(Peb->AnsiCodePageData && Peb->OemCodePageData && Peb->UnicodeCaseTableData,
            "the PEB has tables"))
        return;
    RtlInitNlsTables(Peb->AnsiCodePageData, Peb->OemCodePageData, Peb->UnicodeCaseTableData,
                     &Tables);
    ok(Tables.AnsiTableInfo.CodePage == 1252, "ANSI is 1252");
    ok(Tables.OemTableInfo.CodePage == 437, "OEM is 437");
    RtlCustomCPToUnicodeN(&Tables.OemTableInfo, Wide, sizeof(Wide), &Bytes, "\xdb", 1);
    ok(Bytes == 2 && Wide[0] == 0x2588, "with its full block");
    ok(Tables.UpperCaseTable[0] == 256 && Tables.LowerCaseTable[0] == 256, "case tables too");
}

/* Without a file by what is built in. */
static void TestNormalization(void)
{
    WCHAR Text[8];
    LONG Length = 8;
    BOOLEAN Normalized;

    ok_status(RtlNormalizeString(1, u"a\x308", 2, Text, &Length), STATUS_SUCCESS, "form C");
    ok(Length == 1 && Text[0] == 0xe4, "composes");
    Length = 8;
    ok_status(RtlNormalizeString(5, u"\xfb01\xff21", 2, Text, &Length), STATUS_SUCCESS, "form KC");
    ok(Length == 3 && Text[0] == 'f' && Text[1] == 'i' && Text[2] == 'A',
       "takes what is compatible");
    Length = 8;
    ok_status(RtlNormalizeString(6, u"\xe4", 1, Text, &Length), STATUS_SUCCESS, "form KD");
    ok(Length == 2 && Text[1] == 0x308, "decomposes");
    ok_status(RtlIsNormalizedString(5, u"\xfb01", 1, &Normalized), STATUS_SUCCESS, "is a ligature");
    ok(!Normalized, "of form KC? no");
    ok_status(RtlNormalizeString(4, u"a", 1, Text, &Length), STATUS_OBJECT_NAME_NOT_FOUND,
              "a form that there is not");
    Length = 8;
    ok_status(RtlIdnToAscii(0,
                            u"\xff42\xfc"
                            u"cher",
                            -1, Text, &Length),
              STATUS_BUFFER_TOO_SMALL, "a host name's length");
    ok(Length == 14, "is that of xn--bcher-kva");
}

void TestNls(void)
{
    TestCodePage();
    TestKinds();
    TestSectionName();
    TestLocaleFile();
    TestLocaleNames();
    TestDefaultLocale();
    TestLanguages();
    TestPeb();
    TestNormalization();
}
