// SPDX-License-Identifier: BSD-2-Clause
/* Debug output. (WDK: DbgPrintEx) */
#include <neptune/abi.h>
#include "ldrp.h"
#include "sehp.h"

/* A debugger gets the text as an exception, which it may leave to the program; then the text is
 * lost. (Windows: DBG_PRINTEXCEPTION_C) */
static ULONG TellDebugger(PCHAR Text, SIZE_T Length)
{
    EXCEPTION_RECORD Record = {.ExceptionCode = DBG_PRINTEXCEPTION_C,
                               .NumberParameters = 2,
                               .ExceptionInformation = {Length + 1, (ULONG_PTR)Text}};

    SehpRaiseSafely(&Record);
    return STATUS_SUCCESS;
}

static SIZE_T Print(CHAR Buffer[NEPTUNE_MAX_DEBUG_STRING], PCSTR Format, va_list Arguments)
{
    int Length = _vsnprintf(Buffer, NEPTUNE_MAX_DEBUG_STRING, Format, Arguments);

    return Length < 0 ? NEPTUNE_MAX_DEBUG_STRING : (SIZE_T)Length;
}

static ULONG Write(PCSTR Format, va_list Arguments)
{
    CHAR Buffer[NEPTUNE_MAX_DEBUG_STRING + 1];
    SIZE_T Length = Print(Buffer, Format, Arguments);

    if (!NtCurrentPeb()->BeingDebugged)
        return (ULONG)NepDebugPrint(Buffer, Length);
    Buffer[Length] = 0;
    return TellDebugger(Buffer, Length);
}

#if DBG
void LdrpTrace(PCSTR Format, ...)
{
    CHAR Buffer[NEPTUNE_MAX_DEBUG_STRING];
    va_list Arguments;

    va_start(Arguments, Format);
    NepDebugPrint(Buffer, Print(Buffer, Format, Arguments));
    va_end(Arguments);
}
#endif

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
