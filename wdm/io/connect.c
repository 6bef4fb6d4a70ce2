/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Class and port drivers of keyboards and mice in different processes. A class driver connects by
 * giving the port driver its device and its service callback. Across processes both stay where they
 * are:
 *
 * In the class driver's process its CONNECT_DATA is kept as a callback, whose id goes with the
 * request. In the port driver's process the request arrives with a connection id, and the port
 * driver gets a CONNECT_DATA of a stand-in device and a routine of the runtime. What the port
 * driver passes to that travels as input messages, and the class driver's runtime calls the real
 * callback with it. Packets that a callback does not consume are offered to it again.
 */
#include "iop.h"
#include "ki.h"
#include "ob.h"
#include <kbdmou.h>

#define IOP_MAX_HELD                                                                               \
    64 /* messages kept for a callback that consumes nothing; input beyond that is lost */

typedef struct _IOP_CONNECTION {
    LIST_ENTRY Link;
    UINT32 Id;
    ULONG PacketSize;
    PDEVICE_OBJECT Port; /* the port driver's device */
    CONNECT_DATA Data;
} IOP_CONNECTION, *PIOP_CONNECTION;

typedef struct _IOP_CALLBACK {
    LIST_ENTRY Link;
    UINT32 Id;
    ULONG PacketSize;
    CONNECT_DATA Data;
    LIST_ENTRY Held; /* IOP_HELD_INPUT, oldest first */
    ULONG HeldCount;
} IOP_CALLBACK, *PIOP_CALLBACK;

typedef struct _IOP_HELD_INPUT {
    LIST_ENTRY Link;
    ULONG Start, End; /* what is left of Data */
    DECLSPEC_ALIGN(8) UCHAR Data[DRIVER_INPUT_BYTES];
} IOP_HELD_INPUT, *PIOP_HELD_INPUT;

static LIST_ENTRY IopConnections = {&IopConnections, &IopConnections};
static LIST_ENTRY IopCallbacks = {&IopCallbacks, &IopCallbacks};
static DRIVER_OBJECT IopConnectionDriver; /* of the stand-in devices; no IRP reaches it */
static UINT32 IopLastCallbackId;

BOOLEAN IopIsConnectCode(UCHAR MajorFunction, ULONG IoControlCode)
{
    return MajorFunction == IRP_MJ_INTERNAL_DEVICE_CONTROL &&
           (IoControlCode == IOCTL_INTERNAL_KEYBOARD_CONNECT ||
            IoControlCode == IOCTL_INTERNAL_MOUSE_CONNECT);
}

static ULONG IopPacketSize(ULONG IoControlCode)
{
    return IoControlCode == IOCTL_INTERNAL_KEYBOARD_CONNECT ? sizeof(KEYBOARD_INPUT_DATA)
                                                            : sizeof(MOUSE_INPUT_DATA);
}

/* ---- The port driver's side ---- */

static PIOP_CONNECTION IopFindConnection(PDEVICE_OBJECT ClassDevice)
{
    for (PLIST_ENTRY Entry = IopConnections.Flink; Entry != &IopConnections; Entry = Entry->Flink) {
        PIOP_CONNECTION Connection = CONTAINING_RECORD(Entry, IOP_CONNECTION, Link);

        if (Connection->Data.ClassDeviceObject == ClassDevice)
            return Connection;
    }
    return NULL;
}

/*
 * The service callback that port drivers get: sends as many packets of [Start, End) as the channel
 * has room for now and adds their number to *Consumed, as class drivers do. DISPATCH_LEVEL.
 */
static VOID NTAPI IopForwardInput(PDEVICE_OBJECT ClassDevice, PVOID Start, PVOID End,
                                  PULONG Consumed)
{
    PIOP_CONNECTION Connection = IopFindConnection(ClassDevice);
    DRIVER_MESSAGE Message = {.Type = DriverMessageInput};
    PUCHAR Next = Start;
    ULONG Chunk, Room = IopSendRoom();

    if (!Connection)
        return;
    Message.Input.Connection = Connection->Id;
    for (; Next < (PUCHAR)End && Room > 0; Room--) {
        Chunk = DRIVER_INPUT_BYTES - DRIVER_INPUT_BYTES % Connection->PacketSize;
        Chunk = (ULONG)min(Chunk, (SIZE_T)((PUCHAR)End - Next));
        Message.Input.Length = Chunk;
        RtlCopyMemory(Message.Input.Data, Next, Chunk);
        IopSend(&Message);
        Next += Chunk;
        *Consumed += Chunk / Connection->PacketSize;
    }
}

/* A connection for the request that came with this id. NULL: no memory. */
PIOP_CONNECTION IopCreateConnection(UINT32 Id, ULONG IoControlCode, PDEVICE_OBJECT Port)
{
    PIOP_CONNECTION Connection = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Connection), 'noCI');

    if (!Connection)
        return NULL;
    Connection->Id = Id;
    Connection->Port = Port;
    Connection->PacketSize = IopPacketSize(IoControlCode);
    Connection->Data.ClassService = (PVOID)IopForwardInput;
    Connection->Data.ClassDeviceObject =
        IopCreateLocalProxy(&IopConnectionDriver, FILE_DEVICE_KEYBOARD);
    if (!Connection->Data.ClassDeviceObject) {
        ExFreePoolWithTag(Connection, 'noCI');
        return NULL;
    }
    InsertTailList(&IopConnections, &Connection->Link);
    return Connection;
}

/* For one that the port driver has refused. */
VOID IopDeleteConnection(PIOP_CONNECTION Connection)
{
    RemoveEntryList(&Connection->Link);
    ObDereferenceObject(IopDevice(Connection->Data.ClassDeviceObject));
    ExFreePoolWithTag(Connection, 'noCI');
}

PVOID IopConnectData(PIOP_CONNECTION Connection, PULONG Length)
{
    *Length = sizeof(Connection->Data);
    return &Connection->Data;
}

/* ---- The class driver's side ---- */

static PIOP_CALLBACK IopFindCallback(UINT32 Id)
{
    for (PLIST_ENTRY Entry = IopCallbacks.Flink; Entry != &IopCallbacks; Entry = Entry->Flink) {
        PIOP_CALLBACK Callback = CONTAINING_RECORD(Entry, IOP_CALLBACK, Link);

        if (Callback->Id == Id)
            return Callback;
    }
    return NULL;
}

NTSTATUS IopRegisterCallback(ULONG IoControlCode, PVOID ConnectData, ULONG Length, PUINT32 Id)
{
    PIOP_CALLBACK Callback;

    if (!ConnectData || Length < sizeof(CONNECT_DATA))
        return STATUS_INVALID_PARAMETER;
    Callback = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Callback), 'laCI');
    if (!Callback)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(&Callback->Data, ConnectData, sizeof(CONNECT_DATA));
    Callback->Id = *Id = ++IopLastCallbackId;
    Callback->PacketSize = IopPacketSize(IoControlCode);
    Callback->HeldCount = 0;
    InitializeListHead(&Callback->Held);
    InsertTailList(&IopCallbacks, &Callback->Link);
    return STATUS_SUCCESS;
}

VOID IopUnregisterCallback(UINT32 Id)
{
    PIOP_CALLBACK Callback = IopFindCallback(Id);

    if (!Callback)
        return;
    while (!IsListEmpty(&Callback->Held))
        ExFreePoolWithTag(CONTAINING_RECORD(RemoveHeadList(&Callback->Held), IOP_HELD_INPUT, Link),
                          'leHI');
    RemoveEntryList(&Callback->Link);
    ExFreePoolWithTag(Callback, 'laCI');
}

/* Device is being deleted: nothing goes through it any more. */
VOID IopForgetConnections(PDEVICE_OBJECT Device)
{
    PLIST_ENTRY Entry, Next;

    for (Entry = IopCallbacks.Flink; Entry != &IopCallbacks; Entry = Next) {
        PIOP_CALLBACK Callback = CONTAINING_RECORD(Entry, IOP_CALLBACK, Link);

        Next = Entry->Flink;
        if (Callback->Data.ClassDeviceObject == Device)
            IopUnregisterCallback(Callback->Id);
    }
    for (Entry = IopConnections.Flink; Entry != &IopConnections; Entry = Next) {
        PIOP_CONNECTION Connection = CONTAINING_RECORD(Entry, IOP_CONNECTION, Link);

        Next = Entry->Flink;
        if (Connection->Port == Device)
            IopDeleteConnection(Connection);
    }
}

/* Offers [Start, End) to the class driver and returns how many bytes it consumed. */
static ULONG IopCallClassService(PIOP_CALLBACK Callback, PUCHAR Start, PUCHAR End)
{
    PSERVICE_CALLBACK_ROUTINE Service = (PSERVICE_CALLBACK_ROUTINE)Callback->Data.ClassService;
    ULONG Consumed = 0, Packets = (ULONG)(End - Start) / Callback->PacketSize;

    Service(Callback->Data.ClassDeviceObject, Start, End, &Consumed);
    return min(Consumed, Packets) * Callback->PacketSize;
}

static VOID IopHoldInput(PIOP_CALLBACK Callback, const UCHAR *Data, ULONG Length)
{
    PIOP_HELD_INPUT Held = NULL;

    if (Callback->HeldCount < IOP_MAX_HELD)
        Held = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Held), 'leHI');
    if (!Held) {
        KI_TRACE(ERROR, ("input lost: the class driver does not take it\n"));
        return;
    }
    Held->Start = 0;
    Held->End = Length;
    RtlCopyMemory(Held->Data, Data, Length);
    InsertTailList(&Callback->Held, &Held->Link);
    Callback->HeldCount++;
}

/* Input has come for a callback. In the event loop, at DISPATCH_LEVEL. */
VOID IopReceiveInput(const DRIVER_INPUT *Input)
{
    PIOP_CALLBACK Callback = IopFindCallback(Input->Connection);
    DECLSPEC_ALIGN(8) UCHAR Data[DRIVER_INPUT_BYTES];
    ULONG Consumed = 0;

    if (!Callback || Input->Length == 0 || Input->Length > DRIVER_INPUT_BYTES ||
        Input->Length % Callback->PacketSize)
        return;
    RtlCopyMemory(Data, Input->Data, Input->Length);
    if (IsListEmpty(&Callback->Held))
        Consumed = IopCallClassService(Callback, Data, Data + Input->Length);
    if (Consumed < Input->Length)
        IopHoldInput(Callback, Data + Consumed, Input->Length - Consumed);
}

static VOID IopDeliverHeld(PIOP_CALLBACK Callback)
{
    while (!IsListEmpty(&Callback->Held)) {
        PIOP_HELD_INPUT Held = CONTAINING_RECORD(Callback->Held.Flink, IOP_HELD_INPUT, Link);

        Held->Start +=
            IopCallClassService(Callback, Held->Data + Held->Start, Held->Data + Held->End);
        if (Held->Start < Held->End)
            return;
        RemoveEntryList(&Held->Link);
        Callback->HeldCount--;
        ExFreePoolWithTag(Held, 'leHI');
    }
}

/* Offers once more what callbacks have not consumed. In the event loop, at DISPATCH_LEVEL. */
VOID IopDeliverHeldInput(VOID)
{
    for (PLIST_ENTRY Entry = IopCallbacks.Flink; Entry != &IopCallbacks; Entry = Entry->Flink)
        IopDeliverHeld(CONTAINING_RECORD(Entry, IOP_CALLBACK, Link));
}
