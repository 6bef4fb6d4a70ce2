/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sequenced singly linked lists: the header is one 64-bit word (first entry, depth, sequence),
 * compared and exchanged as a whole. A push changes the sequence, so a header that was read before
 * never matches a list whose first entry has gone and come back.
 *
 * The main thread never runs inside an operation of the interrupt thread, which frees no memory; so
 * an entry that was first when the header was read can still be read afterwards.
 */
#include "ki.h"

C_ASSERT(sizeof(SLIST_HEADER) == 8 && FIELD_OFFSET(SLIST_HEADER, Depth) == 4);

/*
 * Puts New in place of *Old. FALSE if the list has changed since *Old was read; *Old is then what
 * it is now.
 */
static BOOLEAN ExpExchangeHeader(PSLIST_HEADER Header, PSLIST_HEADER Old, SLIST_HEADER New)
{
    return __atomic_compare_exchange_n(&Header->Alignment, &Old->Alignment, New.Alignment, FALSE,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* The halves are read one after the other, so they may not match: ExpExchangeHeader detects
 * that. */
static SLIST_HEADER ExpReadHeader(PSLIST_HEADER Header)
{
    const volatile ULONG *Words = (const volatile ULONG *)Header;
    SLIST_HEADER Value;

    Value.Alignment = Words[0];
    Value.Alignment |= (ULONGLONG)Words[1] << 32;
    return Value;
}

PSLIST_ENTRY FASTCALL InterlockedPushEntrySList(PSLIST_HEADER Header, PSLIST_ENTRY Entry)
{
    SLIST_HEADER Old = ExpReadHeader(Header), New;

    do {
        Entry->Next = Old.Next.Next;
        New.Next.Next = Entry;
        New.Depth = Old.Depth + 1;
        New.Sequence = Old.Sequence + 1;
    } while (!ExpExchangeHeader(Header, &Old, New));
    return Old.Next.Next;
}

PSLIST_ENTRY FASTCALL InterlockedPopEntrySList(PSLIST_HEADER Header)
{
    SLIST_HEADER Old = ExpReadHeader(Header), New;

    do {
        if (!Old.Next.Next)
            return NULL;
        New.Next.Next = *(PSLIST_ENTRY volatile *)&Old.Next.Next->Next;
        New.Depth = Old.Depth - 1;
        New.Sequence = Old.Sequence;
    } while (!ExpExchangeHeader(Header, &Old, New));
    return Old.Next.Next;
}

/* ExInterlockedFlushSList: empties the list and returns what was its first entry. */
PSLIST_ENTRY FASTCALL ExInterlockedFlushSList(PSLIST_HEADER Header)
{
    SLIST_HEADER Old = ExpReadHeader(Header), New = {.Alignment = 0};

    do {
        New.Sequence = Old.Sequence;
    } while (!ExpExchangeHeader(Header, &Old, New));
    return Old.Next.Next;
}

/* The forms that take a lock, which is not needed. */
PSLIST_ENTRY FASTCALL KxPushEntrySListLock(PSLIST_HEADER Header, PSLIST_ENTRY Entry,
                                           PKSPIN_LOCK Lock)
{
    return InterlockedPushEntrySList(Header, Entry);
}

PSLIST_ENTRY FASTCALL KxPopEntrySListLock(PSLIST_HEADER Header, PKSPIN_LOCK Lock)
{
    return InterlockedPopEntrySList(Header);
}
