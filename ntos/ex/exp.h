/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to ex. */
#pragma once
#include <dbg.h>
#include <ex.h>
#include <hal.h>
#include <ke.h>
#include <mm.h>
#include <ob.h>
#include <ps.h>

void ExpInitializeEvents(void);

/* Rest of a fixed-size query: checks Length and copies Data to the client, and ReturnLength if the
   client wants it. STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION. */
NTSTATUS ExpReturnInformation(PVOID Information, ULONG Length, const void *Data, ULONG DataLength,
                              PULONG ReturnLength);

/* processinfo.c: SystemProcessInformation */
NTSTATUS ExpQueryProcesses(PVOID Information, ULONG Length, PULONG Needed);
