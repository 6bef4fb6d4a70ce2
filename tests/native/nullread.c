/* SPDX-License-Identifier: BSD-2-Clause */
/* nullread.exe: reads address 0. */
#include <nt/nt.h>

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    volatile LONG *Null = NULL;

    __asm__ volatile("" : "+r"(Null));
    return *Null;
}
