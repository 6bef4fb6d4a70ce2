/* SPDX-License-Identifier: BSD-2-Clause */
/* The line editor: keys in, an edited line and text for the screen out. */
#pragma once
#include "ntcmd.h"
#include "scancode.h"

#define HISTORY_LINES 64

typedef struct _LINE_EDITOR {
    WCHAR Line[MAXIMUM_LINE + 1]; /* NUL-terminated */
    ULONG Length, Cursor;
    WCHAR History[HISTORY_LINES][MAXIMUM_LINE + 1];
    ULONG HistoryCount;    /* lines ever remembered; line n is at n % HISTORY_LINES */
    ULONG HistoryPosition; /* the line shown; HistoryCount = the new one */
    void (*Emit)(PCWSTR Text,
                 ULONG Count); /* puts text on the screen; \b moves back, also to the row above */
} LINE_EDITOR;

/* Begins an empty line. */
void LineBegin(LINE_EDITOR *Editor);

/* Shows the line on a screen where it is not shown. */
void LineShow(LINE_EDITOR *Editor);

/* Takes a key; TRUE when the line is complete (Enter, or Ctrl+C: then empty). The cursor then
 * stands below it. */
BOOLEAN LineKey(LINE_EDITOR *Editor, KEY_EVENT Event);
