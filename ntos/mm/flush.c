/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs say of memory that is backed by files: write it back, or that it will be needed. */
#include <neptune/missing_classes.def>
#include <io.h>
#include <ps.h>
#include "mi.h"

/* ---- Writing back: nothing can be written to a file through a view yet, so nothing is to do ----
 */

static NTSTATUS FindFlushed(PMM_ADDRESS_SPACE Vm, PULONG_PTR Base, PSIZE_T Size)
{
    PMI_VAD Vad = MiFindVad(Vm, *Base);

    if (!Vad || Vad->Type == MiVadPrivate)
        return STATUS_NOT_MAPPED_VIEW;
    if (Vad->Type == MiVadImage || !Vad->Segment->File)
        return STATUS_NOT_MAPPED_DATA;
    if (*Size && *Size - 1 > Vad->Last - *Base)
        return STATUS_INVALID_PARAMETER_3;
    if (!*Size)
        *Size = Vad->Last + 1 - *Base;
    *Size = ALIGN_UP_BY(*Base + *Size, PAGE_SIZE) - ALIGN_DOWN_BY(*Base, PAGE_SIZE);
    *Base = ALIGN_DOWN_BY(*Base, PAGE_SIZE);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeFlush(CLIENT(PVOID *) BaseAddress, CLIENT(PSIZE_T) RegionSize,
                           CLIENT(PIO_STATUS_BLOCK) IoStatus, PULONG_PTR Base, PSIZE_T Size)
{
    NTSTATUS Status = MmProbeForWrite(BaseAddress, sizeof(*BaseAddress));

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(RegionSize, sizeof(*RegionSize));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(IoStatus, sizeof(*IoStatus));
    if (NT_SUCCESS(Status))
        Status = MmReadClient((PVOID *)Base, BaseAddress);
    if (NT_SUCCESS(Status))
        Status = MmReadClient(Size, RegionSize);
    if (!NT_SUCCESS(Status))
        return Status;
    if (*Base > MM_HIGHEST_USER_ADDRESS)
        return STATUS_INVALID_PARAMETER_2;
    return *Size > MM_HIGHEST_USER_ADDRESS - *Base ? STATUS_INVALID_PARAMETER_3 : STATUS_SUCCESS;
}

/*
 * NtFlushVirtualMemory: writes changed pages of a view of a file back; *RegionSize 0 means to the
 * view's end. Needs PROCESS_VM_OPERATION. STATUS_NOT_MAPPED_VIEW where there is no view,
 * STATUS_NOT_MAPPED_DATA for one of an image or of memory, STATUS_INVALID_PARAMETER_2, _3. (Win32:
 * FlushViewOfFile)
 */
NTSTATUS NtFlushVirtualMemory(HANDLE ProcessHandle, CLIENT(PVOID *) BaseAddress,
                              CLIENT(PSIZE_T) RegionSize, CLIENT(PIO_STATUS_BLOCK) IoStatus)
{
    const IO_STATUS_BLOCK Done = {.Status = STATUS_SUCCESS};
    ULONG_PTR Base;
    SIZE_T Size;
    NTSTATUS Status = ProbeFlush(BaseAddress, RegionSize, IoStatus, &Base, &Size);
    PEPROCESS Process;

    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_VM_OPERATION, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = FindFlushed(&Process->Vm, &Base, &Size);
    ObDereferenceObject(Process);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(RegionSize, &Size);
    if (NT_SUCCESS(Status))
        Status = MmWriteClient(BaseAddress, (PVOID *)&Base);
    return NT_SUCCESS(Status) ? MmWriteClient(IoStatus, &Done) : Status;
}

/* ---- Hints ---- */

static NTSTATUS CheckPrefetch(ULONG_PTR Count, CLIENT(PMEMORY_RANGE_ENTRY) Ranges,
                              CLIENT(PVOID) Information, ULONG Length)
{
    ULONG_PTR Index;
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Flags;

    if (!Information)
        return STATUS_INVALID_PARAMETER_5;
    if (Length != sizeof(Flags))
        return STATUS_INVALID_PARAMETER_6;
    if (!NT_SUCCESS(MmCopyFromClient(&Flags, Information, sizeof(Flags))))
        return STATUS_ACCESS_VIOLATION;
    if (Flags)
        return STATUS_INVALID_PARAMETER_5;
    if (!Count || Count > MAXULONG_PTR / sizeof(MEMORY_RANGE_ENTRY))
        return STATUS_INVALID_PARAMETER_3;
    for (Index = 0; Index < Count && NT_SUCCESS(Status); Index++) {
        MEMORY_RANGE_ENTRY Range;

        if (!NT_SUCCESS(MmReadClient(&Range, Ranges + Index)))
            return STATUS_ACCESS_VIOLATION;
        if (!Range.NumberOfBytes)
            return STATUS_INVALID_PARAMETER_4;
        Status = KeGiveWay();
    }
    return Status;
}

/*
 * NtSetInformationVirtualMemory: VmPrefetchInformation says that ranges will be needed. It is a
 * hint, checked and not followed. STATUS_NOT_IMPLEMENTED for the classes of missing_classes.def,
 * STATUS_INVALID_PARAMETER_2 for what is none, _3 .. _6,
 * STATUS_ACCESS_VIOLATION. Needs PROCESS_SET_INFORMATION. (Win32: PrefetchVirtualMemory)
 */
NTSTATUS NtSetInformationVirtualMemory(HANDLE ProcessHandle, VIRTUAL_MEMORY_INFORMATION_CLASS Class,
                                       ULONG_PTR Count, CLIENT(PMEMORY_RANGE_ENTRY) Ranges,
                                       CLIENT(PVOID) Information, ULONG Length)
{
    PEPROCESS Process;
    NTSTATUS Status;

    switch (Class) {
    case VmPrefetchInformation:
        Status = CheckPrefetch(Count, Ranges, Information, Length);
        break;
        MISSING_NtSetInformationVirtualMemory(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_PARAMETER_2;
    }
    if (NT_SUCCESS(Status))
        Status = MiReferenceProcess(ProcessHandle, PROCESS_SET_INFORMATION, &Process);
    if (NT_SUCCESS(Status))
        ObDereferenceObject(Process);
    return Status;
}
