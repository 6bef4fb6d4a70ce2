/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory management for the test of hostile drivers: clients' memory that is everywhere but at the
 * lowest addresses, sections of which nobody may touch more than there is, charges that must be
 * returned.
 */
#pragma once

static BOOLEAN IsBad(const void *Address, SIZE_T Length)
{
    return Length && (ULONG_PTR)Address < 0x10000;
}

NTSTATUS MmCopyFromClient(PVOID Destination, const void *Source, SIZE_T Length)
{
    if (IsBad(Source, Length))
        return STATUS_ACCESS_VIOLATION;
    memcpy(Destination, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyToClient(PVOID Destination, const void *Source, SIZE_T Length)
{
    if (IsBad(Destination, Length))
        return STATUS_ACCESS_VIOLATION;
    memcpy(Destination, Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmCopyToProcess(PEPROCESS Process, PVOID Destination, const void *Source, SIZE_T Length)
{
    return MmCopyToClient(Destination, Source, Length);
}

NTSTATUS MmProbeForWrite(PVOID Address, SIZE_T Length)
{
    return IsBad(Address, Length) ? STATUS_ACCESS_VIOLATION : STATUS_SUCCESS;
}

/* ---- Sections: memory, of which nobody may touch more than there is ---- */
struct _MM_SECTION {
    SIZE_T Size;
    UCHAR *Data;
};

POBJECT_TYPE MmSectionObjectType;

NTSTATUS MmCreateSection(struct _MM_SECTION **Section, PIO_FILE File, PLARGE_INTEGER MaximumSize,
                         ULONG Protect, ULONG Attributes)
{
    NTSTATUS Status = ObCreateObject(MmSectionObjectType, sizeof(**Section), (PVOID *)Section);

    if (!NT_SUCCESS(Status))
        return Status;
    (*Section)->Size = (SIZE_T)MaximumSize->QuadPart;
    (*Section)->Data = calloc(1, (*Section)->Size);
    return STATUS_SUCCESS;
}

static void DeleteSection(PVOID Object)
{
    struct _MM_SECTION *Section = Object;

    free(Section->Data);
}

NTSTATUS MmLockPagesInSection(PEPROCESS Process, ULONG_PTR Address, SIZE_T Length, BOOLEAN Write,
                              struct _MM_SECTION **Section)
{
    LARGE_INTEGER Size = {.QuadPart = (LONGLONG)ALIGN_UP_BY(Address % 0x1000 + Length, 0x1000)};

    if (IsBad((PVOID)Address, Length) || Length > 0x1000000)
        return STATUS_ACCESS_VIOLATION;
    return MmCreateSection(Section, NULL, &Size, 0, 0);
}

static UCHAR *DataOf(struct _MM_SECTION *Section, SIZE_T Offset, SIZE_T Length)
{
    if (Offset > Section->Size || Length > Section->Size - Offset)
        abort();
    return Section->Data + Offset;
}

NTSTATUS MmFillSection(struct _MM_SECTION *Section, SIZE_T Offset, PEPROCESS Process,
                       const void *Source, SIZE_T Length)
{
    return MmCopyFromClient(DataOf(Section, Offset, Length), Source, Length);
}

NTSTATUS MmReadSection(struct _MM_SECTION *Section, SIZE_T Offset, PEPROCESS Process,
                       PVOID Destination, SIZE_T Length)
{
    return MmCopyToClient(Destination, DataOf(Section, Offset, Length), Length);
}

NTSTATUS MmWriteToSection(struct _MM_SECTION *Section, SIZE_T Offset, const void *Source,
                          SIZE_T Length)
{
    memcpy(DataOf(Section, Offset, Length), Source, Length);
    return STATUS_SUCCESS;
}

NTSTATUS MmClearSection(struct _MM_SECTION *Section, SIZE_T Offset, SIZE_T Length)
{
    memset(DataOf(Section, Offset, Length), 0, Length);
    return STATUS_SUCCESS;
}

ULONG MmSectionFrame(struct _MM_SECTION *Section, ULONG Page)
{
    return DataOf(Section, (SIZE_T)Page * 0x1000, 0x1000) != NULL;
}

NTSTATUS MmQueryFrame(PEPROCESS Process, ULONG_PTR Address, PULONG Frame)
{
    *Frame = 1;
    return IsBad((PVOID)Address, 1) ? STATUS_ACCESS_VIOLATION : STATUS_SUCCESS;
}

NTSTATUS MmMapViewOfSection(struct _MM_SECTION *Section, PEPROCESS Process, PVOID *Base,
                            ULONG_PTR ZeroBits, PLARGE_INTEGER Offset, PSIZE_T ViewSize, ULONG Type,
                            ULONG Protect)
{
    *Base = Section->Data;
    return MemoryRunsOut && Random(40) == 0 ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

NTSTATUS MmUnmapViewOfSection(PEPROCESS Process, PVOID Base)
{
    return STATUS_SUCCESS;
}

void MmQueryStatistics(MM_STATISTICS *Statistics)
{
    *Statistics = (MM_STATISTICS){.AvailablePages = 100000};
}

/* ---- Charges, capabilities ---- */

BOOLEAN MmChargeDriverMemory(PEPROCESS Process, SIZE_T Bytes)
{
    static ULONG Charges;

    if (MemoryRunsOut && ++Charges % 701 == 0)
        return FALSE;
    Process->Vm.DriverBytes += Bytes;
    return TRUE;
}

BOOLEAN MmChargeDriverThread(PEPROCESS Process, SIZE_T Bytes, BOOLEAN Few)
{
    return MmChargeDriverMemory(Process, Bytes);
}

BOOLEAN MmFindImageAt(PEPROCESS Process, ULONG_PTR Address, PULONG_PTR Base, WCHAR Name[32])
{
    return FALSE;
}

ULONG_PTR KeGetProgramCounter(PETHREAD Thread)
{
    return 0;
}

void MmReturnDriverMemory(PEPROCESS Process, SIZE_T Bytes)
{
    CHECK(Bytes <= Process->Vm.DriverBytes);
    Process->Vm.DriverBytes -= Bytes;
}

seL4_CPtr MmCSpaceRoot;

seL4_CPtr MmAllocateSlot(void)
{
    return 77;
}

void MmFreeSlot(seL4_CPtr Slot)
{
}

void MmDeleteCap(seL4_CPtr Slot)
{
}

NTSTATUS MmCreateKernelObject(seL4_Word Type, seL4_Word SizeBits, PMM_KERNEL_OBJECT Object)
{
    Object->Cap = 78;
    return Random(50) ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

void MmDeleteKernelObject(PMM_KERNEL_OBJECT Object)
{
    Object->Cap = 0;
}

NTSTATUS MmAllocateSharedRegion(PEPROCESS Process, SIZE_T Size, PVOID *System, PVOID *Client)
{
    *System = *Client = ExAllocatePool(Size);
    return *System ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

void MmFreeSharedRegion(PVOID System, SIZE_T Size)
{
    ExFreePool(System);
}
