// SPDX-License-Identifier: BSD-2-Clause
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <neptune/channeldata.h>

static DRIVER_DATA Data;
static UINT32 Produced, Consumed;
static UINT32 Offsets[DRIVER_RING_ENTRIES], Lengths[DRIVER_RING_ENTRIES];
static unsigned char Owned[DRIVER_DATA_SIZE];
static UINT32 Seed = 1;

static UINT32 Random(UINT32 Limit)
{
    Seed = Seed * 1664525 + 1013904223;
    return (Seed >> 10) % Limit;
}

static void Begin(UINT32 Count)
{
    Data = (DRIVER_DATA){0};
    Produced = Consumed = Count;
}

static BOOLEAN Produce(UINT32 Length)
{
    UINT32 Slot = Produced % DRIVER_RING_ENTRIES;

    if (Produced - Consumed == DRIVER_RING_ENTRIES ||
        !DriverPlaceData(&Data, Produced, Consumed, Length, &Offsets[Slot]))
        return FALSE;
    Lengths[Slot] = Length;
    CHECK(Offsets[Slot] % 8 == 0 && Offsets[Slot] + Length <= DRIVER_DATA_SIZE);
    for (UINT32 i = 0; i < Length; i++)
        CHECK(Owned[Offsets[Slot] + i]++ == 0);
    Produced++;
    return TRUE;
}

static void Consume(void)
{
    UINT32 Slot = Consumed++ % DRIVER_RING_ENTRIES;

    for (UINT32 i = 0; i < Lengths[Slot]; i++)
        CHECK(Owned[Offsets[Slot] + i]-- == 1);
}

static UINT32 SomeLength(void)
{
    switch (Random(4)) {
    case 0:
        return 0;
    case 1:
        return Random(DRIVER_DATA_SIZE + 1);
    default:
        return Random(300);
    }
}

/* The counts run over, too. */
TEST(data_do_not_overlap_and_room_comes_back)
{
    UINT32 Refused = 0;

    Begin(0xFFFFF000);
    for (int Round = 0; Round < 200000; Round++) {
        if (Random(2)) {
            UINT32 Length = SomeLength();

            if (!Produce(Length)) {
                REQUIRE(Produced != Consumed);
                Refused++;
            }
        } else if (Produced != Consumed) {
            Consume();
        }
    }
    CHECK(Refused > 1000);
    while (Produced != Consumed)
        Consume();
    CHECK(Produce(DRIVER_DATA_SIZE));
    Consume();
}

TEST(the_whole_area_and_no_more)
{
    Begin(0);
    REQUIRE(Produce(DRIVER_DATA_SIZE));
    CHECK(Produce(0));
    CHECK(!Produce(1));
    Consume();
    CHECK(Produce(1));
    Consume();
    Consume();
}

/* Half the area is always there when all that was sent before has been taken. */
TEST(two_halves)
{
    Begin(0);
    for (int Round = 0; Round < 100; Round++) {
        REQUIRE(Produce(DRIVER_DATA_SIZE / 2));
        if (Round)
            Consume();
    }
    Consume();
}

TEST(a_consumer_that_lies_gets_offsets_within_the_area)
{
    UINT32 Offset;

    Begin(0);
    for (int Round = 0; Round < 100000; Round++, Produced++) {
        UINT32 Length = SomeLength();

        if (DriverPlaceData(&Data, Produced, Produced - Random(DRIVER_RING_ENTRIES + 1), Length,
                            &Offset))
            REQUIRE(Offset + Length <= DRIVER_DATA_SIZE);
    }
}
