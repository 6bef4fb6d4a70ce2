/* SPDX-License-Identifier: BSD-2-Clause */
/* Children of a bus: they come, are started, are used, and go: with a warning, without one, and
 * with the bus. */
#include "check.h"
#include "bus.h"

#define TRIES 100 /* of 20 ms */

static HANDLE Bus;

static NTSTATUS Order(ULONG Code, ULONG Number)
{
    ULONG Information;

    return Control(Bus, Code, &Number, sizeof(Number), NULL, 0, &Information);
}

static FGN_BUS Facts(void)
{
    FGN_BUS Result = {0};
    ULONG Information;

    Control(Bus, IOCTL_FGN_BUS, NULL, 0, &Result, sizeof(Result), &Information);
    return Result;
}

static NTSTATUS OpenChild(ULONG Number, PHANDLE File)
{
    WCHAR Name[] = L"\\Device\\FgnChild0";

    Name[sizeof(Name) / sizeof(WCHAR) - 2] += (WCHAR)Number;
    return OpenSynchronous(Name, File);
}

/* As soon as it is started. */
static NTSTATUS AwaitChild(ULONG Number, PHANDLE File)
{
    NTSTATUS Status = STATUS_UNSUCCESSFUL;
    ULONG i;

    for (i = 0; i < TRIES && !NT_SUCCESS(Status); i++) {
        Status = OpenChild(Number, File);
        if (!NT_SUCCESS(Status))
            Pause(20);
    }
    return Status;
}

static BOOLEAN AwaitEnd(ULONG Number)
{
    ULONG i;

    for (i = 0; i < TRIES; i++) {
        HANDLE File;

        if (OpenChild(Number, &File) == STATUS_OBJECT_NAME_NOT_FOUND)
            return TRUE;
        Pause(20);
    }
    return FALSE;
}

static NTSTATUS Read(HANDLE File, FGN_CHILD *Child)
{
    IO_STATUS_BLOCK Block;
    LARGE_INTEGER Start = {.QuadPart = 0};

    return NtReadFile(File, NULL, NULL, NULL, &Block, Child, sizeof(*Child), &Start, NULL);
}

static void Come(void)
{
    FGN_CHILD Child;
    HANDLE One, Two;

    ok(Facts().Children == 0, "the bus is empty");
    is_status(OpenChild(1, &One), STATUS_OBJECT_NAME_NOT_FOUND, "no child");
    is_status(Order(IOCTL_FGN_PLUG, 1), STATUS_SUCCESS, "one is plugged in");
    is_status(AwaitChild(1, &One), STATUS_SUCCESS, "it is found, its driver loaded, started");
    is_status(Read(One, &Child), STATUS_SUCCESS, "and it answers");
    ok(Child.Address == 1 && Child.Reads == 1, "with its address");
    is_status(Order(IOCTL_FGN_PLUG, 2), STATUS_SUCCESS, "another");
    is_status(AwaitChild(2, &Two), STATUS_SUCCESS, "too");
    is_status(Read(Two, &Child), STATUS_SUCCESS, "with the same driver");
    ok(Child.Address == 2 && Child.Reads == 1, "and a device of its own");
    ok(Facts().Children == 2 && Facts().Started == 2, "two are started");
    is_status(Order(IOCTL_FGN_PLUG, 1), STATUS_OBJECT_NAME_COLLISION, "one that is there already");
    is_status(Order(IOCTL_FGN_PLUG, 0), STATUS_INVALID_PARAMETER, "a number that is none");
    is_status(Order(IOCTL_FGN_PLUG, FGN_ALL_CHILDREN), STATUS_INVALID_PARAMETER, "or none");
    is_status(Order(IOCTL_FGN_UNPLUG, 3), STATUS_NO_SUCH_DEVICE, "one that is not there");
    is_status(Order(IOCTL_FGN_EJECT, 3), STATUS_NO_SUCH_DEVICE, "cannot be taken out");
    NtClose(One);
    NtClose(Two);
}

static void Surprise(void)
{
    FGN_BUS Before = Facts();
    FGN_CHILD Child;
    HANDLE One, Two;
    NTSTATUS Status;
    ULONG i;

    is_status(OpenChild(1, &One), STATUS_SUCCESS, "a child is open");
    is_status(Order(IOCTL_FGN_UNPLUG, 1), STATUS_SUCCESS, "and torn out");
    for (i = 0; i < TRIES && NT_SUCCESS(Status = Read(One, &Child)); i++)
        Pause(20);
    ok(!NT_SUCCESS(Status), "its reads fail");
    ok(Facts().Surprised == Before.Surprised + 1, "it was told so");
    is_status(NtClose(One), STATUS_SUCCESS, "the file closes");
    ok(AwaitEnd(1), "and it is gone");
    ok(Facts().Removed == Before.Removed + 1, "removed");
    is_status(OpenChild(2, &Two), STATUS_SUCCESS, "the other stays");
    is_status(Read(Two, &Child), STATUS_SUCCESS, "and works");
    NtClose(Two);
    is_status(Order(IOCTL_FGN_PLUG, 1), STATUS_SUCCESS, "the first comes back");
    is_status(AwaitChild(1, &One), STATUS_SUCCESS, "and is started");
    is_status(Read(One, &Child), STATUS_SUCCESS, "and works");
    ok(Child.Reads == 1, "anew");
    NtClose(One);
}

static void Eject(void)
{
    FGN_BUS Before = Facts();
    FGN_CHILD Child;
    HANDLE One;
    ULONG i;

    is_status(OpenChild(1, &One), STATUS_SUCCESS, "a child is open");
    is_status(Order(IOCTL_FGN_EJECT, 1), STATUS_SUCCESS, "and to be taken out");
    Pause(200);
    ok(Facts().Ejected == Before.Ejected && Facts().Removed == Before.Removed,
       "its driver says no");
    is_status(Read(One, &Child), STATUS_SUCCESS, "it works on");
    is_status(NtClose(One), STATUS_SUCCESS, "the file closes");
    is_status(Order(IOCTL_FGN_EJECT, 1), STATUS_SUCCESS, "once more");
    ok(AwaitEnd(1), "it goes");
    for (i = 0; i < TRIES && Facts().Ejected == Before.Ejected; i++)
        Pause(20);
    ok(Facts().Ejected == Before.Ejected + 1, "it is let go by the bus");
    ok(Facts().Removed > Before.Removed, "having been removed");
    ok(Facts().Surprised == Before.Surprised, "without a surprise");
    ok(Facts().Children == 1, "one is left");
}

/* Many times, with all. */
static void Often(void)
{
    ULONG Round, Number, Good = 0;
    HANDLE File;

    for (Round = 0; Round < 5; Round++) {
        for (Number = 3; Number < FGN_ALL_CHILDREN; Number++)
            Order(IOCTL_FGN_PLUG, Number);
        for (Number = 3; Number < FGN_ALL_CHILDREN; Number++) {
            Good += AwaitChild(Number, &File) == STATUS_SUCCESS;
            NtClose(File);
        }
        for (Number = 3; Number < FGN_ALL_CHILDREN; Number++)
            Order(IOCTL_FGN_UNPLUG, Number);
        for (Number = 3; Number < FGN_ALL_CHILDREN; Number++)
            Good += AwaitEnd(Number);
    }
    ok(Good == 5 * 2 * (FGN_ALL_CHILDREN - 3), "all come and go");
    ok(Facts().Children == 1, "and one is left");
}

static void Deaths(void)
{
    FGN_CHILD Child;
    HANDLE File;

    is_status(OpenChild(2, &File), STATUS_SUCCESS, "a child is open");
    ok(KillProcess(L"fgnchild.sys") == 1, "its driver is killed");
    ok(!NT_SUCCESS(Read(File, &Child)), "reads fail");
    NtClose(File);
    is_status(AwaitChild(2, &File), STATUS_SUCCESS, "it is started again");
    is_status(Read(File, &Child), STATUS_SUCCESS, "and works");
    ok(Child.Address == 2 && Child.Reads == 1, "anew");
    NtClose(File);
    ok(KillProcess(L"fgnbus.sys") == 1, "the bus is killed");
    NtClose(Bus);
    is_status(OpenAgain(L"\\Device\\FgnBus", &Bus), STATUS_SUCCESS, "it comes back");
    ok(AwaitEnd(2), "without its children, which it does not know any more");
    is_status(Order(IOCTL_FGN_PLUG, 4), STATUS_SUCCESS, "new ones");
    is_status(AwaitChild(4, &File), STATUS_SUCCESS, "come");
    NtClose(File);
}

void start(PPEB Peb)
{
    if (is_status(OpenAgain(L"\\Device\\FgnBus", &Bus), STATUS_SUCCESS,
                  "the bus was found at the root")) {
        Come();
        Surprise();
        Eject();
        Often();
        Deaths();
    }
    Sum(L"bustest");
}
