/* SPDX-License-Identifier: BSD-2-Clause */
/* Printing on the screen. */
#include "nbench.h"

void Print(const char *Format, ...)
{
    char Text[128];
    WCHAR Wide[128];
    UNICODE_STRING String;
    ULONG i;
    va_list Arguments;

    va_start(Arguments, Format);
    _vsnprintf(Text, sizeof(Text) - 1, Format, Arguments);
    va_end(Arguments);
    Text[sizeof(Text) - 1] = 0;
    for (i = 0; Text[i]; i++)
        Wide[i] = (UCHAR)Text[i];
    String.Buffer = Wide;
    String.Length = String.MaximumLength = (USHORT)(i * sizeof(WCHAR));
    NtDisplayString(&String);
}
