// SPDX-License-Identifier: BSD-2-Clause
// sources: drivers/input/i8042prt/scancode.c drivers/input/i8042prt/command.c
// sources: drivers/input/i8042prt/ring.c drivers/input/i8042prt/typematic.c
// options: -Idrivers/input/i8042prt
#include "test.h"
#include "command.h"
#include "ring.h"
#include "scancode.h"
#include "typematic.h"

static I8X_SCAN_STATE Scan;

/* Feeds bytes; every key as make code and flags in one number, 0 for a byte that ends no key. */
static unsigned Feed(uint8_t Byte)
{
    I8X_KEY Key;

    return I8xDecodeByte(&Scan, Byte, &Key) ? Key.Flags << 8 | Key.MakeCode : 0;
}

TEST(plain_keys_go_down_and_up)
{
    CHECK_EQUAL(Feed(0x1E), 0x1E);
    CHECK_EQUAL(Feed(0x9E), I8X_BREAK << 8 | 0x1E);
    CHECK_EQUAL(Feed(0x01), 0x01);
    CHECK_EQUAL(Feed(0xD8), I8X_BREAK << 8 | 0x58);
}

TEST(an_e0_covers_one_code)
{
    CHECK_EQUAL(Feed(0xE0), 0);
    CHECK_EQUAL(Feed(0x48), I8X_E0 << 8 | 0x48);
    CHECK_EQUAL(Feed(0x48), 0x48);
    CHECK_EQUAL(Feed(0xE0), 0);
    CHECK_EQUAL(Feed(0xC8), (I8X_E0 | I8X_BREAK) << 8 | 0x48);
}

TEST(pause_is_two_codes_after_an_e1)
{
    CHECK_EQUAL(Feed(0xE1), 0);
    CHECK_EQUAL(Feed(0x1D), I8X_E1 << 8 | 0x1D);
    CHECK_EQUAL(Feed(0x45), I8X_E1 << 8 | 0x45);
    CHECK_EQUAL(Feed(0xE1), 0);
    CHECK_EQUAL(Feed(0x9D), (I8X_E1 | I8X_BREAK) << 8 | 0x1D);
    CHECK_EQUAL(Feed(0xC5), (I8X_E1 | I8X_BREAK) << 8 | 0x45);
    CHECK_EQUAL(Feed(0x1D), 0x1D);
}

TEST(an_overrun_forgets_a_prefix)
{
    CHECK_EQUAL(Feed(0xE0), 0);
    CHECK_EQUAL(Feed(0xFF), I8X_OVERRUN);
    CHECK_EQUAL(Feed(0x48), 0x48);
    CHECK_EQUAL(Feed(0x00), I8X_OVERRUN);
}

/* What a controller that does not translate sends: the same keys come out. */
TEST(set_2_is_translated)
{
    Scan = (I8X_SCAN_STATE){.Set2 = true};
    CHECK_EQUAL(Feed(0x1C), 0x1E);
    CHECK_EQUAL(Feed(0xF0), 0);
    CHECK_EQUAL(Feed(0x1C), I8X_BREAK << 8 | 0x1E);
    CHECK_EQUAL(Feed(0xE0), 0);
    CHECK_EQUAL(Feed(0xF0), 0);
    CHECK_EQUAL(Feed(0x75), (I8X_E0 | I8X_BREAK) << 8 | 0x48);
    CHECK_EQUAL(Feed(0xE1), 0);
    CHECK_EQUAL(Feed(0x14), I8X_E1 << 8 | 0x1D);
    CHECK_EQUAL(Feed(0x77), I8X_E1 << 8 | 0x45);
    CHECK_EQUAL(Feed(0x83), 0x41);
    CHECK_EQUAL(Feed(0x7F), 0x54);
    CHECK_EQUAL(Feed(0x84), 0x54);
    CHECK_EQUAL(Feed(0xF0), 0);
    CHECK_EQUAL(Feed(0x00), I8X_OVERRUN);
    CHECK_EQUAL(Feed(0x5A), 0x1C);
    Scan = (I8X_SCAN_STATE){.Set2 = false};
}

TEST(a_command_waits_for_each_acknowledgement)
{
    const uint8_t Leds[2] = {0xED, 5};
    I8X_COMMAND Command = {.Count = 0};
    uint8_t Send = 0;

    CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_ACK, &Send), I8xNotMine);
    CHECK_EQUAL(I8xBeginCommand(&Command, Leds, 2), 0xED);
    CHECK_EQUAL(I8xAnswerCommand(&Command, 0x1E, &Send), I8xNotMine);
    CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_ACK, &Send), I8xSendByte);
    CHECK_EQUAL(Send, 5);
    CHECK_EQUAL(I8xAnswerCommand(&Command, 0x9E, &Send), I8xNotMine);
    CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_ACK, &Send), I8xFinished);
    CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_ACK, &Send), I8xNotMine);
}

TEST(a_byte_is_sent_again_three_times)
{
    const uint8_t Leds[2] = {0xED, 5};
    I8X_COMMAND Command = {.Count = 0};
    uint8_t Send = 0;

    I8xBeginCommand(&Command, Leds, 2);
    CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_RESEND, &Send), I8xSendByte);
    CHECK_EQUAL(Send, 0xED);
    CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_ACK, &Send), I8xSendByte);
    for (int i = 0; i < I8X_MAX_RESENDS; i++) {
        CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_RESEND, &Send), I8xSendByte);
        CHECK_EQUAL(Send, 5);
    }
    CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_RESEND, &Send), I8xFailed);
    CHECK_EQUAL(I8xAnswerCommand(&Command, I8X_RESEND, &Send), I8xNotMine);
    CHECK(!I8xRepeatCommand(&Command, &Send));
}

TEST(the_ring_keeps_order_around_its_end)
{
    I8X_RING Ring = {0, 0};
    uint32_t Slot, Next = 0, Expected = 0, Count;

    for (int Round = 0; Round < 1000; Round++) {
        for (int i = 0; i < Round % 7; i++) {
            if (I8xRingInsert(&Ring, &Slot))
                CHECK_EQUAL(Slot, Next++ % I8X_RING_PACKETS);
        }
        Count = I8xRingPeek(&Ring, &Slot);
        REQUIRE(Slot + Count <= I8X_RING_PACKETS);
        CHECK_EQUAL(Slot, Expected % I8X_RING_PACKETS);
        if (Count > 2)
            Count = 2;
        I8xRingRemove(&Ring, Count);
        Expected += Count;
        CHECK_EQUAL(Ring.Count, Next - Expected);
    }
}

TEST(a_full_ring_refuses)
{
    I8X_RING Ring = {100, 0};
    uint32_t Slot;

    for (int i = 0; i < I8X_RING_PACKETS; i++)
        REQUIRE(I8xRingInsert(&Ring, &Slot));
    CHECK(!I8xRingInsert(&Ring, &Slot));
    I8xRingRemove(&Ring, 1000);
    CHECK_EQUAL(Ring.Count, 0);
}

TEST(typematic_byte_has_the_documented_corners)
{
    CHECK_EQUAL(I8xTypematicByte(30, 250), 0x00);
    CHECK_EQUAL(I8xTypematicByte(2, 1000), 0x7F);
    CHECK_EQUAL(I8xTypematicByte(2, 250), 0x1F);
    CHECK_EQUAL(I8xTypematicByte(10, 500), 0x20 | 0x0C);
    CHECK_EQUAL(I8xTypematicByte(15, 251), 0x20 | 0x08);
}
