// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/io/pattern.c rtl/upcase.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/inc -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
// options: -Intos/io
#include "test.h"
#include "iop.h"

static BOOLEAN Match(const WCHAR *Pattern, const WCHAR *Name)
{
    UNICODE_STRING PatternString = {0, 0, (PWSTR)Pattern}, NameString = {0, 0, (PWSTR)Name};

    while (Pattern[PatternString.Length / 2])
        PatternString.Length += 2;
    while (Name[NameString.Length / 2])
        NameString.Length += 2;
    return IopMatchPattern(&PatternString, &NameString);
}

TEST(plain_names_and_question_marks)
{
    CHECK(Match(u"ntdll.dll", u"NTDLL.DLL"));
    CHECK(!Match(u"ntdll.dll", u"ntdll.dl"));
    CHECK(!Match(u"ntdll.dl", u"ntdll.dll"));
    CHECK(Match(u"n?d??.dll", u"ntdll.dll"));
    CHECK(!Match(u"?", u""));
    CHECK(Match(u"", u""));
}

TEST(stars)
{
    CHECK(Match(u"*", u""));
    CHECK(Match(u"*", u"anything"));
    CHECK(Match(u"*.sys", u"beep.sys"));
    CHECK(Match(u"*.sys", u"a.sys.sys"));
    CHECK(!Match(u"*.sys", u"beep.dll"));
    CHECK(Match(u"*e*e*", u"beep"));
    CHECK(!Match(u"*e*e*e*", u"beep"));
    CHECK(Match(u"b*p", u"beep"));
    CHECK(!Match(u"b*p", u"beeps"));
    CHECK(!Match(u"*.*", u"readme"));
}

/* *.* reaches the file system as < with a dot, and a trailing ? as >. */
TEST(wildcards_of_dos)
{
    CHECK(Match(u"<.", u"readme."));
    CHECK(Match(u"<\"*", u"readme"));
    CHECK(Match(u"<\"*", u"readme.txt"));
    CHECK(Match(u"<.txt", u"a.b.txt"));
    CHECK(Match(u"readme>>>", u"readme"));
    CHECK(Match(u"a>.txt", u"a.txt"));
    CHECK(Match(u"a>.txt", u"ab.txt"));
    CHECK(!Match(u"a>.txt", u"abc.txt"));
}

TEST(many_stars_take_no_time)
{
    static WCHAR Pattern[512], Name[256];
    ULONG i;

    for (i = 0; i < 510; i++)
        Pattern[i] = i % 2 ? 'a' : '*';
    Pattern[510] = 'b';
    for (i = 0; i < 255; i++)
        Name[i] = 'a';
    CHECK(!Match(Pattern, Name));
}
