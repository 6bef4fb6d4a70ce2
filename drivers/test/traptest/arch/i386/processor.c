/* SPDX-License-Identifier: BSD-2-Clause */
/* The level has no instruction on i386. */
#include "../../traptest.h"

VOID TestProcessor(VOID)
{
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    CHECK(Irql == PASSIVE_LEVEL && KeGetCurrentIrql() == DISPATCH_LEVEL);
    KeLowerIrql(Irql);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}
