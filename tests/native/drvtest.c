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

static NTSTATUS OpenTestDevice(PHANDLE File)
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
    return STATUS_SUCCESS;
}

static NTSTATUS RunAll(void)
{
    NTSTATUS Status = RunChecks();

    if (Status != STATUS_NO_MORE_ENTRIES)
        return Status;
    for (ULONG i = 0; NT_SUCCESS(Status = RunCrash(i)); i++)
        ;
    return Status == STATUS_NO_MORE_ENTRIES ? STATUS_SUCCESS : Status;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    NTSTATUS Status = RunAll();

    if (!NT_SUCCESS(Status))
        Report(FALSE, "wdmtest.sys answers", (ULONG)Status);
    Print("drvtest: %u passed, %u failed\n", (unsigned)Passed, (unsigned)Failed);
    return Failed ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}
