/* SPDX-License-Identifier: BSD-2-Clause */
/* Formatted output to buffers whose size the caller does not tell. (Microsoft C runtime) */
#include <nt/ntcrt.h>

#define UNLIMITED 0x7fffffff

int CDECL vsprintf(char *Buffer, const char *Format, va_list Arguments)
{
    return _vsnprintf(Buffer, UNLIMITED, Format, Arguments);
}

int CDECL sprintf(char *Buffer, const char *Format, ...)
{
    va_list Arguments;
    int Count;

    va_start(Arguments, Format);
    Count = vsprintf(Buffer, Format, Arguments);
    va_end(Arguments);
    return Count;
}

int CDECL vswprintf(PWSTR Buffer, PCWSTR Format, va_list Arguments)
{
    return _vsnwprintf(Buffer, UNLIMITED, Format, Arguments);
}

int CDECL swprintf(PWSTR Buffer, PCWSTR Format, ...)
{
    va_list Arguments;
    int Count;

    va_start(Arguments, Format);
    Count = vswprintf(Buffer, Format, Arguments);
    va_end(Arguments);
    return Count;
}
