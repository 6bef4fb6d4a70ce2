/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory: capability slots, untyped memory, frames and the client-memory window, system memory, address spaces with
 * their VADs, sections. All RAM is owned here. Every frame is mapped in the Executive at MmWindow(Frame), and its
 * capability's slot is arithmetic on the frame number.
 */
#pragma once
#include <nt/nt.h>
#include <sel4/sel4.h>

struct _EPROCESS;
struct _FILE_OBJECT;
struct _OBJECT_TYPE;

void MmInitialize(seL4_BootInfo *BootInfo); /* slots, untypeds, frame database, system memory; before everything else */
void MmInitializeSections(void);            /* the section object type; after ObInitialize */

/* ---- Capability slots of the Executive. A CPtr is also its index at full depth below MmCSpaceRoot. ---- */
extern seL4_CPtr MmCSpaceRoot;
seL4_CPtr MmAllocateSlot(void); /* an empty slot, 0 when there is none */
void MmFreeSlot(seL4_CPtr Slot); /* the slot is empty already */
void MmDeleteCap(seL4_CPtr Slot); /* deletes the capability and frees the slot */
/* A copy that the kernel finds in one step; there is place for one. Not to be used as a source. 0: it failed. */
seL4_CPtr MmCopyCapNearest(seL4_CPtr Source);
NTSTATUS MmCopyCap(seL4_CPtr Source, seL4_CapRights_t Rights, seL4_CPtr *Copy); /* into a new slot */

/* ---- Kernel objects (TCBs, CNodes, endpoints, notifications, page tables …) ---- */
typedef struct _MM_KERNEL_OBJECT {
    seL4_CPtr Cap;
    struct _MI_BLOCK *Block; /* private to mm: its memory, which goes back to the allocator */
} MM_KERNEL_OBJECT, *PMM_KERNEL_OBJECT;

/* SizeBits: for CNodes log2 of the slots, else 0. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS MmCreateKernelObject(seL4_Word Type, seL4_Word SizeBits, PMM_KERNEL_OBJECT Object);
void MmDeleteKernelObject(PMM_KERNEL_OBJECT Object); /* deletes the last capability; a zeroed Object is ignored */

/* ---- System memory: zeroed pages, contiguous in the Executive's address space ---- */
PVOID MmAllocateSystemPages(SIZE_T Pages); /* NULL when there are none */
void MmFreeSystemPages(PVOID Base, SIZE_T Pages);
PVOID MmAllocateSystemStack(SIZE_T Size); /* lowest address; the page below is not mapped */
void MmFreeSystemStack(PVOID Stack, SIZE_T Size);
typedef enum _MEMORY_CACHING_TYPE {
    MmNonCached,
    MmCached,
    MmWriteCombined,
} MEMORY_CACHING_TYPE;

/* Device memory at a physical address, page granular, for good; NULL if it is no device memory. */
PVOID MmMapDeviceMemory(ULONGLONG PhysicalAddress, SIZE_T Size, MEMORY_CACHING_TYPE Caching);

/* ---- Address spaces ---- */
typedef struct _MM_ADDRESS_SPACE {
    MM_KERNEL_OBJECT VSpace;
    PVOID PageTables;     /* private to mm: our own record of what is mapped where */
    RTL_AVL_TREE VadTree; /* private to mm */
    ULONG VadCount;       /* private to mm */
    SIZE_T VirtualSize;   /* bytes reserved */
    SIZE_T CommitPages;   /* pages committed */
    SIZE_T WorkingSetPages, PeakWorkingSetPages;
    ULONG FaultCount;
} MM_ADDRESS_SPACE, *PMM_ADDRESS_SPACE;

NTSTATUS MmCreateAddressSpace(struct _EPROCESS *Process); /* fills Process->Vm, maps KUSER_SHARED_DATA */
void MmDeleteAddressSpace(struct _EPROCESS *Process);     /* unmaps and frees everything; may be called once */

/* A client touched Address. STATUS_SUCCESS: retry the instruction; else the status of the exception to raise:
   STATUS_ACCESS_VIOLATION, STATUS_GUARD_PAGE_VIOLATION, STATUS_STACK_OVERFLOW, STATUS_IN_PAGE_ERROR,
   STATUS_NO_MEMORY (commitment is there but no page). */
NTSTATUS MmAccessFault(struct _EPROCESS *Process, ULONG_PTR Address, BOOLEAN Write, BOOLEAN Execute);

/* The services' work, for a process by pointer and with captured arguments. */
NTSTATUS MmAllocateVirtualMemory(struct _EPROCESS *Process, PVOID *Base, ULONG_PTR ZeroBits, PSIZE_T Size, ULONG Type,
                                 ULONG Protect);
NTSTATUS MmFreeVirtualMemory(struct _EPROCESS *Process, PVOID *Base, PSIZE_T Size, ULONG FreeType);

/* Makes [Base, Base+Size) immune against the process's own free/protect/unmap (PEB, TEBs, channel). */
void MmSecureRange(struct _EPROCESS *Process, PVOID Base, SIZE_T Size);
void MmUnsecureRange(struct _EPROCESS *Process, PVOID Base); /* the whole allocation at Base; unlocks its pages too */

/* Faults the page in, keeps it resident for the process's life; gives its address in the window and its frame's cap. */
NTSTATUS MmLockClientPage(struct _EPROCESS *Process, PVOID Address, PVOID *Window, seL4_CPtr *FrameCap);

/* Committed, zeroed, secured pages shared by the Executive and a process. */
NTSTATUS MmAllocateSharedRegion(struct _EPROCESS *Process, SIZE_T Size, PVOID *SystemAddress, PVOID *ClientAddress);
void MmFreeSharedRegion(PVOID SystemAddress, SIZE_T Size); /* the system side; the client side goes with its process */

/* The page at 0x7FFE0000 of every process, read-only there. */
extern PKUSER_SHARED_DATA MmSharedUserData;

/* ---- Client memory. Copying faults pages in; a bad address gives STATUS_ACCESS_VIOLATION and may have copied a part. ---- */
NTSTATUS MmCopyFromClient(PVOID Destination, const void *ClientSource, SIZE_T Length); /* current process */
NTSTATUS MmCopyToClient(PVOID ClientDestination, const void *Source, SIZE_T Length);
NTSTATUS MmCopyFromProcess(struct _EPROCESS *Process, PVOID Destination, const void *Source, SIZE_T Length);
NTSTATUS MmCopyToProcess(struct _EPROCESS *Process, PVOID Destination, const void *Source, SIZE_T Length);
NTSTATUS MmProbeForWrite(PVOID ClientAddress, SIZE_T Length); /* would a copy there succeed? (touches no data) */
/* Small fixed-size arguments */
#define MmReadClient(destination, source) MmCopyFromClient((destination), (source), sizeof(*(destination)))
#define MmWriteClient(destination, source) MmCopyToClient((destination), (source), sizeof(*(source)))

/* ---- Sections ---- */
struct _MM_SECTION;
extern struct _OBJECT_TYPE *MmSectionObjectType;
/* Attributes: SEC_IMAGE with File, or SEC_COMMIT/SEC_RESERVE without one (File NULL) or SEC_COMMIT with a file.
   The section is an object: ObDereferenceObject when done. Image errors: STATUS_INVALID_IMAGE_FORMAT,
   STATUS_INVALID_IMAGE_NOT_MZ, STATUS_INVALID_IMAGE_WIN_32/64 …. */
NTSTATUS MmCreateSection(struct _MM_SECTION **Section, struct _FILE_OBJECT *File, PLARGE_INTEGER MaximumSize,
                         ULONG Protect, ULONG Attributes);
/* STATUS_IMAGE_NOT_AT_BASE is a success. */
NTSTATUS MmMapViewOfSection(struct _MM_SECTION *Section, struct _EPROCESS *Process, PVOID *Base, ULONG_PTR ZeroBits,
                            PLARGE_INTEGER Offset, PSIZE_T ViewSize, ULONG AllocationType, ULONG Protect);
NTSTATUS MmUnmapViewOfSection(struct _EPROCESS *Process, PVOID Base);
NTSTATUS MmQuerySectionImage(struct _MM_SECTION *Section, PSECTION_IMAGE_INFORMATION Information);
/* RVA of a named export of an image section, 0 if there is none. */
ULONG MmFindImageExport(struct _MM_SECTION *Section, const char *Name);
/* The image or mapped file that covers Address: its base and its file's last name component. FALSE if none. */
BOOLEAN MmFindImageAt(struct _EPROCESS *Process, ULONG_PTR Address, PULONG_PTR Base, WCHAR Name[32]);

/* ---- Statistics, for NtQuerySystemInformation ---- */
typedef struct _MM_STATISTICS {
    SIZE_T TotalPages;     /* RAM given by the kernel */
    SIZE_T AvailablePages; /* free frames and untyped memory */
    SIZE_T CommittedPages, CommitLimit, PeakCommitment;
    SIZE_T PoolPages, KernelObjectBytes;
} MM_STATISTICS;
void MmQueryStatistics(MM_STATISTICS *Statistics);
