// SPDX-License-Identifier: BSD-2-Clause
/* The characters of a manifest: UTF-8 or UTF-16, told by a mark at the beginning or by the first
 * character, which is '<'. (XML 1.0, appendix F) */
#include "sxsp.h"

static const UCHAR Utf8Mark[] = {0xef, 0xbb, 0xbf};

static BOOLEAN BeginsWith(const UCHAR *Data, SIZE_T Size, UCHAR First, UCHAR Second)
{
    return Size >= 2 && Data[0] == First && Data[1] == Second;
}

static NTSTATUS DecodeUtf8(PSXSP_ARENA Arena, const UCHAR *Data, SIZE_T Size, PWSTR *Text,
                           PULONG Length)
{
    ULONG Bytes;
    NTSTATUS Status;

    *Text = SxspAllocate(Arena, Size * sizeof(WCHAR) + 1);
    if (!*Text)
        return STATUS_NO_MEMORY;
    Status =
        RtlUTF8ToUnicodeN(*Text, (ULONG)(Size * sizeof(WCHAR)), &Bytes, (PCCH)Data, (ULONG)Size);
    *Length = Bytes / sizeof(WCHAR);
    return Status == STATUS_SUCCESS ? STATUS_SUCCESS : STATUS_SXS_MANIFEST_PARSE_ERROR;
}

static NTSTATUS DecodeUtf16(PSXSP_ARENA Arena, const UCHAR *Data, SIZE_T Size, BOOLEAN BigEndian,
                            PWSTR *Text, PULONG Length)
{
    *Length = (ULONG)(Size / sizeof(WCHAR));
    *Text = SxspAllocate(Arena, Size + 1);
    if (!*Text)
        return STATUS_NO_MEMORY;
    for (ULONG i = 0; i < *Length; i++) {
        UCHAR First = Data[2 * i], Second = Data[2 * i + 1];

        (*Text)[i] = (WCHAR)(BigEndian ? First << 8 | Second : Second << 8 | First);
    }
    return Size % sizeof(WCHAR) ? STATUS_SXS_MANIFEST_PARSE_ERROR : STATUS_SUCCESS;
}

NTSTATUS SxspDecode(PSXSP_ARENA Arena, const UCHAR *Data, SIZE_T Size, PWSTR *Text, PULONG Length)
{
    if (Size > SXSP_MAXIMUM_MANIFEST)
        return STATUS_SXS_MANIFEST_TOO_BIG;
    if (BeginsWith(Data, Size, 0xff, 0xfe))
        return DecodeUtf16(Arena, Data + 2, Size - 2, FALSE, Text, Length);
    if (BeginsWith(Data, Size, 0xfe, 0xff))
        return DecodeUtf16(Arena, Data + 2, Size - 2, TRUE, Text, Length);
    if (BeginsWith(Data, Size, '<', 0))
        return DecodeUtf16(Arena, Data, Size, FALSE, Text, Length);
    if (BeginsWith(Data, Size, 0, '<'))
        return DecodeUtf16(Arena, Data, Size, TRUE, Text, Length);
    if (Size >= sizeof(Utf8Mark) && memcmp(Data, Utf8Mark, sizeof(Utf8Mark)) == 0)
        return DecodeUtf8(Arena, Data + sizeof(Utf8Mark), Size - sizeof(Utf8Mark), Text, Length);
    return DecodeUtf8(Arena, Data, Size, Text, Length);
}
