// SPDX-License-Identifier: BSD-2-Clause
/*
 * Copying and filling memory without SSE. Whole quadwords go by REP; the odd bytes of a longer
 * block are one more, overlapping quadword at its end, which memmove reads before it writes
 * anything.
 */
#include <nt/ntcrt.h>

/* Words at any address */
typedef struct __attribute__((packed, may_alias)) _QUAD {
    ULONGLONG Value;
} QUAD, *PQUAD;

typedef struct __attribute__((packed, may_alias)) _DOUBLE {
    ULONG Value;
} DOUBLE, *PDOUBLE;

typedef struct __attribute__((packed, may_alias)) _SINGLE {
    USHORT Value;
} SINGLE, *PSINGLE;

/* Up to 7 bytes, which may overlap: everything is read first. */
static void MoveFew(PUCHAR To, const UCHAR *From, size_t Length)
{
    if (Length >= 4) {
        ULONG First = ((PDOUBLE)From)->Value, Last = ((PDOUBLE)(From + Length - 4))->Value;

        ((PDOUBLE)To)->Value = First;
        ((PDOUBLE)(To + Length - 4))->Value = Last;
    } else if (Length >= 2) {
        USHORT First = ((PSINGLE)From)->Value;
        UCHAR Last = From[Length - 1];

        ((PSINGLE)To)->Value = First;
        To[Length - 1] = Last;
    } else if (Length) {
        *To = *From;
    }
}

/* At least 8 bytes, To below From or apart from it. */
static void MoveUp(PUCHAR To, const UCHAR *From, size_t Length)
{
    ULONGLONG Last = ((PQUAD)(From + Length - 8))->Value;
    PUCHAR LastTo = To + Length - 8;
    size_t Quads = (Length - 1) / 8;

    __asm__ volatile("rep movsq" : "+D"(To), "+S"(From), "+c"(Quads) : : "memory");
    ((PQUAD)LastTo)->Value = Last;
}

/* At least 8 bytes, To above From and overlapping it. */
static void MoveDown(PUCHAR To, const UCHAR *From, size_t Length)
{
    ULONGLONG First = ((PQUAD)From)->Value;
    size_t Position = Length;

    for (; Position >= 8; Position -= 8)
        ((PQUAD)(To + Position - 8))->Value = ((PQUAD)(From + Position - 8))->Value;
    ((PQUAD)To)->Value = First;
}

void *memmove(void *Destination, const void *Source, size_t Length)
{
    if (Length < 8)
        MoveFew(Destination, Source, Length);
    else if ((size_t)((PUCHAR)Destination - (PUCHAR)Source) >= Length)
        MoveUp(Destination, Source, Length);
    else
        MoveDown(Destination, Source, Length);
    return Destination;
}

void *memcpy(void *Destination, const void *Source, size_t Length)
{
    if (Length < 8)
        MoveFew(Destination, Source, Length);
    else
        MoveUp(Destination, Source, Length);
    return Destination;
}

void *memset(void *Destination, int Value, size_t Length)
{
    ULONGLONG Pattern = (UCHAR)Value * 0x0101010101010101ull;
    PUCHAR To = Destination;
    size_t Quads = Length / 8;

    if (Length < 8) {
        while (Length--)
            *To++ = (UCHAR)Value;
        return Destination;
    }
    ((PQUAD)(To + Length - 8))->Value = Pattern;
    __asm__ volatile("rep stosq" : "+D"(To), "+c"(Quads) : "a"(Pattern) : "memory");
    return Destination;
}
