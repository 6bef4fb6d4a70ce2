/* SPDX-License-Identifier: BSD-2-Clause */
/* Printing on the screen and on the debug log, a line of up to 255 characters. It allocates
 * nothing, so that programs that have taken all memory can still say so. */
#pragma once
#include <nt/nt.h>

static inline void PrintList(const char *Format, va_list Arguments)
{
    char Text[256];
    WCHAR Wide[256];
    UNICODE_STRING String = {.Buffer = Wide};
    ULONG i;

    _vsnprintf(Text, sizeof(Text) - 1, Format, Arguments);
    Text[sizeof(Text) - 1] = 0;
    for (i = 0; Text[i]; i++)
        Wide[i] = (UCHAR)Text[i];
    String.Length = String.MaximumLength = (USHORT)(i * sizeof(WCHAR));
    NtDisplayString(&String);
    DbgPrint("%s", Text);
}

static inline void Print(const char *Format, ...)
{
    va_list Arguments;

    va_start(Arguments, Format);
    PrintList(Format, Arguments);
    va_end(Arguments);
}
