// SPDX-License-Identifier: BSD-2-Clause
/* Looking into images, for programs; the loader's own routines (ldr/image.c) check what is behind.
 */
#include "ldrp.h"

PVOID NTAPI RtlImageNtHeader(PVOID Base)
{
    PIMAGE_DOS_HEADER Dos = Base;
    PIMAGE_NT_HEADERS Headers;

    if (!Base || Dos->e_magic != IMAGE_DOS_SIGNATURE || Dos->e_lfanew < 0 ||
        Dos->e_lfanew > 0x10000000)
        return NULL;
    Headers = (PIMAGE_NT_HEADERS)((PUCHAR)Base + Dos->e_lfanew);
    return Headers->Signature == IMAGE_NT_SIGNATURE ? Headers : NULL;
}

/* Only for images that are mapped as images. */
PVOID NTAPI RtlImageDirectoryEntryToData(PVOID Base, BOOLEAN MappedAsImage, USHORT Directory,
                                         PULONG Size)
{
    LDRP_IMAGE Image;

    *Size = 0;
    if (!MappedAsImage || !NT_SUCCESS(LdrpOpenImage(Base, MAXLONG, &Image)))
        return NULL;
    return LdrpImageDirectory(&Image, Directory, Size);
}
