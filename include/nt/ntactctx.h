/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Activation contexts. (Win32: CreateActCtx; phnt) They are made of manifests (ntdll/sxs); their
 * data are in ntsxs.h.
 */
#pragma once

#include <nt/ntps.h>
#include <nt/ntsxs.h>

#define ACTCTX_FLAG_PROCESSOR_ARCHITECTURE_VALID 0x01
#define ACTCTX_FLAG_LANGID_VALID 0x02
#define ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID 0x04
#define ACTCTX_FLAG_RESOURCE_NAME_VALID 0x08
#define ACTCTX_FLAG_SET_PROCESS_DEFAULT 0x10
#define ACTCTX_FLAG_APPLICATION_NAME_VALID 0x20
#define ACTCTX_FLAG_SOURCE_IS_ASSEMBLYREF 0x40
#define ACTCTX_FLAG_HMODULE_VALID 0x80
#define ACTCTX_FLAG_VALID 0xff

/* NULL is the process's default context. */
#define INVALID_ACTIVATION_CONTEXT ((HANDLE)(LONG_PTR)-1)
#define ACTIVATION_CONTEXT_EMPTY ((HANDLE)(LONG_PTR)-3)
#define ACTIVATION_CONTEXT_SYSTEM_DEFAULT ((HANDLE)(LONG_PTR)-4)
#define RTL_DEACTIVATE_FORCE_EARLY 1

#define QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX 0x00000004
#define QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE 0x00000008
#define QUERY_ACTCTX_FLAG_ACTCTX_IS_ADDRESS 0x00000010
#define QUERY_ACTCTX_FLAG_NO_ADDREF 0x80000000u

typedef struct _ACTCTXW {
    ULONG cbSize;
    ULONG dwFlags;
    PCWSTR lpSource;
    USHORT wProcessorArchitecture;
    USHORT wLangId;
    PCWSTR lpAssemblyDirectory;
    PCWSTR lpResourceName;
    PCWSTR lpApplicationName;
    HANDLE hModule;
} ACTCTXW, *PACTCTXW;

typedef enum _ACTIVATION_CONTEXT_INFO_CLASS {
    ActivationContextBasicInformation = 1,
    ActivationContextDetailedInformation,
    AssemblyDetailedInformationInActivationContext,
    FileInformationInAssemblyOfAssemblyInActivationContext,
    RunlevelInformationInActivationContext,
    CompatibilityInformationInActivationContext,
} ACTIVATION_CONTEXT_INFO_CLASS;

typedef struct _ACTIVATION_CONTEXT_BASIC_INFORMATION {
    HANDLE hActCtx;
    ULONG dwFlags;
} ACTIVATION_CONTEXT_BASIC_INFORMATION;

typedef struct _ACTIVATION_CONTEXT_DETAILED_INFORMATION {
    ULONG dwFlags;
    ULONG ulFormatVersion;
    ULONG ulAssemblyCount;
    ULONG ulRootManifestPathType;
    ULONG ulRootManifestPathChars;
    ULONG ulRootConfigurationPathType;
    ULONG ulRootConfigurationPathChars;
    ULONG ulAppDirPathType;
    ULONG ulAppDirPathChars;
    PCWSTR lpRootManifestPath;
    PCWSTR lpRootConfigurationPath;
    PCWSTR lpAppDirPath;
} ACTIVATION_CONTEXT_DETAILED_INFORMATION;

typedef struct _ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION {
    ULONG ulFlags;
    ULONG RunLevel;
    ULONG UiAccess;
} ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION;

typedef struct _ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION {
    ULONG ulFlags;
    ULONG ulEncodedAssemblyIdentityLength; /* lengths are bytes */
    ULONG ulManifestPathType;
    ULONG ulManifestPathLength;
    LARGE_INTEGER liManifestLastWriteTime;
    ULONG ulPolicyPathType;
    ULONG ulPolicyPathLength;
    LARGE_INTEGER liPolicyLastWriteTime;
    ULONG ulMetadataSatelliteRosterIndex;
    ULONG ulManifestVersionMajor;
    ULONG ulManifestVersionMinor;
    ULONG ulPolicyVersionMajor;
    ULONG ulPolicyVersionMinor;
    ULONG ulAssemblyDirectoryNameLength;
    PCWSTR lpAssemblyEncodedAssemblyIdentity;
    PCWSTR lpAssemblyManifestPath;
    PCWSTR lpAssemblyPolicyPath;
    PCWSTR lpAssemblyDirectoryName;
    ULONG ulFileCount;
} ACTIVATION_CONTEXT_ASSEMBLY_DETAILED_INFORMATION;

typedef struct _ACTIVATION_CONTEXT_QUERY_INDEX {
    ULONG ulAssemblyIndex; /* from 0 */
    ULONG ulFileIndexInAssembly;
} ACTIVATION_CONTEXT_QUERY_INDEX;

#define ASSEMBLY_FILE_REDIRECTED 2

typedef struct _ASSEMBLY_FILE_DETAILED_INFORMATION {
    ULONG ulFlags;
    ULONG ulFilenameLength;
    ULONG ulPathLength;
    PCWSTR lpFileName;
    PCWSTR lpFilePath;
} ASSEMBLY_FILE_DETAILED_INFORMATION;

#define FIND_ACTCTX_SECTION_KEY_RETURN_HACTCTX 1
#define FIND_ACTCTX_SECTION_KEY_RETURN_FLAGS 2
#define FIND_ACTCTX_SECTION_KEY_RETURN_ASSEMBLY_METADATA 4

typedef struct _ACTCTX_SECTION_KEYED_DATA_ASSEMBLY_METADATA {
    PVOID lpInformation;
    PVOID lpSectionBase;
    ULONG ulSectionLength;
    PVOID lpSectionGlobalDataBase;
    ULONG ulSectionGlobalDataLength;
} ACTCTX_SECTION_KEYED_DATA_ASSEMBLY_METADATA;

/* May end in front of ulAssemblyRosterIndex or later. */
typedef struct _ACTCTX_SECTION_KEYED_DATA {
    ULONG cbSize;
    ULONG ulDataFormatVersion;
    PVOID lpData;
    ULONG ulLength;
    PVOID lpSectionGlobalData;
    ULONG ulSectionGlobalDataLength;
    PVOID lpSectionBase;
    ULONG ulSectionTotalLength;
    HANDLE hActCtx;
    ULONG ulAssemblyRosterIndex;
    ULONG ulFlags; /* 1: the active context's, 2: the process's, 4: the system's */
    ACTCTX_SECTION_KEYED_DATA_ASSEMBLY_METADATA AssemblyMetadata;
} ACTCTX_SECTION_KEYED_DATA, *PACTCTX_SECTION_KEYED_DATA;

#define ACTIVATION_CONTEXT_NOTIFICATION_DESTROY 1
#define ACTIVATION_CONTEXT_NOTIFICATION_ZOMBIFY 2
typedef void(NTAPI *PACTIVATION_CONTEXT_NOTIFY_ROUTINE)(ULONG Type, HANDLE Context,
                                                        const ACTIVATION_CONTEXT_DATA *Data,
                                                        PVOID NotificationContext,
                                                        PVOID NotificationData, PBOOLEAN Disable);

/*
 * A context of data that the caller has: Windows' form. Flags is 0.
 * STATUS_SXS_INVALID_ACTCTXDATA_FORMAT, STATUS_INVALID_PARAMETER_1 and so on.
 * Wine's callers give two arguments, the first of which is an address: where the handle goes, and
 * an ACTCTXW. STATUS_INVALID_PARAMETER; STATUS_OBJECT_NAME_NOT_FOUND,
 * STATUS_RESOURCE_xxx_NOT_FOUND; STATUS_SXS_CANT_GEN_ACTCTX: the manifest is wrong, or what it
 * depends on is not there, or the reference is wrong;
 * STATUS_SXS_PROCESS_DEFAULT_ALREADY_SET.
 */
NTSTATUS NTAPI RtlCreateActivationContext(ULONG_PTR Flags, PACTIVATION_CONTEXT_DATA Data,
                                          ULONG ExtraBytes,
                                          PACTIVATION_CONTEXT_NOTIFY_ROUTINE NotificationRoutine,
                                          PVOID NotificationContext, PHANDLE Context);
typedef NTSTATUS(NTAPI *PRTL_CREATE_ACTIVATION_CONTEXT_OF_SOURCE)(PHANDLE Context,
                                                                  const ACTCTXW *Source);
void NTAPI RtlAddRefActivationContext(HANDLE Context);
void NTAPI RtlReleaseActivationContext(HANDLE Context);
NTSTATUS NTAPI RtlZombifyActivationContext(HANDLE Context);

/* The thread's stack of active contexts. Flags is 0. STATUS_INVALID_PARAMETER, STATUS_NO_MEMORY */
NTSTATUS NTAPI RtlActivateActivationContext(ULONG Flags, HANDLE Context, PULONG_PTR Cookie);
NTSTATUS NTAPI RtlActivateActivationContextEx(ULONG Flags, PTEB Teb, HANDLE Context,
                                              PULONG_PTR Cookie);
/* STATUS_SXS_EARLY_DEACTIVATION, STATUS_SXS_INVALID_DEACTIVATION */
NTSTATUS NTAPI RtlDeactivateActivationContext(ULONG Flags, ULONG_PTR Cookie);
NTSTATUS NTAPI RtlGetActiveActivationContext(PHANDLE Context);
BOOLEAN NTAPI RtlIsActivationContextActive(HANDLE Context);
void NTAPI RtlFreeThreadActivationContextStack(void);
NTSTATUS NTAPI RtlAllocateActivationContextStack(PACTIVATION_CONTEXT_STACK *Stack);
void NTAPI RtlFreeActivationContextStack(PACTIVATION_CONTEXT_STACK Stack);

/* STATUS_SXS_KEY_NOT_FOUND, STATUS_SXS_SECTION_NOT_FOUND (of no number that there is),
 * STATUS_INVALID_PARAMETER. */
NTSTATUS NTAPI RtlFindActivationContextSectionString(ULONG Flags, const GUID *Extension,
                                                     ULONG SectionId, PCUNICODE_STRING Name,
                                                     PACTCTX_SECTION_KEYED_DATA Data);
NTSTATUS NTAPI RtlFindActivationContextSectionGuid(ULONG Flags, const GUID *Extension,
                                                   ULONG SectionId, const GUID *Guid,
                                                   PACTCTX_SECTION_KEYED_DATA Data);
/* STATUS_BUFFER_TOO_SMALL: *ReturnLength is what it takes. SubInstance is an assembly's index from
 * 1, or an ACTIVATION_CONTEXT_QUERY_INDEX. */
NTSTATUS NTAPI RtlQueryInformationActivationContext(ULONG Flags, HANDLE Context, PVOID SubInstance,
                                                    ACTIVATION_CONTEXT_INFO_CLASS Class,
                                                    PVOID Information, SIZE_T Length,
                                                    PSIZE_T ReturnLength);
/* Length and *Written are characters, with the NUL. STATUS_SXS_KEY_NOT_FOUND,
 * STATUS_INVALID_PARAMETER (an unknown name space), STATUS_BUFFER_TOO_SMALL */
NTSTATUS NTAPI RtlQueryActivationContextApplicationSettings(ULONG Flags, HANDLE Context,
                                                            PCWSTR Namespace, PCWSTR Name,
                                                            PWSTR Buffer, SIZE_T Length,
                                                            PSIZE_T Written);
