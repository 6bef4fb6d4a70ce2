/* SPDX-License-Identifier: BSD-2-Clause */
/* Mapping pages, and the page-table objects that they need. */
#include "../../mi.h"

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

/* Allocating memory for the table may already have made this very table: then Table comes back
 * zeroed. */
NTSTATUS MiCreateTable(seL4_CPtr VSpace, ULONG_PTR Address, ULONG LevelBits,
                       PMM_KERNEL_OBJECT Table)
{
    NTSTATUS Status = MmCreateKernelObject(MiTableType(LevelBits), 0, Table);
    seL4_Error Error;

    if (!NT_SUCCESS(Status))
        return Status;
    Error = MiMapTable(Table->Cap, LevelBits, VSpace, Address);
    if (Error == seL4_NoError)
        return STATUS_SUCCESS;
    MmDeleteKernelObject(Table);
    return Error == seL4_DeleteFirst ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}
