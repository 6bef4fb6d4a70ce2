/* SPDX-License-Identifier: BSD-2-Clause */
/* Driver object extensions: memory that a driver finds again by an identifier. */
#include "wdmio.h"
#include "ki.h"

typedef struct _WDM_CLIENT_EXTENSION {
    struct _WDM_CLIENT_EXTENSION *Next;
    PVOID Identification;
    DECLSPEC_ALIGN(16) UCHAR Data[];
} WDM_CLIENT_EXTENSION, *PWDM_CLIENT_EXTENSION;

static PWDM_CLIENT_EXTENSION WdmClientExtensions;

PVOID NTAPI IoGetDriverObjectExtension(PDRIVER_OBJECT DriverObject,
                                       PVOID ClientIdentificationAddress)
{
    for (PWDM_CLIENT_EXTENSION Entry = WdmClientExtensions; Entry; Entry = Entry->Next) {
        if (Entry->Identification == ClientIdentificationAddress)
            return Entry->Data;
    }
    return NULL;
}

/*
 * IoAllocateDriverObjectExtension: zeroed. STATUS_OBJECT_NAME_COLLISION,
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI IoAllocateDriverObjectExtension(PDRIVER_OBJECT DriverObject,
                                               PVOID ClientIdentificationAddress, ULONG Size,
                                               PVOID *Extension)
{
    PWDM_CLIENT_EXTENSION Entry;

    *Extension = NULL;
    if (IoGetDriverObjectExtension(DriverObject, ClientIdentificationAddress))
        return STATUS_OBJECT_NAME_COLLISION;
    if (Size > MAXLONG)
        return STATUS_INSUFFICIENT_RESOURCES;
    Entry = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Entry) + Size, 'txEI');
    if (!Entry)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlZeroMemory(Entry, sizeof(*Entry) + Size);
    Entry->Identification = ClientIdentificationAddress;
    Entry->Next = WdmClientExtensions;
    WdmClientExtensions = Entry;
    *Extension = Entry->Data;
    return STATUS_SUCCESS;
}
