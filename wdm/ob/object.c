/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects have a reference count in a header in front of them. Most handles are the Executive's,
 * for objects that are not in this process; only handles to the driver's own threads are made here.
 */
#include "ob.h"
#include "ki.h"

typedef struct DECLSPEC_ALIGN(16) _OBJECT_HEADER {
    LONG_PTR PointerCount;
    POBJECT_TYPE Type;
} OBJECT_HEADER, *POBJECT_HEADER;

OBJECT_TYPE WdmFileType = {&WdmFileType}, WdmDeviceType = {&WdmDeviceType},
            WdmDriverType = {&WdmDriverType}, PspThreadType = {&PspThreadType},
            ExpCallbackType = {&ExpCallbackType}, ExpEventType = {&ExpEventType},
            ExpSemaphoreType = {&ExpSemaphoreType}, PspProcessType = {&PspProcessType},
            SepTokenType = {&SepTokenType}, MmpSectionType = {&MmpSectionType};

/* The exported pointers; the DDK declares them as the import table's slots. */
POBJECT_TYPE KxIoFileObjectType = &WdmFileType;
POBJECT_TYPE KxIoDeviceObjectType = &WdmDeviceType;
POBJECT_TYPE KxIoDriverObjectType = &WdmDriverType;
POBJECT_TYPE KxPsThreadType = &PspThreadType;
POBJECT_TYPE KxPsProcessType = &PspProcessType;
POBJECT_TYPE KxExEventObjectType = &ExpEventType;
POBJECT_TYPE KxExSemaphoreObjectType = &ExpSemaphoreType;
POBJECT_TYPE KxSeTokenObjectType = &SepTokenType;
POBJECT_TYPE KxMmSectionObjectType = &MmpSectionType;

static POBJECT_HEADER ObpHeader(PVOID Object)
{
    return (POBJECT_HEADER)Object - 1;
}

PVOID ObpCreateObject(POBJECT_TYPE Type, SIZE_T Size)
{
    POBJECT_HEADER Header;

    if (Size > MAXLONG)
        return NULL;
    Header = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Header) + Size, 'jbO ');
    if (!Header)
        return NULL;
    RtlZeroMemory(Header, sizeof(*Header) + Size);
    Header->PointerCount = 1;
    Header->Type = Type;
    return Header + 1;
}

LONG_PTR ObpReferences(PVOID Object)
{
    return __atomic_load_n(&ObpHeader(Object)->PointerCount, __ATOMIC_RELAXED);
}

POBJECT_TYPE ObpTypeOf(PVOID Object)
{
    return ObpHeader(Object)->Type;
}

LONG_PTR FASTCALL ObfReferenceObject(PVOID Object)
{
    return __atomic_add_fetch(&ObpHeader(Object)->PointerCount, 1, __ATOMIC_RELAXED);
}

LONG_PTR FASTCALL ObfDereferenceObject(PVOID Object)
{
    POBJECT_HEADER Header = ObpHeader(Object);
    LONG_PTR Count = __atomic_sub_fetch(&Header->PointerCount, 1, __ATOMIC_ACQ_REL);

    if (Count > 0)
        return Count;
    if (Count < 0)
        KeBugCheckEx(REFERENCE_BY_POINTER, (ULONG_PTR)Header->Type, (ULONG_PTR)Object, Count, 0);
    if (Header->Type->Delete)
        Header->Type->Delete(Object);
    ExFreePoolWithTag(Header, 'jbO ');
    return 0;
}

LONG_PTR FASTCALL ObfReferenceObjectWithTag(PVOID Object, ULONG Tag)
{
    return ObfReferenceObject(Object);
}

LONG_PTR FASTCALL ObfDereferenceObjectWithTag(PVOID Object, ULONG Tag)
{
    return ObfDereferenceObject(Object);
}

LONG_PTR NTAPI KxDereferenceObject(PVOID Object)
{
    return ObfDereferenceObject(Object);
}

/* ObReferenceObjectByPointer: STATUS_OBJECT_TYPE_MISMATCH if it is of another type. */
NTSTATUS NTAPI ObReferenceObjectByPointer(PVOID Object, ACCESS_MASK DesiredAccess,
                                          POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode)
{
    if (ObjectType && ObpHeader(Object)->Type != ObjectType)
        return STATUS_OBJECT_TYPE_MISMATCH;
    ObfReferenceObject(Object);
    return STATUS_SUCCESS;
}

/* ObReferenceObjectSafe: FALSE if it is being deleted. */
BOOLEAN NTAPI ObReferenceObjectSafe(PVOID Object)
{
    if (ObpReferences(Object) <= 0)
        return FALSE;
    ObfReferenceObject(Object);
    return TRUE;
}

NTSTATUS NTAPI ObReferenceObjectByPointerWithTag(PVOID Object, ACCESS_MASK DesiredAccess,
                                                 POBJECT_TYPE ObjectType,
                                                 KPROCESSOR_MODE AccessMode, ULONG Tag)
{
    return ObReferenceObjectByPointer(Object, DesiredAccess, ObjectType, AccessMode);
}

/* Objects are deleted where their last reference goes, whatever the IRQL. */
VOID NTAPI ObDereferenceObjectDeferDelete(PVOID Object)
{
    ObfDereferenceObject(Object);
}

VOID NTAPI ObDereferenceObjectDeferDeleteWithTag(PVOID Object, ULONG Tag)
{
    ObfDereferenceObject(Object);
}

POBJECT_TYPE NTAPI ObGetObjectType(PVOID Object)
{
    return ObpTypeOf(Object);
}

/*
 * A handle to an object of this process. The Executive's handles are multiples of 4; these are odd.
 */
HANDLE ObpNewHandle(PVOID Object)
{
    ObfReferenceObject(Object);
    return (HANDLE)((ULONG_PTR)Object | 1);
}

PVOID ObpHandleObject(HANDLE Handle)
{
    if (((ULONG_PTR)Handle & 3) != 1)
        return NULL;
    return (PVOID)((ULONG_PTR)Handle & ~(ULONG_PTR)3);
}

/* ZwClose for drivers. */
NTSTATUS NTAPI KxClose(HANDLE Handle)
{
    PVOID Object = ObpHandleObject(Handle);

    if (!Object && ObpCloseNamedEvent(Handle))
        return STATUS_SUCCESS;
    if (!Object)
        return KiCloseHandle(Handle);
    ObDereferenceObject(Object);
    return STATUS_SUCCESS;
}
