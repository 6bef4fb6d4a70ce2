/* SPDX-License-Identifier: BSD-2-Clause */
/* Going through a process's threads while they may end: a thread that leaves the list moves those
 * who would come to it next on to the one behind it. */
#include "psp.h"

void PsOpenThreadCursor(PPS_THREAD_CURSOR Cursor, PEPROCESS Process)
{
    Cursor->Process = Process;
    Cursor->Next = Process->ThreadListHead.Flink;
    InsertTailList(&Process->ThreadCursors, &Cursor->Links);
}

/* At the end it stands on the last thread's place, and sees those that come behind it. */
PETHREAD PsStepThreadCursor(PPS_THREAD_CURSOR Cursor)
{
    PLIST_ENTRY Entry = Cursor->Next;

    if (Entry == &Cursor->Process->ThreadListHead)
        return NULL;
    Cursor->Next = Entry->Flink;
    return CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry);
}

void PsCloseThreadCursor(PPS_THREAD_CURSOR Cursor)
{
    RemoveEntryList(&Cursor->Links);
}

void PspAddThread(PEPROCESS Process, PETHREAD Thread)
{
    PLIST_ENTRY Link;

    InsertTailList(&Process->ThreadListHead, &Thread->ThreadListEntry);
    for (Link = Process->ThreadCursors.Flink; Link != &Process->ThreadCursors; Link = Link->Flink) {
        PPS_THREAD_CURSOR Cursor = CONTAINING_RECORD(Link, PS_THREAD_CURSOR, Links);

        if (Cursor->Next == &Process->ThreadListHead)
            Cursor->Next = &Thread->ThreadListEntry;
    }
}

void PspRemoveThread(PEPROCESS Process, PETHREAD Thread)
{
    PLIST_ENTRY Link;

    for (Link = Process->ThreadCursors.Flink; Link != &Process->ThreadCursors; Link = Link->Flink) {
        PPS_THREAD_CURSOR Cursor = CONTAINING_RECORD(Link, PS_THREAD_CURSOR, Links);

        if (Cursor->Next == &Thread->ThreadListEntry)
            Cursor->Next = Thread->ThreadListEntry.Flink;
    }
    RemoveEntryList(&Thread->ThreadListEntry);
}
