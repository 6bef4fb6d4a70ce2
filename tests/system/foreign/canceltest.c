/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads that wait: they are served in order, cancelled one by one or with their file, and end when
 * the driver does. */
#include "check.h"
#include "cancel.h"

#define DEVICE L"\\Device\\FgnCancel"
#define MANY 200
#define SOON 10000 /* ms */

static HANDLE Side; /* for control codes */

static ULONG Waiting(void)
{
    ULONG Count = 0xffff, Information;

    Control(Side, IOCTL_FGN_WAITING, NULL, 0, &Count, sizeof(Count), &Information);
    return Count;
}

static NTSTATUS Give(ULONG Number)
{
    ULONG Information;

    return Control(Side, IOCTL_FGN_NUMBER, &Number, sizeof(Number), NULL, 0, &Information);
}

static void InOrder(void)
{
    ULONG Got[3] = {0}, i, Information;
    PENDING Pending[3];
    HANDLE File;

    is_status(Open(DEVICE, 0, &File), STATUS_SUCCESS, "a file");
    for (i = 0; i < 3; i++)
        is_status(StartRead(File, &Got[i], sizeof(ULONG), &Pending[i]), STATUS_PENDING,
                  "a read waits");
    ok(Waiting() == 3, "all are in the queue");
    is_status(Finish(&Pending[0], 20), STATUS_TIMEOUT, "and stay there");
    for (i = 0; i < 3; i++)
        is_status(Give(100 + i), STATUS_SUCCESS, "a number");
    for (i = 0; i < 3; i++) {
        is_status(Finish(&Pending[i], SOON), STATUS_SUCCESS, "a read ends");
        ok(Pending[i].Block.Information == sizeof(ULONG) && Got[i] == 100 + i, "with its number");
    }
    is_status(StartRead(File, Got, 3, &Pending[0]), STATUS_BUFFER_TOO_SMALL,
              "a buffer that is too small");
    is_status(Control(Side, IOCTL_FGN_NUMBER, Got, 3, NULL, 0, &Information),
              STATUS_BUFFER_TOO_SMALL, "input that is");
    is_status(Control(Side, IOCTL_FGN_WAITING, NULL, 0, Got, 3, &Information),
              STATUS_BUFFER_TOO_SMALL, "output that is");
    is_status(NtClose(File), STATUS_SUCCESS, "the file closes");
}

static void Cancel(void)
{
    ULONG Got[3] = {7, 7, 7};
    PENDING Pending[3];
    IO_STATUS_BLOCK Block;
    HANDLE File, Other;

    Open(DEVICE, 0, &File);
    Open(DEVICE, 0, &Other);
    is_status(StartRead(File, &Got[0], sizeof(ULONG), &Pending[0]), STATUS_PENDING,
              "two reads of a file");
    is_status(StartRead(File, &Got[1], sizeof(ULONG), &Pending[1]), STATUS_PENDING, "wait");
    is_status(StartRead(Other, &Got[2], sizeof(ULONG), &Pending[2]), STATUS_PENDING,
              "one of another");
    is_status(NtCancelIoFile(File, &Block), STATUS_SUCCESS, "a file's are cancelled");
    is_status(Finish(&Pending[0], SOON), STATUS_CANCELLED, "one");
    is_status(Finish(&Pending[1], SOON), STATUS_CANCELLED, "both");
    ok(Pending[1].Block.Information == 0 && Got[0] == 7 && Got[1] == 7, "with nothing");
    ok(Waiting() == 1, "they are out of the queue");
    is_status(NtCancelIoFile(File, &Block), STATUS_SUCCESS, "nothing is left to cancel");
    is_status(Give(5), STATUS_SUCCESS, "a number");
    is_status(Finish(&Pending[2], SOON), STATUS_SUCCESS, "for the other's read");
    ok(Got[2] == 5, "which gets it");
    NtClose(File);
    NtClose(Other);
}

static void CloseWithReads(void)
{
    ULONG Got[2] = {7, 7};
    PENDING Pending[2];
    HANDLE File, Other;

    Open(DEVICE, 0, &File);
    Open(DEVICE, 0, &Other);
    StartRead(File, &Got[0], sizeof(ULONG), &Pending[0]);
    StartRead(Other, &Got[1], sizeof(ULONG), &Pending[1]);
    is_status(NtClose(File), STATUS_SUCCESS, "a file closes that has a read");
    is_status(Finish(&Pending[0], SOON), STATUS_CANCELLED, "which is cancelled by the cleanup");
    ok(Waiting() == 1, "the other's stays");
    Give(9);
    is_status(Finish(&Pending[1], SOON), STATUS_SUCCESS, "and is served");
    ok(Got[1] == 9, "with the number");
    NtClose(Other);
}

static void Many(void)
{
    static PENDING Pending[MANY];
    static ULONG Got[MANY];
    ULONG i, Waits = 0, Good = 0, Cancelled = 0;
    IO_STATUS_BLOCK Block;
    HANDLE File;

    Open(DEVICE, 0, &File);
    for (i = 0; i < MANY; i++)
        Waits += StartRead(File, &Got[i], sizeof(ULONG), &Pending[i]) == STATUS_PENDING;
    ok(Waits == MANY && Waiting() == MANY, "many reads wait");
    for (i = 0; i < MANY / 2; i++) {
        while (Give(i) == STATUS_DEVICE_BUSY)
            Pause(1);
        Good += Finish(&Pending[i], SOON) == STATUS_SUCCESS && Got[i] == i;
    }
    ok(Good == MANY / 2, "half are served");
    is_status(NtCancelIoFile(File, &Block), STATUS_SUCCESS, "the rest is cancelled");
    for (; i < MANY; i++)
        Cancelled += Finish(&Pending[i], SOON) == STATUS_CANCELLED;
    ok(Cancelled == MANY - MANY / 2, "all of it");
    ok(Waiting() == 0, "nothing waits");
    NtClose(File);
}

static void Kill(void)
{
    ULONG Got = 7;
    PENDING Pending;
    HANDLE File;

    Open(DEVICE, 0, &File);
    is_status(StartRead(File, &Got, sizeof(ULONG), &Pending), STATUS_PENDING, "a read waits");
    is_status(Unload(L"fgncancel"), STATUS_DEVICE_BUSY, "the driver stays for it");
    ok(KillProcess(L"fgncancel.sys") == 1, "its process is killed");
    ok(!NT_SUCCESS(Finish(&Pending, SOON)), "the read ends with an error");
    ok(Got == 7 && Pending.Block.Information == 0, "and nothing");
    is_status(NtClose(File), STATUS_SUCCESS, "the file closes");
    is_status(NtClose(Side), STATUS_SUCCESS, "so does the other");
    is_status(OpenAgain(DEVICE, &Side), STATUS_SUCCESS, "the driver comes back");
    ok(Waiting() == 0, "without reads");
    is_status(Open(DEVICE, 0, &File), STATUS_SUCCESS, "a new file");
    is_status(StartRead(File, &Got, sizeof(ULONG), &Pending), STATUS_PENDING, "reads wait again");
    is_status(Give(3), STATUS_SUCCESS, "a number");
    is_status(Finish(&Pending, SOON), STATUS_SUCCESS, "ends them");
    ok(Got == 3, "again");
    NtClose(File);
}

void start(PPEB Peb)
{
    is_status(Load(L"fgncancel"), STATUS_SUCCESS, "the driver is loaded");
    if (is_status(OpenSynchronous(DEVICE, &Side), STATUS_SUCCESS, "its device opens")) {
        InOrder();
        Cancel();
        CloseWithReads();
        Many();
        Kill();
        NtClose(Side);
    }
    is_status(Unload(L"fgncancel"), STATUS_SUCCESS, "it is unloaded, its thread with it");
    is_status(Load(L"fgncancel"), STATUS_SUCCESS, "and loaded");
    is_status(Unload(L"fgncancel"), STATUS_SUCCESS, "again");
    Sum(L"canceltest");
}
