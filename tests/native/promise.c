/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * promise.exe: commits all memory that there is, without touching it, then makes events until the
 * system has no more room for them. The pages that were promised must be there nevertheless:
 * touching one that is not would end this program before it can say so.
 */
#include "print.h"

#define LARGE ((SIZE_T)1 << 20)
#define SMALL ((SIZE_T)1 << 16)
#define MAXIMUM_BLOCKS 1024
#define MAXIMUM_EVENTS 60000 /* below the limit of handles */

static struct {
    volatile UCHAR *Base;
    SIZE_T Size;
} Blocks[MAXIMUM_BLOCKS];
static HANDLE Events[MAXIMUM_EVENTS];
static ULONG BlockCount, EventCount, Failures;

static void CheckStatus(NTSTATUS Status, NTSTATUS Expected, const char *Format)
{
    if (Status == Expected)
        return;
    Failures++;
    Print(Format, (ULONG)Status);
}

/* Until it is refused. */
static void CommitAll(SIZE_T Unit)
{
    NTSTATUS Status = STATUS_SUCCESS;

    while (BlockCount < MAXIMUM_BLOCKS) {
        PVOID Base = NULL;
        SIZE_T Size = Unit;

        Status = NtAllocateVirtualMemory(NtCurrentProcess(), &Base, 0, &Size,
                                         MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        if (!NT_SUCCESS(Status))
            break;
        Blocks[BlockCount].Base = Base;
        Blocks[BlockCount++].Size = Size;
    }
    CheckStatus(Status, STATUS_COMMITMENT_LIMIT, "not ok: the last commitment: %x\n");
}

static void MakeEvents(void)
{
    NTSTATUS Status = STATUS_SUCCESS;

    while (EventCount < MAXIMUM_EVENTS) {
        Status =
            NtCreateEvent(&Events[EventCount], EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
        if (!NT_SUCCESS(Status))
            break;
        EventCount++;
    }
    CheckStatus(Status, STATUS_INSUFFICIENT_RESOURCES, "not ok: the last event: %x\n");
}

static ULONG TouchAll(void)
{
    SIZE_T Bytes = 0;

    for (ULONG i = 0; i < BlockCount; i++) {
        for (SIZE_T Offset = 0; Offset < Blocks[i].Size; Offset += PAGE_SIZE)
            Blocks[i].Base[Offset] = 1;
        Bytes += Blocks[i].Size;
    }
    return (ULONG)(Bytes >> 10);
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    ULONG Kilobytes;

    for (ULONG i = 0; i < MAXIMUM_EVENTS; i += PAGE_SIZE / sizeof(HANDLE))
        ((volatile HANDLE *)Events)[i] = NULL; /* its pages are there before */
    CommitAll(LARGE);
    CommitAll(SMALL);
    MakeEvents();
    Kilobytes = TouchAll();
    for (ULONG i = 0; i < EventCount; i++)
        NtClose(Events[i]);
    Print("promise: %u KB, %u events, %u failures\n", Kilobytes, EventCount, Failures);
    return Failures ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}
