/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* What the architecture does for the objects and capabilities that are its own. */

#include <cap.h>

struct tcb;

/* The memory that a capability stands for. */
struct region_span {
    word_t base;
    word_t bits;
    bool physical; /* false for those that stand for none */
};

/* object/cap.c: for capabilities of every kind. */
struct region_span cap_span(cap_t cap);

/* Log2 size of an object of the architecture's types. */
word_t arch_object_size_bits(word_t type);
bool arch_is_frame_type(word_t type);
/* Makes an object in zeroed memory; returns the first capability to it. */
cap_t arch_create_object(word_t type, word_t address, bool device);

/* The architecture's part of the functions with these names in cap.h. */
struct region_span arch_cap_span(cap_t cap);
bool arch_same_region(cap_t a, cap_t b);
bool arch_same_object(cap_t a, cap_t b);
cap_t arch_mask_rights(cap_t cap, word_t rights);
exception_t arch_derive_cap(cap_t cap, cap_t *out);
bool arch_derives_revocable(cap_t derived, cap_t source);
/* Ends what the capability gave access to; `final`: it is the last one to its object. */
void arch_finalise_cap(cap_t cap, bool final);
/* True for a capability to a VSpace root that has an ASID. */
bool arch_is_vspace_root(cap_t cap);
/* The IPC buffer that a frame capability gives at vaddr; NULL if it may not serve as one. */
word_t *arch_ipc_buffer(cap_t frame, word_t vaddr, bool writable);
/* Fails with a syscall error unless the frame may become a thread's IPC buffer at vaddr. */
exception_t arch_check_ipc_buffer(cap_t frame, word_t vaddr);
