/* SPDX-License-Identifier: BSD-2-Clause */
/* Going on with other registers on AMD64: the kernel loads all that have been written. */
#include "../../kip.h"

BOOLEAN KeContinueThread(PETHREAD Thread, const seL4_UserContext *Registers, BOOLEAN Resume)
{
    seL4_UserContext New = *Registers;

    return seL4_TCB_WriteRegisters(Thread->Tcb.Cap, Resume, 0, KI_REGISTER_COUNT, &New) ==
           seL4_NoError;
}

BOOLEAN KiFinishContinue(PETHREAD Thread, ULONG_PTR Address)
{
    return FALSE;
}
