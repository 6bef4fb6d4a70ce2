/* SPDX-License-Identifier: BSD-2-Clause */
/* Symbolic links: their objects; namespace.c follows them. */
#include "obp.h"

void ObpDeleteSymbolicLink(PVOID Object)
{
    ExFreeUnicodeString(&((POBP_SYMBOLIC_LINK)Object)->Target);
}

/* Takes over Target, which is pool, also on failure. */
static NTSTATUS ObpCreateSymbolicLink(PUNICODE_STRING Target, POBP_SYMBOLIC_LINK *Link)
{
    NTSTATUS Status = ObCreateObject(ObSymbolicLinkType, sizeof(OBP_SYMBOLIC_LINK), (PVOID *)Link);

    if (!NT_SUCCESS(Status)) {
        ExFreeUnicodeString(Target);
        return Status;
    }
    (*Link)->Target = *Target;
    (*Link)->CreationTime.QuadPart = KeQuerySystemTime();
    return STATUS_SUCCESS;
}

/* A permanent link from the system itself. */
NTSTATUS ObCreateSymbolicLinkAt(PUNICODE_STRING Path, PUNICODE_STRING Target)
{
    UNICODE_STRING Copy = {Target->Length, Target->Length + sizeof(WCHAR), NULL};
    POBP_SYMBOLIC_LINK Link;
    NTSTATUS Status;

    Copy.Buffer = ExAllocatePool(Copy.MaximumLength);
    if (!Copy.Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    memcpy(Copy.Buffer, Target->Buffer, Copy.Length);
    Status = ObpCreateSymbolicLink(&Copy, &Link);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObInsertName(Link, Path);
    ObDereferenceObject(Link);
    return Status;
}

/* Reads the target's characters into a link that has no handles yet. A target that is not a path
 * leads nowhere, as in NT. */
static NTSTATUS ObpCaptureTarget(PUNICODE_STRING Target, CLIENT(PUNICODE_STRING) ClientTarget)
{
    UNICODE_STRING Header;
    NTSTATUS Status = MmReadClient(&Header, ClientTarget);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Header.MaximumLength < Header.Length || Header.Length % sizeof(WCHAR) ||
        (!Header.Length && !Header.MaximumLength))
        return STATUS_INVALID_PARAMETER;
    return ExCaptureUnicodeString(Target, ClientTarget, UNICODE_STRING_MAX_BYTES);
}

/*
 * NtCreateSymbolicLinkObject: a name that leads to the path Target.
 * Returns STATUS_INVALID_PARAMETER (Target), STATUS_OBJECT_NAME_COLLISION ….  (Win32:
 * NtCreateSymbolicLinkObject)
 */
NTSTATUS NTAPI NtCreateSymbolicLinkObject(CLIENT(PHANDLE) LinkHandle, ACCESS_MASK DesiredAccess,
                                          CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                                          CLIENT(PUNICODE_STRING) Target)
{
    OB_ATTRIBUTES Attributes;
    UNICODE_STRING Copy;
    POBP_SYMBOLIC_LINK Link;
    NTSTATUS Status = ObpCaptureTarget(&Copy, Target);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status)) {
        ExFreeUnicodeString(&Copy);
        return Status;
    }
    Status = ObpCreateSymbolicLink(&Copy, &Link);
    if (NT_SUCCESS(Status))
        Status = ObInsertObject(Link, &Attributes, DesiredAccess, LinkHandle);
    ObFreeAttributes(&Attributes);
    return Status;
}

/* NtOpenSymbolicLinkObject: opens the link itself, not what it leads to.  (WDK:
 * ZwOpenSymbolicLinkObject) */
NTSTATUS NTAPI NtOpenSymbolicLinkObject(CLIENT(PHANDLE) LinkHandle, ACCESS_MASK DesiredAccess,
                                        CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes)
{
    return ObOpenObjectByName(LinkHandle, DesiredAccess, ObjectAttributes, ObSymbolicLinkType,
                              NULL);
}

static NTSTATUS ObpReturnTarget(POBP_SYMBOLIC_LINK Link, CLIENT(PUNICODE_STRING) Target,
                                CLIENT(PULONG) ReturnedLength)
{
    ULONG Needed = Link->Target.Length + (ReturnedLength ? sizeof(WCHAR) : 0);
    UNICODE_STRING Client;
    NTSTATUS Status = MmReadClient(&Client, Target);

    if (!NT_SUCCESS(Status))
        return Status;
    if (ReturnedLength && !NT_SUCCESS(MmWriteClient(ReturnedLength, &Needed)))
        return STATUS_ACCESS_VIOLATION;
    if (Client.MaximumLength < Needed)
        return STATUS_BUFFER_TOO_SMALL;
    Status = MmCopyToClient((CLIENT(PVOID))Client.Buffer, Link->Target.Buffer, Needed);
    if (!NT_SUCCESS(Status))
        return Status;
    return MmCopyToClient(&Target->Length, &Link->Target.Length, sizeof(USHORT));
}

/*
 * NtQuerySymbolicLinkObject: where the link leads. ReturnedLength, if given, receives the bytes of
 * the target with its NUL, which is then returned too. Needs SYMBOLIC_LINK_QUERY. Returns
 * STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_HANDLE ….  (WDK: ZwQuerySymbolicLinkObject)
 */
NTSTATUS NTAPI NtQuerySymbolicLinkObject(HANDLE LinkHandle, CLIENT(PUNICODE_STRING) Target,
                                         CLIENT(PULONG) ReturnedLength)
{
    POBP_SYMBOLIC_LINK Link;
    NTSTATUS Status = ObReferenceObjectByHandle(LinkHandle, SYMBOLIC_LINK_QUERY, ObSymbolicLinkType,
                                                (PVOID *)&Link);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObpReturnTarget(Link, Target, ReturnedLength);
    ObDereferenceObject(Link);
    return Status;
}
