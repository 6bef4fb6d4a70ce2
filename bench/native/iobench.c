/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iobench.exe: what requests to drivers cost, in ticks of the TSC a request; see nbench.c. The
 * figures for 10 and 10,000 of something show whether a cost grows with what others hold.
 */
#include <nt/nt.h>
#include <neptune/ioctl.h>
#include "../../tests/native/print.h"

#define ROUNDS 100
#define FEW 10
#define MANY 10000
#define IN_FLIGHT 32

static HANDLE Files[MANY];

static NTSTATUS Open(PCWSTR Path, ULONG Options, PHANDLE File)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    IO_STATUS_BLOCK Iosb;

    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE, &Attributes, &Iosb,
                      FILE_SHARE_READ | FILE_SHARE_WRITE, Options);
}

/* The least that a write of Length bytes to the null device takes, 0 if one fails. */
static ULONGLONG MeasureWrite(HANDLE File, ULONG Length)
{
    static UCHAR Buffer[8192];
    ULONGLONG Least = ~0ULL;
    IO_STATUS_BLOCK Iosb;

    for (ULONG i = 0; i < ROUNDS; i++) {
        ULONGLONG Start = __builtin_ia32_rdtsc(), Taken;
        NTSTATUS Status = NtWriteFile(File, NULL, NULL, NULL, &Iosb, Buffer, Length, NULL, NULL);

        Taken = __builtin_ia32_rdtsc() - Start;
        if (!NT_SUCCESS(Status) || Iosb.Information != Length)
            return 0;
        if (Taken < Least)
            Least = Taken;
    }
    return Least;
}

/* Opens files until there are Count; the last one's write is measured. */
static void MeasureWriteBeside(PULONG Opened, ULONG Count)
{
    for (; *Opened < Count; (*Opened)++)
        if (!NT_SUCCESS(Open(u"\\Device\\Null", FILE_SYNCHRONOUS_IO_NONALERT, &Files[*Opened])))
            return;
    Print("write-beside-files-%u %llu\n", (unsigned)Count, MeasureWrite(Files[Count - 1], 1));
}

static void MeasureWrites(void)
{
    ULONG Opened = 0;
    HANDLE File;

    if (!NT_SUCCESS(Open(u"\\Device\\Null", FILE_SYNCHRONOUS_IO_NONALERT, &File)))
        return;
    Print("write-1 %llu\n", MeasureWrite(File, 1));
    Print("write-8192 %llu\n", MeasureWrite(File, 8192));
    MeasureWriteBeside(&Opened, FEW);
    MeasureWriteBeside(&Opened, MANY);
    while (Opened)
        NtClose(Files[--Opened]);
    NtClose(File);
}

/* Tells the driver how many reads to hold; returns the most that it has held since. */
static ULONG SetHeld(HANDLE File, HANDLE Event, ULONG Count)
{
    IO_STATUS_BLOCK Iosb;
    ULONG Most = 0;
    NTSTATUS Status = NtDeviceIoControlFile(File, Event, NULL, NULL, &Iosb, IOCTL_HOLD_SET_COUNT,
                                            &Count, sizeof(Count), &Most, sizeof(Most));

    if (Status == STATUS_PENDING)
        NtWaitForSingleObject(Event, FALSE, NULL);
    return Most;
}

/* Sends all the reads, of which the last one lets all complete. FALSE: one has failed. */
static BOOLEAN ReadAll(HANDLE File, HANDLE Events[IN_FLIGHT])
{
    static IO_STATUS_BLOCK Iosb[IN_FLIGHT];
    static UCHAR Data[IN_FLIGHT];
    LARGE_INTEGER Offset = {.QuadPart = 0};
    BOOLEAN Good = TRUE;
    ULONG i;

    for (i = 0; i < IN_FLIGHT; i++)
        if (NT_ERROR(NtReadFile(File, Events[i], NULL, NULL, &Iosb[i], &Data[i], 1, &Offset, NULL)))
            return FALSE;
    for (i = IN_FLIGHT; i > 0; i--)
        NtWaitForSingleObject(Events[i - 1], FALSE, NULL);
    for (i = 0; i < IN_FLIGHT; i++)
        Good = Good && Iosb[i].Status == STATUS_SUCCESS;
    return Good;
}

static void MeasureInFlight(void)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\hold");
    HANDLE File, Events[IN_FLIGHT];
    ULONGLONG Least = ~0ULL;

    NtLoadDriver(&Service);
    if (!NT_SUCCESS(Open(u"\\Device\\Hold", 0, &File)))
        return;
    for (ULONG i = 0; i < IN_FLIGHT; i++)
        NtCreateEvent(&Events[i], EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    SetHeld(File, Events[0], IN_FLIGHT);
    for (ULONG i = 0; i < ROUNDS; i++) {
        ULONGLONG Start = __builtin_ia32_rdtsc(), Taken;

        if (!ReadAll(File, Events))
            return;
        Taken = __builtin_ia32_rdtsc() - Start;
        if (Taken < Least)
            Least = Taken;
    }
    Print("read-in-flight %llu\n", Least / IN_FLIGHT);
    Print("reads-held-at-once %u\n", (unsigned)SetHeld(File, Events[0], 1));
    NtClose(File);
}

/* What drivers' privileged instructions cost (drivers/test/traptest/costs.c). */
static void MeasureInstructions(void)
{
    static const PCSTR Names[] = {"driver-raise-lower", "driver-port-read", "driver-rep-insw-512",
                                  "driver-trap"};
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\traptest");
    IO_STATUS_BLOCK Iosb;
    ULONGLONG Ticks;
    HANDLE File;

    NtLoadDriver(&Service);
    if (!NT_SUCCESS(Open(u"\\Device\\TrapTest", FILE_SYNCHRONOUS_IO_NONALERT, &File)))
        return;
    for (ULONG i = 0; i < ARRAYSIZE(Names); i++)
        if (NT_SUCCESS(NtDeviceIoControlFile(File, NULL, NULL, NULL, &Iosb, IOCTL_TRAPTEST_MEASURE,
                                             &i, sizeof(i), &Ticks, sizeof(Ticks))))
            Print("%s %llu\n", Names[i], Ticks);
    NtClose(File);
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    MeasureWrites();
    MeasureInFlight();
    MeasureInstructions();
    return STATUS_SUCCESS;
}
