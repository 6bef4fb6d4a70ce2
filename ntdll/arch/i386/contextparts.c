// SPDX-License-Identifier: BSD-2-Clause
/* Which fields of a CONTEXT belong to which of its flags. */
#include "rtlp.h"

const RTLP_CONTEXT_PART RtlpContextParts[] = {
    {0x01, offsetof(CONTEXT, Ebp), 6 * sizeof(ULONG)}, /* to SegSs */
    {0x02, offsetof(CONTEXT, Edi), 6 * sizeof(ULONG)}, /* to Eax */
    {0x04, offsetof(CONTEXT, SegGs), 4 * sizeof(ULONG)},
    {0x08, offsetof(CONTEXT, FloatSave), sizeof(FLOATING_SAVE_AREA)},
    {0x10, offsetof(CONTEXT, Dr0), 6 * sizeof(ULONG)},
    {0x20, offsetof(CONTEXT, ExtendedRegisters), sizeof(((PCONTEXT)0)->ExtendedRegisters)},
    {0},
};

const ULONG RtlpContextAlignment = 4;

/* A context without the extended registers ends before them. */
ULONG RtlpContextLength(ULONG ContextFlags)
{
    return ContextFlags & 0x20 ? sizeof(CONTEXT) : offsetof(CONTEXT, ExtendedRegisters);
}
