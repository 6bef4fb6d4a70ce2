/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes and threads. */
#pragma once
#include "ke.h"
#include "mm.h"
#include "ob.h"
#include <neptune/abi.h>

struct _IO_HOST;
struct _TOKEN;

/* A client id in use, by a process or a thread (ps/clientid.c). */
typedef struct _PS_CLIENT_ID_ENTRY {
    RTL_BALANCED_NODE Node;
    ULONG_PTR Id;              /* 0: not in the tree */
    struct _EPROCESS *Process; /* what it identifies: at most one of the two is set */
    struct _ETHREAD *Thread;
} PS_CLIENT_ID_ENTRY, *PPS_CLIENT_ID_ENTRY;

/* What an ended thread has left to the next one of its process (ps/keptthread.c). */
typedef struct _PS_KEPT_THREAD {
    MM_KERNEL_OBJECT Tcb, CNode; /* Tcb.Cap 0: none */
    seL4_CPtr ReplySlot;         /* empty */
    struct _ETHREAD *Badge;      /* whose address its capabilities name; compared only */
    ULONG Priority;              /* NT's, that its TCB has */
    PVOID Teb;                   /* client address, if there is a TCB; which is configured for it */
    seL4_IPCBuffer *IpcBuffer;
    PVOID StackAllocation, StackLimit, StackBase; /* client addresses, perhaps not kept */
} PS_KEPT_THREAD;

typedef struct _EPROCESS {
    DISPATCHER_HEADER Header; /* signalled when the process has ended */
    MM_ADDRESS_SPACE Vm;
    PMM_QUOTA Quota; /* pool that is charged to it; NULL: it has not got so far */
    struct _HANDLE_TABLE *HandleTable;
    LIST_ENTRY ActiveProcessLinks; /* PsActiveProcessHead; until the object is deleted */
    LIST_ENTRY ThreadListHead;     /* ETHREAD.ThreadListEntry, live threads, oldest first */
    LIST_ENTRY ThreadCursors;      /* PS_THREAD_CURSOR.Links: who goes through that list */
    ULONG ActiveThreads;
    HANDLE UniqueProcessId;
    PS_CLIENT_ID_ENTRY ClientIdEntry;
    HANDLE InheritedFromUniqueProcessId;
    NTSTATUS ExitStatus; /* STATUS_PENDING while it runs */
    BOOLEAN Exiting;
    BOOLEAN Traced; /* its services are shown (KeTraceProcess) */
    LONGLONG CreateTime, ExitTime;
    PVOID Peb;                /* client address */
    PVOID ImageBase;          /* client address */
    WCHAR ImageName[32];      /* last component or the driver's name, NUL-terminated */
    UNICODE_STRING ImagePath; /* pool */
    SECTION_IMAGE_INFORMATION ImageInformation;
    PVOID ProcessParameters; /* client address */
    PVOID NtdllBase;         /* client address */
    ULONG ThreadsCreated;
    LIST_ENTRY AllThreadListHead; /* ETHREAD.AllThreadListEntry: ended ones too */
    KPRIORITY BasePriority;       /* NT's, 1..31: that of its threads */
    UCHAR PriorityClass;          /* PROCESS_PRIORITY_CLASS_ … */
    BOOLEAN PriorityBoostDisabled, Foreground;
    BOOLEAN TimerResolutionSet; /* NtSetTimerResolution has asked for one */
    BOOLEAN BreakOnTermination; /* its end is the system's */
    ULONG HardErrorMode, IoPriority, PagePriority, ExecuteFlags, AffinityUpdateMode;
    ULONG Cookie; /* 0: nobody has asked yet */
    POWER_THROTTLING_STATE Throttling;
    SIZE_T MinimumWorkingSet, MaximumWorkingSet; /* bytes; wishes without effect */
    ULONGLONG SequenceNumber;                    /* never the same again */
    ULONGLONG KernelTicks, UserTicks; /* of the clock, which found its threads at work (ke) */
    IO_COUNTERS IoCounters;
    PS_KEPT_THREAD Kept;    /* what is left of an ended thread, for the next one */
    BOOLEAN AddressSpace;   /* Vm is valid */
    BOOLEAN SystemProcess;  /* may use memory that is reserved for the system (mm/commit.c) */
    MM_KERNEL_OBJECT CNode; /* driver processes only: capabilities given to the driver */
    MM_KERNEL_OBJECT SharedEndpoint; /* NepShareEndpoint's */
    ULONG64 CNodeSlots;              /* bitmap of its slots in use */
    struct _IO_HOST *DriverHost;     /* NULL: no driver process */
    ULONG RequestCount;              /* its requests that drivers have not answered (io) */
    ULONG DriverThreads;             /* of drivers' hosts that it pays for (io) */
    struct _EJOB *Job;               /* the innermost one, referenced; NULL: none */
    struct _TOKEN *Token;            /* referenced: whose it is */
    SIZE_T PortMessageBytes;         /* messages that it has sent and nobody has received (lpc) */
    LIST_ENTRY JobLinks;             /* EJOB.ProcessListHead, until the process has ended */
    struct _DEBUG_OBJECT *DebugPort; /* referenced; NULL: no debugger (dbgk) */
    LIST_ENTRY DebugLinks;           /* DEBUG_OBJECT.ProcessHead, if there is one */
    LIST_ENTRY DebugReadyLinks; /* DEBUG_OBJECT.ReadyHead: its first event can be read; or Flink
                                   NULL */
    LIST_ENTRY DebugEvents, DebugLater; /* of DBGK_EVENT.Links */
    BOOLEAN DebugReported;              /* the debugger knows of it */
    ULONG DebuggerCount;                /* of debuggers that it has had, this one too */
    BOOLEAN DebugAttaching;             /* it is being told what there is */
    BOOLEAN NoDebugInherit;             /* its children are not debugged with it */
    BOOLEAN Frozen;                     /* PsFreezeProcess */
} EPROCESS, *PEPROCESS;

typedef struct _ETHREAD {
    DISPATCHER_HEADER Header; /* signalled when the thread has ended */
    PEPROCESS Process;
    LIST_ENTRY ThreadListEntry;
    HANDLE UniqueThreadId;
    LIST_ENTRY NotifyList; /* changes of keys that it waits for (cm) */
    PS_CLIENT_ID_ENTRY ClientIdEntry;
    PVOID Teb;                 /* client address */
    seL4_IPCBuffer *IpcBuffer; /* in the window */
    MM_KERNEL_OBJECT Tcb, CNode;
    seL4_CPtr ReplySlot; /* where the reply capability is saved while a service waits */
    struct _KSERVICE_STACK *ServiceStack; /* the service in progress that waits, NULL: none */
    BOOLEAN StackPromised;                /* a service stack (KePromiseStack) */
    union {
        struct {
            BOOLEAN Terminating;
            BOOLEAN Stopped; /* the service in progress is not to be replied to: its registers were
                                set */
            BOOLEAN UserApcPending; /* a routine is to run before the service returns */
            BOOLEAN ContextSet;     /* the service in progress ends with NewRegisters */
        };
        ULONG Attention; /* not 0: the service ends with more than a reply */
    };
    BOOLEAN Started; /* it has been resumed once */
    BOOLEAN Alerted;
    BOOLEAN InFault;    /* the service in progress, or whose reply is withheld, is a fault */
    BOOLEAN DebugStart; /* it reports to the debugger before its first instruction */
    ULONG DebuggerTold; /* the number of the debugger that knows of it */
    struct _DBGK_EVENT *DebugEvent; /* NULL: its process was not debugged while it ran */
    seL4_UserContext NewRegisters;
    ULONG_PTR DebugRegisters[6]; /* kept for programs that set them, and without effect */
    LIST_ENTRY UserApcListHead, SpecialApcListHead; /* of KAPC.ApcListEntry */
    BOOLEAN ReplyWithheld; /* its service has ended, but it is suspended: WithheldReply is sent on
                              resume */
    ULONG SuspendCount;    /* and PS_THREAD_FROZEN, _HELD. 0: it may run */
    LIST_ENTRY HeldLinks;  /* while PS_THREAD_HELD */
    struct {
        seL4_Word Info, Words[4];
    } WithheldReply;
    struct {
        BOOLEAN Pending;
        seL4_Word ProgramCounter, Count, Data;
    } Continuation; /* registers that are set after a fault (ke/arch/.../continue.c) */
    struct _TOKEN *ImpersonationToken; /* referenced: for whom it acts; NULL: for its process */
    struct _KI_DETOUR *Detour;         /* NULL: none is under way (ke/detour.c) */
    ULONG Priority;                    /* NT's, 1..31: the one in effect */
    KPRIORITY BasePriority;            /* NT's, 1..31 */
    LONG PriorityIncrement; /* as it was set: relative to the process, or +-15 or 16 to saturate */
    BOOLEAN PriorityBoostDisabled, HideFromDebugger, BreakOnTermination;
    BOOLEAN BypassProcessFreeze; /* what stops its process does not stop it */
    ULONG ExecutionState;        /* NtSetThreadExecutionState: ES_ flags */
    ULONG IoPriority, PagePriority;
    POWER_THROTTLING_STATE Throttling;
    ULONGLONG KernelTicks, UserTicks;
    UNICODE_STRING Name;           /* pool */
    LIST_ENTRY AllThreadListEntry; /* EPROCESS.AllThreadListHead, until the object is deleted */
    NTSTATUS ExitStatus;
    LONGLONG CreateTime, ExitTime;
    ULONGLONG WaitCount;                          /* services that waited, for ps */
    PVOID StackBase, StackLimit, StackAllocation; /* client addresses */
    PVOID StartAddress, Win32StartAddress;
    LIST_ENTRY TimerList;                   /* timers that run a routine in it (ex) */
    LIST_ENTRY RequestList;                 /* requests that this thread has outstanding (io) */
    struct _IO_REQUEST *SynchronousRequest; /* that it waits for, or NULL (io) */
    KEVENT AlertByThreadId;                 /* a synchronisation event (alert.c) */
    PKQUEUE Queue;                          /* the one that it has last asked for an entry (ke) */
    LIST_ENTRY QueueEntry;                  /* KQUEUE.ThreadListHead, if there is one */
    BOOLEAN QueueActive;                    /* it works on what it has got there */
    LIST_ENTRY MutantListHead;              /* mutants that it owns (ke) */
    LIST_ENTRY TerminationPortList;         /* ports that want to know of its end (lpc) */
    struct _LPCP_MESSAGE *LpcInterrupted;   /* its requests that questions have come for (lpc) */
    struct _LPCP_MESSAGE *LpcRequest;       /* whose answer it waits for (lpc) */
} ETHREAD, *PETHREAD;

/* An object with memory for one queued routine (MemoryReserveUserApc). */
NTSTATUS PsCreateApcReserve(PVOID *Object);

extern POBJECT_TYPE PsProcessType, PsThreadType;
extern POBJECT_TYPE PspJobType; /* jobs */
extern LIST_ENTRY PsActiveProcessHead;

void PsInitialize(void); /* object types, client ids, ntdll section (needs the boot archive) */
void PsStartFirstProcess(void); /* \SystemRoot\smss.exe, from a system thread */

/* What the Executive sends threads to in ntdll */
typedef enum _PS_NTDLL_ROUTINE {
    PsLdrInitializeThunk,
    PsRtlUserThreadStart,
    PsKiUserExceptionDispatcher,
    PsKiUserApcDispatcher,
    PsKiUserContextDispatcher,
    PsKiUserStateDispatcher,
    PsKiUserRaiseDispatcher,
    PsSListFault,  /* the instruction of ntdll that may read an entry that is gone … */
    PsSListResume, /* … and where it goes on then */
    PsFirstServiceStub,
    PsLastServiceStub,
    PsNtdllRoutines,
} PS_NTDLL_ROUTINE;

ULONG_PTR PsNtdllRoutine(PEPROCESS Process, PS_NTDLL_ROUTINE Routine);
BOOLEAN PsIsServiceStub(PEPROCESS Process, ULONG_PTR Address);
/* At a stub's system call, or right behind it. x86_64 */
BOOLEAN PsIsAtSystemCall(PEPROCESS Process, ULONG_PTR Address);

#define PS_DEFAULT_PRIORITY 8

#define PsGetCurrentThread() KeGetCurrentThread()
#define PsGetCurrentProcess() (KeGetCurrentThread()->Process)

#define PS_MAXIMUM_RESERVES 4

/* What a process is made from; all in system memory. */
typedef struct _PS_CREATE_ARGUMENTS {
    UNICODE_STRING ImagePath; /* \SystemRoot\... */
    UNICODE_STRING CommandLine;
    UNICODE_STRING CurrentDirectory;
    PVOID Environment; /* WCHAR block in system memory or NULL */
    SIZE_T EnvironmentSize;
    /* The other process parameters, or NULL: numbers, handles, and the strings of PspOtherStrings
     * in pool. */
    PRTL_USER_PROCESS_PARAMETERS Parameters;
    const WCHAR *ImageName;      /* shown instead of the image's, or NULL */
    struct _IO_HOST *DriverHost; /* makes it a driver process */
    PEPROCESS Parent;            /* or NULL */
    struct _TOKEN *Token;        /* of which it gets a copy; NULL: its parent's, or the system's */
    BOOLEAN CreateSuspended;
    BOOLEAN InheritHandles;    /* those of Parent that can be */
    OB_HANDLE_LIST HandleList; /* Count 0: all of them. Handles is pool */
    UCHAR PriorityClass;       /* 0: as its parent's says */
    BOOLEAN SetErrorMode;      /* to this: */
    ULONG ErrorMode;
    BOOLEAN Breakaway;                 /* it does not belong to its parent's jobs */
    BOOLEAN NoDebugInherit;            /* its own children are not debugged with it */
    struct _DEBUG_OBJECT *DebugObject; /* NULL: its parent's */
    struct _SECURITY_DESCRIPTOR_RELATIVE *Security, *ThreadSecurity; /* or NULL */
    PS_STD_HANDLE_INFO StandardHandles;
    ULONG ReserveCount; /* ranges that nothing is to lie in */
    PS_MEMORY_RESERVE Reserves[PS_MAXIMUM_RESERVES];
    ULONG ProhibitedImage; /* image characteristics that are refused */
    ULONG JobCount;        /* jobs that it is to belong to, in this order */
    struct _EJOB **Jobs;
} PS_CREATE_ARGUMENTS;

/* Process and Thread come referenced. Image errors as MmCreateSection; STATUS_OBJECT_NAME_NOT_FOUND
 * …. */
NTSTATUS PsCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process,
                         PETHREAD *Thread);
/* Ends all threads but the calling one (which ends when its service returns), if they are many some
 * time later. For callers that must not give way. */
NTSTATUS PsTerminateProcess(PEPROCESS Process, NTSTATUS ExitStatus);
/* The same from a service that holds nothing that could change: there may be thousands of
 * threads. */
NTSTATUS PsTerminateProcessGivingWay(PEPROCESS Process, NTSTATUS ExitStatus);
NTSTATUS PsTerminateThread(PETHREAD Thread, NTSTATUS ExitStatus);

/* Goes through the live threads of a process, the oldest first, while others run and threads come
 * and go: each that has not ended is met once. threadcursor.c */
typedef struct _PS_THREAD_CURSOR {
    LIST_ENTRY Links; /* EPROCESS.ThreadCursors */
    PEPROCESS Process;
    PLIST_ENTRY Next; /* the thread that is to come, or the list's head */
} PS_THREAD_CURSOR, *PPS_THREAD_CURSOR;

void PsOpenThreadCursor(PPS_THREAD_CURSOR Cursor, PEPROCESS Process); /* which stays referenced */
/* Not referenced: good until others run. NULL: at the end of the list, to which threads may come.
 */
PETHREAD PsStepThreadCursor(PPS_THREAD_CURSOR Cursor);
void PsCloseThreadCursor(PPS_THREAD_CURSOR Cursor);
/* The end of a thread for which no service runs any more. Afterwards its TCB is gone, it cannot be
 * opened, and those that wait for it are released. It may have many requests, and many may wait:
 * GiveWay, if the caller can. */
void PsExitThread(PETHREAD Thread, BOOLEAN GiveWay);
/* The same after the debugger has been told. */
void PsFinishExit(PETHREAD Thread, BOOLEAN GiveWay);
BOOLEAN PsIsClient(const CLIENT_ID *ClientId); /* whether there is such a thread */
/* A handle to a process or thread for the calling one, if it may have that. Gives way. */
NTSTATUS PsOpenObject(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                      CLIENT(PHANDLE) ClientHandle);
NTSTATUS PsLookupProcessById(HANDLE ProcessId,
                             PEPROCESS *Process); /* referenced; STATUS_INVALID_CID */

/* The memory of a process that belongs to jobs (job_limits.c). FALSE: one of them forbids it. */
BOOLEAN PsChargeJobs(PEPROCESS Process, SIZE_T Pages);
void PsReturnJobCharge(PEPROCESS Process, SIZE_T Pages);
/* A tick of the clock was the process's; its jobs may end it now (job_time.c). Never gives way. */
void PsChargeJobTick(PEPROCESS Process, BOOLEAN Kernel);

/* The urgency of a driver's thread depends on what it is doing. */
typedef enum _PS_URGENCY {
    PsUrgencyPassive,   /* as programs are */
    PsUrgencyDispatch,  /* above all programs */
    PsUrgencyInterrupt, /* above that */
} PS_URGENCY;

/* The thread of Process behind Thread, or the first one for NULL; ended ones too. It comes
 * referenced, and Thread, which the caller holds, loses its reference; NULL: there are no more. */
PETHREAD PsNextThread(PEPROCESS Process, PETHREAD Thread);
/* The same with processes, in the order in which they were made. */
PEPROCESS PsNextProcess(PEPROCESS Process);

/* Threads that have not ended, by id; not referenced. */
PETHREAD PsFindThreadById(ULONG_PTR Id); /* NULL: there is none */
/* The next step upwards from *Id, which becomes 0 at the end. NULL: there was no thread, but there
 * may be more behind. */
PETHREAD PsFindNextThreadById(PULONG_PTR Id);

/* What SYSTEM_PROCESS_INFORMATION says of a thread. */
void PsDescribeThread(PETHREAD Thread, PSYSTEM_THREAD_INFORMATION Information);
/* Ticks of the clock as 100 ns. */
#define PS_TICKS_TO_TIME(ticks) ((LONGLONG)(ticks)*156250)

void PsSetUrgency(PETHREAD Thread, PS_URGENCY Urgency); /* ignored when the thread has ended */
ULONG PsKernelPriority(PETHREAD Thread); /* seL4's, of a thread that is PsUrgencyPassive */
/* seL4 priorities: above all drivers, and between programs and PsUrgencyDispatch. */
#define PS_ABOVE_DRIVERS 254
#define PS_BELOW_DRIVERS 149

/* The thread is in a service and waits for its reply. */
BOOLEAN PsIsInService(PETHREAD Thread);
/* Each suspension is undone by one resumption; a thread made with CreateSuspended has one.
 *Previous is the count before. STATUS_SUSPEND_COUNT_EXCEEDED, STATUS_THREAD_IS_TERMINATING. */
NTSTATUS PsSuspendThread(PETHREAD Thread, PULONG Previous);
NTSTATUS PsResumeThread(PETHREAD Thread, PULONG Previous);

#define PS_THREAD_FROZEN 0x10000u /* of SuspendCount: with its process */
#define PS_THREAD_HELD 0x20000u   /* until the next turn (ke/giveway.c); it counts as ready */
void PsHoldThread(PETHREAD Thread);
void PsLetThreadGo(PETHREAD Thread);
BOOLEAN PsIsSuspended(PETHREAD Thread);
/* No thread of the process runs, nor ends a service, until it is thawed, but those that bypass
 * that. */
void PsFreezeProcess(PEPROCESS Process, BOOLEAN GiveWay);
void PsThawProcess(PEPROCESS Process);

/* Copies a capability into a driver process's CNode. Slot 0 = any free one from
   NEPTUNE_DRIVER_FIRST_FREE_SLOT on, else a slot number or its CPtr, which is free; CPtr is what
   the process calls it. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS PsGrantCap(PEPROCESS Process, seL4_CPtr Source, seL4_CapRights_t Rights, ULONG Slot,
                    seL4_CPtr *CPtr);
void PsRevokeGrant(PEPROCESS Process, seL4_CPtr CPtr);
