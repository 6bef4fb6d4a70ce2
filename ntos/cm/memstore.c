// SPDX-License-Identifier: BSD-2-Clause
/* The store in memory: its keys. All of it is pool; a key lives as long as it is referenced, also
 * when it has been deleted. */
#include "cmp.h"
#include "memstore.h"

static PCMP_KEY KeyOf(CM_NODE Node)
{
    return (PCMP_KEY)Node;
}

static PCM_ORDER_TREE TreeOf(PCMP_KEY Parent, ULONG Flags)
{
    return &Parent->Children[(Flags & CM_VOLATILE) != 0];
}

static LONG CompareName(const void *Key, PCM_ORDER_NODE Node)
{
    PCUNICODE_STRING Name = Key;
    PCMP_KEY Other = CONTAINING_RECORD(Node, CMP_KEY, Sibling);

    return CmpCompareText(Name->Buffer, Name->Length, Other->Name, Other->NameLength);
}

static UNICODE_STRING NameOf(PCMP_KEY Key)
{
    return (UNICODE_STRING){Key->NameLength, Key->NameLength, Key->Name};
}

static void ReferenceNode(CM_NODE Node)
{
    KeyOf(Node)->References++;
}

static void FreeKey(PCMP_KEY Key)
{
    SeDereferenceDescriptor(Key->Security);
    CmpMemFree(Key->Name, Key->NameLength, FALSE);
    CmpMemFree(Key->Class, Key->ClassLength, FALSE);
    CmpMemFree(Key, sizeof(*Key), FALSE);
}

static void DereferenceNode(CM_NODE Node)
{
    if (!--KeyOf(Node)->References)
        FreeKey(KeyOf(Node));
}

static BOOLEAN IsDeleted(CM_NODE Node)
{
    return KeyOf(Node)->Deleted;
}

static ULONG Flags(CM_NODE Node)
{
    return KeyOf(Node)->Flags;
}

static struct _SE_DESCRIPTOR **Security(CM_NODE Node)
{
    return &KeyOf(Node)->Security;
}

static CM_NODE Parent(CM_NODE Node)
{
    return (CM_NODE)KeyOf(Node)->Parent;
}

static CM_NODE FindChild(CM_NODE Node, PCUNICODE_STRING Name)
{
    PCM_ORDER_NODE Found = CmpOrderFind(&KeyOf(Node)->Children[0], CompareName, Name);

    if (!Found)
        Found = CmpOrderFind(&KeyOf(Node)->Children[1], CompareName, Name);
    return Found ? (CM_NODE)CONTAINING_RECORD(Found, CMP_KEY, Sibling) : 0;
}

static CM_NODE ChildAt(CM_NODE Node, ULONG Index)
{
    ULONG Lasting = CmpOrderCount(&KeyOf(Node)->Children[0]);
    PCM_ORDER_NODE Found = Index < Lasting ? CmpOrderAt(&KeyOf(Node)->Children[0], Index)
                                           : CmpOrderAt(&KeyOf(Node)->Children[1], Index - Lasting);

    return Found ? (CM_NODE)CONTAINING_RECORD(Found, CMP_KEY, Sibling) : 0;
}

static void QueryNode(CM_NODE Node, PCM_NODE_FACTS Facts)
{
    PCMP_KEY Key = KeyOf(Node);

    Facts->Name = NameOf(Key);
    Facts->Class = (UNICODE_STRING){Key->ClassLength, Key->ClassLength, Key->Class};
    Facts->LastWriteTime.QuadPart = Key->LastWriteTime;
    Facts->Flags = Key->Flags;
    Facts->SubKeys = CmpOrderCount(&Key->Children[0]) + CmpOrderCount(&Key->Children[1]);
    Facts->Values = CmpOrderCount(&Key->ValuesByAge);
    Facts->MaxNameLength = Key->MaxNameLength;
    Facts->MaxClassLength = Key->MaxClassLength;
    Facts->MaxValueNameLength = Key->MaxValueNameLength;
    Facts->MaxValueDataLength = Key->MaxValueDataLength;
    Facts->Wow64Flags = Key->Wow64Flags;
    Facts->ControlFlags = Key->ControlFlags;
}

static PWSTR CopyText(PCUNICODE_STRING Text)
{
    PWSTR Copy = CmpMemAllocate(Text->Length, FALSE);

    return Copy ? memcpy(Copy, Text->Buffer, Text->Length) : NULL;
}

static PCMP_KEY AllocateKey(PCUNICODE_STRING Name, PCUNICODE_STRING Class, ULONG Flags)
{
    PCMP_KEY Key = CmpMemAllocate(sizeof(*Key), FALSE);

    if (!Key)
        return NULL;
    Key->References = 1;
    Key->Flags = Flags;
    Key->LastWriteTime = KeQuerySystemTime();
    Key->NameLength = Name->Length;
    Key->Name = CopyText(Name);
    if (Class && Class->Length) {
        Key->ClassLength = Class->Length;
        Key->Class = CopyText(Class);
    }
    if (Key->Name && (Key->Class || !Key->ClassLength))
        return Key;
    FreeKey(Key);
    return NULL;
}

/* What the parent knows of its children's lengths. */
static void NoteLengths(PCMP_KEY Parent, PCMP_KEY Child)
{
    if (Child->NameLength > Parent->MaxNameLength)
        Parent->MaxNameLength = Child->NameLength;
    if (Child->ClassLength > Parent->MaxClassLength)
        Parent->MaxClassLength = Child->ClassLength;
}

static NTSTATUS CreateChild(CM_NODE Node, PCUNICODE_STRING Name, PCUNICODE_STRING Class,
                            ULONG Flags, CM_NODE *Child)
{
    PCMP_KEY Parent = KeyOf(Node), Key = AllocateKey(Name, Class, Flags);

    if (!Key)
        return STATUS_INSUFFICIENT_RESOURCES;
    Key->Parent = Parent;
    CmpOrderInsert(TreeOf(Parent, Flags), CompareName, Name, &Key->Sibling);
    NoteLengths(Parent, Key);
    Parent->LastWriteTime = Key->LastWriteTime;
    *Child = (CM_NODE)Key;
    return STATUS_SUCCESS;
}

static void Unlink(PCMP_KEY Key)
{
    UNICODE_STRING Name = NameOf(Key);

    CmpOrderRemove(TreeOf(Key->Parent, Key->Flags), CompareName, &Name);
    Key->Parent->LastWriteTime = KeQuerySystemTime();
}

static void DeleteNode(CM_NODE Node)
{
    PCMP_KEY Key = KeyOf(Node);
    CM_VALUE Value;

    Unlink(Key);
    if (!ChildAt((CM_NODE)Key->Parent, 0))
        Key->Parent->MaxNameLength = Key->Parent->MaxClassLength = 0;
    Key->Parent = NULL;
    Key->Deleted = TRUE;
    while ((Value = CmpMemValueAt(Node, 0)) != 0) {
        CmpMemDeleteValue(Node, Value);
        KeGiveWay();
    }
    DereferenceNode(Node);
}

static NTSTATUS RenameNode(CM_NODE Node, PCUNICODE_STRING Name)
{
    PCMP_KEY Key = KeyOf(Node);
    PWSTR Copy = CopyText(Name);

    if (!Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    Unlink(Key);
    CmpMemFree(Key->Name, Key->NameLength, FALSE);
    Key->Name = Copy;
    Key->NameLength = Name->Length;
    CmpOrderInsert(TreeOf(Key->Parent, Key->Flags), CompareName, Name, &Key->Sibling);
    NoteLengths(Key->Parent, Key);
    Key->LastWriteTime = Key->Parent->LastWriteTime;
    return STATUS_SUCCESS;
}

static void SetNodeTime(CM_NODE Node, LONGLONG Time)
{
    KeyOf(Node)->LastWriteTime = Time;
}

static void SetNodeFlags(CM_NODE Node, ULONG Wow64Flags, ULONG ControlFlags)
{
    KeyOf(Node)->Wow64Flags = Wow64Flags;
    KeyOf(Node)->ControlFlags = ControlFlags;
}

static const CM_STORE_OPERATIONS Operations = {
    .ReferenceNode = ReferenceNode,
    .DereferenceNode = DereferenceNode,
    .IsDeleted = IsDeleted,
    .Flags = Flags,
    .Security = Security,
    .Parent = Parent,
    .FindChild = FindChild,
    .ChildAt = ChildAt,
    .QueryNode = QueryNode,
    .CreateChild = CreateChild,
    .DeleteNode = DeleteNode,
    .RenameNode = RenameNode,
    .SetNodeTime = SetNodeTime,
    .SetNodeFlags = SetNodeFlags,
    .FindValue = CmpMemFindValue,
    .ValueAt = CmpMemValueAt,
    .ReferenceValue = CmpMemReferenceValue,
    .DereferenceValue = CmpMemDereferenceValue,
    .AllocateData = CmpMemAllocateData,
    .FreeData = CmpMemFreeData,
    .SetValue = CmpMemSetValue,
    .DeleteValue = CmpMemDeleteValue,
};

BOOLEAN CmpCreateMemoryStore(PCM_STORE Store)
{
    static const UNICODE_STRING Name = RTL_CONSTANT_STRING(u"REGISTRY");

    CmpMemSetLimit();
    Store->Operations = &Operations;
    Store->Root = (CM_NODE)AllocateKey(&Name, NULL, CM_VOLATILE | CM_FIXED | CM_MASTER);
    return Store->Root != 0;
}
