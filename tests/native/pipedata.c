/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes through pipes: bytes and messages, quotas, peeking, transceiving, flushing. */
#include "pipes.h"

static HANDLE Server, Client;
static UCHAR Out[200000], In[200000]; /* more than is copied at once, and than quotas */

static void TestBytes(void)
{
    MakePair(&BytePipe, &Server, &Client);
    ok_status(Put(Client, "abc", 3), STATUS_SUCCESS, "write bytes");
    ok(Iosb.Information == 3, "all of them");
    Put(Client, "defgh", 5);
    ok(Gives(Server, 2, STATUS_SUCCESS, "ab"), "read two");
    ok(Gives(Server, 4, STATUS_SUCCESS, "cdef"), "four, over the boundary of writes");
    ok(Gives(Server, 100, STATUS_SUCCESS, "gh"), "what is left");
    ok_status(Put(Server, "back", 4), STATUS_SUCCESS, "the other way");
    ok(Gives(Client, 100, STATUS_SUCCESS, "back"), "too");
    Put(Client, "x", 1);
    ok(Gives(Server, 0, STATUS_SUCCESS, ""), "a read of nothing takes nothing");
    ok(Gives(Server, 1, STATUS_SUCCESS, "x"), "and leaves what is there");
    ok_status(Put(Client, NULL, 0), STATUS_SUCCESS, "an empty write");
    ok(Gives(Server, 10, STATUS_SUCCESS, ""), "wakes a reader with nothing");
    for (ULONG i = 0; i < 100; i++)
        Put(Client, "y", 1);
    ok(Get(Server, (char[256]){0}, 200) == STATUS_SUCCESS && Iosb.Information == 100,
       "a hundred writes are read at once");
    ClosePair(Server, Client);
}

static void TestMessages(void)
{
    MakePair(&MessagePipe, &Server, &Client);
    Put(Client, "first", 5);
    Put(Client, "", 0);
    Put(Client, "second", 6);
    ok(Gives(Server, 100, STATUS_SUCCESS, "first"), "a message");
    ok(Gives(Server, 100, STATUS_SUCCESS, ""), "an empty one");
    ok(Gives(Server, 3, STATUS_BUFFER_OVERFLOW, "sec"), "the beginning of one");
    ok(Gives(Server, 0, STATUS_BUFFER_OVERFLOW, ""), "nothing of one");
    ok(Gives(Server, 100, STATUS_SUCCESS, "ond"), "its rest");
    SetModes(Server, 0, 0);
    Put(Client, "one", 3);
    Put(Client, "two", 3);
    ok(Gives(Server, 4, STATUS_SUCCESS, "onet"), "messages read as bytes");
    SetModes(Server, 1, 0);
    ok(Gives(Server, 100, STATUS_SUCCESS, "wo"), "and the rest as a message");
    ClosePair(Server, Client);
}

/* The quota is of 256 bytes. */
static void TestQuota(void)
{
    static UCHAR Large[4096];
    FILE_PIPE_LOCAL_INFORMATION Local;
    PIPE_CALL Write = {0};

    MakePair(&BytePipe, &Server, &Client);
    ok_status(Put(Client, Large, 256), STATUS_SUCCESS, "as much as the quota allows");
    BeginCall(&Write, Client, CALL_WRITE, 10);
    ok(Waits(&Write), "more waits");
    QueryLocal(Client, &Local);
    ok(Local.WriteQuotaAvailable == 0, "no room is left");
    QueryLocal(Server, &Local);
    ok(Local.ReadDataAvailable == 266, "but it can be read");
    Get(Server, Large, 9);
    ok(Waits(&Write), "nine bytes are not enough");
    Get(Server, Large, 1);
    ok_status(EndCall(&Write), STATUS_SUCCESS, "ten are");
    ok(Write.Iosb.Information == 10, "all has been written");
    ok_status(Get(Server, Large, 4096), STATUS_SUCCESS, "the rest");
    ok(Iosb.Information == 256, "is there");
    BeginCall(&Write, Server, CALL_READ, 64);
    ok_status(Put(Client, Large, 64), STATUS_SUCCESS, "who waits gets it");
    ok_status(EndCall(&Write), STATUS_SUCCESS, "at once");
    ok(Write.Iosb.Information == 64, "all of it");
    ClosePair(Server, Client);
}

/* Without a quota each write waits for its reader. */
static void TestNoQuota(void)
{
    PIPE_SHAPE Shape = BytePipe;
    PIPE_CALL Write = {0}, Read = {0};

    Shape.Inbound = 0;
    MakePair(&Shape, &Server, &Client);
    BeginCall(&Write, Client, CALL_WRITE, 3);
    ok(Waits(&Write), "a write without a quota waits");
    Get(Server, Read.Buffer, 2);
    ok(Waits(&Write), "until all");
    Get(Server, Read.Buffer, 2);
    ok(Iosb.Information == 1, "has been read");
    ok_status(EndCall(&Write), STATUS_SUCCESS, "then it is over");
    BeginCall(&Read, Server, CALL_READ, 8);
    ok_status(Put(Client, "abc", 3), STATUS_SUCCESS, "a reader that waits spares it that");
    EndCall(&Read);
    BeginCall(&Read, Server, CALL_READ, 2);
    BeginCall(&Write, Client, CALL_WRITE, 6);
    ok_status(EndCall(&Read), STATUS_SUCCESS, "one that takes a part");
    ok(Waits(&Write), "does not");
    Get(Server, Read.Buffer, 8);
    ok_status(EndCall(&Write), STATUS_SUCCESS, "the next does");
    ClosePair(Server, Client);
}

/* An end that does not wait. */
static void TestAtOnce(void)
{
    static UCHAR Large[512];

    MakePair(&BytePipe, &Server, &Client);
    SetModes(Client, 0, 1);
    SetModes(Server, 0, 1);
    ok_status(Put(Client, Large, 200), STATUS_SUCCESS, "bytes");
    ok_status(Put(Client, Large, 200), STATUS_SUCCESS, "more than there is room for");
    ok(Iosb.Information == 56, "are written in part");
    ok_status(Put(Client, Large, 1), STATUS_SUCCESS, "one more");
    ok(Iosb.Information == 0, "is not");
    Get(Server, Large, 512);
    ok(Iosb.Information == 256, "all that was");
    ok_status(Get(Server, Large, 1), STATUS_PIPE_EMPTY, "no more");
    ClosePair(Server, Client);
    MakePair(&MessagePipe, &Server, &Client);
    SetModes(Client, 1, 1);
    ok_status(Put(Client, Large, 200), STATUS_SUCCESS, "a message");
    ok_status(Put(Client, Large, 57), STATUS_SUCCESS, "one that there is no room for");
    ok(Iosb.Information == 0, "is not written");
    ok_status(Put(Client, Large, 56), STATUS_SUCCESS, "one that there is");
    ok(Iosb.Information == 56, "is");
    ClosePair(Server, Client);
}

static void TestPeek(void)
{
    struct {
        FILE_PIPE_PEEK_BUFFER Header;
        UCHAR More[32];
    } Peek;
    ULONG Size = FIELD_OFFSET(FILE_PIPE_PEEK_BUFFER, Data);

    MakePair(&MessagePipe, &Server, &Client);
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, &Peek, sizeof(Peek)), STATUS_SUCCESS,
              "look at nothing");
    ok(Iosb.Information == Size && Peek.Header.ReadDataAvailable == 0 &&
           Peek.Header.NumberOfMessages == 0,
       "there is nothing");
    Put(Client, "hello", 5);
    Put(Client, "you", 3);
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, &Peek, sizeof(Peek)), STATUS_SUCCESS,
              "look at messages");
    ok(Peek.Header.ReadDataAvailable == 8 && Peek.Header.NumberOfMessages == 2 &&
           Peek.Header.MessageLength == 5 && Iosb.Information == Size + 5 &&
           !memcmp(Peek.Header.Data, "hello", 5),
       "two, and what the first says");
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, &Peek, Size + 2), STATUS_BUFFER_OVERFLOW,
              "into less");
    ok(Iosb.Information == Size + 2, "a part of it");
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, &Peek, Size), STATUS_BUFFER_OVERFLOW,
              "into nothing");
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, &Peek, Size - 1), STATUS_INVALID_PARAMETER,
              "less than that");
    ok(Gives(Server, 20, STATUS_SUCCESS, "hello"), "it is still there");
    ok(Gives(Server, 20, STATUS_SUCCESS, "you"), "and the other");
    Put(Client, "", 0);
    Put(Client, "six", 3);
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, &Peek, sizeof(Peek)), STATUS_SUCCESS,
              "look at an empty message");
    ok(Peek.Header.ReadDataAvailable == 3 && Peek.Header.NumberOfMessages == 2 &&
           Peek.Header.MessageLength == 0 && Iosb.Information == Size,
       "which is one of two");
    ok(Gives(Server, 20, STATUS_SUCCESS, ""), "and can be read");
    ClosePair(Server, Client);
    MakePair(&BytePipe, &Server, &Client);
    Put(Client, "hello", 5);
    Put(Client, "you", 3);
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, &Peek, Size + 6), STATUS_SUCCESS,
              "look at bytes");
    ok(Iosb.Information == Size + 6 && Peek.Header.ReadDataAvailable == 8 &&
           Peek.Header.NumberOfMessages == 0 && !memcmp(Peek.Header.Data, "helloy", 6),
       "which have no messages");
    Get(Server, Peek.More, 8);
    Put(Client, "", 0);
    Put(Client, "a", 1);
    Put(Client, "", 0);
    Put(Client, "bc", 2);
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, &Peek, sizeof(Peek)), STATUS_SUCCESS,
              "look past empty writes");
    ok(Iosb.Information == Size + 3 && Peek.Header.ReadDataAvailable == 3 &&
           !memcmp(Peek.Header.Data, "abc", 3),
       "at what is behind them");
    ok_status(Control(Server, FSCTL_PIPE_PEEK, NULL, 0, BAD_ADDRESS, sizeof(Peek)),
              STATUS_ACCESS_VIOLATION, "into nowhere");
    ClosePair(Server, Client);
}

static void TestTransceive(void)
{
    PIPE_CALL Call = {.Buffer = "ask"};
    char Buffer[16];

    MakePair(&MessagePipe, &Server, &Client);
    BeginCall(&Call, Client, FSCTL_PIPE_TRANSCEIVE, 3);
    ok(Waits(&Call), "a question waits for its answer");
    ok(Gives(Server, 16, STATUS_SUCCESS, "ask"), "which follows the question");
    Put(Server, "yes", 3);
    ok_status(EndCall(&Call), STATUS_SUCCESS, "here it is");
    ok(Call.Iosb.Information == 3 && !memcmp(Call.Buffer, "yes", 3), "whole");
    memcpy(Call.Buffer, "why", 3);
    BeginCall(&Call, Client, FSCTL_PIPE_TRANSCEIVE, 3);
    Put(Server, "because", 7);
    ok_status(EndCall(&Call), STATUS_BUFFER_OVERFLOW, "an answer that is too long");
    ok(Call.Iosb.Information == 3, "comes in part");
    ok_status(Control(Client, FSCTL_PIPE_TRANSCEIVE, "x", 1, Buffer, 16), STATUS_PIPE_BUSY,
              "its rest is in the way");
    ok(Gives(Client, 16, STATUS_SUCCESS, "ause"), "until it has been read");
    SetModes(Client, 0, 0);
    ok_status(Control(Client, FSCTL_PIPE_TRANSCEIVE, "x", 1, Buffer, 16), STATUS_INVALID_PIPE_STATE,
              "bytes do not answer");
    ok_status(Control(Client, FSCTL_PIPE_TRANSCEIVE, BAD_ADDRESS, 1, Buffer, 16),
              STATUS_INVALID_PIPE_STATE, "whatever is asked");
    SetModes(Client, 1, 0);
    ok_status(Control(Client, FSCTL_PIPE_TRANSCEIVE, BAD_ADDRESS, 1, Buffer, 16),
              STATUS_ACCESS_VIOLATION, "a question nowhere");
    ok_status(Control(Client, FSCTL_PIPE_TRANSCEIVE, "x", 1, BAD_ADDRESS, 16),
              STATUS_ACCESS_VIOLATION, "an answer nowhere");
    ClosePair(Server, Client);
}

static void TestFlush(void)
{
    PIPE_CALL Flush = {0}, Second = {0};
    char Buffer[16];

    MakePair(&BytePipe, &Server, &Client);
    ok_status(NtFlushBuffersFile(Client, &Iosb), STATUS_SUCCESS, "nothing to flush");
    Put(Client, "abc", 3);
    BeginCall(&Flush, Client, CALL_FLUSH, 0);
    ok(Waits(&Flush), "a flush waits for the reader");
    Put(Client, "def", 3);
    BeginCall(&Second, Client, FSCTL_PIPE_FLUSH, 0);
    Get(Server, Buffer, 2);
    ok(Waits(&Flush), "who has read two");
    Get(Server, Buffer, 1);
    ok_status(EndCall(&Flush), STATUS_SUCCESS, "and now three");
    ok(Waits(&Second), "what came later is another's");
    NtClose(Server);
    ok_status(EndCall(&Second), STATUS_PIPE_BROKEN, "a reader that goes ends it");
    NtClose(Client);
    MakePair(&BytePipe, &Server, &Client);
    Put(Client, "abc", 3);
    BeginCall(&Flush, Client, CALL_FLUSH, 0);
    Disconnect(Server);
    ok_status(EndCall(&Flush), STATUS_PIPE_DISCONNECTED, "so does one that disconnects");
    ClosePair(Server, Client);
}

/* Waits until a flush that is pending is over. */
static NTSTATUS EndOfFlush(PIO_STATUS_BLOCK Block)
{
    IsOver(Block);
    return Block->Status;
}

static NTSTATUS BeginFlush(PIO_STATUS_BLOCK Block)
{
    Block->Status = UNTOUCHED;
    return NtFsControlFile(Client, NULL, NULL, NULL, Block, FSCTL_PIPE_FLUSH, NULL, 0, NULL, 0);
}

static NTSTATUS BeginWrite(PIO_STATUS_BLOCK Block)
{
    Block->Status = UNTOUCHED;
    return NtWriteFile(Client, NULL, NULL, NULL, Block, "x", 1, NULL, NULL);
}

/* The quota is of 256 bytes: more writes wait, and can be cancelled. */
static void TestFlushAndCancel(void)
{
    static UCHAR Large[512];
    IO_STATUS_BLOCK First, Second, Flush, Later;

    MakePair(&AsyncMessagePipe, &Server, &Client);
    Put(Client, Large, 256);
    ok_status(BeginWrite(&First), STATUS_PENDING, "a write that waits");
    ok_status(BeginFlush(&Flush), STATUS_PENDING, "a flush that waits for it");
    ok_status(BeginWrite(&Second), STATUS_PENDING, "a write behind that");
    NtCancelIoFileEx(Client, &Second, &Iosb);
    ok(IsOver(&Second) && Second.Status == STATUS_CANCELLED, "the later write is cancelled");
    Get(Server, Large, 512);
    ok(IsOver(&First) && Flush.Status == UNTOUCHED, "which does not count for the flush");
    Get(Server, Large, 512);
    ok_status(EndOfFlush(&Flush), STATUS_SUCCESS, "but the earlier one does");
    Put(Client, Large, 256);
    BeginWrite(&First);
    BeginFlush(&Flush);
    BeginWrite(&Second);
    BeginFlush(&Later);
    Get(Server, Large, 256);
    ok(IsOver(&First) && IsOver(&Second) && Flush.Status == UNTOUCHED, "two messages are left");
    Get(Server, Large, 512);
    ok(EndOfFlush(&Flush) == STATUS_SUCCESS && Later.Status == UNTOUCHED, "one");
    ok_status(NtCancelIoFileEx(Client, &Later, &Iosb), STATUS_SUCCESS, "cancel a flush");
    ok_status(EndOfFlush(&Later), STATUS_CANCELLED, "it is over");
    ClosePair(Server, Client);
}

/* A flush that waits for nothing but a write that is cancelled. */
static void TestFlushOfCancelled(void)
{
    PIPE_SHAPE Shape = AsyncMessagePipe;
    IO_STATUS_BLOCK Write, Flush;

    Shape.Inbound = 0;
    MakePair(&Shape, &Server, &Client);
    ok_status(BeginWrite(&Write), STATUS_PENDING, "a write without a quota");
    ok_status(BeginFlush(&Flush), STATUS_PENDING, "and a flush wait");
    NtCancelIoFileEx(Client, &Write, &Iosb);
    ok(IsOver(&Write) && Write.Status == STATUS_CANCELLED, "the write is cancelled");
    ok_status(EndOfFlush(&Flush), STATUS_SUCCESS, "that ends the flush");
    ClosePair(Server, Client);
}

static void TestManyFlushes(void)
{
    static IO_STATUS_BLOCK Blocks[600];
    NTSTATUS Status = STATUS_PENDING;
    ULONG Count = 0, Over = 0;

    MakePair(&AsyncMessagePipe, &Server, &Client);
    Put(Client, "x", 1);
    while (Status == STATUS_PENDING && Count < ARRAYSIZE(Blocks))
        Status = BeginFlush(&Blocks[Count++]);
    ok_status(Status, STATUS_INSUFFICIENT_RESOURCES, "flushes without end");
    ok(Gives(Server, 8, STATUS_SUCCESS, "x"), "all wait for one message");
    for (ULONG i = 0; i + 1 < Count; i++)
        Over += EndOfFlush(&Blocks[i]) == STATUS_SUCCESS;
    ok(Count > 100 && Over + 1 == Count, "and end with it");
    Put(Client, "x", 1);
    ok_status(BeginFlush(&Blocks[0]), STATUS_PENDING, "there is room for others then");
    NtClose(Server);
    ok_status(EndOfFlush(&Blocks[0]), STATUS_PIPE_BROKEN, "which end with the pipe");
    NtClose(Client);
}

/* Who waits at an end learns what becomes of the other. */
static void TestWaitersLearn(void)
{
    PIPE_CALL Read = {0}, Write = {0}, Listener = {0};
    static UCHAR Large[256];

    MakePair(&BytePipe, &Server, &Client);
    BeginCall(&Read, Server, CALL_READ, 8);
    NtClose(Client);
    ok_status(EndCall(&Read), STATUS_PIPE_BROKEN, "a reader whose writer goes");
    NtClose(Server);
    MakePair(&BytePipe, &Server, &Client);
    Put(Client, Large, 256);
    BeginCall(&Write, Client, CALL_WRITE, 8);
    NtClose(Server);
    ok_status(EndCall(&Write), STATUS_PIPE_BROKEN, "a writer whose reader goes");
    NtClose(Client);
    MakePair(&BytePipe, &Server, &Client);
    BeginCall(&Read, Client, CALL_READ, 8);
    Disconnect(Server);
    ok_status(EndCall(&Read), STATUS_PIPE_DISCONNECTED, "a client that is disconnected");
    BeginCall(&Listener, Server, FSCTL_PIPE_LISTEN, 0);
    ok(Waits(&Listener), "a server that listens");
    Disconnect(Server);
    ok_status(EndCall(&Listener), STATUS_PIPE_DISCONNECTED, "no longer");
    BeginCall(&Listener, Server, FSCTL_PIPE_LISTEN, 0);
    NtClose(Client);
    OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Client);
    ok_status(EndCall(&Listener), STATUS_SUCCESS, "until a client comes");
    ClosePair(Server, Client);
}

static void TestLarge(void)
{
    PIPE_CALL Write = {0};
    ULONG Read = 0;

    for (ULONG i = 0; i < sizeof(Out); i++)
        Out[i] = (UCHAR)(i * 7 + i / 251);
    MakePair(&AsyncBytePipe, &Server, &Client);
    Write.Iosb.Status = UNTOUCHED;
    ok_status(NtWriteFile(Client, NULL, NULL, NULL, &Write.Iosb, Out, sizeof(Out), NULL, NULL),
              STATUS_PENDING, "200,000 bytes through a quota of 256");
    while (Read < sizeof(In) && NtReadFile(Server, NULL, NULL, NULL, &Iosb, In + Read, 7777, NULL,
                                           NULL) == STATUS_SUCCESS)
        Read += (ULONG)Iosb.Information;
    ok(Read == sizeof(In) && !memcmp(In, Out, sizeof(In)), "come through");
    IsOver(&Write.Iosb);
    ok_status(Write.Iosb.Status, STATUS_SUCCESS, "and the write is over");
    ok_status(NtWriteFile(Client, NULL, NULL, NULL, &Iosb, Out, 0x40000000, NULL, NULL),
              STATUS_INSUFFICIENT_RESOURCES, "a gigabyte does not");
    ok(Put(Client, "x", 1) == STATUS_SUCCESS, "but the pipe is well");
    ClosePair(Server, Client);
}

/* One message for several reads that wait, which share it; the last has the rest. */
static void TestSharedMessage(void)
{
    IO_STATUS_BLOCK Blocks[5];
    BOOLEAN Right = TRUE;

    for (ULONG i = 0; i < sizeof(Out); i++)
        Out[i] = (UCHAR)(i * 5 + i / 241);
    memset(In, 0, sizeof(In));
    MakePair(&AsyncMessagePipe, &Server, &Client);
    for (ULONG i = 0; i < 5; i++) {
        Blocks[i].Status = UNTOUCHED;
        Right &= NtReadFile(Server, NULL, NULL, NULL, &Blocks[i], In + i * 40000, 40000, NULL,
                            NULL) == STATUS_PENDING;
    }
    ok(Right, "five reads wait");
    ok_status(Put(Client, Out, sizeof(Out)), STATUS_SUCCESS, "a message for them");
    for (ULONG i = 0; i < 5; i++)
        Right &= IsOver(&Blocks[i]) && Blocks[i].Information == 40000 &&
                 Blocks[i].Status == (i < 4 ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS);
    ok(Right, "each gets a part");
    ok(!memcmp(In, Out, sizeof(In)), "of what was written");
    Put(Client, "x", 1);
    ok(Gives(Server, 8, STATUS_SUCCESS, "x"), "the next is another");
    ClosePair(Server, Client);
}

void TestPipeData(void)
{
    TestBytes();
    TestMessages();
    TestQuota();
    TestNoQuota();
    TestAtOnce();
    TestPeek();
    TestTransceive();
    TestFlush();
    TestFlushAndCancel();
    TestFlushOfCancelled();
    TestManyFlushes();
    TestWaitersLearn();
    TestLarge();
    TestSharedMessage();
}
