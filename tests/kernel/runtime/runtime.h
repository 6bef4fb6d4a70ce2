/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime of a bare root task: start, serial line, slots and memory, threads, address spaces.
 *
 * A thread finds its own record, and with it its IPC buffer, by its stack pointer: each has an
 * aligned area of THREAD_AREA bytes that holds buffer, record and stack.  So nothing here needs
 * thread-local storage, and threads of several address spaces can share the image.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define THREAD_AREA 16384
#define THREAD_RECORD 2048
#define SEL4_IPC_BUFFER (thread_self()->buffer)
struct seL4_IPCBuffer;
struct thread;
static inline struct thread *thread_self(void);

struct thread {
    struct seL4_IPCBuffer *buffer;
    uintptr_t tcb;
    uintptr_t fault_ep;
    void (*entry)(uintptr_t, uintptr_t);
    uintptr_t args[2];
    volatile bool done; /* the entry function has returned */
};

#include <runtime_arch.h>

static inline struct thread *thread_self(void)
{
    uintptr_t area = arch_stack_pointer() & ~(uintptr_t)(THREAD_AREA - 1);

    return (struct thread *)(area + THREAD_RECORD);
}

#include <sel4/sel4.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PAGE_SIZE 4096u

/* start.S, init.c */
extern seL4_BootInfo *bootinfo;
extern uintptr_t start_registers[]; /* as the kernel set them, in the order of start.S */
extern char image_start[], image_end[];
extern uint64_t start_ticks; /* RDTSC, next to nothing after the root task's first instruction */
const seL4_BootInfoHeader *boot_chunk(seL4_Word id); /* of the extra boot information, or NULL */
seL4_Word tsc_mhz(void);
int main(void);
_Noreturn void stop(int status); /* leaves QEMU by its debug exit port, or suspends itself */
_Noreturn void panic(const char *format, ...);

/* memory.c */
void *memset(void *to, int value, size_t size);
void *memcpy(void *to, const void *from, size_t size);
int memcmp(const void *a, const void *b, size_t size);
int strcmp(const char *a, const char *b);

/* print.c: %s text, %c character, %d int, %u unsigned, %x and %w (decimal) a word */
#define SERIAL_PORT 0x3f8
extern seL4_CPtr serial_cap; /* ports 0x3f8..0x3ff */
void print(const char *format, ...);
void print_list(const char *format, __builtin_va_list list);

/*
 * alloc.c: everything is taken from one untyped, the arena, and from slots above those of the
 * boot; arena_reset() destroys it all.  Failures panic.
 */
#define ROOT seL4_CapInitThreadCNode
#define DEPTH seL4_WordBits
#define ARENA_BITS (seL4_LargePageBits + 2)
extern seL4_CPtr arena;
void arena_init(void);
void arena_reset(void);
seL4_CPtr slot_new(void);
seL4_CPtr slots_new(seL4_Word count);
seL4_CPtr make(seL4_Word type, seL4_Word size_bits);
seL4_CPtr make_many(seL4_Word type, seL4_Word size_bits, seL4_Word count);
seL4_CPtr copy_of(seL4_CPtr source, seL4_Word rights);
seL4_CPtr mint_of(seL4_CPtr source, seL4_Word rights, seL4_Word badge);
seL4_CPtr device_untyped(seL4_Word paddr); /* of the boot, 0 if there is none */

/*
 * config.c: a file that the emulator was given, by its name there: its size, 0 if there is none,
 * and then its bytes.  The device's ports are in the arena.
 */
seL4_Word config_open(const char *name);
unsigned char config_byte(void);

/* thread.c */
#define MAX_THREADS 12
typedef void (*thread_entry)(uintptr_t, uintptr_t);
void thread_init(void);
void thread_reset(void);
struct thread *thread_new(seL4_Word priority);
struct thread *thread_new_in(seL4_Word priority, seL4_CPtr cspace, seL4_CPtr vspace,
                             seL4_CPtr fault_ep);
void thread_context(struct thread *thread, seL4_UserContext *context, thread_entry entry,
                    uintptr_t a, uintptr_t b);
void thread_start(struct thread *thread, thread_entry entry, uintptr_t a, uintptr_t b);
struct thread *spawn(seL4_Word priority, thread_entry entry, uintptr_t a, uintptr_t b);
void set_priority(seL4_Word priority); /* of the caller, which must be the root thread */
void settle(void);                     /* lets all threads above priority 1 run until they block */

/* space.c */
seL4_CPtr image_frame(const void *address);         /* frame cap of a page of the image */
seL4_CPtr vspace_new(void);                         /* an empty address space with an ASID */
void map_tables(seL4_CPtr vspace, seL4_Word vaddr); /* those still missing for a 4K page */
seL4_CPtr vspace_clone(void);                       /* one that shares the whole image */
seL4_CPtr vspace_clone_in(seL4_CPtr asid_pool);
