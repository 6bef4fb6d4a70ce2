/* SPDX-License-Identifier: BSD-2-Clause */
/* The code pages, as variables that drivers look at: no character of theirs takes two bytes. */
#include "ki.h"

static const USHORT RtlpNoLeadBytes[256];

BOOLEAN NlsMbCodePageTag = FALSE, NlsMbOemCodePageTag = FALSE;
USHORT NlsAnsiCodePage = 1252, NlsOemCodePage = 437;
PUSHORT NlsLeadByteInfo = (PUSHORT)RtlpNoLeadBytes, NlsOemLeadByteInfo = (PUSHORT)RtlpNoLeadBytes;

/* ---- Of the system ---- */

ULONG NtBuildNumber = 0xF0000000 | 19045; /* a free build */
volatile CCHAR KeNumberProcessors = 1;
ULONG InitSafeBootMode = 0;
