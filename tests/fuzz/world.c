/* SPDX-License-Identifier: BSD-2-Clause */
/* The world of a round: the node, its objects, the workers' threads and address spaces. */
#include "fuzz.h"

#define WORLD_BITS 20
#define ROUNDS_PER_LARGE_PAGE 16 /* as it takes long to clear */
#define SPACES 2
#define FIRST_FREE 20 /* slot of the node behind the fixed ones */
#define TEST_PORT 0x80
#define TEST_VECTOR 40
#define TEST_PIN 20
#define RTC_PIN 8

struct shared shared;
seL4_CPtr node, fault_endpoint;
uint64_t root_seed;
/* Workers as the root thread knows them; the thread's record lies in the worker's own memory. */
static struct {
    struct thread *record;
    seL4_IPCBuffer *buffer;
    seL4_CPtr tcb;
} threads[WORKERS];
static seL4_CPtr top, world, large_home, large_page, homes[WORKERS], spaces[SPACES];

static seL4_Word roll(seL4_Word limit)
{
    return random_below(&root_seed, limit);
}

static bool is_within(const char *page, const void *start, seL4_Word size)
{
    return page >= (const char *)start && page < (const char *)start + size;
}

static bool is_for_workers(const char *page)
{
    unsigned i;

    for (i = 0; i < WORKERS; i++)
        if (is_within(page, threads[i].buffer, THREAD_AREA))
            return true;
    return is_within(page, &shared, sizeof(shared));
}

/* An address space with the image, where workers cannot write to what is the root thread's. */
static seL4_CPtr space_new(void)
{
    const seL4_Word table_span = (seL4_Word)1 << (seL4_PageBits + seL4_PageTableIndexBits);
    seL4_CPtr space = vspace_new();
    char *page;

    for (page = image_start; page < image_end; page += PAGE_SIZE) {
        if (page == image_start || (seL4_Word)page % table_span == 0)
            map_tables(space, (seL4_Word)page);
        if (seL4_X86_Page_Map(copy_of(image_frame(page), is_for_workers(page) ? 0xf : 0x2), space,
                              (seL4_Word)page, seL4_AllRights, 0))
            panic("the image cannot be mapped");
    }
    return space;
}

void world_init(void)
{
    unsigned i;

    large_home = make(seL4_UntypedObject, seL4_LargePageBits);
    large_page = slot_new();
    world = make(seL4_UntypedObject, WORLD_BITS);
    fault_endpoint = make(seL4_EndpointObject, 0);
    node = slot_new();
    top = slot_new();
    for (i = 0; i < WORKERS; i++) {
        threads[i].record = thread_new(1);
        threads[i].buffer = threads[i].record->buffer;
        threads[i].tcb = slot_new();
        homes[i] = make(seL4_UntypedObject, seL4_TCBBits);
    }
    for (i = 0; i < SPACES; i++)
        spaces[i] = space_new();
}

static void put_copy(seL4_Word slot, seL4_CPtr source, enum kind kind)
{
    if (!seL4_CNode_Copy(node, slot, RADIX, ROOT, source, DEPTH, seL4_AllRights))
        shared.guess[slot] = (uint8_t)kind;
}

/* What the workers cannot do without, or cannot make; they may have deleted it. */
static void refill(void)
{
    unsigned i;

    put_copy(1, node, K_NODE);
    if (!seL4_CNode_Mint(node, 2, RADIX, ROOT, node, DEPTH, seL4_AllRights, node_guard()))
        shared.guess[2] = K_CAPTABLE;
    put_copy(3, seL4_CapASIDControl, K_ASID_CONTROL);
    put_copy(4, seL4_CapInitThreadASIDPool, K_ASID_POOL);
    put_copy(5, seL4_CapDomain, K_DOMAIN);
    for (i = 0; i < SPACES; i++)
        put_copy(6 + i, spaces[i], K_VSPACE);
    for (i = 0; i < WORKERS; i++)
        put_copy(8 + i, threads[i].tcb, K_TCB);
    put_copy(14, large_page, K_FRAME);
    put_copy(FAULT_SLOT, fault_endpoint, K_ENDPOINT);
}

static void make_in_root(seL4_CPtr untyped, seL4_Word type, seL4_Word bits, seL4_CPtr slot)
{
    seL4_Error error = seL4_Untyped_Retype(untyped, type, bits, ROOT, 0, 0, slot, 1);

    if (error)
        panic("object of type %w: error %d", type, (int)error);
}

static void must_revoke(seL4_CPtr slot)
{
    if (seL4_CNode_Revoke(ROOT, slot, DEPTH))
        panic("slot %x cannot be revoked", slot);
}

static void fill_node(void)
{
    static const struct {
        seL4_Word type, bits, count;
        enum kind kind;
    } objects[] = {
        {seL4_UntypedObject, 16, 6, K_UNTYPED},
        {seL4_UntypedObject, 12, 8, K_UNTYPED},
        {seL4_TCBObject, 0, 4, K_TCB},
        {seL4_EndpointObject, 0, 3, K_ENDPOINT},
        {seL4_NotificationObject, 0, 3, K_NOTIFICATION},
        {seL4_CapTableObject, 3, 4, K_CAPTABLE},
        {seL4_X86_4K, 0, 6, K_FRAME},
        {seL4_X86_PageTableObject, 0, 3, K_PAGE_TABLE},
        {seL4_X86_PageDirectoryObject, 0, 3, seL4_WordBits == 64 ? K_PAGE_DIRECTORY : K_VSPACE},
#ifdef __x86_64__
        {seL4_X86_PDPTObject, 0, 3, K_PDPT},
        {seL4_X64_PML4Object, 0, 3, K_VSPACE},
#endif
    };
    seL4_Word slot = FIRST_FREE, i;

    for (i = 0; i < ARRAY_SIZE(objects); i++) {
        seL4_Error error = seL4_Untyped_Retype(world, objects[i].type, objects[i].bits, node, 0, 0,
                                               slot, objects[i].count);

        if (error)
            panic("world: type %w: error %d", objects[i].type, (int)error);
        memset((void *)&shared.guess[slot], objects[i].kind, objects[i].count);
        slot += objects[i].count;
    }
}

static void renew_large_page(void)
{
    static unsigned round;

    if (round++ % ROUNDS_PER_LARGE_PAGE)
        return;
    must_revoke(large_home);
    make_in_root(large_home, seL4_X86_LargePageObject, 0, large_page);
}

void world_build(void)
{
    unsigned i;

    renew_large_page();
    memset((void *)shared.guess, K_NONE, sizeof(shared.guess));
    make_in_root(world, seL4_CapTableObject, RADIX, node);
    make_in_root(world, seL4_CapTableObject, TOP_RADIX, top);
    for (i = 0; i < 2; i++)
        if (seL4_CNode_Copy(top, i, TOP_RADIX, ROOT, node, DEPTH, seL4_AllRights))
            panic("no way to the node");
    if (seL4_CNode_Mint(top, 2, TOP_RADIX, ROOT, node, DEPTH, seL4_AllRights,
                        seL4_CNode_CapData_new(0, 3).words[0]))
        panic("no bad way to the node");
    for (i = 0; i < WORKERS; i++)
        make_in_root(homes[i], seL4_TCBObject, 0, threads[i].tcb);
    refill();
    fill_node();
}

/*
 * The memory must be whole again; asking for twice as much tells how much there is. The
 * slots of the node and of the one above it are empty by then.
 */
static void must_be_whole(seL4_CPtr untyped, seL4_Word bits)
{
    const seL4_Word request[] = {seL4_UntypedObject, bits, 0, 0, node, 2};
    seL4_MessageInfo_t info = seL4_MessageInfo_new(UntypedRetype, 0, 1, ARRAY_SIZE(request));
    unsigned i;

    seL4_SetCap(0, ROOT);
    for (i = 0; i < ARRAY_SIZE(request); i++)
        seL4_SetMR((int)i, request[i]);
    info = seL4_Call(untyped, info);
    if (seL4_MessageInfo_get_label(info) != seL4_NotEnoughMemory || seL4_GetMR(0) != (seL4_Word)1
                                                                                         << bits)
        panic("error %w, %x bytes are left of 2^%w", seL4_MessageInfo_get_label(info),
              seL4_GetMR(0), bits);
}

void world_destroy(void)
{
    unsigned i;

    for (i = 0; i < WORKERS; i++)
        must_revoke(homes[i]);
    must_revoke(world);
    must_be_whole(world, WORLD_BITS);
    for (i = 0; i < WORKERS; i++)
        must_be_whole(homes[i], seL4_TCBBits);
}

static bool has_two_levels(unsigned i)
{
    return i % 2;
}

static seL4_Error configure(unsigned i)
{
    bool two = has_two_levels(i);
    seL4_Word guard = seL4_WordBits - RADIX - (two ? TOP_RADIX : 0);

    return seL4_TCB_Configure(threads[i].tcb, FAULT_SLOT, two ? top : node,
                              seL4_CNode_CapData_new(0, guard).words[0], spaces[i % SPACES], 0,
                              (seL4_Word)threads[i].buffer, image_frame(threads[i].buffer));
}

/* A thread whose space would take long to delete cannot be configured: it gets a new TCB. */
static void wake_worker(unsigned i)
{
    struct worker *w = &shared.workers[i];

    if (roll(32) == 0 || configure(i)) {
        must_revoke(homes[i]);
        make_in_root(homes[i], seL4_TCBObject, 0, threads[i].tcb);
        put_copy(8 + i, threads[i].tcb, K_TCB);
        if (configure(i))
            panic("worker %u cannot be configured", i);
    }
    threads[i].record->buffer = threads[i].buffer;
    threads[i].record->tcb = threads[i].tcb;
    w->two_levels = has_two_levels(i);
    w->serves = i < SERVERS;
    w->seed = root_seed + i;
    w->quota = QUOTA;
    roll(2);
    if (seL4_TCB_SetFlags(threads[i].tcb, 1, roll(8) == 0).error ||
        seL4_TCB_SetSchedParams(threads[i].tcb, seL4_CapInitThreadTCB, MAX_WORKER_PRIORITY,
                                2 + roll(6) * 30))
        panic("worker %u has no priority", i);
    thread_start(threads[i].record, work, i, 0);
}

void world_wake_workers(void)
{
    unsigned i;

    refill();
    for (i = 0; i < WORKERS; i++)
        if (roll(4))
            wake_worker(i);
}

/* Answers a fault that waits, or keeps its reply capability for the workers to find. */
static void handle_fault(void)
{
    seL4_Word badge = 0;
    seL4_MessageInfo_t info = seL4_NBRecv(fault_endpoint, &badge);

    if (seL4_MessageInfo_get_length(info) == 0)
        return;
    count_fault(seL4_MessageInfo_get_label(info), seL4_GetMR(2));
    switch (roll(4)) {
    case 0:
        seL4_CNode_SaveCaller(node, roll(SLOTS), RADIX);
        break;
    case 1:
        seL4_SetMR(0, (seL4_Word)stray);
        seL4_Reply(seL4_MessageInfo_new(0, 0, 0, roll(3)));
        break;
    case 2:
        seL4_Reply(seL4_MessageInfo_new(roll(2), 0, 0, roll(20)));
        break;
    }
}

/* One argument in 16 is too large. */
static seL4_Word roll_up_to(seL4_Word highest)
{
    return roll(16) ? roll(highest + 1) : highest + 1 + roll(1 << 20);
}

static void note_deed(seL4_Word label, seL4_Error error, seL4_Word slot, enum kind kind)
{
    count_deed(label, error);
    if (!error)
        shared.guess[slot] = (uint8_t)kind;
}

static void issue_msi(seL4_Word slot)
{
    note_deed(X86IRQIssueIRQHandlerMSI,
              seL4_IRQControl_GetMSI(seL4_CapIRQControl, node, slot, RADIX, roll_up_to(255),
                                     roll_up_to(31), roll_up_to(7), 0, TEST_VECTOR + roll(4)),
              slot, K_IRQ_HANDLER);
}

static void issue_ioapic(seL4_Word slot)
{
    seL4_Word pin = roll(2) ? RTC_PIN : TEST_PIN + roll(4);

    note_deed(X86IRQIssueIRQHandlerIOAPIC,
              seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, node, slot, RADIX, roll(16) == 0, pin,
                                        roll(16) == 0 ? 2 : 0, 0,
                                        roll(16) ? TEST_VECTOR + 4 + roll(4) : 200),
              slot, K_IRQ_HANDLER);
}

static void issue_irq(void)
{
    seL4_Word slot = roll(SLOTS);

    switch (roll(4)) {
    case 0:
        note_deed(IRQIssueIRQHandler,
                  seL4_IRQControl_Get(seL4_CapIRQControl, roll(16), node, slot, RADIX), slot,
                  K_IRQ_HANDLER);
        break;
    case 1:
        issue_msi(slot);
        break;
    default:
        issue_ioapic(slot);
    }
}

static void issue_ports(void)
{
    seL4_Word slot = roll(SLOTS), first = TEST_PORT + roll(8);

    note_deed(X86IOPortControlIssue,
              seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, first, first + roll(8), node,
                                           slot, RADIX),
              slot, K_IO_PORT);
}

static void meddle_with_slots(void)
{
    seL4_Word slot = roll(SLOTS);

    switch (roll(5)) {
    case 0:
        seL4_CNode_Delete(node, slot, RADIX);
        break;
    case 1:
        seL4_CNode_Revoke(node, slot, RADIX);
        break;
    case 2:
        seL4_CNode_Move(node, roll(SLOTS), RADIX, node, slot, RADIX);
        break;
    case 3:
        seL4_CNode_CancelBadgedSends(node, slot, RADIX);
        break;
    default:
        seL4_CNode_Mint(node, roll(SLOTS), RADIX, node, slot, RADIX, seL4_AllRights, roll(5));
    }
}

void world_interfere(void)
{
    seL4_CPtr tcb = threads[roll(WORKERS)].tcb;

    switch (roll(8)) {
    case 0:
        seL4_TCB_Suspend(tcb);
        break;
    case 1:
        seL4_TCB_Resume(tcb);
        break;
    case 2:
        seL4_TCB_SetPriority(tcb, seL4_CapInitThreadTCB, roll(MAX_WORKER_PRIORITY));
        break;
    case 3:
        issue_irq();
        break;
    case 4:
        issue_ports();
        break;
    case 5:
        meddle_with_slots();
        break;
    default:
        handle_fault();
    }
}
