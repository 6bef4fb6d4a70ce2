// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/ke/timer.c rtl/cstring.c rtl/ctype.c rtl/memory.c rtl/arch/x86_64/copy.c
// sources: rtl/tree.c
// options: -Iinclude -Intos/inc -Intos/ke -Intos/ke/arch/x86_64 -Ilibsel4/include -DDBG=1
// options: -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "kip.h"

seL4_IPCBuffer *seL4_TheIPCBuffer;

static BOOLEAN TurnOver;
static ULONG TurnsAskedFor;

BOOLEAN KiIsTurnOver(void)
{
    return TurnOver;
}

void KiAskForTurn(void)
{
    TurnsAskedFor++;
}

static char Expired[64];
static ULONG ExpiredCount;

static void Note(PVOID Context)
{
    Expired[ExpiredCount++] = (char)(ULONG_PTR)Context;
    Expired[ExpiredCount] = 0;
}

static void Prepare(PKTIMER Timer, char Name)
{
    KeInitializeTimer(Timer, Note, (PVOID)(ULONG_PTR)Name);
}

static void Reset(void)
{
    ExpiredCount = 0;
    Expired[0] = 0;
}

TEST(timers_expire_in_order_of_their_times)
{
    KTIMER A, B, C;

    Reset();
    Prepare(&A, 'a');
    Prepare(&B, 'b');
    Prepare(&C, 'c');
    KeSetTimer(&B, 20);
    KeSetTimer(&A, 10);
    KeSetTimer(&C, 30);
    KiExpireTimers(9);
    CHECK_TEXT(Expired, "");
    KiExpireTimers(20);
    CHECK_TEXT(Expired, "ab");
    KiExpireTimers(~0ull);
    CHECK_TEXT(Expired, "abc");
}

TEST(timers_of_one_time_expire_in_the_order_of_setting)
{
    KTIMER A, B, C;

    Reset();
    Prepare(&A, 'a');
    Prepare(&B, 'b');
    Prepare(&C, 'c');
    KeSetTimer(&C, 5);
    KeSetTimer(&A, 5);
    KeSetTimer(&B, 5);
    KiExpireTimers(5);
    CHECK_TEXT(Expired, "cab");
}

TEST(a_cancelled_timer_does_not_expire)
{
    KTIMER A, B;

    Reset();
    Prepare(&A, 'a');
    Prepare(&B, 'b');
    CHECK(!KeCancelTimer(&A));
    KeSetTimer(&A, 5);
    KeSetTimer(&B, 6);
    CHECK(KeCancelTimer(&A));
    CHECK(!KeCancelTimer(&A));
    KiExpireTimers(100);
    CHECK_TEXT(Expired, "b");
    CHECK(!KeCancelTimer(&B));
}

TEST(setting_again_moves_a_timer)
{
    KTIMER A, B;

    Reset();
    Prepare(&A, 'a');
    Prepare(&B, 'b');
    KeSetTimer(&A, 5);
    KeSetTimer(&B, 6);
    KeSetTimer(&A, 7);
    KiExpireTimers(100);
    CHECK_TEXT(Expired, "ba");
}

static KTIMER Again;

static void SetAgain(PVOID Context)
{
    Note(Context);
    if (ExpiredCount < 3)
        KeSetTimer(&Again, 1);
}

TEST(a_routine_may_set_its_own_timer)
{
    Reset();
    KeInitializeTimer(&Again, SetAgain, (PVOID)'x');
    KeSetTimer(&Again, 1);
    KiExpireTimers(1);
    CHECK_TEXT(Expired, "xxx");
}

static void EndTurn(PVOID Context)
{
    Note(Context);
    TurnOver = TRUE;
}

TEST(timers_that_a_turn_is_too_short_for_are_left_to_the_next_one)
{
    KTIMER A, B, Later;

    Reset();
    KeInitializeTimer(&A, EndTurn, (PVOID)(ULONG_PTR)'a');
    Prepare(&B, 'b');
    Prepare(&Later, 'l');
    KeSetTimer(&A, 5);
    KeSetTimer(&B, 6);
    KeSetTimer(&Later, 8);
    KiExpireTimers(7);
    CHECK_TEXT(Expired, "a");
    CHECK_EQUAL(TurnsAskedFor, 1);
    TurnOver = FALSE;
    KiExpireLateTimers();
    CHECK_TEXT(Expired, "ab");
    KiExpireTimers(8);
    CHECK_TEXT(Expired, "abl");
}
