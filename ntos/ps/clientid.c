/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Client ids: processes and threads are numbered from one sequence of multiples of four. An id is
 * in use from the creation of its object until that is deleted; a thread can be found by its id
 * from when it joins its process until it has ended.
 */
#include "psp.h"

LIST_ENTRY PsActiveProcessHead = {&PsActiveProcessHead, &PsActiveProcessHead};

static RTL_AVL_TREE Ids;
static ULONG LastClientId = 4; /* NT's System process has 4; ours is not in the list */

static PPS_CLIENT_ID_ENTRY EntryOf(PRTL_BALANCED_NODE Node)
{
    return CONTAINING_RECORD(Node, PS_CLIENT_ID_ENTRY, Node);
}

/* Where Id is or would be: *Parent and *After say how to insert it. */
static PPS_CLIENT_ID_ENTRY Find(ULONG_PTR Id, PRTL_BALANCED_NODE *Parent, PBOOLEAN After)
{
    PRTL_BALANCED_NODE Node = Ids.Root;

    *Parent = NULL;
    *After = FALSE;
    while (Node) {
        if (EntryOf(Node)->Id == Id)
            return EntryOf(Node);
        *Parent = Node;
        *After = EntryOf(Node)->Id < Id;
        Node = Node->Children[*After];
    }
    return NULL;
}

/* Ids are reused only after the sequence has wrapped around. */
HANDLE PspAllocateClientId(PPS_CLIENT_ID_ENTRY Entry)
{
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;

    do
        LastClientId += 4;
    while (!LastClientId || Find(LastClientId, &Parent, &After));
    Entry->Id = LastClientId;
    RtlAvlInsertNodeEx(&Ids, Parent, After, &Entry->Node);
    return (HANDLE)Entry->Id;
}

void PspFreeClientId(PPS_CLIENT_ID_ENTRY Entry)
{
    if (Entry->Id)
        RtlAvlRemoveNode(&Ids, &Entry->Node);
    Entry->Id = 0;
}

/* As with handles, the two low bits of an id are the client's own and ignored. */
static PPS_CLIENT_ID_ENTRY FindClient(HANDLE ClientId)
{
    PRTL_BALANCED_NODE Parent;
    BOOLEAN After;

    return Find((ULONG_PTR)ClientId & ~(ULONG_PTR)3, &Parent, &After);
}

PEPROCESS PspFindProcess(HANDLE ProcessId)
{
    PPS_CLIENT_ID_ENTRY Entry = FindClient(ProcessId);

    return Entry ? Entry->Process : NULL;
}

PETHREAD PspFindThread(HANDLE ThreadId)
{
    PPS_CLIENT_ID_ENTRY Entry = FindClient(ThreadId);

    return Entry ? Entry->Thread : NULL;
}

PETHREAD PsFindThreadById(ULONG_PTR Id)
{
    return PspFindThread((HANDLE)Id);
}

/* The entry with the next higher id; NULL: there is none. */
static PPS_CLIENT_ID_ENTRY FindNext(ULONG_PTR Id)
{
    PRTL_BALANCED_NODE Node = Ids.Root;
    PPS_CLIENT_ID_ENTRY Next = NULL;

    while (Node) {
        if (EntryOf(Node)->Id > Id)
            Next = EntryOf(Node);
        Node = Node->Children[EntryOf(Node)->Id <= Id];
    }
    return Next;
}

PETHREAD PsFindNextThreadById(PULONG_PTR Id)
{
    PPS_CLIENT_ID_ENTRY Entry = FindNext(*Id);

    *Id = Entry ? Entry->Id : 0;
    return Entry ? Entry->Thread : NULL;
}

BOOLEAN PsIsClient(const CLIENT_ID *ClientId)
{
    PETHREAD Thread = PspFindThread(ClientId->UniqueThread);

    return Thread && Thread->Process->UniqueProcessId == ClientId->UniqueProcess;
}

NTSTATUS PsLookupProcessById(HANDLE ProcessId, PEPROCESS *Process)
{
    *Process = PspFindProcess(ProcessId);
    if (!*Process)
        return STATUS_INVALID_CID;
    ObReferenceObject(*Process);
    return STATUS_SUCCESS;
}
