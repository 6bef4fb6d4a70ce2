// SPDX-License-Identifier: BSD-2-Clause
/* What the DLLs of Wine ask their own ntdll for: debug output, which is all off, and the Unix side,
 * which there is none of. */
#include <nt/nt.h>

/* -1: not to be printed, so that nothing is formatted. */
int CDECL __wine_dbg_header(int Class, PVOID Channel, const char *Function)
{
    return -1;
}

UCHAR CDECL __wine_dbg_get_channel_flags(PVOID Channel)
{
    return 0;
}

const char *CDECL __wine_dbg_strdup(const char *String)
{
    return String;
}

int CDECL __wine_dbg_output(const char *String)
{
    DbgPrint("%s", String);
    return (int)strlen(String);
}

NTSTATUS NTAPI __wine_unix_call(ULONGLONG Library, ULONG Code, PVOID Arguments)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS NTAPI wine_nt_to_unix_file_name(PVOID ObjectAttributes, PCHAR Name, PULONG Size,
                                         ULONG Disposition)
{
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS NTAPI wine_unix_to_nt_file_name(PCSTR Name, PWSTR Buffer, PULONG Size)
{
    return STATUS_NOT_SUPPORTED;
}
