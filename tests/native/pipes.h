/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of pipes share. */
#pragma once
#include "waiting.h"

#define PIPE_NAME u"\\??\\PIPE\\umtests"
#define BAD_ADDRESS ((PVOID)0x18)
#define BOTH (FILE_SHARE_READ | FILE_SHARE_WRITE)
#define SYNCHRONOUS FILE_SYNCHRONOUS_IO_NONALERT
#define READ_WRITE (GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE)

typedef struct _PIPE_SHAPE {
    ULONG Share, Options;
    ULONG Type, ReadMode, CompletionMode;
    ULONG Instances, Inbound, Outbound; /* quotas */
} PIPE_SHAPE;

extern const PIPE_SHAPE BytePipe, MessagePipe, AsyncBytePipe, AsyncMessagePipe;
extern IO_STATUS_BLOCK Iosb; /* of the last call */

NTSTATUS MakeServer(PCWSTR Name, ACCESS_MASK Access, ULONG Disposition, const PIPE_SHAPE *Shape,
                    PHANDLE Server);
NTSTATUS OpenClient(PCWSTR Name, ACCESS_MASK Access, ULONG Options, PHANDLE Client);
/* A server's and a client's end that are connected, with messages read as such if they are. */
BOOLEAN MakePair(const PIPE_SHAPE *Shape, PHANDLE Server, PHANDLE Client);
void ClosePair(HANDLE Server, HANDLE Client);
NTSTATUS Control(HANDLE Pipe, ULONG Code, PVOID Input, ULONG InputLength, PVOID Output,
                 ULONG OutputLength);
NTSTATUS Put(HANDLE Pipe, const void *Data, ULONG Length);
NTSTATUS Get(HANDLE Pipe, PVOID Buffer, ULONG Length);
/* Whether a read of Length bytes gives Status and just this text. */
BOOLEAN Gives(HANDLE Pipe, ULONG Length, NTSTATUS Status, const char *Text);
NTSTATUS Listen(HANDLE Server);
NTSTATUS Disconnect(HANDLE Server);
NTSTATUS SetModes(HANDLE Pipe, ULONG ReadMode, ULONG CompletionMode);
NTSTATUS QueryLocal(HANDLE Pipe, PFILE_PIPE_LOCAL_INFORMATION Local);
NTSTATUS WaitForPipe(PCWSTR Name, LONG Milliseconds); /* 0: the default */

/* A call on a thread of its own. */
typedef struct _PIPE_CALL {
    HANDLE Pipe, Thread;
    ULONG Code; /* of NtFsControlFile, or one of those below */
    UCHAR Buffer[64];
    ULONG Length;
    IO_STATUS_BLOCK Iosb;
} PIPE_CALL, *PPIPE_CALL;

#define CALL_READ 1
#define CALL_WRITE 2
#define CALL_FLUSH 3
/* Begins the call, and waits until it waits or is over. */
void BeginCall(PPIPE_CALL Call, HANDLE Pipe, ULONG Code, ULONG Length);
BOOLEAN Waits(PPIPE_CALL Call);
NTSTATUS EndCall(PPIPE_CALL Call);

void TestPipeStates(void);
void TestPipeData(void);
void TestPipeRequests(void);
void TestPipeDeaths(void);
void TestPipeSecurity(void);
