// SPDX-License-Identifier: BSD-2-Clause
/*
 * Canonical normalisation of UTF-16: decomposing, putting marks in order, composing. Characters
 * beyond the first plane stay as they are. (Unicode 3.11, 3.12; UAX #15)
 */
#include <nt/ntnls.h>
#include <nt/ntrtl.h>

typedef struct _DECOMPOSITION {
    WCHAR Character;
    WCHAR First;
    WCHAR Second; /* 0: none */
} DECOMPOSITION, *PDECOMPOSITION;

static const DECOMPOSITION Pairs[] = {
#define PAIR(character, first, second) {character, first, second},
#include "decomposition.def"
#undef PAIR
};

static const DECOMPOSITION Singles[] = {
#define SINGLE(character, first, second) {character, first, second},
#include "decomposition.def"
#undef SINGLE
};

static const USHORT PairOrder[] = {
#define ORDER(index) index,
#include "decomposition.def"
#undef ORDER
};

static const struct CLASS_RANGE {
    WCHAR First;
    WCHAR Last;
    UCHAR Class;
} Classes[] = {
#define CLASS(first, last, class) {first, last, class},
#include "decomposition.def"
#undef CLASS
};

/* The syllables of Hangul are computed. */
#define HANGUL 0xac00
#define HANGUL_COUNT (19 * 21 * 28)
#define LEADING 0x1100
#define VOWELS 0x1161
#define TRAILING 0x11a7 /* the first of them means none */

static const DECOMPOSITION *Find(const DECOMPOSITION *Table, ULONG Count, WCHAR Character)
{
    ULONG Low = 0, High = Count;

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;

        if (Table[Middle].Character == Character)
            return &Table[Middle];
        if (Table[Middle].Character < Character)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return NULL;
}

static UCHAR ClassOf(WCHAR Character)
{
    ULONG Low = 0, High = ARRAYSIZE(Classes);

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;

        if (Character < Classes[Middle].First)
            High = Middle;
        else if (Character > Classes[Middle].Last)
            Low = Middle + 1;
        else
            return Classes[Middle].Class;
    }
    return 0;
}

/* One step of a decomposition. */
static BOOLEAN Split(WCHAR Character, PWCHAR First, PWCHAR Second)
{
    const DECOMPOSITION *Found;
    ULONG Index = (ULONG)Character - HANGUL;

    if (Index < HANGUL_COUNT) {
        *First = (WCHAR)(Index % 28 ? Character - Index % 28 : LEADING + Index / (21 * 28));
        *Second = (WCHAR)(Index % 28 ? TRAILING + Index % 28 : VOWELS + Index / 28 % 21);
        return TRUE;
    }
    Found = Find(Pairs, ARRAYSIZE(Pairs), Character);
    if (!Found)
        Found = Find(Singles, ARRAYSIZE(Singles), Character);
    if (!Found)
        return FALSE;
    *First = Found->First;
    *Second = Found->Second;
    return TRUE;
}

/* Only the first of two is ever decomposed further. */
static ULONG DecomposeOne(WCHAR Character, PWSTR Result)
{
    WCHAR Behind[8], Second;
    ULONG Count = 0, Length = 0;

    while (Split(Character, &Character, &Second)) {
        if (Second)
            Behind[Count++] = Second;
    }
    Result[Length++] = Character;
    while (Count)
        Result[Length++] = Behind[--Count];
    return Length;
}

ULONG RtlpDecompose(PCWCH Source, ULONG Length, PWSTR Destination)
{
    WCHAR Parts[8];
    ULONG Total = 0;

    for (ULONG i = 0; i < Length; i++) {
        ULONG Count = 1;

        Parts[0] = Source[i];
        if (Source[i] >= 0xc0)
            Count = DecomposeOne(Source[i], Parts);
        if (Destination)
            memcpy(Destination + Total, Parts, Count * sizeof(WCHAR));
        Total += Count;
    }
    return Total;
}

void RtlpOrderMarks(PWSTR Text, ULONG Length)
{
    for (ULONG i = 1; i < Length; i++) {
        WCHAR Mark = Text[i];
        UCHAR Class = ClassOf(Mark);
        ULONG Place = i;

        for (; Class && Place && ClassOf(Text[Place - 1]) > Class; Place--)
            Text[Place] = Text[Place - 1];
        Text[Place] = Mark;
    }
}

static WCHAR ComposeHangul(WCHAR First, WCHAR Second)
{
    ULONG Lead = (ULONG)First - LEADING, Vowel = (ULONG)Second - VOWELS;
    ULONG Syllable = (ULONG)First - HANGUL, Trail = (ULONG)Second - TRAILING;

    if (Lead < 19 && Vowel < 21)
        return (WCHAR)(HANGUL + (Lead * 21 + Vowel) * 28);
    if (Syllable < HANGUL_COUNT && Syllable % 28 == 0 && Trail - 1 < 27)
        return (WCHAR)(First + Trail);
    return 0;
}

/* What two characters make; 0: they stay two. */
static WCHAR ComposePair(WCHAR First, WCHAR Second)
{
    ULONG Low = 0, High = ARRAYSIZE(PairOrder), Wanted = (ULONG)First << 16 | Second;

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;
        const DECOMPOSITION *Pair = &Pairs[PairOrder[Middle]];
        ULONG Key = (ULONG)Pair->First << 16 | Pair->Second;

        if (Key == Wanted)
            return Pair->Character;
        if (Key < Wanted)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return ComposeHangul(First, Second);
}

/* A mark joins the last character of class 0 unless another in between has its class or a higher
 * one. */
ULONG RtlpCompose(PWSTR Text, ULONG Length)
{
    ULONG Starter = MAXULONG, Written = 0;
    UCHAR Between = 0;

    for (ULONG i = 0; i < Length; i++) {
        WCHAR Character = Text[i], Composed = 0;
        UCHAR Class = ClassOf(Character);
        BOOLEAN Adjacent = Starter != MAXULONG && Written == Starter + 1;

        if (Starter != MAXULONG && (Adjacent || Between < Class))
            Composed = ComposePair(Text[Starter], Character);
        if (Composed) {
            Text[Starter] = Composed;
            continue;
        }
        if (!Class)
            Starter = Written;
        Between = Class;
        Text[Written++] = Character;
    }
    return Written;
}

/* Where a surrogate stands alone; Length: nowhere. */
ULONG RtlpFindLoneSurrogate(PCWCH Text, ULONG Length)
{
    for (ULONG i = 0; i < Length; i++) {
        BOOLEAN High = (Text[i] & 0xfc00) == 0xd800, Low = (Text[i] & 0xfc00) == 0xdc00;

        if (Low || (High && (i + 1 == Length || (Text[i + 1] & 0xfc00) != 0xdc00)))
            return i;
        if (High)
            i++;
    }
    return Length;
}
