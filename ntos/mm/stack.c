/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory for threads' stacks: reserved as a whole, committed at the top, with a guard page below
 * that. */
#include <ps.h>
#include "mi.h"

static NTSTATUS CommitTop(PMM_ADDRESS_SPACE Vm, ULONG_PTR Guard, ULONG_PTR Last)
{
    SIZE_T Charge = (Last - Guard + 1) >> PAGE_SHIFT;
    NTSTATUS Status;

    if (!MiChargeCommitment(Vm, Charge))
        return STATUS_COMMITMENT_LIMIT;
    Status = MiPrepareTables(Vm, Guard, Last);
    if (!NT_SUCCESS(Status)) {
        MiReturnCommitment(Vm, Charge);
        return Status;
    }
    MiProtectPage(Vm, Guard, MiFindPte(Vm, Guard), PAGE_READWRITE | PAGE_GUARD);
    while ((Guard += PAGE_SIZE) <= Last) {
        MiProtectPage(Vm, Guard, MiFindPte(Vm, Guard), PAGE_READWRITE);
        KeGiveWay();
    }
    return STATUS_SUCCESS;
}

static NTSTATUS MakeStack(PMM_ADDRESS_SPACE Vm, SIZE_T Reserve, SIZE_T Committed, PULONG_PTR Base)
{
    NTSTATUS Status;
    PMI_VAD Vad;

    if (!Vm->PageTables)
        return STATUS_PROCESS_IS_TERMINATING;
    *Base = MiFindFreeRange(Vm, Reserve, MM_HIGHEST_USER_ADDRESS, FALSE);
    if (!*Base)
        return STATUS_NO_MEMORY;
    Vad = MiCreateVad(Vm, MiVadPrivate, *Base, Reserve, PAGE_READWRITE);
    if (!Vad)
        return STATUS_INSUFFICIENT_RESOURCES;
    Vad->Pristine = TRUE;
    Status = CommitTop(Vm, Vad->Last + 1 - Committed - PAGE_SIZE, Vad->Last);
    if (!NT_SUCCESS(Status))
        MiDiscardVad(Vm, Vad);
    return Status;
}

NTSTATUS MmAllocateStack(PEPROCESS Process, SIZE_T Reserve, SIZE_T Committed, PVOID *Base)
{
    PMM_ADDRESS_SPACE Vm = &Process->Vm;
    NTSTATUS Status = MiLockAddressSpace(Vm);
    ULONG_PTR Start;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = MakeStack(Vm, Reserve, Committed, &Start);
    if (!NT_SUCCESS(Status) && MiDropKeptRanges(Vm))
        Status = MakeStack(Vm, Reserve, Committed, &Start);
    MiUnlockAddressSpace(Vm);
    if (NT_SUCCESS(Status))
        *Base = (PVOID)Start;
    return Status;
}
