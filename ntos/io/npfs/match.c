/* SPDX-License-Identifier: BSD-2-Clause */
/* Data and the reads that wait for them come together, first come first served. */
#include "npfsp.h"

/* The read gets the entry itself, which has left its queue, for what is left of it. */
static void NpHandOver(PIO_REQUEST Read, PNP_ENTRY Entry, ULONG Bytes)
{
    IopDisownMessage(Entry);
    Read->Buffer = Entry;
    Read->Output = Entry->Data + Entry->Offset;
    IopCompleteRequest(Read, STATUS_SUCCESS, Bytes);
}

/* The read gets a copy of what it has room for. */
static void NpHandCopy(PNP_QUEUE Queue, PIO_REQUEST Read, PNP_ENTRY Entry, ULONG Bytes,
                       NTSTATUS Status)
{
    if (Bytes)
        Read->Buffer = ExAllocatePool(Bytes);
    if (Bytes && !Read->Buffer) {
        IopCompleteRequest(Read, STATUS_INSUFFICIENT_RESOURCES, 0);
        return;
    }
    if (Bytes)
        memcpy(Read->Buffer, Entry->Data + Entry->Offset, Bytes);
    NpConsume(Queue, Bytes);
    IopCompleteRequest(Read, Status, Bytes);
}

/* The first read and the first entry. */
static void NpMatchOne(PNP_INSTANCE Instance, PNP_QUEUE Queue, BOOLEAN Messages)
{
    PIO_REQUEST Read = CONTAINING_RECORD(RemoveHeadList(&Queue->Reads), IO_REQUEST, QueueEntry);
    PNP_ENTRY Entry = CONTAINING_RECORD(Queue->Entries.Flink, NP_ENTRY, Links);
    ULONG Rest = NP_REST(Entry), Room = Read->Parameters.OutputLength;

    if (Queue == &Instance->Queues[FILE_PIPE_CLIENT_END])
        NpAdoptContext(Instance, Entry);
    if (Rest > Room) {
        NpHandCopy(Queue, Read, Entry, Room, Messages ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS);
        return;
    }
    if (Entry->References > 1) {
        NpHandCopy(Queue, Read, Entry, Rest, STATUS_SUCCESS);
        if (NP_REST(Entry))
            return;
        NpRemoveEntry(Queue, Entry);
        IopDereferenceMessage(Entry);
        return;
    }
    NpRemoveEntry(Queue, Entry);
    NpHandOver(Read, Entry, Rest);
}

void NpMatch(PNP_INSTANCE Instance, ULONG Writer)
{
    PNP_QUEUE Queue = &Instance->Queues[Writer];

    if (IsListEmpty(&Queue->Reads) || IsListEmpty(&Queue->Entries))
        return;
    Instance->References++;
    do {
        PNP_END Reader = Instance->Ends[!Writer];

        NpMatchOne(Instance, Queue, Reader && Reader->ReadMode == FILE_PIPE_MESSAGE_MODE);
        NpCover(Queue);
        NpTellFlushes(Queue);
        KeGiveWay();
    } while (!IsListEmpty(&Queue->Reads) && !IsListEmpty(&Queue->Entries));
    NpDereferenceInstance(Instance);
}
