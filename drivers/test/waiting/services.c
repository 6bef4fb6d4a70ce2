/* SPDX-License-Identifier: BSD-2-Clause */
/* Services that wait. */
#include "waiting.h"

#define MILLISECOND 10000LL

static NTSTATUS Open(PCWSTR Name, ULONG Options, PHANDLE File)
{
    OBJECT_ATTRIBUTES Attributes;
    IO_STATUS_BLOCK IoStatus;
    UNICODE_STRING Path;

    RtlInitUnicodeString(&Path, Name);
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL,
                               NULL);
    return ZwCreateFile(File, FILE_READ_DATA | FILE_WRITE_DATA * (Options == 0) | SYNCHRONIZE,
                        &Attributes, &IoStatus, NULL, FILE_ATTRIBUTE_NORMAL,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN,
                        FILE_SYNCHRONOUS_IO_NONALERT | Options, NULL, 0);
}

static NTSTATUS AskSelf(ULONG Kind, PULONG Result)
{
    WAITING_COMMAND Command = {.Kind = Kind};
    IO_STATUS_BLOCK IoStatus;
    HANDLE File;
    NTSTATUS Status = Open(L"\\Device\\Waiting", 0, &File), Closed;

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ZwDeviceIoControlFile(File, NULL, NULL, NULL, &IoStatus, IOCTL_WAITING_RUN, &Command,
                                   sizeof(Command), Result, sizeof(*Result));
    Closed = ZwClose(File);
    return NT_SUCCESS(Status) ? Closed : Status;
}

NTSTATUS OpenSelf(PULONG Result)
{
    return AskSelf(WaitingCount, Result);
}

NTSTATUS WaitInSelf(VOID)
{
    ULONG Result;

    return AskSelf(WaitingAtGate, &Result);
}

/* What is written to it is gone. */
NTSTATUS UseDevice(VOID)
{
    LARGE_INTEGER Offset = {.QuadPart = 0};
    IO_STATUS_BLOCK IoStatus = {.Information = 0};
    UCHAR Byte = 1;
    HANDLE File;
    NTSTATUS Status = Open(L"\\Device\\Null", 0, &File);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ZwWriteFile(File, NULL, NULL, NULL, &IoStatus, &Byte, sizeof(Byte), &Offset, NULL);
    if (NT_SUCCESS(Status) && IoStatus.Information != sizeof(Byte))
        Status = STATUS_DATA_ERROR;
    if (NT_SUCCESS(Status) && ZwReadFile(File, NULL, NULL, NULL, &IoStatus, &Byte, sizeof(Byte),
                                         &Offset, NULL) != STATUS_END_OF_FILE)
        Status = STATUS_DATA_ERROR;
    ZwClose(File);
    return Status;
}

NTSTATUS ReadImage(PULONG Result)
{
    LARGE_INTEGER Offset = {.QuadPart = 0};
    IO_STATUS_BLOCK IoStatus;
    HANDLE File;
    NTSTATUS Status = Open(L"\\SystemRoot\\ntoskrnl.exe", FILE_NON_DIRECTORY_FILE, &File);

    if (!NT_SUCCESS(Status))
        return Status;
    *Result = 0;
    Status = ZwReadFile(File, NULL, NULL, NULL, &IoStatus, Result, sizeof(USHORT), &Offset, NULL);
    ZwClose(File);
    return Status;
}

static NTSTATUS NewEvent(PHANDLE Event)
{
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    return ZwCreateEvent(Event, EVENT_ALL_ACCESS, &Attributes, NotificationEvent, FALSE);
}

NTSTATUS WaitForTimeout(ULONG Milliseconds)
{
    LARGE_INTEGER Limit = {.QuadPart = -MILLISECOND * Milliseconds};
    HANDLE Event;
    NTSTATUS Status = NewEvent(&Event);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ZwWaitForSingleObject(Event, FALSE, &Limit);
    ZwClose(Event);
    return Status;
}

static VOID NTAPI Thread(PVOID Context)
{
    LARGE_INTEGER Interval = {.QuadPart = -MILLISECOND};

    KeDelayExecutionThread(KernelMode, FALSE, &Interval);
    *(PBOOLEAN)Context = TRUE;
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS WaitForThread(VOID)
{
    volatile BOOLEAN Ended = FALSE;
    HANDLE Handle;
    NTSTATUS Status =
        PsCreateSystemThread(&Handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread, (PVOID)&Ended);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ZwWaitForSingleObject(Handle, FALSE, NULL);
    ZwClose(Handle);
    return Status == STATUS_SUCCESS && !Ended ? STATUS_UNSUCCESSFUL : Status;
}

/* A read that its maker does not wait for: an asynchronous file of the device, whose reads are kept
 * until the gate is opened. */
NTSTATUS LeavePending(VOID)
{
    LARGE_INTEGER Limit = {.QuadPart = -2500 * MILLISECOND}, Offset = {.QuadPart = 0};
    UNICODE_STRING Path = RTL_CONSTANT_STRING(L"\\Device\\Waiting");
    IO_STATUS_BLOCK IoStatus, ReadStatus;
    OBJECT_ATTRIBUTES Attributes;
    HANDLE File, Event;
    UCHAR Byte;
    NTSTATUS Status = NewEvent(&Event);

    if (!NT_SUCCESS(Status))
        return Status;
    InitializeObjectAttributes(&Attributes, &Path, OBJ_KERNEL_HANDLE, NULL, NULL);
    Status = ZwOpenFile(&File, FILE_READ_DATA, &Attributes, &IoStatus, FILE_SHARE_READ, 0);
    if (NT_SUCCESS(Status)) {
        Status =
            ZwReadFile(File, Event, NULL, NULL, &ReadStatus, &Byte, sizeof(Byte), &Offset, NULL);
        if (Status == STATUS_PENDING) {
            KeDelayExecutionThread(KernelMode, FALSE, &Limit); /* idle helpers go meanwhile */
            Status = ZwWaitForSingleObject(Event, FALSE, &Limit);
        }
        if (Status == STATUS_SUCCESS)
            Status = ReadStatus.Status;
        ZwClose(File);
    }
    ZwClose(Event);
    return Status;
}

/* As on Windows it does not return. */
NTSTATUS CloseRaised(VOID)
{
    HANDLE Event;
    KIRQL Irql;

    NewEvent(&Event);
    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    ZwClose(Event);
    KeLowerIrql(Irql);
    return STATUS_SUCCESS;
}
