/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which parts of a channel's data area are in use: a bit for every 64 bytes. Pure code, tested on
 * the host.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define IOP_DATA_CHUNK 64
#define IOP_DATA_CHUNKS 256 /* DRIVER_DATA_SIZE / IOP_DATA_CHUNK */

typedef struct _IOP_DATA_MAP {
    uint32_t Used[IOP_DATA_CHUNKS / 32];
} IOP_DATA_MAP;

/*
 * Finds Length bytes that are not in use. Zero bytes are at offset 0 and cost nothing. FALSE if
 * there is no such part.
 */
bool IopMapAllocate(IOP_DATA_MAP *Map, uint32_t Length, uint32_t *Offset);

/* Offset and Length are those of an allocation. */
void IopMapFree(IOP_DATA_MAP *Map, uint32_t Offset, uint32_t Length);
