/* SPDX-License-Identifier: BSD-2-Clause */
/* The executive support component: pool, captured client strings, system services that belong to no
 * other component. */
#pragma once
#include <nt/nt.h>

/* Pool memory is zeroed and 16-byte aligned; NULL when there is none. Grows by system pages on
 * demand. */
void ExInitializePool(void);
PVOID ExAllocatePool(SIZE_T Size);
void ExFreePool(PVOID Memory);

/*
 * Copies a client's UNICODE_STRING and its characters into pool; the copy is NUL-terminated. At
 * most MaximumBytes (STATUS_NAME_TOO_LONG beyond; STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER
 * for an odd length, STATUS_INSUFFICIENT_RESOURCES). Free with ExFreeUnicodeString.
 */
NTSTATUS ExCaptureUnicodeString(PUNICODE_STRING Copy, PUNICODE_STRING ClientString,
                                ULONG MaximumBytes);
void ExFreeUnicodeString(PUNICODE_STRING String);

struct _OBJECT_TYPE;
extern struct _OBJECT_TYPE *ExEventType;
void ExInitialize(void); /* object types of this component, after ObInitialize */
