// SPDX-License-Identifier: BSD-2-Clause
/* Keys by a well-known place and a path below it. (WDK: RtlWriteRegistryValue and its like) */
#include "rtlp.h"

static const PCWSTR Places[RTL_REGISTRY_MAXIMUM] = {
    [RTL_REGISTRY_SERVICES] = u"\\Registry\\Machine\\System\\CurrentControlSet\\Services",
    [RTL_REGISTRY_CONTROL] = u"\\Registry\\Machine\\System\\CurrentControlSet\\Control",
    [RTL_REGISTRY_WINDOWS_NT] =
        u"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion",
    [RTL_REGISTRY_DEVICEMAP] = u"\\Registry\\Machine\\Hardware\\DeviceMap",
};

/* The path in the heap: Place, a backslash if both are there, Path. */
static NTSTATUS JoinPath(PCWSTR Place, PCWSTR Path, PUNICODE_STRING Joined)
{
    SIZE_T First = wcslen(Place) * sizeof(WCHAR), Second = Path ? wcslen(Path) * sizeof(WCHAR) : 0;
    SIZE_T Length = First + (First && Second ? sizeof(WCHAR) : 0) + Second;

    if (Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Joined->Buffer = RtlAllocateHeap(RtlProcessHeap(), 0, Length + sizeof(WCHAR));
    if (!Joined->Buffer)
        return STATUS_NO_MEMORY;
    Joined->Length = 0;
    Joined->MaximumLength = (USHORT)(Length + sizeof(WCHAR));
    RtlAppendUnicodeToString(Joined, Place);
    if (First && Second)
        RtlAppendUnicodeToString(Joined, u"\\");
    if (Second)
        RtlAppendUnicodeToString(Joined, Path);
    return STATUS_SUCCESS;
}

/* Below what RelativeTo says, without RTL_REGISTRY_HANDLE. */
static NTSTATUS MakePath(ULONG RelativeTo, PCWSTR Path, PUNICODE_STRING Joined)
{
    UNICODE_STRING User;
    NTSTATUS Status;

    RelativeTo &= ~RTL_REGISTRY_OPTIONAL;
    if (RelativeTo >= RTL_REGISTRY_MAXIMUM)
        return STATUS_INVALID_PARAMETER;
    if (RelativeTo != RTL_REGISTRY_USER)
        return JoinPath(Places[RelativeTo] ? Places[RelativeTo] : u"", Path, Joined);
    Status = RtlFormatCurrentUserKeyPath(&User);
    if (!NT_SUCCESS(Status))
        return JoinPath(u"\\Registry\\User\\.Default", Path, Joined);
    Status = JoinPath(User.Buffer, Path, Joined);
    RtlFreeUnicodeString(&User);
    return Status;
}

NTSTATUS RtlpOpenRegistryPath(ULONG RelativeTo, PCWSTR Path, ACCESS_MASK Access, BOOLEAN Create,
                              PHANDLE Key)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    NTSTATUS Status = MakePath(RelativeTo, Path, &Name);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (Create)
        Status = NtCreateKey(Key, Access, &Attributes, 0, NULL, 0, NULL);
    else
        Status = NtOpenKey(Key, Access, &Attributes);
    RtlFreeUnicodeString(&Name);
    return Status;
}

/* RTL_REGISTRY_HANDLE: Path is a handle, which is not the callee's to close. */
static NTSTATUS OpenForWriting(ULONG RelativeTo, PCWSTR Path, PHANDLE Key)
{
    if (!(RelativeTo & RTL_REGISTRY_HANDLE))
        return RtlpOpenRegistryPath(RelativeTo, Path, KEY_WRITE, TRUE, Key);
    *Key = (HANDLE)Path;
    return STATUS_SUCCESS;
}

static void CloseWritten(ULONG RelativeTo, HANDLE Key)
{
    if (!(RelativeTo & RTL_REGISTRY_HANDLE))
        NtClose(Key);
}

NTSTATUS NTAPI RtlCheckRegistryKey(ULONG RelativeTo, PWSTR Path)
{
    HANDLE Key;
    NTSTATUS Status;

    if (RelativeTo & RTL_REGISTRY_HANDLE)
        return STATUS_SUCCESS;
    Status = RtlpOpenRegistryPath(RelativeTo, Path, KEY_READ, FALSE, &Key);
    if (NT_SUCCESS(Status))
        NtClose(Key);
    return Status;
}

NTSTATUS NTAPI RtlCreateRegistryKey(ULONG RelativeTo, PWSTR Path)
{
    HANDLE Key;
    NTSTATUS Status;

    if (RelativeTo & RTL_REGISTRY_HANDLE)
        return STATUS_SUCCESS;
    Status = RtlpOpenRegistryPath(RelativeTo, Path, KEY_READ, TRUE, &Key);
    if (NT_SUCCESS(Status))
        NtClose(Key);
    return Status;
}

NTSTATUS NTAPI RtlWriteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName,
                                     ULONG ValueType, PVOID ValueData, ULONG ValueLength)
{
    UNICODE_STRING Name;
    HANDLE Key;
    NTSTATUS Status = OpenForWriting(RelativeTo, Path, &Key);

    if (!NT_SUCCESS(Status))
        return Status;
    RtlInitUnicodeString(&Name, ValueName);
    Status = NtSetValueKey(Key, &Name, 0, ValueType, ValueData, ValueLength);
    CloseWritten(RelativeTo, Key);
    return Status;
}

NTSTATUS NTAPI RtlDeleteRegistryValue(ULONG RelativeTo, PCWSTR Path, PCWSTR ValueName)
{
    UNICODE_STRING Name;
    HANDLE Key;
    NTSTATUS Status = OpenForWriting(RelativeTo, Path, &Key);

    if (!NT_SUCCESS(Status))
        return Status;
    RtlInitUnicodeString(&Name, ValueName);
    Status = NtDeleteValueKey(Key, &Name);
    CloseWritten(RelativeTo, Key);
    return Status;
}
