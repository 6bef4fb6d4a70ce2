/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints its command line between square brackets. */
#include <nt/nt.h>

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    UNICODE_STRING Open = RTL_CONSTANT_STRING(u"["), Close = RTL_CONSTANT_STRING(u"]\n");

    NtDisplayString(&Open);
    NtDisplayString(&Peb->ProcessParameters->CommandLine);
    NtDisplayString(&Close);
    return STATUS_SUCCESS;
}
