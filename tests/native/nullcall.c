/* SPDX-License-Identifier: BSD-2-Clause */
/* nullcall.exe: calls address 0. */
#include <nt/nt.h>

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    NTSTATUS (*volatile Null)(void) = NULL;

    return Null() + 1;
}
