/* SPDX-License-Identifier: BSD-2-Clause */
/* Slim reader/writer locks. */
#include "waiting.h"

static RTL_SRWLOCK Lock;
static volatile LONG Readers, Writers, MostReaders, Wrong;
static volatile ULONG Written;

static void Read(void)
{
    LONG Now;

    RtlAcquireSRWLockShared(&Lock);
    Now = __atomic_add_fetch(&Readers, 1, __ATOMIC_SEQ_CST);
    if (Now > MostReaders)
        MostReaders = Now;
    if (Writers)
        Wrong++;
    for (volatile ULONG i = 0; i < 500; i++)
        continue;
    __atomic_sub_fetch(&Readers, 1, __ATOMIC_SEQ_CST);
    RtlReleaseSRWLockShared(&Lock);
}

static void Write(BOOLEAN Pause)
{
    RtlAcquireSRWLockExclusive(&Lock);
    if (__atomic_add_fetch(&Writers, 1, __ATOMIC_SEQ_CST) != 1 || Readers)
        Wrong++;
    Written++;
    if (Pause)
        Sleep(1);
    __atomic_sub_fetch(&Writers, 1, __ATOMIC_SEQ_CST);
    RtlReleaseSRWLockExclusive(&Lock);
}

static NTSTATUS NTAPI ReadOften(PVOID Argument)
{
    for (ULONG i = 0; i < 400; i++)
        Read();
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI WriteOften(PVOID Argument)
{
    for (ULONG i = 0; i < 400; i++)
        Write(i % 20 == 0);
    return STATUS_SUCCESS;
}

static void TestAlone(void)
{
    RtlInitializeSRWLock(&Lock);
    RtlAcquireSRWLockShared(&Lock);
    ok(RtlTryAcquireSRWLockShared(&Lock), "two readers");
    ok(!RtlTryAcquireSRWLockExclusive(&Lock), "no writer");
    RtlReleaseSRWLockShared(&Lock);
    ok(!RtlTryAcquireSRWLockExclusive(&Lock), "not beside one reader either");
    RtlReleaseSRWLockShared(&Lock);
    ok(RtlTryAcquireSRWLockExclusive(&Lock), "a writer alone");
    ok(!RtlTryAcquireSRWLockShared(&Lock) && !RtlTryAcquireSRWLockExclusive(&Lock),
       "nobody beside it");
    RtlReleaseSRWLockExclusive(&Lock);
    ok(Lock.Ptr == NULL, "a free lock is zero");
    RtlAcquireSRWLockExclusive(&Lock);
    RtlReleaseSRWLockExclusive(&Lock);
    ok(Lock.Ptr == NULL, "again");
}

static NTSTATUS NTAPI ReadOnce(PVOID Argument)
{
    Read();
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI WriteOnce(PVOID Argument)
{
    Write(FALSE);
    return STATUS_SUCCESS;
}

/* A writer waits for a reader, and a second reader behind the writer. */
static void TestOrder(void)
{
    HANDLE Writer, Reader;

    Written = 0;
    RtlAcquireSRWLockShared(&Lock);
    Writer = StartThread(WriteOnce, NULL);
    Sleep(30);
    ok(Written == 0, "a writer waits for a reader");
    Reader = StartThread(ReadOnce, NULL);
    Sleep(30);
    ok_status(WaitFor(Reader, 0), STATUS_TIMEOUT, "readers that come later wait for the writer");
    RtlReleaseSRWLockShared(&Lock);
    ok_status(EndOfThread(Writer), STATUS_SUCCESS, "the writer comes");
    ok_status(EndOfThread(Reader), STATUS_SUCCESS, "then the reader");
    ok(Lock.Ptr == NULL, "the lock is free");
    RtlAcquireSRWLockExclusive(&Lock);
    Reader = StartThread(ReadOnce, NULL);
    Writer = StartThread(WriteOnce, NULL);
    Sleep(30);
    ok_status(WaitFor(Reader, 0), STATUS_TIMEOUT, "both wait for a writer");
    RtlReleaseSRWLockExclusive(&Lock);
    EndOfThread(Reader);
    EndOfThread(Writer);
    ok(Lock.Ptr == NULL, "the lock is free");
}

static void TestCrowd(void)
{
    HANDLE Threads[8];

    Written = Wrong = MostReaders = 0;
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(i % 4 ? ReadOften : WriteOften, NULL);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        ok_status(EndOfThread(Threads[i]), STATUS_SUCCESS, "a reader or writer ends");
    ok(Written == 800, "all was written");
    ok(Wrong == 0, "nobody was beside a writer");
    ok(Lock.Ptr == NULL, "the lock is free");
}

void TestSrw(void)
{
    TestAlone();
    TestOrder();
    TestCrowd();
}
