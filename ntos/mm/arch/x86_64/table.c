/* SPDX-License-Identifier: BSD-2-Clause */
/* Page-table objects on x86_64: three levels below the PML4. */
#include "../../mi.h"

/* Level bits as the kernel names a missing table. */
#define TABLE_LEVEL 21
#define DIRECTORY_LEVEL 30
#define PDPT_LEVEL 39

seL4_Word MiTableType(ULONG LevelBits)
{
    switch (LevelBits) {
    case TABLE_LEVEL:
        return seL4_X86_PageTableObject;
    case DIRECTORY_LEVEL:
        return seL4_X86_PageDirectoryObject;
    default:
        return seL4_X86_PDPTObject;
    }
}

BOOLEAN MiIsTableType(seL4_Word Type)
{
    return Type == seL4_X86_PageTableObject || Type == seL4_X86_PageDirectoryObject ||
           Type == seL4_X86_PDPTObject || Type == seL4_X64_PML4Object;
}

seL4_Error MiMapTable(seL4_CPtr Table, ULONG LevelBits, seL4_CPtr VSpace, ULONG_PTR Address)
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
