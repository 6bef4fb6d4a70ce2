/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of nbench.exe share. */
#pragma once
#include <nt/nt.h>
#include <neptune/abi.h>

/* A line, or a part of one, on the screen: at most 127 characters. */
void Print(const char *Format, ...);

FORCEINLINE ULONGLONG ReadTsc(void)
{
    return __builtin_ia32_rdtsc();
}

/* The least that Operation(Argument) takes in some rounds, with the call, in ticks. */
ULONGLONG Measure(void (*Operation)(PVOID), PVOID Argument);

/* Another process of this program, not yet running. */
NTSTATUS StartSelf(PCWSTR CommandLine, RTL_USER_PROCESS_INFORMATION *Information);

void MeasureExceptions(void); /* exceptions.c */
void MeasureFaults(void);     /* faults.c: page faults, as a program meets them */
void MeasureCosts(void);      /* costs.c: memory, objects, threads */
void MeasureLpc(ULONGLONG Empty);
void MeasurePipe(ULONGLONG Empty); /* pipe.c */
void MeasurePipeAlone(void);
void ServePipe(void); /* the server of it */
void ServePort(void); /* lpc.c: the other process */
void MeasureAlpc(ULONGLONG Empty);
void ServeAlpcPort(void);       /* alpc.c: the same */
void MeasureGrowth(void);       /* growth.c: what operations cost beside few and many neighbours */
void MeasureObjectGrowth(void); /* growth_objects.c: beside few and many objects of several kinds */
void MeasureThreadGrowth(void); /* threads */
void MeasureRegistry(void);     /* registry.c */

/* How long services keep others waiting (longest.c), by family. */
void MeasureLongestMemory(void);
void MeasureLongestTouch(void);
void MeasureLongestNames(void);
void MeasureLongestThreads(void);
void MeasureLongestFiles(void);
void MeasureLongestRegistry(void);

/* Processes that take much of something, and wait for their end. */
void HoldMemory(void);
void HoldHandles(void);
void HoldThreads(void);
void HoldReads(void);
