/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * How capabilities are packed into two 32-bit words. Word 0 is the object's window address, with
 * the type in its low 4 bits; the types that name no object share two values of those, and take the
 * next 4 bits, too. Pages are aligned well enough for fields of frames to go beside their type.
 */

#include <arch/cap_field.h>
#include <mode/types.h>

/* The tags are those that DebugCapIdentify shows, but for the zombie's. Odd ones belong to the
 * architecture, but for the zombie's. */
enum cap_type {
    CAP_NULL = 0,
    CAP_FRAME = 1,
    CAP_UNTYPED = 2,
    CAP_PAGE_TABLE = 3,
    CAP_ENDPOINT = 4,
    CAP_PAGE_DIRECTORY = 5,
    CAP_NOTIFICATION = 6,
    CAP_REPLY = 8,
    CAP_ASID_CONTROL = 9,
    CAP_CNODE = 10,
    CAP_ASID_POOL = 11,
    CAP_THREAD = 12,
    CAP_ZOMBIE = 13,
    CAP_IRQ_CONTROL = 0x0e,
    CAP_IRQ_HANDLER = 0x1e,
    CAP_IO_PORT = 0x1f,
    CAP_DOMAIN = 0x3e,
    CAP_IO_PORT_CONTROL = 0x7f,
};

#define CAP_VSPACE_ROOT CAP_PAGE_DIRECTORY
#define CAP_TYPE_BITS 4
#define CAP_LONG_TYPE 14 /* this and 15: the type has 8 bits */
#define TAG_ZOMBIE 0x2e

static inline enum cap_type cap_type(cap_t cap)
{
    word_t type = cap.words[0] & MASK(CAP_TYPE_BITS);

    return (enum cap_type)(type < CAP_LONG_TYPE ? type : cap.words[0] & MASK(8));
}

/* cap_type(cap) == type, in one comparison where the type is known. */
ALWAYS_INLINE bool is_cap(cap_t cap, enum cap_type type)
{
    word_t bits = (type & MASK(CAP_TYPE_BITS)) < CAP_LONG_TYPE ? CAP_TYPE_BITS : 8;

    return (cap.words[0] & MASK(bits)) == type;
}

static inline word_t cap_tag(cap_t cap)
{
    return is_cap(cap, CAP_ZOMBIE) ? TAG_ZOMBIE : cap_type(cap);
}

static inline bool is_arch_cap(cap_t cap)
{
    return (cap.words[0] & 1) && !is_cap(cap, CAP_ZOMBIE);
}

/* The window address of the object that the capability names, if it is known not to be a frame. */
static inline word_t cap_object(cap_t cap)
{
    return cap.words[0] & ~MASK(CAP_TYPE_BITS);
}

/* The window address of the object that the capability names; of no meaning if it names none. */
static inline word_t cap_pointer(cap_t cap)
{
    return is_cap(cap, CAP_FRAME) ? cap.words[0] & ~MASK(PAGE_BITS) : cap_object(cap);
}

static inline cap_t cap_new(enum cap_type type, word_t pointer)
{
    return (cap_t){{pointer | type, 0}};
}

CAP_FIELD(untyped_size_bits, 1, 0, 5)
CAP_FIELD(untyped_is_device, 1, 5, 1)
CAP_FIELD(untyped_free_units, 1, 6, 26) /* of 2^MIN_UNTYPED_BITS bytes */

/* Endpoints and notifications share a layout; the rights are the RIGHT_ bits. */
CAP_FIELD(endpoint_badge, 1, 0, 28)
CAP_FIELD(endpoint_rights, 1, 28, 4)

/* The rights of an endpoint capability; more than RIGHTS_ALL for any other. */
static inline word_t endpoint_rights_if_endpoint(cap_t cap)
{
    return is_cap(cap, CAP_ENDPOINT) ? endpoint_rights(cap) : ~(word_t)0;
}

CAP_FIELD(reply_is_master, 1, 0, 1)
CAP_FIELD(reply_can_grant, 1, 1, 1)

CAP_FIELD(cnode_guard_size, 1, 0, 5)
CAP_FIELD(cnode_radix, 1, 8, 5)
CAP_FIELD(cnode_guard, 1, 14, 18)

CAP_FIELD(irq_handler_irq, 1, 0, 8)

CAP_FIELD(zombie_radix, 1, 0, 5)
CAP_FIELD(zombie_is_tcb, 1, 5, 1)
CAP_FIELD(zombie_count, 1, 6, 26)

CAP_FIELD(frame_level, 0, 4, 1) /* 0: 4K page, 1: large page */
CAP_FIELD(frame_rights, 0, 5, 2)
CAP_FIELD(frame_is_device, 0, 7, 1)

/* Frames and paging structures: where mapped; ASID 0 = not mapped. */
CAP_FIELD(mapped_asid, 1, 0, 12)
CAP_FIELD(mapped_page, 1, 12, 20)

CAP_FIELD(asid_pool_base, 1, 0, 12)

CAP_FIELD(io_port_first, 1, 0, 16)
CAP_FIELD(io_port_last, 1, 16, 16)

static inline word_t mapped_address(cap_t cap)
{
    return mapped_page(cap) << PAGE_BITS;
}

static inline cap_t set_mapped_address(cap_t cap, word_t vaddr)
{
    return set_mapped_page(cap, vaddr >> PAGE_BITS);
}

/* Capability data as users pass it to Mint, Mutate, Rotate and Configure. */
static inline word_t cap_data_guard_size(word_t data)
{
    return (data >> 3) & MASK(5);
}

static inline word_t cap_data_guard(word_t data)
{
    return (data >> 8) & MASK(18);
}
