/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes and threads. */
#pragma once
#include "ke.h"
#include "mm.h"
#include "ob.h"
#include <neptune/abi.h>

struct _IO_DRIVER;

typedef struct _EPROCESS {
    DISPATCHER_HEADER Header; /* signalled when the process has ended */
    MM_ADDRESS_SPACE Vm;
    struct _HANDLE_TABLE *HandleTable;
    LIST_ENTRY ActiveProcessLinks; /* PsActiveProcessHead; until the object is deleted */
    LIST_ENTRY ThreadListHead;     /* ETHREAD.ThreadListEntry, live threads */
    ULONG ActiveThreads;
    HANDLE UniqueProcessId;
    HANDLE InheritedFromUniqueProcessId;
    NTSTATUS ExitStatus; /* STATUS_PENDING while it runs */
    BOOLEAN Exiting;
    LONGLONG CreateTime, ExitTime;
    PVOID Peb;           /* client address */
    PVOID ImageBase;     /* client address */
    WCHAR ImageName[32]; /* last component, NUL-terminated; a driver process bears its driver's name
                          */
    UNICODE_STRING ImagePath; /* pool */
    SECTION_IMAGE_INFORMATION ImageInformation;
    PVOID ProcessParameters; /* client address */
    PVOID NtdllBase;         /* client address */
    ULONG ThreadsCreated;
    ULONG WaitingServices;    /* of its threads; each has a service stack */
    BOOLEAN AddressSpace;            /* Vm is valid */
    MM_KERNEL_OBJECT CNode;          /* driver processes only: capabilities given to the driver */
    MM_KERNEL_OBJECT SharedEndpoint; /* NepShareEndpoint's */
    ULONG64 CNodeSlots;              /* bitmap of its slots in use */
    struct _IO_DRIVER *Driver;       /* NULL: no driver process */
} EPROCESS, *PEPROCESS;

typedef struct _ETHREAD {
    DISPATCHER_HEADER Header; /* signalled when the thread has ended */
    PEPROCESS Process;
    LIST_ENTRY ThreadListEntry;
    HANDLE UniqueThreadId;
    PVOID Teb;                 /* client address */
    seL4_IPCBuffer *IpcBuffer; /* in the window */
    MM_KERNEL_OBJECT Tcb, CNode;
    seL4_CPtr ReplySlot; /* where the reply capability is saved while a service waits */
    struct _KSERVICE_STACK *ServiceStack; /* the service in progress that waits, NULL: none */
    BOOLEAN Terminating;
    BOOLEAN Stopped; /* the service in progress is not to be replied to: its registers were set */
    BOOLEAN ReplyWithheld; /* its service has ended, but it is suspended: WithheldReply is sent on
                              resume */
    ULONG SuspendCount;
    struct {
        seL4_Word Info, Words[4];
    } WithheldReply;
    struct {
        BOOLEAN Pending;
        seL4_Word ProgramCounter, Count, Data;
    } Continuation; /* i386: what NtContinue has not set yet (ke/arch/i386/continue.c) */
    ULONG Priority; /* NT's, 1..31 */
    NTSTATUS ExitStatus;
    LONGLONG CreateTime, ExitTime;
    ULONGLONG WaitCount;                          /* services that waited, for ps */
    PVOID StackBase, StackLimit, StackAllocation; /* client addresses */
    PVOID StartAddress;
    LIST_ENTRY IrpList; /* IRPs that this thread has outstanding (io) */
} ETHREAD, *PETHREAD;

extern POBJECT_TYPE PsProcessType, PsThreadType;
extern LIST_ENTRY PsActiveProcessHead;

void PsInitialize(void); /* object types, client ids, ntdll section (needs the boot archive) */
void PsStartFirstProcess(void); /* \SystemRoot\smss.exe, from a system thread */

#define PS_DEFAULT_PRIORITY 8

#define PsGetCurrentThread() KeGetCurrentThread()
#define PsGetCurrentProcess() (KeGetCurrentThread()->Process)

/* What a process is made from; all in system memory. */
typedef struct _PS_CREATE_ARGUMENTS {
    UNICODE_STRING ImagePath; /* \SystemRoot\... */
    UNICODE_STRING CommandLine;
    UNICODE_STRING CurrentDirectory;
    PVOID Environment; /* WCHAR block in system memory or NULL */
    SIZE_T EnvironmentSize;
    const WCHAR *ImageName;    /* shown instead of the image's, or NULL */
    struct _IO_DRIVER *Driver; /* makes it a driver process */
    PEPROCESS Parent;          /* or NULL */
    BOOLEAN CreateSuspended;
} PS_CREATE_ARGUMENTS;

/* Process and Thread come referenced. Image errors as MmCreateSection; STATUS_OBJECT_NAME_NOT_FOUND
 * …. */
NTSTATUS PsCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process,
                         PETHREAD *Thread);
/* Ends all threads but the calling one (which ends when its service returns). */
NTSTATUS PsTerminateProcess(PEPROCESS Process, NTSTATUS ExitStatus);
NTSTATUS PsTerminateThread(PETHREAD Thread, NTSTATUS ExitStatus);
/* The end of a thread that no service runs for any more; it is dead to the kernel, to handles and
 * to waiters after. */
void PsExitThread(PETHREAD Thread);
NTSTATUS PsLookupProcessById(HANDLE ProcessId,
                             PEPROCESS *Process); /* referenced; STATUS_INVALID_CID */

/* Each suspension is undone by one resumption; a thread made with CreateSuspended has one.
   *Previous is the count before. STATUS_SUSPEND_COUNT_EXCEEDED, STATUS_THREAD_IS_TERMINATING. */
NTSTATUS PsSuspendThread(PETHREAD Thread, PULONG Previous);
NTSTATUS PsResumeThread(PETHREAD Thread, PULONG Previous);

/* Copies a capability into a driver process's CNode. Slot 0 = any free one from
   NEPTUNE_DRIVER_FIRST_FREE_SLOT on, else a slot number or its CPtr, which is free; CPtr is what
   the process calls it. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS PsGrantCap(PEPROCESS Process, seL4_CPtr Source, seL4_CapRights_t Rights, ULONG Slot,
                    seL4_CPtr *CPtr);
void PsRevokeGrant(PEPROCESS Process, seL4_CPtr CPtr);
