/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel objects: each in a block of untyped memory of its own, so that its memory comes back when
 * it goes. */
#include "mi.h"

SIZE_T MiKernelObjectBytes;

/* log2 of the object's bytes; 0 for an unknown type. */
static ULONG ObjectBits(seL4_Word Type, seL4_Word SizeBits)
{
    switch (Type) {
    case seL4_TCBObject:
        return seL4_TCBBits;
    case seL4_EndpointObject:
        return seL4_EndpointBits;
    case seL4_NotificationObject:
        return seL4_NotificationBits;
    case seL4_CapTableObject:
        return (ULONG)SizeBits + seL4_SlotBits;
    default:
        return MiIsTableType(Type) ? seL4_PageTableBits : 0;
    }
}

/* Page tables are made for pages that have been promised. */
NTSTATUS MmCreateKernelObject(seL4_Word Type, seL4_Word SizeBits, PMM_KERNEL_OBJECT Object)
{
    ULONG Bits = ObjectBits(Type, SizeBits);
    seL4_CPtr Slot;

    Object->Cap = 0;
    Object->Block =
        Bits && (MiIsTableType(Type) || MiIsRoomForSystem(1)) ? MiAllocateBlock(Bits) : NULL;
    if (!Object->Block)
        return STATUS_INSUFFICIENT_RESOURCES;
    Slot = MmAllocateSlot();
    if (!Slot || MiRetype(Object->Block->Slot, Type, SizeBits, Slot, 1) != seL4_NoError) {
        if (Slot)
            MmFreeSlot(Slot);
        MiFreeBlock(Object->Block);
        Object->Block = NULL;
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Object->Cap = Object->Block->Object = Slot;
    MiKernelObjectBytes += (SIZE_T)1 << Bits;
    return STATUS_SUCCESS;
}

/* Copies of the capability are descendants of the block: revoking it takes them all. */
void MmDeleteKernelObject(PMM_KERNEL_OBJECT Object)
{
    PMI_BLOCK Block = Object->Block;

    if (!Object->Cap)
        return;
    if (seL4_CNode_Revoke(MmCSpaceRoot, Block->Slot, seL4_WordBits) != seL4_NoError)
        KeBugCheck("a kernel object cannot be deleted");
    MmFreeSlot(Object->Cap);
    MiKernelObjectBytes -= (SIZE_T)1 << Block->SizeBits;
    MiFreeBlock(Block);
    Object->Cap = 0;
    Object->Block = NULL;
}
