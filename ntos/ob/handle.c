/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handle tables: a growing array of blocks of entries. Handle values are multiples of 4 (the two
 * low bits are the client's own); index 0 is never used, so that NULL is no handle.
 */
#include "obp.h"

#define OBP_BLOCK_ENTRIES 128
#define OBP_MAXIMUM_BLOCKS (OB_MAXIMUM_HANDLES / OBP_BLOCK_ENTRIES)

typedef struct _HANDLE_TABLE {
    PHANDLE_ENTRY *Blocks;
    ULONG BlockSlots; /* room in Blocks */
    ULONG BlockCount;
    ULONG FirstFree; /* index, 0: none */
    ULONG Count;     /* handles */
} HANDLE_TABLE, *PHANDLE_TABLE;

/* The first block is made with the first handle. */
NTSTATUS ObCreateHandleTable(struct _EPROCESS *Process)
{
    Process->HandleTable = ExAllocatePool(sizeof(HANDLE_TABLE));
    return Process->HandleTable ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

static PHANDLE_ENTRY ObpEntryAt(PHANDLE_TABLE Table, ULONG Index)
{
    return &Table->Blocks[Index / OBP_BLOCK_ENTRIES][Index % OBP_BLOCK_ENTRIES];
}

static NTSTATUS ObpGrowBlockArray(PHANDLE_TABLE Table)
{
    ULONG Slots = Table->BlockSlots ? Table->BlockSlots * 2 : 4;
    PHANDLE_ENTRY *Blocks = ExAllocatePool(Slots * sizeof(*Blocks));

    if (!Blocks)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (Table->BlockCount)
        memcpy(Blocks, Table->Blocks, Table->BlockCount * sizeof(*Blocks));
    if (Table->Blocks)
        ExFreePool(Table->Blocks);
    Table->Blocks = Blocks;
    Table->BlockSlots = Slots;
    return STATUS_SUCCESS;
}

static NTSTATUS ObpGrowTable(PHANDLE_TABLE Table)
{
    ULONG First = Table->BlockCount * OBP_BLOCK_ENTRIES, Index;
    PHANDLE_ENTRY Block;

    if (Table->BlockCount == OBP_MAXIMUM_BLOCKS)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (Table->BlockCount == Table->BlockSlots && !NT_SUCCESS(ObpGrowBlockArray(Table)))
        return STATUS_INSUFFICIENT_RESOURCES;
    Block = ExAllocatePool(OBP_BLOCK_ENTRIES * sizeof(*Block));
    if (!Block)
        return STATUS_INSUFFICIENT_RESOURCES;
    Table->Blocks[Table->BlockCount++] = Block;
    for (Index = OBP_BLOCK_ENTRIES; Index-- > (First ? 0 : 1);) {
        Block[Index].NextFree = Table->FirstFree;
        Table->FirstFree = First + Index;
    }
    return STATUS_SUCCESS;
}

PHANDLE_ENTRY ObpLookupHandle(struct _EPROCESS *Process, HANDLE Handle)
{
    PHANDLE_TABLE Table = Process->HandleTable;
    ULONG_PTR Index = (ULONG_PTR)Handle / 4;
    PHANDLE_ENTRY Entry;

    if (!Table || Index >= Table->BlockCount * OBP_BLOCK_ENTRIES)
        return NULL;
    Entry = ObpEntryAt(Table, (ULONG)Index);
    return Entry->Object ? Entry : NULL;
}

/* An exclusive object belongs to the first process that has a handle. */
static NTSTATUS ObpClaim(POBJECT_HEADER Header, struct _EPROCESS *Process, ULONG Attributes)
{
    if (Header->HandleCount && (Header->Flags & OBP_EXCLUSIVE) &&
        Header->ExclusiveProcess != Process)
        return STATUS_ACCESS_DENIED;
    if (Attributes & OBJ_EXCLUSIVE) {
        if (Header->HandleCount && !(Header->Flags & OBP_EXCLUSIVE))
            return STATUS_ACCESS_DENIED;
        Header->Flags |= OBP_EXCLUSIVE;
        Header->ExclusiveProcess = Process;
    }
    return STATUS_SUCCESS;
}

static void ObpFillEntry(PHANDLE_ENTRY Entry, PVOID Object, ACCESS_MASK Access, ULONG Attributes)
{
    POBJECT_HEADER Header = OBP_HEADER(Object);

    ObReferenceObject(Object);
    Header->HandleCount++;
    if (++Header->Type->Handles > Header->Type->HighWaterHandles)
        Header->Type->HighWaterHandles = Header->Type->Handles;
    Entry->Object = Object;
    Entry->Access = Access;
    Entry->Attributes = Attributes & OBP_HANDLE_ATTRIBUTES;
}

/* The type's Open method may refuse; it must not wait. */
NTSTATUS ObpCreateHandle(struct _EPROCESS *Process, PVOID Object, ACCESS_MASK GrantedAccess,
                         ULONG Attributes, PHANDLE Handle)
{
    PHANDLE_TABLE Table = Process->HandleTable;
    POBJECT_TYPE Type = ObGetObjectType(Object);
    NTSTATUS Status;
    ULONG Index;

    if (!Table)
        return STATUS_PROCESS_IS_TERMINATING;
    if (!Table->FirstFree && !NT_SUCCESS(ObpGrowTable(Table)))
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = ObpClaim(OBP_HEADER(Object), Process, Attributes);
    if (NT_SUCCESS(Status) && Type->Info.Open)
        Status = Type->Info.Open(Object, Process, GrantedAccess);
    if (!NT_SUCCESS(Status))
        return Status;
    Index = Table->FirstFree;
    Table->FirstFree = ObpEntryAt(Table, Index)->NextFree;
    Table->Count++;
    ObpFillEntry(ObpEntryAt(Table, Index), Object, GrantedAccess, Attributes);
    *Handle = (HANDLE)((ULONG_PTR)Index * 4);
    return STATUS_SUCCESS;
}

NTSTATUS ObCreateHandle(struct _EPROCESS *Process, PVOID Object, ACCESS_MASK DesiredAccess,
                        ULONG Attributes, PHANDLE Handle)
{
    ACCESS_MASK Granted;
    NTSTATUS Status = ObpGrantAccess(Object, DesiredAccess, &Granted);

    return NT_SUCCESS(Status) ? ObpCreateHandle(Process, Object, Granted, Attributes, Handle)
                              : Status;
}

/* A handle to Object has left its table. */
static void ObpReleaseHandle(struct _EPROCESS *Process, PVOID Object)
{
    POBJECT_HEADER Header = OBP_HEADER(Object);

    Header->Type->Handles--;
    if (--Header->HandleCount == 0)
        Header->Flags &= ~OBP_EXCLUSIVE;
    if (Header->Type->Info.Close)
        Header->Type->Info.Close(Object, Process, Header->HandleCount);
    ObpDeleteNameCheck(Object);
    ObDereferenceObject(Object);
}

/* STATUS_INVALID_HANDLE, STATUS_HANDLE_NOT_CLOSABLE (OBJ_PROTECT_CLOSE). */
NTSTATUS ObCloseHandle(struct _EPROCESS *Process, HANDLE Handle)
{
    PHANDLE_ENTRY Entry = ObpLookupHandle(Process, Handle);
    PVOID Object;

    if (!Entry)
        return STATUS_INVALID_HANDLE;
    if (Entry->Attributes & OBJ_PROTECT_CLOSE)
        return STATUS_HANDLE_NOT_CLOSABLE;
    Object = Entry->Object;
    Entry->Object = NULL;
    Entry->NextFree = Process->HandleTable->FirstFree;
    Process->HandleTable->FirstFree = (ULONG)((ULONG_PTR)Handle / 4);
    Process->HandleTable->Count--;
    ObpReleaseHandle(Process, Object);
    return STATUS_SUCCESS;
}

static void ObpCloseBlock(struct _EPROCESS *Process, PHANDLE_ENTRY Block)
{
    ULONG i;

    for (i = 0; i < OBP_BLOCK_ENTRIES; i++)
        if (Block[i].Object)
            ObpReleaseHandle(Process, Block[i].Object);
    ExFreePool(Block);
}

/* No handle can be made in the process once this has begun. */
void ObCloseAllHandles(struct _EPROCESS *Process)
{
    PHANDLE_TABLE Table = Process->HandleTable;
    ULONG i;

    if (!Table)
        return;
    Process->HandleTable = NULL;
    for (i = 0; i < Table->BlockCount; i++)
        ObpCloseBlock(Process, Table->Blocks[i]);
    if (Table->Blocks)
        ExFreePool(Table->Blocks);
    ExFreePool(Table);
}

ULONG ObGetHandleCount(struct _EPROCESS *Process)
{
    return Process->HandleTable ? Process->HandleTable->Count : 0;
}

/*
 * NtClose: a handle goes; the object with it if nothing else holds it.
 * Returns STATUS_INVALID_HANDLE, STATUS_HANDLE_NOT_CLOSABLE. Pseudo handles need no closing.  (WDK:
 * ZwClose)
 */
NTSTATUS NTAPI NtClose(HANDLE Handle)
{
    if ((LONG_PTR)Handle >= -6 && (LONG_PTR)Handle <= -1)
        return STATUS_SUCCESS;
    return ObCloseHandle(PsGetCurrentProcess(), Handle);
}
