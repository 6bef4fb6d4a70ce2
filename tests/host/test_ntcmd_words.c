// SPDX-License-Identifier: BSD-2-Clause
// sources: base/ntcmd/words.c base/ntcmd/path.c rtl/memory.c rtl/arch/x86_64/copy.c rtl/cstring.c
// sources: rtl/wstring.c rtl/upcase.c rtl/ctype.c
// options: -Iinclude -Ibase/ntcmd -DNEPTUNE_HOST_TEST -fms-extensions -idirafter
// options: /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "ntcmd.h"

static const char *Narrow(PCWSTR Text)
{
    static char Copy[MAXIMUM_PATH];
    int i;

    for (i = 0; Text[i]; i++)
        Copy[i] = (char)Text[i];
    Copy[i] = 0;
    return Copy;
}

TEST(a_line_is_split_at_blanks)
{
    WCHAR Line[] = u"  cat   \"a b\" c\"d ";
    PWSTR Words[MAXIMUM_WORDS];

    REQUIRE(SplitWords(Line, Words) == 3);
    CHECK_TEXT(Narrow(Words[0]), "cat");
    CHECK_TEXT(Narrow(Words[1]), "a b");
    CHECK_TEXT(Narrow(Words[2]), "c\"d");
}

TEST(words_over_the_limit_are_left)
{
    WCHAR Line[] = u"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 "
                   u"30 31 32 33 34";
    PWSTR Words[MAXIMUM_WORDS];
    WCHAR Empty[] = u"   ", Open[] = u"\"abc";

    CHECK_EQUAL(SplitWords(Line, Words), MAXIMUM_WORDS);
    CHECK_EQUAL(SplitWords(Empty, Words), 0);
    CHECK_EQUAL(SplitWords(Open, Words), 1);
    CHECK_TEXT(Narrow(Words[0]), "abc");
}

TEST(numbers)
{
    ULONG Number;

    CHECK(ParseNumber(u"0", &Number) && Number == 0);
    CHECK(ParseNumber(u"4294967295", &Number) && Number == 4294967295u);
    CHECK(!ParseNumber(u"4294967296", &Number));
    CHECK(!ParseNumber(u"99999999999999999999999", &Number));
    CHECK(!ParseNumber(u"", &Number) && !ParseNumber(u"-1", &Number) &&
          !ParseNumber(u"12a", &Number));
}

TEST(names_are_equal_in_any_case)
{
    CHECK(EqualWords(u"Help", u"hELP") && !EqualWords(u"help", u"helpx") &&
          !EqualWords(u"helpx", u"help"));
    CHECK(EqualWords(u"", u"") && !EqualWords(u"@", u"`"));
}

static const char *Resolved(PCWSTR Directory, PCWSTR Path)
{
    static WCHAR Shown[MAXIMUM_PATH];

    for (int i = 0; (CurrentDirectory[i] = Directory[i]); i++)
        ;
    if (!NT_SUCCESS(ResolvePath(Path, Shown)))
        return "failed";
    return Narrow(Shown);
}

TEST(paths)
{
    CHECK_TEXT(Resolved(u"C:\\", u""), "C:\\");
    CHECK_TEXT(Resolved(u"C:\\", u"drivers"), "C:\\drivers");
    CHECK_TEXT(Resolved(u"C:\\drivers", u".."), "C:\\");
    CHECK_TEXT(Resolved(u"C:\\drivers", u"..\\..\\.."), "C:\\");
    CHECK_TEXT(Resolved(u"C:\\drivers", u"..\\tests/.\\x\\"), "C:\\tests\\x");
    CHECK_TEXT(Resolved(u"C:\\drivers", u"\\Device"), "\\Device");
    CHECK_TEXT(Resolved(u"\\Device", u".."), "\\");
    CHECK_TEXT(Resolved(u"\\", u"Device"), "\\Device");
    CHECK_TEXT(Resolved(u"\\Device", u"c:"), "C:\\");
    CHECK_TEXT(Resolved(u"\\Device", u"c:\\ntdll.dll"), "C:\\ntdll.dll");
    CHECK_TEXT(Resolved(u"\\", u"\\\\a\\\\b"), "\\a\\b");
}

TEST(paths_that_are_too_long)
{
    WCHAR Long[400], Shown[MAXIMUM_PATH], Native[MAXIMUM_PATH];

    for (int i = 0; i < 399; i++)
        Long[i] = i % 50 ? 'a' : '\\';
    Long[399] = 0;
    CHECK_EQUAL(ResolvePath(Long, Shown), STATUS_NAME_TOO_LONG);
    Long[257] = 0;
    CHECK_EQUAL(ResolvePath(Long, Shown), STATUS_SUCCESS);
    CHECK_EQUAL(NativePath(Shown, Native), STATUS_SUCCESS);
    Long[0] = 'C';
    Long[1] = ':';
    Long[2] = '\\';
    CHECK_EQUAL(ResolvePath(Long, Shown), STATUS_SUCCESS);
    CHECK_EQUAL(NativePath(Shown, Native), STATUS_NAME_TOO_LONG);
}

TEST(native_paths)
{
    WCHAR Native[MAXIMUM_PATH];

    CHECK_EQUAL(NativePath(u"C:\\x", Native), STATUS_SUCCESS);
    CHECK_TEXT(Narrow(Native), "\\??\\C:\\x");
    CHECK_EQUAL(NativePath(u"\\Device", Native), STATUS_SUCCESS);
    CHECK_TEXT(Narrow(Native), "\\Device");
}
