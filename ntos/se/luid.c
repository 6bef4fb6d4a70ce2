/* SPDX-License-Identifier: BSD-2-Clause */
/* Locally unique ids: never the same twice until the machine starts anew. */
#include "sep.h"

static ULONG64 NextLuid = 1001; /* those below are well known */

LUID SeAllocateLuid(void)
{
    LUID Luid = {(ULONG)NextLuid, (LONG)(NextLuid >> 32)};

    NextLuid++;
    return Luid;
}

/* NtAllocateLocallyUniqueId: an id that nobody else has got.  (WDK: ZwAllocateLocallyUniqueId) */
NTSTATUS NTAPI NtAllocateLocallyUniqueId(CLIENT(PLUID) Luid)
{
    NTSTATUS Status = MmProbeForWrite(Luid, sizeof(*Luid));
    LUID New;

    if (!NT_SUCCESS(Status))
        return Status;
    New = SeAllocateLuid();
    return MmWriteClient(Luid, &New);
}
