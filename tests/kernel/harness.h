/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests and checks.  A test is a function, TEST(subject_name) { ... }; each check in it is one line
 * of TAP.  After a test everything made through runtime/alloc.c is destroyed.
 */
#pragma once

#include "runtime/runtime.h"

struct test {
    const char *name;
    void (*run)(void);
};

#define TEST(id)                                                                                   \
    static void id(void);                                                                          \
    static const struct test test_##id                                                             \
        __attribute__((section("tests"), used, aligned(2 * sizeof(void *)))) = {#id, id};          \
    static void id(void)

/* A list of words on the spot: WORDS(1, 2, 3) or WORDS(). */
struct words {
    const seL4_Word *list;
    seL4_Word count;
};

#define WORDS(...)                                                                                 \
    ((struct words){(const seL4_Word[]){0, ##__VA_ARGS__} + 1,                                     \
                    sizeof((const seL4_Word[]){0, ##__VA_ARGS__}) / sizeof(seL4_Word) - 1})
#define CAPS WORDS
#define ARGS WORDS

/* A message as received: a reply, a fault, or plain IPC. */
#define MAX_WORDS 24
struct message {
    seL4_Word badge, label, length, extra_caps, unwrapped;
    seL4_Word mr[MAX_WORDS];
};

/* Checks: each counts one, and prints ok or not ok. */
bool check_that(const char *name, bool condition, const char *text);
bool check_eq(const char *name, seL4_Word got, seL4_Word wanted);
bool check_text(const char *name, const char *got, const char *wanted);
bool check_message(const char *name, struct message got, seL4_Word label, struct words wanted);

#define check(name, condition) check_that(name, condition, #condition)
/* The error label and all message registers of a reply: expect("name", reply, label, mr0, ...). */
#define expect(name, reply, label, ...) check_message(name, reply, label, WORDS(__VA_ARGS__))
#define succeeds(name, reply) expect(name, reply, seL4_NoError)

/* Counts a check that this kernel or machine gives no occasion for. */
void skip(const char *name, const char *reason);
/* True if the kernel is not ours (-fw_cfg name=opt/kernel,string=other): the rest of the test,
 * which would stop others or keep them busy for ever, is then counted as skipped. */
bool skip_on_others(const char *reason);

/* What a test cannot do without: ends the test with one failed check. */
_Noreturn void abandon(const char *why);
#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abandon(#condition);                                                                   \
    } while (0)

/* Invocations with the whole reply. */
struct message invoke(seL4_CPtr service, seL4_Word label, struct words caps, struct words args);
struct message retype(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits, seL4_CPtr slot,
                      seL4_Word count);
struct message copy(seL4_CPtr to, seL4_CPtr from);
struct message mint(seL4_CPtr to, seL4_CPtr from, seL4_Word rights, seL4_Word badge);
struct message move(seL4_CPtr to, seL4_CPtr from);
struct message delete (seL4_CPtr slot);
struct message revoke(seL4_CPtr slot);
struct message receive(seL4_CPtr endpoint);  /* blocks */
struct message poll(seL4_CPtr endpoint);     /* badge 0 and label ~0: nothing there */
bool arrived(const struct message *message); /* whether poll() found one */
bool nothing_at(seL4_CPtr endpoint);         /* polls: true if no message was waiting */

/* Whether a slot of the root CNode holds a cap: by moving it onto itself. */
bool occupied(seL4_CPtr slot);

/* Begins a time slice of the root thread, so that it does not end among threads of its priority. */
void fresh_slice(void);

/* Characters in the order in which threads leave them. */
void trace_reset(void);
void trace(char c);
const char *trace_text(void);

extern bool debug_kernel; /* the debug system calls exist */

/* boot.c: a frame of device memory at this address; cuts the untyped down to it. */
seL4_CPtr device_frame(seL4_Word paddr);

/* debug.c: a debug system call that stops the machine. 1 Halt, 2 NameThread of no thread, 3 of an
 * endless name. */
void debug_stop(uintptr_t mode);
