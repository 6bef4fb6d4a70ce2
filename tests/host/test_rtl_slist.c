// SPDX-License-Identifier: BSD-2-Clause
// sources: ntdll/rtl/slist.c ntdll/arch/x86_64/slist.c ntdll/arch/i386/largeinteger.c
// sources: rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "rtlp.h"

LONGLONG NTAPI RtlEnlargedIntegerMultiply(LONG First, LONG Second);
ULONG NTAPI RtlEnlargedUnsignedDivide(ULONGLONG Dividend, ULONG Divisor, PULONG Remainder);
LONGLONG NTAPI RtlExtendedMagicDivide(LONGLONG Dividend, LONGLONG MagicDivisor, CCHAR ShiftCount);
LONGLONG NTAPI RtlLargeIntegerArithmeticShift(LONGLONG Value, CCHAR ShiftCount);
LONGLONG NTAPI RtlLargeIntegerNegate(LONGLONG Value);
LONGLONG FASTCALL RtlInterlockedCompareExchange64(PLONGLONG Destination, LONGLONG Exchange,
                                                  LONGLONG Comperand);

static SLIST_HEADER Head;
static SLIST_ENTRY Entries[5];

TEST(lists_are_last_in_first_out)
{
    RtlInitializeSListHead(&Head);
    CHECK(!RtlInterlockedPopEntrySList(&Head) && !RtlInterlockedFlushSList(&Head));
    CHECK(!RtlInterlockedPushEntrySList(&Head, &Entries[0]));
    CHECK(RtlInterlockedPushEntrySList(&Head, &Entries[1]) == &Entries[0]);
    CHECK_EQUAL(RtlQueryDepthSList(&Head), 2);
    CHECK(RtlFirstEntrySList(&Head) == &Entries[1]);
    CHECK(RtlInterlockedPopEntrySList(&Head) == &Entries[1]);
    CHECK(RtlInterlockedPopEntrySList(&Head) == &Entries[0]);
    CHECK(!RtlInterlockedPopEntrySList(&Head));
    CHECK_EQUAL(RtlQueryDepthSList(&Head), 0);
}

TEST(chains_go_on_whole_and_off_whole)
{
    RtlInitializeSListHead(&Head);
    RtlInterlockedPushEntrySList(&Head, &Entries[4]);
    for (ULONG i = 0; i < 3; i++)
        Entries[i].Next = &Entries[i + 1];
    CHECK(RtlInterlockedPushListSListEx(&Head, &Entries[0], &Entries[3], 4) == &Entries[4]);
    CHECK_EQUAL(RtlQueryDepthSList(&Head), 5);
    CHECK(RtlInterlockedFlushSList(&Head) == &Entries[0]);
    CHECK(Entries[3].Next == &Entries[4] && !Entries[4].Next);
    CHECK_EQUAL(RtlQueryDepthSList(&Head), 0);
    CHECK(!RtlInterlockedPushListSList(&Head, &Entries[0], &Entries[3], 4));
}

TEST(a_head_that_has_changed_is_not_exchanged)
{
    SLIST_HEADER Old, New;

    RtlInitializeSListHead(&Head);
    Old = Head;
    RtlInterlockedPushEntrySList(&Head, &Entries[0]);
    RtlInterlockedPopEntrySList(&Head);
    New = Old;
    New.Next = &Entries[1];
    CHECK(!RtlpExchangeSListHead(&Head, &Old, &New));
    CHECK(Old.Sequence == Head.Sequence && !Head.Next);
    CHECK(RtlpExchangeSListHead(&Head, &Old, &New));
}

TEST(large_integers_are_computed)
{
    LONGLONG Place = 5;
    ULONG Remainder;

    CHECK_EQUAL(RtlEnlargedIntegerMultiply(-100000, 100000), -10000000000ll);
    CHECK_EQUAL(RtlEnlargedUnsignedDivide(10000000007ull, 1000000, &Remainder), 10000);
    CHECK_EQUAL(Remainder, 7);
    /* By 10: 2^(64 + 3) / 10, rounded up */
    CHECK_EQUAL(RtlExtendedMagicDivide(123456789012345679ll, (LONGLONG)0xcccccccccccccccdull, 3),
                12345678901234567ll);
    CHECK_EQUAL(RtlExtendedMagicDivide(-99, (LONGLONG)0xcccccccccccccccdull, 3), -9);
    CHECK_EQUAL(RtlLargeIntegerArithmeticShift(-16, 2), -4);
    CHECK_EQUAL(RtlLargeIntegerNegate(5), -5);
    CHECK_EQUAL(RtlInterlockedCompareExchange64(&Place, 6, 4), 5);
    CHECK_EQUAL(RtlInterlockedCompareExchange64(&Place, 6, 5), 5);
    CHECK_EQUAL(Place, 6);
}
