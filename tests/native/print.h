/* SPDX-License-Identifier: BSD-2-Clause */
/* Print, to the screen, for programs that are no tests themselves; a line of up to 99 characters.
 */
#pragma once
#include <nt/nt.h>

static void Print(const char *Format, ...)
{
    char Line[100];
    UNICODE_STRING Unicode;
    ANSI_STRING Ansi;
    va_list Arguments;

    va_start(Arguments, Format);
    _vsnprintf(Line, sizeof(Line), Format, Arguments);
    va_end(Arguments);
    RtlInitAnsiString(&Ansi, Line);
    if (!NT_SUCCESS(RtlAnsiStringToUnicodeString(&Unicode, &Ansi, TRUE)))
        return;
    NtDisplayString(&Unicode);
    RtlFreeUnicodeString(&Unicode);
}
