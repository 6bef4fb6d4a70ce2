/* SPDX-License-Identifier: BSD-2-Clause */

/* Address space identifiers: which roots may be used. */

#include <arch/vspace.h>
#include <memory.h>
#include <object.h>

#define NUM_POOLS BIT(ASID_HIGH_BITS)
#define POOL_SIZE BIT(ASID_LOW_BITS)

struct asid_pool {
    pte_t *roots[POOL_SIZE];
};

static struct asid_pool *pools[NUM_POOLS];

pte_t *asid_root(word_t asid)
{
    struct asid_pool *pool = pools[asid >> ASID_LOW_BITS];

    return pool && asid != 0 ? pool->roots[asid & MASK(ASID_LOW_BITS)] : NULL;
}

static void assign(struct asid_pool *pool, word_t index, pte_t *root)
{
    pool->roots[index] = root;
    root_set_usable(root, true);
}

static void unassign(struct asid_pool *pool, word_t index)
{
    root_set_usable(pool->roots[index], false);
    pool->roots[index] = NULL;
}

void asid_delete(word_t asid, pte_t *root)
{
    if (asid_root(asid) != root)
        return;
    unassign(pools[asid >> ASID_LOW_BITS], asid & MASK(ASID_LOW_BITS));
    reload_vspace();
}

void asid_pool_delete(cap_t cap)
{
    struct asid_pool *pool = (struct asid_pool *)cap_pointer(cap);
    word_t high = asid_pool_base(cap) >> ASID_LOW_BITS;

    if (pools[high] != pool)
        return;
    for (word_t i = 0; i < POOL_SIZE; i++)
        if (pool->roots[i])
            unassign(pool, i);
    pools[high] = NULL;
    reload_vspace();
}

#if DBG
bool is_asid_pool_in_use(cap_t cap)
{
    return pools[asid_pool_base(cap) >> ASID_LOW_BITS] == (struct asid_pool *)cap_pointer(cap);
}

word_t asid_pools_in_use(void)
{
    word_t count = 0;

    for (word_t i = 0; i < NUM_POOLS; i++)
        count += pools[i] != NULL;
    return count;
}
#endif

static exception_t invoke_make_pool(struct cte *parent, struct cte *dest, word_t high)
{
    cap_t untyped = parent->cap;
    word_t address = cap_pointer(untyped);
    cap_t cap = set_asid_pool_base(cap_new(CAP_ASID_POOL, address), high << ASID_LOW_BITS);

    parent->cap = set_untyped_free_offset(untyped, BIT(untyped_size_bits(untyped)));
    clear_memory((void *)address, BIT(PAGE_BITS));
    cte_insert(cap, parent, dest);
    pools[high] = (struct asid_pool *)address;
    return EXCEPTION_NONE;
}

exception_t decode_asid_control_invocation(const struct invocation *inv)
{
    struct cte *dest;
    word_t high = 0;
    cap_t untyped;
    exception_t status;

    if (inv->label != LABEL_ASID_CONTROL_MAKE_POOL)
        return syscall_error(seL4_IllegalOperation);
    if (is_truncated(inv, 2, 2))
        return syscall_error(seL4_TruncatedMessage);
    while (high < NUM_POOLS && pools[high])
        high++;
    if (high == NUM_POOLS)
        return syscall_error(seL4_DeleteFirst);
    untyped = inv->extra[0]->cap;
    if (!is_cap(untyped, CAP_UNTYPED) || untyped_size_bits(untyped) != PAGE_BITS ||
        untyped_is_device(untyped))
        return invalid_capability(1);
    status = ensure_no_children(inv->extra[0]);
    if (status == EXCEPTION_NONE)
        status = lookup_target_slot(inv->extra[1]->cap, arg(inv, 0), arg(inv, 1), &dest);
    if (status == EXCEPTION_NONE)
        status = ensure_empty_slot(dest);
    if (status != EXCEPTION_NONE)
        return status;
    return invoke_make_pool(inv->extra[0], dest, high);
}

/* The lowest free entry; ASID 0 means "none" and is never given out. */
static word_t find_free_index(const struct asid_pool *pool, word_t base)
{
    word_t i = base == 0 ? 1 : 0;

    while (i < POOL_SIZE && pool->roots[i])
        i++;
    return i;
}

exception_t decode_asid_pool_invocation(const struct invocation *inv)
{
    struct asid_pool *pool = (struct asid_pool *)cap_pointer(inv->cap);
    word_t base = asid_pool_base(inv->cap);
    word_t index;
    cap_t root;

    if (inv->label != LABEL_ASID_POOL_ASSIGN)
        return syscall_error(seL4_IllegalOperation);
    if (is_truncated(inv, 0, 1))
        return syscall_error(seL4_TruncatedMessage);
    root = inv->extra[0]->cap;
    if (!is_cap(root, CAP_VSPACE_ROOT) || mapped_asid(root))
        return invalid_capability(1);
    if (!pools[base >> ASID_LOW_BITS])
        return invalid_root(false);
    if (pools[base >> ASID_LOW_BITS] != pool)
        return invalid_capability(0);
    index = find_free_index(pool, base);
    if (index == POOL_SIZE)
        return syscall_error(seL4_DeleteFirst);
    inv->extra[0]->cap = set_mapped_asid(root, base + index);
    assign(pool, index, (pte_t *)cap_pointer(root));
    return EXCEPTION_NONE;
}

void asid_boot(void *pool, word_t asid, pte_t *root)
{
    pools[asid >> ASID_LOW_BITS] = pool;
    assign(pool, asid & MASK(ASID_LOW_BITS), root);
}
