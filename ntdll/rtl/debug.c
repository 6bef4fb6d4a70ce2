// SPDX-License-Identifier: BSD-2-Clause
/* Debug output. (WDK: DbgPrintEx) */
#include <neptune/abi.h>
#include <nt/nt.h>

ULONG NTAPI vDbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, va_list Arguments)
{
    CHAR Buffer[NEPTUNE_MAX_DEBUG_STRING];
    int Length = _vsnprintf(Buffer, sizeof(Buffer), Format, Arguments);

    UNREFERENCED_PARAMETER(ComponentId);
    UNREFERENCED_PARAMETER(Level);
    return (ULONG)NepDebugPrint(Buffer, Length < 0 ? sizeof(Buffer) : (SIZE_T)Length);
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
    Status = vDbgPrintEx(0, 0, Format, Arguments);
    va_end(Arguments);
    return Status;
}
