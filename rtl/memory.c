// SPDX-License-Identifier: BSD-2-Clause
/* Comparing and searching memory; copying and filling are in arch/. */
#include <nt/ntrtl.h>

/* A quadword at any address */
typedef struct __attribute__((packed, may_alias)) _QUAD {
    ULONGLONG Value;
} QUAD, *PQUAD;

int CDECL memcmp(const void *First, const void *Second, size_t Length)
{
    const UCHAR *A = First, *B = Second;

    for (; Length >= 8 && ((PQUAD)A)->Value == ((PQUAD)B)->Value; Length -= 8) {
        A += 8;
        B += 8;
    }
    for (; Length; Length--, A++, B++) {
        if (*A != *B)
            return *A < *B ? -1 : 1;
    }
    return 0;
}

void *CDECL memchr(const void *Memory, int Value, size_t Length)
{
    const UCHAR *Byte = Memory;

    for (; Length; Length--, Byte++) {
        if (*Byte == (UCHAR)Value)
            return (void *)Byte;
    }
    return NULL;
}

SIZE_T NTAPI RtlCompareMemory(const void *First, const void *Second, SIZE_T Length)
{
    const UCHAR *A = First, *B = Second;
    SIZE_T Equal = 0;

    while (Equal < Length && A[Equal] == B[Equal])
        Equal++;
    return Equal;
}
