/* SPDX-License-Identifier: BSD-2-Clause */
/* TCB invocations other than registers: arguments, authority, binding, flags. */
#include "probe.h"

#define VSPACE seL4_CapInitThreadVSpace
#define SELF seL4_CapInitThreadTCB

TEST(tcb_configure)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0), frame = make(seL4_X86_4K, 0), ep;
    seL4_CPtr device = slot_new(), empty = slot_new(), root = make(seL4_VSpaceObject, 0);
    const seL4_Word align = (seL4_Word)1 << seL4_IPCBufferSizeBits;

    ep = make(seL4_EndpointObject, 0);
    must(retype(device_untyped(0xb8000), seL4_X86_4K, 0, device, 1).label == 0);
#define CONFIGURE(cspace, vspace, frame, buffer)                                                   \
    invoke(tcb, TCBConfigure, CAPS(cspace, vspace, frame), ARGS(0, 0, 0, buffer))
    expect("buffer misaligned", CONFIGURE(ROOT, VSPACE, frame, 8), seL4_AlignmentError);
    expect("buffer half aligned", CONFIGURE(ROOT, VSPACE, frame, align / 2), seL4_AlignmentError);
    expect("buffer not a frame", CONFIGURE(ROOT, VSPACE, ep, align), seL4_IllegalOperation);
    expect("buffer slot empty", CONFIGURE(ROOT, VSPACE, empty, align), seL4_IllegalOperation);
    expect("buffer in device memory", CONFIGURE(ROOT, VSPACE, device, align),
           seL4_IllegalOperation);
    expect("CSpace not a CNode", CONFIGURE(VSPACE, VSPACE, frame, 0), seL4_IllegalOperation);
    expect("CSpace empty", CONFIGURE(empty, VSPACE, frame, 0), seL4_IllegalOperation);
    expect("VSpace not an address space", CONFIGURE(ROOT, ROOT, frame, 0), seL4_IllegalOperation);
    expect("VSpace empty", CONFIGURE(ROOT, empty, frame, 0), seL4_IllegalOperation);
    expect("VSpace without an ASID", CONFIGURE(ROOT, root, frame, 0), seL4_IllegalOperation);
    expect("buffer before CSpace", CONFIGURE(empty, empty, frame, 8), seL4_AlignmentError);
    succeeds("buffer 0 takes any cap", CONFIGURE(ROOT, VSPACE, empty, 0));
    succeeds("a good one", CONFIGURE(ROOT, VSPACE, frame, align));
    succeeds("and again", CONFIGURE(ROOT, VSPACE, frame, 4 * align));
    expect("three words", invoke(tcb, TCBConfigure, CAPS(ROOT, VSPACE, frame), ARGS(0, 0, 0)),
           seL4_TruncatedMessage);
    expect("two caps", invoke(tcb, TCBConfigure, CAPS(ROOT, VSPACE), ARGS(0, 0, 0, 0)),
           seL4_TruncatedMessage);
#undef CONFIGURE
}

TEST(tcb_spaces)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0), frame = make(seL4_X86_4K, 0), empty = slot_new();

    succeeds("SetSpace", invoke(tcb, TCBSetSpace, CAPS(ROOT, VSPACE), ARGS(0, 0, 0)));
    expect("CSpace not a CNode", invoke(tcb, TCBSetSpace, CAPS(tcb, VSPACE), ARGS(0, 0, 0)),
           seL4_IllegalOperation);
    expect("VSpace not one", invoke(tcb, TCBSetSpace, CAPS(ROOT, frame), ARGS(0, 0, 0)),
           seL4_IllegalOperation);
    expect("two words", invoke(tcb, TCBSetSpace, CAPS(ROOT, VSPACE), ARGS(0, 0)),
           seL4_TruncatedMessage);
    expect("one cap", invoke(tcb, TCBSetSpace, CAPS(ROOT), ARGS(0, 0, 0)), seL4_TruncatedMessage);
    succeeds("any fault endpoint CPtr",
             invoke(tcb, TCBSetSpace, CAPS(ROOT, VSPACE), ARGS(~(seL4_Word)0, 0, 0)));
    succeeds("SetIPCBuffer", invoke(tcb, TCBSetIPCBuffer, CAPS(frame), ARGS(0x1000)));
    expect("misaligned", invoke(tcb, TCBSetIPCBuffer, CAPS(frame), ARGS(0x1004)),
           seL4_AlignmentError);
    expect("not a frame", invoke(tcb, TCBSetIPCBuffer, CAPS(ROOT), ARGS(0x1000)),
           seL4_IllegalOperation);
    succeeds("0 with an empty slot", invoke(tcb, TCBSetIPCBuffer, CAPS(empty), ARGS(0)));
    expect("no cap", invoke(tcb, TCBSetIPCBuffer, CAPS(), ARGS(0)), seL4_TruncatedMessage);
    expect("no word", invoke(tcb, TCBSetIPCBuffer, CAPS(frame), ARGS()), seL4_TruncatedMessage);
    expect("label of a CNode", invoke(tcb, CNodeCopy, CAPS(ROOT), ARGS(0, 0, 0, 0, 0)),
           seL4_IllegalOperation);
    expect("label of a domain cap", invoke(tcb, DomainSetSet, CAPS(tcb), ARGS(0)),
           seL4_IllegalOperation);
    expect("label 0", invoke(tcb, 0, CAPS(), ARGS()), seL4_IllegalOperation);
}

TEST(tcb_priorities)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0), low = make(seL4_TCBObject, 0), ep;

    ep = make(seL4_EndpointObject, 0);
    succeeds("SetPriority", invoke(tcb, TCBSetPriority, CAPS(SELF), ARGS(255)));
    expect("priority 256", invoke(tcb, TCBSetPriority, CAPS(SELF), ARGS(256)), seL4_RangeError, 0,
           255);
    expect("priority all ones", invoke(tcb, TCBSetPriority, CAPS(SELF), ARGS(~(seL4_Word)0)),
           seL4_RangeError, 0, 255);
    expect("endpoint as authority", invoke(tcb, TCBSetPriority, CAPS(ep), ARGS(1)),
           seL4_InvalidCapability, 1);
    expect("no authority", invoke(tcb, TCBSetPriority, CAPS(), ARGS(1)), seL4_TruncatedMessage);
    expect("no word", invoke(tcb, TCBSetPriority, CAPS(SELF), ARGS()), seL4_TruncatedMessage);
    succeeds("SetMCPriority", invoke(low, TCBSetMCPriority, CAPS(SELF), ARGS(10)));
    expect("MCP 256", invoke(low, TCBSetMCPriority, CAPS(SELF), ARGS(256)), seL4_RangeError, 0,
           255);
    expect("the authority's MCP bounds the priority",
           invoke(tcb, TCBSetPriority, CAPS(low), ARGS(11)), seL4_RangeError, 0, 10);
    succeeds("up to it", invoke(tcb, TCBSetPriority, CAPS(low), ARGS(10)));
    expect("and the MCP", invoke(tcb, TCBSetMCPriority, CAPS(low), ARGS(11)), seL4_RangeError, 0,
           10);
    expect("a new TCB has MCP 0",
           invoke(tcb, TCBSetPriority, CAPS(make(seL4_TCBObject, 0)), ARGS(1)), seL4_RangeError, 0,
           0);
    expect("MCP of the authority: not TCB", invoke(tcb, TCBSetMCPriority, CAPS(ep), ARGS(1)),
           seL4_InvalidCapability, 1);
    succeeds("SetSchedParams", invoke(tcb, TCBSetSchedParams, CAPS(SELF), ARGS(255, 255)));
    expect("priority too high", invoke(tcb, TCBSetSchedParams, CAPS(SELF), ARGS(255, 300)),
           seL4_RangeError, 0, 255);
    expect("MCP too high", invoke(tcb, TCBSetSchedParams, CAPS(low), ARGS(11, 300)),
           seL4_RangeError, 0, 10);
    expect("one word", invoke(tcb, TCBSetSchedParams, CAPS(SELF), ARGS(1)), seL4_TruncatedMessage);
    expect("not a TCB", invoke(tcb, TCBSetSchedParams, CAPS(ep), ARGS(1, 1)),
           seL4_InvalidCapability, 1);
    succeeds("priority above the target's own MCP",
             invoke(low, TCBSetPriority, CAPS(SELF), ARGS(200)));
}

TEST(tcb_bind_notification)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0), other = make(seL4_TCBObject, 0);
    seL4_CPtr ntfn = make_many(seL4_NotificationObject, 0, 2), ep = make(seL4_EndpointObject, 0);
    seL4_CPtr write_only = copy_of(ntfn + 1, 1), read_only = copy_of(ntfn + 1, 2);

    succeeds("Bind", invoke(tcb, TCBBindNotification, CAPS(ntfn), ARGS()));
    expect("twice", invoke(tcb, TCBBindNotification, CAPS(ntfn), ARGS()), seL4_IllegalOperation);
    expect("another to the same TCB", invoke(tcb, TCBBindNotification, CAPS(ntfn + 1), ARGS()),
           seL4_IllegalOperation);
    expect("the same to another TCB", invoke(other, TCBBindNotification, CAPS(ntfn), ARGS()),
           seL4_IllegalOperation);
    expect("an endpoint", invoke(other, TCBBindNotification, CAPS(ep), ARGS()),
           seL4_IllegalOperation);
    expect("without read right", invoke(other, TCBBindNotification, CAPS(write_only), ARGS()),
           seL4_IllegalOperation);
    expect("no cap", invoke(other, TCBBindNotification, CAPS(), ARGS()), seL4_TruncatedMessage);
    succeeds("Unbind", invoke(tcb, TCBUnbindNotification, CAPS(), ARGS()));
    expect("twice", invoke(tcb, TCBUnbindNotification, CAPS(), ARGS()), seL4_IllegalOperation);
    succeeds("free for another", invoke(other, TCBBindNotification, CAPS(ntfn), ARGS()));
    must(delete (other).label == 0);
    succeeds("deleting the TCB unbinds", invoke(tcb, TCBBindNotification, CAPS(ntfn), ARGS()));
    must(delete (ntfn).label == 0);
    succeeds("deleting the notification unbinds; read right is enough",
             invoke(tcb, TCBBindNotification, CAPS(read_only), ARGS()));
}

static void wait_for(uintptr_t ntfn, uintptr_t unused)
{
    seL4_Word badge;

    seL4_Wait(ntfn, &badge);
}

TEST(tcb_bind_with_waiters)
{
    seL4_CPtr ntfn = make(seL4_NotificationObject, 0), tcb = make(seL4_TCBObject, 0);
    struct thread *waiter = spawn(50, wait_for, ntfn, 0);

    settle();
    expect("a notification with waiters", invoke(tcb, TCBBindNotification, CAPS(ntfn), ARGS()),
           seL4_IllegalOperation);
    must(!seL4_TCB_Suspend(waiter->tcb));
    succeeds("none left", invoke(tcb, TCBBindNotification, CAPS(ntfn), ARGS()));
    must(invoke(tcb, TCBUnbindNotification, CAPS(), ARGS()).label == 0);
    seL4_Signal(ntfn);
    succeeds("an active one", invoke(tcb, TCBBindNotification, CAPS(ntfn), ARGS()));
}

TEST(tcb_flags)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0);
    const seL4_Word all = ~(seL4_Word)0;

    expect("start at 0", invoke(tcb, TCBSetFlags, CAPS(), ARGS(0, 0)), 0, 0);
    expect("only bit 0 exists", invoke(tcb, TCBSetFlags, CAPS(), ARGS(0, all)), 0, 1);
    expect("unchanged", invoke(tcb, TCBSetFlags, CAPS(), ARGS(0, 0)), 0, 1);
    expect("cleared", invoke(tcb, TCBSetFlags, CAPS(), ARGS(1, 0)), 0, 0);
    expect("set wins over clear", invoke(tcb, TCBSetFlags, CAPS(), ARGS(1, 1)), 0, 1);
    expect("clearing others leaves it", invoke(tcb, TCBSetFlags, CAPS(), ARGS(all - 1, 0)), 0, 1);
    expect("one word", invoke(tcb, TCBSetFlags, CAPS(), ARGS(0)), seL4_TruncatedMessage);
    expect("SetTLSBase without a word", invoke(tcb, TCBSetTLSBase, CAPS(), ARGS()),
           seL4_TruncatedMessage);
    succeeds("SetTLSBase", invoke(tcb, TCBSetTLSBase, CAPS(), ARGS(0x5000)));
}

TEST(tcb_suspend_resume_idle)
{
    seL4_CPtr tcb = make(seL4_TCBObject, 0);

    succeeds("Suspend of an inactive thread", invoke(tcb, TCBSuspend, CAPS(), ARGS()));
    succeeds("Resume of a running thread (self)", invoke(SELF, TCBResume, CAPS(), ARGS()));
    succeeds("Resume of a thread without any space", invoke(tcb, TCBResume, CAPS(), ARGS()));
    must(!seL4_TCB_SetPriority(tcb, SELF, 40));
    settle();
    succeeds("which has faulted into silence", invoke(tcb, TCBResume, CAPS(), ARGS()));
    settle();
    succeeds("Delete", delete (tcb));
    expect("no longer there", invoke(tcb, TCBResume, CAPS(), ARGS()), seL4_InvalidCapability, 0);
}

static void done(uintptr_t a, uintptr_t b)
{
    trace('x');
}

/* The caps in a TCB are children of those given. */
TEST(tcb_caps_inside)
{
    seL4_CPtr frame = make(seL4_X86_4K, 0), vspace = vspace_clone(), ep;
    struct probe probe;
    struct message fault;
    struct thread *thread = thread_new(60);

    probe_init_in(&probe, vspace);
    fault = probe_run(&probe, snippet_hlt);
    must(finished_at(&fault, snippet_hlt));
    must(revoke(vspace).label == 0);
    fault = probe_run(&probe, snippet_hlt);
    check("Revoke of the VSpace cap takes the thread's",
          arrived(&fault) && fault.label == seL4_Fault_VMFault);
    ep = make(seL4_EndpointObject, 0);
    must(!seL4_TCB_SetIPCBuffer(thread->tcb, 0x400, frame));
    must(revoke(frame).label == 0);
    thread_start(thread, done, ep, 0);
    settle();
    check_text("a thread does without a buffer", trace_text(), "x");
}
