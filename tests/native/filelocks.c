/* SPDX-License-Identifier: BSD-2-Clause */
/* Locks of ranges of files, and transfers that are scattered over pages. */
#include "pipes.h"

#define FILE_NAME u"\\SystemRoot\\ntdll.dll"

static HANDLE One, Two;

static HANDLE Open(ULONG Options)
{
    HANDLE File = NULL;

    NtOpenFile(&File, FILE_READ_DATA | SYNCHRONIZE, Named(FILE_NAME, OBJ_CASE_INSENSITIVE), &Iosb,
               FILE_SHARE_READ, Options);
    return File;
}

static NTSTATUS Lock(HANDLE File, ULONGLONG Start, ULONGLONG Length, ULONG Key, BOOLEAN Exclusive)
{
    LARGE_INTEGER Offset = {.QuadPart = (LONGLONG)Start}, Bytes = {.QuadPart = (LONGLONG)Length};

    return NtLockFile(File, NULL, NULL, NULL, &Iosb, &Offset, &Bytes, Key, TRUE, Exclusive);
}

static NTSTATUS Unlock(HANDLE File, ULONGLONG Start, ULONGLONG Length, ULONG Key)
{
    LARGE_INTEGER Offset = {.QuadPart = (LONGLONG)Start}, Bytes = {.QuadPart = (LONGLONG)Length};

    return NtUnlockFile(File, &Iosb, &Offset, &Bytes, Key);
}

static NTSTATUS ReadAt(HANDLE File, LONGLONG Start, ULONG Length, ULONG Key)
{
    LARGE_INTEGER Offset = {.QuadPart = Start};
    UCHAR Buffer[64];

    return NtReadFile(File, NULL, NULL, NULL, &Iosb, Buffer, Length, &Offset, &Key);
}

static void TestRanges(void)
{
    One = Open(SYNCHRONOUS);
    Two = Open(SYNCHRONOUS);
    ok_status(Lock(One, 10, 10, 0, TRUE), STATUS_SUCCESS, "an exclusive lock");
    ok_status(Lock(Two, 20, 10, 0, TRUE), STATUS_SUCCESS, "another beside it");
    ok_status(Lock(Two, 0, 10, 0, TRUE), STATUS_SUCCESS, "on either side");
    ok_status(Lock(Two, 19, 1, 0, TRUE), STATUS_LOCK_NOT_GRANTED, "its last byte");
    ok_status(Lock(Two, 10, 1, 0, FALSE), STATUS_LOCK_NOT_GRANTED, "its first, shared");
    ok_status(Lock(Two, 5, 100, 0, FALSE), STATUS_LOCK_NOT_GRANTED, "all of it");
    ok_status(Lock(One, 12, 2, 0, TRUE), STATUS_LOCK_NOT_GRANTED, "a second of one's own");
    ok_status(Lock(One, 12, 2, 0, FALSE), STATUS_SUCCESS, "a shared one of one's own");
    ok_status(Lock(One, 12, 2, 1, FALSE), STATUS_LOCK_NOT_GRANTED, "with another key");
    ok_status(ReadAt(One, 10, 10, 0), STATUS_SUCCESS, "the owner reads");
    ok_status(ReadAt(One, 10, 10, 1), STATUS_FILE_LOCK_CONFLICT, "not with another key");
    ok_status(ReadAt(Two, 15, 1, 0), STATUS_FILE_LOCK_CONFLICT, "nobody else does");
    ok_status(ReadAt(Two, 0, 11, 0), STATUS_FILE_LOCK_CONFLICT, "not a byte");
    ok_status(ReadAt(Two, 0, 10, 0), STATUS_SUCCESS, "what is before it");
    ok_status(ReadAt(Two, 15, 0, 0), STATUS_SUCCESS, "nothing at all");
    ok_status(Unlock(One, 10, 9, 0), STATUS_RANGE_NOT_LOCKED, "unlock a part");
    ok_status(Unlock(Two, 10, 10, 0), STATUS_RANGE_NOT_LOCKED, "another's");
    ok_status(Unlock(One, 10, 10, 3), STATUS_RANGE_NOT_LOCKED, "with a wrong key");
    ok_status(Unlock(One, 10, 10, 0), STATUS_SUCCESS, "unlock it");
    ok_status(Unlock(One, 10, 10, 0), STATUS_RANGE_NOT_LOCKED, "once");
    ok_status(ReadAt(Two, 15, 1, 0), STATUS_SUCCESS, "others read then");
    ok_status(Lock(Two, 13, 1, 0, TRUE), STATUS_LOCK_NOT_GRANTED, "the shared lock is left");
    ok_status(Lock(Two, 13, 1, 0, FALSE), STATUS_SUCCESS, "and shared");
    NtClose(One);
    ok_status(Unlock(Two, 13, 1, 0), STATUS_SUCCESS, "with its file gone");
    ok_status(Lock(Two, 12, 2, 0, TRUE), STATUS_SUCCESS, "nothing is left of it");
    NtClose(Two);
}

static void TestLimits(void)
{
    LARGE_INTEGER Offset = {.QuadPart = 0}, Length = {.QuadPart = 1};
    HANDLE Directory, Device, Blind;

    One = Open(SYNCHRONOUS);
    Two = Open(SYNCHRONOUS);
    ok_status(Lock(One, 0, ~0ull, 0, TRUE), STATUS_SUCCESS, "all that a file could be");
    ok_status(Lock(Two, 1ull << 62, 1, 0, FALSE), STATUS_LOCK_NOT_GRANTED, "a byte far out");
    ok_status(Unlock(One, 0, ~0ull, 0), STATUS_SUCCESS, "unlock it");
    ok_status(Lock(One, ~0ull, 1, 0, TRUE), STATUS_SUCCESS, "the last byte");
    ok_status(Lock(One, ~0ull, 2, 0, TRUE), STATUS_INVALID_LOCK_RANGE, "one more");
    ok_status(Lock(One, 5, 0, 0, TRUE), STATUS_SUCCESS, "nothing");
    ok_status(Lock(Two, 5, 1, 0, TRUE), STATUS_SUCCESS, "is in nobody's way");
    ok_status(Unlock(One, 5, 0, 0), STATUS_SUCCESS, "but is a lock");
    ok_status(NtLockFile(One, NULL, NULL, NULL, BAD_ADDRESS, &Offset, &Length, 0, TRUE, TRUE),
              STATUS_ACCESS_VIOLATION, "a status block nowhere");
    ok_status(NtLockFile(One, NULL, NULL, NULL, &Iosb, BAD_ADDRESS, &Length, 0, TRUE, TRUE),
              STATUS_ACCESS_VIOLATION, "an offset nowhere");
    ok_status(NtLockFile(One, NULL, NULL, NULL, &Iosb, &Offset, BAD_ADDRESS, 0, TRUE, TRUE),
              STATUS_ACCESS_VIOLATION, "a length nowhere");
    ok_status(NtUnlockFile(One, &Iosb, BAD_ADDRESS, &Length, 0), STATUS_ACCESS_VIOLATION,
              "unlocking nowhere");
    ok_status(NtLockFile((HANDLE)0x7ffc, NULL, NULL, NULL, &Iosb, &Offset, &Length, 0, TRUE, TRUE),
              STATUS_INVALID_HANDLE, "no file");
    Blind = Restricted(One, SYNCHRONIZE);
    ok_status(Lock(Blind, 0, 1, 0, TRUE), STATUS_ACCESS_DENIED, "a handle that does not read");
    NtClose(Blind);
    OpenClient(u"\\SystemRoot", FILE_READ_DATA | SYNCHRONIZE, SYNCHRONOUS, &Directory);
    ok_status(Lock(Directory, 0, 1, 0, TRUE), STATUS_INVALID_PARAMETER, "a directory");
    OpenClient(u"\\Device\\Null", FILE_READ_DATA | SYNCHRONIZE, SYNCHRONOUS, &Device);
    ok_status(Lock(Device, 0, 1, 0, TRUE), STATUS_INVALID_DEVICE_REQUEST, "a device");
    ClosePair(Directory, Device);
    ClosePair(One, Two);
}

static NTSTATUS NTAPI LockWaiting(PVOID File)
{
    LARGE_INTEGER Offset = {.QuadPart = 100}, Length = {.QuadPart = 10};
    IO_STATUS_BLOCK Block;

    return NtLockFile(File, NULL, NULL, NULL, &Block, &Offset, &Length, 0, FALSE, TRUE);
}

static void TestWaiting(void)
{
    LARGE_INTEGER Offset = {.QuadPart = 100}, Length = {.QuadPart = 10};
    IO_STATUS_BLOCK Blocks[3];
    HANDLE Thread, Event;

    One = Open(SYNCHRONOUS);
    Two = Open(SYNCHRONOUS);
    Lock(One, 100, 10, 0, TRUE);
    Thread = StartThread(LockWaiting, Two);
    ok(ComesToWait(Thread), "a lock that waits");
    Unlock(One, 100, 10, 0);
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "until it is granted");
    ok_status(Lock(One, 100, 1, 0, FALSE), STATUS_LOCK_NOT_GRANTED, "and held");
    Thread = StartThread(LockWaiting, One);
    ComesToWait(Thread);
    NtTerminateThread(Thread, 9);
    ok_status(EndOfThread(Thread), 9, "one whose thread is ended");
    NtClose(Two);
    ok_status(Lock(One, 100, 1, 0, TRUE), STATUS_SUCCESS, "holds nothing");
    NtClose(One);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    One = Open(0);
    Two = Open(0);
    Lock(One, 105, 1, 0, TRUE);
    for (ULONG i = 0; i < 3; i++) {
        Blocks[i].Status = STATUS_PENDING;
        ok_status(NtLockFile(Two, i ? NULL : Event, NULL, NULL, &Blocks[i], &Offset, &Length, i,
                             FALSE, FALSE),
                  STATUS_PENDING, "an asynchronous lock waits");
    }
    ok_status(NtCancelIoFileEx(Two, &Blocks[1], &Iosb), STATUS_SUCCESS, "cancel one");
    IsOver(&Blocks[1]);
    ok_status(Blocks[1].Status, STATUS_CANCELLED, "it is over");
    NtClose(One);
    ok(WaitFor(Event, 10000) == STATUS_SUCCESS && Blocks[0].Status == STATUS_SUCCESS &&
           IsOver(&Blocks[2]) && Blocks[2].Status == STATUS_SUCCESS,
       "the others are granted when the file with the lock goes");
    ok_status(Unlock(Two, 100, 10, 1), STATUS_RANGE_NOT_LOCKED, "the cancelled one is not held");
    ok_status(Unlock(Two, 100, 10, 2), STATUS_SUCCESS, "the others are");
    NtClose(Two);
    NtClose(Event);
}

/* Of those that wait for the same range who came first gets it, also when one between them goes. */
static void TestOrder(void)
{
    enum { WAITERS = 40 };
    LARGE_INTEGER Offset = {.QuadPart = 100}, Length = {.QuadPart = 10}, Far = {.QuadPart = 5000};
    static IO_STATUS_BLOCK Blocks[WAITERS], Elsewhere;
    BOOLEAN Right = TRUE;

    One = Open(SYNCHRONOUS);
    Two = Open(0);
    Lock(One, 100, 10, 0, TRUE);
    Lock(One, 5000, 10, 0, TRUE);
    for (ULONG i = 0; i < WAITERS; i++) {
        Blocks[i].Status = Elsewhere.Status = UNTOUCHED;
        if (i == WAITERS / 2)
            NtLockFile(Two, NULL, NULL, NULL, &Elsewhere, &Far, &Length, 0, FALSE, TRUE);
        Right &= NtLockFile(Two, NULL, NULL, NULL, &Blocks[i], &Offset, &Length, i, FALSE, TRUE) ==
                 STATUS_PENDING;
    }
    ok(Right, "many wait for a range");
    ok_status(NtCancelIoFileEx(Two, &Blocks[3], &Iosb), STATUS_SUCCESS, "one no longer");
    ok(IsOver(&Blocks[3]) && Blocks[3].Status == STATUS_CANCELLED, "it is told so");
    Unlock(One, 100, 10, 0);
    for (ULONG i = 0; i < WAITERS; i++) {
        if (i == 3)
            continue;
        Right &= IsOver(&Blocks[i]) && Blocks[i].Status == STATUS_SUCCESS;
        for (ULONG k = i + 1; k < WAITERS; k++)
            Right &= k == 3 || Blocks[k].Status == UNTOUCHED;
        Right &= Unlock(Two, 100, 10, i) == STATUS_SUCCESS;
    }
    ok(Right, "the others get it one after the other");
    ok_status(Elsewhere.Status, UNTOUCHED, "who waits for another waits on");
    Unlock(One, 5000, 10, 0);
    ok(IsOver(&Elsewhere) && Elsewhere.Status == STATUS_SUCCESS, "until that is free");
    ClosePair(One, Two);
}

/* Ranges of one owner that begin at the same place. */
static void TestSameStart(void)
{
    enum { LOCKS = 300 };
    BOOLEAN Right = TRUE;

    One = Open(SYNCHRONOUS);
    Two = Open(SYNCHRONOUS);
    for (ULONG i = 0; i < LOCKS; i++)
        Right &= Lock(One, 50, 10 + i * 7 % LOCKS, 0, FALSE) == STATUS_SUCCESS;
    Right &= Lock(One, 50, 10, 0, FALSE) == STATUS_SUCCESS;
    ok(Right, "shared locks of many lengths");
    ok_status(Unlock(One, 50, 10 + LOCKS, 0), STATUS_RANGE_NOT_LOCKED, "but not of this");
    ok_status(Unlock(One, 50, 9, 0), STATUS_RANGE_NOT_LOCKED, "or this");
    for (ULONG i = 0; i < LOCKS; i++)
        Right &= Unlock(One, 50, 10 + i * 11 % LOCKS, 0) == STATUS_SUCCESS;
    ok(Right, "each is unlocked");
    ok_status(Unlock(One, 50, 11, 0), STATUS_RANGE_NOT_LOCKED, "once");
    ok_status(Lock(Two, 0, 1000, 0, TRUE), STATUS_LOCK_NOT_GRANTED, "one was locked twice");
    ok_status(Unlock(One, 50, 10, 0), STATUS_SUCCESS, "and is unlocked twice");
    ok_status(Lock(Two, 0, 1000, 0, TRUE), STATUS_SUCCESS, "none is left");
    ClosePair(One, Two);
}

/* Many locks, found again in another order. */
static void TestMany(void)
{
    enum { LOCKS = 600 };
    BOOLEAN Right = TRUE;

    One = Open(SYNCHRONOUS);
    Two = Open(SYNCHRONOUS);
    for (ULONG i = 0; i < LOCKS; i++)
        Right &= Lock(One, 4ull * (i * 7 % LOCKS), 2, i % 3, i % 2) == STATUS_SUCCESS;
    ok(Right, "hundreds of locks");
    for (ULONG i = 0; i < LOCKS; i++)
        Right &= Lock(Two, 4ull * (i * 7 % LOCKS) + 1, 1, 0, TRUE) == STATUS_LOCK_NOT_GRANTED &&
                 Lock(Two, 4ull * (i * 7 % LOCKS) + 2, 2, 0, TRUE) == STATUS_SUCCESS &&
                 Unlock(Two, 4ull * (i * 7 % LOCKS) + 2, 2, 0) == STATUS_SUCCESS;
    ok(Right, "each in its place");
    for (ULONG i = 0; i < LOCKS; i++)
        Right &= Unlock(One, 4ull * (i * 11 % LOCKS), 2, 0) == STATUS_SUCCESS ||
                 Unlock(One, 4ull * (i * 11 % LOCKS), 2, 1) == STATUS_SUCCESS ||
                 Unlock(One, 4ull * (i * 11 % LOCKS), 2, 2) == STATUS_SUCCESS;
    ok(Right, "all unlocked");
    ok_status(Lock(Two, 0, 4 * LOCKS, 0, TRUE), STATUS_SUCCESS, "none is left");
    ClosePair(One, Two);
}

static void TestScatter(void)
{
    FILE_SEGMENT_ELEMENT Segments[3] = {0};
    LARGE_INTEGER Offset = {.QuadPart = 512};
    static UCHAR Whole[PAGE_SIZE + 512];
    PUCHAR Base = NULL;
    SIZE_T Size = 4 * PAGE_SIZE;
    HANDLE Pipe, Plain = Open(SYNCHRONOUS);
    ULONG Key = 5;

    One = Open(SYNCHRONOUS | FILE_NO_INTERMEDIATE_BUFFERING);
    NtAllocateVirtualMemory(NtCurrentProcess(), (PVOID *)&Base, 0, &Size, MEM_RESERVE | MEM_COMMIT,
                            PAGE_READWRITE);
    Segments[0].Buffer = (ULONG_PTR)(Base + 2 * PAGE_SIZE);
    Segments[1].Buffer = (ULONG_PTR)Base;
    ok_status(
        NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, PAGE_SIZE + 512, &Offset, NULL),
        STATUS_SUCCESS, "read into two pages");
    ok(Iosb.Information == PAGE_SIZE + 512, "a page and a sector");
    NtReadFile(One, NULL, NULL, NULL, &Iosb, Whole, sizeof(Whole), &Offset, NULL);
    ok(!memcmp(Whole, Base + 2 * PAGE_SIZE, PAGE_SIZE) && !memcmp(Whole + PAGE_SIZE, Base, 512),
       "which have it in order");
    ok_status(NtReadFileScatter(Plain, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_INVALID_PARAMETER, "a file that is buffered");
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 511, &Offset, NULL),
              STATUS_INVALID_PARAMETER, "less than a sector");
    Lock(Plain, 512, 1, 5, TRUE);
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_FILE_LOCK_CONFLICT, "what another has locked");
    Unlock(Plain, 512, 1, 5);
    Lock(One, 512, 1, 5, TRUE);
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, &Key),
              STATUS_SUCCESS, "or one has oneself, with that key");
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_FILE_LOCK_CONFLICT, "without it");
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, BAD_ADDRESS),
              STATUS_ACCESS_VIOLATION, "a key nowhere");
    Offset.QuadPart = 1;
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_INVALID_PARAMETER, "beside a sector");
    Offset.QuadPart = 0;
    Segments[0].Buffer++;
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_INVALID_PARAMETER, "beside a page");
    Segments[0].Buffer = PAGE_SIZE;
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_ACCESS_VIOLATION, "a page that is not there");
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, BAD_ADDRESS, 512, &Offset, NULL),
              STATUS_ACCESS_VIOLATION, "segments nowhere");
    Offset.QuadPart = 1 << 30;
    ok_status(NtReadFileScatter(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_END_OF_FILE, "behind the end");
    ok_status(NtWriteFileGather(One, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_ACCESS_DENIED, "nothing is written with a handle that reads");
    MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &BytePipe, &Pipe);
    ok_status(NtWriteFileGather(Pipe, NULL, NULL, NULL, &Iosb, Segments, 512, &Offset, NULL),
              STATUS_INVALID_DEVICE_REQUEST, "a pipe has no pages");
    NtClose(Pipe);
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), (PVOID *)&Base, &Size, MEM_RELEASE);
    ClosePair(One, Plain);
}

void TestFileLocks(void)
{
    TestRanges();
    TestLimits();
    TestWaiting();
    TestOrder();
    TestSameStart();
    TestMany();
    TestScatter();
}
