/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line editor: see lineedit.h. It knows nothing of columns and rows: it moves right by printing
 * again what stands there, and left by \b, which the screen carries over the start of a row.
 */
#include "lineedit.h"

static const WCHAR Back[] = u"\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b";
static const WCHAR Blanks[] = u"                ";

static void EmitMany(LINE_EDITOR *Editor, PCWSTR Sixteen, ULONG Count)
{
    for (; Count > 16; Count -= 16)
        Editor->Emit(Sixteen, 16);
    Editor->Emit(Sixteen, Count);
}

static void MoveTo(LINE_EDITOR *Editor, ULONG Position)
{
    if (Position < Editor->Cursor)
        EmitMany(Editor, Back, Editor->Cursor - Position);
    else
        Editor->Emit(Editor->Line + Editor->Cursor, Position - Editor->Cursor);
    Editor->Cursor = Position;
}

/* Shows the line from the cursor on, overwrites Gone characters that stood behind it, and returns
 * to the cursor. */
static void ShowTail(LINE_EDITOR *Editor, ULONG Gone)
{
    ULONG Tail = Editor->Length - Editor->Cursor;

    Editor->Emit(Editor->Line + Editor->Cursor, Tail);
    EmitMany(Editor, Blanks, Gone);
    EmitMany(Editor, Back, Tail + Gone);
}

static void Insert(LINE_EDITOR *Editor, WCHAR Character)
{
    PWSTR At = Editor->Line + Editor->Cursor;

    if (Editor->Length == MAXIMUM_LINE)
        return;
    memmove(At + 1, At, (Editor->Length - Editor->Cursor + 1) * sizeof(WCHAR));
    *At = Character;
    Editor->Length++;
    Editor->Emit(At, 1);
    Editor->Cursor++;
    if (Editor->Cursor < Editor->Length)
        ShowTail(Editor, 0);
}

/* Removes the character under the cursor. */
static void Remove(LINE_EDITOR *Editor)
{
    PWSTR At = Editor->Line + Editor->Cursor;

    if (Editor->Cursor == Editor->Length)
        return;
    memmove(At, At + 1, (Editor->Length - Editor->Cursor) * sizeof(WCHAR));
    Editor->Length--;
    ShowTail(Editor, 1);
}

static void Replace(LINE_EDITOR *Editor, PCWSTR Text)
{
    ULONG Old = Editor->Length;

    MoveTo(Editor, 0);
    for (Editor->Length = 0; Text[Editor->Length]; Editor->Length++)
        Editor->Line[Editor->Length] = Text[Editor->Length];
    Editor->Line[Editor->Length] = 0;
    ShowTail(Editor, Old > Editor->Length ? Old - Editor->Length : 0);
    MoveTo(Editor, Editor->Length);
}

static void Recall(LINE_EDITOR *Editor, LONG Step)
{
    ULONG Position = Editor->HistoryPosition + Step;
    ULONG Oldest = Editor->HistoryCount > HISTORY_LINES ? Editor->HistoryCount - HISTORY_LINES : 0;

    if (Step < 0 && Editor->HistoryPosition == Oldest)
        return;
    if (Step > 0 && Editor->HistoryPosition == Editor->HistoryCount)
        return;
    Editor->HistoryPosition = Position;
    Replace(Editor,
            Position == Editor->HistoryCount ? u"" : Editor->History[Position % HISTORY_LINES]);
}

/* Empty lines and a line like the last are not worth remembering. */
static void Remember(LINE_EDITOR *Editor)
{
    PWSTR Last = Editor->History[(Editor->HistoryCount + HISTORY_LINES - 1) % HISTORY_LINES];

    if (!Editor->Length || (Editor->HistoryCount && wcscmp(Last, Editor->Line) == 0))
        return;
    memcpy(Editor->History[Editor->HistoryCount % HISTORY_LINES], Editor->Line,
           sizeof(Editor->Line));
    Editor->HistoryCount++;
}

static BOOLEAN IsBlank(const LINE_EDITOR *Editor, ULONG Position)
{
    return Editor->Line[Position] == ' ';
}

static ULONG WordLeft(const LINE_EDITOR *Editor)
{
    ULONG Position = Editor->Cursor;

    while (Position && IsBlank(Editor, Position - 1))
        Position--;
    while (Position && !IsBlank(Editor, Position - 1))
        Position--;
    return Position;
}

static ULONG WordRight(const LINE_EDITOR *Editor)
{
    ULONG Position = Editor->Cursor;

    while (Position < Editor->Length && !IsBlank(Editor, Position))
        Position++;
    while (Position < Editor->Length && IsBlank(Editor, Position))
        Position++;
    return Position;
}

static void Move(LINE_EDITOR *Editor, KEY Key)
{
    switch (Key) {
    case KeyLeft:
        MoveTo(Editor, Editor->Cursor ? Editor->Cursor - 1 : 0);
        break;
    case KeyRight:
        MoveTo(Editor, Editor->Cursor < Editor->Length ? Editor->Cursor + 1 : Editor->Length);
        break;
    case KeyHome:
        MoveTo(Editor, 0);
        break;
    case KeyEnd:
        MoveTo(Editor, Editor->Length);
        break;
    case KeyWordLeft:
        MoveTo(Editor, WordLeft(Editor));
        break;
    default:
        MoveTo(Editor, WordRight(Editor));
    }
}

static void Finish(LINE_EDITOR *Editor)
{
    MoveTo(Editor, Editor->Length);
    Editor->Emit(u"\n", 1);
    Remember(Editor);
}

static void Abandon(LINE_EDITOR *Editor)
{
    MoveTo(Editor, Editor->Length);
    Editor->Emit(u"^C\n", 3);
    LineBegin(Editor);
}

void LineBegin(LINE_EDITOR *Editor)
{
    Editor->Line[0] = 0;
    Editor->Length = Editor->Cursor = 0;
    Editor->HistoryPosition = Editor->HistoryCount;
}

void LineShow(LINE_EDITOR *Editor)
{
    Editor->Emit(Editor->Line, Editor->Length);
    EmitMany(Editor, Back, Editor->Length - Editor->Cursor);
}

BOOLEAN LineKey(LINE_EDITOR *Editor, KEY_EVENT Event)
{
    switch (Event.Key) {
    case KeyNone:
    case KeyRefresh:
        break;
    case KeyCharacter:
        Insert(Editor, Event.Character == '\t' ? ' ' : Event.Character);
        break;
    case KeyBackspace:
        if (!Editor->Cursor)
            break;
        MoveTo(Editor, Editor->Cursor - 1);
        Remove(Editor);
        break;
    case KeyDelete:
        Remove(Editor);
        break;
    case KeyUp:
        Recall(Editor, -1);
        break;
    case KeyDown:
        Recall(Editor, 1);
        break;
    case KeyEscape:
        Replace(Editor, u"");
        break;
    case KeyEnter:
        Finish(Editor);
        return TRUE;
    case KeyInterrupt:
        Abandon(Editor);
        return TRUE;
    default:
        Move(Editor, Event.Key);
    }
    return FALSE;
}
