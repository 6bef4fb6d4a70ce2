/* SPDX-License-Identifier: BSD-2-Clause */
/* Views: sections mapped into processes. */
#include <dbgk.h>
#include <io.h>
#include <ps.h>
#include "mi.h"

#define KNOWN_MAP_TYPES (MEM_TOP_DOWN | MEM_RESERVE | MEM_LARGE_PAGES | MEM_DOS_LIM | SEC_NO_CHANGE)

/* ---- Mapping ---- */

static NTSTATUS InsertView(PMM_ADDRESS_SPACE Vm, PMI_SEGMENT Segment, ULONG_PTR Start, SIZE_T Size,
                           ULONG FirstPage, ULONG Protect)
{
    PMI_VAD Vad =
        MiCreateVad(Vm, Segment->SubsectionCount ? MiVadImage : MiVadMapped, Start, Size, Protect);

    NTSTATUS Status;

    if (!Vad)
        return STATUS_INSUFFICIENT_RESOURCES;
    Vad->Segment = Segment;
    Vad->FirstPage = FirstPage;
    MiReferenceSegment(Segment);
    Status = MiPromiseVad(Vm, Vad);
    if (!NT_SUCCESS(Status))
        MiDiscardVad(Vm, Vad);
    return Status;
}

static NTSTATUS ChooseBase(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, SIZE_T Size,
                           const MI_PLACEMENT *Placement, ULONG Type)
{
    ULONG_PTR Highest = Placement->Highest;

    if (*Base) {
        if (*Base > Highest || Size - 1 > Highest - *Base ||
            !MiIsRangeFree(Vm, *Base, *Base + Size - 1))
            return STATUS_CONFLICTING_ADDRESSES;
        return STATUS_SUCCESS;
    }
    *Base = MiPlaceRange(Vm, Size, Placement, (Type & MEM_TOP_DOWN) != 0);
    return *Base ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static BOOLEAN IsWithin(const MI_PLACEMENT *Placement, ULONG_PTR Base, SIZE_T Size)
{
    return !(Base & (Placement->Alignment - 1)) && Base >= Placement->Lowest &&
           Base <= Placement->Highest && Size - 1 <= Placement->Highest - Base;
}

/* An image goes to the address that it was linked for when that is free. */
static NTSTATUS MapImage(PMM_ADDRESS_SPACE Vm, PMI_SEGMENT Segment, PULONG_PTR Base,
                         PSIZE_T ViewSize, const MI_PLACEMENT *Placement, ULONG Type)
{
    SIZE_T Size = (SIZE_T)Segment->Size;
    NTSTATUS Status;

    if (*ViewSize > Size)
        return STATUS_INVALID_VIEW_SIZE;
    if (!*Base && MiAdoptView(Vm, Segment)) {
        *Base = Segment->ImageBase;
        *ViewSize = Size;
        return STATUS_SUCCESS;
    }
    if (!*Base && Segment->ImageBase && IsWithin(Placement, Segment->ImageBase, Size) &&
        MiIsRangeFree(Vm, Segment->ImageBase, Segment->ImageBase + Size - 1))
        *Base = Segment->ImageBase;
    Status = ChooseBase(Vm, Base, Size, Placement, Type | MEM_TOP_DOWN);
    if (NT_SUCCESS(Status))
        Status = InsertView(Vm, Segment, *Base, Size, 0, PAGE_EXECUTE_WRITECOPY);
    if (!NT_SUCCESS(Status))
        return Status;
    *ViewSize = Size;
    return *Base == Segment->ImageBase ? STATUS_SUCCESS : STATUS_IMAGE_NOT_AT_BASE;
}

static NTSTATUS MapData(PMM_ADDRESS_SPACE Vm, PMM_SECTION Section, PULONG_PTR Base,
                        PLARGE_INTEGER Offset, PSIZE_T ViewSize, const MI_PLACEMENT *Placement,
                        ULONG Type, ULONG Protect)
{
    ULONGLONG Start = Offset ? (ULONGLONG)Offset->QuadPart : 0, Size = *ViewSize;
    NTSTATUS Status;

    if (Start & (MM_ALLOCATION_GRANULARITY - 1))
        return STATUS_MAPPED_ALIGNMENT;
    if (Start >= Section->Size || Size > Section->Size - Start)
        return STATUS_INVALID_VIEW_SIZE;
    Size = Size ? Size : Section->Size - Start;
    if (Size > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_VIEW_SIZE;
    Size = ALIGN_UP_BY(Size, PAGE_SIZE);
    Status = ChooseBase(Vm, Base, (SIZE_T)Size, Placement, Type);
    if (NT_SUCCESS(Status))
        Status = InsertView(Vm, Section->Segment, *Base, (SIZE_T)Size, (ULONG)(Start >> PAGE_SHIFT),
                            Protect);
    if (!NT_SUCCESS(Status))
        return Status;
    MiFindVad(Vm, *Base)->NoChange = ((Section->Attributes | Type) & SEC_NO_CHANGE) != 0;
    *ViewSize = (SIZE_T)Size;
    return STATUS_SUCCESS;
}

/* Whether pages of a section made with SectionProtect may be mapped with Protect. */
static BOOLEAN IsAllowed(ULONG SectionProtect, ULONG Protect)
{
    if (Protect & PAGE_NOACCESS)
        return TRUE;
    if (MI_IS_EXECUTABLE(Protect) && !MI_IS_EXECUTABLE(SectionProtect))
        return FALSE;
    return !(Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE)) ||
           SectionProtect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE);
}

static NTSTATUS MapSection(PMM_SECTION Section, PMM_ADDRESS_SPACE Vm, PULONG_PTR Start,
                           const MI_PLACEMENT *Placement, PLARGE_INTEGER Offset, PSIZE_T ViewSize,
                           ULONG Type, ULONG Protect)
{
    if (!Vm->PageTables)
        return STATUS_PROCESS_IS_TERMINATING;
    if (Section->Segment->SubsectionCount)
        return MapImage(Vm, Section->Segment, Start, ViewSize, Placement, Type);
    if (Type & MEM_RESERVE && !Section->Segment->File)
        return STATUS_INVALID_PARAMETER_9; /* only a file can grow into its view */
    if (!IsAllowed(Section->Protect, Protect))
        return STATUS_SECTION_PROTECTION;
    return MapData(Vm, Section, Start, Offset, ViewSize, Placement, Type, Protect);
}

static NTSTATUS MapPlaced(PMM_SECTION Section, PEPROCESS Process, PVOID *Base,
                          const MI_PLACEMENT *Placement, PLARGE_INTEGER Offset, PSIZE_T ViewSize,
                          ULONG AllocationType, ULONG Protect)
{
    ULONG_PTR Start = (ULONG_PTR)*Base;
    SIZE_T Size = *ViewSize;
    NTSTATUS Status;

    if (Start & (MM_ALLOCATION_GRANULARITY - 1))
        return STATUS_MAPPED_ALIGNMENT;
    if (AllocationType & MEM_LARGE_PAGES)
        return STATUS_NOT_IMPLEMENTED;
    Status = MiLockAddressSpace(&Process->Vm);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MapSection(Section, &Process->Vm, &Start, Placement, Offset, ViewSize, AllocationType,
                        Protect);
    if (!NT_SUCCESS(Status) && MiDropKeptRanges(&Process->Vm)) {
        Start = (ULONG_PTR)*Base;
        *ViewSize = Size;
        Status = MapSection(Section, &Process->Vm, &Start, Placement, Offset, ViewSize,
                            AllocationType, Protect);
    }
    MiUnlockAddressSpace(&Process->Vm);
    if (NT_SUCCESS(Status))
        *Base = (PVOID)Start;
    return Status;
}

static const MI_PLACEMENT Anywhere = {MM_LOWEST_USER_ADDRESS, MM_HIGHEST_USER_ADDRESS,
                                      MM_ALLOCATION_GRANULARITY, FALSE};

NTSTATUS MmMapViewOfSection(PMM_SECTION Section, PEPROCESS Process, PVOID *Base, ULONG_PTR ZeroBits,
                            PLARGE_INTEGER Offset, PSIZE_T ViewSize, ULONG AllocationType,
                            ULONG Protect)
{
    MI_PLACEMENT Placement = Anywhere;

    if (!NT_SUCCESS(MiZeroBitsLimit(ZeroBits, &Placement.Highest)))
        return STATUS_INVALID_PARAMETER_4;
    return MapPlaced(Section, Process, Base, &Placement, Offset, ViewSize, AllocationType, Protect);
}

static NTSTATUS UnmapView(PMM_ADDRESS_SPACE Vm, PVOID Base)
{
    PMI_VAD Vad = MiFindVad(Vm, (ULONG_PTR)Base);

    if (!Vad || Vad->Type == MiVadPrivate)
        return STATUS_NOT_MAPPED_VIEW;
    if (MiIsSecured(Vm, Vad, Vad->Start, Vad->Last))
        return STATUS_INVALID_PAGE_PROTECTION;
    MiDeleteVad(Vm, Vad);
    return STATUS_SUCCESS;
}

NTSTATUS MmUnmapViewOfSection(PEPROCESS Process, PVOID Base)
{
    NTSTATUS Status = MiLockAddressSpace(&Process->Vm);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = UnmapView(&Process->Vm, Base);
    MiUnlockAddressSpace(&Process->Vm);
    return Status;
}

/* ---- Services ---- */

static ACCESS_MASK SectionAccess(ULONG Protect)
{
    ACCESS_MASK Access = MI_IS_EXECUTABLE(Protect) ? SECTION_MAP_EXECUTE : 0;

    if (Protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        return Access | SECTION_MAP_WRITE;
    return Protect & PAGE_EXECUTE ? Access : Access | SECTION_MAP_READ;
}

/* The arguments of NtMapViewOfSection that are read from the client and written back. */
typedef struct _VIEW_ARGUMENTS {
    PVOID Base;
    SIZE_T Size;
    LARGE_INTEGER Offset;
} VIEW_ARGUMENTS, *PVIEW_ARGUMENTS;

static NTSTATUS CaptureView(PVIEW_ARGUMENTS Arguments, CLIENT(PVOID *) Base, CLIENT(PSIZE_T) Size,
                            CLIENT(PLARGE_INTEGER) Offset)
{
    NTSTATUS Status = MiReadRange(Base, Size, &Arguments->Base, &Arguments->Size);

    Arguments->Offset.QuadPart = 0;
    if (NT_SUCCESS(Status) && Offset)
        Status = MiReadWritable(&Arguments->Offset, Offset);
    return Status;
}

static NTSTATUS CheckView(const VIEW_ARGUMENTS *Arguments, ULONG_PTR Highest)
{
    if ((ULONG_PTR)Arguments->Base > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER_3;
    if (Arguments->Size &&
        Arguments->Size - 1 > MM_HIGHEST_USER_ADDRESS - (ULONG_PTR)Arguments->Base)
        return STATUS_INVALID_PARAMETER_5;
    if (Arguments->Base &&
        ((ULONG_PTR)Arguments->Base > Highest ||
         (Arguments->Size && Arguments->Size - 1 > Highest - (ULONG_PTR)Arguments->Base)))
        return STATUS_INVALID_PARAMETER_4;
    return STATUS_SUCCESS;
}

/* Returns Status, if that can be done. */
static NTSTATUS WriteView(const VIEW_ARGUMENTS *Arguments, CLIENT(PVOID *) Base,
                          CLIENT(PSIZE_T) Size, NTSTATUS Status)
{
    NTSTATUS WriteStatus = MiWriteRange(Base, Size, Arguments->Base, Arguments->Size);

    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}

/* The first pages of a view whose section's pages are not committed yet. */
static NTSTATUS CommitFirst(PEPROCESS Process, PMM_SECTION Section, PVIEW_ARGUMENTS Arguments,
                            SIZE_T CommitSize, ULONG Protect)
{
    PVOID Base = Arguments->Base;
    NTSTATUS Status;

    if (!CommitSize || !Section->Segment->Reserved)
        return STATUS_SUCCESS;
    Status = CommitSize > Arguments->Size
                 ? STATUS_INVALID_PARAMETER_5
                 : MmAllocateVirtualMemory(Process, &Base, 0, &CommitSize, MEM_COMMIT, Protect);
    if (!NT_SUCCESS(Status))
        MmUnmapViewOfSection(Process, Arguments->Base);
    return Status;
}

static NTSTATUS MapByHandles(HANDLE SectionHandle, HANDLE ProcessHandle, PVIEW_ARGUMENTS Arguments,
                             const MI_PLACEMENT *Placement, SIZE_T CommitSize, ULONG Type,
                             ULONG Protect)
{
    NTSTATUS CommitStatus;
    PMM_SECTION Section;
    PEPROCESS Process;
    NTSTATUS Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByHandle(SectionHandle, SectionAccess(Protect), MmSectionObjectType,
                                       (PVOID *)&Section);
    if (NT_SUCCESS(Status)) {
        Status = MapPlaced(Section, Process, &Arguments->Base, Placement, &Arguments->Offset,
                           &Arguments->Size, Type, Protect);
        CommitStatus = NT_SUCCESS(Status)
                           ? CommitFirst(Process, Section, Arguments, CommitSize, Protect)
                           : Status;
        Status = NT_SUCCESS(CommitStatus) ? Status : CommitStatus;
        ObDereferenceObject(Section);
    }
    ObDereferenceObject(Process);
    return Status;
}

/* A debugger is told of images that its debuggee maps into itself. */
static void ReportToDebugger(HANDLE ProcessHandle, PVOID Base)
{
    PEPROCESS Process = PsGetCurrentProcess();
    PMI_VAD Vad;

    if (!Process->DebugPort || ProcessHandle != NtCurrentProcess())
        return;
    Vad = MiFindVad(&Process->Vm, (ULONG_PTR)Base);
    if (Vad && Vad->Type == MiVadImage)
        DbgkReportLoad(Base);
}

/* Its base, if a debugger is to be told that the image is gone; else NULL. */
static PVOID ImageOfInterest(PEPROCESS Process, PVOID Address)
{
    PMI_VAD Vad;

    if (!Process->DebugPort || Process != PsGetCurrentProcess())
        return NULL;
    Vad = MiFindVad(&Process->Vm, (ULONG_PTR)Address);
    return Vad && Vad->Type == MiVadImage ? (PVOID)Vad->Start : NULL;
}

/*
 * NtMapViewOfSection: maps a section, or *ViewSize bytes of it from *SectionOffset on, into a
 * process, at *BaseAddress or where there is room. Base and offset are multiples of 64 KB. An image
 * is always mapped as a whole; success with STATUS_IMAGE_NOT_AT_BASE means that it must be
 * relocated. Of a reserved section the first CommitSize bytes of the view are committed. Needs
 * PROCESS_VM_OPERATION and the section access that Protect implies. STATUS_INVALID_PARAMETER_3 ..
 * _9, STATUS_INVALID_PAGE_PROTECTION, STATUS_MAPPED_ALIGNMENT, STATUS_INVALID_VIEW_SIZE,
 * STATUS_SECTION_PROTECTION, STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY. (WDK:
 * ZwMapViewOfSection)
 */
NTSTATUS NtMapViewOfSection(HANDLE SectionHandle, HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                            ULONG_PTR ZeroBits, SIZE_T CommitSize,
                            CLIENT(PLARGE_INTEGER) SectionOffset, CLIENT(PSIZE_T) ViewSize,
                            SECTION_INHERIT InheritDisposition, ULONG AllocationType, ULONG Protect)
{
    VIEW_ARGUMENTS Arguments;
    MI_PLACEMENT Placement = Anywhere;
    NTSTATUS Status;

    if (!NT_SUCCESS(MiZeroBitsLimit(ZeroBits, &Placement.Highest)))
        return STATUS_INVALID_PARAMETER_4;
    if (InheritDisposition != ViewShare && InheritDisposition != ViewUnmap)
        return STATUS_INVALID_PARAMETER_8;
    if (AllocationType & ~KNOWN_MAP_TYPES)
        return STATUS_INVALID_PARAMETER_9;
    if (!MiIsValidProtection(Protect) || Protect & PAGE_GUARD)
        return STATUS_INVALID_PAGE_PROTECTION;
    Status = CaptureView(&Arguments, BaseAddress, ViewSize, SectionOffset);
    if (NT_SUCCESS(Status))
        Status = CheckView(&Arguments, Placement.Highest);
    if (NT_SUCCESS(Status))
        Status = MapByHandles(SectionHandle, ProcessHandle, &Arguments, &Placement, CommitSize,
                              AllocationType, Protect);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = WriteView(&Arguments, BaseAddress, ViewSize, Status);
    ReportToDebugger(ProcessHandle, Arguments.Base);
    return Status;
}

static NTSTATUS CheckViewEx(const VIEW_ARGUMENTS *Arguments, const MI_PLACEMENT *Placement,
                            ULONG Type, ULONG Protect)
{
    if (Type & MEM_REPLACE_PLACEHOLDER)
        return STATUS_NOT_IMPLEMENTED;
    if (Type & ~KNOWN_MAP_TYPES)
        return STATUS_INVALID_PARAMETER_6;
    if (!MiIsValidProtection(Protect) || Protect & PAGE_GUARD)
        return STATUS_INVALID_PAGE_PROTECTION;
    if (Arguments->Base && Placement->Bounded)
        return STATUS_INVALID_PARAMETER;
    return CheckView(Arguments, MM_HIGHEST_USER_ADDRESS);
}

/*
 * NtMapViewOfSectionEx: NtMapViewOfSection with extended parameters (placement.c) in place of
 * ZeroBits. STATUS_NOT_IMPLEMENTED for placeholders, STATUS_INVALID_PARAMETER_6 for an unknown
 * AllocationType. (Win32: MapViewOfFile3)
 */
NTSTATUS NtMapViewOfSectionEx(HANDLE SectionHandle, HANDLE ProcessHandle,
                              CLIENT(PVOID *) BaseAddress, CLIENT(PLARGE_INTEGER) SectionOffset,
                              CLIENT(PSIZE_T) ViewSize, ULONG AllocationType, ULONG Protect,
                              CLIENT(PMEM_EXTENDED_PARAMETER) Parameters, ULONG Count)
{
    VIEW_ARGUMENTS Arguments;
    MI_PLACEMENT Placement;
    NTSTATUS Status = MiCapturePlacement(Parameters, Count, &Placement);

    if (NT_SUCCESS(Status))
        Status = CaptureView(&Arguments, BaseAddress, ViewSize, SectionOffset);
    if (NT_SUCCESS(Status))
        Status = CheckViewEx(&Arguments, &Placement, AllocationType, Protect);
    if (NT_SUCCESS(Status))
        Status = MapByHandles(SectionHandle, ProcessHandle, &Arguments, &Placement, 0,
                              AllocationType, Protect);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = WriteView(&Arguments, BaseAddress, ViewSize, Status);
    ReportToDebugger(ProcessHandle, Arguments.Base);
    return Status;
}

/*
 * NtUnmapViewOfSection: takes away the view that covers BaseAddress. Needs PROCESS_VM_OPERATION.
 * STATUS_NOT_MAPPED_VIEW, STATUS_INVALID_PAGE_PROTECTION for memory that the system needs. (WDK:
 * ZwUnmapViewOfSection)
 */
NTSTATUS NtUnmapViewOfSection(HANDLE ProcessHandle, CLIENT(PVOID) BaseAddress)
{
    PEPROCESS Process;
    PVOID Image;
    NTSTATUS Status;

    if ((ULONG_PTR)BaseAddress > MM_HIGHEST_USER_ADDRESS)
        return STATUS_NOT_MAPPED_VIEW;
    Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Image = ImageOfInterest(Process, (PVOID)(ULONG_PTR)BaseAddress);
    Status = MmUnmapViewOfSection(Process, (PVOID)(ULONG_PTR)BaseAddress);
    ObDereferenceObject(Process);
    if (NT_SUCCESS(Status) && Image)
        DbgkReportUnload(Image);
    return Status;
}

/*
 * NtUnmapViewOfSectionEx: the same with flags. STATUS_INVALID_PARAMETER_3 for unknown ones,
 * STATUS_CONFLICTING_ADDRESSES for MEM_PRESERVE_PLACEHOLDER, as no view replaces a placeholder.
 * (Win32: UnmapViewOfFile2)
 */
NTSTATUS NtUnmapViewOfSectionEx(HANDLE ProcessHandle, CLIENT(PVOID) BaseAddress, ULONG Flags)
{
    if (Flags & ~(MEM_UNMAP_WITH_TRANSIENT_BOOST | MEM_PRESERVE_PLACEHOLDER))
        return STATUS_INVALID_PARAMETER_3;
    if (Flags & MEM_PRESERVE_PLACEHOLDER)
        return STATUS_CONFLICTING_ADDRESSES;
    return NtUnmapViewOfSection(ProcessHandle, BaseAddress);
}

/* ---- Whose file is at an address ---- */

static BOOLEAN IsSameFile(PMI_SEGMENT First, PMI_SEGMENT Second)
{
    PIO_FILE A = First->File, B = Second->File;

    return A && B &&
           (A == B || (A->FsContext && A->Device == B->Device && A->FsContext == B->FsContext));
}

/*
 * NtAreMappedFilesTheSame: STATUS_SUCCESS if two addresses of the caller are in views of the same
 * image file (or in one view), else STATUS_NOT_SAME_DEVICE; STATUS_INVALID_ADDRESS where nothing
 * is, STATUS_CONFLICTING_ADDRESSES for private memory. (NT native API)
 */
NTSTATUS NtAreMappedFilesTheSame(CLIENT(PVOID) First, CLIENT(PVOID) Second)
{
    PMM_ADDRESS_SPACE Vm = &PsGetCurrentProcess()->Vm;
    PMI_VAD A = MiFindVad(Vm, (ULONG_PTR)First), B = MiFindVad(Vm, (ULONG_PTR)Second);

    if (!A || !B)
        return STATUS_INVALID_ADDRESS;
    if (A->Type == MiVadPrivate || B->Type == MiVadPrivate)
        return STATUS_CONFLICTING_ADDRESSES;
    if (A == B || (A->Type == MiVadImage && IsSameFile(A->Segment, B->Segment)))
        return STATUS_SUCCESS;
    return STATUS_NOT_SAME_DEVICE;
}

struct _IO_FILE *MmReferenceFileAt(PEPROCESS Process, ULONG_PTR Base)
{
    PMI_VAD Vad = MiFindVad(&Process->Vm, Base);

    if (!Vad || Vad->Type != MiVadImage || Vad->Start != Base || !Vad->Segment->File)
        return NULL;
    ObReferenceObject(Vad->Segment->File);
    return Vad->Segment->File;
}

BOOLEAN MmFindImageAt(PEPROCESS Process, ULONG_PTR Address, PULONG_PTR Base, WCHAR Name[32])
{
    PMI_VAD Vad = MiFindVad(&Process->Vm, Address);
    const UNICODE_STRING *Path;
    ULONG End, Start, Length;

    if (!Vad || Vad->Type == MiVadPrivate || !Vad->Segment->File)
        return FALSE;
    Path = &Vad->Segment->File->Name;
    End = Path->Length / sizeof(WCHAR);
    for (Start = End; Start > 0 && Path->Buffer[Start - 1] != '\\'; Start--)
        ;
    Length = End - Start < 31 ? End - Start : 31;
    memcpy(Name, Path->Buffer + Start, Length * sizeof(WCHAR));
    Name[Length] = 0;
    *Base = Vad->Start;
    return TRUE;
}
