/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "keyhold N" has the keyboard open and does not read until N packets have been lost. Then it reads
 * what there is, and says how much that was.
 */
#include <nt/nt.h>
#include <neptune/ioctl.h>
#include "print.h"

#define POLL_INTERVAL (-500000LL)

static KEYBOARD_INPUT_DATA Packets[512];

static NTSTATUS OpenKeyboard(PHANDLE Keyboard)
{
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\KeyboardClass0");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK Iosb;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenFile(Keyboard, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &Iosb, 0,
                      FILE_SYNCHRONOUS_IO_NONALERT);
}

static ULONG LastNumber(PUNICODE_STRING Line)
{
    ULONG Number = 0;

    for (ULONG i = 0; i < Line->Length / sizeof(WCHAR); i++)
        Number = Line->Buffer[i] >= '0' && Line->Buffer[i] <= '9'
                     ? 10 * Number + (Line->Buffer[i] - '0')
                     : 0;
    return Number;
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    ULONG Wanted = LastNumber(&Peb->ProcessParameters->CommandLine), Lost = 0;
    LARGE_INTEGER Pause = {.QuadPart = POLL_INTERVAL}, Offset = {.QuadPart = 0};
    IO_STATUS_BLOCK Iosb;
    HANDLE Keyboard;
    NTSTATUS Status = OpenKeyboard(&Keyboard);

    if (!NT_SUCCESS(Status))
        return Status;
    Print("holding the keyboard\n");
    while (NT_SUCCESS(Status) && Lost < Wanted) {
        NtDelayExecution(FALSE, &Pause);
        Status = NtDeviceIoControlFile(Keyboard, NULL, NULL, NULL, &Iosb, IOCTL_KEYBOARD_QUERY_LOST,
                                       NULL, 0, &Lost, sizeof(Lost));
    }
    if (NT_SUCCESS(Status))
        Status =
            NtReadFile(Keyboard, NULL, NULL, NULL, &Iosb, Packets, sizeof(Packets), &Offset, NULL);
    if (NT_SUCCESS(Status))
        Print("%u packets, %u lost\n", (ULONG)(Iosb.Information / sizeof(Packets[0])), Lost);
    return Status;
}
