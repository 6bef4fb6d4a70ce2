/* SPDX-License-Identifier: BSD-2-Clause */
/* The root thread: rounds, each with a new world, of turns, each until the workers are done. */
#include "fuzz.h"

#define DEFAULT_CALLS 100000
#define TURNS 24 /* in a round */
#define TURNS_BETWEEN_SNAPSHOTS 4
#define MAX_TICKS 24 /* in a turn: then whoever still runs does nothing useful */
#define BADGE_TICK 1
#define BADGE_IDLE 2

static seL4_CPtr notification;
static seL4_Word tried[MAX_COUNTERS], done[MAX_COUNTERS], calls, rounds, ticks;
static volatile bool debug_kernel;

static void snapshot_once(uintptr_t a, uintptr_t b)
{
    seL4_DebugSnapshot(); /* without a handler this is the end, in a release kernel */
    debug_kernel = true;
}

/* Runs when nobody else does. */
static void report_idleness(uintptr_t signal, uintptr_t unused)
{
    for (;;)
        seL4_Signal(signal);
}

static void collect(struct worker *w)
{
    unsigned i;

    for (i = 0; i < method_count + OTHER_CALLS; i++) {
        if (w->tried[i] <= 2 * QUOTA) { /* else the worker has run wild in its own memory */
            calls += w->tried[i];
            tried[i] += w->tried[i];
            done[i] += w->done[i] <= w->tried[i] ? w->done[i] : 0;
        }
        w->tried[i] = w->done[i] = 0;
    }
}

static void run_turn(void)
{
    unsigned i, seen = 0;
    seL4_Word badge = 0;

    world_wake_workers();
    while (!(badge & BADGE_IDLE) && seen < MAX_TICKS) {
        seL4_Wait(notification, &badge);
        if (!(badge & BADGE_TICK))
            continue;
        seen++;
        timer_acknowledge();
        world_interfere();
    }
    ticks += seen;
    world_interfere();
    for (i = 0; i < WORKERS; i++)
        collect(&shared.workers[i]);
}

static void run_round(void)
{
    unsigned i;

    world_build();
    for (i = 0; i < TURNS; i++) {
        run_turn();
        if (debug_kernel && i % TURNS_BETWEEN_SNAPSHOTS == 0)
            seL4_DebugSnapshot();
    }
    world_destroy();
    rounds++;
    if (debug_kernel)
        seL4_DebugSnapshot();
}

static void report(void)
{
    unsigned i;

    print("# calls, successes, what\n");
    for (i = 0; i < method_count + OTHER_CALLS; i++)
        print("# %w %w %s\n", tried[i], done[i],
              i < method_count ? methods[i].name : other_names[i - method_count]);
    print("# %w rounds, %w timer interrupts\n", rounds, ticks);
}

/* The last method has a label that does not exist. */
static unsigned never_succeeded(void)
{
    unsigned i, never = 0;

    for (i = 0; i < method_count - 1; i++)
        never += !done[i];
    return never;
}

int main(void)
{
    seL4_Word wanted = DEFAULT_CALLS, seed = 1, step;
    unsigned never;

    config_read(&wanted, &seed);
    print("# %w calls, seed %w\n", wanted, seed);
    root_seed = seed;
    world_init();
    notification = make(seL4_NotificationObject, 0);
    spawn(100, snapshot_once, 0, 0);
    settle();
    spawn(1, report_idleness, mint_of(notification, 0xf, BADGE_IDLE), 0);
    timer_init(mint_of(notification, 0xf, BADGE_TICK));
    step = wanted / 10;
    while (calls < wanted) {
        run_round();
        if (calls >= step) {
            print("# %w calls in %w rounds\n", calls, rounds);
            step += wanted / 10;
        }
    }
    report();
    never = never_succeeded();
    print("ok 1 - %w random calls\n", calls);
    print("%s 2 - each invocation has succeeded at times\n", never ? "not ok" : "ok");
    print("1..2\n");
    if (debug_kernel)
        seL4_DebugDumpScheduler();
    return never ? 1 : 0;
}
