/* SPDX-License-Identifier: BSD-2-Clause */
/* Looking at what is in a pipe without taking it. */
#include "npfsp.h"

#define NP_MAXIMUM_PEEK 0x10000u /* bytes that one look shows */

static NTSTATUS NpCheckPeek(PNP_END End)
{
    if (!End->Instance)
        return STATUS_PIPE_DISCONNECTED;
    if (!NpMayRead(End))
        return STATUS_INVALID_PARAMETER;
    switch (End->Instance->State) {
    case FILE_PIPE_DISCONNECTED_STATE:
    case FILE_PIPE_LISTENING_STATE:
        return STATUS_INVALID_PIPE_STATE;
    case FILE_PIPE_CLOSING_STATE:
        return IsListEmpty(&NpReadQueue(End)->Entries) ? STATUS_PIPE_BROKEN : STATUS_SUCCESS;
    }
    return STATUS_SUCCESS;
}

/* Copies at most Length bytes of the queue, of a message pipe only of the first message; a pipe of
 * bytes can have empty entries between others. Returns how many. */
static ULONG NpLookAt(PNP_QUEUE Queue, BOOLEAN Messages, PUCHAR Target, ULONG Length)
{
    PLIST_ENTRY Link = Queue->Entries.Flink;
    ULONG Copied = 0, i;

    for (i = 0; i < NP_ENTRIES_AT_ONCE && Link != &Queue->Entries && Copied < Length; i++) {
        PNP_ENTRY Entry = CONTAINING_RECORD(Link, NP_ENTRY, Links);
        ULONG Bytes = NP_REST(Entry) < Length - Copied ? NP_REST(Entry) : Length - Copied;

        memcpy(Target + Copied, Entry->Data + Entry->Offset, Bytes);
        Copied += Bytes;
        if (Messages)
            break;
        Link = Link->Flink;
    }
    return Copied;
}

static void NpDescribeQueue(PNP_END End, PFILE_PIPE_PEEK_BUFFER Header)
{
    PNP_QUEUE Queue = NpReadQueue(End);

    Header->NamedPipeState = End->Instance->State;
    Header->ReadDataAvailable = Queue->Bytes < MAXULONG ? (ULONG)Queue->Bytes : MAXULONG;
    if (End->Pipe->Type != FILE_PIPE_MESSAGE_TYPE || IsListEmpty(&Queue->Entries))
        return;
    Header->NumberOfMessages = Queue->Count;
    Header->MessageLength = NP_REST(CONTAINING_RECORD(Queue->Entries.Flink, NP_ENTRY, Links));
}

/* Header and data are put together in pool, since copying them out gives way. */
NTSTATUS NpPeek(PNP_END End, const IOP_CONTROL *Control, PULONG_PTR Returned)
{
    ULONG Size = FIELD_OFFSET(FILE_PIPE_PEEK_BUFFER, Data), Room, Copied;
    PFILE_PIPE_PEEK_BUFFER Header;
    BOOLEAN Messages = End->Pipe->Type == FILE_PIPE_MESSAGE_TYPE;
    NTSTATUS Status = NpCheckPeek(End);

    if (Control->OutputLength < Size)
        return STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(Status))
        return Status;
    Room = Control->OutputLength - Size < NP_MAXIMUM_PEEK ? Control->OutputLength - Size
                                                          : NP_MAXIMUM_PEEK;
    if (Room > NpReadQueue(End)->Bytes)
        Room = (ULONG)NpReadQueue(End)->Bytes;
    Header = ExAllocatePool(Size + Room);
    if (!Header)
        return STATUS_INSUFFICIENT_RESOURCES;
    NpDescribeQueue(End, Header);
    Copied = NpLookAt(NpReadQueue(End), Messages, (PUCHAR)Header->Data, Room);
    if (Messages && Copied < Header->MessageLength)
        Status = STATUS_BUFFER_OVERFLOW;
    *Returned = Size + Copied;
    if (!NT_SUCCESS(MmCopyToClient(Control->Output, Header, Size + Copied)))
        Status = STATUS_ACCESS_VIOLATION;
    ExFreePool(Header);
    return Status;
}
