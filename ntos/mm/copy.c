/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying to and from clients: a walk of our own page tables, then memcpy through the window. */
#include <ps.h>
#include "mi.h"

#define MAXIMUM_TRIES 16 /* at a page that another thread takes away while it is being read */

static BOOLEAN IsUserRange(ULONG_PTR Address, SIZE_T Length)
{
    return Address <= MM_HIGHEST_USER_ADDRESS && Length - 1 <= MM_HIGHEST_USER_ADDRESS - Address;
}

/* Where the window shows a resident page that allows this access, until the next one is looked at;
 * NULL if the page needs a fault first. */
static PVOID FindResident(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, BOOLEAN Write)
{
    PMI_PTE Pte = MiFindPte(Vm, Address);
    ULONG Protect;

    if (!Pte || !Pte->Frame || Pte->Guard)
        return NULL;
    Protect = 1u << Pte->Protect;
    if (Protect == PAGE_NOACCESS ||
        (Write && (!(Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) || Pte->Watched)))
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

/* Copies to the client's pages (Write) or from them; without a Buffer it only makes sure that they
 * are resident. */
static NTSTATUS CopyPages(PEPROCESS Process, ULONG_PTR Address, PCHAR Buffer, SIZE_T Length,
                          BOOLEAN Write)
{
    if (!Length)
        return STATUS_SUCCESS;
    if (!IsUserRange(Address, Length))
        return STATUS_ACCESS_VIOLATION;
    while (Length) {
        SIZE_T Part = PartInPage(Address, Length);
        PVOID Window;
        NTSTATUS Status = FindPage(Process, Address, Write, &Window);

        if (!NT_SUCCESS(Status))
            return Status;
        if (Buffer) {
            memcpy(Write ? Window : Buffer, Write ? Buffer : Window, Part);
            Buffer += Part;
        }
        Address += Part;
        Length -= Part;
        if (!NT_SUCCESS(KeGiveWay()))
            return STATUS_THREAD_IS_TERMINATING;
    }
    return STATUS_SUCCESS;
}

/* A short cut: what services read and write is mostly small and resident. */
static BOOLEAN IsInOnePage(ULONG_PTR Address, SIZE_T Length)
{
    return Length - 1 < PAGE_SIZE - (Address & (PAGE_SIZE - 1)) &&
           Address <= MM_HIGHEST_USER_ADDRESS;
}

/* Words at any address */
typedef ULONG64 __attribute__((aligned(1), may_alias)) QUAD;
typedef ULONG __attribute__((aligned(1), may_alias)) DOUBLE;

/* Most of what goes to and fro is one handle, address or number. It is read once: the client can
 * change it at any time. */
FORCEINLINE void CopySmall(void *Destination, const void *Source, SIZE_T Length)
{
    if (Length == sizeof(QUAD))
        *(QUAD *)Destination = *(const volatile QUAD *)Source;
    else if (Length == sizeof(DOUBLE))
        *(DOUBLE *)Destination = *(const volatile DOUBLE *)Source;
    else
        memcpy(Destination, Source, Length);
}

NTSTATUS MmCopyFromProcess(PEPROCESS Process, PVOID Destination, CLIENT(PCVOID) Source,
                           SIZE_T Length)
{
    ULONG_PTR Address = (ULONG_PTR)Source;
    PVOID Window = IsInOnePage(Address, Length) ? FindResident(&Process->Vm, Address, FALSE) : NULL;

    if (!Window)
        return CopyPages(Process, Address, Destination, Length, FALSE);
    CopySmall(Destination, Window, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyToProcess(PEPROCESS Process, CLIENT(PVOID) Destination, const void *Source,
                         SIZE_T Length)
{
    ULONG_PTR Address = (ULONG_PTR)Destination;
    PVOID Window = IsInOnePage(Address, Length) ? FindResident(&Process->Vm, Address, TRUE) : NULL;

    if (!Window)
        return CopyPages(Process, Address, (PCHAR)Source, Length, TRUE);
    CopySmall(Window, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyFromClient(PVOID Destination, CLIENT(PCVOID) Source, SIZE_T Length)
{
    return MmCopyFromProcess(PsGetCurrentProcess(), Destination, Source, Length);
}

NTSTATUS MmCopyToClient(CLIENT(PVOID) Destination, const void *Source, SIZE_T Length)
{
    return MmCopyToProcess(PsGetCurrentProcess(), Destination, Source, Length);
}

NTSTATUS MmProbeForWrite(CLIENT(PVOID) ClientAddress, SIZE_T Length)
{
    ULONG_PTR Address = (ULONG_PTR)ClientAddress;
    PEPROCESS Process = PsGetCurrentProcess();

    if (IsInOnePage(Address, Length) && FindResident(&Process->Vm, Address, TRUE))
        return STATUS_SUCCESS;
    return CopyPages(Process, Address, NULL, Length, TRUE);
}

NTSTATUS MiCopyFromWritable(PVOID Destination, CLIENT(PVOID) Source, SIZE_T Length)
{
    ULONG_PTR Address = (ULONG_PTR)Source;
    PEPROCESS Process = PsGetCurrentProcess();
    PVOID Window = IsInOnePage(Address, Length) ? FindResident(&Process->Vm, Address, TRUE) : NULL;
    NTSTATUS Status;

    if (!Window) {
        Status = CopyPages(Process, Address, NULL, Length, TRUE);
        return NT_SUCCESS(Status) ? MmCopyFromProcess(Process, Destination, Source, Length)
                                  : Status;
    }
    CopySmall(Destination, Window, Length);
    return STATUS_SUCCESS;
}

/* ---- The base and the size of a range: services read both and answer in both ---- */

/* Where the window shows the page that both are in; NULL if they are in two, or that needs a
 * fault. */
static PCHAR FindPair(ULONG_PTR Base, ULONG_PTR Size)
{
    if ((Base ^ Size) & ~(ULONG_PTR)(PAGE_SIZE - 1) || !IsInOnePage(Base, sizeof(PVOID)) ||
        !IsInOnePage(Size, sizeof(SIZE_T)))
        return NULL;
    return FindResident(&PsGetCurrentProcess()->Vm, ALIGN_DOWN_BY(Base, PAGE_SIZE), TRUE);
}

#define IN_PAGE(address) ((ULONG_PTR)(address) & (PAGE_SIZE - 1))

NTSTATUS MiReadRange(CLIENT(PVOID *) ClientBase, CLIENT(PSIZE_T) ClientSize, PVOID *Base,
                     PSIZE_T Size)
{
    PCHAR Page = FindPair((ULONG_PTR)ClientBase, (ULONG_PTR)ClientSize);
    NTSTATUS Status;

    if (!Page) {
        Status = MiReadWritable(Base, ClientBase);
        return NT_SUCCESS(Status) ? MiReadWritable(Size, ClientSize) : Status;
    }
    CopySmall(Base, Page + IN_PAGE(ClientBase), sizeof(*Base));
    CopySmall(Size, Page + IN_PAGE(ClientSize), sizeof(*Size));
    return STATUS_SUCCESS;
}

NTSTATUS MiWriteRange(CLIENT(PVOID *) ClientBase, CLIENT(PSIZE_T) ClientSize, PVOID Base,
                      SIZE_T Size)
{
    PCHAR Page = FindPair((ULONG_PTR)ClientBase, (ULONG_PTR)ClientSize);
    NTSTATUS Status;

    if (!Page) {
        Status = MmWriteClient(ClientSize, &Size);
        return NT_SUCCESS(Status) ? MmWriteClient(ClientBase, &Base) : Status;
    }
    CopySmall(Page + IN_PAGE(ClientSize), &Size, sizeof(Size));
    CopySmall(Page + IN_PAGE(ClientBase), &Base, sizeof(Base));
    return STATUS_SUCCESS;
}

/* ---- Between processes ---- */

#define TRANSFER_SIZE 0x400

/* From window to window, when both pages are there at once. FALSE: they are not. */
static BOOLEAN TransferDirectly(PEPROCESS From, ULONG_PTR Source, PEPROCESS To,
                                ULONG_PTR Destination, SIZE_T Length)
{
    PVOID Window = FindResident(&From->Vm, Source, FALSE), Target;

    if (!Window || MiWindowRival(MiWindowFrame(Window)))
        return FALSE;
    Target = FindResident(&To->Vm, Destination, TRUE);
    if (!Target)
        return FALSE;
    if (Length == PAGE_SIZE)
        MiCopyPage(Target, Window);
    else
        memmove(Target, Window, Length);
    return TRUE;
}

static NTSTATUS TransferThroughBuffer(PEPROCESS From, CLIENT(PCHAR) Source, PEPROCESS To,
                                      CLIENT(PCHAR) Destination, SIZE_T Length)
{
    CHAR Buffer[TRANSFER_SIZE];
    NTSTATUS Status = MmCopyFromProcess(From, Buffer, Source, Length);

    return NT_SUCCESS(Status) ? MmCopyToProcess(To, Destination, Buffer, Length) : Status;
}

/* The count of what was copied goes to ClientCount also when a page in the middle cannot be
 * accessed. */
static NTSTATUS Transfer(PEPROCESS From, CLIENT(PCHAR) Source, PEPROCESS To,
                         CLIENT(PCHAR) Destination, SIZE_T Length, PSIZE_T Copied)
{
    for (*Copied = 0; *Copied < Length;) {
        SIZE_T Part = PartInPage((ULONG_PTR)Source + *Copied, Length - *Copied);
        NTSTATUS Status = STATUS_SUCCESS;

        Part = PartInPage((ULONG_PTR)Destination + *Copied, Part);
        if (!TransferDirectly(From, (ULONG_PTR)Source + *Copied, To,
                              (ULONG_PTR)Destination + *Copied, Part)) {
            Part = Part < TRANSFER_SIZE ? Part : TRANSFER_SIZE;
            Status = TransferThroughBuffer(From, Source + *Copied, To, Destination + *Copied, Part);
        }
        if (!NT_SUCCESS(Status))
            return *Copied ? STATUS_PARTIAL_COPY : Status;
        *Copied += Part;
        if (!NT_SUCCESS(KeGiveWay()))
            return STATUS_THREAD_IS_TERMINATING;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS TransferService(HANDLE Handle, ACCESS_MASK Access, CLIENT(PVOID) Remote,
                                CLIENT(PVOID) Local, SIZE_T Length, CLIENT(PSIZE_T) ClientCount)
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
NTSTATUS NtReadVirtualMemory(HANDLE Process, CLIENT(PVOID) BaseAddress, CLIENT(PVOID) Buffer,
                             SIZE_T Length, CLIENT(PSIZE_T) BytesRead)
{
    return TransferService(Process, PROCESS_VM_READ, BaseAddress, Buffer, Length, BytesRead);
}

/*
 * NtWriteVirtualMemory: copies Length bytes of Buffer of the caller to BaseAddress of a process.
 * Needs PROCESS_VM_WRITE. Statuses as NtReadVirtualMemory. (NT native API; Win32:
 * WriteProcessMemory)
 */
NTSTATUS NtWriteVirtualMemory(HANDLE Process, CLIENT(PVOID) BaseAddress, CLIENT(PVOID) Buffer,
                              SIZE_T Length, CLIENT(PSIZE_T) BytesWritten)
{
    return TransferService(Process, PROCESS_VM_WRITE, BaseAddress, Buffer, Length, BytesWritten);
}
