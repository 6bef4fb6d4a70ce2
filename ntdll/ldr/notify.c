// SPDX-License-Identifier: BSD-2-Clause
/* Telling programs of DLLs that come and go. (Win32: LdrRegisterDllNotification) */
#include "ldrp.h"

typedef struct _NOTIFICATION {
    LIST_ENTRY Links;
    PLDR_DLL_NOTIFICATION_FUNCTION Routine; /* NULL: it has been taken back */
    PVOID Context;
} NOTIFICATION, *PNOTIFICATION;

static LIST_ENTRY Notifications = {&Notifications, &Notifications};
static ULONG Calling;

/* One that is taken back while routines are called is only removed afterwards. */
static void RemoveUnused(void)
{
    PLIST_ENTRY Links = Notifications.Flink;

    while (!Calling && Links != &Notifications) {
        PNOTIFICATION Notification = CONTAINING_RECORD(Links, NOTIFICATION, Links);

        Links = Links->Flink;
        if (Notification->Routine)
            continue;
        RemoveEntryList(&Notification->Links);
        RtlFreeHeap(RtlProcessHeap(), 0, Notification);
    }
}

void LdrpNotify(ULONG Reason, PLDRP_MODULE Module)
{
    LDR_DLL_NOTIFICATION_DATA Data = {.FullDllName = &Module->Entry.FullDllName,
                                      .BaseDllName = &Module->Entry.BaseDllName,
                                      .DllBase = Module->Entry.DllBase,
                                      .SizeOfImage = Module->Entry.SizeOfImage};

    if (Reason == LDR_DLL_NOTIFICATION_REASON_LOADED)
        Module->Entry.Flags |= LDRP_LOAD_NOTIFICATIONS_SENT;
    Calling++;
    for (PLIST_ENTRY Links = Notifications.Flink; Links != &Notifications; Links = Links->Flink) {
        PNOTIFICATION Notification = CONTAINING_RECORD(Links, NOTIFICATION, Links);

        if (Notification->Routine)
            Notification->Routine(Reason, &Data, Notification->Context);
    }
    Calling--;
    RemoveUnused();
}

NTSTATUS NTAPI LdrRegisterDllNotification(ULONG Flags, PLDR_DLL_NOTIFICATION_FUNCTION Routine,
                                          PVOID Context, PVOID *Cookie)
{
    PNOTIFICATION Notification;

    if (Flags || !Routine || !Cookie)
        return STATUS_INVALID_PARAMETER;
    Notification = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Notification));
    if (!Notification)
        return STATUS_NO_MEMORY;
    Notification->Routine = Routine;
    Notification->Context = Context;
    RtlEnterCriticalSection(&LdrpLoaderLock);
    InsertTailList(&Notifications, &Notification->Links);
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    *Cookie = Notification;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrUnregisterDllNotification(PVOID Cookie)
{
    NTSTATUS Status = STATUS_DLL_NOT_FOUND;

    RtlEnterCriticalSection(&LdrpLoaderLock);
    for (PLIST_ENTRY Links = Notifications.Flink; Links != &Notifications; Links = Links->Flink) {
        PNOTIFICATION Notification = CONTAINING_RECORD(Links, NOTIFICATION, Links);

        if (Notification != Cookie || !Notification->Routine)
            continue;
        Notification->Routine = NULL;
        Status = STATUS_SUCCESS;
        break;
    }
    RemoveUnused();
    RtlLeaveCriticalSection(&LdrpLoaderLock);
    return Status;
}
