/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random system calls, by a thread whose CSpace holds some of everything, itself included.  The
 * sequence is the same in every run.  The kernel has to survive it (a debug kernel: with all its
 * assertions), and the memory has to be whole afterwards.
 */
#include "probe.h"

#define RADIX 6
#define SLOTS (1u << RADIX)
#define CHUNKS 100
#define CHUNK 200 /* methods called in each */

static uint64_t seed;

static seL4_Word random_below(seL4_Word limit)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (seL4_Word)(seed >> 33) % limit;
}

/*
 * Methods and their arguments: s slot, d depth, t object type, b size bits, c count, r rights,
 * g badge or guard, v address, f flags, p priority, w any word.
 */
static const struct method {
    seL4_Word label, caps;
    const char *args;
} methods[] = {
    {UntypedRetype, 1, "tbsdsc"},
    {UntypedRetype, 1, "tb00sc"},
    {UntypedRetype, 1, "tb00sc"},
    {TCBReadRegisters, 0, "fc"},
    {TCBWriteRegisters, 0, "fcww"},
    {TCBCopyRegisters, 1, "f"},
    {TCBConfigure, 3, "sggv"},
    {TCBConfigure, 3, "s000"},
    {TCBSetPriority, 1, "p"},
    {TCBSetMCPriority, 1, "p"},
    {TCBSetSchedParams, 1, "pp"},
    {TCBSetIPCBuffer, 1, "v"},
    {TCBSetSpace, 2, "sgg"},
    {TCBSuspend, 0, ""},
    {TCBResume, 0, ""},
    {TCBBindNotification, 1, ""},
    {TCBUnbindNotification, 0, ""},
    {TCBSetTLSBase, 0, "w"},
    {TCBSetFlags, 0, "ff"},
    {CNodeRevoke, 0, "sd"},
    {CNodeDelete, 0, "sd"},
    {CNodeCancelBadgedSends, 0, "sd"},
    {CNodeCopy, 1, "sdsdr"},
    {CNodeCopy, 1, "sdsdr"},
    {CNodeMint, 1, "sdsdrg"},
    {CNodeMint, 1, "sdsdrg"},
    {CNodeMove, 1, "sdsd"},
    {CNodeMove, 1, "sdsd"},
    {CNodeMutate, 1, "sdsdg"},
    {CNodeRotate, 2, "sdgsdgsd"},
    {CNodeSaveCaller, 0, "sd"},
    {IRQAckIRQ, 0, ""},
    {IRQSetIRQHandler, 1, ""},
    {IRQClearIRQHandler, 0, ""},
    {DomainSetSet, 1, "0"},
#ifdef __x86_64__
    {X86PDPTMap, 1, "vf"},
    {X86PDPTUnmap, 0, ""},
    {X86PageDirectoryMap, 1, "vf"},
    {X86PageDirectoryUnmap, 0, ""},
#endif
    {X86PageTableMap, 1, "vf"},
    {X86PageTableUnmap, 0, ""},
    {X86PageMap, 1, "vrf"},
    {X86PageMap, 1, "vrf"},
    {X86PageUnmap, 0, ""},
    {X86PageGetAddress, 0, ""},
    {X86ASIDControlMakePool, 2, "sd"},
    {X86ASIDPoolAssign, 1, ""},
};

static seL4_Word random_argument(char kind)
{
    static const seL4_Word addresses[] = {0,          0x400000,   0x401000,   0x10000000,
                                          0x10001000, 0x10200000, 0x40000000, 0x8000000000 >> 8};

    if (random_below(50) == 0)
        return random_below(2) ? ~(seL4_Word)0 : random_below(1 << 16);
    switch (kind) {
    case 's':
        return random_below(SLOTS);
    case 'd':
        return random_below(8) ? RADIX : seL4_WordBits;
    case 't':
        return random_below(seL4_ObjectTypeCount);
    case 'b':
        return random_below(14);
    case 'c':
        return 1 + random_below(4);
    case 'g':
        return random_below(2) ? random_below(5)
                               : seL4_CNode_CapData_new(0, seL4_WordBits - RADIX).words[0];
    case 'v':
        return addresses[random_below(ARRAY_SIZE(addresses))];
    case 'r':
    case 'f':
        return random_below(16);
    case 'p':
        return random_below(PROBE_PRIORITY);
    case 'w':
        return random_below(1 << 30) * 0x1001;
    default:
        return 0;
    }
}

/* Fills the slots of the thread's CNode; the rest it makes itself. */
static void fill(seL4_CPtr node, seL4_CPtr untyped, struct thread *const workers[2])
{
    static const struct {
        seL4_Word type, bits, count;
    } objects[] = {
        {seL4_UntypedObject, 12, 4},
        {seL4_UntypedObject, 16, 2},
        {seL4_TCBObject, 0, 3},
        {seL4_EndpointObject, 0, 1},
        {seL4_NotificationObject, 0, 2},
        {seL4_CapTableObject, 3, 2},
        {seL4_X86_4K, 0, 4},
        {seL4_X86_PageTableObject, 0, 2},
        {seL4_X86_PageDirectoryObject, 0, 2},
        {seL4_VSpaceObject, 0, 2},
#ifdef __x86_64__
        {seL4_X86_PDPTObject, 0, 2},
#endif
    };
    static const seL4_CPtr shared[] = {seL4_CapASIDControl, seL4_CapInitThreadASIDPool,
                                       seL4_CapDomain};
    seL4_Word slot = 1;
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(objects); i++) {
        must(invoke(untyped, UntypedRetype, CAPS(node),
                    ARGS(objects[i].type, objects[i].bits, 0, 0, slot, objects[i].count))
                 .label == 0);
        slot += objects[i].count;
    }
    for (i = 0; i < ARRAY_SIZE(shared); i++)
        must(
            invoke(node, CNodeCopy, CAPS(ROOT), ARGS(slot++, RADIX, shared[i], DEPTH, 0xf)).label ==
            0);
    must(invoke(node, CNodeMint, CAPS(ROOT),
                ARGS(slot++, RADIX, node, DEPTH, 0xf,
                     seL4_CNode_CapData_new(0, seL4_WordBits - RADIX).words[0]))
             .label == 0);
    must(invoke(node, CNodeCopy, CAPS(ROOT), ARGS(slot++, RADIX, node, DEPTH, 0xf)).label == 0);
    must(invoke(node, CNodeMove, CAPS(ROOT), ARGS(slot++, RADIX, untyped, DEPTH)).label == 0);
    must(!seL4_IRQControl_GetMSI(seL4_CapIRQControl, node, slot++, RADIX, 0, 0, 0, 0, 90));
    for (i = 0; i < 2; i++)
        must(!seL4_TCB_SetSpace(workers[i]->tcb, 0, node,
                                seL4_CNode_CapData_new(0, seL4_WordBits - RADIX).words[0],
                                seL4_CapInitThreadVSpace, 0));
}

static unsigned steps_left, successes[ARRAY_SIZE(methods)];
static volatile unsigned progress; /* of one method through the slots */
static unsigned method;
static seL4_Word arguments[8], caps[3], start;

static void choose_method(void)
{
    unsigned i;

    do
        method = random_below(ARRAY_SIZE(methods));
    while ((methods[method].label == CNodeRevoke || methods[method].label == CNodeDelete) &&
           random_below(3));
    for (i = 0; methods[method].args[i]; i++)
        arguments[i] = random_argument(methods[method].args[i]);
    for (i = 0; i < 3; i++)
        caps[i] = random_below(SLOTS);
    start = random_below(SLOTS);
    progress = 0;
}

/* Calls the method on one slot after the other until an object takes it. */
static void call_method(void)
{
    const struct method *m = &methods[method];
    seL4_Word label, i;

    while (progress < SLOTS) {
        for (i = 0; m->args[i]; i++)
            seL4_SetMR((int)i, arguments[i]);
        seL4_SetCap(0, caps[0]);
        seL4_SetCap(1, caps[1]);
        seL4_SetCap(2, caps[2]);
        label = seL4_MessageInfo_get_label(
            seL4_Call((start + progress++) % SLOTS, seL4_MessageInfo_new(m->label, 0, m->caps, i)));
        if (label == seL4_NoError) {
            successes[method]++;
            return;
        }
        if (label != seL4_IllegalOperation && label != seL4_InvalidCapability)
            return;
    }
}

/* IPC on any slot: if the capability does not suit, the call has no effect, blocks, or faults. */
static void communicate(void)
{
    seL4_CPtr slot = random_below(SLOTS);
    seL4_MessageInfo_t info = seL4_MessageInfo_new(0, 0, random_below(4), random_below(8));

    seL4_SetCap(0, random_below(SLOTS));
    seL4_SetCapReceivePath(random_below(SLOTS), random_below(SLOTS), RADIX);
    switch (random_below(5)) {
    case 0:
        seL4_NBSend(slot, info);
        break;
    case 1:
        seL4_Send(slot, info);
        break;
    case 2:
        seL4_NBRecv(slot, NULL);
        break;
    case 3:
        seL4_ReplyRecv(slot, info, NULL);
        break;
    default:
        seL4_Reply(info);
    }
}

/* Started again whenever it has blocked or faulted: goes on behind what stopped it. */
static void work(uintptr_t unused, uintptr_t unused2)
{
    while (steps_left) {
        call_method();
        if (steps_left) /* another worker may have used up the last one meanwhile */
            steps_left--;
        choose_method();
        communicate();
        seL4_Yield();
    }
}

static void run_chunk(unsigned number)
{
    seL4_CPtr untyped = make(seL4_UntypedObject, 20), node = make(seL4_CapTableObject, RADIX);
    struct thread *workers[2];
    unsigned i;

    seed = number;
    steps_left = CHUNK;
    choose_method();
    for (i = 0; i < 2; i++)
        workers[i] = thread_new(PROBE_PRIORITY);
    fill(node, untyped, workers);
    while (steps_left) {
        for (i = 0; i < 2; i++)
            thread_start(workers[i], work, 0, 0);
        settle();
        steps_left -= steps_left > 0;
    }
}

TEST(fuzz_random_calls)
{
    unsigned chunk, i, never = 0;

    for (chunk = 0; chunk < CHUNKS; chunk++) {
        run_chunk(chunk);
        set_priority(seL4_MaxPrio);
        arena_reset();
        thread_reset();
        must(retype(arena, seL4_UntypedObject, ARENA_BITS, slot_new(), 1).label == 0);
        arena_reset();
    }
    check("the memory is whole after each round", chunk == CHUNKS);
    for (i = 0; i < ARRAY_SIZE(methods); i++)
        never += !successes[i];
    check_eq("each method has succeeded at times", never, 0);
}

TEST(fuzz_left_nothing_behind)
{
    seL4_CPtr slot = slots_new(2);

    succeeds("an ASID is to be had", invoke(seL4_CapInitThreadASIDPool, X86ASIDPoolAssign,
                                            CAPS(make(seL4_VSpaceObject, 0)), ARGS()));
    succeeds("an ASID pool too",
             invoke(seL4_CapASIDControl, X86ASIDControlMakePool,
                    CAPS(make(seL4_UntypedObject, 12), ROOT), ARGS(slot, DEPTH)));
    check("no stray caps beyond", !occupied(slot + 1));
}
