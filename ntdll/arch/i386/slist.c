// SPDX-License-Identifier: BSD-2-Clause
/* Singly linked lists: a head of 8 bytes is exchanged at once. */
#include "rtlp.h"

BOOLEAN RtlpExchangeSListHead(PSLIST_HEADER Head, PSLIST_HEADER Old, const SLIST_HEADER *New)
{
    ULONGLONG Found = __sync_val_compare_and_swap(&Head->Whole, Old->Whole, New->Whole);
    BOOLEAN Same = Found == Old->Whole;

    Old->Whole = Found;
    return Same;
}

/* RTLP_SLIST_GONE if there is nothing to read: the Executive goes on behind the instruction then.
 */
__attribute__((noinline)) PSLIST_ENTRY RtlpReadSListEntry(PSLIST_ENTRY Entry)
{
    PSLIST_ENTRY Next = RTLP_SLIST_GONE;

    __asm__ volatile(".globl _RtlpSListFault, _RtlpSListResume\n"
                     "_RtlpSListFault: movl (%1), %0\n"
                     "_RtlpSListResume:"
                     : "+&r"(Next)
                     : "r"(Entry)
                     : "memory");
    return Next;
}
