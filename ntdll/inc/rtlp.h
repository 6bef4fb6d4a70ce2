/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of ntdll/rtl share. */
#pragma once

#include <nt/nt.h>

/* What the process ends with, once RtlExitUserProcess has been called. */
extern NTSTATUS RtlpExitStatus;

/* When the process starts, once it has a heap. */
NTSTATUS RtlpInitializeEnvironment(PRTL_USER_PROCESS_PARAMETERS Parameters);

/* The tables that the PEB points to. */
void RtlpInitializeNls(PPEB Peb);
void RtlpInitializeFls(PPEB Peb);
extern RTL_CRITICAL_SECTION RtlpPebLock;
/* languages.c: the name of a language, of up to 84 characters. FALSE: it is not known here. */
BOOLEAN RtlpLanguageName(ULONG Id, PWSTR Buffer);

/* The full form of a path, on the heap, and its last component or NULL. STATUS_OBJECT_NAME_INVALID,
 * STATUS_NAME_TOO_LONG, STATUS_NO_MEMORY */
NTSTATUS RtlpFullPath(PCWSTR Path, PWSTR *FullPath, PWSTR *FilePart);

/* A list of directories as a text that is measured first and made then (searchpath.c). */
typedef struct _RTLP_LIST {
    PWSTR Text;
    SIZE_T Length; /* characters, also of what does not fit a Text of NULL */
} RTLP_LIST, *PRTLP_LIST;

void RtlpAddToList(PRTLP_LIST List, PCWCH Text, SIZE_T Length);

/*
 * Singly linked lists (slist.c of each architecture). The exchange fails, and tells in *Old what is
 * there, if that is not what Old says. The entry that is read may be gone from the address space:
 * whoever dispatches exceptions lets a fault at RtlpSListFault go on at RtlpSListResume.
 */
BOOLEAN RtlpExchangeSListHead(PSLIST_HEADER Head, PSLIST_HEADER Old, const SLIST_HEADER *New);
#define RTLP_SLIST_GONE ((PSLIST_ENTRY)1)
PSLIST_ENTRY RtlpReadSListEntry(PSLIST_ENTRY Entry);
extern const UCHAR RtlpSListFault[] __asm__("RtlpSListFault");
extern const UCHAR RtlpSListResume[] __asm__("RtlpSListResume");

/* A text in form C (1), D (2), KC (5) or KD (6), or as a host name (13), on the heap.
 * STATUS_NO_UNICODE_TRANSLATION: *ResultLength is where there is no character;
 * STATUS_OBJECT_NAME_NOT_FOUND: 13 without the file; STATUS_INVALID_PARAMETER, STATUS_NO_MEMORY */
NTSTATUS RtlpNormalize(ULONG Form, PCWCH Source, ULONG Length, PWSTR *Result, PULONG ResultLength);

/* registry.c: a key below a well-known place. */
NTSTATUS RtlpOpenRegistryPath(ULONG RelativeTo, PCWSTR Path, ACCESS_MASK Access, BOOLEAN Create,
                              PHANDLE Key);

/* At the end of a thread. */
void RtlpFreeThreadLanguages(void);
void RtlpFreeThreadActivations(void);

/* A new object's descriptor on the heap; what is wanted of the token is the caller's to find. */
NTSTATUS RtlpMakeSecurityObject(const RTL_NEW_SECURITY *New, PSECURITY_DESCRIPTOR *Descriptor);

/* Contexts (contextparts.c of each architecture): the fields of each flag, up to one without; how a
 * context is aligned, and how long it is. */
typedef struct _RTLP_CONTEXT_PART {
    ULONG Flag;
    ULONG Offset;
    ULONG Size;
} RTLP_CONTEXT_PART;

extern const RTLP_CONTEXT_PART RtlpContextParts[];
extern const ULONG RtlpContextAlignment;
ULONG RtlpContextLength(ULONG ContextFlags);

DECLSPEC_NORETURN void NTAPI RtlpUserThreadStart(PUSER_THREAD_START_ROUTINE StartRoutine,
                                                 PVOID Argument);

/* address.c: threads that wait for a key, which is the address of what they wait for, or next to
 * it. */
/* As RtlWaitOnAddress. */
NTSTATUS RtlpWaitForKey(ULONG_PTR Key, const volatile void *Address, const void *Compare,
                        SIZE_T Size, const LARGE_INTEGER *Timeout);
/* Wakes the first one, or all; returns how many. If then nobody waits for Key any more, Bit of
 * *Word is cleared (Word may be NULL) before anybody who compares *Word can begin to wait. */
ULONG RtlpWakeKey(ULONG_PTR Key, BOOLEAN All, volatile ULONG_PTR *Word, ULONG_PTR Bit);
/* When the process ends, the other threads are gone: who would wait for them ends it. */
void RtlpCheckShutdown(void);
