/* SPDX-License-Identifier: BSD-2-Clause */
/* Local procedure calls: ports and their messages. (Microsoft: ntlpcapi.h; not in the WDK) */
#pragma once

#include <nt/ntob.h>
#include <nt/nttoken.h>

#define PORT_CONNECT 0x0001
#define PORT_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x1)

/* A message: this header, and DataLength bytes behind it. TotalLength counts the header too. */
typedef struct _PORT_MESSAGE {
    union {
        struct {
            CSHORT DataLength;
            CSHORT TotalLength;
        } s1;
        ULONG Length;
    } u1;
    union {
        struct {
            CSHORT Type;
            CSHORT DataInfoOffset; /* of a PORT_DATA_INFORMATION, from the header on; 0: none */
        } s2;
        ULONG ZeroInit;
    } u2;
    union {
        CLIENT_ID ClientId; /* of the sender */
        double DoNotUseThisField;
    };
    ULONG MessageId;
    union {
        SIZE_T ClientViewSize; /* of a connection request */
        ULONG CallbackId;
    };
} PORT_MESSAGE, *PPORT_MESSAGE;

typedef enum _LPC_TYPE {
    LPC_NEW_MESSAGE,
    LPC_REQUEST,
    LPC_REPLY,
    LPC_DATAGRAM,
    LPC_LOST_REPLY,
    LPC_PORT_CLOSED,
    LPC_CLIENT_DIED,
    LPC_EXCEPTION,
    LPC_DEBUG_EVENT,
    LPC_ERROR_EVENT,
    LPC_CONNECTION_REQUEST,
    LPC_CONNECTION_REPLY,
    LPC_CANCELED,
    LPC_UNREGISTER_PROCESS,
} LPC_TYPE;

#define LPC_KERNELMODE_MESSAGE 0x8000 /* flags beside the type */
#define LPC_NO_IMPERSONATE 0x4000
#define LPC_CONTINUATION_REQUIRED 0x2000 /* its sender waits for an answer */

/* What the data of LPC_PORT_CLOSED and LPC_CLIENT_DIED are. */
typedef struct _CLIENT_DIED_MSG {
    PORT_MESSAGE PortMsg;
    LARGE_INTEGER CreateTime; /* of the thread, or of the process */
} CLIENT_DIED_MSG, *PCLIENT_DIED_MSG;

#define MAXIMUM_HARDERROR_PARAMETERS 5

/* What NtRaiseHardError asks whoever handles errors (LPC_ERROR_EVENT), and, with Response, its
 * reply. (phnt: ntlpcapi.h) */
typedef struct _HARDERROR_MSG {
    PORT_MESSAGE h;
    NTSTATUS Status;
    LARGE_INTEGER ErrorTime;
    ULONG ValidResponseOptions; /* HARDERROR_RESPONSE_OPTION */
    ULONG Response;             /* HARDERROR_RESPONSE */
    ULONG NumberOfParameters;   /* and which of them point to UNICODE_STRINGs, in the memory … */
    ULONG UnicodeStringParameterMask; /* … of the sender's process */
    ULONG_PTR Parameters[MAXIMUM_HARDERROR_PARAMETERS];
} HARDERROR_MSG, *PHARDERROR_MSG;

ASSERT_SIZE64(HARDERROR_MSG, 0x70);
ASSERT_SIZE32(HARDERROR_MSG, 0x50);

#if defined(__x86_64__)
#define PORT_MAXIMUM_MESSAGE_LENGTH 512
#else
#define PORT_MAXIMUM_MESSAGE_LENGTH 256
#endif
#define LPC_MAX_CONNECTION_INFO_SIZE (16 * sizeof(ULONG_PTR))
#define PORT_TOTAL_MAXIMUM_MESSAGE_LENGTH                                                          \
    ((PORT_MAXIMUM_MESSAGE_LENGTH + sizeof(PORT_MESSAGE) + LPC_MAX_CONNECTION_INFO_SIZE + 0xf) &   \
     ~(SIZE_T)0xf)

typedef struct _PORT_DATA_ENTRY {
    PVOID Base;
    ULONG Size;
} PORT_DATA_ENTRY, *PPORT_DATA_ENTRY;

/* Where in the sender's memory more data are. */
typedef struct _PORT_DATA_INFORMATION {
    ULONG CountDataEntries;
    PORT_DATA_ENTRY DataEntries[1];
} PORT_DATA_INFORMATION, *PPORT_DATA_INFORMATION;

/* A section that one side of a connection gives, mapped on both. */
typedef struct _PORT_VIEW {
    ULONG Length;
    HANDLE SectionHandle;
    ULONG SectionOffset;
    SIZE_T ViewSize;      /* 0: all behind the offset */
    PVOID ViewBase;       /* out: in the giver's process */
    PVOID ViewRemoteBase; /* out: in the other one */
} PORT_VIEW, *PPORT_VIEW;

/* The other side's section in one's own process. */
typedef struct _REMOTE_PORT_VIEW {
    ULONG Length;
    SIZE_T ViewSize;
    PVOID ViewBase;
} REMOTE_PORT_VIEW, *PREMOTE_PORT_VIEW;

typedef enum _PORT_INFORMATION_CLASS {
    PortBasicInformation,
} PORT_INFORMATION_CLASS;

/* ---- Advanced LPC: attributes of messages. They follow this header in the order of their flags,
 * the highest first. ---- */
typedef struct _ALPC_MESSAGE_ATTRIBUTES {
    ULONG AllocatedAttributes; /* those that there is room for */
    ULONG ValidAttributes;
} ALPC_MESSAGE_ATTRIBUTES, *PALPC_MESSAGE_ATTRIBUTES;

#define ALPC_MESSAGE_SECURITY_ATTRIBUTE 0x80000000
#define ALPC_MESSAGE_VIEW_ATTRIBUTE 0x40000000
#define ALPC_MESSAGE_CONTEXT_ATTRIBUTE 0x20000000
#define ALPC_MESSAGE_HANDLE_ATTRIBUTE 0x10000000
#define ALPC_MESSAGE_TOKEN_ATTRIBUTE 0x08000000
#define ALPC_MESSAGE_DIRECT_ATTRIBUTE 0x04000000
#define ALPC_MESSAGE_WORK_ON_BEHALF_ATTRIBUTE 0x02000000

typedef HANDLE ALPC_HANDLE, *PALPC_HANDLE;

typedef struct _ALPC_SECURITY_ATTR {
    ULONG Flags;
    PSECURITY_QUALITY_OF_SERVICE QoS;
    ALPC_HANDLE ContextHandle;
} ALPC_SECURITY_ATTR, *PALPC_SECURITY_ATTR;

typedef struct _ALPC_DATA_VIEW_ATTR {
    ULONG Flags;
    ALPC_HANDLE SectionHandle;
    PVOID ViewBase;
    SIZE_T ViewSize;
} ALPC_DATA_VIEW_ATTR, *PALPC_DATA_VIEW_ATTR;

typedef struct _ALPC_CONTEXT_ATTR {
    PVOID PortContext;
    PVOID MessageContext;
    ULONG Sequence;
    ULONG MessageId;
    ULONG CallbackId;
} ALPC_CONTEXT_ATTR, *PALPC_CONTEXT_ATTR;

typedef struct _ALPC_HANDLE_ATTR {
    ULONG Flags;
    HANDLE Handle;
    ULONG ObjectType;
    ACCESS_MASK DesiredAccess;
} ALPC_HANDLE_ATTR, *PALPC_HANDLE_ATTR;

typedef struct _ALPC_TOKEN_ATTR {
    ULONGLONG TokenId;
    ULONGLONG AuthenticationId;
    ULONGLONG ModifiedId;
} ALPC_TOKEN_ATTR, *PALPC_TOKEN_ATTR;

typedef struct _ALPC_DIRECT_ATTR {
    HANDLE Event;
} ALPC_DIRECT_ATTR, *PALPC_DIRECT_ATTR;

typedef struct _ALPC_WORK_ON_BEHALF_ATTR {
    ULONGLONG Ticket;
} ALPC_WORK_ON_BEHALF_ATTR, *PALPC_WORK_ON_BEHALF_ATTR;

SIZE_T NTAPI AlpcGetHeaderSize(ULONG Flags);
NTSTATUS NTAPI AlpcInitializeMessageAttribute(ULONG AttributeFlags, PALPC_MESSAGE_ATTRIBUTES Buffer,
                                              SIZE_T BufferSize, PSIZE_T RequiredBufferSize);
PVOID NTAPI AlpcGetMessageAttribute(PALPC_MESSAGE_ATTRIBUTES Buffer, ULONG AttributeFlag);

#if defined(__x86_64__)
_Static_assert(sizeof(PORT_MESSAGE) == 0x28, "PORT_MESSAGE");
_Static_assert(sizeof(PORT_VIEW) == 0x30, "PORT_VIEW");
_Static_assert(sizeof(REMOTE_PORT_VIEW) == 0x18, "REMOTE_PORT_VIEW");
#else
_Static_assert(sizeof(PORT_MESSAGE) == 0x18, "PORT_MESSAGE");
_Static_assert(sizeof(PORT_VIEW) == 0x18, "PORT_VIEW");
_Static_assert(sizeof(REMOTE_PORT_VIEW) == 0xc, "REMOTE_PORT_VIEW");
#endif

NTSTATUS NTAPI NtCreatePort(CLIENT(PHANDLE) PortHandle, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                            ULONG MaxConnectionInfoLength, ULONG MaxMessageLength,
                            ULONG MaxPoolUsage);
NTSTATUS NTAPI NtCreateWaitablePort(CLIENT(PHANDLE) PortHandle,
                                    CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                    ULONG MaxConnectionInfoLength, ULONG MaxMessageLength,
                                    ULONG MaxPoolUsage);
NTSTATUS NTAPI NtConnectPort(CLIENT(PHANDLE) PortHandle, CLIENT(PUNICODE_STRING) PortName,
                             CLIENT(PSECURITY_QUALITY_OF_SERVICE) SecurityQos,
                             CLIENT(PPORT_VIEW) ClientView, CLIENT(PREMOTE_PORT_VIEW) ServerView,
                             CLIENT(PULONG) MaxMessageLength, CLIENT(PVOID) ConnectionInformation,
                             CLIENT(PULONG) ConnectionInformationLength);
NTSTATUS NTAPI NtSecureConnectPort(CLIENT(PHANDLE) PortHandle, CLIENT(PUNICODE_STRING) PortName,
                                   CLIENT(PSECURITY_QUALITY_OF_SERVICE) SecurityQos,
                                   CLIENT(PPORT_VIEW) ClientView, CLIENT(PSID) RequiredServerSid,
                                   CLIENT(PREMOTE_PORT_VIEW) ServerView,
                                   CLIENT(PULONG) MaxMessageLength,
                                   CLIENT(PVOID) ConnectionInformation,
                                   CLIENT(PULONG) ConnectionInformationLength);
NTSTATUS NTAPI NtListenPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) ConnectionRequest);
NTSTATUS NTAPI NtAcceptConnectPort(CLIENT(PHANDLE) PortHandle, PVOID PortContext,
                                   CLIENT(PPORT_MESSAGE) ConnectionRequest,
                                   BOOLEAN AcceptConnection, CLIENT(PPORT_VIEW) ServerView,
                                   CLIENT(PREMOTE_PORT_VIEW) ClientView);
NTSTATUS NTAPI NtCompleteConnectPort(HANDLE PortHandle);
NTSTATUS NTAPI NtRequestPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) RequestMessage);
NTSTATUS NTAPI NtRequestWaitReplyPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) RequestMessage,
                                      CLIENT(PPORT_MESSAGE) ReplyMessage);
NTSTATUS NTAPI NtReplyPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) ReplyMessage);
NTSTATUS NTAPI NtReplyWaitReplyPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) ReplyMessage);
NTSTATUS NTAPI NtReplyWaitReceivePort(HANDLE PortHandle, CLIENT(PVOID *) PortContext,
                                      CLIENT(PPORT_MESSAGE) ReplyMessage,
                                      CLIENT(PPORT_MESSAGE) ReceiveMessage);
NTSTATUS NTAPI NtReplyWaitReceivePortEx(HANDLE PortHandle, CLIENT(PVOID *) PortContext,
                                        CLIENT(PPORT_MESSAGE) ReplyMessage,
                                        CLIENT(PPORT_MESSAGE) ReceiveMessage,
                                        CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtReadRequestData(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message,
                                 ULONG DataEntryIndex, CLIENT(PVOID) Buffer, SIZE_T BufferSize,
                                 CLIENT(PSIZE_T) NumberOfBytesRead);
NTSTATUS NTAPI NtWriteRequestData(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message,
                                  ULONG DataEntryIndex, CLIENT(PVOID) Buffer, SIZE_T BufferSize,
                                  CLIENT(PSIZE_T) NumberOfBytesWritten);
NTSTATUS NTAPI NtImpersonateClientOfPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message);
NTSTATUS NTAPI NtQueryInformationPort(HANDLE PortHandle,
                                      PORT_INFORMATION_CLASS PortInformationClass,
                                      CLIENT(PVOID) PortInformation, ULONG Length,
                                      CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtRegisterThreadTerminatePort(HANDLE PortHandle);
