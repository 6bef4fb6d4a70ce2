/* SPDX-License-Identifier: BSD-2-Clause */
/* Device queues: packets that wait while a device is busy, in order of arrival or of a key. */
#include "ki.h"

VOID NTAPI KeInitializeDeviceQueue(PKDEVICE_QUEUE Queue)
{
    RtlZeroMemory(Queue, sizeof(*Queue));
    Queue->Type = KiDeviceQueue;
    Queue->Size = sizeof(*Queue);
    InitializeListHead(&Queue->DeviceListHead);
}

/* FALSE and busy from now on if the queue was idle, else TRUE and Entry is in front of Before. */
static BOOLEAN KiInsertDeviceEntry(PKDEVICE_QUEUE Queue, PKDEVICE_QUEUE_ENTRY Entry,
                                   PLIST_ENTRY Before)
{
    Entry->Inserted = Queue->Busy;
    if (Queue->Busy)
        InsertTailList(Before, &Entry->DeviceListEntry);
    Queue->Busy = TRUE;
    return Entry->Inserted;
}

/* The first entry whose key is greater than Key (or not less, if Equal), or the list head. */
static PLIST_ENTRY KiFindKey(PKDEVICE_QUEUE Queue, ULONG Key, BOOLEAN Equal)
{
    PLIST_ENTRY Entry = Queue->DeviceListHead.Flink;

    while (Entry != &Queue->DeviceListHead) {
        ULONG EntryKey = CONTAINING_RECORD(Entry, KDEVICE_QUEUE_ENTRY, DeviceListEntry)->SortKey;

        if (EntryKey > Key || (Equal && EntryKey == Key))
            break;
        Entry = Entry->Flink;
    }
    return Entry;
}

BOOLEAN NTAPI KeInsertDeviceQueue(PKDEVICE_QUEUE Queue, PKDEVICE_QUEUE_ENTRY Entry)
{
    return KiInsertDeviceEntry(Queue, Entry, &Queue->DeviceListHead);
}

BOOLEAN NTAPI KeInsertByKeyDeviceQueue(PKDEVICE_QUEUE Queue, PKDEVICE_QUEUE_ENTRY Entry,
                                       ULONG SortKey)
{
    Entry->SortKey = SortKey;
    return KiInsertDeviceEntry(Queue, Entry, KiFindKey(Queue, SortKey, FALSE));
}

static PKDEVICE_QUEUE_ENTRY KiTakeDeviceEntry(PKDEVICE_QUEUE Queue, PLIST_ENTRY Link)
{
    PKDEVICE_QUEUE_ENTRY Entry;

    if (IsListEmpty(&Queue->DeviceListHead)) {
        Queue->Busy = FALSE;
        return NULL;
    }
    RemoveEntryList(Link);
    Entry = CONTAINING_RECORD(Link, KDEVICE_QUEUE_ENTRY, DeviceListEntry);
    Entry->Inserted = FALSE;
    return Entry;
}

/* Takes the first entry; with none left the queue is idle. */
PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveDeviceQueue(PKDEVICE_QUEUE Queue)
{
    return KiTakeDeviceEntry(Queue, Queue->DeviceListHead.Flink);
}

/* Takes the first entry whose key is at least SortKey, or else the first of all. */
PKDEVICE_QUEUE_ENTRY NTAPI KeRemoveByKeyDeviceQueue(PKDEVICE_QUEUE Queue, ULONG SortKey)
{
    PLIST_ENTRY Link = KiFindKey(Queue, SortKey, TRUE);

    return KiTakeDeviceEntry(Queue, Link == &Queue->DeviceListHead ? Link->Flink : Link);
}

BOOLEAN NTAPI KeRemoveEntryDeviceQueue(PKDEVICE_QUEUE Queue, PKDEVICE_QUEUE_ENTRY Entry)
{
    if (!Entry->Inserted)
        return FALSE;
    Entry->Inserted = FALSE;
    RemoveEntryList(&Entry->DeviceListEntry);
    return TRUE;
}
