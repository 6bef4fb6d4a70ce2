/* SPDX-License-Identifier: BSD-2-Clause */
/* load and drivers. */
#include "ntcmd.h"

/* The name of a driver's service, with or without the .sys of its file; returns how long it is
 * without. */
static USHORT ServiceNameLength(PCWSTR Name)
{
    size_t Length = wcslen(Name);

    if (Length > 4 && EqualWords(Name + Length - 4, u".sys"))
        Length -= 4;
    return (USHORT)(Length * sizeof(WCHAR));
}

/* Drivers are named by their service, like i8042prt; there is a file of that name in C:\drivers. */
void Load(ULONG Count, PWSTR Words[])
{
    WCHAR Buffer[MAXIMUM_PATH];
    UNICODE_STRING Service = {.MaximumLength = sizeof(Buffer), .Buffer = Buffer}, Name;
    BOOLEAN WasEnabled;
    NTSTATUS Status;

    if (Count != 2) {
        Print("load: give the name of one driver\n");
        return;
    }
    RtlInitUnicodeString(&Name, Words[1]);
    Name.Length = ServiceNameLength(Words[1]);
    RtlAppendUnicodeToString(&Service,
                             u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\");
    RtlAdjustPrivilege(SE_LOAD_DRIVER_PRIVILEGE, TRUE, FALSE, &WasEnabled);
    Status = RtlAppendUnicodeStringToString(&Service, &Name);
    FlushScreen(); /* it may take a while */
    if (NT_SUCCESS(Status))
        Status = NtLoadDriver(&Service);
    if (!NT_SUCCESS(Status))
        PrintStatus("load", Status);
}

/* In a line of its own, if it is known. */
static void PrintLastPlace(const NEP_DRIVER_INFORMATION *Driver)
{
    if (!Driver->LastModule[0] && !Driver->LastOffset)
        return;
    Print("%20s at ", "");
    PrintWide(Driver->LastModule, (ULONG)wcslen(Driver->LastModule));
    Print("%s0x%llx\n", Driver->LastModule[0] ? "+" : "", Driver->LastOffset);
}

static void PrintDriver(const NEP_DRIVER_INFORMATION *Driver)
{
    static const char *const States[] = {
        [NepDriverStarting] = "starting",
        [NepDriverRunning] = "running",
        [NepDriverUnloading] = "unloading",
        [NepDriverEnded] = "ended",
        [NepDriverRestarting] = "waits to be started again",
    };
    ULONG Length = (ULONG)wcslen(Driver->Name);

    PrintWide(Driver->Name, Length);
    for (; Length < 20; Length++)
        Print(" ");
    if (Driver->HostProcess)
        Print("%6u", Driver->HostProcess);
    else
        Print("     -");
    Print(" %7u %8u  %s", Driver->Devices, Driver->Restarts, States[Driver->State]);
    if (Driver->LastStatus)
        Print(", last end %08x", Driver->LastStatus);
    Print("\n");
    PrintLastPlace(Driver);
}

/* Drivers with the same number are in the same process. */
void ListDrivers(ULONG Count, PWSTR Words[])
{
    NEP_DRIVER_INFORMATION Driver;

    if (Count > 1) {
        Print("drivers: takes no arguments\n");
        return;
    }
    Print("Driver                 PID Devices Restarts  State\n");
    for (ULONG i = 0; NT_SUCCESS(NepQueryDriver(i, &Driver)); i++)
        PrintDriver(&Driver);
}
