/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Symbolic links to devices, in the Executive's object tree. A link lives as long as the handle to
 * it that is kept here: so it goes with the process, and a driver that is started again can make it
 * again.
 */
#include "wdmio.h"
#include "ki.h"

typedef struct _WDM_LINK {
    LIST_ENTRY Link;
    HANDLE Handle;
    UNICODE_STRING Name;
    WCHAR Buffer[];
} WDM_LINK, *PWDM_LINK;

static LIST_ENTRY WdmLinks = {&WdmLinks, &WdmLinks};

static PWDM_LINK WdmFindLink(PUNICODE_STRING Name)
{
    for (PLIST_ENTRY Entry = WdmLinks.Flink; Entry != &WdmLinks; Entry = Entry->Flink) {
        PWDM_LINK Link = CONTAINING_RECORD(Entry, WDM_LINK, Link);

        if (RtlEqualUnicodeString(&Link->Name, Name, TRUE))
            return Link;
    }
    return NULL;
}

/* IoCreateSymbolicLink: it lasts until deleted. Returns what ZwCreateSymbolicLinkObject does. */
NTSTATUS NTAPI IoCreateSymbolicLink(PUNICODE_STRING SymbolicLinkName, PUNICODE_STRING DeviceName)
{
    OBJECT_ATTRIBUTES Attributes;
    PWDM_LINK Link =
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
        InsertTailList(&WdmLinks, &Link->Link);
    else
        ExFreePoolWithTag(Link, 'kniL');
    return Status;
}

NTSTATUS NTAPI IoCreateUnprotectedSymbolicLink(PUNICODE_STRING SymbolicLinkName,
                                               PUNICODE_STRING DeviceName)
{
    return IoCreateSymbolicLink(SymbolicLinkName, DeviceName);
}

/* IoDeleteSymbolicLink: deletes one that this driver has made. STATUS_OBJECT_NAME_NOT_FOUND. */
NTSTATUS NTAPI IoDeleteSymbolicLink(PUNICODE_STRING SymbolicLinkName)
{
    PWDM_LINK Link = WdmFindLink(SymbolicLinkName);

    if (!Link)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    RemoveEntryList(&Link->Link);
    ZwClose(Link->Handle);
    ExFreePoolWithTag(Link, 'kniL');
    return STATUS_SUCCESS;
}
