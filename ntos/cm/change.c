// SPDX-License-Identifier: BSD-2-Clause
/* Deleting and renaming keys, and what can be set of them. */
#include "cmp.h"

void CmpDeleteKey(PCM_STORE Store, CM_NODE Node)
{
    CM_NODE Parent = Store->Operations->Parent(Node);

    Store->Operations->ReferenceNode(Parent);
    Store->Operations->DeleteNode(Node);
    CmpReportDeletion(Node);
    CmpReportChange(Store, Parent, REG_NOTIFY_CHANGE_NAME);
    Store->Operations->DereferenceNode(Parent);
}

static NTSTATUS DeleteKey(PCM_KEY Key)
{
    CM_NODE_FACTS Facts;

    if (CmpStoreOf(Key)->IsDeleted(Key->Node))
        return STATUS_SUCCESS;
    CmpStoreOf(Key)->QueryNode(Key->Node, &Facts);
    if ((Facts.Flags & CM_FIXED) || Facts.SubKeys)
        return STATUS_CANNOT_DELETE;
    CmpDeleteKey(Key->Store, Key->Node);
    return STATUS_SUCCESS;
}

/*
 * NtDeleteKey: the key and its values go; handles stay, and services say STATUS_KEY_DELETED of
 * them, but for this one, which succeeds again. Needs DELETE. Returns STATUS_CANNOT_DELETE (it has
 * subkeys, or is \Registry, its Machine or User) and what handles may give.  (WDK: ZwDeleteKey)
 */
NTSTATUS NTAPI NtDeleteKey(HANDLE KeyHandle)
{
    PCM_KEY Key;
    NTSTATUS Status = ObReferenceObjectByHandle(KeyHandle, DELETE, CmKeyType, (PVOID *)&Key);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = DeleteKey(Key);
    ObDereferenceObject(Key);
    return Status;
}

/* Whether a key can be called so. */
static BOOLEAN IsKeyName(PCUNICODE_STRING Name)
{
    ULONG i;

    if (!Name->Length || Name->Length > CMP_MAXIMUM_KEY_NAME)
        return FALSE;
    for (i = 0; i < Name->Length / sizeof(WCHAR); i++)
        if (Name->Buffer[i] == '\\')
            return FALSE;
    return TRUE;
}

static NTSTATUS RenameKey(PCM_KEY Key, PCUNICODE_STRING Name)
{
    CM_NODE Parent = CmpStoreOf(Key)->Parent(Key->Node);
    CM_NODE_FACTS Facts;
    NTSTATUS Status;

    CmpStoreOf(Key)->QueryNode(Key->Node, &Facts);
    if (Facts.Flags & CM_FIXED)
        return STATUS_ACCESS_DENIED;
    if (CmpStoreOf(Key)->FindChild(Parent, Name))
        return STATUS_CANNOT_DELETE;
    Status = CmpStoreOf(Key)->RenameNode(Key->Node, Name);
    if (NT_SUCCESS(Status))
        CmpReportChange(Key->Store, Parent, REG_NOTIFY_CHANGE_NAME);
    return Status;
}

/*
 * NtRenameKey: gives a key another name in its place. Needs KEY_WRITE. Returns
 * STATUS_INVALID_PARAMETER (NewName), STATUS_CANNOT_DELETE (there is such a key, be it this one),
 * STATUS_ACCESS_DENIED (\Registry, its Machine and User too), STATUS_KEY_DELETED,
 * STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION and what handles may give.
 */
NTSTATUS NTAPI NtRenameKey(HANDLE KeyHandle, CLIENT(PUNICODE_STRING) NewName)
{
    UNICODE_STRING Name;
    PCM_KEY Key;
    NTSTATUS Status = ExCaptureUnicodeString(&Name, NewName, UNICODE_STRING_MAX_BYTES);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!IsKeyName(&Name))
        Status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(Status))
        Status = CmpReferenceKey(KeyHandle, KEY_WRITE, &Key);
    if (NT_SUCCESS(Status)) {
        Status = RenameKey(Key, &Name);
        ObDereferenceObject(Key);
    }
    ExFreeUnicodeString(&Name);
    return Status;
}

/* NtFlushKey: nothing is to be written while the registry is in memory only. Any access will do.
 * (WDK: ZwFlushKey) */
NTSTATUS NTAPI NtFlushKey(HANDLE KeyHandle)
{
    PCM_KEY Key;
    NTSTATUS Status = CmpReferenceKey(KeyHandle, 0, &Key);

    if (NT_SUCCESS(Status))
        ObDereferenceObject(Key);
    return Status;
}
