/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One workload for two heaps: built for Neptune OS it uses RtlAllocateHeap, built natively (cc -O2
 * -pthread) the C library's malloc. Several threads allocate blocks of mixed sizes, change their
 * sizes and free them in another order; then they free what other threads have left. Prints "name
 * value" lines; tools/bench.py compares the instructions of both.
 *
 * The native program takes the number of rounds: what rounds beyond the first take is the
 * difference of two runs.
 */
#define THREADS 4
#define SLOTS 1024  /* of a thread */
#define STEPS 20000 /* of a thread in a round */

struct slot {
    unsigned char *memory;
    unsigned long size;
};

static struct slot slots[THREADS][SLOTS];
static void *allocate(unsigned long size);
static void *reallocate(void *memory, unsigned long size);
static void release(void *memory);

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Mostly small; one block in 64 has up to 64 KB. */
static unsigned long random_size(unsigned *seed)
{
    unsigned kind = next_random(seed) % 64, value = next_random(seed);

    if (kind < 44)
        return 8 + value % 120;
    if (kind < 58)
        return 128 + value % 900;
    return kind < 63 ? 1024 + value % 7168 : 8192 + value % 57344;
}

static void fill(struct slot *slot, unsigned char value)
{
    if (!slot->memory)
        __builtin_trap();
    slot->memory[0] = value;
    slot->memory[slot->size - 1] = value;
}

static void check(const struct slot *slot, unsigned char value)
{
    if (slot->memory[0] != value || slot->memory[slot->size - 1] != value)
        __builtin_trap();
}

static void use_slot(struct slot *slot, unsigned char value, unsigned *seed)
{
    if (!slot->memory) {
        slot->size = random_size(seed);
        slot->memory = allocate(slot->size);
        fill(slot, value);
        return;
    }
    check(slot, value);
    if (next_random(seed) % 4) {
        release(slot->memory);
        slot->memory = 0;
        return;
    }
    slot->size = random_size(seed);
    slot->memory = reallocate(slot->memory, slot->size);
    fill(slot, value);
}

/* A thread's part of a round: its own slots. */
static void work(unsigned thread)
{
    unsigned seed = thread + 1, step;

    for (step = 0; step < STEPS; step++) {
        unsigned index = next_random(&seed) % SLOTS;

        use_slot(&slots[thread][index], (unsigned char)index, &seed);
    }
}

/* All that is left of thread's slots, in an order that nothing was allocated in. */
static void clear_up(unsigned thread)
{
    unsigned index = 0, count;

    for (count = 0; count < SLOTS; count++) {
        struct slot *slot = &slots[thread][index];

        if (slot->memory) {
            check(slot, (unsigned char)index);
            release(slot->memory);
        }
        slot->memory = 0;
        index = (index + 389) % SLOTS;
    }
}

#ifndef NEPTUNE_HEAPLOAD
#include <pthread.h>
#include <stdlib.h>

static void *allocate(unsigned long size)
{
    return malloc(size);
}

static void *reallocate(void *memory, unsigned long size)
{
    return realloc(memory, size);
}

static void release(void *memory)
{
    free(memory);
}

static void *worker(void *argument)
{
    work((unsigned)(unsigned long)argument);
    return 0;
}

static void *cleaner(void *argument)
{
    clear_up(((unsigned)(unsigned long)argument + 1) % THREADS);
    return 0;
}

static void run(void *(*routine)(void *))
{
    pthread_t threads[THREADS];
    unsigned long i;

    for (i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], 0, routine, (void *)i))
            abort();
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], 0);
}

int main(int count, char **arguments)
{
    int rounds = count > 1 ? atoi(arguments[1]) : 1;

    while (rounds--) {
        run(worker);
        run(cleaner);
    }
    return 0;
}
#else
#include "../native/nbench.h"

#define ROUNDS 3

static PVOID heap;

static void *allocate(unsigned long size)
{
    return RtlAllocateHeap(heap, 0, size);
}

static void *reallocate(void *memory, unsigned long size)
{
    return RtlReAllocateHeap(heap, 0, memory, size);
}

static void release(void *memory)
{
    RtlFreeHeap(heap, 0, memory);
}

static NTSTATUS NTAPI worker(PVOID argument)
{
    work((unsigned)(ULONG_PTR)argument);
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI cleaner(PVOID argument)
{
    clear_up(((unsigned)(ULONG_PTR)argument + 1) % THREADS);
    return STATUS_SUCCESS;
}

static void run(PUSER_THREAD_START_ROUTINE routine)
{
    HANDLE threads[THREADS];
    ULONG i;

    for (i = 0; i < THREADS; i++)
        if (!NT_SUCCESS(NtCreateThreadEx(&threads[i], THREAD_ALL_ACCESS, NULL, NtCurrentProcess(),
                                         routine, (PVOID)(ULONG_PTR)i, 0, 0, 0, 0, NULL)))
            NtTerminateProcess(NtCurrentProcess(), STATUS_NO_MEMORY);
    for (i = 0; i < THREADS; i++) {
        NtWaitForSingleObject(threads[i], FALSE, NULL);
        NtClose(threads[i]);
    }
}

/* What is committed for each 100 bytes that are allocated, when the workers have done. */
static ULONG committed(void)
{
    RTL_HEAP_USAGE usage = {.Length = sizeof(usage)};

    if (!NT_SUCCESS(RtlUsageHeap(heap, 0, &usage)) || !usage.BytesAllocated)
        return 0;
    return (ULONG)(usage.BytesCommitted * 100 / usage.BytesAllocated);
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    ULONGLONG start;
    ULONG percent = 0, round;

    heap = RtlCreateHeap(HEAP_GROWABLE, NULL, 0, 0, NULL, NULL);
    run(worker);
    percent = committed();
    run(cleaner);
    start = ReadTsc();
    for (round = 0; round < ROUNDS; round++) {
        run(worker);
        run(cleaner);
    }
    Print("heap-workload %llu\n", (ReadTsc() - start) / ROUNDS);
    Print("heap-committed %lu\n", percent);
    RtlCompactHeap(heap, 0);
    Print("heap-sound %u\n", RtlValidateHeap(heap, 0, NULL));
    return STATUS_SUCCESS;
}
#endif
