// SPDX-License-Identifier: BSD-2-Clause
/* Key objects. There is one for each handle; all of the same key lead to the same node. */
#include "cmp.h"

POBJECT_TYPE CmKeyType;
CM_STORE CmpStore;

static void CmpDeleteKeyObject(PVOID Object)
{
    PCM_KEY Key = Object;

    CmpCloseSession(Key);
    CmpStoreOf(Key)->DereferenceNode(Key->Node);
}

/* Whoever still waits for changes by its last handle is told. */
static void CmpCloseKeyObject(PVOID Object, struct _EPROCESS *Process, ULONG Handles)
{
    if (!Handles)
        CmpCloseSession(Object);
}

static ACCESS_MASK CmpMaximumAccess(PVOID Object)
{
    return KEY_ALL_ACCESS;
}

/* All objects of a key share its descriptor. */
static PSE_DESCRIPTOR *CmpSecurity(PVOID Object)
{
    PCM_KEY Key = Object;

    return CmpStoreOf(Key)->Security(Key->Node);
}

NTSTATUS CmpCreateKeyObject(PCM_STORE Store, CM_NODE Node, PCM_KEY *Key)
{
    NTSTATUS Status = ObCreateObject(CmKeyType, sizeof(**Key), (PVOID *)Key);

    if (!NT_SUCCESS(Status))
        return Status;
    (*Key)->Store = Store;
    (*Key)->Node = Node;
    Store->Operations->ReferenceNode(Node);
    return STATUS_SUCCESS;
}

NTSTATUS CmpReferenceKey(HANDLE Handle, ACCESS_MASK Access, PCM_KEY *Key)
{
    NTSTATUS Status = ObReferenceObjectByHandle(Handle, Access, CmKeyType, (PVOID *)Key);

    if (!NT_SUCCESS(Status) || !CmpStoreOf(*Key)->IsDeleted((*Key)->Node))
        return Status;
    ObDereferenceObject(*Key);
    return STATUS_KEY_DELETED;
}

/* Bytes of the path, with the backslashes. */
static SIZE_T CmpPathLength(PCM_KEY Key)
{
    CM_NODE_FACTS Facts;
    SIZE_T Length = 0;
    CM_NODE Node;

    for (Node = Key->Node; Node; Node = CmpStoreOf(Key)->Parent(Node)) {
        CmpStoreOf(Key)->QueryNode(Node, &Facts);
        Length += sizeof(WCHAR) + Facts.Name.Length;
    }
    return Length;
}

static void CmpFillPath(PCM_KEY Key, PUNICODE_STRING Name)
{
    ULONG Place = Name->Length / sizeof(WCHAR);
    CM_NODE_FACTS Facts;
    CM_NODE Node;

    for (Node = Key->Node; Node; Node = CmpStoreOf(Key)->Parent(Node)) {
        CmpStoreOf(Key)->QueryNode(Node, &Facts);
        Place -= Facts.Name.Length / sizeof(WCHAR);
        memcpy(Name->Buffer + Place, Facts.Name.Buffer, Facts.Name.Length);
        Name->Buffer[--Place] = '\\';
    }
}

NTSTATUS CmpQueryKeyName(PVOID Object, PUNICODE_STRING Name)
{
    PCM_KEY Key = Object;
    SIZE_T Length = CmpPathLength(Key);

    *Name = (UNICODE_STRING){0};
    if (CmpStoreOf(Key)->IsDeleted(Key->Node))
        return STATUS_KEY_DELETED;
    if (Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Name->Buffer = ExAllocatePool(Length + sizeof(WCHAR));
    if (!Name->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Name->Length = (USHORT)Length;
    Name->MaximumLength = (USHORT)(Length + sizeof(WCHAR));
    CmpFillPath(Key, Name);
    return STATUS_SUCCESS;
}

static void CmpCreateType(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"Key",
        .Mapping = {KEY_READ, KEY_WRITE, KEY_EXECUTE, KEY_ALL_ACCESS},
        .ValidAccess = KEY_ALL_ACCESS | SYNCHRONIZE,
        .CaseInsensitive = TRUE,
        .Parse = CmpParseKey,
        .ParsedType = &CmKeyType,
        .Close = CmpCloseKeyObject,
        .Delete = CmpDeleteKeyObject,
        .QueryName = CmpQueryKeyName,
        .MaximumAccess = CmpMaximumAccess,
        .Security = CmpSecurity,
    };

    if (!NT_SUCCESS(ObCreateObjectType(&Initializer, &CmKeyType)))
        KeBugCheck("no key type");
}

static void CmpInsertRoot(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\REGISTRY");
    PCM_KEY Root;

    if (!CmpCreateMemoryStore(&CmpStore) ||
        !NT_SUCCESS(CmpCreateKeyObject(&CmpStore, CmpStore.Root, &Root)) ||
        !NT_SUCCESS(ObInsertName(Root, &Name)))
        KeBugCheck("no registry");
}

void CmInitialize(void)
{
    CmpInitializeHash();
    CmpCreateType();
    CmpInsertRoot();
    CmpCreateFixedKeys();
    CmpSeedRegistry();
}
