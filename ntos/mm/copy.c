/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying to and from clients: a walk of our own page tables, then memcpy through the window. */
#include <ps.h>
#include "mi.h"

#define MAXIMUM_TRIES                                                                              \
    16 /* the page may go while it is being read in; then somebody else is changing the mapping */

static BOOLEAN IsUserRange(ULONG_PTR Address, SIZE_T Length)
{
    return Address <= MM_HIGHEST_USER_ADDRESS && Length - 1 <= MM_HIGHEST_USER_ADDRESS - Address;
}

/* A resident page that may be accessed so, in the window until the next one is wanted; NULL if it
 * needs a fault first. */
static PVOID FindResident(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, BOOLEAN Write)
{
    PMI_PTE Pte = MiFindPte(Vm, Address);
    ULONG Protect;

    if (!Pte || !Pte->Frame || Pte->Guard)
        return NULL;
    Protect = 1u << Pte->Protect;
    if (Protect == PAGE_NOACCESS ||
        (Write && !(Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))))
        return NULL;
    return (PCHAR)MiMapFrame(Pte->Frame) + (Address & (PAGE_SIZE - 1));
}

static NTSTATUS FindPage(PEPROCESS Process, ULONG_PTR Address, BOOLEAN Write, PVOID *Window)
{
    ULONG Try;

    for (Try = 0; Try < MAXIMUM_TRIES; Try++) {
        NTSTATUS Status;

        *Window = FindResident(&Process->Vm, Address, Write);
        if (*Window)
            return STATUS_SUCCESS;
        Status = MmAccessFault(Process, Address, Write, FALSE);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_ACCESS_VIOLATION;
}

static SIZE_T PartInPage(ULONG_PTR Address, SIZE_T Length)
{
    SIZE_T Rest = PAGE_SIZE - (Address & (PAGE_SIZE - 1));

    return Length < Rest ? Length : Rest;
}

static NTSTATUS CopyFromPages(PEPROCESS Process, PCHAR Target, ULONG_PTR Address, SIZE_T Length)
{
    if (!Length)
        return STATUS_SUCCESS;
    if (!IsUserRange(Address, Length))
        return STATUS_ACCESS_VIOLATION;
    while (Length) {
        SIZE_T Part = PartInPage(Address, Length);
        PVOID Window;
        NTSTATUS Status = FindPage(Process, Address, FALSE, &Window);

        if (!NT_SUCCESS(Status))
            return Status;
        memcpy(Target, Window, Part);
        Target += Part;
        Address += Part;
        Length -= Part;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS CopyToPages(PEPROCESS Process, ULONG_PTR Address, const CHAR *From, SIZE_T Length)
{
    if (!Length)
        return STATUS_SUCCESS;
    if (!IsUserRange(Address, Length))
        return STATUS_ACCESS_VIOLATION;
    while (Length) {
        SIZE_T Part = PartInPage(Address, Length);
        PVOID Window;
        NTSTATUS Status = FindPage(Process, Address, TRUE, &Window);

        if (!NT_SUCCESS(Status))
            return Status;
        memcpy(Window, From, Part);
        From += Part;
        Address += Part;
        Length -= Part;
    }
    return STATUS_SUCCESS;
}

/* What services read and write is mostly small and resident: the short way is for that. */
static BOOLEAN IsInOnePage(ULONG_PTR Address, SIZE_T Length)
{
    return Length - 1 < PAGE_SIZE - (Address & (PAGE_SIZE - 1)) &&
           Address <= MM_HIGHEST_USER_ADDRESS;
}

NTSTATUS MmCopyFromProcess(PEPROCESS Process, PVOID Destination, const void *Source, SIZE_T Length)
{
    ULONG_PTR Address = (ULONG_PTR)Source;
    PVOID Window = IsInOnePage(Address, Length) ? FindResident(&Process->Vm, Address, FALSE) : NULL;

    if (!Window)
        return CopyFromPages(Process, Destination, Address, Length);
    memcpy(Destination, Window, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyToProcess(PEPROCESS Process, PVOID Destination, const void *Source, SIZE_T Length)
{
    ULONG_PTR Address = (ULONG_PTR)Destination;
    PVOID Window = IsInOnePage(Address, Length) ? FindResident(&Process->Vm, Address, TRUE) : NULL;

    if (!Window)
        return CopyToPages(Process, Address, Source, Length);
    memcpy(Window, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyFromClient(PVOID Destination, const void *ClientSource, SIZE_T Length)
{
    return MmCopyFromProcess(PsGetCurrentProcess(), Destination, ClientSource, Length);
}

NTSTATUS MmCopyToClient(PVOID ClientDestination, const void *Source, SIZE_T Length)
{
    return MmCopyToProcess(PsGetCurrentProcess(), ClientDestination, Source, Length);
}

NTSTATUS MmProbeForWrite(PVOID ClientAddress, SIZE_T Length)
{
    ULONG_PTR Address = (ULONG_PTR)ClientAddress;

    if (!Length)
        return STATUS_SUCCESS;
    if (!IsUserRange(Address, Length))
        return STATUS_ACCESS_VIOLATION;
    while (Length) {
        SIZE_T Part = PartInPage(Address, Length);
        PVOID Window;
        NTSTATUS Status = FindPage(PsGetCurrentProcess(), Address, TRUE, &Window);

        if (!NT_SUCCESS(Status))
            return Status;
        Address += Part;
        Length -= Part;
    }
    return STATUS_SUCCESS;
}

/* ---- Between processes ---- */

#define TRANSFER_SIZE 0x400
#define TRANSFER_TURN 0x1000000 /* bytes without giving way */

/* Nothing preempts a service, and a range may be far larger than the memory that it shows: who
 * copies much waits for a tick now and then, and others are served. FALSE: it is being ended. */
static BOOLEAN GiveWay(SIZE_T Before, SIZE_T After)
{
    LARGE_INTEGER Tick = {.QuadPart = -156250}; /* of 64 a second: not over at once */

    return Before / TRANSFER_TURN == After / TRANSFER_TURN ||
           KeDelayExecution(FALSE, &Tick) != STATUS_THREAD_IS_TERMINATING;
}

/* The count of what was copied goes to ClientCount also when a page in the middle cannot be
 * accessed. */
static NTSTATUS Transfer(PEPROCESS From, PCHAR Source, PEPROCESS To, PCHAR Destination,
                         SIZE_T Length, PSIZE_T Copied)
{
    CHAR Buffer[TRANSFER_SIZE];

    for (*Copied = 0; *Copied < Length;) {
        SIZE_T Part = PartInPage((ULONG_PTR)Source + *Copied, Length - *Copied);
        NTSTATUS Status;

        Part = Part < sizeof(Buffer) ? Part : sizeof(Buffer);
        Part = PartInPage((ULONG_PTR)Destination + *Copied, Part);
        Status = MmCopyFromProcess(From, Buffer, Source + *Copied, Part);
        if (NT_SUCCESS(Status))
            Status = MmCopyToProcess(To, Destination + *Copied, Buffer, Part);
        if (!NT_SUCCESS(Status))
            return *Copied ? STATUS_PARTIAL_COPY : Status;
        *Copied += Part;
        if (!GiveWay(*Copied - Part, *Copied))
            return STATUS_THREAD_IS_TERMINATING;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS TransferService(HANDLE Handle, ACCESS_MASK Access, PVOID Remote, PVOID Local,
                                SIZE_T Length, PSIZE_T ClientCount)
{
    PEPROCESS Process, Current = PsGetCurrentProcess();
    SIZE_T Copied = 0;
    NTSTATUS Status, CountStatus = STATUS_SUCCESS;

    if (Length &&
        (!IsUserRange((ULONG_PTR)Remote, Length) || !IsUserRange((ULONG_PTR)Local, Length)))
        return STATUS_ACCESS_VIOLATION;
    if (ClientCount && !NT_SUCCESS(MmProbeForWrite(ClientCount, sizeof(*ClientCount))))
        return STATUS_ACCESS_VIOLATION;
    Status = MiReferenceProcess(Handle, Access, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Access == PROCESS_VM_READ)
        Status = Transfer(Process, Remote, Current, Local, Length, &Copied);
    else
        Status = Transfer(Current, Local, Process, Remote, Length, &Copied);
    if (Status == STATUS_ACCESS_VIOLATION)
        Status = STATUS_PARTIAL_COPY;
    ObDereferenceObject(Process);
    if (ClientCount)
        CountStatus = MmWriteClient(ClientCount, &Copied);
    return NT_SUCCESS(CountStatus) ? Status : CountStatus;
}

/*
 * NtReadVirtualMemory: copies Length bytes at BaseAddress of a process to Buffer of the caller.
 * BytesRead, if given, receives how many were copied. Needs PROCESS_VM_READ. STATUS_PARTIAL_COPY
 * when a page cannot be accessed, STATUS_ACCESS_VIOLATION for addresses that are nobody's. (NT
 * native API; Win32: ReadProcessMemory)
 */
NTSTATUS NtReadVirtualMemory(HANDLE Process, PVOID BaseAddress, PVOID Buffer, SIZE_T Length,
                             PSIZE_T BytesRead)
{
    return TransferService(Process, PROCESS_VM_READ, BaseAddress, Buffer, Length, BytesRead);
}

/*
 * NtWriteVirtualMemory: copies Length bytes of Buffer of the caller to BaseAddress of a process.
 * Needs PROCESS_VM_WRITE. Statuses as NtReadVirtualMemory. (NT native API; Win32:
 * WriteProcessMemory)
 */
NTSTATUS NtWriteVirtualMemory(HANDLE Process, PVOID BaseAddress, PVOID Buffer, SIZE_T Length,
                              PSIZE_T BytesWritten)
{
    return TransferService(Process, PROCESS_VM_WRITE, BaseAddress, Buffer, Length, BytesWritten);
}
