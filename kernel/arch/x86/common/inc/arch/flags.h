/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* The FLAGS register. */

#define FLAGS_RESERVED 0x2 /* always set */
#define FLAGS_TF 0x100
#define FLAGS_IF 0x200
#define FLAGS_DF 0x400
#define FLAGS_IOPL 0x3000
#define FLAGS_NT 0x4000
#define FLAGS_VM 0x20000
#define FLAGS_AC 0x40000
#define FLAGS_INITIAL (FLAGS_IF | FLAGS_RESERVED)

#ifndef __ASSEMBLER__

#include <types.h>

/* Reserved bits as the processor wants them, interrupts on, no single step. */
static inline word_t sanitise_flags(word_t flags)
{
    flags &= MASK(12) & ~(word_t)(BIT(3) | BIT(5) | FLAGS_TF);
    return flags | FLAGS_RESERVED | FLAGS_IF;
}

#endif
