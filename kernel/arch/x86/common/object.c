/* SPDX-License-Identifier: BSD-2-Clause */

/* The architecture's own kinds of objects: making them, and what the rest of the kernel asks of
 * them. */

#include <arch/ioport.h>
#include <arch/vspace.h>
#include <object.h>

word_t arch_object_size_bits(word_t type)
{
    return type == OBJECT_PAGE_LARGE ? LARGE_PAGE_BITS : PAGE_BITS;
}

bool arch_is_frame_type(word_t type)
{
    return type == OBJECT_PAGE_4K || type == OBJECT_PAGE_LARGE;
}

static cap_t frame_cap_new(word_t address, word_t level, bool device)
{
    cap_t cap = set_frame_level(cap_new(CAP_FRAME, address), level);

    return set_frame_is_device(set_frame_rights(cap, FRAME_READ_WRITE), device);
}

cap_t arch_create_object(word_t type, word_t address, bool device)
{
    enum cap_type cap_type;

    if (arch_is_frame_type(type))
        return frame_cap_new(address, type == OBJECT_PAGE_LARGE, device);
    cap_type = table_object_cap_type(type);
    if (cap_type == CAP_VSPACE_ROOT)
        root_init((pte_t *)address);
    return cap_new(cap_type, address);
}

struct region_span arch_cap_span(cap_t cap)
{
    if (is_cap(cap, CAP_FRAME))
        return (struct region_span){cap_pointer(cap), level_bits(frame_level(cap)), true};
    if (is_table_cap(cap) || is_cap(cap, CAP_VSPACE_ROOT) || is_cap(cap, CAP_ASID_POOL))
        return (struct region_span){cap_pointer(cap), PAGE_BITS, true};
    return (struct region_span){0, 0, false};
}

static bool frame_contains(cap_t a, cap_t b)
{
    word_t bits = level_bits(frame_level(a));

    return is_cap(b, CAP_FRAME) && frame_level(b) <= frame_level(a) &&
           ((cap_pointer(a) ^ cap_pointer(b)) >> bits) == 0;
}

bool arch_same_region(cap_t a, cap_t b)
{
    switch (cap_type(a)) {
    case CAP_FRAME:
        return frame_contains(a, b);
    case CAP_IO_PORT_CONTROL:
        return is_cap(b, CAP_IO_PORT_CONTROL) || is_cap(b, CAP_IO_PORT);
    case CAP_IO_PORT:
        return is_cap(b, CAP_IO_PORT) && io_port_first(a) == io_port_first(b) &&
               io_port_last(a) == io_port_last(b);
    default:
        return cap_type(a) == cap_type(b) && cap_pointer(a) == cap_pointer(b);
    }
}

bool arch_same_object(cap_t a, cap_t b)
{
    if (cap_type(a) != cap_type(b))
        return false;
    if (is_cap(a, CAP_FRAME))
        return cap_pointer(a) == cap_pointer(b) && frame_level(a) == frame_level(b) &&
               frame_is_device(a) == frame_is_device(b);
    return arch_same_region(a, b);
}

cap_t arch_mask_rights(cap_t cap, word_t rights)
{
    if (!is_cap(cap, CAP_FRAME))
        return cap;
    return set_frame_rights(cap, mask_frame_rights(frame_rights(cap), rights));
}

exception_t arch_derive_cap(cap_t cap, cap_t *out)
{
    *out = cap;
    if (is_cap(cap, CAP_FRAME))
        *out = set_mapped_address(set_mapped_asid(cap, 0), 0);
    else if (is_cap(cap, CAP_IO_PORT_CONTROL))
        *out = cap_null();
    else if ((is_table_cap(cap) || is_cap(cap, CAP_VSPACE_ROOT)) && !mapped_asid(cap))
        return syscall_error(seL4_IllegalOperation);
    return EXCEPTION_NONE;
}

bool arch_derives_revocable(cap_t derived, cap_t source)
{
    return is_cap(derived, CAP_IO_PORT) && is_cap(source, CAP_IO_PORT_CONTROL);
}

void arch_finalise_cap(cap_t cap, bool final)
{
    if (is_cap(cap, CAP_FRAME))
        unmap_frame(cap);
    if (!final)
        return;
    if (is_table_cap(cap))
        unmap_table(cap);
    else if (is_cap(cap, CAP_VSPACE_ROOT))
        asid_delete(mapped_asid(cap), (pte_t *)cap_pointer(cap));
    else if (is_cap(cap, CAP_ASID_POOL))
        asid_pool_delete(cap);
    else if (is_cap(cap, CAP_IO_PORT))
        io_port_release(cap);
}

bool arch_is_vspace_root(cap_t cap)
{
    return is_cap(cap, CAP_VSPACE_ROOT) && mapped_asid(cap);
}

word_t *arch_ipc_buffer(cap_t frame, word_t vaddr, bool writable)
{
    word_t rights = frame_rights(frame);

    if (!is_cap(frame, CAP_FRAME) || frame_is_device(frame))
        return NULL;
    if (rights != FRAME_READ_WRITE && (writable || rights != FRAME_READ_ONLY))
        return NULL;
    return (word_t *)(cap_pointer(frame) + (vaddr & MASK(level_bits(frame_level(frame)))));
}

exception_t arch_check_ipc_buffer(cap_t frame, word_t vaddr)
{
    if (!is_cap(frame, CAP_FRAME) || frame_is_device(frame))
        return syscall_error(seL4_IllegalOperation);
    if (!is_aligned(vaddr, IPC_BUFFER_BITS))
        return syscall_error(seL4_AlignmentError);
    return EXCEPTION_NONE;
}

exception_t arch_decode_invocation(const struct invocation *inv)
{
    switch (cap_type(inv->cap)) {
    case CAP_FRAME:
        return decode_frame_invocation(inv);
    case CAP_ASID_CONTROL:
        return decode_asid_control_invocation(inv);
    case CAP_ASID_POOL:
        return decode_asid_pool_invocation(inv);
    case CAP_IO_PORT_CONTROL:
        return decode_io_port_control_invocation(inv);
    case CAP_IO_PORT:
        return decode_io_port_invocation(inv);
    default:
        return is_table_cap(inv->cap) ? decode_table_invocation(inv) : decode_root_invocation(inv);
    }
}
