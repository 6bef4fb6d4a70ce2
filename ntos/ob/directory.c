/* SPDX-License-Identifier: BSD-2-Clause */
/* Object directories: names without regard to case, hashed, listed in the order of their making. */
#include "obp.h"

POBP_DIRECTORY ObpRootDirectory;

static ULONG ObpHashName(PCUNICODE_STRING Name)
{
    ULONG Hash = 0, i;

    for (i = 0; i < Name->Length / sizeof(WCHAR); i++)
        Hash = Hash * 37 + RtlUpcaseUnicodeChar(Name->Buffer[i]);
    return Hash;
}

NTSTATUS ObpCreateDirectory(POBP_DIRECTORY *Directory)
{
    NTSTATUS Status = ObCreateObject(ObDirectoryType, sizeof(OBP_DIRECTORY), (PVOID *)Directory);

    if (NT_SUCCESS(Status))
        InitializeListHead(&(*Directory)->Names);
    return Status;
}

PVOID ObpLookupEntry(POBP_DIRECTORY Directory, PCUNICODE_STRING Name)
{
    ULONG Hash = ObpHashName(Name);
    POBP_NAME Entry = Directory->Bucket[Hash % OBP_DIRECTORY_BUCKETS];

    while (Entry && !(Entry->Hash == Hash && RtlEqualUnicodeString(&Entry->Name, Name, TRUE)))
        Entry = Entry->NextInBucket;
    return Entry ? Entry->Object : NULL;
}

/* The directory takes a reference of its own on Object, which must not have a name yet. */
NTSTATUS ObpInsertEntry(POBP_DIRECTORY Directory, PCUNICODE_STRING Name, PVOID Object)
{
    POBP_NAME Entry = ExAllocatePool(sizeof(*Entry) + Name->Length + sizeof(WCHAR));
    POBP_NAME *Bucket;

    if (!Entry)
        return STATUS_INSUFFICIENT_RESOURCES;
    Entry->Name.Buffer = (PWSTR)(Entry + 1);
    Entry->Name.Length = Name->Length;
    Entry->Name.MaximumLength = Name->Length + sizeof(WCHAR);
    memcpy(Entry->Name.Buffer, Name->Buffer, Name->Length);
    Entry->Hash = ObpHashName(Name);
    Entry->Directory = Directory;
    Entry->Object = Object;
    Bucket = &Directory->Bucket[Entry->Hash % OBP_DIRECTORY_BUCKETS];
    Entry->NextInBucket = *Bucket;
    *Bucket = Entry;
    InsertTailList(&Directory->Names, &Entry->DirectoryEntry);
    OBP_HEADER(Object)->Name = Entry;
    ObReferenceObject(Directory);
    ObReferenceObject(Object);
    return STATUS_SUCCESS;
}

/* Takes Object out of its directory, which lets go of it. */
void ObRemoveName(PVOID Object)
{
    POBP_NAME Entry = OBP_HEADER(Object)->Name, *Link;

    if (!Entry)
        return;
    Link = &Entry->Directory->Bucket[Entry->Hash % OBP_DIRECTORY_BUCKETS];
    while (*Link != Entry)
        Link = &(*Link)->NextInBucket;
    *Link = Entry->NextInBucket;
    RemoveEntryList(&Entry->DirectoryEntry);
    OBP_HEADER(Object)->Name = NULL;
    OBP_HEADER(Object)->Flags &= ~OBP_PERMANENT;
    ObDereferenceObject(Entry->Directory);
    ExFreePool(Entry);
    ObDereferenceObject(Object);
}

/*
 * NtCreateDirectoryObject: an object directory; with OBJ_OPENIF one that is there is opened.
 * Returns STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_EXISTS, STATUS_OBJECT_PATH_NOT_FOUND ….
 * (WDK: ZwCreateDirectoryObject)
 */
NTSTATUS NTAPI NtCreateDirectoryObject(PHANDLE DirectoryHandle, ACCESS_MASK DesiredAccess,
                                       POBJECT_ATTRIBUTES ObjectAttributes)
{
    OB_ATTRIBUTES Attributes;
    POBP_DIRECTORY Directory;
    NTSTATUS Status = ObCaptureAttributes(&Attributes, ObjectAttributes);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObpCreateDirectory(&Directory);
    if (NT_SUCCESS(Status))
        Status = ObInsertObject(Directory, &Attributes, DesiredAccess, DirectoryHandle);
    ObFreeAttributes(&Attributes);
    return Status;
}

/* NtOpenDirectoryObject: opens an object directory by name.  (WDK: ZwOpenDirectoryObject) */
NTSTATUS NTAPI NtOpenDirectoryObject(PHANDLE DirectoryHandle, ACCESS_MASK DesiredAccess,
                                     POBJECT_ATTRIBUTES ObjectAttributes)
{
    return ObOpenObjectByName(DirectoryHandle, DesiredAccess, ObjectAttributes, ObDirectoryType,
                              NULL);
}
