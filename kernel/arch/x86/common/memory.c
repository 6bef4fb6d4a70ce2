/* SPDX-License-Identifier: BSD-2-Clause */

/* Copying and clearing memory. The compiler, too, calls for the standard functions. */

#include <debug.h>
#include <memory.h>

#if WORD_BITS == 64
#define REP_STORE_WORDS "rep stosq"
#define REP_MOVE_WORDS "rep movsq"
#else
#define REP_STORE_WORDS "rep stosl"
#define REP_MOVE_WORDS "rep movsl"
#endif

void clear_memory(void *address, word_t size)
{
    word_t count = size / sizeof(word_t);

    ASSERT(size % sizeof(word_t) == 0);
    __asm__ volatile(REP_STORE_WORDS : "+D"(address), "+c"(count) : "a"((word_t)0) : "memory");
}

void *memset(void *dest, int value, size_t size)
{
    void *at = dest;

    __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(value) : "memory");
    return dest;
}

void *memcpy(void *dest, const void *source, size_t size)
{
    word_t words = size / sizeof(word_t);
    word_t rest = size % sizeof(word_t);
    void *at = dest;

    __asm__ volatile(REP_MOVE_WORDS : "+D"(at), "+S"(source), "+c"(words) : : "memory");
    __asm__ volatile("rep movsb" : "+D"(at), "+S"(source), "+c"(rest) : : "memory");
    return dest;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *x = a;
    const uint8_t *y = b;

    for (size_t i = 0; i < size; i++)
        if (x[i] != y[i])
            return x[i] - y[i];
    return 0;
}

NORETURN void halt_machine(void)
{
    for (;;)
        __asm__ volatile("cli\n\thlt");
}
