/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel objects: each in a block of untyped memory of its own, so that its memory comes back when
 * it goes. */
#include "mi.h"

SIZE_T MiKernelObjectBytes;

NTSTATUS MmCreateKernelObject(seL4_Word Type, seL4_Word SizeBits, PMM_KERNEL_OBJECT Object)
{
    ULONG Bits = MiObjectBits(Type, SizeBits);
    seL4_CPtr Slot;

    Object->Cap = 0;
    Object->Block = Bits ? MiAllocateBlock(Bits) : NULL;
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
    Object->Cap = Slot;
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
