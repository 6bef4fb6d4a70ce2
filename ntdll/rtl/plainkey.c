// SPDX-License-Identifier: BSD-2-Clause
/* Keys as they were before values had names: each has one, the default value. (advapi32's and
 * Wine's; phnt) */
#include "rtlp.h"

static UNICODE_STRING DefaultValue = {0, 0, NULL};

static void MakeOrdinary(POBJECT_ATTRIBUTES Attributes)
{
    if (Attributes)
        Attributes->Attributes &= ~(ULONG)(OBJ_PERMANENT | OBJ_EXCLUSIVE);
}

NTSTATUS NTAPI RtlpNtOpenKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
                             POBJECT_ATTRIBUTES ObjectAttributes, ULONG Unused)
{
    MakeOrdinary(ObjectAttributes);
    return NtOpenKey(KeyHandle, DesiredAccess, ObjectAttributes);
}

NTSTATUS NTAPI RtlpNtCreateKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess,
                               POBJECT_ATTRIBUTES ObjectAttributes, ULONG CreateOptions,
                               PULONG Provider, PULONG Disposition)
{
    MakeOrdinary(ObjectAttributes);
    return NtCreateKey(KeyHandle, DesiredAccess, ObjectAttributes, 0, NULL, 0, Disposition);
}

NTSTATUS NTAPI RtlpNtMakeTemporaryKey(HANDLE KeyHandle)
{
    return NtDeleteKey(KeyHandle);
}

NTSTATUS NTAPI RtlpNtSetValueKey(HANDLE KeyHandle, ULONG Type, PVOID Data, ULONG DataSize)
{
    return NtSetValueKey(KeyHandle, &DefaultValue, 0, Type, Data, DataSize);
}

/* Type, data and their length are what the caller wants of it. */
static void ReturnPartial(PKEY_VALUE_PARTIAL_INFORMATION Partial, PULONG Type, PVOID Data)
{
    if (Type)
        *Type = Partial->Type;
    if (Data)
        memcpy(Data, Partial->Data, Partial->DataLength);
}

NTSTATUS NTAPI RtlpNtQueryValueKey(HANDLE KeyHandle, PULONG Type, PVOID Data, PULONG DataSize,
                                   ULONG Unused)
{
    const ULONG Fixed = offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data);
    ULONG Room = Fixed + (DataSize ? *DataSize : 0), Needed = 0;
    PKEY_VALUE_PARTIAL_INFORMATION Partial;
    NTSTATUS Status;

    if (Room < Fixed)
        return STATUS_INVALID_PARAMETER;
    Partial = RtlAllocateHeap(RtlProcessHeap(), 0, Room);
    if (!Partial)
        return STATUS_NO_MEMORY;
    Status = NtQueryValueKey(KeyHandle, &DefaultValue, KeyValuePartialInformation, Partial, Room,
                             &Needed);
    if (DataSize && (NT_SUCCESS(Status) || Status == STATUS_BUFFER_OVERFLOW))
        *DataSize = Partial->DataLength;
    if (NT_SUCCESS(Status))
        ReturnPartial(Partial, Type, Data);
    RtlFreeHeap(RtlProcessHeap(), 0, Partial);
    return Status;
}

NTSTATUS NTAPI RtlpNtEnumerateSubKey(HANDLE KeyHandle, PUNICODE_STRING SubKeyName, ULONG Index,
                                     ULONG Unused)
{
    const ULONG Fixed = offsetof(KEY_BASIC_INFORMATION, Name);
    ULONG Room = Fixed + SubKeyName->MaximumLength, Needed;
    PKEY_BASIC_INFORMATION Basic = RtlAllocateHeap(RtlProcessHeap(), 0, Room);
    NTSTATUS Status;

    if (!Basic)
        return STATUS_NO_MEMORY;
    Status = NtEnumerateKey(KeyHandle, Index, KeyBasicInformation, Basic, Room, &Needed);
    if (NT_SUCCESS(Status)) {
        SubKeyName->Length = (USHORT)Basic->NameLength;
        memcpy(SubKeyName->Buffer, Basic->Name, Basic->NameLength);
    } else if (Status == STATUS_BUFFER_OVERFLOW) {
        SubKeyName->Length = (USHORT)Basic->NameLength;
    }
    RtlFreeHeap(RtlProcessHeap(), 0, Basic);
    return Status;
}
