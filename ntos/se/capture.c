/* SPDX-License-Identifier: BSD-2-Clause */
/* SIDs, lists and privileges that clients give, copied into pool and checked. */
#include "sep.h"

/* The header of a client's SID; *Length is what the whole has. */
static NTSTATUS ReadSidHeader(CLIENT(PSID) Client, PULONG Length)
{
    UCHAR Header[2];
    NTSTATUS Status = MmCopyFromClient(Header, Client, sizeof(Header));

    if (!NT_SUCCESS(Status))
        return Status;
    if (Header[0] != SID_REVISION || Header[1] > SID_MAX_SUB_AUTHORITIES)
        return STATUS_INVALID_SID;
    *Length = RtlLengthRequiredSid(Header[1]);
    return STATUS_SUCCESS;
}

/* The client may have changed it since its header was read. */
static NTSTATUS ReadSid(CLIENT(PSID) Client, ULONG Length, PSID Sid)
{
    NTSTATUS Status = MmCopyFromClient(Sid, Client, Length);

    if (!NT_SUCCESS(Status))
        return Status;
    return RtlValidSid(Sid) && RtlLengthSid(Sid) == Length ? STATUS_SUCCESS : STATUS_INVALID_SID;
}

NTSTATUS SepCaptureSid(CLIENT(PSID) Client, PSID *Sid)
{
    ULONG Length;
    NTSTATUS Status = ReadSidHeader(Client, &Length);

    *Sid = NULL;
    if (!NT_SUCCESS(Status))
        return Status;
    *Sid = ExAllocatePool(Length);
    if (!*Sid)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = ReadSid(Client, Length, *Sid);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(*Sid);
        *Sid = NULL;
    }
    return Status;
}

NTSTATUS SepCaptureAcl(CLIENT(PACL) Client, PACL *Acl)
{
    ACL Header;
    NTSTATUS Status = Client ? MmReadClient(&Header, Client) : STATUS_SUCCESS;

    *Acl = NULL;
    if (!Client || !NT_SUCCESS(Status))
        return Status;
    if (Header.AclSize < sizeof(Header))
        return STATUS_INVALID_ACL;
    *Acl = ExAllocatePoolGivingWay(Header.AclSize);
    if (!*Acl)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromClient(*Acl, Client, Header.AclSize);
    if (NT_SUCCESS(Status) && ((*Acl)->AclSize != Header.AclSize || !RtlValidAcl(*Acl)))
        Status = STATUS_INVALID_ACL;
    if (!NT_SUCCESS(Status)) {
        ExFreePool(*Acl);
        *Acl = NULL;
    }
    return Status;
}

/* The array alone, its SIDs still the client's, and how long they are together. */
static NTSTATUS MeasureSids(CLIENT(PSID_AND_ATTRIBUTES) Client, ULONG Count,
                            PSID_AND_ATTRIBUTES Array, PULONG Bytes)
{
    NTSTATUS Status = MmCopyFromClient(Array, Client, Count * sizeof(*Array));
    ULONG i, Length;

    *Bytes = Count * sizeof(*Array);
    for (i = 0; i < Count && NT_SUCCESS(Status); i++) {
        Status = ReadSidHeader((CLIENT(PSID))Array[i].Sid, &Length);
        if (NT_SUCCESS(Status))
            *Bytes += Length;
        if (NT_SUCCESS(Status) && i % SEP_PIECE == SEP_PIECE - 1)
            Status = KeGiveWay();
    }
    return Status;
}

static NTSTATUS ReadSids(PSEP_SIDS Sids, const SID_AND_ATTRIBUTES *Client)
{
    PUCHAR Place = (PUCHAR)(Sids->Array + Sids->Count), End = (PUCHAR)Sids->Array + Sids->Bytes;
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i, Length;

    for (i = 0; i < Sids->Count && NT_SUCCESS(Status); i++, Place += Length) {
        Status = ReadSidHeader((CLIENT(PSID))Client[i].Sid, &Length);
        if (NT_SUCCESS(Status) && Length > (SIZE_T)(End - Place))
            Status = STATUS_INVALID_SID;
        if (NT_SUCCESS(Status))
            Status = ReadSid((CLIENT(PSID))Client[i].Sid, Length, Place);
        if (!NT_SUCCESS(Status))
            break;
        Sids->Array[i] = (SID_AND_ATTRIBUTES){Place, Client[i].Attributes};
        if (i % SEP_PIECE == SEP_PIECE - 1)
            Status = KeGiveWay();
    }
    return Status;
}

NTSTATUS SepCaptureSids(CLIENT(PSID_AND_ATTRIBUTES) Client, ULONG Count, PSEP_SIDS Sids)
{
    PSID_AND_ATTRIBUTES Array;
    NTSTATUS Status;

    *Sids = (SEP_SIDS){0};
    if (!Count)
        return STATUS_SUCCESS;
    if (Count > SEP_MAXIMUM_SIDS)
        return STATUS_INVALID_PARAMETER;
    Array = ExAllocatePoolGivingWay(Count * sizeof(*Array));
    if (!Array)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MeasureSids(Client, Count, Array, &Sids->Bytes);
    if (NT_SUCCESS(Status)) {
        Sids->Array = ExAllocatePoolGivingWay(Sids->Bytes);
        Status = Sids->Array ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    }
    Sids->Count = Count;
    if (NT_SUCCESS(Status))
        Status = ReadSids(Sids, Array);
    ExFreePool(Array);
    if (!NT_SUCCESS(Status)) {
        ExFreePool(Sids->Array);
        *Sids = (SEP_SIDS){0};
    }
    return Status;
}

NTSTATUS SepCaptureGroups(CLIENT(PTOKEN_GROUPS) Client, PSEP_SIDS Sids)
{
    ULONG Count;
    NTSTATUS Status = Client ? MmReadClient(&Count, &Client->GroupCount) : STATUS_SUCCESS;

    *Sids = (SEP_SIDS){0};
    return Client && NT_SUCCESS(Status) ? SepCaptureSids(&Client->Groups[0], Count, Sids) : Status;
}

NTSTATUS SepCapturePrivileges(CLIENT(PLUID_AND_ATTRIBUTES) Client, ULONG Count,
                              PLUID_AND_ATTRIBUTES *Privileges)
{
    NTSTATUS Status;

    *Privileges = NULL;
    if (Count > SEP_MAXIMUM_PRIVILEGES)
        return STATUS_INVALID_PARAMETER;
    *Privileges = ExAllocatePool((Count ? Count : 1) * sizeof(**Privileges));
    if (!*Privileges)
        return STATUS_INSUFFICIENT_RESOURCES;
    Status = MmCopyFromClient(*Privileges, Client, Count * sizeof(**Privileges));
    if (!NT_SUCCESS(Status)) {
        ExFreePool(*Privileges);
        *Privileges = NULL;
    }
    return Status;
}

ULONG SepPrivilegeNumber(const LUID *Luid)
{
    return !Luid->HighPart && Luid->LowPart <= SE_MAX_WELL_KNOWN_PRIVILEGE &&
                   (SEP_ALL_PRIVILEGES & SEP_PRIVILEGE(Luid->LowPart))
               ? Luid->LowPart
               : 0;
}
