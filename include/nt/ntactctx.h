/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Activation contexts. (Win32: CreateActCtx; phnt) Their life and the threads' stacks of them are
 * here (ntdll/rtl/activation.c); what a manifest says is not read yet: no context has sections, so
 * nothing is ever found in one.
 */
#pragma once

#include <nt/ntps.h>

#define ACTCTX_FLAG_VALID 0xff
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

/* Two arguments, as Wine's callers have it; Windows' has six. */
NTSTATUS NTAPI RtlCreateActivationContext(PHANDLE Context, const ACTCTXW *Source);
void NTAPI RtlAddRefActivationContext(HANDLE Context);
void NTAPI RtlReleaseActivationContext(HANDLE Context);
NTSTATUS NTAPI RtlZombifyActivationContext(HANDLE Context);
NTSTATUS NTAPI RtlActivateActivationContext(ULONG Flags, HANDLE Context, PULONG_PTR Cookie);
NTSTATUS NTAPI RtlDeactivateActivationContext(ULONG Flags, ULONG_PTR Cookie);
NTSTATUS NTAPI RtlGetActiveActivationContext(PHANDLE Context);

/* STATUS_SXS_KEY_NOT_FOUND, STATUS_INVALID_PARAMETER. *Data begins with its size. */
NTSTATUS NTAPI RtlFindActivationContextSectionString(ULONG Flags, const GUID *Extension,
                                                     ULONG SectionId, PCUNICODE_STRING Name,
                                                     PULONG Data);
NTSTATUS NTAPI RtlFindActivationContextSectionGuid(ULONG Flags, const GUID *Extension,
                                                   ULONG SectionId, const GUID *Guid, PULONG Data);
NTSTATUS NTAPI RtlQueryInformationActivationContext(ULONG Flags, HANDLE Context, PVOID SubInstance,
                                                    ACTIVATION_CONTEXT_INFO_CLASS Class,
                                                    PVOID Information, SIZE_T Length,
                                                    PSIZE_T ReturnLength);
NTSTATUS NTAPI RtlQueryActivationContextApplicationSettings(ULONG Flags, HANDLE Context,
                                                            PCWSTR Namespace, PCWSTR Name,
                                                            PWSTR Buffer, SIZE_T Length,
                                                            PSIZE_T Written);
