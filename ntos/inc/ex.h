/* SPDX-License-Identifier: BSD-2-Clause */
/* The executive support component: pool, captured client strings, system services that belong to no
 * other component. */
#pragma once
#include <nt/nt.h>

/* Pool memory is zeroed and 16-byte aligned; NULL when there is none, or when the current process,
 * which it is charged to (mm/quota.c), may have no more. On a system thread nobody pays. Grows by
 * system pages on demand. */
void ExInitializePool(void);
PVOID ExAllocatePool(SIZE_T Size);
/* The same, and another process pays; NULL: nobody. */
struct _EPROCESS;
PVOID ExAllocatePoolFor(struct _EPROCESS *Payer, SIZE_T Size);
/* Pages that only the blocks of one quota come from (MM_QUOTA.Slabs); ExFreePool when they have
 * gone. NULL: no memory. */
typedef struct _POOL_SLABS *PPOOL_SLABS;
PPOOL_SLABS ExCreateSlabs(void);
void ExTrimSlabs(PPOOL_SLABS Slabs); /* empty ones go */
/* The same for what a client can make large: others run meanwhile. */
PVOID ExAllocatePoolGivingWay(SIZE_T Size);
void ExFreePool(PVOID Memory);
void ExFreePoolGivingWay(PVOID Memory);

/*
 * Copies a client's UNICODE_STRING and its characters into pool; the copy is NUL-terminated. At
 * most MaximumBytes (STATUS_NAME_TOO_LONG beyond; STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER
 * for an odd length, STATUS_INSUFFICIENT_RESOURCES). Free with ExFreeUnicodeString.
 */
NTSTATUS ExCaptureUnicodeString(PUNICODE_STRING Copy, CLIENT(PUNICODE_STRING) ClientString,
                                ULONG MaximumBytes);
void ExFreeUnicodeString(PUNICODE_STRING String);

struct _ETHREAD;
/* The thread ends: timers that were to run a routine in it do not expire. */
void ExRundownTimers(struct _ETHREAD *Thread, BOOLEAN GiveWay);

struct _OBJECT_TYPE;
extern struct _OBJECT_TYPE *ExEventType, *ExMutantType, *ExSemaphoreType, *ExTimerType;
void ExInitialize(void); /* object types of this component, after ObInitialize */
