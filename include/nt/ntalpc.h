/* SPDX-License-Identifier: BSD-2-Clause */
/* Advanced local procedure calls: ports' attributes, flags and services. The attributes of messages
 * are in ntlpc.h. (Microsoft: ntlpcapi.h; not in the WDK) */
#pragma once

#include <nt/ntlpc.h>

/* ALPC_PORT_ATTRIBUTES.Flags */
#define ALPC_PORFLG_LPC_MODE 0x1000 /* the system's own */
#define ALPC_PORFLG_ALLOW_IMPERSONATION 0x10000
#define ALPC_PORFLG_ALLOW_LPC_REQUESTS 0x20000
#define ALPC_PORFLG_WAITABLE_PORT 0x40000
#define ALPC_PORFLG_ALLOW_DUP_OBJECT 0x80000
#define ALPC_PORFLG_SYSTEM_PROCESS 0x100000
#define ALPC_PORFLG_WAKE_POLICY1 0x200000
#define ALPC_PORFLG_WAKE_POLICY2 0x400000
#define ALPC_PORFLG_WAKE_POLICY3 0x800000
#define ALPC_PORFLG_DIRECT_MESSAGE 0x1000000
#define ALPC_PORFLG_ALLOW_MULTIHANDLE_ATTRIBUTE 0x2000000

/* ALPC_PORT_ATTRIBUTES.DupObjectTypes, and what ALPC_HANDLE_ATTR.ObjectType says of a handle that
 * has arrived */
#define ALPC_PORFLG_OBJECT_TYPE_FILE 0x0001
#define ALPC_PORFLG_OBJECT_TYPE_INVALID 0x0002
#define ALPC_PORFLG_OBJECT_TYPE_THREAD 0x0004
#define ALPC_PORFLG_OBJECT_TYPE_SEMAPHORE 0x0008
#define ALPC_PORFLG_OBJECT_TYPE_EVENT 0x0010
#define ALPC_PORFLG_OBJECT_TYPE_PROCESS 0x0020
#define ALPC_PORFLG_OBJECT_TYPE_MUTEX 0x0040
#define ALPC_PORFLG_OBJECT_TYPE_SECTION 0x0080
#define ALPC_PORFLG_OBJECT_TYPE_REGKEY 0x0100
#define ALPC_PORFLG_OBJECT_TYPE_TOKEN 0x0200
#define ALPC_PORFLG_OBJECT_TYPE_COMPOSITION 0x0400
#define ALPC_PORFLG_OBJECT_TYPE_JOB 0x0800
#define ALPC_PORFLG_OBJECT_TYPE_ALL 0x0ffd

typedef struct _ALPC_PORT_ATTRIBUTES {
    ULONG Flags;
    SECURITY_QUALITY_OF_SERVICE SecurityQos;
    SIZE_T MaxMessageLength; /* with the header */
    SIZE_T MemoryBandwidth;
    SIZE_T MaxPoolUsage;
    SIZE_T MaxSectionSize; /* of the port's sections: one, and all of them; of a view. 0: any */
    SIZE_T MaxViewSize;
    SIZE_T MaxTotalSectionSize;
    ULONG DupObjectTypes;
#if defined(__x86_64__)
    ULONG Reserved;
#endif
} ALPC_PORT_ATTRIBUTES, *PALPC_PORT_ATTRIBUTES;

/* Flags of NtAlpcSendWaitReceivePort, NtAlpcConnectPort */
#define ALPC_MSGFLG_REPLY_MESSAGE 0x1
#define ALPC_MSGFLG_LPC_MODE 0x2 /* the system's own */
#define ALPC_MSGFLG_RELEASE_MESSAGE 0x10000
#define ALPC_MSGFLG_SYNC_REQUEST 0x20000
#define ALPC_MSGFLG_TRACK_PORT_REFERENCES 0x40000
#define ALPC_MSGFLG_WAIT_USER_MODE 0x100000
#define ALPC_MSGFLG_WAIT_ALERTABLE 0x200000
#define ALPC_MSGFLG_WOW64_CALL 0x80000000

#define ALPC_CANCELFLG_TRY_CANCEL 0x1
#define ALPC_CANCELFLG_NO_CONTEXT_CHECK 0x8
#define ALPC_CANCELFLGP_FLUSH 0x10000

#define ALPC_DISCONNECT_PORT_FLG_SKIP_PENDING_FLUSH 0x1

#define ALPC_IMPERSONATEFLG_ANONYMOUS 0x1
#define ALPC_IMPERSONATEFLG_REQUIRE_IMPERSONATE 0x2

/* Flags of attributes */
#define ALPC_HANDLEFLG_DUPLICATE_SAME_ACCESS 0x10000
#define ALPC_HANDLEFLG_DUPLICATE_SAME_ATTRIBUTES 0x20000
#define ALPC_HANDLEFLG_INDIRECT 0x40000
#define ALPC_HANDLEFLG_DUPLICATE_INHERIT 0x80000

#define ALPC_SECFLG_CREATE_HANDLE 0x20000

#define ALPC_VIEWFLG_UNMAP_EXISTING 0x10000
#define ALPC_VIEWFLG_AUTO_RELEASE 0x20000
#define ALPC_VIEWFLG_NOT_SECURE 0x40000

#define ALPC_CREATEPORTSECTIONFLG_SECURE 0x40000

typedef enum _ALPC_PORT_INFORMATION_CLASS {
    AlpcBasicInformation,                   /* query: ALPC_BASIC_INFORMATION */
    AlpcPortInformation,                    /* set: ALPC_PORT_ATTRIBUTES */
    AlpcAssociateCompletionPortInformation, /* set: ALPC_PORT_ASSOCIATE_COMPLETION_PORT */
    AlpcConnectedSIDInformation,            /* query: SID */
    AlpcServerInformation,                  /* query: ALPC_SERVER_INFORMATION */
    AlpcMessageZoneInformation,
    AlpcRegisterCompletionListInformation,
    AlpcUnregisterCompletionListInformation,
    AlpcAdjustCompletionListConcurrencyCountInformation,
    AlpcRegisterCallbackInformation,
    AlpcCompletionListRundownInformation,
    AlpcWaitForPortReferences,
    AlpcServerSessionInformation, /* query: ALPC_SERVER_SESSION_INFORMATION */
} ALPC_PORT_INFORMATION_CLASS;

typedef struct _ALPC_BASIC_INFORMATION {
    ULONG Flags;
    ULONG SequenceNo;
    PVOID PortContext;
} ALPC_BASIC_INFORMATION, *PALPC_BASIC_INFORMATION;

typedef struct _ALPC_PORT_ASSOCIATE_COMPLETION_PORT {
    PVOID CompletionKey;
    HANDLE CompletionPort;
} ALPC_PORT_ASSOCIATE_COMPLETION_PORT, *PALPC_PORT_ASSOCIATE_COMPLETION_PORT;

/* Whom a thread waits for. The name's characters follow. */
typedef struct _ALPC_SERVER_INFORMATION {
    union {
        struct {
            HANDLE ThreadHandle;
        } In;
        struct {
            BOOLEAN ThreadBlocked;
            HANDLE ConnectedProcessId;
            UNICODE_STRING ConnectionPortName;
        } Out;
    };
} ALPC_SERVER_INFORMATION, *PALPC_SERVER_INFORMATION;

typedef struct _ALPC_PORT_COMPLETION_LIST_INFORMATION {
    PVOID Buffer;
    ULONG Size;
    ULONG ConcurrencyCount;
    ULONG AttributeFlags;
} ALPC_PORT_COMPLETION_LIST_INFORMATION, *PALPC_PORT_COMPLETION_LIST_INFORMATION;

typedef struct _ALPC_SERVER_SESSION_INFORMATION {
    ULONG SessionId;
    ULONG ProcessId;
} ALPC_SERVER_SESSION_INFORMATION, *PALPC_SERVER_SESSION_INFORMATION;

typedef enum _ALPC_MESSAGE_INFORMATION_CLASS {
    AlpcMessageSidInformation,             /* SID */
    AlpcMessageTokenModifiedIdInformation, /* LUID */
    AlpcMessageDirectStatusInformation,
    AlpcMessageHandleInformation, /* ALPC_MESSAGE_HANDLE_INFORMATION */
} ALPC_MESSAGE_INFORMATION_CLASS;

typedef struct _ALPC_MESSAGE_HANDLE_INFORMATION {
    ULONG Index; /* in */
    ULONG Flags;
    ULONG Handle;
    ULONG ObjectType;
    ACCESS_MASK GrantedAccess;
} ALPC_MESSAGE_HANDLE_INFORMATION, *PALPC_MESSAGE_HANDLE_INFORMATION;

#if defined(__x86_64__)
_Static_assert(sizeof(ALPC_PORT_ATTRIBUTES) == 0x48, "ALPC_PORT_ATTRIBUTES");
_Static_assert(sizeof(ALPC_SERVER_INFORMATION) == 0x20, "ALPC_SERVER_INFORMATION");
#else
_Static_assert(sizeof(ALPC_PORT_ATTRIBUTES) == 0x2c, "ALPC_PORT_ATTRIBUTES");
_Static_assert(sizeof(ALPC_SERVER_INFORMATION) == 0x10, "ALPC_SERVER_INFORMATION");
#endif

/* What a message may take at most, with its header. */
#define ALPC_MAXIMUM_MESSAGE_LENGTH 0xffef

NTSTATUS NTAPI NtAlpcCreatePort(CLIENT(PHANDLE) PortHandle,
                                CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes);
NTSTATUS NTAPI NtAlpcConnectPort(
    CLIENT(PHANDLE) PortHandle, CLIENT(PUNICODE_STRING) PortName,
    CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes,
    ULONG Flags, CLIENT(PSID) RequiredServerSid, CLIENT(PPORT_MESSAGE) ConnectionMessage,
    CLIENT(PSIZE_T) BufferLength, CLIENT(PALPC_MESSAGE_ATTRIBUTES) OutMessageAttributes,
    CLIENT(PALPC_MESSAGE_ATTRIBUTES) InMessageAttributes, CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtAlpcConnectPortEx(CLIENT(PHANDLE) PortHandle,
                                   CLIENT(POBJECT_ATTRIBUTES) ConnectionPortObjectAttributes,
                                   CLIENT(POBJECT_ATTRIBUTES) ClientPortObjectAttributes,
                                   CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes, ULONG Flags,
                                   CLIENT(PSECURITY_DESCRIPTOR) ServerSecurityRequirements,
                                   CLIENT(PPORT_MESSAGE) ConnectionMessage,
                                   CLIENT(PSIZE_T) BufferLength,
                                   CLIENT(PALPC_MESSAGE_ATTRIBUTES) OutMessageAttributes,
                                   CLIENT(PALPC_MESSAGE_ATTRIBUTES) InMessageAttributes,
                                   CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtAlpcAcceptConnectPort(CLIENT(PHANDLE) PortHandle, HANDLE ConnectionPortHandle,
                                       ULONG Flags, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                       CLIENT(PALPC_PORT_ATTRIBUTES) PortAttributes,
                                       PVOID PortContext, CLIENT(PPORT_MESSAGE) ConnectionRequest,
                                       CLIENT(PALPC_MESSAGE_ATTRIBUTES) ConnectionMessageAttributes,
                                       BOOLEAN AcceptConnection);
NTSTATUS NTAPI NtAlpcSendWaitReceivePort(HANDLE PortHandle, ULONG Flags,
                                         CLIENT(PPORT_MESSAGE) SendMessage,
                                         CLIENT(PALPC_MESSAGE_ATTRIBUTES) SendMessageAttributes,
                                         CLIENT(PPORT_MESSAGE) ReceiveMessage,
                                         CLIENT(PSIZE_T) BufferLength,
                                         CLIENT(PALPC_MESSAGE_ATTRIBUTES) ReceiveMessageAttributes,
                                         CLIENT(PLARGE_INTEGER) Timeout);
NTSTATUS NTAPI NtAlpcDisconnectPort(HANDLE PortHandle, ULONG Flags);
NTSTATUS NTAPI NtAlpcCancelMessage(HANDLE PortHandle, ULONG Flags,
                                   CLIENT(PALPC_CONTEXT_ATTR) MessageContext);
NTSTATUS NTAPI NtAlpcQueryInformation(HANDLE PortHandle,
                                      ALPC_PORT_INFORMATION_CLASS PortInformationClass,
                                      CLIENT(PVOID) PortInformation, ULONG Length,
                                      CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtAlpcQueryInformationMessage(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) PortMessage,
                                             ALPC_MESSAGE_INFORMATION_CLASS MessageInformationClass,
                                             CLIENT(PVOID) MessageInformation, ULONG Length,
                                             CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtAlpcSetInformation(HANDLE PortHandle,
                                    ALPC_PORT_INFORMATION_CLASS PortInformationClass,
                                    CLIENT(PVOID) PortInformation, ULONG Length);
NTSTATUS NTAPI NtAlpcCreatePortSection(HANDLE PortHandle, ULONG Flags, HANDLE SectionHandle,
                                       SIZE_T SectionSize, CLIENT(PALPC_HANDLE) AlpcSectionHandle,
                                       CLIENT(PSIZE_T) ActualSectionSize);
NTSTATUS NTAPI NtAlpcDeletePortSection(HANDLE PortHandle, ULONG Flags, ALPC_HANDLE SectionHandle);
NTSTATUS NTAPI NtAlpcCreateSectionView(HANDLE PortHandle, ULONG Flags,
                                       CLIENT(PALPC_DATA_VIEW_ATTR) ViewAttributes);
NTSTATUS NTAPI NtAlpcDeleteSectionView(HANDLE PortHandle, ULONG Flags, PVOID ViewBase);
NTSTATUS NTAPI NtAlpcCreateResourceReserve(HANDLE PortHandle, ULONG Flags, SIZE_T MessageSize,
                                           CLIENT(PALPC_HANDLE) ResourceId);
NTSTATUS NTAPI NtAlpcDeleteResourceReserve(HANDLE PortHandle, ULONG Flags, ALPC_HANDLE ResourceId);
NTSTATUS NTAPI NtAlpcCreateSecurityContext(HANDLE PortHandle, ULONG Flags,
                                           CLIENT(PALPC_SECURITY_ATTR) SecurityAttribute);
NTSTATUS NTAPI NtAlpcDeleteSecurityContext(HANDLE PortHandle, ULONG Flags,
                                           ALPC_HANDLE ContextHandle);
NTSTATUS NTAPI NtAlpcRevokeSecurityContext(HANDLE PortHandle, ULONG Flags,
                                           ALPC_HANDLE ContextHandle);
NTSTATUS NTAPI NtAlpcImpersonateClientOfPort(HANDLE PortHandle, CLIENT(PPORT_MESSAGE) Message,
                                             PVOID Flags);
NTSTATUS NTAPI NtAlpcImpersonateClientContainerOfPort(HANDLE PortHandle,
                                                      CLIENT(PPORT_MESSAGE) Message, ULONG Flags);
NTSTATUS NTAPI NtAlpcOpenSenderProcess(CLIENT(PHANDLE) ProcessHandle, HANDLE PortHandle,
                                       CLIENT(PPORT_MESSAGE) PortMessage, ULONG Flags,
                                       ACCESS_MASK DesiredAccess,
                                       CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtAlpcOpenSenderThread(CLIENT(PHANDLE) ThreadHandle, HANDLE PortHandle,
                                      CLIENT(PPORT_MESSAGE) PortMessage, ULONG Flags,
                                      ACCESS_MASK DesiredAccess,
                                      CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);

/* ntdll's own */
ULONG NTAPI AlpcMaxAllowedMessageLength(void);
NTSTATUS NTAPI AlpcRegisterCompletionList(HANDLE PortHandle, PVOID Buffer, ULONG Size,
                                          ULONG ConcurrencyCount, ULONG AttributeFlags);
NTSTATUS NTAPI AlpcUnregisterCompletionList(HANDLE PortHandle);
NTSTATUS NTAPI AlpcRundownCompletionList(HANDLE PortHandle);
NTSTATUS NTAPI AlpcAdjustCompletionListConcurrencyCount(HANDLE PortHandle, ULONG ConcurrencyCount);
