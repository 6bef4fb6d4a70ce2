/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes and threads: PEB, TEB, process parameters, creation, information classes. Layouts are
 * of 10.0.19045. */
#pragma once

#include <nt/ntldr.h>
#include <nt/ntmm.h>
#include <nt/ntpsinfo.h>
#include <nt/ntxcapt.h>

#define PROCESS_TERMINATE 0x0001
#define PROCESS_CREATE_THREAD 0x0002
#define PROCESS_SET_SESSIONID 0x0004
#define PROCESS_VM_OPERATION 0x0008
#define PROCESS_VM_READ 0x0010
#define PROCESS_VM_WRITE 0x0020
#define PROCESS_DUP_HANDLE 0x0040
#define PROCESS_CREATE_PROCESS 0x0080
#define PROCESS_SET_QUOTA 0x0100
#define PROCESS_SET_INFORMATION 0x0200
#define PROCESS_QUERY_INFORMATION 0x0400
#define PROCESS_SUSPEND_RESUME 0x0800
#define PROCESS_QUERY_LIMITED_INFORMATION 0x1000
#define PROCESS_SET_LIMITED_INFORMATION 0x2000
#define PROCESS_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xffff)

#define THREAD_TERMINATE 0x0001
#define THREAD_SUSPEND_RESUME 0x0002
#define THREAD_ALERT 0x0004
#define THREAD_GET_CONTEXT 0x0008
#define THREAD_SET_CONTEXT 0x0010
#define THREAD_SET_INFORMATION 0x0020
#define THREAD_QUERY_INFORMATION 0x0040
#define THREAD_SET_THREAD_TOKEN 0x0080
#define THREAD_IMPERSONATE 0x0100
#define THREAD_DIRECT_IMPERSONATION 0x0200
#define THREAD_SET_LIMITED_INFORMATION 0x0400
#define THREAD_QUERY_LIMITED_INFORMATION 0x0800
#define THREAD_RESUME 0x1000
#define THREAD_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xffff)

/* Process parameters: offsets in pointers when not normalised (RTL_USER_PROC_PARAMS_NORMALIZED in
 * Flags). */
#define RTL_USER_PROC_PARAMS_NORMALIZED 0x00000001
#define RTL_MAX_DRIVE_LETTERS 32

typedef struct _CURDIR {
    UNICODE_STRING DosPath;
    HANDLE Handle;
} CURDIR, *PCURDIR;

typedef struct _RTL_DRIVE_LETTER_CURDIR {
    USHORT Flags;
    USHORT Length;
    ULONG TimeStamp;
    STRING DosPath;
} RTL_DRIVE_LETTER_CURDIR, *PRTL_DRIVE_LETTER_CURDIR;

typedef struct _RTL_USER_PROCESS_PARAMETERS {
    ULONG MaximumLength;
    ULONG Length;
    ULONG Flags;
    ULONG DebugFlags;
    HANDLE ConsoleHandle;
    ULONG ConsoleFlags;
    HANDLE StandardInput;
    HANDLE StandardOutput;
    HANDLE StandardError;
    CURDIR CurrentDirectory;
    UNICODE_STRING DllPath;
    UNICODE_STRING ImagePathName;
    UNICODE_STRING CommandLine;
    PWSTR Environment;
    ULONG StartingX;
    ULONG StartingY;
    ULONG CountX;
    ULONG CountY;
    ULONG CountCharsX;
    ULONG CountCharsY;
    ULONG FillAttribute;
    ULONG WindowFlags;
    ULONG ShowWindowFlags;
    UNICODE_STRING WindowTitle;
    UNICODE_STRING DesktopInfo;
    UNICODE_STRING ShellInfo;
    UNICODE_STRING RuntimeData;
    RTL_DRIVE_LETTER_CURDIR CurrentDirectories[RTL_MAX_DRIVE_LETTERS];
    SIZE_T EnvironmentSize;
    SIZE_T EnvironmentVersion;
    PVOID PackageDependencyData;
    ULONG ProcessGroupId;
    ULONG LoaderThreads;
    UNICODE_STRING RedirectionDllName;
    UNICODE_STRING HeapPartitionName;
    PULONGLONG DefaultThreadpoolCpuSetMasks;
    ULONG DefaultThreadpoolCpuSetMaskCount;
    ULONG DefaultThreadpoolThreadMaximum;
} RTL_USER_PROCESS_PARAMETERS, *PRTL_USER_PROCESS_PARAMETERS;

typedef struct _RTL_CRITICAL_SECTION_DEBUG {
    USHORT Type;
    USHORT CreatorBackTraceIndex;
    struct _RTL_CRITICAL_SECTION *CriticalSection;
    LIST_ENTRY ProcessLocksList;
    ULONG EntryCount;
    ULONG ContentionCount;
    ULONG Flags;
    USHORT CreatorBackTraceIndexHigh;
    USHORT SpareUSHORT;
} RTL_CRITICAL_SECTION_DEBUG, *PRTL_CRITICAL_SECTION_DEBUG;

typedef struct _RTL_CRITICAL_SECTION {
    PRTL_CRITICAL_SECTION_DEBUG DebugInfo;
    LONG LockCount; /* -1: free; else the number of waiters and recursions */
    LONG RecursionCount;
    HANDLE OwningThread;
    HANDLE LockSemaphore;
    ULONG_PTR SpinCount;
} RTL_CRITICAL_SECTION, *PRTL_CRITICAL_SECTION;

typedef struct _RTL_BITMAP {
    ULONG SizeOfBitMap; /* bits */
    PULONG Buffer;
} RTL_BITMAP, *PRTL_BITMAP;

#if defined(__x86_64__)
#define GDI_HANDLE_BUFFER_SIZE 60
#define TEB_SYSTEM_RESERVED 30
#define TEB_INSTRUMENTATION 11
#else
#define GDI_HANDLE_BUFFER_SIZE 34
#define TEB_SYSTEM_RESERVED 26
#define TEB_INSTRUMENTATION 9
#endif
#define TLS_MINIMUM_AVAILABLE 64
#define TLS_EXPANSION_SLOTS 1024

typedef struct _PEB {
    BOOLEAN InheritedAddressSpace;
    BOOLEAN ReadImageFileExecOptions;
    BOOLEAN BeingDebugged;
    UCHAR BitField;
    HANDLE Mutant;
    PVOID ImageBaseAddress;
    PPEB_LDR_DATA Ldr;
    PRTL_USER_PROCESS_PARAMETERS ProcessParameters;
    PVOID SubSystemData;
    PVOID ProcessHeap;
    PRTL_CRITICAL_SECTION FastPebLock;
    PVOID AtlThunkSListPtr;
    PVOID IFEOKey;
    ULONG CrossProcessFlags;
    PVOID KernelCallbackTable;
    ULONG SystemReserved;
    ULONG AtlThunkSListPtr32;
    PVOID ApiSetMap;
    ULONG TlsExpansionCounter;
    PRTL_BITMAP TlsBitmap;
    ULONG TlsBitmapBits[2];
    PVOID ReadOnlySharedMemoryBase;
    PVOID SharedData;
    PVOID *ReadOnlyStaticServerData;
    PVOID AnsiCodePageData;
    PVOID OemCodePageData;
    PVOID UnicodeCaseTableData;
    ULONG NumberOfProcessors;
    ULONG NtGlobalFlag;
    LARGE_INTEGER CriticalSectionTimeout DECLSPEC_ALIGN(8);
    SIZE_T HeapSegmentReserve;
    SIZE_T HeapSegmentCommit;
    SIZE_T HeapDeCommitTotalFreeThreshold;
    SIZE_T HeapDeCommitFreeBlockThreshold;
    ULONG NumberOfHeaps;
    ULONG MaximumNumberOfHeaps;
    PVOID *ProcessHeaps;
    PVOID GdiSharedHandleTable;
    PVOID ProcessStarterHelper;
    ULONG GdiDCAttributeList;
    PRTL_CRITICAL_SECTION LoaderLock;
    ULONG OSMajorVersion;
    ULONG OSMinorVersion;
    USHORT OSBuildNumber;
    USHORT OSCSDVersion;
    ULONG OSPlatformId;
    ULONG ImageSubsystem;
    ULONG ImageSubsystemMajorVersion;
    ULONG ImageSubsystemMinorVersion;
    KAFFINITY ActiveProcessAffinityMask;
    ULONG GdiHandleBuffer[GDI_HANDLE_BUFFER_SIZE];
    PVOID PostProcessInitRoutine;
    PRTL_BITMAP TlsExpansionBitmap;
    ULONG TlsExpansionBitmapBits[32];
    ULONG SessionId;
    ULARGE_INTEGER AppCompatFlags DECLSPEC_ALIGN(8);
    ULARGE_INTEGER AppCompatFlagsUser;
    PVOID pShimData;
    PVOID AppCompatInfo;
    UNICODE_STRING CSDVersion;
    PVOID ActivationContextData;
    PVOID ProcessAssemblyStorageMap;
    PVOID SystemDefaultActivationContextData;
    PVOID SystemAssemblyStorageMap;
    SIZE_T MinimumStackCommit;
    PVOID FlsCallback; /* from here on as in versions before 1903; newer ones leave it free */
    LIST_ENTRY FlsListHead;
    PRTL_BITMAP FlsBitmap;
    ULONG FlsBitmapBits[4];
    ULONG FlsHighIndex;
    PVOID WerRegistrationData;
    PVOID WerShipAssertPtr;
    PVOID pUnused;
    PVOID pImageHeaderHash;
    ULONG TracingFlags;
    ULONGLONG CsrServerReadOnlySharedMemoryBase DECLSPEC_ALIGN(8);
    ULONG_PTR TppWorkerpListLock;
    LIST_ENTRY TppWorkerpList;
    PVOID WaitOnAddressHashTable[128];
    PVOID TelemetryCoverageHeader;
    ULONG CloudFileFlags;
    ULONG CloudFileDiagFlags;
    CHAR PlaceholderCompatibilityMode;
    CHAR PlaceholderCompatibilityModeReserved[7];
    PVOID LeapSecondData;
    ULONG LeapSecondFlags;
    ULONG NtGlobalFlag2;
} PEB, *PPEB;

typedef struct _NT_TIB {
    PVOID ExceptionList;
    PVOID StackBase;
    PVOID StackLimit;
    PVOID SubSystemTib;
    PVOID FiberData;
    PVOID ArbitraryUserPointer;
    struct _NT_TIB *Self;
} NT_TIB, *PNT_TIB;

typedef struct _ACTIVATION_CONTEXT_STACK {
    PVOID ActiveFrame;
    LIST_ENTRY FrameListCache;
    ULONG Flags;
    ULONG NextCookieSequenceNumber;
    ULONG StackId;
} ACTIVATION_CONTEXT_STACK, *PACTIVATION_CONTEXT_STACK;

typedef struct _GDI_TEB_BATCH {
    ULONG Offset;
    ULONG_PTR HDC;
    ULONG Buffer[310];
} GDI_TEB_BATCH, *PGDI_TEB_BATCH;

typedef struct _TEB {
    NT_TIB NtTib;
    PVOID EnvironmentPointer;
    CLIENT_ID ClientId;
    PVOID ActiveRpcHandle;
    PVOID *ThreadLocalStoragePointer;
    PPEB ProcessEnvironmentBlock;
    ULONG LastErrorValue;
    ULONG CountOfOwnedCriticalSections;
    PVOID CsrClientThread;
    PVOID Win32ThreadInfo;
    ULONG User32Reserved[26];
    ULONG UserReserved[5];
    PVOID WOW32Reserved;
    LCID CurrentLocale;
    ULONG FpSoftwareStatusRegister;
    PVOID ReservedForDebuggerInstrumentation[16];
    PVOID SystemReserved1[TEB_SYSTEM_RESERVED];
    CHAR PlaceholderCompatibilityMode;
    BOOLEAN PlaceholderHydrationAlwaysExplicit;
    CHAR PlaceholderReserved[10];
    ULONG ProxiedProcessId;
    ACTIVATION_CONTEXT_STACK ActivationStack;
    UCHAR WorkingOnBehalfTicket[8];
    NTSTATUS ExceptionCode;
    PACTIVATION_CONTEXT_STACK ActivationContextStackPointer;
    ULONG_PTR InstrumentationCallbackSp;
    ULONG_PTR InstrumentationCallbackPreviousPc;
    ULONG_PTR InstrumentationCallbackPreviousSp;
#if defined(__x86_64__)
    ULONG TxFsContext;
    BOOLEAN InstrumentationCallbackDisabled;
    BOOLEAN UnalignedLoadStoreExceptions;
#else
    BOOLEAN InstrumentationCallbackDisabled;
    UCHAR SpareBytes[23];
    ULONG TxFsContext;
#endif
    GDI_TEB_BATCH GdiTebBatch;
    CLIENT_ID RealClientId;
    HANDLE GdiCachedProcessHandle;
    ULONG GdiClientPID;
    ULONG GdiClientTID;
    PVOID GdiThreadLocalInfo;
    ULONG_PTR Win32ClientInfo[62];
    PVOID glDispatchTable[233];
    ULONG_PTR glReserved1[29];
    PVOID glReserved2;
    PVOID glSectionInfo;
    PVOID glSection;
    PVOID glTable;
    PVOID glCurrentRC;
    PVOID glContext;
    NTSTATUS LastStatusValue;
    UNICODE_STRING StaticUnicodeString;
    WCHAR StaticUnicodeBuffer[261];
    PVOID DeallocationStack;
    PVOID TlsSlots[TLS_MINIMUM_AVAILABLE];
    LIST_ENTRY TlsLinks;
    PVOID Vdm;
    PVOID ReservedForNtRpc;
    PVOID DbgSsReserved[2];
    ULONG HardErrorMode;
    PVOID Instrumentation[TEB_INSTRUMENTATION];
    GUID ActivityId;
    PVOID SubProcessTag;
    PVOID PerflibData;
    PVOID EtwTraceData;
    PVOID WinSockData;
    ULONG GdiBatchCount;
    ULONG IdealProcessorValue;
    ULONG GuaranteedStackBytes;
    PVOID ReservedForPerf;
    PVOID ReservedForOle;
    ULONG WaitingOnLoaderLock;
    PVOID SavedPriorityState;
    ULONG_PTR ReservedForCodeCoverage;
    PVOID ThreadPoolData;
    PVOID *TlsExpansionSlots;
#if defined(__x86_64__)
    PVOID DeallocationBStore;
    PVOID BStoreLimit;
#endif
    ULONG MuiGeneration;
    ULONG IsImpersonating;
    PVOID NlsCache;
    PVOID pShimData;
    ULONG HeapData;
    HANDLE CurrentTransactionHandle;
    PVOID ActiveFrame;
    PVOID FlsData;
    PVOID PreferredLanguages;
    PVOID UserPrefLanguages;
    PVOID MergedPrefLanguages;
    ULONG MuiImpersonation;
    USHORT CrossTebFlags;
    USHORT SameTebFlags;
    PVOID TxnScopeEnterCallback;
    PVOID TxnScopeExitCallback;
    PVOID TxnScopeContext;
    ULONG LockCount;
    LONG WowTebOffset;
    PVOID ResourceRetValue;
    PVOID ReservedForWdf;
    ULONGLONG ReservedForCrt;
    GUID EffectiveContainerId;
} TEB, *PTEB;

/* Of TEB.SameTebFlags. */
#define TEB_SKIP_THREAD_ATTACH 0x0008
#define TEB_LOADER_WORKER 0x2000
#define TEB_SKIP_LOADER_INIT 0x4000

ASSERT_SIZE64(RTL_CRITICAL_SECTION, 0x28);
ASSERT_SIZE32(RTL_CRITICAL_SECTION, 0x18);
ASSERT_OFFSET(RTL_USER_PROCESS_PARAMETERS, StandardInput, 0x20, 0x18);
ASSERT_OFFSET(RTL_USER_PROCESS_PARAMETERS, CurrentDirectory, 0x38, 0x24);
ASSERT_OFFSET(RTL_USER_PROCESS_PARAMETERS, ImagePathName, 0x60, 0x38);
ASSERT_OFFSET(RTL_USER_PROCESS_PARAMETERS, CommandLine, 0x70, 0x40);
ASSERT_OFFSET(RTL_USER_PROCESS_PARAMETERS, Environment, 0x80, 0x48);
ASSERT_OFFSET(RTL_USER_PROCESS_PARAMETERS, CurrentDirectories, 0xf0, 0x90);
ASSERT_OFFSET(RTL_USER_PROCESS_PARAMETERS, EnvironmentSize, 0x3f0, 0x290);
ASSERT_SIZE64(RTL_USER_PROCESS_PARAMETERS, 0x440);
ASSERT_SIZE32(RTL_USER_PROCESS_PARAMETERS, 0x2c0);
ASSERT_SIZE64(PEB, 0x7c8);
ASSERT_SIZE32(PEB, 0x480);
ASSERT_OFFSET(PEB, Ldr, 0x18, 0xc);
ASSERT_OFFSET(PEB, ProcessParameters, 0x20, 0x10);
ASSERT_OFFSET(PEB, ProcessHeap, 0x30, 0x18);
ASSERT_OFFSET(PEB, ApiSetMap, 0x68, 0x38);
ASSERT_OFFSET(PEB, TlsBitmap, 0x78, 0x40);
ASSERT_OFFSET(PEB, NumberOfProcessors, 0xb8, 0x64);
ASSERT_OFFSET(PEB, NtGlobalFlag, 0xbc, 0x68);
ASSERT_OFFSET(PEB, CriticalSectionTimeout, 0xc0, 0x70);
ASSERT_OFFSET(PEB, LoaderLock, 0x110, 0xa0);
ASSERT_OFFSET(PEB, OSMajorVersion, 0x118, 0xa4);
ASSERT_OFFSET(PEB, OSBuildNumber, 0x120, 0xac);
ASSERT_OFFSET(PEB, ImageSubsystem, 0x128, 0xb4);
ASSERT_OFFSET(PEB, TlsExpansionBitmap, 0x238, 0x150);
ASSERT_OFFSET(PEB, SessionId, 0x2c0, 0x1d4);
ASSERT_OFFSET(PEB, CSDVersion, 0x2e8, 0x1f0);
ASSERT_OFFSET(PEB, MinimumStackCommit, 0x318, 0x208);
ASSERT_OFFSET(PEB, FlsBitmap, 0x338, 0x218);
ASSERT_OFFSET(PEB, FlsHighIndex, 0x350, 0x22c);
ASSERT_OFFSET(PEB, WaitOnAddressHashTable, 0x3a0, 0x25c);
ASSERT_OFFSET(PEB, NtGlobalFlag2, 0x7c4, 0x478);
ASSERT_SIZE64(TEB, 0x1838);
ASSERT_SIZE32(TEB, 0x1000);
ASSERT_OFFSET(TEB, ClientId, 0x40, 0x20);
ASSERT_OFFSET(TEB, ThreadLocalStoragePointer, 0x58, 0x2c);
ASSERT_OFFSET(TEB, ProcessEnvironmentBlock, 0x60, 0x30);
ASSERT_OFFSET(TEB, LastErrorValue, 0x68, 0x34);
ASSERT_OFFSET(TEB, WOW32Reserved, 0x100, 0xc0);
ASSERT_OFFSET(TEB, CurrentLocale, 0x108, 0xc4);
ASSERT_OFFSET(TEB, ActivationContextStackPointer, 0x2c8, 0x1a8);
ASSERT_OFFSET(TEB, GdiTebBatch, 0x2f0, 0x1d4);
ASSERT_OFFSET(TEB, RealClientId, 0x7d8, 0x6b4);
ASSERT_OFFSET(TEB, LastStatusValue, 0x1250, 0xbf4);
ASSERT_OFFSET(TEB, StaticUnicodeString, 0x1258, 0xbf8);
ASSERT_OFFSET(TEB, DeallocationStack, 0x1478, 0xe0c);
ASSERT_OFFSET(TEB, TlsSlots, 0x1480, 0xe10);
ASSERT_OFFSET(TEB, TlsLinks, 0x1680, 0xf10);
ASSERT_OFFSET(TEB, HardErrorMode, 0x16b0, 0xf28);
ASSERT_OFFSET(TEB, TlsExpansionSlots, 0x1780, 0xf94);
ASSERT_OFFSET(TEB, FlsData, 0x17c8, 0xfb4);
ASSERT_OFFSET(TEB, SameTebFlags, 0x17ee, 0xfca);

/* NtCreateUserProcess and NtCreateThreadEx: attributes */
#define PS_ATTRIBUTE_NUMBER_MASK 0x0000ffff
#define PS_ATTRIBUTE_THREAD 0x00010000   /* may be used with thread creation */
#define PS_ATTRIBUTE_INPUT 0x00020000    /* input only */
#define PS_ATTRIBUTE_ADDITIVE 0x00040000 /* may be "accumulated" */
#define PS_ATTRIBUTE_PARENT_PROCESS 0x00060000
#define PS_ATTRIBUTE_DEBUG_PORT 0x00060001
#define PS_ATTRIBUTE_TOKEN 0x00060002
#define PS_ATTRIBUTE_CLIENT_ID 0x00010003
#define PS_ATTRIBUTE_TEB_ADDRESS 0x00010004
#define PS_ATTRIBUTE_IMAGE_NAME 0x00020005
#define PS_ATTRIBUTE_IMAGE_INFO 0x00000006
#define PS_ATTRIBUTE_MEMORY_RESERVE 0x00020007
#define PS_ATTRIBUTE_PRIORITY_CLASS 0x00020008
#define PS_ATTRIBUTE_ERROR_MODE 0x00020009
#define PS_ATTRIBUTE_STD_HANDLE_INFO 0x0002000a
#define PS_ATTRIBUTE_HANDLE_LIST 0x0002000b
#define PS_ATTRIBUTE_GROUP_AFFINITY 0x0003000c
#define PS_ATTRIBUTE_PREFERRED_NODE 0x0002000d
#define PS_ATTRIBUTE_IDEAL_PROCESSOR 0x0003000e
#define PS_ATTRIBUTE_UMS_THREAD 0x0003000f
#define PS_ATTRIBUTE_MITIGATION_OPTIONS 0x00020010
#define PS_ATTRIBUTE_PROTECTION_LEVEL 0x00060011
#define PS_ATTRIBUTE_SECURE_PROCESS 0x00020012
#define PS_ATTRIBUTE_JOB_LIST 0x00020013
#define PS_ATTRIBUTE_CHILD_PROCESS_POLICY 0x00020014
#define PS_ATTRIBUTE_ALL_APPLICATION_PACKAGES_POLICY 0x00020015
#define PS_ATTRIBUTE_WIN32K_FILTER 0x00020016
#define PS_ATTRIBUTE_SAFE_OPEN_PROMPT_ORIGIN_CLAIM 0x00020017
#define PS_ATTRIBUTE_BNO_ISOLATION 0x00020018
#define PS_ATTRIBUTE_DESKTOP_APP_POLICY 0x00020019
#define PS_ATTRIBUTE_CHPE 0x0006001a
#define PS_ATTRIBUTE_MAXIMUM_NUMBER 26 /* of Windows' attributes */

typedef struct _PS_ATTRIBUTE {
    ULONG_PTR Attribute;
    SIZE_T Size;
    union {
        ULONG_PTR Value;
        PVOID ValuePtr;
    };
    PSIZE_T ReturnLength;
} PS_ATTRIBUTE, *PPS_ATTRIBUTE;

typedef struct _PS_ATTRIBUTE_LIST {
    SIZE_T TotalLength; /* bytes, this field included */
    PS_ATTRIBUTE Attributes[1];
} PS_ATTRIBUTE_LIST, *PPS_ATTRIBUTE_LIST;

/* PS_ATTRIBUTE_STD_HANDLE_INFO */
#define PS_STD_STATE_MASK 0x3
#define PS_STD_NEVER_DUPLICATE 0
#define PS_STD_REQUEST_DUPLICATE 1 /* if the program's subsystem is this one */
#define PS_STD_ALWAYS_DUPLICATE 2
#define PS_STD_PSEUDO_SHIFT 2 /* then 3 bits: which are no handles to duplicate */
#define PS_STD_INPUT 0x1
#define PS_STD_OUTPUT 0x2
#define PS_STD_ERROR 0x4
#define PS_STD_HANDLES 0x7

typedef struct _PS_STD_HANDLE_INFO {
    ULONG Flags;
    ULONG StdHandleSubsystemType;
} PS_STD_HANDLE_INFO, *PPS_STD_HANDLE_INFO;

/* PS_ATTRIBUTE_MEMORY_RESERVE: one or more of these */
typedef struct _PS_MEMORY_RESERVE {
    PVOID ReserveAddress;
    SIZE_T ReserveSize;
} PS_MEMORY_RESERVE, *PPS_MEMORY_RESERVE;

/* PS_CREATE_INFO.InitState.InitFlags */
#define PS_CREATE_WRITE_OUTPUT_ON_EXIT 0x00000001 /* with handles */
#define PS_CREATE_DETECT_MANIFEST 0x00000002
#define PS_CREATE_IFEO_SKIP_DEBUGGER 0x00000004
#define PS_CREATE_IFEO_NO_KEY_STATE 0x00000008
#define PS_CREATE_PROHIBITED_SHIFT 16 /* image characteristics that are refused */

typedef enum _PS_CREATE_STATE {
    PsCreateInitialState,
    PsCreateFailOnFileOpen,
    PsCreateFailOnSectionCreate,
    PsCreateFailExeFormat,
    PsCreateFailMachineMismatch,
    PsCreateFailExeName,
    PsCreateSuccess,
    PsCreateMaximumStates,
} PS_CREATE_STATE;

typedef struct _PS_CREATE_INFO {
    SIZE_T Size;
    PS_CREATE_STATE State;
    union {
        struct {
            ULONG InitFlags;
            ACCESS_MASK AdditionalFileAccess;
        } InitState;
        struct {
            HANDLE FileHandle;
        } FailSection;
        struct {
            USHORT DllCharacteristics;
        } ExeFormat;
        struct {
            HANDLE IFEOKey;
        } ExeName;
        struct {
            ULONG OutputFlags;
            HANDLE FileHandle;
            HANDLE SectionHandle;
            ULONGLONG UserProcessParametersNative;
            ULONG UserProcessParametersWow64;
            ULONG CurrentParameterFlags;
            ULONGLONG PebAddressNative;
            ULONG PebAddressWow64;
            ULONGLONG ManifestAddress;
            ULONG ManifestSize;
        } SuccessState;
    };
} PS_CREATE_INFO, *PPS_CREATE_INFO;

ASSERT_SIZE64(PS_ATTRIBUTE_LIST, 0x28);
ASSERT_SIZE32(PS_ATTRIBUTE_LIST, 0x14);
ASSERT_SIZE64(PS_CREATE_INFO, 0x58);
ASSERT_SIZE32(PS_CREATE_INFO, 0x48);

/* Jobs */
#define JOB_OBJECT_ASSIGN_PROCESS 0x0001
#define JOB_OBJECT_SET_ATTRIBUTES 0x0002
#define JOB_OBJECT_QUERY 0x0004
#define JOB_OBJECT_TERMINATE 0x0008
#define JOB_OBJECT_SET_SECURITY_ATTRIBUTES 0x0010
#define JOB_OBJECT_IMPERSONATE 0x0020
#define JOB_OBJECT_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0x3f)

typedef enum _JOBOBJECTINFOCLASS {
    JobObjectBasicAccountingInformation = 1,
    JobObjectBasicLimitInformation = 2,
    JobObjectBasicProcessIdList = 3,
    JobObjectBasicUIRestrictions = 4,
    JobObjectSecurityLimitInformation = 5,
    JobObjectEndOfJobTimeInformation = 6,
    JobObjectAssociateCompletionPortInformation = 7,
    JobObjectBasicAndIoAccountingInformation = 8,
    JobObjectExtendedLimitInformation = 9,
    JobObjectJobSetInformation = 10,
    JobObjectGroupInformation = 11,
    JobObjectNotificationLimitInformation = 12,
    JobObjectLimitViolationInformation = 13,
    JobObjectGroupInformationEx = 14,
    JobObjectCpuRateControlInformation = 15,
    JobObjectCompletionFilter = 16,
    JobObjectCompletionCounter = 17,
    JobObjectFreezeInformation = 18,
    JobObjectExtendedAccountingInformation = 19,
    JobObjectWakeInformation = 20,
    JobObjectBackgroundInformation = 21,
    JobObjectSchedulingRankBiasInformation = 22,
    JobObjectTimerVirtualizationInformation = 23,
    JobObjectCycleTimeNotification = 24,
    JobObjectClearEvent = 25,
    JobObjectInterferenceInformation = 26,
    JobObjectClearPeakJobMemoryUsed = 27,
    JobObjectMemoryUsageInformation = 28,
    JobObjectSharedCommit = 29,
    JobObjectContainerId = 30,
    JobObjectIoRateControlInformation = 31,
    JobObjectNetRateControlInformation = 32,
    JobObjectNotificationLimitInformation2 = 33,
    JobObjectLimitViolationInformation2 = 34,
    JobObjectCreateSilo = 35,
    JobObjectSiloBasicInformation = 36,
    JobObjectSiloRootDirectory = 37,
    JobObjectServerSiloBasicInformation = 38,
    JobObjectServerSiloUserSharedData = 39,
    JobObjectServerSiloInitialize = 40,
    JobObjectServerSiloRunningState = 41,
    JobObjectIoAttribution = 42,
    JobObjectMemoryPartitionInformation = 43,
    JobObjectContainerTelemetryId = 44,
    JobObjectSiloSystemRoot = 45,
    JobObjectEnergyTrackingState = 46,
    JobObjectThreadImpersonationInformation = 47,
    JobObjectIoPriorityLimit = 48,
    JobObjectPagePriorityLimit = 49,
    MaxJobObjectInfoClass = 50,
} JOBOBJECTINFOCLASS;

#define JOB_OBJECT_LIMIT_WORKINGSET 0x00000001
#define JOB_OBJECT_LIMIT_PROCESS_TIME 0x00000002
#define JOB_OBJECT_LIMIT_JOB_TIME 0x00000004
#define JOB_OBJECT_LIMIT_ACTIVE_PROCESS 0x00000008
#define JOB_OBJECT_LIMIT_AFFINITY 0x00000010
#define JOB_OBJECT_LIMIT_PRIORITY_CLASS 0x00000020
#define JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME 0x00000040
#define JOB_OBJECT_LIMIT_SCHEDULING_CLASS 0x00000080
#define JOB_OBJECT_LIMIT_PROCESS_MEMORY 0x00000100
#define JOB_OBJECT_LIMIT_JOB_MEMORY 0x00000200
#define JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION 0x00000400
#define JOB_OBJECT_LIMIT_BREAKAWAY_OK 0x00000800
#define JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK 0x00001000
#define JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE 0x00002000
#define JOB_OBJECT_LIMIT_SUBSET_AFFINITY 0x00004000
#define JOB_OBJECT_BASIC_LIMIT_VALID_FLAGS 0x000000ff
#define JOB_OBJECT_EXTENDED_LIMIT_VALID_FLAGS 0x00007fff
#define JOB_OBJECT_UI_VALID_FLAGS 0x000000ff
/* JobObjectEndOfJobTimeInformation */
#define JOB_OBJECT_TERMINATE_AT_END_OF_JOB 0
#define JOB_OBJECT_POST_AT_END_OF_JOB 1

/* JobObjectMemoryUsageInformation: bytes */
typedef struct _JOBOBJECT_MEMORY_USAGE_INFORMATION {
    ULONGLONG JobMemory;
    ULONGLONG PeakJobMemoryUsed;
} JOBOBJECT_MEMORY_USAGE_INFORMATION, *PJOBOBJECT_MEMORY_USAGE_INFORMATION;

/* What a job's port is told, as IoStatusBlock.Information; ApcContext is the process's id. */
#define JOB_OBJECT_MSG_END_OF_JOB_TIME 1
#define JOB_OBJECT_MSG_END_OF_PROCESS_TIME 2
#define JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT 3
#define JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO 4
#define JOB_OBJECT_MSG_NEW_PROCESS 6
#define JOB_OBJECT_MSG_EXIT_PROCESS 7
#define JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS 8
#define JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT 9
#define JOB_OBJECT_MSG_JOB_MEMORY_LIMIT 10

typedef struct _JOBOBJECT_BASIC_ACCOUNTING_INFORMATION {
    LARGE_INTEGER TotalUserTime;
    LARGE_INTEGER TotalKernelTime;
    LARGE_INTEGER ThisPeriodTotalUserTime;
    LARGE_INTEGER ThisPeriodTotalKernelTime;
    ULONG TotalPageFaultCount;
    ULONG TotalProcesses;
    ULONG ActiveProcesses;
    ULONG TotalTerminatedProcesses; /* for having exceeded a limit */
} JOBOBJECT_BASIC_ACCOUNTING_INFORMATION, *PJOBOBJECT_BASIC_ACCOUNTING_INFORMATION;

typedef struct _JOBOBJECT_BASIC_LIMIT_INFORMATION {
    LARGE_INTEGER PerProcessUserTimeLimit;
    LARGE_INTEGER PerJobUserTimeLimit;
    ULONG LimitFlags;
    SIZE_T MinimumWorkingSetSize;
    SIZE_T MaximumWorkingSetSize;
    ULONG ActiveProcessLimit;
    ULONG_PTR Affinity;
    ULONG PriorityClass;
    ULONG SchedulingClass;
} JOBOBJECT_BASIC_LIMIT_INFORMATION, *PJOBOBJECT_BASIC_LIMIT_INFORMATION;

typedef struct _JOBOBJECT_EXTENDED_LIMIT_INFORMATION {
    JOBOBJECT_BASIC_LIMIT_INFORMATION BasicLimitInformation;
    IO_COUNTERS IoInfo;
    SIZE_T ProcessMemoryLimit;
    SIZE_T JobMemoryLimit;
    SIZE_T PeakProcessMemoryUsed;
    SIZE_T PeakJobMemoryUsed;
} JOBOBJECT_EXTENDED_LIMIT_INFORMATION, *PJOBOBJECT_EXTENDED_LIMIT_INFORMATION;

typedef struct _JOBOBJECT_BASIC_PROCESS_ID_LIST {
    ULONG NumberOfAssignedProcesses;
    ULONG NumberOfProcessIdsInList;
    ULONG_PTR ProcessIdList[1];
} JOBOBJECT_BASIC_PROCESS_ID_LIST, *PJOBOBJECT_BASIC_PROCESS_ID_LIST;

typedef struct _JOBOBJECT_ASSOCIATE_COMPLETION_PORT {
    PVOID CompletionKey;
    HANDLE CompletionPort;
} JOBOBJECT_ASSOCIATE_COMPLETION_PORT, *PJOBOBJECT_ASSOCIATE_COMPLETION_PORT;

typedef struct _JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION {
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION BasicInfo;
    IO_COUNTERS IoInfo;
} JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION, *PJOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION;

_Static_assert(sizeof(JOBOBJECT_BASIC_ACCOUNTING_INFORMATION) == 0x30, "job accounting");
ASSERT_SIZE64(JOBOBJECT_BASIC_LIMIT_INFORMATION, 0x40);
ASSERT_SIZE32(JOBOBJECT_BASIC_LIMIT_INFORMATION, 0x30);
ASSERT_SIZE64(JOBOBJECT_EXTENDED_LIMIT_INFORMATION, 0x90);
ASSERT_SIZE32(JOBOBJECT_EXTENDED_LIMIT_INFORMATION, 0x70);

#define PROCESS_CREATE_FLAGS_BREAKAWAY 0x00000001
#define PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT 0x00000002
#define PROCESS_CREATE_FLAGS_INHERIT_HANDLES 0x00000004
#define PROCESS_CREATE_FLAGS_PROTECTED_PROCESS 0x00000040
#define PROCESS_CREATE_FLAGS_CREATE_SESSION 0x00000080
#define PROCESS_CREATE_FLAGS_INHERIT_FROM_PARENT 0x00000100
#define PROCESS_CREATE_FLAGS_SUSPENDED 0x00000200
#define PROCESS_CREATE_FLAGS_FORCE_BREAKAWAY 0x00000400
#define PROCESS_CREATE_FLAGS_RELEASE_SECTION 0x00001000
#define PROCESS_CREATE_FLAGS_AUXILIARY_PROCESS 0x00008000
#define PROCESS_CREATE_FLAGS_CREATE_STORE 0x00020000
#define PROCESS_CREATE_FLAGS_USE_PROTECTED_ENVIRONMENT 0x00040000
#define THREAD_CREATE_FLAGS_CREATE_SUSPENDED 0x00000001
#define THREAD_CREATE_FLAGS_SKIP_THREAD_ATTACH 0x00000002
#define THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER 0x00000004
#define THREAD_CREATE_FLAGS_LOADER_WORKER 0x00000010
#define THREAD_CREATE_FLAGS_SKIP_LOADER_INIT 0x00000020
#define THREAD_CREATE_FLAGS_BYPASS_PROCESS_FREEZE 0x00000040

typedef NTSTATUS(NTAPI *PUSER_THREAD_START_ROUTINE)(PVOID Parameter);

NTSTATUS NTAPI NtCreateUserProcess(
    CLIENT(PHANDLE) ProcessHandle, CLIENT(PHANDLE) ThreadHandle, ACCESS_MASK ProcessDesiredAccess,
    ACCESS_MASK ThreadDesiredAccess, CLIENT(POBJECT_ATTRIBUTES) ProcessObjectAttributes,
    CLIENT(POBJECT_ATTRIBUTES) ThreadObjectAttributes, ULONG ProcessFlags, ULONG ThreadFlags,
    CLIENT(PRTL_USER_PROCESS_PARAMETERS) ProcessParameters, CLIENT(PPS_CREATE_INFO) CreateInfo,
    CLIENT(PPS_ATTRIBUTE_LIST) AttributeList);
NTSTATUS NTAPI NtCreateJobObject(CLIENT(PHANDLE) JobHandle, ACCESS_MASK DesiredAccess,
                                 CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtOpenJobObject(CLIENT(PHANDLE) JobHandle, ACCESS_MASK DesiredAccess,
                               CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes);
NTSTATUS NTAPI NtAssignProcessToJobObject(HANDLE JobHandle, HANDLE ProcessHandle);
NTSTATUS NTAPI NtTerminateJobObject(HANDLE JobHandle, NTSTATUS ExitStatus);
NTSTATUS NTAPI NtIsProcessInJob(HANDLE ProcessHandle, HANDLE JobHandle);
NTSTATUS NTAPI NtQueryInformationJobObject(HANDLE JobHandle, JOBOBJECTINFOCLASS Class,
                                           CLIENT(PVOID) Information, ULONG Length,
                                           CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtSetInformationJobObject(HANDLE JobHandle, JOBOBJECTINFOCLASS Class,
                                         CLIENT(PVOID) Information, ULONG Length);
NTSTATUS NTAPI NtOpenProcess(CLIENT(PHANDLE) ProcessHandle, ACCESS_MASK DesiredAccess,
                             CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                             CLIENT(PCLIENT_ID) ClientId);
NTSTATUS NTAPI NtTerminateProcess(HANDLE ProcessHandle, NTSTATUS ExitStatus);
NTSTATUS NTAPI NtCreateThreadEx(CLIENT(PHANDLE) ThreadHandle, ACCESS_MASK DesiredAccess,
                                CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, HANDLE ProcessHandle,
                                PUSER_THREAD_START_ROUTINE StartRoutine, CLIENT(PVOID) Argument,
                                ULONG CreateFlags, SIZE_T ZeroBits, SIZE_T StackSize,
                                SIZE_T MaximumStackSize, CLIENT(PPS_ATTRIBUTE_LIST) AttributeList);
NTSTATUS NTAPI NtOpenThread(CLIENT(PHANDLE) ThreadHandle, ACCESS_MASK DesiredAccess,
                            CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                            CLIENT(PCLIENT_ID) ClientId);
NTSTATUS NTAPI NtTerminateThread(HANDLE ThreadHandle, NTSTATUS ExitStatus);
NTSTATUS NTAPI NtSuspendThread(HANDLE ThreadHandle, CLIENT(PULONG) PreviousSuspendCount);
NTSTATUS NTAPI NtResumeThread(HANDLE ThreadHandle, CLIENT(PULONG) PreviousSuspendCount);
NTSTATUS NTAPI NtGetContextThread(HANDLE ThreadHandle, CLIENT(PCONTEXT) ThreadContext);
NTSTATUS NTAPI NtSetContextThread(HANDLE ThreadHandle, CLIENT(PCONTEXT) ThreadContext);

#define QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC 1u
#define QUEUE_USER_APC_CALLBACK_DATA_CONTEXT 0x10000u

typedef void(NTAPI *PPS_APC_ROUTINE)(PVOID Argument1, PVOID Argument2, PVOID Argument3);

NTSTATUS NTAPI NtQueueApcThread(HANDLE ThreadHandle, PPS_APC_ROUTINE Routine,
                                CLIENT(PVOID) Argument1, CLIENT(PVOID) Argument2,
                                CLIENT(PVOID) Argument3);
NTSTATUS NTAPI NtQueueApcThreadEx(HANDLE ThreadHandle, HANDLE Option, PPS_APC_ROUTINE Routine,
                                  CLIENT(PVOID) Argument1, CLIENT(PVOID) Argument2,
                                  CLIENT(PVOID) Argument3);
NTSTATUS NTAPI NtQueueApcThreadEx2(HANDLE ThreadHandle, HANDLE ReserveHandle, ULONG Flags,
                                   PPS_APC_ROUTINE Routine, CLIENT(PVOID) Argument1,
                                   CLIENT(PVOID) Argument2, CLIENT(PVOID) Argument3);
NTSTATUS NTAPI NtTestAlert(void);
NTSTATUS NTAPI NtAlertThread(HANDLE ThreadHandle);
NTSTATUS NTAPI NtAlertResumeThread(HANDLE ThreadHandle, CLIENT(PULONG) PreviousSuspendCount);

/* The calling thread's environment blocks; only meaningful in an NT process (PE images). Host tests
 * bring their own. */
#if defined(NEPTUNE_HOST_TEST)
PTEB NtCurrentTeb(void);
#elif defined(__x86_64__)
FORCEINLINE PTEB NtCurrentTeb(void)
{
    PTEB Teb;

    __asm__("movq %%gs:0x30, %0" : "=r"(Teb));
    return Teb;
}
#elif defined(__i386__)
FORCEINLINE PTEB NtCurrentTeb(void)
{
    PTEB Teb;

    __asm__("movl %%fs:0x18, %0" : "=r"(Teb));
    return Teb;
}
#endif
#define NtCurrentPeb() (NtCurrentTeb()->ProcessEnvironmentBlock)
