/* SPDX-License-Identifier: BSD-2-Clause */
/* Pool that is charged to processes. */
#include "exp.h"

BOOLEAN ExChargeQuota(PEPROCESS Process, SIZE_T Bytes)
{
    if (!MmChargePool(Process, Bytes))
        return FALSE;
    ObReferenceObject(Process);
    return TRUE;
}

void ExReturnQuota(PEPROCESS Process, SIZE_T Bytes)
{
    MmReturnPool(Process, Bytes);
    ObDereferenceObject(Process);
}
