// SPDX-License-Identifier: BSD-2-Clause
/* Singly linked lists: a head of 16 bytes is exchanged at once. */
#include "rtlp.h"

BOOLEAN RtlpExchangeSListHead(PSLIST_HEADER Head, PSLIST_HEADER Old, const SLIST_HEADER *New)
{
    BOOLEAN Same;

    __asm__ volatile("lock cmpxchg16b %1"
                     : "=@ccz"(Same), "+m"(*Head), "+a"(Old->Words[0]), "+d"(Old->Words[1])
                     : "b"(New->Words[0]), "c"(New->Words[1])
                     : "memory");
    return Same;
}

/* RTLP_SLIST_GONE if there is nothing to read: the Executive goes on behind the instruction then.
 */
__attribute__((noinline)) PSLIST_ENTRY RtlpReadSListEntry(PSLIST_ENTRY Entry)
{
    PSLIST_ENTRY Next = RTLP_SLIST_GONE;

    __asm__ volatile(".globl RtlpSListFault, RtlpSListResume\n"
                     "RtlpSListFault: movq (%1), %0\n"
                     "RtlpSListResume:"
                     : "+&r"(Next)
                     : "r"(Entry)
                     : "memory");
    return Next;
}
