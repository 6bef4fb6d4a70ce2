/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Promises: whatever the pages of a range may need when they are touched is set aside before the
 * range exists, so that a page fault in it cannot fail for want of memory. A range that cannot be
 * given all of it is refused as a whole.
 *
 *   needed                                  promised for                     how
 *   a frame                                 committed private pages,         charged to commitment
 *                                           pages that copy on write
 *   a frame of the segment                  with the segment (segment.c)     charged to commitment
 *   page tables, ours and the hardware's    committed memory and views       made at once
 *   the slot of the page's capability       private pages: with the frame    slot.c
 *                                           pages of views                   slot.c
 *
 * Pages that are committed one by one in reserved memory get their tables then.
 */
#include "mi.h"

/* ---- Frames ---- */

static BOOLEAN IsCopyOnWrite(PMI_VAD Vad, ULONG_PTR Address)
{
    ULONG Page = (ULONG)((Address - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage;
    ULONG Protect =
        Vad->Type == MiVadImage ? MiFindSubsection(Vad->Segment, Page)->Protect : Vad->Protect;

    return MI_IS_COPY_ON_WRITE(Protect);
}

static SIZE_T ImageCharge(PMI_VAD Vad)
{
    SIZE_T Charge = 0;
    ULONG Index;

    for (Index = 0; Index < Vad->Segment->SubsectionCount; Index++)
        if (MI_IS_COPY_ON_WRITE(Vad->Segment->Subsections[Index].Protect))
            Charge += Vad->Segment->Subsections[Index].Pages;
    return Charge;
}

/* Views of images are of the whole image, and go as a whole. */
SIZE_T MiSilentCharge(PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last)
{
    SIZE_T Pages = (Last - Start + 1) >> PAGE_SHIFT;

    if (Vad->Type == MiVadPrivate)
        return Vad->Committed ? Pages : 0;
    if (Vad->Type == MiVadImage)
        return ImageCharge(Vad);
    return MI_IS_COPY_ON_WRITE(Vad->Protect) ? Pages : 0;
}

LONG MiPteCharge(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte)
{
    if (!Pte.Set)
        return 0;
    if (Vad->Type == MiVadPrivate)
        return (LONG)Pte.Committed - Vad->Committed;
    return (Pte.Private || MI_IS_COPY_ON_WRITE(MiPteProtection(Pte))) - IsCopyOnWrite(Vad, Address);
}

/* ---- Slots ---- */

/* A private page's slot comes with its frame. Frames that the system shows to many processes need
 * slots like those of views. */
SIZE_T MiSlotCharge(PMI_VAD Vad)
{
    return Vad->Type != MiVadPrivate || Vad->SystemOwned
               ? (Vad->Last - Vad->Start + 1) >> PAGE_SHIFT
               : 0;
}

/* ---- Tables ---- */

static BOOLEAN HasTables(PMI_VAD Vad)
{
    return Vad->Type != MiVadPrivate || Vad->Committed;
}

/* Whether a range that keeps its tables touches [Start, Last]. */
BOOLEAN MiIsTablePromised(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last)
{
    PMI_VAD Vad = MiFirstVadFrom(Vm, Start);

    while (Vad && Vad->Start <= Last && !HasTables(Vad)) {
        PRTL_BALANCED_NODE Next = RtlAvlNextNode(&Vad->Node);

        Vad = Next ? CONTAINING_RECORD(Next, MI_VAD, Node) : NULL;
    }
    return Vad && Vad->Start <= Last;
}

NTSTATUS MiPrepareTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last)
{
    ULONG_PTR Span = (ULONG_PTR)PAGE_SIZE << MI_TABLE_BITS, Address;

    for (Address = Start; Address <= Last; Address = ALIGN_DOWN_BY(Address, Span) + Span) {
        KeGiveWay();
        if (!MiCreateTables(Vm, Address)) {
            MiTrimTables(Vm, Start, Last);
            return STATUS_COMMITMENT_LIMIT;
        }
    }
    return STATUS_SUCCESS;
}

/* ---- All of it ---- */

static NTSTATUS PromiseTables(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    return HasTables(Vad) ? MiPrepareTables(Vm, Vad->Start, Vad->Last) : STATUS_SUCCESS;
}

NTSTATUS MiPromiseVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad)
{
    SIZE_T Charge = MiSilentCharge(Vad, Vad->Start, Vad->Last);
    NTSTATUS Status;

    Vad->Hidden = TRUE;
    if (!MiChargeCommitment(Vm, Charge))
        return STATUS_COMMITMENT_LIMIT;
    if (!MiPromiseSlots(MiSlotCharge(Vad))) {
        MiReturnCommitment(Vm, Charge);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Status = PromiseTables(Vm, Vad);
    if (!NT_SUCCESS(Status)) {
        MiReturnSlots(MiSlotCharge(Vad));
        MiReturnCommitment(Vm, Charge);
        return Status;
    }
    Vad->Hidden = FALSE;
    return STATUS_SUCCESS;
}
