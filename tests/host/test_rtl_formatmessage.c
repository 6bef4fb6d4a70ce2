// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/rtl/formatmessage.c rtl/print.c rtl/memory.c rtl/arch/x86_64/copy.c
// sources: rtl/wstring.c rtl/cstring.c rtl/upcase.c rtl/ctype.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

static WCHAR Result[64];
static ULONG Bytes;

static NTSTATUS FormatArray(PCWSTR Text, ULONG Width, const ULONG_PTR *Arguments, ULONG Room)
{
    return RtlFormatMessage(Text, Width, FALSE, FALSE, TRUE, (va_list *)Arguments, Result, Room,
                            &Bytes);
}

static void CheckArray(PCWSTR Text, ULONG Width, const ULONG_PTR *Arguments, PCWSTR Expected)
{
    NTSTATUS Status = FormatArray(Text, Width, Arguments, sizeof(Result));

    CHECK_EQUAL(Status, STATUS_SUCCESS);
    CHECK(wcscmp(Result, Expected) == 0);
    CHECK_EQUAL(Bytes, (wcslen(Expected) + 1) * 2);
}

TEST(inserts_come_from_an_array_in_any_order)
{
    const ULONG_PTR Arguments[] = {(ULONG_PTR)u"one", (ULONG_PTR)u"two", 3, 4, 5};

    CheckArray(u"%2 %1 %2.", 0, Arguments, u"two one two.");
    CheckArray(u"%3!d!/%4!02x!/%1!5s!", 0, Arguments, u"3/04/  one");
    CheckArray(u"%3!*d!|%3!0*.*u!", 0, Arguments, u"  4|0005");
    CheckArray(u"%%%!%.% %q%t%b|", 0, Arguments, u"%!. q\t |");
    CheckArray(u"a%nb\nc\r\nd%0e", 0, Arguments, u"a\r\nb\r\nc\r\nd");
    CheckArray(u"", 0, NULL, u"");
    CHECK_EQUAL(HeapBlocks, 0);
}

TEST(widths_break_lines_at_blanks)
{
    const ULONG_PTR Arguments[] = {(ULONG_PTR)u"four five"};

    CheckArray(u"one two\nthree %1", 8, Arguments, u"one two\r\nthree\r\nfour\r\nfive");
    CheckArray(u"toolongaword x", 5, Arguments, u"toolongaword\r\nx");
    CheckArray(u"a\r\nb%nc", 0xff, Arguments, u"a b\r\nc");
}

TEST(what_is_wrong_is_refused)
{
    const ULONG_PTR Arguments[] = {(ULONG_PTR)u"one"};

    CHECK_EQUAL(FormatArray(u"%", 0, Arguments, 64), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(FormatArray(u"%1!d", 0, Arguments, 64), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(FormatArray(u"%1!***d!", 0, Arguments, 64), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(FormatArray(u"%1!00000000000000000000000000000000000000000000s!", 0, Arguments, 64),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(FormatArray(u"%1", 0, Arguments, 6), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(FormatArray(u"%1", 0, Arguments, 8), STATUS_SUCCESS);
    CHECK_EQUAL(FormatArray(u"abc", 0, NULL, 6), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(FormatArray(u"abc", 0, NULL, 0), STATUS_BUFFER_OVERFLOW);
    OutOfMemory = TRUE;
    CHECK_EQUAL(FormatArray(u"%1", 0, Arguments, 8), STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
}

TEST(inserts_may_be_ignored_or_narrow)
{
    const ULONG_PTR Narrow[] = {(ULONG_PTR) "one", (ULONG_PTR)u"wide"};

    RtlFormatMessage(u"%1 %% %n%5!x!", 0, TRUE, FALSE, FALSE, NULL, Result, sizeof(Result), NULL);
    CHECK(wcscmp(Result, u"%1 %% \r\n%5!x!") == 0);
    RtlFormatMessage(u"%1 %2!ws! %1!hs!", 0, FALSE, TRUE, TRUE, (va_list *)Narrow, Result,
                     sizeof(Result), NULL);
    CHECK(wcscmp(Result, u"one wide one") == 0);
}

static void FormatList(PCWSTR Text, ...)
{
    struct {
        va_list List;
    } Arguments;

    va_start(Arguments.List, Text);
    RtlFormatMessage(Text, 0, FALSE, FALSE, FALSE, &Arguments.List, Result, sizeof(Result), NULL);
    va_end(Arguments.List);
}

TEST(lists_are_read_in_their_order)
{
    FormatList(u"%3 %1 %2!lu!", u"a", (ULONG_PTR)7, u"c");
    CHECK(wcscmp(Result, u"c a 7") == 0);
}
