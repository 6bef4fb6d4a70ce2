// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/ps/threadcursor.c
// options: -Itests/host/executive -Iinclude -Intos/inc -Intos/ps -DNEPTUNE_HOST_TEST -DDBG=0
// options: -Wno-missing-field-initializers -idirafter /usr/x86_64-w64-mingw32/include
/*
 * Several go through the threads of a process at once, while threads end and come: each meets every
 * thread that is there from its beginning to its end once, and those that come meanwhile.
 */
#include "test.h"
#include "psp.h"

#define THREADS 64
#define CURSORS 3
#define ROUNDS 2000

static EPROCESS Process;
static ETHREAD Threads[THREADS];
static BOOLEAN Alive[THREADS];
static ULONG Met[CURSORS][THREADS];
static ULONG Seed = 1;

static ULONG Random(ULONG Limit)
{
    Seed = Seed * 1664525 + 1013904223;
    return (Seed >> 8) % Limit;
}

static void Begin(ULONG Count)
{
    ULONG i, j;

    InitializeListHead(&Process.ThreadListHead);
    InitializeListHead(&Process.ThreadCursors);
    for (i = 0; i < THREADS; i++) {
        Alive[i] = i < Count;
        if (Alive[i])
            PspAddThread(&Process, &Threads[i]);
        for (j = 0; j < CURSORS; j++)
            Met[j][i] = 0;
    }
}

static void End(ULONG Number)
{
    Alive[Number] = FALSE;
    PspRemoveThread(&Process, &Threads[Number]);
}

static void Come(ULONG Number)
{
    Alive[Number] = TRUE;
    PspAddThread(&Process, &Threads[Number]);
}

TEST(the_next_thread_may_end)
{
    PS_THREAD_CURSOR Cursor;

    Begin(3);
    PsOpenThreadCursor(&Cursor, &Process);
    CHECK(PsStepThreadCursor(&Cursor) == &Threads[0]);
    End(1);
    End(0);
    CHECK(PsStepThreadCursor(&Cursor) == &Threads[2]);
    End(2);
    CHECK(!PsStepThreadCursor(&Cursor));
    PsCloseThreadCursor(&Cursor);
    CHECK(IsListEmpty(&Process.ThreadCursors));
}

TEST(who_has_reached_the_end_sees_what_comes)
{
    PS_THREAD_CURSOR Cursor;

    Begin(1);
    PsOpenThreadCursor(&Cursor, &Process);
    CHECK(PsStepThreadCursor(&Cursor) == &Threads[0] && !PsStepThreadCursor(&Cursor));
    Come(1);
    Come(2);
    End(1);
    CHECK(PsStepThreadCursor(&Cursor) == &Threads[2] && !PsStepThreadCursor(&Cursor));
    PsCloseThreadCursor(&Cursor);
}

/* One step of one of them, or a thread ends or comes. Nobody comes twice. */
static void DoSomething(PPS_THREAD_CURSOR Cursors, PULONG Last)
{
    ULONG Which = Random(CURSORS), Number = Random(THREADS);
    PETHREAD Thread;

    switch (Random(4)) {
    case 0:
        if (Alive[Number])
            End(Number);
        break;
    case 1:
        if (*Last < THREADS)
            Come((*Last)++);
        break;
    default:
        Thread = PsStepThreadCursor(&Cursors[Which]);
        if (Thread)
            Met[Which][Thread - Threads]++;
    }
}

TEST(each_is_met_once_by_each)
{
    PS_THREAD_CURSOR Cursors[CURSORS];
    ULONG Round, Last, i, j;
    PETHREAD Thread;

    for (Round = 0; Round < ROUNDS; Round++) {
        Last = Random(THREADS);
        Begin(Last);
        for (j = 0; j < CURSORS; j++)
            PsOpenThreadCursor(&Cursors[j], &Process);
        for (i = 0; i < 2 * THREADS; i++)
            DoSomething(Cursors, &Last);
        for (j = 0; j < CURSORS; j++) {
            while ((Thread = PsStepThreadCursor(&Cursors[j])) != NULL)
                Met[j][Thread - Threads]++;
            PsCloseThreadCursor(&Cursors[j]);
            for (i = 0; i < THREADS; i++)
                CHECK(Alive[i] ? Met[j][i] == 1 : Met[j][i] <= 1);
        }
    }
}
