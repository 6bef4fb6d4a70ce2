/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The DDK for i386 reads the tick count in KeTickCount, a variable of ntoskrnl.exe, with an inline
 * routine (KeQueryTickCount). A driver may wait for it to change and call nothing meanwhile; so
 * what it imports under that name is the count that the Executive keeps in KUSER_SHARED_DATA.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"

/* The export whose address is looked for; never written, never read. */
volatile KSYSTEM_TIME KxTickCount;

C_ASSERT(FIELD_OFFSET(KUSER_SHARED_DATA, TickCount) == 0x320);

/* Replaces the address of KxTickCount in an import address table, whose pages are protected. */
static NTSTATUS KiRedirectTickCount(PULONG_PTR Table, ULONG Count)
{
    PVOID Page;
    SIZE_T Length;
    ULONG Protection;
    NTSTATUS Status = STATUS_SUCCESS;

    for (; Count && *Table && NT_SUCCESS(Status); Table++, Count--) {
        if (*Table != (ULONG_PTR)&KxTickCount)
            continue;
        Page = Table;
        Length = sizeof(*Table);
        Status =
            NtProtectVirtualMemory(NtCurrentProcess(), &Page, &Length, PAGE_READWRITE, &Protection);
        if (!NT_SUCCESS(Status))
            break;
        *Table = (ULONG_PTR)&KiSharedData->TickCount;
        Status =
            NtProtectVirtualMemory(NtCurrentProcess(), &Page, &Length, Protection, &Protection);
    }
    return Status;
}

/* The loader has walked the same tables to resolve the imports; what ends them may be the end of
 * their section. */
NTSTATUS KiAdaptImage(PUCHAR Base, PIMAGE_NT_HEADERS Headers)
{
    PIMAGE_IMPORT_DESCRIPTOR Import;
    NTSTATUS Status = STATUS_SUCCESS;

    for (ULONG i = 0; NT_SUCCESS(Status) && (Import = WdmImport(Base, i)) != NULL; i++)
        Status = KiRedirectTickCount((PULONG_PTR)(Base + Import->FirstThunk),
                                     WdmImageExtent(Base, Import->FirstThunk) / sizeof(ULONG_PTR));
    return Status;
}
