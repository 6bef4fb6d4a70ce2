/* SPDX-License-Identifier: BSD-2-Clause */
/* Completion ports, the files and waits that report to them. */
#include "waiting.h"

static HANDLE Port;

static NTSTATUS Remove(PFILE_IO_COMPLETION_INFORMATION Packet, LONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(Milliseconds)};

    return NtRemoveIoCompletion(Port, &Packet->KeyContext, &Packet->ApcContext,
                                &Packet->IoStatusBlock, &Limit);
}

static BOOLEAN IsPacket(ULONG_PTR Key, ULONG_PTR Context, NTSTATUS Status, ULONG_PTR Information)
{
    FILE_IO_COMPLETION_INFORMATION Packet = {0};

    return Remove(&Packet, 1000) == STATUS_SUCCESS && Packet.KeyContext == (PVOID)Key &&
           Packet.ApcContext == (PVOID)Context && Packet.IoStatusBlock.Status == Status &&
           Packet.IoStatusBlock.Information == Information;
}

static NTSTATUS Post(ULONG_PTR Key)
{
    return NtSetIoCompletion(Port, (PVOID)Key, (PVOID)(Key + 1), STATUS_SUCCESS, Key + 2);
}

static LONG Depth(void)
{
    LONG Count = -1;

    NtQueryIoCompletion(Port, IoCompletionBasicInformation, &Count, sizeof(Count), NULL);
    return Count;
}

static void TestArguments(void)
{
    FILE_IO_COMPLETION_INFORMATION Packet;
    LARGE_INTEGER Zero = {0};
    HANDLE Weak;
    ULONG Length = 0;
    LONG Count;

    ok_status(NtCreateIoCompletion((PHANDLE)8, IO_COMPLETION_ALL_ACCESS, NULL, 0),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS,
                                   Named(u"\\BaseNamedObjects\\UmPort", 0), 0),
              STATUS_SUCCESS, "a port");
    ok_status(NtOpenIoCompletion(&Weak, IO_COMPLETION_QUERY_STATE,
                                 Named(u"\\BaseNamedObjects\\UmPort", 0)),
              STATUS_SUCCESS, "open it by name");
    ok_status(NtSetIoCompletion(Weak, NULL, NULL, 0, 0), STATUS_ACCESS_DENIED,
              "posting needs IO_COMPLETION_MODIFY_STATE");
    ok_status(NtRemoveIoCompletion(Weak, &Packet.KeyContext, &Packet.ApcContext,
                                   &Packet.IoStatusBlock, &Zero),
              STATUS_ACCESS_DENIED, "so does removing");
    NtClose(Weak);
    ok_status(
        NtRemoveIoCompletion(Port, (PVOID *)8, &Packet.ApcContext, &Packet.IoStatusBlock, &Zero),
        STATUS_ACCESS_VIOLATION, "a bad address for the key");
    ok_status(
        NtRemoveIoCompletion(Port, &Packet.KeyContext, (PVOID *)8, &Packet.IoStatusBlock, &Zero),
        STATUS_ACCESS_VIOLATION, "for the context");
    ok_status(NtRemoveIoCompletion(Port, &Packet.KeyContext, &Packet.ApcContext,
                                   (PIO_STATUS_BLOCK)8, &Zero),
              STATUS_ACCESS_VIOLATION, "for the status block");
    ok_status(NtRemoveIoCompletion(Port, &Packet.KeyContext, &Packet.ApcContext,
                                   &Packet.IoStatusBlock, (PLARGE_INTEGER)1),
              STATUS_ACCESS_VIOLATION, "for the timeout");
    ok_status(Remove(&Packet, 0), STATUS_TIMEOUT, "there is nothing");
    ok_status(
        NtQueryIoCompletion(Port, IoCompletionBasicInformation, &Count, sizeof(Count), &Length),
        STATUS_SUCCESS, "query");
    ok(Count == 0 && Length == 4, "it says so");
    ok_status(NtQueryIoCompletion(Port, IoCompletionBasicInformation, &Count, 8, NULL),
              STATUS_INFO_LENGTH_MISMATCH, "a wrong length");
    ok_status(NtQueryIoCompletion(Port, (IO_COMPLETION_INFORMATION_CLASS)1, &Count, 4, NULL),
              STATUS_INVALID_INFO_CLASS, "a wrong class");
    ok_status(NtSetIoCompletion(NtCurrentProcess(), NULL, NULL, 0, 0), STATUS_OBJECT_TYPE_MISMATCH,
              "a process is no port");
    NtClose(Port);
    ok_status(Remove(&Packet, 0), STATUS_INVALID_HANDLE, "a closed port");
}

static void TestPosting(void)
{
    FILE_IO_COMPLETION_INFORMATION Packets[8];
    LARGE_INTEGER Zero = {0};
    ULONG Removed = 9;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    ok_status(WaitFor(Port, 0), STATUS_TIMEOUT, "an empty port is not signalled");
    ok_status(NtSetIoCompletion(Port, (PVOID)1, (PVOID)2, STATUS_DEVICE_BUSY, 3), STATUS_SUCCESS,
              "post a packet");
    ok_status(WaitFor(Port, 0), STATUS_SUCCESS, "then it is");
    ok(Depth() == 1, "it counts one");
    ok(IsPacket(1, 2, STATUS_DEVICE_BUSY, 3), "it comes as it was posted");
    for (ULONG i = 0; i < 6; i++)
        Post(i * 10);
    ok(Depth() == 6, "six packets");
    ok(IsPacket(0, 1, 0, 2) && IsPacket(10, 11, 0, 12), "first in, first out");
    ok_status(NtRemoveIoCompletionEx(Port, Packets, 0, &Removed, &Zero, FALSE),
              STATUS_INVALID_PARAMETER, "remove none");
    ok_status(NtRemoveIoCompletionEx(Port, Packets, 3, (PULONG)8, &Zero, FALSE),
              STATUS_ACCESS_VIOLATION, "a bad address for the number");
    ok_status(NtRemoveIoCompletionEx(Port, (PVOID)8, 3, &Removed, &Zero, FALSE),
              STATUS_ACCESS_VIOLATION, "a bad address for the packets");
    ok_status(NtRemoveIoCompletionEx(Port, Packets, 3, &Removed, &Zero, FALSE), STATUS_SUCCESS,
              "remove three");
    ok(Removed == 3 && Packets[0].KeyContext == (PVOID)20 && Packets[2].KeyContext == (PVOID)40 &&
           Packets[2].IoStatusBlock.Information == 42,
       "the next three");
    ok_status(NtRemoveIoCompletionEx(Port, Packets, 8, &Removed, NULL, FALSE), STATUS_SUCCESS,
              "remove up to eight");
    ok(Removed == 1 && Packets[0].KeyContext == (PVOID)50, "the last one");
    ok_status(NtRemoveIoCompletionEx(Port, Packets, 8, &Removed, &Zero, FALSE), STATUS_TIMEOUT,
              "there are no more");
    ok(Removed == 1, "the number is 1 then, as in Windows");
    for (ULONG i = 0; i < 200; i++)
        Post(i);
    NtClose(Port); /* with packets in it */
}

static NTSTATUS NTAPI RemoveOne(PVOID Argument)
{
    FILE_IO_COMPLETION_INFORMATION Packet;
    NTSTATUS Status = NtRemoveIoCompletion(Port, &Packet.KeyContext, &Packet.ApcContext,
                                           &Packet.IoStatusBlock, NULL);

    return Status == STATUS_SUCCESS ? (NTSTATUS)(ULONG_PTR)Packet.KeyContext : Status;
}

static void TestWaiters(void)
{
    HANDLE Threads[6], First, Second;
    ULONG Sum = 0;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 8);
    First = StartThread(RemoveOne, NULL);
    Sleep(20);
    Second = StartThread(RemoveOne, NULL);
    Sleep(20);
    Post(1);
    ok_status(EndOfThread(Second), 1, "the last one that waits is served first");
    Post(2);
    ok_status(EndOfThread(First), 2, "then the others");
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(RemoveOne, NULL);
    Sleep(30);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Post(1u << i);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Sum += (ULONG)EndOfThread(Threads[i]);
    ok(Sum == 0x3f, "six threads get six packets");
    First = StartThread(RemoveOne, NULL);
    Sleep(20);
    NtTerminateThread(First, 5);
    ok_status(EndOfThread(First), 5, "a thread is ended while it waits");
    Post(7);
    ok(IsPacket(7, 8, 0, 9), "it takes nothing with it");
    First = StartThread(RemoveOne, NULL);
    Sleep(20);
    NtClose(Port);
    ok_status(EndOfThread(First), STATUS_ABANDONED_WAIT_0, "who waits is told that the port goes");
}

static volatile LONG Working, Most;
static HANDLE Pause;

/* Takes packets until one with key 99; works on each without waiting, or with. */
static NTSTATUS NTAPI Work(PVOID Argument)
{
    FILE_IO_COMPLETION_INFORMATION Packet;

    while (Remove(&Packet, 5000) == STATUS_SUCCESS && Packet.KeyContext != (PVOID)99) {
        LONG Now = __atomic_add_fetch(&Working, 1, __ATOMIC_SEQ_CST);

        if (Now > Most)
            Most = Now;
        if (Packet.KeyContext == (PVOID)1)
            WaitFor(Pause, 2000);
        else
            for (ULONG i = 0; i < 200; i++)
                NtYieldExecution();
        __atomic_sub_fetch(&Working, 1, __ATOMIC_SEQ_CST);
    }
    return STATUS_SUCCESS;
}

static void WorkOn(ULONG_PTR Key)
{
    HANDLE Threads[4];

    Working = Most = 0;
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(Work, NULL);
    Sleep(30);
    for (ULONG i = 0; i < 4; i++)
        Post(Key);
    Sleep(60);
    NtSetEvent(Pause, NULL);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Post(99);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        EndOfThread(Threads[i]);
}

static void TestConcurrency(void)
{
    NtCreateEvent(&Pause, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 1);
    WorkOn(0);
    ok(Most == 1, "of four threads one works at a time");
    NtResetEvent(Pause, NULL);
    WorkOn(1);
    ok(Most == 4, "but one that waits lets another work");
    ok(Depth() == 0, "and all packets are taken");
    NtClose(Port);
    NtClose(Pause);
}

static void TestReserve(void)
{
    HANDLE Reserve;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    ok_status(NtAllocateReserveObject(&Reserve, NULL, (MEMORY_RESERVE_TYPE)2),
              STATUS_INVALID_PARAMETER, "a reserve for nothing");
    ok_status(NtAllocateReserveObject((PHANDLE)8, NULL, MemoryReserveIoCompletion),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtAllocateReserveObject(&Reserve, NULL, MemoryReserveIoCompletion), STATUS_SUCCESS,
              "a reserve for a packet");
    ok_status(NtSetIoCompletionEx(Port, NULL, NULL, NULL, 0, 0), STATUS_INVALID_HANDLE,
              "posting needs one");
    ok_status(NtSetIoCompletionEx(Port, Reserve, (PVOID)1, (PVOID)2, 3, 4), STATUS_SUCCESS,
              "post with it");
    ok_status(NtSetIoCompletionEx(Port, Reserve, (PVOID)1, (PVOID)2, 3, 4),
              STATUS_INVALID_PARAMETER_2, "not twice");
    ok(IsPacket(1, 2, 3, 4), "it comes");
    ok_status(NtSetIoCompletionEx(Port, Reserve, (PVOID)5, (PVOID)6, 7, 8), STATUS_SUCCESS,
              "then it can be used again");
    NtClose(Reserve);
    ok(IsPacket(5, 6, 7, 8), "the packet outlives the handle");
    NtClose(Port);
}

/* The second packet has no place to go to: the third must stay where it is. */
static void TestBadBuffer(void)
{
    PVOID Base = NULL;
    SIZE_T Size = 2 * PAGE_SIZE, Part = PAGE_SIZE;
    PFILE_IO_COMPLETION_INFORMATION Last;
    ULONG Removed;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size, MEM_RESERVE, PAGE_READWRITE);
    NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Part, MEM_COMMIT, PAGE_READWRITE);
    Last = (PFILE_IO_COMPLETION_INFORMATION)((PCHAR)Base + PAGE_SIZE) - 1;
    Post(1);
    Post(2);
    Post(3);
    ok_status(NtRemoveIoCompletionEx(Port, Last, 3, &Removed, NULL, FALSE), STATUS_ACCESS_VIOLATION,
              "room for one packet of three");
    ok(Depth() == 1, "no packet is taken that could not have been returned");
    ok(IsPacket(3, 4, STATUS_SUCCESS, 5), "it comes to who asks next");
    Size = 0;
    NtFreeVirtualMemory(NtCurrentProcess(), &Base, &Size, MEM_RELEASE);
    NtClose(Port);
}

static NTSTATUS Open(PCWSTR Path, ULONG Options, PHANDLE File)
{
    IO_STATUS_BLOCK Iosb;

    return NtOpenFile(File, FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE, Named(Path, 0), &Iosb,
                      FILE_SHARE_READ | FILE_SHARE_WRITE, Options);
}

static NTSTATUS SetFile(HANDLE File, FILE_INFORMATION_CLASS Class, PVOID Information, ULONG Length)
{
    IO_STATUS_BLOCK Iosb;

    return NtSetInformationFile(File, &Iosb, Information, Length, Class);
}

static void TestAssociation(void)
{
    FILE_COMPLETION_INFORMATION Completion = {.Key = (PVOID)0x77};
    HANDLE File, Synchronous;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    Open(u"\\Device\\Null", 0, &File);
    Open(u"\\Device\\Null", FILE_SYNCHRONOUS_IO_NONALERT, &Synchronous);
    ok_status(SetFile(File, FileCompletionInformation, &Completion, sizeof(Completion)),
              STATUS_INVALID_HANDLE, "no port");
    Completion.Port = File;
    ok_status(SetFile(File, FileCompletionInformation, &Completion, sizeof(Completion)),
              STATUS_OBJECT_TYPE_MISMATCH, "a file is no port");
    Completion.Port = Port;
    ok_status(SetFile(File, FileCompletionInformation, &Completion, 4), STATUS_INFO_LENGTH_MISMATCH,
              "a short structure");
    ok_status(SetFile(Synchronous, FileCompletionInformation, &Completion, sizeof(Completion)),
              STATUS_INVALID_PARAMETER, "a synchronous file has no port");
    ok_status(SetFile(File, FileCompletionInformation, &Completion, sizeof(Completion)),
              STATUS_SUCCESS, "an asynchronous file gets one");
    ok_status(SetFile(File, FileCompletionInformation, &Completion, sizeof(Completion)),
              STATUS_INVALID_PARAMETER, "for good");
    ok_status(SetFile(File, FileReplaceCompletionInformation, &Completion, sizeof(Completion)),
              STATUS_SUCCESS, "unless it is replaced");
    Completion.Port = NULL;
    ok_status(SetFile(File, FileReplaceCompletionInformation, &Completion, sizeof(Completion)),
              STATUS_SUCCESS, "or taken away");
    NtClose(Synchronous);
    NtClose(File);
    NtClose(Port);
}

static void TestReports(void)
{
    FILE_COMPLETION_INFORMATION Completion = {.Key = (PVOID)0x77};
    IO_STATUS_BLOCK Iosb;
    LARGE_INTEGER Offset = {0};
    UCHAR Buffer[8] = {0};
    HANDLE File;
    ULONG Flags;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    Open(u"\\Device\\Null", 0, &File);
    NtWriteFile(File, NULL, NULL, (PVOID)0x88, &Iosb, Buffer, 5, &Offset, NULL);
    Completion.Port = Port;
    SetFile(File, FileCompletionInformation, &Completion, sizeof(Completion));
    ok(Depth() == 0, "what was done before is not reported");
    ok_status(NtWriteFile(File, NULL, NULL, (PVOID)0x88, &Iosb, Buffer, 5, &Offset, NULL),
              STATUS_SUCCESS, "a write that is done at once");
    ok(IsPacket(0x77, 0x88, STATUS_SUCCESS, 5), "is reported");
    ok_status(NtWriteFile(File, NULL, NULL, NULL, &Iosb, Buffer, 5, &Offset, NULL), STATUS_SUCCESS,
              "a write without a context");
    ok(Depth() == 0, "is not");
    ok_status(NtReadFile(File, NULL, NULL, (PVOID)0x99, &Iosb, Buffer, 5, &Offset, NULL),
              STATUS_END_OF_FILE, "a read that fails at once");
    ok(Depth() == 0, "is not either");
    ok_status(NtWriteFile(File, NULL, (PIO_APC_ROUTINE)Buffer, (PVOID)0x88, &Iosb, Buffer, 5,
                          &Offset, NULL),
              STATUS_INVALID_PARAMETER, "a port and an APC");
    Flags = 8;
    ok_status(SetFile(File, FileIoCompletionNotificationInformation, &Flags, sizeof(Flags)),
              STATUS_INVALID_PARAMETER, "flags that do not exist");
    Flags = FILE_SKIP_COMPLETION_PORT_ON_SUCCESS;
    ok_status(SetFile(File, FileIoCompletionNotificationInformation, &Flags, sizeof(Flags)),
              STATUS_SUCCESS, "successes at once are not to be reported");
    Flags = FILE_SKIP_SET_EVENT_ON_HANDLE;
    SetFile(File, FileIoCompletionNotificationInformation, &Flags, sizeof(Flags));
    NtQueryInformationFile(File, &Iosb, &Flags, sizeof(Flags),
                           FileIoCompletionNotificationInformation);
    ok(Flags == (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE),
       "flags add up");
    NtWriteFile(File, NULL, NULL, (PVOID)0x88, &Iosb, Buffer, 5, &Offset, NULL);
    ok(Depth() == 0, "none is");
    ok_status(WaitFor(File, 0), STATUS_TIMEOUT, "and the file is not signalled");
    NtClose(File);
    NtClose(Port);
}

static volatile ULONG Finished;
static PVOID volatile FinishedContext;
static IO_STATUS_BLOCK *volatile FinishedBlock;

static void NTAPI NoteFinished(PVOID Context, PIO_STATUS_BLOCK Block, ULONG Reserved)
{
    Finished += Reserved ? 100 : 1;
    FinishedContext = Context;
    FinishedBlock = Block;
}

static NTSTATUS WriteWithRoutine(HANDLE File, PIO_STATUS_BLOCK Iosb, ULONG_PTR Context)
{
    LARGE_INTEGER Offset = {0};
    UCHAR Buffer[8] = {0};

    return NtWriteFile(File, NULL, NoteFinished, (PVOID)Context, Iosb, Buffer, 5, &Offset, NULL);
}

static void TestRoutine(ULONG Options, const char *What)
{
    LARGE_INTEGER Offset = {0};
    IO_STATUS_BLOCK Iosb;
    UCHAR Buffer[8];
    HANDLE File = NULL;

    ok_status(Open(u"\\Device\\Null", Options, &File), STATUS_SUCCESS, What);
    Finished = 0;
    ok_status(WriteWithRoutine(File, &Iosb, 0x55), STATUS_SUCCESS, "a write with a routine");
    ok(Finished == 0, "which waits for an alertable wait");
    NtTestAlert();
    ok(Finished == 1, "it runs once");
    ok(FinishedContext == (PVOID)0x55 && FinishedBlock == &Iosb, "with context and status block");
    ok(Iosb.Status == STATUS_SUCCESS && Iosb.Information == 5, "which is filled");
    ok_status(NtReadFile(File, NULL, NoteFinished, NULL, &Iosb, Buffer, 5, &Offset, NULL),
              STATUS_END_OF_FILE, "one that fails at once");
    NtTestAlert();
    ok(Finished == 1, "runs nothing");
    NtClose(File);
}

/* Of a file in the boot archive, which no driver serves. */
static void TestRoutineOfFile(void)
{
    LARGE_INTEGER Offset = {0};
    IO_STATUS_BLOCK Iosb;
    UCHAR Buffer[2] = {0};
    HANDLE File = NULL;

    NtOpenFile(&File, FILE_READ_DATA, Named(u"\\SystemRoot\\ntdll.dll", OBJ_CASE_INSENSITIVE),
               &Iosb, FILE_SHARE_READ, 0);
    Finished = 0;
    ok_status(NtReadFile(File, NULL, NoteFinished, (PVOID)0x56, &Iosb, Buffer, 2, &Offset, NULL),
              STATUS_SUCCESS, "a file is read with a routine");
    NtTestAlert();
    ok(Finished == 1 && FinishedContext == (PVOID)0x56 && Iosb.Information == 2, "it runs");
    NtClose(File);
}

static void TestPendingRoutine(void)
{
    KEYBOARD_INPUT_DATA Input;
    IO_STATUS_BLOCK Iosb, Cancel;
    LARGE_INTEGER Offset = {0}, Long = {.QuadPart = MILLISECONDS(5000)};
    HANDLE File;

    if (!ok(NT_SUCCESS(NtOpenFile(&File, FILE_READ_DATA,
                                  Named(u"\\Device\\KeyboardClass0", OBJ_CASE_INSENSITIVE), &Iosb,
                                  FILE_SHARE_READ, 0)),
            "open the keyboard"))
        return;
    Finished = 0;
    ok_status(NtReadFile(File, NULL, NoteFinished, (PVOID)0x66, &Iosb, &Input, sizeof(Input),
                         &Offset, NULL),
              STATUS_PENDING, "a read that is pending");
    NtTestAlert();
    ok(Finished == 0, "runs nothing yet");
    NtCancelIoFile(File, &Cancel);
    ok_status(NtDelayExecution(TRUE, &Long), STATUS_USER_APC, "its end ends an alertable wait");
    ok(Finished == 1 && FinishedContext == (PVOID)0x66, "and runs the routine");
    ok_status(Iosb.Status, STATUS_CANCELLED, "it was cancelled");
    NtClose(File);
}

/* A permanent port outlives its handles. */
static void TestPermanent(void)
{
    HANDLE Second = NULL;

    ok_status(NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS | DELETE,
                                   Named(u"\\BaseNamedObjects\\umtests port", OBJ_PERMANENT), 0),
              STATUS_SUCCESS, "a permanent port");
    NtSetIoCompletion(Port, (PVOID)1, (PVOID)2, STATUS_SUCCESS, 3);
    NtClose(Port);
    ok_status(NtOpenIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS | DELETE,
                                 Named(u"\\BaseNamedObjects\\umtests port", 0)),
              STATUS_SUCCESS, "is there when its handle is gone");
    ok(IsPacket(1, 2, STATUS_SUCCESS, 3), "with its packets");
    ok_status(NtSetIoCompletion(Port, (PVOID)4, NULL, STATUS_SUCCESS, 0), STATUS_SUCCESS,
              "and takes others");
    ok_status(NtMakeTemporaryObject(Port), STATUS_SUCCESS, "no longer permanent");
    NtClose(Port);
    ok_status(NtOpenIoCompletion(&Second, IO_COMPLETION_ALL_ACCESS,
                                 Named(u"\\BaseNamedObjects\\umtests port", 0)),
              STATUS_OBJECT_NAME_NOT_FOUND, "it goes with its handle");
}

static volatile BOOLEAN Closing;

static NTSTATUS NTAPI ClosePort(PVOID Handle)
{
    Closing = TRUE;
    return NtClose(Handle);
}

/* Closing frees what lies there, which takes long; nobody opens the port meanwhile. */
static void TestOpenWhileClosing(void)
{
    HANDLE Thread, Second = NULL;
    NTSTATUS Status;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS,
                         Named(u"\\BaseNamedObjects\\umtests port", 0), 0);
    for (ULONG i = 0; i < 20000; i++)
        Post(i);
    Closing = FALSE;
    Thread = StartThread(ClosePort, Port);
    while (!Closing)
        ;
    Status = NtOpenIoCompletion(&Second, IO_COMPLETION_ALL_ACCESS,
                                Named(u"\\BaseNamedObjects\\umtests port", 0));
    if (NT_SUCCESS(Status)) { /* before it was closed: then it is whole */
        Port = Second;
        ok(Depth() == 20000, "the port is open, with all that lies there");
        NtClose(Port);
    } else {
        ok_status(Status, STATUS_OBJECT_NAME_NOT_FOUND, "a port that is being closed has no name");
    }
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "it is closed");
}

static volatile ULONG Watchers;

static NTSTATUS NTAPI WatchPort(PVOID Handle)
{
    __atomic_add_fetch(&Watchers, 1, __ATOMIC_SEQ_CST);
    return NtWaitForSingleObject(Handle, FALSE, NULL);
}

/* More wait for the port itself than are released at once. */
static void TestWatchers(void)
{
    HANDLE Threads[40];
    BOOLEAN Right = TRUE;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    Watchers = 0;
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Threads[i] = StartThread(WatchPort, Port);
    while (Watchers < ARRAYSIZE(Threads))
        Sleep(1);
    Sleep(20);
    NtSetIoCompletion(Port, (PVOID)1, NULL, STATUS_SUCCESS, 0);
    for (ULONG i = 0; i < ARRAYSIZE(Threads); i++)
        Right &= EndOfThread(Threads[i]) == STATUS_SUCCESS;
    ok(Right, "a packet releases all that wait for the port");
    NtClose(Port);
}

/* A keyboard's read is pending until it is cancelled. */
static void TestPending(void)
{
    FILE_COMPLETION_INFORMATION Completion = {.Key = (PVOID)0x11};
    KEYBOARD_INPUT_DATA Input;
    IO_STATUS_BLOCK Iosb, Cancel;
    LARGE_INTEGER Offset = {0};
    HANDLE File;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    if (!ok(NT_SUCCESS(NtOpenFile(&File, FILE_READ_DATA,
                                  Named(u"\\Device\\KeyboardClass0", OBJ_CASE_INSENSITIVE), &Iosb,
                                  FILE_SHARE_READ, 0)),
            "open the keyboard")) {
        NtClose(Port);
        return;
    }
    ok_status(
        NtReadFile(File, NULL, NULL, (PVOID)0x22, &Iosb, &Input, sizeof(Input), &Offset, NULL),
        STATUS_PENDING, "a read that is pending");
    Completion.Port = Port;
    ok_status(SetFile(File, FileCompletionInformation, &Completion, sizeof(Completion)),
              STATUS_SUCCESS, "the port comes later");
    NtCancelIoFile(File, &Cancel);
    ok(IsPacket(0x11, 0x22, STATUS_CANCELLED, 0), "its end is reported, though it is an error");
    NtClose(File);
    NtClose(Port);
}

static void TestArchive(void)
{
    FILE_COMPLETION_INFORMATION Completion = {.Key = (PVOID)0x33};
    IO_STATUS_BLOCK Iosb;
    LARGE_INTEGER Offset = {0};
    UCHAR Buffer[16];
    HANDLE File;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    NtOpenFile(&File, FILE_READ_DATA, Named(u"\\SystemRoot\\ntdll.dll", OBJ_CASE_INSENSITIVE),
               &Iosb, FILE_SHARE_READ, 0);
    Completion.Port = Port;
    SetFile(File, FileCompletionInformation, &Completion, sizeof(Completion));
    ok_status(
        NtReadFile(File, NULL, NULL, (PVOID)0x44, &Iosb, Buffer, sizeof(Buffer), &Offset, NULL),
        STATUS_SUCCESS, "a read from the boot archive");
    ok(IsPacket(0x33, 0x44, STATUS_SUCCESS, sizeof(Buffer)), "is reported");
    NtClose(Port);
    ok_status(
        NtReadFile(File, NULL, NULL, (PVOID)0x44, &Iosb, Buffer, sizeof(Buffer), &Offset, NULL),
        STATUS_SUCCESS, "nobody need take the report");
    NtClose(File);
}

static void TestWaitPackets(void)
{
    HANDLE Packet, Event, Mutant, Thread;
    BOOLEAN Signaled = 9;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtCreateMutant(&Mutant, MUTANT_ALL_ACCESS, NULL, FALSE);
    ok_status(NtCreateWaitCompletionPacket((PHANDLE)8, WAIT_COMPLETION_PACKET_ALL_ACCESS, NULL),
              STATUS_ACCESS_VIOLATION, "a bad address for the handle");
    ok_status(NtCreateWaitCompletionPacket(&Packet, WAIT_COMPLETION_PACKET_ALL_ACCESS, NULL),
              STATUS_SUCCESS, "a wait packet");
    ok_status(NtCancelWaitCompletionPacket(Packet, TRUE), STATUS_CANCELLED, "it is idle");
    ok_status(NtAssociateWaitCompletionPacket(Packet, Port, Mutant, NULL, NULL, 0, 0, NULL),
              STATUS_INVALID_PARAMETER_3, "not for a mutant");
    ok_status(NtAssociateWaitCompletionPacket(Packet, Port, Port, NULL, NULL, 0, 0, NULL),
              STATUS_INVALID_PARAMETER_3, "not for a port");
    ok_status(NtAssociateWaitCompletionPacket(Packet, Event, Event, NULL, NULL, 0, 0, NULL),
              STATUS_OBJECT_TYPE_MISMATCH, "an event is no port");
    ok_status(
        NtAssociateWaitCompletionPacket(Packet, Port, Event, (PVOID)1, (PVOID)2, 3, 4, &Signaled),
        STATUS_SUCCESS, "for an event");
    ok(Signaled == FALSE && Depth() == 0, "it waits");
    ok_status(NtAssociateWaitCompletionPacket(Packet, Port, Event, NULL, NULL, 0, 0, NULL),
              STATUS_INVALID_PARAMETER_1, "it is in use");
    NtSetEvent(Event, NULL);
    ok_status(WaitFor(Event, 0), STATUS_TIMEOUT, "the signal is taken");
    ok_status(NtCancelWaitCompletionPacket(Packet, FALSE), STATUS_PENDING, "it has been posted");
    ok(IsPacket(1, 2, 3, 4), "it comes");
    NtSetEvent(Event, NULL);
    NtAssociateWaitCompletionPacket(Packet, Port, Event, (PVOID)5, (PVOID)6, 7, 8, &Signaled);
    ok(Signaled == TRUE && Depth() == 1, "an event that is signalled already");
    ok_status(NtCancelWaitCompletionPacket(Packet, TRUE), STATUS_SUCCESS, "cancel it in the port");
    ok(Depth() == 0, "it has gone from there");
    NtAssociateWaitCompletionPacket(Packet, Port, Event, NULL, NULL, 0, 0, NULL);
    ok_status(NtCancelWaitCompletionPacket(Packet, FALSE), STATUS_SUCCESS, "cancel a wait");
    NtSetEvent(Event, NULL);
    ok_status(WaitFor(Event, 0), STATUS_SUCCESS, "it takes no signal");
    Thread = StartThread(RemoveOne, NULL);
    Sleep(20);
    NtAssociateWaitCompletionPacket(Packet, Port, Event, (PVOID)9, NULL, 0, 0, NULL);
    NtSetEvent(Event, NULL);
    ok_status(EndOfThread(Thread), 9, "a thread that waits gets it");
    NtAssociateWaitCompletionPacket(Packet, Port, Event, NULL, NULL, 0, 0, NULL);
    NtClose(Packet); /* while it waits */
    NtSetEvent(Event, NULL);
    ok_status(WaitFor(Event, 0), STATUS_SUCCESS, "a closed packet waits no more");
    NtCreateWaitCompletionPacket(&Packet, WAIT_COMPLETION_PACKET_ALL_ACCESS, NULL);
    NtSetEvent(Event, NULL);
    NtAssociateWaitCompletionPacket(Packet, Port, Event, NULL, NULL, 0, 0, NULL);
    NtClose(Packet); /* while it lies in the port */
    ok(Depth() == 0, "nor does it lie in the port");
    NtClose(Mutant);
    NtClose(Event);
    NtClose(Port);
}

/* More packets wait for one event than are released at once; the signal is taken back. */
static void TestManyWaits(void)
{
    enum { PACKETS = 2000 };
    static HANDLE Packets[PACKETS];
    HANDLE Event;
    ULONG Came = 0;

    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    for (ULONG i = 0; i < PACKETS; i++) {
        NtCreateWaitCompletionPacket(&Packets[i], WAIT_COMPLETION_PACKET_ALL_ACCESS, NULL);
        NtAssociateWaitCompletionPacket(Packets[i], Port, Event, (PVOID)1, NULL, 0, 0, NULL);
    }
    NtPulseEvent(Event, NULL);
    while (Came < PACKETS && IsPacket(1, 0, 0, 0))
        Came++;
    ok(Came == PACKETS, "two thousand waits end with one pulse");
    for (ULONG i = 0; i < PACKETS; i++)
        NtAssociateWaitCompletionPacket(Packets[i], Port, Event, (PVOID)1, NULL, 0, 0, NULL);
    NtSetEvent(Event, NULL);
    for (ULONG i = 0; i < PACKETS; i++)
        NtClose(Packets[i]); /* some wait, some are deferred, some lie in the port */
    ok_status(WaitFor(Port, 30), STATUS_TIMEOUT, "closing takes them all back");
    NtClose(Event);
    NtClose(Port);
}

void TestCompletion(void)
{
    TestManyWaits();
    TestArguments();
    TestPosting();
    TestWaiters();
    TestConcurrency();
    TestReserve();
    TestBadBuffer();
    TestAssociation();
    TestReports();
    TestRoutine(0, "an asynchronous file");
    TestRoutine(FILE_SYNCHRONOUS_IO_NONALERT, "a synchronous file");
    TestRoutineOfFile();
    TestPendingRoutine();
    TestPermanent();
    TestOpenWhileClosing();
    TestWatchers();
    TestPending();
    TestArchive();
    TestWaitPackets();
}
