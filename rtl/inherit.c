// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a new object's security descriptor is. Lists are made twice: first they are measured, then
 * they are written. (MS-DTYP 2.5.3.4; Win32: CreatePrivateObjectSecurityEx)
 */
#include <nt/ntrtl.h>
#include <nt/ntse.h>
#include "giveway.h"

/* A list in the making; Entries NULL: it is only measured. */
typedef struct _BUILDER {
    const RTL_NEW_SECURITY *New;
    PSID Owner; /* in place of CREATOR OWNER and CREATOR GROUP */
    PSID Group;
    PUCHAR Entries;
    ULONG Used; /* bytes */
    ULONG Count;
    UCHAR Revision;
} BUILDER, *PBUILDER;

#define INHERITANCE (OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE)

/* S-1-3-0 and S-1-3-1 stand for whoever makes an object. */
static PSID Substitute(const BUILDER *Builder, PSID Sid)
{
    static const UCHAR CreatorAuthority[6] = {0, 0, 0, 0, 0, 3};
    const SID *Id = Sid;

    if (Id->SubAuthorityCount != 1 || Id->SubAuthority[0] > 1 ||
        memcmp(&Id->IdentifierAuthority, CreatorAuthority, sizeof(CreatorAuthority)) != 0)
        return Sid;
    return Id->SubAuthority[0] == 0 ? Builder->Owner : Builder->Group;
}

static ACCESS_MASK MapMask(const BUILDER *Builder, ACCESS_MASK Mask)
{
    if (Builder->New->Mapping)
        RtlMapGenericMask(&Mask, Builder->New->Mapping);
    return Mask;
}

/* Entries of kinds that are not known have no SID, and no mask that anybody maps. */
static PSID SidOf(PACE_HEADER Ace)
{
    return Ace->AceType == ACCESS_ALLOWED_COMPOUND_ACE_TYPE ||
                   Ace->AceType > SYSTEM_MANDATORY_LABEL_ACE_TYPE
               ? NULL
               : RtlpSidOfAce(Ace);
}

/* Whether an entry means something else once it is in effect on an object. */
static BOOLEAN IsGeneric(const BUILDER *Builder, PACE_HEADER Ace)
{
    PSID Sid = SidOf(Ace);
    ACCESS_MASK Mask;

    if (!Sid)
        return FALSE;
    Mask = ((PACCESS_ALLOWED_ACE)Ace)->Mask;
    return Substitute(Builder, Sid) != Sid || MapMask(Builder, Mask) != Mask;
}

/* Where the next entry goes; NULL while it is only measured. */
static PVOID NextPlace(const BUILDER *Builder)
{
    return Builder->Entries ? Builder->Entries + Builder->Used : NULL;
}

static void Emit(PBUILDER Builder, PACE_HEADER Ace, UCHAR Flags)
{
    PACE_HEADER Copy = NextPlace(Builder);

    if (Copy) {
        memcpy(Copy, Ace, Ace->AceSize);
        Copy->AceFlags = Flags;
    }
    Builder->Used += Ace->AceSize;
    Builder->Count++;
}

/* With the SID and the mask that count on this object. What was behind the SID stays behind it. */
static void EmitEffective(PBUILDER Builder, PACE_HEADER Ace, UCHAR Flags)
{
    PSID Sid = SidOf(Ace), NewSid;
    ULONG Before, OldLength, NewLength, Behind;
    PUCHAR Copy = NextPlace(Builder);

    if (!Sid) {
        Emit(Builder, Ace, Flags);
        return;
    }
    NewSid = Substitute(Builder, Sid);
    Before = (ULONG)((PUCHAR)Sid - (PUCHAR)Ace);
    OldLength = RtlLengthSid(Sid);
    NewLength = RtlLengthSid(NewSid);
    Behind = Ace->AceSize - Before - OldLength;
    if (Copy) {
        memcpy(Copy, Ace, Before);
        memcpy(Copy + Before, NewSid, NewLength);
        memcpy(Copy + Before + NewLength, (PUCHAR)Sid + OldLength, Behind);
        ((PACE_HEADER)Copy)->AceFlags = Flags;
        ((PACE_HEADER)Copy)->AceSize = (USHORT)(Before + NewLength + Behind);
        ((PACCESS_ALLOWED_ACE)Copy)->Mask = MapMask(Builder, ((PACCESS_ALLOWED_ACE)Ace)->Mask);
    }
    Builder->Used += Before + NewLength + Behind;
    Builder->Count++;
}

/* An entry that is in effect here and handed down, too, is two if the one here means something
 * else. */
static void EmitBoth(PBUILDER Builder, PACE_HEADER Ace, UCHAR OwnFlags, UCHAR DownFlags)
{
    if (!IsGeneric(Builder, Ace)) {
        Emit(Builder, Ace, OwnFlags | DownFlags);
        return;
    }
    EmitEffective(Builder, Ace, OwnFlags);
    Emit(Builder, Ace, OwnFlags | DownFlags | INHERIT_ONLY_ACE);
}

/* Whether an entry that is handed down to objects of one kind only is meant for this one. */
static BOOLEAN IsForThisKind(const BUILDER *Builder, PACE_HEADER Ace)
{
    PACCESS_ALLOWED_OBJECT_ACE Object = (PACCESS_ALLOWED_OBJECT_ACE)Ace;
    const UCHAR *Kind = (const UCHAR *)(Object + 1);

    if (Ace->AceType < ACCESS_ALLOWED_OBJECT_ACE_TYPE ||
        Ace->AceType > SYSTEM_ALARM_OBJECT_ACE_TYPE ||
        !(Object->Flags & ACE_INHERITED_OBJECT_TYPE_PRESENT))
        return TRUE;
    if (Object->Flags & ACE_OBJECT_TYPE_PRESENT)
        Kind += sizeof(GUID);
    for (ULONG i = 0; i < Builder->New->ObjectTypeCount; i++) {
        if (memcmp(Kind, Builder->New->ObjectTypes[i], sizeof(GUID)) == 0)
            return TRUE;
    }
    return FALSE;
}

static void InheritAce(PBUILDER Builder, PACE_HEADER Ace, UCHAR Mark)
{
    BOOLEAN Container = Builder->New->IsContainer;
    UCHAR Down =
        Container && !(Ace->AceFlags & NO_PROPAGATE_INHERIT_ACE) ? Ace->AceFlags & INHERITANCE : 0;
    UCHAR Wanted = Container ? CONTAINER_INHERIT_ACE : OBJECT_INHERIT_ACE;
    UCHAR Audit = Ace->AceFlags & (SUCCESSFUL_ACCESS_ACE_FLAG | FAILED_ACCESS_ACE_FLAG);
    BOOLEAN Effective = (Ace->AceFlags & Wanted) && IsForThisKind(Builder, Ace);

    if (Effective && Down)
        EmitBoth(Builder, Ace, Audit | Mark, Down);
    else if (Effective)
        EmitEffective(Builder, Ace, Audit | Mark);
    else if (Down)
        Emit(Builder, Ace, Audit | Mark | Down | INHERIT_ONLY_ACE);
}

/* What somebody has given for this object. */
static void ExplicitAce(PBUILDER Builder, PACE_HEADER Ace)
{
    UCHAR Down = Ace->AceFlags & (INHERITANCE | NO_PROPAGATE_INHERIT_ACE);
    UCHAR Own = Ace->AceFlags & ~(INHERITANCE | NO_PROPAGATE_INHERIT_ACE | INHERIT_ONLY_ACE);

    if (Ace->AceFlags & INHERIT_ONLY_ACE)
        Emit(Builder, Ace, Ace->AceFlags);
    else if (Down & INHERITANCE)
        EmitBoth(Builder, Ace, Own, Down);
    else
        EmitEffective(Builder, Ace, Ace->AceFlags);
}

static void UseRevision(PBUILDER Builder, PACL Acl)
{
    if (Acl->AclRevision > Builder->Revision)
        Builder->Revision = Acl->AclRevision;
}

/* The entry after one, which is the number Index; gives way now and then. */
static PACE_HEADER NextAce(PACE_HEADER Ace, ULONG Index)
{
    if (Index % 64 == 63)
        RtlpGiveWay();
    return (PACE_HEADER)((PUCHAR)Ace + Ace->AceSize);
}

static void InheritAll(PBUILDER Builder, PACL Parent, UCHAR Mark)
{
    PACE_HEADER Ace;

    if (!Parent)
        return;
    Ace = (PACE_HEADER)(Parent + 1);
    for (ULONG i = 0; i < Parent->AceCount; i++, Ace = NextAce(Ace, i))
        InheritAce(Builder, Ace, Mark);
    if (Builder->Count)
        UseRevision(Builder, Parent);
}

/* Of a list that comes with inherited entries, the parent's take their place. */
static void TakeExplicit(PBUILDER Builder, PACL Acl, BOOLEAN WithInherited)
{
    PACE_HEADER Ace;

    if (!Acl)
        return;
    UseRevision(Builder, Acl);
    Ace = (PACE_HEADER)(Acl + 1);
    for (ULONG i = 0; i < Acl->AceCount; i++, Ace = NextAce(Ace, i)) {
        if (WithInherited || !(Ace->AceFlags & INHERITED_ACE))
            ExplicitAce(Builder, Ace);
    }
}

/* One of the two lists: where it comes from. Its bits in Control are those of a SACL if Sacl. */
typedef struct _SOURCE {
    PACL Parent;
    PACL Creator;
    PACL Token;
    BOOLEAN Given; /* the creator has given one, perhaps NULL: everybody may do everything */
    BOOLEAN ForWant;
    BOOLEAN Protected;
    BOOLEAN Auto;
    BOOLEAN Sacl;
} SOURCE;

static void GetSource(const RTL_NEW_SECURITY *New, BOOLEAN Sacl, SOURCE *Source)
{
    NTSTATUS(NTAPI * Get)
    (PSECURITY_DESCRIPTOR, PBOOLEAN, PACL *, PBOOLEAN) =
        Sacl ? RtlGetSaclSecurityDescriptor : RtlGetDaclSecurityDescriptor;
    BOOLEAN Present, Defaulted = FALSE;
    PISECURITY_DESCRIPTOR Creator = New->Creator;

    memset(Source, 0, sizeof(*Source));
    Source->Sacl = Sacl;
    Source->Token = Sacl ? NULL : New->TokenDacl;
    Source->Auto =
        (New->AutoInheritFlags & (Sacl ? SEF_SACL_AUTO_INHERIT : SEF_DACL_AUTO_INHERIT)) != 0;
    if (New->Parent)
        Get(New->Parent, &Present, &Source->Parent, &Defaulted);
    if (!Creator)
        return;
    Defaulted = FALSE;
    Get(Creator, &Source->Given, &Source->Creator, &Defaulted);
    Source->ForWant = Defaulted || (New->AutoInheritFlags & SEF_DEFAULT_DESCRIPTOR_FOR_OBJECT) != 0;
    Source->Protected = (Creator->Control & (Sacl ? SE_SACL_PROTECTED : SE_DACL_PROTECTED)) != 0;
}

/* Fills a list and says in *Control what it is; *Null: there is one, and it is NULL. */
static void BuildAcl(PBUILDER Builder, const SOURCE *Source, PUSHORT Control, PBOOLEAN Null)
{
    USHORT Present = Source->Sacl ? SE_SACL_PRESENT : SE_DACL_PRESENT;
    USHORT Defaulted = Source->Sacl ? SE_SACL_DEFAULTED : SE_DACL_DEFAULTED;
    USHORT AutoInherited = Source->Sacl ? SE_SACL_AUTO_INHERITED : SE_DACL_AUTO_INHERITED;
    UCHAR Mark = Source->Auto ? INHERITED_ACE : 0;

    *Null = FALSE;
    if (Source->Auto && !Source->Protected)
        *Control |= AutoInherited;
    if (Source->Protected)
        *Control |= Source->Sacl ? SE_SACL_PROTECTED : SE_DACL_PROTECTED;
    if (Source->Given && !Source->ForWant) {
        *Null = !Source->Creator;
        TakeExplicit(Builder, Source->Creator, !Source->Auto || Source->Protected);
        if (Source->Auto && !Source->Protected && Source->Creator)
            InheritAll(Builder, Source->Parent, Mark);
        *Control |= Present;
        return;
    }
    if (!Source->Protected)
        InheritAll(Builder, Source->Parent, Mark);
    if (!Builder->Count && Source->Given) {
        *Null = !Source->Creator;
        TakeExplicit(Builder, Source->Creator, TRUE);
        *Control |= Present | Defaulted;
    } else if (!Builder->Count && Source->Token) {
        TakeExplicit(Builder, Source->Token, TRUE);
        *Control |= Present | Defaulted;
    } else if (Builder->Count) {
        *Control |= Present;
    }
}

/* Owner or group: the creator's word, the parent's if that is asked for, the token's. */
static PSID ChooseSid(const RTL_NEW_SECURITY *New, BOOLEAN Group, PUSHORT Control)
{
    NTSTATUS(NTAPI * Get)
    (PSECURITY_DESCRIPTOR, PSID *, PBOOLEAN) =
        Group ? RtlGetGroupSecurityDescriptor : RtlGetOwnerSecurityDescriptor;
    ULONG FromParent = Group ? SEF_DEFAULT_GROUP_FROM_PARENT : SEF_DEFAULT_OWNER_FROM_PARENT;
    BOOLEAN Defaulted;
    PSID Sid = NULL;

    if (New->Creator)
        Get(New->Creator, &Sid, &Defaulted);
    if (Sid)
        return Sid;
    *Control |= Group ? SE_GROUP_DEFAULTED : SE_OWNER_DEFAULTED;
    if (New->Parent && (New->AutoInheritFlags & FromParent))
        Get(New->Parent, &Sid, &Defaulted);
    if (Sid)
        return Sid;
    return Group ? New->TokenGroup : New->TokenOwner;
}

/* Measures a list if Acl is NULL, else writes it there. Returns its bytes, 0 for none. */
static ULONG MakeAcl(const RTL_NEW_SECURITY *New, PSID Owner, PSID Group, BOOLEAN Sacl, PACL Acl,
                     PUSHORT Control)
{
    BUILDER Builder = {New, Owner, Group, Acl ? (PUCHAR)(Acl + 1) : NULL, 0, 0, ACL_REVISION};
    SOURCE Source;
    BOOLEAN Null;
    ULONG Size;

    GetSource(New, Sacl, &Source);
    BuildAcl(&Builder, &Source, Control, &Null);
    if (Null || !(*Control & (Sacl ? SE_SACL_PRESENT : SE_DACL_PRESENT)))
        return 0;
    Size = sizeof(ACL) + Builder.Used;
    if (Acl)
        *Acl = (ACL){Builder.Revision, 0, (USHORT)Size, (USHORT)Builder.Count, 0};
    return Size;
}

static BOOLEAN ValidOrNone(PSECURITY_DESCRIPTOR Descriptor)
{
    return !Descriptor || RtlValidSecurityDescriptor(Descriptor);
}

NTSTATUS RtlpNewSecurityDescriptor(const RTL_NEW_SECURITY *New, PSECURITY_DESCRIPTOR Descriptor,
                                   PULONG Length)
{
    PISECURITY_DESCRIPTOR_RELATIVE To = Descriptor;
    USHORT Control = SE_SELF_RELATIVE, Ignored = 0;
    ULONG SaclSize, DaclSize, OwnerSize, GroupSize = 0, Size = sizeof(*To), Room = *Length;
    PSID Owner, Group;

    if (!ValidOrNone(New->Parent) || !ValidOrNone(New->Creator))
        return STATUS_INVALID_SECURITY_DESCR;
    Owner = ChooseSid(New, FALSE, &Control);
    Group = ChooseSid(New, TRUE, &Control);
    if (!RtlValidSid(Owner))
        return STATUS_INVALID_OWNER;
    if (!RtlValidSid(Group))
        return STATUS_INVALID_PRIMARY_GROUP;
    SaclSize = MakeAcl(New, Owner, Group, TRUE, NULL, &Control);
    DaclSize = MakeAcl(New, Owner, Group, FALSE, NULL, &Control);
    if (SaclSize > MAXUSHORT || DaclSize > MAXUSHORT)
        return STATUS_BAD_INHERITANCE_ACL;
    OwnerSize = RtlLengthSid(Owner);
    GroupSize = RtlLengthSid(Group);
    *Length = Size + SaclSize + DaclSize + OwnerSize + GroupSize;
    if (Room < *Length)
        return STATUS_BUFFER_TOO_SMALL;
    *To = (SECURITY_DESCRIPTOR_RELATIVE){SECURITY_DESCRIPTOR_REVISION, 0, Control};
    To->Sacl = SaclSize ? Size : 0;
    To->Dacl = DaclSize ? Size + SaclSize : 0;
    To->Owner = Size + SaclSize + DaclSize;
    To->Group = To->Owner + OwnerSize;
    if (SaclSize)
        MakeAcl(New, Owner, Group, TRUE, (PACL)((PUCHAR)To + To->Sacl), &Ignored);
    if (DaclSize)
        MakeAcl(New, Owner, Group, FALSE, (PACL)((PUCHAR)To + To->Dacl), &Ignored);
    memcpy((PUCHAR)To + To->Owner, Owner, OwnerSize);
    memcpy((PUCHAR)To + To->Group, Group, GroupSize);
    return STATUS_SUCCESS;
}
