// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which locales there are, by locale.nls (tools/generate/mklocale.py describes it). Of its indexes
 * one is sorted by numbers of 32 bits, which have the place of a record and that of a name behind
 * them, the other by names in upper case: a name's place, a record's, the number. Places and
 * offsets are made words of 16 bits here. Every access is checked.
 */
#include "locales.h"

#define PART_OFFSET 16 /* bytes: of the locales' part, from the file's beginning */
#define NSDS 0x5344534eu
#define ENTRY_WORDS 4
#define RECORD_SPECIFIC 12 /* a record's word: not a language by itself */

enum {
    PartMagic = 6,
    PartIdCount = 15,
    PartRecordSize = 17,
    PartRecords = 18,
    PartNameCount = 20,
    PartIds = 22,
    PartNames = 24,
    PartStrings = 32,
    PartWords = 38,
};

static USHORT Word(const RTLP_LOCALES *Locales, ULONG Index)
{
    return Index < Locales->Count ? Locales->Words[Index] : 0;
}

static ULONG Long(const RTLP_LOCALES *Locales, ULONG Index)
{
    return Word(Locales, Index) | (ULONG)Word(Locales, Index + 1) << 16;
}

/* Where an offset of the part's header leads. */
static ULONG Place(const RTLP_LOCALES *Locales, ULONG Field)
{
    return Long(Locales, Field) / sizeof(USHORT);
}

BOOLEAN RtlpOpenLocales(const void *Base, SIZE_T Size, PRTLP_LOCALES Locales)
{
    ULONG Part;

    Locales->Words = Base;
    Locales->Count = (ULONG)(Size / sizeof(USHORT));
    Part = Place(Locales, PART_OFFSET / sizeof(USHORT));
    if (Locales->Count < PartWords || Part > Locales->Count - PartWords)
        return FALSE;
    Locales->Words += Part;
    Locales->Count -= Part;
    return Long(Locales, PartMagic) == NSDS;
}

static BOOLEAN ReadName(const RTLP_LOCALES *Locales, USHORT Name, PUNICODE_STRING Text)
{
    ULONG Start = Place(Locales, PartStrings) + Name;
    USHORT Length = Word(Locales, Start);

    if (Start >= Locales->Count || Length >= Locales->Count - Start ||
        Length >= LOCALE_NAME_MAX_LENGTH)
        return FALSE;
    Text->Buffer = (PWSTR)(Locales->Words + Start + 1);
    Text->Length = Text->MaximumLength = (USHORT)(Length * sizeof(WCHAR));
    return TRUE;
}

static BOOLEAN ReadLocale(const RTLP_LOCALES *Locales, LCID Id, USHORT Record, USHORT Name,
                          PRTLP_LOCALE Locale)
{
    ULONG Start = Place(Locales, PartRecords) +
                  Record * (ULONG)(Word(Locales, PartRecordSize) / sizeof(USHORT));

    Locale->Id = Id;
    Locale->Neutral = !Word(Locales, Start + RECORD_SPECIFIC);
    return ReadName(Locales, Name, &Locale->Name);
}

BOOLEAN RtlpFindLocaleById(const RTLP_LOCALES *Locales, LCID Id, PRTLP_LOCALE Locale)
{
    ULONG Low = 0, High = Word(Locales, PartIdCount);

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;
        ULONG Entry = Place(Locales, PartIds) + Middle * ENTRY_WORDS;

        if (Long(Locales, Entry) == Id)
            return ReadLocale(Locales, Id, Word(Locales, Entry + 2), Word(Locales, Entry + 3),
                              Locale);
        if (Long(Locales, Entry) < Id)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return FALSE;
}

BOOLEAN RtlpFindLocaleByName(const RTLP_LOCALES *Locales, PCWSTR Name, PRTLP_LOCALE Locale)
{
    ULONG Low = 0, High = Word(Locales, PartNameCount);
    UNICODE_STRING Wanted, Found;

    if (!NT_SUCCESS(RtlInitUnicodeStringEx(&Wanted, Name)))
        return FALSE;
    while (Low < High) {
        ULONG Middle = (Low + High) / 2;
        ULONG Entry = Place(Locales, PartNames) + Middle * ENTRY_WORDS;
        LONG Order;

        if (!ReadName(Locales, Word(Locales, Entry), &Found))
            return FALSE;
        Order = RtlCompareUnicodeString(&Found, &Wanted, TRUE);
        if (Order == 0)
            return ReadLocale(Locales, Long(Locales, Entry + 2), Word(Locales, Entry + 1),
                              Word(Locales, Entry), Locale);
        if (Order < 0)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return FALSE;
}
