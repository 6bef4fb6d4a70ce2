/* SPDX-License-Identifier: BSD-2-Clause */
/* The services for private memory: their arguments; the work is in allocate.c, free.c and
 * change.c. */
#include <ps.h>
#include <se.h>
#include "mi.h"

NTSTATUS MiReferenceProcess(HANDLE Handle, ACCESS_MASK Access, PEPROCESS *Process)
{
    return ObReferenceObjectByHandle(Handle, Access, PsProcessType, (PVOID *)Process);
}

/*
 * NtAllocateVirtualMemory: reserves (MEM_RESERVE) a range of a process's address space at multiples
 * of 64 KB, or commits (MEM_COMMIT) pages in one, or both. *BaseAddress 0 lets the system choose:
 * from low addresses up, or down from the top with MEM_TOP_DOWN, below what ZeroBits leaves. Both
 * come back as the whole pages that were meant. Needs PROCESS_VM_OPERATION.
 * STATUS_INVALID_PARAMETER_2 .. _5, STATUS_INVALID_PAGE_PROTECTION, STATUS_CONFLICTING_ADDRESSES,
 * STATUS_NO_MEMORY, STATUS_COMMITMENT_LIMIT, STATUS_ALREADY_COMMITTED. (WDK:
 * ZwAllocateVirtualMemory)
 */
NTSTATUS NtAllocateVirtualMemory(HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                                 ULONG_PTR ZeroBits, CLIENT(PSIZE_T) RegionSize,
                                 ULONG AllocationType, ULONG Protect)
{
    NTSTATUS Status = MiCheckAllocation(ZeroBits, AllocationType, Protect);
    PEPROCESS Process;
    PVOID Base;
    SIZE_T Size;

    if (NT_SUCCESS(Status))
        Status = MiReadRange(BaseAddress, RegionSize, &Base, &Size);
    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmAllocateVirtualMemory(Process, &Base, ZeroBits, &Size, AllocationType, Protect);
    ObDereferenceObject(Process);
    return NT_SUCCESS(Status) ? MiWriteRange(BaseAddress, RegionSize, Base, Size) : Status;
}

static NTSTATUS CheckExtended(PVOID Base, const MI_PLACEMENT *Placement, ULONG Type, ULONG Protect)
{
    if (Type & (MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER))
        return STATUS_NOT_IMPLEMENTED;
    if (Base && Placement->Bounded)
        return STATUS_INVALID_PARAMETER;
    return MiCheckAllocation(0, Type, Protect);
}

/*
 * NtAllocateVirtualMemoryEx: NtAllocateVirtualMemory with extended parameters in place of ZeroBits:
 * bounds and an alignment for what the system chooses, node 0. STATUS_INVALID_PARAMETER for
 * unknown, repeated or contradictory ones; placeholders, partitions and physical pages are
 * STATUS_NOT_IMPLEMENTED. (Win32: VirtualAlloc2)
 */
NTSTATUS NtAllocateVirtualMemoryEx(HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                                   CLIENT(PSIZE_T) RegionSize, ULONG AllocationType, ULONG Protect,
                                   CLIENT(PMEM_EXTENDED_PARAMETER) Parameters, ULONG Count)
{
    MI_PLACEMENT Placement;
    NTSTATUS Status = MiCapturePlacement(Parameters, Count, &Placement);
    PEPROCESS Process;
    PVOID Base;
    SIZE_T Size;

    if (NT_SUCCESS(Status))
        Status = MiReadRange(BaseAddress, RegionSize, &Base, &Size);
    if (NT_SUCCESS(Status))
        Status = CheckExtended(Base, &Placement, AllocationType, Protect);
    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MiAllocateVirtualMemory(Process, &Base, &Size, &Placement, AllocationType, Protect);
    ObDereferenceObject(Process);
    return NT_SUCCESS(Status) ? MiWriteRange(BaseAddress, RegionSize, Base, Size) : Status;
}

/*
 * NtAllocateUserPhysicalPages: needs SeLockMemoryPrivilege: STATUS_PRIVILEGE_NOT_HELD; who has it
 * gets STATUS_NOT_IMPLEMENTED. (Win32: AllocateUserPhysicalPages)
 */
NTSTATUS NtAllocateUserPhysicalPages(HANDLE ProcessHandle, CLIENT(PULONG_PTR) Count,
                                     CLIENT(PULONG_PTR) Frames)
{
    NTSTATUS Status = MmProbeForWrite(Count, sizeof(*Count));

    if (NT_SUCCESS(Status))
        Status = SeCheckPrivilege(SE_LOCK_MEMORY_PRIVILEGE);
    return NT_SUCCESS(Status) ? STATUS_NOT_IMPLEMENTED : Status;
}

/*
 * NtFreeVirtualMemory: MEM_DECOMMIT gives up pages and keeps their addresses reserved, MEM_RELEASE
 * gives up both. Size 0 means the whole reservation that begins at *BaseAddress. Needs
 * PROCESS_VM_OPERATION. STATUS_INVALID_PARAMETER_2 .. _4, STATUS_MEMORY_NOT_ALLOCATED,
 * STATUS_FREE_VM_NOT_AT_BASE, STATUS_UNABLE_TO_FREE_VM, STATUS_UNABLE_TO_DELETE_SECTION,
 * STATUS_INVALID_PAGE_PROTECTION for memory that the system needs. (WDK: ZwFreeVirtualMemory)
 */
NTSTATUS NtFreeVirtualMemory(HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                             CLIENT(PSIZE_T) RegionSize, ULONG FreeType)
{
    NTSTATUS Status;
    PEPROCESS Process;
    PVOID Base;
    SIZE_T Size;

    if (!MiIsFreeType(FreeType))
        return STATUS_INVALID_PARAMETER_4;
    Status = MiReadRange(BaseAddress, RegionSize, &Base, &Size);
    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmFreeVirtualMemory(Process, &Base, &Size, FreeType);
    ObDereferenceObject(Process);
    /* The client's variables may lie in the memory that was freed; that is the client's own
     * fault. */
    if (NT_SUCCESS(Status))
        (void)MiWriteRange(BaseAddress, RegionSize, Base, Size);
    return Status;
}

static NTSTATUS ProtectRange(PEPROCESS Process, PVOID *Base, PSIZE_T Size, ULONG Protect,
                             PULONG Old)
{
    ULONG_PTR Start = ALIGN_DOWN_BY(*Base, PAGE_SIZE), Last;
    NTSTATUS Status;

    if ((ULONG_PTR)*Base > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER_2;
    if (!*Size || *Size - 1 > MM_HIGHEST_USER_ADDRESS - (ULONG_PTR)*Base)
        return STATUS_INVALID_PARAMETER_3;
    Last = ALIGN_UP_BY((ULONG_PTR)*Base + *Size, PAGE_SIZE) - 1;
    Status = MiProtectVirtualMemory(Process, Start, Last, Protect, Old);
    *Base = (PVOID)Start;
    *Size = Last - Start + 1;
    return Status;
}

/*
 * NtProtectVirtualMemory: changes the protection of committed pages, all of one allocation or view.
 * *OldProtect receives what the first page had. Needs PROCESS_VM_OPERATION.
 * STATUS_INVALID_PAGE_PROTECTION, STATUS_INVALID_PARAMETER_2, _3, STATUS_CONFLICTING_ADDRESSES,
 * STATUS_NOT_COMMITTED, STATUS_SECTION_PROTECTION, STATUS_NO_MEMORY. (NT native API; Win32:
 * VirtualProtectEx)
 */
NTSTATUS NtProtectVirtualMemory(HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                                CLIENT(PSIZE_T) RegionSize, ULONG NewProtect,
                                CLIENT(PULONG) OldProtect)
{
    NTSTATUS Status;
    PEPROCESS Process;
    PVOID Base;
    SIZE_T Size;
    ULONG Old;

    if (!MiIsValidProtection(NewProtect))
        return STATUS_INVALID_PAGE_PROTECTION;
    Status = MiReadRange(BaseAddress, RegionSize, &Base, &Size);
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(OldProtect, sizeof(*OldProtect));
    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ProtectRange(Process, &Base, &Size, NewProtect, &Old);
    ObDereferenceObject(Process);
    if (!NT_SUCCESS(Status))
        return Status;
    (void)MiWriteRange(BaseAddress, RegionSize, Base,
                       Size); /* the variables may lie in pages that can no longer be written */
    (void)MmWriteClient(OldProtect, &Old);
    return STATUS_SUCCESS;
}

/*
 * NtFlushInstructionCache: on x86 instruction fetches see stores, so only the arguments are
 * checked. Needs PROCESS_VM_WRITE. STATUS_ACCESS_VIOLATION for an address above user space. (Win32:
 * FlushInstructionCache)
 */
NTSTATUS NtFlushInstructionCache(HANDLE ProcessHandle, CLIENT(PVOID) BaseAddress, SIZE_T Length)
{
    PEPROCESS Process;
    NTSTATUS Status;

    if (BaseAddress && Length &&
        ((ULONG_PTR)BaseAddress > MM_HIGHEST_USER_ADDRESS ||
         Length - 1 > MM_HIGHEST_USER_ADDRESS - (ULONG_PTR)BaseAddress))
        return STATUS_ACCESS_VIOLATION;
    Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_WRITE, &Process);
    if (NT_SUCCESS(Status))
        ObDereferenceObject(Process);
    return Status;
}

/* NtFlushProcessWriteBuffers: does nothing, since there is only one processor. (Win32:
 * FlushProcessWriteBuffers) */
NTSTATUS NtFlushProcessWriteBuffers(void)
{
    return STATUS_SUCCESS;
}
