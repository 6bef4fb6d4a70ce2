/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locked ranges of files. A file is what FsContext says, however often it is open; an owner is a
 * file object, a process and a key. Exclusive locks overlap nothing; shared ones overlap each other
 * and their owner's exclusive ones.
 *
 * Locks are in trees whose nodes know how many are below them, so that what anybody else holds
 * costs nobody much: of ranges that overlap [a, b] there are as many as begin at b or before, less
 * those that end before a. Of exclusive locks, which are apart, the same holds for those of one
 * owner, in a tree by owner and place.
 */
#include "rangelock.h"

static RTL_AVL_TREE IopLockedFiles;
static ULONGLONG IopLastLock;

/* ---- Comparing ---- */
static LONG IopCompareNumber(ULONGLONG First, ULONGLONG Second)
{
    return First == Second ? 0 : First < Second ? -1 : 1;
}

static LONG IopCompareOwner(const IOP_LOCK *First, const IOP_LOCK *Second)
{
    LONG Order = IopCompareNumber((ULONG_PTR)First->File, (ULONG_PTR)Second->File);

    if (!Order)
        Order = IopCompareNumber((ULONG_PTR)First->Process, (ULONG_PTR)Second->Process);
    return Order ? Order : IopCompareNumber(First->Key, Second->Key);
}

static LONG IopComparePlace(const IOP_LOCK *First, ULONGLONG Place, const IOP_LOCK *Second,
                            ULONGLONG SecondPlace)
{
    LONG Order = IopCompareNumber(Place, SecondPlace);

    return Order ? Order : IopCompareNumber(First->Number, Second->Number);
}

static LONG IopCompareStart(const void *Key, PCM_ORDER_NODE Node)
{
    const IOP_LOCK *Lock = CONTAINING_RECORD(Node, IOP_LOCK, StartNode);

    return IopComparePlace(Key, ((const IOP_LOCK *)Key)->Start, Lock, Lock->Start);
}

static LONG IopCompareEnd(const void *Key, PCM_ORDER_NODE Node)
{
    const IOP_LOCK *Lock = CONTAINING_RECORD(Node, IOP_LOCK, EndNode);

    return IopComparePlace(Key, ((const IOP_LOCK *)Key)->End, Lock, Lock->End);
}

static LONG IopCompareExclusiveStart(const void *Key, PCM_ORDER_NODE Node)
{
    const IOP_LOCK *Lock = CONTAINING_RECORD(Node, IOP_LOCK, ExclusiveNode);

    return IopComparePlace(Key, ((const IOP_LOCK *)Key)->Start, Lock, Lock->Start);
}

static LONG IopCompareExclusiveEnd(const void *Key, PCM_ORDER_NODE Node)
{
    const IOP_LOCK *Lock = CONTAINING_RECORD(Node, IOP_LOCK, ExclusiveNode);

    return IopComparePlace(Key, ((const IOP_LOCK *)Key)->End, Lock, Lock->End);
}

static LONG IopCompareOwned(const void *Key, PCM_ORDER_NODE Node)
{
    const IOP_LOCK *Wanted = Key, *Lock = CONTAINING_RECORD(Node, IOP_LOCK, OwnerNode);
    LONG Order = IopCompareOwner(Wanted, Lock);

    return Order ? Order : IopComparePlace(Wanted, Wanted->Start, Lock, Lock->Start);
}

static LONG IopCompareOwnedEnd(const void *Key, PCM_ORDER_NODE Node)
{
    const IOP_LOCK *Wanted = Key, *Lock = CONTAINING_RECORD(Node, IOP_LOCK, OwnerNode);
    LONG Order = IopCompareOwner(Wanted, Lock);

    return Order ? Order : IopComparePlace(Wanted, Wanted->End, Lock, Lock->End);
}

/* The file alone. */
static LONG IopCompareFile(const void *Key, PCM_ORDER_NODE Node)
{
    return IopCompareNumber((ULONG_PTR)Key,
                            (ULONG_PTR)CONTAINING_RECORD(Node, IOP_LOCK, OwnerNode)->File);
}

/* ---- Counting ---- */
/* Those that come before Key. */
static ULONG IopCountBefore(const CM_ORDER_TREE *Tree, CM_ORDER_COMPARE Compare, const void *Key)
{
    PCM_ORDER_NODE Node = Tree->Root;
    ULONG Before = 0;

    while (Node) {
        BOOLEAN After = Compare(Key, Node) > 0;

        if (After)
            Before += (Node->Child[0] ? Node->Child[0]->Count : 0) + 1;
        Node = Node->Child[After];
    }
    return Before;
}

/* Those of the tree that overlap Range: it is in order by both. */
static ULONG IopCountOverlaps(const CM_ORDER_TREE *Starts, CM_ORDER_COMPARE CompareStart,
                              const CM_ORDER_TREE *Ends, CM_ORDER_COMPARE CompareEnd,
                              const IOP_LOCK *Range)
{
    IOP_LOCK Last = *Range, First = *Range;

    if (!Range->Length)
        return 0;
    Last.Start = Range->End;
    Last.Number = ~0ull;
    First.End = Range->Start;
    First.Number = 0;
    return IopCountBefore(Starts, CompareStart, &Last) - IopCountBefore(Ends, CompareEnd, &First);
}

/* Whether somebody else has locked some of it exclusively. */
static BOOLEAN IopIsTaken(PIOP_LOCKED_FILE Locked, const IOP_LOCK *Range)
{
    return IopCountOverlaps(&Locked->Exclusives, IopCompareExclusiveStart, &Locked->Exclusives,
                            IopCompareExclusiveEnd, Range) !=
           IopCountOverlaps(&Locked->Owned[TRUE], IopCompareOwned, &Locked->Owned[TRUE],
                            IopCompareOwnedEnd, Range);
}

static BOOLEAN IopIsInConflict(PIOP_LOCKED_FILE Locked, const IOP_LOCK *Lock)
{
    if (!Lock->Exclusive)
        return IopIsTaken(Locked, Lock);
    return IopCountOverlaps(&Locked->Starts, IopCompareStart, &Locked->Ends, IopCompareEnd, Lock) !=
           0;
}

/* ---- Files that have locks ---- */
static PIOP_LOCKED_FILE IopLockedFile(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, IOP_LOCKED_FILE, Node);
}

PIOP_LOCKED_FILE IopFindLocked(PVOID FsContext)
{
    PRTL_BALANCED_NODE Node = IopLockedFiles.Root;

    while (Node && IopLockedFile(Node)->FsContext != FsContext)
        Node = (ULONG_PTR)FsContext > (ULONG_PTR)IopLockedFile(Node)->FsContext ? Node->Right
                                                                                : Node->Left;
    return Node ? IopLockedFile(Node) : NULL;
}

static PIOP_LOCKED_FILE IopMakeLocked(PVOID FsContext)
{
    PRTL_BALANCED_NODE Parent = NULL, Node = IopLockedFiles.Root;
    PIOP_LOCKED_FILE Locked = ExAllocatePool(sizeof(*Locked));
    BOOLEAN Right = FALSE;

    if (!Locked)
        return NULL;
    Locked->FsContext = FsContext;
    InitializeListHead(&Locked->Waiting);
    InitializeListHead(&Locked->Seen);
    while (Node) {
        Parent = Node;
        Right = (ULONG_PTR)FsContext > (ULONG_PTR)IopLockedFile(Node)->FsContext;
        Node = Right ? Node->Right : Node->Left;
    }
    RtlAvlInsertNodeEx(&IopLockedFiles, Parent, Right, &Locked->Node);
    return Locked;
}

void IopDereferenceLocked(PIOP_LOCKED_FILE Locked)
{
    if (--Locked->References)
        return;
    RtlAvlRemoveNode(&IopLockedFiles, &Locked->Node);
    ExFreePool(Locked);
}

/* ---- Locks ---- */
PIOP_LOCK IopAllocateLock(PIO_FILE File, const IOP_LOCK *Wanted)
{
    PIOP_LOCKED_FILE Locked = IopFindLocked(File->FsContext);
    PIOP_LOCK Lock;

    if (!Locked)
        Locked = IopMakeLocked(File->FsContext);
    if (!Locked)
        return NULL;
    Locked->References++;
    Lock = ExAllocatePool(sizeof(*Lock));
    if (!Lock) {
        IopDereferenceLocked(Locked);
        return NULL;
    }
    *Lock = *Wanted;
    Lock->Locked = Locked;
    Lock->Number = ++IopLastLock;
    return Lock;
}

void IopFreeLock(PIOP_LOCK Lock)
{
    IopDereferenceLocked(Lock->Locked);
    ExFreePool(Lock);
}

/* An empty range is in nobody's way; it is only found to be unlocked. */
BOOLEAN IopTryLock(PIOP_LOCK Lock)
{
    PIOP_LOCKED_FILE Locked = Lock->Locked;

    if (IopIsInConflict(Locked, Lock))
        return FALSE;
    CmpOrderInsert(&Locked->Owned[Lock->Exclusive && Lock->Length], IopCompareOwned, Lock,
                   &Lock->OwnerNode);
    if (!Lock->Length)
        return TRUE;
    CmpOrderInsert(&Locked->Starts, IopCompareStart, Lock, &Lock->StartNode);
    CmpOrderInsert(&Locked->Ends, IopCompareEnd, Lock, &Lock->EndNode);
    if (Lock->Exclusive)
        CmpOrderInsert(&Locked->Exclusives, IopCompareExclusiveStart, Lock, &Lock->ExclusiveNode);
    return TRUE;
}

static void IopRemoveLock(PIOP_LOCK Lock)
{
    PIOP_LOCKED_FILE Locked = Lock->Locked;

    CmpOrderRemove(&Locked->Owned[Lock->Exclusive && Lock->Length], IopCompareOwned, Lock);
    if (Lock->Length) {
        CmpOrderRemove(&Locked->Starts, IopCompareStart, Lock);
        CmpOrderRemove(&Locked->Ends, IopCompareEnd, Lock);
        if (Lock->Exclusive)
            CmpOrderRemove(&Locked->Exclusives, IopCompareExclusiveStart, Lock);
    }
    IopFreeLock(Lock);
}

/* Of those that are in no conflict any more, each gets its lock, first come first served. Whoever
 * comes while this is under way leaves it to begin anew. */
void IopGrantWaiting(PIOP_LOCKED_FILE Locked, BOOLEAN GiveWay)
{
    ULONG Changes;

    Locked->Changes++;
    if (Locked->Granting)
        return;
    Locked->Granting = TRUE;
    Locked->References++;
    do {
        Changes = Locked->Changes;
        while (!IsListEmpty(&Locked->Waiting)) {
            PIO_REQUEST Request =
                CONTAINING_RECORD(RemoveHeadList(&Locked->Waiting), IO_REQUEST, QueueEntry);

            if (IopTryLock(Request->Context))
                IopCompleteRequest(Request, STATUS_SUCCESS, 0);
            else
                InsertTailList(&Locked->Seen, &Request->QueueEntry);
            if (GiveWay)
                KeGiveWay();
        }
        IopMoveList(&Locked->Seen, &Locked->Waiting);
    } while (Changes != Locked->Changes);
    Locked->Granting = FALSE;
    IopDereferenceLocked(Locked);
}

/* Exclusive locks first. FALSE: the owner has not locked just that. */
BOOLEAN IopUnlock(PIO_FILE File, const IOP_LOCK *Wanted)
{
    PIOP_LOCKED_FILE Locked = IopFindLocked(File->FsContext);
    LONG Tree;

    for (Tree = TRUE; Locked && Tree >= FALSE; Tree--) {
        IOP_LOCK First = *Wanted;
        ULONG Index;
        PCM_ORDER_NODE Node;
        PIOP_LOCK Lock;

        First.Number = 0;
        Index = IopCountBefore(&Locked->Owned[Tree], IopCompareOwned, &First);
        while ((Node = CmpOrderAt(&Locked->Owned[Tree], Index++)) != NULL) {
            Lock = CONTAINING_RECORD(Node, IOP_LOCK, OwnerNode);
            if (IopCompareOwner(Wanted, Lock) || Lock->Start != Wanted->Start)
                break;
            if (Lock->Length != Wanted->Length)
                continue;
            Locked->References++;
            IopRemoveLock(Lock);
            IopGrantWaiting(Locked, TRUE);
            IopDereferenceLocked(Locked);
            return TRUE;
        }
    }
    return FALSE;
}

/* The first of the file's in either tree. */
static PIOP_LOCK IopFindOfFile(PIOP_LOCKED_FILE Locked, PIO_FILE File)
{
    PCM_ORDER_NODE Node = CmpOrderFind(&Locked->Owned[FALSE], IopCompareFile, File);

    if (!Node)
        Node = CmpOrderFind(&Locked->Owned[TRUE], IopCompareFile, File);
    return Node ? CONTAINING_RECORD(Node, IOP_LOCK, OwnerNode) : NULL;
}

void IopReleaseLocks(PIO_FILE File, BOOLEAN GiveWay)
{
    PIOP_LOCKED_FILE Locked = IopLockedFiles.Root ? IopFindLocked(File->FsContext) : NULL;
    PIOP_LOCK Lock;

    if (!Locked || !IopFindOfFile(Locked, File))
        return;
    Locked->References++;
    while ((Lock = IopFindOfFile(Locked, File)) != NULL) {
        IopRemoveLock(Lock);
        if (GiveWay)
            KeGiveWay();
    }
    IopGrantWaiting(Locked, GiveWay);
    IopDereferenceLocked(Locked);
}

NTSTATUS IopCheckRead(PIO_FILE File, ULONGLONG Offset, ULONG Length, ULONG Key)
{
    PIOP_LOCKED_FILE Locked = IopLockedFiles.Root ? IopFindLocked(File->FsContext) : NULL;
    IOP_LOCK Range = {.File = File,
                      .Process = PsGetCurrentProcess(),
                      .Key = Key,
                      .Start = Offset,
                      .Length = Length,
                      .End = Offset + Length - 1};

    return Locked && IopIsTaken(Locked, &Range) ? STATUS_FILE_LOCK_CONFLICT : STATUS_SUCCESS;
}
