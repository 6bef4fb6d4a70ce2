// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/inherit.c rtl/access.c rtl/sid.c rtl/acl.c rtl/ace.c rtl/descriptor.c
// sources: rtl/selfrelative.c ntdll/rtl/securityobject.c rtl/memory.c rtl/arch/x86_64/copy.c
// options: -Iinclude -Intdll/inc -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include "process.h"

static const SID System = {1, 1, {{0, 0, 0, 0, 0, 5}}, {18}};
static const SID World = {1, 1, {{0, 0, 0, 0, 0, 1}}, {0}};
static const SID CreatorOwner = {1, 1, {{0, 0, 0, 0, 0, 3}}, {0}};
static const struct {
    SID Sid;
    ULONG More[2];
} User = {{1, 3, {{0, 0, 0, 0, 0, 5}}, {21}}, {7, 1001}};

static const GENERIC_MAPPING Mapping = {0x1, 0x2, 0x4, 0x1f};

static ULONG ParentList[100], CreatorList[100];
static SECURITY_DESCRIPTOR Parent, Creator;
static RTL_NEW_SECURITY New;
static PSECURITY_DESCRIPTOR Result;
static PACL Dacl;
static SECURITY_DESCRIPTOR_CONTROL Control;

static void Begin(BOOLEAN IsContainer, ULONG Flags)
{
    RtlCreateAcl((PACL)ParentList, sizeof(ParentList), ACL_REVISION_DS);
    RtlCreateAcl((PACL)CreatorList, sizeof(CreatorList), ACL_REVISION);
    RtlCreateSecurityDescriptor(&Parent, 1);
    RtlSetDaclSecurityDescriptor(&Parent, TRUE, (PACL)ParentList, FALSE);
    RtlCreateSecurityDescriptor(&Creator, 1);
    New = (RTL_NEW_SECURITY){&Parent, NULL, (PSID)&User, (PSID)&System, NULL,
                             NULL,    0,    IsContainer, Flags,         &Mapping};
}

/* Into a buffer of exactly the size that it asks for. */
static NTSTATUS Make(void)
{
    ULONG Length = 0, Revision;
    BOOLEAN Present, Defaulted;
    NTSTATUS Status = RtlpNewSecurityDescriptor(&New, NULL, &Length);

    free(Result);
    Result = NULL;
    if (Status != STATUS_BUFFER_TOO_SMALL)
        return Status;
    Result = malloc(Length);
    Status = RtlpNewSecurityDescriptor(&New, Result, &Length);
    CHECK(RtlValidSecurityDescriptor(Result));
    CHECK_EQUAL(RtlLengthSecurityDescriptor(Result), Length);
    Dacl = NULL;
    RtlGetDaclSecurityDescriptor(Result, &Present, &Dacl, &Defaulted);
    RtlGetControlSecurityDescriptor(Result, &Control, &Revision);
    return Status;
}

static void CheckEntry(ULONG Index, UCHAR Flags, ACCESS_MASK Mask, const void *Sid)
{
    PACCESS_ALLOWED_ACE Ace;

    if (!Dacl || !NT_SUCCESS(RtlGetAce(Dacl, Index, (PVOID *)&Ace))) {
        FAIL("there is no entry %u", Index);
        return;
    }
    CHECK_EQUAL(Ace->Header.AceFlags, Flags);
    CHECK_EQUAL(Ace->Mask, Mask);
    CHECK(RtlEqualSid(RtlpSidOfAce(&Ace->Header), (PSID)Sid));
}

TEST(files_inherit_what_is_for_objects)
{
    Begin(FALSE, 0);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, OBJECT_INHERIT_ACE, 0x10, (PSID)&World);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, CONTAINER_INHERIT_ACE, 0x20, (PSID)&World);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, OBJECT_INHERIT_ACE | INHERIT_ONLY_ACE,
                             GENERIC_ALL, (PSID)&CreatorOwner);
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CHECK_EQUAL(Dacl->AceCount, 2);
    CheckEntry(0, 0, 0x10, &World);
    CheckEntry(1, 0, 0x1f, &User);
    CHECK_EQUAL(Control,
                SE_SELF_RELATIVE | SE_DACL_PRESENT | SE_OWNER_DEFAULTED | SE_GROUP_DEFAULTED);
}

TEST(directories_inherit_and_hand_down)
{
    Begin(TRUE, SEF_DACL_AUTO_INHERIT);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, 3, 0x10, (PSID)&World);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, 3 | INHERIT_ONLY_ACE, GENERIC_READ,
                             (PSID)&CreatorOwner);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, OBJECT_INHERIT_ACE, 0x20, (PSID)&World);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, OBJECT_INHERIT_ACE | NO_PROPAGATE_INHERIT_ACE,
                             0x40, (PSID)&World);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, CONTAINER_INHERIT_ACE | NO_PROPAGATE_INHERIT_ACE,
                             0x80, (PSID)&World);
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CHECK_EQUAL(Dacl->AceCount, 5);
    CheckEntry(0, INHERITED_ACE | 3, 0x10, &World);
    CheckEntry(1, INHERITED_ACE, 0x1, &User);
    CheckEntry(2, INHERITED_ACE | INHERIT_ONLY_ACE | 3, GENERIC_READ, &CreatorOwner);
    CheckEntry(3, INHERITED_ACE | INHERIT_ONLY_ACE | OBJECT_INHERIT_ACE, 0x20, &World);
    CheckEntry(4, INHERITED_ACE, 0x80, &World);
    CHECK(Control & SE_DACL_AUTO_INHERITED);
}

TEST(what_the_creator_says_counts)
{
    Begin(FALSE, 0);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, OBJECT_INHERIT_ACE, 0x10, (PSID)&World);
    RtlAddAccessAllowedAce((PACL)CreatorList, 2, GENERIC_WRITE, (PSID)&World);
    RtlSetDaclSecurityDescriptor(&Creator, TRUE, (PACL)CreatorList, FALSE);
    RtlSetOwnerSecurityDescriptor(&Creator, (PSID)&System, FALSE);
    New.Creator = &Creator;
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CHECK_EQUAL(Dacl->AceCount, 1);
    CheckEntry(0, 0, 0x2, &World);
    CHECK_EQUAL(Control, SE_SELF_RELATIVE | SE_DACL_PRESENT | SE_GROUP_DEFAULTED);
    New.AutoInheritFlags = SEF_DACL_AUTO_INHERIT;
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CHECK_EQUAL(Dacl->AceCount, 2);
    CheckEntry(1, INHERITED_ACE, 0x10, &World);
    RtlSetControlSecurityDescriptor(&Creator, SE_DACL_PROTECTED, SE_DACL_PROTECTED);
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CHECK_EQUAL(Dacl->AceCount, 1);
    CHECK((Control & SE_DACL_PROTECTED) && !(Control & SE_DACL_AUTO_INHERITED));
}

TEST(a_null_list_stays_null)
{
    Begin(FALSE, 0);
    RtlSetDaclSecurityDescriptor(&Creator, TRUE, NULL, FALSE);
    New.Creator = &Creator;
    New.TokenDacl = (PACL)CreatorList;
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CHECK(!Dacl && (Control & SE_DACL_PRESENT));
}

TEST(the_token_has_what_nobody_else_has)
{
    Begin(FALSE, 0);
    RtlAddAccessAllowedAce((PACL)CreatorList, 2, 0x1f, (PSID)&System);
    New.TokenDacl = (PACL)CreatorList;
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CheckEntry(0, 0, 0x1f, &System);
    CHECK(Control & SE_DACL_DEFAULTED);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, OBJECT_INHERIT_ACE, 0x10, (PSID)&World);
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CheckEntry(0, 0, 0x10, &World);
    New.Parent = NULL;
    New.TokenDacl = NULL;
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CHECK(!Dacl && !(Control & SE_DACL_PRESENT));
}

TEST(entries_for_a_kind_reach_that_kind)
{
    static const GUID Kind = {1, 2, 3, {4}}, Other = {5};
    const GUID *Kinds[] = {&Kind};

    Begin(FALSE, 0);
    RtlAddAccessAllowedObjectAce((PACL)ParentList, 4, OBJECT_INHERIT_ACE, 0x10, NULL, &Other,
                                 (PSID)&World);
    RtlAddAccessAllowedObjectAce((PACL)ParentList, 4, OBJECT_INHERIT_ACE, 0x20, &Other, &Kind,
                                 (PSID)&World);
    New.ObjectTypes = Kinds;
    New.ObjectTypeCount = 1;
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    CHECK(Dacl->AceCount == 1 && Dacl->AclRevision == ACL_REVISION_DS);
    CheckEntry(0, 0, 0x20, &World);
}

TEST(owners_come_from_the_parent_if_asked)
{
    PSID Owner;
    BOOLEAN Defaulted;

    Begin(FALSE, SEF_DEFAULT_OWNER_FROM_PARENT);
    RtlSetOwnerSecurityDescriptor(&Parent, (PSID)&World, FALSE);
    CHECK_EQUAL(Make(), STATUS_SUCCESS);
    RtlGetOwnerSecurityDescriptor(Result, &Owner, &Defaulted);
    CHECK(RtlEqualSid(Owner, (PSID)&World) && Defaulted);
    New.AutoInheritFlags = 0;
    New.TokenOwner = NULL;
    CHECK_EQUAL(Make(), STATUS_INVALID_OWNER);
    New.TokenOwner = (PSID)&User;
    New.TokenGroup = NULL;
    CHECK_EQUAL(Make(), STATUS_INVALID_PRIMARY_GROUP);
    Parent.Revision = 2;
    CHECK_EQUAL(Make(), STATUS_INVALID_SECURITY_DESCR);
}

TEST(lists_that_grow_too_long_are_refused)
{
    PACL Long = malloc(0xfffc);

    Begin(TRUE, 0);
    RtlCreateAcl(Long, 0xfffc, 2);
    while (NT_SUCCESS(RtlAddAccessAllowedAceEx(Long, 2, 3, GENERIC_ALL, (PSID)&CreatorOwner)))
        continue;
    RtlSetDaclSecurityDescriptor(&Parent, TRUE, Long, FALSE);
    CHECK_EQUAL(Make(), STATUS_BAD_INHERITANCE_ACL);
    free(Long);
    free(Result);
    Result = NULL;
}

TEST(old_lists_learn_what_they_have_inherited)
{
    PSECURITY_DESCRIPTOR Converted;

    Begin(FALSE, 0);
    RtlAddAccessAllowedAceEx((PACL)ParentList, 2, OBJECT_INHERIT_ACE, 0x10, (PSID)&World);
    RtlAddAccessAllowedAce((PACL)CreatorList, 2, 0x1, (PSID)&System);
    RtlAddAccessAllowedAce((PACL)CreatorList, 2, 0x10, (PSID)&World);
    RtlSetDaclSecurityDescriptor(&Creator, TRUE, (PACL)CreatorList, FALSE);
    RtlSetOwnerSecurityDescriptor(&Creator, (PSID)&System, FALSE);
    RtlSetGroupSecurityDescriptor(&Creator, (PSID)&System, FALSE);
    CHECK_EQUAL(
        RtlConvertToAutoInheritSecurityObject(&Parent, &Creator, &Converted, NULL, FALSE, &Mapping),
        STATUS_SUCCESS);
    Dacl = (PACL)((PUCHAR)Converted + ((PISECURITY_DESCRIPTOR_RELATIVE)Converted)->Dacl);
    CheckEntry(0, 0, 0x1, &System);
    CheckEntry(1, INHERITED_ACE, 0x10, &World);
    CHECK(((PISECURITY_DESCRIPTOR)Converted)->Control & SE_DACL_AUTO_INHERITED);
    RtlDeleteSecurityObject(&Converted);
    CHECK(!Converted);
    RtlDeleteAce((PACL)CreatorList, 1);
    RtlConvertToAutoInheritSecurityObject(&Parent, &Creator, &Converted, NULL, FALSE, &Mapping);
    CHECK(((PISECURITY_DESCRIPTOR)Converted)->Control & SE_DACL_PROTECTED);
    RtlDeleteSecurityObject(&Converted);
    OutOfMemory = TRUE;
    CHECK_EQUAL(
        RtlConvertToAutoInheritSecurityObject(&Parent, &Creator, &Converted, NULL, FALSE, &Mapping),
        STATUS_NO_MEMORY);
    OutOfMemory = FALSE;
    CHECK_EQUAL(HeapBlocks, 0);
}
