/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IRQL: a byte in the thread's TEB page. Lowering it below DISPATCH_LEVEL runs the DPCs that were
 * held back. The DDK's inline CR8 accesses on amd64 come here too (trap/execute.c).
 */
#include "ki.h"

KIRQL KiRaiseIrql(KIRQL NewIrql)
{
    KIRQL OldIrql = KiGetIrql();

    if (NewIrql < OldIrql)
        KeBugCheckEx(IRQL_NOT_GREATER_OR_EQUAL, NewIrql, OldIrql, 0,
                     (ULONG_PTR)__builtin_return_address(0));
    KiSetIrql(NewIrql);
    return OldIrql;
}

/* Sets the level as the processor does, which does not know whether that is raising or lowering. */
VOID KiWriteIrql(KIRQL NewIrql)
{
    KiSetIrql(NewIrql);
    if (NewIrql >= DISPATCH_LEVEL)
        return;
    KiEndStretch();
    if (KiDpcsPending() && !KiIsInterruptThread())
        KiRetireDpcs();
}

VOID KiLowerIrql(KIRQL NewIrql)
{
    KIRQL OldIrql = KiGetIrql();

    if (NewIrql > OldIrql)
        KeBugCheckEx(IRQL_NOT_LESS_OR_EQUAL, NewIrql, OldIrql, 0,
                     (ULONG_PTR)__builtin_return_address(0));
    KiSetIrql(NewIrql);
    if (NewIrql >= DISPATCH_LEVEL || OldIrql < DISPATCH_LEVEL)
        return;
    KiEndStretch();
    if (KiDpcsPending() && !KiIsInterruptThread())
        KiRetireDpcs();
}

KIRQL NTAPI KxGetCurrentIrql(VOID)
{
    return KiGetIrql();
}

KIRQL FASTCALL KxRaiseIrql(KIRQL NewIrql)
{
    return KiRaiseIrql(NewIrql);
}

VOID FASTCALL KxLowerIrql(KIRQL NewIrql)
{
    KiLowerIrql(NewIrql);
}

KIRQL NTAPI KxRaiseIrqlToDpcLevel(VOID)
{
    return KiRaiseIrql(DISPATCH_LEVEL);
}

KIRQL NTAPI KxRaiseIrqlToSynchLevel(VOID)
{
    return KiRaiseIrql(IPI_LEVEL - 2);
}
