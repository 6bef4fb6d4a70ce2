// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>

#define ROOM 160

static UCHAR Buffer[ROOM], Expected[ROOM];

static void Prepare(void)
{
    for (int i = 0; i < ROOM; i++)
        Buffer[i] = Expected[i] = (UCHAR)(i * 7 + 3);
}

static BOOLEAN AsExpected(void)
{
    for (int i = 0; i < ROOM; i++) {
        if (Buffer[i] != Expected[i])
            return FALSE;
    }
    return TRUE;
}

static void MoveOneByOne(int To, int From, int Length)
{
    UCHAR Copy[ROOM];

    for (int i = 0; i < Length; i++)
        Copy[i] = Expected[From + i];
    for (int i = 0; i < Length; i++)
        Expected[To + i] = Copy[i];
}

TEST(memmove_moves_every_length_and_overlap)
{
    for (int Length = 0; Length <= 40; Length++) {
        for (int To = 0; To <= 100; To++) {
            Prepare();
            MoveOneByOne(To, 50, Length);
            REQUIRE(memmove(Buffer + To, Buffer + 50, (size_t)Length) == Buffer + To);
            REQUIRE(AsExpected());
        }
    }
}

TEST(memcpy_copies_every_length)
{
    for (int Length = 0; Length <= 70; Length++) {
        Prepare();
        MoveOneByOne(1, 80, Length);
        REQUIRE(memcpy(Buffer + 1, Buffer + 80, (size_t)Length) == Buffer + 1);
        REQUIRE(AsExpected());
    }
}

TEST(memset_fills_every_length)
{
    for (int Length = 0; Length <= 70; Length++) {
        Prepare();
        for (int i = 0; i < Length; i++)
            Expected[5 + i] = 0xa5;
        REQUIRE(memset(Buffer + 5, 0x1a5, (size_t)Length) == Buffer + 5);
        REQUIRE(AsExpected());
    }
}

TEST(memcmp_orders_by_the_first_difference)
{
    for (int Length = 1; Length <= 40; Length++) {
        for (int At = 0; At < Length; At++) {
            UCHAR Other[40];

            Prepare();
            memcpy(Other, Buffer, 40);
            CHECK_EQUAL(memcmp(Buffer, Other, (size_t)Length), 0);
            CHECK_EQUAL(RtlCompareMemory(Buffer, Other, (size_t)Length), Length);
            Other[At] = Buffer[At] == 255 ? 0 : (UCHAR)(Buffer[At] + 1);
            CHECK((memcmp(Buffer, Other, (size_t)Length) < 0) == (Buffer[At] < Other[At]));
            CHECK_EQUAL(RtlCompareMemory(Buffer, Other, (size_t)Length), At);
        }
    }
}

TEST(memchr_finds_a_byte_or_nothing)
{
    Prepare();
    CHECK(memchr(Buffer, 10, ROOM) == Buffer + 1);
    CHECK(memchr(Buffer, 10, 1) == NULL);
    CHECK(memchr(Buffer, 0x103, 1) == Buffer);
}
