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
    PIO_HOST Port;        /* referenced */
    PIO_HOST Class;       /* referenced */
    UINT32 ClassCallback; /* what the class driver calls it */
    PIO_REQUEST Request;  /* the connect request while it is under way */
    UINT32 Lost;          /* bytes of lost input that the class driver has yet to be told of */
} IOP_CONNECTION, *PIOP_CONNECTION;

static LIST_ENTRY IopConnections = {&IopConnections, &IopConnections};
static ULONG IopConnectionCount;

static void IopDeleteConnection(PIOP_CONNECTION Connection)
{
    if (Connection->Request)
        Connection->Request->Connection = NULL;
    RemoveEntryList(&Connection->Links);
    IopConnectionCount--;
    IopFreeId(Connection->Id);
    IoDereferenceHost(Connection->Port);
    IoDereferenceHost(Connection->Class);
    ExFreePool(Connection);
}

/* Makes the connection for the connect request of a class driver (Request's origin) to the driver
 * that it is sent to. */
NTSTATUS IopConnectInput(PIO_REQUEST Request, UINT32 ClassCallback)
{
    PIOP_CONNECTION Connection;

    if (!Request->Device->Driver)
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
    Connection->Port = Request->Device->Driver->Host;
    Connection->Class = Request->Origin;
    IoReferenceHost(Connection->Port);
    IoReferenceHost(Connection->Class);
    Connection->ClassCallback = ClassCallback;
    Connection->Request = Request;
    InsertTailList(&IopConnections, &Connection->Links);
    IopConnectionCount++;
    Request->Connection = Connection;
    Request->Parameters.Connection = Connection->Id;
    return STATUS_SUCCESS;
}

/* The connect request is answered: a refused one leaves no connection. */
void IopEndConnect(PIO_REQUEST Request)
{
    PIOP_CONNECTION Connection = Request->Connection;

    Request->Connection = NULL;
    Connection->Request = NULL;
    if (!NT_SUCCESS(Request->Status))
        IopDeleteConnection(Connection);
}

/*
 * A port driver is not held up by a class driver that does not empty its ring: input that does not
 * fit is dropped, and the next message that fits says how much was lost.
 */
void IopRouteInput(PIO_HOST Port, const DRIVER_INPUT *Input)
{
    PIOP_CONNECTION Connection = IopLookupId(IopIdConnection, Input->Connection);
    DRIVER_MESSAGE Message = {.Type = DriverMessageInput};
    BOOLEAN Sent;

    if (!Connection || Connection->Port != Port || Input->Length > DRIVER_INPUT_BYTES ||
        !Connection->Class->Channel)
        return;
    Message.Input = *Input;
    Message.Input.Connection = Connection->ClassCallback;
    Message.Input.Lost = Connection->Lost;
    Sent = IopPutMessage(Connection->Class, &Message);
    if (IopLookupId(IopIdConnection, Input->Connection) != Connection)
        return; /* it was the class driver's end (IopBreakChannel) */
    if (Sent) {
        Connection->Lost = 0;
        return;
    }
    if (!Connection->Lost)
        DbgPrint("io: %ls does not take its input, which is dropped\n",
                 (const void *)Connection->Class->Name);
    Connection->Lost += Input->Length;
}

void IopDeleteConnections(PIO_HOST Host)
{
    PLIST_ENTRY Entry = IopConnections.Flink, Next;

    for (; Entry != &IopConnections; Entry = Next) {
        PIOP_CONNECTION Connection = CONTAINING_RECORD(Entry, IOP_CONNECTION, Links);

        Next = Entry->Flink;
        if (Connection->Port == Host || Connection->Class == Host)
            IopDeleteConnection(Connection);
    }
}
