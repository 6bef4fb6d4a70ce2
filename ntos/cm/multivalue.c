// SPDX-License-Identifier: BSD-2-Clause
/* Several values of a key at once. */
#include "cmp.h"

#define MAXIMUM_ENTRIES 0x10000 /* as on Windows */

/* Where the data go, and where the next ones would. */
typedef struct _CM_MULTI {
    PCM_KEY Key;
    CLIENT(PUCHAR) Buffer;
    ULONG Room, Used; /* Used goes on when there is no more room */
    NTSTATUS Status;  /* STATUS_BUFFER_OVERFLOW: there is none */
} CM_MULTI, *PCM_MULTI;

/* Data begin at multiples of 4. */
static NTSTATUS ReturnData(PCM_MULTI Multi, PCM_VALUE_VIEW View, PKEY_VALUE_ENTRY Entry)
{
    ULONG Offset = (ULONG)ALIGN_UP_BY(Multi->Used, sizeof(ULONG));
    BOOLEAN Fits = Multi->Status == STATUS_SUCCESS && Offset <= Multi->Room &&
                   View->DataLength <= Multi->Room - Offset;

    if (Offset < Multi->Used || View->DataLength > MAXULONG - Offset)
        return STATUS_INTEGER_OVERFLOW;
    Entry->Type = View->Type;
    Entry->DataLength = View->DataLength;
    Entry->DataOffset = Offset;
    Multi->Used = Offset + View->DataLength;
    if (!Fits) {
        Multi->Status = STATUS_BUFFER_OVERFLOW;
        return STATUS_SUCCESS;
    }
    return MmCopyToClient(Multi->Buffer + Offset, View->Data, View->DataLength);
}

static NTSTATUS ReturnNamed(PCM_MULTI Multi, const CM_NAME *Name, PKEY_VALUE_ENTRY Entry)
{
    CM_VALUE_VIEW View;
    CM_VALUE Value;
    NTSTATUS Status;

    if (CmpStoreOf(Multi->Key)->IsDeleted(Multi->Key->Node))
        return STATUS_KEY_DELETED;
    Value = CmpStoreOf(Multi->Key)->FindValue(Multi->Key->Node, Name);
    if (!Value)
        return STATUS_OBJECT_NAME_NOT_FOUND;
    CmpStoreOf(Multi->Key)->ReferenceValue(Value, &View);
    Status = ReturnData(Multi, &View, Entry);
    CmpStoreOf(Multi->Key)->DereferenceValue(&View);
    return Status;
}

static NTSTATUS ReturnEntry(PCM_MULTI Multi, CLIENT(PKEY_VALUE_ENTRY) ClientEntry)
{
    KEY_VALUE_ENTRY Entry;
    CM_NAME Name;
    NTSTATUS Status = MmReadClient(&Entry, ClientEntry);

    if (NT_SUCCESS(Status))
        Status = CmpCaptureValueName(&Name, (CLIENT(PUNICODE_STRING))Entry.ValueName);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ReturnNamed(Multi, &Name, &Entry);
    CmpFreeValueName(&Name);
    return NT_SUCCESS(Status) ? MmWriteClient(ClientEntry, &Entry) : Status;
}

static NTSTATUS ReturnEntries(PCM_MULTI Multi, CLIENT(PKEY_VALUE_ENTRY) Entries, ULONG Count)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < Count && NT_SUCCESS(Status); i++) {
        Status = ReturnEntry(Multi, Entries + i);
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
    }
    return Status;
}

static NTSTATUS ReturnLengths(PCM_MULTI Multi, CLIENT(PULONG) BufferLength,
                              CLIENT(PULONG) RequiredLength)
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (Multi->Status == STATUS_SUCCESS)
        Status = MmWriteClient(BufferLength, &Multi->Used);
    if (NT_SUCCESS(Status) && RequiredLength)
        Status = MmWriteClient(RequiredLength, &Multi->Used);
    return NT_SUCCESS(Status) ? Multi->Status : Status;
}

/*
 * NtQueryMultipleValueKey: the data of EntryCount values, whose entries receive type, length and
 * place in ValueBuffer, of *BufferLength bytes, which becomes what was used of it.
 * *RequiredBufferLength, if given, becomes what is needed. Needs KEY_QUERY_VALUE. Returns
 * STATUS_BUFFER_OVERFLOW (all of what the entries say is right, but only the first data were
 * copied), STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INSUFFICIENT_RESOURCES (more than 65,536 entries),
 * STATUS_KEY_DELETED, STATUS_ACCESS_VIOLATION and what handles may give.  (Win32:
 * RegQueryMultipleValues)
 */
NTSTATUS NTAPI NtQueryMultipleValueKey(HANDLE KeyHandle, CLIENT(PKEY_VALUE_ENTRY) ValueEntries,
                                       ULONG EntryCount, CLIENT(PVOID) ValueBuffer,
                                       CLIENT(PULONG) BufferLength,
                                       CLIENT(PULONG) RequiredBufferLength)
{
    CM_MULTI Multi = {.Buffer = (CLIENT(PUCHAR))ValueBuffer, .Status = STATUS_SUCCESS};
    NTSTATUS Status;

    if (EntryCount > MAXIMUM_ENTRIES)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmReadClient(&Multi.Room, BufferLength);
    if (NT_SUCCESS(Status))
        Status = CmpReferenceKey(KeyHandle, KEY_QUERY_VALUE, &Multi.Key);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ReturnEntries(&Multi, ValueEntries, EntryCount);
    ObDereferenceObject(Multi.Key);
    return NT_SUCCESS(Status) ? ReturnLengths(&Multi, BufferLength, RequiredBufferLength) : Status;
}
