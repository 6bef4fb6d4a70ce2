/* SPDX-License-Identifier: BSD-2-Clause */
/* Privileged instructions of drivers (drivers/test/traptest): what they do, what is refused, and
 * that two processes with the same code do not disturb each other. */
#include "waiting.h"
#include <neptune/ioctl.h>

#define TRIES 300 /* of 10 ms, until what has ended is back */

static NTSTATUS OpenTrapTest(PHANDLE File)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\TrapTest");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb, 0,
                      FILE_SYNCHRONOUS_IO_NONALERT);
}

static NTSTATUS LoadTrapTest(void)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\traptest");

    return NtLoadDriver(&Service);
}

/* It never is, if it ends more often than it is started again: then it is loaded anew. */
static NTSTATUS OpenWhenItIsBack(PHANDLE File)
{
    NTSTATUS Status = OpenTrapTest(File);

    for (ULONG i = 0; i < TRIES && !NT_SUCCESS(Status); i++) {
        Sleep(10);
        LoadTrapTest();
        Status = OpenTrapTest(File);
    }
    return Status;
}

static NTSTATUS Control(HANDLE File, ULONG Code, ULONG Index, PVOID Answer, ULONG Length)
{
    IO_STATUS_BLOCK Iosb;

    return NtDeviceIoControlFile(File, NULL, NULL, NULL, &Iosb, Code, &Index, sizeof(Index), Answer,
                                 Length);
}

static void RunGroups(HANDLE File)
{
    WDMTEST_RESULT Result;
    NTSTATUS Status;
    ULONG i;

    for (i = 0; NT_SUCCESS(Status = Control(File, IOCTL_WDMTEST_RUN, i, &Result, sizeof(Result)));
         i++)
        if (!ok(Result.Checks && !Result.Failures, Result.Name))
            TapPrint("# line %u: not so: %s\n", Result.Line, Result.FirstFailure);
    ok(Status == STATUS_NO_MORE_ENTRIES && i == 6, "all groups of instructions");
}

static NTSTATUS LastStatus(void)
{
    NEP_DRIVER_INFORMATION Driver;

    for (ULONG i = 0; NT_SUCCESS(NepQueryDriver(i, &Driver)); i++)
        if (wcscmp(Driver.Name, u"traptest") == 0)
            return Driver.LastStatus;
    return STATUS_NOT_FOUND;
}

/* By the numbers of drivers/test/traptest/crash.c */
static void TestRefusedInstructions(void)
{
    static const struct {
        NTSTATUS Status;
        PCSTR What;
    } Crashes[] = {
        {STATUS_PRIVILEGED_INSTRUCTION, "a port that is another's"},
        {STATUS_PRIVILEGED_INSTRUCTION, "the same by an instruction that has been replaced"},
        {STATUS_PRIVILEGED_INSTRUCTION, "four bytes, of which the first is the driver's"},
        {STATUS_ACCESS_VIOLATION, "a string to where no memory is"},
        {STATUS_PRIVILEGED_INSTRUCTION, "a string from a port that is another's"},
        {STATUS_PRIVILEGED_INSTRUCTION, "a string at FS"},
        {STATUS_PRIVILEGED_INSTRUCTION, "CLI"},
        {STATUS_PRIVILEGED_INSTRUCTION, "CR3"},
        {STATUS_PRIVILEGED_INSTRUCTION, "another's port in the instruction"},
    };

    for (ULONG i = 0; i < ARRAYSIZE(Crashes); i++) {
        HANDLE File;

        if (!ok_status(OpenWhenItIsBack(&File), STATUS_SUCCESS, "the driver is there"))
            return;
        ok_status(Control(File, IOCTL_WDMTEST_CRASH, i, NULL, 0), STATUS_DEVICE_DOES_NOT_EXIST,
                  Crashes[i].What);
        ok_status(LastStatus(), Crashes[i].Status, "ends it with the instruction's status");
        NtClose(File);
    }
}

void TestTraps(void)
{
    HANDLE File;

    if (!ok_status(LoadTrapTest(), STATUS_SUCCESS, "a driver with privileged instructions") ||
        !ok_status(OpenTrapTest(&File), STATUS_SUCCESS, "its device"))
        return;
    RunGroups(File);
    RunGroups(File);
    NtClose(File);
    TestRefusedInstructions();
}
