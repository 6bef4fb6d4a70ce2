/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be set of a handle, and whether two mean the same object. */
#include <neptune/missing_classes.def>
#include "obp.h"

/*
 * NtSetInformationObject: ObjectHandleFlagInformation: whether the handle is inherited, and whether
 * it can be closed. Returns STATUS_INVALID_INFO_CLASS (other classes), STATUS_INFO_LENGTH_MISMATCH,
 * STATUS_ACCESS_VIOLATION, STATUS_INVALID_HANDLE (pseudo handles too).  (Win32:
 * SetHandleInformation)
 */
NTSTATUS NTAPI NtSetInformationObject(HANDLE Handle, OBJECT_INFORMATION_CLASS Class,
                                      CLIENT(PVOID) Information, ULONG Length)
{
    OBJECT_HANDLE_FLAG_INFORMATION Flags;
    PHANDLE_ENTRY Entry;
    NTSTATUS Status;

    switch (Class) {
        MISSING_NtSetInformationObject(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    case ObjectHandleFlagInformation:
        break;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
    if (Length != sizeof(Flags))
        return STATUS_INFO_LENGTH_MISMATCH;
    Status = MmCopyFromClient(&Flags, Information, sizeof(Flags));
    if (!NT_SUCCESS(Status))
        return Status;
    Entry = ObpLookupHandle(PsGetCurrentProcess(), Handle);
    if (!Entry)
        return STATUS_INVALID_HANDLE;
    Entry->Attributes &= ~(ULONG)OBP_HANDLE_ATTRIBUTES;
    if (Flags.Inherit)
        Entry->Attributes |= OBJ_INHERIT;
    if (Flags.ProtectFromClose)
        Entry->Attributes |= OBJ_PROTECT_CLOSE;
    return STATUS_SUCCESS;
}

/*
 * NtCompareObjects: whether both handles mean the same object; any access will do. Returns
 * STATUS_SUCCESS, STATUS_NOT_SAME_OBJECT, STATUS_INVALID_HANDLE.  (Win32: CompareObjectHandles)
 */
NTSTATUS NTAPI NtCompareObjects(HANDLE FirstHandle, HANDLE SecondHandle)
{
    PVOID First, Second;
    NTSTATUS Status = ObReferenceObjectByHandle(FirstHandle, 0, NULL, &First);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByHandle(SecondHandle, 0, NULL, &Second);
    if (NT_SUCCESS(Status)) {
        if (First != Second)
            Status = STATUS_NOT_SAME_OBJECT;
        ObDereferenceObject(Second);
    }
    ObDereferenceObject(First);
    return Status;
}
