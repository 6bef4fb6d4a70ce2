/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects by their handles, handles by objects, and objects by their names. */
#include "ki.h"
#include "ntdll.h"
#include "ob.h"
#include "ps.h"
#include "wdmio.h"

typedef struct _OBP_BASIC_INFORMATION {
    ULONG Attributes;
    ACCESS_MASK GrantedAccess;
    ULONG Rest[12];
} OBP_BASIC_INFORMATION;

/* A handle of this process to what Handle names in Source, with the same access. */
static NTSTATUS ObpDuplicate(HANDLE Source, HANDLE Handle, PHANDLE Own)
{
    return ZwDuplicateObject(Source, Handle, NtCurrentProcess(), Own, 0, 0, DUPLICATE_SAME_ACCESS);
}

/* A user-mode handle is the requestor's if the calling thread serves a request, else the host's. */
static NTSTATUS ObpTakeHandle(HANDLE Handle, KPROCESSOR_MODE AccessMode, PHANDLE Own)
{
    PKTHREAD Thread = KiGetCurrentThread();
    PEPROCESS Requestor;
    HANDLE Process;
    NTSTATUS Status;

    if (AccessMode == KernelMode || !Thread->Requestor)
        return ObpDuplicate(NtCurrentProcess(), Handle, Own);
    Requestor = PspFindProcess(Thread->Requestor);
    if (!Requestor)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = PspOpenProcess(Requestor, PROCESS_DUP_HANDLE, &Process);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObpDuplicate(Process, Handle, Own);
    ZwClose(Process);
    return Status;
}

/* A program must have the access that its handle is used for. */
static NTSTATUS ObpCheckAccess(HANDLE Handle, ACCESS_MASK DesiredAccess, KPROCESSOR_MODE AccessMode,
                               POBJECT_HANDLE_INFORMATION Information)
{
    OBP_BASIC_INFORMATION Basic;
    NTSTATUS Status =
        ZwQueryObject(Handle, 0 /* ObjectBasicInformation */, &Basic, sizeof(Basic), NULL);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Information)
        *Information = (OBJECT_HANDLE_INFORMATION){.GrantedAccess = Basic.GrantedAccess};
    return AccessMode != KernelMode && (DesiredAccess & ~Basic.GrantedAccess) ? STATUS_ACCESS_DENIED
                                                                              : STATUS_SUCCESS;
}

static PVOID ObpPseudoHandle(HANDLE Handle)
{
    if (Handle == NtCurrentProcess())
        return KxGetCurrentProcess();
    return Handle == NtCurrentThread() ? (PVOID)KiGetCurrentThread() : NULL;
}

/*
 * ObReferenceObjectByHandle: for the driver's own threads, and for events, sections, tokens and
 * processes of the Executive. STATUS_INVALID_HANDLE, STATUS_ACCESS_DENIED,
 * STATUS_OBJECT_TYPE_MISMATCH (of other types, too), STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS NTAPI ObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK DesiredAccess,
                                         POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode,
                                         PVOID *Object,
                                         POBJECT_HANDLE_INFORMATION HandleInformation)
{
    PVOID Local = AccessMode == KernelMode ? ObpHandleObject(Handle) : NULL;
    HANDLE Own;
    NTSTATUS Status;

    *Object = NULL;
    if (!Local)
        Local = ObpPseudoHandle(Handle);
    if (Local) {
        Status = ObReferenceObjectByPointer(Local, DesiredAccess, ObjectType, AccessMode);
        *Object = NT_SUCCESS(Status) ? Local : NULL;
        if (HandleInformation)
            *HandleInformation = (OBJECT_HANDLE_INFORMATION){.GrantedAccess = MAXIMUM_ALLOWED};
        return Status;
    }
    Status = ObpTakeHandle(Handle, AccessMode, &Own);
    if (!NT_SUCCESS(Status))
        return Status;
    if (ObjectType && ObpTypeOfHandle(Own) != ObjectType)
        Status = STATUS_OBJECT_TYPE_MISMATCH;
    else
        Status = ObpCheckAccess(Own, DesiredAccess, AccessMode, HandleInformation);
    if (NT_SUCCESS(Status))
        return ObpCreateProxy(Own, ObjectType, Object);
    ZwClose(Own);
    return Status;
}

NTSTATUS NTAPI ObReferenceObjectByHandleWithTag(HANDLE Handle, ACCESS_MASK DesiredAccess,
                                                POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode,
                                                ULONG Tag, PVOID *Object,
                                                POBJECT_HANDLE_INFORMATION HandleInformation)
{
    return ObReferenceObjectByHandle(Handle, DesiredAccess, ObjectType, AccessMode, Object,
                                     HandleInformation);
}

/* ObOpenObjectByPointer: to an object that is this process's alone, a handle that only
 * ObReferenceObjectByHandle and ZwClose know. STATUS_OBJECT_TYPE_MISMATCH and what the Executive
 * says. */
NTSTATUS NTAPI ObOpenObjectByPointer(PVOID Object, ULONG HandleAttributes,
                                     PACCESS_STATE PassedAccessState, ACCESS_MASK DesiredAccess,
                                     POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode,
                                     PHANDLE Handle)
{
    HANDLE Executive = ObpProxyHandle(Object);

    *Handle = NULL;
    if (ObjectType && ObpTypeOf(Object) != ObjectType)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (Executive)
        return ZwDuplicateObject(NtCurrentProcess(), Executive, NtCurrentProcess(), Handle,
                                 DesiredAccess, HandleAttributes & OBJ_INHERIT,
                                 DesiredAccess ? 0 : DUPLICATE_SAME_ACCESS);
    if (ObpTypeOf(Object) == &PspProcessType)
        return PspOpenProcess(Object, DesiredAccess, Handle);
    *Handle = ObpNewHandle(Object);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ObOpenObjectByPointerWithTag(PVOID Object, ULONG HandleAttributes,
                                            PACCESS_STATE PassedAccessState,
                                            ACCESS_MASK DesiredAccess, POBJECT_TYPE ObjectType,
                                            KPROCESSOR_MODE AccessMode, ULONG Tag, PHANDLE Handle)
{
    return ObOpenObjectByPointer(Object, HandleAttributes, PassedAccessState, DesiredAccess,
                                 ObjectType, AccessMode, Handle);
}

/*
 * ObReferenceObjectByName: drivers of this host, events and sections. STATUS_OBJECT_NAME_NOT_FOUND,
 * STATUS_OBJECT_TYPE_MISMATCH for other types, and what the Executive says.
 */
NTSTATUS NTAPI ObReferenceObjectByName(PUNICODE_STRING ObjectName, ULONG Attributes,
                                       PACCESS_STATE PassedAccessState, ACCESS_MASK DesiredAccess,
                                       POBJECT_TYPE ObjectType, KPROCESSOR_MODE AccessMode,
                                       PVOID ParseContext, PVOID *Object)
{
    OBJECT_ATTRIBUTES Wanted;
    HANDLE Handle;
    NTSTATUS Status = STATUS_OBJECT_TYPE_MISMATCH;

    *Object = NULL;
    if (ObjectType == &WdmDriverType) {
        *Object = WdmFindDriverNamed(ObjectName);
        if (*Object)
            ObReferenceObject(*Object);
        return *Object ? STATUS_SUCCESS : STATUS_OBJECT_NAME_NOT_FOUND;
    }
    InitializeObjectAttributes(&Wanted, ObjectName, Attributes | OBJ_KERNEL_HANDLE, NULL, NULL);
    if (ObjectType == &ExpEventType)
        Status = ZwOpenEvent(&Handle, DesiredAccess | EVENT_QUERY_STATE, &Wanted);
    else if (ObjectType == &MmpSectionType)
        Status = ZwOpenSection(&Handle, DesiredAccess | SECTION_QUERY, &Wanted);
    return NT_SUCCESS(Status) ? ObpCreateProxy(Handle, ObjectType, Object) : Status;
}

NTSTATUS NTAPI ObCloseHandle(HANDLE Handle, KPROCESSOR_MODE PreviousMode)
{
    return KxClose(Handle);
}

/* The name that a driver's object has here. */
static NTSTATUS ObpReturnName(PCUNICODE_STRING Name, POBJECT_NAME_INFORMATION Information,
                              ULONG Length, PULONG ReturnLength)
{
    ULONG Bytes = Name->Length ? Name->Length + (ULONG)sizeof(WCHAR) : 0;

    *ReturnLength = (ULONG)sizeof(*Information) + Bytes;
    if (Length < *ReturnLength)
        return STATUS_INFO_LENGTH_MISMATCH;
    RtlZeroMemory(Information, *ReturnLength);
    if (!Bytes)
        return STATUS_SUCCESS;
    Information->Name.Buffer = (PWCH)(Information + 1);
    Information->Name.Length = Name->Length;
    Information->Name.MaximumLength = (USHORT)Bytes;
    RtlCopyMemory(Information->Name.Buffer, Name->Buffer, Name->Length);
    return STATUS_SUCCESS;
}

/* ObQueryNameString: of drivers, of files below their device, and of what the Executive names; no
 * name for others. STATUS_INFO_LENGTH_MISMATCH. */
NTSTATUS NTAPI ObQueryNameString(PVOID Object, POBJECT_NAME_INFORMATION ObjectNameInfo,
                                 ULONG Length, PULONG ReturnLength)
{
    static const UNICODE_STRING None;
    HANDLE Handle = ObpProxyHandle(Object);

    if (Handle)
        return ZwQueryObject(Handle, 1 /* ObjectNameInformation */, ObjectNameInfo, Length,
                             ReturnLength);
    if (ObpTypeOf(Object) == &WdmDriverType)
        return ObpReturnName(&((PDRIVER_OBJECT)Object)->DriverName, ObjectNameInfo, Length,
                             ReturnLength);
    if (ObpTypeOf(Object) == &WdmFileType)
        return ObpReturnName(&((PFILE_OBJECT)Object)->FileName, ObjectNameInfo, Length,
                             ReturnLength);
    return ObpReturnName(&None, ObjectNameInfo, Length, ReturnLength);
}
