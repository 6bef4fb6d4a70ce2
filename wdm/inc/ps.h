/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes as the drivers of this host see them: ps/process.c. */
#pragma once
#include "ntoskrnl.h"

#ifndef PROCESS_QUERY_LIMITED_INFORMATION
#define PROCESS_QUERY_LIMITED_INFORMATION 0x1000
#endif

/* Other processes are known by their number only; the host itself is the system's process. */
struct _EPROCESS {
    LIST_ENTRY Link; /* in the list of those known, the last one used first */
    ULONG Id;
};
typedef struct _EPROCESS EPROCESS;

/* The process of that id, which need not be there; 0 is the host. Without a reference: it lives at
 * least until sixteen others have been asked for. NULL: no memory. */
PEPROCESS PspFindProcess(ULONG Id);

/* The calling thread serves a request of that process (0: of a driver) from now on. */
VOID PspEnterRequest(ULONG Id, BOOLEAN User);
VOID PspLeaveRequest(VOID);

/* IoGetCurrentProcess, which is PsGetCurrentProcess. Without a reference. */
PEPROCESS NTAPI KxGetCurrentProcess(VOID);

/* A handle to Process with that access; close it with ZwClose. */
NTSTATUS PspOpenProcess(PEPROCESS Process, ACCESS_MASK Access, PHANDLE Handle);

/* At the start of the host, when it has threads. */
NTSTATUS PspInitializeProcesses(VOID);
