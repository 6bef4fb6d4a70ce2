/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime library: what rtl/ offers on every side, and behind that what only ntdll has. (WDK:
 * ntddk.h, ntifs.h) */
#pragma once

#include <nt/ntcrt.h>
#include <nt/ntps.h>
#include <nt/ntke.h>

/* Memory (rtl/memory.c) */
#define RtlCopyMemory(to, from, length) memcpy(to, from, length)
#define RtlMoveMemory(to, from, length) memmove(to, from, length)
#define RtlFillMemory(to, length, value) memset(to, value, length)
#define RtlZeroMemory(to, length) memset(to, 0, length)
#define RtlEqualMemory(first, second, length) (memcmp(first, second, length) == 0)

/* The number of leading bytes that are equal. */
SIZE_T NTAPI RtlCompareMemory(const void *First, const void *Second, SIZE_T Length);

/* Counted strings (rtl/string.c). A source that is too long for a counted string is cut off at
 * 0xfffc bytes. */
void NTAPI RtlInitUnicodeString(PUNICODE_STRING Destination, PCWSTR Source);
void NTAPI RtlInitAnsiString(PANSI_STRING Destination, PCSTR Source);
void NTAPI RtlInitString(PSTRING Destination, PCSTR Source);
NTSTATUS NTAPI RtlInitUnicodeStringEx(PUNICODE_STRING Destination,
                                      PCWSTR Source); /* STATUS_NAME_TOO_LONG */

/* Copies what fits; a terminator too if there is room. */
void NTAPI RtlCopyUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);
void NTAPI RtlCopyString(PSTRING Destination, const STRING *Source);

/* STATUS_BUFFER_TOO_SMALL leaves Destination as it was. */
NTSTATUS NTAPI RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source);
NTSTATUS NTAPI RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source);

/* Less than, equal to or greater than zero. */
LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING First, PCUNICODE_STRING Second,
                                   BOOLEAN CaseInsensitive);
LONG NTAPI RtlCompareString(const STRING *First, const STRING *Second, BOOLEAN CaseInsensitive);
BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING First, PCUNICODE_STRING Second,
                                    BOOLEAN CaseInsensitive);
BOOLEAN NTAPI RtlEqualString(const STRING *First, const STRING *Second, BOOLEAN CaseInsensitive);
BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING Prefix, PCUNICODE_STRING String,
                                     BOOLEAN CaseInsensitive);

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR Character);
WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR Character);
CHAR NTAPI RtlUpperChar(CHAR Character);

/* HASH_STRING_ALGORITHM_X65599 (1) or its default (0). STATUS_INVALID_PARAMETER for another. */
NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN CaseInsensitive,
                                    ULONG Algorithm, PULONG HashValue);

/* Base 0 takes the prefixes 0x, 0o, 0b. STATUS_INVALID_PARAMETER for another than 0, 2, 8, 10, 16.
 */
NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value);
NTSTATUS NTAPI RtlIntegerToUnicodeString(ULONG Value, ULONG Base, PUNICODE_STRING String);

/* Encodings (rtl/utf.c). Sizes are bytes; STATUS_BUFFER_TOO_SMALL, STATUS_SOME_NOT_MAPPED (a
 * success code). */
NTSTATUS NTAPI RtlUTF8ToUnicodeN(PWSTR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                 PCCH Source, ULONG SourceBytes);
NTSTATUS NTAPI RtlUnicodeToUTF8N(PCHAR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                 PCWCH Source, ULONG SourceBytes);

/* The OEM code page is 437, the ANSI code page 1252; a character that it lacks becomes '?'. They
 * cut off silently. */
NTSTATUS NTAPI RtlUnicodeToOemN(PCHAR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                PCWCH Source, ULONG SourceBytes);
NTSTATUS NTAPI RtlOemToUnicodeN(PWSTR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                PCCH Source, ULONG SourceBytes);
NTSTATUS NTAPI RtlUnicodeToMultiByteN(PCHAR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                      PCWCH Source, ULONG SourceBytes);
NTSTATUS NTAPI RtlMultiByteToUnicodeN(PWSTR Destination, ULONG MaximumBytes, PULONG ActualBytes,
                                      PCCH Source, ULONG SourceBytes);

/* Bitmaps (rtl/bitmap.c). Positions and counts are bits; -1 (MAXULONG) means not found. */
void NTAPI RtlInitializeBitMap(PRTL_BITMAP BitMap, PULONG Buffer, ULONG SizeOfBitMap);
void NTAPI RtlClearAllBits(PRTL_BITMAP BitMap);
void NTAPI RtlSetAllBits(PRTL_BITMAP BitMap);
void NTAPI RtlSetBits(PRTL_BITMAP BitMap, ULONG Start, ULONG Count);
void NTAPI RtlClearBits(PRTL_BITMAP BitMap, ULONG Start, ULONG Count);
BOOLEAN NTAPI RtlTestBit(const RTL_BITMAP *BitMap, ULONG Position);
BOOLEAN NTAPI RtlAreBitsClear(const RTL_BITMAP *BitMap, ULONG Start, ULONG Count);
BOOLEAN NTAPI RtlAreBitsSet(const RTL_BITMAP *BitMap, ULONG Start, ULONG Count);
ULONG NTAPI RtlNumberOfSetBits(const RTL_BITMAP *BitMap);
ULONG NTAPI RtlFindClearBits(const RTL_BITMAP *BitMap, ULONG Count, ULONG Hint);
ULONG NTAPI RtlFindSetBits(const RTL_BITMAP *BitMap, ULONG Count, ULONG Hint);
ULONG NTAPI RtlFindClearBitsAndSet(PRTL_BITMAP BitMap, ULONG Count, ULONG Hint);
ULONG NTAPI RtlFindSetBitsAndClear(PRTL_BITMAP BitMap, ULONG Count, ULONG Hint);

/*
 * Balanced trees (rtl/tree.c): AVL, intrusive. The caller walks down from Root to find the place of
 * a new node, and names its parent (NULL for the first) and side. Nothing is allocated.
 */
typedef struct _RTL_AVL_TREE {
    PRTL_BALANCED_NODE Root;
} RTL_AVL_TREE, *PRTL_AVL_TREE;

void NTAPI RtlAvlInsertNodeEx(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Parent, BOOLEAN Right,
                              PRTL_BALANCED_NODE Node);
void NTAPI RtlAvlRemoveNode(PRTL_AVL_TREE Tree, PRTL_BALANCED_NODE Node);
/* In order; NULL at the end. */
PRTL_BALANCED_NODE NTAPI RtlAvlFirstNode(const RTL_AVL_TREE *Tree);
PRTL_BALANCED_NODE NTAPI RtlAvlLastNode(const RTL_AVL_TREE *Tree);
PRTL_BALANCED_NODE NTAPI RtlAvlNextNode(PRTL_BALANCED_NODE Node);
PRTL_BALANCED_NODE NTAPI RtlAvlPreviousNode(PRTL_BALANCED_NODE Node);

/* Time (rtl/time.c). System times count 100 ns since 1601-01-01 00:00 UTC. */
typedef struct _TIME_FIELDS {
    CSHORT Year; /* 1601 .. 30827 */
    CSHORT Month;
    CSHORT Day;
    CSHORT Hour;
    CSHORT Minute;
    CSHORT Second;
    CSHORT Milliseconds;
    CSHORT Weekday; /* 0: Sunday */
} TIME_FIELDS, *PTIME_FIELDS;

void NTAPI RtlTimeToTimeFields(const LARGE_INTEGER *Time, PTIME_FIELDS TimeFields);
BOOLEAN NTAPI RtlTimeFieldsToTime(const TIME_FIELDS *TimeFields,
                                  PLARGE_INTEGER Time); /* FALSE: no such date */
void NTAPI RtlSecondsSince1970ToTime(ULONG Seconds, PLARGE_INTEGER Time);
BOOLEAN NTAPI RtlTimeToSecondsSince1970(const LARGE_INTEGER *Time, PULONG Seconds);

/*
 * The formatter under all of them (rtl/print.c): hands each piece of output to Put. Format is char
 * or WCHAR by WideFormat. Returns the number of characters.
 */
typedef struct _RTL_PRINT_SINK {
    void (*Put)(struct _RTL_PRINT_SINK *Sink, WCHAR Character);
} RTL_PRINT_SINK, *PRTL_PRINT_SINK;

int RtlpFormat(PRTL_PRINT_SINK Sink, const void *Format, BOOLEAN WideFormat, va_list Arguments);

/*
 * ---- ntdll.dll only ----
 */
#define HEAP_NO_SERIALIZE 0x00000001
#define HEAP_GROWABLE 0x00000002
#define HEAP_GENERATE_EXCEPTIONS 0x00000004
#define HEAP_ZERO_MEMORY 0x00000008
#define HEAP_REALLOC_IN_PLACE_ONLY 0x00000010

#define RtlProcessHeap() (NtCurrentPeb()->ProcessHeap)

/* NULL: out of memory. Base, Lock and Parameters must be NULL. */
PVOID NTAPI RtlCreateHeap(ULONG Flags, PVOID Base, SIZE_T ReserveSize, SIZE_T CommitSize,
                          PVOID Lock, PVOID Parameters);
PVOID NTAPI RtlDestroyHeap(PVOID Heap); /* NULL: done; else the heap */
PVOID NTAPI RtlAllocateHeap(PVOID Heap, ULONG Flags, SIZE_T Size);
BOOLEAN NTAPI RtlFreeHeap(PVOID Heap, ULONG Flags, PVOID Block);
PVOID NTAPI RtlReAllocateHeap(PVOID Heap, ULONG Flags, PVOID Block, SIZE_T Size);
SIZE_T NTAPI RtlSizeHeap(PVOID Heap, ULONG Flags, PVOID Block); /* MAXULONG_PTR: no such block */
BOOLEAN NTAPI RtlValidateHeap(PVOID Heap, ULONG Flags, PVOID Block);

NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);
NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);
NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);
LOGICAL NTAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);
NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);

/* Strings on the process heap. STATUS_NO_MEMORY, STATUS_BUFFER_OVERFLOW where Allocate is FALSE and
 * it does not fit. */
BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING Destination, PCWSTR Source);
void NTAPI RtlFreeUnicodeString(PUNICODE_STRING String);
void NTAPI RtlFreeAnsiString(PANSI_STRING String);
NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING Destination, const ANSI_STRING *Source,
                                            BOOLEAN Allocate);
NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING Destination, PCUNICODE_STRING Source,
                                            BOOLEAN Allocate);

/* Process parameters: one block on the process heap, freed by RtlDestroyProcessParameters. Paths
 * are NT paths. */
NTSTATUS NTAPI RtlCreateProcessParametersEx(
    PRTL_USER_PROCESS_PARAMETERS *ProcessParameters, PCUNICODE_STRING ImagePathName,
    PCUNICODE_STRING DllPath, PCUNICODE_STRING CurrentDirectory, PCUNICODE_STRING CommandLine,
    PVOID Environment, PCUNICODE_STRING WindowTitle, PCUNICODE_STRING DesktopInfo,
    PCUNICODE_STRING ShellInfo, PCUNICODE_STRING RuntimeData, ULONG Flags);
NTSTATUS NTAPI RtlDestroyProcessParameters(PRTL_USER_PROCESS_PARAMETERS ProcessParameters);
PRTL_USER_PROCESS_PARAMETERS NTAPI
RtlNormalizeProcessParams(PRTL_USER_PROCESS_PARAMETERS ProcessParameters);
PRTL_USER_PROCESS_PARAMETERS NTAPI
RtlDeNormalizeProcessParams(PRTL_USER_PROCESS_PARAMETERS ProcessParameters);

typedef struct _RTL_USER_PROCESS_INFORMATION {
    ULONG Length;
    HANDLE ProcessHandle;
    HANDLE ThreadHandle;
    CLIENT_ID ClientId;
    SECTION_IMAGE_INFORMATION ImageInformation;
} RTL_USER_PROCESS_INFORMATION, *PRTL_USER_PROCESS_INFORMATION;

ASSERT_SIZE64(RTL_USER_PROCESS_INFORMATION, 0x68);
ASSERT_SIZE32(RTL_USER_PROCESS_INFORMATION, 0x44);

/*
 * Makes a process whose first thread is suspended: NtResumeThread starts it, and the caller closes
 * both handles. Returns what NtCreateUserProcess returns.
 */
NTSTATUS NTAPI RtlCreateUserProcess(PCUNICODE_STRING ImagePathName, ULONG ObjectAttributes,
                                    PRTL_USER_PROCESS_PARAMETERS ProcessParameters,
                                    PVOID ProcessSecurityDescriptor, PVOID ThreadSecurityDescriptor,
                                    HANDLE ParentProcess, BOOLEAN InheritHandles, HANDLE DebugPort,
                                    HANDLE ExceptionPort,
                                    PRTL_USER_PROCESS_INFORMATION ProcessInformation);
NTSTATUS NTAPI RtlCreateUserThread(HANDLE Process, PVOID SecurityDescriptor,
                                   BOOLEAN CreateSuspended, ULONG ZeroBits, SIZE_T MaximumStackSize,
                                   SIZE_T CommittedStackSize,
                                   PUSER_THREAD_START_ROUTINE StartAddress, PVOID Parameter,
                                   PHANDLE Thread, PCLIENT_ID ClientId);
DECLSPEC_NORETURN void NTAPI RtlExitUserProcess(NTSTATUS ExitStatus);
DECLSPEC_NORETURN void NTAPI RtlExitUserThread(NTSTATUS ExitStatus);
DECLSPEC_NORETURN void NTAPI RtlUserThreadStart(PUSER_THREAD_START_ROUTINE StartRoutine,
                                                PVOID Argument);

void NTAPI RtlGetNtVersionNumbers(PULONG Major, PULONG Minor, PULONG Build);
PPEB NTAPI RtlGetCurrentPeb(void);

/* The NT headers of a mapped image, or NULL. */
PVOID NTAPI RtlImageNtHeader(PVOID Base);
PVOID NTAPI RtlImageDirectoryEntryToData(PVOID Base, BOOLEAN MappedAsImage, USHORT Directory,
                                         PULONG Size);
