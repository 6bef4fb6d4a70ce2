/* SPDX-License-Identifier: BSD-2-Clause */
/* What the compiler expects of a C library. */
#include "runtime.h"

void *memset(void *to, int value, size_t size)
{
    char *p = to;

    while (size--)
        *p++ = (char)value;
    return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
    char *p = to;
    const char *q = from;

    while (size--)
        *p++ = *q++;
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *p = a, *q = b;

    for (; size; size--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}
