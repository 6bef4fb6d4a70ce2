/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to ex. */
#pragma once
#include <se.h>
#include <dbg.h>
#include <ex.h>
#include <hal.h>
#include <ke.h>
#include <mm.h>
#include <ob.h>
#include <ps.h>

void ExpInitializeEvents(void);
void ExpInitializeKeyedEvents(void);
void ExpInitializeMutants(void);
void ExpInitializeNls(void);
void ExpInitializeSemaphores(void);
void ExpInitializeTimers(void);

/* create.c: an object type, or the system stops */
void ExpCreateType(const OBJECT_TYPE_INITIALIZER *Initializer, POBJECT_TYPE *Type);
/*
 * The whole of an NtCreateXxx whose own parameters are right: an object of Size bytes, set up by
 * Initialize, which cannot fail; and a handle to it, or with OBJ_OPENIF to the one of that name.
 */
NTSTATUS ExpCreateObject(POBJECT_TYPE Type, SIZE_T Size, CLIENT(PHANDLE) Handle,
                         ACCESS_MASK DesiredAccess, CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                         void (*Initialize)(PVOID Object, const void *Parameters),
                         const void *Parameters);

/* The end of a fixed-size query: checks Length and copies Data to the client, and ReturnLength if
 * the client wants it. STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION. */
NTSTATUS ExpReturnInformation(CLIENT(PVOID) Information, ULONG Length, const void *Data,
                              ULONG DataLength, CLIENT(PULONG) ReturnLength);

/* wait_services.c: a time limit is optional; without one *Timeout becomes NULL, else it points to
 * Copy */
NTSTATUS ExpCaptureTimeout(CLIENT(PLARGE_INTEGER) ClientTimeout, PLARGE_INTEGER Copy,
                           PLARGE_INTEGER *Timeout);

/* timezone.c: what local time lags behind universal time, 100 ns */
LONGLONG ExpTimeZoneBias(void);
