/* SPDX-License-Identifier: BSD-2-Clause */
/* What drivers find in ntoskrnl.exe: runtest.sys calls it (drivers/test/runtime), and is asked here
 * to, group by group; and what only shows from outside. */
#include "tap.h"
#include <neptune/ioctl.h>

#define SERVICE u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\runtest"

static NTSTATUS Load(void)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(SERVICE);

    return NtLoadDriver(&Service);
}

static NTSTATUS Unload(void)
{
    UNICODE_STRING Service = RTL_CONSTANT_STRING(SERVICE);

    return NtUnloadDriver(&Service);
}

static NTSTATUS OpenDevice(PHANDLE File)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\RunTest");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb, 0,
                      FILE_SYNCHRONOUS_IO_NONALERT);
}

static NTSTATUS Control(HANDLE File, ULONG Code, ULONG Input, WDMTEST_RESULT *Result)
{
    IO_STATUS_BLOCK Iosb;

    return NtDeviceIoControlFile(File, NULL, NULL, NULL, &Iosb, Code, &Input, sizeof(Input), Result,
                                 sizeof(*Result));
}

static ULONG TestGroups(HANDLE File)
{
    WDMTEST_RESULT Result;
    NTSTATUS Status;
    ULONG Index, Checks = 0;

    for (Index = 0; NT_SUCCESS(Status = Control(File, IOCTL_WDMTEST_RUN, Index, &Result));
         Index++) {
        Checks += Result.Checks;
        if (!ok(Result.Checks && !Result.Failures, Result.Name))
            TapPrint("# %u of %u, line %u: not so: %s\n", (unsigned)Result.Failures,
                     (unsigned)Result.Checks, (unsigned)Result.Line, Result.FirstFailure);
    }
    ok_status(Status, STATUS_NO_MORE_ENTRIES, "all groups of checks");
    return Checks;
}

static void TestSignal(HANDLE File)
{
    LARGE_INTEGER Zero = {.QuadPart = 0};
    WDMTEST_RESULT Result;
    HANDLE Event, Weak;

    NtCreateEvent(&Event, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
    NtDuplicateObject(NtCurrentProcess(), Event, NtCurrentProcess(), &Weak, SYNCHRONIZE, 0, 0);
    ok_status(Control(File, IOCTL_RUNTEST_SIGNAL, (ULONG)(ULONG_PTR)Event, &Result), STATUS_SUCCESS,
              "a driver is given an event");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Zero), STATUS_SUCCESS, "and signals it");
    ok_status(Control(File, IOCTL_RUNTEST_SIGNAL, (ULONG)(ULONG_PTR)Weak, &Result),
              STATUS_ACCESS_DENIED, "by a handle that may not");
    ok_status(Control(File, IOCTL_RUNTEST_SIGNAL, (ULONG)(ULONG_PTR)File, &Result),
              STATUS_OBJECT_TYPE_MISMATCH, "a file in place of an event");
    ok_status(Control(File, IOCTL_RUNTEST_SIGNAL, 0x7770, &Result), STATUS_INVALID_HANDLE,
              "a handle that is none");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Zero), STATUS_TIMEOUT, "nothing came of those");
    NtClose(Weak);
    NtClose(Event);
}

static void TestWhose(HANDLE File)
{
    ULONG Self = (ULONG)(ULONG_PTR)NtCurrentTeb()->ClientId.UniqueProcess;
    WDMTEST_RESULT Result;
    PULONG Ids = (PULONG)&Result;

    ok_status(Control(File, IOCTL_RUNTEST_WHOSE, 0, &Result), STATUS_SUCCESS,
              "a driver asks whose a request is");
    ok(Ids[0] == Self && Ids[1] == Self && Ids[2] == Self, "it is this process'");
}

/* The callback of a bug check is called before the host goes. */
static void TestBugCheck(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\BaseNamedObjects\\RunTestEnd");
    LARGE_INTEGER Zero = {.QuadPart = 0};
    OBJECT_ATTRIBUTES Attributes;
    WDMTEST_RESULT Result;
    HANDLE Event, File;

    InitializeObjectAttributes(&Attributes, &Name, 0, NULL, NULL);
    NtCreateEvent(&Event, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
    if (!ok_status(OpenDevice(&File), STATUS_SUCCESS, "the device again"))
        return;
    ok_status(Control(File, IOCTL_WDMTEST_CRASH, 0, &Result), STATUS_DEVICE_DOES_NOT_EXIST,
              "a bug check ends the driver");
    ok_status(NtWaitForSingleObject(Event, FALSE, &Zero), STATUS_SUCCESS,
              "which its callback has told");
    NtClose(File);
    NtClose(Event);
}

void TestDriverApi(void)
{
    BOOLEAN WasEnabled;
    HANDLE File;

    RtlAdjustPrivilege(SE_LOAD_DRIVER_PRIVILEGE, TRUE, FALSE, &WasEnabled);
    ok_status(Load(), STATUS_SUCCESS, "the driver is loaded");
    if (ok_status(OpenDevice(&File), STATUS_SUCCESS, "its device")) {
        TapPrint("# %u checks in the driver\n", (unsigned)TestGroups(File));
        TestSignal(File);
        TestWhose(File);
        NtClose(File);
    }
    ok_status(Unload(), STATUS_SUCCESS, "it is unloaded");
    ok_status(Load(), STATUS_SUCCESS, "and loaded again");
    TestBugCheck();
    Unload();
}
