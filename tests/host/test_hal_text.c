// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/hal/text.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/inc -Ilibsel4/include -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
// options: -Intos/hal
#include "test.h"
#include "halp.h"

#define COLUMNS 80
#define ROWS 25

static USHORT Cells[ROWS][COLUMNS];
static HALP_TEXT Text = {.Columns = COLUMNS, .Rows = ROWS, .Cells = Cells[0]};

static void Write(const char *Characters)
{
    SIZE_T Length = 0;

    while (Characters[Length])
        Length++;
    HalpWriteText(&Text, Characters, Length);
}

static const char *Row(ULONG Number)
{
    static char Line[COLUMNS + 1];
    ULONG i;

    for (i = 0; i < COLUMNS; i++)
        Line[i] = (char)Cells[Number][i];
    while (i && Line[i - 1] == ' ')
        i--;
    Line[i] = 0;
    return Line;
}

TEST(text_goes_where_it_should)
{
    HalpClearText(&Text);
    Write("one\ntwo\rT\tx");
    CHECK_TEXT(Row(0), "one");
    CHECK_TEXT(Row(1), "Two     x");
    CHECK_EQUAL(Text.Row, 1);
    CHECK_EQUAL(Text.Column, 9);
    CHECK_EQUAL(Cells[0][0], 0x0700 | 'o');
}

TEST(backspace_goes_back_over_a_line_start_but_not_over_the_screen)
{
    HalpClearText(&Text);
    Write("\b\b");
    CHECK_EQUAL(Text.Row + Text.Column, 0);
    Write("a\n\b");
    CHECK_EQUAL(Text.Row, 0);
    CHECK_EQUAL(Text.Column, COLUMNS - 1);
}

TEST(long_lines_wrap_and_can_be_erased)
{
    ULONG i;

    HalpClearText(&Text);
    for (i = 0; i < COLUMNS + 3; i++)
        Write("x");
    CHECK_EQUAL(Text.Row, 1);
    CHECK_EQUAL(Text.Column, 3);
    for (i = 0; i < COLUMNS + 3; i++)
        Write("\b \b");
    CHECK_TEXT(Row(0), "");
    CHECK_TEXT(Row(1), "");
    CHECK_EQUAL(Text.Row + Text.Column, 0);
}

TEST(the_screen_scrolls)
{
    char Line[] = "line a\n";
    ULONG i;

    HalpClearText(&Text);
    for (i = 0; i < 26; i++, Line[5]++)
        Write(Line);
    CHECK_TEXT(Row(0), "line c");
    CHECK_TEXT(Row(ROWS - 2), "line z");
    CHECK_TEXT(Row(ROWS - 1), "");
    Write("\f!");
    CHECK_TEXT(Row(0), "!");
    CHECK_TEXT(Row(1), "");
}

/* As the screen does it: what lies outside of the changed rows is what it was. */
TEST(changed_rows_cover_all_changes)
{
    static const char Sample[] = "ab\n\b\r\t\f\x7f\x80";
    static USHORT Before[ROWS][COLUMNS];
    ULONG Seed = 1, Round, i, Row;

    HalpClearText(&Text);
    for (Round = 0; Round < 20000; Round++) {
        memcpy(Before, Cells, sizeof(Before));
        Text.FirstChanged = ROWS;
        Text.LastChanged = 0;
        for (i = 0; i < Round % 7; i++) {
            Seed = Seed * 1664525 + 1013904223;
            HalpWriteText(&Text, &Sample[(Seed >> 16) % (sizeof(Sample) - 1)], 1);
        }
        REQUIRE(Text.Row < ROWS && Text.Column < COLUMNS);
        for (Row = 0; Row < ROWS; Row++)
            if (Row < Text.FirstChanged || Row > Text.LastChanged)
                REQUIRE(!memcmp(Before[Row], Cells[Row], sizeof(Before[Row])));
    }
}
