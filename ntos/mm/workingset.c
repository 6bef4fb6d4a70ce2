/* SPDX-License-Identifier: BSD-2-Clause */
/* Which pages of a process have frames: MemoryWorkingSetInformation, MemoryWorkingSetExInformation.
 * (Win32: QueryWorkingSet, QueryWorkingSetEx) */
#include <ps.h>
#include "mi.h"

#define ENTRIES_A_TURN 64
#define MAXIMUM_SHARE 7 /* more is told as so many */

/* Windows' number of a protection: a small one for each PAGE_xxx by its bit, and modifiers. */
static ULONG ProtectionNumber(MI_PTE Pte)
{
    static const UCHAR Numbers[] = {0, 1, 4, 5, 2, 3, 6, 7};
    ULONG Number = Numbers[Pte.Protect];

    if (Pte.NoCache)
        return Number | 8;
    return Number | (Pte.WriteCombine ? 24 : 0) | (Pte.Guard ? 16 : 0);
}

static ULONG ShareCount(MI_PTE Pte)
{
    ULONG Count = Pte.Private ? 0 : MiFrameEntry(Pte.Frame)->Count;

    return Count < MAXIMUM_SHARE ? Count : MAXIMUM_SHARE;
}

static MEMORY_WORKING_SET_BLOCK DescribePage(ULONG_PTR Address, MI_PTE Pte)
{
    MEMORY_WORKING_SET_BLOCK Block = {0};

    Block.Protection = ProtectionNumber(Pte);
    Block.Shared = !Pte.Private;
    Block.ShareCount = ShareCount(Pte);
    Block.VirtualPage = Address >> PAGE_SHIFT;
    return Block;
}

/* The next pages from *Address on. Returns how many. */
static ULONG CollectPages(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, SIZE_T Room,
                          MEMORY_WORKING_SET_BLOCK Found[ENTRIES_A_TURN])
{
    ULONG Count = 0;
    PMI_PTE Pte;

    for (; Count < Room && Count < ENTRIES_A_TURN &&
           (Pte = MiNextPteInTurn(Vm, Address, MM_HIGHEST_USER_ADDRESS)) != NULL;
         *Address += PAGE_SIZE)
        if (Pte->Frame)
            Found[Count++] = DescribePage(*Address, *Pte);
    return Count;
}

/* Writing to the client may need the address space, so it is not locked meanwhile. */
static NTSTATUS TellPages(PMM_ADDRESS_SPACE Vm, CLIENT(MEMORY_WORKING_SET_BLOCK *) Blocks,
                          PULONG_PTR Count)
{
    ULONG_PTR Room = *Count, Address = 0;
    ULONG New = 1;

    for (*Count = 0; New && *Count < Room; *Count += New) {
        MEMORY_WORKING_SET_BLOCK Found[ENTRIES_A_TURN];
        NTSTATUS Status = MiLockAddressSpace(Vm);

        if (!NT_SUCCESS(Status))
            return Status;
        New = CollectPages(Vm, &Address, Room - *Count, Found);
        MiUnlockAddressSpace(Vm);
        Status = MmCopyToClient(Blocks + *Count, Found, New * sizeof(*Found));
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_SUCCESS;
}

/* A buffer that is too small learns how many there are. */
NTSTATUS MiQueryWorkingSet(PMM_ADDRESS_SPACE Vm, CLIENT(PVOID) Buffer, SIZE_T Length,
                           CLIENT(PSIZE_T) ReturnLength)
{
    CLIENT(PMEMORY_WORKING_SET_INFORMATION)
    Information = (CLIENT(PMEMORY_WORKING_SET_INFORMATION))Buffer;
    ULONG_PTR Count = Vm->WorkingSetPages;
    SIZE_T Header = FIELD_OFFSET(MEMORY_WORKING_SET_INFORMATION, WorkingSetInfo), Written;
    NTSTATUS Status, Result = STATUS_SUCCESS;

    if (Length < Header)
        return STATUS_INFO_LENGTH_MISMATCH;
    if ((Length - Header) / sizeof(MEMORY_WORKING_SET_BLOCK) < Count)
        Result = STATUS_INFO_LENGTH_MISMATCH;
    Status = Result == STATUS_SUCCESS ? TellPages(Vm, Information->WorkingSetInfo, &Count)
                                      : STATUS_SUCCESS;
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(&Information->NumberOfEntries, &Count);
    Written = Header + Count * sizeof(MEMORY_WORKING_SET_BLOCK);
    if (NT_SUCCESS(Status) && ReturnLength && Result == STATUS_SUCCESS)
        Status = MmWriteClient(ReturnLength, &Written);
    return NT_SUCCESS(Status) ? Result : Status;
}

static MEMORY_WORKING_SET_EX_BLOCK DescribeAddress(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PMI_VAD Vad = Address <= MM_HIGHEST_USER_ADDRESS ? MiFindVad(Vm, Address) : NULL;
    PMI_PTE Pte = Vad ? MiFindPte(Vm, Address) : NULL;
    MEMORY_WORKING_SET_EX_BLOCK Block = {0};

    if (!Pte || !Pte->Frame) {
        Block.Shared = Vad && Vad->Type != MiVadPrivate;
        return Block;
    }
    Block.Valid = TRUE;
    Block.ShareCount = ShareCount(*Pte);
    Block.Win32Protection = MiPteProtection(*Pte);
    Block.Shared = !Pte->Private;
    Block.Locked = Pte->Pinned;
    return Block;
}

/* The buffer holds addresses, each of which gets its answer. */
NTSTATUS MiQueryWorkingSetEx(PMM_ADDRESS_SPACE Vm, CLIENT(PVOID) Buffer, SIZE_T Length,
                             CLIENT(PSIZE_T) ReturnLength)
{
    CLIENT(PMEMORY_WORKING_SET_EX_INFORMATION)
    Entry = (CLIENT(PMEMORY_WORKING_SET_EX_INFORMATION))Buffer;
    SIZE_T Count = Length / sizeof(MEMORY_WORKING_SET_EX_INFORMATION), Index;
    NTSTATUS Status = Count ? STATUS_SUCCESS : STATUS_INFO_LENGTH_MISMATCH;

    for (Index = 0; Index < Count && NT_SUCCESS(Status); Index++) {
        MEMORY_WORKING_SET_EX_BLOCK Block;
        PVOID Address;

        Status = MmReadClient(&Address, &Entry[Index].VirtualAddress);
        if (NT_SUCCESS(Status)) {
            Block = DescribeAddress(Vm, (ULONG_PTR)Address);
            Status = MmWriteClient(&Entry[Index].VirtualAttributes, &Block);
        }
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
    }
    return NT_SUCCESS(Status) && ReturnLength ? MmWriteClient(ReturnLength, &Length) : Status;
}
