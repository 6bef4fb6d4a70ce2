// SPDX-License-Identifier: BSD-2-Clause
/* UTF-8 and UTF-16. Malformed input becomes U+FFFD, once for each maximal bad part. (Unicode 3.9;
 * WDK: RtlUTF8ToUnicodeN) */
#include <nt/ntrtl.h>

#define REPLACEMENT 0xfffd

static BOOLEAN IsSurrogate(ULONG Character, ULONG First)
{
    return (Character & 0xfc00) == First;
}

/* What the first byte of a sequence says: how many bytes follow (0: none or malformed), and the
 * range of the next. */
static ULONG Utf8Trailers(UCHAR Lead, UCHAR *Low, UCHAR *High)
{
    *Low = Lead == 0xe0 ? 0xa0 : Lead == 0xf0 ? 0x90 : 0x80;
    *High = Lead == 0xed ? 0x9f : Lead == 0xf4 ? 0x8f : 0xbf;
    if (Lead >= 0xc2 && Lead <= 0xdf)
        return 1;
    if (Lead >= 0xe0 && Lead <= 0xef)
        return 2;
    return Lead >= 0xf0 && Lead <= 0xf4 ? 3 : 0;
}

/* Takes one character off the front. */
static ULONG ReadUtf8(const UCHAR **Text, const UCHAR *End, BOOLEAN *Malformed)
{
    UCHAR Lead = *(*Text)++, Low, High;
    ULONG Trailers = Utf8Trailers(Lead, &Low, &High), Character;

    if (Lead < 0x80)
        return Lead;
    Character = Lead & (0x3f >> Trailers);
    for (ULONG Left = Trailers; Left; Left--) {
        if (*Text == End || **Text < Low || **Text > High) {
            Trailers = 0;
            break;
        }
        Character = Character << 6 | (*(*Text)++ & 0x3f);
        Low = 0x80;
        High = 0xbf;
    }
    if (!Trailers)
        *Malformed = TRUE;
    return Trailers ? Character : REPLACEMENT;
}

NTSTATUS NTAPI RtlUTF8ToUnicodeN(PWSTR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                 PCCH Source, ULONG SourceBytes)
{
    const UCHAR *Text = (const UCHAR *)Source, *End = Text + SourceBytes;
    ULONG Room = Destination ? MaximumBytes / sizeof(WCHAR) : MAXULONG, Length = 0;
    BOOLEAN Malformed = FALSE;
    NTSTATUS Status = STATUS_SUCCESS;

    while (Text < End) {
        ULONG Character = ReadUtf8(&Text, End, &Malformed);
        ULONG Units = Character >= 0x10000 ? 2 : 1;

        if (Room - Length < Units) {
            Status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        if (Destination && Units == 2) {
            Destination[Length] = (WCHAR)(0xd7c0 + (Character >> 10));
            Destination[Length + 1] = (WCHAR)(0xdc00 | (Character & 0x3ff));
        } else if (Destination) {
            Destination[Length] = (WCHAR)Character;
        }
        Length += Units;
    }
    if (ActualBytes)
        *ActualBytes = Length * sizeof(WCHAR);
    return Status ? Status : Malformed ? STATUS_SOME_NOT_MAPPED : STATUS_SUCCESS;
}

static ULONG ReadUtf16(PCWCH *Text, PCWCH End, BOOLEAN *Malformed)
{
    ULONG Character = *(*Text)++;

    if (IsSurrogate(Character, 0xd800) && *Text < End && IsSurrogate(**Text, 0xdc00))
        return 0x10000 + ((Character & 0x3ff) << 10) + (*(*Text)++ & 0x3ff);
    if (Character >= 0xd800 && Character <= 0xdfff) {
        *Malformed = TRUE;
        return REPLACEMENT;
    }
    return Character;
}

/* Returns the number of bytes that a character takes; writes them if To is given. */
static ULONG WriteUtf8(PCHAR To, ULONG Character)
{
    ULONG Bytes = Character < 0x80 ? 1 : Character < 0x800 ? 2 : Character < 0x10000 ? 3 : 4;

    if (!To)
        return Bytes;
    for (ULONG i = Bytes - 1; i; i--) {
        To[i] = (CHAR)(0x80 | (Character & 0x3f));
        Character >>= 6;
    }
    To[0] = (CHAR)(Bytes == 1 ? Character : (0xf00u >> Bytes & 0xff) | Character);
    return Bytes;
}

NTSTATUS NTAPI RtlUnicodeToUTF8N(PCHAR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                 PCWCH Source, ULONG SourceBytes)
{
    PCWCH Text = Source, End = Text + SourceBytes / sizeof(WCHAR);
    ULONG Room = Destination ? MaximumBytes : MAXULONG, Length = 0;
    BOOLEAN Malformed = FALSE;
    NTSTATUS Status = STATUS_SUCCESS;

    while (Text < End) {
        ULONG Character = ReadUtf16(&Text, End, &Malformed);

        if (Room - Length < WriteUtf8(NULL, Character)) {
            Status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        Length += WriteUtf8(Destination ? Destination + Length : NULL, Character);
    }
    if (ActualBytes)
        *ActualBytes = Length;
    return Status ? Status : Malformed ? STATUS_SOME_NOT_MAPPED : STATUS_SUCCESS;
}
