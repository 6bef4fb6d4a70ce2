// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/bitmap.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>

#define BITS 100

static ULONG Words[4];
static RTL_BITMAP Map;

static void Prepare(void)
{
    RtlInitializeBitMap(&Map, Words, BITS);
    RtlClearAllBits(&Map);
}

TEST(ranges_set_and_clear_exactly_their_bits)
{
    for (ULONG Start = 0; Start < BITS; Start += 3) {
        for (ULONG Count = 0; Start + Count <= BITS; Count += 5) {
            Prepare();
            RtlSetBits(&Map, Start, Count);
            for (ULONG i = 0; i < BITS; i++)
                REQUIRE(RtlTestBit(&Map, i) == (i >= Start && i < Start + Count));
            REQUIRE(RtlNumberOfSetBits(&Map) == Count);
            REQUIRE(RtlAreBitsSet(&Map, Start, Count) == (Count != 0));
            RtlClearBits(&Map, Start, Count);
            REQUIRE(RtlNumberOfSetBits(&Map) == 0);
        }
    }
}

TEST(nothing_is_written_behind_the_end)
{
    Prepare();
    Words[3] = 0;
    RtlSetBits(&Map, 90, 1000);
    CHECK_EQUAL(RtlNumberOfSetBits(&Map), 10);
    CHECK_EQUAL(Words[3], 0xf);
    RtlSetBits(&Map, 5000, 10);
    CHECK(!RtlTestBit(&Map, 5000) && !RtlAreBitsClear(&Map, 95, 10));
}

TEST(finding_goes_from_the_hint_and_around)
{
    Prepare();
    RtlSetBits(&Map, 0, 40);
    RtlSetBits(&Map, 45, 40);
    CHECK_EQUAL(RtlFindClearBits(&Map, 5, 0), 40);
    CHECK_EQUAL(RtlFindClearBits(&Map, 6, 0), 85);
    CHECK_EQUAL(RtlFindClearBits(&Map, 5, 60), 85);
    CHECK_EQUAL(RtlFindClearBits(&Map, 5, 99), 40);
    CHECK_EQUAL(RtlFindClearBits(&Map, 16, 0), MAXULONG);
    CHECK_EQUAL(RtlFindClearBits(&Map, 101, 0), MAXULONG);
    CHECK_EQUAL(RtlFindSetBits(&Map, 41, 0), MAXULONG);
    CHECK_EQUAL(RtlFindSetBits(&Map, 40, 1), 45);
}

TEST(find_and_set_takes_every_bit_once)
{
    Prepare();
    for (ULONG i = 0; i < BITS; i++)
        CHECK_EQUAL(RtlFindClearBitsAndSet(&Map, 1, 0), i);
    CHECK_EQUAL(RtlFindClearBitsAndSet(&Map, 1, 0), MAXULONG);
    CHECK_EQUAL(RtlFindSetBitsAndClear(&Map, 7, 50), 50);
    CHECK_EQUAL(RtlFindClearBitsAndSet(&Map, 7, 0), 50);
}

TEST(an_empty_map_has_nothing)
{
    RTL_BITMAP Empty;

    RtlInitializeBitMap(&Empty, NULL, 0);
    CHECK_EQUAL(RtlFindClearBits(&Empty, 1, 0), MAXULONG);
    CHECK_EQUAL(RtlNumberOfSetBits(&Empty), 0);
}
