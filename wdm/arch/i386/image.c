/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The DDK for i386 reads the tick count in KeTickCount, a variable of ntoskrnl.exe, with an inline
 * routine (KeQueryTickCount). A driver may wait for it to change and call nothing meanwhile; so
 * what it imports under that name is the count that the Executive keeps in KUSER_SHARED_DATA.
 */
#include "ki.h"
#include "ntdll.h"

/* The export whose address is looked for; never written, never read. */
volatile KSYSTEM_TIME KxTickCount;

C_ASSERT(FIELD_OFFSET(KUSER_SHARED_DATA, TickCount) == 0x320);

/* Replaces the address of KxTickCount in an import address table, whose pages are protected. */
static NTSTATUS KiRedirectTickCount(PULONG_PTR Table)
{
    PVOID Page;
    SIZE_T Length;
    ULONG Protection;
    NTSTATUS Status = STATUS_SUCCESS;

    for (; *Table && NT_SUCCESS(Status); Table++) {
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

/* The loader has walked the same tables to resolve the imports, so they are sound. */
NTSTATUS KiAdaptImage(PUCHAR Base, PIMAGE_NT_HEADERS Headers)
{
    ULONG Rva = Headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    PIMAGE_IMPORT_DESCRIPTOR Import = (PIMAGE_IMPORT_DESCRIPTOR)(Base + Rva);
    NTSTATUS Status = STATUS_SUCCESS;

    for (; Rva && Import->Name && Import->FirstThunk && NT_SUCCESS(Status); Import++)
        Status = KiRedirectTickCount((PULONG_PTR)(Base + Import->FirstThunk));
    return Status;
}
