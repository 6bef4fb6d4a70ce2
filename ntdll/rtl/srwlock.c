// SPDX-License-Identifier: BSD-2-Clause
/*
 * Slim reader/writer locks. The word has a bit for the writer that owns it, two that say that
 * writers or readers may be waiting, and the number of readers that own it. A reader that comes
 * while readers own the lock waits if a writer does; when a writer is done, the readers that have
 * waited come first, and after them the next writer. So neither starves.
 *
 * A waiting bit is set before the wait, and cleared by who wakes the last one that waits, which
 * RtlpWakeKey makes one step for those who compare the word.  (Win32: AcquireSRWLockExclusive)
 */
#include "rtlp.h"

#define WRITER 1u
#define WRITERS_WAIT 2u
#define READERS_WAIT 4u
#define READER 8u

#define IsFree(word) ((word) < READER && !((word)&WRITER))

typedef volatile ULONG_PTR *PLOCK_WORD;

static PLOCK_WORD WordOf(PRTL_SRWLOCK SRWLock)
{
    return (PLOCK_WORD)&SRWLock->Ptr;
}

static BOOLEAN Change(PLOCK_WORD Word, ULONG_PTR *Old, ULONG_PTR New)
{
    return __atomic_compare_exchange_n(Word, Old, New, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void WaitAs(PLOCK_WORD Word, ULONG_PTR Bit, ULONG_PTR Seen)
{
    if ((Seen & Bit) || Change(Word, &Seen, Seen | Bit)) {
        Seen |= Bit;
        RtlpWaitForKey((ULONG_PTR)Word + (Bit == READERS_WAIT), Word, &Seen, sizeof(Seen), NULL);
    }
}

static ULONG Wake(PLOCK_WORD Word, ULONG_PTR Bit)
{
    if (!(*Word & Bit))
        return 0;
    return RtlpWakeKey((ULONG_PTR)Word + (Bit == READERS_WAIT), Bit == READERS_WAIT, Word, Bit);
}

void NTAPI RtlInitializeSRWLock(PRTL_SRWLOCK SRWLock)
{
    SRWLock->Ptr = NULL;
}

void NTAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK SRWLock)
{
    PLOCK_WORD Word = WordOf(SRWLock);
    ULONG_PTR Seen = 0;

    while (!Change(Word, &Seen, Seen | WRITER)) {
        while (!IsFree(Seen)) {
            WaitAs(Word, WRITERS_WAIT, Seen);
            Seen = *Word;
        }
    }
}

static BOOLEAN MayRead(ULONG_PTR Seen, BOOLEAN Woken)
{
    return !(Seen & WRITER) && (Woken || Seen < READER || !(Seen & WRITERS_WAIT));
}

void NTAPI RtlAcquireSRWLockShared(PRTL_SRWLOCK SRWLock)
{
    PLOCK_WORD Word = WordOf(SRWLock);
    BOOLEAN Woken = FALSE;
    ULONG_PTR Seen = *Word;

    for (;;) {
        if (MayRead(Seen, Woken)) {
            if (Change(Word, &Seen, Seen + READER))
                return;
        } else {
            WaitAs(Word, READERS_WAIT, Seen);
            Woken = TRUE;
            Seen = *Word;
        }
    }
}

BOOLEAN NTAPI RtlTryAcquireSRWLockExclusive(PRTL_SRWLOCK SRWLock)
{
    PLOCK_WORD Word = WordOf(SRWLock);
    ULONG_PTR Seen = *Word;

    while (IsFree(Seen))
        if (Change(Word, &Seen, Seen | WRITER))
            return TRUE;
    return FALSE;
}

BOOLEAN NTAPI RtlTryAcquireSRWLockShared(PRTL_SRWLOCK SRWLock)
{
    PLOCK_WORD Word = WordOf(SRWLock);
    ULONG_PTR Seen = *Word;

    while (MayRead(Seen, FALSE))
        if (Change(Word, &Seen, Seen + READER))
            return TRUE;
    return FALSE;
}

/* A bit may be set though nobody waits any more: then it is the others' turn. */
void NTAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK SRWLock)
{
    PLOCK_WORD Word = WordOf(SRWLock);

    if (!(__atomic_and_fetch(Word, ~(ULONG_PTR)WRITER, __ATOMIC_SEQ_CST) &
          (READERS_WAIT | WRITERS_WAIT)))
        return;
    if (!Wake(Word, READERS_WAIT) && !Wake(Word, WRITERS_WAIT))
        Wake(Word, READERS_WAIT);
}

void NTAPI RtlReleaseSRWLockShared(PRTL_SRWLOCK SRWLock)
{
    PLOCK_WORD Word = WordOf(SRWLock);
    ULONG_PTR Left = __atomic_sub_fetch(Word, READER, __ATOMIC_SEQ_CST);

    if (Left < READER && (Left & (READERS_WAIT | WRITERS_WAIT)) && !Wake(Word, WRITERS_WAIT))
        Wake(Word, READERS_WAIT);
}
