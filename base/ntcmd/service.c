/* SPDX-License-Identifier: BSD-2-Clause */
/* Services in the registry, and what is running of them. */
#include "ntcmd.h"
#include "service.h"

#define SERVICES u"\\Registry\\Machine\\System\\CurrentControlSet\\Services"
#define LONGEST_SERVICE_NAME 80 /* of a key that is looked at, in characters */

BOOLEAN FindRunningDriver(PCWSTR Name, NEP_DRIVER_INFORMATION *Driver)
{
    for (ULONG i = 0; NT_SUCCESS(NepQueryDriver(i, Driver)); i++)
        if (EqualWords(Driver->Name, Name))
            return TRUE;
    *Driver = (NEP_DRIVER_INFORMATION){.State = NepDriverEnded};
    return FALSE;
}

BOOLEAN IsService(PCWSTR Name)
{
    return NT_SUCCESS(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, (PWSTR)Name));
}

static NTSTATUS ServicePath(PCWSTR Name, PUNICODE_STRING Path)
{
    NTSTATUS Status = RtlAppendUnicodeToString(Path, SERVICES);

    if (!*Name)
        return Status;
    RtlAppendUnicodeToString(Path, u"\\");
    Status = RtlAppendUnicodeToString(Path, Name);
    return NT_SUCCESS(Status) ? Status : STATUS_OBJECT_NAME_NOT_FOUND;
}

/* "": the key of all services. */
static NTSTATUS OpenServices(PCWSTR Name, ACCESS_MASK Access, PHANDLE Key)
{
    WCHAR Buffer[ARRAYSIZE(SERVICES) + LONGEST_SERVICE_NAME];
    UNICODE_STRING Path = {.MaximumLength = sizeof(Buffer), .Buffer = Buffer};
    OBJECT_ATTRIBUTES Attributes;
    NTSTATUS Status = ServicePath(Name, &Path);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenKey(Key, Access, &Attributes);
}

NTSTATUS WithServicePath(PCWSTR Name, NTSTATUS(NTAPI *Routine)(PUNICODE_STRING Path))
{
    WCHAR Buffer[ARRAYSIZE(SERVICES) + LONGEST_SERVICE_NAME];
    UNICODE_STRING Path = {.MaximumLength = sizeof(Buffer), .Buffer = Buffer};
    BOOLEAN WasEnabled;
    NTSTATUS Status = ServicePath(Name, &Path);

    RtlAdjustPrivilege(SE_LOAD_DRIVER_PRIVILEGE, TRUE, FALSE, &WasEnabled);
    return NT_SUCCESS(Status) ? Routine(&Path) : Status;
}

BOOLEAN NameOfService(ULONG Index, PWSTR Name, ULONG Size)
{
    union {
        KEY_BASIC_INFORMATION Basic;
        UCHAR Bytes[sizeof(KEY_BASIC_INFORMATION) + LONGEST_SERVICE_NAME * sizeof(WCHAR)];
    } Entry;
    ULONG Needed, Length = 0;
    HANDLE Key;
    NTSTATUS Status = OpenServices(u"", KEY_ENUMERATE_SUB_KEYS, &Key);

    if (!NT_SUCCESS(Status))
        return FALSE;
    Status = NtEnumerateKey(Key, Index, KeyBasicInformation, &Entry, sizeof(Entry), &Needed);
    NtClose(Key);
    if (Status != STATUS_SUCCESS && Status != STATUS_BUFFER_OVERFLOW)
        return FALSE;
    for (; Status == STATUS_SUCCESS && Length + 1 < Size &&
           Length < Entry.Basic.NameLength / sizeof(WCHAR);
         Length++)
        Name[Length] = Entry.Basic.Name[Length];
    Name[Length] = 0; /* "" for one that is too long */
    return TRUE;
}

typedef union _SERVICE_VALUE {
    KEY_VALUE_PARTIAL_INFORMATION Partial;
    UCHAR Bytes[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + MAXIMUM_LINE * sizeof(WCHAR)];
} SERVICE_VALUE;

static BOOLEAN ReadValue(PCWSTR Service, PCWSTR Value, SERVICE_VALUE *Data)
{
    UNICODE_STRING Name;
    HANDLE Key;
    ULONG Needed;
    NTSTATUS Status = OpenServices(Service, KEY_QUERY_VALUE, &Key);

    if (!NT_SUCCESS(Status))
        return FALSE;
    RtlInitUnicodeString(&Name, Value);
    Status = NtQueryValueKey(Key, &Name, KeyValuePartialInformation, Data, sizeof(*Data), &Needed);
    NtClose(Key);
    return Status == STATUS_SUCCESS;
}

ULONG ServiceNumber(PCWSTR Name, PCWSTR Value, ULONG Default)
{
    SERVICE_VALUE Data;

    if (!ReadValue(Name, Value, &Data) || Data.Partial.Type != REG_DWORD ||
        Data.Partial.DataLength != sizeof(ULONG))
        return Default;
    return *(PULONG)Data.Partial.Data;
}

void ServiceText(PCWSTR Name, PCWSTR Value, PWSTR Text, ULONG Size)
{
    SERVICE_VALUE Data;
    PCWSTR From = (PCWSTR)Data.Partial.Data;
    ULONG Length = 0, Count;

    if (ReadValue(Name, Value, &Data) && Data.Partial.Type >= REG_SZ &&
        Data.Partial.Type <= REG_MULTI_SZ && Data.Partial.Type != REG_BINARY) {
        Count = Data.Partial.DataLength / sizeof(WCHAR);
        while (Count && !From[Count - 1])
            Count--;
        for (; Length < Count && Length + 1 < Size; Length++)
            Text[Length] = From[Length] ? From[Length] : '/';
    }
    Text[Length] = 0;
}

BOOLEAN IsDriverService(PCWSTR Name)
{
    return (ServiceNumber(Name, u"Type", 0) & SERVICE_DRIVER_TYPES) != 0;
}

/* A key with all that is below it. A key names the first of its subkeys until there is none. */
static NTSTATUS DeleteTree(HANDLE Key)
{
    union {
        KEY_BASIC_INFORMATION Basic;
        UCHAR Bytes[sizeof(KEY_BASIC_INFORMATION) + MAXIMUM_PATH * sizeof(WCHAR)];
    } Entry;
    NTSTATUS Status;
    ULONG Needed;

    while ((Status = NtEnumerateKey(Key, 0, KeyBasicInformation, &Entry, sizeof(Entry), &Needed)) ==
           STATUS_SUCCESS) {
        UNICODE_STRING Name = {.Buffer = Entry.Basic.Name,
                               .Length = (USHORT)Entry.Basic.NameLength,
                               .MaximumLength = (USHORT)Entry.Basic.NameLength};
        OBJECT_ATTRIBUTES Attributes;
        HANDLE Child;

        InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, Key, NULL);
        Status = NtOpenKey(&Child, DELETE | KEY_ENUMERATE_SUB_KEYS, &Attributes);
        if (!NT_SUCCESS(Status))
            return Status;
        Status = DeleteTree(Child);
        NtClose(Child);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return Status == STATUS_NO_MORE_ENTRIES ? NtDeleteKey(Key) : Status;
}

NTSTATUS DeleteService(PCWSTR Name)
{
    HANDLE Key;
    NTSTATUS Status = OpenServices(Name, DELETE | KEY_ENUMERATE_SUB_KEYS, &Key);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = DeleteTree(Key);
    NtClose(Key);
    return Status;
}
