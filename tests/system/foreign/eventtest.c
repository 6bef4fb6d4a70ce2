/* SPDX-License-Identifier: BSD-2-Clause */
/* Times that a driver tells by requests, and (eventtest events) by the program's own events. */
#include "check.h"
#include "event.h"

#define DEVICE L"\\Device\\FgnEvent"
#define SOON 10000 /* ms */
#define NEVER 100000

static HANDLE Side;

static ULONG Records(void)
{
    ULONG Count = 0xffff, Information;

    Control(Side, IOCTL_FGN_RECORDS, NULL, 0, &Count, sizeof(Count), &Information);
    return Count;
}

static NTSTATUS Request(HANDLE File, ULONG Milliseconds, PENDING *Pending)
{
    FGN_REGISTER Register = {.Type = FgnByRequest, .DueTime.QuadPart = Milliseconds * MILLISECOND};

    return StartControl(File, IOCTL_FGN_REGISTER, &Register, sizeof(Register), NULL, 0, Pending);
}

static NTSTATUS ByEvent(HANDLE File, HANDLE Event, ULONG Milliseconds)
{
    FGN_REGISTER Register = {
        .Type = FgnByEvent, .Event = Event, .DueTime.QuadPart = Milliseconds * MILLISECOND};
    ULONG Information;

    return Control(File, IOCTL_FGN_REGISTER, &Register, sizeof(Register), NULL, 0, &Information);
}

static void ByRequest(void)
{
    PENDING Short, Long, Other;
    IO_STATUS_BLOCK Block;
    HANDLE File, Second;

    Open(DEVICE, 0, &File);
    Open(DEVICE, 0, &Second);
    is_status(Request(File, 500, &Short), STATUS_PENDING, "a short time");
    is_status(Request(File, NEVER, &Long), STATUS_PENDING, "a long one");
    is_status(Request(Second, NEVER, &Other), STATUS_PENDING, "and one of another file");
    ok(Records() == 3, "run");
    is_status(Finish(&Short, SOON), STATUS_SUCCESS, "the short one is over");
    ok(Records() == 2, "and its record gone");
    is_status(NtCancelIoFile(File, &Block), STATUS_SUCCESS, "the other is cancelled");
    is_status(Finish(&Long, SOON), STATUS_CANCELLED, "and ends");
    ok(Records() == 1, "with its record");
    is_status(NtClose(Second), STATUS_SUCCESS, "the other file closes");
    is_status(Finish(&Other, SOON), STATUS_CANCELLED, "and takes its own along");
    ok(Records() == 0, "nothing is left");
    NtClose(File);
}

static void Bad(void)
{
    FGN_REGISTER Register = {.Type = 7};
    ULONG Information;

    is_status(Control(Side, IOCTL_FGN_REGISTER, &Register, sizeof(Register), NULL, 0, &Information),
              STATUS_INVALID_PARAMETER, "an unknown kind");
    is_status(
        Control(Side, IOCTL_FGN_REGISTER, &Register, sizeof(Register) - 1, NULL, 0, &Information),
        STATUS_INVALID_PARAMETER, "input that is too short");
    is_status(Control(Side, IOCTL_FGN_RECORDS, NULL, 0, &Information, 3, &Information),
              STATUS_BUFFER_TOO_SMALL, "output that is");
    is_status(Control(Side, IOCTL_FGN_REGISTER + 64, NULL, 0, NULL, 0, &Information),
              STATUS_INVALID_DEVICE_REQUEST, "an unknown code");
}

/* Cancelling races with the timer: each request ends once, one way or the other. */
static void Race(void)
{
    static PENDING Pending[64];
    ULONG i, Times = 0, Cancelled = 0;
    IO_STATUS_BLOCK Block;
    HANDLE File;

    Open(DEVICE, 0, &File);
    for (i = 0; i < 64; i++)
        Request(File, 1 + i / 4, &Pending[i]);
    Pause(8);
    NtCancelIoFile(File, &Block);
    for (i = 0; i < 64; i++) {
        NTSTATUS Status = Finish(&Pending[i], SOON);

        Times += Status == STATUS_SUCCESS;
        Cancelled += Status == STATUS_CANCELLED;
    }
    ok(Times + Cancelled == 64, "all have ended");
    ok(Records() == 0, "and no record is left");
    NtClose(File);
}

static void Events(void)
{
    HANDLE Event = NewEvent(), Other = NewEvent(), Semaphore, File, Weak;
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, NULL, 0, NULL, NULL);
    OpenSynchronous(DEVICE, &File);
    is_status(ByEvent(File, Event, 500), STATUS_SUCCESS, "an event is lent to the driver");
    is_status(WaitFor(Event, 0), STATUS_TIMEOUT, "it is not set");
    is_status(WaitFor(Event, SOON), STATUS_SUCCESS, "but soon");
    is_status(WaitFor(Event, 50), STATUS_TIMEOUT, "once");
    is_status(ByEvent(File, Other, 50), STATUS_SUCCESS, "one whose handle");
    is_status(ByEvent(File, Event, 60), STATUS_SUCCESS, "(and another)");
    is_status(NtClose(Other), STATUS_SUCCESS, "is closed before");
    is_status(WaitFor(Event, SOON), STATUS_SUCCESS, "does no harm");
    is_status(ByEvent(File, Event, NEVER), STATUS_SUCCESS, "one for later");
    ok(Records() == 1, "waits");
    is_status(NtClose(File), STATUS_SUCCESS, "its file closes");
    ok(Records() == 0, "and it is forgotten");
    is_status(WaitFor(Event, 20), STATUS_TIMEOUT, "never set");
    OpenSynchronous(DEVICE, &File);
    is_status(ByEvent(File, NULL, 10), STATUS_INVALID_HANDLE, "no handle");
    is_status(ByEvent(File, (HANDLE)0x7ffc, 10), STATUS_INVALID_HANDLE, "one of nothing");
    is_status(ByEvent(File, File, 10), STATUS_OBJECT_TYPE_MISMATCH, "one of a file");
    NtCreateSemaphore(&Semaphore, SEMAPHORE_ALL_ACCESS, NULL, 0, 1);
    is_status(ByEvent(File, Semaphore, 10), STATUS_OBJECT_TYPE_MISMATCH, "one of a semaphore");
    NtCreateEvent(&Weak, SYNCHRONIZE, &Attributes, 1, FALSE);
    is_status(ByEvent(File, Weak, 10), STATUS_ACCESS_DENIED, "one that must not be set");
    ok(Records() == 0, "leave no record");
    NtClose(File);
}

static void Kill(void)
{
    PENDING Pending;
    HANDLE File;

    Open(DEVICE, 0, &File);
    is_status(Request(File, NEVER, &Pending), STATUS_PENDING, "a time runs");
    ok(KillProcess(L"fgnevent.sys") == 1, "the driver is killed");
    ok(!NT_SUCCESS(Finish(&Pending, SOON)), "the request ends");
    NtClose(File);
    NtClose(Side);
    is_status(OpenAgain(DEVICE, &Side), STATUS_SUCCESS, "the driver comes back");
    Open(DEVICE, 0, &File);
    is_status(Request(File, 10, &Pending), STATUS_PENDING, "and times run");
    is_status(Finish(&Pending, SOON), STATUS_SUCCESS, "and end");
    NtClose(File);
}

void start(PPEB Peb)
{
    is_status(Load(L"fgnevent"), STATUS_SUCCESS, "the driver is loaded");
    if (is_status(OpenSynchronous(DEVICE, &Side), STATUS_SUCCESS, "its device opens")) {
        ByRequest();
        Bad();
        Race();
        if (HasWord(Peb, L"events"))
            Events();
        Kill();
        NtClose(Side);
    }
    is_status(Unload(L"fgnevent"), STATUS_SUCCESS, "it is unloaded");
    Sum(L"eventtest");
}
