/* SPDX-License-Identifier: BSD-2-Clause */
/* Security descriptors that clients give, of either form. */
#include "sep.h"

typedef struct _CAPTURED {
    SECURITY_DESCRIPTOR Absolute; /* its parts are pool */
    CLIENT(PUCHAR) Client;
} CAPTURED, *PCAPTURED;

/* The header; afterwards the parts are addresses of the client's in either form. */
static NTSTATUS CaptureHeader(PCAPTURED Captured)
{
    PISECURITY_DESCRIPTOR Header = &Captured->Absolute;
    SECURITY_DESCRIPTOR_RELATIVE Relative;
    NTSTATUS Status =
        MmReadClient(&Relative, (CLIENT(PISECURITY_DESCRIPTOR_RELATIVE))Captured->Client);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Relative.Revision != SECURITY_DESCRIPTOR_REVISION)
        return STATUS_UNKNOWN_REVISION;
    if (!(Relative.Control & SE_SELF_RELATIVE)) {
        Status = MmReadClient(Header, (CLIENT(PISECURITY_DESCRIPTOR))Captured->Client);
        Header->Revision = SECURITY_DESCRIPTOR_REVISION;
        Header->Control &= ~SE_SELF_RELATIVE;
        return Status;
    }
    *Header = (SECURITY_DESCRIPTOR){Relative.Revision, Relative.Sbz1,
                                    Relative.Control & ~SE_SELF_RELATIVE};
    if (Relative.Owner)
        Header->Owner = (PVOID)(ULONG_PTR)(Captured->Client + Relative.Owner);
    if (Relative.Group)
        Header->Group = (PVOID)(ULONG_PTR)(Captured->Client + Relative.Group);
    if (Relative.Sacl)
        Header->Sacl = (PVOID)(ULONG_PTR)(Captured->Client + Relative.Sacl);
    if (Relative.Dacl)
        Header->Dacl = (PVOID)(ULONG_PTR)(Captured->Client + Relative.Dacl);
    return STATUS_SUCCESS;
}

/* The client's addresses are replaced one by one. */
static NTSTATUS CaptureParts(PISECURITY_DESCRIPTOR Header)
{
    CLIENT(PSID) Owner = (CLIENT(PSID))Header->Owner;
    CLIENT(PSID) Group = (CLIENT(PSID))Header->Group;
    CLIENT(PACL) Sacl = Header->Control & SE_SACL_PRESENT ? (CLIENT(PACL))Header->Sacl : NULL;
    CLIENT(PACL) Dacl = Header->Control & SE_DACL_PRESENT ? (CLIENT(PACL))Header->Dacl : NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    Header->Owner = Header->Group = NULL;
    Header->Sacl = Header->Dacl = NULL;
    if (Owner)
        Status = SepCaptureSid(Owner, &Header->Owner);
    if (NT_SUCCESS(Status) && Group)
        Status = SepCaptureSid(Group, &Header->Group);
    if (NT_SUCCESS(Status))
        Status = SepCaptureAcl(Sacl, &Header->Sacl);
    return NT_SUCCESS(Status) ? SepCaptureAcl(Dacl, &Header->Dacl) : Status;
}

static NTSTATUS MakeRelative(PISECURITY_DESCRIPTOR Absolute,
                             PISECURITY_DESCRIPTOR_RELATIVE *Descriptor)
{
    ULONG Length = 0;
    NTSTATUS Status = RtlMakeSelfRelativeSD(Absolute, NULL, &Length);

    if (Status != STATUS_BUFFER_TOO_SMALL)
        return Status;
    *Descriptor = ExAllocatePoolGivingWay(Length);
    return *Descriptor ? RtlMakeSelfRelativeSD(Absolute, *Descriptor, &Length)
                       : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS SeCaptureDescriptor(CLIENT(PSECURITY_DESCRIPTOR) Client,
                             PISECURITY_DESCRIPTOR_RELATIVE *Descriptor)
{
    CAPTURED Captured = {.Client = (CLIENT(PUCHAR))Client};
    PISECURITY_DESCRIPTOR Header = &Captured.Absolute;
    NTSTATUS Status;

    *Descriptor = NULL;
    if (!Client)
        return STATUS_SUCCESS;
    Status = CaptureHeader(&Captured);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = CaptureParts(Header);
    if (NT_SUCCESS(Status))
        Status = MakeRelative(Header, Descriptor);
    ExFreePool(Header->Owner);
    ExFreePool(Header->Group);
    ExFreePool(Header->Sacl);
    ExFreePool(Header->Dacl);
    return Status;
}
