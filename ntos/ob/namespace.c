/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a name to an object: directories are walked one component at a time, symbolic links restart
 * the walk with a new name, objects with a parse method (devices) take the rest of the name to
 * themselves. The rules and their statuses are those of NT's object manager. Others run between the
 * steps, so what the walk stands on is referenced.
 */
#include "obp.h"

#define CHARACTERS_A_TURN 4096

/* The state of one walk. Object is referenced. */
typedef struct _OBP_WALK {
    POBP_LOOKUP Lookup;
    PVOID Object;
    UNICODE_STRING Remaining;
    UNICODE_STRING Path; /* pool: the name a symbolic link has put in place of the caller's */
    ULONG Reparses;
    NTSTATUS MayCreate; /* whether what is to be named may be put where the walk has come to */
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
        if (++Length % CHARACTERS_A_TURN == 0)
            KeGiveWay();
    Component->Buffer = Remaining->Buffer;
    Component->Length = Component->MaximumLength = (USHORT)(Length * sizeof(WCHAR));
    ObpAdvance(Remaining, Length);
    return Length ? STATUS_SUCCESS : STATUS_OBJECT_NAME_INVALID;
}

/* The link's target with the rest of the name behind it becomes the name, from the root. */
static NTSTATUS ObpFollowLink(POBP_WALK Walk, POBP_SYMBOLIC_LINK Link)
{
    PCUNICODE_STRING Target = ObpLinkTarget(Link);
    ULONG Length = Target->Length + Walk->Remaining.Length;
    PWSTR Buffer;

    if (++Walk->Reparses > OBP_MAXIMUM_REPARSE)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Buffer = ExAllocatePoolGivingWay(Length + sizeof(WCHAR));
    if (!Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Buffer, Target->Buffer, Target->Length);
    memcpy((PUCHAR)Buffer + Target->Length, Walk->Remaining.Buffer, Walk->Remaining.Length);
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

/* The parse method decides what the object is; whatever it returns is referenced. */
static NTSTATUS ObpCallParse(POBP_WALK Walk)
{
    POBP_LOOKUP Lookup = Walk->Lookup;
    const OBJECT_TYPE_INITIALIZER *Info = &ObGetObjectType(Walk->Object)->Info;
    BOOLEAN Wanted = Info->ParsedType && *Info->ParsedType == Lookup->Type;
    ACCESS_MASK Granted;
    PVOID Result = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Info->CheckParse && Wanted && Lookup->Check && Lookup->DesiredAccess &&
        !(Info->ChecksItself && Info->ChecksItself(Walk->Object)))
        Status = ObCheckAccess(Walk->Object, Lookup->DesiredAccess, &Granted);
    if (NT_SUCCESS(Status))
        Status = Info->Parse(Walk->Object, &Walk->Remaining, Lookup->Attributes,
                             Lookup->DesiredAccess, Wanted ? Lookup->ParseContext : NULL, &Result);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Lookup->Type && ObGetObjectType(Result) != Lookup->Type) {
        ObDereferenceObject(Result);
        return STATUS_OBJECT_TYPE_MISMATCH;
    }
    Lookup->Object = Result;
    return Status;
}

/* The whole name has been consumed, and an object has been found. */
static NTSTATUS ObpFound(POBP_WALK Walk)
{
    POBP_LOOKUP Lookup = Walk->Lookup;
    BOOLEAN Mismatch = Lookup->Type && ObGetObjectType(Walk->Object) != Lookup->Type;

    /* For the root directory NT checks only the type, even if an object was to be made. */
    if (Mismatch && Walk->Object == ObpRootDirectory)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (Lookup->InsertObject && !(Lookup->Attributes & OBJ_OPENIF))
        return STATUS_OBJECT_NAME_COLLISION;
    if (Mismatch)
        return STATUS_OBJECT_TYPE_MISMATCH;
    ObReferenceObject(Walk->Object);
    Lookup->Object = Walk->Object;
    return Lookup->InsertObject ? STATUS_OBJECT_NAME_EXISTS : STATUS_SUCCESS;
}

/* There is no such component in the directory. */
static NTSTATUS ObpNotFound(POBP_WALK Walk, POBP_SEARCH Search)
{
    POBP_LOOKUP Lookup = Walk->Lookup;
    NTSTATUS Status;

    if (Walk->Remaining.Length)
        return STATUS_OBJECT_PATH_NOT_FOUND;
    if (!Lookup->InsertObject)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    if (!NT_SUCCESS(Walk->MayCreate))
        return Walk->MayCreate;
    Status = ObpInsertEntry(Search, Lookup->InsertObject);
    if (!NT_SUCCESS(Status))
        return Status;
    ObReferenceObject(Lookup->InsertObject);
    Lookup->Object = Lookup->InsertObject;
    return STATUS_SUCCESS;
}

/* What is to be made is not looked for in what lies behind a directory. */
static NTSTATUS ObpFindComponent(POBP_WALK Walk, POBP_SEARCH Search)
{
    BOOLEAN Last = Walk->Lookup->InsertObject && !Walk->Remaining.Length;
    NTSTATUS Status = ObpSearchDirectory(Search);

    while (NT_SUCCESS(Status) && !Search->Found && !Last && Search->Directory->Shadow) {
        Search->Directory = Search->Directory->Shadow;
        Status = ObpSearchDirectory(Search);
    }
    return Status;
}

static BOOLEAN ObpIsLinkWanted(POBP_WALK Walk)
{
    return Walk->Lookup->Type == ObSymbolicLinkType && !Walk->Remaining.Length;
}

/* Before the search of a directory, as these give way: may the client go on there, and what will
 * the new object's security be? Being allowed to create matters only if nothing is found. */
static NTSTATUS ObpCheckDirectory(POBP_WALK Walk)
{
    POBP_LOOKUP Lookup = Walk->Lookup;
    NTSTATUS Status = Lookup->Check ? ObpCheckTraverse(Walk->Object) : STATUS_SUCCESS;

    if (!NT_SUCCESS(Status) || !Lookup->InsertObject || Walk->Remaining.Length)
        return Status;
    Walk->MayCreate = Lookup->Check
                          ? ObpCheckCreate(Walk->Object, ObGetObjectType(Lookup->InsertObject))
                          : STATUS_SUCCESS;
    return Lookup->Check
               ? ObpAssignSecurity(Lookup->InsertObject, Walk->Object, Lookup->SecurityDescriptor)
               : ObpAssignSystemSecurity(Lookup->InsertObject, SePublicRead);
}

/* One step from the object reached. STATUS_REPARSE: walk on. */
static NTSTATUS ObpStep(POBP_WALK Walk)
{
    POBJECT_TYPE Type = ObGetObjectType(Walk->Object);
    UNICODE_STRING Component;
    OBP_SEARCH Search = {.Directory = Walk->Object,
                         .Name = &Component,
                         .IgnoreCase = (Walk->Lookup->Attributes & OBJ_CASE_INSENSITIVE) != 0};
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
    Status = ObpCheckDirectory(Walk);
    if (NT_SUCCESS(Status))
        Status = ObpFindComponent(Walk, &Search);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!Search.Found)
        return ObpNotFound(Walk, &Search);
    ObpMoveTo(Walk, Search.Found->Object);
    return STATUS_REPARSE;
}

/* Finds where the walk begins, and checks that the name's first character suits that. */
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
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (Absolute)
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    /* Only a parse method can open its object again without a name. */
    return Name->Length || Type->Info.Parse ? STATUS_SUCCESS : STATUS_OBJECT_NAME_INVALID;
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
    if (!Lookup->Type || Lookup->Type->Info.CaseInsensitive)
        Lookup->Attributes |= OBJ_CASE_INSENSITIVE;
    if (NT_SUCCESS(Status)) {
        do
            Status = ObpStep(&Walk);
        while (Status == STATUS_REPARSE && NT_SUCCESS(KeGiveWay()));
        if (Status == STATUS_REPARSE)
            Status = STATUS_THREAD_IS_TERMINATING;
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
