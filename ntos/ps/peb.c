/* SPDX-License-Identifier: BSD-2-Clause */
/* The process environment block, as far as the Executive fills it; ntdll does the rest. */
#include "psp.h"

#define PLATFORM_NT 2                                /* VER_PLATFORM_WIN32_NT */
#define CRITICAL_SECTION_TIMEOUT (-25920000000000ll) /* 30 days, 100 ns */

static void FillPeb(PEPROCESS Process, PPEB Peb)
{
    const SECTION_IMAGE_INFORMATION *Image = &Process->ImageInformation;

    Peb->BeingDebugged = Process->DebugPort != NULL;
    Peb->Mutant = (HANDLE)(LONG_PTR)-1;
    Peb->ImageBaseAddress = Process->ImageBase;
    Peb->ProcessParameters = Process->ProcessParameters;
    Peb->NumberOfProcessors = 1;
    Peb->CriticalSectionTimeout.QuadPart = CRITICAL_SECTION_TIMEOUT;
    Peb->HeapSegmentReserve = 0x100000;
    Peb->HeapSegmentCommit = 0x2000;
    Peb->HeapDeCommitTotalFreeThreshold = 0x10000;
    Peb->HeapDeCommitFreeBlockThreshold = 0x1000;
    Peb->OSMajorVersion = MmSharedUserData->NtMajorVersion;
    Peb->OSMinorVersion = MmSharedUserData->NtMinorVersion;
    Peb->OSBuildNumber = (USHORT)MmSharedUserData->NtBuildNumber;
    Peb->OSPlatformId = PLATFORM_NT;
    Peb->ImageSubsystem = Image->SubSystemType;
    Peb->ImageSubsystemMajorVersion = Image->SubSystemMajorVersion;
    Peb->ImageSubsystemMinorVersion = Image->SubSystemMinorVersion;
    Peb->ActiveProcessAffinityMask = 1;
    Peb->MinimumStackCommit = Image->CommittedStackSize;
}

NTSTATUS PspCreatePeb(PEPROCESS Process)
{
    SIZE_T Size = sizeof(PEB);
    PPEB Peb;
    NTSTATUS Status = MmAllocateVirtualMemory(Process, &Process->Peb, 0, &Size,
                                              MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    if (!NT_SUCCESS(Status))
        return Status;
    MmSecureRange(Process, Process->Peb, Size);
    Peb = ExAllocatePool(sizeof(*Peb));
    if (!Peb)
        return STATUS_INSUFFICIENT_RESOURCES;
    FillPeb(Process, Peb);
    Status = MmCopyToProcess(Process, (CLIENT(PVOID))Process->Peb, Peb, sizeof(*Peb));
    ExFreePool(Peb);
    return Status;
}
