/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to ex: the information classes of the system, each answered by a routine in the file of
 * its subject. */
#pragma once
#include "exp.h"

#define EXP_TICK_LENGTH 156250 /* 100 ns */

typedef struct _EXP_OUTPUT {
    CLIENT(PVOID) Information;
    ULONG Length;        /* of that */
    ULONG Needed;        /* out: how long the answer is */
    CLIENT(PVOID) Input; /* NtQuerySystemInformationEx's */
    ULONG InputLength;
} EXP_OUTPUT, *PEXP_OUTPUT;

/* An answer of fixed size; a client may ask for its first Minimum bytes or more.
 * STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION. */
NTSTATUS ExpAnswer(PEXP_OUTPUT Output, const void *Data, ULONG DataLength, ULONG Minimum);
/* The same with no other length. */
NTSTATUS ExpAnswerExactly(PEXP_OUTPUT Output, const void *Data, ULONG DataLength);
/* The next piece of an answer in pieces, as far as there is room for it; the end of the answer. */
NTSTATUS ExpAppend(PEXP_OUTPUT Output, const void *Data, ULONG DataLength);
NTSTATUS ExpEndAnswer(PEXP_OUTPUT Output);

/* sysinfo_figures.c */
NTSTATUS ExpQueryBasic(PEXP_OUTPUT Output);
NTSTATUS ExpQueryPerformance(PEXP_OUTPUT Output);
NTSTATUS ExpQueryDevices(PEXP_OUTPUT Output);
NTSTATUS ExpQueryFlags(PEXP_OUTPUT Output);
NTSTATUS ExpQueryFileCache(PEXP_OUTPUT Output);
NTSTATUS ExpQueryExceptions(PEXP_OUTPUT Output);
NTSTATUS ExpQueryContextSwitches(PEXP_OUTPUT Output);
NTSTATUS ExpQueryRegistryQuota(PEXP_OUTPUT Output);
NTSTATUS ExpQueryPageFiles(PEXP_OUTPUT Output);
NTSTATUS ExpQueryObjects(PEXP_OUTPUT Output);
NTSTATUS ExpQuerySharedDataAlignment(PEXP_OUTPUT Output);

/* sysinfo_trust.c: debuggers, boot, what is trusted */
NTSTATUS ExpQueryKernelDebugger(PEXP_OUTPUT Output);
NTSTATUS ExpQueryKernelDebuggerEx(PEXP_OUTPUT Output);
NTSTATUS ExpQueryBootEnvironment(PEXP_OUTPUT Output);
NTSTATUS ExpQueryCodeIntegrity(PEXP_OUTPUT Output);
NTSTATUS ExpQuerySecureBoot(PEXP_OUTPUT Output);
NTSTATUS ExpQueryFirmwareTable(PEXP_OUTPUT Output);

/* processors.c */
NTSTATUS ExpQueryProcessor(PEXP_OUTPUT Output);
NTSTATUS ExpQueryProcessorPerformance(PEXP_OUTPUT Output);
NTSTATUS ExpQueryInterrupts(PEXP_OUTPUT Output);
NTSTATUS ExpQueryProcessorFeatures(PEXP_OUTPUT Output);
NTSTATUS ExpQueryNumaMap(PEXP_OUTPUT Output);
NTSTATUS ExpQueryLogicalProcessors(PEXP_OUTPUT Output);
NTSTATUS ExpQueryLogicalProcessorsEx(PEXP_OUTPUT Output);
NTSTATUS ExpQueryCpuSets(PEXP_OUTPUT Output);
NTSTATUS ExpQueryArchitectures(PEXP_OUTPUT Output);

/* timezone.c, time.c */
NTSTATUS ExpQueryTimeOfDay(PEXP_OUTPUT Output);
NTSTATUS ExpQueryTimeAdjustment(PEXP_OUTPUT Output);
NTSTATUS ExpSetTimeAdjustment(CLIENT(PVOID) Information, ULONG Length);
NTSTATUS ExpQueryTimeZone(PEXP_OUTPUT Output);
NTSTATUS ExpQueryDynamicTimeZone(PEXP_OUTPUT Output);
NTSTATUS ExpSetTimeZone(CLIENT(PVOID) Information, ULONG Length);
NTSTATUS ExpSetDynamicTimeZone(CLIENT(PVOID) Information, ULONG Length);

/* processinfo.c, handleinfo.c, moduleinfo.c */
NTSTATUS ExpQueryProcesses(PEXP_OUTPUT Output);
NTSTATUS ExpQueryExtendedProcesses(PEXP_OUTPUT Output);
NTSTATUS ExpQueryProcessId(PEXP_OUTPUT Output);
NTSTATUS ExpQueryHandles(PEXP_OUTPUT Output);
NTSTATUS ExpQueryExtendedHandles(PEXP_OUTPUT Output);
NTSTATUS ExpQueryModules(PEXP_OUTPUT Output);
NTSTATUS ExpQueryExtendedModules(PEXP_OUTPUT Output);
