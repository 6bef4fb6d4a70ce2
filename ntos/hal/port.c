/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO ports. The kernel issues a range only once, so a range that has been asked for is kept for
 * good: a driver that is started again gets a copy of the same capability. No driver gets the ports
 * that the Executive uses itself.
 */
#include "halp.h"

#define HALP_MAXIMUM_RANGES 64

typedef struct _HALP_RANGE {
    ULONG First, Last;
    seL4_CPtr Cap;
    BOOLEAN Executive;
} HALP_RANGE, *PHALP_RANGE;

static HALP_RANGE HalpRanges[HALP_MAXIMUM_RANGES];
static ULONG HalpRangeCount;

static PHALP_RANGE HalpFindOverlap(ULONG First, ULONG Last)
{
    ULONG i;

    for (i = 0; i < HalpRangeCount; i++)
        if (First <= HalpRanges[i].Last && Last >= HalpRanges[i].First)
            return &HalpRanges[i];
    return NULL;
}

static NTSTATUS HalpIssueRange(ULONG First, ULONG Last, BOOLEAN Executive, PHALP_RANGE *Range)
{
    seL4_CPtr Slot;

    if (HalpRangeCount == HALP_MAXIMUM_RANGES)
        return STATUS_INSUFFICIENT_RESOURCES;
    Slot = MmAllocateSlot();
    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, First, Last, MmCSpaceRoot, Slot,
                                     seL4_WordBits) != seL4_NoError) {
        MmFreeSlot(Slot);
        return STATUS_CONFLICTING_ADDRESSES;
    }
    *Range = &HalpRanges[HalpRangeCount++];
    **Range = (HALP_RANGE){First, Last, Slot, Executive};
    return STATUS_SUCCESS;
}

/*
 * A capability over exactly [First, First + Count), for a driver. The HAL keeps it.
 * Returns STATUS_INVALID_PARAMETER, STATUS_CONFLICTING_ADDRESSES (the Executive's, or a part of
 * another range), STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS HalGetPortCap(ULONG First, ULONG Count, seL4_CPtr *Cap)
{
    PHALP_RANGE Range;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Count || First > 0xffff || Count > 0x10000 - First)
        return STATUS_INVALID_PARAMETER;
    Range = HalpFindOverlap(First, First + Count - 1);
    if (!Range)
        Status = HalpIssueRange(First, First + Count - 1, FALSE, &Range);
    else if (Range->Executive || Range->First != First || Range->Last != First + Count - 1)
        Status = STATUS_CONFLICTING_ADDRESSES;
    if (NT_SUCCESS(Status))
        *Cap = Range->Cap;
    return Status;
}

NTSTATUS HalpClaimPorts(ULONG First, ULONG Count, seL4_CPtr *Cap)
{
    PHALP_RANGE Range;
    NTSTATUS Status;

    if (HalpFindOverlap(First, First + Count - 1))
        return STATUS_CONFLICTING_ADDRESSES;
    Status = HalpIssueRange(First, First + Count - 1, TRUE, &Range);
    if (NT_SUCCESS(Status))
        *Cap = Range->Cap;
    return Status;
}

/* The capability for a port of the Executive's, 0 if it cannot be had. A driver's range serves too
 * (8042 reset). */
static seL4_CPtr HalpOwnPort(ULONG Port, ULONG Size)
{
    PHALP_RANGE Range = HalpFindOverlap(Port, Port + Size - 1);

    if (Range)
        return Port >= Range->First && Port + Size - 1 <= Range->Last ? Range->Cap : 0;
    return NT_SUCCESS(HalpIssueRange(Port, Port + Size - 1, TRUE, &Range)) ? Range->Cap : 0;
}

/* A port that cannot be reached reads as all ones, like one without a device. */
UCHAR HalReadPort8(USHORT Port)
{
    seL4_X86_IOPort_In8_t Result = seL4_X86_IOPort_In8(HalpOwnPort(Port, 1), Port);

    return Result.error ? 0xff : Result.result;
}

void HalWritePort8(USHORT Port, UCHAR Value)
{
    seL4_CPtr Cap = HalpOwnPort(Port, 1);

    if (Cap && seL4_X86_IOPort_Out8(Cap, Port, Value) != seL4_NoError)
        DbgTrace(DBG_HAL, "hal: port %x refused\n", Port);
}

USHORT HalReadPort16(USHORT Port)
{
    seL4_X86_IOPort_In16_t Result = seL4_X86_IOPort_In16(HalpOwnPort(Port, 2), Port);

    return Result.error ? 0xffff : Result.result;
}

void HalWritePort16(USHORT Port, USHORT Value)
{
    seL4_CPtr Cap = HalpOwnPort(Port, 2);

    if (Cap && seL4_X86_IOPort_Out16(Cap, Port, Value) != seL4_NoError)
        DbgTrace(DBG_HAL, "hal: port %x refused\n", Port);
}
