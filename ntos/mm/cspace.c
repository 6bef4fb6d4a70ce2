/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Executive's CSpace: a root CNode of four slots above the initial CNode, whose CPtrs stay as
 * they were, the directory of frame slots, the directory of grown slots, and the one capability
 * that is to be found fastest.
 */
#include "mi.h"

#define ROOT_BITS (MI_CPTR_BITS - MI_SPACE_BITS)
#define ROOT_GUARD_BITS (seL4_WordBits - MI_CPTR_BITS)
/* Depth at which a slot of the root CNode is named below MmCSpaceRoot */
#define ROOT_DEPTH (ROOT_GUARD_BITS + ROOT_BITS)
#define NEAREST_SLOT 3

seL4_CPtr MmCSpaceRoot = seL4_CapInitThreadCNode;
static MM_KERNEL_OBJECT RootNode;
static ULONG FrameDirectoryBits, GrownDirectoryBits;
static BOOLEAN GrownDirectoryMade;

static ULONG CeilingLog2(ULONG Value)
{
    return Value < 2 ? 0 : 32 - (ULONG)__builtin_clz(Value - 1);
}

/*
 * Callers expect two errors: there is no memory, or the CNode of a chunk's frame slots has not been
 * made yet. Any other means that our own books are wrong, and is not to pass for lack of memory.
 */
static seL4_Error CheckRetype(seL4_Error Error, seL4_CPtr Slot)
{
    BOOLEAN IsFrameSlot = Slot >= MI_FRAME_SPACE && Slot < MI_GROWN_SPACE;

    if (Error != seL4_NoError && Error != seL4_NotEnoughMemory &&
        !(Error == seL4_FailedLookup && IsFrameSlot)) {
        DbgPrint("mm: Retype into slot %lx: seL4 error %u\n", (ULONG)Slot, (ULONG)Error);
        KeBugCheck("the kernel refuses to make an object of free memory");
    }
    return Error;
}

/*
 * Makes Count objects in the slots from Slot on. The kernel wants the CNode that holds the slots:
 * before there is a root of our own it is the initial CNode, later it is named by the upper bits of
 * the slot. Returns seL4_NotEnoughMemory; seL4_FailedLookup if the CNode of frame slots is missing.
 */
seL4_Error MiRetype(seL4_CPtr Untyped, seL4_Word Type, seL4_Word SizeBits, seL4_CPtr Slot,
                    ULONG Count)
{
    ULONG LeafBits = Slot < MI_FRAME_SPACE   ? MI_SPACE_BITS
                     : Slot < MI_GROWN_SPACE ? MI_FRAME_LEAF_BITS
                                             : MI_GROWN_LEAF_BITS;
    seL4_Word Index = Slot & (((seL4_Word)1 << LeafBits) - 1);

    if (MmCSpaceRoot == seL4_CapInitThreadCNode)
        return CheckRetype(
            seL4_Untyped_Retype(Untyped, Type, SizeBits, MmCSpaceRoot, 0, 0, Slot, Count), Slot);
    return CheckRetype(seL4_Untyped_Retype(Untyped, Type, SizeBits, MmCSpaceRoot, Slot >> LeafBits,
                                           seL4_WordBits - LeafBits, Index, Count),
                       Slot);
}

/* A new CNode of 2^Bits slots as space Space of the root, so that Leaf bits are left below it. */
static BOOLEAN AddDirectory(ULONG Space, ULONG Bits, ULONG LeafBits)
{
    MM_KERNEL_OBJECT Node;
    seL4_CNode_CapData_t Guard = seL4_CNode_CapData_new(0, MI_SPACE_BITS - LeafBits - Bits);

    if (!NT_SUCCESS(MmCreateKernelObject(seL4_CapTableObject, Bits, &Node)))
        return FALSE;
    if (seL4_CNode_Mutate(RootNode.Cap, Space, ROOT_BITS, MmCSpaceRoot, Node.Cap, seL4_WordBits,
                          Guard.words[0]) != seL4_NoError) {
        MmDeleteKernelObject(&Node);
        return FALSE;
    }
    MmFreeSlot(Node.Cap);
    return TRUE;
}

/* A new CNode of 2^LeafBits slots in slot Index of the directory in space Space. */
static PMI_BLOCK AddLeaf(ULONG Space, ULONG Index, ULONG LeafBits)
{
    PMI_BLOCK Block = MiAllocateBlock(LeafBits + seL4_SlotBits);

    if (!Block)
        return NULL;
    if (seL4_Untyped_Retype(Block->Slot, seL4_CapTableObject, LeafBits, MmCSpaceRoot, Space,
                            ROOT_DEPTH, Index, 1) != seL4_NoError)
        KeBugCheck("the kernel makes no CNode of free memory");
    MiKernelObjectBytes += (SIZE_T)1 << Block->SizeBits;
    return Block;
}

BOOLEAN MiCreateFrameLeaf(ULONG Frame)
{
    return AddLeaf(1, Frame >> MI_FRAME_LEAF_BITS, MI_FRAME_LEAF_BITS) != NULL;
}

ULONG MiGrownLeafLimit(void)
{
    return GrownDirectoryBits ? 1u << GrownDirectoryBits : 0;
}

BOOLEAN MiCreateSlotLeaf(ULONG Place, PMI_BLOCK *Block)
{
    if (!GrownDirectoryMade)
        GrownDirectoryMade = AddDirectory(2, GrownDirectoryBits, MI_GROWN_LEAF_BITS);
    *Block = GrownDirectoryMade ? AddLeaf(2, Place, MI_GROWN_LEAF_BITS) : NULL;
    return *Block != NULL;
}

/* All its slots are empty. */
void MiDeleteSlotLeaf(PMI_BLOCK Block)
{
    if (seL4_CNode_Revoke(MmCSpaceRoot, Block->Slot, seL4_WordBits) != seL4_NoError)
        KeBugCheck("a CNode cannot be deleted");
    MiKernelObjectBytes -= (SIZE_T)1 << Block->SizeBits;
    MiFreeBlock(Block);
}

/* The root itself, with a guard that makes a CPtr its own index at full depth. The thread's CSpace
 * is changed last. */
static seL4_Error EnterRoot(ULONG InitialBits, seL4_CPtr Slot)
{
    seL4_CNode_CapData_t Initial = seL4_CNode_CapData_new(0, MI_SPACE_BITS - InitialBits);
    seL4_CNode_CapData_t Guard = seL4_CNode_CapData_new(0, ROOT_GUARD_BITS);
    seL4_Error Error =
        seL4_CNode_Mint(RootNode.Cap, 0, ROOT_BITS, MmCSpaceRoot, seL4_CapInitThreadCNode,
                        seL4_WordBits, seL4_AllRights, Initial.words[0]);

    if (Error == seL4_NoError)
        Error = seL4_CNode_Mint(MmCSpaceRoot, Slot, seL4_WordBits, MmCSpaceRoot, RootNode.Cap,
                                seL4_WordBits, seL4_AllRights, Guard.words[0]);
    if (Error == seL4_NoError)
        Error = seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, Slot, 0, seL4_CapInitThreadVSpace, 0);
    if (Error == seL4_NoError)
        MmCSpaceRoot = Slot;
    return Error;
}

/* The initial CNode's own capability has a guard for full depth. */
seL4_CPtr MmNearestCNode(seL4_CPtr Slot)
{
    return Slot < MI_FRAME_SPACE ? seL4_CapInitThreadCNode : MmCSpaceRoot;
}

seL4_CPtr MmCopyCapNearest(seL4_CPtr Source)
{
    seL4_Error Error = seL4_CNode_Copy(RootNode.Cap, NEAREST_SLOT, ROOT_BITS, MmCSpaceRoot, Source,
                                       seL4_WordBits, seL4_AllRights);

    return Error == seL4_NoError ? (seL4_CPtr)NEAREST_SLOT << MI_SPACE_BITS : 0;
}

/* FrameLimit: above the highest frame of RAM. The grown space has room for 16
 * capabilities a frame. */
void MiInitializeCSpace(seL4_BootInfo *BootInfo, ULONG FrameLimit)
{
    seL4_CPtr Slot = MmAllocateSlot();

    if (!Slot || !NT_SUCCESS(MmCreateKernelObject(seL4_CapTableObject, ROOT_BITS, &RootNode)) ||
        EnterRoot((ULONG)BootInfo->initThreadCNodeSizeBits, Slot) != seL4_NoError)
        KeBugCheck("the CSpace cannot be made");
    FrameDirectoryBits =
        CeilingLog2(ALIGN_UP_BY(FrameLimit, 1u << MI_FRAME_LEAF_BITS) >> MI_FRAME_LEAF_BITS);
    FrameDirectoryBits = FrameDirectoryBits ? FrameDirectoryBits : 1;
    GrownDirectoryBits = CeilingLog2(FrameLimit) + 4;
    GrownDirectoryBits =
        GrownDirectoryBits > MI_GROWN_LEAF_BITS ? GrownDirectoryBits - MI_GROWN_LEAF_BITS : 1;
    if (GrownDirectoryBits > MI_SPACE_BITS - MI_GROWN_LEAF_BITS)
        GrownDirectoryBits = MI_SPACE_BITS - MI_GROWN_LEAF_BITS;
    if (!AddDirectory(1, FrameDirectoryBits, MI_FRAME_LEAF_BITS))
        KeBugCheck("no memory for the frames' capabilities");
}
