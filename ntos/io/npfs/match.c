/* SPDX-License-Identifier: BSD-2-Clause */
/* Data and the reads that wait for them come together, first come first served. */
#include "npfsp.h"

/* The first read and the first entry, which it shares, or has for itself when nothing is left. */
static void NpMatchOne(PNP_INSTANCE Instance, PNP_QUEUE Queue, BOOLEAN Messages)
{
    PIO_REQUEST Read = CONTAINING_RECORD(RemoveHeadList(&Queue->Reads), IO_REQUEST, QueueEntry);
    PNP_ENTRY Entry = CONTAINING_RECORD(Queue->Entries.Flink, NP_ENTRY, Links);
    ULONG Rest = NP_REST(Entry), Room = Read->Parameters.OutputLength;

    if (Queue == &Instance->Queues[FILE_PIPE_CLIENT_END])
        NpAdoptContext(Instance, Entry);
    Read->Message = Entry;
    Read->Output = Entry->Data + Entry->Offset;
    if (Rest > Room) {
        Entry->References++;
        NpConsume(Queue, Room);
        IopCompleteRequest(Read, Messages ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS, Room);
    } else {
        NpRemoveEntry(Queue, Entry);
        IopCompleteRequest(Read, STATUS_SUCCESS, Rest);
    }
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
