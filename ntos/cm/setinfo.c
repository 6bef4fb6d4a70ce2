// SPDX-License-Identifier: BSD-2-Clause
/* What can be set of a key besides its values. */
#include <neptune/missing_classes.def>
#include "cmp.h"

static NTSTATUS SetWriteTime(PCM_KEY Key, const KEY_WRITE_TIME_INFORMATION *Information)
{
    CmpStoreOf(Key)->SetNodeTime(Key->Node, Information->LastWriteTime.QuadPart);
    CmpReportChange(Key->Store, Key->Node, REG_NOTIFY_CHANGE_LAST_SET);
    return STATUS_SUCCESS;
}

/* Four bits each. */
static NTSTATUS SetFlags(PCM_KEY Key, KEY_SET_INFORMATION_CLASS Class, ULONG Flags)
{
    CM_NODE_FACTS Facts;

    CmpStoreOf(Key)->QueryNode(Key->Node, &Facts);
    if (Class == KeyWow64FlagsInformation)
        Facts.Wow64Flags = Flags & 0xf;
    else
        Facts.ControlFlags = Flags & 0xf;
    CmpStoreOf(Key)->SetNodeFlags(Key->Node, Facts.Wow64Flags, Facts.ControlFlags);
    CmpReportChange(Key->Store, Key->Node, REG_NOTIFY_CHANGE_ATTRIBUTES);
    return STATUS_SUCCESS;
}

/* Handle tags and the like: nothing would come of them. */
static NTSTATUS CheckClass(KEY_SET_INFORMATION_CLASS Class, ULONG Length)
{
    ULONG Needed =
        Class == KeyWriteTimeInformation ? sizeof(KEY_WRITE_TIME_INFORMATION) : sizeof(ULONG);

    if ((ULONG)Class >= MaxKeySetInfoClass)
        return STATUS_INVALID_INFO_CLASS;
    if (Length != Needed)
        return STATUS_INFO_LENGTH_MISMATCH;
    switch (Class) {
        MISSING_NtSetInformationKey(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_SUCCESS;
    }
}

/*
 * NtSetInformationKey: KeyWriteTimeInformation, KeyWow64FlagsInformation,
 * KeyControlFlagsInformation (which NtQueryKey's KeyFlagsInformation shows). Needs KEY_SET_VALUE.
 * Returns STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH, STATUS_NOT_IMPLEMENTED (other
 * classes), STATUS_KEY_DELETED, STATUS_ACCESS_VIOLATION and what handles may give.  (WDK:
 * ZwSetInformationKey)
 */
NTSTATUS NTAPI NtSetInformationKey(HANDLE KeyHandle, KEY_SET_INFORMATION_CLASS Class,
                                   CLIENT(PVOID) KeyInformation, ULONG Length)
{
    union {
        KEY_WRITE_TIME_INFORMATION Time;
        ULONG Flags;
    } Information;
    PCM_KEY Key;
    NTSTATUS Status = CheckClass(Class, Length);

    if (NT_SUCCESS(Status))
        Status = MmCopyFromClient(&Information, KeyInformation, Length);
    if (NT_SUCCESS(Status))
        Status = CmpReferenceKey(KeyHandle, KEY_SET_VALUE, &Key);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = Class == KeyWriteTimeInformation ? SetWriteTime(Key, &Information.Time)
                                              : SetFlags(Key, Class, Information.Flags);
    ObDereferenceObject(Key);
    return Status;
}
