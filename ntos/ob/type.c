/* SPDX-License-Identifier: BSD-2-Clause */
/* Object types, which are objects themselves, listed in \ObjectTypes. */
#include "obp.h"

POBJECT_TYPE ObDirectoryType, ObSymbolicLinkType, ObpTypeType;

POBJECT_TYPE ObpTypes[OBP_MAXIMUM_TYPES];
ULONG ObpTypeCount;

static void ObpCountedString(PUNICODE_STRING String, const WCHAR *Text)
{
    SIZE_T Length = 0;

    while (Text[Length])
        Length++;
    String->Buffer = (PWSTR)Text;
    String->Length = (USHORT)(Length * sizeof(WCHAR));
    String->MaximumLength = String->Length + sizeof(WCHAR);
}

static NTSTATUS ObpInsertType(POBJECT_TYPE Type)
{
    UNICODE_STRING Root = RTL_CONSTANT_STRING(u"\\ObjectTypes");
    PVOID Directory;
    OBP_SEARCH Search = {.Name = &Type->Name};
    NTSTATUS Status = ObReferenceObjectByName(&Root, ObDirectoryType, 0, NULL, &Directory);

    if (!NT_SUCCESS(Status))
        return Status;
    Search.Directory = Directory;
    Status = ObpSearchDirectory(&Search);
    if (NT_SUCCESS(Status))
        Status = ObpInsertEntry(&Search, Type);
    if (NT_SUCCESS(Status))
        Status = ObpAssignSystemSecurity(Type, SePublicRead);
    if (NT_SUCCESS(Status))
        OBP_HEADER(Type)->Flags |= OBP_PERMANENT;
    ObDereferenceObject(Directory);
    return Status;
}

/* The first type, Type itself, is created while there is no type yet. */
static NTSTATUS ObpAllocateType(const OBJECT_TYPE_INITIALIZER *Initializer, POBJECT_TYPE *Type)
{
    POBJECT_HEADER Header = ExAllocatePool(sizeof(*Header) + sizeof(OBJECT_TYPE));

    if (!Header || ObpTypeCount == OBP_MAXIMUM_TYPES)
        return STATUS_INSUFFICIENT_RESOURCES;
    *Type = OBP_BODY(Header);
    (*Type)->Info = *Initializer;
    ObpTypes[ObpTypeCount++] = *Type;
    (*Type)->Index = (UCHAR)(ObpTypeCount + 1); /* NT's indices begin with 2, for the type Type */
    ObpCountedString(&(*Type)->Name, Initializer->Name);
    if (!ObpTypeType)
        ObpTypeType = *Type;
    Header->Type = ObpTypeType;
    Header->ReferenceCount = 1;
    ObpTypeType->Objects++;
    return STATUS_SUCCESS;
}

/* Creates an object type and names it \ObjectTypes\<Name>. Types are never deleted. */
NTSTATUS ObCreateObjectType(const OBJECT_TYPE_INITIALIZER *Initializer, POBJECT_TYPE *Type)
{
    NTSTATUS Status = ObpAllocateType(Initializer, Type);

    return NT_SUCCESS(Status) ? ObpInsertType(*Type) : Status;
}

NTSTATUS ObpInitializeTypes(void)
{
    static const OBJECT_TYPE_INITIALIZER TypeType = {
        .Name = u"Type",
        .Mapping = {STANDARD_RIGHTS_READ, STANDARD_RIGHTS_WRITE, STANDARD_RIGHTS_EXECUTE,
                    STANDARD_RIGHTS_REQUIRED | OBJECT_TYPE_CREATE},
        .ValidAccess = STANDARD_RIGHTS_REQUIRED | OBJECT_TYPE_CREATE,
        .SecurityRequired = TRUE,
    };
    static const OBJECT_TYPE_INITIALIZER Directory = {
        .Name = u"Directory",
        .Mapping = {STANDARD_RIGHTS_READ | DIRECTORY_QUERY | DIRECTORY_TRAVERSE,
                    STANDARD_RIGHTS_WRITE | DIRECTORY_CREATE_OBJECT | DIRECTORY_CREATE_SUBDIRECTORY,
                    STANDARD_RIGHTS_EXECUTE | DIRECTORY_QUERY | DIRECTORY_TRAVERSE,
                    DIRECTORY_ALL_ACCESS},
        .ValidAccess = DIRECTORY_ALL_ACCESS,
        .CaseInsensitive = TRUE,
        .SecurityRequired = TRUE,
    };
    static const OBJECT_TYPE_INITIALIZER Link = {
        .Name = u"SymbolicLink",
        .Mapping = {STANDARD_RIGHTS_READ | SYMBOLIC_LINK_QUERY, STANDARD_RIGHTS_WRITE,
                    STANDARD_RIGHTS_EXECUTE | SYMBOLIC_LINK_QUERY, SYMBOLIC_LINK_ALL_ACCESS},
        .ValidAccess = SYMBOLIC_LINK_ALL_ACCESS,
        .CaseInsensitive = TRUE,
        .SecurityRequired = TRUE,
        .Delete = ObpDeleteSymbolicLink,
    };
    NTSTATUS Status = ObpAllocateType(&TypeType, &ObpTypeType);

    if (NT_SUCCESS(Status))
        Status = ObpAllocateType(&Directory, &ObDirectoryType);
    if (NT_SUCCESS(Status))
        Status = ObpAllocateType(&Link, &ObSymbolicLinkType);
    return Status;
}

NTSTATUS ObpInsertInitialTypes(void)
{
    NTSTATUS Status = ObpInsertType(ObpTypeType);

    if (NT_SUCCESS(Status))
        Status = ObpInsertType(ObDirectoryType);
    if (NT_SUCCESS(Status))
        Status = ObpInsertType(ObSymbolicLinkType);
    return Status;
}
