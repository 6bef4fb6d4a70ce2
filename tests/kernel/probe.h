/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A probe is a thread whose registers the test sets and reads: it runs a snippet of machine code
 * from arch/<arch>/snippets.S until it faults, and its fault message is the result.
 */
#pragma once

#include "harness.h"
#include <arch.h>

#define PROBE_PRIORITY 100
#define PROBE_BADGE 0xfa

struct probe {
    struct thread *thread;
    seL4_CPtr fault_ep;       /* where its faults arrive, badge PROBE_BADGE */
    seL4_UserContext context; /* in: what it starts with; out: what it stopped with */
};

void probe_init(struct probe *probe);
void probe_init_in(struct probe *probe, seL4_CPtr vspace);
void probe_fill(struct probe *probe); /* a different value in each register, a usable stack */
struct message probe_run(struct probe *probe, const char *code);
void probe_read(struct probe *probe);
/* One system call: fill, set the argument registers, and run until the hlt after it. */
void probe_set_syscall(struct probe *probe, seL4_Word number, seL4_Word cap, seL4_Word info);
bool probe_debug_kernel(void);
/* Whether execute-never pages exist: an extension that tells our kernel, on most processors. */
bool probe_has_execute_never(void);
/* Whether the fault is the hlt at code: where a snippet that meets no other fault ends. */
bool finished_at(const struct message *fault, const char *code);

extern const char snippet_syscall[], snippet_syscall_end[];
extern const char snippet_hlt[];
extern const char snippet_nop[], snippet_nop_end[];
extern const char snippet_int3[], snippet_int3_end[];
extern const char snippet_int1[], snippet_int4[], snippet_int32[], snippet_int128[];
extern const char snippet_int158[], snippet_int160[], snippet_int254[];
extern const char snippet_ud2[], snippet_cli[], snippet_rdpmc[], snippet_in[], snippet_out[];
extern const char snippet_div[], snippet_load[], snippet_load_end[], snippet_store[];
extern const char snippet_store_end[], snippet_jump[], snippet_trap_flag[];
extern const char snippet_trap_flag_end[], snippet_other_entry[], snippet_selector[];
extern const char snippet_vex[], snippet_x87_error[], snippet_x87_error_at[], snippet_tls_load[];
extern const char snippet_tls_load_end[], snippet_segments[], snippet_segments_end[];
extern const char snippet_fpu_set[], snippet_fpu_set_end[], snippet_fpu_get[];
extern const char snippet_fpu_get_end[], snippet_flags[], snippet_flags_end[];
extern const char snippet_count[], snippet_smsw[], snippet_smsw_end[];
extern const char snippet_rdtsc[], snippet_rdtsc_end[], snippet_gs_load[], snippet_gs_load_end[];
extern const char snippet_syscall_segments[], snippet_syscall_segments_end[];
extern const char snippet_selectors[], snippet_selectors_end[];
