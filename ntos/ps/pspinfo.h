/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private to ps: the information classes of processes and threads. Each of the four services has a
 * table of what it knows of each class; information.c checks and copies for all of them.
 */
#pragma once
#include <neptune/missing_classes.def>
#include "psp.h"

/* What a class of fixed size answers or is set to. */
typedef union _PSP_VALUE {
    PROCESS_BASIC_INFORMATION ProcessBasic;
    PROCESS_EXTENDED_BASIC_INFORMATION ExtendedBasic;
    QUOTA_LIMITS_EX Quota;
    IO_COUNTERS IoCounters;
    VM_COUNTERS_EX2 VmCounters;
    KERNEL_USER_TIMES Times;
    POOLED_USAGE_AND_LIMITS Pooled;
    PROCESS_PRIORITY_CLASS PriorityClass;
    PROCESS_HANDLE_COUNT HandleCount;
    SECTION_IMAGE_INFORMATION Image;
    PROCESS_CYCLE_TIME_INFORMATION Cycles;
    PROCESS_UPTIME_INFORMATION Uptime;
    GROUP_AFFINITY GroupAffinity;
    POWER_THROTTLING_STATE Throttling;
    THREAD_BASIC_INFORMATION ThreadBasic;
    THREAD_TEB_INFORMATION TebPart;
    SYSTEM_THREAD_INFORMATION SystemThread;
    PROCESSOR_NUMBER Processor;
    PROCESS_ACCESS_TOKEN AccessToken;
    UNICODE_STRING String;
    LARGE_INTEGER Quad;
    PVOID Address;
    HANDLE Handle;
    ULONG_PTR Word;
    ULONG Long;
    USHORT Short;
    BOOLEAN Flag;
} PSP_VALUE, *PPSP_VALUE;

/* Where the answer to a class of no fixed size goes; Needed is its length. */
typedef struct _PSP_OUTPUT {
    CLIENT(PVOID) Information;
    ULONG Length, Needed;
} PSP_OUTPUT, *PPSP_OUTPUT;

#define PSP_CLASS_LENGTHS 3

typedef struct _PSP_CLASS {
    ACCESS_MASK Access;                /* 0: what the service wants at least */
    USHORT Lengths[PSP_CLASS_LENGTHS]; /* any of these will do; 0: there are no more */
    UCHAR Alignment;                   /* of the client's buffer; 0: a ULONG's */
    BOOLEAN Empty;                     /* the one right length is 0 */
    BOOLEAN InOut;                     /* the value is read before it is asked for */
    BOOLEAN Missing;                   /* Windows has it: STATUS_NOT_IMPLEMENTED */
    NTSTATUS (*Fixed)(PVOID Object, PPSP_VALUE Value, ULONG Length);
    NTSTATUS (*Variable)(PVOID Object, PPSP_OUTPUT Output);
} PSP_CLASS;

typedef struct _PSP_CLASSES {
    POBJECT_TYPE *Type;
    ACCESS_MASK LimitedAccess, FullAccess; /* the second includes the first */
    ULONG Count;
    const PSP_CLASS *Classes;
} PSP_CLASSES;

#define PSP_MISSING(class) [class] = {.Missing = TRUE},

#define PSP_LONG(routine)                                                                          \
    {                                                                                              \
        .Lengths = {sizeof(ULONG)}, .Fixed = (routine)                                             \
    }

/*
 * The order of checks: alignment of the addresses (STATUS_DATATYPE_MISALIGNMENT), the class
 * (STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED), the length (STATUS_INFO_LENGTH_MISMATCH),
 * the addresses themselves (STATUS_ACCESS_VIOLATION), then the handle. ReturnLength receives the
 * length of the answer, or the one that is wanted.
 */
NTSTATUS PspQueryInformation(const PSP_CLASSES *Classes, HANDLE Handle, ULONG Class,
                             CLIENT(PVOID) Information, ULONG Length, CLIENT(PULONG) ReturnLength);
NTSTATUS PspSetInformation(const PSP_CLASSES *Classes, HANDLE Handle, ULONG Class,
                           CLIENT(PVOID) Information, ULONG Length);

/* A UNICODE_STRING with its characters and a NUL behind it. Before: STATUS_INFO_LENGTH_MISMATCH. */
NTSTATUS PspReturnString(PPSP_OUTPUT Output, PCUNICODE_STRING String);

/* process_classes.c, process_names.c, thread_classes.c: what other files answer */
NTSTATUS PspQueryImageName(PVOID Object, PPSP_OUTPUT Output);
NTSTATUS PspQueryWin32ImageName(PVOID Object, PPSP_OUTPUT Output);
NTSTATUS PspQueryCommandLine(PVOID Object, PPSP_OUTPUT Output);
NTSTATUS PspQueryProcessHandles(PVOID Object, PPSP_OUTPUT Output);
NTSTATUS PspQueryHandleTable(PVOID Object, PPSP_OUTPUT Output);
NTSTATUS PspQueryThreadName(PVOID Object, PPSP_OUTPUT Output);
NTSTATUS PspSetThreadName(PVOID Object, PPSP_VALUE Value, ULONG Length);
NTSTATUS PspZeroTlsCell(PVOID Object, PPSP_VALUE Value, ULONG Length);

/* ---- Priorities (priority.c) ---- */
NTSTATUS PspSetPriorityClass(PVOID Object, PPSP_VALUE Value, ULONG Length);
NTSTATUS PspSetProcessBasePriority(PVOID Object, PPSP_VALUE Value, ULONG Length);
NTSTATUS PspSetThreadPriority(PVOID Object, PPSP_VALUE Value, ULONG Length);
NTSTATUS PspSetThreadBasePriority(PVOID Object, PPSP_VALUE Value, ULONG Length);
NTSTATUS PspSetActualBasePriority(PVOID Object, PPSP_VALUE Value, ULONG Length);
