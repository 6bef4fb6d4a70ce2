/* SPDX-License-Identifier: BSD-2-Clause */
/* Named pipes: making, opening, listing and asking them; pipestates.c and others have the rest. */
#include "pipes.h"

const PIPE_SHAPE BytePipe = {BOTH, SYNCHRONOUS, 0, 0, 0, 4, 256, 256},
                 MessagePipe = {BOTH, SYNCHRONOUS, 1, 1, 0, 4, 256, 256},
                 AsyncBytePipe = {BOTH, 0, 0, 0, 0, 4, 256, 256},
                 AsyncMessagePipe = {BOTH, 0, 1, 1, 0, 4, 256, 256};
IO_STATUS_BLOCK Iosb;

static LARGE_INTEGER Timeout = {.QuadPart = MILLISECONDS(50)};

NTSTATUS MakeServer(PCWSTR Name, ACCESS_MASK Access, ULONG Disposition, const PIPE_SHAPE *Shape,
                    PHANDLE Server)
{
    *Server = NULL;
    return NtCreateNamedPipeFile(Server, Access, Named(Name, OBJ_CASE_INSENSITIVE), &Iosb,
                                 Shape->Share, Disposition, Shape->Options, Shape->Type,
                                 Shape->ReadMode, Shape->CompletionMode, Shape->Instances,
                                 Shape->Inbound, Shape->Outbound, &Timeout);
}

NTSTATUS OpenClient(PCWSTR Name, ACCESS_MASK Access, ULONG Options, PHANDLE Client)
{
    *Client = NULL;
    return NtOpenFile(Client, Access, Named(Name, OBJ_CASE_INSENSITIVE), &Iosb, BOTH, Options);
}

NTSTATUS Control(HANDLE Pipe, ULONG Code, PVOID Input, ULONG InputLength, PVOID Output,
                 ULONG OutputLength)
{
    return NtFsControlFile(Pipe, NULL, NULL, NULL, &Iosb, Code, Input, InputLength, Output,
                           OutputLength);
}

NTSTATUS Put(HANDLE Pipe, const void *Data, ULONG Length)
{
    return NtWriteFile(Pipe, NULL, NULL, NULL, &Iosb, (PVOID)Data, Length, NULL, NULL);
}

NTSTATUS Get(HANDLE Pipe, PVOID Buffer, ULONG Length)
{
    return NtReadFile(Pipe, NULL, NULL, NULL, &Iosb, Buffer, Length, NULL, NULL);
}

BOOLEAN Gives(HANDLE Pipe, ULONG Length, NTSTATUS Status, const char *Text)
{
    char Buffer[256] = {0};

    return Get(Pipe, Buffer, Length) == Status && Iosb.Status == Status &&
           Iosb.Information == strlen(Text) && memcmp(Buffer, Text, strlen(Text)) == 0;
}

NTSTATUS Listen(HANDLE Server)
{
    return Control(Server, FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0);
}

NTSTATUS Disconnect(HANDLE Server)
{
    return Control(Server, FSCTL_PIPE_DISCONNECT, NULL, 0, NULL, 0);
}

NTSTATUS SetModes(HANDLE Pipe, ULONG ReadMode, ULONG CompletionMode)
{
    FILE_PIPE_INFORMATION Modes = {ReadMode, CompletionMode};

    return NtSetInformationFile(Pipe, &Iosb, &Modes, sizeof(Modes), FilePipeInformation);
}

NTSTATUS QueryLocal(HANDLE Pipe, PFILE_PIPE_LOCAL_INFORMATION Local)
{
    return NtQueryInformationFile(Pipe, &Iosb, Local, sizeof(*Local), FilePipeLocalInformation);
}

BOOLEAN MakePair(const PIPE_SHAPE *Shape, PHANDLE Server, PHANDLE Client)
{
    NTSTATUS Status = MakeServer(PIPE_NAME, READ_WRITE, FILE_OPEN_IF, Shape, Server);

    if (NT_SUCCESS(Status))
        Status = OpenClient(PIPE_NAME, READ_WRITE, Shape->Options, Client);
    if (NT_SUCCESS(Status) && Shape->ReadMode)
        Status = SetModes(*Client, Shape->ReadMode, 0);
    return ok_status(Status, STATUS_SUCCESS, "a pair of ends");
}

void ClosePair(HANDLE Server, HANDLE Client)
{
    NtClose(Server);
    NtClose(Client);
}

NTSTATUS WaitForPipe(PCWSTR Name, LONG Milliseconds)
{
    struct {
        FILE_PIPE_WAIT_FOR_BUFFER Header;
        WCHAR More[64];
    } Wait = {.Header = {.Timeout.QuadPart = MILLISECONDS(Milliseconds),
                         .NameLength = (ULONG)wcslen(Name) * sizeof(WCHAR),
                         .TimeoutSpecified = Milliseconds != 0}};
    HANDLE Root;
    NTSTATUS Status = OpenClient(u"\\Device\\NamedPipe\\", FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                                 SYNCHRONOUS, &Root);

    if (!NT_SUCCESS(Status))
        return STATUS_UNSUCCESSFUL;
    memcpy(Wait.Header.Name, Name, Wait.Header.NameLength);
    Status =
        Control(Root, FSCTL_PIPE_WAIT, &Wait,
                FIELD_OFFSET(FILE_PIPE_WAIT_FOR_BUFFER, Name) + Wait.Header.NameLength, NULL, 0);
    NtClose(Root);
    return Status;
}

static NTSTATUS NTAPI Call(PVOID Argument)
{
    PPIPE_CALL This = Argument;

    switch (This->Code) {
    case CALL_READ:
        return NtReadFile(This->Pipe, NULL, NULL, NULL, &This->Iosb, This->Buffer, This->Length,
                          NULL, NULL);
    case CALL_WRITE:
        return NtWriteFile(This->Pipe, NULL, NULL, NULL, &This->Iosb, This->Buffer, This->Length,
                           NULL, NULL);
    case CALL_FLUSH:
        return NtFlushBuffersFile(This->Pipe, &This->Iosb);
    default:
        return NtFsControlFile(This->Pipe, NULL, NULL, NULL, &This->Iosb, This->Code, This->Buffer,
                               This->Length, This->Buffer, This->Length);
    }
}

void BeginCall(PPIPE_CALL This, HANDLE Pipe, ULONG Code, ULONG Length)
{
    This->Pipe = Pipe;
    This->Code = Code;
    This->Length = Length;
    This->Thread = StartThread(Call, This);
    while (!IsWaiting(This->Thread) && WaitFor(This->Thread, 1) != STATUS_SUCCESS)
        ;
}

NTSTATUS EndCall(PPIPE_CALL This)
{
    return EndOfThread(This->Thread);
}

BOOLEAN Waits(PPIPE_CALL This)
{
    return IsWaiting(This->Thread);
}

/* ---- Making ---- */
static void TestArguments(void)
{
    static const struct {
        ULONG Disposition;
        PIPE_SHAPE Shape;
        const char *What;
    } Wrong[] = {
        {FILE_OVERWRITE, {BOTH, SYNCHRONOUS, 0, 0, 0, 1, 0, 0}, "no pipe is overwritten"},
        {FILE_SUPERSEDE, {BOTH, SYNCHRONOUS, 0, 0, 0, 1, 0, 0}, "or superseded"},
        {FILE_CREATE, {0, SYNCHRONOUS, 0, 0, 0, 1, 0, 0}, "clients may do nothing"},
        {FILE_CREATE, {BOTH | FILE_SHARE_DELETE, SYNCHRONOUS, 0, 0, 0, 1, 0, 0}, "or delete it"},
        {FILE_CREATE, {BOTH, SYNCHRONOUS | FILE_DIRECTORY_FILE, 0, 0, 0, 1, 0, 0}, "a directory"},
        {FILE_CREATE, {BOTH, 0x30, 0, 0, 0, 1, 0, 0}, "alertable and not"},
        {FILE_CREATE, {BOTH, SYNCHRONOUS, 4, 0, 0, 1, 0, 0}, "no such type"},
        {FILE_CREATE, {BOTH, SYNCHRONOUS, 1, 2, 0, 1, 0, 0}, "no such read mode"},
        {FILE_CREATE, {BOTH, SYNCHRONOUS, 0, 0, 2, 1, 0, 0}, "no such completion mode"},
        {FILE_CREATE, {BOTH, SYNCHRONOUS, 0, 1, 0, 1, 0, 0}, "messages of bytes"},
        {FILE_CREATE, {BOTH, SYNCHRONOUS, 0, 0, 0, 0, 0, 0}, "no instances"},
    };
    HANDLE Pipe;

    for (ULONG i = 0; i < ARRAYSIZE(Wrong); i++)
        ok_status(MakeServer(PIPE_NAME, READ_WRITE, Wrong[i].Disposition, &Wrong[i].Shape, &Pipe),
                  STATUS_INVALID_PARAMETER, Wrong[i].What);
    ok_status(MakeServer(PIPE_NAME, GENERIC_READ, FILE_CREATE, &BytePipe, &Pipe),
              STATUS_INVALID_PARAMETER, "synchronous without SYNCHRONIZE");
    Timeout.QuadPart = 1;
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &BytePipe, &Pipe),
              STATUS_INVALID_PARAMETER, "a time limit that is not relative");
    Timeout.QuadPart = MILLISECONDS(50);
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_OPEN, &BytePipe, &Pipe),
              STATUS_OBJECT_NAME_NOT_FOUND, "there is none to open");
    ok_status(MakeServer(u"\\SystemRoot\\pipe", READ_WRITE, FILE_CREATE, &BytePipe, &Pipe),
              STATUS_INVALID_DEVICE_REQUEST, "a pipe in the boot archive");
    ok_status(MakeServer(u"\\Device\\Null", READ_WRITE, FILE_CREATE, &BytePipe, &Pipe),
              STATUS_INVALID_DEVICE_REQUEST, "on a driver's device");
    ok_status(MakeServer(u"\\Device\\Mailslot\\pipe", READ_WRITE, FILE_CREATE, &BytePipe, &Pipe),
              STATUS_INVALID_DEVICE_REQUEST, "and among mailslots");
    ok_status(MakeServer(PIPE_NAME, 0, FILE_CREATE, &BytePipe, &Pipe), STATUS_INVALID_PARAMETER,
              "no access at all");
}

static void TestBadAddresses(void)
{
    LARGE_INTEGER Limit = {.QuadPart = -1};
    HANDLE Pipe = NULL;

    ok_status(NtCreateNamedPipeFile(BAD_ADDRESS, READ_WRITE, Named(PIPE_NAME, 0), &Iosb, BOTH,
                                    FILE_CREATE, 0, 0, 0, 0, 1, 0, 0, &Limit),
              STATUS_ACCESS_VIOLATION, "a handle to nowhere");
    ok_status(NtCreateNamedPipeFile(&Pipe, READ_WRITE, Named(PIPE_NAME, 0), BAD_ADDRESS, BOTH,
                                    FILE_CREATE, 0, 0, 0, 0, 1, 0, 0, &Limit),
              STATUS_ACCESS_VIOLATION, "a status block nowhere");
    ok_status(NtCreateNamedPipeFile(&Pipe, READ_WRITE, BAD_ADDRESS, &Iosb, BOTH, FILE_CREATE, 0, 0,
                                    0, 0, 1, 0, 0, &Limit),
              STATUS_ACCESS_VIOLATION, "attributes nowhere");
    ok_status(NtCreateNamedPipeFile(&Pipe, READ_WRITE, NULL, &Iosb, BOTH, FILE_CREATE, 0, 0, 0, 0,
                                    1, 0, 0, &Limit),
              STATUS_INVALID_PARAMETER, "no attributes");
    ok_status(NtCreateNamedPipeFile(&Pipe, READ_WRITE, Named(PIPE_NAME, 0), &Iosb, BOTH,
                                    FILE_CREATE, 0, 0, 0, 0, 1, 0, 0, BAD_ADDRESS),
              STATUS_ACCESS_VIOLATION, "a time limit nowhere");
    ok_status(NtCreateNamedPipeFile(&Pipe, READ_WRITE, Named(PIPE_NAME, 0), &Iosb, BOTH,
                                    FILE_CREATE, 0, 0, 0, 0, 1, 0, 0, NULL),
              STATUS_INVALID_PARAMETER, "no time limit");
    ok(!Pipe, "nothing has been made");
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Pipe), STATUS_OBJECT_NAME_NOT_FOUND,
              "and no name is left");
}

static void TestNames(void)
{
    static const struct {
        PCWSTR Name;
        NTSTATUS Status;
    } Names[] = {
        {u"\\Device\\NamedPipe", STATUS_OBJECT_NAME_INVALID},
        {u"\\Device\\NamedPipe\\", STATUS_OBJECT_NAME_INVALID},
        {u"\\Device\\NamedPipe\\\\", STATUS_SUCCESS},
        {u"\\Device\\NamedPipe\\umtests\\", STATUS_SUCCESS},
        {u"\\Device\\NamedPipe\\um/tests", STATUS_SUCCESS},
        {u"\\Device\\NamedPipe\\um:tests", STATUS_SUCCESS},
        {u"\\Device\\NamedPipe\\um\\..\\tests", STATUS_SUCCESS},
        {u"\\??\\pipe\\!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", STATUS_SUCCESS},
    };
    WCHAR Long[400] = u"\\Device\\NamedPipe\\";
    HANDLE Server, Client;

    for (ULONG i = 0; i < ARRAYSIZE(Names); i++) {
        ok_status(MakeServer(Names[i].Name, READ_WRITE, FILE_CREATE, &BytePipe, &Server),
                  Names[i].Status, "make a pipe by name");
        if (!Server)
            continue;
        ok_status(OpenClient(Names[i].Name, SYNCHRONIZE, SYNCHRONOUS, &Client), STATUS_SUCCESS,
                  "and open it");
        ClosePair(Server, Client);
    }
    for (ULONG i = (ULONG)wcslen(Long); i < ARRAYSIZE(Long) - 1; i++)
        Long[i] = 'p';
    ok_status(MakeServer(Long, READ_WRITE, FILE_CREATE, &BytePipe, &Server),
              STATUS_OBJECT_NAME_INVALID, "a name of more than 255 characters");
    Long[wcslen(u"\\Device\\NamedPipe\\") + 255] = 0;
    ok_status(MakeServer(Long, READ_WRITE, FILE_CREATE, &BytePipe, &Server), STATUS_SUCCESS,
              "one of 255");
    ok_status(WaitForPipe(u"no such pipe", 10), STATUS_OBJECT_NAME_NOT_FOUND, "wait for none");
    NtClose(Server);
    MakeServer(u"\\??\\pipe\\UmTests", READ_WRITE, FILE_CREATE, &BytePipe, &Server);
    ok_status(OpenClient(u"\\Device\\NamedPipe\\uMtEsTs", READ_WRITE, SYNCHRONOUS, &Client),
              STATUS_SUCCESS, "names have no case");
    ClosePair(Server, Client);
}

static void TestInstances(void)
{
    PIPE_SHAPE Two = BytePipe, Other = MessagePipe, Narrow = BytePipe;
    FILE_PIPE_LOCAL_INFORMATION Local;
    HANDLE First, Second, Third, Client, Late;

    Two.Instances = 2;
    Narrow.Share = FILE_SHARE_READ;
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_OVERWRITE_IF, &Two, &First), STATUS_SUCCESS,
              "the first instance");
    ok(Iosb.Information == FILE_CREATED, "makes the pipe");
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &Two, &Second), STATUS_ACCESS_DENIED,
              "a second first one");
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_OPEN_IF, &Other, &Second),
              STATUS_ACCESS_DENIED, "of another type");
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_OPEN_IF, &Narrow, &Second),
              STATUS_ACCESS_DENIED, "of another direction");
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_OPEN, &Two, &Second), STATUS_SUCCESS,
              "a second instance");
    ok(Iosb.Information == FILE_OPENED, "opens the pipe");
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_OPEN, &Two, &Third),
              STATUS_INSTANCE_NOT_AVAILABLE, "a third of two");
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &Two, &Third),
              STATUS_INSTANCE_NOT_AVAILABLE, "whatever is wanted");
    ok(QueryLocal(First, &Local) == STATUS_SUCCESS && Local.CurrentInstances == 2 &&
           Local.MaximumInstances == 2,
       "there are two");
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Client), STATUS_SUCCESS, "a client");
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Late), STATUS_SUCCESS, "another");
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Third), STATUS_PIPE_NOT_AVAILABLE,
              "too many");
    ok_status(Put(First, "1", 1), STATUS_SUCCESS, "write to the first");
    ok(Gives(Client, 9, STATUS_SUCCESS, "1"), "the first client has it");
    NtClose(First);
    NtClose(Second);
    ok_status(OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Third), STATUS_OBJECT_NAME_NOT_FOUND,
              "servers gone, the name is gone");
    ok(QueryLocal(Client, &Local) == STATUS_SUCCESS && Local.CurrentInstances == 0,
       "clients know that there are none");
    ok_status(MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &Other, &First), STATUS_SUCCESS,
              "another pipe may have it, though clients are left");
    NtClose(First);
    ClosePair(Client, Late);
}

/* What a client may ask for depends on the direction. */
static void TestDirections(void)
{
    static const struct {
        ULONG Share, Configuration;
        BOOLEAN Read, Write;
    } Directions[] = {
        {FILE_SHARE_READ, FILE_PIPE_OUTBOUND, TRUE, FALSE},
        {FILE_SHARE_WRITE, FILE_PIPE_INBOUND, FALSE, TRUE},
        {BOTH, FILE_PIPE_FULL_DUPLEX, TRUE, TRUE},
    };
    FILE_PIPE_LOCAL_INFORMATION Local;
    HANDLE Server, Client;

    for (ULONG i = 0; i < ARRAYSIZE(Directions); i++) {
        PIPE_SHAPE Shape = BytePipe;
        UCHAR Byte = 0;

        Shape.Share = Directions[i].Share;
        MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &Shape, &Server);
        QueryLocal(Server, &Local);
        ok(Local.NamedPipeConfiguration == Directions[i].Configuration, "the configuration");
        ok_status(OpenClient(PIPE_NAME, GENERIC_READ | SYNCHRONIZE, SYNCHRONOUS, &Client),
                  Directions[i].Read ? STATUS_SUCCESS : STATUS_ACCESS_DENIED,
                  "a client that reads");
        if (Client) {
            NtClose(Client);
            NtClose(Server);
            MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &Shape, &Server);
        }
        ok_status(OpenClient(PIPE_NAME, GENERIC_WRITE | SYNCHRONIZE, SYNCHRONOUS, &Client),
                  Directions[i].Write ? STATUS_SUCCESS : STATUS_ACCESS_DENIED,
                  "a client that writes");
        if (!Client)
            OpenClient(PIPE_NAME, GENERIC_READ | SYNCHRONIZE, SYNCHRONOUS, &Client);
        if (!Directions[i].Write)
            ok_status(Get(Server, &Byte, 1), STATUS_INVALID_PARAMETER, "an outbound pipe's server");
        if (!Directions[i].Read)
            ok_status(Put(Server, &Byte, 1), STATUS_INVALID_PARAMETER, "an inbound pipe's server");
        ClosePair(Server, Client);
    }
}

/* As kernelbase's CreatePipe makes them: relative to the root, without a name. */
static void TestWithoutName(void)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Empty = {0}, Name;
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(1000)};
    UCHAR Buffer[256];
    HANDLE Root, Device, Server, Second, Client, Third = NULL;

    ok_status(OpenClient(u"\\Device\\NamedPipe", GENERIC_READ | SYNCHRONIZE, SYNCHRONOUS, &Device),
              STATUS_SUCCESS, "the device");
    ok_status(OpenClient(u"\\Device\\NamedPipe\\", GENERIC_READ | SYNCHRONIZE, SYNCHRONOUS, &Root),
              STATUS_SUCCESS, "the root directory");
    InitializeObjectAttributes(&Attributes, &Empty, 0, Device, NULL);
    ok_status(NtCreateNamedPipeFile(&Server, READ_WRITE, &Attributes, &Iosb, BOTH, FILE_CREATE,
                                    SYNCHRONOUS, 0, 0, 0, 3, 64, 64, &Limit),
              STATUS_OBJECT_NAME_INVALID, "a pipe without a name on the device");
    Attributes.RootDirectory = Root;
    ok_status(NtCreateNamedPipeFile(&Server, READ_WRITE, &Attributes, &Iosb, BOTH, FILE_OPEN,
                                    SYNCHRONOUS, 0, 0, 0, 3, 64, 64, &Limit),
              STATUS_OBJECT_NAME_NOT_FOUND, "cannot be opened");
    ok_status(NtCreateNamedPipeFile(&Server, READ_WRITE, &Attributes, &Iosb, FILE_SHARE_WRITE,
                                    FILE_CREATE, SYNCHRONOUS, 0, 0, 0, 3, 64, 64, &Limit),
              STATUS_SUCCESS, "can be made in the root");
    ok_status(NtCreateNamedPipeFile(&Second, READ_WRITE, &Attributes, &Iosb, FILE_SHARE_WRITE,
                                    FILE_CREATE, SYNCHRONOUS, 0, 0, 0, 3, 64, 64, &Limit),
              STATUS_SUCCESS, "as often as one likes");
    ok_status(NtQueryObject(Server, ObjectNameInformation, Buffer, sizeof(Buffer), NULL),
              STATUS_OBJECT_PATH_INVALID, "it has no name");
    Attributes.RootDirectory = Server;
    ok_status(
        NtOpenFile(&Client, GENERIC_WRITE | SYNCHRONIZE, &Attributes, &Iosb, BOTH, SYNCHRONOUS),
        STATUS_SUCCESS, "its other end is opened relative to it");
    ok_status(
        NtOpenFile(&Third, GENERIC_WRITE | SYNCHRONIZE, &Attributes, &Iosb, BOTH, SYNCHRONOUS),
        STATUS_PIPE_NOT_AVAILABLE, "once");
    RtlInitUnicodeString(&Name, u"a");
    Attributes.ObjectName = &Name;
    ok_status(
        NtOpenFile(&Third, GENERIC_WRITE | SYNCHRONIZE, &Attributes, &Iosb, BOTH, SYNCHRONOUS),
        STATUS_OBJECT_NAME_INVALID, "there is nothing below it");
    ok_status(Put(Client, "through", 7), STATUS_SUCCESS, "write");
    ok(Gives(Server, 64, STATUS_SUCCESS, "through"), "and read");
    Attributes.RootDirectory = Root;
    ok_status(NtCreateNamedPipeFile(&Third, READ_WRITE, &Attributes, &Iosb, BOTH, FILE_CREATE,
                                    SYNCHRONOUS, 0, 0, 0, 3, 64, 64, &Limit),
              STATUS_SUCCESS, "a name relative to the root");
    NtClose(Third);
    ClosePair(Server, Client);
    ClosePair(Root, Device);
    NtClose(Second);
}

/* ---- Listing ---- */
static void TestListing(void)
{
    union {
        FILE_DIRECTORY_INFORMATION Entry;
        UCHAR Bytes[600];
    } Buffer;
    UNICODE_STRING Pattern;
    HANDLE Root, First, Second;
    ULONG Count = 0;

    MakeServer(u"\\??\\pipe\\list-one", READ_WRITE, FILE_CREATE, &BytePipe, &First);
    MakeServer(u"\\??\\pipe\\list-one", READ_WRITE, FILE_OPEN, &BytePipe, &Second);
    OpenClient(u"\\??\\pipe\\", GENERIC_READ | SYNCHRONIZE, SYNCHRONOUS, &Root);
    RtlInitUnicodeString(&Pattern, u"LIST-*");
    ok_status(NtQueryDirectoryFile(Root, NULL, NULL, NULL, &Iosb, &Buffer, sizeof(Buffer),
                                   FileDirectoryInformation, TRUE, &Pattern, TRUE),
              STATUS_SUCCESS, "the root lists pipes");
    ok(Buffer.Entry.FileNameLength == 16 && !memcmp(Buffer.Entry.FileName, u"list-one", 16),
       "by name");
    ok(Buffer.Entry.EndOfFile.QuadPart == 2 && Buffer.Entry.AllocationSize.QuadPart == 4,
       "with their instances");
    ok_status(NtQueryDirectoryFile(Root, NULL, NULL, NULL, &Iosb, &Buffer, sizeof(Buffer),
                                   FileDirectoryInformation, TRUE, NULL, FALSE),
              STATUS_NO_MORE_FILES, "that was all");
    NtClose(Root);
    OpenClient(u"\\??\\pipe\\", GENERIC_READ | SYNCHRONIZE, SYNCHRONOUS, &Root);
    while (NT_SUCCESS(NtQueryDirectoryFile(Root, NULL, NULL, NULL, &Iosb, &Buffer, sizeof(Buffer),
                                           FileNamesInformation, TRUE, NULL, FALSE)))
        Count++;
    ok(Count >= 1 && Count < 100, "all of them");
    NtClose(Root);
    ok_status(NtQueryDirectoryFile(First, NULL, NULL, NULL, &Iosb, &Buffer, sizeof(Buffer),
                                   FileDirectoryInformation, TRUE, NULL, FALSE),
              STATUS_INVALID_PARAMETER, "a pipe is no directory");
    ClosePair(First, Second);
}

/* ---- The device and the root ---- */
static void TestRoot(PCWSTR Name)
{
    static const struct {
        ULONG Code;
        NTSTATUS Status;
    } Codes[] = {
        {FSCTL_PIPE_ASSIGN_EVENT, STATUS_NOT_SUPPORTED},
        {FSCTL_PIPE_DISCONNECT, STATUS_PIPE_DISCONNECTED},
        {FSCTL_PIPE_LISTEN, STATUS_ILLEGAL_FUNCTION},
        {FSCTL_PIPE_PEEK, STATUS_INVALID_PARAMETER},
        {FSCTL_PIPE_QUERY_EVENT, STATUS_NOT_SUPPORTED},
        {FSCTL_PIPE_TRANSCEIVE, STATUS_PIPE_DISCONNECTED},
        {FSCTL_PIPE_IMPERSONATE, STATUS_ILLEGAL_FUNCTION},
        {FSCTL_PIPE_SET_CLIENT_PROCESS, STATUS_NOT_SUPPORTED},
        {FSCTL_PIPE_QUERY_CLIENT_PROCESS, STATUS_INVALID_PARAMETER},
        {FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, STATUS_INVALID_PARAMETER},
    };
    FILE_FS_DEVICE_INFORMATION Device;
    HANDLE File;
    UCHAR Byte = 0;

    OpenClient(Name, READ_WRITE, SYNCHRONOUS, &File);
    for (ULONG i = 0; i < ARRAYSIZE(Codes); i++)
        ok_status(Control(File, Codes[i].Code, NULL, 0, NULL, 0), Codes[i].Status,
                  "a control code to no pipe");
    ok_status(Get(File, &Byte, 1), STATUS_INVALID_PARAMETER, "read no pipe");
    ok_status(Put(File, &Byte, 1), STATUS_INVALID_PARAMETER, "write no pipe");
    ok_status(
        NtQueryVolumeInformationFile(File, &Iosb, &Device, sizeof(Device), FileFsDeviceInformation),
        STATUS_SUCCESS, "what kind of device it is");
    ok(Device.DeviceType == FILE_DEVICE_NAMED_PIPE, "one of pipes");
    NtClose(File);
}

/* ---- Information ---- */
static void TestPipeInformation(void)
{
    FILE_PIPE_REMOTE_INFORMATION Remote;
    FILE_PIPE_LOCAL_INFORMATION Local;
    FILE_STANDARD_INFORMATION Standard;
    FILE_PIPE_INFORMATION Modes;
    struct {
        FILE_NAME_INFORMATION Name;
        WCHAR More[32];
    } Name;
    HANDLE Server, Client, Blind;

    if (!ok(MakePair(&MessagePipe, &Server, &Client), "a pair of ends"))
        return;
    ok_status(QueryLocal(Server, &Local), STATUS_SUCCESS, "about a server's end");
    ok(Local.NamedPipeType == FILE_PIPE_MESSAGE_TYPE &&
           Local.NamedPipeEnd == FILE_PIPE_SERVER_END &&
           Local.NamedPipeState == FILE_PIPE_CONNECTED_STATE && Local.InboundQuota == 256,
       "type, end, state, quota");
    Put(Client, "12345", 5);
    QueryLocal(Server, &Local);
    ok(Local.ReadDataAvailable == 5 && Local.WriteQuotaAvailable == 256, "what can be read");
    QueryLocal(Client, &Local);
    ok(Local.ReadDataAvailable == 0 && Local.WriteQuotaAvailable == 251 &&
           Local.NamedPipeEnd == FILE_PIPE_CLIENT_END,
       "and written");
    ok_status(
        NtQueryInformationFile(Server, &Iosb, &Standard, sizeof(Standard), FileStandardInformation),
        STATUS_SUCCESS, "the standard class");
    ok(Standard.EndOfFile.QuadPart == 5 && Standard.AllocationSize.QuadPart == 512, "has sizes");
    ok_status(NtQueryInformationFile(Client, &Iosb, &Modes, sizeof(Modes), FilePipeInformation),
              STATUS_SUCCESS, "modes");
    ok(Modes.ReadMode == 1 && Modes.CompletionMode == 0, "as they were set");
    ok_status(SetModes(Client, 2, 0), STATUS_INVALID_PARAMETER, "no such read mode");
    ok_status(SetModes(Client, 0, 2), STATUS_INVALID_PARAMETER, "no such completion mode");
    ok_status(SetModes(Client, 0, 1), STATUS_SUCCESS, "others");
    ok_status(
        NtQueryInformationFile(Client, &Iosb, &Remote, sizeof(Remote), FilePipeRemoteInformation),
        STATUS_INVALID_PARAMETER, "a local pipe is not remote");
    ok_status(
        NtSetInformationFile(Client, &Iosb, &Remote, sizeof(Remote), FilePipeRemoteInformation),
        STATUS_INVALID_PARAMETER, "nor can it be");
    ok_status(NtQueryInformationFile(Server, &Iosb, &Name, sizeof(Name), FileNameInformation),
              STATUS_SUCCESS, "its name");
    ok(Name.Name.FileNameLength == 16 && !memcmp(Name.Name.FileName, u"\\umtests", 16),
       "begins with a backslash");
    Blind = Restricted(Server, SYNCHRONIZE | FILE_READ_DATA);
    ok_status(QueryLocal(Blind, &Local), STATUS_ACCESS_DENIED, "needs FILE_READ_ATTRIBUTES");
    ok_status(SetModes(Blind, 0, 0), STATUS_ACCESS_DENIED, "needs FILE_WRITE_ATTRIBUTES");
    NtClose(Blind);
    ok_status(NtSetInformationFile(Server, &Iosb, BAD_ADDRESS, 8, FilePipeInformation),
              STATUS_ACCESS_VIOLATION, "modes nowhere");
    ClosePair(Server, Client);
    MakePair(&BytePipe, &Server, &Client);
    ok_status(SetModes(Client, 1, 0), STATUS_INVALID_PARAMETER, "a byte pipe has no messages");
    ClosePair(Server, Client);
}

static void TestAttributes(void)
{
    ULONG Id = 0;
    HANDLE Server, Client;

    MakePair(&BytePipe, &Server, &Client);
    ok_status(Control(Server, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, "ClientProcessId", 16, &Id, 4),
              STATUS_SUCCESS, "whose the client is");
    ok(Id == (ULONG)(ULONG_PTR)NtCurrentTeb()->ClientId.UniqueProcess && Iosb.Information == 4,
       "this process's");
    Id = 0;
    ok_status(Control(Client, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, "ServerProcessId", 16, &Id, 4),
              STATUS_SUCCESS, "whose the server is");
    ok(Id == (ULONG)(ULONG_PTR)NtCurrentTeb()->ClientId.UniqueProcess, "too");
    ok_status(Control(Client, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, "ServerSessionId", 16, &Id, 4),
              STATUS_SUCCESS, "in which session");
    ok_status(Control(Client, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, "ServerProcessI?", 16, &Id, 4),
              STATUS_NOT_FOUND, "no such attribute");
    ok_status(Control(Client, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, "ServerProcessId", 16, &Id, 3),
              STATUS_BUFFER_TOO_SMALL, "no room");
    ok_status(Control(Client, FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE, BAD_ADDRESS, 16, &Id, 4),
              STATUS_ACCESS_VIOLATION, "a name nowhere");
    ClosePair(Server, Client);
}

/* ---- Waiting for an instance ---- */
static NTSTATUS NTAPI WaitLong(PVOID Name)
{
    return WaitForPipe(Name, 5000);
}

static void TestWaiting(void)
{
    FILE_PIPE_WAIT_FOR_BUFFER Short = {.NameLength = 2};
    HANDLE Server, Client, Root, Thread;

    MakeServer(PIPE_NAME, READ_WRITE, FILE_CREATE, &BytePipe, &Server);
    ok_status(WaitForPipe(u"umtests", 1000), STATUS_SUCCESS, "there is an instance");
    OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Client);
    ok_status(WaitForPipe(u"umtests", 20), STATUS_IO_TIMEOUT, "there is none");
    ok_status(WaitForPipe(u"UMTESTS", 0), STATUS_IO_TIMEOUT, "the pipe has a limit, too");
    Thread = StartThread(WaitLong, u"umtests");
    ComesToWait(Thread);
    Disconnect(Server);
    ok(IsWaiting(Thread), "one that is disconnected does not count");
    SetModes(Server, 0, 1);
    ok_status(Listen(Server), STATUS_PIPE_LISTENING, "listen without waiting");
    ok_status(EndOfThread(Thread), STATUS_SUCCESS, "one that listens does");
    NtClose(Client);
    OpenClient(PIPE_NAME, READ_WRITE, SYNCHRONOUS, &Client);
    Thread = StartThread(WaitLong, u"umtests");
    ComesToWait(Thread);
    NtClose(Server);
    ok_status(EndOfThread(Thread), STATUS_OBJECT_NAME_NOT_FOUND, "the pipe goes meanwhile");
    NtClose(Client);
    OpenClient(u"\\Device\\NamedPipe\\", READ_WRITE, SYNCHRONOUS, &Root);
    ok_status(Control(Root, FSCTL_PIPE_WAIT, &Short, 4, NULL, 0), STATUS_INVALID_PARAMETER,
              "half a request");
    Short.NameLength = 0x10000;
    ok_status(Control(Root, FSCTL_PIPE_WAIT, &Short, sizeof(Short), NULL, 0),
              STATUS_INVALID_PARAMETER, "a name that is not there");
    Short.NameLength = 1;
    ok_status(Control(Root, FSCTL_PIPE_WAIT, &Short, sizeof(Short), NULL, 0),
              STATUS_INVALID_PARAMETER, "half a character");
    ok_status(Control(Root, FSCTL_PIPE_WAIT, BAD_ADDRESS, sizeof(Short), NULL, 0),
              STATUS_ACCESS_VIOLATION, "a request nowhere");
    NtClose(Root);
    OpenClient(u"\\Device\\NamedPipe", READ_WRITE, SYNCHRONOUS, &Root);
    ok_status(Control(Root, FSCTL_PIPE_WAIT, &Short, sizeof(Short), NULL, 0),
              STATUS_ILLEGAL_FUNCTION, "the device does not wait");
    NtClose(Root);
}

void TestPipes(void)
{
    TestArguments();
    TestBadAddresses();
    TestNames();
    TestInstances();
    TestDirections();
    TestWithoutName();
    TestListing();
    TestRoot(u"\\Device\\NamedPipe");
    TestRoot(u"\\Device\\NamedPipe\\");
    TestPipeInformation();
    TestAttributes();
    TestWaiting();
    TestPipeStates();
    TestPipeData();
    TestPipeRequests();
    TestPipeSecurity();
    TestPipeDeaths();
}
