/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug system calls: there in debug kernels, unknown in others. */
#include "agent.h"

#define TAG(x64, ia32) (seL4_WordBits == 64 ? (x64) : (ia32))

static void identify(const char *name, seL4_CPtr cap, seL4_Word tag)
{
    check_eq(name, seL4_DebugCapIdentify(cap), tag);
}

static void identify_boot_caps(void)
{
    identify("null", 0, 0);
    identify("unresolvable", (seL4_Word)1 << (seL4_WordBits - 1), 0);
    identify("thread", seL4_CapInitThreadTCB, 12);
    identify("CNode", ROOT, 10);
    identify("IRQControl", seL4_CapIRQControl, 14);
    identify("ASIDControl", seL4_CapASIDControl, TAG(11, 9));
    identify("ASID pool", seL4_CapInitThreadASIDPool, TAG(13, 11));
    identify("IOPortControl", seL4_CapIOPortControl, TAG(31, 0x7f));
    identify("IO ports", serial_cap, TAG(19, 0x1f));
    identify("Domain", seL4_CapDomain, TAG(20, 0x3e));
    identify("frame", seL4_CapBootInfoFrame, 1);
    identify("address space", seL4_CapInitThreadVSpace, TAG(9, 5));
    identify("image page", bootinfo->userImageFrames.start, 1);
    identify("image paging, last", bootinfo->userImagePaging.end - 1, 3);
    identify("untyped", bootinfo->untyped.start, 2);
}

static void identify_made_caps(void)
{
    seL4_CPtr ep = make(seL4_EndpointObject, 0), handler = slot_new(), reply = slot_new();
    struct agent client;

    identify("untyped", arena, 2);
    identify("endpoint", ep, 4);
    identify("notification", make(seL4_NotificationObject, 0), 6);
    identify("page table", make(seL4_X86_PageTableObject, 0), 3);
    identify("page directory", make(seL4_X86_PageDirectoryObject, 0), 5);
#ifdef __x86_64__
    identify("PDPT", make(seL4_X86_PDPTObject, 0), 7);
    identify("PML4", make(seL4_X64_PML4Object, 0), 9);
#endif
    must(!seL4_IRQControl_GetMSI(seL4_CapIRQControl, ROOT, handler, DEPTH, 0, 0, 0, 0, 70));
    identify("IRQ handler", handler, TAG(16, 0x1e));
    agent_init(&client, 50, SEL4_SYS(Call), ep, 1, WORDS());
    agent_run(&client);
    must(poll(ep).label == 1 && !seL4_CNode_SaveCaller(ROOT, reply, DEPTH));
    identify("reply", reply, 8);
}

static seL4_Word run(seL4_Word number, seL4_Word cap, struct probe *probe)
{
    struct message fault;

    probe_set_syscall(probe, number, cap, 0x5000);
    fault = probe_run(probe, snippet_syscall);
    return finished_at(&fault, snippet_syscall_end) ? 0 : fault.label;
}

TEST(debug_calls)
{
    struct probe probe;
    seL4_Word missing = debug_kernel ? 0 : seL4_Fault_UnknownSyscall;

    probe_init(&probe);
    memcpy(probe.thread->buffer->msg, "probe", 6);
    check_eq("CapIdentify", run(SEL4_SYS(DebugCapIdentify), ROOT, &probe), missing);
    check_eq("NameThread", run(SEL4_SYS(DebugNameThread), probe.thread->tcb, &probe), missing);
    check_eq("DumpScheduler", run(SEL4_SYS(DebugDumpScheduler), 0, &probe), missing);
    check_eq("PutChar", run(SEL4_SYS(DebugPutChar), '\n', &probe), missing);
    if (debug_kernel && seL4_WordBits == 64 &&
        skip_on_others("seL4 takes long to print all that large untypeds were made into"))
        return;
    check_eq("Snapshot", run(SEL4_SYS(DebugSnapshot), 0, &probe), missing);
}

TEST(debug_cap_types)
{
    if (!debug_kernel)
        return;
    identify_boot_caps();
    identify_made_caps();
}

void debug_stop(uintptr_t mode)
{
    seL4_IPCBuffer *buffer = seL4_GetIPCBuffer();

    memset(buffer->msg, 'n', sizeof(buffer->msg));
    if (mode == 1)
        seL4_DebugHalt();
    else if (mode == 2)
        seL4_DebugNameThread(make(seL4_EndpointObject, 0), "endpoint");
    else
        sel4_sys_send(SEL4_SYS(DebugNameThread), seL4_CapInitThreadTCB, 0, 0, 0, 0, 0);
}
