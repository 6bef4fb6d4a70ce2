/* SPDX-License-Identifier: BSD-2-Clause */
/* A ring of keyboard packets. Not locked. Pure code, tested on the host. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define KBD_QUEUE_PACKETS 128
#define KBD_PACKET_SIZE 12 /* sizeof(KEYBOARD_INPUT_DATA) */

typedef struct _KBD_QUEUE {
    uint32_t First; /* index of the oldest packet */
    uint32_t Count;
    uint8_t Packets[KBD_QUEUE_PACKETS * KBD_PACKET_SIZE];
} KBD_QUEUE;

/* Takes in as many of Count packets as there is room for; returns how many. */
uint32_t KbdQueuePut(KBD_QUEUE *Queue, const void *Packets, uint32_t Count);

/* Moves at most Count packets out, oldest first; returns how many. */
uint32_t KbdQueueGet(KBD_QUEUE *Queue, void *Packets, uint32_t Count);
