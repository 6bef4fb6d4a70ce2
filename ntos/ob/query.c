/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryObject: what is known about an object and its handle. */
#include "obp.h"

typedef struct _OBP_OUTPUT {
    CLIENT(PVOID) Buffer;
    ULONG Length;
    ULONG Needed; /* out */
} OBP_OUTPUT, *POBP_OUTPUT;

static NTSTATUS ObpQueryBasic(PHANDLE_ENTRY Entry, POBP_OUTPUT Output)
{
    POBJECT_HEADER Header = OBP_HEADER(Entry->Object);
    OBJECT_BASIC_INFORMATION Information = {
        .Attributes = Entry->Attributes,
        .GrantedAccess = Entry->Access,
        .HandleCount = Header->HandleCount,
        .PointerCount = (ULONG)Header->ReferenceCount - 1, /* not this service's */
        .TypeInfoSize = (ULONG)sizeof(OBJECT_TYPE_INFORMATION) + Header->Type->Name.MaximumLength,
    };
    UNICODE_STRING Name;

    Output->Needed = sizeof(Information);
    if (Output->Length != sizeof(Information))
        return STATUS_INFO_LENGTH_MISMATCH;
    if (ObGetSecurity(Entry->Object) && *ObGetSecurity(Entry->Object))
        Information.SecurityDescriptorSize = (*ObGetSecurity(Entry->Object))->Length;
    if (Header->Flags & OBP_PERMANENT)
        Information.Attributes |= OBJ_PERMANENT;
    if (Header->Flags & OBP_EXCLUSIVE)
        Information.Attributes |= OBJ_EXCLUSIVE;
    if (NT_SUCCESS(ObQueryName(Entry->Object, &Name))) {
        if (Name.Length)
            Information.NameInfoSize =
                sizeof(OBJECT_NAME_INFORMATION) + Name.Length + sizeof(WCHAR);
        ExFreeUnicodeString(&Name);
    }
    if (Header->Type == ObSymbolicLinkType)
        Information.CreationTime = ((POBP_SYMBOLIC_LINK)Entry->Object)->CreationTime;
    return MmCopyToClient(Output->Buffer, &Information, sizeof(Information));
}

/* Text and its NUL at Offset of the client's buffer, and in *Descriptor where that is. */
static NTSTATUS ObpReturnString(POBP_OUTPUT Output, ULONG Offset, PCUNICODE_STRING Text,
                                PUNICODE_STRING Descriptor)
{
    static const WCHAR Nul = 0;
    CLIENT(PUCHAR) Client = (CLIENT(PUCHAR))Output->Buffer + Offset;
    NTSTATUS Status = MmCopyToClient(Client, Text->Buffer, Text->Length);

    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Client + Text->Length, &Nul, sizeof(Nul));
    Descriptor->Buffer = (PWSTR)(ULONG_PTR)Client;
    Descriptor->Length = Text->Length;
    Descriptor->MaximumLength = Text->Length + sizeof(WCHAR);
    return Status;
}

static NTSTATUS ObpQueryNameInformation(PHANDLE_ENTRY Entry, POBP_OUTPUT Output)
{
    OBJECT_NAME_INFORMATION Information = {0};
    UNICODE_STRING Name;
    NTSTATUS Status = ObQueryName(Entry->Object, &Name);

    if (!NT_SUCCESS(Status))
        return Status;
    Output->Needed = sizeof(Information) + (Name.Length ? Name.Length + sizeof(WCHAR) : 0);
    if (Output->Length < sizeof(Information))
        Status = STATUS_INFO_LENGTH_MISMATCH;
    else if (Output->Length < Output->Needed)
        Status = STATUS_BUFFER_OVERFLOW;
    else if (Name.Length)
        Status = ObpReturnString(Output, sizeof(Information), &Name, &Information.Name);
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Output->Buffer, &Information, sizeof(Information));
    ExFreeUnicodeString(&Name);
    return Status;
}

static void ObpDescribeType(POBJECT_TYPE Type, POBJECT_TYPE_INFORMATION Information)
{
    *Information = (OBJECT_TYPE_INFORMATION){
        .TotalNumberOfObjects = Type->Objects,
        .TotalNumberOfHandles = Type->Handles,
        .HighWaterNumberOfObjects = Type->HighWaterObjects,
        .HighWaterNumberOfHandles = Type->HighWaterHandles,
        .GenericMapping = Type->Info.Mapping,
        .ValidAccessMask = Type->Info.ValidAccess,
        .SecurityRequired = Type->Info.SecurityRequired,
        .TypeIndex = Type->Index,
    };
}

/* A type with its name, at Offset, which becomes where the next one is. */
static NTSTATUS ObpReturnType(POBP_OUTPUT Output, POBJECT_TYPE Type, PULONG Offset)
{
    ULONG Start = *Offset;
    OBJECT_TYPE_INFORMATION Information;
    NTSTATUS Status;

    *Offset +=
        (ULONG)ALIGN_UP_BY(sizeof(Information) + Type->Name.Length + sizeof(WCHAR), sizeof(PVOID));
    if (Output->Length < *Offset)
        return STATUS_INFO_LENGTH_MISMATCH;
    ObpDescribeType(Type, &Information);
    Status = ObpReturnString(Output, Start + (ULONG)sizeof(Information), &Type->Name,
                             &Information.TypeName);
    return NT_SUCCESS(Status) ? MmCopyToClient((CLIENT(PCHAR))Output->Buffer + Start, &Information,
                                               sizeof(Information))
                              : Status;
}

static NTSTATUS ObpQueryType(PHANDLE_ENTRY Entry, POBP_OUTPUT Output)
{
    return ObpReturnType(Output, ObGetObjectType(Entry->Object), &Output->Needed);
}

static NTSTATUS ObpQueryTypes(POBP_OUTPUT Output)
{
    ULONG Offset = (ULONG)ALIGN_UP_BY(sizeof(OBJECT_TYPES_INFORMATION), sizeof(PVOID)), i;
    OBJECT_TYPES_INFORMATION Header = {ObpTypeCount};
    NTSTATUS Status = STATUS_SUCCESS;

    for (i = 0; i < ObpTypeCount && (NT_SUCCESS(Status) || Status == STATUS_INFO_LENGTH_MISMATCH);
         i++)
        Status = ObpReturnType(Output, ObpTypes[i], &Offset);
    Output->Needed = Offset;
    return NT_SUCCESS(Status) ? MmCopyToClient(Output->Buffer, &Header, sizeof(Header)) : Status;
}

static NTSTATUS ObpQueryFlags(PHANDLE_ENTRY Entry, POBP_OUTPUT Output)
{
    OBJECT_HANDLE_FLAG_INFORMATION Information = {(Entry->Attributes & OBJ_INHERIT) != 0,
                                                  (Entry->Attributes & OBJ_PROTECT_CLOSE) != 0};

    Output->Needed = sizeof(Information);
    if (Output->Length != sizeof(Information))
        return STATUS_INFO_LENGTH_MISMATCH;
    return MmCopyToClient(Output->Buffer, &Information, sizeof(Information));
}

static NTSTATUS ObpQueryClass(PHANDLE_ENTRY Entry, OBJECT_INFORMATION_CLASS Class,
                              POBP_OUTPUT Output)
{
    switch (Class) {
    case ObjectBasicInformation:
        return ObpQueryBasic(Entry, Output);
    case ObjectNameInformation:
        return ObpQueryNameInformation(Entry, Output);
    case ObjectTypeInformation:
        return ObpQueryType(Entry, Output);
    case ObjectHandleFlagInformation:
        return ObpQueryFlags(Entry, Output);
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static BOOLEAN ObpIsClass(OBJECT_INFORMATION_CLASS Class)
{
    return (ULONG)Class <= ObjectHandleFlagInformation;
}

/* Types are asked for without a handle. */
static NTSTATUS ObpQueryByHandle(HANDLE Handle, OBJECT_INFORMATION_CLASS Class, POBP_OUTPUT Output)
{
    HANDLE_ENTRY Entry;
    NTSTATUS Status;

    if (Class == ObjectTypesInformation)
        return ObpQueryTypes(Output);
    Status = ObpReferenceHandle(PsGetCurrentProcess(), Handle, &Entry);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObpQueryClass(&Entry, Class, Output);
    ObDereferenceObject(Entry.Object);
    return Status;
}

/*
 * NtQueryObject: ObjectBasicInformation, ObjectNameInformation, ObjectTypeInformation,
 * ObjectHandleFlagInformation of an object by any handle; ObjectTypesInformation of all types.
 * ReturnLength, if given, receives the bytes needed. Returns STATUS_INVALID_INFO_CLASS,
 * STATUS_DATATYPE_MISALIGNMENT, STATUS_INVALID_HANDLE, STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_BUFFER_OVERFLOW (a name for which there is not enough room behind its descriptor),
 * STATUS_ACCESS_VIOLATION. (Win32: NtQueryObject)
 */
NTSTATUS NTAPI NtQueryObject(HANDLE Handle, OBJECT_INFORMATION_CLASS Class,
                             CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength)
{
    OBP_OUTPUT Output = {.Buffer = Information, .Length = Length};
    NTSTATUS Status;

    if ((Length && Class != ObjectHandleFlagInformation &&
         (ULONG_PTR)Information % sizeof(ULONG)) ||
        (ULONG_PTR)ReturnLength % sizeof(ULONG))
        return STATUS_DATATYPE_MISALIGNMENT;
    Status = MmProbeForWrite(Information, Length);
    if (NT_SUCCESS(Status) && ReturnLength)
        Status = MmProbeForWrite(ReturnLength, sizeof(ULONG));
    if (NT_SUCCESS(Status) && !ObpIsClass(Class))
        Status = STATUS_INVALID_INFO_CLASS;
    if (NT_SUCCESS(Status))
        Status = ObpQueryByHandle(Handle, Class, &Output);
    if (ReturnLength && Output.Needed && !NT_SUCCESS(MmWriteClient(ReturnLength, &Output.Needed)))
        return STATUS_ACCESS_VIOLATION;
    return Status;
}
