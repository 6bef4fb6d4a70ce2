/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel keeps the stack pointer of a system call, so nobody asks where ntdll makes them. */
#include "../../psp.h"

void PspNoteSystemCalls(struct _MM_SECTION *Ntdll, ULONG First, ULONG Last)
{
}
