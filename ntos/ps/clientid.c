/* SPDX-License-Identifier: BSD-2-Clause */
/* Client ids: processes and threads are numbered from one sequence of multiples of four. */
#include "psp.h"

LIST_ENTRY PsActiveProcessHead = {&PsActiveProcessHead, &PsActiveProcessHead};

static ULONG LastClientId = 4; /* NT's System process has 4; ours is not in the list */

PEPROCESS PspFindProcess(HANDLE ProcessId)
{
    PLIST_ENTRY Entry;

    for (Entry = PsActiveProcessHead.Flink; Entry != &PsActiveProcessHead; Entry = Entry->Flink) {
        PEPROCESS Process = CONTAINING_RECORD(Entry, EPROCESS, ActiveProcessLinks);

        if (Process->UniqueProcessId == ProcessId)
            return Process;
    }
    return NULL;
}

static PETHREAD FindThreadIn(PEPROCESS Process, HANDLE ThreadId)
{
    PLIST_ENTRY Entry;

    for (Entry = Process->ThreadListHead.Flink; Entry != &Process->ThreadListHead;
         Entry = Entry->Flink) {
        PETHREAD Thread = CONTAINING_RECORD(Entry, ETHREAD, ThreadListEntry);

        if (Thread->UniqueThreadId == ThreadId)
            return Thread;
    }
    return NULL;
}

PETHREAD PspFindThread(HANDLE ThreadId)
{
    PLIST_ENTRY Entry;
    PETHREAD Thread = NULL;

    for (Entry = PsActiveProcessHead.Flink; Entry != &PsActiveProcessHead && !Thread;
         Entry = Entry->Flink)
        Thread = FindThreadIn(CONTAINING_RECORD(Entry, EPROCESS, ActiveProcessLinks), ThreadId);
    return Thread;
}

/* Ids come into use again only when the sequence has gone round. */
HANDLE PspAllocateClientId(void)
{
    HANDLE Id;

    do {
        LastClientId += 4;
        Id = (HANDLE)(ULONG_PTR)LastClientId;
    } while (!Id || PspFindProcess(Id) || PspFindThread(Id));
    return Id;
}

NTSTATUS PsLookupProcessById(HANDLE ProcessId, PEPROCESS *Process)
{
    *Process = PspFindProcess(ProcessId);
    if (!*Process)
        return STATUS_INVALID_CID;
    ObReferenceObject(*Process);
    return STATUS_SUCCESS;
}
