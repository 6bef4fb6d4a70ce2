// SPDX-License-Identifier: BSD-2-Clause
/* Debug output. (WDK: DbgPrintEx) */
#include <neptune/abi.h>
#include <nt/nt.h>

static ULONG Write(PCSTR Format, va_list Arguments)
{
    CHAR Buffer[NEPTUNE_MAX_DEBUG_STRING];
    int Length = _vsnprintf(Buffer, sizeof(Buffer), Format, Arguments);

    return (ULONG)NepDebugPrint(Buffer, Length < 0 ? sizeof(Buffer) : (SIZE_T)Length);
}

ULONG NTAPI vDbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, va_list Arguments)
{
    if (NtQueryDebugFilterState(ComponentId, Level) != TRUE)
        return STATUS_SUCCESS;
    return Write(Format, Arguments);
}

ULONG CDECL DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...)
{
    va_list Arguments;
    ULONG Status;

    va_start(Arguments, Format);
    Status = vDbgPrintEx(ComponentId, Level, Format, Arguments);
    va_end(Arguments);
    return Status;
}

ULONG CDECL DbgPrint(PCSTR Format, ...)
{
    va_list Arguments;
    ULONG Status;

    va_start(Arguments, Format);
    Status = Write(Format, Arguments);
    va_end(Arguments);
    return Status;
}

NTSTATUS NTAPI DbgQueryDebugFilterState(ULONG ComponentId, ULONG Level)
{
    return NtQueryDebugFilterState(ComponentId, Level);
}

NTSTATUS NTAPI DbgSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State)
{
    return NtSetDebugFilterState(ComponentId, Level, State);
}
