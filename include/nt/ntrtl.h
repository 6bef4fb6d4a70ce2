/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime library: what rtl/ offers on every side, and behind that what only ntdll has. (WDK:
 * ntddk.h, ntifs.h) */
#pragma once

#include <nt/ntcrt.h>
#include <nt/ntps.h>
#include <nt/ntke.h>
#include <nt/ntimage.h>

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

NTSTATUS NTAPI RtlAppendStringToString(PSTRING Destination, const STRING *Source);
NTSTATUS NTAPI RtlAppendAsciizToString(PSTRING Destination, PCSTR Source);

/* Less than, equal to or greater than zero. */
LONG NTAPI RtlCompareUnicodeString(PCUNICODE_STRING First, PCUNICODE_STRING Second,
                                   BOOLEAN CaseInsensitive);
LONG NTAPI RtlCompareString(const STRING *First, const STRING *Second, BOOLEAN CaseInsensitive);
/* Of counted characters, not bytes. */
LONG NTAPI RtlCompareUnicodeStrings(PCWCH First, SIZE_T FirstLength, PCWCH Second,
                                    SIZE_T SecondLength, BOOLEAN CaseInsensitive);
BOOLEAN NTAPI RtlEqualUnicodeString(PCUNICODE_STRING First, PCUNICODE_STRING Second,
                                    BOOLEAN CaseInsensitive);
BOOLEAN NTAPI RtlEqualString(const STRING *First, const STRING *Second, BOOLEAN CaseInsensitive);
BOOLEAN NTAPI RtlPrefixString(const STRING *Prefix, const STRING *String, BOOLEAN CaseInsensitive);
BOOLEAN NTAPI RtlPrefixUnicodeString(PCUNICODE_STRING Prefix, PCUNICODE_STRING String,
                                     BOOLEAN CaseInsensitive);

/* "{6d36e9b0-...}", nothing before or behind it. (rtl/guid.c) STATUS_INVALID_PARAMETER */
NTSTATUS NTAPI RtlGUIDFromString(PCUNICODE_STRING String, PGUID Guid);

WCHAR NTAPI RtlUpcaseUnicodeChar(WCHAR Character);
WCHAR NTAPI RtlDowncaseUnicodeChar(WCHAR Character);
CHAR NTAPI RtlUpperChar(CHAR Character);

/* HASH_STRING_ALGORITHM_X65599 (1) or its default (0). STATUS_INVALID_PARAMETER for another. */
NTSTATUS NTAPI RtlHashUnicodeString(PCUNICODE_STRING String, BOOLEAN CaseInsensitive,
                                    ULONG Algorithm, PULONG HashValue);

/* The value of a digit, of base 36 at most; 99 for another character. */
ULONG RtlpDigitValue(WCHAR Character);

/* Base 0 takes the prefixes 0x, 0o, 0b. STATUS_INVALID_PARAMETER unless it is 0, 2, 8, 10 or 16. */
NTSTATUS NTAPI RtlUnicodeStringToInteger(PCUNICODE_STRING String, ULONG Base, PULONG Value);
NTSTATUS NTAPI RtlCharToInteger(PCSTR String, ULONG Base, PULONG Value);
NTSTATUS NTAPI RtlInt64ToUnicodeString(ULONGLONG Value, ULONG Base, PUNICODE_STRING String);
NTSTATUS NTAPI RtlIntegerToChar(ULONG Value, ULONG Base, LONG Length, PCHAR String);
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
/* NULL: Node is the root. */
PRTL_BALANCED_NODE NTAPI RtlAvlParentNode(PRTL_BALANCED_NODE Node);

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

/* Win32's number for a status (rtl/doserror.c); 317, "no such message", if there is none. */
ULONG NTAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS Status);

/* The CRC of zip; Initial is what the data before left, or 0. */
ULONG NTAPI RtlComputeCrc32(ULONG Initial, const void *Data, ULONG Length);
/* The next number below 7fffffff. Not for secrets. */
ULONG NTAPI RtlUniform(PULONG Seed);
ULONG NTAPI RtlRandom(PULONG Seed);
ULONG NTAPI RtlRandomEx(PULONG Seed);

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
#define HEAP_SETTABLE_USER_VALUE 0x00000100
#define HEAP_SETTABLE_USER_FLAG1 0x00000200
#define HEAP_SETTABLE_USER_FLAG2 0x00000400
#define HEAP_SETTABLE_USER_FLAG3 0x00000800
#define HEAP_CREATE_ALIGN_16 0x00010000 /* all blocks are */
#define HEAP_CREATE_ENABLE_EXECUTE 0x00040000
#define HEAP_MAXIMUM_TAG 0x0fff
#define HEAP_TAG_SHIFT 18 /* in the flags of a call */
#define HEAP_TAG_MASK (HEAP_MAXIMUM_TAG << HEAP_TAG_SHIFT)

#define RtlProcessHeap() (NtCurrentPeb()->ProcessHeap)

/* Commits more of the memory that the heap at Base is in. The address is the one behind what is
 * committed; *CommitSize may become another multiple of pages. */
typedef NTSTATUS(NTAPI *PRTL_HEAP_COMMIT_ROUTINE)(PVOID Base, PVOID *CommitAddress,
                                                  PSIZE_T CommitSize);

/* (WDK: ntifs.h) Zeros stand for the usual. */
typedef struct _RTL_HEAP_PARAMETERS {
    ULONG Length; /* of this structure; one of another length is not looked at */
    SIZE_T SegmentReserve;
    SIZE_T SegmentCommit;
    SIZE_T DeCommitFreeBlockThreshold;
    SIZE_T DeCommitTotalFreeThreshold;
    SIZE_T MaximumAllocationSize;
    SIZE_T VirtualMemoryThreshold;
    SIZE_T InitialCommit;
    SIZE_T InitialReserve;
    PRTL_HEAP_COMMIT_ROUTINE CommitRoutine;
    SIZE_T Reserved[2];
} RTL_HEAP_PARAMETERS, *PRTL_HEAP_PARAMETERS;

/* In the caller's memory (Base), with the caller's lock, a critical section. NULL: out of memory,
 * or arguments that do not go together. */
PVOID NTAPI RtlCreateHeap(ULONG Flags, PVOID Base, SIZE_T ReserveSize, SIZE_T CommitSize,
                          PVOID Lock, PRTL_HEAP_PARAMETERS Parameters);
PVOID NTAPI RtlDestroyHeap(PVOID Heap); /* NULL: done; else the heap */
PVOID NTAPI RtlAllocateHeap(PVOID Heap, ULONG Flags, SIZE_T Size);
BOOLEAN NTAPI RtlFreeHeap(PVOID Heap, ULONG Flags, PVOID Block);
PVOID NTAPI RtlReAllocateHeap(PVOID Heap, ULONG Flags, PVOID Block, SIZE_T Size);
SIZE_T NTAPI RtlSizeHeap(PVOID Heap, ULONG Flags, PVOID Block); /* MAXULONG_PTR: no such block */
BOOLEAN NTAPI RtlValidateHeap(PVOID Heap, ULONG Flags, PVOID Block);
BOOLEAN NTAPI RtlValidateProcessHeaps(void);
BOOLEAN NTAPI RtlLockHeap(PVOID Heap);
BOOLEAN NTAPI RtlUnlockHeap(PVOID Heap);
SIZE_T NTAPI RtlCompactHeap(PVOID Heap, ULONG Flags);
NTSTATUS NTAPI RtlZeroHeap(PVOID Heap, ULONG Flags);
void NTAPI RtlProtectHeap(PVOID Heap, BOOLEAN ReadOnly);
ULONG NTAPI RtlGetProcessHeaps(ULONG Count, PVOID *Heaps);
typedef NTSTATUS(NTAPI *PRTL_ENUM_HEAPS_ROUTINE)(PVOID Heap, PVOID Context);
NTSTATUS NTAPI RtlEnumProcessHeaps(PRTL_ENUM_HEAPS_ROUTINE Routine, PVOID Context);
BOOLEAN NTAPI RtlSetUserValueHeap(PVOID Heap, ULONG Flags, PVOID Block, PVOID UserValue);
BOOLEAN NTAPI RtlSetUserFlagsHeap(PVOID Heap, ULONG Flags, PVOID Block, ULONG Reset, ULONG Set);
BOOLEAN NTAPI RtlGetUserInfoHeap(PVOID Heap, ULONG Flags, PVOID Block, PVOID *UserValue,
                                 PULONG UserFlags);
ULONG NTAPI RtlMultipleAllocateHeap(PVOID Heap, ULONG Flags, SIZE_T Size, ULONG Count,
                                    PVOID *Blocks);
ULONG NTAPI RtlMultipleFreeHeap(PVOID Heap, ULONG Flags, ULONG Count, PVOID *Blocks);
/* Tags count what is allocated with them. Names is a list of strings that an empty one ends; they
 * go behind Prefix. The result, the first name's index << HEAP_TAG_SHIFT, is for the flags of
 * calls; the others follow. 0: none were made; so it is where NtGlobalFlag lacks
 * FLG_HEAP_ENABLE_TAGGING. */
#define FLG_HEAP_ENABLE_TAGGING 0x00000800
typedef struct _RTL_HEAP_TAG_INFO {
    ULONG NumberOfAllocations;
    ULONG NumberOfFrees;
    SIZE_T BytesAllocated; /* headers included */
} RTL_HEAP_TAG_INFO, *PRTL_HEAP_TAG_INFO;

ULONG NTAPI RtlCreateTagHeap(PVOID Heap, ULONG Flags, PCWSTR Prefix, PCWSTR Names);
/* The tag's name; NULL: there is no such tag. Reset: the two numbers become 0 afterwards. */
PWSTR NTAPI RtlQueryTagHeap(PVOID Heap, ULONG Flags, USHORT TagIndex, BOOLEAN Reset,
                            PRTL_HEAP_TAG_INFO Counters);

typedef enum _HEAP_INFORMATION_CLASS {
    HeapCompatibilityInformation,
    HeapEnableTerminationOnCorruption,
    HeapOptimizeResources = 3,
} HEAP_INFORMATION_CLASS;

#define HEAP_COMPATIBILITY_STANDARD 0
#define HEAP_COMPATIBILITY_LFH 2

typedef struct _HEAP_OPTIMIZE_RESOURCES_INFORMATION {
    ULONG Version;
    ULONG Flags;
} HEAP_OPTIMIZE_RESOURCES_INFORMATION;

NTSTATUS NTAPI RtlSetHeapInformation(PVOID Heap, HEAP_INFORMATION_CLASS Class, PVOID Information,
                                     SIZE_T Length);
NTSTATUS NTAPI RtlQueryHeapInformation(PVOID Heap, HEAP_INFORMATION_CLASS Class, PVOID Information,
                                       SIZE_T Length, PSIZE_T ReturnLength);

#define RTL_HEAP_ENTRY_BUSY 0x0001
#define RTL_HEAP_ENTRY_REGION 0x0002
#define RTL_HEAP_ENTRY_UNCOMMITTED 0x1000
#define RTL_HEAP_ENTRY_COMMITTED 0x4000

typedef struct _RTL_HEAP_WALK_ENTRY {
    PVOID DataAddress; /* NULL: the walk begins */
    SIZE_T DataSize;
    UCHAR OverheadBytes;
    UCHAR SegmentIndex;
    USHORT Flags; /* RTL_HEAP_ENTRY_xxx */
    union {
        struct {
            SIZE_T Settable;
            USHORT TagIndex;
            USHORT AllocatorBackTraceIndex;
            ULONG Reserved[2];
        } Block;
        struct {
            ULONG CommittedSize;
            ULONG UnCommittedSize;
            PVOID FirstEntry;
            PVOID LastEntry;
        } Segment;
    };
} RTL_HEAP_WALK_ENTRY, *PRTL_HEAP_WALK_ENTRY;

NTSTATUS NTAPI RtlWalkHeap(PVOID Heap, PRTL_HEAP_WALK_ENTRY Entry);

typedef struct _RTL_HEAP_USAGE {
    ULONG Length; /* of this structure */
    SIZE_T BytesAllocated;
    SIZE_T BytesCommitted;
    SIZE_T BytesReserved;
    SIZE_T BytesReservedMaximum;
    PVOID Entries;
    PVOID AddedEntries;
    PVOID RemovedEntries;
    ULONG_PTR Reserved[8];
} RTL_HEAP_USAGE, *PRTL_HEAP_USAGE;

NTSTATUS NTAPI RtlUsageHeap(PVOID Heap, ULONG Flags, PRTL_HEAP_USAGE Usage);

typedef struct _INITIAL_TEB {
    struct {
        PVOID OldStackBase;
        PVOID OldStackLimit;
    } OldInitialTeb;
    PVOID StackBase;
    PVOID StackLimit;
    PVOID StackAllocationBase;
} INITIAL_TEB, *PINITIAL_TEB;

typedef NTSTATUS(NTAPI *PRTL_SECURE_MEMORY_CACHE_CALLBACK)(PVOID Address, SIZE_T Size);

NTSTATUS NTAPI RtlCreateUserStack(SIZE_T CommittedStackSize, SIZE_T MaximumStackSize,
                                  ULONG_PTR ZeroBits, SIZE_T PageSize, ULONG_PTR ReserveAlignment,
                                  PINITIAL_TEB InitialTeb);
void NTAPI RtlFreeUserStack(PVOID AllocationBase);
NTSTATUS NTAPI RtlRegisterSecureMemoryCacheCallback(PRTL_SECURE_MEMORY_CACHE_CALLBACK Callback);
NTSTATUS NTAPI RtlDeregisterSecureMemoryCacheCallback(PRTL_SECURE_MEMORY_CACHE_CALLBACK Callback);
BOOLEAN NTAPI RtlFlushSecureMemoryCache(PVOID Address, SIZE_T Size);

#define RTL_CRITICAL_SECTION_FLAG_NO_DEBUG_INFO 0x01000000
#define RTL_CRITICAL_SECTION_FLAG_DYNAMIC_SPIN 0x02000000
#define RTL_CRITICAL_SECTION_FLAG_STATIC_INIT 0x04000000
#define RTL_CRITICAL_SECTION_FLAG_RESOURCE_TYPE 0x08000000
#define RTL_CRITICAL_SECTION_FLAG_FORCE_DEBUG_INFO 0x10000000
#define RTL_CRITICAL_SECTION_ALL_FLAG_BITS 0x1f000000u

NTSTATUS NTAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);
NTSTATUS NTAPI RtlInitializeCriticalSectionAndSpinCount(PRTL_CRITICAL_SECTION CriticalSection,
                                                        ULONG SpinCount);
/* STATUS_INVALID_PARAMETER_2 (SpinCount), STATUS_INVALID_PARAMETER_3 (Flags), STATUS_NO_MEMORY. */
NTSTATUS NTAPI RtlInitializeCriticalSectionEx(PRTL_CRITICAL_SECTION CriticalSection,
                                              ULONG SpinCount, ULONG Flags);
ULONG NTAPI RtlSetCriticalSectionSpinCount(PRTL_CRITICAL_SECTION CriticalSection, ULONG SpinCount);
NTSTATUS NTAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);
NTSTATUS NTAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);
LOGICAL NTAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);
NTSTATUS NTAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION CriticalSection);

/*
 * Waits while the value at Address, of 1, 2, 4 or 8 bytes, is what lies at CompareAddress, until
 * somebody wakes it; it may also return without that. STATUS_TIMEOUT, STATUS_INVALID_PARAMETER.
 */
NTSTATUS NTAPI RtlWaitOnAddress(const volatile void *Address, const void *CompareAddress,
                                SIZE_T AddressSize, const LARGE_INTEGER *Timeout);
void NTAPI RtlWakeAddressSingle(const void *Address);
void NTAPI RtlWakeAddressAll(const void *Address);

typedef struct _RTL_SRWLOCK {
    PVOID Ptr; /* NULL: free */
} RTL_SRWLOCK, *PRTL_SRWLOCK;

void NTAPI RtlInitializeSRWLock(PRTL_SRWLOCK SRWLock);
void NTAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK SRWLock);
void NTAPI RtlAcquireSRWLockShared(PRTL_SRWLOCK SRWLock);
void NTAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK SRWLock);
void NTAPI RtlReleaseSRWLockShared(PRTL_SRWLOCK SRWLock);
BOOLEAN NTAPI RtlTryAcquireSRWLockExclusive(PRTL_SRWLOCK SRWLock);
BOOLEAN NTAPI RtlTryAcquireSRWLockShared(PRTL_SRWLOCK SRWLock);

typedef struct _RTL_CONDITION_VARIABLE {
    PVOID Ptr;
} RTL_CONDITION_VARIABLE, *PRTL_CONDITION_VARIABLE;

#define RTL_CONDITION_VARIABLE_LOCKMODE_SHARED 0x1

void NTAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE ConditionVariable);
void NTAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE ConditionVariable);
void NTAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE ConditionVariable);
/* The lock is left, and entered again when it returns: STATUS_SUCCESS, perhaps without a waking, or
 * STATUS_TIMEOUT. */
NTSTATUS NTAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE ConditionVariable,
                                           PRTL_CRITICAL_SECTION CriticalSection,
                                           const LARGE_INTEGER *Timeout);
NTSTATUS NTAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE ConditionVariable,
                                            PRTL_SRWLOCK SRWLock, const LARGE_INTEGER *Timeout,
                                            ULONG Flags);

typedef struct _RTL_RUN_ONCE {
    PVOID Ptr;
} RTL_RUN_ONCE, *PRTL_RUN_ONCE;

#define RTL_RUN_ONCE_CHECK_ONLY 0x1
#define RTL_RUN_ONCE_ASYNC 0x2
#define RTL_RUN_ONCE_INIT_FAILED 0x4

typedef ULONG(NTAPI *PRTL_RUN_ONCE_INIT_FN)(PRTL_RUN_ONCE RunOnce, PVOID Parameter,
                                            PVOID *Context); /* 0: it has failed */

void NTAPI RtlRunOnceInitialize(PRTL_RUN_ONCE RunOnce);
/* STATUS_PENDING: the caller is to initialise. STATUS_UNSUCCESSFUL (CHECK_ONLY: it has not been
 * done), STATUS_INVALID_PARAMETER. */
NTSTATUS NTAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE RunOnce, ULONG Flags, PVOID *Context);
/* STATUS_UNSUCCESSFUL: nothing was begun, or another has won. The two low bits of Context are 0. */
NTSTATUS NTAPI RtlRunOnceComplete(PRTL_RUN_ONCE RunOnce, ULONG Flags, PVOID Context);
/* STATUS_UNSUCCESSFUL: Routine has failed. */
NTSTATUS NTAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE RunOnce, PRTL_RUN_ONCE_INIT_FN Routine,
                                     PVOID Parameter, PVOID *Context);

/* Strings on the process heap. STATUS_NO_MEMORY, STATUS_BUFFER_OVERFLOW where Allocate is FALSE and
 * it does not fit, STATUS_INVALID_PARAMETER_2 where no counted string could hold it. */
BOOLEAN NTAPI RtlCreateUnicodeString(PUNICODE_STRING Destination, PCWSTR Source);
BOOLEAN NTAPI RtlCreateUnicodeStringFromAsciiz(PUNICODE_STRING Destination, PCSTR Source);
void NTAPI RtlFreeUnicodeString(PUNICODE_STRING String);
void NTAPI RtlFreeAnsiString(PANSI_STRING String);
#define RTL_DUPLICATE_UNICODE_STRING_NULL_TERMINATE 1
#define RTL_DUPLICATE_UNICODE_STRING_ALLOCATE_NULL_STRING 2
NTSTATUS NTAPI RtlDuplicateUnicodeString(ULONG Flags, PCUNICODE_STRING Source,
                                         PUNICODE_STRING Destination);
NTSTATUS NTAPI RtlStringFromGUID(const GUID *Guid, PUNICODE_STRING String);
NTSTATUS NTAPI RtlUpcaseUnicodeString(PUNICODE_STRING Destination, PCUNICODE_STRING Source,
                                      BOOLEAN Allocate);
NTSTATUS NTAPI RtlAnsiStringToUnicodeString(PUNICODE_STRING Destination, const ANSI_STRING *Source,
                                            BOOLEAN Allocate);
NTSTATUS NTAPI RtlUnicodeStringToAnsiString(PANSI_STRING Destination, PCUNICODE_STRING Source,
                                            BOOLEAN Allocate);
NTSTATUS NTAPI RtlOemStringToUnicodeString(PUNICODE_STRING Destination, const STRING *Source,
                                           BOOLEAN Allocate);
NTSTATUS NTAPI RtlUnicodeStringToOemString(POEM_STRING Destination, PCUNICODE_STRING Source,
                                           BOOLEAN Allocate);
/* Bytes, with the terminator. */
ULONG NTAPI RtlUnicodeStringToAnsiSize(PCUNICODE_STRING String);
ULONG NTAPI RtlUnicodeStringToOemSize(PCUNICODE_STRING String);

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
                                    HANDLE Token, PRTL_USER_PROCESS_INFORMATION ProcessInformation);
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
/* Of an image that is mapped as a file: where its bytes at an RVA are. NULL: in no section. */
struct _IMAGE_SECTION_HEADER *NTAPI RtlImageRvaToSection(PIMAGE_NT_HEADERS Headers, PVOID Base,
                                                         ULONG Rva);
PVOID NTAPI RtlImageRvaToVa(PIMAGE_NT_HEADERS Headers, PVOID Base, ULONG Rva,
                            struct _IMAGE_SECTION_HEADER **Section);
/* The image of this process that an address is in. */
PVOID NTAPI RtlPcToFileHeader(PVOID Address, PVOID *BaseOfImage);
