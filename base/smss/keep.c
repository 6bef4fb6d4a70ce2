/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps the parts of the session alive: each is started again when its process ends, at once the
 * first time. A part that ends soon is started again after a delay that doubles each time, so that
 * one that cannot run costs little. No part is ever given up, since the machine would be unusable
 * then.
 */
#include "smss.h"
#include "../program/program.h"

#define SECOND 10000000LL
#define NEVER 0x7fffffffffffffffLL
#define FIRST_DELAY (SECOND / 8)
#define LONGEST_DELAY (8 * SECOND)
#define LONG_LIFE (10 * SECOND) /* a part that has run for so long is started again at once */

typedef struct _PART {
    PCWSTR Name;
    NTSTATUS (*Start)(PCWSTR Name, PHANDLE Process);
    HANDLE Process;        /* NULL: it does not run */
    LONGLONG Started, Due; /* system time: when it was started, and when it is to be again */
    LONGLONG Delay;        /* before the start after the next */
} PART, *PPART;

static NTSTATUS StartPrompt(PCWSTR Name, PHANDLE Process)
{
    RTL_USER_PROCESS_INFORMATION Information;
    NTSTATUS Status = CreateProgram(u"\\SystemRoot\\ntcmd.exe", Name, &Information);

    if (!NT_SUCCESS(Status))
        return Status;
    *Process = Information.ProcessHandle;
    Status = NtResumeThread(Information.ThreadHandle, NULL);
    NtClose(Information.ThreadHandle);
    return Status;
}

static PART Parts[] = {{.Name = u"ntcmd", .Start = StartPrompt}};

static LONGLONG Now(void)
{
    LARGE_INTEGER Time;

    NtQuerySystemTime(&Time);
    return Time.QuadPart;
}

/* When a part that has ended, or did not start, is to be started. */
static void Schedule(PPART Part)
{
    LONGLONG Time = Now();

    if (Time - Part->Started >= LONG_LIFE)
        Part->Delay = 0;
    Part->Due = Time + Part->Delay;
    Part->Delay = Part->Delay ? 2 * Part->Delay : FIRST_DELAY;
    if (Part->Delay > LONGEST_DELAY)
        Part->Delay = LONGEST_DELAY;
}

static void StartPart(PPART Part)
{
    BOOLEAN First = Part->Delay == 0; /* of failures in a row */
    NTSTATUS Status;

    Part->Started = Now();
    Status = Part->Start(Part->Name, &Part->Process);
    if (NT_SUCCESS(Status))
        return;
    if (First)
        DisplayFailure(u"cannot start ", Part->Name, Status);
    Part->Process = NULL;
    Schedule(Part);
}

/* A prompt that was left by "exit" is not a failure. */
static void NoteEnd(PPART Part)
{
    NTSTATUS Status = ProgramExitStatus(Part->Process);

    NtClose(Part->Process);
    Part->Process = NULL;
    if (Status == STATUS_SUCCESS)
        Part->Started = 0;
    else
        DisplayFailure(u"the command prompt has ended", u"", Status);
    Schedule(Part);
}

/* Waits until one of the parts ends or is due. */
static void AwaitChange(void)
{
    HANDLE Objects[ARRAYSIZE(Parts)];
    PPART Running[ARRAYSIZE(Parts)];
    LARGE_INTEGER Due = {.QuadPart = NEVER};
    ULONG Count = 0;
    NTSTATUS Status;

    for (ULONG i = 0; i < ARRAYSIZE(Parts); i++) {
        if (Parts[i].Process) {
            Running[Count] = &Parts[i];
            Objects[Count++] = Parts[i].Process;
        } else if (Parts[i].Due < Due.QuadPart) {
            Due.QuadPart = Parts[i].Due;
        }
    }
    if (!Count) {
        NtDelayExecution(FALSE, &Due);
        return;
    }
    Status = NtWaitForMultipleObjects(Count, Objects, WaitAny, FALSE,
                                      Due.QuadPart == NEVER ? NULL : &Due);
    if ((ULONG)Status < Count)
        NoteEnd(Running[Status]);
}

DECLSPEC_NORETURN void KeepSessionAlive(void)
{
    for (;;) {
        for (ULONG i = 0; i < ARRAYSIZE(Parts); i++) {
            if (!Parts[i].Process && Parts[i].Due <= Now())
                StartPart(&Parts[i]);
        }
        AwaitChange();
    }
}
