// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a name to a key: one component after the other, through symbolic links. Any number of
 * backslashes may be between components and at the end. Others run between the steps; the node that
 * the walk has reached is referenced.
 */
#include "cmp.h"

#define STEPS_A_TURN 4

typedef struct _CM_WALK {
    PCM_STORE Store;
    CM_NODE Node; /* referenced */
    UNICODE_STRING Remaining;
    UNICODE_STRING Path; /* pool: the name that a link has put in place of the caller's */
    ULONG Attributes;
    PCM_CREATE Create; /* NULL: nothing is made */
    ULONG Links, Steps;
} CM_WALK, *PCM_WALK;

static void Advance(PUNICODE_STRING Name, ULONG Characters)
{
    Name->Buffer += Characters;
    Name->Length -= (USHORT)(Characters * sizeof(WCHAR));
}

static void SkipBackslashes(PUNICODE_STRING Name)
{
    while (Name->Length && Name->Buffer[0] == '\\')
        Advance(Name, 1);
}

static void MoveTo(PCM_WALK Walk, CM_NODE Node)
{
    Walk->Store->Operations->ReferenceNode(Node);
    Walk->Store->Operations->DereferenceNode(Walk->Node);
    Walk->Node = Node;
}

/* Takes the first component off, with the backslashes behind it. */
static NTSTATUS NextComponent(PCM_WALK Walk, PUNICODE_STRING Component)
{
    PUNICODE_STRING Name = &Walk->Remaining;
    ULONG Length = 0;

    while (Length < Name->Length / sizeof(WCHAR) && Name->Buffer[Length] != '\\')
        if (++Length > CMP_MAXIMUM_KEY_NAME / sizeof(WCHAR))
            return STATUS_INVALID_PARAMETER;
    Component->Buffer = Name->Buffer;
    Component->Length = Component->MaximumLength = (USHORT)(Length * sizeof(WCHAR));
    Advance(Name, Length);
    SkipBackslashes(Name);
    return STATUS_SUCCESS;
}

static BOOLEAN IsLink(PCM_WALK Walk, CM_NODE Node)
{
    return (Walk->Store->Operations->Flags(Node) & CM_LINK) != 0;
}

/* Where a link leads: below \Registry, which its target begins with. */
static NTSTATUS TargetBelowRoot(PUNICODE_STRING Target)
{
    static const UNICODE_STRING Root = RTL_CONSTANT_STRING(u"\\REGISTRY");

    if (!Target->Length || Target->Buffer[0] != '\\')
        return STATUS_OBJECT_NAME_INVALID;
    if (!RtlPrefixUnicodeString(&Root, Target, TRUE))
        return STATUS_OBJECT_NAME_NOT_FOUND;
    Advance(Target, Root.Length / sizeof(WCHAR));
    return Target->Length && Target->Buffer[0] != '\\' ? STATUS_OBJECT_NAME_NOT_FOUND
                                                       : STATUS_SUCCESS;
}

/* Target, a backslash and what remains of the name become the name. */
static NTSTATUS ReplacePath(PCM_WALK Walk, PCUNICODE_STRING Target)
{
    SIZE_T Length = Target->Length + sizeof(WCHAR) + Walk->Remaining.Length;
    PWSTR Buffer;

    if (Length > UNICODE_STRING_MAX_BYTES)
        return STATUS_NAME_TOO_LONG;
    Buffer = ExAllocatePool(Length);
    if (!Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Buffer, Target->Buffer, Target->Length);
    Buffer[Target->Length / sizeof(WCHAR)] = '\\';
    memcpy(Buffer + Target->Length / sizeof(WCHAR) + 1, Walk->Remaining.Buffer,
           Walk->Remaining.Length);
    ExFreeUnicodeString(&Walk->Path);
    Walk->Path = (UNICODE_STRING){(USHORT)Length, (USHORT)Length, Buffer};
    Walk->Remaining = Walk->Path;
    return STATUS_SUCCESS;
}

static NTSTATUS FollowView(PCM_WALK Walk, PCM_VALUE_VIEW View)
{
    UNICODE_STRING Target = {(USHORT)View->DataLength, (USHORT)View->DataLength,
                             (PWSTR)(ULONG_PTR)View->Data};
    NTSTATUS Status;

    if (View->Type != REG_LINK || View->DataLength > UNICODE_STRING_MAX_BYTES)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    Status = TargetBelowRoot(&Target);
    return NT_SUCCESS(Status) ? ReplacePath(Walk, &Target) : Status;
}

static NTSTATUS FollowLink(PCM_WALK Walk, CM_NODE Link)
{
    CM_NAME Name;
    CM_VALUE_VIEW View;
    CM_VALUE Value;
    NTSTATUS Status;

    if (++Walk->Links > CMP_MAXIMUM_LINKS)
        return STATUS_INVALID_PARAMETER;
    CmpMakeLinkName(&Name);
    Value = Walk->Store->Operations->FindValue(Link, &Name);
    if (!Value)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    Walk->Store->Operations->ReferenceValue(Value, &View);
    Status = FollowView(Walk, &View);
    Walk->Store->Operations->DereferenceValue(&View);
    if (NT_SUCCESS(Status))
        MoveTo(Walk, Walk->Store->Root);
    return Status;
}

static NTSTATUS CreateNext(PCM_WALK Walk, PCUNICODE_STRING Component)
{
    CM_NODE Parent = Walk->Node, Child;
    NTSTATUS Status = CmpCreateChild(Walk->Store, Parent, Component, Walk->Create, &Child);

    if (!NT_SUCCESS(Status))
        return Status;
    Walk->Store->Operations->ReferenceNode(Parent);
    MoveTo(Walk, Child);
    CmpReportChange(Walk->Store, Parent, REG_NOTIFY_CHANGE_NAME);
    Walk->Store->Operations->DereferenceNode(Parent);
    return STATUS_SUCCESS;
}

static BOOLEAN CanCreate(PCM_WALK Walk, BOOLEAN Last)
{
    return Walk->Create && (Last || Walk->Create->System);
}

static NTSTATUS Step(PCM_WALK Walk)
{
    UNICODE_STRING Component;
    NTSTATUS Status = NextComponent(Walk, &Component);
    BOOLEAN Last = !Walk->Remaining.Length;
    CM_NODE Child;

    if (!NT_SUCCESS(Status))
        return Status;
    if (Walk->Store->Operations->IsDeleted(Walk->Node))
        return STATUS_OBJECT_NAME_NOT_FOUND;
    Child = Walk->Store->Operations->FindChild(Walk->Node, &Component);
    if (!Child)
        return CanCreate(Walk, Last) ? CreateNext(Walk, &Component) : STATUS_OBJECT_NAME_NOT_FOUND;
    if (Last && Walk->Create && (Walk->Create->Options & REG_OPTION_CREATE_LINK))
        return STATUS_OBJECT_NAME_COLLISION;
    if (IsLink(Walk, Child) && !(Last && (Walk->Attributes & OBJ_OPENLINK)))
        return FollowLink(Walk, Child);
    MoveTo(Walk, Child);
    return STATUS_SUCCESS;
}

static NTSTATUS WalkToEnd(PCM_WALK Walk)
{
    NTSTATUS Status = STATUS_SUCCESS;

    SkipBackslashes(&Walk->Remaining);
    while (NT_SUCCESS(Status) && Walk->Remaining.Length) {
        Status = Step(Walk);
        SkipBackslashes(&Walk->Remaining);
        if (NT_SUCCESS(Status) && ++Walk->Steps % STEPS_A_TURN == 0)
            Status = KeGiveWay();
    }
    return Status;
}

NTSTATUS CmpFindKey(PCUNICODE_STRING Path, BOOLEAN Create, CM_NODE *Node)
{
    CM_CREATE Context = {.System = TRUE};
    CM_WALK Walk = {.Store = &CmpStore,
                    .Node = CmpStore.Root,
                    .Remaining = *Path,
                    .Create = Create ? &Context : NULL};
    NTSTATUS Status;

    CmpStore.Operations->ReferenceNode(Walk.Node);
    Status = WalkToEnd(&Walk);
    if (NT_SUCCESS(Status))
        *Node = Walk.Node;
    else
        CmpStore.Operations->DereferenceNode(Walk.Node);
    ExFreeUnicodeString(&Walk.Path);
    return Status;
}

/*
 * The parse method of keys: Object is \Registry or the key that a name is relative to.
 * Returns STATUS_KEY_DELETED, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INVALID_PARAMETER (a component
 * of more than 255 characters, too many links), STATUS_OBJECT_NAME_INVALID (a link to a relative
 * path), STATUS_OBJECT_NAME_COLLISION and what CmpCreateChild may give.
 */
NTSTATUS CmpParseKey(PVOID Object, PUNICODE_STRING RemainingName, ULONG Attributes,
                     ACCESS_MASK DesiredAccess, PVOID ParseContext, PVOID *Result)
{
    PCM_KEY Start = Object;
    CM_WALK Walk = {.Store = Start->Store,
                    .Node = Start->Node,
                    .Remaining = *RemainingName,
                    .Attributes = Attributes,
                    .Create = ParseContext};
    NTSTATUS Status;

    if (!DesiredAccess)
        return STATUS_ACCESS_DENIED;
    if (CmpStoreOf(Start)->IsDeleted(Start->Node))
        return STATUS_KEY_DELETED;
    CmpStoreOf(Start)->ReferenceNode(Start->Node);
    Status = WalkToEnd(&Walk);
    if (NT_SUCCESS(Status) && CmpStoreOf(Start)->IsDeleted(Walk.Node))
        Status = STATUS_OBJECT_NAME_NOT_FOUND;
    if (NT_SUCCESS(Status))
        Status = CmpCreateKeyObject(Walk.Store, Walk.Node, (PCM_KEY *)Result);
    Walk.Store->Operations->DereferenceNode(Walk.Node);
    ExFreeUnicodeString(&Walk.Path);
    return Status;
}
