/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * drvtest.exe loads wdmtest.sys, has it run its checks, then has it crash in every way that it
 * knows, and loads it again each time. Prints TAP on the debug log; failures and "drvtest: N
 * passed, N failed" on the screen too.
 */
#include <nt/nt.h>
#include <neptune/ioctl.h>
#include "print.h"

static ULONG Passed, Failed;

static void Report(BOOLEAN Good, const char *Name, ULONG Number)
{
    if (Good)
        DbgPrint("ok %u - %s (%u)\n", ++Passed + Failed, Name, Number);
    else
        Print("not ok %u - %s (%u)\n", Passed + ++Failed, Name, Number);
}

static NTSTATUS TryOpenTestDevice(PHANDLE File)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\wdmtest");
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\WdmTest");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK IoStatus;
    NTSTATUS Status = NtLoadDriver(&Service);

    if (!NT_SUCCESS(Status) && Status != STATUS_IMAGE_ALREADY_LOADED)
        return Status;
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &IoStatus, 0,
                      FILE_SYNCHRONOUS_IO_NONALERT);
}

/* One that has had all memory takes a while to give it back. */
static NTSTATUS OpenTestDevice(PHANDLE File)
{
    LARGE_INTEGER Pause = {.QuadPart = -100000}; /* 10 ms */
    NTSTATUS Status = TryOpenTestDevice(File);

    for (ULONG i = 0; i < 500 && !NT_SUCCESS(Status); i++) {
        NtDelayExecution(FALSE, &Pause);
        Status = TryOpenTestDevice(File);
    }
    return Status;
}

static NTSTATUS Control(HANDLE File, ULONG Code, ULONG Index, WDMTEST_RESULT *Result)
{
    IO_STATUS_BLOCK IoStatus;

    return NtDeviceIoControlFile(File, NULL, NULL, NULL, &IoStatus, Code, &Index, sizeof(Index),
                                 Result, sizeof(*Result));
}

/* All groups of checks. */
static NTSTATUS RunChecks(void)
{
    WDMTEST_RESULT Result;
    HANDLE File;
    NTSTATUS Status = OpenTestDevice(&File);

    if (!NT_SUCCESS(Status))
        return Status;
    for (ULONG i = 0; NT_SUCCESS(Status = Control(File, IOCTL_WDMTEST_RUN, i, &Result)); i++) {
        Report(!Result.Failures, Result.Name, Result.Checks);
        if (Result.Failures)
            Print("# line %u: not so: %s\n", (unsigned)Result.Line, Result.FirstFailure);
    }
    NtClose(File);
    return Status;
}

/* While it crashes on purpose it is not started again by itself. */
static void ForbidRestarts(void)
{
    UNICODE_STRING Key =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\wdmtest");
    UNICODE_STRING Value = RTL_CONSTANT_STRING(u"RestartLimit");
    OBJECT_ATTRIBUTES Attributes;
    ULONG Limit = 0;
    HANDLE Handle;

    InitializeObjectAttributes(&Attributes, &Key, OBJ_CASE_INSENSITIVE, NULL, NULL);
    if (!NT_SUCCESS(
            NtCreateKey(&Handle, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_VOLATILE, NULL)))
        return;
    NtSetValueKey(Handle, &Value, 0, REG_DWORD, &Limit, sizeof(Limit));
    NtClose(Handle);
}

/* Whether it is known in which module the driver has ended. */
static BOOLEAN IsPlaceKnown(void)
{
    NEP_DRIVER_INFORMATION Driver;

    for (ULONG i = 0; NT_SUCCESS(NepQueryDriver(i, &Driver)); i++)
        if (wcscmp(Driver.Name, u"wdmtest") == 0)
            return Driver.LastStatus && (Driver.LastModule[0] || Driver.LastOffset < 0x1000);
    return FALSE;
}

/*
 * One way to crash: the request fails because the device is gone, and the driver can be loaded
 * again.
 */
static NTSTATUS RunCrash(ULONG Index)
{
    WDMTEST_RESULT Result;
    HANDLE File;
    NTSTATUS Status = OpenTestDevice(&File);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = Control(File, IOCTL_WDMTEST_CRASH, Index, &Result);
    NtClose(File);
    if (Status == STATUS_NO_MORE_ENTRIES)
        return Status;
    Report(Status == STATUS_DEVICE_DOES_NOT_EXIST, "a driver that crashes", Index);
    Report(IsPlaceKnown(), "the place is known", Index);
    return STATUS_SUCCESS;
}

static NTSTATUS RunAll(void)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\wdmtest");
    NTSTATUS Status;

    ForbidRestarts();
    Status = RunChecks();
    if (Status != STATUS_NO_MORE_ENTRIES)
        return Status;
    for (ULONG i = 0; NT_SUCCESS(Status = RunCrash(i)); i++)
        ;
    if (Status != STATUS_NO_MORE_ENTRIES)
        return Status;
    Report(NtUnloadDriver(&Service) == STATUS_SUCCESS, "it is unloaded", 0);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    NTSTATUS Status = RunAll();

    if (!NT_SUCCESS(Status))
        Report(FALSE, "wdmtest.sys answers", (ULONG)Status);
    Print("drvtest: %u passed, %u failed\n", (unsigned)Passed, (unsigned)Failed);
    return Failed ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}
