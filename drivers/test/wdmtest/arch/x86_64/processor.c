/* SPDX-License-Identifier: BSD-2-Clause */
/* What the DDK has for amd64 only: the interrupt request level in CR8. */
#include "../../wdmtest.h"

VOID TestProcessor(VOID)
{
    ULONG64 Level = DISPATCH_LEVEL;

    __asm__ volatile("mov %0, %%cr8" : : "r"(Level));
    __asm__ volatile("mov %%cr8, %%r11\n\tmov %%r11, %0" : "=r"(Level) : : "r11");
    CHECK(Level == DISPATCH_LEVEL && KeGetCurrentIrql() == DISPATCH_LEVEL);
    __asm__ volatile("mov %q0, %%cr8" : : "r"((ULONG64)PASSIVE_LEVEL));
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
}
