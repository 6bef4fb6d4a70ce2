/* SPDX-License-Identifier: BSD-2-Clause */
/* Named pipes, mailslots, and locks of ranges of files.  (WDK: ntifs.h) */
#pragma once
#include <nt/ntio.h>

/* ---- Named pipes ---- */
#define FILE_CREATE_PIPE_INSTANCE 0x00000004

#define FILE_PIPE_BYTE_STREAM_TYPE 0
#define FILE_PIPE_MESSAGE_TYPE 1
#define FILE_PIPE_REJECT_REMOTE_CLIENTS 2
#define FILE_PIPE_TYPE_VALID_MASK 3
#define FILE_PIPE_BYTE_STREAM_MODE 0
#define FILE_PIPE_MESSAGE_MODE 1
#define FILE_PIPE_QUEUE_OPERATION 0
#define FILE_PIPE_COMPLETE_OPERATION 1
#define FILE_PIPE_INBOUND 0
#define FILE_PIPE_OUTBOUND 1
#define FILE_PIPE_FULL_DUPLEX 2
#define FILE_PIPE_DISCONNECTED_STATE 1
#define FILE_PIPE_LISTENING_STATE 2
#define FILE_PIPE_CONNECTED_STATE 3
#define FILE_PIPE_CLOSING_STATE 4
#define FILE_PIPE_CLIENT_END 0
#define FILE_PIPE_SERVER_END 1
#define FILE_PIPE_UNLIMITED_INSTANCES 0xffffffffu

/* Options that NtCreateNamedPipeFile and NtCreateMailslotFile take */
#define FILE_VALID_PIPE_OPTION_FLAGS 0x00000032
#define FILE_VALID_MAILSLOT_OPTION_FLAGS 0x00000032

typedef struct _FILE_PIPE_INFORMATION {
    ULONG ReadMode;
    ULONG CompletionMode;
} FILE_PIPE_INFORMATION, *PFILE_PIPE_INFORMATION;

typedef struct _FILE_PIPE_LOCAL_INFORMATION {
    ULONG NamedPipeType;
    ULONG NamedPipeConfiguration;
    ULONG MaximumInstances;
    ULONG CurrentInstances;
    ULONG InboundQuota;
    ULONG ReadDataAvailable;
    ULONG OutboundQuota;
    ULONG WriteQuotaAvailable;
    ULONG NamedPipeState;
    ULONG NamedPipeEnd;
} FILE_PIPE_LOCAL_INFORMATION, *PFILE_PIPE_LOCAL_INFORMATION;

typedef struct _FILE_PIPE_REMOTE_INFORMATION {
    LARGE_INTEGER CollectDataTime;
    ULONG MaximumCollectionCount;
} FILE_PIPE_REMOTE_INFORMATION, *PFILE_PIPE_REMOTE_INFORMATION;

typedef struct _FILE_PIPE_PEEK_BUFFER {
    ULONG NamedPipeState;
    ULONG ReadDataAvailable;
    ULONG NumberOfMessages;
    ULONG MessageLength;
    CHAR Data[1];
} FILE_PIPE_PEEK_BUFFER, *PFILE_PIPE_PEEK_BUFFER;

typedef struct _FILE_PIPE_WAIT_FOR_BUFFER {
    LARGE_INTEGER Timeout;
    ULONG NameLength; /* bytes */
    BOOLEAN TimeoutSpecified;
    WCHAR Name[1]; /* without a leading backslash */
} FILE_PIPE_WAIT_FOR_BUFFER, *PFILE_PIPE_WAIT_FOR_BUFFER;

_Static_assert(sizeof(FILE_PIPE_LOCAL_INFORMATION) == 40, "FILE_PIPE_LOCAL_INFORMATION");
_Static_assert(sizeof(FILE_PIPE_REMOTE_INFORMATION) == 16, "FILE_PIPE_REMOTE_INFORMATION");
_Static_assert(offsetof(FILE_PIPE_WAIT_FOR_BUFFER, Name) == 14, "FILE_PIPE_WAIT_FOR_BUFFER");

#define NT_PIPE_CODE(function, method, access)                                                     \
    CTL_CODE(FILE_DEVICE_NAMED_PIPE, function, method, access)
#define FSCTL_PIPE_ASSIGN_EVENT NT_PIPE_CODE(0, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_DISCONNECT NT_PIPE_CODE(1, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_LISTEN NT_PIPE_CODE(2, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_PEEK NT_PIPE_CODE(3, METHOD_BUFFERED, FILE_READ_ACCESS)
#define FSCTL_PIPE_QUERY_EVENT NT_PIPE_CODE(4, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_TRANSCEIVE NT_PIPE_CODE(5, METHOD_NEITHER, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
#define FSCTL_PIPE_WAIT NT_PIPE_CODE(6, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_IMPERSONATE NT_PIPE_CODE(7, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_SET_CLIENT_PROCESS NT_PIPE_CODE(8, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_QUERY_CLIENT_PROCESS NT_PIPE_CODE(9, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_GET_PIPE_ATTRIBUTE NT_PIPE_CODE(10, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_SET_PIPE_ATTRIBUTE NT_PIPE_CODE(11, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE NT_PIPE_CODE(12, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_SET_CONNECTION_ATTRIBUTE NT_PIPE_CODE(13, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define FSCTL_PIPE_FLUSH NT_PIPE_CODE(16, METHOD_BUFFERED, FILE_WRITE_ACCESS)
#define FSCTL_PIPE_DISABLE_IMPERSONATE NT_PIPE_CODE(17, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* ---- Mailslots ---- */
#define MAILSLOT_NO_MESSAGE 0xffffffffu

typedef struct _FILE_MAILSLOT_QUERY_INFORMATION {
    ULONG MaximumMessageSize;
    ULONG MailslotQuota;
    ULONG NextMessageSize; /* MAILSLOT_NO_MESSAGE: there is none */
    ULONG MessagesAvailable;
    LARGE_INTEGER ReadTimeout;
} FILE_MAILSLOT_QUERY_INFORMATION, *PFILE_MAILSLOT_QUERY_INFORMATION;

typedef struct _FILE_MAILSLOT_SET_INFORMATION {
    PLARGE_INTEGER ReadTimeout;
} FILE_MAILSLOT_SET_INFORMATION, *PFILE_MAILSLOT_SET_INFORMATION;

_Static_assert(sizeof(FILE_MAILSLOT_QUERY_INFORMATION) == 24, "FILE_MAILSLOT_QUERY_INFORMATION");

#define FSCTL_MAILSLOT_PEEK CTL_CODE(FILE_DEVICE_MAILSLOT, 0, METHOD_NEITHER, FILE_READ_ACCESS)

typedef struct _FILE_MAILSLOT_PEEK_BUFFER {
    ULONG ReadDataAvailable;
    ULONG NumberOfMessages;
    ULONG MessageLength;
} FILE_MAILSLOT_PEEK_BUFFER, *PFILE_MAILSLOT_PEEK_BUFFER;

/* ---- Segments of NtReadFileScatter and NtWriteFileGather ---- */
typedef union _FILE_SEGMENT_ELEMENT {
    ULONGLONG Buffer; /* of a page: a pointer of 64 bits on every machine */
    ULONGLONG Alignment;
} FILE_SEGMENT_ELEMENT, *PFILE_SEGMENT_ELEMENT;

NTSTATUS NTAPI NtCreateNamedPipeFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                                     CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                     CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, ULONG ShareAccess,
                                     ULONG CreateDisposition, ULONG CreateOptions,
                                     ULONG NamedPipeType, ULONG ReadMode, ULONG CompletionMode,
                                     ULONG MaximumInstances, ULONG InboundQuota,
                                     ULONG OutboundQuota, CLIENT(PLARGE_INTEGER) DefaultTimeout);
NTSTATUS NTAPI NtCreateMailslotFile(CLIENT(PHANDLE) FileHandle, ACCESS_MASK DesiredAccess,
                                    CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                    CLIENT(PIO_STATUS_BLOCK) IoStatusBlock, ULONG CreateOptions,
                                    ULONG MailslotQuota, ULONG MaximumMessageSize,
                                    CLIENT(PLARGE_INTEGER) ReadTimeout);
NTSTATUS NTAPI NtLockFile(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                          CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                          CLIENT(PLARGE_INTEGER) ByteOffset, CLIENT(PLARGE_INTEGER) Length,
                          ULONG Key, BOOLEAN FailImmediately, BOOLEAN ExclusiveLock);
NTSTATUS NTAPI NtUnlockFile(HANDLE FileHandle, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                            CLIENT(PLARGE_INTEGER) ByteOffset, CLIENT(PLARGE_INTEGER) Length,
                            ULONG Key);
NTSTATUS NTAPI NtReadFileScatter(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                 CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                 CLIENT(PFILE_SEGMENT_ELEMENT) SegmentArray, ULONG Length,
                                 CLIENT(PLARGE_INTEGER) ByteOffset, CLIENT(PULONG) Key);
NTSTATUS NTAPI NtWriteFileGather(HANDLE FileHandle, HANDLE Event, PIO_APC_ROUTINE ApcRoutine,
                                 CLIENT(PVOID) ApcContext, CLIENT(PIO_STATUS_BLOCK) IoStatusBlock,
                                 CLIENT(PFILE_SEGMENT_ELEMENT) SegmentArray, ULONG Length,
                                 CLIENT(PLARGE_INTEGER) ByteOffset, CLIENT(PULONG) Key);
