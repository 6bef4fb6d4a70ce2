/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryObject: what is known about an object and its handle. */
#include "obp.h"

typedef struct _OBP_OUTPUT {
    PVOID Buffer; /* the client's */
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
    PUCHAR Client = (PUCHAR)Output->Buffer + Offset;
    NTSTATUS Status = MmCopyToClient(Client, Text->Buffer, Text->Length);

    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Client + Text->Length, &Nul, sizeof(Nul));
    Descriptor->Buffer = (PWSTR)Client;
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
    if (Output->Length < Output->Needed)
        Status = STATUS_INFO_LENGTH_MISMATCH;
    else if (Name.Length)
        Status = ObpReturnString(Output, sizeof(Information), &Name, &Information.Name);
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Output->Buffer, &Information, sizeof(Information));
    ExFreeUnicodeString(&Name);
    return Status;
}

static NTSTATUS ObpQueryType(PHANDLE_ENTRY Entry, POBP_OUTPUT Output)
{
    POBJECT_TYPE Type = ObGetObjectType(Entry->Object);
    OBJECT_TYPE_INFORMATION Information = {
        .TotalNumberOfObjects = Type->Objects,
        .TotalNumberOfHandles = Type->Handles,
        .HighWaterNumberOfObjects = Type->HighWaterObjects,
        .HighWaterNumberOfHandles = Type->HighWaterHandles,
        .GenericMapping = Type->Info.Mapping,
        .ValidAccessMask = Type->Info.ValidAccess,
        .TypeIndex = Type->Index,
    };
    NTSTATUS Status;

    Output->Needed =
        (ULONG)ALIGN_UP_BY(sizeof(Information) + Type->Name.Length + sizeof(WCHAR), sizeof(PVOID));
    if (Output->Length < Output->Needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = ObpReturnString(Output, sizeof(Information), &Type->Name, &Information.TypeName);
    return NT_SUCCESS(Status) ? MmCopyToClient(Output->Buffer, &Information, sizeof(Information))
                              : Status;
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
    case ObjectTypesInformation:
    case ObjectSessionInformation:
    case ObjectSessionObjectInformation:
        return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

/*
 * NtQueryObject: ObjectBasicInformation, ObjectNameInformation, ObjectTypeInformation,
 * ObjectHandleFlagInformation of an object by any handle. ReturnLength, if given, receives the
 * bytes needed. Returns STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_INFO_CLASS,
 * STATUS_INVALID_HANDLE, STATUS_ACCESS_VIOLATION. (Win32: NtQueryObject)
 */
NTSTATUS NTAPI NtQueryObject(HANDLE Handle, OBJECT_INFORMATION_CLASS Class, PVOID Information,
                             ULONG Length, PULONG ReturnLength)
{
    OBP_OUTPUT Output = {.Buffer = Information, .Length = Length};
    HANDLE_ENTRY Entry;
    NTSTATUS Status = MmProbeForWrite(Information, Length);

    if (NT_SUCCESS(Status) && ReturnLength)
        Status = MmProbeForWrite(ReturnLength, sizeof(ULONG));
    if (NT_SUCCESS(Status))
        Status = ObpReferenceHandle(PsGetCurrentProcess(), Handle, &Entry);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObpQueryClass(&Entry, Class, &Output);
    ObDereferenceObject(Entry.Object);
    if (ReturnLength && Output.Needed && !NT_SUCCESS(MmWriteClient(ReturnLength, &Output.Needed)))
        return STATUS_ACCESS_VIOLATION;
    return Status;
}
