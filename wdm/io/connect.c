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
#include "wdmio.h"
#include "ki.h"
#include "ob.h"
#include <kbdmou.h>

/* Messages kept for a callback that consumes nothing. Input beyond that is dropped, and the class
 * driver is told how much it was. */
#define WDM_MAX_HELD 64

typedef struct _WDM_CONNECTION {
    LIST_ENTRY Link;
    UINT32 Id;
    ULONG PacketSize;
    PDEVICE_OBJECT Port; /* the port driver's device */
    CONNECT_DATA Data;
} WDM_CONNECTION, *PWDM_CONNECTION;

typedef struct _WDM_CALLBACK {
    LIST_ENTRY Link;
    UINT32 Id;
    ULONG PacketSize;
    CONNECT_DATA Data;
    LIST_ENTRY Held; /* WDM_HELD_INPUT, oldest first */
    ULONG HeldCount;
    ULONG Lost; /* lost packets that the class driver has yet to be told of */
} WDM_CALLBACK, *PWDM_CALLBACK;

typedef struct _WDM_HELD_INPUT {
    LIST_ENTRY Link;
    ULONG Start, End; /* what is left of Data */
    DECLSPEC_ALIGN(8) UCHAR Data[DRIVER_INPUT_BYTES];
} WDM_HELD_INPUT, *PWDM_HELD_INPUT;

static LIST_ENTRY WdmConnections = {&WdmConnections, &WdmConnections};
static LIST_ENTRY WdmCallbacks = {&WdmCallbacks, &WdmCallbacks};
static DRIVER_OBJECT WdmConnectionDriver; /* of the stand-in devices; no IRP reaches it */
static UINT32 WdmLastCallbackId;

BOOLEAN WdmIsConnectCode(UCHAR MajorFunction, ULONG IoControlCode)
{
    return MajorFunction == IRP_MJ_INTERNAL_DEVICE_CONTROL &&
           (IoControlCode == IOCTL_INTERNAL_KEYBOARD_CONNECT ||
            IoControlCode == IOCTL_INTERNAL_MOUSE_CONNECT);
}

static ULONG WdmPacketSize(ULONG IoControlCode)
{
    return IoControlCode == IOCTL_INTERNAL_KEYBOARD_CONNECT ? sizeof(KEYBOARD_INPUT_DATA)
                                                            : sizeof(MOUSE_INPUT_DATA);
}

/* ---- The port driver's side ---- */

static PWDM_CONNECTION WdmFindConnection(PDEVICE_OBJECT ClassDevice)
{
    for (PLIST_ENTRY Entry = WdmConnections.Flink; Entry != &WdmConnections; Entry = Entry->Flink) {
        PWDM_CONNECTION Connection = CONTAINING_RECORD(Entry, WDM_CONNECTION, Link);

        if (Connection->Data.ClassDeviceObject == ClassDevice)
            return Connection;
    }
    return NULL;
}

/*
 * The service callback that port drivers get: sends as many packets of [Start, End) as the channel
 * has room for now and adds their number to *Consumed, as class drivers do. DISPATCH_LEVEL.
 */
static VOID NTAPI WdmForwardInput(PDEVICE_OBJECT ClassDevice, PVOID Start, PVOID End,
                                  PULONG Consumed)
{
    PWDM_CONNECTION Connection = WdmFindConnection(ClassDevice);
    DRIVER_MESSAGE Message = {.Type = DriverMessageInput};
    PUCHAR Next = Start;
    ULONG Chunk, Room = WdmSendRoom();

    if (!Connection)
        return;
    Message.Input.Connection = Connection->Id;
    for (; Next < (PUCHAR)End && Room > 0; Room--) {
        Chunk = DRIVER_INPUT_BYTES - DRIVER_INPUT_BYTES % Connection->PacketSize;
        Chunk = (ULONG)min(Chunk, (SIZE_T)((PUCHAR)End - Next));
        Message.Input.Length = Chunk;
        RtlCopyMemory(Message.Input.Data, Next, Chunk);
        WdmSend(&Message);
        Next += Chunk;
        *Consumed += Chunk / Connection->PacketSize;
    }
}

/* A connection for the request that came with this id. NULL: no memory. */
PWDM_CONNECTION WdmCreateConnection(UINT32 Id, ULONG IoControlCode, PDEVICE_OBJECT Port)
{
    PWDM_CONNECTION Connection = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Connection), 'noCI');

    if (!Connection)
        return NULL;
    Connection->Id = Id;
    Connection->Port = Port;
    Connection->PacketSize = WdmPacketSize(IoControlCode);
    Connection->Data.ClassService = (PVOID)WdmForwardInput;
    Connection->Data.ClassDeviceObject =
        WdmCreateLocalProxy(&WdmConnectionDriver, FILE_DEVICE_KEYBOARD);
    if (!Connection->Data.ClassDeviceObject) {
        ExFreePoolWithTag(Connection, 'noCI');
        return NULL;
    }
    InsertTailList(&WdmConnections, &Connection->Link);
    return Connection;
}

/* Undoes a connection that the port driver has refused. */
VOID WdmDeleteConnection(PWDM_CONNECTION Connection)
{
    RemoveEntryList(&Connection->Link);
    ObDereferenceObject(WdmDevice(Connection->Data.ClassDeviceObject));
    ExFreePoolWithTag(Connection, 'noCI');
}

PVOID WdmConnectData(PWDM_CONNECTION Connection, PULONG Length)
{
    *Length = sizeof(Connection->Data);
    return &Connection->Data;
}

/* ---- The class driver's side ---- */

static PWDM_CALLBACK WdmFindCallback(UINT32 Id)
{
    for (PLIST_ENTRY Entry = WdmCallbacks.Flink; Entry != &WdmCallbacks; Entry = Entry->Flink) {
        PWDM_CALLBACK Callback = CONTAINING_RECORD(Entry, WDM_CALLBACK, Link);

        if (Callback->Id == Id)
            return Callback;
    }
    return NULL;
}

NTSTATUS WdmRegisterCallback(ULONG IoControlCode, PVOID ConnectData, ULONG Length, PUINT32 Id)
{
    PWDM_CALLBACK Callback;

    if (!ConnectData || Length < sizeof(CONNECT_DATA))
        return STATUS_INVALID_PARAMETER;
    Callback = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Callback), 'laCI');
    if (!Callback)
        return STATUS_INSUFFICIENT_RESOURCES;
    RtlCopyMemory(&Callback->Data, ConnectData, sizeof(CONNECT_DATA));
    Callback->Id = *Id = ++WdmLastCallbackId;
    Callback->PacketSize = WdmPacketSize(IoControlCode);
    Callback->HeldCount = Callback->Lost = 0;
    InitializeListHead(&Callback->Held);
    InsertTailList(&WdmCallbacks, &Callback->Link);
    return STATUS_SUCCESS;
}

VOID WdmUnregisterCallback(UINT32 Id)
{
    PWDM_CALLBACK Callback = WdmFindCallback(Id);

    if (!Callback)
        return;
    while (!IsListEmpty(&Callback->Held))
        ExFreePoolWithTag(CONTAINING_RECORD(RemoveHeadList(&Callback->Held), WDM_HELD_INPUT, Link),
                          'leHI');
    RemoveEntryList(&Callback->Link);
    ExFreePoolWithTag(Callback, 'laCI');
}

/* Device is being deleted: its connection must not be used any more. */
VOID WdmForgetConnections(PDEVICE_OBJECT Device)
{
    PLIST_ENTRY Entry, Next;

    for (Entry = WdmCallbacks.Flink; Entry != &WdmCallbacks; Entry = Next) {
        PWDM_CALLBACK Callback = CONTAINING_RECORD(Entry, WDM_CALLBACK, Link);

        Next = Entry->Flink;
        if (Callback->Data.ClassDeviceObject == Device)
            WdmUnregisterCallback(Callback->Id);
    }
    for (Entry = WdmConnections.Flink; Entry != &WdmConnections; Entry = Next) {
        PWDM_CONNECTION Connection = CONTAINING_RECORD(Entry, WDM_CONNECTION, Link);

        Next = Entry->Flink;
        if (Connection->Port == Device)
            WdmDeleteConnection(Connection);
    }
}

/* Offers [Start, End) to the class driver and returns how many bytes it consumed. */
static ULONG WdmCallClassService(PWDM_CALLBACK Callback, PUCHAR Start, PUCHAR End)
{
    PSERVICE_CALLBACK_ROUTINE Service = (PSERVICE_CALLBACK_ROUTINE)Callback->Data.ClassService;
    ULONG Consumed = 0, Packets = (ULONG)(End - Start) / Callback->PacketSize;

    Service(Callback->Data.ClassDeviceObject, Start, End, &Consumed);
    return min(Consumed, Packets) * Callback->PacketSize;
}

static VOID WdmHoldInput(PWDM_CALLBACK Callback, const UCHAR *Data, ULONG Length)
{
    PWDM_HELD_INPUT Held = NULL;

    if (Callback->HeldCount < WDM_MAX_HELD)
        Held = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Held), 'leHI');
    if (!Held) {
        KI_TRACE(ERROR, ("input lost: the class driver does not take it\n"));
        Callback->Lost += Length / Callback->PacketSize;
        return;
    }
    Held->Start = 0;
    Held->End = Length;
    RtlCopyMemory(Held->Data, Data, Length);
    InsertTailList(&Callback->Held, &Held->Link);
    Callback->HeldCount++;
}

/* Tells the class driver how many keyboard packets were lost on the way, by one packet that stands
 * for them. */
static VOID WdmReportLoss(PWDM_CALLBACK Callback)
{
    KEYBOARD_INPUT_DATA Loss = {.MakeCode = KEYBOARD_OVERRUN_MAKE_CODE,
                                .ExtraInformation = Callback->Lost};

    if (!Callback->Lost || !IsListEmpty(&Callback->Held) || Callback->PacketSize != sizeof(Loss))
        return;
    if (WdmCallClassService(Callback, (PUCHAR)&Loss, (PUCHAR)(&Loss + 1)))
        Callback->Lost = 0;
}

/* Input has come for a callback. In the event loop, at DISPATCH_LEVEL. */
VOID WdmReceiveInput(const DRIVER_INPUT *Input)
{
    PWDM_CALLBACK Callback = WdmFindCallback(Input->Connection);
    DECLSPEC_ALIGN(8) UCHAR Data[DRIVER_INPUT_BYTES];
    ULONG Consumed = 0;

    if (!Callback || Input->Length == 0 || Input->Length > DRIVER_INPUT_BYTES ||
        Input->Length % Callback->PacketSize)
        return;
    Callback->Lost += Input->Lost / Callback->PacketSize;
    WdmReportLoss(Callback);
    RtlCopyMemory(Data, Input->Data, Input->Length);
    if (IsListEmpty(&Callback->Held))
        Consumed = WdmCallClassService(Callback, Data, Data + Input->Length);
    if (Consumed < Input->Length)
        WdmHoldInput(Callback, Data + Consumed, Input->Length - Consumed);
}

static VOID WdmDeliverHeld(PWDM_CALLBACK Callback)
{
    while (!IsListEmpty(&Callback->Held)) {
        PWDM_HELD_INPUT Held = CONTAINING_RECORD(Callback->Held.Flink, WDM_HELD_INPUT, Link);

        Held->Start +=
            WdmCallClassService(Callback, Held->Data + Held->Start, Held->Data + Held->End);
        if (Held->Start < Held->End)
            return;
        RemoveEntryList(&Held->Link);
        Callback->HeldCount--;
        ExFreePoolWithTag(Held, 'leHI');
    }
}

/* Offers once more what callbacks have not consumed. In the event loop, at DISPATCH_LEVEL. */
VOID WdmDeliverHeldInput(VOID)
{
    for (PLIST_ENTRY Entry = WdmCallbacks.Flink; Entry != &WdmCallbacks; Entry = Entry->Flink)
        WdmDeliverHeld(CONTAINING_RECORD(Entry, WDM_CALLBACK, Link));
}
