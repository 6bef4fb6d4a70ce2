/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "drvloop KIND" loads looptest.sys and has it keep the processor in that way (a LOOPTEST_KIND).
 * Prints "drvloop: asking", and then with which status the request ended, if it does.
 */
#include <nt/nt.h>
#include <neptune/ioctl.h>
#include "print.h"

static NTSTATUS Loop(ULONG Kind)
{
    UNICODE_STRING Service =
        RTL_CONSTANT_STRING(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\looptest");
    UNICODE_STRING Name = RTL_CONSTANT_STRING(u"\\Device\\LoopTest");
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK IoStatus;
    HANDLE File;
    NTSTATUS Status = NtLoadDriver(&Service);

    if (!NT_SUCCESS(Status) && Status != STATUS_IMAGE_ALREADY_LOADED)
        return Status;
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    Status = NtOpenFile(&File, FILE_READ_DATA | SYNCHRONIZE, &Attributes, &IoStatus, 0,
                        FILE_SYNCHRONOUS_IO_NONALERT);
    if (!NT_SUCCESS(Status))
        return Status;
    Print("drvloop: asking\n");
    return NtDeviceIoControlFile(File, NULL, NULL, NULL, &IoStatus, IOCTL_LOOPTEST_LOOP, &Kind,
                                 sizeof(Kind), NULL, 0);
}

NTSTATUS NTAPI NtProcessStartup(PPEB Peb)
{
    PUNICODE_STRING Line = &Peb->ProcessParameters->CommandLine;
    WCHAR Last = Line->Length ? Line->Buffer[Line->Length / sizeof(WCHAR) - 1] : 0;
    NTSTATUS Status = Loop((ULONG)Last - '0');

    Print("drvloop: %08x\n", (unsigned)Status);
    return Status;
}
