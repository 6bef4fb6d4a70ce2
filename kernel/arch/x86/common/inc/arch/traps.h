/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include <cap.h>

/* <mode>/traps.S: what it does for C code. */
word_t wait_for_interrupt(void);
word_t take_interrupt(void);
NORETURN void restore_current(void);
NORETURN void fastpath_restore(word_t badge, word_t info, const word_t *registers);
/* Does the current thread's system call, which is not Call, from the beginning. */
NORETURN void slowpath(void);
void syscall_entry(void);
void syscall_entry_other(void);
extern char trap_stubs[256][16];

/* common/traps.c: called from there. */
void enter_syscall(sword_t number);
/* Does the rest of a Call; NULL: the capability has still to be looked up. */
NORETURN void slow_call(struct cte *slot);
void enter_trap(word_t vector, word_t error);
NORETURN void kernel_exception_panic(const word_t *frame);
/* Leaves boot for the root task. */
NORETURN void enter_first_thread(void);

/* Leaves to the current thread. */
NORETURN void leave_kernel(void);

/* common/fastpath.c, fastpath_later.c and fastpath_frame.c */
NORETURN void fastpath_call(cptr_t cptr, word_t info);
NORETURN void fastpath_reply_recv(cptr_t cptr, word_t info);
NORETURN void fastpath_send(cptr_t cptr, word_t info);
NORETURN void fastpath_reply(cptr_t cptr, word_t info);
NORETURN void fastpath_recv(cptr_t cptr, word_t info);
/* A Call on a capability for which call in fastpath.c is not made. */
NORETURN void call_other(struct cte *slot);
/* The same on a capability of a frame, with the message's info. */
NORETURN void frame_call(struct cte *slot, word_t info);
