/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smss.exe, the session manager: the first NT process. Makes the drive letter, starts the drivers, then the command
 * prompt, which it starts again when it ends.
 */
#include <nt/nt.h>

#define MAXIMUM_RESTARTS 5
#define SERVICES u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"

/* Until there is a registry, its list of services to start stands here. */
static const PCWSTR Drivers[] = {SERVICES u"null", SERVICES u"beep", SERVICES u"i8042prt", SERVICES u"kbdclass"};

static void Display(PCWSTR Text)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Text);
    NtDisplayString(&String);
}

static void DisplayFailure(PCWSTR What, PCWSTR Name, NTSTATUS Status)
{
    WCHAR Digits[] = u"00000000\n";

    for (ULONG i = 0; i < 8; i++)
        Digits[i] = u"0123456789abcdef"[(ULONG)Status >> (28 - 4 * i) & 0xf];
    Display(u"smss: ");
    Display(What);
    Display(Name);
    Display(u": status ");
    Display(Digits);
}

/* C: is the boot archive. */
static void MakeDriveLetter(void)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\??\\C:"), Target = RTL_CONSTANT_STRING(u"\\SystemRoot");
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Link;
    NTSTATUS Status;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_PERMANENT, NULL, NULL);
    Status = NtCreateSymbolicLinkObject(&Link, SYMBOLIC_LINK_ALL_ACCESS, &Attributes, &Target);
    if (NT_SUCCESS(Status))
        NtClose(Link);
    else
        DisplayFailure(u"cannot make ", Name.Buffer, Status);
}

static void StartDrivers(void)
{
    for (ULONG i = 0; i < ARRAYSIZE(Drivers); i++) {
        UNICODE_STRING Service;
        NTSTATUS Status;

        RtlInitUnicodeString(&Service, Drivers[i]);
        Status = NtLoadDriver(&Service);
        if (!NT_SUCCESS(Status))
            DisplayFailure(u"cannot load ", Drivers[i] + ARRAYSIZE(SERVICES) - 1, Status);
    }
}

/* Starts a program and waits until it ends; returns its exit status or why it could not be started. */
static NTSTATUS RunProgram(PCWSTR Path)
{
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    RTL_USER_PROCESS_INFORMATION Information;
    PROCESS_BASIC_INFORMATION Basic;
    UNICODE_STRING Image;
    NTSTATUS Status;

    RtlInitUnicodeString(&Image, Path);
    Status = RtlCreateProcessParametersEx(&Parameters, &Image, NULL, NULL, &Image, NULL, NULL, NULL, NULL, NULL,
                                          RTL_USER_PROC_PARAMS_NORMALIZED);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = RtlCreateUserProcess(&Image, OBJ_CASE_INSENSITIVE, Parameters, NULL, NULL, NULL, FALSE, NULL, NULL,
                                  &Information);
    RtlDestroyProcessParameters(Parameters);
    if (!NT_SUCCESS(Status))
        return Status;
    NtResumeThread(Information.ThreadHandle, NULL);
    NtWaitForSingleObject(Information.ProcessHandle, FALSE, NULL);
    Status = NtQueryInformationProcess(Information.ProcessHandle, ProcessBasicInformation, &Basic, sizeof(Basic), NULL);
    NtClose(Information.ThreadHandle);
    NtClose(Information.ProcessHandle);
    return NT_SUCCESS(Status) ? Basic.ExitStatus : Status;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    NTSTATUS Status = STATUS_SUCCESS;

    Display(u"Neptune OS 0.1 - Windows NT on seL4\n");
    MakeDriveLetter();
    StartDrivers();
    for (ULONG i = 0; i <= MAXIMUM_RESTARTS; i++) {
        Status = RunProgram(u"\\SystemRoot\\ntcmd.exe");
        DisplayFailure(u"the command prompt has ended", u"", Status);
    }
    Display(u"smss: it ended too often and is not started again\n");
    return Status;
}
