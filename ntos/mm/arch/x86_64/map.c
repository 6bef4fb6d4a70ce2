/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping pages and page-table objects on x86_64. */
#include "../../mi.h"

/* Level bits as the kernel names a missing table. */
#define TABLE_LEVEL 21
#define DIRECTORY_LEVEL 30
#define PDPT_LEVEL 39

ULONG MiObjectBits(seL4_Word Type, seL4_Word SizeBits)
{
    switch (Type) {
    case seL4_TCBObject:
        return seL4_TCBBits;
    case seL4_EndpointObject:
        return seL4_EndpointBits;
    case seL4_NotificationObject:
        return seL4_NotificationBits;
    case seL4_CapTableObject:
        return (ULONG)SizeBits + seL4_SlotBits;
    case seL4_X86_PDPTObject:
    case seL4_X64_PML4Object:
    case seL4_X86_PageTableObject:
    case seL4_X86_PageDirectoryObject:
        return seL4_PageTableBits;
    default:
        return 0;
    }
}

seL4_Error MiMapPage(seL4_CPtr Cap, seL4_CPtr VSpace, ULONG_PTR Address, BOOLEAN Write,
                     seL4_Word Attributes, ULONG *Missing)
{
    seL4_CapRights_t Rights = Write ? seL4_ReadWrite : seL4_CanRead;
    seL4_Word First = Address, Second = Rights.words[0], Third = Attributes, Fourth = 0;
    seL4_Error Error;

    seL4_SetCap(0, VSpace);
    Error = sel4_invoke(Cap, X86PageMap, 1, 3, &First, &Second, &Third, &Fourth);
    *Missing = 0;
    if (Error == seL4_FailedLookup && Second == seL4_MissingCapability)
        *Missing = (ULONG)Third;
    return Error;
}

static seL4_Error MapTable(seL4_CPtr Table, ULONG LevelBits, seL4_CPtr VSpace, ULONG_PTR Address)
{
    switch (LevelBits) {
    case TABLE_LEVEL:
        return seL4_X86_PageTable_Map(Table, VSpace, Address, seL4_X86_Default_VMAttributes);
    case DIRECTORY_LEVEL:
        return seL4_X86_PageDirectory_Map(Table, VSpace, Address, seL4_X86_Default_VMAttributes);
    default:
        return seL4_X86_PDPT_Map(Table, VSpace, Address, seL4_X86_Default_VMAttributes);
    }
}

/* Making the table's memory may have made that very table (a zeroed Table comes back): then there
 * is nothing to do. */
NTSTATUS MiCreateTable(seL4_CPtr VSpace, ULONG_PTR Address, ULONG LevelBits,
                       PMM_KERNEL_OBJECT Table)
{
    seL4_Word Type = LevelBits == TABLE_LEVEL       ? seL4_X86_PageTableObject
                     : LevelBits == DIRECTORY_LEVEL ? seL4_X86_PageDirectoryObject
                                                    : seL4_X86_PDPTObject;
    NTSTATUS Status = MmCreateKernelObject(Type, 0, Table);
    seL4_Error Error;

    if (!NT_SUCCESS(Status))
        return Status;
    Error = MapTable(Table->Cap, LevelBits, VSpace, Address);
    if (Error == seL4_NoError)
        return STATUS_SUCCESS;
    MmDeleteKernelObject(Table);
    return Error == seL4_DeleteFirst ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
