/* SPDX-License-Identifier: BSD-2-Clause */
/* garbage.exe: executes an illegal instruction, then whatever bytes follow. */
#include <nt/nt.h>

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    __asm__ volatile(".byte 0x0f, 0x0b, 0xff, 0xff, 0xf4, 0xfa");
    return STATUS_SUCCESS;
}
