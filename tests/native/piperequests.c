/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests to pipes that are asynchronous, and their ends: events, routines, ports, cancelling. */
#include "pipes.h"

static HANDLE Server, Client, Event;
static volatile ULONG Finished;

static void NTAPI NoteFinished(PVOID Context, PIO_STATUS_BLOCK Block, ULONG Reserved)
{
    Finished += Context == (PVOID)0x55 && !Reserved ? 1 : 100;
}

static BOOLEAN IsSignaled(HANDLE Handle)
{
    return WaitFor(Handle, 0) == STATUS_SUCCESS;
}

/* The end of a request is told by a thread of the system: the status block, then the event or the
 * file, then the routine. */
static BOOLEAN Comes(HANDLE Handle)
{
    return WaitFor(Handle, 10000) == STATUS_SUCCESS;
}

static BOOLEAN RoutineComes(void)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(10000)};

    return NtDelayExecution(TRUE, &Limit) == STATUS_USER_APC;
}

static NTSTATUS BeginRead(HANDLE Pipe, HANDLE WithEvent, PIO_APC_ROUTINE Routine,
                          PIO_STATUS_BLOCK Block, PVOID Buffer, ULONG Length)
{
    memset(Block, 0x55, sizeof(*Block));
    return NtReadFile(Pipe, WithEvent, Routine, Routine ? (PVOID)0x55 : NULL, Block, Buffer, Length,
                      NULL, NULL);
}

static void TestPipeEvents(void)
{
    IO_STATUS_BLOCK Block;
    char Buffer[8];

    MakePair(&AsyncBytePipe, &Server, &Client);
    ok(IsSignaled(Server) && IsSignaled(Client), "new ends are signalled");
    NtSetEvent(Event, NULL);
    ok_status(BeginRead(Server, Event, NoteFinished, &Block, Buffer, 4), STATUS_PENDING,
              "a read is pending");
    ok(!IsSignaled(Event) && !IsSignaled(Server), "event and file are reset");
    ok_status(Block.Status, UNTOUCHED, "nothing is told yet");
    ok_status(Put(Client, "ab", 2), STATUS_SUCCESS, "a part of what it asks for");
    ok(Comes(Event), "is enough");
    ok(Block.Status == STATUS_SUCCESS && Block.Information == 2 && !memcmp(Buffer, "ab", 2),
       "with what came");
    ok(Finished == 0, "its routine waits");
    ok(RoutineComes() && Finished == 1, "for an alertable wait");
    ok(!IsSignaled(Server), "the event alone was signalled");
    ok_status(BeginRead(Server, NULL, NULL, &Block, Buffer, 4), STATUS_PENDING, "without an event");
    Put(Client, "c", 1);
    ok(Comes(Server) && Block.Information == 1, "the file is signalled");
    Put(Client, "d", 1);
    ok_status(BeginRead(Server, Event, NoteFinished, &Block, Buffer, 4), STATUS_SUCCESS,
              "a read that is over at once");
    ok(IsSignaled(Event) && Block.Information == 1, "signals its event");
    NtTestAlert();
    ok(Finished == 2, "and runs its routine");
    ClosePair(Server, Client);
    MakePair(&AsyncBytePipe, &Server, &Client);
    BeginRead(Server, Event, NULL, &Block, Buffer, 4);
    NtClose(Client);
    ok(Comes(Event) && Block.Status == STATUS_PIPE_BROKEN && Block.Information == 0,
       "a pipe that breaks ends it");
    ok_status(BeginRead(Server, Event, NoteFinished, &Block, Buffer, 4), STATUS_PIPE_BROKEN,
              "another is refused at once");
    ok(!IsSignaled(Event) && Block.Status == UNTOUCHED, "and told nowhere else");
    NtTestAlert();
    ok(Finished == 2, "its routine does not run");
    NtClose(Server);
    Finished = 0;
}

static void TestListening(void)
{
    IO_STATUS_BLOCK Block = {.Status = UNTOUCHED};

    MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &AsyncBytePipe, &Server);
    ok_status(NtFsControlFile(Server, Event, NoteFinished, (PVOID)0x55, &Block, FSCTL_PIPE_LISTEN,
                              NULL, 0, NULL, 0),
              STATUS_PENDING, "listen");
    OpenClient(PIPE_NAME, READ_WRITE, 0, &Client);
    ok(Comes(Event) && Block.Status == STATUS_SUCCESS, "a client comes");
    ok(RoutineComes() && Finished == 1, "and the routine runs");
    Finished = 0;
    ok_status(
        NtFsControlFile(Server, Event, NULL, NULL, &Block, FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0),
        STATUS_PIPE_CONNECTED, "it is connected");
    ClosePair(Server, Client);
}

/* Several at once are served in their order. */
static void TestOrder(void)
{
    IO_STATUS_BLOCK Blocks[8];
    char Buffers[8][4];
    BOOLEAN Right = TRUE;

    MakePair(&AsyncMessagePipe, &Server, &Client);
    for (ULONG i = 0; i < 8; i++)
        Right &= BeginRead(Server, NULL, NULL, &Blocks[i], Buffers[i], 4) == STATUS_PENDING;
    ok(Right, "eight reads wait");
    for (char i = 0; i < 8; i++)
        Put(Client, &(char){'0' + i}, 1);
    for (ULONG i = 0; i < 8; i++)
        Right &= IsOver(&Blocks[i]) && Blocks[i].Status == STATUS_SUCCESS &&
                 Buffers[i][0] == (char)('0' + i);
    ok(Right, "eight messages end them in order");
    BeginRead(Server, NULL, NULL, &Blocks[0], Buffers[0], 2);
    BeginRead(Server, NULL, NULL, &Blocks[1], Buffers[1], 4);
    Put(Client, "abcd", 4);
    ok(IsOver(&Blocks[1]) && Blocks[0].Status == STATUS_BUFFER_OVERFLOW &&
           Blocks[0].Information == 2 && Blocks[1].Status == STATUS_SUCCESS &&
           Blocks[1].Information == 2,
       "a long message ends two");
    ClosePair(Server, Client);
}

static void TestPendingWrites(void)
{
    static UCHAR Large[256];
    IO_STATUS_BLOCK Blocks[3];
    char Buffer[512];

    MakePair(&AsyncMessagePipe, &Server, &Client);
    Put(Client, Large, 256);
    for (ULONG i = 0; i < 3; i++) {
        Blocks[i].Status = STATUS_PENDING;
        ok_status(NtWriteFile(Client, NULL, NULL, NULL, &Blocks[i], "xyz", 3, NULL, NULL),
                  STATUS_PENDING, "a write waits for room");
    }
    ok_status(NtCancelIoFileEx(Client, &Blocks[1], &Iosb), STATUS_SUCCESS, "cancel the second");
    ok(IsOver(&Blocks[1]) && Blocks[1].Status == STATUS_CANCELLED &&
           Blocks[0].Status == STATUS_PENDING,
       "it alone");
    Get(Server, Buffer, 512);
    ok(IsOver(&Blocks[2]) && Blocks[0].Status == STATUS_SUCCESS &&
           Blocks[2].Status == STATUS_SUCCESS,
       "room for the others");
    ok(Gives(Server, 64, STATUS_SUCCESS, "xyz") && Gives(Server, 64, STATUS_SUCCESS, "xyz"),
       "which are read");
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, Buffer, 64), STATUS_SUCCESS, "and");
    ok(((PFILE_PIPE_PEEK_BUFFER)Buffer)->ReadDataAvailable == 0, "the second is not there");
    ClosePair(Server, Client);
}

static void TestCancelling(void)
{
    IO_STATUS_BLOCK Blocks[2];
    char Buffer[8];

    MakePair(&AsyncBytePipe, &Server, &Client);
    BeginRead(Server, Event, NULL, &Blocks[0], Buffer, 4);
    BeginRead(Server, NULL, NULL, &Blocks[1], Buffer, 4);
    ok_status(NtCancelIoFileEx(Server, &Blocks[1], &Iosb), STATUS_SUCCESS, "cancel one of two");
    ok(IsOver(&Blocks[1]) && Blocks[1].Status == STATUS_CANCELLED && Blocks[0].Status == UNTOUCHED,
       "that one");
    ok_status(NtCancelIoFile(Server, &Iosb), STATUS_SUCCESS, "cancel all");
    ok(Comes(Event) && Blocks[0].Status == STATUS_CANCELLED && Blocks[0].Information == 0,
       "the other one");
    ok_status(NtCancelIoFileEx(Server, NULL, &Iosb), STATUS_NOT_FOUND, "nothing is left");
    ok_status(Put(Client, "ab", 2), STATUS_SUCCESS, "what is written now");
    ok(Gives(Server, 8, STATUS_SUCCESS, "ab"), "waits for the next");
    Disconnect(Server);
    Blocks[0].Status = STATUS_PENDING;
    NtFsControlFile(Server, NULL, NULL, NULL, &Blocks[0], FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0);
    ok_status(NtCancelIoFile(Server, &Iosb), STATUS_SUCCESS, "cancel listening");
    IsOver(&Blocks[0]);
    ok_status(Blocks[0].Status, STATUS_CANCELLED, "which ends");
    NtClose(Client);
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, 0, &Client), STATUS_SUCCESS, "the state stays");
    ClosePair(Server, Client);
}

static void TestCancellingThreads(void)
{
    PIPE_CALL Read = {0};
    IO_STATUS_BLOCK Block;

    MakePair(&BytePipe, &Server, &Client);
    BeginCall(&Read, Server, CALL_READ, 8);
    Read.Iosb.Status = UNTOUCHED;
    ok_status(NtCancelSynchronousIoFile(Read.Thread, &Block, &Iosb), STATUS_NOT_FOUND,
              "a thread does not wait for that");
    ok_status(NtCancelSynchronousIoFile(Read.Thread, &Read.Iosb, &Iosb), STATUS_SUCCESS,
              "but for this");
    ok_status(EndCall(&Read), STATUS_CANCELLED, "its read ends");
    ok_status(Read.Iosb.Status, UNTOUCHED, "and is told nowhere else");
    BeginCall(&Read, Server, CALL_READ, 8);
    NtTerminateThread(Read.Thread, 7);
    ok_status(EndCall(&Read), 7, "a thread that is ended while it reads");
    ok_status(Put(Client, "ab", 2), STATUS_SUCCESS, "reads nothing");
    ok(Gives(Server, 8, STATUS_SUCCESS, "ab"), "and leaves it");
    ClosePair(Server, Client);
}

/* What another thread cancels while this one's many requests on another file are being cancelled.
 */
typedef struct _CANCEL_MEANWHILE {
    HANDLE File;
    volatile IO_STATUS_BLOCK *Begun;
    NTSTATUS Status;
} CANCEL_MEANWHILE;

static NTSTATUS NTAPI CancelMeanwhile(PVOID Argument)
{
    CANCEL_MEANWHILE *This = Argument;
    IO_STATUS_BLOCK Block;

    while (This->Begun->Status == UNTOUCHED)
        ;
    return NtCancelIoFileEx(This->File, NULL, &Block);
}

static void TestCancellingTwice(void)
{
    enum { READS = 900 };
    static IO_STATUS_BLOCK Blocks[READS + 1];
    static char Buffer[4];
    PIPE_SHAPE Shape = AsyncBytePipe;
    HANDLE Other, Thread;
    CANCEL_MEANWHILE Meanwhile = {.Begun = &Blocks[1]};
    BOOLEAN Right = TRUE;

    MakePair(&Shape, &Server, &Client);
    MakeServer(PIPE_NAME, READ_WRITE, FILE_OPEN, &Shape, &Other);
    Blocks[0].Status = UNTOUCHED;
    NtFsControlFile(Other, NULL, NULL, NULL, &Blocks[0], FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0);
    for (ULONG i = 1; i <= READS; i++)
        Right &= BeginRead(Server, NULL, NULL, &Blocks[i], Buffer, 4) == STATUS_PENDING;
    ok(Right && Blocks[0].Status == UNTOUCHED, "many requests, and one on another file");
    Meanwhile.File = Other;
    Thread = StartThread(CancelMeanwhile, &Meanwhile);
    Sleep(1);
    ok_status(NtCancelIoFile(Server, &Iosb), STATUS_SUCCESS, "the many are cancelled");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "another thread finds the one meanwhile");
    for (ULONG i = 0; i <= READS; i++)
        Right &= IsOver(&Blocks[i]) && Blocks[i].Status == STATUS_CANCELLED;
    ok(Right, "all are cancelled");
    NtClose(Other);
    ClosePair(Server, Client);
}

static NTSTATUS NTAPI ReadAlertably(PVOID Pipe)
{
    IO_STATUS_BLOCK Block;
    char Buffer[8];

    return NtReadFile(Pipe, NULL, NULL, NULL, &Block, Buffer, 8, NULL, NULL);
}

static void NTAPI CountRoutine(PVOID First, PVOID Second, PVOID Third)
{
    Finished++;
}

static void TestAlerts(void)
{
    PIPE_SHAPE Shape = BytePipe;
    HANDLE Thread;

    Shape.Options = FILE_SYNCHRONOUS_IO_ALERT;
    MakePair(&Shape, &Server, &Client);
    Thread = StartThread(ReadAlertably, Server);
    ComesToWait(Thread);
    NtAlertThread(Thread);
    ok_status(EndOfThread(Thread), STATUS_CANCELLED, "an alert ends an alertable read");
    Thread = StartThread(ReadAlertably, Server);
    ComesToWait(Thread);
    NtQueueApcThread(Thread, CountRoutine, NULL, NULL, NULL);
    ok_status(EndOfThread(Thread), STATUS_CANCELLED, "so does a routine");
    ok(Finished == 1, "which runs");
    Finished = 0;
    Put(Client, "ab", 2);
    ok(Gives(Server, 8, STATUS_SUCCESS, "ab"), "the pipe is well");
    ClosePair(Server, Client);
}

static BOOLEAN IsPacket(HANDLE Port, PVOID Context, NTSTATUS Status, ULONG_PTR Information)
{
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(1000)};
    IO_STATUS_BLOCK Block;
    PVOID Key, Value;

    return NtRemoveIoCompletion(Port, &Key, &Value, &Block, &Limit) == STATUS_SUCCESS &&
           Key == (PVOID)0x77 && Value == Context && Block.Status == Status &&
           Block.Information == Information;
}

static void TestPorts(void)
{
    FILE_COMPLETION_INFORMATION Completion = {.Key = (PVOID)0x77};
    IO_STATUS_BLOCK Block;
    char Buffer[16];
    HANDLE Port;

    MakePair(&AsyncMessagePipe, &Server, &Client);
    NtCreateIoCompletion(&Port, IO_COMPLETION_ALL_ACCESS, NULL, 0);
    Completion.Port = Port;
    ok_status(NtSetInformationFile(Server, &Iosb, &Completion, sizeof(Completion),
                                   FileCompletionInformation),
              STATUS_SUCCESS, "a pipe with a port");
    ok_status(NtReadFile(Server, NULL, NULL, &Block, &Block, Buffer, 4, NULL, NULL), STATUS_PENDING,
              "a read");
    Put(Client, "ab", 2);
    ok(IsPacket(Port, &Block, STATUS_SUCCESS, 2), "is reported");
    ok_status(NtWriteFile(Server, NULL, NULL, &Block, &Block, "abc", 3, NULL, NULL), STATUS_SUCCESS,
              "a write");
    ok(IsPacket(Port, &Block, STATUS_SUCCESS, 3), "too");
    Put(Client, "abcdef", 6);
    ok_status(NtReadFile(Server, NULL, NULL, &Block, &Block, Buffer, 4, NULL, NULL),
              STATUS_BUFFER_OVERFLOW, "a warning");
    ok(IsPacket(Port, &Block, STATUS_BUFFER_OVERFLOW, 4), "as well");
    NtReadFile(Server, NULL, NULL, NULL, &Block, Buffer, 4, NULL, NULL);
    NtReadFile(Server, NULL, NULL, &Block, &Block, Buffer, 4, NULL, NULL);
    NtClose(Client);
    ok(IsPacket(Port, &Block, STATUS_PIPE_BROKEN, 0), "and the end");
    NtClose(Server);
    NtClose(Port);
}

/* A transceive that is pending, and its cancelling. */
static void TestAsyncTransceive(void)
{
    IO_STATUS_BLOCK Block = {.Status = STATUS_PENDING};
    char Buffer[8];

    MakePair(&AsyncMessagePipe, &Server, &Client);
    ok_status(NtFsControlFile(Client, Event, NULL, NULL, &Block, FSCTL_PIPE_TRANSCEIVE, "test", 4,
                              Buffer, 8),
              STATUS_PENDING, "a question");
    Put(Server, "ok", 2);
    ok(Comes(Event) && Block.Status == STATUS_SUCCESS && Block.Information == 2, "an answer");
    ok(Gives(Server, 8, STATUS_SUCCESS, "test"), "which needs no reading first");
    Block.Status = STATUS_PENDING;
    NtFsControlFile(Client, Event, NULL, NULL, &Block, FSCTL_PIPE_TRANSCEIVE, "test", 4, Buffer, 8);
    NtCancelIoFile(Client, &Iosb);
    IsOver(&Block);
    ok_status(Block.Status, STATUS_CANCELLED, "cancel a question");
    ok(Gives(Server, 8, STATUS_SUCCESS, "test"), "it has been asked");
    ClosePair(Server, Client);
}

/* More than a process may have on their way. */
static void TestTooMany(void)
{
    static IO_STATUS_BLOCK Block;
    static char Buffer[8];
    NTSTATUS Status = STATUS_PENDING;
    ULONG Count = 0;

    MakePair(&AsyncBytePipe, &Server, &Client);
    while (Status == STATUS_PENDING && Count < 5000) {
        Status = NtReadFile(Server, NULL, NULL, NULL, &Block, Buffer, 1, NULL, NULL);
        Count++;
    }
    ok_status(Status, STATUS_INSUFFICIENT_RESOURCES, "reads without end");
    ok(Count > 500, "many of them");
    Block.Status = STATUS_PENDING;
    NtClose(Client);
    IsOver(&Block);
    ok_status(Block.Status, STATUS_PIPE_BROKEN, "all end with the pipe");
    NtClose(Server);
    MakePair(&AsyncBytePipe, &Server, &Client);
    Put(Client, Buffer, 8);
    Count = 0;
    Status = STATUS_SUCCESS;
    while (NT_SUCCESS(Status) && Count < 5000) {
        Status = NtWriteFile(Client, NULL, NULL, NULL, &Block, Buffer, 8, NULL, NULL);
        Count++;
    }
    ok_status(Status, STATUS_INSUFFICIENT_RESOURCES, "writes without end");
    NtClose(Server);
    ok_status(Put(Client, "x", 1), STATUS_PIPE_CLOSING, "all end with the pipe");
    NtClose(Client);
}

void TestPipeRequests(void)
{
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    TestPipeEvents();
    TestListening();
    TestOrder();
    TestPendingWrites();
    TestCancelling();
    TestCancellingTwice();
    TestCancellingThreads();
    TestAlerts();
    TestPorts();
    TestAsyncTransceive();
    TestTooMany();
    NtClose(Event);
}
