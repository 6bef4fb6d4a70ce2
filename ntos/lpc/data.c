/* SPDX-License-Identifier: BSD-2-Clause */
/* Data that a request only points to: the server reads and writes its sender's memory. */
#include "lpcp.h"

#define TRANSFER_SIZE 0x400

typedef struct _TRANSFER {
    CLIENT(PCHAR) Remote; /* in the sender's process */
    CLIENT(PCHAR) Local;
    SIZE_T Length;
    SIZE_T Done;
    BOOLEAN Write;
} TRANSFER, *PTRANSFER;

/* The entry as it was when the request was sent. */
static NTSTATUS FindEntry(PLPCP_MESSAGE Request, ULONG Index, PTRANSFER Transfer)
{
    ULONG Offset = (USHORT)Request->Header.u2.s2.DataInfoOffset;
    PPORT_DATA_INFORMATION Information = (PPORT_DATA_INFORMATION)((PCHAR)&Request->Header + Offset);

    if (!Offset || Index >= Information->CountDataEntries)
        return STATUS_INVALID_PARAMETER;
    if (Transfer->Length > Information->DataEntries[Index].Size)
        return STATUS_INVALID_PARAMETER;
    Transfer->Remote = (CLIENT(PCHAR))Information->DataEntries[Index].Base;
    return STATUS_SUCCESS;
}

/* The sender may be gone after each piece: then nothing is done any more. */
static NTSTATUS Copy(PLPCP_MESSAGE Request, PTRANSFER Transfer)
{
    PEPROCESS Sender = Request->Source->Process;
    CHAR Buffer[TRANSFER_SIZE];
    NTSTATUS Status = STATUS_SUCCESS;

    while (NT_SUCCESS(Status) && Transfer->Done < Transfer->Length) {
        SIZE_T Rest = Transfer->Length - Transfer->Done;
        SIZE_T Part = Rest < sizeof(Buffer) ? Rest : sizeof(Buffer);

        if (!Request->WantsAnswer)
            return STATUS_REPLY_MESSAGE_MISMATCH;
        Status = Transfer->Write
                     ? MmCopyFromClient(Buffer, Transfer->Local + Transfer->Done, Part)
                     : MmCopyFromProcess(Sender, Buffer, Transfer->Remote + Transfer->Done, Part);
        if (NT_SUCCESS(Status))
            Status = Transfer->Write
                         ? MmCopyToProcess(Sender, Transfer->Remote + Transfer->Done, Buffer, Part)
                         : MmCopyToClient(Transfer->Local + Transfer->Done, Buffer, Part);
        if (NT_SUCCESS(Status)) {
            Transfer->Done += Part;
            Status = KeGiveWay();
        }
    }
    return Status;
}

static NTSTATUS TransferData(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message, ULONG Index,
                             PTRANSFER Transfer)
{
    PLPCP_MESSAGE Request;
    PORT_MESSAGE Header;
    PLPCP_PORT Port;
    NTSTATUS Status = MmReadClient(&Header, Message);

    if (NT_SUCCESS(Status))
        Status = LpcpReferencePort(PortHandle, &Port);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = LpcpFindPending(Port, Header.MessageId, &Header.ClientId, &Request);
    if (NT_SUCCESS(Status) && LPCP_TYPE(Request) != LPC_REQUEST)
        Status = STATUS_REPLY_MESSAGE_MISMATCH;
    if (NT_SUCCESS(Status)) {
        LpcpReferenceMessage(Request);
        Status = FindEntry(Request, Index, Transfer);
        if (NT_SUCCESS(Status))
            Status = Copy(Request, Transfer);
        LpcpDereferenceMessage(Request);
    }
    ObDereferenceObject(Port);
    return Status;
}

static NTSTATUS TransferService(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message, ULONG Index,
                                PTRANSFER Transfer, CLIENT(PSIZE_T) Count)
{
    NTSTATUS Status = Count ? MmProbeForWrite(Count, sizeof(*Count)) : STATUS_SUCCESS;

    if (NT_SUCCESS(Status))
        Status = TransferData(PortHandle, Message, Index, Transfer);
    return NT_SUCCESS(Status) && Count ? MmWriteClient(Count, &Transfer->Done) : Status;
}

/*
 * NtReadRequestData: copies BufferSize bytes of entry DataEntryIndex of a request that has been
 * received (Message) from its sender's memory, while that waits for the reply. Returns
 * STATUS_INVALID_PARAMETER (no such entry, or it is smaller), STATUS_REPLY_MESSAGE_MISMATCH,
 * STATUS_INVALID_CID, STATUS_ACCESS_VIOLATION, and what handles may give.
 */
NTSTATUS NtReadRequestData(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message, ULONG DataEntryIndex,
                           CLIENT(PVOID) Buffer, SIZE_T BufferSize,
                           CLIENT(PSIZE_T) NumberOfBytesRead)
{
    TRANSFER Transfer = {.Local = (CLIENT(PCHAR))Buffer, .Length = BufferSize};

    return TransferService(PortHandle, Message, DataEntryIndex, &Transfer, NumberOfBytesRead);
}

/* NtWriteRequestData: the same in the other direction. */
NTSTATUS NtWriteRequestData(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message, ULONG DataEntryIndex,
                            CLIENT(PVOID) Buffer, SIZE_T BufferSize,
                            CLIENT(PSIZE_T) NumberOfBytesWritten)
{
    TRANSFER Transfer = {.Local = (CLIENT(PCHAR))Buffer, .Length = BufferSize, .Write = TRUE};

    return TransferService(PortHandle, Message, DataEntryIndex, &Transfer, NumberOfBytesWritten);
}
