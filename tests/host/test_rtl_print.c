// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/print.c
// sources: rtl/cstring.c rtl/wstring.c rtl/ctype.c rtl/upcase.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>

static char Output[256];

static const char *Format(const char *Text, ...)
{
    va_list Arguments;

    va_start(Arguments, Text);
    _vsnprintf(Output, sizeof(Output), Text, Arguments);
    va_end(Arguments);
    return Output;
}

TEST(integers)
{
    CHECK_TEXT(Format("%d %i %u", -5, 7, 0xffffffffu), "-5 7 4294967295");
    CHECK_TEXT(Format("%x %X %#x %#x %o", 0xabc, 0xabc, 0xabc, 0, 8), "abc ABC 0xabc 0 10");
    CHECK_TEXT(Format("[%5d] [%-5d] [%05d] [%.3d]", 42, 42, -42, 7),
               "[   42] [42   ] [-0042] [007]");
    CHECK_TEXT(Format("[%+d] [% d] [%*d] [%-*d]", 1, 1, 4, 1, 4, 1), "[+1] [ 1] [   1] [1   ]");
    CHECK_TEXT(Format("%08lx %lu", 0x1234, 77), "00001234 77");
    CHECK_TEXT(Format("%I64d %llx %I64u", -1ll, 0x123456789abcdefull, ~0ull),
               "-1 123456789abcdef 18446744073709551615");
    CHECK_TEXT(Format("%Iu %zx %I32u", (SIZE_T)5, (SIZE_T)-1, 6u),
               WORDS64 ? "5 ffffffffffffffff 6" : "5 ffffffff 6");
    CHECK_TEXT(Format("%hd %hu", 0x18000, 0x1ffff), "-32768 65535");
    CHECK_TEXT(Format("%I64d", (LONGLONG)(1ull << 63)), "-9223372036854775808");
    CHECK_TEXT(Format("[%.0d]", 0), "[]");
}

TEST(pointers_are_padded_capitals)
{
    CHECK_TEXT(Format("%p", (PVOID)0xabcdef), WORDS64 ? "0000000000ABCDEF" : "00ABCDEF");
}

TEST(text_narrow_wide_and_counted)
{
    UNICODE_STRING Wide = RTL_CONSTANT_STRING(u"wide");
    ANSI_STRING Narrow = RTL_CONSTANT_STRING("narrow");

    CHECK_TEXT(Format("%s|%ws|%ls|%S|%hs", "a", u"b", u"c", u"d", "e"), "a|b|c|d|e");
    CHECK_TEXT(Format("[%6s] [%-6s] [%.2s]", "abc", "abc", "abc"), "[   abc] [abc   ] [ab]");
    CHECK_TEXT(Format("%wZ %Z [%8wZ] [%.2wZ]", &Wide, &Narrow, &Wide, &Wide),
               "wide narrow [    wide] [wi]");
    CHECK_TEXT(Format("%s %ws %wZ", NULL, NULL, NULL), "(null) (null) (null)");
    CHECK_TEXT(Format("%c%wc%C", 'a', 'b', 'c'), "abc");
    CHECK_TEXT(Format("%ws", u"a\x20ac"), "a?");
}

TEST(percent_and_malformed_formats)
{
    CHECK_TEXT(Format("100%%"), "100%");
    CHECK_TEXT(Format("%"), "");
    CHECK_TEXT(Format("%-"), "");
    CHECK_TEXT(Format("%I"), "");
    CHECK_TEXT(Format("%I6"), "6");
    CHECK_TEXT(Format("%y"), "y");
}

TEST(a_precision_bounds_the_read)
{
    char NoTerminator[3] = {'a', 'b', 'c'};

    CHECK_TEXT(Format("%.3s", NoTerminator), "abc");
}

TEST(a_full_buffer_says_so)
{
    char Small[4] = {1, 1, 1, 1};

    CHECK_EQUAL(_snprintf(Small, 3, "abc"), 3);
    CHECK_EQUAL(Small[3], 1);
    CHECK_EQUAL(_snprintf(Small, 3, "abcd"), -1);
    CHECK_EQUAL(_snprintf(Small, 4, "ab"), 2);
    CHECK_TEXT(Small, "ab");
    CHECK_EQUAL(_snprintf(NULL, 0, ""), 0);
}

TEST(wide_output_turns_the_meaning_of_s)
{
    WCHAR Wide[32];

    CHECK_EQUAL(_snwprintf(Wide, 32, u"%s %hs %S %d", u"a", "b", "c", 5), 7);
    CHECK(wcscmp(Wide, u"a b c 5") == 0);
}
