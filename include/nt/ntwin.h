/* SPDX-License-Identifier: BSD-2-Clause */
/* What ntdll does for Win32 beyond strings, paths and security: atoms, fiber-local storage,
 * versions, time zones, error modes, tracing. (phnt: ntrtl.h; Win32's functions of like names) */
#pragma once

#include <nt/ntps.h>
#include <nt/ntrtl.h>

/*
 * Atoms (ntdll/rtl/atom.c): numbers for names, without regard to case. Integer atoms, 1 to bfff,
 * are their own names ("#123", or the number as a pointer), and are never counted.
 */
typedef USHORT RTL_ATOM, *PRTL_ATOM;
typedef struct _RTL_ATOM_TABLE *PRTL_ATOM_TABLE;
#define RTL_ATOM_FIRST 0xc000
#define RTL_ATOM_MAXIMUM_NAME_LENGTH 255 /* characters */

/* The global atoms, of the system */
typedef enum _ATOM_INFORMATION_CLASS {
    AtomBasicInformation,
    AtomTableInformation,
} ATOM_INFORMATION_CLASS;

typedef struct _ATOM_BASIC_INFORMATION {
    USHORT UsageCount;
    USHORT Flags;
    USHORT NameLength; /* bytes */
    WCHAR Name[1];     /* with a NUL */
} ATOM_BASIC_INFORMATION, *PATOM_BASIC_INFORMATION;

typedef struct _ATOM_TABLE_INFORMATION {
    ULONG NumberOfAtoms;
    RTL_ATOM Atoms[1];
} ATOM_TABLE_INFORMATION, *PATOM_TABLE_INFORMATION;

NTSTATUS NTAPI NtAddAtom(CLIENT(PCWSTR) AtomName, ULONG Length, CLIENT(PRTL_ATOM) Atom);
NTSTATUS NTAPI NtFindAtom(CLIENT(PCWSTR) AtomName, ULONG Length, CLIENT(PRTL_ATOM) Atom);
NTSTATUS NTAPI NtDeleteAtom(RTL_ATOM Atom);
NTSTATUS NTAPI NtQueryInformationAtom(RTL_ATOM Atom, ATOM_INFORMATION_CLASS Class,
                                      CLIENT(PVOID) Information, ULONG Length,
                                      CLIENT(PULONG) ReturnLength);

NTSTATUS NTAPI RtlCreateAtomTable(ULONG NumberOfBuckets, PRTL_ATOM_TABLE *AtomTable);
NTSTATUS NTAPI RtlDestroyAtomTable(PRTL_ATOM_TABLE AtomTable);
NTSTATUS NTAPI RtlAddAtomToAtomTable(PRTL_ATOM_TABLE AtomTable, PCWSTR Name, PRTL_ATOM Atom);
NTSTATUS NTAPI RtlLookupAtomInAtomTable(PRTL_ATOM_TABLE AtomTable, PCWSTR Name, PRTL_ATOM Atom);
NTSTATUS NTAPI RtlDeleteAtomFromAtomTable(PRTL_ATOM_TABLE AtomTable, RTL_ATOM Atom);
/* NameLength is bytes: of the buffer, then of the name without its terminator. */
NTSTATUS NTAPI RtlQueryAtomInAtomTable(PRTL_ATOM_TABLE AtomTable, RTL_ATOM Atom, PULONG UsageCount,
                                       PULONG Flags, PWSTR Name, PULONG NameLength);

/* Fiber-local storage (ntdll/rtl/fls.c): STATUS_INVALID_PARAMETER for an index that is not given
 * out. */
typedef void(NTAPI *PFLS_CALLBACK_FUNCTION)(PVOID Data);
#define RTL_FLS_RUN_CALLBACKS 1
#define RTL_FLS_FREE_DATA 2

NTSTATUS NTAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION Callback, PULONG Index);
NTSTATUS NTAPI RtlFlsFree(ULONG Index);
NTSTATUS NTAPI RtlFlsGetValue(ULONG Index, PVOID *Value);
NTSTATUS NTAPI RtlFlsSetValue(ULONG Index, PVOID Value);
/* At the end of a fiber or thread. */
void NTAPI RtlProcessFlsData(PVOID FlsData, ULONG Flags);

/* Errors of the calling thread (ntdll/rtl/lasterror.c) */
ULONG NTAPI RtlNtStatusToDosError(NTSTATUS Status);
void NTAPI RtlSetLastWin32Error(ULONG Error);
void NTAPI RtlRestoreLastWin32Error(ULONG Error);
ULONG NTAPI RtlGetLastWin32Error(void);
ULONG NTAPI RtlGetThreadErrorMode(void);
NTSTATUS NTAPI RtlSetThreadErrorMode(ULONG Mode, PULONG Previous);

/* Pointers that nobody can forge without knowing a secret of the process or, for the last two, of
 * the system (ntdll/rtl/encodepointer.c) */
PVOID NTAPI RtlEncodePointer(PVOID Pointer);
PVOID NTAPI RtlDecodePointer(PVOID Pointer);
PVOID NTAPI RtlEncodeSystemPointer(PVOID Pointer);
PVOID NTAPI RtlDecodeSystemPointer(PVOID Pointer);

/* The version (ntdll/rtl/version.c, rtl/versionmask.c) */
typedef struct _OSVERSIONINFOEXW {
    ULONG dwOSVersionInfoSize; /* with or without what follows szCSDVersion */
    ULONG dwMajorVersion;
    ULONG dwMinorVersion;
    ULONG dwBuildNumber;
    ULONG dwPlatformId;
    WCHAR szCSDVersion[128];
    USHORT wServicePackMajor;
    USHORT wServicePackMinor;
    USHORT wSuiteMask;
    UCHAR wProductType;
    UCHAR wReserved;
} RTL_OSVERSIONINFOEXW, *PRTL_OSVERSIONINFOEXW;

#define VER_PLATFORM_WIN32_NT 2
#define VER_NT_WORKSTATION 1
#define VER_MINORVERSION 0x01
#define VER_MAJORVERSION 0x02
#define VER_BUILDNUMBER 0x04
#define VER_PLATFORMID 0x08
#define VER_SERVICEPACKMINOR 0x10
#define VER_SERVICEPACKMAJOR 0x20
#define VER_SUITENAME 0x40
#define VER_PRODUCT_TYPE 0x80
#define VER_EQUAL 1
#define VER_GREATER 2
#define VER_GREATER_EQUAL 3
#define VER_LESS 4
#define VER_LESS_EQUAL 5
#define VER_AND 6
#define VER_OR 7

NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOEXW Version);
/* STATUS_REVISION_MISMATCH: it is not so; STATUS_INVALID_PARAMETER: nothing was asked. */
NTSTATUS NTAPI RtlVerifyVersionInfo(const RTL_OSVERSIONINFOEXW *Version, ULONG TypeMask,
                                    ULONGLONG ConditionMask);
ULONGLONG NTAPI VerSetConditionMask(ULONGLONG ConditionMask, ULONG TypeMask, UCHAR Condition);
NTSTATUS RtlpCompareVersions(const RTL_OSVERSIONINFOEXW *Actual, const RTL_OSVERSIONINFOEXW *Wanted,
                             ULONG TypeMask, ULONGLONG ConditionMask);
BOOLEAN NTAPI RtlGetProductInfo(ULONG OsMajorVersion, ULONG OsMinorVersion, ULONG SpMajorVersion,
                                ULONG SpMinorVersion, PULONG ProductType);

/* Times and time zones (ntdll/rtl/clock.c, timezone.c); biases are minutes. */
typedef struct _RTL_TIME_ZONE_INFORMATION {
    LONG Bias; /* universal time = local time + Bias */
    WCHAR StandardName[32];
    TIME_FIELDS StandardStart;
    LONG StandardBias;
    WCHAR DaylightName[32];
    TIME_FIELDS DaylightStart;
    LONG DaylightBias;
} RTL_TIME_ZONE_INFORMATION, *PRTL_TIME_ZONE_INFORMATION;

typedef struct _RTL_DYNAMIC_TIME_ZONE_INFORMATION {
    RTL_TIME_ZONE_INFORMATION TimeZone;
    WCHAR TimeZoneKeyName[128];
    BOOLEAN DynamicDaylightTimeDisabled;
} RTL_DYNAMIC_TIME_ZONE_INFORMATION, *PRTL_DYNAMIC_TIME_ZONE_INFORMATION;

_Static_assert(sizeof(RTL_TIME_ZONE_INFORMATION) == 0xac, "RTL_TIME_ZONE_INFORMATION");
_Static_assert(sizeof(RTL_DYNAMIC_TIME_ZONE_INFORMATION) == 0x1b0, "RTL_DYNAMIC_TIME_ZONE_INFO");

NTSTATUS NTAPI RtlQueryTimeZoneInformation(PRTL_TIME_ZONE_INFORMATION TimeZone);
/* Into the registry; the clock's bias does not follow. */
NTSTATUS NTAPI RtlSetTimeZoneInformation(const RTL_TIME_ZONE_INFORMATION *TimeZone);
NTSTATUS NTAPI RtlQueryDynamicTimeZoneInformation(PRTL_DYNAMIC_TIME_ZONE_INFORMATION TimeZone);
NTSTATUS NTAPI RtlSystemTimeToLocalTime(const LARGE_INTEGER *SystemTime, PLARGE_INTEGER LocalTime);
NTSTATUS NTAPI RtlLocalTimeToSystemTime(const LARGE_INTEGER *LocalTime, PLARGE_INTEGER SystemTime);
LONGLONG NTAPI RtlGetSystemTimePrecise(void);
LOGICAL NTAPI RtlQueryPerformanceCounter(PLARGE_INTEGER Counter);
LOGICAL NTAPI RtlQueryPerformanceFrequency(PLARGE_INTEGER Frequency);
/* Without the time that the system slept. */
BOOLEAN NTAPI RtlQueryUnbiasedInterruptTime(PULONGLONG Time);

/* The processor, and the other architecture's subsystem that there is none of (ntdll/rtl/machine.c)
 */
BOOLEAN NTAPI RtlIsProcessorFeaturePresent(ULONG Feature);
void NTAPI RtlGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER Number);
ULONGLONG NTAPI RtlGetEnabledExtendedFeatures(ULONGLONG FeatureMask);
NTSTATUS NTAPI RtlWow64EnableFsRedirection(BOOLEAN Enable);
NTSTATUS NTAPI RtlWow64EnableFsRedirectionEx(ULONG Disable, PULONG Previous);
NTSTATUS NTAPI RtlWow64GetProcessMachines(HANDLE Process, PUSHORT ProcessMachine,
                                          PUSHORT NativeMachine);
#if defined(__x86_64__)
NTSTATUS NTAPI RtlWow64GetThreadContext(HANDLE Thread, PVOID Context);
NTSTATUS NTAPI RtlWow64SetThreadContext(HANDLE Thread, PVOID Context);
#endif

/*
 * Singly linked lists that any number of threads use at once (ntdll/arch). Entries are aligned by
 * 16 bytes on amd64, as is the head, and by 4 on i386.
 */
#if defined(__x86_64__)
typedef struct DECLSPEC_ALIGN(16) _SLIST_ENTRY {
    struct _SLIST_ENTRY *Next;
} SLIST_ENTRY, *PSLIST_ENTRY;

typedef union DECLSPEC_ALIGN(16) _SLIST_HEADER {
    ULONGLONG Words[2];
    struct {
        ULONGLONG Depth : 16;
        ULONGLONG Sequence : 48;
        PSLIST_ENTRY Next;
    };
} SLIST_HEADER, *PSLIST_HEADER;
#else
typedef struct _SLIST_ENTRY {
    struct _SLIST_ENTRY *Next;
} SLIST_ENTRY, *PSLIST_ENTRY;

typedef union DECLSPEC_ALIGN(8) _SLIST_HEADER {
    ULONGLONG Whole;
    struct {
        PSLIST_ENTRY Next;
        USHORT Depth;
        USHORT Sequence;
    };
} SLIST_HEADER, *PSLIST_HEADER;
#endif

void NTAPI RtlInitializeSListHead(PSLIST_HEADER Head);
USHORT NTAPI RtlQueryDepthSList(PSLIST_HEADER Head);
PSLIST_ENTRY NTAPI RtlFirstEntrySList(const SLIST_HEADER *Head);
/* They return what was the first entry. */
PSLIST_ENTRY NTAPI RtlInterlockedPushEntrySList(PSLIST_HEADER Head, PSLIST_ENTRY Entry);
PSLIST_ENTRY NTAPI RtlInterlockedPopEntrySList(PSLIST_HEADER Head);
PSLIST_ENTRY NTAPI RtlInterlockedFlushSList(PSLIST_HEADER Head);
PSLIST_ENTRY FASTCALL RtlInterlockedPushListSList(PSLIST_HEADER Head, PSLIST_ENTRY First,
                                                  PSLIST_ENTRY Last, ULONG Count);
PSLIST_ENTRY NTAPI RtlInterlockedPushListSListEx(PSLIST_HEADER Head, PSLIST_ENTRY First,
                                                 PSLIST_ENTRY Last, ULONG Count);

/*
 * A message with its inserts put in (ntdll/rtl/formatmessage.c). Sizes are bytes; *ReturnedBytes
 * counts the terminator. STATUS_BUFFER_OVERFLOW, STATUS_INVALID_PARAMETER (Win32: FormatMessage)
 */
NTSTATUS NTAPI RtlFormatMessage(PCWSTR MessageFormat, ULONG MaximumWidth, BOOLEAN IgnoreInserts,
                                BOOLEAN ArgumentsAreAnsi, BOOLEAN ArgumentsAreAnArray,
                                va_list *Arguments, PWSTR Buffer, ULONG Length,
                                PULONG ReturnedBytes);

/*
 * Languages of user interfaces (ntdll/rtl/languages.c): lists of names (en-US) or, with
 * MUI_LANGUAGE_ID, numbers (0409) of four hexadecimal digits; each ends with a NUL, the list with
 * another. Numbers are those of locale.nls; a language without one is told as 1000. Sizes are
 * characters. STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_PARAMETER (Win32:
 * GetThreadPreferredUILanguages and its family)
 */
#define MUI_LANGUAGE_ID 0x04
#define MUI_LANGUAGE_NAME 0x08
#define MUI_MERGE_SYSTEM_FALLBACK 0x10
#define MUI_MERGE_USER_FALLBACK 0x20
#define MUI_UI_FALLBACK (MUI_MERGE_SYSTEM_FALLBACK | MUI_MERGE_USER_FALLBACK)
#define MUI_THREAD_LANGUAGES 0x40
#define MUI_MACHINE_LANGUAGE_SETTINGS 0x400

NTSTATUS NTAPI RtlGetProcessPreferredUILanguages(ULONG Flags, PULONG Count, PWSTR Buffer,
                                                 PULONG Size);
NTSTATUS NTAPI RtlGetSystemPreferredUILanguages(ULONG Flags, ULONG Reserved, PULONG Count,
                                                PWSTR Buffer, PULONG Size);
NTSTATUS NTAPI RtlGetThreadPreferredUILanguages(ULONG Flags, PULONG Count, PWSTR Buffer,
                                                PULONG Size);
NTSTATUS NTAPI RtlGetUserPreferredUILanguages(ULONG Flags, ULONG Reserved, PULONG Count,
                                              PWSTR Buffer, PULONG Size);
/* At most five; *Count receives how many were taken. NULL takes them away. */
NTSTATUS NTAPI RtlSetProcessPreferredUILanguages(ULONG Flags, PCWSTR Languages, PULONG Count);
NTSTATUS NTAPI RtlSetThreadPreferredUILanguages(ULONG Flags, PCWSTR Languages, PULONG Count);
