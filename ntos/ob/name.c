/* SPDX-License-Identifier: BSD-2-Clause */
/* From an object back to its name. */
#include "obp.h"

#define OBP_LONGEST_PATH (UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))

/* From an object to its directory; *Object stays referenced. FALSE: it has no name. Others run
 * before the next step, so that a directory may have lost its name then: its path begins there. */
static BOOLEAN ObpClimb(PVOID *Object)
{
    PVOID Lower = *Object;

    if (!OBP_HEADER(Lower)->Name)
        return FALSE;
    *Object = OBP_HEADER(Lower)->Name->Directory;
    ObReferenceObject(*Object);
    ObDereferenceObject(Lower);
    KeGiveWay();
    return TRUE;
}

/* Bytes of the component that names Object in its directory, with its backslash; 0: none. */
static SIZE_T ObpComponentLength(PVOID Object)
{
    POBP_NAME Entry = OBP_HEADER(Object)->Name;

    return Entry ? sizeof(WCHAR) + Entry->Name.Length : 0;
}

/* Bytes of the path of Object, 0 for an object without a name. */
static SIZE_T ObpPathLength(PVOID Object)
{
    SIZE_T Length = 0;

    ObReferenceObject(Object);
    do
        Length += ObpComponentLength(Object);
    while (Length <= OBP_LONGEST_PATH && ObpClimb(&Object));
    ObDereferenceObject(Object);
    return Length;
}

/* FALSE: the path has changed since it was measured. */
static BOOLEAN ObpBuildPath(PVOID Object, PUNICODE_STRING Name)
{
    SIZE_T Room = Name->Length;

    ObReferenceObject(Object);
    do {
        POBP_NAME Entry = OBP_HEADER(Object)->Name;
        SIZE_T Length = ObpComponentLength(Object);

        if (Length > Room)
            break;
        Room -= Length;
        if (!Length)
            continue;
        Name->Buffer[Room / sizeof(WCHAR)] = '\\';
        memcpy(Name->Buffer + Room / sizeof(WCHAR) + 1, Entry->Name.Buffer, Entry->Name.Length);
    } while (ObpClimb(&Object));
    Room += ObpComponentLength(Object); /* not 0: that component had no room */
    ObDereferenceObject(Object);
    return Room == 0;
}

static NTSTATUS ObpMakePath(PVOID Object, PUNICODE_STRING Name)
{
    SIZE_T Length = ObpPathLength(Object);

    if (!Length)
        return STATUS_SUCCESS;
    if (Length > OBP_LONGEST_PATH)
        return STATUS_NAME_TOO_LONG;
    Name->Buffer = ExAllocatePoolGivingWay(Length + sizeof(WCHAR));
    if (!Name->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Name->Length = (USHORT)Length;
    Name->MaximumLength = (USHORT)(Length + sizeof(WCHAR));
    if (ObpBuildPath(Object, Name))
        return STATUS_SUCCESS;
    ExFreeUnicodeString(Name);
    return STATUS_RETRY;
}

static NTSTATUS ObpRootPath(PUNICODE_STRING Name)
{
    Name->Buffer = ExAllocatePool(2 * sizeof(WCHAR));
    if (!Name->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Name->Buffer[0] = '\\';
    Name->Length = sizeof(WCHAR);
    Name->MaximumLength = 2 * sizeof(WCHAR);
    return STATUS_SUCCESS;
}

/*
 * Full path of a named object in pool memory, NUL-terminated, to be freed with ExFreeUnicodeString;
 * Length 0 for an unnamed one. An object below a directory that has lost its own name has a path
 * that begins there. Object must be referenced: this gives way.
 */
NTSTATUS ObQueryName(PVOID Object, PUNICODE_STRING Name)
{
    NTSTATUS Status;

    *Name = (UNICODE_STRING){0};
    if (ObGetObjectType(Object)->Info.QueryName)
        return ObGetObjectType(Object)->Info.QueryName(Object, Name);
    if (Object == ObpRootDirectory)
        return ObpRootPath(Name);
    do
        Status = ObpMakePath(Object, Name);
    while (Status == STATUS_RETRY);
    return Status;
}
