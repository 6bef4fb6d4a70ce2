// SPDX-License-Identifier: BSD-2-Clause
/*
 * Normalisation by a table of Windows' form: normnfc.nls and its like. Words of 16 bits:
 *   0  the name; 13 the version; 20 the form; 21 how much longer a text may become; 22 nothing
 *   23, 24  the sizes of the two hash tables; 25 nothing
 *   26..33  where these are: classes (bytes), properties (bytes: 0x2200 by c / 128, then blocks of
 *           128), decompositions (hash table, pairs, texts), compositions (hash table, texts)
 * A property's low six bits tell the class (0x3f: 0), 0 that nothing is to be done, 0x7f that the
 * character is not assigned, 0xff a syllable of Hangul or no character. What the hash table or a
 * pair has is a length in the upper three bits (7: up to a NUL) and a place among the texts. A text
 * of compositions is the first character, the second, and what they make. Every access is checked.
 */
#include "normalization.h"

enum {
    WordForm = 20,
    WordDecompositionSize = 23,
    WordCompositionSize,
    WordClasses = 26,
    WordFirstLevel,
    WordSecondLevel,
    WordDecompositionHash,
    WordPairs,
    WordDecompositions,
    WordCompositionHash,
    WordCompositions,
    HeaderWords,
};

#define CLASS_MASK 0x3f
#define UNASSIGNED 0x7f
#define INVALID 0xff
#define LENGTH_SHIFT 13
#define PLACE_MASK 0x1fff

#define HANGUL 0xac00
#define HANGUL_COUNT (19 * 21 * 28)
#define LEADING 0x1100
#define VOWELS 0x1161
#define TRAILING 0x11a7

BOOLEAN RtlpOpenNormalization(const void *Base, SIZE_T Size, ULONG Form, PRTLP_NORMALIZATION Table)
{
    Table->Words = Base;
    Table->Count = (ULONG)(Size / sizeof(USHORT));
    return Table->Count >= HeaderWords && Table->Words[WordForm] == Form &&
           Table->Words[WordDecompositionSize];
}

static USHORT Word(const RTLP_NORMALIZATION *Table, ULONG Index)
{
    return Index < Table->Count ? Table->Words[Index] : 0;
}

static UCHAR Byte(const RTLP_NORMALIZATION *Table, ULONG Part, ULONG Index)
{
    USHORT Both = Word(Table, Table->Words[Part] + Index / 2);

    return (UCHAR)(Index % 2 ? Both >> 8 : Both);
}

static UCHAR PropertyOf(const RTLP_NORMALIZATION *Table, ULONG Character)
{
    UCHAR Block = Byte(Table, WordFirstLevel, Character / 128);

    if (!Block || Block >= 0xfb) /* one for all 128 */
        return (UCHAR)(Block << 5 | Block >> 3);
    return Byte(Table, WordSecondLevel, (Block - 1) * 128 + Character % 128);
}

static UCHAR ClassOf(const RTLP_NORMALIZATION *Table, ULONG Character)
{
    UCHAR Class = PropertyOf(Table, Character) & CLASS_MASK;

    return Class == CLASS_MASK ? 0 : Byte(Table, WordClasses, Class);
}

/* Where the pairs of a bucket end: the next bucket that has pairs begins there. */
static ULONG EndOfBucket(const RTLP_NORMALIZATION *Table, ULONG Bucket, ULONG First)
{
    for (ULONG i = Bucket + 1; i < Table->Words[WordDecompositionSize]; i++) {
        USHORT Place = Word(Table, Table->Words[WordDecompositionHash] + i);

        if (!(Place >> LENGTH_SHIFT))
            return Place;
    }
    while (Word(Table, Table->Words[WordPairs] + 2 * First))
        First++;
    return First;
}

/* Where the decomposition of a character is, with its length; 0: it stays as it is. */
static USHORT FindDecomposition(const RTLP_NORMALIZATION *Table, ULONG Character, UCHAR Property)
{
    ULONG Bucket = Character % Table->Words[WordDecompositionSize], End;
    USHORT Found = Word(Table, Table->Words[WordDecompositionHash] + Bucket);

    if (Found >> LENGTH_SHIFT)
        return Property == 0xbf ? Found : 0;
    End = EndOfBucket(Table, Bucket, Found);
    for (ULONG i = Found; i < End; i++) {
        if (Word(Table, Table->Words[WordPairs] + 2 * i) == (USHORT)Character)
            return Word(Table, Table->Words[WordPairs] + 2 * i + 1);
    }
    return 0;
}

static ULONG TakeCharacter(PCWCH Text, ULONG Length, PULONG Used)
{
    if (Length > 1 && (Text[0] & 0xfc00) == 0xd800 && (Text[1] & 0xfc00) == 0xdc00) {
        *Used = 2;
        return 0x10000 + ((Text[0] & 0x3ffu) << 10) + (Text[1] & 0x3ff);
    }
    *Used = 1;
    return Text[0];
}

static void Put(PRTLP_NORMALIZED Out, ULONG Character)
{
    if (Out->Characters)
        Out->Characters[Out->Count] = Character;
    Out->Count++;
}

static void PutHangul(PRTLP_NORMALIZED Out, ULONG Index)
{
    Put(Out, LEADING + Index / (21 * 28));
    Put(Out, VOWELS + Index / 28 % 21);
    if (Index % 28)
        Put(Out, TRAILING + Index % 28);
}

/* A text of the table, which may lie at its end. */
static void PutText(const RTLP_NORMALIZATION *Table, USHORT Found, PRTLP_NORMALIZED Out)
{
    ULONG At = Table->Words[WordDecompositions] + (Found & PLACE_MASK);
    ULONG Length = Found >> LENGTH_SHIFT;

    if (Length == 7) {
        while (Length < 32 && Word(Table, At + Length))
            Length++;
    }
    for (ULONG Used; Length && Word(Table, At); At += Used, Length -= Used) {
        WCHAR Pair[2] = {Word(Table, At), Word(Table, At + 1)};

        Put(Out, TakeCharacter(Pair, Length < 2 ? Length : 2, &Used));
    }
}

/* FALSE: there is no such character. */
static BOOLEAN DecomposeOne(const RTLP_NORMALIZATION *Table, ULONG Character, PRTLP_NORMALIZED Out)
{
    UCHAR Property = PropertyOf(Table, Character);
    USHORT Found = 0;

    if (Property == INVALID) {
        if (Character - HANGUL < HANGUL_COUNT)
            PutHangul(Out, Character - HANGUL);
        else
            Put(Out, Character);
        return Character - HANGUL < 0x2c00 || Character - LEADING < 0x100;
    }
    if (Property && Property != UNASSIGNED)
        Found = FindDecomposition(Table, Character, Property);
    if (Found)
        PutText(Table, Found, Out);
    else
        Put(Out, Character);
    return TRUE;
}

ULONG RtlpDecomposeByTable(const RTLP_NORMALIZATION *Table, PCWCH Source, ULONG Length,
                           PRTLP_NORMALIZED Out)
{
    Out->Count = 0;
    for (ULONG i = 0, Used; i < Length; i += Used) {
        if (!DecomposeOne(Table, TakeCharacter(Source + i, Length - i, &Used), Out))
            return i;
    }
    return Length;
}

void RtlpOrderByTable(const RTLP_NORMALIZATION *Table, PRTLP_NORMALIZED Text)
{
    for (ULONG i = 1; i < Text->Count; i++) {
        ULONG Mark = Text->Characters[i], Place = i;
        UCHAR Class = ClassOf(Table, Mark);

        for (; Class && Place && ClassOf(Table, Text->Characters[Place - 1]) > Class; Place--)
            Text->Characters[Place] = Text->Characters[Place - 1];
        Text->Characters[Place] = Mark;
    }
}

static ULONG ComposeHangul(ULONG First, ULONG Second)
{
    if (First - LEADING < 19 && Second - VOWELS < 21)
        return HANGUL + ((First - LEADING) * 21 + Second - VOWELS) * 28;
    if (First - HANGUL < HANGUL_COUNT && (First - HANGUL) % 28 == 0 && Second - TRAILING - 1 < 27)
        return First + Second - TRAILING;
    return 0;
}

/* What two characters make; 0: they stay two. */
static ULONG ComposePair(const RTLP_NORMALIZATION *Table, ULONG First, ULONG Second)
{
    ULONG Size = Table->Words[WordCompositionSize];
    ULONG Bucket = Table->Words[WordCompositionHash] + (Size ? (First + 95 * Second) % Size : 0);
    ULONG At = Word(Table, Bucket), End = Word(Table, Bucket + 1);

    while (Size && At < End) {
        ULONG Three[3];

        for (ULONG i = 0, Used; i < ARRAYSIZE(Three); i++, At += Used) {
            ULONG Place = Table->Words[WordCompositions] + At;
            WCHAR Pair[2] = {Word(Table, Place), Word(Table, Place + 1)};

            Three[i] = TakeCharacter(Pair, 2, &Used);
        }
        if (Three[0] == First && Three[1] == Second)
            return Three[2];
    }
    return ComposeHangul(First, Second);
}

/* A mark joins the last character of class 0 unless another in between has its class or a higher
 * one. */
void RtlpComposeByTable(const RTLP_NORMALIZATION *Table, PRTLP_NORMALIZED Text)
{
    ULONG Starter = MAXULONG, Written = 0;
    UCHAR Between = 0;

    for (ULONG i = 0; i < Text->Count; i++) {
        ULONG Character = Text->Characters[i], Composed = 0;
        UCHAR Class = ClassOf(Table, Character);

        if (Starter != MAXULONG && (Written == Starter + 1 || Between < Class))
            Composed = ComposePair(Table, Text->Characters[Starter], Character);
        if (Composed) {
            Text->Characters[Starter] = Composed;
            continue;
        }
        if (!Class)
            Starter = Written;
        Between = Class;
        Text->Characters[Written++] = Character;
    }
    Text->Count = Written;
}

ULONG RtlpEncodeNormalized(const RTLP_NORMALIZED *Text, PWSTR Destination)
{
    ULONG Length = 0;

    for (ULONG i = 0; i < Text->Count; i++) {
        ULONG Character = Text->Characters[i];

        if (Character >= 0x10000) {
            if (Destination)
                Destination[Length] = (WCHAR)(0xd7c0 + (Character >> 10));
            Length++;
            Character = 0xdc00 | (Character & 0x3ff);
        }
        if (Destination)
            Destination[Length] = (WCHAR)Character;
        Length++;
    }
    return Length;
}
