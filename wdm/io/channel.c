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

#define WDM_RESERVED_ENTRIES 8 /* kept free of input packets, for answers */

static DRIVER_CHANNEL *WdmChannel;
static UINT32 WdmTaken, WdmProduced; /* messages */
static BOOLEAN WdmSignalOwed;

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

/* Takes the next message. FALSE if there is none. */
BOOLEAN WdmReceive(DRIVER_MESSAGE *Message)
{
    DRIVER_RING *Ring = &WdmChannel->ToDriver;
    UINT32 Count = __atomic_load_n(&Ring->Produced, __ATOMIC_ACQUIRE) - WdmTaken;

    if (Count > DRIVER_RING_ENTRIES)
        WdmBreakChannel(Count);
    if (Count == 0)
        return FALSE;
    DriverCopyMessage(Message, &Ring->Entry[WdmTaken++ % DRIVER_RING_ENTRIES]);
    __atomic_store_n(&Ring->Consumed, WdmTaken, __ATOMIC_RELEASE);
    if (Message->DataLength > DRIVER_INLINE_BYTES && Message->Type != DriverMessageInput)
        WdmBreakChannel(Message->DataLength);
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

/* At most DRIVER_INLINE_BYTES, which go with the message. */
VOID WdmAddData(DRIVER_MESSAGE *Message, const VOID *Data, SIZE_T Length)
{
    Message->DataLength = (UINT32)Length;
    if (Length)
        RtlCopyMemory(Message->Data, Data, Length);
}

/* If there is no room it waits for the Executive, which runs whenever it is called. */
VOID WdmSend(const DRIVER_MESSAGE *Message)
{
    DRIVER_RING *Ring = &WdmChannel->FromDriver;

    while (!WdmRingRoom()) {
        KxSignalExecutive();
        NtYieldExecution();
    }
    DriverCopyMessage(&Ring->Entry[WdmProduced % DRIVER_RING_ENTRIES], Message);
    __atomic_store_n(&Ring->Produced, ++WdmProduced, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&Ring->ConsumerSleeps, __ATOMIC_SEQ_CST))
        WdmSignalOwed = TRUE;
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
