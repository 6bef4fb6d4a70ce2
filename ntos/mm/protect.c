/* SPDX-License-Identifier: BSD-2-Clause */
/* Page protections: what is valid, what is allowed. */
#include "mi.h"

#define WRITABLE (PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY)

/* Exactly one protection; guard and caching modifiers not with PAGE_NOACCESS, nor the two caching
 * ones together. */
BOOLEAN MiIsValidProtection(ULONG Protect)
{
    ULONG Base = Protect & MI_PROTECTION_MASK;

    if (Protect & ~(MI_PROTECTION_MASK | MI_MODIFIERS) || !Base || Base & (Base - 1))
        return FALSE;
    if (Base == PAGE_NOACCESS)
        return (Protect & MI_MODIFIERS) == 0;
    return (Protect & (PAGE_NOCACHE | PAGE_WRITECOMBINE)) != (PAGE_NOCACHE | PAGE_WRITECOMBINE);
}

BOOLEAN MiAllowsAccess(ULONG Protect, BOOLEAN Write, BOOLEAN Execute)
{
    if (Protect & PAGE_NOACCESS || !(Protect & MI_PROTECTION_MASK))
        return FALSE;
    if (Execute && !MI_IS_EXECUTABLE(Protect))
        return FALSE;
    return !Write || Protect & WRITABLE;
}

ULONG MiCopiedProtection(ULONG Protect)
{
    if (Protect & PAGE_WRITECOPY)
        return (Protect & ~PAGE_WRITECOPY) | PAGE_READWRITE;
    if (Protect & PAGE_EXECUTE_WRITECOPY)
        return (Protect & ~PAGE_EXECUTE_WRITECOPY) | PAGE_EXECUTE_READWRITE;
    return Protect;
}

ULONG MiCopyOnWriteProtection(ULONG Protect)
{
    if (Protect & PAGE_READWRITE)
        return (Protect & ~PAGE_READWRITE) | PAGE_WRITECOPY;
    if (Protect & PAGE_EXECUTE_READWRITE)
        return (Protect & ~PAGE_EXECUTE_READWRITE) | PAGE_EXECUTE_WRITECOPY;
    return Protect;
}

void MiSetPteProtection(PMI_PTE New, ULONG Protect)
{
    New->Protect = (ULONG)__builtin_ctz(Protect & MI_PROTECTION_MASK);
    New->Guard = (Protect & PAGE_GUARD) != 0;
    New->NoCache = (Protect & PAGE_NOCACHE) != 0;
    New->WriteCombine = (Protect & PAGE_WRITECOMBINE) != 0;
    New->Set = TRUE;
    New->Committed = TRUE;
}

ULONG MiPteProtection(MI_PTE Pte)
{
    return 1u << Pte.Protect | (Pte.Guard ? PAGE_GUARD : 0) | (Pte.NoCache ? PAGE_NOCACHE : 0) |
           (Pte.WriteCombine ? PAGE_WRITECOMBINE : 0);
}

ULONG MiPageProtection(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte)
{
    ULONG Page = (ULONG)((Address - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage;

    if (Pte.Set)
        return Pte.Committed ? MiPteProtection(Pte) : 0;
    if (Vad->Type == MiVadPrivate)
        return Vad->Committed ? Vad->Protect : 0;
    if (Vad->Type == MiVadImage)
        return MiFindSubsection(Vad->Segment, Page)->Protect;
    if (Vad->Segment->Reserved) {
        PULONG Entry = MiFindSegmentEntry(Vad->Segment, Page);

        return Entry && *Entry & MI_SEGMENT_COMMITTED ? Vad->Protect : 0;
    }
    return Vad->Protect;
}
