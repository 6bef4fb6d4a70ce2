/* SPDX-License-Identifier: BSD-2-Clause */
/* Names against patterns with * and ?, without regard to case, and DOS's < > " as
 * FsRtlIsNameInExpression has them. */
#include "iop.h"

#define DOS_STAR '<' /* any characters up to and not including the last dot */
#define DOS_QM '>'   /* a character other than a dot, or the end */
#define DOS_DOT '"'  /* a dot, or the end */

typedef struct _IOP_MATCH {
    PCWCH Pattern, PatternEnd;
    PCWCH Name, NameEnd;
} IOP_MATCH, *PIOP_MATCH;

static BOOLEAN IopHasDotAhead(PCWCH Name, PCWCH End)
{
    while (Name < End)
        if (*Name++ == '.')
            return TRUE;
    return FALSE;
}

/* One pattern character other than a star against the name's next; TRUE when it takes a character
 * or needs none. */
static BOOLEAN IopMatchOne(PIOP_MATCH Match)
{
    WCHAR Wanted = *Match->Pattern;
    BOOLEAN AtEnd = Match->Name == Match->NameEnd;

    if (Wanted == DOS_QM && (AtEnd || *Match->Name == '.')) {
        Match->Pattern++;
        return TRUE;
    }
    if (Wanted == DOS_DOT && AtEnd) {
        Match->Pattern++;
        return TRUE;
    }
    if (AtEnd)
        return FALSE;
    if (Wanted != '?' && Wanted != DOS_QM &&
        RtlUpcaseUnicodeChar(Wanted == DOS_DOT ? '.' : Wanted) !=
            RtlUpcaseUnicodeChar(*Match->Name))
        return FALSE;
    Match->Pattern++;
    Match->Name++;
    return TRUE;
}

/* Takes the time of the product of both lengths: on a mismatch only the last star is widened. */
BOOLEAN IopMatchPattern(PCUNICODE_STRING Pattern, PCUNICODE_STRING Name)
{
    IOP_MATCH Match = {Pattern->Buffer, Pattern->Buffer + Pattern->Length / sizeof(WCHAR),
                       Name->Buffer, Name->Buffer + Name->Length / sizeof(WCHAR)};
    PCWCH Star = NULL, StarName = NULL;

    for (;;) {
        if (Match.Pattern < Match.PatternEnd &&
            (*Match.Pattern == '*' || *Match.Pattern == DOS_STAR)) {
            Star = Match.Pattern++;
            StarName = Match.Name;
            continue;
        }
        if (Match.Pattern == Match.PatternEnd && Match.Name == Match.NameEnd)
            return TRUE;
        if (Match.Pattern < Match.PatternEnd && IopMatchOne(&Match))
            continue;
        if (!Star || StarName == Match.NameEnd)
            return FALSE;
        if (*Star == DOS_STAR && *StarName == '.' && !IopHasDotAhead(StarName + 1, Match.NameEnd))
            return FALSE;
        Match.Name = ++StarName;
        Match.Pattern = Star + 1;
    }
}
