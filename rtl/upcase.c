// SPDX-License-Identifier: BSD-2-Clause
/* Upper and lower case of the Latin, Greek, Cyrillic, Armenian and full-width letters. (Unicode,
 * simple case mapping) */
#include <nt/ntnls.h>
#include <nt/ntrtl.h>

/*
 * Lower-case letters First..Last, every Step'th; each is Distance above its upper-case letter.
 * Sorted. Letters in pairs (capital, small) have Step 2 and Distance 1.
 */
static const struct CASE_RANGE {
    WCHAR First;
    WCHAR Last;
    USHORT Step;
    SHORT Distance;
} CaseRanges[] = {
    {'a', 'z', 1, 32},
    {0x00e0, 0x00f6, 1, 32},
    {0x00f8, 0x00fe, 1, 32},
    {0x00ff, 0x00ff, 1, 0xff - 0x178},
    {0x0101, 0x012f, 2, 1},
    {0x0133, 0x0137, 2, 1},
    {0x013a, 0x0148, 2, 1},
    {0x014b, 0x0177, 2, 1},
    {0x017a, 0x017e, 2, 1},
    {0x03ac, 0x03ac, 1, 0x3ac - 0x386},
    {0x03ad, 0x03af, 1, 0x3ad - 0x388},
    {0x03b1, 0x03c1, 1, 32},
    {0x03c3, 0x03cb, 1, 32},
    {0x03cc, 0x03cc, 1, 0x3cc - 0x38c},
    {0x03cd, 0x03ce, 1, 0x3cd - 0x38e},
    {0x0430, 0x044f, 1, 32},
    {0x0450, 0x045f, 1, 80},
    {0x0461, 0x0481, 2, 1},
    {0x048b, 0x04bf, 2, 1},
    {0x04c2, 0x04ce, 2, 1},
    {0x04d1, 0x052f, 2, 1},
    {0x0561, 0x0586, 1, 48},
    {0x1e01, 0x1e95, 2, 1},
    {0x1ea1, 0x1eff, 2, 1},
    {0xff41, 0xff5a, 1, 32},
};

/* Somebody's tables, which know more; NULL: none. */
static const USHORT *UpperTable, *LowerTable;

void RtlpUseCaseTables(const USHORT *UpperCaseTable, const USHORT *LowerCaseTable)
{
    UpperTable = UpperCaseTable;
    LowerTable = LowerCaseTable;
}

/* The upper 8 bits of a character, the next 4, the last 4; at the end is what to add. */
static WCHAR MapCase(const USHORT *Table, WCHAR Character)
{
    ULONG Block = Table[Character >> 8] + (Character >> 4 & 15);

    return (WCHAR)(Character + Table[Table[Block] + (Character & 15)]);
}

static BOOLEAN InRange(WCHAR Character, LONG First, LONG Last, USHORT Step)
{
    return Character >= First && Character <= Last && (Character - First) % Step == 0;
}

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR Character)
{
    if (Character < 0x80)
        return (WCHAR)toupper(Character);
    if (UpperTable)
        return MapCase(UpperTable, Character);
    for (ULONG i = 1; i < ARRAYSIZE(CaseRanges); i++) {
        const struct CASE_RANGE *Range = &CaseRanges[i];

        if (InRange(Character, Range->First, Range->Last, Range->Step))
            return (WCHAR)(Character - Range->Distance);
    }
    return Character;
}

WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR Character)
{
    if (Character < 0x80)
        return (WCHAR)tolower(Character);
    if (LowerTable)
        return MapCase(LowerTable, Character);
    for (ULONG i = 1; i < ARRAYSIZE(CaseRanges); i++) {
        const struct CASE_RANGE *Range = &CaseRanges[i];

        if (InRange(Character, Range->First - Range->Distance, Range->Last - Range->Distance,
                    Range->Step))
            return (WCHAR)(Character + Range->Distance);
    }
    return Character;
}

WCHAR CDECL towupper(WCHAR Character)
{
    return RtlUpcaseUnicodeChar(Character);
}

WCHAR CDECL towlower(WCHAR Character)
{
    return RtlDowncaseUnicodeChar(Character);
}

CHAR NTAPI RtlUpperChar(CHAR Character)
{
    return (CHAR)toupper((UCHAR)Character);
}
