// SPDX-License-Identifier: BSD-2-Clause
// sources: base/ntcmd/lineedit.c rtl/memory.c rtl/arch/x86_64/copy.c rtl/cstring.c rtl/wstring.c
// sources: rtl/upcase.c rtl/ctype.c
// options: -Iinclude -Ibase/ntcmd -DNEPTUNE_HOST_TEST -fms-extensions -idirafter
// options: /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "lineedit.h"

/* The screen as one long row: what \b, blanks and characters leave on it. */
static char Row[2048];
static int Column;
static LINE_EDITOR Editor;

static void Emit(PCWSTR Text, ULONG Count)
{
    for (ULONG i = 0; i < Count; i++) {
        if (Text[i] == '\b')
            Column--;
        else if (Text[i] != '\n')
            Row[Column++] = (char)Text[i];
    }
}

static void Begin(void)
{
    for (unsigned i = 0; i < sizeof(Row); i++)
        Row[i] = 0;
    Column = 0;
    Editor.Emit = Emit;
    LineBegin(&Editor);
}

static BOOLEAN Press(KEY Key)
{
    KEY_EVENT Event = {Key, 0};

    return LineKey(&Editor, Event);
}

static void Type(const char *Text)
{
    for (; *Text; Text++) {
        KEY_EVENT Event = {KeyCharacter, (WCHAR)*Text};
        LineKey(&Editor, Event);
    }
}

/* The row without the blanks at its end. */
static const char *Shown(void)
{
    static char Copy[sizeof(Row)];
    int End = 0;

    for (int i = 0; Row[i]; i++) {
        Copy[i] = Row[i];
        if (Row[i] != ' ')
            End = i + 1;
    }
    Copy[End] = 0;
    return Copy;
}

static const char *Line(void)
{
    static char Copy[MAXIMUM_LINE + 1];
    ULONG i;

    for (i = 0; Editor.Line[i]; i++)
        Copy[i] = (char)Editor.Line[i];
    Copy[i] = 0;
    return Copy;
}

#define EXPECT(text, column)                                                                       \
    do {                                                                                           \
        CHECK_TEXT(Line(), text);                                                                  \
        CHECK_TEXT(Shown(), text);                                                                 \
        CHECK_EQUAL(Column, column);                                                               \
    } while (0)

TEST(typing_shows_what_is_typed)
{
    Begin();
    Type("dir");
    EXPECT("dir", 3);
}

TEST(inserting_moves_the_tail)
{
    Begin();
    Type("ac");
    Press(KeyLeft);
    Type("b");
    EXPECT("abc", 2);
}

TEST(backspace_and_delete)
{
    Begin();
    Type("abcd");
    Press(KeyBackspace);
    EXPECT("abc", 3);
    Press(KeyHome);
    Press(KeyBackspace);
    EXPECT("abc", 0);
    Press(KeyDelete);
    EXPECT("bc", 0);
    Press(KeyRight);
    Press(KeyBackspace);
    EXPECT("c", 0);
    Press(KeyEnd);
    Press(KeyDelete);
    EXPECT("c", 1);
}

TEST(cursor_stops_at_the_ends)
{
    Begin();
    Type("ab");
    Press(KeyRight);
    EXPECT("ab", 2);
    Press(KeyLeft);
    Press(KeyLeft);
    Press(KeyLeft);
    EXPECT("ab", 0);
}

TEST(words)
{
    Begin();
    Type("one two  three");
    Press(KeyWordLeft);
    EXPECT("one two  three", 9);
    Press(KeyWordLeft);
    EXPECT("one two  three", 4);
    Press(KeyWordRight);
    EXPECT("one two  three", 9);
    Press(KeyWordRight);
    EXPECT("one two  three", 14);
}

TEST(history_goes_back_and_forth)
{
    Begin();
    Type("first");
    CHECK(Press(KeyEnter));
    Begin();
    Type("second one");
    CHECK(Press(KeyEnter));
    Begin();
    Press(KeyUp);
    EXPECT("second one", 10);
    Press(KeyUp);
    EXPECT("first", 5);
    Press(KeyUp);
    EXPECT("first", 5);
    Press(KeyDown);
    EXPECT("second one", 10);
    Press(KeyDown);
    EXPECT("", 0);
    Press(KeyDown);
    EXPECT("", 0);
}

TEST(history_forgets_the_oldest)
{
    char Name[] = "line 00";

    for (int i = 0; i < HISTORY_LINES + 10; i++) {
        Begin();
        Name[5] = (char)('0' + i / 10);
        Name[6] = (char)('0' + i % 10);
        Type(Name);
        Press(KeyEnter);
    }
    Begin();
    for (int i = 0; i < HISTORY_LINES + 20; i++)
        Press(KeyUp);
    EXPECT("line 10", 7);
}

TEST(repeated_lines_are_remembered_once)
{
    for (int i = 0; i < 3; i++) {
        Begin();
        Type("again");
        Press(KeyEnter);
    }
    Begin();
    Press(KeyUp);
    Press(KeyUp);
    CHECK_TEXT(Line(), "line 73");
}

TEST(escape_clears)
{
    Begin();
    Type("nonsense");
    Press(KeyLeft);
    Press(KeyEscape);
    EXPECT("", 0);
}

TEST(interrupt_gives_an_empty_line)
{
    Begin();
    Type("nonsense");
    CHECK(Press(KeyInterrupt));
    CHECK_TEXT(Line(), "");
}

TEST(a_full_line_takes_no_more)
{
    Begin();
    for (int i = 0; i < MAXIMUM_LINE + 50; i++)
        Type("x");
    CHECK_EQUAL(Editor.Length, MAXIMUM_LINE);
    CHECK_EQUAL(Column, MAXIMUM_LINE);
    Press(KeyHome);
    Type("y");
    CHECK_EQUAL(Editor.Line[0], 'x');
    Press(KeyDelete);
    Type("y");
    CHECK_EQUAL(Editor.Line[0], 'y');
    CHECK_EQUAL(Editor.Length, MAXIMUM_LINE);
}
