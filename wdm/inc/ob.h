/* SPDX-License-Identifier: BSD-2-Clause */
/* Reference-counted objects of the driver process: device, driver and file objects, threads. */
#pragma once
#include "ntoskrnl.h"

/*
 * What a driver calls *PsThreadType is the exported variable, or with the headers of mingw-w64,
 * which import that as if it were a pointer to it, what the variable points to. Self makes both the
 * same.
 */
struct _OBJECT_TYPE {
    struct _OBJECT_TYPE *Self;
    VOID (*Delete)(PVOID Object); /* called with the last reference; NULL = only the memory goes */
};
typedef struct _OBJECT_TYPE OBJECT_TYPE;

/* The DDK knows these types by the exported pointers IoFileObjectType etc. */
extern OBJECT_TYPE WdmFileType, WdmDeviceType, WdmDriverType, PspThreadType, ExpCallbackType,
    ExpEventType, ExpSemaphoreType, PspProcessType, SepTokenType, MmpSectionType;

/* Zeroed memory with one reference, or NULL. */
PVOID ObpCreateObject(POBJECT_TYPE Type, SIZE_T Size);

/*
 * A handle to Object, with a reference of its own, for the runtime's ZwClose and
 * ObReferenceObjectByHandle.
 */
HANDLE ObpNewHandle(PVOID Object);

/* The object of such a handle, else NULL. */
PVOID ObpHandleObject(HANDLE Handle);

/* How many references there are to Object. */
LONG_PTR ObpReferences(PVOID Object);

/* Its type. */
POBJECT_TYPE ObpTypeOf(PVOID Object);

/* ---- Objects of the Executive (proxy.c): what stands for one here has a handle to it. ---- */

/* The type of what Handle names in the Executive. NULL: none that is known here. */
POBJECT_TYPE ObpTypeOfHandle(HANDLE Handle);

/* What stands for the object of Handle, with a reference; the handle is its own from then on. With
 * a failure it is closed. STATUS_OBJECT_TYPE_MISMATCH: not of that type, or none that is known. */
NTSTATUS ObpCreateProxy(HANDLE Handle, POBJECT_TYPE Type, PVOID *Object);

/* The handle of what stands for an object of the Executive, else NULL. */
HANDLE ObpProxyHandle(PVOID Object);

/* Of IoCreateNotificationEvent and its like. FALSE: it is another handle. */
BOOLEAN ObpCloseNamedEvent(HANDLE Handle);

/* ZwClose for drivers. */
NTSTATUS NTAPI KxClose(HANDLE Handle);
