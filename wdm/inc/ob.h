/* SPDX-License-Identifier: BSD-2-Clause */
/* Reference-counted objects of the driver process: device, driver and file objects, threads. */
#pragma once
#include "ntoskrnl.h"

struct _OBJECT_TYPE {
    VOID (*Delete)(PVOID Object); /* called with the last reference; NULL = only the memory goes */
};
typedef struct _OBJECT_TYPE OBJECT_TYPE;

/* The DDK knows these types by the exported pointers IoFileObjectType etc. */
extern OBJECT_TYPE WdmFileType, WdmDeviceType, WdmDriverType, PspThreadType, ExpCallbackType;

/* Zeroed memory with one reference, or NULL. */
PVOID ObpCreateObject(POBJECT_TYPE Type, SIZE_T Size);

/*
 * A handle to Object, with a reference of its own, for the runtime's ZwClose and
 * ObReferenceObjectByHandle.
 */
HANDLE ObpNewHandle(PVOID Object);
PVOID ObpHandleObject(HANDLE Handle); /* NULL: it is the Executive's */
