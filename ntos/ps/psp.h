/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to ps. */
#pragma once
#include <dbg.h>
#include <ex.h>
#include <hal.h>
#include <io.h>
#include <ke.h>
#include <lpc.h>
#include <mm.h>
#include <ps.h>
#include <se.h>

/* seL4 priorities: the Executive has 255. For those of drivers see ntos/io/watchdog.c. */
#define PSP_INTERRUPT_PRIORITY 200
#define PSP_DISPATCH_PRIORITY 150
#define PSP_USER_PRIORITY(nt) (64 + 2 * (nt))

#define PSP_NORMAL_IO_PRIORITY 2
/* Data can be executed on i386, whose page tables know nothing else. */
#define PSP_EXECUTE_FLAGS                                                                          \
    (sizeof(PVOID) == 8                                                                            \
         ? MEM_EXECUTE_OPTION_DISABLE | MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION |               \
               MEM_EXECUTE_OPTION_PERMANENT                                                        \
         : MEM_EXECUTE_OPTION_ENABLE)
#define PSP_NORMAL_PAGE_PRIORITY 5

/* clientid.c */
HANDLE PspAllocateClientId(PPS_CLIENT_ID_ENTRY Entry); /* finds nothing yet */
void PspFreeClientId(PPS_CLIENT_ID_ENTRY Entry);       /* ignored when it has none */
PEPROCESS PspFindProcess(HANDLE ProcessId);            /* NULL: none. Not referenced */
PETHREAD PspFindThread(HANDLE ThreadId);

/* process.c */
void PspInitializeProcessType(void);
/* The new process has an address space, a handle table and its place in the list. */
NTSTATUS PspCreateProcessObject(const PS_CREATE_ARGUMENTS *Arguments, PEPROCESS *Process);
void PspTakeApart(PEPROCESS Process); /* handles, memory, capabilities; may wait */

/* image.c */
void PspInitializeNtdll(void);
/* arch/.../systemcalls.c: stubs begin from First to Last */
void PspNoteSystemCalls(struct _MM_SECTION *Ntdll, ULONG First, ULONG Last);
/* How far the creation of a process came, and what it is made from. */
typedef struct _PSP_IMAGE {
    PS_CREATE_STATE State;
    struct _IO_FILE *File;       /* referenced; NULL: it could not be opened */
    struct _MM_SECTION *Section; /* referenced; NULL: it could not be made */
    SECTION_IMAGE_INFORMATION Information;
} PSP_IMAGE, *PPSP_IMAGE;

/* Prohibited: image characteristics that are refused. PspCloseImage, also after a failure. */
NTSTATUS PspOpenImage(PUNICODE_STRING Path, ULONG Prohibited, PPSP_IMAGE Image);
void PspCloseImage(PPSP_IMAGE Image);
NTSTATUS PspMapImages(PEPROCESS Process, struct _MM_SECTION *Section);
NTSTATUS PspFindEntryPoint(PEPROCESS Process, PVOID *EntryPoint); /* of the mapped program */

/* parameters.c, peb.c, teb.c, stack.c */
NTSTATUS PspCreateParameters(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments);
/* The strings of process parameters that PS_CREATE_ARGUMENTS does not have, by their offsets. */
#define PSP_OTHER_STRINGS 6
extern const USHORT PspOtherStrings[PSP_OTHER_STRINGS];
PUNICODE_STRING PspParameterString(PRTL_USER_PROCESS_PARAMETERS Parameters, ULONG Index);
NTSTATUS PspCreatePeb(PEPROCESS Process);
NTSTATUS PspCreateTeb(PETHREAD Thread, seL4_CPtr *IpcBufferFrame);
NTSTATUS PspFillTeb(PETHREAD Thread, USHORT SameTebFlags);
void PspDeleteTeb(PETHREAD Thread);
/* Turns the sizes that are asked for, by the image where they are 0, into ones that make sense. */
void PspChooseStackSizes(PEPROCESS Process, PSIZE_T Reserve, PSIZE_T Committed);
NTSTATUS PspCreateStack(PETHREAD Thread, SIZE_T Reserve, SIZE_T Commit); /* 0 = as the image says */
void PspDeleteStack(PETHREAD Thread);

/* keptthread.c */
BOOLEAN PspKeepThread(PETHREAD Thread);
BOOLEAN PspReuseThread(PETHREAD Thread, NTSTATUS *Status);
void PspFreeKeptThread(PEPROCESS Process); /* ignored when there is none; its memory stays */
BOOLEAN PspKeepStack(PETHREAD Thread);
BOOLEAN PspReuseStack(PETHREAD Thread, SIZE_T Reserve, SIZE_T Committed);

/* thread.c */
typedef struct _PSP_THREAD_ARGUMENTS {
    PVOID StartRoutine;
    PVOID Parameter;
    SIZE_T StackReserve, StackCommit; /* 0 = as the image says */
    BOOLEAN CreateSuspended;
    BOOLEAN HideFromDebugger;
    BOOLEAN BypassProcessFreeze;
    USHORT SameTebFlags;
    PISECURITY_DESCRIPTOR_RELATIVE Security; /* or NULL */
} PSP_THREAD_ARGUMENTS;

void PspInitializeThreadType(void);
NTSTATUS PspCreateThread(PEPROCESS Process, const PSP_THREAD_ARGUMENTS *Arguments,
                         PETHREAD *Thread);
void PspStartThread(PETHREAD Thread);
void PspFreeKernelParts(PETHREAD Thread); /* TCB, CNode, reply slot */

/* endpoint.c */
void PspDeleteSharedEndpoint(PEPROCESS Owner); /* ignored when it has none */

/* ---- Jobs (job.c, job_limits.c) ---- */
#define PSP_MAXIMUM_JOB_DEPTH 16

/* Jobs may be nested: the processes of one belong to its parent, its parent's parent … too. */
typedef struct _EJOB {
    DISPATCHER_HEADER Header;
    struct _EJOB *Parent;                 /* referenced; NULL: none */
    LIST_ENTRY ChildListHead, ChildLinks; /* those that have processes */
    ULONG ChildCount;                     /* of that list */
    LIST_ENTRY ProcessListHead;           /* EPROCESS.JobLinks: those of no inner job */
    ULONG ProcessCount;                   /* of that list */
    ULONG ActiveProcesses; /* these and the following count inner jobs' processes too */
    ULONG TotalProcesses, TerminatedProcesses;
    SIZE_T CommitPages, PeakCommitPages, PeakProcessPages;
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION Limits;
    ULONG UiRestrictions;
    ULONG EndOfJobTimeAction;
    ULONGLONG KernelTicks, UserTicks;             /* of all that were in it since they came */
    ULONGLONG PeriodKernelTicks, PeriodUserTicks; /* before the limit of time was set */
    BOOLEAN TimeOver;     /* that limit has ended its processes; it gets no others */
    LIST_ENTRY KillLinks; /* its processes are to end (job.c); or Flink NULL */
    NTSTATUS KillStatus;  /* with this */
    PIO_COMPLETION Port;  /* referenced; NULL: none */
    PVOID PortKey;
    HANDLE PortPayer; /* the id of the process that has named it, and pays for its messages */
} EJOB, *PEJOB;

extern POBJECT_TYPE PspJobType;
void PspInitializeJobType(void);
#define PspJobHasLimit(job, flag) ((job)->Limits.BasicLimitInformation.LimitFlags & (flag))
/* Whether Inner is Outer, or within it. */
BOOLEAN PspIsJobWithin(PEJOB Inner, PEJOB Outer);
/* STATUS_ACCESS_DENIED, STATUS_QUOTA_EXCEEDED, STATUS_PROCESS_IS_TERMINATING. */
NTSTATUS PspAssignJob(PEPROCESS Process, PEJOB Job);
/* The jobs of a new process: its parent's, and those that were named. */
NTSTATUS PspJoinJobs(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments);
void PspExitJobs(PEPROCESS Process);                  /* its last thread has gone */
void PspTerminateJob(PEJOB Job, NTSTATUS ExitStatus); /* may give way */
/* The same by a system thread. FALSE: there is no memory for it. */
BOOLEAN PspStartJobKill(PEJOB Job, NTSTATUS ExitStatus);
void PspPostJobMessage(PEJOB Job, ULONG Message, HANDLE ProcessId);
void PspPostToJobs(PEPROCESS Process, ULONG Message);

/* job_time.c */
/* STATUS_INVALID_PARAMETER */
NTSTATUS PspCheckJobTime(const JOBOBJECT_BASIC_LIMIT_INFORMATION *Basic);
/* New, which becomes the job's limits: a limit that is preserved is entered there. */
void PspSetJobTime(PEJOB Job, PJOBOBJECT_BASIC_LIMIT_INFORMATION New);
void PspAddJobTime(PEJOB Job, PEPROCESS Process); /* it comes into the job with what it has used */
void PspQueryJobTime(PEJOB Job, PJOBOBJECT_BASIC_ACCOUNTING_INFORMATION Answer);

/* alert.c */
void PspInitializeApcReserveType(void);

/* arch/.../initial.c: the CONTEXT on the new stack and the registers to begin with in the loader */
NTSTATUS PspPrepareRegisters(PETHREAD Thread, PVOID Parameter, seL4_UserContext *Registers);

/* attributes.c: the attribute list of a new process or thread */
typedef struct _PSP_ATTRIBUTES {
    ULONG Present; /* a bit for each attribute number */
    HANDLE ParentProcess;
    HANDLE DebugPort;
    HANDLE Token;
    CLIENT(PVOID) ImageName;
    SIZE_T ImageNameLength;
    CLIENT(PCLIENT_ID) ClientId;
    CLIENT(PSECTION_IMAGE_INFORMATION) ImageInformation;
    CLIENT(PVOID *) TebAddress;
    CLIENT(PHANDLE) JobList;
    ULONG JobCount;
    CLIENT(PHANDLE) HandleList;
    ULONG HandleCount;
    PS_STD_HANDLE_INFO StandardHandles;
    ULONG ReserveCount;
    PS_MEMORY_RESERVE Reserves[PS_MAXIMUM_RESERVES];
    UCHAR PriorityClass; /* 0: not given */
    BOOLEAN SetErrorMode;
    ULONG ErrorMode;
} PSP_ATTRIBUTES, *PPSP_ATTRIBUTES;

#define PSP_ATTRIBUTE_BIT(attribute) (1u << ((attribute)&PS_ATTRIBUTE_NUMBER_MASK))
#define PSP_THREAD_ATTRIBUTES                                                                      \
    (PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_CLIENT_ID) | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_TEB_ADDRESS) |     \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_GROUP_AFFINITY) |                                              \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_IDEAL_PROCESSOR))
#define PSP_PROCESS_ATTRIBUTES                                                                     \
    (PSP_THREAD_ATTRIBUTES | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_PARENT_PROCESS) |                      \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_IMAGE_NAME) | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_IMAGE_INFO) |     \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_JOB_LIST) | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_HANDLE_LIST) |      \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_PRIORITY_CLASS) | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_ERROR_MODE) | \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_MITIGATION_OPTIONS) |                                          \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_PREFERRED_NODE) |                                              \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_STD_HANDLE_INFO) |                                             \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_MEMORY_RESERVE) | PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_DEBUG_PORT) | \
     PSP_ATTRIBUTE_BIT(PS_ATTRIBUTE_TOKEN))

/* STATUS_INVALID_PARAMETER for a list or an attribute that is not Allowed, STATUS_ACCESS_VIOLATION.
 * List may be NULL. */
NTSTATUS PspCaptureAttributes(CLIENT(PPS_ATTRIBUTE_LIST) List, ULONG Allowed,
                              PPSP_ATTRIBUTES Attributes);
NTSTATUS PspReturnThreadAttributes(const PSP_ATTRIBUTES *Attributes, PETHREAD Thread);

/* information.c */
/* Either of the two rights will do. */
NTSTATUS PspReferenceForQuery(HANDLE Handle, POBJECT_TYPE Type, ACCESS_MASK LimitedAccess,
                              ACCESS_MASK FullAccess, PVOID *Object);
NTSTATUS PspReturnAnswer(CLIENT(PVOID) Information, const void *Answer, ULONG AnswerLength,
                         CLIENT(PULONG) ReturnLength);
/* open.c: a new handle to Object, written to the client or taken back */
NTSTATUS PspReturnHandle(PVOID Object, ACCESS_MASK DesiredAccess, ULONG Attributes,
                         CLIENT(PHANDLE) ClientHandle);

/* threadcursor.c: the list of live threads */
void PspAddThread(PEPROCESS Process, PETHREAD Thread);
void PspRemoveThread(PEPROCESS Process, PETHREAD Thread);
/* create.c: like PsCreateProcess; Image is empty, and is to be closed, also after a failure */
NTSTATUS PspCreateProcess(const PS_CREATE_ARGUMENTS *Arguments, PPSP_IMAGE Image,
                          PEPROCESS *Process, PETHREAD *Thread);

/* secure.c */
/* Client may be NULL. *Security is pool, or NULL. As SeCaptureDescriptor. Gives way. */
NTSTATUS PspCaptureObjectAttributes(CLIENT(POBJECT_ATTRIBUTES) Client, PULONG Attributes,
                                    PISECURITY_DESCRIPTOR_RELATIVE *Security);
/* Gives the new object, which nobody else knows yet, its descriptor: Token's default; with Wishes,
 * these and the caller's defaults. As SeNewDescriptor. Gives way. */
NTSTATUS PspSecureObject(PVOID Object, struct _TOKEN *Token, PISECURITY_DESCRIPTOR_RELATIVE Wishes);

/* std_handles.c: in the new process, and in Arguments->Parameters */
void PspDuplicateStandardHandles(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments);

/* priority.c: what a new process has from its parent, if it has one */
void PspInheritSettings(PEPROCESS Process, const PS_CREATE_ARGUMENTS *Arguments);
/* Makes the kernel's priority of the thread that of ETHREAD.Priority. */
void PspApplyPriority(PETHREAD Thread);

#define PSP_ALL_PROCESSORS 1 /* as an affinity mask */
/* Processor time as the time-stamp counter counts it. */
#define PspTicksToCycles(ticks) ((ULONGLONG)(ticks)*15625 * HalTscMegahertz())
