/* SPDX-License-Identifier: BSD-2-Clause */
/* Words of a command line: see ntcmd.h. Pure. */
#include "ntcmd.h"

ULONG SplitWords(PWSTR Line, PWSTR Words[MAXIMUM_WORDS])
{
    ULONG Count = 0;

    for (;;) {
        BOOLEAN Quoted;

        while (*Line == ' ')
            Line++;
        if (!*Line || Count == MAXIMUM_WORDS)
            return Count;
        Quoted = *Line == '"';
        Line += Quoted;
        Words[Count++] = Line;
        while (*Line && *Line != (Quoted ? '"' : ' '))
            Line++;
        if (*Line)
            *Line++ = 0;
    }
}

PCWSTR TakeWord(PCWSTR Line, PWSTR Word, ULONG Size)
{
    ULONG Length = 0;
    WCHAR End;

    while (*Line == ' ')
        Line++;
    End = *Line == '"' ? '"' : ' ';
    if (End == '"')
        Line++;
    for (; *Line && *Line != End; Line++) {
        if (Length + 1 < Size)
            Word[Length++] = *Line;
    }
    Word[Length] = 0;
    return *Line == '"' ? Line + 1 : Line;
}

BOOLEAN ParseNumber(PCWSTR Word, PULONG Number)
{
    ULONGLONG Value = 0;

    if (!*Word)
        return FALSE;
    for (; *Word; Word++) {
        if (*Word < '0' || *Word > '9')
            return FALSE;
        Value = Value * 10 + (*Word - '0');
        if (Value > 0xffffffff)
            return FALSE;
    }
    *Number = (ULONG)Value;
    return TRUE;
}

static WCHAR Lower(WCHAR Character)
{
    return Character >= 'A' && Character <= 'Z' ? Character + 'a' - 'A' : Character;
}

BOOLEAN EqualWords(PCWSTR First, PCWSTR Second)
{
    while (*First && Lower(*First) == Lower(*Second)) {
        First++;
        Second++;
    }
    return *First == *Second;
}
