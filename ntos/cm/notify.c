// SPDX-License-Identifier: BSD-2-Clause
/* Waiting for changes of keys: the services, and how those who wait are told. */
#include "notify.h"

void CmpCompleteWaiter(PCM_WAITER Waiter, NTSTATUS Status, PLIST_ENTRY Delivery)
{
    CmpUnlinkWaiter(Waiter);
    Waiter->Status = Status;
    if (Waiter->Asynchronous)
        InsertTailList(Delivery, &Waiter->DeliveryEntry);
    else
        KeSetEvent(&Waiter->Done);
}

static void FreeWaiter(PCM_WAITER Waiter)
{
    if (Waiter->Other)
        ObDereferenceObject(Waiter->Other);
    if (Waiter->Event)
        ObDereferenceObject(Waiter->Event);
    if (Waiter->Apc)
        KeFreeApc(Waiter->Apc);
    ObDereferenceObject(Waiter->Thread);
    ObDereferenceObject(Waiter->Process);
    ExFreePool(Waiter);
}

/* The memory of a process that is ending is left alone, but its event may be shared. */
static void DeliverOne(PCM_WAITER Waiter)
{
    IO_STATUS_BLOCK Block = {.Status = Waiter->Status};

    if (!Waiter->Process->Exiting)
        MmCopyToProcess(Waiter->Process, Waiter->Iosb, &Block, sizeof(Block));
    if (Waiter->Event)
        KeSetEventGivingWay(Waiter->Event);
    if (Waiter->Apc && KeInsertUserApc(Waiter->Thread, Waiter->Apc))
        Waiter->Apc = NULL;
    FreeWaiter(Waiter);
}

void CmpDeliver(PLIST_ENTRY Delivery)
{
    while (!IsListEmpty(Delivery)) {
        DeliverOne(CONTAINING_RECORD(RemoveHeadList(Delivery), CM_WAITER, DeliveryEntry));
        KeGiveWay();
    }
}

/* The thread ends: nobody tells it of changes, but the events are set, as on Windows. */
void CmCancelThreadNotifies(PETHREAD Thread, BOOLEAN GiveWay)
{
    while (!IsListEmpty(&Thread->NotifyList)) {
        PCM_WAITER Waiter = CONTAINING_RECORD(Thread->NotifyList.Flink, CM_WAITER, ThreadEntry);

        CmpUnlinkWaiter(Waiter);
        if (Waiter->Event)
            KeSetEvent(Waiter->Event);
        FreeWaiter(Waiter);
        if (GiveWay)
            KeGiveWay();
    }
}

/* What a client has asked for. */
typedef struct _CM_REQUEST {
    PCM_KEY Key, Other; /* referenced; Other may be NULL */
    HANDLE Event;
    PIO_APC_ROUTINE ApcRoutine;
    PVOID ApcContext;
    CLIENT(PIO_STATUS_BLOCK) Iosb;
    ULONG Filter;
    BOOLEAN Subtree;
} CM_REQUEST, *PCM_REQUEST;

/* Waits for a change since the last call by this handle: TRUE if there was one. */
static BOOLEAN TakeChange(PCM_SESSION Session)
{
    BOOLEAN Changed = Session->Changed;

    Session->Changed = FALSE;
    return Changed;
}

/* The waiter's place in the sessions; then a change that nobody was told of is told at once. */
static NTSTATUS LinkToSessions(PCM_REQUEST Request, PCM_WAITER Waiter, PBOOLEAN Changed)
{
    PCM_SESSION Session, Other = NULL;
    NTSTATUS Status = CmpOpenSession(Request->Key, Request->Filter, Request->Subtree, &Session);

    if (NT_SUCCESS(Status) && Request->Other)
        Status = CmpOpenSession(Request->Other, Request->Filter, Request->Subtree, &Other);
    if (!NT_SUCCESS(Status))
        return Status;
    CmpLinkWaiter(Session, &Waiter->Sessions[0], Waiter);
    *Changed = TakeChange(Session);
    if (Other) {
        CmpLinkWaiter(Other, &Waiter->Sessions[1], Waiter);
        *Changed |= TakeChange(Other);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS WaitForChange(PCM_REQUEST Request)
{
    IO_STATUS_BLOCK Block = {0};
    CM_WAITER Waiter = {0};
    BOOLEAN Changed;
    NTSTATUS Status = LinkToSessions(Request, &Waiter, &Changed);

    if (!NT_SUCCESS(Status))
        return Status;
    KeInitializeEvent(&Waiter.Done, NotificationEvent, FALSE);
    if (Changed)
        CmpCompleteWaiter(&Waiter, STATUS_NOTIFY_ENUM_DIR, NULL);
    Status = KeWaitForSingleObject(&Waiter.Done, FALSE, NULL);
    CmpUnlinkWaiter(&Waiter);
    if (Status != STATUS_SUCCESS)
        return Status;
    Block.Status = Waiter.Status;
    MmCopyToClient(Request->Iosb, &Block, sizeof(Block));
    return Waiter.Status;
}

static void FillWaiter(PCM_REQUEST Request, PCM_WAITER Waiter)
{
    Waiter->Asynchronous = TRUE;
    Waiter->Iosb = Request->Iosb;
    Waiter->Thread = PsGetCurrentThread();
    ObReferenceObject(Waiter->Thread);
    Waiter->Process = PsGetCurrentProcess();
    ObReferenceObject(Waiter->Process);
    Waiter->Other = Request->Other;
    if (Waiter->Other)
        ObReferenceObject(Waiter->Other);
}

static NTSTATUS PrepareApc(PCM_REQUEST Request, PCM_WAITER Waiter)
{
    if (!Request->ApcRoutine)
        return STATUS_SUCCESS;
    Waiter->Apc = KeAllocateApc();
    if (!Waiter->Apc)
        return STATUS_INSUFFICIENT_RESOURCES;
    Waiter->Apc->NormalRoutine = (ULONG_PTR)Request->ApcRoutine;
    Waiter->Apc->NormalContext = (ULONG_PTR)Request->ApcContext;
    Waiter->Apc->SystemArgument1 = (ULONG_PTR)Request->Iosb;
    return STATUS_SUCCESS;
}

static NTSTATUS StartWaiter(PCM_REQUEST Request, PCM_WAITER Waiter)
{
    LIST_ENTRY Delivery;
    BOOLEAN Changed;
    NTSTATUS Status = STATUS_SUCCESS;

    if (Request->Event)
        Status = ObReferenceObjectByHandle(Request->Event, EVENT_MODIFY_STATE, ExEventType,
                                           (PVOID *)&Waiter->Event);
    if (NT_SUCCESS(Status) && Waiter->Event)
        KeResetEvent(Waiter->Event);
    if (NT_SUCCESS(Status))
        Status = PrepareApc(Request, Waiter);
    if (NT_SUCCESS(Status))
        Status = LinkToSessions(Request, Waiter, &Changed);
    if (!NT_SUCCESS(Status))
        return Status;
    if (!(Request->Filter & REG_NOTIFY_THREAD_AGNOSTIC))
        InsertTailList(&Waiter->Thread->NotifyList, &Waiter->ThreadEntry);
    InitializeListHead(&Delivery);
    if (Changed)
        CmpCompleteWaiter(Waiter, STATUS_NOTIFY_ENUM_DIR, &Delivery);
    CmpDeliver(&Delivery);
    return STATUS_PENDING;
}

static NTSTATUS AskForChange(PCM_REQUEST Request)
{
    PCM_WAITER Waiter = ExAllocatePool(sizeof(*Waiter));
    NTSTATUS Status;

    if (!Waiter)
        return STATUS_INSUFFICIENT_RESOURCES;
    FillWaiter(Request, Waiter);
    Status = StartWaiter(Request, Waiter);
    if (!NT_SUCCESS(Status))
        FreeWaiter(Waiter);
    return Status;
}

/* The key of NtNotifyChangeMultipleKeys's list. */
static NTSTATUS OpenOther(CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, PCM_KEY *Key)
{
    OB_ATTRIBUTES Attributes;
    NTSTATUS Status = ObjectAttributes ? ObCaptureAttributes(&Attributes, ObjectAttributes)
                                       : STATUS_ACCESS_VIOLATION;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByAttributes(&Attributes, KEY_NOTIFY, CmKeyType, NULL, (PVOID *)Key);
    ObFreeAttributes(&Attributes);
    return Status;
}

static NTSTATUS Notify(HANDLE Handle, PCM_REQUEST Request, ULONG Count,
                       CLIENT(POBJECT_ATTRIBUTES) Others, BOOLEAN Asynchronous)
{
    NTSTATUS Status = CmpReferenceKey(Handle, KEY_NOTIFY, &Request->Key);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Count)
        Status = OpenOther(Others, &Request->Other);
    if (NT_SUCCESS(Status) && CmpStoreOf(Request->Key)->IsDeleted(Request->Key->Node))
        Status = STATUS_KEY_DELETED;
    if (NT_SUCCESS(Status))
        Status = Asynchronous ? AskForChange(Request) : WaitForChange(Request);
    if (Request->Other)
        ObDereferenceObject(Request->Other);
    ObDereferenceObject(Request->Key);
    return Status;
}

/*
 * NtNotifyChangeMultipleKeys: waits until the key, or what is below it if WatchTree, or the one
 * other key that Count allows, changes as CompletionFilter (REG_NOTIFY_) says; a change since the
 * last call by the same handle counts too. Filter and WatchTree of a handle's first call are those
 * of all later ones. Asynchronous: STATUS_PENDING; then status block, event and routine tell.
 * The result is STATUS_NOTIFY_ENUM_DIR, or STATUS_NOTIFY_CLEANUP when the key was deleted or its
 * handle closed. Buffer receives nothing. Needs KEY_NOTIFY. Returns STATUS_INVALID_PARAMETER (Count
 * above 1, filter), STATUS_KEY_DELETED, STATUS_INSUFFICIENT_RESOURCES, STATUS_ACCESS_VIOLATION and
 * what handles may give.  (Win32: RegNotifyChangeKeyValue)
 */
NTSTATUS NTAPI NtNotifyChangeMultipleKeys(HANDLE MasterKeyHandle, ULONG Count,
                                          CLIENT(POBJECT_ATTRIBUTES) SubordinateObjects,
                                          HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                          PVOID ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                          ULONG CompletionFilter, BOOLEAN WatchTree,
                                          CLIENT(PVOID) Buffer, ULONG BufferSize,
                                          BOOLEAN Asynchronous)
{
    CM_REQUEST Request = {.Event = Event,
                          .ApcRoutine = ApcRoutine,
                          .ApcContext = ApcContext,
                          .Iosb = IoStatusBlock,
                          .Filter = CompletionFilter,
                          .Subtree = WatchTree != FALSE};
    NTSTATUS Status;

    if (Count > 1 || (CompletionFilter & ~(ULONG)REG_LEGAL_CHANGE_FILTER))
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(IoStatusBlock, sizeof(*IoStatusBlock));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Buffer, BufferSize);
    if (!NT_SUCCESS(Status))
        return Status;
    return Notify(MasterKeyHandle, &Request, Count, SubordinateObjects, Asynchronous);
}

/* NtNotifyChangeKey: NtNotifyChangeMultipleKeys for one key.  (WDK: ZwNotifyChangeKey) */
NTSTATUS NTAPI NtNotifyChangeKey(HANDLE KeyHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                 PVOID ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                 ULONG CompletionFilter, BOOLEAN WatchTree, CLIENT(PVOID) Buffer,
                                 ULONG BufferSize, BOOLEAN Asynchronous)
{
    return NtNotifyChangeMultipleKeys(KeyHandle, 0, NULL, Event, ApcRoutine, ApcContext,
                                      IoStatusBlock, CompletionFilter, WatchTree, Buffer,
                                      BufferSize, Asynchronous);
}
