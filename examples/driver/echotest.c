/* SPDX-License-Identifier: BSD-2-Clause */
/* echotest.exe: writes its arguments to \??\Echo and shows what comes back. A native program: it
 * needs ntdll.dll only. */
#include <windows.h>
#include <winternl.h>
#include <winioctl.h>
#include "echo.h"

NTSYSAPI NTSTATUS NTAPI NtDisplayString(PUNICODE_STRING);
NTSYSAPI NTSTATUS NTAPI NtTerminateProcess(HANDLE, NTSTATUS);
NTSYSAPI NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG, ULONG, PUNICODE_STRING);
NTSYSAPI NTSTATUS NTAPI NtReadFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK, PVOID,
                                   ULONG, PLARGE_INTEGER, PULONG);
NTSYSAPI NTSTATUS NTAPI NtWriteFile(HANDLE, HANDLE, PIO_APC_ROUTINE, PVOID, PIO_STATUS_BLOCK, PVOID,
                                    ULONG, PLARGE_INTEGER, PULONG);

static void Show(PCWSTR Text)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Text);
    NtDisplayString(&String);
}

static void ShowNumber(PCWSTR Text, ULONG Number)
{
    WCHAR Digits[12];
    UNICODE_STRING String = {.Buffer = Digits, .MaximumLength = sizeof(Digits)};

    Show(Text);
    RtlIntegerToUnicodeString(Number, Number > 9999999 ? 16 : 10, &String);
    NtDisplayString(&String);
    Show(L"\n");
}

static HANDLE OpenEcho(void)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Block;
    HANDLE File = NULL;
    NTSTATUS Status;

    RtlInitUnicodeString(&Name, L"\\??\\Echo");
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtOpenFile(&File, FILE_READ_DATA | FILE_WRITE_DATA | SYNCHRONIZE, &Attributes, &Block,
                        0, FILE_SYNCHRONOUS_IO_NONALERT);
    if (!NT_SUCCESS(Status))
        ShowNumber(L"\\??\\Echo does not open (sc start echo?): ", Status);
    return File;
}

static void Talk(HANDLE File, PUNICODE_STRING Text)
{
    static WCHAR Back[ECHO_MAXIMUM / sizeof(WCHAR) + 1];
    ECHO_FACTS Facts = {0};
    IO_STATUS_BLOCK Block;
    NTSTATUS Status =
        NtWriteFile(File, NULL, NULL, NULL, &Block, Text->Buffer, Text->Length, NULL, NULL);

    if (NT_SUCCESS(Status))
        Status = NtReadFile(File, NULL, NULL, NULL, &Block, Back, ECHO_MAXIMUM, NULL, NULL);
    if (NT_SUCCESS(Status))
        Status = NtDeviceIoControlFile(File, NULL, NULL, NULL, &Block, IOCTL_ECHO_FACTS, NULL, 0,
                                       &Facts, sizeof(Facts));
    if (!NT_SUCCESS(Status)) {
        ShowNumber(L"echo says ", Status);
        return;
    }
    Show(Back);
    Show(L"\n");
    ShowNumber(L"writes: ", Facts.Writes);
    ShowNumber(L"bytes: ", Facts.Kept);
}

void start(PPEB Peb)
{
    HANDLE File = OpenEcho();

    if (File) {
        Talk(File, &Peb->ProcessParameters->CommandLine);
        NtClose(File);
    }
    NtTerminateProcess((HANDLE)-1, 0);
}
