/* SPDX-License-Identifier: BSD-2-Clause */
/* Mailslots: by name, made, and closed. */
#include "msfsp.h"

static IOP_NAME_TABLE MsTable;

static PMS_SLOT MsNamed(PIOP_NAMED Named)
{
    return Named ? CONTAINING_RECORD(Named, MS_SLOT, Named) : NULL;
}

PMS_SLOT MsFindSlot(PCUNICODE_STRING Name)
{
    return MsNamed(IopFindNamed(&MsTable, Name));
}

PMS_SLOT MsNextSlot(ULONG Number)
{
    return MsNamed(IopNextNamed(&MsTable, Number));
}

void MsDereferenceSlot(PMS_SLOT Slot)
{
    if (--Slot->References)
        return;
    SeDereferenceDescriptor(Slot->Security);
    ExFreeUnicodeString(&Slot->Named.Name);
    ExFreePool(Slot);
}

/* Making the descriptor gives way: only then is it sure that the name is free. */
NTSTATUS MsCreateSlot(PCUNICODE_STRING Name, const IOP_OPEN_PACKET *Packet, PMS_SLOT *Result)
{
    PMS_SLOT Slot = ExAllocatePool(sizeof(*Slot));
    NTSTATUS Status;

    if (!Slot)
        return STATUS_INSUFFICIENT_RESOURCES;
    Slot->Kind = MsSlotNode;
    Slot->References = 1;
    Slot->Quota = Packet->New->Quotas[0];
    Slot->MaximumMessage = Packet->New->MaximumMessage;
    Slot->Timeout = Packet->New->Timeout;
    InitializeListHead(&Slot->Messages);
    InitializeListHead(&Slot->Reads);
    Status = IopSetNamed(&Slot->Named, Name);
    if (NT_SUCCESS(Status))
        Status =
            SeNewDescriptor(IoFileType, NULL, Packet->SecurityDescriptor, NULL, &Slot->Security);
    if (NT_SUCCESS(Status) && MsFindSlot(Name))
        Status = STATUS_OBJECT_NAME_COLLISION;
    if (!NT_SUCCESS(Status)) {
        MsDereferenceSlot(Slot);
        return Status;
    }
    IopInsertNamed(&MsTable, &Slot->Named);
    *Result = Slot;
    return STATUS_SUCCESS;
}

/* What waits is over, what has come is lost. Nobody adds anything once Closed is set. */
void MsCloseSlot(PMS_SLOT Slot)
{
    if (Slot->Closed)
        return;
    Slot->Closed = TRUE;
    IopRemoveNamed(&MsTable, &Slot->Named);
    while (!IsListEmpty(&Slot->Reads)) {
        MsEndRead(CONTAINING_RECORD(RemoveHeadList(&Slot->Reads), IO_REQUEST, QueueEntry),
                  STATUS_FILE_FORCED_CLOSED);
        KeGiveWay();
    }
    while (!IsListEmpty(&Slot->Messages)) {
        IopDereferenceMessage(
            CONTAINING_RECORD(RemoveHeadList(&Slot->Messages), IOP_MESSAGE, Links));
        KeGiveWay();
    }
}
