// SPDX-License-Identifier: BSD-2-Clause
/* Options per program in the registry ("Image File Execution Options"), and what has no effect.
 * (phnt: ntldr.h) */
#include "ldrp.h"

#define OPTIONS_KEY                                                                                \
    u"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion\\"                      \
    u"Image File Execution Options\\"
#define MOST_DATA 512 /* bytes of a value */

/* Whether a DLL has a manifest is not somebody else's affair: redirect.c looks for it. */
void NTAPI LdrSetDllManifestProber(PVOID Routine)
{
    UNREFERENCED_PARAMETER(Routine);
}

NTSTATUS NTAPI LdrOpenImageFileOptionsKey(PCUNICODE_STRING ImagePath, BOOLEAN Wow64, PHANDLE Key)
{
    WCHAR Buffer[ARRAYSIZE(OPTIONS_KEY) + LDRP_NAME_ROOM];
    UNICODE_STRING Path = {0, sizeof(Buffer), Buffer}, Name = LdrpLastPart(ImagePath);
    OBJECT_ATTRIBUTES Attributes;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(Wow64);
    RtlAppendUnicodeToString(&Path, OPTIONS_KEY);
    Status = RtlAppendUnicodeStringToString(&Path, &Name);
    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenKey(Key, KEY_QUERY_VALUE, &Attributes);
}

/* A number may be a text in the registry. */
static NTSTATUS ReturnNumber(const KEY_VALUE_PARTIAL_INFORMATION *Value, PVOID Buffer, ULONG Length,
                             PULONG ReturnLength)
{
    UNICODE_STRING Text;
    ULONG Number = 0;

    if (ReturnLength)
        *ReturnLength = sizeof(Number);
    if (Length != sizeof(Number))
        return STATUS_INFO_LENGTH_MISMATCH;
    Text =
        (UNICODE_STRING){(USHORT)Value->DataLength, (USHORT)Value->DataLength, (PWSTR)Value->Data};
    if (Value->Type == REG_SZ)
        RtlUnicodeStringToInteger(&Text, 0, &Number);
    else if (Value->DataLength >= sizeof(Number))
        memcpy(&Number, Value->Data, sizeof(Number));
    memcpy(Buffer, &Number, sizeof(Number));
    return STATUS_SUCCESS;
}

static NTSTATUS ReturnValue(const KEY_VALUE_PARTIAL_INFORMATION *Value, ULONG Type, PVOID Buffer,
                            ULONG Length, PULONG ReturnLength)
{
    if (Type == REG_DWORD && (Value->Type == REG_DWORD || Value->Type == REG_SZ))
        return ReturnNumber(Value, Buffer, Length, ReturnLength);
    if (Value->Type != Type)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (ReturnLength)
        *ReturnLength = Value->DataLength;
    if (Value->DataLength > Length)
        return STATUS_BUFFER_OVERFLOW;
    memcpy(Buffer, Value->Data, Value->DataLength);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrQueryImageFileKeyOption(HANDLE Key, PCWSTR Name, ULONG Type, PVOID Buffer,
                                          ULONG Length, PULONG ReturnLength)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION Information;
        UCHAR Bytes[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + MOST_DATA];
    } Value;
    UNICODE_STRING ValueName;
    ULONG Got;
    NTSTATUS Status;

    RtlInitUnicodeString(&ValueName, Name);
    Status =
        NtQueryValueKey(Key, &ValueName, KeyValuePartialInformation, &Value, sizeof(Value), &Got);
    if (!NT_SUCCESS(Status))
        return Status;
    return ReturnValue(&Value.Information, Type, Buffer, Length, ReturnLength);
}

NTSTATUS NTAPI LdrQueryImageFileExecutionOptions(PCUNICODE_STRING ImagePath, PCWSTR Name,
                                                 ULONG Type, PVOID Buffer, ULONG Length,
                                                 PULONG ReturnLength)
{
    HANDLE Key;
    NTSTATUS Status = LdrOpenImageFileOptionsKey(ImagePath, FALSE, &Key);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = LdrQueryImageFileKeyOption(Key, Name, Type, Buffer, Length, ReturnLength);
    NtClose(Key);
    return Status;
}
