// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which handlers may be called on i386. An image may list its handlers (SafeSEH), or say that it
 * has none; nothing on a stack is one. The images' lists are in the table of seh/images.c: RVAs, in
 * order; no table if the image says nothing.
 */
#include "ldrp.h"
#include "sehp.h"

/* (PE/COFF: the load configuration structure) */
#define TABLE_OFFSET 64
#define COUNT_OFFSET 68

static ULONG NoHandlers;

PVOID SehpImageTable(const LDRP_IMAGE *Image, PULONG Size)
{
    PIMAGE_OPTIONAL_HEADER Optional = &Image->Headers->OptionalHeader;
    ULONG Available, Address, Count;
    PUCHAR Configuration;

    *Size = 0;
    if (Optional->DllCharacteristics & IMAGE_DLLCHARACTERISTICS_NO_SEH)
        return &NoHandlers;
    Configuration = LdrpImageDirectory(Image, IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG,
                                       COUNT_OFFSET + sizeof(Count), &Available);
    if (!Configuration)
        return NULL;
    memcpy(&Address, Configuration + TABLE_OFFSET, sizeof(Address));
    memcpy(&Count, Configuration + COUNT_OFFSET, sizeof(Count));
    if (!Address || !Count || Count > Image->Size / sizeof(ULONG))
        return NULL;
    *Size = Count * sizeof(ULONG);
    /* The program itself has not been relocated yet. */
    if (!LdrpAddressInImage(Image, (PVOID)Address))
        Address += (ULONG_PTR)Image->Base - Optional->ImageBase;
    return LdrpImageTable(Image, Address - (ULONG_PTR)Image->Base, Count, sizeof(ULONG));
}

static BOOLEAN IsListed(const SEHP_IMAGE *Image, ULONG Rva)
{
    const ULONG *List = Image->Table;
    ULONG Low = 0, High = Image->TableSize / sizeof(ULONG);

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;

        if (List[Middle] == Rva)
            return TRUE;
        if (List[Middle] < Rva)
            Low = Middle + 1;
        else
            High = Middle;
    }
    return FALSE;
}

BOOLEAN SehpIsValidHandler(PEXCEPTION_ROUTINE Handler)
{
    ULONG_PTR Address = (ULONG_PTR)Handler;
    PNT_TIB Tib = &NtCurrentTeb()->NtTib;
    SEHP_IMAGE Image;

    if (Address >= (ULONG_PTR)Tib->StackLimit && Address < (ULONG_PTR)Tib->StackBase)
        return FALSE;
    if (!SehpFindImage(Address, &Image) || !Image.Table)
        return TRUE;
    return IsListed(&Image, (ULONG)(Address - Image.Base));
}
