// SPDX-License-Identifier: BSD-2-Clause
/* What can be asked of values. */
#include "cmp.h"

static void MakeBasic(PCM_RESULT Result, PCM_VALUE_VIEW View)
{
    KEY_VALUE_BASIC_INFORMATION Basic = {.Type = View->Type, .NameLength = View->Name.Length};

    CmpSetFixedPart(Result, &Basic, offsetof(KEY_VALUE_BASIC_INFORMATION, Name));
    CmpAddPart(Result, View->Name.Buffer, View->Name.Length, 1);
}

static void MakeFull(PCM_RESULT Result, PCM_VALUE_VIEW View, ULONG Alignment)
{
    KEY_VALUE_FULL_INFORMATION Full = {.Type = View->Type,
                                       .DataOffset = MAXULONG,
                                       .DataLength = View->DataLength,
                                       .NameLength = View->Name.Length};

    CmpSetFixedPart(Result, &Full, offsetof(KEY_VALUE_FULL_INFORMATION, Name));
    CmpAddPart(Result, View->Name.Buffer, View->Name.Length, 1);
    if (!View->DataLength)
        return;
    Full.DataOffset = CmpAddPart(Result, View->Data, View->DataLength, Alignment);
    memcpy(Result->Fixed.Bytes, &Full, Result->FixedLength);
}

static void MakePartial(PCM_RESULT Result, PCM_VALUE_VIEW View)
{
    KEY_VALUE_PARTIAL_INFORMATION Partial = {.Type = View->Type, .DataLength = View->DataLength};

    CmpSetFixedPart(Result, &Partial, offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data));
    CmpAddPart(Result, View->Data, View->DataLength, 1);
}

static void MakePartialAlign64(PCM_RESULT Result, PCM_VALUE_VIEW View)
{
    KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 Partial = {.Type = View->Type,
                                                     .DataLength = View->DataLength};

    CmpSetFixedPart(Result, &Partial, offsetof(KEY_VALUE_PARTIAL_INFORMATION_ALIGN64, Data));
    CmpAddPart(Result, View->Data, View->DataLength, 1);
}

static void MakeResult(PCM_RESULT Result, KEY_VALUE_INFORMATION_CLASS Class, PCM_VALUE_VIEW View)
{
    switch (Class) {
    case KeyValueBasicInformation:
        MakeBasic(Result, View);
        break;
    case KeyValueFullInformation:
        MakeFull(Result, View, sizeof(ULONG));
        break;
    case KeyValueFullInformationAlign64:
        MakeFull(Result, View, sizeof(ULONGLONG));
        break;
    case KeyValuePartialInformation:
        MakePartial(Result, View);
        break;
    default:
        MakePartialAlign64(Result, View);
    }
}

static NTSTATUS ReturnValue(PCM_KEY Key, CM_VALUE Value, KEY_VALUE_INFORMATION_CLASS Class,
                            CLIENT(PVOID) Buffer, ULONG Length, CLIENT(PULONG) ResultLength)
{
    CM_VALUE_VIEW View;
    CM_RESULT Result;
    NTSTATUS Status;

    CmpStoreOf(Key)->ReferenceValue(Value, &View);
    MakeResult(&Result, Class, &View);
    Status = CmpReturnResult(&Result, Buffer, Length, ResultLength);
    CmpStoreOf(Key)->DereferenceValue(&View);
    return Status;
}

static NTSTATUS ProbeResult(KEY_VALUE_INFORMATION_CLASS Class, CLIENT(PVOID) Buffer, ULONG Length,
                            CLIENT(PULONG) ResultLength)
{
    NTSTATUS Status;

    if ((ULONG)Class > KeyValuePartialInformationAlign64)
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(Buffer, Length);
    return NT_SUCCESS(Status) ? MmProbeForWrite(ResultLength, sizeof(*ResultLength)) : Status;
}

/*
 * NtQueryValueKey: KeyValueBasicInformation, KeyValueFullInformation, KeyValuePartialInformation
 * and the two with data at multiples of 8. *ResultLength receives the bytes of the whole answer.
 * Needs KEY_QUERY_VALUE. Returns STATUS_INVALID_PARAMETER (Class, the name's length),
 * STATUS_OBJECT_NAME_NOT_FOUND, STATUS_BUFFER_TOO_SMALL (nothing was copied),
 * STATUS_BUFFER_OVERFLOW (all but the end of name and data), STATUS_KEY_DELETED,
 * STATUS_ACCESS_VIOLATION and what handles may give.  (WDK: ZwQueryValueKey)
 */
NTSTATUS NTAPI NtQueryValueKey(HANDLE KeyHandle, CLIENT(PUNICODE_STRING) ValueName,
                               KEY_VALUE_INFORMATION_CLASS Class, CLIENT(PVOID) KeyValueInformation,
                               ULONG Length, CLIENT(PULONG) ResultLength)
{
    CM_NAME Name;
    PCM_KEY Key;
    CM_VALUE Value;
    NTSTATUS Status = ProbeResult(Class, KeyValueInformation, Length, ResultLength);

    if (NT_SUCCESS(Status))
        Status = CmpCaptureValueName(&Name, ValueName);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CmpReferenceKey(KeyHandle, KEY_QUERY_VALUE, &Key);
    if (NT_SUCCESS(Status)) {
        Value = CmpStoreOf(Key)->FindValue(Key->Node, &Name);
        Status = Value ? ReturnValue(Key, Value, Class, KeyValueInformation, Length, ResultLength)
                       : STATUS_OBJECT_NAME_NOT_FOUND;
        ObDereferenceObject(Key);
    }
    CmpFreeValueName(&Name);
    return Status;
}

/* NtEnumerateValueKey: the value with the number Index, oldest first; STATUS_NO_MORE_ENTRIES, and
 * otherwise as NtQueryValueKey.  (WDK: ZwEnumerateValueKey) */
NTSTATUS NTAPI NtEnumerateValueKey(HANDLE KeyHandle, ULONG Index, KEY_VALUE_INFORMATION_CLASS Class,
                                   CLIENT(PVOID) KeyValueInformation, ULONG Length,
                                   CLIENT(PULONG) ResultLength)
{
    PCM_KEY Key;
    CM_VALUE Value;
    NTSTATUS Status = ProbeResult(Class, KeyValueInformation, Length, ResultLength);

    if (NT_SUCCESS(Status))
        Status = CmpReferenceKey(KeyHandle, KEY_QUERY_VALUE, &Key);
    if (!NT_SUCCESS(Status))
        return Status;
    Value = CmpStoreOf(Key)->ValueAt(Key->Node, Index);
    Status = Value ? ReturnValue(Key, Value, Class, KeyValueInformation, Length, ResultLength)
                   : STATUS_NO_MORE_ENTRIES;
    ObDereferenceObject(Key);
    return Status;
}
