/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader: its data, which programs read through the PEB, and ntdll's Ldr routines. */
#pragma once

#include <nt/ntimage.h>
#include <nt/ntob.h>

typedef struct _PEB_LDR_DATA {
    ULONG Length;
    BOOLEAN Initialized;
    HANDLE SsHandle;
    LIST_ENTRY InLoadOrderModuleList;
    LIST_ENTRY InMemoryOrderModuleList;
    LIST_ENTRY InInitializationOrderModuleList;
    PVOID EntryInProgress;
    BOOLEAN ShutdownInProgress;
    HANDLE ShutdownThreadId;
} PEB_LDR_DATA, *PPEB_LDR_DATA;

/* LDR_DATA_TABLE_ENTRY.Flags */
#define LDRP_PACKAGED_BINARY 0x00000001
#define LDRP_IMAGE_DLL 0x00000004
#define LDRP_LOAD_NOTIFICATIONS_SENT 0x00000008
#define LDRP_PROCESS_STATIC_IMPORT 0x00000020
#define LDRP_IN_LEGACY_LISTS 0x00000040
#define LDRP_IN_EXCEPTION_TABLE 0x00000200
#define LDRP_LOAD_IN_PROGRESS 0x00001000
#define LDRP_ENTRY_PROCESSED 0x00004000
#define LDRP_DONT_CALL_FOR_THREADS 0x00040000
#define LDRP_PROCESS_ATTACH_CALLED 0x00080000
#define LDRP_PROCESS_ATTACH_FAILED 0x00100000
#define LDRP_IMAGE_NOT_AT_BASE 0x00200000
#define LDRP_REDIRECTED 0x10000000 /* by an activation context */

/* LDR_DATA_TABLE_ENTRY.LoadReason */
typedef enum _LDR_DLL_LOAD_REASON {
    LoadReasonStaticDependency,
    LoadReasonStaticForwarderDependency,
    LoadReasonDynamicForwarderDependency,
    LoadReasonDelayloadDependency,
    LoadReasonDynamicLoad,
    LoadReasonAsImageLoad,
    LoadReasonAsDataLoad,
} LDR_DLL_LOAD_REASON;

typedef enum _LDR_DDAG_STATE {
    LdrModulesMerged = -5,
    LdrModulesInitError = -4,
    LdrModulesSnapError = -3,
    LdrModulesUnloaded = -2,
    LdrModulesUnloading = -1,
    LdrModulesPlaceHolder = 0,
    LdrModulesMapping,
    LdrModulesMapped,
    LdrModulesWaitingForDependencies,
    LdrModulesSnapping,
    LdrModulesSnapped,
    LdrModulesCondensed,
    LdrModulesReadyToInit,
    LdrModulesInitializing,
    LdrModulesReadyToRun,
} LDR_DDAG_STATE;

/* A node of the modules' graph, as far as programs look: the count and the state. Each module has
 * one of its own. */
typedef struct _LDR_DDAG_NODE {
    LIST_ENTRY Modules;
    PVOID ServiceTagList;
    ULONG LoadCount; /* MAXULONG: never unloaded */
    ULONG LoadWhileUnloadingCount;
    ULONG LowestLink;
    PVOID Dependencies;
    PVOID IncomingDependencies;
    LDR_DDAG_STATE State;
    PVOID CondenseLink;
    ULONG PreorderNumber;
} LDR_DDAG_NODE, *PLDR_DDAG_NODE;

typedef struct _LDR_DATA_TABLE_ENTRY {
    LIST_ENTRY InLoadOrderLinks;
    LIST_ENTRY InMemoryOrderLinks;
    LIST_ENTRY InInitializationOrderLinks;
    PVOID DllBase;
    PVOID EntryPoint;
    ULONG SizeOfImage;
    UNICODE_STRING FullDllName;
    UNICODE_STRING BaseDllName;
    ULONG Flags;
    USHORT ObsoleteLoadCount;
    USHORT TlsIndex;
    LIST_ENTRY HashLinks;
    ULONG TimeDateStamp;
    PVOID EntryPointActivationContext;
    PVOID Lock;
    PVOID DdagNode;
    LIST_ENTRY NodeModuleLink;
    PVOID LoadContext;
    PVOID ParentDllBase;
    PVOID SwitchBackContext;
    RTL_BALANCED_NODE BaseAddressIndexNode;
    RTL_BALANCED_NODE MappingInfoIndexNode;
    ULONG_PTR OriginalBase;
    LARGE_INTEGER LoadTime;
    ULONG BaseNameHashValue;
    ULONG LoadReason;
    ULONG ImplicitPathOptions;
    ULONG ReferenceCount; /* the loader's own */
    ULONG DependentLoadFlags;
    UCHAR SigningLevel;
} LDR_DATA_TABLE_ENTRY, *PLDR_DATA_TABLE_ENTRY;

ASSERT_SIZE64(PEB_LDR_DATA, 0x58);
ASSERT_SIZE32(PEB_LDR_DATA, 0x30);
ASSERT_SIZE64(LDR_DATA_TABLE_ENTRY, 0x120);
ASSERT_SIZE32(LDR_DATA_TABLE_ENTRY, 0xa8);
ASSERT_OFFSET(LDR_DDAG_NODE, LoadCount, 0x18, 0xc);
ASSERT_OFFSET(LDR_DDAG_NODE, State, 0x38, 0x20);
ASSERT_OFFSET(LDR_DATA_TABLE_ENTRY, DllBase, 0x30, 0x18);
ASSERT_OFFSET(LDR_DATA_TABLE_ENTRY, BaseDllName, 0x58, 0x2c);
ASSERT_OFFSET(LDR_DATA_TABLE_ENTRY, HashLinks, 0x70, 0x3c);
ASSERT_OFFSET(LDR_DATA_TABLE_ENTRY, OriginalBase, 0xf8, 0x80);

#define DLL_PROCESS_DETACH 0
#define DLL_PROCESS_ATTACH 1
#define DLL_THREAD_ATTACH 2
#define DLL_THREAD_DETACH 3

typedef BOOLEAN(NTAPI *PDLL_INIT_ROUTINE)(PVOID DllHandle, ULONG Reason, PVOID Context);

/* LdrLoadDll, *DllCharacteristics: map the image, but bind nothing and call nothing. */
#define LDR_DLL_DONT_RESOLVE_ENTRY 0x00000002
/* Ours, for drivers: bind the image's imports, but run no entry points or TLS callbacks, neither
 * its own nor those of modules it brings along. */
#define LDR_DLL_DONT_CALL_ENTRY 0x00010000

/* A value below this in place of DllCharacteristics is no pointer but flags of LoadLibraryEx: */
#define LDR_DLL_LEAST_POINTER 0x10000
#define DONT_RESOLVE_DLL_REFERENCES 0x00000001
#define LOAD_LIBRARY_AS_DATAFILE 0x00000002
#define LOAD_LIBRARY_AS_IMAGE_RESOURCE 0x00000020
#define LOAD_LIBRARY_AS_DATAFILE_EXCLUSIVE 0x00000040

/*
 * Loads a DLL by path (C:\..., \SystemRoot\...), by base name (looked for in \KnownDlls, then in
 * SearchPath or the usual directories) or by the name of an API set; a name without a dot gets
 * ".dll". A SearchPath that is odd is flags of LOAD_LIBRARY_SEARCH and 1. An image that is no DLL
 * by its characteristics (a driver's .sys) is bound like one, and its entry point is not called. A
 * DLL that is loaded already is counted once more.
 */
NTSTATUS NTAPI LdrLoadDll(PCWSTR SearchPath, PULONG DllCharacteristics, PCUNICODE_STRING DllName,
                          PVOID *DllHandle);

/* Counts one less; the last one runs DLL_PROCESS_DETACH and unmaps the DLL, and those that only it
 * needs. STATUS_DLL_NOT_FOUND. */
NTSTATUS NTAPI LdrUnloadDll(PVOID DllHandle);

/* The base of a DLL that is loaded already, by base name or path; takes no reference.
 * STATUS_DLL_NOT_FOUND. */
NTSTATUS NTAPI LdrGetDllHandle(PCWSTR SearchPath, PULONG DllCharacteristics,
                               PCUNICODE_STRING DllName, PVOID *DllHandle);

/*
 * The address of an export, by name, or, where Name is NULL, by ordinal. Forwarders are followed.
 * STATUS_ENTRYPOINT_NOT_FOUND, STATUS_ORDINAL_NOT_FOUND.
 */
NTSTATUS NTAPI LdrGetProcedureAddress(PVOID DllHandle, const ANSI_STRING *Name, ULONG Ordinal,
                                      PVOID *Address);

/* The loader's entry of the image that contains an address. STATUS_NO_MORE_ENTRIES. */
NTSTATUS NTAPI LdrFindEntryForAddress(PVOID Address, PLDR_DATA_TABLE_ENTRY *Entry);

/* No DLL_THREAD_ATTACH and DLL_THREAD_DETACH for this DLL from now on. */
NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID DllHandle);

/* Where DLLs are looked for: flags of LoadLibraryEx, LdrGetDllPath and LdrSetDefaultDllDirectories.
 */
#define LOAD_WITH_ALTERED_SEARCH_PATH                                                              \
    0x00000008 /* the loaded file's directory, not the program's */
#define LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR 0x00000100
#define LOAD_LIBRARY_SEARCH_APPLICATION_DIR 0x00000200
#define LOAD_LIBRARY_SEARCH_USER_DIRS 0x00000400 /* of LdrAddDllDirectory, LdrSetDllDirectory */
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x00000800
#define LOAD_LIBRARY_SEARCH_DEFAULT_DIRS 0x00001000 /* the three before */

/* The list of directories for loading Module (which may be NULL) with such flags, for
 * RtlReleasePath; *Redirected becomes NULL. STATUS_INVALID_PARAMETER: flags that exclude each
 * other, or a Module that is no absolute path with LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR. */
NTSTATUS NTAPI LdrGetDllPath(PCWSTR Module, ULONG Flags, PWSTR *Path, PWSTR *Redirected);

/* A directory in place of the current one; an empty name: none; without a buffer: as at first. */
NTSTATUS NTAPI LdrSetDllDirectory(PCUNICODE_STRING Directory);
/* STATUS_BUFFER_TOO_SMALL: Length is the bytes needed, with the NUL. */
NTSTATUS NTAPI LdrGetDllDirectory(PUNICODE_STRING Directory);
/* An absolute path that exists; *Cookie is for LdrRemoveDllDirectory. STATUS_INVALID_PARAMETER. */
NTSTATUS NTAPI LdrAddDllDirectory(PCUNICODE_STRING Directory, PVOID *Cookie);
NTSTATUS NTAPI LdrRemoveDllDirectory(PVOID Cookie);
NTSTATUS NTAPI LdrSetDefaultDllDirectories(ULONG Flags);

/* The API sets: PEB.ApiSetMap, version 6 (tools/generate/mkapiset.py). Offsets are from its
 * beginning, lengths are bytes. */
typedef struct _API_SET_NAMESPACE {
    ULONG Version;
    ULONG Size;
    ULONG Flags;
    ULONG Count;
    ULONG EntryOffset;
    ULONG HashOffset;
    ULONG HashFactor;
} API_SET_NAMESPACE, *PAPI_SET_NAMESPACE;

typedef struct _API_SET_HASH_ENTRY {
    ULONG Hash;
    ULONG Index;
} API_SET_HASH_ENTRY, *PAPI_SET_HASH_ENTRY;

typedef struct _API_SET_NAMESPACE_ENTRY {
    ULONG Flags;
    ULONG NameOffset;
    ULONG NameLength;
    ULONG HashedLength;
    ULONG ValueOffset;
    ULONG ValueCount;
} API_SET_NAMESPACE_ENTRY, *PAPI_SET_NAMESPACE_ENTRY;

typedef struct _API_SET_VALUE_ENTRY {
    ULONG Flags;
    ULONG NameOffset;
    ULONG NameLength;
    ULONG ValueOffset;
    ULONG ValueLength;
} API_SET_VALUE_ENTRY, *PAPI_SET_VALUE_ENTRY;

/* Whether an API set, named without an extension, is in the schema, and whether a DLL stands for
 * it. STATUS_INVALID_PARAMETER: a name with a dot. */
NTSTATUS NTAPI ApiSetQueryApiSetPresence(PCUNICODE_STRING Namespace, PBOOLEAN Present);
NTSTATUS NTAPI ApiSetQueryApiSetPresenceEx(PCUNICODE_STRING Namespace, PBOOLEAN IsInSchema,
                                           PBOOLEAN Present);

/* As LdrGetDllHandle; without a flag the DLL is counted as loaded once more.
 * STATUS_INVALID_PARAMETER: other flags. */
#define LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT 0x00000001
#define LDR_GET_DLL_HANDLE_EX_PIN 0x00000002
NTSTATUS NTAPI LdrGetDllHandleEx(ULONG Flags, PCWSTR SearchPath, PULONG DllCharacteristics,
                                 PCUNICODE_STRING DllName, PVOID *DllHandle);
/* Counts a DLL as loaded once more, or for ever. STATUS_INVALID_PARAMETER. */
#define LDR_ADDREF_DLL_PIN 0x00000001
NTSTATUS NTAPI LdrAddRefDll(ULONG Flags, PVOID DllHandle);
/* Of NULL, the program's. STATUS_DLL_NOT_FOUND, STATUS_BUFFER_TOO_SMALL (as much as fits). */
NTSTATUS NTAPI LdrGetDllFullName(PVOID DllHandle, PUNICODE_STRING FullName);

#define LDR_GET_PROCEDURE_ADDRESS_DONT_RECORD_FORWARDER 0x00000001
NTSTATUS NTAPI LdrGetProcedureAddressEx(PVOID DllHandle, const ANSI_STRING *Name, ULONG Ordinal,
                                        PVOID *Address, ULONG Flags);
NTSTATUS NTAPI LdrGetProcedureAddressForCaller(PVOID DllHandle, const ANSI_STRING *Name,
                                               ULONG Ordinal, PVOID *Address, ULONG Flags,
                                               PVOID *Caller);

/* Calls of Routine when a DLL has been mapped and when it is about to be unmapped, with the loader
 * lock. Flags is 0. STATUS_INVALID_PARAMETER, STATUS_DLL_NOT_FOUND (an unknown cookie). */
#define LDR_DLL_NOTIFICATION_REASON_LOADED 1
#define LDR_DLL_NOTIFICATION_REASON_UNLOADED 2

typedef struct _LDR_DLL_NOTIFICATION_DATA {
    ULONG Flags;
    PCUNICODE_STRING FullDllName;
    PCUNICODE_STRING BaseDllName;
    PVOID DllBase;
    ULONG SizeOfImage;
} LDR_DLL_NOTIFICATION_DATA, *PLDR_DLL_NOTIFICATION_DATA;

typedef void(NTAPI *PLDR_DLL_NOTIFICATION_FUNCTION)(ULONG Reason,
                                                    const LDR_DLL_NOTIFICATION_DATA *Data,
                                                    PVOID Context);
NTSTATUS NTAPI LdrRegisterDllNotification(ULONG Flags, PLDR_DLL_NOTIFICATION_FUNCTION Routine,
                                          PVOID Context, PVOID *Cookie);
NTSTATUS NTAPI LdrUnregisterDllNotification(PVOID Cookie);

#define LDR_LOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS 0x00000001
#define LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY 0x00000002
#define LDR_LOCK_LOADER_LOCK_DISPOSITION_INVALID 0
#define LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_ACQUIRED 1
#define LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_NOT_ACQUIRED 2
NTSTATUS NTAPI LdrLockLoaderLock(ULONG Flags, PULONG Disposition, PULONG_PTR Cookie);
NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG Flags, ULONG_PTR Cookie);

/* Routine is called for each module in load order, until it sets *Stop. */
typedef void(NTAPI *PLDR_ENUM_CALLBACK)(PLDR_DATA_TABLE_ENTRY Entry, PVOID Context, PBOOLEAN Stop);
NTSTATUS NTAPI LdrEnumerateLoadedModules(ULONG Reserved, PLDR_ENUM_CALLBACK Routine, PVOID Context);
struct _RTL_PROCESS_MODULES;
/* STATUS_INFO_LENGTH_MISMATCH: as many as fit; *ReturnLength is what all take. */
NTSTATUS NTAPI LdrQueryProcessModuleInformation(struct _RTL_PROCESS_MODULES *Modules, ULONG Length,
                                                PULONG ReturnLength);

/* Delay-loaded imports. (Win32: delayloadhandler.h) */
typedef struct _IMAGE_DELAYLOAD_DESCRIPTOR {
    ULONG Attributes; /* 1: RVAs */
    ULONG DllNameRVA;
    ULONG ModuleHandleRVA;
    ULONG ImportAddressTableRVA;
    ULONG ImportNameTableRVA;
    ULONG BoundImportAddressTableRVA;
    ULONG UnloadInformationTableRVA;
    ULONG TimeDateStamp;
} IMAGE_DELAYLOAD_DESCRIPTOR, *PIMAGE_DELAYLOAD_DESCRIPTOR;

typedef struct _DELAYLOAD_PROC_DESCRIPTOR {
    ULONG ImportDescribedByName;
    union {
        PCSTR Name;
        ULONG Ordinal;
    } Description;
} DELAYLOAD_PROC_DESCRIPTOR, *PDELAYLOAD_PROC_DESCRIPTOR;

typedef struct _DELAYLOAD_INFO {
    ULONG Size;
    const IMAGE_DELAYLOAD_DESCRIPTOR *DelayloadDescriptor;
    ULONG_PTR *ThunkAddress;
    PCSTR TargetDllName;
    DELAYLOAD_PROC_DESCRIPTOR TargetApiDescriptor;
    PVOID TargetModuleBase;
    PVOID Unused;
    ULONG LastError; /* an NTSTATUS */
} DELAYLOAD_INFO, *PDELAYLOAD_INFO;

#define DELAYLOAD_GPA_FAILURE 4
typedef PVOID(NTAPI *PDELAYLOAD_FAILURE_DLL_CALLBACK)(ULONG Reason, PDELAYLOAD_INFO Info);
typedef PVOID(NTAPI *PDELAYLOAD_FAILURE_SYSTEM_ROUTINE)(PCSTR Dll, PCSTR Procedure);

/* Resolves one thunk of Base's delay-loaded imports and keeps the address there. What cannot be
 * resolved is what FailureDllHook says or else FailureSystemHook, each of which may be NULL. */
PVOID NTAPI LdrResolveDelayLoadedAPI(PVOID Base, const IMAGE_DELAYLOAD_DESCRIPTOR *Descriptor,
                                     PDELAYLOAD_FAILURE_DLL_CALLBACK FailureDllHook,
                                     PDELAYLOAD_FAILURE_SYSTEM_ROUTINE FailureSystemHook,
                                     ULONG_PTR *ThunkAddress, ULONG Flags);
/* All that Base would load from a DLL later. STATUS_DLL_NOT_FOUND: it loads nothing from it. */
NTSTATUS NTAPI LdrResolveDelayLoadsFromDll(PVOID Base, PCSTR DllName, ULONG Flags);

/*
 * Resources of a module, or of a file that is mapped for its data (a handle with low bits set).
 * Path is type, name and language, each a number or a string's address. Of languages, if the one
 * asked for is not there, others are taken: of it without its country, neutral ones, and if a
 * neutral one was asked for also the thread's, the user's, the system's, English, any.
 * STATUS_RESOURCE_DATA_NOT_FOUND: no resources; STATUS_RESOURCE_TYPE_NOT_FOUND, _NAME_NOT_FOUND,
 * _LANG_NOT_FOUND.
 */
#define LDR_RESOURCE_LEVELS 3
NTSTATUS NTAPI LdrFindResource_U(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                                 PIMAGE_RESOURCE_DATA_ENTRY *Entry);
/* The directory that so many levels of Path lead to. */
NTSTATUS NTAPI LdrFindResourceDirectory_U(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels,
                                          PIMAGE_RESOURCE_DIRECTORY *Directory);
/* Where the data of an entry is. Address and Length may be NULL. */
NTSTATUS NTAPI LdrAccessResource(PVOID DllHandle, const IMAGE_RESOURCE_DATA_ENTRY *Entry,
                                 PVOID *Address, PULONG Length);

typedef struct _LDR_ENUM_RESOURCE_ENTRY {
    ULONG_PTR Path[LDR_RESOURCE_LEVELS]; /* names: addresses of a length and that many characters */
    PVOID Data;
    ULONG Size;
    ULONG Reserved;
} LDR_ENUM_RESOURCE_ENTRY, *PLDR_ENUM_RESOURCE_ENTRY;

/* All resources that agree with Levels of Path. *Count is how many there is room for, and becomes
 * how many there are. STATUS_INFO_LENGTH_MISMATCH: not all fit. */
NTSTATUS NTAPI LdrEnumResources(PVOID DllHandle, const ULONG_PTR *Path, ULONG Levels, PULONG Count,
                                PLDR_ENUM_RESOURCE_ENTRY Entries);

/* There are no satellites with other languages. STATUS_MUI_FILE_NOT_FOUND */
NTSTATUS NTAPI LdrLoadAlternateResourceModule(PVOID DllHandle, PVOID *Resources, PSIZE_T Size,
                                              ULONG Flags);
NTSTATUS NTAPI LdrLoadAlternateResourceModuleEx(PVOID DllHandle, USHORT LanguageId,
                                                PVOID *Resources, PSIZE_T Size, ULONG Flags);
BOOLEAN NTAPI LdrUnloadAlternateResourceModule(PVOID DllHandle);

typedef struct _MESSAGE_RESOURCE_ENTRY {
    USHORT Length; /* bytes, with these two words */
    USHORT Flags;
    UCHAR Text[1];
} MESSAGE_RESOURCE_ENTRY, *PMESSAGE_RESOURCE_ENTRY;

typedef struct _MESSAGE_RESOURCE_BLOCK {
    ULONG LowId;
    ULONG HighId;
    ULONG OffsetToEntries; /* from the data's beginning */
} MESSAGE_RESOURCE_BLOCK, *PMESSAGE_RESOURCE_BLOCK;

typedef struct _MESSAGE_RESOURCE_DATA {
    ULONG NumberOfBlocks;
    MESSAGE_RESOURCE_BLOCK Blocks[1];
} MESSAGE_RESOURCE_DATA, *PMESSAGE_RESOURCE_DATA;

/* A message in the table that is resource 1 of Type (RT_MESSAGETABLE, 11).
 * STATUS_MESSAGE_NOT_FOUND; the statuses of LdrFindResource_U. */
NTSTATUS NTAPI RtlFindMessage(PVOID DllHandle, ULONG Type, ULONG Language, ULONG MessageId,
                              PMESSAGE_RESOURCE_ENTRY *Entry);

/* Side-by-side manifests and options per image: what programs expect to be able to call. */
void NTAPI LdrSetDllManifestProber(PVOID Routine);
NTSTATUS NTAPI LdrOpenImageFileOptionsKey(PCUNICODE_STRING ImagePath, BOOLEAN Wow64, PHANDLE Key);
NTSTATUS NTAPI LdrQueryImageFileKeyOption(HANDLE Key, PCWSTR Name, ULONG Type, PVOID Buffer,
                                          ULONG Length, PULONG ReturnLength);
NTSTATUS NTAPI LdrQueryImageFileExecutionOptions(PCUNICODE_STRING ImagePath, PCWSTR Name,
                                                 ULONG Type, PVOID Buffer, ULONG Length,
                                                 PULONG ReturnLength);

/* The first code of every thread; the Executive starts it with the context to go on at. */
struct _CONTEXT;
DECLSPEC_NORETURN void NTAPI LdrInitializeThunk(struct _CONTEXT *Context, PVOID NtdllBase);

/* Runs DLL_THREAD_DETACH, DLL_PROCESS_DETACH. Called by RtlExitUserThread, RtlExitUserProcess. */
void NTAPI LdrShutdownThread(void);
void NTAPI LdrShutdownProcess(void);
