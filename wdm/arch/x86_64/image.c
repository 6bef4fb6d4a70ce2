/* SPDX-License-Identifier: BSD-2-Clause */
/* The code of a driver, which has the Windows kernel's address of KUSER_SHARED_DATA in it. */
#include "ki.h"
#include "ntdll.h"
#include "shareddata.h"

/* Makes the code of an image use the page of KUSER_SHARED_DATA where it is. */
NTSTATUS KiAdaptImage(PUCHAR Base, PIMAGE_NT_HEADERS Headers)
{
    PIMAGE_SECTION_HEADER Section = IMAGE_FIRST_SECTION(Headers);
    NTSTATUS Status = STATUS_SUCCESS;

    for (USHORT i = 0; i < Headers->FileHeader.NumberOfSections && NT_SUCCESS(Status); i++) {
        PVOID Code = Base + Section[i].VirtualAddress, Start = Code;
        SIZE_T Size = Section[i].Misc.VirtualSize ? Section[i].Misc.VirtualSize
                                                  : Section[i].SizeOfRawData,
               Length = Size;
        ULONG Protection;

        if (!(Section[i].Characteristics & IMAGE_SCN_MEM_EXECUTE) || !Size)
            continue;
        Status = NtProtectVirtualMemory(NtCurrentProcess(), &Start, &Length, PAGE_EXECUTE_READWRITE,
                                        &Protection);
        if (!NT_SUCCESS(Status))
            break;
        WdmRedirectSharedData(Code, Size, NEPTUNE_SHARED_USER_DATA);
        Status =
            NtProtectVirtualMemory(NtCurrentProcess(), &Start, &Length, Protection, &Protection);
    }
    return Status;
}
