/* SPDX-License-Identifier: BSD-2-Clause */
/* What cmd.exe asks of user32.dll, without windows: most of it is kernelbase's (user32.def). */
#include <stdarg.h>
#include <wchar.h>
#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    return TRUE;
}

int WINAPIV wsprintfW_(WCHAR *buffer, const WCHAR *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = _vsnwprintf(buffer, 1024, format, arguments);
    va_end(arguments);
    return length;
}
