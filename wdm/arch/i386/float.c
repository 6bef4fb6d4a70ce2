/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver's floating-point registers are its own: the kernel keeps them for each of its two
 * threads, and coroutines change only at calls, which leave nothing in them but the control words.
 * So there is nothing to be saved before they are used. (amd64's DDK says the same, inline.)
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
