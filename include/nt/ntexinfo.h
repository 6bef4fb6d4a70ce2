/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked and set of the system: classes and structures beyond those in ntex.h, as of
 * 10.0.19045. (Windows SDK: winternl.h; phnt: ntexapi.h) */
#pragma once

#include <nt/ntpsinfo.h>

typedef enum _SYSTEM_INFORMATION_CLASS {
    SystemBasicInformation = 0,
    SystemProcessorInformation = 1,
    SystemPerformanceInformation = 2,
    SystemTimeOfDayInformation = 3,
    SystemPathInformation = 4,
    SystemProcessInformation = 5,
    SystemCallCountInformation = 6,
    SystemDeviceInformation = 7,
    SystemProcessorPerformanceInformation = 8,
    SystemFlagsInformation = 9,
    SystemModuleInformation = 11,
    SystemHandleInformation = 16,
    SystemObjectInformation = 17,
    SystemPageFileInformation = 18,
    SystemFileCacheInformation = 21,
    SystemInterruptInformation = 23,
    SystemTimeAdjustmentInformation = 28,
    SystemExceptionInformation = 33,
    SystemKernelDebuggerInformation = 35,
    SystemContextSwitchInformation = 36,
    SystemRegistryQuotaInformation = 37,
    SystemCurrentTimeZoneInformation = 44,
    SystemNumaProcessorMap = 55,
    SystemExtendedProcessInformation = 57,
    SystemEmulationBasicInformation = 62,
    SystemEmulationProcessorInformation = 63,
    SystemExtendedHandleInformation = 64,
    SystemLogicalProcessorInformation = 73,
    SystemFirmwareTableInformation = 76,
    SystemModuleInformationEx = 77,
    SystemFileCacheInformationEx = 81,
    SystemBootEnvironmentInformation = 90,
    SystemDynamicTimeZoneInformation = 102,
    SystemCodeIntegrityInformation = 103,
    SystemLogicalProcessorAndGroupInformation = 107,
    SystemSecureBootInformation = 145,
    SystemFullProcessInformation = 148,
    SystemKernelDebuggerInformationEx = 149,
    SystemProcessorFeaturesInformation = 154,
    SystemCpuSetInformation = 175,
    SystemSupportedProcessorArchitectures = 181,
} SYSTEM_INFORMATION_CLASS;

typedef struct _SYSTEM_DEVICE_INFORMATION {
    ULONG NumberOfDisks;
    ULONG NumberOfFloppies;
    ULONG NumberOfCdRoms;
    ULONG NumberOfTapes;
    ULONG NumberOfSerialPorts;
    ULONG NumberOfParallelPorts;
} SYSTEM_DEVICE_INFORMATION, *PSYSTEM_DEVICE_INFORMATION;

typedef struct _SYSTEM_FILECACHE_INFORMATION {
    SIZE_T CurrentSize;
    SIZE_T PeakSize;
    ULONG PageFaultCount;
    SIZE_T MinimumWorkingSet;
    SIZE_T MaximumWorkingSet;
    SIZE_T CurrentSizeIncludingTransitionInPages;
    SIZE_T PeakSizeIncludingTransitionInPages;
    ULONG TransitionRePurposeCount;
    ULONG Flags;
} SYSTEM_FILECACHE_INFORMATION, *PSYSTEM_FILECACHE_INFORMATION;

typedef struct _SYSTEM_INTERRUPT_INFORMATION {
    ULONG ContextSwitches;
    ULONG DpcCount;
    ULONG DpcRate;
    ULONG TimeIncrement;
    ULONG DpcBypassCount;
    ULONG ApcBypassCount;
} SYSTEM_INTERRUPT_INFORMATION, *PSYSTEM_INTERRUPT_INFORMATION;

typedef struct _SYSTEM_EXCEPTION_INFORMATION {
    ULONG AlignmentFixupCount;
    ULONG ExceptionDispatchCount;
    ULONG FloatingEmulationCount;
    ULONG ByteWordEmulationCount;
} SYSTEM_EXCEPTION_INFORMATION, *PSYSTEM_EXCEPTION_INFORMATION;

typedef struct _SYSTEM_QUERY_TIME_ADJUST_INFORMATION {
    ULONG TimeAdjustment; /* 100 ns a tick */
    ULONG TimeIncrement;
    BOOLEAN Enable; /* the adjustment is off */
} SYSTEM_QUERY_TIME_ADJUST_INFORMATION, *PSYSTEM_QUERY_TIME_ADJUST_INFORMATION;

typedef struct _SYSTEM_SET_TIME_ADJUST_INFORMATION {
    ULONG TimeAdjustment;
    BOOLEAN Enable;
} SYSTEM_SET_TIME_ADJUST_INFORMATION, *PSYSTEM_SET_TIME_ADJUST_INFORMATION;

typedef struct _SYSTEM_KERNEL_DEBUGGER_INFORMATION {
    BOOLEAN KernelDebuggerEnabled;
    BOOLEAN KernelDebuggerNotPresent;
} SYSTEM_KERNEL_DEBUGGER_INFORMATION, *PSYSTEM_KERNEL_DEBUGGER_INFORMATION;

typedef struct _SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX {
    BOOLEAN DebuggerAllowed;
    BOOLEAN DebuggerEnabled;
    BOOLEAN DebuggerPresent;
} SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX, *PSYSTEM_KERNEL_DEBUGGER_INFORMATION_EX;

typedef struct _SYSTEM_CONTEXT_SWITCH_INFORMATION {
    ULONG ContextSwitches;
    ULONG Counts[11]; /* by kind */
} SYSTEM_CONTEXT_SWITCH_INFORMATION, *PSYSTEM_CONTEXT_SWITCH_INFORMATION;

typedef struct _SYSTEM_REGISTRY_QUOTA_INFORMATION {
    ULONG RegistryQuotaAllowed;
    ULONG RegistryQuotaUsed;
    SIZE_T PagedPoolSize;
} SYSTEM_REGISTRY_QUOTA_INFORMATION, *PSYSTEM_REGISTRY_QUOTA_INFORMATION;

typedef struct _SYSTEM_NUMA_INFORMATION {
    ULONG HighestNodeNumber;
    ULONG Reserved;
    GROUP_AFFINITY ActiveProcessorsGroupAffinity[64];
} SYSTEM_NUMA_INFORMATION, *PSYSTEM_NUMA_INFORMATION;

typedef struct _SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX {
    PVOID Object;
    ULONG_PTR UniqueProcessId;
    ULONG_PTR HandleValue;
    ULONG GrantedAccess;
    USHORT CreatorBackTraceIndex;
    USHORT ObjectTypeIndex;
    ULONG HandleAttributes;
    ULONG Reserved;
} SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX, *PSYSTEM_HANDLE_TABLE_ENTRY_INFO_EX;

typedef struct _SYSTEM_HANDLE_INFORMATION_EX {
    ULONG_PTR NumberOfHandles;
    ULONG_PTR Reserved;
    SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX Handles[1];
} SYSTEM_HANDLE_INFORMATION_EX, *PSYSTEM_HANDLE_INFORMATION_EX;

typedef enum _LOGICAL_PROCESSOR_RELATIONSHIP {
    RelationProcessorCore,
    RelationNumaNode,
    RelationCache,
    RelationProcessorPackage,
    RelationGroup,
    RelationProcessorDie,
    RelationAll = 0xffff,
} LOGICAL_PROCESSOR_RELATIONSHIP;

typedef struct _SYSTEM_LOGICAL_PROCESSOR_INFORMATION {
    ULONG_PTR ProcessorMask;
    LOGICAL_PROCESSOR_RELATIONSHIP Relationship;
    union {
        UCHAR CoreFlags;
        ULONG NodeNumber;
        ULONGLONG Reserved[2];
    };
} SYSTEM_LOGICAL_PROCESSOR_INFORMATION, *PSYSTEM_LOGICAL_PROCESSOR_INFORMATION;

typedef struct _PROCESSOR_RELATIONSHIP {
    UCHAR Flags;
    UCHAR EfficiencyClass;
    UCHAR Reserved[20];
    USHORT GroupCount;
    GROUP_AFFINITY GroupMask[1];
} PROCESSOR_RELATIONSHIP;

typedef struct _NUMA_NODE_RELATIONSHIP {
    ULONG NodeNumber;
    UCHAR Reserved[18];
    USHORT GroupCount;
    GROUP_AFFINITY GroupMask;
} NUMA_NODE_RELATIONSHIP;

typedef struct _PROCESSOR_GROUP_INFO {
    UCHAR MaximumProcessorCount;
    UCHAR ActiveProcessorCount;
    UCHAR Reserved[38];
    KAFFINITY ActiveProcessorMask;
} PROCESSOR_GROUP_INFO;

typedef struct _GROUP_RELATIONSHIP {
    USHORT MaximumGroupCount;
    USHORT ActiveGroupCount;
    UCHAR Reserved[20];
    PROCESSOR_GROUP_INFO GroupInfo[1];
} GROUP_RELATIONSHIP;

typedef struct _SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX {
    LOGICAL_PROCESSOR_RELATIONSHIP Relationship;
    ULONG Size; /* bytes to the next one */
    union {
        PROCESSOR_RELATIONSHIP Processor;
        NUMA_NODE_RELATIONSHIP NumaNode;
        GROUP_RELATIONSHIP Group;
    };
} SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, *PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX;

typedef struct _SYSTEM_BOOT_ENVIRONMENT_INFORMATION {
    GUID BootIdentifier;
    ULONG FirmwareType; /* 0: unknown */
    ULONGLONG BootFlags DECLSPEC_ALIGN(8);
} SYSTEM_BOOT_ENVIRONMENT_INFORMATION, *PSYSTEM_BOOT_ENVIRONMENT_INFORMATION;

typedef struct _SYSTEM_CODEINTEGRITY_INFORMATION {
    ULONG Length; /* in: of this structure */
    ULONG CodeIntegrityOptions;
} SYSTEM_CODEINTEGRITY_INFORMATION, *PSYSTEM_CODEINTEGRITY_INFORMATION;

typedef struct _SYSTEM_SECUREBOOT_INFORMATION {
    BOOLEAN SecureBootEnabled;
    BOOLEAN SecureBootCapable;
} SYSTEM_SECUREBOOT_INFORMATION, *PSYSTEM_SECUREBOOT_INFORMATION;

typedef struct _SYSTEM_PROCESSOR_FEATURES_INFORMATION {
    ULONGLONG ProcessorFeatureBits;
    ULONGLONG Reserved[3];
} SYSTEM_PROCESSOR_FEATURES_INFORMATION, *PSYSTEM_PROCESSOR_FEATURES_INFORMATION;

typedef struct _SYSTEM_CPU_SET_INFORMATION {
    ULONG Size;
    ULONG Type; /* 0 */
    ULONG Id;   /* 0x100 + the processor's number */
    USHORT Group;
    UCHAR LogicalProcessorIndex;
    UCHAR CoreIndex;
    UCHAR LastLevelCacheIndex;
    UCHAR NumaNodeIndex;
    UCHAR EfficiencyClass;
    UCHAR AllFlags;
    ULONG Reserved;
    ULONGLONG AllocationTag DECLSPEC_ALIGN(8);
} SYSTEM_CPU_SET_INFORMATION, *PSYSTEM_CPU_SET_INFORMATION;

/* SystemFirmwareTableInformation; the table follows. */
typedef struct _SYSTEM_FIRMWARE_TABLE_INFORMATION {
    ULONG ProviderSignature;
    ULONG Action; /* 0: list, 1: get */
    ULONG TableID;
    ULONG TableBufferLength;
} SYSTEM_FIRMWARE_TABLE_INFORMATION, *PSYSTEM_FIRMWARE_TABLE_INFORMATION;

/* SystemSupportedProcessorArchitectures: an array that ends with Machine 0 */
#define SUPPORTED_ARCHITECTURE_KERNEL 0x10000
#define SUPPORTED_ARCHITECTURE_USER 0x20000
#define SUPPORTED_ARCHITECTURE_NATIVE 0x40000
#define SUPPORTED_ARCHITECTURE_PROCESS 0x80000

/* NtPowerInformation: (Windows SDK: winnt.h, POWER_INFORMATION_LEVEL) */
#define SystemPowerCapabilities 4
#define SystemBatteryState 5
#define ProcessorInformation 11
#define LastWakeTime 14
#define LastSleepTime 15
#define SystemExecutionState 16

typedef struct _SYSTEM_BATTERY_STATE {
    BOOLEAN AcOnLine;
    BOOLEAN BatteryPresent;
    BOOLEAN Charging;
    BOOLEAN Discharging;
    BOOLEAN Spare1[3];
    UCHAR Tag;
    ULONG MaxCapacity;
    ULONG RemainingCapacity;
    ULONG Rate;
    ULONG EstimatedTime; /* seconds; -1: unknown */
    ULONG DefaultAlert1;
    ULONG DefaultAlert2;
} SYSTEM_BATTERY_STATE, *PSYSTEM_BATTERY_STATE;

typedef struct _PROCESSOR_POWER_INFORMATION {
    ULONG Number;
    ULONG MaxMhz;
    ULONG CurrentMhz;
    ULONG MhzLimit;
    ULONG MaxIdleState;
    ULONG CurrentIdleState;
} PROCESSOR_POWER_INFORMATION, *PPROCESSOR_POWER_INFORMATION;

#define ES_SYSTEM_REQUIRED 0x00000001u
#define ES_DISPLAY_REQUIRED 0x00000002u
#define ES_USER_PRESENT 0x00000004u
#define ES_AWAYMODE_REQUIRED 0x00000040u
#define ES_CONTINUOUS 0x80000000u

typedef enum _HARDERROR_RESPONSE {
    ResponseReturnToCaller,
    ResponseNotHandled,
    ResponseAbort,
    ResponseCancel,
    ResponseIgnore,
    ResponseNo,
    ResponseOk,
    ResponseRetry,
    ResponseYes,
    ResponseTryAgain,
    ResponseContinue,
} HARDERROR_RESPONSE,
    *PHARDERROR_RESPONSE;

typedef enum _HARDERROR_RESPONSE_OPTION {
    OptionAbortRetryIgnore,
    OptionOk,
    OptionOkCancel,
    OptionRetryCancel,
    OptionYesNo,
    OptionYesNoCancel,
    OptionShutdownSystem,
    OptionOkNoWait,
    OptionCancelTryContinue,
} HARDERROR_RESPONSE_OPTION,
    *PHARDERROR_RESPONSE_OPTION;

#define HARDERROR_OVERRIDE_ERRORMODE 0x10000000 /* of an error: it is told in any error mode */

/* Of the error mode of a thread (TEB.HardErrorMode): its errors are told nobody. */
#define RTL_ERRORMODE_FAILCRITICALERRORS 0x10

ASSERT_SIZE64(SYSTEM_FILECACHE_INFORMATION, 0x40);
ASSERT_SIZE32(SYSTEM_FILECACHE_INFORMATION, 0x24);
ASSERT_SIZE64(SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX, 0x28);
ASSERT_SIZE32(SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX, 0x1c);
ASSERT_SIZE64(SYSTEM_LOGICAL_PROCESSOR_INFORMATION, 0x20);
ASSERT_SIZE32(SYSTEM_LOGICAL_PROCESSOR_INFORMATION, 0x18);
ASSERT_SIZE64(SYSTEM_NUMA_INFORMATION, 0x408);
_Static_assert(sizeof(SYSTEM_BOOT_ENVIRONMENT_INFORMATION) == 0x20, "boot environment");
_Static_assert(sizeof(SYSTEM_CPU_SET_INFORMATION) == 0x20, "SYSTEM_CPU_SET_INFORMATION");
_Static_assert(sizeof(SYSTEM_BATTERY_STATE) == 0x20, "SYSTEM_BATTERY_STATE");
ASSERT_SIZE64(PROCESSOR_RELATIONSHIP, 0x28);
ASSERT_SIZE64(GROUP_RELATIONSHIP, 0x48);

NTSTATUS NTAPI NtQuerySystemInformationEx(SYSTEM_INFORMATION_CLASS Class, CLIENT(PVOID) Input,
                                          ULONG InputLength, CLIENT(PVOID) Information,
                                          ULONG Length, CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtSetSystemInformation(SYSTEM_INFORMATION_CLASS Class, CLIENT(PVOID) Information,
                                      ULONG Length);
NTSTATUS NTAPI NtSetSystemTime(CLIENT(PLARGE_INTEGER) SystemTime,
                               CLIENT(PLARGE_INTEGER) PreviousTime);
NTSTATUS NTAPI NtSetTimerResolution(ULONG DesiredTime, BOOLEAN SetResolution,
                                    CLIENT(PULONG) ActualTime);
NTSTATUS NTAPI NtGetCurrentProcessorNumber(void);
NTSTATUS NTAPI NtGetCurrentProcessorNumberEx(CLIENT(PPROCESSOR_NUMBER) Number);
NTSTATUS NTAPI NtGetTickCount(void);
NTSTATUS NTAPI NtSetThreadExecutionState(ULONG NewFlags, CLIENT(PULONG) PreviousFlags);
NTSTATUS NTAPI NtPowerInformation(ULONG InformationLevel, CLIENT(PVOID) Input, ULONG InputLength,
                                  CLIENT(PVOID) Output, ULONG OutputLength);
NTSTATUS NTAPI NtIsSystemResumeAutomatic(void);
NTSTATUS NTAPI NtRaiseHardError(NTSTATUS ErrorStatus, ULONG NumberOfParameters,
                                ULONG UnicodeStringParameterMask, CLIENT(ULONG_PTR *) Parameters,
                                ULONG ValidResponseOptions, CLIENT(PULONG) Response);
NTSTATUS NTAPI NtSetDefaultHardErrorPort(HANDLE PortHandle);
