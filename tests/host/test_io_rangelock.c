// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/io/rangelock.c ntos/cm/ordertree.c rtl/tree.c
// sources: rtl/memory.c rtl/cstring.c rtl/ctype.c rtl/arch/x86_64/copy.c
// options: -Itests/host/executive -Iinclude -Intos/inc -Intos/io -DNEPTUNE_HOST_TEST -DDBG=1
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
//
// Locks of ranges: who comes while others are being granted theirs, and many at one place.
#include "test.h"
#include "rangelock.h"
#include "pool.h"

long clock(void);

#define MANY 20000
#define WAITERS 300

static EPROCESS Process;
static ETHREAD Thread = {.Process = &Process};
struct _ETHREAD *KiCurrentThread = &Thread;
static IO_FILE Files[3]; /* of one file: their FsContext is the same */
static IO_REQUEST Requests[WAITERS];
static ULONG Granted, Turns;
static void (*Meanwhile)(void);

NTSTATUS KeGiveWay(void)
{
    Turns++;
    if (Meanwhile)
        Meanwhile();
    return STATUS_SUCCESS;
}

BOOLEAN ExChargeQuota(PEPROCESS Payer, SIZE_T Bytes)
{
    return TRUE;
}

void ExReturnQuota(PEPROCESS Payer, SIZE_T Bytes)
{
}

/* Information tells their order. */
void IopCompleteRequest(PIO_REQUEST Request, NTSTATUS Status, ULONG_PTR Information)
{
    Request->Information = ++Granted;
}

static IOP_LOCK Range(PIO_FILE File, ULONGLONG Start, ULONGLONG Length, BOOLEAN Exclusive)
{
    return (IOP_LOCK){.File = File,
                      .Process = &Process,
                      .Exclusive = Exclusive,
                      .Start = Start,
                      .Length = Length,
                      .End = Start + Length - 1};
}

/* As NtLockFile does it. */
static BOOLEAN Lock(PIO_FILE File, ULONGLONG Start, ULONGLONG Length, BOOLEAN Exclusive)
{
    IOP_LOCK Wanted = Range(File, Start, Length, Exclusive);
    PIOP_LOCK Lock = IopAllocateLock(File, &Wanted);

    IopLetWaitingGoFirst(Lock->Locked);
    if (IopTryLock(Lock))
        return TRUE;
    IopFreeLock(Lock);
    return FALSE;
}

static PIOP_LOCK WaitForLock(PIO_FILE File, ULONGLONG Start, PIO_REQUEST Request)
{
    IOP_LOCK Wanted = Range(File, Start, 1, TRUE);
    PIOP_LOCK Lock = IopAllocateLock(File, &Wanted);

    Request->Information = 0;
    IopInsertWaiting(Lock, Request);
    return Lock;
}

static BOOLEAN Unlock(PIO_FILE File, ULONGLONG Start, ULONGLONG Length)
{
    IOP_LOCK Wanted = Range(File, Start, Length, FALSE);

    return IopUnlock(File, &Wanted);
}

static ULONG NewcomerGot;

/* Asks for what the last who waits has been waiting for. */
static void Come(void)
{
    Meanwhile = NULL;
    NewcomerGot = Lock(&Files[2], WAITERS - 1, 1, TRUE);
}

TEST(who_waits_has_it_before_a_newcomer)
{
    ULONG Ordered = 0, i;

    Granted = 0;
    CHECK(Lock(&Files[0], 0, WAITERS, TRUE));
    for (i = 0; i < WAITERS; i++)
        WaitForLock(&Files[1], i, &Requests[i]);
    Meanwhile = Come;
    CHECK(Unlock(&Files[0], 0, WAITERS));
    CHECK(!Meanwhile && !NewcomerGot);
    CHECK_EQUAL(Granted, WAITERS);
    for (i = 0; i < WAITERS; i++)
        Ordered += Requests[i].Information == i + 1;
    CHECK_EQUAL(Ordered, WAITERS);
    IopReleaseLocks(&Files[1], TRUE);
    IopReleaseLocks(&Files[2], TRUE);
    CHECK_EQUAL(PoolBlocks, 0);
}

TEST(a_newcomer_does_not_take_what_a_file_that_closes_has_left)
{
    ULONG i;

    Granted = 0;
    for (i = 0; i < WAITERS; i++)
        REQUIRE(Lock(&Files[0], i, 1, TRUE));
    for (i = 0; i < WAITERS; i++)
        WaitForLock(&Files[1], WAITERS - 1 - i, &Requests[i]);
    Meanwhile = Come;
    IopReleaseLocks(&Files[0], TRUE);
    CHECK(!Meanwhile && !NewcomerGot);
    CHECK_EQUAL(Granted, WAITERS);
    IopReleaseLocks(&Files[1], TRUE);
    IopReleaseLocks(&Files[2], TRUE);
    CHECK_EQUAL(PoolBlocks, 0);
}

static PIOP_LOCK Late;

/* One who waits goes, and another comes, who is looked at when the next lock goes. */
static void KeepComing(void)
{
    static IO_REQUEST Request;

    if (Late) {
        IopRemoveWaiting(Late);
        IopFreeLock(Late);
    }
    Late = Turns < 100 ? WaitForLock(&Files[1], 0, &Request) : NULL;
}

TEST(those_who_come_later_do_not_keep_it_up)
{
    CHECK(Lock(&Files[0], 0, 1, TRUE));
    CHECK(Lock(&Files[0], 1, 1, TRUE));
    WaitForLock(&Files[1], 0, &Requests[0]);
    WaitForLock(&Files[1], 0, &Requests[1]);
    Turns = Granted = 0;
    Meanwhile = KeepComing;
    CHECK(Unlock(&Files[0], 1, 1));
    Meanwhile = NULL;
    CHECK_EQUAL(Turns, 2);
    Turns = 100;
    KeepComing();
    CHECK(Unlock(&Files[0], 0, 1));
    CHECK_EQUAL(Granted, 1);
    CHECK(Unlock(&Files[1], 0, 1));
    CHECK_EQUAL(Granted, 2);
    CHECK(Unlock(&Files[1], 0, 1));
    CHECK_EQUAL(PoolBlocks, 0);
}

/* Shared locks of one owner that begin at the same place: unlocking is as fast as locking. */
TEST(one_of_many_at_a_place_is_found_at_once)
{
    long Begin = clock(), Locked;
    ULONG Count = 0, i;

    for (i = 0; i < MANY; i++)
        Count += Lock(&Files[0], 7, i + 1, FALSE);
    Locked = clock();
    for (i = MANY; i > 0; i--)
        Count += Unlock(&Files[0], 7, i);
    CHECK_EQUAL(Count, 2 * MANY);
    CHECK(clock() - Locked < 8 * (Locked - Begin));
    CHECK_EQUAL(PoolBlocks, 0);
}
