/* SPDX-License-Identifier: BSD-2-Clause */
/* 64 bytes to another process through a named pipe, and back: nbench starts itself a second time as
 * the server. */
#include "nbench.h"

#define BYTES 64
#define PIPE_NAME u"\\??\\PIPE\\nbench"

static POBJECT_ATTRIBUTES Named(void)
{
    static UNICODE_STRING Name = RTL_CONSTANT_STRING(PIPE_NAME);
    static OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return &Attributes;
}

/* Writes back what has come. */
void ServePipe(void)
{
    LARGE_INTEGER Limit = {.QuadPart = -1000000};
    IO_STATUS_BLOCK Iosb;
    UCHAR Buffer[BYTES];
    HANDLE Pipe;

    if (!NT_SUCCESS(NtCreateNamedPipeFile(&Pipe, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE,
                                          Named(), &Iosb, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                          FILE_CREATE, FILE_SYNCHRONOUS_IO_NONALERT, 0, 0, 0, 1,
                                          4096, 4096, &Limit)))
        return;
    NtFsControlFile(Pipe, NULL, NULL, NULL, &Iosb, FSCTL_PIPE_LISTEN, NULL, 0, NULL, 0);
    while (NT_SUCCESS(NtReadFile(Pipe, NULL, NULL, NULL, &Iosb, Buffer, BYTES, NULL, NULL)))
        NtWriteFile(Pipe, NULL, NULL, NULL, &Iosb, Buffer, BYTES, NULL, NULL);
}

static void RoundTrip(PVOID Argument)
{
    static UCHAR Buffer[BYTES];
    IO_STATUS_BLOCK Iosb;

    NtWriteFile((HANDLE)Argument, NULL, NULL, NULL, &Iosb, Buffer, BYTES, NULL, NULL);
    NtReadFile((HANDLE)Argument, NULL, NULL, NULL, &Iosb, Buffer, BYTES, NULL, NULL);
}

void MeasurePipe(ULONGLONG Empty)
{
    LARGE_INTEGER Wait = {.QuadPart = -1000000};
    RTL_USER_PROCESS_INFORMATION Server;
    IO_STATUS_BLOCK Iosb;
    HANDLE Pipe;

    if (!NT_SUCCESS(StartSelf(u"nbench serve-pipe", &Server)))
        return;
    NtResumeThread(Server.ThreadHandle, NULL);
    NtDelayExecution(FALSE, &Wait);
    if (NT_SUCCESS(NtOpenFile(&Pipe, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, Named(), &Iosb,
                              FILE_SHARE_READ, FILE_SYNCHRONOUS_IO_NONALERT))) {
        Print("pipe-round-trip %llu\n", Measure(RoundTrip, Pipe) - Empty);
        NtClose(Pipe);
    }
    NtTerminateProcess(Server.ProcessHandle, STATUS_SUCCESS);
    NtClose(Server.ThreadHandle);
    NtClose(Server.ProcessHandle);
}

/* That alone: "nbench pipe". */
static void Nothing(PVOID Argument)
{
}

void MeasurePipeAlone(void)
{
    MeasurePipe(Measure(Nothing, NULL));
}
