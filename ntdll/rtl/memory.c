// SPDX-License-Identifier: BSD-2-Clause
/* What the SDK's macros RtlFillMemory and RtlZeroMemory name, as functions for those who import
 * them. */
#include <nt/nt.h>

void NTAPI RtlpFillMemory(PVOID Destination, SIZE_T Length, UCHAR Value)
{
    memset(Destination, Value, Length);
}

void NTAPI RtlpZeroMemory(PVOID Destination, SIZE_T Length)
{
    memset(Destination, 0, Length);
}
