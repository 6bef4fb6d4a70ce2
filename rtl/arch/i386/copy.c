// SPDX-License-Identifier: BSD-2-Clause
/*
 * Copying and filling memory without SSE. Whole doublewords go by REP; the odd bytes of a longer
 * block are one more, overlapping doubleword at its end, which memmove reads before it writes
 * anything.
 */
#include <nt/ntcrt.h>

/* Words at any address */
typedef struct __attribute__((packed, may_alias)) _DOUBLE {
    ULONG Value;
} DOUBLE, *PDOUBLE;

/* Up to 3 bytes, which may overlap: everything is read first. */
static void MoveFew(PUCHAR To, const UCHAR *From, size_t Length)
{
    UCHAR First, Middle, Last;

    if (!Length)
        return;
    First = From[0];
    Middle = From[Length / 2];
    Last = From[Length - 1];
    To[0] = First;
    To[Length / 2] = Middle;
    To[Length - 1] = Last;
}

/* At least 4 bytes, To below From or apart from it. */
static void MoveUp(PUCHAR To, const UCHAR *From, size_t Length)
{
    ULONG Last = ((PDOUBLE)(From + Length - 4))->Value;
    PUCHAR LastTo = To + Length - 4;
    size_t Doubles = (Length - 1) / 4;

    __asm__ volatile("rep movsl" : "+D"(To), "+S"(From), "+c"(Doubles) : : "memory");
    ((PDOUBLE)LastTo)->Value = Last;
}

/* At least 4 bytes, To above From and overlapping it. */
static void MoveDown(PUCHAR To, const UCHAR *From, size_t Length)
{
    ULONG First = ((PDOUBLE)From)->Value;
    size_t Position = Length;

    for (; Position >= 4; Position -= 4)
        ((PDOUBLE)(To + Position - 4))->Value = ((PDOUBLE)(From + Position - 4))->Value;
    ((PDOUBLE)To)->Value = First;
}

void *CDECL memmove(void *Destination, const void *Source, size_t Length)
{
    if (Length < 4)
        MoveFew(Destination, Source, Length);
    else if ((size_t)((PUCHAR)Destination - (PUCHAR)Source) >= Length)
        MoveUp(Destination, Source, Length);
    else
        MoveDown(Destination, Source, Length);
    return Destination;
}

void *CDECL memcpy(void *Destination, const void *Source, size_t Length)
{
    if (Length < 4)
        MoveFew(Destination, Source, Length);
    else
        MoveUp(Destination, Source, Length);
    return Destination;
}

void *CDECL memset(void *Destination, int Value, size_t Length)
{
    ULONG Pattern = (UCHAR)Value * 0x01010101u;
    PUCHAR To = Destination;
    size_t Doubles = Length / 4;

    if (Length < 4) {
        while (Length--)
            *To++ = (UCHAR)Value;
        return Destination;
    }
    ((PDOUBLE)(To + Length - 4))->Value = Pattern;
    __asm__ volatile("rep stosl" : "+D"(To), "+c"(Doubles) : "a"(Pattern) : "memory");
    return Destination;
}
