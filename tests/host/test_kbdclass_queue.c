// SPDX-License-Identifier: BSD-2-Clause
// sources: drivers/input/kbdclass/queue.c
// options: -Idrivers/input/kbdclass
#include "test.h"
#include "queue.h"
#include <string.h>

typedef struct {
    uint32_t Number;
    uint8_t Rest[KBD_PACKET_SIZE - 4];
} PACKET;

TEST(packets_come_out_once_and_in_order)
{
    static KBD_QUEUE Queue;
    PACKET Packets[40];
    uint32_t In = 0, Out = 0;

    for (int Round = 0; Round < 5000; Round++) {
        uint32_t Offer = (uint32_t)(Round * 7 % 40), Ask = (uint32_t)(Round * 11 % 37), Count;

        for (uint32_t i = 0; i < Offer; i++)
            Packets[i].Number = In + i;
        In += KbdQueuePut(&Queue, Packets, Offer);
        memset(Packets, 0xEE, sizeof(Packets));
        Count = KbdQueueGet(&Queue, Packets, Ask);
        for (uint32_t i = 0; i < Count; i++)
            CHECK_EQUAL(Packets[i].Number, Out + i);
        Out += Count;
        REQUIRE(Queue.Count == In - Out);
        REQUIRE(Queue.Count <= KBD_QUEUE_PACKETS);
    }
    CHECK(Out > 50000);
}

TEST(a_full_queue_takes_what_fits)
{
    static KBD_QUEUE Queue;
    static PACKET Packets[KBD_QUEUE_PACKETS + 5];

    CHECK_EQUAL(KbdQueuePut(&Queue, Packets, 3), 3);
    CHECK_EQUAL(KbdQueuePut(&Queue, Packets, KBD_QUEUE_PACKETS + 5), KBD_QUEUE_PACKETS - 3);
    CHECK_EQUAL(KbdQueuePut(&Queue, Packets, 1), 0);
    CHECK_EQUAL(KbdQueueGet(&Queue, Packets, KBD_QUEUE_PACKETS + 5), KBD_QUEUE_PACKETS);
    CHECK_EQUAL(KbdQueueGet(&Queue, Packets, 1), 0);
}
