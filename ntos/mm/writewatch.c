/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Write watch: which pages of a range were written since it was reserved or reset. A page that was
 * not is mapped without write access, so that the first write to it faults (fault.c) or is seen
 * where the Executive writes (copy.c). What is known is a bit of the page's PTE, whose table is
 * charged like every table. (Win32: GetWriteWatch)
 */
#include <ps.h>
#include "mi.h"

#define ADDRESSES_A_TURN 64

/* The VAD, if all of the range is in it and it has write watch. */
static PMI_VAD FindWatched(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last)
{
    PMI_VAD Vad = MiFindVad(Vm, Start);

    return Vad && Vad->WriteWatch && Last <= Vad->Last ? Vad : NULL;
}

static void ResetPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte)
{
    MI_PTE New = *Pte;

    New.Watched = New.Frame != 0;
    MiWritePte(Pte, New);
    if (New.Slot)
        (void)MiMapResidentPage(Vm, Address, Pte); /* else the next access maps it */
}

/* The next pages from *Address on that were written: at most Room, and so many that a turn is
 * enough. Returns how many; *Address is behind the last one that was looked at. */
static ULONG CollectWritten(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, ULONG_PTR Last, SIZE_T Room,
                            BOOLEAN Reset, PVOID Found[ADDRESSES_A_TURN])
{
    ULONG Count = 0;
    PMI_PTE Pte;

    for (; Count < Room && Count < ADDRESSES_A_TURN &&
           (Pte = MiNextPteInTurn(Vm, Address, Last)) != NULL;
         *Address += PAGE_SIZE) {
        if (!MiIsWritten(*Pte))
            continue;
        Found[Count++] = (PVOID)*Address;
        if (Reset)
            ResetPage(Vm, *Address, Pte);
    }
    return Count;
}

/* Writing to the client may need the address space, so it is not locked meanwhile. */
static NTSTATUS TellWritten(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last, BOOLEAN Reset,
                            CLIENT(PVOID *) Addresses, PULONG_PTR Count)
{
    ULONG_PTR Room = *Count, Address = Start;
    NTSTATUS Status;

    for (*Count = 0; Address <= Last && *Count < Room;) {
        PVOID Found[ADDRESSES_A_TURN];
        ULONG New = 0;

        Status = MiLockAddressSpace(Vm);
        if (!NT_SUCCESS(Status))
            return Status;
        if (FindWatched(Vm, Start, Last))
            New = CollectWritten(Vm, &Address, Last, Room - *Count, Reset, Found);
        else
            Status = STATUS_INVALID_PARAMETER_1;
        MiUnlockAddressSpace(Vm);
        if (NT_SUCCESS(Status))
            Status = MmCopyToClient(Addresses + *Count, Found, New * sizeof(*Found));
        if (!NT_SUCCESS(Status))
            return Status;
        *Count += New;
        if (New < ADDRESSES_A_TURN && *Count < Room)
            break;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS CheckRange(ULONG_PTR Base, SIZE_T Size)
{
    if (Base > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER_2;
    if (!Size || Size - 1 > MM_HIGHEST_USER_ADDRESS - Base)
        return STATUS_INVALID_PARAMETER_3;
    return STATUS_SUCCESS;
}

/* How many addresses the client has room for; all results must be writable. */
static NTSTATUS ProbeResults(CLIENT(PVOID *) Addresses, CLIENT(PULONG_PTR) Count,
                             CLIENT(PULONG) Granularity, PULONG_PTR Room)
{
    NTSTATUS Status = MmProbeForWrite(Count, sizeof(*Count));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Granularity, sizeof(*Granularity));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(Room, Count);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!*Room || *Room > MAXULONG_PTR / sizeof(PVOID))
        return STATUS_INVALID_PARAMETER_5;
    return (ULONG_PTR)Addresses > MM_HIGHEST_USER_ADDRESS || !Addresses ? STATUS_ACCESS_VIOLATION
                                                                        : STATUS_SUCCESS;
}

/*
 * NtGetWriteWatch: the addresses of pages in a range of memory with MEM_WRITE_WATCH that were
 * written, ascending, at most *Count; *Count becomes how many, *Granularity the page size.
 * WRITE_WATCH_FLAG_RESET forgets those that are told. Needs PROCESS_VM_OPERATION.
 * STATUS_INVALID_PARAMETER_1 for other memory, STATUS_INVALID_PARAMETER_2 .. _5. (Win32:
 * GetWriteWatch)
 */
NTSTATUS NtGetWriteWatch(HANDLE ProcessHandle, ULONG Flags, CLIENT(PVOID) BaseAddress,
                         SIZE_T RegionSize, CLIENT(PVOID *) Addresses, CLIENT(PULONG_PTR) Count,
                         CLIENT(PULONG) Granularity)
{
    const ULONG PageSize = PAGE_SIZE;
    ULONG_PTR Found, Base = (ULONG_PTR)BaseAddress, Start = ALIGN_DOWN_BY(Base, PAGE_SIZE);
    PEPROCESS Process;
    NTSTATUS Status =
        Flags & ~WRITE_WATCH_FLAG_RESET ? STATUS_INVALID_PARAMETER_2 : CheckRange(Base, RegionSize);

    if (NT_SUCCESS(Status))
        Status = ProbeResults(Addresses, Count, Granularity, &Found);
    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = TellWritten(&Process->Vm, Start, (Base + RegionSize - 1) | (PAGE_SIZE - 1),
                         (Flags & WRITE_WATCH_FLAG_RESET) != 0, Addresses, &Found);
    ObDereferenceObject(Process);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(Count, &Found);
    return NT_SUCCESS(Status) ? MmWriteClient(Granularity, &PageSize) : Status;
}

static NTSTATUS ResetRange(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last)
{
    NTSTATUS Status = MiLockAddressSpace(Vm);
    ULONG_PTR Address = Start;
    PMI_PTE Pte;

    if (!NT_SUCCESS(Status))
        return Status;
    if (!FindWatched(Vm, Start, Last))
        Status = STATUS_INVALID_PARAMETER_1;
    for (; NT_SUCCESS(Status) && (Pte = MiNextPteInTurn(Vm, &Address, Last)) != NULL;
         Address += PAGE_SIZE)
        if (MiIsWritten(*Pte))
            ResetPage(Vm, Address, Pte);
    MiUnlockAddressSpace(Vm);
    return Status;
}

/*
 * NtResetWriteWatch: forgets which pages of a range were written. Needs PROCESS_VM_OPERATION.
 * STATUS_INVALID_PARAMETER_1 for memory without MEM_WRITE_WATCH, _2, _3. (Win32: ResetWriteWatch)
 */
NTSTATUS NtResetWriteWatch(HANDLE ProcessHandle, CLIENT(PVOID) BaseAddress, SIZE_T RegionSize)
{
    ULONG_PTR Base = (ULONG_PTR)BaseAddress;
    NTSTATUS Status = CheckRange(Base, RegionSize);
    PEPROCESS Process;

    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ResetRange(&Process->Vm, ALIGN_DOWN_BY(Base, PAGE_SIZE),
                        (Base + RegionSize - 1) | (PAGE_SIZE - 1));
    ObDereferenceObject(Process);
    return Status;
}
