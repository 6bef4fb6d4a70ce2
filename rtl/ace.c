// SPDX-License-Identifier: BSD-2-Clause
/* The entries of access-control lists. (MS-DTYP 2.4.4) */
#include <nt/ntrtl.h>
#include <nt/ntse.h>

/* Whether entries of a type have flags and GUIDs between mask and SID. */
static BOOLEAN IsObjectAce(UCHAR Type)
{
    return (Type >= ACCESS_ALLOWED_OBJECT_ACE_TYPE && Type <= SYSTEM_ALARM_OBJECT_ACE_TYPE) ||
           Type == 0x0b || Type == 0x0c || Type == 0x0f || Type == 0x10; /* callbacks' objects */
}

static ULONG GuidBytes(ULONG Flags)
{
    return ((Flags & ACE_OBJECT_TYPE_PRESENT) ? sizeof(GUID) : 0) +
           ((Flags & ACE_INHERITED_OBJECT_TYPE_PRESENT) ? sizeof(GUID) : 0);
}

PSID RtlpSidOfAce(PACE_HEADER Ace)
{
    ULONG Offset = offsetof(ACCESS_ALLOWED_ACE, SidStart);
    const SID *Sid;

    if (IsObjectAce(Ace->AceType)) {
        if (Ace->AceSize < sizeof(ACCESS_ALLOWED_OBJECT_ACE))
            return NULL;
        Offset =
            sizeof(ACCESS_ALLOWED_OBJECT_ACE) + GuidBytes(((PACCESS_ALLOWED_OBJECT_ACE)Ace)->Flags);
    }
    Sid = (const SID *)((PUCHAR)Ace + Offset);
    if (Ace->AceSize < Offset + RtlLengthRequiredSid(0) ||
        Ace->AceSize < Offset + RtlLengthRequiredSid(Sid->SubAuthorityCount))
        return NULL;
    return (PSID)Sid;
}

typedef struct _NEW_ACE {
    ULONG Revision;
    UCHAR Type;
    ULONG Flags;
    ACCESS_MASK Mask;
    PSID Sid;
    const GUID *ObjectType;
    const GUID *InheritedObjectType;
} NEW_ACE;

static void FillAce(PUCHAR Place, const NEW_ACE *New, ULONG Size)
{
    *(PACCESS_ALLOWED_ACE)Place = (ACCESS_ALLOWED_ACE){
        {New->Type, (UCHAR)New->Flags, (USHORT)Size},
        New->Mask,
        (New->ObjectType ? ACE_OBJECT_TYPE_PRESENT : 0) |
            (New->InheritedObjectType ? ACE_INHERITED_OBJECT_TYPE_PRESENT : 0)};
    Place += IsObjectAce(New->Type) ? sizeof(ACCESS_ALLOWED_OBJECT_ACE)
                                    : offsetof(ACCESS_ALLOWED_ACE, SidStart);
    if (New->ObjectType) {
        memcpy(Place, New->ObjectType, sizeof(GUID));
        Place += sizeof(GUID);
    }
    if (New->InheritedObjectType) {
        memcpy(Place, New->InheritedObjectType, sizeof(GUID));
        Place += sizeof(GUID);
    }
    memcpy(Place, New->Sid, RtlLengthSid(New->Sid));
}

static ULONG SizeOf(const NEW_ACE *New)
{
    ULONG Size = offsetof(ACCESS_ALLOWED_ACE, SidStart) + RtlLengthSid(New->Sid);

    if (IsObjectAce(New->Type))
        Size += sizeof(ULONG);
    return Size + (New->ObjectType ? sizeof(GUID) : 0) +
           (New->InheritedObjectType ? sizeof(GUID) : 0);
}

static NTSTATUS Append(PACL Acl, const NEW_ACE *New)
{
    PVOID Place;
    ULONG Size;

    if (!RtlValidSid(New->Sid))
        return STATUS_INVALID_SID;
    if (Acl->AclRevision > MAX_ACL_REVISION || New->Revision < MIN_ACL_REVISION ||
        New->Revision > MAX_ACL_REVISION)
        return STATUS_REVISION_MISMATCH;
    if (!RtlValidAcl(Acl) || !RtlFirstFreeAce(Acl, &Place))
        return STATUS_INVALID_ACL;
    Size = SizeOf(New);
    if (!Place || Size > (SIZE_T)((PUCHAR)Acl + Acl->AclSize - (PUCHAR)Place))
        return STATUS_ALLOTTED_SPACE_EXCEEDED;
    FillAce(Place, New, Size);
    Acl->AceCount++;
    if (New->Revision > Acl->AclRevision)
        Acl->AclRevision = (UCHAR)New->Revision;
    return STATUS_SUCCESS;
}

/* Flags holds what ACEs inherit, and for audits when they speak. */
static NTSTATUS AppendChecked(PACL Acl, NEW_ACE New, ULONG ValidFlags)
{
    return New.Flags & ~ValidFlags ? STATUS_INVALID_PARAMETER : Append(Acl, &New);
}

NTSTATUS NTAPI RtlAddAccessAllowedAceEx(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                        ACCESS_MASK AccessMask, PSID Sid)
{
    NEW_ACE New = {AceRevision, ACCESS_ALLOWED_ACE_TYPE, AceFlags, AccessMask, Sid};

    return AppendChecked(Acl, New, VALID_INHERIT_FLAGS);
}

NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL Acl, ULONG AceRevision, ACCESS_MASK AccessMask, PSID Sid)
{
    return RtlAddAccessAllowedAceEx(Acl, AceRevision, 0, AccessMask, Sid);
}

NTSTATUS NTAPI RtlAddAccessDeniedAceEx(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                       ACCESS_MASK AccessMask, PSID Sid)
{
    NEW_ACE New = {AceRevision, ACCESS_DENIED_ACE_TYPE, AceFlags, AccessMask, Sid};

    return AppendChecked(Acl, New, VALID_INHERIT_FLAGS);
}

NTSTATUS NTAPI RtlAddAccessDeniedAce(PACL Acl, ULONG AceRevision, ACCESS_MASK AccessMask, PSID Sid)
{
    return RtlAddAccessDeniedAceEx(Acl, AceRevision, 0, AccessMask, Sid);
}

static ULONG AuditFlags(BOOLEAN Success, BOOLEAN Failure)
{
    return (Success ? SUCCESSFUL_ACCESS_ACE_FLAG : 0) | (Failure ? FAILED_ACCESS_ACE_FLAG : 0);
}

NTSTATUS NTAPI RtlAddAuditAccessAceEx(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                      ACCESS_MASK AccessMask, PSID Sid, BOOLEAN AuditSuccess,
                                      BOOLEAN AuditFailure)
{
    NEW_ACE New = {AceRevision, SYSTEM_AUDIT_ACE_TYPE,
                   AceFlags | AuditFlags(AuditSuccess, AuditFailure), AccessMask, Sid};

    return AppendChecked(Acl, New,
                         VALID_INHERIT_FLAGS | SUCCESSFUL_ACCESS_ACE_FLAG | FAILED_ACCESS_ACE_FLAG);
}

NTSTATUS NTAPI RtlAddAuditAccessAce(PACL Acl, ULONG AceRevision, ACCESS_MASK AccessMask, PSID Sid,
                                    BOOLEAN AuditSuccess, BOOLEAN AuditFailure)
{
    return RtlAddAuditAccessAceEx(Acl, AceRevision, 0, AccessMask, Sid, AuditSuccess, AuditFailure);
}

/* An entry for some kind of objects needs a list that may have such. Without GUIDs it is an
 * ordinary entry. */
static NTSTATUS AppendObject(PACL Acl, NEW_ACE New, UCHAR PlainType, ULONG ValidFlags)
{
    if (New.Revision < ACL_REVISION_DS)
        return STATUS_REVISION_MISMATCH;
    if (!New.ObjectType && !New.InheritedObjectType)
        New.Type = PlainType;
    return AppendChecked(Acl, New, ValidFlags);
}

NTSTATUS NTAPI RtlAddAccessAllowedObjectAce(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                            ACCESS_MASK AccessMask, const GUID *ObjectType,
                                            const GUID *InheritedObjectType, PSID Sid)
{
    NEW_ACE New = {
        AceRevision,        ACCESS_ALLOWED_OBJECT_ACE_TYPE, AceFlags, AccessMask, Sid, ObjectType,
        InheritedObjectType};

    return AppendObject(Acl, New, ACCESS_ALLOWED_ACE_TYPE, VALID_INHERIT_FLAGS);
}

NTSTATUS NTAPI RtlAddAccessDeniedObjectAce(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                           ACCESS_MASK AccessMask, const GUID *ObjectType,
                                           const GUID *InheritedObjectType, PSID Sid)
{
    NEW_ACE New = {
        AceRevision,        ACCESS_DENIED_OBJECT_ACE_TYPE, AceFlags, AccessMask, Sid, ObjectType,
        InheritedObjectType};

    return AppendObject(Acl, New, ACCESS_DENIED_ACE_TYPE, VALID_INHERIT_FLAGS);
}

NTSTATUS NTAPI RtlAddAuditAccessObjectAce(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                          ACCESS_MASK AccessMask, const GUID *ObjectType,
                                          const GUID *InheritedObjectType, PSID Sid,
                                          BOOLEAN AuditSuccess, BOOLEAN AuditFailure)
{
    NEW_ACE New = {AceRevision,
                   SYSTEM_AUDIT_OBJECT_ACE_TYPE,
                   AceFlags | AuditFlags(AuditSuccess, AuditFailure),
                   AccessMask,
                   Sid,
                   ObjectType,
                   InheritedObjectType};

    return AppendObject(Acl, New, SYSTEM_AUDIT_ACE_TYPE,
                        VALID_INHERIT_FLAGS | SUCCESSFUL_ACCESS_ACE_FLAG | FAILED_ACCESS_ACE_FLAG);
}

/* An integrity label: S-1-16-LEVEL. */
static BOOLEAN IsLabel(PSID Sid)
{
    static const UCHAR LabelAuthority[6] = {0, 0, 0, 0, 0, 16};
    const SID *Id = Sid;

    return RtlValidSid(Sid) && Id->SubAuthorityCount == 1 &&
           memcmp(&Id->IdentifierAuthority, LabelAuthority, sizeof(LabelAuthority)) == 0;
}

NTSTATUS NTAPI RtlAddMandatoryAce(PACL Acl, ULONG AceRevision, ULONG AceFlags, ULONG_PTR SidOrMask,
                                  UCHAR AceType, ULONG_PTR MaskOrSid)
{
    /* What is below 64 KB is no pointer. */
    BOOLEAN MaskFirst = SidOrMask < 0x10000 && MaskOrSid >= 0x10000;
    NEW_ACE New = {AceRevision, AceType, AceFlags, (ACCESS_MASK)(MaskFirst ? SidOrMask : MaskOrSid),
                   (PSID)(MaskFirst ? MaskOrSid : SidOrMask)};

    if (AceType != SYSTEM_MANDATORY_LABEL_ACE_TYPE ||
        (New.Mask & ~SYSTEM_MANDATORY_LABEL_VALID_MASK))
        return STATUS_INVALID_PARAMETER;
    if ((ULONG_PTR)New.Sid < 0x10000 || !IsLabel(New.Sid))
        return STATUS_INVALID_PARAMETER;
    return AppendChecked(Acl, New, VALID_INHERIT_FLAGS);
}
