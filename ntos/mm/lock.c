/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * NtLockVirtualMemory and its counterpart. Nothing is ever paged out, so locking makes pages
 * resident and remembers that they are locked, for those who ask; how many is bounded by what is
 * committed.
 */
#include <ps.h>
#include <se.h>
#include "mi.h"

#define MAXIMUM_TRIES 16 /* at a page that another thread takes away meanwhile */

/* The PTE of a page that can be read; it counts until the next wait. */
static NTSTATUS ReachPage(PEPROCESS Process, ULONG_PTR Address, PMI_PTE *Found)
{
    ULONG Try;

    for (Try = 0; Try < MAXIMUM_TRIES; Try++) {
        PMI_PTE Pte = MiFindPte(&Process->Vm, Address);
        NTSTATUS Status;

        if (Pte && Pte->Frame && !Pte->Guard && 1u << Pte->Protect != PAGE_NOACCESS) {
            *Found = Pte;
            return STATUS_SUCCESS;
        }
        Status = MmAccessFault(Process, Address, FALSE, FALSE);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_ACCESS_VIOLATION;
}

/* All pages are reached before the first is locked. */
static NTSTATUS LockPages(PEPROCESS Process, ULONG_PTR Start, ULONG_PTR Last)
{
    NTSTATUS Status = STATUS_SUCCESS;
    BOOLEAN WasLocked = FALSE;
    ULONG_PTR Address;
    PMI_PTE Pte;

    for (Address = Start; Address <= Last && NT_SUCCESS(Status); Address += PAGE_SIZE) {
        Status = ReachPage(Process, Address, &Pte);
        if (NT_SUCCESS(Status))
            Status = KeGiveWay();
    }
    for (Address = Start; Address <= Last && NT_SUCCESS(Status); Address += PAGE_SIZE) {
        Status = ReachPage(Process, Address, &Pte);
        if (!NT_SUCCESS(Status))
            break;
        WasLocked |= Pte->Pinned;
        Pte->Pinned = TRUE;
        Status = KeGiveWay();
    }
    return Status == STATUS_SUCCESS && WasLocked ? STATUS_WAS_LOCKED : Status;
}

static BOOLEAN IsLocked(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address)
{
    PMI_PTE Pte = MiFindPte(Vm, Address);

    return Pte && Pte->Frame && Pte->Pinned;
}

/* All of them, or none. */
static NTSTATUS UnlockPages(PEPROCESS Process, ULONG_PTR Start, ULONG_PTR Last)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG_PTR Address;

    for (Address = Start; Address <= Last && NT_SUCCESS(Status); Address += PAGE_SIZE)
        Status = IsLocked(&Process->Vm, Address) ? KeGiveWay() : STATUS_NOT_LOCKED;
    for (Address = Start; Address <= Last && NT_SUCCESS(Status); Address += PAGE_SIZE) {
        if (IsLocked(&Process->Vm, Address))
            MiFindPte(&Process->Vm, Address)->Pinned = FALSE;
        Status = KeGiveWay();
    }
    return Status;
}

static NTSTATUS CaptureRange(CLIENT(PVOID *) BaseAddress, CLIENT(PSIZE_T) RegionSize,
                             PULONG_PTR Start, PULONG_PTR Last)
{
    NTSTATUS Status = MmProbeForWrite(BaseAddress, sizeof(*BaseAddress));
    PVOID Base;
    SIZE_T Size;

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(RegionSize, sizeof(*RegionSize));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Base, BaseAddress);
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Size, RegionSize);
    if (!NT_SUCCESS(Status))
        return Status;
    if ((ULONG_PTR)Base > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER_2;
    if (!Size || Size - 1 > MM_HIGHEST_USER_ADDRESS - (ULONG_PTR)Base)
        return STATUS_INVALID_PARAMETER_3;
    *Start = ALIGN_DOWN_BY(Base, PAGE_SIZE);
    *Last = ((ULONG_PTR)Base + Size - 1) | (PAGE_SIZE - 1);
    return STATUS_SUCCESS;
}

/* Without a paging file, what is locked into the working set is locked into memory; but that wants
 * a privilege. */
static NTSTATUS CheckMapType(ULONG MapType)
{
    if (!MapType || MapType & ~(MAP_PROCESS | MAP_SYSTEM))
        return STATUS_INVALID_PARAMETER;
    return MapType & MAP_SYSTEM ? SeCheckPrivilege(SE_LOCK_MEMORY_PRIVILEGE) : STATUS_SUCCESS;
}

static NTSTATUS ChangeLock(HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                           CLIENT(PSIZE_T) RegionSize, ULONG MapType,
                           NTSTATUS (*Change)(PEPROCESS, ULONG_PTR, ULONG_PTR))
{
    ULONG_PTR Start, Last;
    NTSTATUS Status = CheckMapType(MapType), WriteStatus;
    PEPROCESS Process;
    SIZE_T Size;

    if (NT_SUCCESS(Status))
        Status = CaptureRange(BaseAddress, RegionSize, &Start, &Last);
    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Change(Process, Start, Last);
    ObDereferenceObject(Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Size = Last - Start + 1;
    WriteStatus = MmWriteClient(RegionSize, &Size);
    if (NT_SUCCESS(WriteStatus))
        WriteStatus = MmWriteClient(BaseAddress, (PVOID *)&Start);
    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}

/*
 * NtLockVirtualMemory: makes pages that can be read resident and locks them into the working set
 * (MAP_PROCESS) or into memory (MAP_SYSTEM). STATUS_WAS_LOCKED, a success, if one was locked
 * already. Needs PROCESS_VM_OPERATION. STATUS_INVALID_PARAMETER for another MapType,
 * STATUS_PRIVILEGE_NOT_HELD for MAP_SYSTEM without SeLockMemoryPrivilege,
 * STATUS_INVALID_PARAMETER_2, _3, STATUS_ACCESS_VIOLATION, STATUS_GUARD_PAGE_VIOLATION: none is
 * locked. (Win32: VirtualLock)
 */
NTSTATUS NtLockVirtualMemory(HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                             CLIENT(PSIZE_T) RegionSize, ULONG MapType)
{
    return ChangeLock(ProcessHandle, BaseAddress, RegionSize, MapType, LockPages);
}

/*
 * NtUnlockVirtualMemory: unlocks pages, all of which must be locked (STATUS_NOT_LOCKED), however
 * often that was done. Otherwise as NtLockVirtualMemory. (Win32: VirtualUnlock)
 */
NTSTATUS NtUnlockVirtualMemory(HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                               CLIENT(PSIZE_T) RegionSize, ULONG MapType)
{
    return ChangeLock(ProcessHandle, BaseAddress, RegionSize, MapType, UnlockPages);
}
