/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Object directories: names, found in a tree by hash (search.c), listed from another one in the
 * order of their making. Names that differ only in case are different names; a look-up that ignores
 * case finds the one that sorts first.
 */
#include "obp.h"

POBP_DIRECTORY ObpRootDirectory;

NTSTATUS ObpCreateDirectory(POBP_DIRECTORY *Directory)
{
    return ObCreateObject(ObDirectoryType, sizeof(OBP_DIRECTORY), (PVOID *)Directory);
}

static POBP_NAME ObpNumbered(PRTL_BALANCED_NODE Node)
{
    return Node ? CONTAINING_RECORD(Node, OBP_NAME, NumberNode) : NULL;
}

POBP_NAME ObpNameFrom(POBP_DIRECTORY Directory, ULONG Number)
{
    PRTL_BALANCED_NODE Node = Directory->Numbers.Root, Found = NULL;

    while (Node) {
        if (ObpNumbered(Node)->Number >= Number)
            Found = Node;
        Node = Node->Children[ObpNumbered(Node)->Number < Number];
    }
    return ObpNumbered(Found);
}

/* Numbers are reused only after the counter has wrapped around. */
static void ObpInsertNumber(POBP_DIRECTORY Directory, POBP_NAME Entry)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = Directory->Numbers.Root;
    BOOLEAN After = FALSE;
    POBP_NAME Taken;

    while (Directory->NextNumber == OBP_NO_NUMBER ||
           ((Taken = ObpNameFrom(Directory, Directory->NextNumber)) != NULL &&
            Taken->Number == Directory->NextNumber))
        Directory->NextNumber =
            Directory->NextNumber == OBP_NO_NUMBER ? 0 : Directory->NextNumber + 1;
    Entry->Number = Directory->NextNumber++;
    while (Node) {
        Parent = Node;
        After = Entry->Number > ObpNumbered(Node)->Number;
        Node = Node->Children[After];
    }
    RtlAvlInsertNodeEx(&Directory->Numbers, Parent, After, &Entry->NumberNode);
}

/* The directory takes a reference of its own on Object, which must not have a name yet. */
NTSTATUS ObpInsertEntry(POBP_SEARCH Search, PVOID Object)
{
    POBP_DIRECTORY Directory = Search->Directory;
    PCUNICODE_STRING Name = Search->Name;
    POBP_NAME Entry = ExAllocatePool(sizeof(*Entry) + Name->Length + sizeof(WCHAR));

    if (!Entry)
        return STATUS_INSUFFICIENT_RESOURCES;
    Entry->Name.Buffer = (PWSTR)(Entry + 1);
    Entry->Name.Length = Name->Length;
    Entry->Name.MaximumLength = Name->Length + sizeof(WCHAR);
    memcpy(Entry->Name.Buffer, Name->Buffer, Name->Length);
    Entry->Hash = Search->Hash;
    Entry->Directory = Directory;
    Entry->Object = Object;
    RtlAvlInsertNodeEx(&Directory->Names, Search->Parent, Search->After, &Entry->NameNode);
    ObpInsertNumber(Directory, Entry);
    Directory->Changes++;
    OBP_HEADER(Object)->Name = Entry;
    ObReferenceObject(Directory);
    ObReferenceObject(Object);
    return STATUS_SUCCESS;
}

/* Takes Object out of its directory, which lets go of it. */
void ObRemoveName(PVOID Object)
{
    POBP_NAME Entry = OBP_HEADER(Object)->Name;

    if (!Entry)
        return;
    RtlAvlRemoveNode(&Entry->Directory->Names, &Entry->NameNode);
    RtlAvlRemoveNode(&Entry->Directory->Numbers, &Entry->NumberNode);
    Entry->Directory->Changes++;
    OBP_HEADER(Object)->Name = NULL;
    OBP_HEADER(Object)->Flags &= ~OBP_PERMANENT;
    ObDereferenceObject(Entry->Directory);
    ExFreePool(Entry);
    ObDereferenceObject(Object);
}

/*
 * NtCreateDirectoryObject: makes an object directory, or with OBJ_OPENIF opens an existing one.
 * Returns STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_EXISTS, STATUS_OBJECT_PATH_NOT_FOUND ….
 * (WDK: ZwCreateDirectoryObject)
 */
NTSTATUS NTAPI NtCreateDirectoryObject(CLIENT(PHANDLE) DirectoryHandle, ACCESS_MASK DesiredAccess,
                                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
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
NTSTATUS NTAPI NtOpenDirectoryObject(CLIENT(PHANDLE) DirectoryHandle, ACCESS_MASK DesiredAccess,
                                     CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(DirectoryHandle, DesiredAccess, ObjectAttributes, ObDirectoryType,
                              NULL);
}
