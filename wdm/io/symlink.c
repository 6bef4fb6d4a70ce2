/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Symbolic links to devices, in the Executive's object tree. A link lives by the handle to it,
 * which is kept here: so it goes with the process, and a driver that is started again can make it
 * anew.
 */
#include "iop.h"
#include "ki.h"

typedef struct _IOP_LINK {
    LIST_ENTRY Link;
    HANDLE Handle;
    UNICODE_STRING Name;
    WCHAR Buffer[];
} IOP_LINK, *PIOP_LINK;

static LIST_ENTRY IopLinks = {&IopLinks, &IopLinks};

static PIOP_LINK IopFindLink(PUNICODE_STRING Name)
{
    for (PLIST_ENTRY Entry = IopLinks.Flink; Entry != &IopLinks; Entry = Entry->Flink) {
        PIOP_LINK Link = CONTAINING_RECORD(Entry, IOP_LINK, Link);

        if (RtlEqualUnicodeString(&Link->Name, Name, TRUE))
            return Link;
    }
    return NULL;
}

/* IoCreateSymbolicLink: it lasts until deleted. Returns what ZwCreateSymbolicLinkObject does. */
NTSTATUS NTAPI IoCreateSymbolicLink(PUNICODE_STRING SymbolicLinkName, PUNICODE_STRING DeviceName)
{
    OBJECT_ATTRIBUTES Attributes;
    PIOP_LINK Link =
        ExAllocatePoolWithTag(PagedPool, sizeof(*Link) + SymbolicLinkName->Length, 'kniL');
    NTSTATUS Status;

    if (!Link)
        return STATUS_INSUFFICIENT_RESOURCES;
    Link->Name.Buffer = Link->Buffer;
    Link->Name.Length = Link->Name.MaximumLength = SymbolicLinkName->Length;
    RtlCopyMemory(Link->Buffer, SymbolicLinkName->Buffer, SymbolicLinkName->Length);
    InitializeObjectAttributes(&Attributes, &Link->Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = ZwCreateSymbolicLinkObject(&Link->Handle, SYMBOLIC_LINK_ALL_ACCESS, &Attributes,
                                        DeviceName);
    if (NT_SUCCESS(Status))
        InsertTailList(&IopLinks, &Link->Link);
    else
        ExFreePoolWithTag(Link, 'kniL');
    return Status;
}

NTSTATUS NTAPI IoCreateUnprotectedSymbolicLink(PUNICODE_STRING SymbolicLinkName,
                                               PUNICODE_STRING DeviceName)
{
    return IoCreateSymbolicLink(SymbolicLinkName, DeviceName);
}

/* IoDeleteSymbolicLink: one that this driver has made. STATUS_OBJECT_NAME_NOT_FOUND. */
NTSTATUS NTAPI IoDeleteSymbolicLink(PUNICODE_STRING SymbolicLinkName)
{
    PIOP_LINK Link = IopFindLink(SymbolicLinkName);

    if (!Link)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    RemoveEntryList(&Link->Link);
    ZwClose(Link->Handle);
    ExFreePoolWithTag(Link, 'kniL');
    return STATUS_SUCCESS;
}
