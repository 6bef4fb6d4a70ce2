// SPDX-License-Identifier: BSD-2-Clause
/* Bytes that are measured first and written then, by the same code. */
#include "sxsp.h"

ULONG SxspPlace(PSXSP_BLOB Blob, SIZE_T Size)
{
    ULONG Offset = Blob->Size;

    if (Size > SXSP_MAXIMUM_DATA - Offset)
        Blob->TooBig = TRUE;
    else
        Blob->Size += ((ULONG)Size + 3) & ~3u;
    return Offset;
}

void SxspWrite(PSXSP_BLOB Blob, ULONG Offset, const void *Data, SIZE_T Size)
{
    if (Blob->Data && Size)
        memcpy(Blob->Data + Offset, Data, Size);
}

ULONG SxspPlaceText(PSXSP_BLOB Blob, PCUNICODE_STRING Text)
{
    ULONG Offset;

    if (!Text->Length)
        return 0;
    Offset = SxspPlace(Blob, Text->Length + sizeof(WCHAR));
    SxspWrite(Blob, Offset, Text->Buffer, Text->Length);
    return Offset;
}
