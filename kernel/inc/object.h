/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* Making and destroying objects; the architecture adds its own kinds. */

#include <cap.h>

struct tcb;

/* Log2 size of an object; `user_bits` is what the user asked for (untypeds and CNodes). */
word_t object_size_bits(word_t type, word_t user_bits);
/* Makes an object in zeroed memory; returns the first capability to it. */
cap_t create_object(word_t type, word_t address, word_t user_bits, bool device);

/* Implemented by the architecture. */
word_t arch_object_size_bits(word_t type);
bool arch_is_frame_type(word_t type);
cap_t arch_create_object(word_t type, word_t address, bool device);
struct region_span arch_cap_span(cap_t cap);
bool arch_same_region(cap_t a, cap_t b);
bool arch_same_object(cap_t a, cap_t b);
cap_t arch_mask_rights(cap_t cap, word_t rights);
exception_t arch_derive_cap(cap_t cap, cap_t *out);
bool arch_derives_revocable(cap_t derived, cap_t source);
void arch_finalise_cap(cap_t cap, bool final);
/* True for a capability to a VSpace root that has an ASID. */
bool arch_is_vspace_root(cap_t cap);
/* The IPC buffer that a frame capability gives at vaddr; NULL if it may not serve as one. */
word_t *arch_ipc_buffer(cap_t frame, word_t vaddr, bool writable);
exception_t arch_check_ipc_buffer(cap_t frame, word_t vaddr);
