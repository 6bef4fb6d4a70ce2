/* SPDX-License-Identifier: BSD-2-Clause */
/* Page-table objects on i386: one level below the page directory. */
#include "../../mi.h"

seL4_Word MiTableType(ULONG LevelBits)
{
    return seL4_X86_PageTableObject;
}

BOOLEAN MiIsTableType(seL4_Word Type)
{
    return Type == seL4_X86_PageTableObject || Type == seL4_X86_PageDirectoryObject;
}

seL4_Error MiMapTable(seL4_CPtr Table, ULONG LevelBits, seL4_CPtr VSpace, ULONG_PTR Address)
{
    return seL4_X86_PageTable_Map(Table, VSpace, Address, seL4_X86_Default_VMAttributes);
}
