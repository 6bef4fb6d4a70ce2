// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/normalize.c rtl/punycode.c ntdll/rtl/normalize.c ntdll/rtl/idn.c rtl/integer.c
// sources: rtl/string.c rtl/memory.c rtl/arch/x86_64/copy.c rtl/wstring.c rtl/cstring.c
// sources: rtl/upcase.c rtl/ctype.c ntdll/rtl/normfile.c ntdll/rtl/normtable.c ntdll/rtl/compatible.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"
#include "normalization.h"

static WCHAR Result[300];

/* A table of form 13 in which sharp s is "ss", a smile (of another plane) "x", soft hyphen nothing,
 * and o with a dot above of class 230 one character. */
enum { Classes = 34, First = Classes + 32, Second = First + 0x1100, Hash = Second + 3 * 64 };
enum {
    Pairs = Hash + 4,
    Texts = Pairs + 10,
    Joins = Texts + 8,
    Joined = Joins + 2,
    End = Joined + 3
};
static USHORT Table[End];
static ULONG TableSize = sizeof(Table);

static void SetProperty(ULONG Character, ULONG Block, UCHAR Property)
{
    ((PUCHAR)(Table + First))[Character / 128] = (UCHAR)(Block + 1);
    ((PUCHAR)(Table + Second))[Block * 128 + Character % 128] = Property;
}

static void MakeTable(void)
{
    static const USHORT Head[] = {13,    3,      0,    3,     1,     0,     Classes,
                                  First, Second, Hash, Pairs, Texts, Joins, Joined};
    static const USHORT Rest[] = {
        0,    0,           2,      0,           /* buckets 0 and 1 from pair 0 on, 2 from pair 2 */
        0xdf, 2 << 13 | 1, 0xf600, 1 << 13 | 3, /* characters, lengths and places */
        0xad, 1 << 13 | 4, 0,      0,           0, 0, /* and */
        0,    's',         's',    'x',               /* the texts */
        0,    0,           0,      0,           0, 3, 'o', 0x307, 0x22f};

    memset(Table, 0, sizeof(Table));
    memcpy(Table + 20, Head, sizeof(Head));
    memcpy(Table + Hash, Rest, sizeof(Rest));
    ((PUCHAR)(Table + Classes))[1] = 230;
    SetProperty(0xdf, 0, 0xbf);
    SetProperty(0xad, 0, 0xbf);
    SetProperty(0x307, 1, 1);
    SetProperty(0x1f600, 2, 0xbf);
    SetProperty(0x1f601, 2, 0xff);
}

NTSTATUS NTAPI NtGetNlsSectionPtr(ULONG SectionType, ULONG SectionData, PVOID ContextData,
                                  CLIENT(PVOID *) SectionPointer, CLIENT(PULONG) SectionSize)
{
    if (SectionType != NLS_SECTION_NORMALIZE || SectionData != 13)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    MakeTable();
    *SectionPointer = Table;
    *SectionSize = TableSize;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE Process, PVOID BaseAddress)
{
    return STATUS_SUCCESS;
}

static void CheckForm(ULONG Form, PCWSTR Source, PCWSTR Expected)
{
    LONG Length = ARRAYSIZE(Result);

    CHECK_EQUAL(RtlNormalizeString(Form, Source, -1, Result, &Length), STATUS_SUCCESS);
    CHECK_EQUAL(Length, (LONG)wcslen(Expected) + 1);
    CHECK(wcscmp(Result, Expected) == 0);
}

TEST(texts_are_decomposed_and_composed)
{
    CheckForm(2, u"aä", u"aa\x308");
    CheckForm(1, u"aa\x308", u"aä");
    CheckForm(1, u"\x212b\x2126", u"Å\x3a9"); /* angstrom and ohm never come back */
    CheckForm(2, u"\x1e69", u"s\x323\x307");  /* s with dot below and above */
    CheckForm(1, u"s\x307\x323", u"\x1e69");  /* in either order */
    CheckForm(2, u"s\x307\x323", u"s\x323\x307");
    CheckForm(1, u"a\x301\x301", u"á\x301");    /* a second mark of the same class is blocked */
    CheckForm(1, u"\x915\x93c", u"\x915\x93c"); /* excluded from composition */
    CheckForm(2, u"\x958", u"\x915\x93c");
    CheckForm(2, u"\xac01", u"\x1100\x1161\x11a8");
    CheckForm(1, u"\x1100\x1161\x11a8", u"\xac01");
    CheckForm(1, u"\x1100\x1161\x11a7", u"\xac00\x11a7");
    CheckForm(2, u"\xfa10", u"\x585a");
    CheckForm(1, u"\U0001f600", u"\U0001f600");
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(compatible_characters_are_told_apart)
{
    CheckForm(1, u"\xfb01\x2460\xff21", u"\xfb01\x2460\xff21");
    CheckForm(5, u"\xfb01\x2460\xff21\x308", u"fi1\xc4");
    CheckForm(6, u"\xc4\x33a7", u"A\x308m\x2215s");
    CheckForm(5, u"\xfdfa",
              u"\x635\x644\x649 \x627\x644\x644\x647 \x639\x644\x64a\x647 \x648\x633\x644\x645");
    CheckForm(6, u"\xac01\xa0x", u"\x1100\x1161\x11a8 x");
}

TEST(a_file_says_what_becomes_of_a_text)
{
    LONG Length = ARRAYSIZE(Result);
    RTLP_NORMALIZATION Damaged;

    CheckForm(13, u"a\xdf\U0001f600", u"assx");
    CheckForm(13,
              u"a\xad"
              u"b",
              u"ab");
    CheckForm(13, u"o\x307", u"\x22f");
    CheckForm(13, u"\xac01", u"\xac01");
    CHECK_EQUAL(RtlNormalizeString(13, u"a\U0001f601", 3, Result, &Length),
                STATUS_NO_UNICODE_TRANSLATION);
    CHECK_EQUAL(Length, 1);
    CHECK(!RtlpOpenNormalization(Table, sizeof(Table), 5, &Damaged));
    CHECK(!RtlpOpenNormalization(Table, 40, 13, &Damaged));
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(damaged_tables_do_no_harm)
{
    static const WCHAR Text[] = u"a\xdf\xad\x307\U0001f600\xac01o\x307";
    ULONG Seed = 1, Room[400];

    for (ULONG i = 0; i < 20000; i++) {
        RTLP_NORMALIZATION Damaged;
        RTLP_NORMALIZED Out = {NULL, 0};
        ULONG Place;

        MakeTable();
        Seed = Seed * 1664525 + 1013904223;
        Place = (Seed >> 8) % 2 ? 20 + (Seed >> 12) % 14 : Hash + (Seed >> 12) % (End - Hash);
        Table[Place] = (USHORT)(Seed >> 4);
        if (!RtlpOpenNormalization(Table, sizeof(Table) - (Seed >> 30), 13, &Damaged))
            continue;
        RtlpDecomposeByTable(&Damaged, Text, 9, &Out);
        Out.Characters = Room;
        REQUIRE(Out.Count <= ARRAYSIZE(Room));
        RtlpDecomposeByTable(&Damaged, Text, 9, &Out);
        RtlpOrderByTable(&Damaged, &Out);
        RtlpComposeByTable(&Damaged, &Out);
        REQUIRE(RtlpEncodeNormalized(&Out, NULL) <= 2 * ARRAYSIZE(Room));
    }
    MakeTable();
}

TEST(every_character_comes_back_from_its_parts)
{
    ULONG Wrong = 0;

    for (ULONG i = 1; i < 0x10000; i++) {
        WCHAR Character = (WCHAR)i, Parts[8], Again[8];
        ULONG Length;

        if (i >= 0xd800 && i < 0xe000)
            continue;
        Length = RtlpDecompose(&Character, 1, Parts);
        memcpy(Again, Parts, Length * 2);
        RtlpOrderMarks(Again, Length);
        Wrong += memcmp(Again, Parts, Length * 2) != 0;
        Length = RtlpCompose(Again, Length);
        Wrong += RtlpDecompose(Again, Length, NULL) != RtlpDecompose(&Character, 1, NULL);
    }
    CHECK_EQUAL(Wrong, 0);
}

TEST(normalisation_tells_sizes_and_errors)
{
    static const WCHAR Lone[] = {'a', 0xd800, 'b'};
    LONG Length = 0;
    BOOLEAN Normalized = 9;

    CHECK_EQUAL(RtlNormalizeString(2, u"ä", 1, NULL, &Length), STATUS_SUCCESS);
    CHECK_EQUAL(Length, 2);
    Length = 1;
    CHECK_EQUAL(RtlNormalizeString(2, u"ä", 1, Result, &Length), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Length, 2);
    CHECK_EQUAL(RtlNormalizeString(1, Lone, 3, Result, &Length), STATUS_NO_UNICODE_TRANSLATION);
    CHECK_EQUAL(Length, 1);
    CHECK_EQUAL(RtlNormalizeString(0, u"a", 1, Result, &Length), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlNormalizeString(3, u"a", 1, Result, &Length), STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK_EQUAL(RtlIsNormalizedString(1, u"ä", -1, &Normalized), STATUS_SUCCESS);
    CHECK_EQUAL(Normalized, TRUE);
    CHECK_EQUAL(RtlIsNormalizedString(2, u"ä", -1, &Normalized), STATUS_SUCCESS);
    CHECK_EQUAL(Normalized, FALSE);
    CHECK_EQUAL(RtlIsNormalizedString(1, Lone, 3, &Normalized), STATUS_NO_UNICODE_TRANSLATION);
    OutOfMemory = TRUE;
    CHECK_EQUAL(RtlIsNormalizedString(1, u"ä", -1, &Normalized), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
}

static void CheckPunycode(PCWSTR Label, PCWSTR Encoded)
{
    WCHAR Buffer[64];
    ULONG Length = RtlpEncodePunycode(Label, (ULONG)wcslen(Label), Buffer, 63);

    CHECK(Length == wcslen(Encoded) && memcmp(Buffer, Encoded, Length * 2) == 0);
    Length = RtlpDecodePunycode(Encoded, (ULONG)wcslen(Encoded), Buffer, 63);
    CHECK(Length == wcslen(Label) && memcmp(Buffer, Label, Length * 2) == 0);
}

TEST(punycode_is_that_of_rfc_3492)
{
    CheckPunycode(u"bücher", u"bcher-kva");
    CheckPunycode(u"他们为什么不说中文", u"ihqwcrb4cv8a8dqg056pqjye");
    CheckPunycode(u"3年b組金八先生", u"3b-ww4c5e180e575a65lsy2b");
    CheckPunycode(u"\U0001f600", u"e28h");
}

TEST(broken_punycode_is_refused)
{
    WCHAR Buffer[63];
    ULONG Seed = 1;

    CHECK_EQUAL(RtlpDecodePunycode(u"99999999", 8, Buffer, 63), 0);
    CHECK_EQUAL(RtlpDecodePunycode(u"a-!", 3, Buffer, 63), 0);
    CHECK_EQUAL(RtlpDecodePunycode(u"bcher-kva", 9, Buffer, 5), 0);
    for (ULONG i = 0; i < 20000; i++) {
        WCHAR Text[20];

        for (ULONG j = 0; j < 20; j++) {
            Seed = Seed * 1664525 + 1013904223;
            Text[j] = u"abcdefghijklmnopqrstuvwxyz0123456789-"[(Seed >> 16) % 37];
        }
        RtlpDecodePunycode(Text, (Seed >> 8) % 20, Buffer, (Seed >> 20) % 63);
    }
}

static NTSTATUS ToAscii(ULONG Flags, PCWSTR Name)
{
    LONG Length = ARRAYSIZE(Result);

    return RtlIdnToAscii(Flags, Name, -1, Result, &Length);
}

TEST(host_names_become_ascii)
{
    CHECK_EQUAL(ToAscii(0, u"www.BÜCHER.de."), STATUS_SUCCESS);
    CHECK(wcscmp(Result, u"www.xn--bcher-kva.de.") == 0);
    CHECK_EQUAL(ToAscii(0, u"bu\x308"
                           u"cher\x3002"
                           u"example"),
                STATUS_SUCCESS);
    CHECK(wcscmp(Result, u"xn--bcher-kva.example") == 0);
    CHECK_EQUAL(ToAscii(0, u"ASCII.Name"), STATUS_SUCCESS);
    CHECK(wcscmp(Result, u"ASCII.Name") == 0);
    CHECK_EQUAL(ToAscii(0, u"a\xad"
                           u"b"),
                STATUS_SUCCESS);
    CHECK(wcscmp(Result, u"ab") == 0);
    CHECK_EQUAL(ToAscii(0, u""), STATUS_INVALID_IDN_NORMALIZATION);
    CHECK_EQUAL(ToAscii(0, u"a..b"), STATUS_INVALID_IDN_NORMALIZATION);
    CHECK_EQUAL(ToAscii(0, u"xn--ä"), STATUS_INVALID_IDN_NORMALIZATION);
    CHECK_EQUAL(ToAscii(0, u"a\xe000"), STATUS_INVALID_IDN_NORMALIZATION);
    CHECK_EQUAL(ToAscii(2, u"a_b"), STATUS_INVALID_IDN_NORMALIZATION);
    CHECK_EQUAL(ToAscii(2, u"-ab"), STATUS_INVALID_IDN_NORMALIZATION);
    CHECK_EQUAL(ToAscii(0, u"a_b"), STATUS_SUCCESS);
    CHECK_EQUAL(ToAscii(4, u"a"), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(ToAscii(0, NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(ToAscii(0, u"1234567890123456789012345678901234567890123456789012345678901234"),
                STATUS_INVALID_IDN_NORMALIZATION);
}

TEST(host_names_come_back)
{
    LONG Length = ARRAYSIZE(Result);

    CHECK_EQUAL(RtlIdnToUnicode(0, u"www.XN--bcher-kva.de", -1, Result, &Length), STATUS_SUCCESS);
    CHECK(wcscmp(Result, u"www.bücher.de") == 0);
    Length = ARRAYSIZE(Result);
    CHECK_EQUAL(RtlIdnToUnicode(0, u"xn--a", -1, Result, &Length),
                STATUS_INVALID_IDN_NORMALIZATION);
    Length = 4;
    CHECK_EQUAL(RtlIdnToNameprepUnicode(0, u"BÜ.de", 5, Result, &Length), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Length, 5);
    CHECK_EQUAL(RtlIdnToNameprepUnicode(0, u"BÜ.de", 5, Result, &Length), STATUS_SUCCESS);
    CHECK(memcmp(Result, u"bü.de", 10) == 0);
    Length = 0;
    CHECK_EQUAL(RtlIdnToAscii(0, u"ab", 3, NULL, &Length), STATUS_SUCCESS);
    CHECK_EQUAL(Length, 3);
    CHECK_EQUAL(HeapBlocks, 0);
}
