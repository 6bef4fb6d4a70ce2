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

/* ---- Capability slots (cspace.c, slot.c) ----
 * A CPtr has 28 bits: two choose a space of the root CNode, 26 are the slot in it. Space 0 is the initial CNode, space 1
 * holds one slot a physical frame, space 2 grows when the initial CNode is full. A PTE has room for exactly these bits.
 */
#define MI_CPTR_BITS 28
#define MI_SPACE_BITS 26
#define MI_FRAME_SPACE ((seL4_CPtr)1 << MI_SPACE_BITS)
#define MI_GROWN_SPACE ((seL4_CPtr)2 << MI_SPACE_BITS)
#define MI_FRAME_LEAF_BITS 9
#define MI_GROWN_LEAF_BITS 10
#define MI_MAXIMUM_FRAME ((ULONG_PTR)1 << 24) /* 64 GB; RAM above is left alone */

void MiInitializeSlots(seL4_BootInfo *BootInfo);
void MiInitializeCSpace(seL4_BootInfo *BootInfo, ULONG FrameLimit);
BOOLEAN MiGrowSlots(ULONG Leaf);              /* makes a CNode of grown slots */
ULONG MiGrownLeafLimit(void);                 /* how many there may be */
BOOLEAN MiCreateFrameLeaf(ULONG Frame);       /* the CNode that holds this frame's slot */
seL4_CPtr MiAllocateSlotPair(void);           /* an even slot and the one after it; 0 when there is none */
seL4_Error MiRetype(seL4_CPtr Untyped, seL4_Word Type, seL4_Word SizeBits, seL4_CPtr Slot, ULONG Count);

FORCEINLINE seL4_CPtr MiFrameCap(ULONG Frame)
{
    return MI_FRAME_SPACE | Frame;
}

/* ---- Untyped memory (untyped.c): blocks of a power of two, halved on demand, merged when memory is short ---- */
typedef enum _MI_BLOCK_STATE {
    MiBlockFree,
    MiBlockUsed,
    MiBlockSplit,
} MI_BLOCK_STATE;

typedef struct _MI_BLOCK {
    union {
        LIST_ENTRY Links;          /* free */
        struct _MI_BLOCK *Halves;  /* split: two of them, the lower first */
    };
    struct _MI_BLOCK *Parent; /* NULL: a block that the kernel gave at boot */
    ULONGLONG Physical;
    ULONG Slot;
    UCHAR SizeBits;
    UCHAR State; /* MI_BLOCK_STATE */
    BOOLEAN Dirty; /* its next Retype clears all of it */
    UCHAR Half;    /* 0 the lower, 1 the upper of its parent */
} MI_BLOCK, *PMI_BLOCK;

void MiInitializeUntyped(seL4_BootInfo *BootInfo);
PMI_BLOCK MiAllocateBlock(ULONG SizeBits); /* NULL when there is none */
PMI_BLOCK MiAllocateChunk(ULONG SizeBits); /* of this size if that is cheap, else the best below */
void MiFreeBlock(PMI_BLOCK Block);         /* nothing is left in it */
BOOLEAN MiSplitBlock(PMI_BLOCK Block);     /* the halves are not put on the free lists */
void MiInitializeDevices(seL4_BootInfo *BootInfo);
PMI_BLOCK MiRegisterBlock(const seL4_UntypedDesc *Description, seL4_CPtr Slot); /* off the free lists */
BOOLEAN MiRefillBlocks(void);              /* so that a few splits cannot fail for want of records */
extern SIZE_T MiUntypedBytes, MiFreeUntypedBytes;
extern SIZE_T MiKernelObjectBytes;

/* ---- Frames (frame.c). Frame 0 is never RAM of ours: 0 means none. ---- */
#define MI_FRAME_WINDOW 0x01 /* mapped at MiWindow(Frame) */
#define MI_FRAME_DIRTY 0x02  /* free, and not zero */

typedef struct _MI_FRAME {
    union {
        ULONG Next;  /* free: the next free frame */
        PVOID Table; /* a page table: its kernel object, MI_HARDWARE_TABLE */
    };
    ULONG Count;  /* references; 0 = free */
    USHORT Used;  /* a page table: entries in use */
    UCHAR Flags;
} MI_FRAME, *PMI_FRAME;

#define MiFrameEntry(frame) (&((PMI_FRAME)MI_FRAME_DATABASE)[frame])
#define MiWindow(frame) ((PVOID)(MI_WINDOW + ((ULONG_PTR)(frame) << PAGE_SHIFT)))
#define MiWindowFrame(address) ((ULONG)(((ULONG_PTR)(address) - MI_WINDOW) >> PAGE_SHIFT))

ULONG MiAllocateFrame(BOOLEAN Zeroed); /* in the window, one reference; 0 when there is none */
ULONG MiAllocateBareFrame(void);       /* zeroed unless MI_FRAME_DIRTY, one reference, mapped nowhere */
void MiReleaseFrame(ULONG Frame);
extern ULONG MiFreeFrames;             /* on the free lists and never used yet */

FORCEINLINE void MiReferenceFrame(ULONG Frame)
{
    MiFrameEntry(Frame)->Count++;
}

/* ---- The Executive's own address space (system.c, arch/.../map.c) ---- */
NTSTATUS MiMapSystemPage(seL4_CPtr Cap, ULONG_PTR Address, seL4_Word Attributes);
ULONG_PTR MiReserveSystemRange(SIZE_T Pages); /* 0 when there is none */
void MiReleaseSystemRange(ULONG_PTR Base, SIZE_T Pages);

/* Maps a 4K frame; on a missing table returns its level's bits in *Missing (else 0). */
seL4_Error MiMapPage(seL4_CPtr Cap, seL4_CPtr VSpace, ULONG_PTR Address, BOOLEAN Write, seL4_Word Attributes,
                     ULONG *Missing);
NTSTATUS MiCreateTable(seL4_CPtr VSpace, ULONG_PTR Address, ULONG LevelBits, PMM_KERNEL_OBJECT Table);
ULONG MiObjectBits(seL4_Word Type, seL4_Word SizeBits); /* 0 for an unknown type */
