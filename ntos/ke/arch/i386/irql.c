/* SPDX-License-Identifier: BSD-2-Clause */
/* The interrupt request level has no instruction on i386: drivers import KfRaiseIrql and its family
 * from hal.dll. */
#include "../x86/instruction.h"

BOOLEAN KiEmulateTwoByteOpcode(PETHREAD Thread, PKI_INSTRUCTION Instruction,
                               seL4_UserContext *Registers)
{
    return FALSE;
}
