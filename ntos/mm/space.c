/* SPDX-License-Identifier: BSD-2-Clause */
/* Address spaces: the kernel's VSpace object with its ASID, and what every process finds in it. */
#include <neptune/abi.h>
#include <ps.h>
#include "mi.h"

#define MAXIMUM_ASID_POOLS (1u << seL4_NumASIDPoolsBits)

static seL4_CPtr AsidPools[MAXIMUM_ASID_POOLS] = {seL4_CapInitThreadASIDPool};
static ULONG AsidPoolCount = 1;

PMM_ADDRESS_SPACE MiVmOf(PEPROCESS Process)
{
    return &Process->Vm;
}

/* ---- The lock ---- */

NTSTATUS MiLockAddressSpace(PMM_ADDRESS_SPACE Vm)
{
    NTSTATUS Status = STATUS_SUCCESS;

    while (Vm->Locked && NT_SUCCESS(Status)) {
        Vm->LockWaiters++;
        Status = KeWaitForSingleObject(&Vm->Unlocked, FALSE, NULL);
        Vm->LockWaiters--;
    }
    if (NT_SUCCESS(Status))
        Vm->Locked = TRUE;
    return Status;
}

void MiUnlockAddressSpace(PMM_ADDRESS_SPACE Vm)
{
    Vm->Locked = FALSE;
    if (Vm->LockWaiters)
        KeSetEvent(&Vm->Unlocked);
}

/* ---- ASIDs ---- */

static BOOLEAN AddAsidPool(void)
{
    PMI_BLOCK Block;
    seL4_CPtr Slot;

    if (AsidPoolCount == MAXIMUM_ASID_POOLS)
        return FALSE;
    Block = MiAllocateBlock(seL4_ASIDPoolBits);
    Slot = Block ? MmAllocateSlot() : 0;
    if (Slot && seL4_X86_ASIDControl_MakePool(seL4_CapASIDControl, Block->Slot, MmCSpaceRoot, Slot,
                                              seL4_WordBits) == seL4_NoError) {
        AsidPools[AsidPoolCount++] = Slot;
        return TRUE;
    }
    if (Slot)
        MmFreeSlot(Slot);
    if (Block)
        MiFreeBlock(Block);
    return FALSE;
}

static NTSTATUS AssignAsid(seL4_CPtr VSpace)
{
    ULONG Pool;

    for (Pool = 0; Pool < AsidPoolCount || AddAsidPool(); Pool++) {
        seL4_Error Error = seL4_X86_ASIDPool_Assign(AsidPools[Pool], VSpace);

        if (Error == seL4_NoError)
            return STATUS_SUCCESS;
        if (Error != seL4_DeleteFirst) /* only when the pool is full */
            break;
    }
    return STATUS_INSUFFICIENT_RESOURCES;
}

/* ---- Pages that the system puts into a process ---- */

/* Maps a frame that the system owns at Address; the page belongs to a VAD of committed private
 * memory. */
NTSTATUS MiMapSharedFrame(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG Frame, ULONG Protect)
{
    PMI_PTE Pte = MiCreatePte(Vm, Address);
    MI_PTE New = {0};

    if (!Pte)
        return STATUS_NO_MEMORY;
    MiSetPteProtection(&New, Protect);
    MiReferenceFrame(Frame);
    MiSetFrame(Vm, &New, Frame, FALSE);
    MiWritePte(Pte, New);
    return MiMapResidentPage(Vm, Address, Pte);
}

/* A VAD of committed private memory that the process itself cannot change. */
PMI_VAD MiCreateSystemVad(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, SIZE_T Size, ULONG Protect)
{
    PMI_VAD Vad = MiCreateVad(Vm, MiVadPrivate, Start, Size, Protect);

    if (!Vad)
        return NULL;
    Vad->Committed = TRUE;
    Vad->SystemOwned = TRUE;
    if (NT_SUCCESS(MiPromiseVad(Vm, Vad)))
        return Vad;
    MiDiscardVad(Vm, Vad);
    return NULL;
}

static NTSTATUS MapSharedUserData(PMM_ADDRESS_SPACE Vm)
{
    if (!MiCreateSystemVad(Vm, NEPTUNE_SHARED_USER_DATA, PAGE_SIZE, PAGE_READONLY))
        return STATUS_NO_MEMORY;
    return MiMapSharedFrame(Vm, NEPTUNE_SHARED_USER_DATA, MiWindowFrame(MmSharedUserData),
                            PAGE_READONLY);
}

/* ---- Life ---- */

NTSTATUS MmCreateAddressSpace(PEPROCESS Process)
{
    PMM_ADDRESS_SPACE Vm = &Process->Vm;
    NTSTATUS Status;

    memset(Vm, 0, sizeof(*Vm));
    KeInitializeEvent(&Vm->Unlocked, SynchronizationEvent, FALSE);
    Status = MiCreateQuota(Process);
    if (!NT_SUCCESS(Status) || MiReuseAddressSpace(Vm))
        return Status;
    Status = MmCreateKernelObject(seL4_VSpaceObject, 0, &Vm->VSpace);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = AssignAsid(Vm->VSpace.Cap);
    if (NT_SUCCESS(Status) && !MiCreateRootTable(Vm))
        Status = STATUS_INSUFFICIENT_RESOURCES;
    if (NT_SUCCESS(Status))
        Status = MapSharedUserData(Vm);
    if (!NT_SUCCESS(Status))
        MmDeleteAddressSpace(Process);
    return Status;
}

/* For all VADs, or for those that are not common; tables stay then, as the next process will want
 * them. */
static void DeleteVads(PMM_ADDRESS_SPACE Vm, BOOLEAN KeepCommon)
{
    PRTL_BALANCED_NODE Node = RtlAvlFirstNode(&Vm->VadTree), Next;

    for (; Node; Node = Next) {
        PMI_VAD Vad = CONTAINING_RECORD(Node, MI_VAD, Node);

        Next = RtlAvlNextNode(Node);
        Vad->TablesStay = KeepCommon;
        if (!KeepCommon || !MiIsCommonVad(Vad))
            MiDeleteVad(Vm, Vad);
    }
}

void MmDeleteAddressSpace(PEPROCESS Process)
{
    PMM_ADDRESS_SPACE Vm = &Process->Vm;
    BOOLEAN Keep = MiMayKeepSpace(Process);

    while (!NT_SUCCESS(MiLockAddressSpace(Vm)))
        KeGiveWay();
    memset(Vm->KeptRanges, 0, sizeof(Vm->KeptRanges));
    DeleteVads(Vm, Keep);
    if (!Keep || !MiKeepAddressSpace(Vm)) {
        DeleteVads(Vm, FALSE);
        MiDeleteTables(Vm);
    }
    MiUnlockAddressSpace(Vm);
    MmDeleteKernelObject(&Vm->VSpace);
}
