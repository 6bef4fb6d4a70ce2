/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver's floating-point registers are its own: the kernel keeps them for each of its two
 * threads, and coroutines switch only at calls, across which only the control words must be kept.
 * So they need not be saved before they are used. (amd64's DDK says the same, inline.)
 */
#include "ki.h"

NTSTATUS NTAPI KeSaveFloatingPointState(PKFLOATING_SAVE FloatSave)
{
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI KeRestoreFloatingPointState(PKFLOATING_SAVE FloatSave)
{
    return STATUS_SUCCESS;
}
