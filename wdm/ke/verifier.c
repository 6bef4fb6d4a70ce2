/* SPDX-License-Identifier: BSD-2-Clause */
#include "verifier.h"

extern UCHAR __ImageBase[];

BOOLEAN KiIsDriverCode(PVOID Address)
{
    PIMAGE_NT_HEADERS Headers =
        (PIMAGE_NT_HEADERS)(__ImageBase + ((PIMAGE_DOS_HEADER)(PVOID)__ImageBase)->e_lfanew);

    return (SIZE_T)((PUCHAR)Address - __ImageBase) >= Headers->OptionalHeader.SizeOfImage;
}
