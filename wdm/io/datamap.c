/* SPDX-License-Identifier: BSD-2-Clause */
#include "datamap.h"

static uint32_t IopChunks(uint32_t Length)
{
    return Length / IOP_DATA_CHUNK + (Length % IOP_DATA_CHUNK != 0);
}

static bool IopIsUsed(const IOP_DATA_MAP *Map, uint32_t Chunk)
{
    return Map->Used[Chunk / 32] >> Chunk % 32 & 1;
}

static void IopMark(IOP_DATA_MAP *Map, uint32_t First, uint32_t Count, bool Used)
{
    for (uint32_t i = First; i < First + Count; i++) {
        if (Used)
            Map->Used[i / 32] |= 1u << i % 32;
        else
            Map->Used[i / 32] &= ~(1u << i % 32);
    }
}

bool IopMapAllocate(IOP_DATA_MAP *Map, uint32_t Length, uint32_t *Offset)
{
    uint32_t Count = IopChunks(Length), Run = 0;

    *Offset = 0;
    if (Count == 0)
        return true;
    for (uint32_t i = 0; i < IOP_DATA_CHUNKS; i++) {
        Run = IopIsUsed(Map, i) ? 0 : Run + 1;
        if (Run == Count) {
            IopMark(Map, i + 1 - Count, Count, true);
            *Offset = (i + 1 - Count) * IOP_DATA_CHUNK;
            return true;
        }
    }
    return false;
}

void IopMapFree(IOP_DATA_MAP *Map, uint32_t Offset, uint32_t Length)
{
    IopMark(Map, Offset / IOP_DATA_CHUNK, IopChunks(Length), false);
}
