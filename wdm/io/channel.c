/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two rings. The runtime keeps its own copies of the indices it writes, and copies a message
 * out before it looks at it. A signal to the Executive is owed after messages were put in while it
 * sleeps, and is given once per batch.
 */
#include "datamap.h"
#include "iop.h"
#include "ki.h"
#include "ntdll.h"
#include "stub.h"

#define IOP_RESERVED_ENTRIES 8 /* that input packets leave free for answers */

static DRIVER_CHANNEL *IopChannel;
static UINT32 IopConsumed, IopProduced;
static BOOLEAN IopSignalOwed;
static IOP_DATA_MAP IopDataMap; /* of FromDriverData */

NTSTATUS IopOpenChannel(ULONG_PTR Address)
{
    if (!Address || (Address & (sizeof(ULONG64) - 1)))
        return STATUS_INVALID_PARAMETER;
    IopChannel = (DRIVER_CHANNEL *)Address;
    IopConsumed = IopChannel->ToDriver.Consumed;
    IopProduced = IopChannel->FromDriver.Produced;
    return STATUS_SUCCESS;
}

/* The Executive does not write such things: the driver has, through a wild pointer. */
VOID IopBreakChannel(ULONG_PTR Found)
{
    KeBugCheckEx(DRIVER_CORRUPTED_MMPOOL, (ULONG_PTR)IopChannel, Found, 0, 0);
}

/* Takes the next message. FALSE if there is none. */
BOOLEAN IopReceive(DRIVER_MESSAGE *Message)
{
    DRIVER_RING *Ring = &IopChannel->ToDriver;
    UINT32 Count = __atomic_load_n(&Ring->Produced, __ATOMIC_ACQUIRE) - IopConsumed;

    if (Count > DRIVER_RING_ENTRIES)
        IopBreakChannel(Count);
    if (Count == 0)
        return FALSE;
    RtlCopyMemory(Message, &Ring->Entry[IopConsumed % DRIVER_RING_ENTRIES], sizeof(*Message));
    __atomic_store_n(&Ring->Consumed, ++IopConsumed, __ATOMIC_RELEASE);
    return TRUE;
}

static ULONG IopRingRoom(VOID)
{
    UINT32 Used = IopProduced - __atomic_load_n(&IopChannel->FromDriver.Consumed, __ATOMIC_ACQUIRE);

    if (Used > DRIVER_RING_ENTRIES)
        IopBreakChannel(Used);
    return DRIVER_RING_ENTRIES - Used;
}

/* Messages that may be sent now without waiting, some kept back for answers. */
ULONG IopSendRoom(VOID)
{
    ULONG Room = IopRingRoom();

    return Room > IOP_RESERVED_ENTRIES ? Room - IOP_RESERVED_ENTRIES : 0;
}

/* Sends a message. In a full ring it waits for the Executive, which runs whenever it is called. */
VOID IopSend(const DRIVER_MESSAGE *Message)
{
    DRIVER_RING *Ring = &IopChannel->FromDriver;

    while (IopRingRoom() == 0) {
        KxSignalExecutive();
        NtYieldExecution();
    }
    RtlCopyMemory(&Ring->Entry[IopProduced % DRIVER_RING_ENTRIES], Message, sizeof(*Message));
    __atomic_store_n(&Ring->Produced, ++IopProduced, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&Ring->ConsumerSleeps, __ATOMIC_SEQ_CST))
        IopSignalOwed = TRUE;
}

/* Answers the request Id. */
VOID IopSendDone(UINT64 Id, NTSTATUS Status, ULONG_PTR Information)
{
    DRIVER_MESSAGE Message = {.Type = DriverMessageDone, .Id = Id};

    Message.Done.Status = Status;
    Message.Done.Information = Information;
    IopSend(&Message);
}

VOID IopFlushChannel(VOID)
{
    if (IopSignalOwed) {
        IopSignalOwed = FALSE;
        KxSignalExecutive();
    }
}

/* Sleeps until there is a message, a DPC or a timer. */
VOID IopWait(VOID)
{
    DRIVER_RING *Ring = &IopChannel->ToDriver;

    __atomic_store_n(&Ring->ConsumerSleeps, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&Ring->Produced, __ATOMIC_SEQ_CST) == IopConsumed && !KiDpcsPending())
        KxWaitMainThread();
    __atomic_store_n(&Ring->ConsumerSleeps, 0, __ATOMIC_RELAXED);
}

/* The part of the Executive's data area that a message names, or NULL if it is not inside. */
PVOID IopIncomingData(UINT32 Offset, UINT32 Length)
{
    if (Offset > DRIVER_DATA_SIZE || Length > DRIVER_DATA_SIZE - Offset || (Offset & 7))
        return NULL;
    return IopChannel->ToDriverData + Offset;
}

/* A part of the driver's data area, or NULL. */
PVOID IopAllocateData(UINT32 Length, PUINT32 Offset)
{
    if (!IopMapAllocate(&IopDataMap, Length, Offset))
        return NULL;
    return IopChannel->FromDriverData + *Offset;
}

VOID IopFreeData(UINT32 Offset, UINT32 Length)
{
    IopMapFree(&IopDataMap, Offset, Length);
}
