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
#define PAGE 0x10000000 /* where pages are mapped */

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

static void spawn_partners(seL4_CPtr ep, thread_entry serve, thread_entry ask, bool other_space,
                           seL4_Word words)
{
    seL4_CPtr vspace = other_space ? vspace_clone() : seL4_CapInitThreadVSpace;
    struct thread *thread = thread_new_in(CLIENT, ROOT, vspace, 0);

    thread_start(thread, serve, ep, words);
    settle();
    spawn(CLIENT, ask, ep, words);
    settle();
}

static void report_call(const char *kind, seL4_Word words)
{
    print("call_%s_%w %w\n", kind, words, (seL4_Word)(least[0] - overhead));
    print("reply_recv_%s_%w %w\n", kind, words, (seL4_Word)(least[1] - overhead));
    print("round_trip_%s_%w %w\n", kind, words, (seL4_Word)(least[0] + least[1] - 2 * overhead));
}

static void bench_call(bool other_space, seL4_Word words)
{
    clear();
    spawn_partners(make(seL4_EndpointObject, 0), server, client, other_space, words);
    report_call(other_space ? "other_space" : "same_space", words);
    end_case();
}

/* The same between threads that use the FPU between calls, and between some that may not. */
static void use_fpu(void)
{
    __asm__ volatile("fld1\n\tfstp %%st(0)" ::: "st");
}

static void fpu_client(uintptr_t ep, uintptr_t words)
{
    unsigned i;

    for (i = 0; i < RUNS; i++) {
        use_fpu();
        sent = now();
        seL4_CallWithMRs(ep, INFO(words), NULL, NULL, NULL, NULL);
        record(1, now() - sent);
    }
}

static void fpu_server(uintptr_t ep, uintptr_t words)
{
    seL4_Word badge;

    seL4_Wait(ep, &badge);
    for (;;) {
        record(0, now() - sent);
        use_fpu();
        sent = now();
        seL4_ReplyRecvWithMRs(ep, INFO(words), &badge, NULL, NULL, NULL, NULL);
    }
}

static void disable_fpu(void)
{
    seL4_TCB_SetFlags(thread_self()->tcb, 0, seL4_TCBFlag_fpuDisabled);
}

static void integer_client(uintptr_t ep, uintptr_t words)
{
    disable_fpu();
    client(ep, words);
}

static void integer_server(uintptr_t ep, uintptr_t words)
{
    disable_fpu();
    server(ep, words);
}

static void bench_fpu(void)
{
    clear();
    spawn_partners(make(seL4_EndpointObject, 0), fpu_server, fpu_client, true, 0);
    report_call("with_fpu", 0);
    end_case();
    clear();
    spawn_partners(make(seL4_EndpointObject, 0), integer_server, integer_client, true, 0);
    report_call("fpu_disabled", 0);
    end_case();
}

/* Takes the capability to reply out of its own TCB, and replies through it. */
static void saving_server(uintptr_t ep, uintptr_t slot)
{
    seL4_Word badge;

    for (;;) {
        seL4_Wait(ep, &badge);
        sent = now();
        seL4_CNode_SaveCaller(ROOT, slot, DEPTH);
        record(0, now() - sent);
        sent = now();
        seL4_SendWithMRs(slot, INFO(0), NULL, NULL, NULL, NULL);
        record(1, now() - sent);
    }
}

static void ask(uintptr_t ep, uintptr_t unused)
{
    unsigned i;

    for (i = 0; i < RUNS; i++)
        seL4_CallWithMRs(ep, INFO(0), NULL, NULL, NULL, NULL);
}

static void bench_saved_reply(void)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct thread *thread = thread_new_in(CLIENT, ROOT, vspace_clone(), 0);

    clear();
    thread_start(thread, saving_server, ep, slot_new());
    settle();
    spawn(CLIENT, ask, ep, 0);
    settle();
    report("save_caller", least[0]);
    report("send_to_saved_reply", least[1]);
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

/* A Signal that no thread waits for, and taking it by Poll and by Wait. */
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
    clear();
    for (i = 0; i < RUNS; i++) {
        seL4_Signal(badged);
        start = now();
        seL4_Wait(ntfn, &badge);
        record(0, now() - start);
    }
    report("wait_active", least[0]);
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

static void bench_map(const char *map, const char *unmap, seL4_Word type, seL4_Word vaddr)
{
    seL4_CPtr frame = make(type, 0);
    uint64_t start;
    unsigned i;

    map_tables(seL4_CapInitThreadVSpace, PAGE);
    clear();
    for (i = 0; i < RUNS; i++) {
        start = now();
        seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite, 0);
        record(0, now() - start);
        start = now();
        seL4_X86_Page_Unmap(frame);
        record(1, now() - start);
    }
    report(map, least[0]);
    report(unmap, least[1]);
    end_case();
}

/* Touches a page that the handler of its fault has to map. */
static void touch_page(uintptr_t frame, uintptr_t unused)
{
    unsigned i;

    for (i = 0; i < RUNS; i++) {
        sent = now();
        (void)*(volatile char *)PAGE;
        record(1, now() - sent);
        seL4_X86_Page_Unmap(frame);
    }
}

static void page_fault_handler(uintptr_t ep, uintptr_t frame)
{
    seL4_Word badge;

    seL4_Wait(ep, &badge);
    for (;;) {
        record(0, now() - sent);
        seL4_X86_Page_Map(frame, seL4_CapInitThreadVSpace, PAGE, seL4_ReadWrite, 0);
        seL4_ReplyRecvWithMRs(ep, INFO(0), &badge, NULL, NULL, NULL, NULL);
    }
}

static void bench_page_fault(void)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), frame = make(seL4_X86_4K, 0);
    struct thread *faulter = thread_new_in(CLIENT, ROOT, seL4_CapInitThreadVSpace, ep);

    map_tables(seL4_CapInitThreadVSpace, PAGE);
    clear();
    spawn(CLIENT, page_fault_handler, ep, frame);
    settle();
    thread_start(faulter, touch_page, frame, 0);
    settle();
    report("page_fault_delivery", least[0]);
    report("page_fault_mapped", least[1]);
    end_case();
}

static seL4_CPtr pit_ports, pit_handler;
static volatile bool waiter_done;

/* One interrupt of the PIT, soon. */
static void start_pit(void)
{
    seL4_X86_IOPort_Out8(pit_ports, 0x43, 0x30);
    seL4_X86_IOPort_Out8(pit_ports, 0x40, 100);
    seL4_X86_IOPort_Out8(pit_ports, 0x40, 0);
}

static void interrupt_waiter(uintptr_t ntfn, uintptr_t unused)
{
    seL4_Word badge;
    uint64_t start;
    unsigned i;

    for (i = 0; i < RUNS; i++) {
        start_pit();
        seL4_Wait(ntfn, &badge);
        record(0, now() - sent);
        start = now();
        seL4_IRQHandler_Ack(pit_handler);
        record(1, now() - start);
    }
    waiter_done = true;
}

/* Notes the time until no thread waits for interrupts any more. */
static void watch_clock(uintptr_t unused, uintptr_t unused2)
{
    while (!waiter_done)
        sent = now();
}

/* From the interrupted thread's last instruction to the first one of the thread it wakes. */
static void bench_interrupt(void)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0);

    pit_ports = slot_new();
    pit_handler = slot_new();
    seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, 0x40, 0x43, ROOT, pit_ports, DEPTH);
    seL4_X86_IOPort_Out8(pit_ports, 0x43, 0x30);
    seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, ROOT, pit_handler, DEPTH, 0, 2, 0, 0, 30);
    seL4_IRQHandler_SetNotification(pit_handler, mint_of(ntfn, 0xf, 1));
    clear();
    spawn(CLIENT + 10, interrupt_waiter, ntfn, 0);
    spawn(CLIENT, watch_clock, 0, 0);
    settle();
    report("interrupt_delivery", least[0]);
    report("interrupt_ack", least[1]);
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
    static const seL4_Word words[] = {0, 4, 10, 64};
    unsigned i;

    print("boot_to_root_task %w\n", (seL4_Word)start_ticks);
    measure_overhead();
    for (i = 0; i < ARRAY_SIZE(words); i++)
        bench_call(true, words[i]);
    for (i = 0; i < ARRAY_SIZE(words); i++)
        bench_call(false, words[i]);
    bench_fpu();
    bench_send("send_to_higher", seL4_EndpointObject);
    bench_send("signal_to_higher", seL4_NotificationObject);
    bench_saved_reply();
    bench_signal_alone();
    bench_yield();
    bench_interrupt();
    bench_fault();
    bench_page_fault();
    bench_map("page_map", "page_unmap", seL4_X86_4K, PAGE);
    bench_map("large_page_map", "large_page_unmap", seL4_X86_LargePageObject,
              PAGE + ((seL4_Word)1 << seL4_LargePageBits));
    bench_retype("retype_endpoint", "retype_endpoint_after_revoke", seL4_EndpointObject);
    bench_retype("retype_page", "retype_page_after_revoke", seL4_X86_4K);
    bench_retype("retype_tcb", "retype_tcb_after_revoke", seL4_TCBObject);
    bench_caps();
    return 0;
}
