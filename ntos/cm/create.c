// SPDX-License-Identifier: BSD-2-Clause
/* Making and opening keys. */
#include "cmp.h"

/* Keys in a row, up to \Registry. */
static ULONG Depth(PCM_STORE Store, CM_NODE Node)
{
    ULONG Count = 0;

    while ((Node = Store->Operations->Parent(Node)) != 0)
        Count++;
    return Count;
}

static NTSTATUS CheckParent(PCM_STORE Store, CM_NODE Parent, ULONG Options)
{
    CM_NODE_FACTS Facts;

    Store->Operations->QueryNode(Parent, &Facts);
    if (Facts.Flags & CM_LINK)
        return STATUS_ACCESS_DENIED;
    if (!(Options & REG_OPTION_VOLATILE) && (Facts.Flags & CM_MASTER))
        return STATUS_INVALID_PARAMETER;
    if (!(Options & REG_OPTION_VOLATILE) && (Facts.Flags & CM_VOLATILE))
        return STATUS_CHILD_MUST_BE_VOLATILE;
    return Depth(Store, Parent) + 1 < CMP_MAXIMUM_DEPTH ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* Whether the client may make a key there. Gives way. */
static NTSTATUS CheckAccess(PCM_STORE Store, CM_NODE Parent, ULONG Options)
{
    ACCESS_MASK Granted, Wanted = KEY_CREATE_SUB_KEY;
    PSE_DESCRIPTOR Descriptor = *Store->Operations->Security(Parent);

    if (Options & REG_OPTION_CREATE_LINK)
        Wanted |= KEY_CREATE_LINK;
    return Descriptor ? SeAccessCheck(Descriptor, ObGetGenericMapping(CmKeyType), KEY_ALL_ACCESS,
                                      Wanted, &Granted)
                      : STATUS_SUCCESS;
}

/* The descriptor of a new key, referenced: what the system makes shares that of the key above.
 * Gives way. */
static NTSTATUS NewDescriptor(PCM_STORE Store, CM_NODE Parent, PCM_CREATE Create,
                              PSE_DESCRIPTOR *Descriptor)
{
    PSE_DESCRIPTOR Above = *Store->Operations->Security(Parent);

    if (!Create->System)
        return SeNewDescriptor(CmKeyType, Above, Create->Descriptor, NULL, Descriptor);
    *Descriptor = Above;
    if (Above)
        SeReferenceDescriptor(Above);
    return STATUS_SUCCESS;
}

/* Others have run since nothing was found. */
static NTSTATUS CreateNow(PCM_STORE Store, CM_NODE Parent, PCUNICODE_STRING Name, PCM_CREATE Create,
                          CM_NODE *Child)
{
    ULONG Flags = ((Create->Options & REG_OPTION_VOLATILE) ? CM_VOLATILE : 0) |
                  ((Create->Options & REG_OPTION_CREATE_LINK) ? CM_LINK : 0);
    NTSTATUS Status;

    if (Store->Operations->IsDeleted(Parent))
        return STATUS_OBJECT_NAME_NOT_FOUND;
    *Child = Store->Operations->FindChild(Parent, Name);
    if (*Child)
        return Flags & CM_LINK ? STATUS_OBJECT_NAME_COLLISION : STATUS_SUCCESS;
    Status = Store->Operations->CreateChild(Parent, Name, &Create->Class, Flags, Child);
    if (NT_SUCCESS(Status))
        Create->Disposition = REG_CREATED_NEW_KEY;
    return Status;
}

NTSTATUS CmpCreateChild(PCM_STORE Store, CM_NODE Parent, PCUNICODE_STRING Name, PCM_CREATE Create,
                        CM_NODE *Child)
{
    PSE_DESCRIPTOR Descriptor;
    NTSTATUS Status = Create->System ? STATUS_SUCCESS : CheckParent(Store, Parent, Create->Options);

    if (NT_SUCCESS(Status) && !Create->System)
        Status = CheckAccess(Store, Parent, Create->Options);
    if (NT_SUCCESS(Status))
        Status = NewDescriptor(Store, Parent, Create, &Descriptor);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CreateNow(Store, Parent, Name, Create, Child);
    if (NT_SUCCESS(Status) && Create->Disposition == REG_CREATED_NEW_KEY)
        *Store->Operations->Security(*Child) = Descriptor;
    else
        SeDereferenceDescriptor(Descriptor);
    return Status;
}

/* No handle has come of it: a key that has just been made goes again, unless others use it. */
static void TakeBack(PCM_KEY Key)
{
    CM_NODE_FACTS Facts;

    CmpStoreOf(Key)->QueryNode(Key->Node, &Facts);
    if (!CmpStoreOf(Key)->IsDeleted(Key->Node) && !Facts.SubKeys && !Facts.Values)
        CmpDeleteKey(Key->Store, Key->Node);
}

/* Bits of the access mask that choose a view of the registry; there is only one. */
#define VIEWS (KEY_WOW64_32KEY | KEY_WOW64_64KEY)

/* Finds or makes the key and a handle for it. */
static NTSTATUS OpenByAttributes(POB_ATTRIBUTES Attributes, ACCESS_MASK Access, PCM_CREATE Create,
                                 CLIENT(PHANDLE) ClientHandle)
{
    HANDLE Handle;
    PCM_KEY Key;
    NTSTATUS Status;

    Access &= ~(ACCESS_MASK)VIEWS;
    if (Create)
        Create->Descriptor = Attributes->SecurityDescriptor;
    Status = ObReferenceObjectByAttributes(Attributes, Access, CmKeyType, Create, (PVOID *)&Key);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Create && Create->Disposition == REG_CREATED_NEW_KEY)
        Status =
            ObCreateHandle(PsGetCurrentProcess(), Key, Access, Attributes->Attributes, &Handle);
    else
        Status = ObOpenObjectByPointer(Key, Access, Attributes->Attributes, &Handle);
    if (NT_SUCCESS(Status)) {
        Status = MmWriteClient(ClientHandle, &Handle);
        if (!NT_SUCCESS(Status))
            ObCloseHandle(PsGetCurrentProcess(), Handle);
    }
    if (!NT_SUCCESS(Status) && Create && Create->Disposition == REG_CREATED_NEW_KEY)
        TakeBack(Key);
    ObDereferenceObject(Key);
    return Status;
}

static NTSTATUS OpenKey(CLIENT(PHANDLE) KeyHandle, ACCESS_MASK DesiredAccess,
                        CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, PCM_CREATE Create)
{
    HANDLE None = NULL;
    OB_ATTRIBUTES Attributes;
    NTSTATUS Status = MmWriteClient(KeyHandle, &None);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!ObjectAttributes)
        return STATUS_ACCESS_VIOLATION;
    Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = OpenByAttributes(&Attributes, DesiredAccess, Create, KeyHandle);
    ObFreeAttributes(&Attributes);
    return Status;
}

static NTSTATUS CreateKey(CLIENT(PHANDLE) KeyHandle, ACCESS_MASK DesiredAccess,
                          CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, PCM_CREATE Create,
                          CLIENT(PULONG) Disposition)
{
    NTSTATUS Status = OpenKey(KeyHandle, DesiredAccess, ObjectAttributes, Create);

    if (NT_SUCCESS(Status) && Disposition)
        Status = MmWriteClient(Disposition, &Create->Disposition);
    return Status;
}

/*
 * NtCreateKey: opens a key, or makes it below one that exists. CreateOptions: REG_OPTION_VOLATILE,
 * REG_OPTION_CREATE_LINK (a symbolic link; nothing may be there), others without effect.
 * *Disposition, if given, receives REG_CREATED_NEW_KEY or REG_OPENED_EXISTING_KEY; *KeyHandle is
 * NULL when it fails. Returns STATUS_INVALID_PARAMETER (options, a component of more than 255
 * characters, more than 512 keys in a row, a lasting key right below \Registry, its Machine or
 * User), STATUS_CHILD_MUST_BE_VOLATILE, STATUS_OBJECT_NAME_NOT_FOUND (the key above),
 * STATUS_KEY_DELETED (the root directory), STATUS_OBJECT_NAME_COLLISION (a link),
 * STATUS_ACCESS_DENIED (no access asked for, a key below a link), STATUS_ACCESS_VIOLATION and what
 * names may give.  (WDK: ZwCreateKey)
 */
NTSTATUS NTAPI NtCreateKey(CLIENT(PHANDLE) KeyHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, ULONG TitleIndex,
                           CLIENT(PUNICODE_STRING) Class, ULONG CreateOptions,
                           CLIENT(PULONG) Disposition)
{
    CM_CREATE Create = {.Options = CreateOptions, .Disposition = REG_OPENED_EXISTING_KEY};
    NTSTATUS Status = STATUS_SUCCESS;

    if (CreateOptions & ~(ULONG)REG_LEGAL_OPTION)
        return STATUS_INVALID_PARAMETER;
    if (Disposition)
        Status = MmProbeForWrite(Disposition, sizeof(*Disposition));
    if (NT_SUCCESS(Status) && Class)
        Status = ExCaptureUnicodeString(&Create.Class, Class, UNICODE_STRING_MAX_BYTES);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CreateKey(KeyHandle, DesiredAccess, ObjectAttributes, &Create, Disposition);
    ExFreeUnicodeString(&Create.Class);
    return Status;
}

/* NtOpenKey: opens a key that exists; statuses as NtCreateKey.  (WDK: ZwOpenKey) */
NTSTATUS NTAPI NtOpenKey(CLIENT(PHANDLE) KeyHandle, ACCESS_MASK DesiredAccess,
                         CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return OpenKey(KeyHandle, DesiredAccess, ObjectAttributes, NULL);
}

/* NtOpenKeyEx: NtOpenKey with REG_OPTION_OPEN_LINK, REG_OPTION_BACKUP_RESTORE and
 * REG_OPTION_DONT_VIRTUALIZE, which change nothing; STATUS_INVALID_PARAMETER for others.  (WDK:
 * ZwOpenKeyEx) */
NTSTATUS NTAPI NtOpenKeyEx(CLIENT(PHANDLE) KeyHandle, ACCESS_MASK DesiredAccess,
                           CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, ULONG OpenOptions)
{
    if (OpenOptions & ~(ULONG)REG_OPEN_LEGAL_OPTION)
        return STATUS_INVALID_PARAMETER;
    return OpenKey(KeyHandle, DesiredAccess, ObjectAttributes, NULL);
}
