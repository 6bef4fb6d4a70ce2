/* SPDX-License-Identifier: BSD-2-Clause */
/* The loader: its data, which programs read through the PEB, and ntdll's Ldr routines. */
#pragma once

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
#define LDRP_LOAD_IN_PROGRESS 0x00001000
#define LDRP_ENTRY_PROCESSED 0x00004000
#define LDRP_DONT_CALL_FOR_THREADS 0x00040000
#define LDRP_PROCESS_ATTACH_CALLED 0x00080000
#define LDRP_IMAGE_NOT_AT_BASE 0x00200000

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
ASSERT_OFFSET(LDR_DATA_TABLE_ENTRY, DllBase, 0x30, 0x18);
ASSERT_OFFSET(LDR_DATA_TABLE_ENTRY, BaseDllName, 0x58, 0x2c);
ASSERT_OFFSET(LDR_DATA_TABLE_ENTRY, HashLinks, 0x70, 0x3c);
ASSERT_OFFSET(LDR_DATA_TABLE_ENTRY, OriginalBase, 0xf8, 0x80);

#define DLL_PROCESS_DETACH 0
#define DLL_PROCESS_ATTACH 1
#define DLL_THREAD_ATTACH 2
#define DLL_THREAD_DETACH 3

typedef BOOLEAN(NTAPI *PDLL_INIT_ROUTINE)(PVOID DllHandle, ULONG Reason, PVOID Context);

/* LdrLoadDll, *DllCharacteristics: map the image and bind its imports, but run no entry point and
 * no TLS callback. */
#define LDR_DLL_DONT_RESOLVE_ENTRY 0x00000002

/*
 * Loads a DLL by path (\SystemRoot\...) or by base name (looked for in SearchPath, if given, else
 * in \SystemRoot); a name without a dot gets ".dll". An image that is no DLL by its characteristics
 * (a driver's .sys) is bound like one, and its entry point is not called. A DLL that is loaded
 * already gets one more reference.
 */
NTSTATUS NTAPI LdrLoadDll(PCWSTR SearchPath, PULONG DllCharacteristics, PCUNICODE_STRING DllName,
                          PVOID *DllHandle);

/* Takes a reference back; the last one runs DLL_PROCESS_DETACH and unmaps the DLL. */
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

/* The first code of every thread; the Executive starts it with the context to go on at. */
struct _CONTEXT;
DECLSPEC_NORETURN void NTAPI LdrInitializeThunk(struct _CONTEXT *Context, PVOID NtdllBase);

/* Runs DLL_THREAD_DETACH, DLL_PROCESS_DETACH. Called by RtlExitUserThread, RtlExitUserProcess. */
void NTAPI LdrShutdownThread(void);
void NTAPI LdrShutdownProcess(void);
