/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Capabilities are two words; each kind's fields are bits of one of them. */

#include <types.h>

typedef struct cap {
    word_t words[2];
} cap_t;

/* Defines name(cap) and set_name(cap, value). */
#define CAP_FIELD(name, word, shift, width)                                                        \
    static inline word_t name(cap_t cap)                                                           \
    {                                                                                              \
        return (cap.words[word] >> (shift)) & (~(word_t)0 >> (WORD_BITS - (width)));               \
    }                                                                                              \
    static inline cap_t set_##name(cap_t cap, word_t value)                                        \
    {                                                                                              \
        word_t mask = (~(word_t)0 >> (WORD_BITS - (width))) << (shift);                            \
                                                                                                   \
        cap.words[word] = (cap.words[word] & ~mask) | ((value << (shift)) & mask);                 \
        return cap;                                                                                \
    }
