// SPDX-License-Identifier: BSD-2-Clause
/* What the SDK's macros RtlFillMemory, RtlMoveMemory and RtlZeroMemory name, as functions for those
 * who import them. */
#include <nt/nt.h>

void NTAPI RtlpFillMemory(PVOID Destination, SIZE_T Length, UCHAR Value)
{
    memset(Destination, Value, Length);
}

void NTAPI RtlpMoveMemory(PVOID Destination, const VOID *Source, SIZE_T Length)
{
    memmove(Destination, Source, Length);
}

void NTAPI RtlpZeroMemory(PVOID Destination, SIZE_T Length)
{
    memset(Destination, 0, Length);
}
