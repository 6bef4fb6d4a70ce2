/* SPDX-License-Identifier: BSD-2-Clause */
/* Slots and objects for one test at a time. */
#include "runtime.h"

#define RESERVED_SLOTS 8 /* of init.c and the arena itself */

seL4_CPtr arena;
static seL4_CPtr first_slot, next_slot;

static seL4_CPtr boot_untyped(seL4_Word min_bits)
{
    seL4_Word i, count = bootinfo->untyped.end - bootinfo->untyped.start;

    for (i = 0; i < count; i++)
        if (!bootinfo->untypedList[i].isDevice && bootinfo->untypedList[i].sizeBits >= min_bits)
            return bootinfo->untyped.start + i;
    panic("no untyped memory of %w bits", min_bits);
}

void arena_init(void)
{
    arena = bootinfo->empty.start + 2;
    first_slot = next_slot = bootinfo->empty.start + RESERVED_SLOTS;
    if (seL4_Untyped_Retype(boot_untyped(ARENA_BITS), seL4_UntypedObject, ARENA_BITS, ROOT, 0, 0,
                            arena, 1))
        panic("no arena");
}

/* Caps that are not in the arena (ports, handlers, copies of boot caps) go slot by slot. */
void arena_reset(void)
{
    if (seL4_CNode_Revoke(ROOT, arena, DEPTH))
        panic("the arena cannot be revoked");
    while (next_slot > first_slot)
        if (seL4_CNode_Delete(ROOT, --next_slot, DEPTH))
            panic("slot %x cannot be deleted", next_slot);
}

seL4_CPtr slots_new(seL4_Word count)
{
    seL4_CPtr slot = next_slot;

    next_slot += count;
    if (next_slot > bootinfo->empty.end)
        panic("out of slots");
    return slot;
}

seL4_CPtr slot_new(void)
{
    return slots_new(1);
}

seL4_CPtr make_many(seL4_Word type, seL4_Word size_bits, seL4_Word count)
{
    seL4_CPtr slot = slots_new(count);
    seL4_Error error = seL4_Untyped_Retype(arena, type, size_bits, ROOT, 0, 0, slot, count);

    if (error)
        panic("retype of %w objects of type %w: error %d", count, type, (int)error);
    return slot;
}

seL4_CPtr make(seL4_Word type, seL4_Word size_bits)
{
    return make_many(type, size_bits, 1);
}

seL4_CPtr copy_of(seL4_CPtr source, seL4_Word rights)
{
    seL4_CPtr slot = slot_new();
    seL4_CapRights_t word = {{rights}};
    seL4_Error error = seL4_CNode_Copy(ROOT, slot, DEPTH, ROOT, source, DEPTH, word);

    if (error)
        panic("copy of slot %x: error %d", source, (int)error);
    return slot;
}

seL4_CPtr mint_of(seL4_CPtr source, seL4_Word rights, seL4_Word badge)
{
    seL4_CPtr slot = slot_new();
    seL4_CapRights_t word = {{rights}};
    seL4_Error error = seL4_CNode_Mint(ROOT, slot, DEPTH, ROOT, source, DEPTH, word, badge);

    if (error)
        panic("mint of slot %x: error %d", source, (int)error);
    return slot;
}

seL4_CPtr device_untyped(seL4_Word paddr)
{
    seL4_Word i, count = bootinfo->untyped.end - bootinfo->untyped.start;

    for (i = 0; i < count; i++) {
        const seL4_UntypedDesc *d = &bootinfo->untypedList[i];

        if (d->isDevice && d->paddr <= paddr && paddr - d->paddr < (seL4_Word)1 << d->sizeBits)
            return bootinfo->untyped.start + i;
    }
    return 0;
}
