/* SPDX-License-Identifier: BSD-2-Clause */
#include "ring.h"

bool I8xRingInsert(I8X_RING *Ring, uint32_t *Slot)
{
    if (Ring->Count == I8X_RING_PACKETS)
        return false;
    *Slot = (Ring->First + Ring->Count) % I8X_RING_PACKETS;
    Ring->Count++;
    return true;
}

uint32_t I8xRingPeek(const I8X_RING *Ring, uint32_t *Slot)
{
    uint32_t ToEnd = I8X_RING_PACKETS - Ring->First;

    *Slot = Ring->First;
    return Ring->Count < ToEnd ? Ring->Count : ToEnd;
}

void I8xRingRemove(I8X_RING *Ring, uint32_t Count)
{
    if (Count > Ring->Count)
        Count = Ring->Count;
    Ring->First = (Ring->First + Count) % I8X_RING_PACKETS;
    Ring->Count -= Count;
}
