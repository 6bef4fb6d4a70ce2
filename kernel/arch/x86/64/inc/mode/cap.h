/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * How capabilities are packed into two 64-bit words. The type is in bits 63..59 of word 0 and the
 * object's window address in bits 47..0, sign-extended; what else there is, each type's fields say.
 */

#include <arch/cap_field.h>
#include <mode/types.h>

/* The tags are those that DebugCapIdentify shows. Odd ones belong to the architecture. */
enum cap_type {
    CAP_NULL = 0,
    CAP_FRAME = 1,
    CAP_UNTYPED = 2,
    CAP_PAGE_TABLE = 3,
    CAP_ENDPOINT = 4,
    CAP_PAGE_DIRECTORY = 5,
    CAP_NOTIFICATION = 6,
    CAP_PDPT = 7,
    CAP_REPLY = 8,
    CAP_PML4 = 9,
    CAP_CNODE = 10,
    CAP_ASID_CONTROL = 11,
    CAP_THREAD = 12,
    CAP_ASID_POOL = 13,
    CAP_IRQ_CONTROL = 14,
    CAP_IRQ_HANDLER = 16,
    CAP_ZOMBIE = 18,
    CAP_IO_PORT = 19,
    CAP_DOMAIN = 20,
    CAP_IO_PORT_CONTROL = 31,
};

#define CAP_VSPACE_ROOT CAP_PML4
#define CAP_TYPE_SHIFT 59
#define CAP_POINTER_BITS 48

static inline enum cap_type cap_type(cap_t cap)
{
    return (enum cap_type)(cap.words[0] >> CAP_TYPE_SHIFT);
}

static inline bool is_cap(cap_t cap, enum cap_type type)
{
    return cap_type(cap) == type;
}

static inline word_t cap_tag(cap_t cap)
{
    return cap_type(cap);
}

static inline bool is_arch_cap(cap_t cap)
{
    return cap_type(cap) & 1;
}

/* The window address of the object that the capability names, 0 if it names none. */
static inline word_t cap_pointer(cap_t cap)
{
    sword_t shifted = (sword_t)(cap.words[0] << (WORD_BITS - CAP_POINTER_BITS));

    return (word_t)(shifted >> (WORD_BITS - CAP_POINTER_BITS));
}

/* The same, if it is known not to name a frame. */
static inline word_t cap_object(cap_t cap)
{
    return cap_pointer(cap);
}

static inline cap_t cap_new(enum cap_type type, word_t pointer)
{
    return (cap_t){{(word_t)type << CAP_TYPE_SHIFT | (pointer & MASK(CAP_POINTER_BITS)), 0}};
}

CAP_FIELD(untyped_size_bits, 1, 0, 6)
CAP_FIELD(untyped_is_device, 1, 6, 1)
CAP_FIELD(untyped_free_units, 1, 16, 48) /* of 2^MIN_UNTYPED_BITS bytes */

/* Endpoints and notifications share a layout; the rights are the RIGHT_ bits. */
CAP_FIELD(endpoint_rights, 0, 48, 4)
CAP_FIELD(endpoint_badge, 1, 0, 64)

/* The rights of an endpoint capability; more than RIGHTS_ALL for any other, in few instructions. */
static inline word_t endpoint_rights_if_endpoint(cap_t cap)
{
    return (cap.words[0] >> 48) - ((word_t)CAP_ENDPOINT << (CAP_TYPE_SHIFT - 48));
}

CAP_FIELD(reply_is_master, 0, 48, 1)
CAP_FIELD(reply_can_grant, 0, 49, 1)

/* Word 1 has the layout of the capability data that users pass (guard above guard size). */
CAP_FIELD(cnode_radix, 0, 48, 6)
CAP_FIELD(cnode_guard_size, 1, 0, 6)
CAP_FIELD(cnode_guard, 1, 6, 58)

CAP_FIELD(irq_handler_irq, 1, 0, 8)

CAP_FIELD(zombie_radix, 0, 48, 6)
CAP_FIELD(zombie_is_tcb, 0, 54, 1)
CAP_FIELD(zombie_count, 1, 0, 64)

CAP_FIELD(frame_level, 0, 48, 2) /* 0: 4K page, 1: large page */
CAP_FIELD(frame_rights, 0, 50, 2)
CAP_FIELD(frame_is_device, 0, 52, 1)

/* Frames and paging structures: where mapped; ASID 0 = not mapped. */
CAP_FIELD(mapped_asid, 1, 0, 12)
CAP_FIELD(mapped_address_low, 1, 16, 48)

CAP_FIELD(asid_pool_base, 1, 0, 12)

CAP_FIELD(io_port_first, 1, 0, 16)
CAP_FIELD(io_port_last, 1, 16, 16)

static inline word_t mapped_address(cap_t cap)
{
    return mapped_address_low(cap);
}

static inline cap_t set_mapped_address(cap_t cap, word_t vaddr)
{
    return set_mapped_address_low(cap, vaddr);
}

/* Capability data as users pass it to Mint, Mutate, Rotate and Configure. */
static inline word_t cap_data_guard_size(word_t data)
{
    return data & MASK(6);
}

static inline word_t cap_data_guard(word_t data)
{
    return data >> 6;
}
