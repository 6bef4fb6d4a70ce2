// SPDX-License-Identifier: BSD-2-Clause
/* Bitmaps: bit n is bit n % 32 of word n / 32. Ranges beyond the end are the caller's fault, and
 * are cut off. */
#include <nt/ntrtl.h>

void NTAPI RtlInitializeBitMap(PRTL_BITMAP BitMap, PULONG Buffer, ULONG SizeOfBitMap)
{
    BitMap->SizeOfBitMap = SizeOfBitMap;
    BitMap->Buffer = Buffer;
}

static void FillAll(PRTL_BITMAP BitMap, int Byte)
{
    memset(BitMap->Buffer, Byte, ((SIZE_T)BitMap->SizeOfBitMap + 31) / 32 * sizeof(ULONG));
}

void NTAPI RtlClearAllBits(PRTL_BITMAP BitMap)
{
    FillAll(BitMap, 0);
}

void NTAPI RtlSetAllBits(PRTL_BITMAP BitMap)
{
    FillAll(BitMap, 0xff);
}

BOOLEAN NTAPI RtlTestBit(const RTL_BITMAP *BitMap, ULONG Position)
{
    return Position < BitMap->SizeOfBitMap && (BitMap->Buffer[Position / 32] >> Position % 32 & 1);
}

/* Takes the bits of one word off the front of a range: *Index and the mask in it. */
static ULONG NextMask(ULONG *Start, ULONG *Count, ULONG *Index)
{
    ULONG Offset = *Start % 32;
    ULONG Bits = *Count < 32 - Offset ? *Count : 32 - Offset;

    *Index = *Start / 32;
    *Start += Bits;
    *Count -= Bits;
    return (Bits == 32 ? MAXULONG : (1u << Bits) - 1) << Offset;
}

static ULONG CutOff(const RTL_BITMAP *BitMap, ULONG Start, ULONG Count)
{
    if (Start >= BitMap->SizeOfBitMap)
        return 0;
    return Count < BitMap->SizeOfBitMap - Start ? Count : BitMap->SizeOfBitMap - Start;
}

void NTAPI RtlSetBits(PRTL_BITMAP BitMap, ULONG Start, ULONG Count)
{
    ULONG Index;

    for (Count = CutOff(BitMap, Start, Count); Count;) {
        ULONG Mask = NextMask(&Start, &Count, &Index);

        BitMap->Buffer[Index] |= Mask;
    }
}

void NTAPI RtlClearBits(PRTL_BITMAP BitMap, ULONG Start, ULONG Count)
{
    ULONG Index;

    for (Count = CutOff(BitMap, Start, Count); Count;) {
        ULONG Mask = NextMask(&Start, &Count, &Index);

        BitMap->Buffer[Index] &= ~Mask;
    }
}

/* Whether all bits of a range have a value. An empty range or one that leaves the map does not. */
static BOOLEAN RangeIs(const RTL_BITMAP *BitMap, ULONG Start, ULONG Count, BOOLEAN Set)
{
    ULONG Index;

    if (!Count || CutOff(BitMap, Start, Count) != Count)
        return FALSE;
    while (Count) {
        ULONG Mask = NextMask(&Start, &Count, &Index);
        ULONG Word = Set ? ~BitMap->Buffer[Index] : BitMap->Buffer[Index];

        if (Word & Mask)
            return FALSE;
    }
    return TRUE;
}

BOOLEAN NTAPI RtlAreBitsClear(const RTL_BITMAP *BitMap, ULONG Start, ULONG Count)
{
    return RangeIs(BitMap, Start, Count, FALSE);
}

BOOLEAN NTAPI RtlAreBitsSet(const RTL_BITMAP *BitMap, ULONG Start, ULONG Count)
{
    return RangeIs(BitMap, Start, Count, TRUE);
}

ULONG NTAPI RtlNumberOfSetBits(const RTL_BITMAP *BitMap)
{
    ULONG Start = 0, Count = BitMap->SizeOfBitMap, Index, Total = 0;

    while (Count) {
        ULONG Word = NextMask(&Start, &Count, &Index) & BitMap->Buffer[Index];

        for (; Word; Word &= Word - 1)
            Total++;
    }
    return Total;
}

/* The first position in [From, To) that begins Count bits of a value, all of them below Limit. */
static ULONG FindRun(const RTL_BITMAP *BitMap, ULONG Count, ULONG From, ULONG Limit, BOOLEAN Set)
{
    ULONG Run = 0, Skip = Set ? 0 : MAXULONG;

    for (ULONG Position = From; Position < Limit; Position++) {
        if (Position % 32 == 0 && BitMap->Buffer[Position / 32] == Skip && Limit - Position >= 32) {
            Position += 31;
            Run = 0;
        } else if (RtlTestBit(BitMap, Position) != Set) {
            Run = 0;
        } else if (++Run == Count) {
            return Position - Count + 1;
        }
    }
    return MAXULONG;
}

/* From the hint to the end, then from the start. A run of length 0 is "found" at the hint's byte,
 * as on Windows. */
static ULONG FindFromHint(const RTL_BITMAP *BitMap, ULONG Count, ULONG Hint, BOOLEAN Set)
{
    ULONG Found;

    if (Hint >= BitMap->SizeOfBitMap)
        Hint = 0;
    if (!Count)
        return Hint & ~7u;
    if (Count > BitMap->SizeOfBitMap)
        return MAXULONG;
    Found = FindRun(BitMap, Count, Hint, BitMap->SizeOfBitMap, Set);
    if (Found == MAXULONG && Hint)
        Found = FindRun(BitMap, Count, 0, BitMap->SizeOfBitMap, Set);
    return Found;
}

ULONG NTAPI RtlFindClearBits(const RTL_BITMAP *BitMap, ULONG Count, ULONG Hint)
{
    return FindFromHint(BitMap, Count, Hint, FALSE);
}

ULONG NTAPI RtlFindSetBits(const RTL_BITMAP *BitMap, ULONG Count, ULONG Hint)
{
    return FindFromHint(BitMap, Count, Hint, TRUE);
}

ULONG NTAPI RtlFindClearBitsAndSet(PRTL_BITMAP BitMap, ULONG Count, ULONG Hint)
{
    ULONG Found = RtlFindClearBits(BitMap, Count, Hint);

    if (Found != MAXULONG)
        RtlSetBits(BitMap, Found, Count);
    return Found;
}

ULONG NTAPI RtlFindSetBitsAndClear(PRTL_BITMAP BitMap, ULONG Count, ULONG Hint)
{
    ULONG Found = RtlFindSetBits(BitMap, Count, Hint);

    if (Found != MAXULONG)
        RtlClearBits(BitMap, Found, Count);
    return Found;
}
