/* SPDX-License-Identifier: BSD-2-Clause */
/* Extended parameters of memory services, and finding room that keeps to their bounds. (Win32:
 * MEM_EXTENDED_PARAMETER, MEM_ADDRESS_REQUIREMENTS) */
#include "mi.h"

#define IS_POWER_OF_TWO(value) (((value) & ((value)-1)) == 0)

/* ---- Parameters ---- */

static NTSTATUS CheckRequirements(const MEM_ADDRESS_REQUIREMENTS *Asked)
{
    ULONG_PTR Low = (ULONG_PTR)Asked->LowestStartingAddress,
              High = (ULONG_PTR)Asked->HighestEndingAddress;

    if (Low > MM_HIGHEST_USER_ADDRESS || Low & (MM_ALLOCATION_GRANULARITY - 1))
        return STATUS_INVALID_PARAMETER;
    if (High && (High > MM_HIGHEST_USER_ADDRESS || (High + 1) & (MM_ALLOCATION_GRANULARITY - 1) ||
                 High < Low))
        return STATUS_INVALID_PARAMETER;
    if (Asked->Alignment &&
        (Asked->Alignment < MM_ALLOCATION_GRANULARITY || !IS_POWER_OF_TWO(Asked->Alignment)))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static NTSTATUS CaptureRequirements(CLIENT(PVOID) Pointer, PMI_PLACEMENT Placement)
{
    MEM_ADDRESS_REQUIREMENTS Asked;
    NTSTATUS Status = MmCopyFromClient(&Asked, Pointer, sizeof(Asked));

    if (NT_SUCCESS(Status))
        Status = CheckRequirements(&Asked);
    if (!NT_SUCCESS(Status))
        return Status;
    Placement->Bounded =
        Asked.LowestStartingAddress || Asked.HighestEndingAddress || Asked.Alignment;
    if (Asked.LowestStartingAddress)
        Placement->Lowest = (ULONG_PTR)Asked.LowestStartingAddress;
    if (Asked.HighestEndingAddress)
        Placement->Highest = (ULONG_PTR)Asked.HighestEndingAddress;
    if (Asked.Alignment)
        Placement->Alignment = Asked.Alignment;
    return STATUS_SUCCESS;
}

/* There is one node. What needs partitions, physical pages or another machine is not there. */
static NTSTATUS CaptureParameter(const MEM_EXTENDED_PARAMETER *Parameter, PMI_PLACEMENT Placement)
{
    switch (Parameter->Type) {
    case MemExtendedParameterAddressRequirements:
        return CaptureRequirements((CLIENT(PVOID))(ULONG_PTR)Parameter->Pointer, Placement);
    case MemExtendedParameterNumaNode:
        return Parameter->ULong ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
    case MemExtendedParameterAttributeFlags:
        return Parameter->ULong64 ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
    default:
        return STATUS_NOT_IMPLEMENTED;
    }
}

NTSTATUS MiCapturePlacement(CLIENT(PMEM_EXTENDED_PARAMETER) Parameters, ULONG Count,
                            PMI_PLACEMENT Placement)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Index, Seen = 0;

    *Placement = (MI_PLACEMENT){MM_LOWEST_USER_ADDRESS, MM_HIGHEST_USER_ADDRESS,
                                MM_ALLOCATION_GRANULARITY, FALSE};
    if (Count && !Parameters)
        return STATUS_INVALID_PARAMETER;
    for (Index = 0; Index < Count && NT_SUCCESS(Status); Index++) {
        MEM_EXTENDED_PARAMETER Parameter;

        Status = MmReadClient(&Parameter, Parameters + Index);
        if (!NT_SUCCESS(Status))
            return Status;
        if (Parameter.Type == MemExtendedParameterInvalidType ||
            Parameter.Type >= MemExtendedParameterMax || Parameter.Reserved ||
            Seen & 1u << Parameter.Type)
            return STATUS_INVALID_PARAMETER;
        Seen |= 1u << Parameter.Type;
        Status = CaptureParameter(&Parameter, Placement);
    }
    return Status;
}

/* ---- Room ---- */

/* Where Size bytes begin in [Start, End), at the lowest or the highest place; 0: nowhere. */
static ULONG_PTR PlaceInGap(ULONG_PTR Start, ULONG_PTR End, SIZE_T Size, SIZE_T Alignment,
                            BOOLEAN TopDown)
{
    ULONG_PTR Low = ALIGN_UP_BY(Start, Alignment), High;

    if (Low < Start || Low >= End || End - Low < Size)
        return 0;
    High = ALIGN_DOWN_BY(End - Size, Alignment);
    return TopDown ? High : Low;
}

/* Looks at each range between the bounds, giving way; the address space is locked. */
static ULONG_PTR SearchGaps(PMM_ADDRESS_SPACE Vm, SIZE_T Size, const MI_PLACEMENT *Placement,
                            BOOLEAN TopDown)
{
    ULONG_PTR Start = Placement->Lowest, Found = 0, Place;
    PMI_VAD Vad = MiFirstVadFrom(Vm, Start);

    while (Start <= Placement->Highest && (TopDown || !Found)) {
        ULONG_PTR End =
            Vad && Vad->Start <= Placement->Highest ? Vad->Start : Placement->Highest + 1;
        PRTL_BALANCED_NODE Next = Vad ? RtlAvlNextNode(&Vad->Node) : NULL;

        Place = Start < End ? PlaceInGap(Start, End, Size, Placement->Alignment, TopDown) : 0;
        Found = Place ? Place : Found;
        if (!Vad)
            break;
        Start = Vad->Last + 1;
        Vad = Next ? CONTAINING_RECORD(Next, MI_VAD, Node) : NULL;
        KeGiveWay();
    }
    return Found;
}

ULONG_PTR MiPlaceRange(PMM_ADDRESS_SPACE Vm, SIZE_T Size, const MI_PLACEMENT *Placement,
                       BOOLEAN TopDown)
{
    if (!Placement->Bounded)
        return MiFindFreeRange(Vm, Size, Placement->Highest, TopDown);
    return Size ? SearchGaps(Vm, Size, Placement, TopDown) : 0;
}
