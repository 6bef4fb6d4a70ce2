/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryDirectoryObject: what a directory holds. */
#include "obp.h"

/* However large the client's buffer, one call returns at most this much, or one entry, because
 * others wait meanwhile; STATUS_MORE_ENTRIES tells the client. */
#define OBP_QUERY_LIMIT 0x4000

static ULONG ObpEntrySize(POBP_NAME Entry)
{
    return (ULONG)(sizeof(OBJECT_DIRECTORY_INFORMATION) + Entry->Name.Length + sizeof(WCHAR) +
                   OBP_HEADER(Entry->Object)->Type->Name.Length + sizeof(WCHAR));
}

static POBP_NAME ObpNextName(POBP_NAME Entry)
{
    PRTL_BALANCED_NODE Next = RtlAvlNextNode(&Entry->NumberNode);

    return Next ? CONTAINING_RECORD(Next, OBP_NAME, NumberNode) : NULL;
}

/* How many entries from Entry on fit into Length bytes, counting the empty one that ends the
 * array. */
static ULONG ObpCountFitting(POBP_NAME Entry, BOOLEAN Single, ULONG Length, PULONG Needed)
{
    ULONG Count = 0;

    *Needed = sizeof(OBJECT_DIRECTORY_INFORMATION);
    for (; Entry && !(Single && Count); Entry = ObpNextName(Entry)) {
        if (Count && *Needed + ObpEntrySize(Entry) > OBP_QUERY_LIMIT)
            break;
        if (Length < *Needed || Length - *Needed < ObpEntrySize(Entry))
            break;
        *Needed += ObpEntrySize(Entry);
        Count++;
    }
    return Count;
}

/* Copies String to *Text in the system's copy of the buffer; the descriptor points into the
 * client's. */
static void ObpStoreString(PUNICODE_STRING Target, PCUNICODE_STRING String, PUCHAR *Text,
                           LONG_PTR ToClient)
{
    memcpy(*Text, String->Buffer, String->Length);
    Target->Buffer = (PWSTR)(*Text + ToClient);
    Target->Length = String->Length;
    Target->MaximumLength = String->Length + sizeof(WCHAR);
    *Text += String->Length + sizeof(WCHAR); /* pool is zeroed: the NUL is there */
}

/* Returns the last entry stored. Count is not 0. */
static POBP_NAME ObpStoreNames(POBP_NAME Entry, ULONG Count, PVOID Buffer, CLIENT(PVOID) Client)
{
    POBJECT_DIRECTORY_INFORMATION Information = Buffer;
    PUCHAR Text = (PUCHAR)(Information + Count + 1);
    LONG_PTR ToClient = (LONG_PTR)((ULONG_PTR)Client - (ULONG_PTR)Buffer);
    POBP_NAME Last = NULL;
    ULONG i;

    for (i = 0; i < Count; i++, Entry = ObpNextName(Entry)) {
        Last = Entry;
        ObpStoreString(&Information[i].Name, &Entry->Name, &Text, ToClient);
        ObpStoreString(&Information[i].TypeName, &OBP_HEADER(Entry->Object)->Type->Name, &Text,
                       ToClient);
    }
    return Last;
}

typedef struct _OBP_QUERY {
    CLIENT(PVOID) Buffer;
    ULONG Length;
    BOOLEAN Single;
    ULONG Number; /* in: of the first name that is wanted, out: the next call's */
    ULONG Returned;
} OBP_QUERY, *POBP_QUERY;

static NTSTATUS ObpQueryDirectory(POBP_DIRECTORY Directory, POBP_QUERY Query)
{
    POBP_NAME Entry = ObpNameFrom(Directory, Query->Number);
    ULONG Count;
    PVOID Copy;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Entry) {
        Query->Returned = sizeof(OBJECT_DIRECTORY_INFORMATION);
        return STATUS_NO_MORE_ENTRIES;
    }
    Count = ObpCountFitting(Entry, Query->Single, Query->Length, &Query->Returned);
    if (!Count) {
        Query->Returned += ObpEntrySize(Entry);
        return Query->Single ? STATUS_BUFFER_TOO_SMALL : STATUS_MORE_ENTRIES;
    }
    Copy = ExAllocatePool(Query->Returned);
    if (!Copy)
        return STATUS_INSUFFICIENT_RESOURCES;
    Entry = ObpStoreNames(Entry, Count, Copy, Query->Buffer);
    Query->Number = Entry->Number + 1;
    if (!Query->Single && ObpNextName(Entry))
        Status = STATUS_MORE_ENTRIES;
    if (!NT_SUCCESS(MmCopyToClient(Query->Buffer, Copy, Query->Returned)))
        Status = STATUS_ACCESS_VIOLATION;
    ExFreePool(Copy);
    return Status;
}

/*
 * NtQueryDirectoryObject: names and types of what a directory holds, from number *Context on
 * (RestartScan: from the first; numbers count the names in the order of their making), as an array
 * of OBJECT_DIRECTORY_INFORMATION ended by an empty one. Needs DIRECTORY_QUERY. Returns
 * STATUS_MORE_ENTRIES, STATUS_NO_MORE_ENTRIES, STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_HANDLE,
 * STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED, STATUS_ACCESS_VIOLATION.  (Win32:
 * NtQueryDirectoryObject)
 */
NTSTATUS NTAPI NtQueryDirectoryObject(HANDLE DirectoryHandle, CLIENT(PVOID) Buffer, ULONG Length,
                                      BOOLEAN ReturnSingleEntry, BOOLEAN RestartScan,
                                      CLIENT(PULONG) Context, CLIENT(PULONG) ReturnLength)
{
    OBP_QUERY Query = {.Buffer = Buffer, .Length = Length, .Single = ReturnSingleEntry != 0};
    POBP_DIRECTORY Directory;
    NTSTATUS Status = RestartScan ? MmProbeForWrite(Context, sizeof(ULONG))
                                  : MmReadClient(&Query.Number, Context);

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Buffer, Length);
    if (NT_SUCCESS(Status) && ReturnLength)
        Status = MmProbeForWrite(ReturnLength, sizeof(ULONG));
    if (NT_SUCCESS(Status))
        Status = ObReferenceObjectByHandle(DirectoryHandle, DIRECTORY_QUERY, ObDirectoryType,
                                           (PVOID *)&Directory);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObpQueryDirectory(Directory, &Query);
    ObDereferenceObject(Directory);
    if (ReturnLength && !NT_SUCCESS(MmWriteClient(ReturnLength, &Query.Returned)))
        return STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(Status) && !NT_SUCCESS(MmWriteClient(Context, &Query.Number)))
        return STATUS_ACCESS_VIOLATION;
    return Status;
}
