/* SPDX-License-Identifier: BSD-2-Clause */
/* nothing.exe: the least program; nbench measures its start and end. */
#include <nt/nt.h>

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    return STATUS_SUCCESS;
}
