// SPDX-License-Identifier: BSD-2-Clause
/*
 * From a change to those who wait for it. Thousands may, so others run meanwhile: a mark keeps the
 * place among the sessions of a key. A change that has been made is told whatever becomes of the
 * service that made it.
 */
#include "notify.h"

#define SKIPPED_A_TURN 64 /* sessions that a change does not concern */

static RTL_AVL_TREE Watches; /* CM_WATCH.TreeNode, by node */

static PCM_WATCH FindWatch(CM_NODE Node)
{
    PRTL_BALANCED_NODE Link = Watches.Root;

    while (Link) {
        PCM_WATCH Watch = CONTAINING_RECORD(Link, CM_WATCH, TreeNode);

        if (Watch->Node == Node)
            return Watch;
        Link = Link->Children[Node > Watch->Node];
    }
    return NULL;
}

static PCM_WATCH CreateWatch(PCM_KEY Key)
{
    PRTL_BALANCED_NODE Parent = NULL, Link;
    PCM_WATCH Watch = ExAllocatePool(sizeof(*Watch));
    BOOLEAN After = FALSE;

    if (!Watch)
        return NULL;
    Watch->Node = Key->Node;
    CmpStoreOf(Key)->ReferenceNode(Key->Node);
    InitializeListHead(&Watch->Sessions);
    for (Link = Watches.Root; Link; Link = Link->Children[After]) {
        Parent = Link;
        After = Key->Node > CONTAINING_RECORD(Link, CM_WATCH, TreeNode)->Node;
    }
    RtlAvlInsertNodeEx(&Watches, Parent, After, &Watch->TreeNode);
    return Watch;
}

static void ReleaseWatch(PCM_WATCH Watch)
{
    if (--Watch->References)
        return;
    RtlAvlRemoveNode(&Watches, &Watch->TreeNode);
    CmpStore.Operations->DereferenceNode(Watch->Node);
    ExFreePool(Watch);
}

NTSTATUS CmpOpenSession(PCM_KEY Key, ULONG Filter, BOOLEAN Subtree, PCM_SESSION *Result)
{
    PCM_SESSION Session = Key->Session;
    PCM_WATCH Watch;

    *Result = Session;
    if (Session)
        return STATUS_SUCCESS;
    Session = ExAllocatePool(sizeof(*Session));
    if (!Session)
        return STATUS_INSUFFICIENT_RESOURCES;
    Watch = FindWatch(Key->Node);
    if (!Watch)
        Watch = CreateWatch(Key);
    if (!Watch) {
        ExFreePool(Session);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Watch->References++;
    Session->Watch = Watch;
    Session->Filter = Filter;
    Session->Subtree = Subtree;
    InitializeListHead(&Session->Waiters);
    InsertTailList(&Watch->Sessions, &Session->Links);
    *Result = Key->Session = Session;
    return STATUS_SUCCESS;
}

void CmpLinkWaiter(PCM_SESSION Session, PCM_WAITER_LINK Link, PCM_WAITER Waiter)
{
    Link->Waiter = Waiter;
    InsertTailList(&Session->Waiters, &Link->Links);
}

static void Unlink(PLIST_ENTRY Entry)
{
    if (Entry->Flink)
        RemoveEntryList(Entry);
    Entry->Flink = NULL;
}

void CmpUnlinkWaiter(PCM_WAITER Waiter)
{
    Unlink(&Waiter->Sessions[0].Links);
    Unlink(&Waiter->Sessions[1].Links);
    Unlink(&Waiter->ThreadEntry);
}

/* Leaves a mark, lets others run, and returns what follows the mark then. */
static PLIST_ENTRY GiveWayAt(PLIST_ENTRY Entry)
{
    CM_SESSION Mark = {.Mark = TRUE};

    InsertHeadList(Entry, &Mark.Links);
    KeGiveWay();
    RemoveEntryList(&Mark.Links);
    return Mark.Links.Flink;
}

/* The list's waiters are told. Others run meanwhile, and may tell some of them. */
static void TellWaiters(PLIST_ENTRY Waiters, NTSTATUS Status, PLIST_ENTRY Delivery)
{
    while (!IsListEmpty(Waiters)) {
        CmpCompleteWaiter(CONTAINING_RECORD(Waiters->Flink, CM_WAITER_LINK, Links)->Waiter, Status,
                          Delivery);
        KeGiveWay();
    }
}

/* Moves the session's waiters to another list: those that come later are not told of this change.
 */
static void TakeWaiters(PCM_SESSION Session, PLIST_ENTRY Waiters)
{
    InitializeListHead(Waiters);
    if (IsListEmpty(&Session->Waiters))
        return;
    *Waiters = Session->Waiters;
    Waiters->Flink->Blink = Waiters->Blink->Flink = Waiters;
    InitializeListHead(&Session->Waiters);
}

/* The session may go meanwhile; returns what follows it then. */
static PLIST_ENTRY TellSession(PCM_SESSION Session, NTSTATUS Status, PLIST_ENTRY Delivery)
{
    CM_SESSION Mark = {.Mark = TRUE};
    LIST_ENTRY Waiters;

    InsertHeadList(&Session->Links, &Mark.Links);
    if (IsListEmpty(&Session->Waiters) && Status == STATUS_NOTIFY_ENUM_DIR)
        Session->Changed = TRUE;
    TakeWaiters(Session, &Waiters);
    TellWaiters(&Waiters, Status, Delivery);
    KeGiveWay();
    RemoveEntryList(&Mark.Links);
    return Mark.Links.Flink;
}

static BOOLEAN IsWanted(PCM_SESSION Session, ULONG Filter, BOOLEAN Here)
{
    return !Session->Mark &&
           (!Filter || ((Session->Filter & Filter) && (Here || Session->Subtree)));
}

/* Those of the sessions there are now that look for the change, or all if Filter is 0. */
static void TellWatch(PCM_WATCH Watch, ULONG Filter, BOOLEAN Here, NTSTATUS Status,
                      PLIST_ENTRY Delivery)
{
    CM_SESSION End = {.Mark = TRUE};
    PLIST_ENTRY Entry = Watch->Sessions.Flink;
    ULONG Skipped = 0;

    Watch->References++;
    InsertTailList(&Watch->Sessions, &End.Links);
    while (Entry != &End.Links) {
        PCM_SESSION Session = CONTAINING_RECORD(Entry, CM_SESSION, Links);

        if (IsWanted(Session, Filter, Here))
            Entry = TellSession(Session, Status, Delivery);
        else
            Entry = ++Skipped % SKIPPED_A_TURN ? Entry->Flink : GiveWayAt(Entry);
    }
    RemoveEntryList(&End.Links);
    ReleaseWatch(Watch);
}

/* To the key above; 0: there is none. Both are referenced in turn. */
static CM_NODE Climb(PCM_STORE Store, CM_NODE Node)
{
    CM_NODE Parent = Store->Operations->Parent(Node);

    if (Parent)
        Store->Operations->ReferenceNode(Parent);
    Store->Operations->DereferenceNode(Node);
    return Parent;
}

void CmpReportChange(PCM_STORE Store, CM_NODE Node, ULONG Filter)
{
    LIST_ENTRY Delivery;
    BOOLEAN Here = TRUE;

    if (!Watches.Root)
        return;
    InitializeListHead(&Delivery);
    Store->Operations->ReferenceNode(Node);
    for (; Node; Node = Climb(Store, Node)) {
        PCM_WATCH Watch = FindWatch(Node);

        if (Watch)
            TellWatch(Watch, Filter, Here, STATUS_NOTIFY_ENUM_DIR, &Delivery);
        Here = FALSE;
    }
    CmpDeliver(&Delivery);
}

void CmpReportDeletion(CM_NODE Node)
{
    PCM_WATCH Watch = FindWatch(Node);
    LIST_ENTRY Delivery;

    if (!Watch)
        return;
    InitializeListHead(&Delivery);
    TellWatch(Watch, 0, TRUE, STATUS_NOTIFY_CLEANUP, &Delivery);
    CmpDeliver(&Delivery);
}

void CmpCloseSession(PCM_KEY Key)
{
    PCM_SESSION Session = Key->Session;
    LIST_ENTRY Delivery, Waiters;

    if (!Session)
        return;
    Key->Session = NULL;
    TakeWaiters(Session, &Waiters);
    RemoveEntryList(&Session->Links);
    ReleaseWatch(Session->Watch);
    ExFreePool(Session);
    InitializeListHead(&Delivery);
    TellWaiters(&Waiters, STATUS_NOTIFY_CLEANUP, &Delivery);
    CmpDeliver(&Delivery);
}
