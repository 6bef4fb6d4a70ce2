/* SPDX-License-Identifier: BSD-2-Clause */
/* load. */
#include "ntcmd.h"

/* Drivers are named by their service, like i8042prt; there is a file of that name in C:\drivers. */
void Load(ULONG Count, PWSTR Words[])
{
    WCHAR Buffer[MAXIMUM_PATH];
    UNICODE_STRING Service = {.MaximumLength = sizeof(Buffer), .Buffer = Buffer};
    BOOLEAN WasEnabled;
    NTSTATUS Status;

    if (Count < 2) {
        Print("load: which driver?\n");
        return;
    }
    RtlAppendUnicodeToString(&Service,
                             u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\");
    RtlAdjustPrivilege(SE_LOAD_DRIVER_PRIVILEGE, TRUE, FALSE, &WasEnabled);
    Status = RtlAppendUnicodeToString(&Service, Words[1]);
    if (NT_SUCCESS(Status))
        Status = NtLoadDriver(&Service);
    if (!NT_SUCCESS(Status))
        PrintStatus("load", Status);
}
