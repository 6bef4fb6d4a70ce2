/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the data of messages lie in a channel's data area (driver.h), as the producer of a
 * direction reckons. They lie in the order of the messages, around the area, and go with them: what
 * the consumer has counted as consumed is free again. So nothing that stays pending holds room.
 *
 * What the other side can write (the count of messages consumed) is the caller's to check; whatever
 * it is, offsets stay within the area. Pure code, tested on the host.
 */
#pragma once
#include <neptune/driver.h>

typedef struct _DRIVER_DATA {
    UINT32 Next;                     /* where the next data may begin, counted on and on */
    UINT32 End[DRIVER_RING_ENTRIES]; /* what Next was after each message */
} DRIVER_DATA;

/* All messages have been consumed: the next data lie at the start of the area. */
static inline void DriverRestartData(DRIVER_DATA *Data, UINT32 Produced)
{
    Data->Next = 0;
    Data->End[(Produced - 1) % DRIVER_RING_ENTRIES] = 0;
}

/*
 * Room for the data of the message that is the next to be produced, for which the ring has room.
 * Length is at most DRIVER_DATA_SIZE. FALSE: there is not enough now; there will be when all
 * messages have been consumed.
 */
static inline BOOLEAN DriverPlaceData(DRIVER_DATA *Data, UINT32 Produced, UINT32 Consumed,
                                      UINT32 Length, UINT32 *Offset)
{
    UINT32 First;

    if (Produced == Consumed)
        DriverRestartData(Data, Produced);
    First = Data->Next;
    if (First % DRIVER_DATA_SIZE + Length > DRIVER_DATA_SIZE)
        First += DRIVER_DATA_SIZE - First % DRIVER_DATA_SIZE;
    if (First + Length - Data->End[(Consumed - 1) % DRIVER_RING_ENTRIES] > DRIVER_DATA_SIZE)
        return FALSE;
    *Offset = First % DRIVER_DATA_SIZE;
    Data->Next = First + ((Length + 7) & ~7u);
    Data->End[Produced % DRIVER_RING_ENTRIES] = Data->Next;
    return TRUE;
}
