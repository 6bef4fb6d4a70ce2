// SPDX-License-Identifier: BSD-2-Clause
/* Setting and deleting values. */
#include "cmp.h"

/* Of a symbolic link, only where it leads can be set. */
static BOOLEAN CanSet(PCM_KEY Key, const CM_NAME *Name, ULONG Type)
{
    static const UNICODE_STRING LinkValue = RTL_CONSTANT_STRING(u"SymbolicLinkValue");
    CM_NODE_FACTS Facts;

    CmpStoreOf(Key)->QueryNode(Key->Node, &Facts);
    return !(Facts.Flags & CM_LINK) ||
           (Type == REG_LINK && RtlEqualUnicodeString(&Name->Text, &LinkValue, TRUE));
}

/* Data is the store's. The key may have been deleted since it was referenced. */
static NTSTATUS SetData(PCM_KEY Key, const CM_NAME *Name, ULONG Type, PVOID Data, ULONG Length)
{
    if (CmpStoreOf(Key)->IsDeleted(Key->Node))
        return STATUS_KEY_DELETED;
    if (!CanSet(Key, Name, Type))
        return STATUS_ACCESS_DENIED;
    return CmpStoreOf(Key)->SetValue(Key->Node, Name, Type, Data, Length);
}

static void ReportSet(PCM_KEY Key)
{
    CmpReportChange(Key->Store, Key->Node, REG_NOTIFY_CHANGE_LAST_SET);
}

static NTSTATUS SetClientData(PCM_KEY Key, const CM_NAME *Name, ULONG Type,
                              CLIENT(PVOID) ClientData, ULONG Length)
{
    PVOID Data = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Length) {
        Data = CmpStoreOf(Key)->AllocateData(Length);
        if (!Data)
            return STATUS_INSUFFICIENT_RESOURCES;
        Status = MmCopyFromClient(Data, ClientData, Length);
    }
    if (NT_SUCCESS(Status))
        Status = SetData(Key, Name, Type, Data, Length);
    if (NT_SUCCESS(Status))
        ReportSet(Key);
    else
        CmpStoreOf(Key)->FreeData(Data);
    return Status;
}

/*
 * NtSetValueKey: makes a value or replaces it. NULs at the end of its name do not count; an empty
 * name is that of the key's default value. Type may be anything. Needs KEY_SET_VALUE. Returns
 * STATUS_INVALID_PARAMETER (a name of more than 16,383 characters), STATUS_KEY_DELETED,
 * STATUS_ACCESS_DENIED (a symbolic link has no other value than SymbolicLinkValue of type
 * REG_LINK), STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION and what handles may give.
 * (WDK: ZwSetValueKey)
 */
NTSTATUS NTAPI NtSetValueKey(HANDLE KeyHandle, CLIENT(PUNICODE_STRING) ValueName, ULONG TitleIndex,
                             ULONG Type, CLIENT(PVOID) Data, ULONG DataSize)
{
    PCM_KEY Key;
    CM_NAME Name;
    NTSTATUS Status = CmpCaptureValueName(&Name, ValueName);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = CmpReferenceKey(KeyHandle, KEY_SET_VALUE, &Key);
    if (NT_SUCCESS(Status)) {
        Status = SetClientData(Key, &Name, Type, Data, DataSize);
        ObDereferenceObject(Key);
    }
    CmpFreeValueName(&Name);
    return Status;
}

static NTSTATUS DeleteByName(PCM_KEY Key, const CM_NAME *Name)
{
    CM_VALUE Value = CmpStoreOf(Key)->FindValue(Key->Node, Name);

    if (!Value)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    CmpStoreOf(Key)->DeleteValue(Key->Node, Value);
    ReportSet(Key);
    return STATUS_SUCCESS;
}

/* NtDeleteValueKey: needs KEY_SET_VALUE. Returns STATUS_OBJECT_NAME_NOT_FOUND, STATUS_KEY_DELETED
 * and what handles may give.  (WDK: ZwDeleteValueKey) */
NTSTATUS NTAPI NtDeleteValueKey(HANDLE KeyHandle, CLIENT(PUNICODE_STRING) ValueName)
{
    PCM_KEY Key;
    CM_NAME Name;
    NTSTATUS Status = CmpCaptureValueName(&Name, ValueName);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = CmpReferenceKey(KeyHandle, KEY_SET_VALUE, &Key);
    if (NT_SUCCESS(Status)) {
        Status = DeleteByName(Key, &Name);
        ObDereferenceObject(Key);
    }
    CmpFreeValueName(&Name);
    return Status;
}
