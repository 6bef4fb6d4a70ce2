/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities given to driver processes. */
#include "psp.h"

#define SLOTS (1u << NEPTUNE_PROCESS_CNODE_BITS)

static ULONG FindFreeSlot(PEPROCESS Process)
{
    ULONG Slot = NEPTUNE_DRIVER_FIRST_FREE_SLOT;

    while (Slot < SLOTS && (Process->CNodeSlots >> Slot & 1))
        Slot++;
    return Slot;
}

NTSTATUS PsGrantCap(PEPROCESS Process, seL4_CPtr Source, seL4_CapRights_t Rights, ULONG Slot,
                    seL4_CPtr *CPtr)
{
    if (Slot >= NEPTUNE_PROCESS_CAPS)
        Slot -= NEPTUNE_PROCESS_CAPS;
    if (!Slot)
        Slot = FindFreeSlot(Process);
    if (!Process->CNode.Cap || Slot >= SLOTS || (Process->CNodeSlots >> Slot & 1))
        return STATUS_INSUFFICIENT_RESOURCES;
    if (seL4_CNode_Copy(Process->CNode.Cap, Slot, NEPTUNE_PROCESS_CNODE_BITS, MmCSpaceRoot, Source,
                        seL4_WordBits, Rights) != seL4_NoError)
        return STATUS_INSUFFICIENT_RESOURCES;
    Process->CNodeSlots |= 1ull << Slot;
    if (CPtr)
        *CPtr = NEPTUNE_PROCESS_CAPS + Slot;
    return STATUS_SUCCESS;
}

void PsRevokeGrant(PEPROCESS Process, seL4_CPtr CPtr)
{
    ULONG Slot = (ULONG)(CPtr - NEPTUNE_PROCESS_CAPS);

    if (!Process->CNode.Cap || Slot >= SLOTS)
        return;
    if (seL4_CNode_Delete(Process->CNode.Cap, Slot, NEPTUNE_PROCESS_CNODE_BITS) != seL4_NoError)
        KeBugCheck("cannot take back a capability");
    Process->CNodeSlots &= ~(1ull << Slot);
}
