/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fuzzer: threads ("workers") that fire random system calls at a world of objects which they
 * reach through one CNode, and a root thread that builds and destroys worlds, interferes, and sets
 * workers going again that have blocked or faulted.
 */
#pragma once

#include <runtime.h>

#define WORKERS 6
#define SERVERS 2 /* of the workers: those that prefer to receive */
#define RADIX 7   /* of the node that the workers share */
#define SLOTS (1u << RADIX)
#define TOP_RADIX 2    /* of the node above, in the CSpaces of two levels */
#define FAULT_SLOT 127 /* of the node: the endpoint for faults */
#define QUOTA 25       /* calls of a worker in one turn */
#define MAX_WORKER_PRIORITY 200

/* What a slot of the node probably holds. Workers note it without locks, so it may be wrong. */
enum kind {
    K_NONE,
    K_UNTYPED,
    K_TCB,
    K_ENDPOINT,
    K_NOTIFICATION,
    K_NODE,     /* the node itself */
    K_CAPTABLE, /* any other CNode */
    K_FRAME,
    K_PAGE_TABLE,
    K_PAGE_DIRECTORY,
    K_PDPT,
    K_VSPACE,
    K_ASID_CONTROL,
    K_ASID_POOL,
    K_DOMAIN,
    K_IRQ_HANDLER,
    K_IO_PORT,
    K_ANY,
};

/*
 * An invocation and the kinds of its arguments: s slot with a capability, e empty slot, n slot with
 * an endpoint, k slot with another CNode, d depth, t object type, b size bits, c count, r rights, g
 * badge or guard, v address, f flags, p priority, i instruction address, o port, w any word. Small
 * figures stand for themselves.
 */
struct method {
    const char *name;
    seL4_Word label;
    enum kind service; /* K_NONE: done by the root thread; workers lack the capability for it */
    enum kind caps[3];
    const char *args;
    bool never_succeeds;
};
extern const struct method methods[];
extern const unsigned method_count;
#define MAX_METHODS 72

/* System calls that are no invocations, counted behind the methods. */
enum other_call {
    CALL_SEND,
    CALL_NB_SEND,
    CALL_CALL,
    CALL_RECV,
    CALL_NB_RECV,
    CALL_REPLY,
    CALL_REPLY_RECV,
    CALL_YIELD,
    CALL_UNKNOWN,
    CALL_DEBUG,
    CALL_TLS_BASE,
    CALL_FAULT,
    CALL_INT,
    CALL_PRIVILEGED,
    CALL_SELECTOR,
    CALL_ODD,
    OTHER_CALLS,
};
extern const char *const other_names[OTHER_CALLS];
#define MAX_COUNTERS (MAX_METHODS + OTHER_CALLS)

/*
 * A worker's own memory. The root thread reads and clears the counters between turns; it must not
 * rely on anything here, nor in the worker's thread area: a worker that executes random code may
 * have written there.
 */
struct worker {
    _Alignas(PAGE_SIZE) uint64_t seed;
    volatile unsigned quota;
    bool two_levels, serves;
    volatile uint16_t tried[MAX_COUNTERS], done[MAX_COUNTERS];
    volatile uint16_t errors[MAX_METHODS]; /* a bit for each error code */
};

/* What workers may write to; the rest of the image they see read-only. */
extern struct shared {
    struct worker workers[WORKERS];
    _Alignas(PAGE_SIZE) volatile uint8_t guess[SLOTS]; /* enum kind */
} shared;

/* worker.c */
void work(uintptr_t index, uintptr_t unused);
seL4_Word random_below(uint64_t *seed, seL4_Word limit);
seL4_Word node_guard(void); /* capability data: a guard that makes CPtrs of slot numbers */

/* arch/: system calls in a row without any use of memory, then a fault */
extern const char stray[];
/* arch/: does one of a few things that end in an exception */
#define FAULTS 8
void fault_somehow(seL4_Word which);
/* Tables of code to call: of the kernel tests, with entries of 16 bytes; and arch/, of 64. */
extern const char int_table[], privileged_table[], privileged_table_end[], selector_table[];
extern const char odd_table[], odd_table_end[];

/* main.c: counts what the root thread has done of a method, by its label. */
void count_deed(seL4_Word label, seL4_Error error);
void count_fault(seL4_Word label, bool in_receive_phase);

/* world.c */
extern seL4_CPtr node, fault_endpoint;
extern uint64_t root_seed;
void world_init(void);      /* once */
void world_build(void);     /* a new node, full of objects */
void world_destroy(void);   /* and all that was made of it */
void world_interfere(void); /* one random deed of the root thread's */
void world_wake_workers(void);

/* timer.c */
void timer_init(seL4_CPtr notification);
void timer_acknowledge(void);

/* config.c: the number of calls and the seed, from QEMU's -fw_cfg name=opt/fuzz */
void config_read(seL4_Word *calls, seL4_Word *seed);
