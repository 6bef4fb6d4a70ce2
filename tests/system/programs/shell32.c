/* SPDX-License-Identifier: BSD-2-Clause */
/* What cmd.exe asks of shell32.dll: what kind of program a file is, above all. */
#include <windows.h>

#define CONSOLE_PROGRAM 0x4550 /* "PE", and no version of windows */

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    return TRUE;
}

HINSTANCE WINAPI FindExecutableW_(const WCHAR *file, const WCHAR *directory, WCHAR *result)
{
    return (HINSTANCE)ERROR_FILE_NOT_FOUND;
}

int WINAPI SHFileOperationW_(void *operation)
{
    return ERROR_NOT_SUPPORTED;
}

DWORD_PTR WINAPI SHGetFileInfoW_(const WCHAR *path, DWORD attributes, void *info, UINT size,
                                 UINT flags)
{
    return CONSOLE_PROGRAM;
}
