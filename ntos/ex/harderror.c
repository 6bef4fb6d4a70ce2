/* SPDX-License-Identifier: BSD-2-Clause */
/* NtRaiseHardError: nobody is there to ask the user, so what would be asked is shown. */
#include "exp.h"

#define MAXIMUM_TEXT 128 /* characters of a string that are shown */

static void Show(const char *Format, ...)
{
    char Text[64];
    va_list Arguments;
    int Length;

    va_start(Arguments, Format);
    Length = _vsnprintf(Text, sizeof(Text), Format, Arguments);
    va_end(Arguments);
    HalDisplayString(Text, Length < 0 ? sizeof(Text) : (SIZE_T)Length);
}

/* Of a string that can be read, as much as there is room for. */
static void ShowString(CLIENT(PUNICODE_STRING) Client)
{
    UNICODE_STRING String;
    WCHAR Wide[MAXIMUM_TEXT];
    char Text[MAXIMUM_TEXT];
    ULONG Length, i;

    if (!NT_SUCCESS(MmReadClient(&String, Client)))
        return;
    Length =
        String.Length / sizeof(WCHAR) < MAXIMUM_TEXT ? String.Length / sizeof(WCHAR) : MAXIMUM_TEXT;
    if (!NT_SUCCESS(MmCopyFromClient(Wide, (CLIENT(PVOID))String.Buffer, Length * sizeof(WCHAR))))
        return;
    for (i = 0; i < Length; i++)
        Text[i] = Wide[i] >= ' ' && Wide[i] < 0x7f ? (char)Wide[i] : '?';
    Show(" \"");
    HalDisplayString(Text, Length);
    Show("\"");
}

static void ShowError(NTSTATUS Error, ULONG Count, ULONG StringMask, const ULONG_PTR *Parameters)
{
    ULONG i;

    Show("\nprocess %u: error %08x", (ULONG)(ULONG_PTR)PsGetCurrentProcess()->UniqueProcessId,
         (ULONG)Error);
    for (i = 0; i < Count; i++)
        if (StringMask >> i & 1)
            ShowString((CLIENT(PUNICODE_STRING))Parameters[i]);
        else
            Show(" %lx", (unsigned long)Parameters[i]);
    Show("\n");
}

/*
 * NtRaiseHardError: shows the error with its parameters (those of UnicodeStringParameterMask are
 * UNICODE_STRINGs) on the screen; Response is ResponseReturnToCaller, as Windows gives it where
 * nobody handles errors. Returns STATUS_INVALID_PARAMETER_2 (more than 5 parameters),
 * STATUS_INVALID_PARAMETER_4 (no array of them), STATUS_INVALID_PARAMETER_5 (options),
 * STATUS_PRIVILEGE_NOT_HELD (the option to shut down), STATUS_NOT_IMPLEMENTED (that option with the
 * privilege), STATUS_ACCESS_VIOLATION.  (phnt: ntexapi.h)
 */
NTSTATUS NtRaiseHardError(NTSTATUS ErrorStatus, ULONG NumberOfParameters,
                          ULONG UnicodeStringParameterMask, CLIENT(ULONG_PTR *) Parameters,
                          ULONG ValidResponseOptions, CLIENT(PULONG) Response)
{
    ULONG_PTR Captured[MAXIMUM_HARDERROR_PARAMETERS];
    ULONG Answer = ResponseReturnToCaller;
    NTSTATUS Status;

    if (NumberOfParameters > MAXIMUM_HARDERROR_PARAMETERS)
        return STATUS_INVALID_PARAMETER_2;
    if (NumberOfParameters && !Parameters)
        return STATUS_INVALID_PARAMETER_4;
    if (ValidResponseOptions >= HARDERROR_OPTIONS)
        return STATUS_INVALID_PARAMETER_5;
    Status = MmProbeForWrite(Response, sizeof(Answer));
    if (NT_SUCCESS(Status))
        Status = MmCopyFromClient(Captured, Parameters, NumberOfParameters * sizeof(Captured[0]));
    if (!NT_SUCCESS(Status))
        return Status;
    if (ValidResponseOptions == HARDERROR_OPTION_SHUTDOWN)
        return SeSinglePrivilegeCheck(SE_SHUTDOWN_PRIVILEGE) ? STATUS_NOT_IMPLEMENTED
                                                             : STATUS_PRIVILEGE_NOT_HELD;
    ShowError(ErrorStatus, NumberOfParameters, UnicodeStringParameterMask, Captured);
    return MmWriteClient(Response, &Answer);
}
