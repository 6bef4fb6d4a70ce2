/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections from a port driver to a class driver, made by IOCTL_INTERNAL_KEYBOARD_CONNECT and its
 * like: the class driver's callback cannot be called from another process, so input packets travel
 * as messages.
 */
#include "iop.h"

typedef struct _IOP_CONNECTION {
    LIST_ENTRY Links;
    UINT32 Id;            /* what the port driver calls it */
    PIO_DRIVER Port;      /* referenced */
    PIO_DRIVER Class;     /* referenced */
    UINT32 ClassCallback; /* what the class driver calls it */
    PIRP Irp;             /* the connect request while it is under way */
    BOOLEAN Dropping;     /* the loss of input has been reported */
} IOP_CONNECTION, *PIOP_CONNECTION;

static LIST_ENTRY IopConnections = {&IopConnections, &IopConnections};
static ULONG IopConnectionCount;

static void IopDeleteConnection(PIOP_CONNECTION Connection)
{
    if (Connection->Irp)
        Connection->Irp->Connection = NULL;
    RemoveEntryList(&Connection->Links);
    IopConnectionCount--;
    IopFreeId(Connection->Id);
    ObDereferenceObject(Connection->Port);
    ObDereferenceObject(Connection->Class);
    ExFreePool(Connection);
}

/* The connect request Irp of its origin, the class driver, gets a connection to the driver that it
 * goes to. */
NTSTATUS IopConnectInput(PIRP Irp, UINT32 ClassCallback)
{
    PIOP_CONNECTION Connection;

    if (!Irp->Device->Driver)
        return STATUS_INVALID_DEVICE_REQUEST;
    Connection =
        IopConnectionCount < IOP_MAXIMUM_CONNECTIONS ? ExAllocatePool(sizeof(*Connection)) : NULL;
    if (!Connection)
        return STATUS_INSUFFICIENT_RESOURCES;
    Connection->Id = IopAllocateId(IopIdConnection, Connection);
    if (!Connection->Id) {
        ExFreePool(Connection);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Connection->Port = Irp->Device->Driver;
    Connection->Class = Irp->Origin;
    ObReferenceObject(Connection->Port);
    ObReferenceObject(Connection->Class);
    Connection->ClassCallback = ClassCallback;
    Connection->Irp = Irp;
    InsertTailList(&IopConnections, &Connection->Links);
    IopConnectionCount++;
    Irp->Connection = Connection;
    Irp->Request.Connection = Connection->Id;
    return STATUS_SUCCESS;
}

/* The connect request is answered: a refused one leaves no connection. */
void IopEndConnect(PIRP Irp)
{
    PIOP_CONNECTION Connection = Irp->Connection;

    Irp->Connection = NULL;
    Connection->Irp = NULL;
    if (!NT_SUCCESS(Irp->Status))
        IopDeleteConnection(Connection);
}

/* A class driver that does not empty its ring loses input; the port driver does not wait for it. */
void IopRouteInput(PIO_DRIVER Port, const DRIVER_INPUT *Input)
{
    PIOP_CONNECTION Connection = IopLookupId(IopIdConnection, Input->Connection);
    DRIVER_MESSAGE Message = {.Type = DriverMessageInput};
    BOOLEAN Sent;

    if (!Connection || Connection->Port != Port || Input->Length > DRIVER_INPUT_BYTES ||
        !Connection->Class->Channel)
        return;
    Message.Input = *Input;
    Message.Input.Connection = Connection->ClassCallback;
    Sent = IopPutMessage(Connection->Class, &Message);
    if (!Sent && !Connection->Dropping)
        DbgPrint("io: driver %ls.sys does not take its input, which is dropped\n",
                 (const void *)Connection->Class->Name);
    Connection->Dropping = !Sent;
}

void IopDeleteConnections(PIO_DRIVER Driver)
{
    PLIST_ENTRY Entry = IopConnections.Flink, Next;

    for (; Entry != &IopConnections; Entry = Next) {
        PIOP_CONNECTION Connection = CONTAINING_RECORD(Entry, IOP_CONNECTION, Links);

        Next = Entry->Flink;
        if (Connection->Port == Driver || Connection->Class == Driver)
            IopDeleteConnection(Connection);
    }
}
