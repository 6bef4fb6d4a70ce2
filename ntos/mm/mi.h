/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the memory component share with each other and with nobody else. */
#pragma once
#include <dbg.h>
#include <ke.h>
#include <mm.h>
#include <nt/ntcrt.h>
#if defined(__x86_64__)
#include "arch/x86_64/miarch.h"
#else
#include "arch/i386/miarch.h"
#endif

/*
 * Who holds which capability. All memory of the Executive and of its clients goes this way:
 *
 *   word         what it is                                            file
 *   block        2^n bytes of untyped memory and the capability to it  untyped.c
 *   slot pair    where the capabilities of a block's halves lie        slot.c
 *   chunk        a block whose memory has become 4K frames             frame.c, highmemory.c
 *   frame        a page of RAM; its number is its address / 4K         frame.c
 *   frame slot   where the frame's first capability lies: its number   cspace.c
 *                in the frame space. It maps the frame in the window
 *   copy         a second capability of a frame, which maps it in      slot.c, frame.c
 *                one client; in a promised slot
 *   spare copy   a copy that maps nothing now; a frame keeps one       frame.c
 *   grown space  slots in CNodes that are made as they are wanted      slot.c
 *   window       where the Executive sees frames                       window.c
 *   rival        the frame that has the same place in the window       window.c, miarch.h
 *
 *   block      it is                         it leaves that state when
 *   free       in FreeBlocks, by size        it is allocated: used, after splits if it is larger
 *                                            than wanted; its other half is free too, and this
 *                                            pair's turn comes: its parent is free in its place
 *                                            (MergeOldest)
 *   used       a kernel object, a CNode,     MiFreeBlock: free. Everything made of it has been
 *              a page of the database, a     revoked before
 *              chunk, a device's page        MiSplitBlock: split
 *   split      two halves in a slot pair     both halves are free and merged: free
 *
 * Blocks of device memory are used from the start, split as far as a page or chunk demands, and
 * never freed.
 *
 *   chunk      its frames are                it leaves that state when
 *   newest     partly fresh                  the last fresh frame has been taken: in use
 *   in use     known: they have entries      all of them are free and untyped memory has run out
 *              in the database               (MiReclaimChunk): its copies, slots and frames go, and
 *                                            it is a free block. High memory stays
 *
 *   frame      it is                          it leaves that state when
 *   fresh      from FreshNext to FreshEnd     it is taken: in use; its chunk goes
 *   in use     in PTEs, segments, tables      its last reference goes: free
 *   free       in its pool's list, Zeroed     it is taken: in use; its chunk goes
 *              or Dirty
 *
 * MI_FRAME_WINDOW says whether a frame is in the window. It enters when it is looked at
 * (MiMapFrame); it leaves when its rival enters, when it is to be mapped elsewhere by its first
 * capability (MiAllocateBareFrame), and with its chunk.
 */

/* ---- Capability slots (cspace.c, slot.c) ---- */
/*
 * A CPtr has 28 bits: two choose a space of the root CNode, 26 are the slot in it. Space 0 is the
 * initial CNode, space 1 holds one slot a physical frame, space 2 grows when the initial CNode is
 * full. A PTE has room for exactly these bits.
 */
#define MI_CPTR_BITS 28
#define MI_SPACE_BITS 26
#define MI_FRAME_SPACE ((seL4_CPtr)1 << MI_SPACE_BITS)
#define MI_GROWN_SPACE ((seL4_CPtr)2 << MI_SPACE_BITS)
#define MI_FRAME_LEAF_BITS 9
#define MI_GROWN_LEAF_BITS 10

void MiInitializeSlots(seL4_BootInfo *BootInfo);
void MiInitializeCSpace(seL4_BootInfo *BootInfo, ULONG FrameLimit);
/* A CNode of 1,024 slots at a place of the grown space. FALSE: no memory. */
BOOLEAN MiCreateSlotLeaf(ULONG Place, struct _MI_BLOCK **Block);
void MiDeleteSlotLeaf(struct _MI_BLOCK *Block);
ULONG MiGrownLeafLimit(void);           /* how many there may be; 0: not known yet */
BOOLEAN MiCreateFrameLeaf(ULONG Frame); /* the CNode that holds this frame's slot */
seL4_CPtr MiAllocateSlotPair(void); /* an even slot and the one after it; 0 when there is none */
/* Slots for mappings are promised in advance (slot.c). FALSE: no memory for so many. */
BOOLEAN MiPromiseSlots(SIZE_T Count);      /* for pages of views */
BOOLEAN MiPromiseFrameSlots(SIZE_T Count); /* for new frames */
void MiReturnSlots(SIZE_T Count);
void MiReturnFrameSlots(SIZE_T Count);
SIZE_T MiPromisedSlots(void);   /* for pages of views */
void MiRefillSlotRecords(void); /* what more slots will need; frame.c calls it with frames free */
seL4_CPtr MiCopyForMapping(seL4_CPtr Frame); /* a copy of a frame's capability, in such a slot */
void MiDeleteMapping(seL4_CPtr Slot);
seL4_Error MiRetype(seL4_CPtr Untyped, seL4_Word Type, seL4_Word SizeBits, seL4_CPtr Slot,
                    ULONG Count);

FORCEINLINE seL4_CPtr MiFrameCap(ULONG Frame)
{
    return MI_FRAME_SPACE | Frame;
}

/* ---- Untyped memory (untyped.c): blocks of powers of two, halved on demand ---- */
typedef enum _MI_BLOCK_STATE {
    MiBlockFree,
    MiBlockUsed,
    MiBlockSplit,
} MI_BLOCK_STATE;

typedef struct _MI_BLOCK {
    union {
        LIST_ENTRY Links; /* free; a chunk of frames; split, and its halves are free */
        seL4_CPtr Object; /* used for a kernel object: its capability */
    };
    struct _MI_BLOCK *Halves; /* split: two of them, the lower first */
    struct _MI_BLOCK *Parent; /* NULL: a block that the kernel gave at boot */
    ULONGLONG Physical;
    ULONG Slot;
    UCHAR SizeBits;
    UCHAR State; /* MI_BLOCK_STATE */
    UCHAR Half;  /* 0 the lower, 1 the upper of its parent */
} MI_BLOCK, *PMI_BLOCK;

void MiInitializeUntyped(seL4_BootInfo *BootInfo);
PMI_BLOCK MiAllocateBlock(ULONG SizeBits); /* NULL when there is none */
PMI_BLOCK MiAllocateChunk(ULONG SizeBits); /* of this size, else the largest below */
void MiFreeBlock(PMI_BLOCK Block);         /* nothing is left in it */
BOOLEAN MiSplitBlock(PMI_BLOCK Block);     /* the halves are not put on the free lists */
void MiInitializeDevices(seL4_BootInfo *BootInfo);
/* The block of device memory at a multiple of its size. NULL: there is none, or no memory. */
PMI_BLOCK MiFindDeviceBlock(ULONGLONG Physical, ULONG SizeBits);
/* A block that the kernel gave, off the free lists. NULL when there is no memory. */
PMI_BLOCK MiRegisterBlock(const seL4_UntypedDesc *Description, seL4_CPtr Slot);
BOOLEAN MiRefillBlocks(void); /* so that a few splits cannot fail for want of records */
extern SIZE_T MiUntypedBytes, MiFreeUntypedBytes;
extern SIZE_T MiKernelObjectBytes;
extern SIZE_T MiSystemPages; /* given out by MmAllocateSystemPages */
extern SIZE_T MiStackPages;

/* ---- RAM that the kernel gives as device memory (highmemory.c): above what it can reach ---- */
void MiInitializeHighMemory(seL4_BootInfo *BootInfo);
ULONG MiHighMemoryLimit(void); /* above its highest frame; 0 when there is none */
BOOLEAN MiIsHighMemory(ULONGLONG Physical);
PMI_BLOCK MiTakeHighChunk(ULONG SizeBits); /* of this size or smaller; NULL: there is no more */
extern SIZE_T MiHighPages;

/* ---- Frames (frame.c). Frame 0 is never RAM of ours: 0 means none. ---- */
#define MI_FRAME_WINDOW 0x01  /* mapped at MiWindow(Frame) */
#define MI_FRAME_DIRTY 0x02   /* free, and not zero */
#define MI_FRAME_HIGH 0x04    /* high memory: no kernel object or IPC buffer can be there */
#define MI_FRAME_REACHED 0x08 /* first of a database page: the window has a table for all of it */
#define MI_FRAME_CHUNK 4      /* from this bit on: log2 of the number of frames of its chunk */

typedef struct _MI_FRAME {
    union {
        PMI_BLOCK Table; /* one of our page tables: the hardware's, or NULL */
        struct {
            union {
                ULONG Next;       /* free: the next free frame */
                ULONG SystemSlot; /* of a shared region: what maps it in the system range */
            };
            ULONG SpareSlot; /* a copy of its capability that maps nothing now; 0 = none */
        };
    };
    union {
        ULONG Count;    /* in use: references */
        ULONG Previous; /* free: the free frame before it */
    };
    USHORT Used; /* a page table: entries in use */
    UCHAR Flags;
    UCHAR Listed; /* the first of a chunk: how many of its frames are free, and were in use */
} MI_FRAME, *PMI_FRAME;

_Static_assert(sizeof(MI_FRAME) == 16, "a page of the database holds a chunk");

#define MiFrameEntry(frame) (&((PMI_FRAME)MI_FRAME_DATABASE)[frame])
BOOLEAN MiIsFrameKnown(ULONG Frame); /* it has an entry */

/* Ordinary memory: in the window as long as it is in use. */
ULONG MiAllocateFrame(BOOLEAN Zeroed); /* in the window, one reference; 0 when there is none */
/* High memory if there is any, else what the system can spare; to be looked at by MiMapFrame. */
ULONG MiAllocateClientFrame(BOOLEAN Zeroed);
ULONG MiAllocateBareFrame(void); /* zeroed unless MI_FRAME_DIRTY, one reference, mapped nowhere */
void MiReleaseFrame(ULONG Frame);
/* A capability to map the frame with: the spare one or a new copy. */
seL4_CPtr MiTakeFrameCopy(ULONG Frame);
void MiReturnFrameCopy(ULONG Frame, seL4_CPtr Slot); /* unmaps; keeps one copy for the next time */
void MiDropFrameCopy(ULONG Frame);                   /* before the frame becomes a table */
BOOLEAN MiReclaimChunk(void);  /* some free frames become untyped memory; FALSE: none can */
SIZE_T MiAvailablePages(void); /* free frames and what frames can be made of */
void MiInitializeFrames(void); /* after high memory */

FORCEINLINE void MiReferenceFrame(ULONG Frame)
{
    MiFrameEntry(Frame)->Count++;
}

/* ---- The window (window.c): where the Executive sees frames. Ordinary ones stay there; some of
 * high memory share a place. ---- */
#define MiWindow(frame) ((PVOID)(MI_WINDOW + ((ULONG_PTR)MiWindowIndex(frame) << PAGE_SHIFT)))
#define MiWindowFrame(address) ((ULONG)(((ULONG_PTR)(address)-MI_WINDOW) >> PAGE_SHIFT))

BOOLEAN MiEnterWindow(ULONG Frame); /* its rival leaves. Fails only for the first of a chunk */
BOOLEAN MiLeaveWindow(ULONG Frame);
void MiCopyFrame(ULONG Destination, ULONG Source);

/* An allocated frame in the window: it stays there until another one is wanted there, or a wait. */
FORCEINLINE PVOID MiMapFrame(ULONG Frame)
{
    if (!(MiFrameEntry(Frame)->Flags & MI_FRAME_WINDOW) && !MiEnterWindow(Frame))
        KeBugCheck("a page is lost from the window");
    return MiWindow(Frame);
}

/* ---- The Executive's own address space (system.c, arch/) ---- */
NTSTATUS MiMapSystemPage(seL4_CPtr Cap, ULONG_PTR Address, seL4_Word Attributes);
ULONG_PTR MiReserveSystemRange(SIZE_T Pages); /* 0 when there is none */
/* Like MmAllocateSystemPages, for memory that promised pages need; may use what is set aside. */
PVOID MiAllocateSystemPages(SIZE_T Pages);
void MiReleaseSystemRange(ULONG_PTR Base, SIZE_T Pages);
/* Maps a new frame, which is in the window too; 0 when there is none. */
ULONG MiMapSharedSystemPage(ULONG_PTR Address);
/* Pages that are not mapped are passed over. */
void MiUnmapSystemRange(ULONG_PTR Base, SIZE_T Pages);

/* Maps a 4K frame; on a missing table returns its level's bits in *Missing (else 0). */
seL4_Error MiMapPage(seL4_CPtr Cap, seL4_CPtr VSpace, ULONG_PTR Address, BOOLEAN Write,
                     seL4_Word Attributes, ULONG *Missing);
NTSTATUS MiCreateTable(seL4_CPtr VSpace, ULONG_PTR Address, ULONG LevelBits,
                       PMM_KERNEL_OBJECT Table);

/* What a table that the kernel names by its level bits is made of, and how it is mapped. */
seL4_Word MiTableType(ULONG LevelBits);
BOOLEAN MiIsTableType(seL4_Word Type); /* roots of address spaces too */
seL4_Error MiMapTable(seL4_CPtr Table, ULONG LevelBits, seL4_CPtr VSpace, ULONG_PTR Address);

/* ---- Protections (protect.c). A PTE stores the number of the bit in PAGE_xxx. ---- */
#define MI_PROTECTION_MASK 0xff
#define MI_MODIFIERS (PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE)
BOOLEAN MiIsValidProtection(ULONG Protect);
/* Copy on write allows writing. */
BOOLEAN MiAllowsAccess(ULONG Protect, BOOLEAN Write, BOOLEAN Execute);
ULONG MiCopiedProtection(ULONG Protect);      /* what copy on write becomes after the copy */
ULONG MiCopyOnWriteProtection(ULONG Protect); /* writable becomes copy on write */
#define MI_IS_COPY_ON_WRITE(protect) (((protect) & (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY)) != 0)
#define MI_IS_EXECUTABLE(protect) (((protect)&0xf0) != 0)

/* ---- Our own page tables (pagetable.c): shaped like the hardware's, in the window ---- */
typedef union _MI_PTE {
    ULONG64 Value; /* 0: nothing but what the VAD says */
    struct {
        ULONG64 Frame : 24;  /* resident; Set is on then */
        ULONG64 Slot : 28;   /* the capability that maps the frame; 0 = not mapped */
        ULONG64 Protect : 3; /* number of the bit in PAGE_xxx */
        ULONG64 Set : 1;     /* Committed, Protect and the modifiers count, not the VAD's */
        ULONG64 Committed : 1;
        ULONG64 Guard : 1;
        ULONG64 NoCache : 1;
        ULONG64 WriteCombine : 1;
        ULONG64 Private : 1; /* the frame is this process's own */
        ULONG64 Locked : 1;  /* the Executive uses it: stays until the process ends */
        ULONG64 Pinned : 1;  /* NtLockVirtualMemory: it is told to those who ask */
        ULONG64 Watched : 1; /* with write watch. Resident: not written since the last reset, and
                              * mapped without write access. Else: was written */
    };
} MI_PTE, *PMI_PTE;

_Static_assert(sizeof(MI_PTE) == 8, "PTE");

PMI_PTE MiFindPte(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address);   /* NULL: no table, so 0 */
PMI_PTE MiCreatePte(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address); /* NULL: no memory */
void MiWritePte(PMI_PTE Pte, MI_PTE New); /* keeps the table's count of entries */
/* The first PTE that is not 0 in [*Address, Last]; NULL if there is none. */
PMI_PTE MiNextPte(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, ULONG_PTR Last);
/* The same, giving way before it looks: the address space is locked. */
PMI_PTE MiNextPteInTurn(PMM_ADDRESS_SPACE Vm, PULONG_PTR Address, ULONG_PTR Last);
/* Frees tables without entries in which nothing is promised; gives way. */
void MiTrimTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR First, ULONG_PTR Last);
BOOLEAN MiCreateRootTable(PMM_ADDRESS_SPACE Vm);
/* All PTEs are 0. Gives way. */
void MiDeleteTables(PMM_ADDRESS_SPACE Vm);
NTSTATUS MiCreateHardwareTable(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG LevelBits);
/* The tables for the page at Address, ours and the hardware's. FALSE: no memory. */
BOOLEAN MiCreateTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address);
extern SIZE_T MiClientTables; /* the hardware's; charged to their processes */
void MiSetPteProtection(PMI_PTE New, ULONG Protect);
ULONG MiPteProtection(MI_PTE Pte);

/* ---- Resident pages of a process (resident.c) ---- */
/* The page has a frame: maps it as its protection says. */
NTSTATUS MiMapResidentPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte);
/* The same for a page that is mapped as Old says. */
NTSTATUS MiRemapPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte, MI_PTE Old);
void MiUnmapPage(MI_PTE *New);                       /* the capability goes */
void MiEvictPage(PMM_ADDRESS_SPACE Vm, MI_PTE *New); /* the frame goes too */
void MiSetFrame(PMM_ADDRESS_SPACE Vm, MI_PTE *New, ULONG Frame, BOOLEAN Private);

/* ---- Commitment (commit.c) ---- */
BOOLEAN MiChargeCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages); /* Vm NULL: the system's */
/* What objects of the process take. If it has but a few of them, also of what is kept for such. */
BOOLEAN MiChargeForObjects(PMM_ADDRESS_SPACE Vm, SIZE_T Pages, BOOLEAN Few);
void MiReturnCommitment(PMM_ADDRESS_SPACE Vm, SIZE_T Pages);
void MiChargeOrphans(SIZE_T Pages);      /* what is committed already, and was its process's */
BOOLEAN MiIsRoomForSystem(SIZE_T Pages); /* besides what has been promised to clients */
BOOLEAN MiIsRoomForSlots(SIZE_T Pages);  /* of views: nor what is kept for who has few objects */
NTSTATUS MiCreateQuota(struct _EPROCESS *Process); /* quota.c */
BOOLEAN MiIsWithinPromise(void);  /* the current process has no more pool than it was promised */
BOOLEAN MiIsProgramRunning(void); /* the current client is a program, not the system */
#define MI_TABLE_CHARGE 2         /* ours and the hardware's */
#define MI_VADS_PER_PAGE 32       /* address ranges that cost a page of commitment */
void MiInitializeCommitment(void);
extern SIZE_T MiCommittedPages, MiCommitLimit, MiPeakCommitment;

/* ---- VADs (vad.c) ---- */
struct _MI_SEGMENT;
typedef enum _MI_VAD_TYPE {
    MiVadPrivate,
    MiVadMapped,
    MiVadImage,
} MI_VAD_TYPE;

typedef struct _MI_VAD {
    RTL_BALANCED_NODE Node;
    ULONG_PTR Start, Last;             /* bytes; whole pages */
    SIZE_T Gap, LargestGap;            /* vad.c: free bytes below; the most in this subtree */
    ULONG_PTR SecureStart, SecureLast; /* SecureLast 0: nothing */
    ULONG Protect;                     /* PAGE_xxx as allocated or mapped */
    UCHAR Type;                        /* MI_VAD_TYPE */
    BOOLEAN Committed;   /* private: pages are committed unless their PTE says otherwise */
    BOOLEAN Hidden;      /* being made or given up: nobody finds it, but its room is taken */
    BOOLEAN SystemOwned; /* secured as a whole by the system: shared data, shared regions */
    struct _MI_SEGMENT *Segment; /* mapped, image; referenced */
    ULONG FirstPage;             /* of the segment */
    BOOLEAN WriteWatch;          /* private: MEM_WRITE_WATCH */
    BOOLEAN Waiting;             /* of a kept address space: hidden until it is mapped again */
    BOOLEAN TablesStay;          /* when it is discarded */
    BOOLEAN NoChange;            /* mapped: SEC_NO_CHANGE */
    BOOLEAN Pristine;            /* a stack whose pages nobody has committed, freed or protected */
} MI_VAD, *PMI_VAD;

struct _EPROCESS;
PMM_ADDRESS_SPACE MiVmOf(struct _EPROCESS *Process);
/*
 * What makes, changes or describes address ranges gives way, and holds this lock, so that ranges
 * and tables stay. Page faults and copying do not take it. Fails as KeWaitForSingleObject does.
 */
NTSTATUS MiLockAddressSpace(PMM_ADDRESS_SPACE Vm);
void MiUnlockAddressSpace(PMM_ADDRESS_SPACE Vm);
/* Inserted in the tree; NULL when there is no memory. The range must be free. */
PMI_VAD MiCreateVad(PMM_ADDRESS_SPACE Vm, MI_VAD_TYPE Type, ULONG_PTR Start, SIZE_T Size,
                    ULONG Protect);
PMI_VAD MiAllocateVad(PMM_ADDRESS_SPACE Vm); /* zeroed, counted; not in the tree */
PMI_VAD MiCreateSystemVad(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, SIZE_T Size, ULONG Protect);
NTSTATUS MiMapSharedFrame(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, ULONG Frame, ULONG Protect);
PMI_VAD MiFindVad(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address);
/* The lowest that ends at Address or above. */
PMI_VAD MiFirstVadFrom(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address);
BOOLEAN MiIsRangeFree(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last);
void MiInsertVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad);
void MiRemoveVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad);
/* A free range of Size bytes at a multiple of 64 KB, at most Highest; 0 if there is none. */
ULONG_PTR MiFindFreeRange(PMM_ADDRESS_SPACE Vm, SIZE_T Size, ULONG_PTR Highest, BOOLEAN TopDown);
/* Where a new range may be (placement.c). */
typedef struct _MI_PLACEMENT {
    ULONG_PTR Lowest, Highest; /* of its bytes */
    SIZE_T Alignment;          /* a power of two, 64 KB at least */
    BOOLEAN Bounded;           /* more than by Highest */
} MI_PLACEMENT, *PMI_PLACEMENT;
/* STATUS_INVALID_PARAMETER, STATUS_NOT_IMPLEMENTED, STATUS_ACCESS_VIOLATION. */
NTSTATUS MiCapturePlacement(CLIENT(PMEM_EXTENDED_PARAMETER) Parameters, ULONG Count,
                            PMI_PLACEMENT Placement);
/* A free range of Size bytes; 0 if there is none. */
ULONG_PTR MiPlaceRange(PMM_ADDRESS_SPACE Vm, SIZE_T Size, const MI_PLACEMENT *Placement,
                       BOOLEAN TopDown);
/* Where ZeroBits lets addresses end; STATUS_INVALID_PARAMETER if it is nonsense. */
NTSTATUS MiZeroBitsLimit(ULONG_PTR ZeroBits, PULONG_PTR Highest);
BOOLEAN MiIsSecured(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last);

/* A page as a client sees it: 0 = not committed, else PAGE_xxx with modifiers. */
ULONG MiPageProtection(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte);

/* Gives up the pages of [Start, Last] of a VAD, giving way: PTEs become 0, frames and commitment go
 * back. It is the whole VAD if that is committed as a whole. */
void MiClearRange(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last);
void MiDeleteVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad); /* with its pages; out of the tree and freed */
void MiDiscardVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad); /* the same without pages and promises */

/* ---- Ranges that are kept for the next thread (keptrange.c) ---- */
/* For whoever finds no room: the address space is locked. FALSE: there was none. */
BOOLEAN MiDropKeptRanges(PMM_ADDRESS_SPACE Vm);

/* ---- Address spaces that are kept for the next process (keptspace.c) ---- */
BOOLEAN MiMayKeepSpace(struct _EPROCESS *Process);
BOOLEAN MiIsCommonVad(PMI_VAD Vad); /* of what every process has: it may stay in a kept one */
/* A process has ended, and its address space is locked and has no other VADs than common ones.
 * TRUE: Vm has nothing left. */
BOOLEAN MiKeepAddressSpace(PMM_ADDRESS_SPACE Vm);
/* For a process that begins. FALSE: there is none, or no room for it. */
BOOLEAN MiReuseAddressSpace(PMM_ADDRESS_SPACE Vm);
/* The view of the segment that a kept address space has brought. FALSE: there is none. */
BOOLEAN MiAdoptView(PMM_ADDRESS_SPACE Vm, struct _MI_SEGMENT *Segment);
void MiDropKeptSpaces(void); /* soon */
extern SIZE_T MiKeptPages;   /* of all kept ones; not committed */

/* ---- Promises (promise.c): what the pages of a range may need later ---- */
/* For a VAD in the tree, whose Committed is set as it will be. STATUS_COMMITMENT_LIMIT,
 * STATUS_INSUFFICIENT_RESOURCES: nothing is promised. */
NTSTATUS MiPromiseVad(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad);
/* Frames that are charged in the range while no PTE says anything of it. */
SIZE_T MiSilentCharge(PMI_VAD Vad, ULONG_PTR Start, ULONG_PTR Last);
/* How many more (or fewer) are charged because of what the page's PTE says. */
LONG MiPteCharge(PMI_VAD Vad, ULONG_PTR Address, MI_PTE Pte);
SIZE_T MiSlotCharge(PMI_VAD Vad);
BOOLEAN MiIsTablePromised(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last);
/* All tables for the range, ours and the hardware's; gives way. STATUS_COMMITMENT_LIMIT */
NTSTATUS MiPrepareTables(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last);

/* ---- Write watch (writewatch.c) ---- */
FORCEINLINE BOOLEAN MiIsWritten(MI_PTE Pte)
{
    return (Pte.Frame != 0) != Pte.Watched;
}

/* What is left of a PTE whose page is decommitted: whether it was written. */
FORCEINLINE MI_PTE MiDecommittedPte(PMI_VAD Vad, MI_PTE Old)
{
    MI_PTE New = {0};

    if (Vad->WriteWatch && !Vad->Hidden && MiIsWritten(Old))
        New.Set = New.Watched = TRUE;
    return New;
}

/* ---- Private memory (allocate.c, change.c) ---- */
NTSTATUS MiCheckAllocation(ULONG_PTR ZeroBits, ULONG Type, ULONG Protect);
NTSTATUS MiAllocateVirtualMemory(struct _EPROCESS *Process, PVOID *Base, PSIZE_T Size,
                                 const MI_PLACEMENT *Placement, ULONG Type, ULONG Protect);
void MiProtectPage(PMM_ADDRESS_SPACE Vm, ULONG_PTR Address, PMI_PTE Pte, ULONG Protect);
/* A range has been allocated that may be touched at once (fault.c). */
void MiExpectTouch(PMM_ADDRESS_SPACE Vm, PMI_VAD Vad);
/* What a view that was mapped with View lets its pages become. */
BOOLEAN MiIsViewProtection(ULONG View, ULONG Protect);
/* The address space is locked. */
NTSTATUS MiProtectPages(PMM_ADDRESS_SPACE Vm, ULONG_PTR Start, ULONG_PTR Last, ULONG Protect,
                        PULONG Old);
NTSTATUS MiProtectVirtualMemory(struct _EPROCESS *Process, ULONG_PTR Start, ULONG_PTR Last,
                                ULONG Protect, PULONG Old);

BOOLEAN MiIsFreeType(ULONG FreeType); /* of NtFreeVirtualMemory */

/* ---- Segments (segment.c): what sections show, shared by all views ---- */
#define MI_SEGMENT_COMMITTED 0x80000000u /* page of a reserved segment that has been committed */
#define MI_SEGMENT_FRAME 0x00ffffffu

typedef struct _MI_SUBSECTION {
    ULONG FirstPage, Pages; /* of the image */
    ULONG FileOffset;       /* of the first page's bytes */
    ULONG FileBytes;        /* from the file; zero behind them */
    ULONG Protect;          /* PAGE_xxx, copy on write where it may be written */
} MI_SUBSECTION, *PMI_SUBSECTION;

typedef struct _MI_SEGMENT {
    LIST_ENTRY Links; /* of image segments */
    ULONG References;
    struct _IO_FILE *File; /* referenced; NULL: backed by nothing */
    ULONGLONG Size;        /* bytes */
    ULONG Pages;
    BOOLEAN Reserved;  /* SEC_RESERVE: pages must be committed through a view */
    BOOLEAN Held;      /* its frames are those of a process's pages (sectiondata.c) */
    SIZE_T Charge;     /* pages of commitment */
    PULONG *Directory; /* of pages of entries: frame | MI_SEGMENT_COMMITTED */
    SECTION_IMAGE_INFORMATION Image;
    ULONG_PTR ImageBase;        /* preferred */
    ULONG SubsectionCount;      /* 0: no image */
    PMI_SUBSECTION Subsections; /* ascending, without gaps; the first is the headers */
} MI_SEGMENT, *PMI_SEGMENT;

PULONG MiFindSegmentEntry(PMI_SEGMENT Segment, ULONG Page);   /* NULL: none yet, so 0 */
PULONG MiCreateSegmentEntry(PMI_SEGMENT Segment, ULONG Page); /* NULL: no memory */
/* Makes a page of the segment, which has an entry, resident; may wait. STATUS_IN_PAGE_ERROR,
 * STATUS_NO_MEMORY. */
NTSTATUS MiReadSegmentPage(PMI_SEGMENT Segment, ULONG Page);
NTSTATUS MiCopyFromSegment(PMI_SEGMENT Segment, ULONGLONG Offset, PVOID Buffer, SIZE_T Length);
PMI_SUBSECTION MiFindSubsection(PMI_SEGMENT Segment, ULONG Page);
NTSTATUS MiCreateSegment(ULONGLONG Size, struct _IO_FILE *File, BOOLEAN Reserved,
                         PMI_SEGMENT *Segment); /* charged */
void MiReferenceSegment(PMI_SEGMENT Segment);
void MiDereferenceSegment(PMI_SEGMENT Segment);
/* The image of File: one segment for all its sections. May wait. */
NTSTATUS MiReferenceImageSegment(struct _IO_FILE *File, PMI_SEGMENT *Segment);
NTSTATUS MiParseImage(struct _IO_FILE *File, PMI_SEGMENT *Segment); /* image.c */

/* ---- Sections (section.c) ---- */
typedef struct _MM_SECTION {
    PMI_SEGMENT Segment; /* NULL until the section is complete */
    ULONGLONG Size;
    ULONG Protect;
    ULONG Attributes; /* SEC_ */
} MM_SECTION, *PMM_SECTION;

/* ---- Asking (query.c, workingset.c) ---- */
NTSTATUS MiQueryWorkingSet(PMM_ADDRESS_SPACE Vm, CLIENT(PVOID) Buffer, SIZE_T Length,
                           CLIENT(PSIZE_T) ReturnLength);
NTSTATUS MiQueryWorkingSetEx(PMM_ADDRESS_SPACE Vm, CLIENT(PVOID) Buffer, SIZE_T Length,
                             CLIENT(PSIZE_T) ReturnLength);

/* ---- Clients' arguments (copy.c) ---- */
/* From where an answer will be written: probes that, too. */
NTSTATUS MiCopyFromWritable(PVOID Destination, CLIENT(PVOID) Source, SIZE_T Length);
#define MiReadWritable(destination, source)                                                        \
    MiCopyFromWritable((destination), (source), sizeof(*(destination)))
/* A range that a service reads from the client, who finds there what was meant. Both variables must
 * be writable before anything is changed. */
NTSTATUS MiReadRange(CLIENT(PVOID *) ClientBase, CLIENT(PSIZE_T) ClientSize, PVOID *Base,
                     PSIZE_T Size);
NTSTATUS MiWriteRange(CLIENT(PVOID *) ClientBase, CLIENT(PSIZE_T) ClientSize, PVOID Base,
                      SIZE_T Size);

/* ---- Processes that services name ---- */
NTSTATUS MiReferenceProcess(HANDLE Handle, ACCESS_MASK Access, struct _EPROCESS **Process);
