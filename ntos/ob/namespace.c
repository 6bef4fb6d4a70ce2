/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a name to an object: directories are walked one component at a time, symbolic links restart
 * the walk with a new name, objects with a parse method (devices) take the rest of the name to
 * themselves. The rules and their statuses are those of NT's object manager.
 */
#include "obp.h"

/* The state of one walk. Object is referenced. */
typedef struct _OBP_WALK {
    POBP_LOOKUP Lookup;
    PVOID Object;
    UNICODE_STRING Remaining;
    UNICODE_STRING Path; /* pool: the name a symbolic link has put in place of the caller's */
    ULONG Reparses;
} OBP_WALK, *POBP_WALK;

static void ObpMoveTo(POBP_WALK Walk, PVOID Object)
{
    ObReferenceObject(Object);
    ObDereferenceObject(Walk->Object);
    Walk->Object = Object;
}

static void ObpAdvance(PUNICODE_STRING Name, ULONG Characters)
{
    Name->Buffer += Characters;
    Name->Length -= Characters * sizeof(WCHAR);
}

/* Takes the first component off Remaining; an empty one is no name. */
static NTSTATUS ObpNextComponent(PUNICODE_STRING Remaining, PUNICODE_STRING Component)
{
    ULONG Length = 0;

    if (Remaining->Length && Remaining->Buffer[0] == '\\')
        ObpAdvance(Remaining, 1);
    while (Length < Remaining->Length / sizeof(WCHAR) && Remaining->Buffer[Length] != '\\')
        Length++;
    Component->Buffer = Remaining->Buffer;
    Component->Length = Component->MaximumLength = (USHORT)(Length * sizeof(WCHAR));
    ObpAdvance(Remaining, Length);
    return Length ? STATUS_SUCCESS : STATUS_OBJECT_NAME_INVALID;
}

/* The link's target with the rest of the name behind it becomes the name, from the root. */
static NTSTATUS ObpFollowLink(POBP_WALK Walk, POBP_SYMBOLIC_LINK Link)
{
    ULONG Length = Link->Target.Length + Walk->Remaining.Length;
    PWSTR Buffer;

    if (++Walk->Reparses > OBP_MAXIMUM_REPARSE)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Buffer = ExAllocatePool(Length + sizeof(WCHAR));
    if (!Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Buffer, Link->Target.Buffer, Link->Target.Length);
    memcpy((PUCHAR)Buffer + Link->Target.Length, Walk->Remaining.Buffer, Walk->Remaining.Length);
    ExFreeUnicodeString(&Walk->Path);
    Walk->Path = (UNICODE_STRING){(USHORT)Length, (USHORT)(Length + sizeof(WCHAR)), Buffer};
    Walk->Remaining = Walk->Path;
    if (!Length || Buffer[0] != '\\')
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    ObpMoveTo(Walk, ObpRootDirectory);
    if (Length == sizeof(WCHAR))
        ObpAdvance(&Walk->Remaining, 1);
    return STATUS_REPARSE;
}

/* The parse method decides about the object: whatever it returns is referenced. */
static NTSTATUS ObpCallParse(POBP_WALK Walk)
{
    POBP_LOOKUP Lookup = Walk->Lookup;
    PVOID Result = NULL;
    NTSTATUS Status = OBP_HEADER(Walk->Object)
                          ->Type->Info.Parse(Walk->Object, &Walk->Remaining, Lookup->Attributes,
                                             Lookup->DesiredAccess, Lookup->ParseContext, &Result);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Lookup->Type && ObGetObjectType(Result) != Lookup->Type) {
        ObDereferenceObject(Result);
        return STATUS_OBJECT_TYPE_MISMATCH;
    }
    Lookup->Object = Result;
    return Status;
}

/* The name is at its end and there is an object. */
static NTSTATUS ObpFound(POBP_WALK Walk)
{
    POBP_LOOKUP Lookup = Walk->Lookup;
    BOOLEAN Mismatch = Lookup->Type && ObGetObjectType(Walk->Object) != Lookup->Type;

    if (Lookup->InsertObject && !(Lookup->Attributes & OBJ_OPENIF))
        return STATUS_OBJECT_NAME_COLLISION;
    if (Mismatch)
        return STATUS_OBJECT_TYPE_MISMATCH;
    ObReferenceObject(Walk->Object);
    Lookup->Object = Walk->Object;
    return Lookup->InsertObject ? STATUS_OBJECT_NAME_EXISTS : STATUS_SUCCESS;
}

/* There is no Component in the directory. */
static NTSTATUS ObpNotFound(POBP_WALK Walk, PCUNICODE_STRING Component)
{
    POBP_LOOKUP Lookup = Walk->Lookup;
    NTSTATUS Status;

    if (Walk->Remaining.Length)
        return STATUS_OBJECT_PATH_NOT_FOUND;
    if (!Lookup->InsertObject)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    Status = ObpInsertEntry(Walk->Object, Component, Lookup->InsertObject);
    if (!NT_SUCCESS(Status))
        return Status;
    ObReferenceObject(Lookup->InsertObject);
    Lookup->Object = Lookup->InsertObject;
    return STATUS_SUCCESS;
}

static BOOLEAN ObpIsLinkWanted(POBP_WALK Walk)
{
    return Walk->Lookup->Type == ObSymbolicLinkType && !Walk->Remaining.Length;
}

/* One step from the object reached. STATUS_REPARSE: walk on. */
static NTSTATUS ObpStep(POBP_WALK Walk)
{
    POBJECT_TYPE Type = ObGetObjectType(Walk->Object);
    UNICODE_STRING Component;
    PVOID Next;
    NTSTATUS Status;

    if (Type == ObSymbolicLinkType && !ObpIsLinkWanted(Walk))
        return ObpFollowLink(Walk, Walk->Object);
    if (Type->Info.Parse && !Walk->Lookup->InsertObject)
        return ObpCallParse(Walk);
    if (!Walk->Remaining.Length)
        return ObpFound(Walk);
    if (Type != ObDirectoryType)
        return STATUS_OBJECT_TYPE_MISMATCH;
    Status = ObpNextComponent(&Walk->Remaining, &Component);
    if (!NT_SUCCESS(Status))
        return Status;
    Next = ObpLookupEntry(Walk->Object, &Component);
    if (!Next)
        return ObpNotFound(Walk, &Component);
    ObpMoveTo(Walk, Next);
    return STATUS_REPARSE;
}

/* Where the walk begins, and whether the name's first character suits that. */
static NTSTATUS ObpStartWalk(POBP_WALK Walk)
{
    PUNICODE_STRING Name = &Walk->Remaining;
    BOOLEAN Absolute = Name->Length && Name->Buffer[0] == '\\';
    POBJECT_TYPE Type;
    NTSTATUS Status;

    if (!Walk->Lookup->RootDirectory) {
        if (!Absolute)
            return STATUS_OBJECT_PATH_SYNTAX_BAD;
        ObReferenceObject(ObpRootDirectory);
        Walk->Object = ObpRootDirectory;
        if (Name->Length == sizeof(WCHAR))
            ObpAdvance(Name, 1);
        return STATUS_SUCCESS;
    }
    Status = ObReferenceObjectByHandle(Walk->Lookup->RootDirectory, 0, NULL, &Walk->Object);
    if (!NT_SUCCESS(Status))
        return Status;
    Type = ObGetObjectType(Walk->Object);
    if (Type != ObDirectoryType && !Type->Info.Parse)
        return STATUS_INVALID_HANDLE;
    return Absolute ? STATUS_OBJECT_PATH_SYNTAX_BAD : STATUS_SUCCESS;
}

/*
 * Looks Name up as Lookup says, and names InsertObject if nothing is there.
 * Returns STATUS_OBJECT_PATH_SYNTAX_BAD, STATUS_OBJECT_NAME_INVALID, STATUS_OBJECT_PATH_NOT_FOUND,
 * STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_TYPE_MISMATCH, STATUS_OBJECT_NAME_COLLISION,
 * STATUS_OBJECT_NAME_EXISTS (a success), STATUS_INVALID_HANDLE, STATUS_NAME_TOO_LONG or what a
 * parse method returned.
 */
NTSTATUS ObpLookupName(POBP_LOOKUP Lookup, PCUNICODE_STRING Name)
{
    OBP_WALK Walk = {.Lookup = Lookup, .Remaining = *Name};
    NTSTATUS Status = ObpStartWalk(&Walk);

    Lookup->Object = NULL;
    if (NT_SUCCESS(Status)) {
        do
            Status = ObpStep(&Walk);
        while (Status == STATUS_REPARSE);
    }
    DbgTrace(DBG_OB, "ob: %wZ = %08x\n", (PVOID)Name, (ULONG)Status);
    if (Walk.Object)
        ObDereferenceObject(Walk.Object);
    ExFreeUnicodeString(&Walk.Path);
    return Status;
}

NTSTATUS ObReferenceObjectByName(PUNICODE_STRING Path, POBJECT_TYPE Type, ACCESS_MASK DesiredAccess,
                                 PVOID ParseContext, PVOID *Object)
{
    OBP_LOOKUP Lookup = {.Attributes = OBJ_CASE_INSENSITIVE,
                         .DesiredAccess = DesiredAccess,
                         .Type = Type,
                         .ParseContext = ParseContext};
    NTSTATUS Status = ObpLookupName(&Lookup, Path);

    *Object = Lookup.Object;
    return Status;
}

/* Names Object for good; its directory holds a reference until ObRemoveName. */
NTSTATUS ObInsertName(PVOID Object, PUNICODE_STRING Path)
{
    OBP_LOOKUP Lookup = {.Attributes = OBJ_CASE_INSENSITIVE | OBJ_PERMANENT,
                         .InsertObject = Object};
    NTSTATUS Status = ObpLookupName(&Lookup, Path);

    if (!NT_SUCCESS(Status))
        return Status;
    OBP_HEADER(Object)->Flags |= OBP_PERMANENT;
    ObDereferenceObject(Object);
    return STATUS_SUCCESS;
}
