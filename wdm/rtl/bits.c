/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs in bitmaps, and single bits, beside what ntdll has. (WDK: RtlFindLongestRunClear) */
#include "ki.h"

static BOOLEAN RtlpIsSet(PRTL_BITMAP BitMap, ULONG Bit)
{
    return BitMap->Buffer[Bit / 32] >> Bit % 32 & 1;
}

VOID NTAPI RtlSetBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
    if (BitNumber < BitMapHeader->SizeOfBitMap)
        BitMapHeader->Buffer[BitNumber / 32] |= 1u << BitNumber % 32;
}

VOID NTAPI RtlClearBit(PRTL_BITMAP BitMapHeader, ULONG BitNumber)
{
    if (BitNumber < BitMapHeader->SizeOfBitMap)
        BitMapHeader->Buffer[BitNumber / 32] &= ~(1u << BitNumber % 32);
}

ULONG NTAPI RtlNumberOfClearBits(PRTL_BITMAP BitMapHeader)
{
    return BitMapHeader->SizeOfBitMap - RtlNumberOfSetBits(BitMapHeader);
}

/* The length of the first run of clear bits from FromIndex on; *StartingRunIndex is where it
 * begins, or the size of the map. */
ULONG NTAPI RtlFindNextForwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex,
                                       PULONG StartingRunIndex)
{
    ULONG Start = FromIndex, End;

    while (Start < BitMapHeader->SizeOfBitMap && RtlpIsSet(BitMapHeader, Start))
        Start++;
    *StartingRunIndex = Start;
    for (End = Start; End < BitMapHeader->SizeOfBitMap && !RtlpIsSet(BitMapHeader, End); End++)
        ;
    return End - Start;
}

ULONG NTAPI RtlFindFirstRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex)
{
    return RtlFindNextForwardRunClear(BitMapHeader, 0, StartingIndex);
}

/* The same backwards: from FromIndex down. */
ULONG NTAPI RtlFindLastBackwardRunClear(PRTL_BITMAP BitMapHeader, ULONG FromIndex,
                                        PULONG StartingRunIndex)
{
    LONGLONG Last = min(FromIndex, BitMapHeader->SizeOfBitMap - 1), First;

    while (Last >= 0 && RtlpIsSet(BitMapHeader, (ULONG)Last))
        Last--;
    for (First = Last; First >= 0 && !RtlpIsSet(BitMapHeader, (ULONG)First); First--)
        ;
    *StartingRunIndex = (ULONG)(First + 1);
    return (ULONG)(Last - First);
}

ULONG NTAPI RtlFindLongestRunClear(PRTL_BITMAP BitMapHeader, PULONG StartingIndex)
{
    ULONG Longest = 0, Start, Length;

    *StartingIndex = 0;
    for (ULONG From = 0; (Length = RtlFindNextForwardRunClear(BitMapHeader, From, &Start)) != 0;
         From = Start + Length) {
        if (Length <= Longest)
            continue;
        Longest = Length;
        *StartingIndex = Start;
    }
    return Longest;
}

/* Where a run to be found lies in the caller's array: the shortest one, when it is full. */
static ULONG RtlpShortest(PRTL_BITMAP_RUN Runs, ULONG Count)
{
    ULONG Shortest = 0;

    for (ULONG i = 1; i < Count; i++) {
        if (Runs[i].NumberOfBits < Runs[Shortest].NumberOfBits)
            Shortest = i;
    }
    return Shortest;
}

/* RtlFindClearRuns: at most SizeOfRunArray runs, the first or the longest ones; how many. */
ULONG NTAPI RtlFindClearRuns(PRTL_BITMAP BitMapHeader, PRTL_BITMAP_RUN RunArray,
                             ULONG SizeOfRunArray, BOOLEAN LocateLongestRuns)
{
    ULONG Count = 0, Start, Length, Place;

    for (ULONG From = 0; (Length = RtlFindNextForwardRunClear(BitMapHeader, From, &Start)) != 0;
         From = Start + Length) {
        Place = Count < SizeOfRunArray ? Count++ : SizeOfRunArray;
        if (Place == SizeOfRunArray) {
            if (!LocateLongestRuns || !SizeOfRunArray)
                break;
            Place = RtlpShortest(RunArray, SizeOfRunArray);
            if (RunArray[Place].NumberOfBits >= Length)
                continue;
        }
        RunArray[Place] = (RTL_BITMAP_RUN){Start, Length};
    }
    return Count;
}

/* The number of the bit, or -1 if none is set. */
CCHAR NTAPI RtlFindMostSignificantBit(ULONGLONG Set)
{
    return Set ? (CCHAR)(63 - __builtin_clzll(Set)) : -1;
}

CCHAR NTAPI RtlFindLeastSignificantBit(ULONGLONG Set)
{
    return Set ? (CCHAR)__builtin_ctzll(Set) : -1;
}

ULONG NTAPI RtlNumberOfSetBitsUlongPtr(ULONG_PTR Target)
{
    ULONG Count = 0;

    for (; Target; Target &= Target - 1)
        Count++;
    return Count;
}

/* How many bytes from the start on have the pattern, whole patterns only. */
SIZE_T NTAPI RtlCompareMemoryUlong(PVOID Source, SIZE_T Length, ULONG Pattern)
{
    PULONG Words = Source;
    SIZE_T Count = Length / sizeof(ULONG), i = 0;

    while (i < Count && Words[i] == Pattern)
        i++;
    return i * sizeof(ULONG);
}
