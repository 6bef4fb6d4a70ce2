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
    PVOID Peb;             /* client address */
    PVOID ImageBase;       /* client address */
    WCHAR ImageName[32];   /* last component, NUL-terminated; a driver process bears its driver's name */
    MM_KERNEL_OBJECT CNode; /* driver processes only: capabilities given to the driver */
    ULONG64 CNodeSlots;     /* bitmap of its slots in use */
    struct _IO_DRIVER *Driver; /* NULL: no driver process */
    BOOLEAN HandlesClosed;
} EPROCESS, *PEPROCESS;

typedef struct _ETHREAD {
    DISPATCHER_HEADER Header; /* signalled when the thread has ended */
    PEPROCESS Process;
    LIST_ENTRY ThreadListEntry;
    HANDLE UniqueThreadId;
    PVOID Teb;                   /* client address */
    seL4_IPCBuffer *IpcBuffer;   /* in the window */
    MM_KERNEL_OBJECT Tcb, CNode;
    seL4_CPtr ReplySlot;         /* where the reply capability is saved while a service waits */
    struct _KSERVICE_STACK *ServiceStack; /* the service in progress that waits, NULL: none */
    BOOLEAN InFault;             /* the service in progress is a fault: the reply is a fault reply */
    BOOLEAN Terminating;
    BOOLEAN Stopped;             /* never reply again: its registers were set or it has ended */
    ULONG SuspendCount;
    ULONG Priority;              /* NT's, 1..31 */
    NTSTATUS ExitStatus;
    LONGLONG CreateTime, ExitTime;
    ULONGLONG WaitCount;         /* services that waited, for ps */
    PVOID StackBase, StackLimit, StackAllocation; /* client addresses */
    PVOID StartAddress;
    LIST_ENTRY IrpList;          /* IRPs that this thread has outstanding (io) */
} ETHREAD, *PETHREAD;

extern POBJECT_TYPE PsProcessType, PsThreadType;
extern LIST_ENTRY PsActiveProcessHead;

void PsInitialize(void);        /* object types, client ids, ntdll section (needs the boot archive) */
void PsStartFirstProcess(void); /* \SystemRoot\smss.exe, from a system thread */

#define PsGetCurrentThread() KeGetCurrentThread()
#define PsGetCurrentProcess() (KeGetCurrentThread()->Process)

/* What a process is made from; all in system memory. */
typedef struct _PS_CREATE_ARGUMENTS {
    UNICODE_STRING ImagePath;   /* \SystemRoot\... */
    UNICODE_STRING CommandLine;
    UNICODE_STRING CurrentDirectory;
    PVOID Environment;          /* WCHAR block in system memory or NULL */
    SIZE_T EnvironmentSize;
    const WCHAR *ImageName;     /* shown instead of the image's, or NULL */
    struct _IO_DRIVER *Driver;  /* makes it a driver process */
    PEPROCESS Parent;           /* or NULL */
    BOOLEAN CreateSuspended;
} PS_CREATE_ARGUMENTS;

/* Process and Thread come referenced. Image errors as MmCreateSection; STATUS_OBJECT_NAME_NOT_FOUND …. */
NTSTATUS PsCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process, PETHREAD *Thread);
/* Ends all threads but the calling one (which ends when its service returns). */
NTSTATUS PsTerminateProcess(PEPROCESS Process, NTSTATUS ExitStatus);
NTSTATUS PsTerminateThread(PETHREAD Thread, NTSTATUS ExitStatus);
NTSTATUS PsLookupProcessById(HANDLE ProcessId, PEPROCESS *Process); /* referenced; STATUS_INVALID_CID */

/* Copies a capability into a driver process's CNode. Slot 0 = any free one from NEPTUNE_DRIVER_FIRST_FREE_SLOT on;
   CPtr is what the process calls it. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS PsGrantCap(PEPROCESS Process, seL4_CPtr Source, seL4_CapRights_t Rights, ULONG Slot, seL4_CPtr *CPtr);
void PsRevokeGrant(PEPROCESS Process, seL4_CPtr CPtr);
