// SPDX-License-Identifier: BSD-2-Clause
// sources: ntos/se/accesscheck.c rtl/access.c rtl/sid.c rtl/acl.c rtl/ace.c rtl/descriptor.c
// sources: rtl/selfrelative.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intos/se -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "accesscheck.h"

NTSTATUS KeGiveWay(void)
{
    return STATUS_SUCCESS;
}

static const SID World = {1, 1, {{0, 0, 0, 0, 0, 1}}, {0}};
static const SID User = {1, 1, {{0, 0, 0, 0, 0, 5}}, {99}};
static const SID Group = {1, 1, {{0, 0, 0, 0, 0, 5}}, {11}};
static const SID Nobody = {1, 1, {{0, 0, 0, 0, 0, 5}}, {7}};
static const SID Medium = {1, 1, {{0, 0, 0, 0, 0, 16}}, {0x2000}};
static const SID High = {1, 1, {{0, 0, 0, 0, 0, 16}}, {0x3000}};
static const GENERIC_MAPPING Mapping = {0x1, 0x2, 0x4, 0x7};

static SID_AND_ATTRIBUTES Sids[3], Restricting[1];
static SE_SUBJECT Subject;
static SECURITY_DESCRIPTOR Descriptor;
static ULONG DaclBuffer[128], SaclBuffer[32];
static PACL const Dacl = (PACL)DaclBuffer, Sacl = (PACL)SaclBuffer;

static void Begin(void)
{
    Sids[0] = (SID_AND_ATTRIBUTES){(PSID)&User, 0};
    Sids[1] = (SID_AND_ATTRIBUTES){(PSID)&World, SE_GROUP_ENABLED};
    Sids[2] = (SID_AND_ATTRIBUTES){(PSID)&Group, SE_GROUP_ENABLED};
    Subject = (SE_SUBJECT){.Sids = Sids, .SidCount = 3, .NoWriteUp = TRUE, .Integrity = 0x2000};
    RtlCreateAcl(Dacl, sizeof(DaclBuffer), ACL_REVISION_DS);
    RtlCreateAcl(Sacl, sizeof(SaclBuffer), ACL_REVISION);
    RtlCreateSecurityDescriptor(&Descriptor, 1);
    Descriptor.Owner = Descriptor.Group = (PSID)&Nobody;
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, Dacl, FALSE);
}

static ACCESS_MASK Most(void)
{
    SE_NODE Node = {0};

    SepAccessCheck(&Subject, &Descriptor, &Mapping, &Node, 1);
    return Node.Granted;
}

TEST(entries_decide_in_their_order)
{
    Begin();
    CHECK_EQUAL(Most(), 0);
    RtlAddAccessDeniedAce(Dacl, 2, 0x1, (PSID)&Group);
    RtlAddAccessAllowedAce(Dacl, 2, 0x3, (PSID)&World);
    RtlAddAccessDeniedAce(Dacl, 2, 0x2, (PSID)&User);
    RtlAddAccessAllowedAce(Dacl, 2, 0x8, (PSID)&Nobody);
    CHECK_EQUAL(Most(), 0x2);
    Sids[2].Attributes = 0;
    CHECK_EQUAL(Most(), 0x3);
    Sids[2].Attributes = SE_GROUP_USE_FOR_DENY_ONLY;
    CHECK_EQUAL(Most(), 0x2);
    Sids[1].Attributes = SE_GROUP_USE_FOR_DENY_ONLY;
    CHECK_EQUAL(Most(), 0);
}

TEST(what_is_inherited_only_is_not_in_effect)
{
    Begin();
    RtlAddAccessAllowedAceEx(Dacl, 2, INHERIT_ONLY_ACE | OBJECT_INHERIT_ACE, 0x1, (PSID)&User);
    CHECK_EQUAL(Most(), 0);
}

TEST(no_list_grants_everything)
{
    Begin();
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, NULL, FALSE);
    CHECK_EQUAL(Most(), 0x1fffff);
    RtlSetDaclSecurityDescriptor(&Descriptor, FALSE, NULL, FALSE);
    CHECK_EQUAL(Most(), 0x1fffff);
}

TEST(the_owner_reads_and_writes_the_list)
{
    static const SID OwnerRights = {1, 1, {{0, 0, 0, 0, 0, 3}}, {4}};

    Begin();
    Descriptor.Owner = (PSID)&User;
    Subject.NoWriteUp = FALSE;
    CHECK_EQUAL(Most(), READ_CONTROL | WRITE_DAC);
    Sids[0].Attributes = SE_GROUP_USE_FOR_DENY_ONLY;
    CHECK_EQUAL(Most(), 0);
    Sids[0].Attributes = 0;
    RtlAddAccessAllowedAce(Dacl, 2, 0x4, (PSID)&OwnerRights);
    CHECK_EQUAL(Most(), 0x4);
    Subject.TakeOwnership = TRUE;
    CHECK_EQUAL(Most(), 0x4 | WRITE_OWNER);
}

TEST(restricting_sids_grant_as_well)
{
    Begin();
    RtlAddAccessAllowedAce(Dacl, 2, 0x3, (PSID)&User);
    RtlAddAccessAllowedAce(Dacl, 2, 0x1, (PSID)&Nobody);
    Restricting[0] = (SID_AND_ATTRIBUTES){(PSID)&Nobody, SE_GROUP_ENABLED};
    Subject.Restricted = Restricting;
    Subject.RestrictedCount = 1;
    CHECK_EQUAL(Most(), 0x1);
    Subject.RestrictedCount = 0;
    CHECK_EQUAL(Most(), 0);
    Subject.WriteRestricted = TRUE;
    CHECK_EQUAL(Most(), 0x1);
}

TEST(labels_keep_off_who_is_below)
{
    Begin();
    RtlAddAccessAllowedAce(Dacl, 2, 0x7, (PSID)&User);
    RtlSetSaclSecurityDescriptor(&Descriptor, TRUE, Sacl, FALSE);
    CHECK_EQUAL(Most(), 0x7);
    RtlAddMandatoryAce(Sacl, 2, 0, (ULONG_PTR)&High, SYSTEM_MANDATORY_LABEL_ACE_TYPE, 0x1);
    CHECK_EQUAL(Most(), 0x5);
    RtlCreateAcl(Sacl, sizeof(SaclBuffer), ACL_REVISION);
    RtlAddMandatoryAce(Sacl, 2, 0, (ULONG_PTR)&Medium, SYSTEM_MANDATORY_LABEL_ACE_TYPE, 0x7);
    CHECK_EQUAL(Most(), 0x7);
    Subject.Integrity = 0x1000;
    CHECK_EQUAL(Most(), 0);
    Subject.NoWriteUp = FALSE;
    CHECK_EQUAL(Most(), 0x7);
}

TEST(kinds_are_a_tree)
{
    static const GUID Kinds[3] = {{1}, {2}, {3}};
    SE_NODE Nodes[3] = {{0, Kinds[0]}, {1, Kinds[1]}, {1, Kinds[2]}};

    Begin();
    RtlAddAccessAllowedObjectAce(Dacl, 4, 0, 0x1, &Kinds[1], NULL, (PSID)&User);
    SepAccessCheck(&Subject, &Descriptor, &Mapping, Nodes, 3);
    CHECK_EQUAL(Nodes[0].Granted, 0);
    CHECK_EQUAL(Nodes[1].Granted, 0x1);
    CHECK_EQUAL(Nodes[2].Granted, 0);
    RtlAddAccessAllowedObjectAce(Dacl, 4, 0, 0x1, &Kinds[2], NULL, (PSID)&User);
    SepAccessCheck(&Subject, &Descriptor, &Mapping, Nodes, 3);
    CHECK_EQUAL(Nodes[0].Granted, 0x1);
}

TEST(damaged_lists_are_read_within_their_bounds)
{
    ULONG Seed = 1, Round, i;

    for (Round = 0; Round < 20000; Round++) {
        Begin();
        RtlAddAccessAllowedAce(Dacl, 2, 0x1, (PSID)&User);
        RtlAddAccessAllowedObjectAce(Dacl, 4, 0, 0x2, &(GUID){5}, NULL, (PSID)&World);
        RtlAddAccessDeniedAce(Dacl, 2, 0x4, (PSID)&Group);
        for (i = 0; i < 3; i++) {
            Seed = Seed * 1664525 + 1013904223;
            ((PUCHAR)DaclBuffer)[(Seed >> 8) % 100] = (UCHAR)(Seed >> 24);
        }
        if (Dacl->AclSize <= sizeof(DaclBuffer) && RtlValidSecurityDescriptor(&Descriptor))
            Most();
    }
}
