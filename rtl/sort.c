/* SPDX-License-Identifier: BSD-2-Clause */
/* Sorting and searching arrays. (ISO C: qsort, bsearch) */
#include <nt/ntcrt.h>

typedef struct _ARRAY {
    PUCHAR Base;
    size_t Size;
    int(CDECL *Compare)(const void *, const void *);
} ARRAY;

static void Swap(const ARRAY *Array, size_t First, size_t Second)
{
    PUCHAR One = Array->Base + First * Array->Size, Other = Array->Base + Second * Array->Size;

    for (size_t i = 0; i < Array->Size; i++) {
        UCHAR Byte = One[i];

        One[i] = Other[i];
        Other[i] = Byte;
    }
}

static int Order(const ARRAY *Array, size_t First, size_t Second)
{
    return Array->Compare(Array->Base + First * Array->Size, Array->Base + Second * Array->Size);
}

/* The element at Root goes down until no child of it is greater. */
static void SiftDown(const ARRAY *Array, size_t Root, size_t Count)
{
    size_t Child;

    while ((Child = 2 * Root + 1) < Count) {
        if (Child + 1 < Count && Order(Array, Child, Child + 1) < 0)
            Child++;
        if (Order(Array, Root, Child) >= 0)
            return;
        Swap(Array, Root, Child);
        Root = Child;
    }
}

/* A heap sort: it needs no memory and takes as long for any order. */
void CDECL qsort(void *Base, size_t Count, size_t Size,
                 int(CDECL *Compare)(const void *, const void *))
{
    ARRAY Array = {Base, Size, Compare};

    for (size_t i = Count / 2; i-- > 0;)
        SiftDown(&Array, i, Count);
    while (Count > 1) {
        Swap(&Array, 0, --Count);
        SiftDown(&Array, 0, Count);
    }
}

void *CDECL bsearch(const void *Key, const void *Base, size_t Count, size_t Size,
                    int(CDECL *Compare)(const void *, const void *))
{
    size_t Low = 0, High = Count;

    while (Low < High) {
        size_t Middle = Low + (High - Low) / 2;
        PUCHAR Element = (PUCHAR)Base + Middle * Size;
        int Answer = Compare(Key, Element);

        if (!Answer)
            return Element;
        if (Answer < 0)
            High = Middle;
        else
            Low = Middle + 1;
    }
    return NULL;
}
