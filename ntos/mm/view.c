/* SPDX-License-Identifier: BSD-2-Clause */
/* Views: sections mapped into processes. */
#include <io.h>
#include <ps.h>
#include "mi.h"

#define SEC_NO_CHANGE 0x00400000
#define KNOWN_MAP_TYPES (MEM_TOP_DOWN | MEM_RESERVE | MEM_LARGE_PAGES | MEM_DOS_LIM | SEC_NO_CHANGE)

/* ---- Mapping ---- */

static NTSTATUS InsertView(PMM_ADDRESS_SPACE Vm, PMI_SEGMENT Segment, ULONG_PTR Start, SIZE_T Size,
                           ULONG FirstPage, ULONG Protect)
{
    PMI_VAD Vad =
        MiCreateVad(Vm, Segment->SubsectionCount ? MiVadImage : MiVadMapped, Start, Size, Protect);

    if (!Vad)
        return STATUS_INSUFFICIENT_RESOURCES;
    Vad->Segment = Segment;
    Vad->FirstPage = FirstPage;
    MiReferenceSegment(Segment);
    return STATUS_SUCCESS;
}

static NTSTATUS ChooseBase(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, SIZE_T Size, ULONG_PTR Highest,
                           ULONG Type)
{
    if (*Base) {
        if (*Base > Highest || Size - 1 > Highest - *Base ||
            !MiIsRangeFree(Vm, *Base, *Base + Size - 1))
            return STATUS_CONFLICTING_ADDRESSES;
        return STATUS_SUCCESS;
    }
    *Base = MiFindFreeRange(Vm, Size, Highest, (Type & MEM_TOP_DOWN) != 0);
    return *Base ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* An image goes to the address that it was linked for when that is free. */
static NTSTATUS MapImage(PMM_ADDRESS_SPACE Vm, PMI_SEGMENT Segment, PULONG_PTR Base,
                         PSIZE_T ViewSize, ULONG_PTR Highest, ULONG Type)
{
    SIZE_T Size = (SIZE_T)Segment->Size;
    NTSTATUS Status;

    if (*ViewSize > Size)
        return STATUS_INVALID_VIEW_SIZE;
    if (!*Base && Segment->ImageBase && Segment->ImageBase <= Highest &&
        Size - 1 <= Highest - Segment->ImageBase &&
        MiIsRangeFree(Vm, Segment->ImageBase, Segment->ImageBase + Size - 1))
        *Base = Segment->ImageBase;
    Status = ChooseBase(Vm, Base, Size, Highest, Type | MEM_TOP_DOWN);
    if (NT_SUCCESS(Status))
        Status = InsertView(Vm, Segment, *Base, Size, 0, PAGE_EXECUTE_WRITECOPY);
    if (!NT_SUCCESS(Status))
        return Status;
    *ViewSize = Size;
    return *Base == Segment->ImageBase ? STATUS_SUCCESS : STATUS_IMAGE_NOT_AT_BASE;
}

static NTSTATUS MapData(PMM_ADDRESS_SPACE Vm, PMM_SECTION Section, PULONG_PTR Base,
                        PLARGE_INTEGER Offset, PSIZE_T ViewSize, ULONG_PTR Highest, ULONG Type,
                        ULONG Protect)
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
    Status = ChooseBase(Vm, Base, (SIZE_T)Size, Highest, Type);
    if (NT_SUCCESS(Status))
        Status = InsertView(Vm, Section->Segment, *Base, (SIZE_T)Size, (ULONG)(Start >> PAGE_SHIFT),
                            Protect);
    if (NT_SUCCESS(Status))
        *ViewSize = (SIZE_T)Size;
    return Status;
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

NTSTATUS MmMapViewOfSection(PMM_SECTION Section, PEPROCESS Process, PVOID *Base, ULONG_PTR ZeroBits,
                            PLARGE_INTEGER Offset, PSIZE_T ViewSize, ULONG AllocationType,
                            ULONG Protect)
{
    PMM_ADDRESS_SPACE Vm = &Process->Vm;
    ULONG_PTR Start = (ULONG_PTR)*Base, Highest;
    NTSTATUS Status;

    if (!NT_SUCCESS(MiZeroBitsLimit(ZeroBits, &Highest)))
        return STATUS_INVALID_PARAMETER_4;
    if (Start & (MM_ALLOCATION_GRANULARITY - 1))
        return STATUS_MAPPED_ALIGNMENT;
    if (!Vm->PageTables)
        return STATUS_PROCESS_IS_TERMINATING;
    if (AllocationType & MEM_LARGE_PAGES)
        return STATUS_NOT_IMPLEMENTED;
    if (Section->Segment->SubsectionCount)
        Status = MapImage(Vm, Section->Segment, &Start, ViewSize, Highest, AllocationType);
    else if (!IsAllowed(Section->Protect, Protect))
        Status = STATUS_SECTION_PROTECTION;
    else
        Status = MapData(Vm, Section, &Start, Offset, ViewSize, Highest, AllocationType, Protect);
    if (NT_SUCCESS(Status))
        *Base = (PVOID)Start;
    return Status;
}

NTSTATUS MmUnmapViewOfSection(PEPROCESS Process, PVOID Base)
{
    PMI_VAD Vad = MiFindVad(&Process->Vm, (ULONG_PTR)Base);

    if (!Vad || Vad->Type == MiVadPrivate)
        return STATUS_NOT_MAPPED_VIEW;
    if (MiIsSecured(&Process->Vm, Vad, Vad->Start, Vad->Last))
        return STATUS_INVALID_PAGE_PROTECTION;
    MiDeleteVad(&Process->Vm, Vad);
    return STATUS_SUCCESS;
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

static NTSTATUS CaptureView(PVIEW_ARGUMENTS Arguments, PVOID *Base, PSIZE_T Size,
                            PLARGE_INTEGER Offset)
{
    NTSTATUS Status = MmProbeForWrite(Base, sizeof(*Base));

    Arguments->Offset.QuadPart = 0;
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Size, sizeof(*Size));
    if (NT_SUCCESS(Status) && Offset)
        Status = MmProbeForWrite(Offset, sizeof(*Offset));
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Arguments->Base, Base);
    if (NT_SUCCESS(Status))
        Status = MmReadClient(&Arguments->Size, Size);
    if (NT_SUCCESS(Status) && Offset)
        Status = MmReadClient(&Arguments->Offset, Offset);
    return Status;
}

static NTSTATUS CheckView(const VIEW_ARGUMENTS *Arguments)
{
    if ((ULONG_PTR)Arguments->Base > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER_3;
    if (Arguments->Size &&
        Arguments->Size - 1 > MM_HIGHEST_USER_ADDRESS - (ULONG_PTR)Arguments->Base)
        return STATUS_INVALID_PARAMETER_5;
    return STATUS_SUCCESS;
}

static NTSTATUS MapByHandles(HANDLE SectionHandle, HANDLE ProcessHandle, PVIEW_ARGUMENTS Arguments,
                             ULONG_PTR ZeroBits, ULONG Type, ULONG Protect)
{
    PMM_SECTION Section;
    PEPROCESS Process;
    NTSTATUS Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByHandle(SectionHandle, SectionAccess(Protect), MmSectionObjectType,
                                       (PVOID *)&Section);
    if (NT_SUCCESS(Status)) {
        Status = MmMapViewOfSection(Section, Process, &Arguments->Base, ZeroBits,
                                    &Arguments->Offset, &Arguments->Size, Type, Protect);
        ObDereferenceObject(Section);
    }
    ObDereferenceObject(Process);
    return Status;
}

/*
 * NtMapViewOfSection: maps a section, or *ViewSize bytes of it from *SectionOffset on, into a
 * process, at *BaseAddress or where there is room. Base and offset are multiples of 64 KB. An image
 * is always mapped as a whole; success with STATUS_IMAGE_NOT_AT_BASE means that it must be
 * relocated. Pages are committed with their section, so CommitSize asks for nothing. Needs
 * PROCESS_VM_OPERATION and the section access that Protect implies. STATUS_INVALID_PARAMETER_3 ..
 * _9, STATUS_INVALID_PAGE_PROTECTION, STATUS_MAPPED_ALIGNMENT, STATUS_INVALID_VIEW_SIZE,
 * STATUS_SECTION_PROTECTION, STATUS_CONFLICTING_ADDRESSES, STATUS_NO_MEMORY. (WDK:
 * ZwMapViewOfSection)
 */
NTSTATUS NtMapViewOfSection(HANDLE SectionHandle, HANDLE ProcessHandle, PVOID *BaseAddress,
                            ULONG_PTR ZeroBits, SIZE_T CommitSize, PLARGE_INTEGER SectionOffset,
                            PSIZE_T ViewSize, SECTION_INHERIT InheritDisposition,
                            ULONG AllocationType, ULONG Protect)
{
    VIEW_ARGUMENTS Arguments;
    NTSTATUS Status, WriteStatus;

    if (InheritDisposition != ViewShare && InheritDisposition != ViewUnmap)
        return STATUS_INVALID_PARAMETER_8;
    if (AllocationType & ~KNOWN_MAP_TYPES)
        return STATUS_INVALID_PARAMETER_9;
    if (!MiIsValidProtection(Protect) || Protect & PAGE_GUARD)
        return STATUS_INVALID_PAGE_PROTECTION;
    Status = CaptureView(&Arguments, BaseAddress, ViewSize, SectionOffset);
    if (NT_SUCCESS(Status))
        Status = CheckView(&Arguments);
    if (NT_SUCCESS(Status))
        Status = MapByHandles(SectionHandle, ProcessHandle, &Arguments, ZeroBits, AllocationType,
                              Protect);
    if (!NT_SUCCESS(Status))
        return Status;
    WriteStatus = MmWriteClient(ViewSize, &Arguments.Size);
    if (NT_SUCCESS(WriteStatus))
        WriteStatus = MmWriteClient(BaseAddress, &Arguments.Base);
    return NT_SUCCESS(WriteStatus) ? Status : WriteStatus;
}

/*
 * NtUnmapViewOfSection: takes away the view that covers BaseAddress. Needs PROCESS_VM_OPERATION.
 * STATUS_NOT_MAPPED_VIEW, STATUS_INVALID_PAGE_PROTECTION for memory that the system needs. (WDK:
 * ZwUnmapViewOfSection)
 */
NTSTATUS NtUnmapViewOfSection(HANDLE ProcessHandle, PVOID BaseAddress)
{
    PEPROCESS Process;
    NTSTATUS Status;

    if ((ULONG_PTR)BaseAddress > MM_HIGHEST_USER_ADDRESS)
        return STATUS_NOT_MAPPED_VIEW;
    Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = MmUnmapViewOfSection(Process, BaseAddress);
    ObDereferenceObject(Process);
    return Status;
}

/* ---- Whose code is at an address ---- */

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
