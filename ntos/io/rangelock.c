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
 *
 * As in Windows, a new request that conflicts with nothing that is held gets its lock at once,
 * whoever waits; but not what has just been given up, before those that wait have been looked at.
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

    if (!Order)
        Order = IopCompareNumber(Wanted->Start, Lock->Start);
    return Order ? Order : IopComparePlace(Wanted, Wanted->Length, Lock, Lock->Length);
}

static LONG IopCompareOwnedEnd(const void *Key, PCM_ORDER_NODE Node)
{
    const IOP_LOCK *Wanted = Key, *Lock = CONTAINING_RECORD(Node, IOP_LOCK, OwnerNode);
    LONG Order = IopCompareOwner(Wanted, Lock);

    return Order ? Order : IopComparePlace(Wanted, Wanted->End, Lock, Lock->End);
}

static LONG IopCompareWaiting(const void *Key, PCM_ORDER_NODE Node)
{
    return IopCompareNumber(*(const ULONGLONG *)Key,
                            CONTAINING_RECORD(Node, IOP_LOCK, WaitingNode)->Number);
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
    Last.Length = Last.Number = ~0ull;
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

void IopInsertWaiting(PIOP_LOCK Lock, PIO_REQUEST Request)
{
    Lock->Request = Request;
    CmpOrderInsert(&Lock->Locked->Waiting, IopCompareWaiting, &Lock->Number, &Lock->WaitingNode);
}

void IopRemoveWaiting(PIOP_LOCK Lock)
{
    CmpOrderRemove(&Lock->Locked->Waiting, IopCompareWaiting, &Lock->Number);
}

/* The first that waits with a number above Number, up to Last; NULL: none. */
static PIOP_LOCK IopNextWaiting(PIOP_LOCKED_FILE Locked, ULONGLONG Number, ULONGLONG Last)
{
    ULONGLONG Next = Number + 1;
    ULONG Index = IopCountBefore(&Locked->Waiting, IopCompareWaiting, &Next);
    PCM_ORDER_NODE Node = CmpOrderAt(&Locked->Waiting, Index);
    PIOP_LOCK Lock = Node ? CONTAINING_RECORD(Node, IOP_LOCK, WaitingNode) : NULL;

    return Lock && Lock->Number <= Last ? Lock : NULL;
}

/* Of those that wait now and are in no conflict any more, each gets its lock, first come first
 * served. Several may be at this at once: each looks at all that waited when it began. */
static void IopGrantWaiting(PIOP_LOCKED_FILE Locked, BOOLEAN GiveWay)
{
    ULONGLONG Last = IopLastLock, Number = 0;
    PIOP_LOCK Lock;

    Locked->References++;
    Locked->Releasing++;
    while ((Lock = IopNextWaiting(Locked, Number, Last)) != NULL) {
        Number = Lock->Number;
        if (IopTryLock(Lock)) {
            IopRemoveWaiting(Lock);
            IopCompleteRequest(Lock->Request, STATUS_SUCCESS, 0);
        }
        if (GiveWay)
            KeGiveWay();
    }
    Locked->Releasing--;
    IopDereferenceLocked(Locked);
}

void IopLetWaitingGoFirst(PIOP_LOCKED_FILE Locked)
{
    if (Locked->Releasing)
        IopGrantWaiting(Locked, TRUE);
}

/* The owner's lock of just that range; NULL: it has none in the tree. */
static PIOP_LOCK IopFindOwned(const CM_ORDER_TREE *Owned, const IOP_LOCK *Wanted)
{
    IOP_LOCK First = *Wanted;
    PCM_ORDER_NODE Node;
    PIOP_LOCK Lock;

    First.Number = 0;
    Node = CmpOrderAt(Owned, IopCountBefore(Owned, IopCompareOwned, &First));
    Lock = Node ? CONTAINING_RECORD(Node, IOP_LOCK, OwnerNode) : NULL;
    return Lock && !IopCompareOwner(Wanted, Lock) && Lock->Start == Wanted->Start &&
                   Lock->Length == Wanted->Length
               ? Lock
               : NULL;
}

/* Exclusive locks first. FALSE: the owner has not locked just that. */
BOOLEAN IopUnlock(PIO_FILE File, const IOP_LOCK *Wanted)
{
    PIOP_LOCKED_FILE Locked = IopFindLocked(File->FsContext);
    PIOP_LOCK Lock = Locked ? IopFindOwned(&Locked->Owned[TRUE], Wanted) : NULL;

    if (Locked && !Lock)
        Lock = IopFindOwned(&Locked->Owned[FALSE], Wanted);
    if (!Lock)
        return FALSE;
    Locked->References++;
    IopRemoveLock(Lock);
    IopGrantWaiting(Locked, TRUE);
    IopDereferenceLocked(Locked);
    return TRUE;
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
    Locked->Releasing++;
    while ((Lock = IopFindOfFile(Locked, File)) != NULL) {
        IopRemoveLock(Lock);
        if (GiveWay)
            KeGiveWay();
    }
    Locked->Releasing--;
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
