/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel debugger: there is none. Debug output goes to the system's debug log. */
#include "ki.h"
#include "ntdll.h"

BOOLEAN KdDebuggerEnabled = FALSE, KdDebuggerNotPresent = TRUE; /* exported */

NTSTATUS NTAPI KdDisableDebugger(VOID)
{
    return STATUS_DEBUGGER_INACTIVE;
}

NTSTATUS NTAPI KdEnableDebugger(VOID)
{
    return STATUS_DEBUGGER_INACTIVE;
}

/* KdRefreshDebuggerNotPresent: TRUE, it is not. */
BOOLEAN NTAPI KdRefreshDebuggerNotPresent(VOID)
{
    return KdDebuggerNotPresent;
}

NTSTATUS NTAPI KdSystemDebugControl(ULONG Command, PVOID InputBuffer, ULONG InputBufferLength,
                                    PVOID OutputBuffer, ULONG OutputBufferLength,
                                    PULONG ReturnLength, KPROCESSOR_MODE PreviousMode)
{
    return STATUS_DEBUGGER_INACTIVE;
}

NTSTATUS NTAPI KdChangeOption(KD_OPTION Option, ULONG InBufferBytes, PVOID InBuffer,
                              ULONG OutBufferBytes, PVOID OutBuffer, PULONG OutBufferNeeded)
{
    return STATUS_DEBUGGER_INACTIVE;
}

/* vDbgPrintExWithPrefix: the line behind its prefix, cut off at 512 characters as on Windows. */
ULONG NTAPI vDbgPrintExWithPrefix(PCCH Prefix, ULONG ComponentId, ULONG Level, PCCH Format,
                                  va_list Arguments)
{
    CHAR Line[512];
    int Count = _snprintf(Line, sizeof(Line), "%s", Prefix);

    if (Count < 0 || Count >= (int)sizeof(Line))
        return (ULONG)STATUS_INVALID_PARAMETER;
    _vsnprintf(Line + Count, sizeof(Line) - Count, Format, Arguments);
    Line[sizeof(Line) - 1] = 0;
    return DbgPrintEx(ComponentId, Level, "%s", Line);
}
