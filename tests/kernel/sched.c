/* SPDX-License-Identifier: BSD-2-Clause */
/* Priorities, queues, time slices: who runs after what. */
#include "agent.h"

#define SELF seL4_CapInitThreadTCB
#define RECV SEL4_SYS(Recv)
#define SEND SEL4_SYS(Send)

static void mark(uintptr_t tag, uintptr_t unused)
{
    trace((char)tag);
}

static void mark_yield_mark(uintptr_t tag, uintptr_t times)
{
    while (times--) {
        trace((char)tag);
        seL4_Yield();
    }
}

static seL4_CPtr self(void)
{
    return thread_self()->tcb;
}

TEST(sched_priority_decides)
{
    spawn(10, mark, 'a', 0);
    spawn(30, mark, 'b', 0);
    spawn(20, mark, 'c', 0);
    spawn(254, mark, 'd', 0);
    check_text("nobody runs before the highest", trace_text(), "");
    settle();
    check_text("then from high to low", trace_text(), "dbca");
}

TEST(sched_start_order)
{
    spawn(100, mark, 'a', 0);
    spawn(100, mark, 'b', 0);
    spawn(100, mark, 'c', 0);
    settle();
    check_text("lower priority: last started runs first", trace_text(), "cba");
    trace_reset();
    fresh_slice();
    spawn(255, mark, 'a', 0);
    spawn(255, mark, 'b', 0);
    spawn(255, mark, 'c', 0);
    settle();
    check_text("own priority: last started runs first", trace_text(), "cba");
    trace_reset();
    fresh_slice();
    spawn(255, mark, 'a', 0);
    spawn(255, mark, 'b', 0);
    trace('1');
    seL4_Yield();
    trace('2');
    check_text("Yield lets each of them run", trace_text(), "1ba2");
}

TEST(sched_yield)
{
    spawn(100, mark_yield_mark, 'b', 3);
    spawn(100, mark_yield_mark, 'a', 3);
    settle();
    check_text("two of a priority take turns", trace_text(), "ababab");
    trace_reset();
    spawn(90, mark, 'x', 0);
    spawn(100, mark_yield_mark, 'a', 3);
    settle();
    check_text("Yield does not yield to lower ones", trace_text(), "aaax");
}

static void resume_then_mark(uintptr_t tcb, uintptr_t tag)
{
    seL4_TCB_Resume(tcb);
    trace((char)tag);
}

static void start_stopped(struct thread *thread, char tag)
{
    thread_start(thread, mark, (uintptr_t)tag, 0);
    must(!seL4_TCB_Suspend(thread->tcb));
}

TEST(sched_resume)
{
    struct thread *high = thread_new(120), *same = thread_new(100), *low = thread_new(80);

    start_stopped(high, 'h');
    start_stopped(same, 's');
    start_stopped(low, 'l');
    settle();
    check_text("suspended threads do not run", trace_text(), "");
    spawn(100, resume_then_mark, high->tcb, '1');
    settle();
    check_text("resuming a higher thread: it runs at once", trace_text(), "h1");
    spawn(100, resume_then_mark, same->tcb, '2');
    settle();
    check_text("one of the same priority: later", trace_text(), "h12s");
    spawn(100, resume_then_mark, low->tcb, '3');
    settle();
    check_text("a lower one: later", trace_text(), "h12s3l");
}

/* Resume puts the thread directly behind the caller, not at the tail. */
TEST(sched_resume_behind_caller)
{
    struct thread *same = thread_new(100);

    start_stopped(same, 's');
    spawn(100, mark, 'z', 0);
    spawn(100, resume_then_mark, same->tcb, '1');
    settle();
    check_text("before one that was ready already", trace_text(), "1sz");
}

static void send_then_mark(uintptr_t ep, uintptr_t tag)
{
    seL4_Send(ep, seL4_MessageInfo_new(0, 0, 0, 0));
    trace((char)tag);
}

TEST(sched_ipc_wakeups)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent high, same, low;

    agent_go(&high, 'h', 120, RECV, ep);
    settle();
    spawn(100, send_then_mark, ep, '1');
    settle();
    check_text("Send to a higher receiver: it runs at once", trace_text(), "h1");
    trace_reset();
    agent_go(&same, 's', 100, RECV, ep);
    settle();
    spawn(100, mark, 'z', 0);
    spawn(100, send_then_mark, ep, '1');
    settle();
    check_text("to one of the same priority: at the tail", trace_text(), "1zs");
    trace_reset();
    agent_go(&low, 'l', 80, RECV, ep);
    settle();
    spawn(80, mark, 'z', 0);
    spawn(100, send_then_mark, ep, '1');
    settle();
    check_text("to a lower one: at the head", trace_text(), "1lz");
}

static void signal_then_mark(uintptr_t ntfn, uintptr_t tag)
{
    seL4_Signal(ntfn);
    trace((char)tag);
}

TEST(sched_signal_wakeups)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0);
    struct agent high, same;

    agent_go(&high, 'h', 120, RECV, ntfn);
    settle();
    spawn(100, signal_then_mark, ntfn, '1');
    settle();
    check_text("Signal to a higher waiter: it runs at once", trace_text(), "h1");
    trace_reset();
    agent_go(&same, 's', 100, RECV, ntfn);
    settle();
    spawn(100, mark, 'z', 0);
    spawn(100, signal_then_mark, ntfn, '1');
    settle();
    check_text("to one of the same priority: at the tail", trace_text(), "1zs");
}

/* A Call blocks the caller: the receiver is switched to directly, past its equals. */
static void call_then_mark(uintptr_t ep, uintptr_t tag)
{
    trace((char)tag);
    seL4_Call(ep, seL4_MessageInfo_new(0, 0, 0, 0));
    trace((char)(tag + 1));
}

static void serve_once(uintptr_t ep, uintptr_t tag)
{
    seL4_Word badge;

    seL4_Recv(ep, &badge);
    trace((char)tag);
    seL4_Reply(seL4_MessageInfo_new(0, 0, 0, 0));
    trace((char)(tag + 1));
}

TEST(sched_direct_switch)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);

    spawn(100, serve_once, ep, 'a');
    settle();
    spawn(100, mark, 'z', 0);
    spawn(100, call_then_mark, ep, '1');
    settle();
    check_text("Call of equals goes straight to the server", trace_text(), "1abz2");
    trace_reset();
    spawn(100, serve_once, ep, 'a');
    settle();
    spawn(90, mark, 'z', 0);
    spawn(110, call_then_mark, ep, '1');
    settle();
    check_text("a lower server runs when the caller waits; the reply preempts it", trace_text(),
               "1a2bz");
    trace_reset();
    spawn(120, serve_once, ep, 'a');
    settle();
    spawn(110, call_then_mark, ep, '1');
    settle();
    check_text("a higher server goes on after its reply", trace_text(), "1ab2");
}

static void lower_self_then_mark(uintptr_t priority, uintptr_t tag)
{
    seL4_TCB_SetPriority(self(), SELF, priority);
    trace((char)tag);
}

static void set_then_mark(uintptr_t tcb, uintptr_t priority)
{
    seL4_TCB_SetPriority(tcb, SELF, priority);
    trace('1');
}

TEST(sched_set_priority)
{
    struct thread *other;

    spawn(90, mark, 'z', 0);
    spawn(100, lower_self_then_mark, 80, '1');
    settle();
    check_text("lowering oneself below a ready thread yields at once", trace_text(), "z1");
    trace_reset();
    spawn(90, mark, 'z', 0);
    spawn(100, lower_self_then_mark, 90, '1');
    settle();
    check_text("lowering oneself to its level goes in front of it", trace_text(), "1z");
    trace_reset();
    other = spawn(90, mark, 'o', 0);
    spawn(100, set_then_mark, other->tcb, 110);
    settle();
    check_text("raising a ready thread above oneself", trace_text(), "o1");
    trace_reset();
    other = spawn(90, mark, 'o', 0);
    spawn(100, mark, 'z', 0);
    spawn(100, set_then_mark, other->tcb, 100);
    settle();
    check_text("raising it to one's own level: at the tail", trace_text(), "1zo");
    trace_reset();
    other = spawn(100, mark, 'o', 0);
    spawn(90, mark, 'z', 0);
    must(!seL4_TCB_SetPriority(other->tcb, SELF, 80));
    settle();
    check_text("lowering a ready thread", trace_text(), "zo");
}

TEST(sched_mcp_leaves_priority)
{
    struct thread *thread = spawn(100, mark, 'a', 0);

    spawn(90, mark, 'b', 0);
    must(!seL4_TCB_SetMCPriority(thread->tcb, SELF, 10));
    settle();
    check_text("a lower MCP does not lower the priority", trace_text(), "ab");
}

TEST(sched_suspend)
{
    struct thread *other = spawn(100, mark, 'o', 0);

    spawn(100, mark, 'a', 0);
    must(!seL4_TCB_Suspend(other->tcb));
    settle();
    check_text("a suspended ready thread leaves the queue", trace_text(), "a");
    must(!seL4_TCB_Resume(other->tcb));
    settle();
    check_text("and comes back", trace_text(), "ao");
    must(!seL4_TCB_Resume(other->tcb));
    must(!seL4_TCB_Resume(other->tcb));
    settle();
    check_text("resuming twice is resuming once", trace_text(), "ao");
}

static volatile seL4_Word counts[2];

static void count_forever(uintptr_t index, uintptr_t unused)
{
    for (;;)
        counts[index]++;
}

/* Two threads that never yield share the processor; the root thread watches from above. */
static seL4_Word wait_for_both(uint64_t ticks)
{
    uint64_t start = rdtsc();

    counts[0] = counts[1] = 0;
    set_priority(99);
    while (rdtsc() - start < ticks && (!counts[0] || !counts[1]))
        seL4_Yield();
    set_priority(seL4_MaxPrio);
    return counts[0] && counts[1];
}

TEST(sched_time_slices)
{
    set_priority(101);
    spawn(99, count_forever, 0, 0);
    spawn(99, count_forever, 1, 0);
    check("spinning threads of one priority take turns", wait_for_both((uint64_t)20 << 30));
}

/* Time by channel 0 of the PIT, running freely: 1193182 Hz, modulo 65536. */
static seL4_Word pit_time(seL4_CPtr ports)
{
    seL4_Word count;

    seL4_X86_IOPort_Out8(ports, 0x43, 0);
    count = seL4_X86_IOPort_In8(ports, 0x40).result;
    count |= (seL4_Word)seL4_X86_IOPort_In8(ports, 0x40).result << 8;
    return 65536 - count;
}

static seL4_CPtr pit_start(void)
{
    seL4_CPtr ports = slot_new();

    must(!seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, 0x40, 0x43, ROOT, ports, DEPTH));
    seL4_X86_IOPort_Out8(ports, 0x43, 0x34);
    seL4_X86_IOPort_Out8(ports, 0x40, 0);
    seL4_X86_IOPort_Out8(ports, 0x40, 0);
    return ports;
}

/* A time slice is five ticks of 2 ms: a spinner keeps its equal waiting for that long. */
TEST(sched_slice_length)
{
    const seL4_Word ms = 1193;
    seL4_CPtr ports = pit_start();
    seL4_Word now, last, gap, longest = 0;
    unsigned rounds = 0, reads;

    spawn(99, count_forever, 0, 0);
    set_priority(99);
    seL4_Yield();
    last = pit_time(ports);
    for (reads = 0; reads < 1000000 && rounds < 10 && longest < 8 * ms; reads++) {
        now = pit_time(ports);
        gap = (now - last) & 0xffff;
        last = now;
        rounds += gap > ms;
        if (gap > longest)
            longest = gap;
    }
    set_priority(seL4_MaxPrio);
    check("a spinner preempts its equal", rounds > 0);
    check("for a whole slice", longest >= 8 * ms);
}

TEST(sched_preempted_goes_to_the_head)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent high;

    agent_go(&high, 'h', 120, RECV, ep);
    settle();
    spawn(100, mark, 'z', 0);
    spawn(100, send_then_mark, ep, '1');
    settle();
    check_text("a thread preempted by a higher one runs before its equals", trace_text(), "h1z");
}

TEST(sched_two_wakeups)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), used = slot_new(), next;
    struct agent a, b, c;

    next = make(seL4_EndpointObject, 0);
    must(move(used, ep).label == 0);
    agent_go(&a, 0, 60, SEND, used);
    settle();
    agent_go(&b, 0, 60, SEND, used);
    settle();
    agent_go(&c, 0, 60, SEND, used);
    settle();
    a.info = 0;
    must(delete (used).label == 0);
    must(copy(used, next).label == 0);
    settle();
    must(!nothing_at(next));
    settle();
    check("restarted in one call: reverse of their queue order",
          c.returned && !a.returned && !b.returned);
}

/* One ReplyRecv that wakes two: the client by its reply, a sender by its receive. */
static void reply_and_receive(uintptr_t ep, uintptr_t unused)
{
    seL4_Word badge;

    seL4_Recv(ep, &badge);
    trace('r');
    seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 0), &badge);
    trace('S');
}

TEST(sched_reply_recv_wakes_two)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent client, plain;

    agent_go(&client, 'C', 100, SEL4_SYS(Call), ep);
    settle();
    agent_go(&plain, 'P', 100, SEND, ep);
    settle();
    spawn(100, mark, 'z', 0);
    spawn(100, reply_and_receive, ep, 0);
    settle();
    check_text("the server goes on, then the later woken, then the earlier", trace_text(), "rSPCz");
}

TEST(sched_reply_recv_blocks)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0);
    struct agent client;

    agent_go(&client, 'C', 100, SEL4_SYS(Call), ep);
    settle();
    spawn(100, mark, 'z', 0);
    spawn(100, reply_and_receive, ep, 0);
    settle();
    check_text("ReplyRecv that waits goes straight to the client, past its equals", trace_text(),
               "rCz");
}

/* Calls on oneself that reschedule keep the caller in front of its equals. */
static void touch_self(uintptr_t label, uintptr_t tag)
{
    seL4_SetCap(0, 0);
    seL4_CallWithMRs(self(), seL4_MessageInfo_new(label, 0, 0, 1), NULL, NULL, NULL, NULL);
    trace((char)tag);
}

TEST(sched_touching_oneself)
{
    spawn(100, mark, 'z', 0);
    spawn(100, touch_self, TCBSetTLSBase, '1');
    settle();
    check_text("SetTLSBase of oneself: still first", trace_text(), "1z");
    trace_reset();
    spawn(100, mark, 'z', 0);
    spawn(100, touch_self, TCBResume, '1');
    settle();
    check_text("Resume of oneself: still first", trace_text(), "1z");
}

/* SetSpace of oneself: the new address space, an empty one, counts from the next switch on. */
static void leave_own_space(uintptr_t vspace, uintptr_t unused)
{
    seL4_TCB_SetSpace(self(), 0, ROOT, 0, vspace, 0);
    trace('1');
    seL4_Yield();
    trace('2');
}

TEST(sched_space_of_oneself)
{
    spawn(100, leave_own_space, vspace_new(), 0);
    settle();
    check_text("goes on until the next thread switch", trace_text(), "1");
}

static void poll_in_a_loop(uintptr_t ntfn, uintptr_t counter)
{
    seL4_Word badge = 0;

    while (!badge)
        seL4_Poll(ntfn, &badge);
    trace('p');
}

/* A thread that does nothing but system calls is preempted at the end of its slice too. */
TEST(sched_slices_in_system_calls)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0);

    spawn(100, signal_then_mark, mint_of(ntfn, 0xf, 1), 's');
    spawn(100, poll_in_a_loop, ntfn, 0);
    settle();
    check_text("the other gets its turn", trace_text(), "sp");
}
