// SPDX-License-Identifier: BSD-2-Clause
/* Decomposing by compatibility, of the first plane. (Unicode 3.11; UAX #15) */
#include "normalization.h"

static const struct {
    WCHAR Character;
    USHORT Place;
} Compatible[] = {
#define COMPATIBLE(character, place) {character, place},
#include "compatibility.def"
#undef COMPATIBLE
};

static const WCHAR Texts[] = {
#define TEXT(word) word,
#include "compatibility.def"
#undef TEXT
};

/* A length and a text; NULL: nothing else is compatible. */
static PCWCH FindCompatible(WCHAR Character)
{
    ULONG Low = 0, High = ARRAYSIZE(Compatible);

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;

        if (Compatible[Middle].Character == Character)
            return &Texts[Compatible[Middle].Place];
        if (Compatible[Middle].Character < Character)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return NULL;
}

ULONG RtlpDecomposeCompatibly(PCWCH Source, ULONG Length, PWSTR Destination)
{
    ULONG Total = 0;

    for (ULONG i = 0; i < Length; i++) {
        PCWCH Text = Source[i] >= 0xa0 ? FindCompatible(Source[i]) : NULL;

        if (!Text) {
            Total += RtlpDecompose(&Source[i], 1, Destination ? Destination + Total : NULL);
            continue;
        }
        if (Destination)
            memcpy(Destination + Total, Text + 1, *Text * sizeof(WCHAR));
        Total += *Text;
    }
    return Total;
}
