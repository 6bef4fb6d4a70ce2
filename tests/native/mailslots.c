/* SPDX-License-Identifier: BSD-2-Clause */
/* Mailslots. */
#include "pipes.h"

#define SLOT_NAME u"\\??\\MAILSLOT\\umtests"

static HANDLE Slot, Writer;

static NTSTATUS MakeSlot(PCWSTR Name, ULONG Options, ULONG Quota, ULONG Maximum, LONGLONG Limit)
{
    LARGE_INTEGER Timeout = {.QuadPart = Limit};

    Slot = NULL;
    return NtCreateMailslotFile(&Slot, GENERIC_READ | SYNCHRONIZE | WRITE_DAC,
                                Named(Name, OBJ_CASE_INSENSITIVE), &Iosb, Options, Quota, Maximum,
                                &Timeout);
}

static NTSTATUS AskSlot(PFILE_MAILSLOT_QUERY_INFORMATION Query)
{
    return NtQueryInformationFile(Slot, &Iosb, Query, sizeof(*Query), FileMailslotQueryInformation);
}

static void TestMaking(void)
{
    LARGE_INTEGER Limit = {0};
    HANDLE First;

    ok_status(MakeSlot(u"\\Device\\Mailslot", SYNCHRONOUS, 0, 0, 0), STATUS_OBJECT_NAME_INVALID,
              "a mailslot without a name");
    ok_status(MakeSlot(u"\\Device\\NamedPipe\\slot", SYNCHRONOUS, 0, 0, 0),
              STATUS_INVALID_DEVICE_REQUEST, "among pipes");
    ok_status(MakeSlot(u"\\SystemRoot\\slot", SYNCHRONOUS, 0, 0, 0), STATUS_INVALID_DEVICE_REQUEST,
              "among files");
    ok_status(MakeSlot(SLOT_NAME, FILE_DIRECTORY_FILE, 0, 0, 0), STATUS_INVALID_PARAMETER,
              "a directory");
    ok_status(NtCreateMailslotFile(&Slot, GENERIC_READ | SYNCHRONIZE, Named(SLOT_NAME, 0), &Iosb,
                                   SYNCHRONOUS, 0, 0, NULL),
              STATUS_INVALID_PARAMETER, "no time limit");
    ok_status(NtCreateMailslotFile(&Slot, GENERIC_READ | SYNCHRONIZE, Named(SLOT_NAME, 0), &Iosb,
                                   SYNCHRONOUS, 0, 0, BAD_ADDRESS),
              STATUS_ACCESS_VIOLATION, "a time limit nowhere");
    ok_status(NtCreateMailslotFile(BAD_ADDRESS, GENERIC_READ | SYNCHRONIZE, Named(SLOT_NAME, 0),
                                   &Iosb, SYNCHRONOUS, 0, 0, &Limit),
              STATUS_ACCESS_VIOLATION, "a handle to nowhere");
    ok_status(OpenClient(SLOT_NAME, GENERIC_WRITE | SYNCHRONIZE, SYNCHRONOUS, &Writer),
              STATUS_OBJECT_NAME_NOT_FOUND, "none is there");
    ok_status(MakeSlot(SLOT_NAME, SYNCHRONOUS, 0, 0, 0), STATUS_SUCCESS, "a mailslot");
    ok(Iosb.Information == FILE_CREATED, "has been made");
    First = Slot;
    ok_status(MakeSlot(SLOT_NAME, SYNCHRONOUS, 0, 0, 0), STATUS_OBJECT_NAME_COLLISION,
              "another of that name");
    ok_status(OpenClient(u"\\Device\\Mailslot\\UMTESTS", GENERIC_WRITE | SYNCHRONIZE, SYNCHRONOUS,
                         &Writer),
              STATUS_SUCCESS, "a writer");
    NtClose(First);
    ok_status(Put(Writer, "x", 1), STATUS_FILE_FORCED_CLOSED, "the reader is gone");
    NtClose(Writer);
}

static void TestMessages(void)
{
    FILE_MAILSLOT_QUERY_INFORMATION Query;
    UCHAR Byte = 0;

    MakeSlot(SLOT_NAME, SYNCHRONOUS, 0, 100, 0);
    OpenClient(SLOT_NAME, GENERIC_WRITE | GENERIC_READ | SYNCHRONIZE, SYNCHRONOUS, &Writer);
    ok_status(AskSlot(&Query), STATUS_SUCCESS, "an empty slot");
    ok(Query.NextMessageSize == MAILSLOT_NO_MESSAGE && Query.MessagesAvailable == 0 &&
           Query.MaximumMessageSize == 100 && Query.ReadTimeout.QuadPart == 0,
       "says so");
    ok_status(Get(Slot, &Byte, 1), STATUS_IO_TIMEOUT, "nothing to read, no time to wait");
    ok_status(Put(Writer, "a", 1), STATUS_SUCCESS, "a message");
    ok_status(Put(Writer, "bc", 2), STATUS_SUCCESS, "two");
    ok_status(Put(Writer, "", 0), STATUS_SUCCESS, "an empty one");
    AskSlot(&Query);
    ok(Query.NextMessageSize == 1 && Query.MessagesAvailable == 3, "three messages");
    ok(Gives(Slot, 64, STATUS_SUCCESS, "a"), "the first");
    ok_status(Get(Slot, &Byte, 1), STATUS_BUFFER_TOO_SMALL, "no room for the second");
    ok(Gives(Slot, 64, STATUS_SUCCESS, "bc"), "which stays");
    ok(Gives(Slot, 64, STATUS_SUCCESS, ""), "the empty one");
    ok_status(Get(Slot, &Byte, 1), STATUS_IO_TIMEOUT, "that was all");
    ok_status(Put(Writer, (UCHAR[101]){0}, 101), STATUS_INVALID_PARAMETER, "too long a message");
    ok_status(Put(Writer, BAD_ADDRESS, 10), STATUS_ACCESS_VIOLATION, "one from nowhere");
    ok_status(Get(Writer, &Byte, 1), STATUS_INVALID_PARAMETER, "a writer does not read");
    ok_status(Put(Slot, &Byte, 1), STATUS_ACCESS_DENIED, "a reader does not write");
    ok_status(Control(Slot, FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0), STATUS_INVALID_DEVICE_REQUEST,
              "a slot is no pipe");
    ok_status(
        NtQueryInformationFile(Writer, &Iosb, &Query, sizeof(Query), FileMailslotQueryInformation),
        STATUS_INVALID_PARAMETER, "a writer knows nothing of the slot");
    ClosePair(Slot, Writer);
    MakeSlot(SLOT_NAME, SYNCHRONOUS, 10, 0, 0);
    OpenClient(SLOT_NAME, GENERIC_WRITE | SYNCHRONIZE, SYNCHRONOUS, &Writer);
    ok_status(Put(Writer, "12345678", 8), STATUS_SUCCESS, "within the quota");
    ok_status(Put(Writer, "123", 3), STATUS_QUOTA_EXCEEDED, "beyond it");
    ClosePair(Slot, Writer);
}

static void TestLimits(void)
{
    FILE_MAILSLOT_SET_INFORMATION Set;
    LARGE_INTEGER Limit = {.QuadPart = MILLISECONDS(40)}, Before, After;
    PIPE_CALL Read = {0};
    UCHAR Byte;

    MakeSlot(SLOT_NAME, SYNCHRONOUS, 0, 0, MILLISECONDS(60));
    OpenClient(SLOT_NAME, GENERIC_WRITE | SYNCHRONIZE, SYNCHRONOUS, &Writer);
    NtQuerySystemTime(&Before);
    ok_status(Get(Slot, &Byte, 1), STATUS_IO_TIMEOUT, "a read with a time limit");
    NtQuerySystemTime(&After);
    ok(After.QuadPart - Before.QuadPart >= -MILLISECONDS(40), "takes that long");
    BeginCall(&Read, Slot, CALL_READ, 8);
    Put(Writer, "in time", 7);
    ok_status(EndCall(&Read), STATUS_SUCCESS, "one that gets a message");
    ok(Read.Iosb.Information == 7 && !memcmp(Read.Buffer, "in time", 7), "in time");
    Limit.QuadPart = -1;
    Set.ReadTimeout = &Limit;
    ok_status(NtSetInformationFile(Slot, &Iosb, &Set, sizeof(Set), FileMailslotSetInformation),
              STATUS_SUCCESS, "no limit");
    BeginCall(&Read, Slot, CALL_READ, 3);
    Sleep(100);
    ok(Waits(&Read), "waits on");
    Put(Writer, "long", 4);
    ok_status(EndCall(&Read), STATUS_BUFFER_TOO_SMALL, "a message that is too long ends it");
    ok(Gives(Slot, 64, STATUS_SUCCESS, "long"), "and stays");
    Set.ReadTimeout = BAD_ADDRESS;
    ok_status(NtSetInformationFile(Slot, &Iosb, &Set, sizeof(Set), FileMailslotSetInformation),
              STATUS_ACCESS_VIOLATION, "a limit nowhere");
    BeginCall(&Read, Slot, CALL_READ, 3);
    NtClose(Slot);
    ok_status(EndCall(&Read), STATUS_FILE_FORCED_CLOSED, "the slot is closed under its reader");
    NtClose(Writer);
}

static void TestAsynchronous(void)
{
    IO_STATUS_BLOCK Blocks[2] = {{.Status = STATUS_PENDING}, {.Status = STATUS_PENDING}};
    char Buffer[2][8];

    MakeSlot(SLOT_NAME, 0, 0, 0, -1);
    OpenClient(SLOT_NAME, GENERIC_WRITE | SYNCHRONIZE, SYNCHRONOUS, &Writer);
    ok_status(NtReadFile(Slot, NULL, NULL, NULL, &Blocks[0], Buffer[0], 8, NULL, NULL),
              STATUS_PENDING, "a read is pending");
    NtReadFile(Slot, NULL, NULL, NULL, &Blocks[1], Buffer[1], 8, NULL, NULL);
    ok_status(NtCancelIoFileEx(Slot, &Blocks[0], &Iosb), STATUS_SUCCESS, "cancel it");
    IsOver(&Blocks[0]);
    ok_status(Blocks[0].Status, STATUS_CANCELLED, "it ends");
    Put(Writer, "next", 4);
    ok(IsOver(&Blocks[1]) && Blocks[1].Status == STATUS_SUCCESS && Blocks[1].Information == 4,
       "the next gets what comes");
    ClosePair(Slot, Writer);
    MakeSlot(SLOT_NAME, 0, 0, 0, MILLISECONDS(30));
    Blocks[0].Status = STATUS_PENDING;
    NtReadFile(Slot, NULL, NULL, NULL, &Blocks[0], Buffer[0], 8, NULL, NULL);
    ok_status(WaitFor(Slot, 2000), STATUS_SUCCESS, "or its limit is over");
    ok_status(Blocks[0].Status, STATUS_IO_TIMEOUT, "and that is told");
    NtClose(Slot);
}

static void TestListing(void)
{
    union {
        FILE_NAMES_INFORMATION Entry;
        UCHAR Bytes[600];
    } Buffer;
    HANDLE Root;

    MakeSlot(SLOT_NAME, SYNCHRONOUS, 0, 0, 0);
    OpenClient(u"\\Device\\Mailslot\\", GENERIC_READ | SYNCHRONIZE, SYNCHRONOUS, &Root);
    ok_status(NtQueryDirectoryFile(Root, NULL, NULL, NULL, &Iosb, &Buffer, sizeof(Buffer),
                                   FileNamesInformation, TRUE, NULL, TRUE),
              STATUS_SUCCESS, "slots are listed");
    ok(Buffer.Entry.FileNameLength == 14 && !memcmp(Buffer.Entry.FileName, u"umtests", 14),
       "by name");
    ClosePair(Slot, Root);
}

void TestMailslots(void)
{
    TestMaking();
    TestMessages();
    TestLimits();
    TestAsynchronous();
    TestListing();
}
