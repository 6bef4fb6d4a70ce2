/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Indices of the ring of packets between the service routine, which puts packets in, and its DPC,
 * which offers the packets to the class driver and takes out those that were consumed. Pure code,
 * tested on the host.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define I8X_RING_PACKETS 128

typedef struct _I8X_RING {
    uint32_t First; /* the oldest packet */
    uint32_t Count;
} I8X_RING;

/* The slot for a new packet in *Slot. FALSE if the ring is full. */
bool I8xRingInsert(I8X_RING *Ring, uint32_t *Slot);

/* The oldest packets that lie side by side: from *Slot on; returns how many. */
uint32_t I8xRingPeek(const I8X_RING *Ring, uint32_t *Slot);

/* Takes out the Count oldest packets. */
void I8xRingRemove(I8X_RING *Ring, uint32_t Count);
