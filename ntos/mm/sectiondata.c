/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sections that hold the data of requests to drivers: pages of the system's, or a process's own,
 * which are held in a section as long as drivers use them. What the Executive puts into them or
 * takes from them it copies through the window.
 */
#include <ob.h>
#include <ps.h>
#include "mi.h"

#define TRANSFER_SIZE                                                                              \
    0x200 /* by way of the stack, where two frames share a place in the window                     \
           */
#define MAXIMUM_TRIES 16

/* ---- A process's pages ---- */

static BOOLEAN AllowsHolding(MI_PTE Pte, BOOLEAN Write)
{
    ULONG Protect = 1u << Pte.Protect;

    if (!Pte.Frame || Pte.Guard || Protect == PAGE_NOACCESS)
        return FALSE;
    return !Write || (Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE) && !Pte.Watched);
}

/* The frame of the process's page, which is there and allows the access; 0 in *Frame never. */
static NTSTATUS FindHeldFrame(PEPROCESS Process, ULONG_PTR Address, BOOLEAN Write, PULONG Frame)
{
    ULONG Try;

    for (Try = 0; Try < MAXIMUM_TRIES; Try++) {
        PMI_PTE Pte = MiFindPte(&Process->Vm, Address);
        NTSTATUS Status;

        if (Pte && AllowsHolding(*Pte, Write)) {
            *Frame = Pte->Frame;
            return STATUS_SUCCESS;
        }
        Status = MmAccessFault(Process, Address, Write, FALSE);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_ACCESS_VIOLATION;
}

static NTSTATUS HoldPages(PEPROCESS Process, ULONG_PTR First, BOOLEAN Write, PMI_SEGMENT Segment)
{
    ULONG Page, Frame;

    for (Page = 0; Page < Segment->Pages; Page++) {
        NTSTATUS Status =
            FindHeldFrame(Process, First + ((ULONG_PTR)Page << PAGE_SHIFT), Write, &Frame);

        if (!NT_SUCCESS(Status))
            return Status;
        MiReferenceFrame(Frame);
        *MiFindSegmentEntry(Segment, Page) = Frame;
        Status = KeGiveWay();
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_SUCCESS;
}

NTSTATUS MmLockPagesInSection(PEPROCESS Process, ULONG_PTR Address, SIZE_T Length, BOOLEAN Write,
                              PMM_SECTION *Section)
{
    ULONG_PTR First = ALIGN_DOWN_BY(Address, PAGE_SIZE);
    LARGE_INTEGER Size = {.QuadPart = 0};
    NTSTATUS Status;

    if (!Length || Address > MM_HIGHEST_USER_ADDRESS ||
        Length - 1 > MM_HIGHEST_USER_ADDRESS - Address)
        return STATUS_ACCESS_VIOLATION;
    Size.QuadPart = (LONGLONG)(ALIGN_DOWN_BY(Address + Length - 1, PAGE_SIZE) - First) + PAGE_SIZE;
    Status =
        MmCreateSection(Section, NULL, &Size, Write ? PAGE_READWRITE : PAGE_READONLY, SEC_COMMIT);
    if (!NT_SUCCESS(Status))
        return Status;
    (*Section)->Segment->Held = TRUE;
    Status = HoldPages(Process, First, Write, (*Section)->Segment);
    if (!NT_SUCCESS(Status))
        ObDereferenceObject(*Section);
    return Status;
}

NTSTATUS MmQueryFrame(PEPROCESS Process, ULONG_PTR Address, PULONG Frame)
{
    if (Address > MM_HIGHEST_USER_ADDRESS)
        return STATUS_ACCESS_VIOLATION;
    return FindHeldFrame(Process, Address, FALSE, Frame);
}

/* ---- What lies in a section ---- */

ULONG MmSectionFrame(PMM_SECTION Section, ULONG Page)
{
    return *MiFindSegmentEntry(Section->Segment, Page) & MI_SEGMENT_FRAME;
}

/* The page that Offset is in has a frame then. */
static NTSTATUS FindDataFrame(PMM_SECTION Section, SIZE_T Offset, PULONG Frame)
{
    ULONG Page = (ULONG)(Offset >> PAGE_SHIFT);
    NTSTATUS Status = MiReadSegmentPage(Section->Segment, Page);

    *Frame = MmSectionFrame(Section, Page);
    return Status;
}

static SIZE_T PartOfPage(SIZE_T Offset, SIZE_T Length)
{
    SIZE_T Rest = PAGE_SIZE - (Offset & (PAGE_SIZE - 1));

    return Length < Rest ? Length : Rest;
}

FORCEINLINE PCHAR DataAt(ULONG Frame, SIZE_T Offset)
{
    return (PCHAR)MiMapFrame(Frame) + (Offset & (PAGE_SIZE - 1));
}

static NTSTATUS CopyClient(PEPROCESS Process, CLIENT(PUCHAR) Client, PCHAR Data, SIZE_T Length,
                           BOOLEAN Fill)
{
    return Fill ? MmCopyFromProcess(Process, Data, Client, Length)
                : MmCopyToProcess(Process, Client, Data, Length);
}

/* Within a page. A frame that has no rival stays in the window while the process's pages are looked
 * at; the data of others go by way of the stack. */
static NTSTATUS CopyPart(ULONG Frame, SIZE_T Offset, PEPROCESS Process, CLIENT(PUCHAR) Client,
                         SIZE_T Length, BOOLEAN Fill)
{
    CHAR Buffer[TRANSFER_SIZE];
    NTSTATUS Status = STATUS_SUCCESS;

    if (!MiWindowRival(Frame))
        return CopyClient(Process, Client, DataAt(Frame, Offset), Length, Fill);
    while (Length && NT_SUCCESS(Status)) {
        SIZE_T Part = Length < sizeof(Buffer) ? Length : sizeof(Buffer);

        if (!Fill)
            memcpy(Buffer, DataAt(Frame, Offset), Part);
        Status = CopyClient(Process, Client, Buffer, Part, Fill);
        if (Fill && NT_SUCCESS(Status))
            memcpy(DataAt(Frame, Offset), Buffer, Part);
        Offset += Part;
        Client += Part;
        Length -= Part;
    }
    return Status;
}

static NTSTATUS CopyData(PMM_SECTION Section, SIZE_T Offset, PEPROCESS Process,
                         CLIENT(PUCHAR) Client, SIZE_T Length, BOOLEAN Fill)
{
    while (Length) {
        SIZE_T Part = PartOfPage(Offset, Length);
        ULONG Frame;
        NTSTATUS Status = FindDataFrame(Section, Offset, &Frame);

        if (NT_SUCCESS(Status))
            Status = CopyPart(Frame, Offset, Process, Client, Part, Fill);
        Offset += Part;
        Client += Part;
        Length -= Part;
        if (NT_SUCCESS(Status) && Length)
            Status = KeGiveWay();
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_SUCCESS;
}

NTSTATUS MmFillSection(PMM_SECTION Section, SIZE_T Offset, PEPROCESS Process, CLIENT(PCVOID) Source,
                       SIZE_T Length)
{
    return CopyData(Section, Offset, Process, (CLIENT(PUCHAR))(ULONG_PTR)Source, Length, TRUE);
}

NTSTATUS MmReadSection(PMM_SECTION Section, SIZE_T Offset, PEPROCESS Process,
                       CLIENT(PVOID) Destination, SIZE_T Length)
{
    return CopyData(Section, Offset, Process, Destination, Length, FALSE);
}

/* Source NULL: zeroes. */
static NTSTATUS WriteData(PMM_SECTION Section, SIZE_T Offset, const UCHAR *Source, SIZE_T Length)
{
    while (Length) {
        SIZE_T Part = PartOfPage(Offset, Length);
        ULONG Frame;
        NTSTATUS Status = FindDataFrame(Section, Offset, &Frame);

        if (!NT_SUCCESS(Status))
            return Status;
        if (Source) {
            memcpy(DataAt(Frame, Offset), Source, Part);
            Source += Part;
        } else {
            memset(DataAt(Frame, Offset), 0, Part);
        }
        Offset += Part;
        Length -= Part;
        if (Length)
            Status = KeGiveWay();
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return STATUS_SUCCESS;
}

NTSTATUS MmWriteToSection(PMM_SECTION Section, SIZE_T Offset, const void *Source, SIZE_T Length)
{
    return WriteData(Section, Offset, Source, Length);
}

/* Pages that have not been looked at are clear. */
NTSTATUS MmClearSection(PMM_SECTION Section, SIZE_T Offset, SIZE_T Length)
{
    while (Length) {
        SIZE_T Part = PartOfPage(Offset, Length);
        NTSTATUS Status = STATUS_SUCCESS;

        if (MmSectionFrame(Section, (ULONG)(Offset >> PAGE_SHIFT)))
            Status = WriteData(Section, Offset, NULL, Part);
        if (!NT_SUCCESS(Status))
            return Status;
        Offset += Part;
        Length -= Part;
    }
    return STATUS_SUCCESS;
}
