// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/string.c rtl/integer.c
// sources: rtl/strtol.c rtl/guid.c
// sources: rtl/cstring.c rtl/wstring.c rtl/ctype.c rtl/upcase.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>

static const UNICODE_STRING Device = RTL_CONSTANT_STRING(u"\\Device");
static const UNICODE_STRING Upper = RTL_CONSTANT_STRING(u"\\DEVICE\\BEEP");
static const UNICODE_STRING Lower = RTL_CONSTANT_STRING(u"\\device\\beep");

TEST(narrow_strings_behave_as_in_iso_c)
{
    char Text[16] = "ab";

    CHECK_EQUAL(strlen("hello"), 5);
    CHECK_EQUAL(strnlen("hello", 3), 3);
    CHECK(strcmp("a", "b") < 0 && strcmp("b", "a") > 0 && strcmp("", "") == 0);
    CHECK(strcmp("\xff", "a") > 0);
    CHECK(strncmp("abc", "abd", 2) == 0 && strncmp("abc", "abd", 3) < 0);
    CHECK(_stricmp("HeLLo", "hEllO") == 0 && _strnicmp("HelloX", "helloY", 5) == 0);
    CHECK_TEXT(strcat(Text, "cd"), "abcd");
    CHECK_TEXT(strncpy(Text, "xy", 5), "xy");
    CHECK_EQUAL(Text[4], 0);
    CHECK_TEXT(strchr("abcabc", 'b'), "bcabc");
    CHECK_TEXT(strrchr("abcabc", 'b'), "bc");
    CHECK(strchr("abc", 'x') == NULL && strrchr("abc", 'x') == NULL && *strchr("abc", 0) == 0);
    CHECK_TEXT(strstr("haystack", "st"), "stack");
    CHECK(strstr("haystack", "sx") == NULL);
}

TEST(wide_strings_behave_likewise)
{
    WCHAR Text[16] = u"ab";

    CHECK_EQUAL(wcslen(u"hello"), 5);
    CHECK(wcscmp(wcscat(Text, u"cd"), u"abcd") == 0);
    CHECK(wcscmp(u"\xff00", u"a") > 0);
    CHECK(_wcsicmp(u"ÄÖÜß", u"äöüß") == 0);
    CHECK(wcsncmp(u"abc", u"abd", 2) == 0);
    CHECK(wcscmp(wcschr(u"a\\b\\c", '\\'), u"\\b\\c") == 0);
    CHECK(wcscmp(wcsrchr(u"a\\b\\c", '\\'), u"\\c") == 0);
    CHECK(wcsrchr(u"abc", 'x') == NULL);
    CHECK(wcscmp(wcsstr(u"one two", u"two"), u"two") == 0);
}

TEST(case_mapping_goes_there_and_back)
{
    static const WCHAR Pairs[][2] = {{'a', 'A'},     {0xe9, 0xc9},     {0xff, 0x178},
                                     {0x3c9, 0x3a9}, {0x3ac, 0x386},   {0x436, 0x416},
                                     {0x451, 0x401}, {0x17e, 0x17d},   {0x142, 0x141},
                                     {0x561, 0x531}, {0xff5a, 0xff3a}, {0x1e81, 0x1e80}};
    static const WCHAR Alone[] = {'1', '[', 0xd7, 0xf7, 0xdf, 0x131, 0x138, 0x149, 0x3000, 0xd800};

    for (ULONG i = 0; i < ARRAYSIZE(Pairs); i++) {
        CHECK_EQUAL(towupper(Pairs[i][0]), Pairs[i][1]);
        CHECK_EQUAL(towlower(Pairs[i][1]), Pairs[i][0]);
        CHECK_EQUAL(towupper(Pairs[i][1]), Pairs[i][1]);
    }
    for (ULONG i = 0; i < ARRAYSIZE(Alone); i++)
        CHECK(towupper(Alone[i]) == Alone[i] && towlower(Alone[i]) == Alone[i]);
}

TEST(initialising_measures)
{
    UNICODE_STRING String;
    ANSI_STRING Ansi;

    RtlInitUnicodeString(&String, u"abc");
    CHECK(String.Length == 6 && String.MaximumLength == 8);
    RtlInitUnicodeString(&String, NULL);
    CHECK(String.Length == 0 && String.MaximumLength == 0 && !String.Buffer);
    RtlInitAnsiString(&Ansi, "abc");
    CHECK(Ansi.Length == 3 && Ansi.MaximumLength == 4);
    CHECK(Device.Length == 14 && Device.MaximumLength == 16);
}

TEST(too_long_text_is_cut_off_or_refused)
{
    static WCHAR Long[40000];
    UNICODE_STRING String;

    for (ULONG i = 0; i < ARRAYSIZE(Long) - 1; i++)
        Long[i] = 'x';
    RtlInitUnicodeString(&String, Long);
    CHECK_EQUAL(String.Length, 0xfffc);
    CHECK_EQUAL(String.MaximumLength, 0xfffe);
    CHECK_EQUAL(RtlInitUnicodeStringEx(&String, Long), STATUS_NAME_TOO_LONG);
}

TEST(comparison_knows_case_and_length)
{
    CHECK(RtlEqualUnicodeString(&Upper, &Lower, TRUE));
    CHECK(!RtlEqualUnicodeString(&Upper, &Lower, FALSE));
    CHECK(RtlCompareUnicodeString(&Upper, &Lower, FALSE) < 0);
    CHECK(RtlCompareUnicodeString(&Device, &Upper, TRUE) < 0);
    CHECK(RtlPrefixUnicodeString(&Device, &Upper, TRUE));
    CHECK(!RtlPrefixUnicodeString(&Device, &Upper, FALSE));
    CHECK(!RtlPrefixUnicodeString(&Upper, &Device, TRUE));
}

TEST(copy_and_append_stay_in_bounds)
{
    WCHAR Room[9] = {[8] = 0x7777};
    UNICODE_STRING To = {0, 16, Room};

    RtlCopyUnicodeString(&To, &Device);
    CHECK(To.Length == 14 && Room[7] == 0);
    CHECK_EQUAL(RtlAppendUnicodeToString(&To, u"xy"), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(RtlAppendUnicodeToString(&To, u"x"), STATUS_SUCCESS);
    CHECK(To.Length == 16 && Room[7] == 'x');
    RtlCopyUnicodeString(&To, &Upper);
    CHECK(To.Length == 16 && Room[8] == 0x7777);
    RtlCopyUnicodeString(&To, NULL);
    CHECK_EQUAL(To.Length, 0);
    CHECK_EQUAL(RtlAppendUnicodeStringToString(&To, &Device), STATUS_SUCCESS);
    CHECK(RtlEqualUnicodeString(&To, &Device, FALSE));
}

TEST(hash_is_x65599)
{
    static const UNICODE_STRING Ab = RTL_CONSTANT_STRING(u"ab");
    ULONG Hash;

    CHECK_EQUAL(RtlHashUnicodeString(&Ab, FALSE, 1, &Hash), STATUS_SUCCESS);
    CHECK_EQUAL(Hash, 'a' * 65599u + 'b');
    CHECK_EQUAL(RtlHashUnicodeString(&Ab, TRUE, 0, &Hash), STATUS_SUCCESS);
    CHECK_EQUAL(Hash, 'A' * 65599u + 'B');
    CHECK_EQUAL(RtlHashUnicodeString(&Ab, TRUE, 2, &Hash), STATUS_INVALID_PARAMETER);
}

static ULONG Parse(PCWSTR Text, ULONG Base)
{
    UNICODE_STRING String;
    ULONG Value = 0xdead;

    RtlInitUnicodeString(&String, Text);
    CHECK_EQUAL(RtlUnicodeStringToInteger(&String, Base, &Value), STATUS_SUCCESS);
    return Value;
}

TEST(integers_are_read_and_written)
{
    UNICODE_STRING Small = {0, 4, (WCHAR[2]){0}}, Big = {0, 70, (WCHAR[35]){0}};
    ULONG Value;

    CHECK_EQUAL(Parse(u" 42x", 10), 42);
    CHECK_EQUAL(Parse(u"0x1F", 0), 31);
    CHECK_EQUAL(Parse(u"0b101", 0), 5);
    CHECK_EQUAL(Parse(u"-1", 0), MAXULONG);
    CHECK_EQUAL(Parse(u"", 0), 0);
    CHECK_EQUAL(RtlUnicodeStringToInteger(&Device, 7, &Value), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlIntegerToUnicodeString(100, 10, &Small), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(RtlIntegerToUnicodeString(MAXULONG, 2, &Big), STATUS_SUCCESS);
    CHECK_EQUAL(Big.Length, 64);
    CHECK_EQUAL(strtol("-12abc", NULL, 10), -12);
    CHECK_EQUAL(strtol("-99999999999", NULL, 10), -2147483648ll);
    CHECK_EQUAL(strtoul("0xffffffff", NULL, 0), MAXULONG);
    CHECK_EQUAL(strtoul("017", NULL, 0), 15);
}

TEST(strtol_says_where_it_ended)
{
    const char *Texts[] = {"12abc", "0x", "", "  -", "zz"};
    long Lengths[] = {2, 1, 0, 0, 0};

    for (ULONG i = 0; i < ARRAYSIZE(Texts); i++) {
        char *End;

        strtol(Texts[i], &End, 0);
        CHECK_EQUAL(End - Texts[i], Lengths[i]);
    }
}

TEST(wide_numbers_are_read_like_narrow_ones)
{
    PWSTR End;

    CHECK_EQUAL(wcstol(u" \t-0x1fz", &End, 0), -31);
    CHECK_EQUAL(*End, 'z');
    CHECK_EQUAL(wcstoul(u"4294967296", &End, 10), MAXULONG);
    CHECK_EQUAL(*End, 0);
    CHECK_EQUAL(wcstol(u"077", NULL, 0), 63);
    CHECK_EQUAL(wcstol(u"zz", NULL, 36), 35 * 36 + 35);
    CHECK_EQUAL(wcstol(u"11", &End, 1), 0);
    CHECK(*End == '1');
    CHECK_EQUAL(wcstol(u"\x2003"
                       u"1",
                       NULL, 10),
                0);
}

TEST(spans_end_at_the_terminator)
{
    CHECK_EQUAL(strspn("aabc", "ab"), 3);
    CHECK_EQUAL(strcspn("aabc", "c"), 3);
    CHECK_EQUAL(strcspn("aab", ""), 3);
    CHECK(!strpbrk("abc", "xyz"));
    CHECK_TEXT(strpbrk("abc", "xc"), "c");
    CHECK_EQUAL(wcsspn(u"ÄÄx", u"Ä"), 2);
    CHECK_EQUAL(wcscspn(u"ab,c", u";,"), 2);
    CHECK(!wcspbrk(u"abc", u""));
    CHECK_EQUAL(*wcspbrk(u"abc", u"cb"), 'b');
}

TEST(char_to_integer_takes_prefixes_for_base_0_only)
{
    ULONG Value = 7;

    CHECK_EQUAL(RtlCharToInteger(" -0x1F", 0, &Value), STATUS_SUCCESS);
    CHECK_EQUAL(Value, 0 - 31u);
    RtlCharToInteger("0b101", 0, &Value);
    CHECK_EQUAL(Value, 5);
    RtlCharToInteger("0o17", 0, &Value);
    CHECK_EQUAL(Value, 15);
    RtlCharToInteger("0x10", 16, &Value);
    CHECK_EQUAL(Value, 0);
    RtlCharToInteger("4294967297", 10, &Value);
    CHECK_EQUAL(Value, 1);
    CHECK_EQUAL(RtlCharToInteger("1", 3, &Value), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlCharToInteger("1", 10, NULL), STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(RtlCharToInteger("", 10, &Value), STATUS_SUCCESS);
    CHECK_EQUAL(Value, 0);
}

TEST(strings_compare_by_counted_characters)
{
    CHECK(RtlCompareUnicodeStrings(u"abc", 2, u"abd", 2, FALSE) == 0);
    CHECK(RtlCompareUnicodeStrings(u"abc", 3, u"ABD", 3, TRUE) < 0);
    CHECK(RtlCompareUnicodeStrings(u"abc", 3, u"ABC", 3, FALSE) > 0);
    CHECK(RtlCompareUnicodeStrings(u"abc", 3, u"ab", 2, FALSE) > 0);
    CHECK(RtlCompareUnicodeStrings(NULL, 0, u"a", 1, FALSE) < 0);
}

TEST(guids_are_read_from_their_text_only)
{
    static const UCHAR Tail[] = {0xbe, 0x30, 0, 1, 2, 3, 4, 0xfF};
    UNICODE_STRING Text = RTL_CONSTANT_STRING(u"{01020304-0506-A7b8-BE30-0001020304ff}");
    GUID Guid = {0};

    CHECK_EQUAL(RtlGUIDFromString(&Text, &Guid), STATUS_SUCCESS);
    CHECK_EQUAL(Guid.Data1, 0x01020304);
    CHECK_EQUAL(Guid.Data2, 0x0506);
    CHECK_EQUAL(Guid.Data3, 0xa7b8);
    CHECK(memcmp(Guid.Data4, Tail, 8) == 0);
    Text.Length--;
    CHECK_EQUAL(RtlGUIDFromString(&Text, &Guid), STATUS_INVALID_PARAMETER);
    Text = (UNICODE_STRING)RTL_CONSTANT_STRING(u"{0102030g-0506-A7b8-BE30-0001020304ff}");
    CHECK_EQUAL(RtlGUIDFromString(&Text, &Guid), STATUS_INVALID_PARAMETER);
    Text = (UNICODE_STRING)RTL_CONSTANT_STRING(u"(01020304-0506-A7b8-BE30-0001020304ff)");
    CHECK_EQUAL(RtlGUIDFromString(&Text, &Guid), STATUS_INVALID_PARAMETER);
}

TEST(integers_become_text_of_either_width)
{
    WCHAR Wide[20];
    UNICODE_STRING Text = {0, sizeof(Wide), Wide};
    CHAR Narrow[4] = "....";

    CHECK_EQUAL(RtlInt64ToUnicodeString(0xfedcba9876543210ull, 16, &Text), STATUS_SUCCESS);
    CHECK(wcscmp(Wide, u"FEDCBA9876543210") == 0 && Text.Length == 32);
    CHECK_EQUAL(RtlInt64ToUnicodeString(~0ull, 2, &Text), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(RtlInt64ToUnicodeString(1, 3, &Text), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlIntegerToChar(123, 0, 4, Narrow), STATUS_SUCCESS);
    CHECK_TEXT(Narrow, "123");
    CHECK_EQUAL(RtlIntegerToChar(1234, 10, 4, Narrow), STATUS_SUCCESS);
    CHECK(memcmp(Narrow, "1234", 4) == 0);
    CHECK_EQUAL(RtlIntegerToChar(12345, 10, 4, Narrow), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(RtlIntegerToChar(1, 7, 4, Narrow), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlIntegerToChar(1, 10, 4, NULL), STATUS_ACCESS_VIOLATION);
}

TEST(narrow_strings_are_appended_and_have_prefixes)
{
    CHAR Buffer[6];
    STRING Text = {0, sizeof(Buffer), Buffer}, Prefix;

    CHECK_EQUAL(RtlAppendAsciizToString(&Text, "abc"), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAppendStringToString(&Text, &Text), STATUS_SUCCESS);
    CHECK(Text.Length == 6 && memcmp(Buffer, "abcabc", 6) == 0);
    CHECK_EQUAL(RtlAppendAsciizToString(&Text, "x"), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(RtlAppendAsciizToString(&Text, NULL), STATUS_SUCCESS);
    RtlInitString(&Prefix, "ABCA");
    CHECK(RtlPrefixString(&Prefix, &Text, TRUE) && !RtlPrefixString(&Prefix, &Text, FALSE));
    CHECK(!RtlPrefixString(&Text, &Prefix, TRUE));
}
