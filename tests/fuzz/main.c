/* SPDX-License-Identifier: BSD-2-Clause */
/* The root thread: rounds, each with a new world, of turns, each until the workers are done. */
#include "fuzz.h"

#define DEFAULT_CALLS 100000
#define TURNS 24 /* in a round */
#define TURNS_BETWEEN_SNAPSHOTS 4
#define MAX_TICKS 24 /* in a turn: a worker that still runs then does nothing useful */
#define ERROR_CODES ((2u << seL4_NotEnoughMemory) - 1) /* 0, success, among them */
#define FAULT_TYPES 8
#define BADGE_TICK 1
#define BADGE_IDLE 2

static seL4_CPtr notification;
static seL4_Word tried[MAX_COUNTERS], done[MAX_COUNTERS], errors[MAX_METHODS];
static seL4_Word faults[FAULT_TYPES]; /* by label; 0: cap faults of receivers */
static seL4_Word calls, rounds, ticks;
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

void count_deed(seL4_Word label, seL4_Error error)
{
    unsigned i = 0;

    while (methods[i].label != label)
        i++;
    calls++;
    tried[i]++;
    done[i] += !error;
    errors[i] |= 1u << error;
}

static void collect(struct worker *w)
{
    unsigned i;

    for (i = 0; i < method_count; i++) {
        errors[i] |= w->tried[i] <= 2 * QUOTA ? w->errors[i] & ERROR_CODES : 0;
        w->errors[i] = 0;
    }

    for (i = 0; i < method_count + OTHER_CALLS; i++) {
        if (w->tried[i] <= 2 * QUOTA) { /* else the worker has overwritten its own memory */
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

static void report_line(unsigned i, const char *name, seL4_Word codes)
{
    seL4_Word code;

    print("# %w %w %s", tried[i], done[i], name);
    for (code = 1; code <= seL4_NotEnoughMemory; code++)
        if (codes & 1u << code)
            print(" %w", code);
    print("\n");
}

static void report(void)
{
    unsigned i;

    print("# calls, successes, what, error codes met\n");
    for (i = 0; i < method_count; i++)
        report_line(i, methods[i].name, errors[i]);
    for (i = 0; i < OTHER_CALLS; i++)
        report_line(method_count + i, other_names[i], 0);
    print("# faults seen: %w %w in receiving, %w unknown, %w exceptions, %w memory\n",
          faults[seL4_Fault_CapFault], faults[0], faults[seL4_Fault_UnknownSyscall],
          faults[seL4_Fault_UserException], faults[seL4_Fault_VMFault]);
    print("# %w rounds, %w timer interrupts\n", rounds, ticks);
}

static unsigned never_succeeded(void)
{
    unsigned i, never = 0;

    for (i = 0; i < method_count; i++)
        never += !done[i] && !methods[i].never_succeeds;
    for (i = 0; i <= CALL_YIELD; i++)
        never += !done[method_count + i];
    return never + !done[method_count + CALL_TLS_BASE];
}

static unsigned never_failed(void)
{
    unsigned i, never = 0;

    for (i = 0; i < method_count; i++)
        never += !(errors[i] & ERROR_CODES & ~(seL4_Word)1);
    for (i = CALL_FAULT; i < OTHER_CALLS; i++)
        never += tried[method_count + i] == done[method_count + i];
    return never;
}

static bool every_code_met(void)
{
    seL4_Word met = 0;
    unsigned i;

    for (i = 0; i < method_count; i++)
        met |= errors[i];
    return (met & ERROR_CODES) == ERROR_CODES;
}

void count_fault(seL4_Word label, bool in_receive_phase)
{
    faults[label == seL4_Fault_CapFault && in_receive_phase ? 0 : label % FAULT_TYPES]++;
}

static bool every_fault_met(void)
{
    return faults[0] && faults[seL4_Fault_CapFault] && faults[seL4_Fault_UnknownSyscall] &&
           faults[seL4_Fault_UserException] && faults[seL4_Fault_VMFault];
}

static bool check(bool good, unsigned number, const char *what)
{
    print("%s %u - %s\n", good ? "ok" : "not ok", number, what);
    return good;
}

int main(void)
{
    seL4_Word wanted = DEFAULT_CALLS, seed = 1, step;
    bool good;

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
    print("# %w calls\n", calls);
    good = check(calls >= wanted, 1, "random calls");
    good &= check(!never_succeeded(), 2, "each invocation has succeeded at times");
    good &= check(!never_failed(), 3, "each invocation has failed at times, each trap been met");
    good &= check(every_code_met(), 4, "each error code was met");
    good &= check(every_fault_met(), 5, "each kind of fault was met");
    print("1..5\n");
    if (debug_kernel)
        seL4_DebugDumpScheduler();
    return good ? 0 : 1;
}
