/* SPDX-License-Identifier: BSD-2-Clause */
#include "driverservice.h"

#define SERVICES u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"
#define LONGEST_NAME 32
#define TRIES 500 /* of 10 ms */

static NTSTATUS WithService(PCWSTR Name, NTSTATUS(NTAPI *Routine)(PUNICODE_STRING Service))
{
    WCHAR Buffer[sizeof(SERVICES) / sizeof(WCHAR) + LONGEST_NAME];
    UNICODE_STRING Service = {.Buffer = Buffer, .MaximumLength = sizeof(Buffer)};

    RtlAppendUnicodeToString(&Service, SERVICES);
    RtlAppendUnicodeToString(&Service, Name);
    return Routine(&Service);
}

NTSTATUS LoadService(PCWSTR Name)
{
    return WithService(Name, NtLoadDriver);
}

NTSTATUS UnloadService(PCWSTR Name)
{
    return WithService(Name, NtUnloadDriver);
}

static HANDLE ServiceKey;

static NTSTATUS NTAPI CreateServiceKey(PUNICODE_STRING Service)
{
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, Service, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtCreateKey(&ServiceKey, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_VOLATILE,
                       NULL);
}

static NTSTATUS SetServiceValue(PCWSTR Name, PCWSTR Value, ULONG Type, const void *Data,
                                ULONG Length)
{
    NTSTATUS Status = WithService(Name, CreateServiceKey);
    UNICODE_STRING ValueName;

    if (!NT_SUCCESS(Status))
        return Status;
    RtlInitUnicodeString(&ValueName, Value);
    Status = Data ? NtSetValueKey(ServiceKey, &ValueName, 0, Type, (PVOID)Data, Length)
                  : NtDeleteValueKey(ServiceKey, &ValueName);
    NtClose(ServiceKey);
    return Status;
}

NTSTATUS SetServiceText(PCWSTR Name, PCWSTR Value, PCWSTR Text)
{
    return SetServiceValue(Name, Value, REG_SZ, Text, (ULONG)((wcslen(Text) + 1) * sizeof(WCHAR)));
}

NTSTATUS SetServiceNumber(PCWSTR Name, PCWSTR Value, ULONG Number)
{
    return SetServiceValue(Name, Value, REG_DWORD, &Number, sizeof(Number));
}

NTSTATUS DeleteServiceValue(PCWSTR Name, PCWSTR Value)
{
    return SetServiceValue(Name, Value, REG_NONE, NULL, 0);
}

const NEP_DRIVER_INFORMATION *FindDriver(PCWSTR Name)
{
    static NEP_DRIVER_INFORMATION Driver;

    for (ULONG i = 0; NT_SUCCESS(NepQueryDriver(i, &Driver)); i++)
        if (wcscmp(Driver.Name, Name) == 0)
            return &Driver;
    return NULL;
}

ULONG HostOf(PCWSTR Name)
{
    const NEP_DRIVER_INFORMATION *Driver = FindDriver(Name);

    return Driver ? Driver->HostProcess : 0;
}

BOOLEAN ComesToBe(PCWSTR Name, NEP_DRIVER_STATE State)
{
    for (ULONG i = 0; i < TRIES; i++) {
        const NEP_DRIVER_INFORMATION *Driver = FindDriver(Name);

        if (Driver && Driver->State == State)
            return TRUE;
        Sleep(10);
    }
    return FALSE;
}

NTSTATUS EndHostOf(PCWSTR Name, NTSTATUS ExitStatus)
{
    ULONG Number = HostOf(Name);

    return Number ? EndProcess((HANDLE)(ULONG_PTR)Number, ExitStatus, TRUE) : STATUS_NOT_FOUND;
}
