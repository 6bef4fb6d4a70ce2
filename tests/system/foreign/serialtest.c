/* SPDX-License-Identifier: BSD-2-Clause */
/* A serial port with its output for input: reads with time-outs, waits for events, purging,
 * closing, the end of the driver. */
#include "check.h"
typedef LARGE_INTEGER PHYSICAL_ADDRESS; /* which ntddser.h takes for known */
#include <ntddser.h>

#define DEVICE L"\\Device\\FgnSerial0"
#define SOON 10000 /* ms */

static HANDLE File;

static NTSTATUS Ask(ULONG Code, PVOID In, ULONG InLength, PVOID Out, ULONG OutLength)
{
    PENDING Pending;
    NTSTATUS Status = StartControl(File, Code, In, InLength, Out, OutLength, &Pending);

    return NT_SUCCESS(Status) ? Finish(&Pending, SOON) : Status;
}

static NTSTATUS Write(PCSTR Text, ULONG Length)
{
    IO_STATUS_BLOCK Block;
    LARGE_INTEGER Start = {.QuadPart = 0};

    return NtWriteFile(File, NULL, NULL, NULL, &Block, (PVOID)Text, Length, &Start, NULL);
}

/* A read that does not wait: a driver may say STATUS_PENDING all the same. */
static NTSTATUS ReadNow(PVOID Buffer, ULONG Length, PENDING *Pending)
{
    NTSTATUS Status = StartRead(File, Buffer, Length, Pending);

    return NT_SUCCESS(Status) ? Finish(Pending, SOON) : Status;
}

static NTSTATUS Timeouts(ULONG Interval, ULONG Multiplier, ULONG Constant)
{
    SERIAL_TIMEOUTS Timeouts = {.ReadIntervalTimeout = Interval,
                                .ReadTotalTimeoutMultiplier = Multiplier,
                                .ReadTotalTimeoutConstant = Constant};

    return Ask(IOCTL_SERIAL_SET_TIMEOUTS, &Timeouts, sizeof(Timeouts), NULL, 0);
}

static ULONG InQueue(void)
{
    SERIAL_STATUS Status = {.AmountInInQueue = 0xffff};

    Ask(IOCTL_SERIAL_GET_COMMSTATUS, NULL, 0, &Status, sizeof(Status));
    return Status.AmountInInQueue;
}

static LONGLONG Now(void)
{
    LARGE_INTEGER Time;

    NtQuerySystemTime(&Time);
    return Time.QuadPart / -MILLISECOND;
}

static void Settings(void)
{
    SERIAL_BAUD_RATE Baud = {0};
    SERIAL_TIMEOUTS Got = {0};
    ULONG Mask = 99;

    is_status(Ask(IOCTL_SERIAL_GET_BAUD_RATE, NULL, 0, &Baud, sizeof(Baud)), STATUS_SUCCESS,
              "the rate");
    ok(Baud.BaudRate == 1200, "is 1200 at first");
    Baud.BaudRate = 9600;
    is_status(Ask(IOCTL_SERIAL_SET_BAUD_RATE, &Baud, sizeof(Baud), NULL, 0), STATUS_SUCCESS,
              "another");
    Baud.BaudRate = 0;
    is_status(Ask(IOCTL_SERIAL_SET_BAUD_RATE, &Baud, sizeof(Baud), NULL, 0),
              STATUS_INVALID_PARAMETER, "none is refused");
    is_status(Ask(IOCTL_SERIAL_GET_BAUD_RATE, NULL, 0, &Baud, sizeof(Baud)), STATUS_SUCCESS,
              "the rate again");
    ok(Baud.BaudRate == 9600, "is as it was set");
    is_status(Timeouts(1, 2, 3), STATUS_SUCCESS, "time-outs");
    is_status(Ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, &Got, sizeof(Got)), STATUS_SUCCESS,
              "come back");
    ok(Got.ReadIntervalTimeout == 1 && Got.ReadTotalTimeoutMultiplier == 2 &&
           Got.ReadTotalTimeoutConstant == 3,
       "as they were set");
    is_status(Timeouts(MAXULONG, MAXULONG, MAXULONG), STATUS_INVALID_PARAMETER,
              "some make no sense");
    is_status(Ask(IOCTL_SERIAL_SET_TIMEOUTS, &Got, sizeof(Got) - 1, NULL, 0),
              STATUS_BUFFER_TOO_SMALL, "half of them");
    is_status(Ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, &Got, 4), STATUS_BUFFER_TOO_SMALL,
              "room for half");
    is_status(Ask(IOCTL_SERIAL_GET_WAIT_MASK, NULL, 0, &Mask, sizeof(Mask)), STATUS_SUCCESS,
              "the mask");
    ok(Mask == 0, "is empty");
    is_status(Ask(IOCTL_SERIAL_SET_DTR, NULL, 0, NULL, 0), STATUS_INVALID_PARAMETER,
              "a code that it does not have");
}

static void WholeReads(void)
{
    char Got[8] = "-------";
    PENDING Pending;

    is_status(Timeouts(0, 0, 0), STATUS_SUCCESS, "no time-outs");
    is_status(StartRead(File, Got, 6, &Pending), STATUS_PENDING, "a read waits");
    is_status(Write("abc", 3), STATUS_SUCCESS, "some bytes");
    is_status(Finish(&Pending, 30), STATUS_TIMEOUT, "are too few");
    is_status(Write("defgh", 5), STATUS_SUCCESS, "more");
    is_status(Finish(&Pending, SOON), STATUS_SUCCESS, "fill it");
    ok(Pending.Block.Information == 6 && !memcmp(Got, "abcdef-", 7), "in their order");
    ok(InQueue() == 2, "the rest stays");
    is_status(ReadNow(Got, 2, &Pending), STATUS_SUCCESS, "for the next read");
    ok(!memcmp(Got, "gh", 2) && InQueue() == 0, "which takes it");
    is_status(ReadNow(Got, 0, &Pending), STATUS_SUCCESS, "a read of nothing");
}

static void TotalTimeout(void)
{
    char Got[8] = "-------";
    PENDING Pending;
    LONGLONG Start = Now();

    is_status(Timeouts(0, 25, 400), STATUS_SUCCESS, "400 ms and 25 for each byte");
    is_status(StartRead(File, Got, 4, &Pending), STATUS_PENDING, "a read waits");
    is_status(Write("ab", 2), STATUS_SUCCESS, "some bytes");
    is_status(Finish(&Pending, SOON), STATUS_TIMEOUT, "it ends by time");
    ok(Pending.Block.Status == STATUS_TIMEOUT, "(it has ended)");
    ok(Now() - Start >= 480, "not before");
    ok(Pending.Block.Information == 2 && !memcmp(Got, "ab-", 3), "with what came");
}

static void IntervalTimeout(void)
{
    char Got[8] = "-------";
    PENDING Pending;

    is_status(Timeouts(500, 0, 0), STATUS_SUCCESS, "500 ms between bytes");
    is_status(StartRead(File, Got, 7, &Pending), STATUS_PENDING, "a read waits");
    is_status(WaitFor(Pending.Event, 700), STATUS_TIMEOUT,
              "for the first byte as long as it takes");
    is_status(Write("a", 1), STATUS_SUCCESS, "it comes");
    Pause(20);
    is_status(Write("b", 1), STATUS_SUCCESS, "and one soon after");
    is_status(WaitFor(Pending.Event, SOON), STATUS_SUCCESS, "then none, and the read ends");
    ok(Pending.Block.Status == STATUS_TIMEOUT && Pending.Block.Information == 2, "by time");
    ok(!memcmp(Got, "ab-", 3), "with both");
    NtClose(Pending.Event);
    is_status(Timeouts(MAXULONG, 0, 0), STATUS_SUCCESS, "no waiting at all");
    is_status(ReadNow(Got, 7, &Pending), STATUS_SUCCESS, "a read ends at once");
    ok(Pending.Block.Information == 0, "with nothing");
    is_status(Write("xy", 2), STATUS_SUCCESS, "or");
    is_status(ReadNow(Got, 7, &Pending), STATUS_SUCCESS, "at once");
    ok(Pending.Block.Information == 2 && !memcmp(Got, "xy-", 3), "with what is there");
}

static void Cancelling(void)
{
    char Got[2][4];
    PENDING First, Second;
    IO_STATUS_BLOCK Block;
    ULONG Purge = SERIAL_PURGE_RXABORT;

    is_status(Timeouts(0, 0, 0), STATUS_SUCCESS, "no time-outs");
    is_status(StartRead(File, Got[0], 4, &First), STATUS_PENDING, "a read");
    is_status(StartRead(File, Got[1], 4, &Second), STATUS_PENDING, "and another");
    is_status(Write("ab", 2), STATUS_SUCCESS, "half of the first");
    is_status(NtCancelIoFile(File, &Block), STATUS_SUCCESS, "both are cancelled");
    is_status(Finish(&First, SOON), STATUS_CANCELLED, "the first");
    ok(First.Block.Information == 2, "(which had two bytes)");
    is_status(Finish(&Second, SOON), STATUS_CANCELLED, "the second");
    is_status(StartRead(File, Got[0], 4, &First), STATUS_PENDING, "one more");
    is_status(Ask(IOCTL_SERIAL_PURGE, &Purge, sizeof(Purge), NULL, 0), STATUS_SUCCESS, "is purged");
    is_status(Finish(&First, SOON), STATUS_CANCELLED, "and ends");
    is_status(Write("abc", 3), STATUS_SUCCESS, "bytes in the queue");
    Purge = SERIAL_PURGE_RXCLEAR;
    is_status(Ask(IOCTL_SERIAL_PURGE, &Purge, sizeof(Purge), NULL, 0), STATUS_SUCCESS,
              "are purged");
    ok(InQueue() == 0, "and gone");
    Purge = 0x100;
    is_status(Ask(IOCTL_SERIAL_PURGE, &Purge, sizeof(Purge), NULL, 0), STATUS_INVALID_PARAMETER,
              "an unknown purge");
}

static void WaitMask(void)
{
    ULONG Mask = SERIAL_EV_RXCHAR, Got = 0;
    PENDING Pending, Second;
    IO_STATUS_BLOCK Block;

    is_status(Ask(IOCTL_SERIAL_WAIT_ON_MASK, NULL, 0, &Got, sizeof(Got)), STATUS_INVALID_PARAMETER,
              "no mask to wait for");
    is_status(Ask(IOCTL_SERIAL_SET_WAIT_MASK, &Mask, sizeof(Mask), NULL, 0), STATUS_SUCCESS, "one");
    is_status(StartControl(File, IOCTL_SERIAL_WAIT_ON_MASK, NULL, 0, &Got, sizeof(Got), &Pending),
              STATUS_PENDING, "a wait");
    is_status(StartControl(File, IOCTL_SERIAL_WAIT_ON_MASK, NULL, 0, &Got, sizeof(Got), &Second),
              STATUS_INVALID_PARAMETER, "there is one at a time");
    is_status(Write("a", 1), STATUS_SUCCESS, "a byte");
    is_status(Finish(&Pending, SOON), STATUS_SUCCESS, "ends it");
    ok(Got == SERIAL_EV_RXCHAR, "and says so");
    is_status(Write("b", 1), STATUS_SUCCESS, "what happens while nobody waits");
    is_status(Ask(IOCTL_SERIAL_WAIT_ON_MASK, NULL, 0, &Got, sizeof(Got)), STATUS_SUCCESS,
              "is kept for who comes");
    is_status(StartControl(File, IOCTL_SERIAL_WAIT_ON_MASK, NULL, 0, &Got, sizeof(Got), &Pending),
              STATUS_PENDING, "a wait");
    Mask = 0;
    is_status(Ask(IOCTL_SERIAL_SET_WAIT_MASK, &Mask, sizeof(Mask), NULL, 0), STATUS_SUCCESS,
              "a new mask");
    is_status(Finish(&Pending, SOON), STATUS_SUCCESS, "ends it");
    ok(Got == 0, "with nothing");
    Mask = 0x8000;
    is_status(Ask(IOCTL_SERIAL_SET_WAIT_MASK, &Mask, sizeof(Mask), NULL, 0),
              STATUS_INVALID_PARAMETER, "an unknown event");
    Mask = SERIAL_EV_RXCHAR;
    is_status(Ask(IOCTL_SERIAL_SET_WAIT_MASK, &Mask, sizeof(Mask), NULL, 0), STATUS_SUCCESS,
              "the old mask");
    is_status(StartControl(File, IOCTL_SERIAL_WAIT_ON_MASK, NULL, 0, &Got, sizeof(Got), &Pending),
              STATUS_PENDING, "a wait");
    is_status(NtCancelIoFile(File, &Block), STATUS_SUCCESS, "is cancelled");
    is_status(Finish(&Pending, SOON), STATUS_CANCELLED, "and ends");
    is_status(StartControl(File, IOCTL_SERIAL_WAIT_ON_MASK, NULL, 0, &Got, sizeof(Got), &Pending),
              STATUS_PENDING, "there may be another");
    is_status(NtCancelIoFile(File, &Block), STATUS_SUCCESS, "for as long");
    is_status(Finish(&Pending, SOON), STATUS_CANCELLED, "as one likes");
}

/* What goes in comes out, in whatever pieces. */
static void Stream(void)
{
    static UCHAR Out[1000], In[1000];
    ULONG Sent = 0, Read = 0, i, Wrong = 0, Tries;
    PENDING Pending;

    is_status(Timeouts(MAXULONG, 0, 0), STATUS_SUCCESS, "reads that do not wait");
    Ask(IOCTL_SERIAL_PURGE, &(ULONG){SERIAL_PURGE_RXCLEAR}, sizeof(ULONG), NULL, 0);
    for (i = 0; i < sizeof(Out); i++)
        Out[i] = (UCHAR)(i * 13);
    for (Tries = 0; Read < sizeof(In) && Tries < 1000; Tries++) {
        ULONG Piece = 1 + Tries * 7 % 61;

        if (Piece > sizeof(Out) - Sent)
            Piece = sizeof(Out) - Sent;
        Write((PCSTR)Out + Sent, Piece);
        Sent += Piece;
        Piece = 1 + Tries * 11 % 53;
        if (Piece > sizeof(In) - Read)
            Piece = sizeof(In) - Read;
        if (ReadNow(In + Read, Piece, &Pending) == STATUS_SUCCESS)
            Read += (ULONG)Pending.Block.Information;
    }
    for (i = 0; i < sizeof(In); i++)
        Wrong += In[i] != Out[i];
    ok(Read == sizeof(In) && !Wrong, "all bytes, in order");
}

static void Overrun(void)
{
    static CHAR Much[5000];
    SERIAL_STATUS Status = {0};

    Ask(IOCTL_SERIAL_PURGE, &(ULONG){SERIAL_PURGE_RXCLEAR}, sizeof(ULONG), NULL, 0);
    is_status(Write(Much, sizeof(Much)), STATUS_SUCCESS, "more than the port keeps");
    is_status(Ask(IOCTL_SERIAL_GET_COMMSTATUS, NULL, 0, &Status, sizeof(Status)), STATUS_SUCCESS,
              "the status");
    ok(Status.AmountInInQueue == 4096 && Status.Errors == SERIAL_ERROR_QUEUEOVERRUN,
       "tells of an overrun");
    Ask(IOCTL_SERIAL_GET_COMMSTATUS, NULL, 0, &Status, sizeof(Status));
    ok(Status.Errors == 0, "once");
}

static void Closing(void)
{
    HANDLE Second;
    PENDING Pending;
    char Got[4];

    is_status(Open(DEVICE, 0, &Second), STATUS_ACCESS_DENIED, "the device is exclusive");
    is_status(Timeouts(0, 0, 100000), STATUS_SUCCESS, "a long time-out");
    is_status(ReadNow(Got, 2, &Pending), STATUS_SUCCESS, "a read takes what is there");
    Ask(IOCTL_SERIAL_PURGE, &(ULONG){SERIAL_PURGE_RXCLEAR}, sizeof(ULONG), NULL, 0);
    is_status(StartRead(File, Got, 4, &Pending), STATUS_PENDING, "a read waits");
    is_status(NtClose(File), STATUS_SUCCESS, "the file closes");
    is_status(Finish(&Pending, SOON), STATUS_CANCELLED, "the read ends");
    is_status(Open(DEVICE, 0, &File), STATUS_SUCCESS, "the device opens again");
    ok(InQueue() == 0, "empty");
    is_status(StartRead(File, Got, 4, &Pending), STATUS_PENDING, "a read waits");
    is_status(Unload(L"fgnserial"), STATUS_DEVICE_BUSY, "the driver stays");
    ok(KillProcess(L"fgnserial.sys") == 1, "its process is killed");
    ok(!NT_SUCCESS(Finish(&Pending, SOON)), "the read ends with an error");
    NtClose(File);
    is_status(OpenAgain(DEVICE, &Second), STATUS_SUCCESS, "the driver comes back");
    NtClose(Second);
    is_status(Open(DEVICE, 0, &File), STATUS_SUCCESS, "its device opens");
    is_status(Write("ab", 2), STATUS_SUCCESS, "and takes bytes");
    is_status(ReadNow(Got, 2, &Pending), STATUS_SUCCESS, "and gives them");
    NtClose(File);
}

void start(PPEB Peb)
{
    is_status(Load(L"fgnserial"), STATUS_SUCCESS, "the driver is loaded");
    if (is_status(Open(DEVICE, 0, &File), STATUS_SUCCESS, "its device opens")) {
        Settings();
        WholeReads();
        TotalTimeout();
        IntervalTimeout();
        Cancelling();
        WaitMask();
        Stream();
        Overrun();
        Closing();
    }
    is_status(Unload(L"fgnserial"), STATUS_SUCCESS, "it is unloaded");
    Sum(L"serialtest");
}
