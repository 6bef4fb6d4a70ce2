/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handle tables: a growing array of blocks of entries. Handle values are multiples of 4 (the two
 * low bits are the client's own); index 0 is never used, so that NULL is no handle.
 */
#include "obp.h"

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

NTSTATUS ObpGrowTable(PHANDLE_TABLE Table)
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

/* An object that was made exclusive belongs to the first process that opens it so. */
NTSTATUS ObpClaim(POBJECT_HEADER Header, struct _EPROCESS *Process, ULONG Attributes)
{
    if (Header->ExclusiveProcess && Header->ExclusiveProcess != Process)
        return STATUS_ACCESS_DENIED;
    if (!(Attributes & OBJ_EXCLUSIVE))
        return STATUS_SUCCESS;
    if ((Attributes & OBJ_INHERIT) || !(Header->Flags & OBP_EXCLUSIVE))
        return STATUS_INVALID_PARAMETER;
    if (Header->HandleCount && !Header->ExclusiveProcess)
        return STATUS_ACCESS_DENIED;
    Header->ExclusiveProcess = Process;
    return STATUS_SUCCESS;
}

void ObpFillEntry(PHANDLE_ENTRY Entry, PVOID Object, ACCESS_MASK Access, ULONG Attributes)
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
    if (++Table->Count > Table->HighWater)
        Table->HighWater = Table->Count;
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

NTSTATUS ObOpenObjectByPointer(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                               PHANDLE Handle)
{
    ACCESS_MASK Granted;
    NTSTATUS Status = ObCheckAccess(Object, DesiredAccess, &Granted);

    return NT_SUCCESS(Status)
               ? ObpCreateHandle(PsGetCurrentProcess(), Object, Granted, Attributes, Handle)
               : Status;
}

/* A handle to Object has left its table. With the last one the name goes first, as closing may give
 * way: nobody opens what is being closed. */
static void ObpReleaseHandle(struct _EPROCESS *Process, PVOID Object)
{
    POBJECT_HEADER Header = OBP_HEADER(Object);

    Header->Type->Handles--;
    if (--Header->HandleCount == 0)
        Header->ExclusiveProcess = NULL;
    ObpDeleteNameCheck(Object);
    if (Header->Type->Info.Close)
        Header->Type->Info.Close(Object, Process, Header->HandleCount);
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
        if (Block[i].Object) {
            ObpReleaseHandle(Process, Block[i].Object);
            KeGiveWay();
        }
    ExFreePool(Block);
}

void ObpDeleteTable(struct _EPROCESS *Process, PHANDLE_TABLE Table)
{
    ULONG i;

    for (i = 0; i < Table->BlockCount; i++)
        ObpCloseBlock(Process, Table->Blocks[i]);
    if (Table->Blocks)
        ExFreePool(Table->Blocks);
    ExFreePool(Table);
}

/* Once this has begun, no handle can be made or found in the process. Other services run
 * meanwhile. */
void ObCloseAllHandles(struct _EPROCESS *Process)
{
    PHANDLE_TABLE Table = Process->HandleTable;

    Process->HandleTable = NULL;
    if (Table)
        ObpDeleteTable(Process, Table);
}

ULONG ObGetHandleCount(struct _EPROCESS *Process)
{
    return Process->HandleTable ? Process->HandleTable->Count : 0;
}

ULONG ObGetHandleHighWater(struct _EPROCESS *Process)
{
    return Process->HandleTable ? Process->HandleTable->HighWater : 0;
}

/*
 * NtClose: a handle goes; the object with it if nothing else holds it.
 * Returns STATUS_INVALID_HANDLE, STATUS_HANDLE_NOT_CLOSABLE; in a process that is debugged they are
 * raised too, but for NULL. Pseudo handles need no closing.  (WDK: ZwClose)
 */
NTSTATUS NTAPI NtClose(HANDLE Handle)
{
    PEPROCESS Process = PsGetCurrentProcess();
    NTSTATUS Status;

    if ((LONG_PTR)Handle >= -6 && (LONG_PTR)Handle <= -1)
        return STATUS_SUCCESS;
    Status = ObCloseHandle(Process, Handle);
    return NT_SUCCESS(Status) || !Handle || !Process->DebugPort ? Status
                                                                : KeRaiseUserException(Status);
}
