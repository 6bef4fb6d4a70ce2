/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a descriptor grants a subject. Each entry of the list decides about those rights that no
 * entry before it has decided about, so one walk tells the most that is granted; what is asked for
 * is granted if it is among that. (MS-DTYP 2.5.3.2; Win32: AccessCheckByType)
 */
#include "accesscheck.h"

NTSTATUS KeGiveWay(void);

#define COMPARISONS_A_TURN 1024

typedef struct _CHECK {
    const SE_SUBJECT *Subject;
    PSE_NODE Nodes;
    ULONG Count;
    PSID Owner;
    ULONG Pass; /* 0: the SIDs, 1: the restricted ones */
    const SID_AND_ATTRIBUTES *Sids;
    ULONG SidCount;
    ULONG Comparisons;
} CHECK, *PCHECK;

static const SID PrincipalSelf = {1, 1, {{0, 0, 0, 0, 0, 5}}, {10}};
static const SID OwnerRights = {1, 1, {{0, 0, 0, 0, 0, 3}}, {4}};

/* Both are valid. */
BOOLEAN SepEqualSid(PSID First, PSID Second)
{
    const ULONG *One = First, *Other = Second;
    ULONG Words = 2u + ((const SID *)First)->SubAuthorityCount;

    /* The last word differs most often. */
    if (One[0] != Other[0])
        return FALSE;
    while (Words--)
        if (One[Words] != Other[Words])
            return FALSE;
    return TRUE;
}

ULONG SepLabelLevel(PSID Sid)
{
    static const SID_IDENTIFIER_AUTHORITY Authority = {{0, 0, 0, 0, 0, 16}};
    const SID *Label = Sid;

    return Label->SubAuthorityCount == 1 &&
                   memcmp(&Label->IdentifierAuthority, &Authority, sizeof(Authority)) == 0
               ? Label->SubAuthority[0]
               : MAXULONG;
}

/* Whether the subject has the SID, for an entry that denies or one that allows. The user counts
 * always, even without attributes. */
static BOOLEAN HasSid(PCHECK Check, PSID Sid, BOOLEAN Deny)
{
    ULONG i;

    if (Check->Subject->Self && SepEqualSid(Sid, (PSID)&PrincipalSelf))
        Sid = Check->Subject->Self;
    Check->Comparisons += Check->SidCount;
    for (i = 0; i < Check->SidCount; i++) {
        ULONG Attributes = Check->Sids[i].Attributes;

        if (!SepEqualSid(Check->Sids[i].Sid, Sid))
            continue;
        if (Attributes & SE_GROUP_USE_FOR_DENY_ONLY)
            return Deny;
        return i == 0 || Check->Pass || (Attributes & SE_GROUP_ENABLED);
    }
    return FALSE;
}

static void Decide(PCHECK Check, PSE_NODE Node, ACCESS_MASK Mask, BOOLEAN Deny)
{
    ULONG Pass = Check->Pass;

    if (Deny)
        Node->Denied[Pass] |= Mask & ~Node->Allowed[Pass];
    else
        Node->Allowed[Pass] |= Mask & ~Node->Denied[Pass];
}

/* The node and what is below it. */
static void DecideTree(PCHECK Check, ULONG Index, ACCESS_MASK Mask, BOOLEAN Deny)
{
    USHORT Level = Check->Nodes[Index].Level;

    do
        Decide(Check, &Check->Nodes[Index++], Mask, Deny);
    while (Index < Check->Count && Check->Nodes[Index].Level > Level);
}

/* What all that is directly below the node has been allowed. */
static ACCESS_MASK AllowedBelow(PCHECK Check, ULONG Index)
{
    USHORT Level = Check->Nodes[Index].Level;
    ACCESS_MASK Mask = ~0u;
    ULONG i;

    for (i = Index + 1; i < Check->Count && Check->Nodes[i].Level > Level; i++)
        if (Check->Nodes[i].Level == Level + 1)
            Mask &= Check->Nodes[i].Allowed[Check->Pass];
    return Mask;
}

/* What is denied below is denied above; what is allowed everywhere below is allowed above. */
static void DecideAbove(PCHECK Check, ULONG Index, ACCESS_MASK Mask, BOOLEAN Deny)
{
    USHORT Level = Check->Nodes[Index].Level;

    while (Level && Index--) {
        if (Check->Nodes[Index].Level >= Level)
            continue;
        Level = Check->Nodes[Index].Level;
        Decide(Check, &Check->Nodes[Index], Deny ? Mask : Mask & AllowedBelow(Check, Index), Deny);
    }
}

static ULONG FindNode(PCHECK Check, const GUID *Type)
{
    ULONG i;

    for (i = 0; i < Check->Count; i++)
        if (memcmp(&Check->Nodes[i].Type, Type, sizeof(*Type)) == 0)
            return i;
    return MAXULONG;
}

/* An entry about one kind says nothing about objects that are not told to consist of any. */
static void ApplyObjectAce(PCHECK Check, PACCESS_ALLOWED_OBJECT_ACE Ace, BOOLEAN Deny)
{
    BOOLEAN OneKind = (Ace->Flags & ACE_OBJECT_TYPE_PRESENT) != 0;
    ULONG Index = OneKind ? FindNode(Check, (const GUID *)(Ace + 1)) : 0;

    Check->Comparisons += Check->Count;
    if (Index == MAXULONG)
        return;
    DecideTree(Check, Index, Ace->Mask, Deny);
    DecideAbove(Check, Index, Ace->Mask, Deny);
}

/* What a condition says is not known: such an entry does not allow, but does deny. */
static void ApplyAce(PCHECK Check, PACE_HEADER Ace)
{
    BOOLEAN Deny = Ace->AceType == ACCESS_DENIED_ACE_TYPE ||
                   Ace->AceType == ACCESS_DENIED_OBJECT_ACE_TYPE ||
                   Ace->AceType == ACCESS_DENIED_CALLBACK_ACE_TYPE;
    PSID Sid;

    if (!Deny && Ace->AceType != ACCESS_ALLOWED_ACE_TYPE &&
        Ace->AceType != ACCESS_ALLOWED_OBJECT_ACE_TYPE)
        return;
    if (Ace->AceFlags & INHERIT_ONLY_ACE)
        return;
    Sid = RtlpSidOfAce(Ace);
    if (!Sid)
        return;
    if (SepEqualSid(Sid, (PSID)&OwnerRights))
        Sid = Check->Owner;
    if (!Sid || !HasSid(Check, Sid, Deny))
        return;
    if (Ace->AceType == ACCESS_ALLOWED_OBJECT_ACE_TYPE ||
        Ace->AceType == ACCESS_DENIED_OBJECT_ACE_TYPE)
        ApplyObjectAce(Check, (PACCESS_ALLOWED_OBJECT_ACE)Ace, Deny);
    else
        DecideTree(Check, 0, ((PACCESS_ALLOWED_ACE)Ace)->Mask, Deny);
}

static PACE_HEADER NextAce(PACE_HEADER Ace)
{
    return (PACE_HEADER)((PUCHAR)Ace + Ace->AceSize);
}

static void Pause(PCHECK Check)
{
    if (Check->Comparisons < COMPARISONS_A_TURN)
        return;
    Check->Comparisons = 0;
    KeGiveWay();
}

/* Whether the list itself says what its owner may do. */
static BOOLEAN HasOwnerRights(PCHECK Check, PACL Dacl)
{
    PACE_HEADER Ace = (PACE_HEADER)(Dacl + 1);
    ULONG i;

    for (i = 0; i < Dacl->AceCount; i++, Ace = NextAce(Ace), Check->Comparisons++, Pause(Check)) {
        PSID Sid = Ace->AceType <= ACCESS_DENIED_ACE_TYPE && !(Ace->AceFlags & INHERIT_ONLY_ACE)
                       ? RtlpSidOfAce(Ace)
                       : NULL;

        if (Sid && SepEqualSid(Sid, (PSID)&OwnerRights))
            return TRUE;
    }
    return FALSE;
}

static void WalkDacl(PCHECK Check, PACL Dacl)
{
    PACE_HEADER Ace = (PACE_HEADER)(Dacl + 1);
    ULONG i;

    if (Check->Owner && HasSid(Check, Check->Owner, FALSE) && !HasOwnerRights(Check, Dacl))
        DecideTree(Check, 0, READ_CONTROL | WRITE_DAC, FALSE);
    for (i = 0; i < Dacl->AceCount; i++, Ace = NextAce(Ace)) {
        ApplyAce(Check, Ace);
        Check->Comparisons++;
        Pause(Check);
    }
}

void SepGetLabel(PACL Sacl, PULONG Level, PACCESS_MASK Policy)
{
    PACE_HEADER Ace = Sacl ? (PACE_HEADER)(Sacl + 1) : NULL;
    ULONG i;

    *Level = SECURITY_MANDATORY_MEDIUM_RID;
    *Policy = SYSTEM_MANDATORY_LABEL_NO_WRITE_UP;
    for (i = 0; Sacl && i < Sacl->AceCount; i++, Ace = NextAce(Ace)) {
        PSID Sid =
            Ace->AceType == SYSTEM_MANDATORY_LABEL_ACE_TYPE && !(Ace->AceFlags & INHERIT_ONLY_ACE)
                ? RtlpSidOfAce(Ace)
                : NULL;

        if (i % COMPARISONS_A_TURN == COMPARISONS_A_TURN - 1)
            KeGiveWay();
        if (!Sid || SepLabelLevel(Sid) == MAXULONG)
            continue;
        *Level = SepLabelLevel(Sid);
        *Policy = ((PACCESS_ALLOWED_ACE)Ace)->Mask;
        return;
    }
}

/* What the label leaves to a subject below it: what reading, writing and executing are, as far as
 * it does not keep it from them. */
static ACCESS_MASK BelowLabel(const SE_SUBJECT *Subject, PACL Sacl, const GENERIC_MAPPING *Mapping)
{
    ACCESS_MASK Policy, Left = 0;
    ULONG Level;

    if (!Subject->NoWriteUp)
        return ~0u;
    SepGetLabel(Sacl, &Level, &Policy);
    if (Subject->Integrity >= Level || !(Policy & SYSTEM_MANDATORY_LABEL_VALID_MASK))
        return ~0u;
    if (!(Policy & SYSTEM_MANDATORY_LABEL_NO_READ_UP))
        Left |= Mapping->GenericRead;
    if (!(Policy & SYSTEM_MANDATORY_LABEL_NO_WRITE_UP))
        Left |= Mapping->GenericWrite;
    if (!(Policy & SYSTEM_MANDATORY_LABEL_NO_EXECUTE_UP))
        Left |= Mapping->GenericExecute;
    return Left;
}

static void Combine(const SE_SUBJECT *Subject, const GENERIC_MAPPING *Mapping, ACCESS_MASK Left,
                    PSE_NODE Node)
{
    ACCESS_MASK Free = 0;

    Node->Granted = Node->Allowed[0];
    if (Subject->WriteRestricted)
        Free = (Mapping->GenericRead | Mapping->GenericExecute) & ~Mapping->GenericWrite;
    if (Subject->Restricted)
        Node->Granted &= Node->Allowed[1] | Free;
    Node->Granted &= Left;
    if (Subject->TakeOwnership)
        Node->Granted |= WRITE_OWNER;
}

void SepAccessCheck(const SE_SUBJECT *Subject, PSECURITY_DESCRIPTOR Descriptor,
                    const GENERIC_MAPPING *Mapping, PSE_NODE Nodes, ULONG Count)
{
    CHECK Check = {.Subject = Subject, .Nodes = Nodes, .Count = Count};
    PACL Dacl = NULL, Sacl = NULL;
    BOOLEAN Present, Defaulted;
    ACCESS_MASK Left;
    ULONG i;

    RtlGetOwnerSecurityDescriptor(Descriptor, &Check.Owner, &Defaulted);
    RtlGetDaclSecurityDescriptor(Descriptor, &Present, &Dacl, &Defaulted);
    RtlGetSaclSecurityDescriptor(Descriptor, &Present, &Sacl, &Defaulted);
    for (Check.Pass = 0; Check.Pass < (Subject->Restricted ? 2u : 1u); Check.Pass++) {
        Check.Sids = Check.Pass ? Subject->Restricted : Subject->Sids;
        Check.SidCount = Check.Pass ? Subject->RestrictedCount : Subject->SidCount;
        if (Dacl)
            WalkDacl(&Check, Dacl);
        else
            DecideTree(&Check, 0, SPECIFIC_RIGHTS_ALL | STANDARD_RIGHTS_ALL, FALSE);
    }
    Left = BelowLabel(Subject, Sacl, Mapping);
    for (i = 0; i < Count; i++)
        Combine(Subject, Mapping, Left, &Nodes[i]);
}
