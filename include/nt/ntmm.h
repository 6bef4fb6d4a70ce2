/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual memory and sections. (WDK: ntifs.h; Win32: VirtualAlloc, CreateFileMapping) */
#pragma once

#include <nt/ntob.h>

#define PAGE_SIZE 0x1000
#define PAGE_SHIFT 12
#define MM_ALLOCATION_GRANULARITY 0x10000

/* Protections */
#define PAGE_NOACCESS 0x01
#define PAGE_READONLY 0x02
#define PAGE_READWRITE 0x04
#define PAGE_WRITECOPY 0x08
#define PAGE_EXECUTE 0x10
#define PAGE_EXECUTE_READ 0x20
#define PAGE_EXECUTE_READWRITE 0x40
#define PAGE_EXECUTE_WRITECOPY 0x80
#define PAGE_GUARD 0x100
#define PAGE_NOCACHE 0x200
#define PAGE_WRITECOMBINE 0x400

/* Allocation types and memory states */
#define MEM_COMMIT 0x00001000
#define MEM_RESERVE 0x00002000
#define MEM_DECOMMIT 0x00004000
#define MEM_RELEASE 0x00008000
#define MEM_FREE 0x00010000
#define MEM_PRIVATE 0x00020000
#define MEM_MAPPED 0x00040000
#define MEM_RESET 0x00080000
#define MEM_TOP_DOWN 0x00100000
#define MEM_WRITE_WATCH 0x00200000
#define MEM_PHYSICAL 0x00400000
#define MEM_IMAGE 0x01000000
#define MEM_RESET_UNDO 0x01000000
#define MEM_LARGE_PAGES 0x20000000
#define MEM_DOS_LIM 0x40000000
#define MEM_RESERVE_PLACEHOLDER 0x00040000
#define MEM_REPLACE_PLACEHOLDER 0x00004000
#define MEM_COALESCE_PLACEHOLDERS 0x00000001 /* with MEM_RELEASE, and the next */
#define MEM_PRESERVE_PLACEHOLDER 0x00000002
#define MEM_UNMAP_WITH_TRANSIENT_BOOST 0x00000001

#define MAP_PROCESS 1 /* of NtLockVirtualMemory: into the working set */
#define MAP_SYSTEM 2  /* into memory */
#define WRITE_WATCH_FLAG_RESET 1

/* Section access and attributes */
#define SECTION_QUERY 0x0001
#define SECTION_MAP_WRITE 0x0002
#define SECTION_MAP_READ 0x0004
#define SECTION_MAP_EXECUTE 0x0008
#define SECTION_EXTEND_SIZE 0x0010
#define SECTION_MAP_EXECUTE_EXPLICIT 0x0020
#define SECTION_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0x1f)
#define SEC_NO_CHANGE 0x00400000
#define SEC_BASED 0x00200000
#define SEC_FILE 0x00800000
#define SEC_IMAGE 0x01000000
#define SEC_PROTECTED_IMAGE 0x02000000
#define SEC_RESERVE 0x04000000
#define SEC_COMMIT 0x08000000
#define SEC_NOCACHE 0x10000000
#define SEC_WRITECOMBINE 0x40000000
#define SEC_LARGE_PAGES 0x80000000u
#define SEC_IMAGE_NO_EXECUTE (SEC_IMAGE | SEC_NOCACHE)

typedef enum _SECTION_INHERIT {
    ViewShare = 1,
    ViewUnmap = 2,
} SECTION_INHERIT;

typedef enum _MEMORY_INFORMATION_CLASS {
    MemoryBasicInformation = 0,
    MemoryWorkingSetInformation = 1,
    MemoryMappedFilenameInformation = 2,
    MemoryRegionInformation = 3,
    MemoryWorkingSetExInformation = 4,
    MemorySharedCommitInformation = 5,
    MemoryImageInformation = 6,
    MemoryRegionInformationEx = 7,
    MemoryPrivilegedBasicInformation = 8,
    MemoryEnclaveImageInformation = 9,
    MemoryBasicInformationCapped = 10,
    MemoryPhysicalContiguityInformation = 11,
    MaxMemoryInfoClass = 12,
} MEMORY_INFORMATION_CLASS;

typedef union _MEMORY_WORKING_SET_BLOCK {
    ULONG_PTR Flags;
    struct {
        ULONG_PTR Protection : 5; /* number of a protection; see workingset.c */
        ULONG_PTR ShareCount : 3;
        ULONG_PTR Shared : 1;
        ULONG_PTR Node : 3;
        ULONG_PTR VirtualPage : sizeof(PVOID) * 8 - 12;
    };
} MEMORY_WORKING_SET_BLOCK, *PMEMORY_WORKING_SET_BLOCK;

typedef struct _MEMORY_WORKING_SET_INFORMATION {
    ULONG_PTR NumberOfEntries;
    MEMORY_WORKING_SET_BLOCK WorkingSetInfo[1];
} MEMORY_WORKING_SET_INFORMATION, *PMEMORY_WORKING_SET_INFORMATION;

typedef union _MEMORY_WORKING_SET_EX_BLOCK {
    ULONG_PTR Flags;
    struct {
        ULONG_PTR Valid : 1;
        ULONG_PTR ShareCount : 3;
        ULONG_PTR Win32Protection : 11;
        ULONG_PTR Shared : 1;
        ULONG_PTR Node : 6;
        ULONG_PTR Locked : 1;
        ULONG_PTR LargePage : 1;
        ULONG_PTR Priority : 3;
        ULONG_PTR Reserved : 3;
        ULONG_PTR SharedOriginal : 1;
        ULONG_PTR Bad : 1;
    };
} MEMORY_WORKING_SET_EX_BLOCK, *PMEMORY_WORKING_SET_EX_BLOCK;

typedef struct _MEMORY_WORKING_SET_EX_INFORMATION {
    PVOID VirtualAddress;
    MEMORY_WORKING_SET_EX_BLOCK VirtualAttributes;
} MEMORY_WORKING_SET_EX_INFORMATION, *PMEMORY_WORKING_SET_EX_INFORMATION;

typedef struct _MEMORY_REGION_INFORMATION {
    PVOID AllocationBase;
    ULONG AllocationProtect;
    union {
        ULONG RegionType;
        struct {
            ULONG Private : 1;
            ULONG MappedDataFile : 1;
            ULONG MappedImage : 1;
            ULONG MappedPageFile : 1;
            ULONG MappedPhysical : 1;
            ULONG DirectMapped : 1;
            ULONG SoftwareEnclave : 1;
            ULONG PageSize64K : 1;
            ULONG PlaceholderReservation : 1;
            ULONG MappedAwe : 1;
            ULONG MappedWriteWatch : 1;
            ULONG Reserved : 21;
        };
    };
    SIZE_T RegionSize;
    SIZE_T CommitSize; /* the structure may end before this and the following ones */
    ULONG_PTR PartitionId;
    ULONG_PTR NodePreference;
} MEMORY_REGION_INFORMATION, *PMEMORY_REGION_INFORMATION;

typedef struct _MEMORY_IMAGE_INFORMATION {
    PVOID ImageBase;
    SIZE_T SizeOfImage;
    ULONG ImageFlags;
} MEMORY_IMAGE_INFORMATION, *PMEMORY_IMAGE_INFORMATION;

typedef enum _VIRTUAL_MEMORY_INFORMATION_CLASS {
    VmPrefetchInformation = 0,
    VmPagePriorityInformation = 1,
    VmCfgCallTargetInformation = 2,
    VmPageDirtyStateInformation = 3,
    VmImageHotPatchInformation = 4,
    VmPhysicalContiguityInformation = 5,
    VmVirtualMachinePrepopulateInformation = 6,
    VmRemoveFromWorkingSetInformation = 7,
    MaxVmInfoClass = 8,
} VIRTUAL_MEMORY_INFORMATION_CLASS;

typedef struct _MEMORY_RANGE_ENTRY {
    PVOID VirtualAddress;
    SIZE_T NumberOfBytes;
} MEMORY_RANGE_ENTRY, *PMEMORY_RANGE_ENTRY;

typedef enum _MEM_EXTENDED_PARAMETER_TYPE {
    MemExtendedParameterInvalidType,
    MemExtendedParameterAddressRequirements,
    MemExtendedParameterNumaNode,
    MemExtendedParameterPartitionHandle,
    MemExtendedParameterUserPhysicalHandle,
    MemExtendedParameterAttributeFlags,
    MemExtendedParameterImageMachine,
    MemExtendedParameterMax,
} MEM_EXTENDED_PARAMETER_TYPE;

/* Of 16 bytes with pointers of either size. */
typedef struct _MEM_EXTENDED_PARAMETER {
    __attribute__((aligned(8))) ULONG64 Type : 8;
    ULONG64 Reserved : 56;
    union {
        ULONG64 ULong64;
        PVOID Pointer;
        SIZE_T Size;
        HANDLE Handle;
        ULONG ULong;
    };
} MEM_EXTENDED_PARAMETER, *PMEM_EXTENDED_PARAMETER;

typedef struct _MEM_ADDRESS_REQUIREMENTS {
    PVOID LowestStartingAddress;
    PVOID HighestEndingAddress;
    SIZE_T Alignment;
} MEM_ADDRESS_REQUIREMENTS, *PMEM_ADDRESS_REQUIREMENTS;

typedef struct _MEMORY_BASIC_INFORMATION {
    PVOID BaseAddress;
    PVOID AllocationBase;
    ULONG AllocationProtect;
#if defined(__x86_64__)
    USHORT PartitionId;
#endif
    SIZE_T RegionSize;
    ULONG State;
    ULONG Protect;
    ULONG Type;
} MEMORY_BASIC_INFORMATION, *PMEMORY_BASIC_INFORMATION;

typedef enum _SECTION_INFORMATION_CLASS {
    SectionBasicInformation = 0,
    SectionImageInformation = 1,
    SectionRelocationInformation = 2,
    SectionOriginalBaseInformation = 3,
    SectionInternalImageInformation = 4,
    MaxSectionInfoClass = 5,
} SECTION_INFORMATION_CLASS;

typedef struct _SECTION_BASIC_INFORMATION {
    PVOID BaseAddress;
    ULONG AllocationAttributes;
    LARGE_INTEGER MaximumSize;
} SECTION_BASIC_INFORMATION, *PSECTION_BASIC_INFORMATION;

typedef struct _SECTION_IMAGE_INFORMATION {
    PVOID TransferAddress;
    ULONG ZeroBits;
    SIZE_T MaximumStackSize;
    SIZE_T CommittedStackSize;
    ULONG SubSystemType;
    USHORT SubSystemMinorVersion;
    USHORT SubSystemMajorVersion;
    USHORT MajorOperatingSystemVersion;
    USHORT MinorOperatingSystemVersion;
    USHORT ImageCharacteristics;
    USHORT DllCharacteristics;
    USHORT Machine;
    BOOLEAN ImageContainsCode;
    UCHAR ImageFlags;
    ULONG LoaderFlags;
    ULONG ImageFileSize;
    ULONG CheckSum;
} SECTION_IMAGE_INFORMATION, *PSECTION_IMAGE_INFORMATION;

ASSERT_SIZE64(MEMORY_BASIC_INFORMATION, 0x30);
ASSERT_SIZE32(MEMORY_BASIC_INFORMATION, 0x1c);
ASSERT_SIZE64(SECTION_BASIC_INFORMATION, 0x18);
ASSERT_SIZE32(SECTION_BASIC_INFORMATION, 0x10);
ASSERT_SIZE64(SECTION_IMAGE_INFORMATION, 0x40);
ASSERT_SIZE32(SECTION_IMAGE_INFORMATION, 0x30);

ASSERT_SIZE64(MEMORY_REGION_INFORMATION, 0x30);
ASSERT_SIZE32(MEMORY_REGION_INFORMATION, 0x1c);
ASSERT_SIZE64(MEMORY_WORKING_SET_EX_INFORMATION, 0x10);
ASSERT_SIZE32(MEMORY_WORKING_SET_EX_INFORMATION, 0x08);
ASSERT_SIZE64(MEM_EXTENDED_PARAMETER, 0x10);
ASSERT_SIZE32(MEM_EXTENDED_PARAMETER, 0x10);

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE Process, CLIENT(PVOID *) BaseAddress,
                                       ULONG_PTR ZeroBits, CLIENT(PSIZE_T) RegionSize,
                                       ULONG AllocationType, ULONG Protect);
NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE Process, CLIENT(PVOID *) BaseAddress,
                                   CLIENT(PSIZE_T) RegionSize, ULONG FreeType);
NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE Process, CLIENT(PVOID *) BaseAddress,
                                      CLIENT(PSIZE_T) RegionSize, ULONG NewProtect,
                                      CLIENT(PULONG) OldProtect);
NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE Process, CLIENT(PVOID) BaseAddress,
                                    MEMORY_INFORMATION_CLASS Class, CLIENT(PVOID) Information,
                                    SIZE_T Length, CLIENT(PSIZE_T) ReturnLength);
NTSTATUS NTAPI NtReadVirtualMemory(HANDLE Process, CLIENT(PVOID) BaseAddress, CLIENT(PVOID) Buffer,
                                   SIZE_T Length, CLIENT(PSIZE_T) BytesRead);
NTSTATUS NTAPI NtWriteVirtualMemory(HANDLE Process, CLIENT(PVOID) BaseAddress, CLIENT(PVOID) Buffer,
                                    SIZE_T Length, CLIENT(PSIZE_T) BytesWritten);
NTSTATUS NTAPI NtCreateSection(CLIENT(PHANDLE) SectionHandle, ACCESS_MASK DesiredAccess,
                               CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                               CLIENT(PLARGE_INTEGER) MaximumSize, ULONG PageProtection,
                               ULONG AllocationAttributes, HANDLE FileHandle);
NTSTATUS NTAPI NtOpenSection(CLIENT(PHANDLE) SectionHandle, ACCESS_MASK DesiredAccess,
                             CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtQuerySection(HANDLE SectionHandle, SECTION_INFORMATION_CLASS Class,
                              CLIENT(PVOID) Information, SIZE_T Length,
                              CLIENT(PSIZE_T) ReturnLength);
NTSTATUS NTAPI NtMapViewOfSection(HANDLE SectionHandle, HANDLE Process, CLIENT(PVOID *) BaseAddress,
                                  ULONG_PTR ZeroBits, SIZE_T CommitSize,
                                  CLIENT(PLARGE_INTEGER) SectionOffset, CLIENT(PSIZE_T) ViewSize,
                                  SECTION_INHERIT InheritDisposition, ULONG AllocationType,
                                  ULONG Protect);
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE Process, CLIENT(PVOID) BaseAddress);
NTSTATUS NTAPI NtFlushInstructionCache(HANDLE Process, CLIENT(PVOID) BaseAddress, SIZE_T Length);
NTSTATUS NTAPI NtFlushProcessWriteBuffers(void);
NTSTATUS NTAPI NtAllocateVirtualMemoryEx(HANDLE Process, CLIENT(PVOID *) BaseAddress,
                                         CLIENT(PSIZE_T) RegionSize, ULONG AllocationType,
                                         ULONG Protect, CLIENT(PMEM_EXTENDED_PARAMETER) Parameters,
                                         ULONG Count);
NTSTATUS NTAPI NtMapViewOfSectionEx(HANDLE SectionHandle, HANDLE Process,
                                    CLIENT(PVOID *) BaseAddress,
                                    CLIENT(PLARGE_INTEGER) SectionOffset, CLIENT(PSIZE_T) ViewSize,
                                    ULONG AllocationType, ULONG Protect,
                                    CLIENT(PMEM_EXTENDED_PARAMETER) Parameters, ULONG Count);
NTSTATUS NTAPI NtUnmapViewOfSectionEx(HANDLE Process, CLIENT(PVOID) BaseAddress, ULONG Flags);
NTSTATUS NTAPI NtCreateSectionEx(CLIENT(PHANDLE) SectionHandle, ACCESS_MASK DesiredAccess,
                                 CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                 CLIENT(PLARGE_INTEGER) MaximumSize, ULONG PageProtection,
                                 ULONG AllocationAttributes, HANDLE FileHandle,
                                 CLIENT(PMEM_EXTENDED_PARAMETER) Parameters, ULONG Count);
NTSTATUS NTAPI NtExtendSection(HANDLE SectionHandle, CLIENT(PLARGE_INTEGER) NewSize);
struct _IO_STATUS_BLOCK;
NTSTATUS NTAPI NtFlushVirtualMemory(HANDLE Process, CLIENT(PVOID *) BaseAddress,
                                    CLIENT(PSIZE_T) RegionSize,
                                    CLIENT(struct _IO_STATUS_BLOCK *) IoStatus);
NTSTATUS NTAPI NtLockVirtualMemory(HANDLE Process, CLIENT(PVOID *) BaseAddress,
                                   CLIENT(PSIZE_T) RegionSize, ULONG MapType);
NTSTATUS NTAPI NtUnlockVirtualMemory(HANDLE Process, CLIENT(PVOID *) BaseAddress,
                                     CLIENT(PSIZE_T) RegionSize, ULONG MapType);
NTSTATUS NTAPI NtGetWriteWatch(HANDLE Process, ULONG Flags, CLIENT(PVOID) BaseAddress,
                               SIZE_T RegionSize, CLIENT(PVOID *) Addresses,
                               CLIENT(PULONG_PTR) Count, CLIENT(PULONG) Granularity);
NTSTATUS NTAPI NtResetWriteWatch(HANDLE Process, CLIENT(PVOID) BaseAddress, SIZE_T RegionSize);
NTSTATUS NTAPI NtSetInformationVirtualMemory(HANDLE Process, VIRTUAL_MEMORY_INFORMATION_CLASS Class,
                                             ULONG_PTR Count, CLIENT(PMEMORY_RANGE_ENTRY) Ranges,
                                             CLIENT(PVOID) Information, ULONG Length);
NTSTATUS NTAPI NtAreMappedFilesTheSame(CLIENT(PVOID) First, CLIENT(PVOID) Second);
NTSTATUS NTAPI NtAllocateUserPhysicalPages(HANDLE Process, CLIENT(PULONG_PTR) Count,
                                           CLIENT(PULONG_PTR) Frames);
