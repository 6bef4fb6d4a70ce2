/* SPDX-License-Identifier: BSD-2-Clause */
/* The speaker, which is the Executive's. */
#include "ki.h"
#include "ntdll.h"

/* HalMakeBeep: Frequency in hertz, 0 = silence. FALSE if there is no such tone. */
BOOLEAN NTAPI HalMakeBeep(ULONG Frequency)
{
    return NT_SUCCESS(DrvMakeBeep(Frequency));
}
