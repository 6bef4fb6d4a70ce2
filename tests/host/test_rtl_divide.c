// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/arch/i386/divide.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -idirafter /usr/x86_64-w64-mingw32/include
/* The division of 64-bit integers on i386, compared with the host's own. */
#include "test.h"
#include <nt/ntdef.h>

unsigned long long __udivmoddi4(unsigned long long, unsigned long long, unsigned long long *);
unsigned long long __udivdi3(unsigned long long, unsigned long long);
unsigned long long __umoddi3(unsigned long long, unsigned long long);
long long __divdi3(long long, long long);
long long __moddi3(long long, long long);
long long __divmoddi4(long long, long long, long long *);

static unsigned long long Seed = 88172645463325252ull;

/* Numbers of all lengths: a random one, cut at a random bit, sometimes with ones all over. */
static unsigned long long Random(void)
{
    unsigned long long Number;

    Seed ^= Seed << 13;
    Seed ^= Seed >> 7;
    Seed ^= Seed << 17;
    Number = Seed >> (Seed % 61);
    return Seed & 0x400 ? ~Number : Number;
}

static BOOLEAN UnsignedAgree(unsigned long long Dividend, unsigned long long Divisor)
{
    unsigned long long Remainder;

    return __udivdi3(Dividend, Divisor) == Dividend / Divisor &&
           __umoddi3(Dividend, Divisor) == Dividend % Divisor &&
           __udivmoddi4(Dividend, Divisor, &Remainder) == Dividend / Divisor &&
           __udivmoddi4(Dividend, Divisor, 0) == Dividend / Divisor &&
           Remainder == Dividend % Divisor;
}

static BOOLEAN SignedAgree(long long Dividend, long long Divisor)
{
    long long Remainder;

    return __divdi3(Dividend, Divisor) == Dividend / Divisor &&
           __moddi3(Dividend, Divisor) == Dividend % Divisor &&
           __divmoddi4(Dividend, Divisor, &Remainder) == Dividend / Divisor &&
           Remainder == Dividend % Divisor;
}

TEST(unsigned_division_at_the_edges)
{
    static const unsigned long long Edges[] = {1,
                                               2,
                                               3,
                                               10,
                                               0x7fffffff,
                                               0x80000000,
                                               0xffffffff,
                                               0x100000000,
                                               0x100000001,
                                               0x1ffffffff,
                                               1ull << 62,
                                               1ull << 63,
                                               ~0ull,
                                               ~0ull - 1,
                                               0xffffffff00000000,
                                               0x80000001ffffffff};

    for (ULONG i = 0; i < ARRAYSIZE(Edges); i++) {
        CHECK(UnsignedAgree(0, Edges[i]));
        for (ULONG j = 0; j < ARRAYSIZE(Edges); j++)
            CHECK(UnsignedAgree(Edges[i], Edges[j]));
    }
}

TEST(signed_division_at_the_edges)
{
    static const long long Edges[] = {1,
                                      -1,
                                      2,
                                      -2,
                                      7,
                                      0x7fffffff,
                                      -0x80000000ll,
                                      0xffffffff,
                                      -0xffffffffll,
                                      0x100000000,
                                      -0x100000001ll,
                                      (1ull << 63) - 1,
                                      -(long long)((1ull << 63) - 1)};

    for (ULONG i = 0; i < ARRAYSIZE(Edges); i++) {
        CHECK(Edges[i] == -1 || SignedAgree((long long)(1ull << 63), Edges[i]));
        for (ULONG j = 0; j < ARRAYSIZE(Edges); j++)
            CHECK(SignedAgree(Edges[i], Edges[j]));
    }
}

TEST(division_of_random_numbers)
{
    for (int i = 0; i < 2000000; i++) {
        unsigned long long Dividend = Random(), Divisor = Random();

        if (!Divisor)
            continue;
        REQUIRE(UnsignedAgree(Dividend, Divisor));
        if (Dividend != 1ull << 63 || Divisor != ~0ull)
            REQUIRE(SignedAgree((long long)Dividend, (long long)Divisor));
    }
}
