/* SPDX-License-Identifier: BSD-2-Clause */
/* What a worker does: one random system call after the other. */
#include "fuzz.h"

seL4_Word random_below(uint64_t *seed, seL4_Word limit)
{
    *seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
    return (seL4_Word)(*seed >> 33) % limit;
}

seL4_Word node_guard(void)
{
    return seL4_CNode_CapData_new(0, seL4_WordBits - RADIX).words[0];
}

/* The next slot, from a random one on, that probably holds the kind; K_ANY: anything. */
static seL4_Word find_slot(struct worker *w, enum kind kind)
{
    seL4_Word start = random_below(&w->seed, FAULT_SLOT), i;

    for (i = start; i < start + FAULT_SLOT; i++) {
        enum kind guess = (enum kind)shared.guess[i % FAULT_SLOT];

        if (guess == kind || (kind == K_ANY && guess != K_NONE))
            return i % FAULT_SLOT;
    }
    return start;
}

static seL4_Word pick_slot(struct worker *w, enum kind kind)
{
    return random_below(&w->seed, 16) ? find_slot(w, kind) : random_below(&w->seed, SLOTS);
}

/* As the worker's CSpace has it: through two levels there are two good ways, and two bad ones. */
static seL4_CPtr cptr_of(struct worker *w, seL4_Word slot)
{
    if (random_below(&w->seed, 100) == 0)
        return slot | (seL4_Word)1 << (seL4_WordBits - 1);
    if (!w->two_levels)
        return slot;
    return slot | random_below(&w->seed, random_below(&w->seed, 8) ? 2 : 4) << RADIX;
}

static seL4_CPtr pick(struct worker *w, enum kind kind)
{
    return cptr_of(w, pick_slot(w, kind));
}

/* The second base shares a page table with the image. */
static seL4_Word random_address(struct worker *w)
{
    static const seL4_Word bases[] = {0,          0x5f0000,   0x5f0000,  0x10000000,
                                      0x10200000, 0x40000000, 0x7fc00000};
    seL4_Word base = bases[random_below(&w->seed, ARRAY_SIZE(bases))];

    return base + random_below(&w->seed, 3) * PAGE_SIZE;
}

static seL4_Word random_instruction(struct worker *w)
{
    const seL4_Word odd[] = {0, (seL4_Word)1 << (seL4_WordBits - 17),
                             ~(seL4_Word)0 << (seL4_WordBits - 24) >> 1, 0x10000000, ~(seL4_Word)1};

    return random_below(&w->seed, 3) ? (seL4_Word)stray
                                     : odd[random_below(&w->seed, ARRAY_SIZE(odd))];
}

static seL4_Word random_argument(struct worker *w, char kind)
{
    if (random_below(&w->seed, 60) == 0)
        return random_below(&w->seed, 2) ? ~(seL4_Word)0 : random_below(&w->seed, 1 << 16);
    switch (kind) {
    case 's':
        return pick_slot(w, K_ANY);
    case 'e':
        return find_slot(w, K_NONE);
    case 'n':
        return pick_slot(w, K_ENDPOINT);
    case 'k':
        return pick_slot(w, K_CAPTABLE);
    case 'd':
        return random_below(&w->seed, 16) ? RADIX : seL4_WordBits;
    case 't':
        return random_below(&w->seed, seL4_ObjectTypeCount);
    case 'b':
        return random_below(&w->seed, 14);
    case 'c':
        return 1 + random_below(&w->seed, 4);
    case 'g':
        return random_below(&w->seed, 2) ? random_below(&w->seed, 5) : node_guard();
    case 'v':
        return random_address(w);
    case 'r':
        return random_below(&w->seed, 2) ? 15 : random_below(&w->seed, 16);
    case 'f':
        return random_below(&w->seed, 16);
    case 'p':
        return random_below(&w->seed, MAX_WORKER_PRIORITY);
    case 'i':
        return random_instruction(w);
    case 'o':
        return 0x80 + random_below(&w->seed, 10);
    case 'w':
        return random_below(&w->seed, 1u << 30) * 0x1001;
    default:
        return (seL4_Word)(kind - '0');
    }
}

static enum kind kind_of_type(seL4_Word type)
{
    switch (type) {
    case seL4_UntypedObject:
        return K_UNTYPED;
    case seL4_TCBObject:
        return K_TCB;
    case seL4_EndpointObject:
        return K_ENDPOINT;
    case seL4_NotificationObject:
        return K_NOTIFICATION;
    case seL4_CapTableObject:
        return K_CAPTABLE;
    case seL4_X86_PageTableObject:
        return K_PAGE_TABLE;
    case seL4_X86_PageDirectoryObject:
        return seL4_WordBits == 64 ? K_PAGE_DIRECTORY : K_VSPACE;
#ifdef __x86_64__
    case seL4_X86_PDPTObject:
        return K_PDPT;
    case seL4_X64_PML4Object:
        return K_VSPACE;
#endif
    default:
        return K_FRAME;
    }
}

static void note(seL4_Word slot, enum kind kind)
{
    if (slot < SLOTS)
        shared.guess[slot] = (uint8_t)kind;
}

static enum kind noted(seL4_Word slot)
{
    return slot < SLOTS ? (enum kind)shared.guess[slot] : K_NONE;
}

/* Keeps the notes about slots up to date after a success. */
static void learn(seL4_Word label, const seL4_Word *args)
{
    seL4_Word i;

    switch (label) {
    case UntypedRetype:
        for (i = 0; !args[3] && i < args[5] && i < SLOTS; i++)
            note(args[4] + i, kind_of_type(args[0]));
        break;
    case CNodeCopy:
    case CNodeMint:
        note(args[0], noted(args[2]));
        break;
    case CNodeMove:
    case CNodeMutate:
        note(args[0], noted(args[2]));
        note(args[2], K_NONE);
        break;
    case CNodeDelete:
        note(args[0], K_NONE);
        break;
    case X86ASIDControlMakePool:
        note(args[0], K_ASID_POOL);
        break;
    }
}

static void invoke_something(struct worker *w)
{
    unsigned index = (unsigned)random_below(&w->seed, method_count), i, caps;
    const struct method *m = &methods[index];
    seL4_Word args[8] = {0};
    seL4_MessageInfo_t info;

    if (m->service == K_NONE)
        return;
    if ((m->label == CNodeRevoke || m->label == CNodeDelete) && random_below(&w->seed, 2))
        return;
    for (caps = 0; caps < 3 && m->caps[caps]; caps++)
        seL4_SetCap((int)caps, pick(w, m->caps[caps]));
    for (i = 0; m->args[i]; i++) {
        args[i] = random_argument(w, m->args[i]);
        seL4_SetMR((int)i, args[i]);
    }
    if (random_below(&w->seed, 40) == 0)
        i = (unsigned)random_below(&w->seed, 9);
    w->tried[index]++;
    info = seL4_MessageInfo_new(m->label, 0, caps, i);
    if (random_below(&w->seed, 20) == 0) {
        seL4_Send(pick(w, m->service), info);
        return;
    }
    info = seL4_Call(pick(w, m->service), info);
    w->errors[index] |= 1u << (seL4_MessageInfo_get_label(info) & 15);
    if (seL4_MessageInfo_get_label(info))
        return;
    w->done[index]++;
    learn(m->label, args);
}

static seL4_MessageInfo_t random_message(struct worker *w)
{
    seL4_Word caps = random_below(&w->seed, 4) ? 0 : random_below(&w->seed, 4);
    seL4_Word length = random_below(&w->seed, random_below(&w->seed, 4) ? 5 : 128), i;

    for (i = 0; i < caps; i++)
        seL4_SetCap((int)i, pick(w, K_ANY));
    seL4_SetCapReceivePath(pick(w, K_NODE), random_below(&w->seed, FAULT_SLOT), RADIX);
    return seL4_MessageInfo_new(random_below(&w->seed, 3), 0, caps, length);
}

static enum other_call random_call(struct worker *w)
{
    static const uint8_t of_clients[] = {CALL_SEND, CALL_NB_SEND, CALL_NB_SEND, CALL_CALL,
                                         CALL_CALL, CALL_CALL,    CALL_NB_RECV, CALL_REPLY};
    static const uint8_t of_servers[] = {CALL_RECV,       CALL_NB_RECV,    CALL_REPLY_RECV,
                                         CALL_REPLY_RECV, CALL_REPLY_RECV, CALL_REPLY_RECV,
                                         CALL_REPLY,      CALL_NB_SEND};

    return w->serves ? of_servers[random_below(&w->seed, ARRAY_SIZE(of_servers))]
                     : of_clients[random_below(&w->seed, ARRAY_SIZE(of_clients))];
}

static void communicate(struct worker *w)
{
    seL4_CPtr dest = pick(w, random_below(&w->seed, 4) ? K_ENDPOINT : K_NOTIFICATION);
    seL4_MessageInfo_t info = random_message(w);
    enum other_call call = random_call(w);

    w->tried[method_count + call]++;
    switch (call) {
    case CALL_SEND:
        seL4_Send(dest, info);
        break;
    case CALL_NB_SEND:
        seL4_NBSend(dest, info);
        break;
    case CALL_CALL:
        seL4_Call(dest, info);
        break;
    case CALL_RECV:
        seL4_Recv(dest, NULL);
        break;
    case CALL_NB_RECV:
        seL4_NBRecv(dest, NULL);
        break;
    case CALL_REPLY:
        seL4_Reply(info);
        break;
    default:
        seL4_ReplyRecv(dest, info, NULL);
    }
    w->done[method_count + call]++;
}

/* Not those that print or stop a debug kernel. */
static void unknown_syscall(struct worker *w)
{
    seL4_Word number = random_below(&w->seed, 2) ? random_below(&w->seed, 100)
                                                 : (seL4_Word)-15 - random_below(&w->seed, 15);

    sel4_sys_send(number, 0, 0, 0, 0, 0, 0);
}

/* Neither those that print a lot, nor those that stop the kernel. */
static void debug_syscall(struct worker *w)
{
    bool prints = random_below(&w->seed, 4) == 0;

    sel4_sys_send(prints ? SEL4_SYS(DebugPutChar) : SEL4_SYS(DebugCapIdentify),
                  prints ? ' ' : pick(w, K_ANY), 0, 0, 0, 0, 0);
}

/* Calls an entry of a table of code, few of which return. */
static void call_code(struct worker *w, const char *table, seL4_Word entries, seL4_Word size)
{
    const char *code = table + random_below(&w->seed, entries) * size;

    ((void (*)(seL4_Word))code)(random_argument(w, "sdvwi"[random_below(&w->seed, 5)]));
}

static void do_something_odd(struct worker *w)
{
    enum other_call call =
        CALL_YIELD + (enum other_call)random_below(&w->seed, OTHER_CALLS - CALL_YIELD);

    w->tried[method_count + call]++;
    switch (call) {
    case CALL_YIELD:
        seL4_Yield();
        break;
    case CALL_UNKNOWN:
        unknown_syscall(w);
        break;
    case CALL_DEBUG:
        debug_syscall(w);
        break;
    case CALL_TLS_BASE:
        sel4_sys_send((seL4_Word)-30, random_argument(w, 'w'), 0, 0, 0, 0, 0);
        break;
    case CALL_FAULT:
        fault_somehow(random_below(&w->seed, FAULTS));
        break;
    case CALL_INT:
        call_code(w, int_table, 256, 16);
        break;
    case CALL_PRIVILEGED:
        call_code(w, privileged_table, (seL4_Word)(privileged_table_end - privileged_table) / 16,
                  16);
        break;
    case CALL_SELECTOR:
        call_code(w, selector_table, 5, 16);
        break;
    default:
        call_code(w, odd_table, (seL4_Word)(odd_table_end - odd_table) / 64, 64);
    }
    w->done[method_count + call]++;
}

void work(uintptr_t index, uintptr_t unused)
{
    struct worker *w = &shared.workers[index];
    seL4_Word choice;

    while (w->quota) {
        w->quota--;
        choice = random_below(&w->seed, 20);
        if (choice < 12)
            invoke_something(w);
        else if (choice < 18)
            communicate(w);
        else
            do_something_odd(w);
    }
}
