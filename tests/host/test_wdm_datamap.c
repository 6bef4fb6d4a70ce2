// SPDX-License-Identifier: BSD-2-Clause
// sources: wdm/io/datamap.c
// options: -Iwdm/io
#include "test.h"
#include "datamap.h"

#define SIZE (IOP_DATA_CHUNK * IOP_DATA_CHUNKS)

TEST(parts_do_not_overlap_and_come_back)
{
    static uint8_t Owner[SIZE];
    static uint32_t Offsets[200], Lengths[200];
    IOP_DATA_MAP Map = {{0}};
    uint32_t Random = 1;

    for (int Round = 0; Round < 20000; Round++) {
        int i = Round % 200;

        Random = Random * 1664525 + 1013904223;
        if (Lengths[i]) {
            for (uint32_t j = 0; j < Lengths[i]; j++)
                REQUIRE(Owner[Offsets[i] + j]-- == 1);
            IopMapFree(&Map, Offsets[i], Lengths[i]);
            Lengths[i] = 0;
        }
        if (IopMapAllocate(&Map, Random >> 20, &Offsets[i])) {
            Lengths[i] = Random >> 20;
            REQUIRE(Offsets[i] + Lengths[i] <= SIZE);
            REQUIRE(Offsets[i] % 8 == 0);
            for (uint32_t j = 0; j < Lengths[i]; j++)
                REQUIRE(Owner[Offsets[i] + j]++ == 0);
        }
    }
}

TEST(the_whole_area_and_no_more)
{
    IOP_DATA_MAP Map = {{0}};
    uint32_t Offset;

    CHECK(!IopMapAllocate(&Map, SIZE + 1, &Offset));
    CHECK(!IopMapAllocate(&Map, 0xFFFFFFFF, &Offset));
    REQUIRE(IopMapAllocate(&Map, SIZE, &Offset));
    CHECK_EQUAL(Offset, 0);
    CHECK(!IopMapAllocate(&Map, 1, &Offset));
    CHECK(IopMapAllocate(&Map, 0, &Offset));
    IopMapFree(&Map, 0, SIZE);
    CHECK(IopMapAllocate(&Map, 1, &Offset));
}
