/* SPDX-License-Identifier: BSD-2-Clause */
/* The system as a whole: system information, times, display, shutdown, debug output. (Win32:
 * NtQuerySystemInformation) */
#pragma once

#include <nt/ntexinfo.h>
#include <nt/ntke.h>

typedef struct _SYSTEM_BASIC_INFORMATION {
    ULONG Reserved;
    ULONG TimerResolution; /* 100 ns */
    ULONG PageSize;
    ULONG NumberOfPhysicalPages;
    ULONG LowestPhysicalPageNumber;
    ULONG HighestPhysicalPageNumber;
    ULONG AllocationGranularity;
    ULONG_PTR MinimumUserModeAddress;
    ULONG_PTR MaximumUserModeAddress;
    KAFFINITY ActiveProcessorsAffinityMask;
    CCHAR NumberOfProcessors;
} SYSTEM_BASIC_INFORMATION, *PSYSTEM_BASIC_INFORMATION;

typedef struct _SYSTEM_PROCESSOR_INFORMATION {
    USHORT ProcessorArchitecture;
    USHORT ProcessorLevel;
    USHORT ProcessorRevision;
    USHORT MaximumProcessors;
    ULONG ProcessorFeatureBits;
} SYSTEM_PROCESSOR_INFORMATION, *PSYSTEM_PROCESSOR_INFORMATION;

typedef struct _SYSTEM_PERFORMANCE_INFORMATION {
    LARGE_INTEGER IdleProcessTime;
    LARGE_INTEGER IoReadTransferCount;
    LARGE_INTEGER IoWriteTransferCount;
    LARGE_INTEGER IoOtherTransferCount;
    ULONG IoReadOperationCount;
    ULONG IoWriteOperationCount;
    ULONG IoOtherOperationCount;
    ULONG AvailablePages;
    ULONG CommittedPages;
    ULONG CommitLimit;
    ULONG PeakCommitment;
    ULONG PageFaultCount;
    ULONG CopyOnWriteCount;
    ULONG TransitionCount;
    ULONG CacheTransitionCount;
    ULONG DemandZeroCount;
    ULONG PageReadCount;
    ULONG PageReadIoCount;
    ULONG CacheReadCount;
    ULONG CacheIoCount;
    ULONG DirtyPagesWriteCount;
    ULONG DirtyWriteIoCount;
    ULONG MappedPagesWriteCount;
    ULONG MappedWriteIoCount;
    ULONG PagedPoolPages;
    ULONG NonPagedPoolPages;
    ULONG PagedPoolAllocs;
    ULONG PagedPoolFrees;
    ULONG NonPagedPoolAllocs;
    ULONG NonPagedPoolFrees;
    ULONG FreeSystemPtes;
    ULONG ResidentSystemCodePage;
    ULONG TotalSystemDriverPages;
    ULONG TotalSystemCodePages;
    ULONG NonPagedPoolLookasideHits;
    ULONG PagedPoolLookasideHits;
    ULONG AvailablePagedPoolPages;
    ULONG ResidentSystemCachePage;
    ULONG ResidentPagedPoolPage;
    ULONG ResidentSystemDriverPage;
    ULONG CcFastReadNoWait;
    ULONG CcFastReadWait;
    ULONG CcFastReadResourceMiss;
    ULONG CcFastReadNotPossible;
    ULONG CcFastMdlReadNoWait;
    ULONG CcFastMdlReadWait;
    ULONG CcFastMdlReadResourceMiss;
    ULONG CcFastMdlReadNotPossible;
    ULONG CcMapDataNoWait;
    ULONG CcMapDataWait;
    ULONG CcMapDataNoWaitMiss;
    ULONG CcMapDataWaitMiss;
    ULONG CcPinMappedDataCount;
    ULONG CcPinReadNoWait;
    ULONG CcPinReadWait;
    ULONG CcPinReadNoWaitMiss;
    ULONG CcPinReadWaitMiss;
    ULONG CcCopyReadNoWait;
    ULONG CcCopyReadWait;
    ULONG CcCopyReadNoWaitMiss;
    ULONG CcCopyReadWaitMiss;
    ULONG CcMdlReadNoWait;
    ULONG CcMdlReadWait;
    ULONG CcMdlReadNoWaitMiss;
    ULONG CcMdlReadWaitMiss;
    ULONG CcReadAheadIos;
    ULONG CcLazyWriteIos;
    ULONG CcLazyWritePages;
    ULONG CcDataFlushes;
    ULONG CcDataPages;
    ULONG ContextSwitches;
    ULONG FirstLevelTbFills;
    ULONG SecondLevelTbFills;
    ULONG SystemCalls;
    ULONGLONG CcTotalDirtyPages DECLSPEC_ALIGN(8);
    ULONGLONG CcDirtyPageThreshold;
    LONGLONG ResidentAvailablePages;
    ULONGLONG SharedCommittedPages;
} SYSTEM_PERFORMANCE_INFORMATION, *PSYSTEM_PERFORMANCE_INFORMATION;

typedef struct _SYSTEM_TIMEOFDAY_INFORMATION {
    LARGE_INTEGER BootTime;
    LARGE_INTEGER CurrentTime;
    LARGE_INTEGER TimeZoneBias;
    ULONG TimeZoneId;
    ULONG Reserved;
    ULONGLONG BootTimeBias;
    ULONGLONG SleepTimeBias;
} SYSTEM_TIMEOFDAY_INFORMATION, *PSYSTEM_TIMEOFDAY_INFORMATION;

typedef struct _SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION {
    LARGE_INTEGER IdleTime;
    LARGE_INTEGER KernelTime;
    LARGE_INTEGER UserTime;
    LARGE_INTEGER DpcTime;
    LARGE_INTEGER InterruptTime;
    ULONG InterruptCount;
} SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, *PSYSTEM_PROCESSOR_PERFORMANCE_INFORMATION;

typedef struct _SYSTEM_THREAD_INFORMATION {
    LARGE_INTEGER KernelTime;
    LARGE_INTEGER UserTime;
    LARGE_INTEGER CreateTime;
    ULONG WaitTime;
    PVOID StartAddress;
    CLIENT_ID ClientId;
    KPRIORITY Priority;
    LONG BasePriority;
    ULONG ContextSwitches;
    ULONG ThreadState; /* KTHREAD_STATE */
    ULONG WaitReason;  /* KWAIT_REASON */
} SYSTEM_THREAD_INFORMATION, *PSYSTEM_THREAD_INFORMATION;

/* In its place with SystemExtendedProcessInformation */
typedef struct _SYSTEM_EXTENDED_THREAD_INFORMATION {
    SYSTEM_THREAD_INFORMATION ThreadInfo;
    PVOID StackBase;
    PVOID StackLimit;
    PVOID Win32StartAddress;
    PVOID TebBase;
    ULONG_PTR Reserved2, Reserved3, Reserved4;
} SYSTEM_EXTENDED_THREAD_INFORMATION, *PSYSTEM_EXTENDED_THREAD_INFORMATION;

typedef struct _SYSTEM_PROCESS_INFORMATION {
    ULONG NextEntryOffset; /* 0 in the last entry */
    ULONG NumberOfThreads; /* 0: the process has ended and is only referenced */
    LARGE_INTEGER WorkingSetPrivateSize;
    ULONG HardFaultCount;
    ULONG NumberOfThreadsHighWatermark;
    ULONGLONG CycleTime;
    LARGE_INTEGER CreateTime;
    LARGE_INTEGER UserTime;
    LARGE_INTEGER KernelTime;
    UNICODE_STRING ImageName;
    KPRIORITY BasePriority;
    HANDLE UniqueProcessId;
    HANDLE InheritedFromUniqueProcessId;
    ULONG HandleCount;
    ULONG SessionId;
    ULONG_PTR UniqueProcessKey;
    SIZE_T PeakVirtualSize;
    SIZE_T VirtualSize;
    ULONG PageFaultCount;
    SIZE_T PeakWorkingSetSize;
    SIZE_T WorkingSetSize;
    SIZE_T QuotaPeakPagedPoolUsage;
    SIZE_T QuotaPagedPoolUsage;
    SIZE_T QuotaPeakNonPagedPoolUsage;
    SIZE_T QuotaNonPagedPoolUsage;
    SIZE_T PagefileUsage;
    SIZE_T PeakPagefileUsage;
    SIZE_T PrivatePageCount;
    LARGE_INTEGER ReadOperationCount;
    LARGE_INTEGER WriteOperationCount;
    LARGE_INTEGER OtherOperationCount;
    LARGE_INTEGER ReadTransferCount;
    LARGE_INTEGER WriteTransferCount;
    LARGE_INTEGER OtherTransferCount;
    SYSTEM_THREAD_INFORMATION Threads[]; /* NumberOfThreads of them */
} SYSTEM_PROCESS_INFORMATION, *PSYSTEM_PROCESS_INFORMATION;

typedef struct _RTL_PROCESS_MODULE_INFORMATION {
    HANDLE Section;
    PVOID MappedBase;
    PVOID ImageBase;
    ULONG ImageSize;
    ULONG Flags;
    USHORT LoadOrderIndex;
    USHORT InitOrderIndex;
    USHORT LoadCount;
    USHORT OffsetToFileName;
    UCHAR FullPathName[256];
} RTL_PROCESS_MODULE_INFORMATION, *PRTL_PROCESS_MODULE_INFORMATION;

typedef struct _RTL_PROCESS_MODULES {
    ULONG NumberOfModules;
    RTL_PROCESS_MODULE_INFORMATION Modules[1];
} RTL_PROCESS_MODULES, *PRTL_PROCESS_MODULES;

typedef struct _RTL_PROCESS_MODULE_INFORMATION_EX {
    USHORT NextOffset; /* 0 in the last one */
    RTL_PROCESS_MODULE_INFORMATION BaseInfo;
    ULONG ImageChecksum;
    ULONG TimeDateStamp;
    PVOID DefaultBase;
} RTL_PROCESS_MODULE_INFORMATION_EX, *PRTL_PROCESS_MODULE_INFORMATION_EX;

typedef struct _SYSTEM_HANDLE_TABLE_ENTRY_INFO {
    USHORT UniqueProcessId;
    USHORT CreatorBackTraceIndex;
    UCHAR ObjectTypeIndex;
    UCHAR HandleAttributes;
    USHORT HandleValue;
    PVOID Object;
    ULONG GrantedAccess;
} SYSTEM_HANDLE_TABLE_ENTRY_INFO, *PSYSTEM_HANDLE_TABLE_ENTRY_INFO;

typedef struct _SYSTEM_HANDLE_INFORMATION {
    ULONG NumberOfHandles;
    SYSTEM_HANDLE_TABLE_ENTRY_INFO Handles[1];
} SYSTEM_HANDLE_INFORMATION, *PSYSTEM_HANDLE_INFORMATION;

typedef enum _SHUTDOWN_ACTION {
    ShutdownNoReboot,
    ShutdownReboot,
    ShutdownPowerOff,
} SHUTDOWN_ACTION;

ASSERT_SIZE64(SYSTEM_BASIC_INFORMATION, 0x40);
ASSERT_SIZE32(SYSTEM_BASIC_INFORMATION, 0x2c);
_Static_assert(sizeof(SYSTEM_PERFORMANCE_INFORMATION) == 0x158, "SYSTEM_PERFORMANCE_INFORMATION");
_Static_assert(sizeof(SYSTEM_TIMEOFDAY_INFORMATION) == 0x30, "SYSTEM_TIMEOFDAY_INFORMATION");
ASSERT_SIZE64(SYSTEM_THREAD_INFORMATION, 0x50);
ASSERT_SIZE32(SYSTEM_THREAD_INFORMATION, 0x40);
ASSERT_SIZE64(SYSTEM_EXTENDED_THREAD_INFORMATION, 0x88);
ASSERT_SIZE32(SYSTEM_EXTENDED_THREAD_INFORMATION, 0x60);
ASSERT_SIZE64(RTL_PROCESS_MODULE_INFORMATION_EX, 0x140);
ASSERT_SIZE32(RTL_PROCESS_MODULE_INFORMATION_EX, 0x12c);
ASSERT_SIZE64(SYSTEM_PROCESS_INFORMATION, 0x100);
ASSERT_SIZE32(SYSTEM_PROCESS_INFORMATION, 0xb8);
ASSERT_OFFSET(SYSTEM_PROCESS_INFORMATION, ImageName, 0x38, 0x38);
ASSERT_OFFSET(SYSTEM_PROCESS_INFORMATION, UniqueProcessId, 0x50, 0x44);
ASSERT_SIZE64(RTL_PROCESS_MODULE_INFORMATION, 0x128);
ASSERT_SIZE32(RTL_PROCESS_MODULE_INFORMATION, 0x11c);

NTSTATUS NTAPI NtQuerySystemInformation(SYSTEM_INFORMATION_CLASS Class, CLIENT(PVOID) Information,
                                        ULONG Length, CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtQuerySystemTime(CLIENT(PLARGE_INTEGER) SystemTime);
NTSTATUS NTAPI NtQueryPerformanceCounter(CLIENT(PLARGE_INTEGER) Counter,
                                         CLIENT(PLARGE_INTEGER) Frequency);
NTSTATUS NTAPI NtQueryTimerResolution(CLIENT(PULONG) MaximumTime, CLIENT(PULONG) MinimumTime,
                                      CLIENT(PULONG) CurrentTime);
NTSTATUS NTAPI NtDisplayString(CLIENT(PUNICODE_STRING) String);
NTSTATUS NTAPI NtShutdownSystem(SHUTDOWN_ACTION Action);

/* Writes Length bytes to the debug log (at most NEPTUNE_MAX_DEBUG_STRING a call). Neptune's own. */
NTSTATUS NTAPI NepDebugPrint(CLIENT(PCSTR) String, SIZE_T Length);

/* An endpoint between the caller and another process, at NEPTUNE_SHARED_ENDPOINT_CAP in both.
 * Neptune's own. */
NTSTATUS NTAPI NepShareEndpoint(HANDLE ProcessHandle);

/* Shows each system service of a process from now on, or no longer, on the screen and the debug
 * log. Neptune's own (ntos/ke/servicetrace.c). */
NTSTATUS NTAPI NepTraceProcess(HANDLE ProcessHandle, BOOLEAN On);

/* What is in use in the whole system. Neptune's own (ntos/ex/resources.c). */
typedef struct _NEP_RESOURCES {
    SIZE_T AvailablePages, CommittedPages, PoolPages, KernelObjectBytes;
    SIZE_T PromisedSlots; /* of capabilities, for pages of views */
    ULONG PromisedStacks; /* service stacks, one a thread */
    ULONG OwnedStacks;    /* of these, with a service that waits */
} NEP_RESOURCES, *PNEP_RESOURCES;

NTSTATUS NTAPI NepQueryResources(CLIENT(PNEP_RESOURCES) Resources);

/* A driver, by its place in the order of loading, from 0 on. Neptune's own (ntos/io/driverinfo.c).
 */
typedef enum _NEP_DRIVER_STATE {
    NepDriverStarting,
    NepDriverRunning,
    NepDriverUnloading,
    NepDriverEnded,
    NepDriverRestarting, /* it has ended, and will be started again */
} NEP_DRIVER_STATE;

typedef struct _NEP_DRIVER_INFORMATION {
    WCHAR Name[32]; /* of its service, NUL-terminated */
    NEP_DRIVER_STATE State;
    ULONG HostProcess;   /* the number of the process that it is in; 0: none */
    ULONG Devices;       /* that it has made */
    ULONG Restarts;      /* how often it was started after an end */
    NTSTATUS LastStatus; /* exit status of its last host that has ended; STATUS_SUCCESS: none has */
    WCHAR LastModule[32]; /* where it was then, if an exception or the watchdog has ended it */
    ULONGLONG LastOffset; /* in that module; if there is none, an address, or 0 */
} NEP_DRIVER_INFORMATION, *PNEP_DRIVER_INFORMATION;

NTSTATUS NTAPI NepQueryDriver(ULONG Index, CLIENT(PNEP_DRIVER_INFORMATION) Information);
