// SPDX-License-Identifier: BSD-2-Clause
/* The last error and the error mode of a thread. (Win32: SetLastError, SetThreadErrorMode) */
#include "rtlp.h"

/* SEM_FAILCRITICALERRORS, NOGPFAULTERRORBOX, NOOPENFILEERRORBOX, as this level has them */
#define VALID_ERROR_MODES 0x70

ULONG NTAPI RtlNtStatusToDosError(NTSTATUS Status)
{
    NtCurrentTeb()->LastStatusValue = Status;
    return RtlNtStatusToDosErrorNoTeb(Status);
}

void NTAPI RtlSetLastWin32Error(ULONG Error)
{
    NtCurrentTeb()->LastErrorValue = Error;
}

void NTAPI RtlRestoreLastWin32Error(ULONG Error)
{
    RtlSetLastWin32Error(Error);
}

ULONG NTAPI RtlGetLastWin32Error(void)
{
    return NtCurrentTeb()->LastErrorValue;
}

ULONG NTAPI RtlGetThreadErrorMode(void)
{
    return NtCurrentTeb()->HardErrorMode;
}

NTSTATUS NTAPI RtlSetThreadErrorMode(ULONG Mode, PULONG Previous)
{
    if (Mode & ~VALID_ERROR_MODES)
        return STATUS_INVALID_PARAMETER_1;
    if (Previous)
        *Previous = NtCurrentTeb()->HardErrorMode;
    NtCurrentTeb()->HardErrorMode = Mode;
    return STATUS_SUCCESS;
}
