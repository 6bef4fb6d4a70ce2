/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process's memory looks like: NtQueryVirtualMemory. */
#include <neptune/missing_classes.def>
#include <ex.h>
#include <io.h>
#include <ps.h>
#include "mi.h"

/* ---- Regions ---- */

/* The last address from Address on for which, without a PTE, the same holds. */
static ULONG_PTR SilentRunEnd(PMI_VAD Vad, ULONG_PTR Address)
{
    ULONG Page = (ULONG)((Address - Vad->Start) >> PAGE_SHIFT) + Vad->FirstPage, Next = Page + 1;

    if (Vad->Type == MiVadPrivate || (Vad->Type == MiVadMapped && !Vad->Segment->Reserved))
        return Vad->Last;
    if (Vad->Type == MiVadImage) {
        PMI_SUBSECTION Subsection = MiFindSubsection(Vad->Segment, Page);

        Next = Subsection->FirstPage + Subsection->Pages;
    } else if (!MiFindSegmentEntry(Vad->Segment, Page)) {
        Next = (ULONG)ALIGN_UP_BY(Page + 1, PAGE_SIZE / sizeof(ULONG));
    }
    Address += ((ULONG_PTR)(Next - Page) << PAGE_SHIFT) - 1;
    return Address < Vad->Last ? Address : Vad->Last;
}

/* The protection at Address; *RunEnd is where it ends, as far as a single step can tell. */
static ULONG ProtectionRun(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Address, PULONG_PTR RunEnd)
{
    ULONG_PTR Next = Address, End = SilentRunEnd(Vad, Address);
    PMI_PTE Pte = MiNextPteInTurn(Vm, &Next, End);
    MI_PTE None = {0};

    if (Pte && Next == Address) {
        *RunEnd = Address + PAGE_SIZE - 1;
        return MiPageProtection(Vad, Address, *Pte);
    }
    *RunEnd = Pte ? Next - 1 : End;
    return MiPageProtection(Vad, Address, None);
}

static void DescribeFree(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address,
                         MEMORY_BASIC_INFORMATION *Information)
{
    PMI_VAD Next = MiFirstVadFrom(Vm, Address);

    while (Next && Next->Hidden)
        Next = MiFirstVadFrom(Vm, Next->Last + 1);
    Information->RegionSize = (Next ? Next->Start : MM_HIGHEST_USER_ADDRESS + 1) - Address;
    Information->State = MEM_FREE;
    Information->Protect = PAGE_NOACCESS;
}

static void DescribeVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Address,
                        MEMORY_BASIC_INFORMATION *Information)
{
    static const ULONG Types[] = {MEM_PRIVATE, MEM_MAPPED, MEM_IMAGE};
    ULONG_PTR End, Last;

    Information->AllocationBase = (PVOID)Vad->Start;
    Information->AllocationProtect = Vad->Protect;
    Information->Type = Types[Vad->Type];
    Information->Protect = ProtectionRun(Vm, Vad, Address, &End);
    Information->State = Information->Protect ? MEM_COMMIT : MEM_RESERVE;
    while (End < Vad->Last && ProtectionRun(Vm, Vad, End + 1, &Last) == Information->Protect) {
        End = Last;
    }
    Information->RegionSize = End - Address + 1;
}

static NTSTATUS QueryBasic(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address,
                           MEMORY_BASIC_INFORMATION *Information)
{
    NTSTATUS Status = MiLockAddressSpace(Vm);
    PMI_VAD Vad;

    if (!NT_SUCCESS(Status))
        return Status;
    Address = ALIGN_DOWN_BY(Address, PAGE_SIZE);
    Vad = MiFindVad(Vm, Address);
    memset(Information, 0, sizeof(*Information));
    Information->BaseAddress = (PVOID)Address;
    if (Vad)
        DescribeVad(Vm, Vad, Address, Information);
    else
        DescribeFree(Vm, Address, Information);
    MiUnlockAddressSpace(Vm);
    return STATUS_SUCCESS;
}

/* ---- Classes ---- */

static NTSTATUS WriteFixed(CLIENT(PVOID) Buffer, SIZE_T Length, CLIENT(PSIZE_T) ReturnLength,
                           const void *Data, SIZE_T Size)
{
    NTSTATUS Status;

    if (Length < Size)
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyToClient(Buffer, Data, Size);
    if (NT_SUCCESS(Status) && ReturnLength)
        Status = MmWriteClient(ReturnLength, &Size);
    return Status;
}

static NTSTATUS QueryImage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, CLIENT(PVOID) Buffer,
                           SIZE_T Length, CLIENT(PSIZE_T) ReturnLength)
{
    MEMORY_IMAGE_INFORMATION Information = {0};
    PMI_VAD Vad = MiFindVad(Vm, Address);

    if (!Vad)
        return STATUS_INVALID_ADDRESS;
    if (Vad->Type == MiVadImage) {
        Information.ImageBase = (PVOID)Vad->Start;
        Information.SizeOfImage = Vad->Last - Vad->Start + 1;
    }
    return WriteFixed(Buffer, Length, ReturnLength, &Information, sizeof(Information));
}

/* All of one allocation or view. */
static void DescribeRegion(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, MEMORY_REGION_INFORMATION *Region)
{
    ULONG_PTR Address = Vad->Start, End = Address;

    Region->AllocationBase = (PVOID)Vad->Start;
    Region->AllocationProtect = Vad->Protect;
    Region->Private = Vad->Type == MiVadPrivate;
    Region->MappedImage = Vad->Type == MiVadImage;
    Region->MappedDataFile = Vad->Type == MiVadMapped && Vad->Segment->File;
    Region->MappedPageFile = Vad->Type == MiVadMapped && !Vad->Segment->File;
    Region->MappedWriteWatch = Vad->WriteWatch;
    Region->RegionSize = Vad->Last - Vad->Start + 1;
    for (; Address <= Vad->Last && Address >= Vad->Start; Address = End + 1)
        if (ProtectionRun(Vm, Vad, Address, &End))
            Region->CommitSize += End + 1 - Address;
}

/* The structure has grown: who asks for its beginning gets that. */
static NTSTATUS QueryRegion(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, CLIENT(PVOID) Buffer,
                            SIZE_T Length, CLIENT(PSIZE_T) ReturnLength)
{
    static const SIZE_T Sizes[] = {sizeof(MEMORY_REGION_INFORMATION),
                                   FIELD_OFFSET(MEMORY_REGION_INFORMATION, NodePreference),
                                   FIELD_OFFSET(MEMORY_REGION_INFORMATION, PartitionId),
                                   FIELD_OFFSET(MEMORY_REGION_INFORMATION, CommitSize)};
    MEMORY_REGION_INFORMATION Region = {0};
    NTSTATUS Status;
    PMI_VAD Vad;
    ULONG Form = 0;

    while (Form < ARRAYSIZE(Sizes) && Length < Sizes[Form])
        Form++;
    if (Form == ARRAYSIZE(Sizes))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MiLockAddressSpace(Vm);
    if (!NT_SUCCESS(Status))
        return Status;
    Vad = MiFindVad(Vm, Address);
    if (Vad)
        DescribeRegion(Vm, Vad, &Region);
    MiUnlockAddressSpace(Vm);
    return Vad ? WriteFixed(Buffer, Length, ReturnLength, &Region, Sizes[Form])
               : STATUS_INVALID_ADDRESS;
}

static NTSTATUS WriteName(PUNICODE_STRING Name, CLIENT(PVOID) Buffer, SIZE_T Length,
                          CLIENT(PSIZE_T) ReturnLength)
{
    CLIENT(PCHAR) Text = (CLIENT(PCHAR))Buffer + sizeof(UNICODE_STRING);
    UNICODE_STRING Header = {Name->Length, Name->Length + sizeof(WCHAR), (PWSTR)(ULONG_PTR)Text};
    SIZE_T Needed = sizeof(Header) + Header.MaximumLength;
    const WCHAR End = 0;
    NTSTATUS Status = STATUS_SUCCESS;

    if (ReturnLength)
        Status = MmWriteClient(ReturnLength, &Needed);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Length < Needed)
        return Length < sizeof(Header) ? STATUS_INFO_LENGTH_MISMATCH : STATUS_BUFFER_OVERFLOW;
    Status = MmCopyToClient(Text, Name->Buffer, Name->Length);
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient(Text + Name->Length, &End, sizeof(End));
    return NT_SUCCESS(Status) ? MmCopyToClient(Buffer, &Header, sizeof(Header)) : Status;
}

/* The file's full name. Asking for it may wait, so the file is referenced. */
static NTSTATUS QueryFileName(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, CLIENT(PVOID) Buffer,
                              SIZE_T Length, CLIENT(PSIZE_T) ReturnLength)
{
    PMI_VAD Vad = MiFindVad(Vm, Address);
    UNICODE_STRING Name;
    PIO_FILE File;
    NTSTATUS Status;

    if (!Vad || Vad->Type == MiVadPrivate)
        return STATUS_INVALID_ADDRESS;
    File = Vad->Segment->File;
    if (!File)
        return STATUS_FILE_INVALID;
    ObReferenceObject(File);
    Status = ObQueryName(File, &Name);
    ObDereferenceObject(File);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = WriteName(&Name, Buffer, Length, ReturnLength);
    ExFreeUnicodeString(&Name);
    return Status;
}

static NTSTATUS QueryClass(PEPROCESS Process, ULONG_PTR Address, MEMORY_INFORMATION_CLASS Class,
                           CLIENT(PVOID) Buffer, SIZE_T Length, CLIENT(PSIZE_T) ReturnLength)
{
    MEMORY_BASIC_INFORMATION Basic;
    NTSTATUS Status;

    switch (Class) {
    case MemoryBasicInformation:
        if (Length < sizeof(Basic))
            return STATUS_INFO_LENGTH_MISMATCH;
        Status = QueryBasic(&Process->Vm, Address, &Basic);
        return NT_SUCCESS(Status) ? WriteFixed(Buffer, Length, ReturnLength, &Basic, sizeof(Basic))
                                  : Status;
    case MemoryWorkingSetInformation:
        return MiQueryWorkingSet(&Process->Vm, Buffer, Length, ReturnLength);
    case MemoryWorkingSetExInformation:
        return MiQueryWorkingSetEx(&Process->Vm, Buffer, Length, ReturnLength);
    case MemoryRegionInformation:
        return QueryRegion(&Process->Vm, Address, Buffer, Length, ReturnLength);
    case MemoryMappedFilenameInformation:
        return QueryFileName(&Process->Vm, Address, Buffer, Length, ReturnLength);
    case MemoryImageInformation:
        return QueryImage(&Process->Vm, Address, Buffer, Length, ReturnLength);
        MISSING_NtQueryVirtualMemory(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

/*
 * NtQueryVirtualMemory: describes the memory at BaseAddress of a process. Classes:
 * MemoryBasicInformation (the run of pages alike), MemoryRegionInformation (the allocation or
 * view), MemoryMappedFilenameInformation (a UNICODE_STRING and its characters),
 * MemoryImageInformation; of all memory, MemoryWorkingSetInformation; of addresses in the buffer,
 * MemoryWorkingSetExInformation. Needs PROCESS_QUERY_INFORMATION.
 * STATUS_INVALID_PARAMETER above user space, STATUS_INVALID_INFO_CLASS,
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_INVALID_ADDRESS, STATUS_FILE_INVALID, STATUS_BUFFER_OVERFLOW.
 * (WDK: ZwQueryVirtualMemory)
 */
NTSTATUS NtQueryVirtualMemory(HANDLE ProcessHandle, CLIENT(PVOID) BaseAddress,
                              MEMORY_INFORMATION_CLASS Class, CLIENT(PVOID) Information,
                              SIZE_T Length, CLIENT(PSIZE_T) ReturnLength)
{
    PEPROCESS Process;
    NTSTATUS Status;

    if ((ULONG_PTR)BaseAddress > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER;
    Status = MiReferenceProcess(ProcessHandle, PROCESS_QUERY_INFORMATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = QueryClass(Process, (ULONG_PTR)BaseAddress, Class, Information, Length, ReturnLength);
    ObDereferenceObject(Process);
    return Status;
}
