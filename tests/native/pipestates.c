/* SPDX-License-Identifier: BSD-2-Clause */
/* What each operation gives in each state of a pipe, at either end. */
#include "pipes.h"

typedef enum _STATE {
    Listening,
    Connected,
    Closing,      /* the other end is gone */
    Disconnected, /* by FSCTL_PIPE_DISCONNECT */
    States,
} STATE;

typedef NTSTATUS (*OPERATION)(HANDLE Pipe);

static NTSTATUS ReadSome(HANDLE Pipe)
{
    char Buffer[8];

    return Get(Pipe, Buffer, sizeof(Buffer));
}

static NTSTATUS WriteSome(HANDLE Pipe)
{
    return Put(Pipe, "x", 1);
}

static NTSTATUS PeekSome(HANDLE Pipe)
{
    FILE_PIPE_PEEK_BUFFER Buffer;

    return Control(Pipe, FSCTL_PIPE_PEEK, NULL, 0, &Buffer, sizeof(Buffer));
}

static NTSTATUS Transceive(HANDLE Pipe)
{
    char Buffer[8];

    return Control(Pipe, FSCTL_PIPE_TRANSCEIVE, "x", 1, Buffer, sizeof(Buffer));
}

static NTSTATUS Flush(HANDLE Pipe)
{
    return NtFlushBuffersFile(Pipe, &Iosb);
}

static NTSTATUS ListenNow(HANDLE Pipe)
{
    return Listen(Pipe);
}

static NTSTATUS AskModes(HANDLE Pipe)
{
    FILE_PIPE_INFORMATION Modes;

    return NtQueryInformationFile(Pipe, &Iosb, &Modes, sizeof(Modes), FilePipeInformation);
}

static NTSTATUS AskName(HANDLE Pipe)
{
    UCHAR Buffer[128];

    return NtQueryInformationFile(Pipe, &Iosb, Buffer, sizeof(Buffer), FileNameInformation);
}

static NTSTATUS Impersonate(HANDLE Pipe)
{
    return Control(Pipe, FSCTL_PIPE_IMPERSONATE, NULL, 0, NULL, 0);
}

#define NOT STATUS_NOT_IMPLEMENTED /* it is not asked */

/* The ends do not wait (FILE_PIPE_COMPLETE_OPERATION) and nothing has been written. */
static const struct {
    const char *What;
    OPERATION Do;
    NTSTATUS Server[States];
    NTSTATUS Client[States];
} Operations[] = {
    {"read",
     ReadSome,
     {STATUS_PIPE_LISTENING, STATUS_PIPE_EMPTY, STATUS_PIPE_BROKEN, STATUS_PIPE_DISCONNECTED},
     {NOT, STATUS_PIPE_EMPTY, STATUS_PIPE_BROKEN, STATUS_PIPE_DISCONNECTED}},
    {"peek",
     PeekSome,
     {STATUS_INVALID_PIPE_STATE, STATUS_SUCCESS, STATUS_PIPE_BROKEN, STATUS_INVALID_PIPE_STATE},
     {NOT, STATUS_SUCCESS, STATUS_PIPE_BROKEN, STATUS_PIPE_DISCONNECTED}},
    {"write",
     WriteSome,
     {STATUS_PIPE_LISTENING, NOT, STATUS_PIPE_CLOSING, STATUS_PIPE_DISCONNECTED},
     {NOT, NOT, STATUS_PIPE_CLOSING, STATUS_PIPE_DISCONNECTED}},
    {"transceive",
     Transceive,
     {STATUS_INVALID_PIPE_STATE, NOT, STATUS_INVALID_PIPE_STATE, STATUS_INVALID_PIPE_STATE},
     {NOT, NOT, STATUS_INVALID_PIPE_STATE, STATUS_PIPE_DISCONNECTED}},
    {"flush",
     Flush,
     {STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS},
     {NOT, STATUS_SUCCESS, STATUS_SUCCESS, STATUS_PIPE_DISCONNECTED}},
    {"modes",
     AskModes,
     {STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS},
     {NOT, STATUS_SUCCESS, STATUS_SUCCESS, STATUS_PIPE_DISCONNECTED}},
    {"name",
     AskName,
     {STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS},
     {NOT, STATUS_SUCCESS, STATUS_SUCCESS, STATUS_PIPE_DISCONNECTED}},
    {"impersonate",
     Impersonate,
     {STATUS_CANNOT_IMPERSONATE, STATUS_CANNOT_IMPERSONATE, STATUS_CANNOT_IMPERSONATE,
      STATUS_CANNOT_IMPERSONATE},
     {NOT, STATUS_ILLEGAL_FUNCTION, STATUS_ILLEGAL_FUNCTION, NOT}},
    {"disconnect",
     Disconnect,
     {NOT, NOT, NOT, STATUS_PIPE_DISCONNECTED},
     {NOT, STATUS_ILLEGAL_FUNCTION, STATUS_ILLEGAL_FUNCTION, STATUS_ILLEGAL_FUNCTION}},
    {"listen",
     ListenNow,
     {STATUS_PIPE_LISTENING, STATUS_PIPE_CONNECTED, STATUS_PIPE_CLOSING, STATUS_PIPE_LISTENING},
     {NOT, STATUS_ILLEGAL_FUNCTION, STATUS_ILLEGAL_FUNCTION, STATUS_ILLEGAL_FUNCTION}},
};

/* Both ends in the state; NULL: it has no such end. */
static void Reach(STATE State, BOOLEAN AtServer, PHANDLE Server, PHANDLE Client)
{
    PIPE_SHAPE Shape = MessagePipe;

    *Client = NULL;
    Shape.CompletionMode = FILE_PIPE_COMPLETE_OPERATION;
    MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &Shape, Server);
    if (State == Listening)
        return;
    OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, Client);
    SetModes(*Client, 1, 1);
    if (State == Disconnected)
        Disconnect(*Server);
    if (State == Closing && AtServer) {
        NtClose(*Client);
        *Client = NULL;
    } else if (State == Closing) {
        NtClose(*Server);
        *Server = NULL;
    }
}

static void TestEnd(STATE State, BOOLEAN AtServer)
{
    for (ULONG i = 0; i < ARRAYSIZE(Operations); i++) {
        NTSTATUS Expected = AtServer ? Operations[i].Server[State] : Operations[i].Client[State];
        HANDLE Server, Client;

        if (Expected == NOT)
            continue;
        Reach(State, AtServer, &Server, &Client);
        ok_status(Operations[i].Do(AtServer ? Server : Client), Expected, Operations[i].What);
        if (Server)
            NtClose(Server);
        if (Client)
            NtClose(Client);
    }
}

/* What was written before the other end went can still be read. */
static void TestRest(BOOLEAN AtServer)
{
    FILE_PIPE_LOCAL_INFORMATION Local;
    HANDLE Server, Client, Left;

    MakePair(&MessagePipe, &Server, &Client);
    Put(AtServer ? Client : Server, "last", 4);
    Put(AtServer ? Client : Server, "words", 5);
    NtClose(AtServer ? Client : Server);
    Left = AtServer ? Server : Client;
    QueryLocal(Left, &Local);
    ok(Local.NamedPipeState == FILE_PIPE_CLOSING_STATE && Local.ReadDataAvailable == 9,
       "the other end has gone");
    ok_status(WriteSome(Left), STATUS_PIPE_CLOSING, "nobody would read it");
    ok(Gives(Left, 8, STATUS_SUCCESS, "last"), "what it left");
    ok(Gives(Left, 2, STATUS_BUFFER_OVERFLOW, "wo"), "is read");
    ok(Gives(Left, 8, STATUS_SUCCESS, "rds"), "to its end");
    ok_status(ReadSome(Left), STATUS_PIPE_BROKEN, "then the pipe is broken");
    NtClose(Left);
}

/* An instance serves one client after the other; what one wrote is not the next one's. */
static void TestReuse(void)
{
    FILE_PIPE_LOCAL_INFORMATION Local;
    HANDLE Server, Client, Next;

    MakePair(&MessagePipe, &Server, &Client);
    Put(Client, "old", 3);
    Put(Server, "old", 3);
    ok_status(Disconnect(Server), STATUS_SUCCESS, "disconnect a client");
    QueryLocal(Server, &Local);
    ok(Local.NamedPipeState == FILE_PIPE_DISCONNECTED_STATE && Local.ReadDataAvailable == 0,
       "what it wrote is lost");
    ok_status(ReadSome(Client), STATUS_PIPE_DISCONNECTED, "and what was written to it");
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Next), STATUS_PIPE_NOT_AVAILABLE,
              "nobody listens");
    SetModes(Server, 1, 1);
    ok_status(Listen(Server), STATUS_PIPE_LISTENING, "listen again");
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Next), STATUS_SUCCESS,
              "the next client");
    ok_status(ReadSome(Server), STATUS_PIPE_EMPTY, "begins anew");
    ok_status(WriteSome(Client), STATUS_PIPE_DISCONNECTED, "the last one stays out");
    ok_status(Put(Next, "new", 3), STATUS_SUCCESS, "while this one");
    ok(Gives(Server, 8, STATUS_SUCCESS, "new"), "is heard");
    NtClose(Client);
    ok_status(Put(Next, "still", 5), STATUS_SUCCESS, "also when the last one goes");
    ClosePair(Server, Next);
}

void TestPipeStates(void)
{
    for (STATE State = Listening; State < States; State++) {
        TestEnd(State, TRUE);
        TestEnd(State, FALSE);
    }
    TestRest(TRUE);
    TestRest(FALSE);
    TestReuse();
}
