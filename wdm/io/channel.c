/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two rings. The runtime keeps its own copies of the indices it writes, and copies a message
 * out before it looks at it. If messages are put into the ring while the Executive sleeps, it is
 * signalled once for the whole batch.
 */
#include "wdmio.h"
#include "ki.h"
#include "ntdll.h"
#include "stub.h"
#include <neptune/channeldata.h>

#define WDM_RESERVED_ENTRIES 8 /* kept free of input packets, for answers */

static DRIVER_CHANNEL *WdmChannel;
static UINT32 WdmTaken, WdmProduced; /* messages */
static BOOLEAN WdmSignalOwed;
static DRIVER_DATA WdmData; /* where data lie in FromDriverData */

NTSTATUS WdmOpenChannel(ULONG_PTR Address)
{
    if (!Address || (Address & (sizeof(ULONG64) - 1)))
        return STATUS_INVALID_PARAMETER;
    WdmChannel = (DRIVER_CHANNEL *)Address;
    WdmTaken = WdmChannel->ToDriver.Consumed;
    WdmProduced = WdmChannel->FromDriver.Produced;
    return STATUS_SUCCESS;
}

/* The Executive never writes such a message, so the driver must have, through a wild pointer. */
VOID WdmBreakChannel(ULONG_PTR Found)
{
    KeBugCheckEx(DRIVER_CORRUPTED_MMPOOL, (ULONG_PTR)WdmChannel, Found, 0, 0);
}

/* Takes the next message. FALSE if there is none. The data of the last one go. */
BOOLEAN WdmReceive(DRIVER_MESSAGE *Message)
{
    DRIVER_RING *Ring = &WdmChannel->ToDriver;
    UINT32 Count = __atomic_load_n(&Ring->Produced, __ATOMIC_ACQUIRE) - WdmTaken;

    if (Count > DRIVER_RING_ENTRIES)
        WdmBreakChannel(Count);
    __atomic_store_n(&Ring->Consumed, WdmTaken, __ATOMIC_RELEASE);
    if (Count == 0)
        return FALSE;
    DriverCopyMessage(Message, &Ring->Entry[WdmTaken++ % DRIVER_RING_ENTRIES]);
    return TRUE;
}

static ULONG WdmRingRoom(VOID)
{
    UINT32 Used = WdmProduced - __atomic_load_n(&WdmChannel->FromDriver.Consumed, __ATOMIC_ACQUIRE);

    if (Used > DRIVER_RING_ENTRIES)
        WdmBreakChannel(Used);
    return DRIVER_RING_ENTRIES - Used;
}

/* Messages that may be sent now without waiting, some kept back for answers. */
ULONG WdmSendRoom(VOID)
{
    ULONG Room = WdmRingRoom();

    return Room > WDM_RESERVED_ENTRIES ? Room - WDM_RESERVED_ENTRIES : 0;
}

static BOOLEAN WdmPlaceData(DRIVER_MESSAGE *Message, UINT32 Length)
{
    UINT32 Room = WdmRingRoom();

    return Room && DriverPlaceData(&WdmData, WdmProduced, WdmProduced + Room - DRIVER_RING_ENTRIES,
                                   Length, &Message->DataOffset);
}

/*
 * Sends a message with its data, at most DRIVER_DATA_SIZE bytes. If there is no room it waits for
 * the Executive, which runs whenever it is called.
 */
VOID WdmSendData(DRIVER_MESSAGE *Message, const VOID *Data, UINT32 Length)
{
    DRIVER_RING *Ring = &WdmChannel->FromDriver;

    while (!WdmPlaceData(Message, Length)) {
        KxSignalExecutive();
        NtYieldExecution();
    }
    if (Length)
        RtlCopyMemory(WdmChannel->FromDriverData + Message->DataOffset, Data, Length);
    DriverCopyMessage(&Ring->Entry[WdmProduced % DRIVER_RING_ENTRIES], Message);
    __atomic_store_n(&Ring->Produced, ++WdmProduced, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&Ring->ConsumerSleeps, __ATOMIC_SEQ_CST))
        WdmSignalOwed = TRUE;
}

VOID WdmSend(DRIVER_MESSAGE *Message)
{
    WdmSendData(Message, NULL, 0);
}

/* Answers the request Id without data. */
VOID WdmSendDone(UINT64 Id, NTSTATUS Status)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageDone, .Id = Id};

    Message.Done.Status = Status;
    WdmSend(&Message);
}

/* The dispatch routine of request Id has left it to be answered later. */
VOID WdmSendPending(UINT64 Id)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessagePending, .Id = Id};

    WdmSend(&Message);
}

VOID WdmFlushChannel(VOID)
{
    if (WdmSignalOwed) {
        WdmSignalOwed = FALSE;
        KxSignalExecutive();
    }
}

/* Sleeps until there is a message, a DPC or a timer. */
VOID WdmWait(VOID)
{
    DRIVER_RING *Ring = &WdmChannel->ToDriver;

    __atomic_store_n(&Ring->ConsumerSleeps, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&Ring->Produced, __ATOMIC_SEQ_CST) == WdmTaken && !KiDpcsPending()) {
        KiSetIrql(PASSIVE_LEVEL);
        KiEndStretch();
        KxWaitMainThread();
        KiSetIrql(DISPATCH_LEVEL);
    }
    __atomic_store_n(&Ring->ConsumerSleeps, 0, __ATOMIC_RELAXED);
}

/* Data of the message that was taken last; NULL if they are not inside the area. */
const VOID *WdmIncomingData(const DRIVER_MESSAGE *Message, UINT64 Length)
{
    UINT32 Offset = Message->DataOffset;

    if (Offset > DRIVER_DATA_SIZE || Length > DRIVER_DATA_SIZE - Offset || (Offset & 7))
        return NULL;
    return WdmChannel->ToDriverData + Offset;
}
