/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory: capability slots, untyped memory, frames and the client-memory window, system memory,
 * address spaces with their VADs, sections. All RAM is owned here. Every frame is mapped in the
 * Executive at MmWindow(Frame), and its capability's slot is arithmetic on the frame number.
 */
#pragma once
#include <ke.h>
#include <nt/nt.h>
#include <neptune/abi.h>
#include <sel4/sel4.h>

/* What is left of a stack when its overflow is raised, beside the page that was touched:
 * dispatching that exception takes two contexts, and its handlers want room too. */
#define MM_STACK_RESERVE (sizeof(PVOID) == 8 ? 0x3000 : 0x2000)

struct _EPROCESS;
struct _IO_FILE;
struct _OBJECT_TYPE;

void MmInitialize(seL4_BootInfo *BootInfo); /* slots, untypeds, frame database, system memory;
                                               before everything else */
void MmInitializeSections(void);            /* the section object type; after ObInitialize */

/* ---- Capability slots of the Executive. A CPtr is also its index at full depth below
 * MmCSpaceRoot. ---- */
extern seL4_CPtr MmCSpaceRoot;
/* A CNode below which the slot is found, at full depth, in fewer steps than below MmCSpaceRoot. */
seL4_CPtr MmNearestCNode(seL4_CPtr Slot);
seL4_CPtr MmAllocateSlot(void);   /* an empty slot, 0 when there is none */
void MmFreeSlot(seL4_CPtr Slot);  /* the slot is empty already */
void MmDeleteCap(seL4_CPtr Slot); /* deletes the capability and frees the slot */
/* Makes a copy that the kernel finds in one step; there is room for only one. It must not be copied
 * further. 0: it failed. */
seL4_CPtr MmCopyCapNearest(seL4_CPtr Source);
NTSTATUS MmCopyCap(seL4_CPtr Source, seL4_CapRights_t Rights,
                   seL4_CPtr *Copy); /* into a new slot */

/* ---- Kernel objects (TCBs, CNodes, endpoints, notifications, page tables …) ---- */
typedef struct _MM_KERNEL_OBJECT {
    seL4_CPtr Cap;
    struct _MI_BLOCK *Block; /* private to mm: its memory, which goes back to the allocator */
} MM_KERNEL_OBJECT, *PMM_KERNEL_OBJECT;

/* SizeBits: for CNodes log2 of the slots, else 0. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS MmCreateKernelObject(seL4_Word Type, seL4_Word SizeBits, PMM_KERNEL_OBJECT Object);
void MmDeleteKernelObject(
    PMM_KERNEL_OBJECT Object); /* deletes the last capability; a zeroed Object is ignored */

/* ---- System memory: zeroed pages, contiguous in the Executive's address space ---- */
PVOID MmAllocateSystemPages(SIZE_T Pages); /* NULL when there are none */
PVOID MmAllocateSystemPagesGivingWay(SIZE_T Pages);
void MmFreeSystemPages(PVOID Base, SIZE_T Pages);
void MmFreeSystemPagesGivingWay(PVOID Base, SIZE_T Pages);
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
#define MM_KNOWN_TABLES 4
#define MM_KEPT_PAGES 4 /* at most, of each range that is kept */

/* What is kept of an ended thread (keptrange.c). */
typedef enum _MM_KEPT_RANGE {
    MmKeptTeb,
    MmKeptStack,
    MmKeptRanges,
} MM_KEPT_RANGE;

typedef struct _MM_ADDRESS_SPACE {
    MM_KERNEL_OBJECT VSpace;
    struct {
        ULONG_PTR Span; /* number of what it covers, + 1; 0: nothing */
        PVOID Table;
    } KnownTables[MM_KNOWN_TABLES]; /* private to mm: where the last pages were found */
    PVOID PageTables;               /* private to mm: our own record of what is mapped where */
    RTL_AVL_TREE VadTree;           /* private to mm */
    ULONG VadCount;                 /* private to mm */
    struct _MI_VAD *KeptRanges[MmKeptRanges]; /* private to mm */
    SIZE_T VirtualSize, PeakVirtualSize;      /* bytes reserved */
    SIZE_T CommitPages, PeakCommitPages;      /* pages committed */
    SIZE_T DrawnPages;  /* of these, what a driver has drawn from others' charges */
    SIZE_T DriverBytes; /* of CommitPages, what drivers may need for its requests and files */
    SIZE_T KeptPages;   /* of one that is kept: what is to be charged again (mm/keptspace.c) */
    SIZE_T WorkingSetPages, PeakWorkingSetPages;
    ULONG FaultCount;
    BOOLEAN Locked;    /* private to mm: held while a service that gives way changes its ranges */
    ULONG LockWaiters; /* private to mm */
    KEVENT Unlocked;   /* private to mm */
} MM_ADDRESS_SPACE, *PMM_ADDRESS_SPACE;

NTSTATUS
MmCreateAddressSpace(struct _EPROCESS *Process); /* fills Process->Vm, maps KUSER_SHARED_DATA */
void MmDeleteAddressSpace(
    struct _EPROCESS *Process); /* unmaps and frees everything; may be called once */

/* A client touched Address. STATUS_SUCCESS: retry the instruction; else the status of the exception
   to raise: STATUS_ACCESS_VIOLATION, STATUS_GUARD_PAGE_VIOLATION, STATUS_STACK_OVERFLOW,
   STATUS_IN_PAGE_ERROR, STATUS_NO_MEMORY (commitment is there but no page). */
NTSTATUS MmAccessFault(struct _EPROCESS *Process, ULONG_PTR Address, BOOLEAN Write,
                       BOOLEAN Execute);

/* The services' work, for a process by pointer and with captured arguments. */
NTSTATUS MmAllocateVirtualMemory(struct _EPROCESS *Process, PVOID *Base, ULONG_PTR ZeroBits,
                                 PSIZE_T Size, ULONG Type, ULONG Protect);
NTSTATUS MmFreeVirtualMemory(struct _EPROCESS *Process, PVOID *Base, PSIZE_T Size, ULONG FreeType);

/* A thread's stack: Reserve bytes of which the highest are committed, with a guard page below. */
NTSTATUS MmAllocateStack(struct _EPROCESS *Process, SIZE_T Reserve, SIZE_T Committed, PVOID *Base);
/* Keeps an allocation that is not wanted any more, of which only the last Pages pages, from First
 * on, have been committed. FALSE: it is to be freed. */
BOOLEAN MmKeepRange(struct _EPROCESS *Process, MM_KEPT_RANGE Kind, PVOID Base, PVOID First,
                    SIZE_T Pages);
/* What is kept is wanted again: its pages are zero, and may be read and written. STATUS_NOT_FOUND:
 * there is none any more. May wait, and fail as waits do; it is kept still then. */
NTSTATUS MmReuseRange(struct _EPROCESS *Process, MM_KEPT_RANGE Kind);

/* Makes [Base, Base+Size) immune against the process's own free/protect/unmap (PEB, TEBs,
 * channel). */
void MmSecureRange(struct _EPROCESS *Process, PVOID Base, SIZE_T Size);
void MmUnsecureRange(struct _EPROCESS *Process,
                     PVOID Base); /* the whole allocation at Base; unlocks its pages too */

/* Faults the page in, keeps it resident for the process's life; gives its address in the window and
 * its frame's cap. */
NTSTATUS MmLockClientPage(struct _EPROCESS *Process, PVOID Address, PVOID *Window,
                          seL4_CPtr *FrameCap);

/* Committed, zeroed, secured pages shared by the Executive and a process. */
NTSTATUS MmAllocateSharedRegion(struct _EPROCESS *Process, SIZE_T Size, PVOID *SystemAddress,
                                PVOID *ClientAddress);
void MmFreeSharedRegion(PVOID SystemAddress,
                        SIZE_T Size); /* the system side; the client side goes with its process */

/* The page at 0x7FFE0000 of every process, read-only there. */
extern PKUSER_SHARED_DATA MmSharedUserData;

/* ---- Client memory. Copying faults pages in; a bad address gives STATUS_ACCESS_VIOLATION and may
 * have copied a part. ---- */
NTSTATUS MmCopyFromClient(PVOID Destination, CLIENT(PCVOID) Source,
                          SIZE_T Length); /* current process */
NTSTATUS MmCopyToClient(CLIENT(PVOID) Destination, const void *Source, SIZE_T Length);
NTSTATUS MmCopyFromProcess(struct _EPROCESS *Process, PVOID Destination, CLIENT(PCVOID) Source,
                           SIZE_T Length);
NTSTATUS MmCopyToProcess(struct _EPROCESS *Process, CLIENT(PVOID) Destination, const void *Source,
                         SIZE_T Length);
NTSTATUS MmProbeForWrite(CLIENT(PVOID) ClientAddress,
                         SIZE_T Length); /* whether a copy there would succeed (touches no data) */
/* Small fixed-size arguments */
#define MmReadClient(destination, source)                                                          \
    MmCopyFromClient((destination), (source), sizeof(*(destination)))
#define MmWriteClient(destination, source)                                                         \
    MmCopyToClient((destination), (source), sizeof(*(source)))

/* ---- What a process makes drivers hold (commit.c) ---- */
/* Charges the process, which need not be the calling one. FALSE: there is not so much. */
BOOLEAN MmChargeDriverMemory(struct _EPROCESS *Process, SIZE_T Bytes);
/* The same for a thread; if Few from what is kept for those that have few. */
BOOLEAN MmChargeDriverThread(struct _EPROCESS *Process, SIZE_T Bytes, BOOLEAN Few);
void MmReturnDriverMemory(struct _EPROCESS *Process, SIZE_T Bytes);

/* ---- Pool that a process has made the system take (quota.c) ---- */
typedef struct _MM_QUOTA {
    SIZE_T Bytes;              /* of blocks that are charged */
    SIZE_T Limit;              /* bytes that need no more pages */
    SIZE_T Pages, Promise;     /* committed; of these, those that stay */
    SIZE_T Orphaned;           /* bytes that are counted as nobody's, once its process is gone */
    struct _EPROCESS *Process; /* whose Vm.CommitPages count them; NULL: it is gone */
    struct _POOL_SLABS *Slabs; /* pages of its own, once it has many; or NULL */
    USHORT Index;
} MM_QUOTA, *PMM_QUOTA;

#define MM_QUOTA_BLOCKS 256
#define MM_QUOTA_SURPLUS ((SIZE_T)7 * NEPTUNE_PAGE_SIZE) /* more than the promise */
extern PMM_QUOTA *MmQuotaBlocks[MM_QUOTA_BLOCKS];
extern SIZE_T MmChargedPool;                          /* bytes, of all */
BOOLEAN MmExtendQuota(PMM_QUOTA Quota, SIZE_T Bytes); /* so that Limit is no less. FALSE: no */
void MmShrinkQuota(PMM_QUOTA Quota);                  /* may free it */
void MmEndPromise(struct _EPROCESS *Process);         /* it has ended */
void MmLeaveQuota(struct _EPROCESS *Process);         /* it is being deleted */
BOOLEAN MmIsModest(void); /* the current process has no more pool than what is promised to each */

/* Index is not 0. */
static inline PMM_QUOTA MmQuotaAt(USHORT Index)
{
    return MmQuotaBlocks[Index >> 8][Index & 0xff];
}

static inline BOOLEAN MmChargeQuota(PMM_QUOTA Quota, SIZE_T Bytes)
{
    SIZE_T After = Quota->Bytes + Bytes;

    if (__builtin_expect(After > Quota->Limit, FALSE) && !MmExtendQuota(Quota, After))
        return FALSE;
    Quota->Bytes = After;
    MmChargedPool += Bytes;
    return TRUE;
}

static inline void MmReturnQuota(PMM_QUOTA Quota, SIZE_T Bytes)
{
    Quota->Bytes -= Bytes;
    MmChargedPool -= Bytes;
    if (__builtin_expect(Quota->Limit - Quota->Bytes > MM_QUOTA_SURPLUS, FALSE))
        MmShrinkQuota(Quota);
}

/* ---- Sections ---- */
struct _MM_SECTION;
extern struct _OBJECT_TYPE *MmSectionObjectType;
/* Attributes: SEC_IMAGE with File, or SEC_COMMIT/SEC_RESERVE without one (File NULL) or SEC_COMMIT
   with a file. The section is an object: ObDereferenceObject when done. Image errors:
   STATUS_INVALID_IMAGE_FORMAT, STATUS_INVALID_IMAGE_NOT_MZ, STATUS_INVALID_IMAGE_WIN_32/64 …. */
NTSTATUS MmCreateSection(struct _MM_SECTION **Section, struct _IO_FILE *File,
                         PLARGE_INTEGER MaximumSize, ULONG Protect, ULONG Attributes);
/* STATUS_IMAGE_NOT_AT_BASE is a success. */
NTSTATUS MmMapViewOfSection(struct _MM_SECTION *Section, struct _EPROCESS *Process, PVOID *Base,
                            ULONG_PTR ZeroBits, PLARGE_INTEGER Offset, PSIZE_T ViewSize,
                            ULONG AllocationType, ULONG Protect);
NTSTATUS MmUnmapViewOfSection(struct _EPROCESS *Process, PVOID Base);
/* The image that every process has, from its start to its end: ntdll's (keptspace.c). */
void MmSetCommonImage(struct _MM_SECTION *Section);
NTSTATUS MmQuerySectionImage(struct _MM_SECTION *Section, PSECTION_IMAGE_INFORMATION Information);
/* Whether a view shows just the bytes of the section: it is neither an image nor only reserved. */
BOOLEAN MmIsWholeSection(struct _MM_SECTION *Section);
/* What an image section has at Rva. */
BOOLEAN MmReadImage(struct _MM_SECTION *Section, ULONG Rva, PVOID Buffer, SIZE_T Length);
/* RVA of a named export of an image section, 0 if there is none. */
ULONG MmFindImageExport(struct _MM_SECTION *Section, const char *Name);
/* The file, referenced, of the image that is mapped at Base; NULL: there is none. */
struct _IO_FILE *MmReferenceFileAt(struct _EPROCESS *Process, ULONG_PTR Base);
/* The image or mapped file that covers Address: its base and its file's last name component. FALSE
 * if none. */
BOOLEAN MmFindImageAt(struct _EPROCESS *Process, ULONG_PTR Address, PULONG_PTR Base,
                      WCHAR Name[32]);

/* ---- Sections that hold the data of requests (sectiondata.c) ---- */
/* A section of pages of a process, which stay while it is there, whatever the process does with
 * them; read-only unless Write. Gives way. STATUS_ACCESS_VIOLATION, STATUS_COMMITMENT_LIMIT,
 * STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS MmLockPagesInSection(struct _EPROCESS *Process, ULONG_PTR Address, SIZE_T Length,
                              BOOLEAN Write, struct _MM_SECTION **Section);
/* Offset and Length are inside the section. They give way between pages, and fail with
 * STATUS_THREAD_IS_TERMINATING, STATUS_ACCESS_VIOLATION, STATUS_NO_MEMORY. */
NTSTATUS MmFillSection(struct _MM_SECTION *Section, SIZE_T Offset, struct _EPROCESS *Process,
                       CLIENT(PCVOID) Source, SIZE_T Length);
NTSTATUS MmReadSection(struct _MM_SECTION *Section, SIZE_T Offset, struct _EPROCESS *Process,
                       CLIENT(PVOID) Destination, SIZE_T Length);
NTSTATUS MmWriteToSection(struct _MM_SECTION *Section, SIZE_T Offset, const void *Source,
                          SIZE_T Length);
NTSTATUS MmClearSection(struct _MM_SECTION *Section, SIZE_T Offset, SIZE_T Length);
/* The number of a physical page of the section, from 0; 0 if it is not there yet. */
ULONG MmSectionFrame(struct _MM_SECTION *Section, ULONG Page);
/* Of the process's page at Address, which is there afterwards. */
NTSTATUS MmQueryFrame(struct _EPROCESS *Process, ULONG_PTR Address, PULONG Frame);

/* ---- Statistics, for NtQuerySystemInformation ---- */
typedef struct _MM_STATISTICS {
    SIZE_T TotalPages;     /* RAM given by the kernel */
    SIZE_T AvailablePages; /* free frames and untyped memory */
    SIZE_T CommittedPages, CommitLimit, PeakCommitment;
    SIZE_T PoolPages, KernelObjectBytes;
    SIZE_T PromisedSlots; /* of capabilities, for pages of views */
} MM_STATISTICS;
void MmQueryStatistics(MM_STATISTICS *Statistics);
