// SPDX-License-Identifier: BSD-2-Clause
/* Finding the unwind data of a function: that of the loaded images, then what programs have made at
 * run time (dynamic.c). */
#include "ldrp.h"
#include "sehp.h"

/* The table is sorted by address. */
PRUNTIME_FUNCTION SehpSearchFunctions(PRUNTIME_FUNCTION Table, ULONG Count, ULONG Rva)
{
    ULONG Low = 0, High = Count;

    while (Low < High) {
        ULONG Middle = (Low + High) / 2;

        if (Rva < Table[Middle].BeginAddress)
            High = Middle;
        else if (Rva >= Table[Middle].EndAddress)
            Low = Middle + 1;
        else
            return &Table[Middle];
    }
    return NULL;
}

/* Several pieces of a function may share an entry. */
static PRUNTIME_FUNCTION FollowIndirect(ULONG64 ImageBase, PRUNTIME_FUNCTION Function)
{
    if (Function && (Function->UnwindData & RUNTIME_FUNCTION_INDIRECT))
        return (PRUNTIME_FUNCTION)(ImageBase + (Function->UnwindData & ~RUNTIME_FUNCTION_INDIRECT));
    return Function;
}

/*
 * The entry of the function that ControlPc is in, and its image's base. NULL: there is none, as for
 * leaf functions (the base is that of the image all the same, or 0).  (Windows:
 * RtlLookupFunctionEntry)
 */
PRUNTIME_FUNCTION RtlLookupFunctionEntry(ULONG64 ControlPc, PULONG64 ImageBase,
                                         PUNWIND_HISTORY_TABLE HistoryTable)
{
    SEHP_IMAGE Image;
    PRUNTIME_FUNCTION Function;

    if (!SehpFindImage(ControlPc, &Image)) {
        *ImageBase = 0;
        return SehpFindDynamicFunction(ControlPc, ImageBase);
    }
    *ImageBase = Image.Base;
    Function = SehpSearchFunctions(Image.Table, Image.TableSize / sizeof(RUNTIME_FUNCTION),
                                   (ULONG)(ControlPc - Image.Base));
    return FollowIndirect(Image.Base, Function);
}

PVOID SehpImageTable(const LDRP_IMAGE *Image, PULONG Size)
{
    *Size = 0;
    return LdrpImageDirectory(Image, IMAGE_DIRECTORY_ENTRY_EXCEPTION, sizeof(RUNTIME_FUNCTION),
                              Size);
}
