/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smss.exe, the session manager: the first NT process. Prepares what programs find, starts the
 * drivers and the command prompt, and sees to it that there is one.
 */
#include "smss.h"
#include <started_drivers.h>

/* The drivers to start come from drivers/CMakeLists.txt until the registry names them. */
static const PCWSTR Drivers[] = {STARTED_DRIVERS};

void Display(PCWSTR Text)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Text);
    NtDisplayString(&String);
}

void DisplayFailure(PCWSTR What, PCWSTR Name, NTSTATUS Status)
{
    WCHAR Digits[] = u"00000000\n";

    for (ULONG i = 0; i < 8; i++)
        Digits[i] = u"0123456789abcdef"[(ULONG)Status >> (28 - 4 * i) & 0xf];
    Display(u"smss: ");
    Display(What);
    Display(Name);
    Display(u": status ");
    Display(Digits);
}

static NTSTATUS LoadDriver(PCWSTR Name)
{
    WCHAR Buffer[100];
    UNICODE_STRING Service = {.MaximumLength = sizeof(Buffer), .Buffer = Buffer};

    RtlAppendUnicodeToString(&Service,
                             u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\");
    RtlAppendUnicodeToString(&Service, Name);
    return NtLoadDriver(&Service);
}

/* What this process starts inherits it. */
static void EnableDrivers(void)
{
    BOOLEAN WasEnabled;
    NTSTATUS Status = RtlAdjustPrivilege(SE_LOAD_DRIVER_PRIVILEGE, TRUE, FALSE, &WasEnabled);

    if (!NT_SUCCESS(Status))
        DisplayFailure(u"may not load drivers", u"", Status);
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    Display(u"Neptune OS " NEPTUNE_VERSION " - Windows NT on seL4\n");
    RtlSetProcessIsCritical(TRUE, NULL, FALSE);
    HandleHardErrors();
    PrepareForPrograms();
    EnableDrivers();
    for (ULONG i = 0; i < ARRAYSIZE(Drivers); i++) {
        NTSTATUS Status = LoadDriver(Drivers[i]);

        if (!NT_SUCCESS(Status))
            DisplayFailure(u"cannot load ", Drivers[i], Status);
    }
    KeepSessionAlive();
}
