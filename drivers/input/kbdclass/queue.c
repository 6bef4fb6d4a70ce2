/* SPDX-License-Identifier: BSD-2-Clause */
#include "queue.h"
#include <string.h>

uint32_t KbdQueuePut(KBD_QUEUE *Queue, const void *Packets, uint32_t Count)
{
    const uint8_t *From = Packets;
    uint32_t Done;

    for (Done = 0; Done < Count && Queue->Count < KBD_QUEUE_PACKETS; Done++) {
        uint32_t Slot = (Queue->First + Queue->Count) % KBD_QUEUE_PACKETS;

        memcpy(&Queue->Packets[Slot * KBD_PACKET_SIZE], From + Done * KBD_PACKET_SIZE,
               KBD_PACKET_SIZE);
        Queue->Count++;
    }
    return Done;
}

uint32_t KbdQueueGet(KBD_QUEUE *Queue, void *Packets, uint32_t Count)
{
    uint8_t *To = Packets;
    uint32_t Done;

    for (Done = 0; Done < Count && Queue->Count > 0; Done++) {
        memcpy(To + Done * KBD_PACKET_SIZE, &Queue->Packets[Queue->First * KBD_PACKET_SIZE],
               KBD_PACKET_SIZE);
        Queue->First = (Queue->First + 1) % KBD_QUEUE_PACKETS;
        Queue->Count--;
    }
    return Done;
}
