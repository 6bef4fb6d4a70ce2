/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions of kernel operations, user stubs included, as lines of "name value".
 *
 * Meant for qemu -icount shift=0,sleep=off, where a tick of RDTSC is one instruction.  Each figure
 * is the least of several runs, less what two RDTSC in a row cost.  "one way" figures are from
 * before the call in one thread until after it in the other.
 */
#include "runtime/runtime.h"

#define RUNS 32
#define CLIENT 100
#define INFO(words) seL4_MessageInfo_new(0, 0, 0, (words))

static volatile uint64_t sent; /* the clock before the call that is measured */
static volatile uint64_t least[2];
static uint64_t overhead;

/* RDTSC that the compiler moves nothing across. */
static inline uint64_t now(void)
{
    uint64_t value;

    __asm__ volatile("" ::: "memory");
    value = rdtsc();
    __asm__ volatile("" ::: "memory");
    return value;
}

static inline void record(int which, uint64_t ticks)
{
    if (ticks < least[which])
        least[which] = ticks;
}

static void clear(void)
{
    least[0] = least[1] = ~(uint64_t)0;
}

static void report(const char *name, uint64_t ticks)
{
    print("%s %w\n", name, (seL4_Word)(ticks - overhead));
}

static void end_case(void)
{
    arena_reset();
    thread_reset();
}

static void measure_overhead(void)
{
    uint64_t start;
    unsigned i;

    clear();
    for (i = 0; i < RUNS; i++) {
        start = now();
        record(0, now() - start);
    }
    overhead = least[0];
    print("overhead %w\n", (seL4_Word)overhead);
}

/* Client and server of Call and ReplyRecv: each measures the way that ends with it. */
static void client(uintptr_t ep, uintptr_t words)
{
    unsigned i;

    for (i = 0; i < RUNS; i++) {
        sent = now();
        seL4_CallWithMRs(ep, INFO(words), NULL, NULL, NULL, NULL);
        record(1, now() - sent);
    }
}

static void server(uintptr_t ep, uintptr_t words)
{
    seL4_Word badge;

    seL4_Wait(ep, &badge);
    for (;;) {
        record(0, now() - sent);
        sent = now();
        seL4_ReplyRecvWithMRs(ep, INFO(words), &badge, NULL, NULL, NULL, NULL);
    }
}

static void bench_call(const char *call, const char *reply, const char *round, bool other_space,
                       seL4_Word words)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    seL4_CPtr vspace = other_space ? vspace_clone() : seL4_CapInitThreadVSpace;
    struct thread *thread = thread_new_in(CLIENT, ROOT, vspace, 0);

    clear();
    thread_start(thread, server, ep, words);
    settle();
    spawn(CLIENT, client, ep, words);
    settle();
    report(call, least[0]);
    report(reply, least[1]);
    report(round, least[0] + least[1] - overhead);
    end_case();
}

static void receiver(uintptr_t ep, uintptr_t unused)
{
    seL4_Word badge;

    for (;;) {
        seL4_Wait(ep, &badge);
        record(0, now() - sent);
    }
}

static void sender(uintptr_t ep, uintptr_t unused)
{
    unsigned i;

    for (i = 0; i < RUNS; i++) {
        sent = now();
        seL4_SendWithMRs(ep, INFO(0), NULL, NULL, NULL, NULL);
        record(1, now() - sent);
    }
}

/* Send, or Signal, to a waiting thread of higher priority in another address space. */
static void bench_send(const char *name, seL4_Word type)
{
    seL4_CPtr object = make(type, 0);
    struct thread *thread = thread_new_in(CLIENT + 10, ROOT, vspace_clone(), 0);

    clear();
    thread_start(thread, receiver, object, 0);
    settle();
    spawn(CLIENT, sender, object, 0);
    settle();
    report(name, least[0]);
    end_case();
}

/* A Signal that nobody waits for, and taking it by Poll. */
static void bench_signal_alone(void)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0), badged = mint_of(ntfn, 0xf, 1);
    seL4_Word badge;
    uint64_t start;
    unsigned i;

    clear();
    for (i = 0; i < RUNS; i++) {
        start = now();
        seL4_Signal(badged);
        record(0, now() - start);
        start = now();
        seL4_Poll(ntfn, &badge);
        record(1, now() - start);
    }
    report("signal_idle", least[0]);
    report("poll_active", least[1]);
    end_case();
}

static void yielder(uintptr_t which, uintptr_t unused)
{
    unsigned i;

    for (i = 0; i < RUNS; i++) {
        sent = now();
        seL4_Yield();
        record(0, now() - sent);
    }
}

/* Two threads that yield to each other: from one Yield to the return from the other's. */
static void bench_yield(void)
{
    clear();
    spawn(CLIENT, yielder, 0, 0);
    spawn(CLIENT, yielder, 1, 0);
    settle();
    report("yield_switch", least[0]);
    end_case();
}

static void fault_loop(uintptr_t unused, uintptr_t unused2)
{
    for (;;) {
        sent = now();
        __asm__ volatile("ud2" ::: "memory");
        record(1, now() - sent);
    }
}

/* UD2 is skipped by the handler: two bytes. */
static void fault_handler(uintptr_t ep, uintptr_t unused)
{
    seL4_Word badge, ip;
    unsigned i;

    seL4_RecvWithMRs(ep, &badge, &ip, NULL, NULL, NULL);
    for (i = 0; i < RUNS; i++) {
        record(0, now() - sent);
        ip += 2;
        seL4_ReplyRecvWithMRs(ep, INFO(1), &badge, &ip, NULL, NULL, NULL);
    }
}

static void bench_fault(void)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct thread *faulter = thread_new_in(CLIENT, ROOT, vspace_clone(), ep);

    clear();
    spawn(CLIENT, fault_handler, ep, 0);
    settle();
    thread_start(faulter, fault_loop, 0, 0);
    settle();
    report("fault_delivery", least[0]);
    report("fault_round_trip", least[1]);
    end_case();
}

static void bench_map(void)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0);
    uint64_t start;
    unsigned i;

    map_tables(seL4_CapInitThreadVSpace, 0x10000000);
    clear();
    for (i = 0; i < RUNS; i++) {
        start = now();
        seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, 0x10000000, seL4_ReadWrite, 0);
        record(0, now() - start);
        start = now();
        seL4_X86_Page_Unmap(frame);
        record(1, now() - start);
    }
    report("page_map", least[0]);
    report("page_unmap", least[1]);
    end_case();
}

/* Retype of one object: the second from an untyped, and the first after a Revoke, which has to
 * clear what the two of the round before took. */
static void bench_retype(const char *name, const char *again, seL4_Word type)
{
    seL4_CPtr ut = make(seL4_UntypedObject, 14), slot = slots_new(2);
    uint64_t start;
    unsigned i;

    clear();
    for (i = 0; i < RUNS; i++) {
        seL4_CNode_Revoke(ROOT, ut, DEPTH);
        start = now();
        seL4_Untyped_Retype(ut, type, 0, ROOT, 0, 0, slot, 1);
        if (i > 0)
            record(1, now() - start);
        start = now();
        seL4_Untyped_Retype(ut, type, 0, ROOT, 0, 0, slot + 1, 1);
        record(0, now() - start);
    }
    report(name, least[0]);
    report(again, least[1]);
    end_case();
}

static void bench_caps(void)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), slot = slot_new();
    uint64_t start;
    unsigned i;

    clear();
    for (i = 0; i < RUNS; i++) {
        start = now();
        seL4_CNode_Mint(ROOT, slot, DEPTH, ROOT, ep, DEPTH, seL4_AllRights, 1);
        record(0, now() - start);
        start = now();
        seL4_CNode_Delete(ROOT, slot, DEPTH);
        record(1, now() - start);
    }
    report("cnode_mint", least[0]);
    report("cnode_delete", least[1]);
    end_case();
}

int main(void)
{
    measure_overhead();
    bench_call("call_other_space_0", "reply_recv_other_space_0", "round_trip_other_space_0", true,
               0);
    bench_call("call_same_space_0", "reply_recv_same_space_0", "round_trip_same_space_0", false, 0);
    bench_call("call_other_space_4", "reply_recv_other_space_4", "round_trip_other_space_4", true,
               seL4_FastMessageRegisters);
    bench_call("call_other_space_10", "reply_recv_other_space_10", "round_trip_other_space_10",
               true, 10);
    bench_send("send_to_higher", seL4_EndpointObject);
    bench_send("signal_to_higher", seL4_NotificationObject);
    bench_signal_alone();
    bench_yield();
    bench_fault();
    bench_map();
    bench_retype("retype_endpoint", "retype_endpoint_after_revoke", seL4_EndpointObject);
    bench_retype("retype_page", "retype_page_after_revoke", seL4_X86_4K);
    bench_retype("retype_tcb", "retype_tcb_after_revoke", seL4_TCBObject);
    bench_caps();
    return 0;
}
