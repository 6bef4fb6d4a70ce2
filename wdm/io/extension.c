/* SPDX-License-Identifier: BSD-2-Clause */
/* Driver object extensions: memory that a driver finds again by an identifier. */
#include "iop.h"
#include "ki.h"

typedef struct _IOP_CLIENT_EXTENSION {
    struct _IOP_CLIENT_EXTENSION *Next;
    PVOID Identification;
    DECLSPEC_ALIGN(16) UCHAR Data[];
} IOP_CLIENT_EXTENSION, *PIOP_CLIENT_EXTENSION;

static PIOP_CLIENT_EXTENSION IopClientExtensions;

PVOID NTAPI IoGetDriverObjectExtension(PDRIVER_OBJECT DriverObject,
                                       PVOID ClientIdentificationAddress)
{
    for (PIOP_CLIENT_EXTENSION Entry = IopClientExtensions; Entry; Entry = Entry->Next) {
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
    PIOP_CLIENT_EXTENSION Entry;

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
    Entry->Next = IopClientExtensions;
    IopClientExtensions = Entry;
    *Extension = Entry->Data;
    return STATUS_SUCCESS;
}
