/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes that are ended while they have an end of a pipe, in every state. */
#include "pipes.h"

enum {
    ClientIdles,
    ClientReads,
    ClientWrites,
    ClientFlushes,
    ClientTransceives,
    ClientLeavesRequests,
    ClientLeavesData,
    ClientWaits,
    ServerListens,
    ServerReads,
    ServerWrites,
    Deaths,
};

#define CHILD_PIPE u"\\??\\PIPE\\umtests child"

static void LeaveRequests(void)
{
    static IO_STATUS_BLOCK Blocks[40];
    static UCHAR Buffer[40];
    HANDLE Client;

    OpenClient(PIPE_NAME, READ_WRITE, 0, &Client);
    for (ULONG i = 0; i < 20; i++)
        NtReadFile(Client, NULL, NULL, NULL, &Blocks[i], Buffer, 4, NULL, NULL);
    for (ULONG i = 20; i < 40; i++)
        NtWriteFile(Client, NULL, NULL, NULL, &Blocks[i], Buffer, 40, NULL, NULL);
}

/* A client of the parent's pipe, which is inbound and outbound, with messages. */
static NTSTATUS ClientChild(ULONG Number)
{
    static UCHAR Buffer[256];
    HANDLE Client;

    if (Number == ClientLeavesRequests) {
        LeaveRequests();
        return STATUS_SUCCESS;
    }
    OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Client);
    SetModes(Client, 1, 0);
    if (Number == ClientReads)
        return Get(Client, Buffer, 8);
    if (Number == ClientIdles)
        return STATUS_SUCCESS;
    if (Number == ClientTransceives)
        return Control(Client, FSCTL_PIPE_TRANSCEIVE, "why", 3, Buffer, 8);
    Put(Client, Buffer, 256);
    if (Number == ClientWrites)
        return Put(Client, Buffer, 100);
    return Number == ClientFlushes ? NtFlushBuffersFile(Client, &Iosb) : STATUS_SUCCESS;
}

static NTSTATUS ServerChild(ULONG Number)
{
    static UCHAR Buffer[256];
    HANDLE Server;

    MakeServer(CHILD_PIPE, READ_WRITE, FILE_CREATE, &MessagePipe, &Server);
    Listen(Server);
    if (Number == ServerReads)
        Get(Server, Buffer, 8);
    Put(Server, Buffer, 256);
    return Put(Server, Buffer, 256);
}

NTSTATUS PipeChild(ULONG Number)
{
    NTSTATUS Status;

    if (Number >= ServerListens)
        Status = ServerChild(Number);
    else if (Number == ClientWaits)
        Status = WaitForPipe(u"umtests", 60000);
    else
        Status = ClientChild(Number);
    Sleep(60000);
    return Status;
}

/* Starts the child and gives it time to come to where it is to be ended. */
static HANDLE StartChild(ULONG Number)
{
    WCHAR Line[] = u"umtests pipe 00";
    HANDLE Process = NULL, Thread;

    Line[13] = (WCHAR)('0' + Number / 10);
    Line[14] = (WCHAR)('0' + Number % 10);
    if (NT_SUCCESS(StartSelf(Line, &Process, &Thread)))
        NtClose(Thread);
    return Process;
}

static void Kill(HANDLE Process)
{
    NtTerminateProcess(Process, 1);
    NtWaitForSingleObject(Process, FALSE, NULL);
    NtClose(Process);
}

static ULONG StateOf(HANDLE Pipe)
{
    FILE_PIPE_LOCAL_INFORMATION Local = {0};

    QueryLocal(Pipe, &Local);
    return Local.NamedPipeState;
}

/* A client dies; its server learns it, reads what was written, and serves the next. */
static void TestClientDeath(ULONG Number)
{
    PIPE_SHAPE Shape = MessagePipe;
    HANDLE Server, Child, Next;
    NTSTATUS Status = STATUS_SUCCESS;
    UCHAR Buffer[300];

    MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &Shape, &Server);
    Child = StartChild(Number);
    Listen(Server);
    Sleep(100);
    Kill(Child);
    ok(StateOf(Server) == FILE_PIPE_CLOSING_STATE, "a client has died");
    ok_status(Put(Server, "x", 1), STATUS_PIPE_CLOSING, "nothing can be written to it");
    while (NT_SUCCESS(Status))
        Status = Get(Server, Buffer, sizeof(Buffer));
    ok_status(Status, STATUS_PIPE_BROKEN, "what it wrote has an end");
    ok_status(Disconnect(Server), STATUS_SUCCESS, "its server goes on");
    SetModes(Server, 1, 1);
    Listen(Server);
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Next), STATUS_SUCCESS, "to the next");
    ClosePair(Server, Next);
}

/* A server dies: who waits for it learns it, and the name is free. */
static void TestServerDeath(ULONG Number)
{
    HANDLE Child = StartChild(Number), Client = NULL, Server;
    PIPE_CALL Call = {0};

    for (ULONG i = 0;
         i < 100 &&
         OpenClient(CHILD_PIPE,
                    Number == ServerListens ? FILE_READ_ATTRIBUTES | SYNCHRONIZE : READ_WRITE,
                    SYNCHRONOUS, &Client);
         i++)
        Sleep(20);
    Sleep(50);
    if (Number == ServerReads)
        BeginCall(&Call, Client, CALL_READ, 8);
    Kill(Child);
    if (Number == ServerReads)
        ok_status(EndCall(&Call), STATUS_PIPE_BROKEN, "a read of a server that dies");
    ok(StateOf(Client) == FILE_PIPE_CLOSING_STATE, "a server has died");
    ok_status(MakeServer(CHILD_PIPE, READ_WRITE, FILE_CREATE, &BytePipe, &Server), STATUS_SUCCESS,
              "its name is free");
    ClosePair(Server, Client);
}

/* One that waits for an instance takes no part of the pipe with it. */
static void TestWaiterDeath(void)
{
    HANDLE Server, Client, Child;

    MakePair(&BytePipe, &Server, &Client);
    Child = StartChild(ClientWaits);
    Sleep(150);
    Kill(Child);
    Disconnect(Server);
    SetModes(Server, 0, 1);
    ok_status(Listen(Server), STATUS_PIPE_LISTENING, "who waited is gone");
    ClosePair(Server, Client);
}

void TestPipeDeaths(void)
{
    for (ULONG Number = 0; Number < ClientWaits; Number++)
        TestClientDeath(Number);
    TestWaiterDeath();
    for (ULONG Number = ServerListens; Number < Deaths; Number++)
        TestServerDeath(Number);
}
