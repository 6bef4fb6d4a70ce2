// SPDX-License-Identifier: BSD-2-Clause
/* Which fields of a CONTEXT belong to which of its flags. */
#include "rtlp.h"

const RTLP_CONTEXT_PART RtlpContextParts[] = {
    {0x01, offsetof(CONTEXT, SegCs), sizeof(USHORT)},
    {0x01, offsetof(CONTEXT, SegSs), sizeof(USHORT) + sizeof(ULONG)}, /* and EFlags */
    {0x01, offsetof(CONTEXT, Rsp), sizeof(ULONG64)},
    {0x01, offsetof(CONTEXT, Rip), sizeof(ULONG64)},
    {0x02, offsetof(CONTEXT, Rax), 4 * sizeof(ULONG64)},  /* to Rbx */
    {0x02, offsetof(CONTEXT, Rbp), 11 * sizeof(ULONG64)}, /* to R15 */
    {0x04, offsetof(CONTEXT, SegDs), 4 * sizeof(USHORT)},
    {0x08, offsetof(CONTEXT, MxCsr), sizeof(ULONG)},
    {0x08, offsetof(CONTEXT, FltSave), sizeof(XMM_SAVE_AREA32)},
    {0x10, offsetof(CONTEXT, Dr0), 6 * sizeof(ULONG64)},
    {0},
};

const ULONG RtlpContextAlignment = 16;

ULONG RtlpContextLength(ULONG ContextFlags)
{
    return sizeof(CONTEXT);
}
