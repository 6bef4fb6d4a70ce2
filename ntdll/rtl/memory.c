// SPDX-License-Identifier: BSD-2-Clause
/* RtlFillMemory, RtlMoveMemory and RtlZeroMemory, which are macros in the SDK, as functions for
 * programs that import them. */
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
