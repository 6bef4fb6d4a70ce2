/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keyed events: a thread that waits for a key and one that releases it meet, whichever comes first.
 * Keys belong to a process. Those who came first are in a tree, as they lie on their stacks: by
 * process and key, and with the same key in the order of their coming.
 */
#include "exp.h"

static POBJECT_TYPE KeyedEventType;

typedef struct _KEYED_EVENT {
    RTL_AVL_TREE Waiters;
} KEYED_EVENT, *PKEYED_EVENT;

typedef struct _KEYED_WAITER {
    RTL_BALANCED_NODE Node;
    PEPROCESS Process;
    ULONG_PTR Key;
    BOOLEAN Releases; /* it waits for somebody to release */
    BOOLEAN Met;      /* it is in the tree no more */
    KEVENT Meeting;
} KEYED_WAITER, *PKEYED_WAITER;

/* What a NULL handle means: for those who could not make an event of their own. */
static PKEYED_EVENT OutOfMemoryEvent;

static void CreateOutOfMemoryEvent(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\KernelObjects\\CritSecOutOfMemoryEvent");

    if (!NT_SUCCESS(
            ObCreateObject(KeyedEventType, sizeof(KEYED_EVENT), (PVOID *)&OutOfMemoryEvent)) ||
        !NT_SUCCESS(ObInsertName(OutOfMemoryEvent, &Name)))
        KeBugCheck("no keyed event");
}

void ExpInitializeKeyedEvents(void)
{
    static const OBJECT_TYPE_INITIALIZER Initializer = {
        .Name = u"KeyedEvent",
        .Mapping = {STANDARD_RIGHTS_READ | KEYEDEVENT_WAIT, STANDARD_RIGHTS_WRITE | KEYEDEVENT_WAKE,
                    STANDARD_RIGHTS_EXECUTE, KEYEDEVENT_ALL_ACCESS},
        .ValidAccess = KEYEDEVENT_ALL_ACCESS,
    };

    ExpCreateType(&Initializer, &KeyedEventType);
    CreateOutOfMemoryEvent();
}

static void InitializeKeyedEvent(PVOID Object, const void *Parameters)
{
}

/*
 * NtCreateKeyedEvent: makes a keyed event, or with OBJ_OPENIF opens the one of that name. Returns
 * STATUS_INVALID_PARAMETER_4 (Flags are not 0), STATUS_ACCESS_VIOLATION,
 * STATUS_OBJECT_NAME_COLLISION, STATUS_OBJECT_NAME_EXISTS (a success), and what names and handles
 * may give.
 */
NTSTATUS NtCreateKeyedEvent(CLIENT(PHANDLE) KeyedEventHandle, ACCESS_MASK DesiredAccess,
                            CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, ULONG Flags)
{
    NTSTATUS Status = MmProbeForWrite(KeyedEventHandle, sizeof(*KeyedEventHandle));

    if (!NT_SUCCESS(Status))
        return Status;
    if (Flags)
        return STATUS_INVALID_PARAMETER_4;
    return ExpCreateObject(KeyedEventType, sizeof(KEYED_EVENT), KeyedEventHandle, DesiredAccess,
                           ObjectAttributes, InitializeKeyedEvent, NULL);
}

/* NtOpenKeyedEvent: opens a named keyed event. */
NTSTATUS NtOpenKeyedEvent(CLIENT(PHANDLE) KeyedEventHandle, ACCESS_MASK DesiredAccess,
                          CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(KeyedEventHandle, DesiredAccess, ObjectAttributes, KeyedEventType,
                              NULL);
}

static PKEYED_WAITER WaiterOf(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, KEYED_WAITER, Node);
}

/* Below 0: the first one's key comes before the second one's. */
static LONG Compare(PKEYED_WAITER First, PKEYED_WAITER Second)
{
    if (First->Process != Second->Process)
        return First->Process < Second->Process ? -1 : 1;
    return First->Key == Second->Key ? 0 : First->Key < Second->Key ? -1 : 1;
}

static void Insert(PKEYED_EVENT Event, PKEYED_WAITER Waiter)
{
    PRTL_BALANCED_NODE Parent = NULL, Node;
    BOOLEAN After = FALSE;

    for (Node = Event->Waiters.Root; Node; Node = Node->Children[After]) {
        Parent = Node;
        After = Compare(Waiter, WaiterOf(Node)) >= 0;
    }
    RtlAvlInsertNodeEx(&Event->Waiters, Parent, After, &Waiter->Node);
}

/* The first one that waits for whom Waiter is. All that have the same key wait for the same. */
static PKEYED_WAITER FindPartner(PKEYED_EVENT Event, PKEYED_WAITER Waiter)
{
    PRTL_BALANCED_NODE Node = Event->Waiters.Root;
    PKEYED_WAITER Found = NULL;

    while (Node) {
        LONG Order = Compare(Waiter, WaiterOf(Node));

        if (!Order)
            Found = WaiterOf(Node);
        Node = Node->Children[Order > 0];
    }
    return Found && Found->Releases != Waiter->Releases ? Found : NULL;
}

static NTSTATUS Meet(PKEYED_EVENT Event, PKEYED_WAITER Waiter, BOOLEAN Alertable,
                     PLARGE_INTEGER Timeout)
{
    PKEYED_WAITER Partner = FindPartner(Event, Waiter);
    NTSTATUS Status;

    if (Partner) {
        RtlAvlRemoveNode(&Event->Waiters, &Partner->Node);
        Partner->Met = TRUE;
        KeSetEvent(&Partner->Meeting);
        return STATUS_SUCCESS;
    }
    KeInitializeEvent(&Waiter->Meeting, SynchronizationEvent, FALSE);
    Insert(Event, Waiter);
    Status = KeWaitForSingleObject(&Waiter->Meeting, Alertable, Timeout);
    if (Waiter->Met) /* also when its time was over before its turn came */
        return STATUS_SUCCESS;
    RtlAvlRemoveNode(&Event->Waiters, &Waiter->Node);
    return Status;
}

static NTSTATUS MeetByHandle(HANDLE Handle, BOOLEAN Releases, PVOID Key, BOOLEAN Alertable,
                             CLIENT(PLARGE_INTEGER) Timeout)
{
    KEYED_WAITER Waiter = {
        .Process = PsGetCurrentProcess(), .Key = (ULONG_PTR)Key, .Releases = Releases};
    LARGE_INTEGER Copy, *Limit;
    PKEYED_EVENT Event = OutOfMemoryEvent;
    NTSTATUS Status;

    if ((ULONG_PTR)Key & 1)
        return STATUS_INVALID_PARAMETER_1;
    Status = ExpCaptureTimeout(Timeout, &Copy, &Limit);
    if (!NT_SUCCESS(Status))
        return Status;
    if (Handle)
        Status = ObReferenceObjectByHandle(Handle, Releases ? KEYEDEVENT_WAKE : KEYEDEVENT_WAIT,
                                           KeyedEventType, (PVOID *)&Event);
    else
        ObReferenceObject(Event);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Meet(Event, &Waiter, Alertable, Limit);
    ObDereferenceObject(Event);
    return Status;
}

/*
 * NtWaitForKeyedEvent: waits until a thread of the same process releases Key, which is even; a NULL
 * handle means an event that the system has. Needs KEYEDEVENT_WAIT. Returns STATUS_SUCCESS,
 * STATUS_TIMEOUT, STATUS_INVALID_PARAMETER_1 (Key), STATUS_ACCESS_VIOLATION and what handles may
 * give.
 */
NTSTATUS NtWaitForKeyedEvent(HANDLE KeyedEventHandle, PVOID Key, BOOLEAN Alertable,
                             CLIENT(PLARGE_INTEGER) Timeout)
{
    return MeetByHandle(KeyedEventHandle, FALSE, Key, Alertable, Timeout);
}

/* NtReleaseKeyedEvent: waits until a thread of the same process waits for Key, and releases it.
 * Needs KEYEDEVENT_WAKE. As NtWaitForKeyedEvent otherwise. */
NTSTATUS NtReleaseKeyedEvent(HANDLE KeyedEventHandle, PVOID Key, BOOLEAN Alertable,
                             CLIENT(PLARGE_INTEGER) Timeout)
{
    return MeetByHandle(KeyedEventHandle, TRUE, Key, Alertable, Timeout);
}
