/* SPDX-License-Identifier: BSD-2-Clause */
/* From an object back to its name. */
#include "obp.h"

/* Bytes of the path of Object, 2 for the root directory, 0 for an object without a name. */
static SIZE_T ObpPathLength(PVOID Object)
{
    POBP_NAME Entry = OBP_HEADER(Object)->Name;
    SIZE_T Length = 0;

    if (Object == ObpRootDirectory)
        return sizeof(WCHAR);
    for (; Entry; Entry = OBP_HEADER(Entry->Directory)->Name)
        Length += sizeof(WCHAR) + Entry->Name.Length;
    return Length;
}

static void ObpBuildPath(PVOID Object, PUNICODE_STRING Name)
{
    POBP_NAME Entry = OBP_HEADER(Object)->Name;
    PWSTR End = Name->Buffer + Name->Length / sizeof(WCHAR);

    if (!Entry)
        Name->Buffer[0] = '\\';
    for (; Entry; Entry = OBP_HEADER(Entry->Directory)->Name) {
        End -= Entry->Name.Length / sizeof(WCHAR);
        memcpy(End, Entry->Name.Buffer, Entry->Name.Length);
        *--End = '\\';
    }
}

/*
 * Full path of a named object in pool memory, NUL-terminated, to be freed with ExFreeUnicodeString;
 * Length 0 for an unnamed one. An object below a directory that has lost its own name has a path
 * that begins there.
 */
NTSTATUS ObQueryName(PVOID Object, PUNICODE_STRING Name)
{
    SIZE_T Length;

    *Name = (UNICODE_STRING){0};
    if (ObGetObjectType(Object)->Info.QueryName)
        return ObGetObjectType(Object)->Info.QueryName(Object, Name);
    Length = ObpPathLength(Object);
    if (!Length)
        return STATUS_SUCCESS;
    if (Length > UNICODE_STRING_MAX_BYTES - sizeof(WCHAR))
        return STATUS_NAME_TOO_LONG;
    Name->Buffer = ExAllocatePool(Length + sizeof(WCHAR));
    if (!Name->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Name->Length = (USHORT)Length;
    Name->MaximumLength = (USHORT)(Length + sizeof(WCHAR));
    ObpBuildPath(Object, Name);
    return STATUS_SUCCESS;
}
