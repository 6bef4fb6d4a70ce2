/* SPDX-License-Identifier: BSD-2-Clause */

/* IO ports: issuing ranges of them, and access. */

#include <arch/ioport.h>
#include <arch/machine.h>

#define NUM_PORTS 0x10000

static word_t issued[NUM_PORTS / WORD_BITS];

/* The ports of [first, last] that word i of the bitmap covers. */
static word_t ports_in_word(word_t i, word_t first, word_t last)
{
    word_t mask = ~(word_t)0;

    if (i == first / WORD_BITS)
        mask &= ~(word_t)0 << (first % WORD_BITS);
    if (i == last / WORD_BITS)
        mask &= ~(word_t)0 >> (WORD_BITS - 1 - last % WORD_BITS);
    return mask;
}

static bool is_any_issued(word_t first, word_t last)
{
    for (word_t i = first / WORD_BITS; i <= last / WORD_BITS; i++)
        if (issued[i] & ports_in_word(i, first, last))
            return true;
    return false;
}

static void set_issued(word_t first, word_t last, bool value)
{
    for (word_t i = first / WORD_BITS; i <= last / WORD_BITS; i++) {
        word_t mask = ports_in_word(i, first, last);

        issued[i] = value ? issued[i] | mask : issued[i] & ~mask;
    }
}

void io_port_release(cap_t cap)
{
    set_issued(io_port_first(cap), io_port_last(cap), false);
}

#if DBG
word_t io_ports_issued(void)
{
    word_t count = 0;

    for (word_t i = 0; i < ARRAY_SIZE(issued); i++)
        for (word_t bits = issued[i]; bits; bits &= bits - 1)
            count++;
    return count;
}
#endif

exception_t decode_io_port_control_invocation(const struct invocation *inv)
{
    struct cte *dest;
    exception_t status;
    word_t first, last;
    cap_t cap;

    if (inv->label != LABEL_IO_PORT_CONTROL_ISSUE)
        return syscall_error(seL4_IllegalOperation);
    if (is_truncated(inv, 4, 1))
        return syscall_error(seL4_TruncatedMessage);
    first = arg(inv, 0) & MASK(16);
    last = arg(inv, 1) & MASK(16);
    if (last < first)
        return invalid_argument(1);
    if (is_any_issued(first, last))
        return syscall_error(seL4_RevokeFirst);
    status = lookup_target_slot(inv->extra[0]->cap, arg(inv, 2), arg(inv, 3), &dest);
    if (status == EXCEPTION_NONE)
        status = ensure_empty_slot(dest);
    if (status != EXCEPTION_NONE)
        return status;
    set_issued(first, last, true);
    cap = set_io_port_first(cap_new(CAP_IO_PORT, 0), first);
    cte_insert(set_io_port_last(cap, last), inv->slot, dest);
    return EXCEPTION_NONE;
}

static word_t read_port(uint16_t port, word_t size)
{
    switch (size) {
    case 1:
        return in8(port);
    case 2:
        return in16(port);
    default:
        return in32(port);
    }
}

static void write_port(uint16_t port, word_t size, word_t value)
{
    switch (size) {
    case 1:
        out8(port, (uint8_t)value);
        break;
    case 2:
        out16(port, (uint16_t)value);
        break;
    default:
        out32(port, (uint32_t)value);
        break;
    }
}

exception_t decode_io_port_invocation(const struct invocation *inv)
{
    bool is_in = inv->label >= LABEL_IO_PORT_IN8 && inv->label <= LABEL_IO_PORT_IN32;
    bool is_out = inv->label >= LABEL_IO_PORT_OUT8 && inv->label <= LABEL_IO_PORT_OUT32;
    word_t port, size;

    if (!is_in && !is_out)
        return syscall_error(seL4_IllegalOperation);
    if (is_truncated(inv, is_in ? 1 : 2, 0))
        return syscall_error(seL4_TruncatedMessage);
    size = BIT(inv->label - (is_in ? LABEL_IO_PORT_IN8 : LABEL_IO_PORT_OUT8));
    port = arg(inv, 0) & MASK(16);
    if (port < io_port_first(inv->cap) || port + size - 1 > io_port_last(inv->cap))
        return syscall_error(seL4_IllegalOperation);
    if (is_in)
        reply_word(inv, read_port((uint16_t)port, size));
    else
        write_port((uint16_t)port, size, arg(inv, 1));
    return EXCEPTION_NONE;
}
