/* SPDX-License-Identifier: BSD-2-Clause */
/* A port driver and its miniports: one process, the port's routines in the miniports' devices, and
 * the end of both. */
#include "check.h"

#define DEVICE L"\\Device\\FgnMini"
#define SECOND L"\\Device\\FgnMini2"
#define SOON 10000 /* ms */

static NTSTATUS Write(HANDLE File, PCSTR Text, ULONG Length, PENDING *Pending)
{
    LARGE_INTEGER Start = {.QuadPart = 0};

    Pending->Event = NewEvent();
    Pending->Block.Status = STATUS_PENDING;
    Pending->Block.Information = 0;
    return NtWriteFile(File, Pending->Event, NULL, NULL, &Pending->Block, (PVOID)Text, Length,
                       &Start, NULL);
}

/* To its end. */
static NTSTATUS WriteAll(HANDLE File, PCSTR Text, ULONG Length, PULONG Done)
{
    PENDING Pending;
    NTSTATUS Status = Write(File, Text, Length, &Pending);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Finish(&Pending, SOON);
    *Done = (ULONG)Pending.Block.Information;
    return Status;
}

static NTSTATUS Facts(HANDLE File, UCHAR Result[2])
{
    PENDING Pending;
    NTSTATUS Status = StartRead(File, Result, 2, &Pending);

    return NT_SUCCESS(Status) ? Finish(&Pending, SOON) : Status;
}

static void OneAdapter(HANDLE File)
{
    UCHAR Fact[2] = {99, 99};
    ULONG Done = 99;

    is_status(WriteAll(File, "abc", 3, &Done), STATUS_SUCCESS,
              "a write goes through the port to the miniport");
    ok(Done == 3, "whole");
    is_status(WriteAll(File, "", 0, &Done), STATUS_SUCCESS, "one of nothing ends in the port");
    ok(Done == 0, "with nothing");
    is_status(WriteAll(File, "time", 4, &Done), STATUS_SUCCESS, "the port keeps a timer for it");
    ok(Done == 4, "which ends the request");
    is_status(WriteAll(File, "fail", 4, &Done), STATUS_IO_DEVICE_ERROR,
              "an error is the miniport's");
    is_status(WriteAll(File, "x", 1, &Done), STATUS_DEVICE_BUSY, "a refusal the port's");
    is_status(Facts(File, Fact), STATUS_SUCCESS, "a read");
    ok(Fact[0] == 5 && Fact[1] == 1, "counts the requests and adapters");
}

static void Queue(HANDLE File)
{
    PENDING Pending[4];
    ULONG i;
    IO_STATUS_BLOCK Block;

    for (i = 0; i < 4; i++)
        is_status(Write(File, "t", 1, &Pending[i]), STATUS_PENDING, "a write waits");
    for (i = 0; i < 4; i++)
        is_status(Finish(&Pending[i], SOON), STATUS_SUCCESS, "its turn comes");
    for (i = 0; i < 3; i++)
        Write(File, "s", 1, &Pending[i]);
    is_status(NtCancelIoFile(File, &Block), STATUS_SUCCESS, "all are cancelled");
    is_status(Finish(&Pending[0], SOON), STATUS_SUCCESS, "the miniport's own runs to its end");
    is_status(Finish(&Pending[1], SOON), STATUS_CANCELLED, "one in the queue does not");
    is_status(Finish(&Pending[2], SOON), STATUS_CANCELLED, "the other neither");
}

static void Two(HANDLE File)
{
    UCHAR Fact[2];
    HANDLE Other;
    ULONG Done;

    is_status(Load(L"fgnmini2"), STATUS_SUCCESS, "a second miniport of the same port");
    is_status(Open(SECOND, 0, &Other), STATUS_SUCCESS, "its device opens");
    is_status(WriteAll(Other, "abc", 3, &Done), STATUS_SUCCESS, "and works");
    is_status(Facts(Other, Fact), STATUS_SUCCESS, "a read of it");
    ok(Fact[0] == 2 && Fact[1] == 2, "counts its own requests, and both adapters");
    is_status(Unload(L"fgnmini2"), STATUS_DEVICE_BUSY, "it stays while it is open");
    NtClose(Other);
    is_status(Unload(L"fgnmini2"), STATUS_SUCCESS, "it goes");
    is_status(Open(SECOND, 0, &Other), STATUS_OBJECT_NAME_NOT_FOUND, "with its device");
    is_status(Facts(File, Fact), STATUS_SUCCESS, "the first one stays");
    ok(Fact[1] == 1, "with its port");
}

static void End(HANDLE File)
{
    UCHAR Fact[2];
    PENDING Pending;

    is_status(Load(L"fgnmini2"), STATUS_SUCCESS, "both again");
    is_status(Write(File, "s", 1, &Pending), STATUS_PENDING, "a write waits");
    ok(KillProcess(L"fgnmini.sys") == 1, "the process of all three is killed");
    ok(!NT_SUCCESS(Finish(&Pending, SOON)), "the write ends with an error");
    NtClose(File);
    is_status(OpenAgain(DEVICE, &File), STATUS_SUCCESS, "the first comes back");
    NtClose(File);
    is_status(OpenAgain(SECOND, &File), STATUS_SUCCESS, "so does the second");
    is_status(Facts(File, Fact), STATUS_SUCCESS, "and works");
    ok(Fact[0] == 1 && Fact[1] == 2, "with the same port as the other");
    NtClose(File);
    is_status(Unload(L"fgnmini"), STATUS_SUCCESS, "the first goes");
    is_status(Unload(L"fgnmini2"), STATUS_SUCCESS, "and the second");
}

void start(PPEB Peb)
{
    HANDLE File;

    is_status(Load(L"fgnmini"), STATUS_SUCCESS, "a miniport is loaded, its port with it");
    if (is_status(Open(DEVICE, 0, &File), STATUS_SUCCESS, "its device opens")) {
        OneAdapter(File);
        Queue(File);
        Two(File);
        End(File);
    }
    Sum(L"porttest");
}
