// SPDX-License-Identifier: BSD-2-Clause
// sources: rtl/memory.c rtl/arch/x86_64/copy.c rtl/access.c rtl/sid.c rtl/acl.c rtl/ace.c
// sources: rtl/descriptor.c rtl/selfrelative.c rtl/wstring.c rtl/upcase.c rtl/ctype.c
// options: -Iinclude -DNEPTUNE_HOST_TEST -Wno-missing-field-initializers
// options: -idirafter /usr/x86_64-w64-mingw32/include
#include "test.h"
#include <nt/ntrtl.h>
#include <nt/ntse.h>

void *malloc(__SIZE_TYPE__ size);
void free(void *memory);

static const SID_IDENTIFIER_AUTHORITY NtAuthority = {{0, 0, 0, 0, 0, 5}};
static const struct {
    SID Sid;
    ULONG More[1];
} Administrators = {{1, 2, {{0, 0, 0, 0, 0, 5}}, {32}}, {544}},
  Users = {{1, 2, {{0, 0, 0, 0, 0, 5}}, {32}}, {545}};
static const SID System = {1, 1, {{0, 0, 0, 0, 0, 5}}, {18}};
static const SID MediumLabel = {1, 1, {{0, 0, 0, 0, 0, 16}}, {0x2000}};

#define ADMINISTRATORS ((PSID)&Administrators)
#define USERS ((PSID)&Users)
#define SYSTEM ((PSID)&System)

/* Exactly as many bytes as asked for, so that the sanitizer sees each one beyond. */
static PACL NewAcl(ULONG Size)
{
    PACL Acl = malloc(Size);

    RtlCreateAcl(Acl, Size, ACL_REVISION);
    return Acl;
}

TEST(generic_rights_become_specific_ones)
{
    static const GENERIC_MAPPING Mapping = {1, 2, 4, 0xf};
    ACCESS_MASK Mask = GENERIC_READ | GENERIC_EXECUTE | 0x100;

    RtlMapGenericMask(&Mask, &Mapping);
    CHECK_EQUAL(Mask, 0x105);
    CHECK(RtlAreAllAccessesGranted(7, 5) && !RtlAreAllAccessesGranted(7, 9));
    CHECK(RtlAreAnyAccessesGranted(7, 9) && !RtlAreAnyAccessesGranted(7, 8));
}

TEST(sids_have_lengths_and_parts)
{
    UCHAR Buffer[SECURITY_MAX_SID_SIZE];

    CHECK_EQUAL(RtlLengthRequiredSid(15), SECURITY_MAX_SID_SIZE);
    CHECK_EQUAL(RtlInitializeSid(Buffer, &NtAuthority, 2), STATUS_SUCCESS);
    *RtlSubAuthoritySid(Buffer, 0) = 32;
    *RtlSubAuthoritySid(Buffer, 1) = 544;
    CHECK(RtlEqualSid(Buffer, ADMINISTRATORS));
    CHECK(!RtlEqualSid(Buffer, USERS) && RtlEqualPrefixSid(Buffer, USERS));
    CHECK(!RtlEqualPrefixSid(USERS, SYSTEM));
    CHECK_EQUAL(*RtlSubAuthorityCountSid(Buffer), 2);
    CHECK_EQUAL(RtlIdentifierAuthoritySid(Buffer)->Value[5], 5);
    CHECK_EQUAL(RtlInitializeSid(Buffer, &NtAuthority, 16), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlCopySid(15, Buffer, USERS), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(RtlCopySid(16, Buffer, USERS), STATUS_SUCCESS);
    CHECK(RtlEqualSid(Buffer, USERS));
    Buffer[1] = 16;
    CHECK(!RtlValidSid(Buffer) && !RtlValidSid(NULL));
}

TEST(sids_print_as_text)
{
    static const SID Odd = {1, 1, {{0x12, 0, 0, 0xab, 0, 5}}, {MAXULONG}};
    WCHAR Text[SID_TEXT_LENGTH + 1];

    Text[RtlpFormatSid(ADMINISTRATORS, Text)] = 0;
    CHECK(wcscmp(Text, u"S-1-5-32-544") == 0);
    Text[RtlpFormatSid((PSID)&Odd, Text)] = 0;
    CHECK(wcscmp(Text, u"S-1-0x120000ab0005-4294967295") == 0);
}

TEST(the_longest_sid_fits_its_text)
{
    UCHAR Buffer[SECURITY_MAX_SID_SIZE];
    static const SID_IDENTIFIER_AUTHORITY Long = {{255, 255, 255, 255, 255, 255}};
    WCHAR Text[SID_TEXT_LENGTH];

    RtlInitializeSid(Buffer, &Long, 15);
    for (ULONG i = 0; i < 15; i++)
        *RtlSubAuthoritySid(Buffer, i) = MAXULONG;
    CHECK_EQUAL(RtlpFormatSid(Buffer, Text), SID_TEXT_LENGTH);
}

TEST(lists_are_created_within_bounds)
{
    UCHAR Buffer[32];
    PACL Acl = (PACL)Buffer;

    CHECK_EQUAL(RtlCreateAcl(Acl, 7, 2), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(RtlCreateAcl(Acl, 32, 1), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlCreateAcl(Acl, 32, 5), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlCreateAcl(Acl, 0x10000, 2), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlCreateAcl(Acl, 31, 2), STATUS_SUCCESS);
    CHECK_EQUAL(Acl->AclSize, 28);
    CHECK(RtlValidAcl(Acl) && !RtlValidAcl(NULL));
}

TEST(entries_are_added_until_the_list_is_full)
{
    PACL Acl = NewAcl(8 + 24 + 20);
    ACL_SIZE_INFORMATION Size;
    PACCESS_ALLOWED_ACE Ace;
    PVOID Free;

    CHECK_EQUAL(RtlAddAccessAllowedAce(Acl, 2, 0x1234, USERS), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAccessDeniedAceEx(Acl, 2, 0x1f, 1, USERS), STATUS_ALLOTTED_SPACE_EXCEEDED);
    CHECK_EQUAL(RtlAddAccessDeniedAceEx(Acl, 2, 0x20, 1, SYSTEM), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddAccessDeniedAceEx(Acl, 2, 0x1f, 1, SYSTEM), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAccessAllowedAce(Acl, 2, 1, SYSTEM), STATUS_ALLOTTED_SPACE_EXCEEDED);
    CHECK(RtlFirstFreeAce(Acl, &Free) && !Free);
    CHECK_EQUAL(RtlGetAce(Acl, 1, (PVOID *)&Ace), STATUS_SUCCESS);
    CHECK(Ace->Header.AceType == ACCESS_DENIED_ACE_TYPE && Ace->Header.AceFlags == 0x1f);
    CHECK(RtlEqualSid(&Ace->SidStart, SYSTEM));
    CHECK_EQUAL(RtlGetAce(Acl, 2, (PVOID *)&Ace), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlQueryInformationAcl(Acl, &Size, sizeof(Size), AclSizeInformation),
                STATUS_SUCCESS);
    CHECK(Size.AceCount == 2 && Size.AclBytesInUse == 52 && Size.AclBytesFree == 0);
    CHECK_EQUAL(RtlQueryInformationAcl(Acl, &Size, 11, AclSizeInformation),
                STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(RtlQueryInformationAcl(Acl, &Size, sizeof(Size), 3), STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(RtlDeleteAce(Acl, 0), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDeleteAce(Acl, 1), STATUS_INVALID_PARAMETER);
    RtlGetAce(Acl, 0, (PVOID *)&Ace);
    CHECK(RtlEqualSid(&Ace->SidStart, SYSTEM));
    free(Acl);
}

TEST(wrong_sids_and_revisions_are_refused)
{
    PACL Acl = NewAcl(64);
    SID Bad = System;

    Bad.Revision = 2;
    CHECK_EQUAL(RtlAddAccessAllowedAce(Acl, 2, 1, &Bad), STATUS_INVALID_SID);
    CHECK_EQUAL(RtlAddAccessAllowedAce(Acl, 5, 1, SYSTEM), STATUS_REVISION_MISMATCH);
    Acl->AceCount = 1; /* of size 0 */
    memset(Acl + 1, 0, 56);
    CHECK_EQUAL(RtlAddAccessAllowedAce(Acl, 2, 1, SYSTEM), STATUS_INVALID_ACL);
    Acl->AceCount = 0;
    Acl->AclRevision = 7;
    CHECK_EQUAL(RtlAddAccessAllowedAce(Acl, 2, 1, SYSTEM), STATUS_REVISION_MISMATCH);
    free(Acl);
}

TEST(audits_and_object_entries_have_their_form)
{
    static const GUID Type = {1, 2, 3, {4}};
    PACL Acl = NewAcl(200);
    PACCESS_ALLOWED_OBJECT_ACE Ace;

    CHECK_EQUAL(RtlAddAuditAccessAce(Acl, 2, 1, SYSTEM, TRUE, FALSE), STATUS_SUCCESS);
    RtlGetAce(Acl, 0, (PVOID *)&Ace);
    CHECK(Ace->Header.AceType == SYSTEM_AUDIT_ACE_TYPE && Ace->Header.AceFlags == 0x40);
    CHECK_EQUAL(RtlAddAccessAllowedObjectAce(Acl, 2, 0, 1, &Type, NULL, SYSTEM),
                STATUS_REVISION_MISMATCH);
    CHECK_EQUAL(RtlAddAccessAllowedObjectAce(Acl, 4, 0, 1, &Type, NULL, SYSTEM), STATUS_SUCCESS);
    RtlGetAce(Acl, 1, (PVOID *)&Ace);
    CHECK(Ace->Header.AceType == ACCESS_ALLOWED_OBJECT_ACE_TYPE && Ace->Flags == 1);
    CHECK_EQUAL(Ace->Header.AceSize, 12 + 16 + 12);
    CHECK(RtlEqualSid(RtlpSidOfAce(&Ace->Header), SYSTEM));
    CHECK_EQUAL(Acl->AclRevision, 4);
    RtlAddAccessDeniedObjectAce(Acl, 4, 0, 1, NULL, NULL, SYSTEM);
    RtlGetAce(Acl, 2, (PVOID *)&Ace);
    CHECK_EQUAL(Ace->Header.AceType, ACCESS_DENIED_ACE_TYPE);
    CHECK_EQUAL(RtlAddAuditAccessObjectAce(Acl, 4, 3, 1, &Type, &Type, SYSTEM, FALSE, TRUE),
                STATUS_SUCCESS);
    CHECK(RtlValidAcl(Acl));
    free(Acl);
}

TEST(labels_come_in_either_order)
{
    PACL Acl = NewAcl(64);
    ULONG_PTR Label = (ULONG_PTR)&MediumLabel;

    CHECK_EQUAL(RtlAddMandatoryAce(Acl, 2, 0, Label, 0x11, 1), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddMandatoryAce(Acl, 2, 0, 1, 0x11, Label), STATUS_SUCCESS);
    CHECK(RtlValidAcl(Acl) && memcmp(Acl + 1, (PUCHAR)(Acl + 1) + 20, 20) == 0);
    CHECK_EQUAL(RtlAddMandatoryAce(Acl, 2, 0, Label, 0x11, 8), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddMandatoryAce(Acl, 2, 0, Label, 0x10, 1), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddMandatoryAce(Acl, 2, 0, (ULONG_PTR)SYSTEM, 0x11, 1),
                STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddMandatoryAce(Acl, 2, 0, 0, 0x11, 1), STATUS_INVALID_PARAMETER);
    free(Acl);
}

TEST(lists_of_entries_are_inserted_whole)
{
    PACL From = NewAcl(8 + 20 + 24), To = NewAcl(8 + 20 + 24 + 20);
    PACCESS_ALLOWED_ACE Ace;

    RtlAddAccessAllowedAce(From, 2, 1, SYSTEM);
    RtlAddAccessAllowedAce(From, 2, 2, USERS);
    RtlAddAccessAllowedAce(To, 2, 3, SYSTEM);
    CHECK_EQUAL(RtlAddAce(To, 2, 0, From + 1, 43), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlAddAce(To, 2, 0, From + 1, 44), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAce(To, 2, MAXULONG, From + 1, 20), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(To->AceCount, 3);
    RtlGetAce(To, 1, (PVOID *)&Ace);
    CHECK_EQUAL(Ace->Mask, 2);
    RtlGetAce(To, 2, (PVOID *)&Ace);
    CHECK_EQUAL(Ace->Mask, 3);
    free(From);
    free(To);
}

TEST(damaged_lists_are_not_valid_and_nothing_outside_is_read)
{
    ULONG Seed = 1;

    for (ULONG i = 0; i < 20000; i++) {
        PACL Acl = NewAcl(8 + 24 + 20);
        PVOID Ace;

        RtlAddAccessAllowedAce(Acl, 2, 1, USERS);
        RtlAddAccessAllowedAce(Acl, 2, 1, SYSTEM);
        Seed = Seed * 1664525 + 1013904223;
        ((PUCHAR)Acl)[4 + (Seed >> 8) % 48] = (UCHAR)(Seed >> 24);
        RtlValidAcl(Acl);
        RtlGetAce(Acl, 1, &Ace);
        RtlFirstFreeAce(Acl, &Ace);
        RtlAddAccessAllowedAce(Acl, 2, 1, SYSTEM);
        RtlDeleteAce(Acl, 0);
        free(Acl);
    }
}

static void MakeDescriptor(PISECURITY_DESCRIPTOR Descriptor, PACL Dacl)
{
    RtlCreateSecurityDescriptor(Descriptor, 1);
    RtlSetOwnerSecurityDescriptor(Descriptor, ADMINISTRATORS, FALSE);
    RtlSetGroupSecurityDescriptor(Descriptor, SYSTEM, TRUE);
    RtlSetDaclSecurityDescriptor(Descriptor, TRUE, Dacl, FALSE);
}

TEST(descriptors_hold_what_is_set)
{
    PACL Dacl = NewAcl(64), List = NULL;
    SECURITY_DESCRIPTOR Descriptor;
    SECURITY_DESCRIPTOR_CONTROL Control;
    BOOLEAN Present, Defaulted;
    ULONG Revision;
    PSID Sid;

    CHECK_EQUAL(RtlCreateSecurityDescriptor(&Descriptor, 2), STATUS_UNKNOWN_REVISION);
    MakeDescriptor(&Descriptor, Dacl);
    CHECK(RtlValidSecurityDescriptor(&Descriptor));
    CHECK_EQUAL(RtlLengthSecurityDescriptor(&Descriptor), sizeof(Descriptor) + 16 + 12 + 64);
    RtlGetGroupSecurityDescriptor(&Descriptor, &Sid, &Defaulted);
    CHECK(Sid == SYSTEM && Defaulted == TRUE);
    RtlGetDaclSecurityDescriptor(&Descriptor, &Present, &List, &Defaulted);
    CHECK(Present && List == Dacl && !Defaulted);
    List = NULL;
    RtlGetSaclSecurityDescriptor(&Descriptor, &Present, &List, &Defaulted);
    CHECK(!Present && !List);
    CHECK_EQUAL(RtlSetControlSecurityDescriptor(&Descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED),
                STATUS_SUCCESS);
    CHECK_EQUAL(RtlSetControlSecurityDescriptor(&Descriptor, SE_DACL_PRESENT, 0),
                STATUS_INVALID_PARAMETER);
    RtlGetControlSecurityDescriptor(&Descriptor, &Control, &Revision);
    CHECK_EQUAL(Control, SE_DACL_PROTECTED | SE_DACL_PRESENT | SE_GROUP_DEFAULTED);
    Descriptor.Revision = 3;
    CHECK_EQUAL(RtlGetControlSecurityDescriptor(&Descriptor, &Control, &Revision),
                STATUS_UNKNOWN_REVISION);
    CHECK_EQUAL(Revision, 3);
    free(Dacl);
}

TEST(descriptors_change_their_form_and_back)
{
    PACL Dacl = NewAcl(64), NewDacl;
    SECURITY_DESCRIPTOR Descriptor, Absolute;
    PSECURITY_DESCRIPTOR Relative;
    ULONG Length = 0, Sizes[5] = {0};
    UCHAR Owner[16], Group[12];

    RtlAddAccessAllowedAce(Dacl, 2, 1, USERS);
    MakeDescriptor(&Descriptor, Dacl);
    CHECK_EQUAL(RtlMakeSelfRelativeSD(&Descriptor, NULL, &Length), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(Length, 20 + 16 + 12 + 64);
    Relative = malloc(Length);
    CHECK_EQUAL(RtlAbsoluteToSelfRelativeSD(&Descriptor, Relative, &Length), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAbsoluteToSelfRelativeSD(Relative, Relative, &Length),
                STATUS_BAD_DESCRIPTOR_FORMAT);
    CHECK(RtlValidSecurityDescriptor(Relative));
    CHECK(RtlValidRelativeSecurityDescriptor(Relative, Length, 7));
    CHECK(!RtlValidRelativeSecurityDescriptor(Relative, Length, 8));
    CHECK_EQUAL(RtlLengthSecurityDescriptor(Relative), Length);
    CHECK_EQUAL(RtlSetOwnerSecurityDescriptor(Relative, SYSTEM, FALSE),
                STATUS_INVALID_SECURITY_DESCR);
    CHECK_EQUAL(RtlSelfRelativeToAbsoluteSD(Relative, NULL, &Sizes[0], NULL, &Sizes[1], NULL,
                                            &Sizes[2], NULL, &Sizes[3], NULL, &Sizes[4]),
                STATUS_BUFFER_TOO_SMALL);
    CHECK(Sizes[0] == sizeof(Absolute) && Sizes[1] == 64 && !Sizes[2] && Sizes[3] == 16 &&
          Sizes[4] == 12);
    NewDacl = malloc(64);
    CHECK_EQUAL(RtlSelfRelativeToAbsoluteSD(Relative, &Absolute, &Sizes[0], NewDacl, &Sizes[1],
                                            NULL, &Sizes[2], Owner, &Sizes[3], Group, &Sizes[4]),
                STATUS_SUCCESS);
    CHECK(Absolute.Control == Descriptor.Control && Absolute.Dacl == NewDacl && !Absolute.Sacl);
    CHECK(RtlEqualSid(Absolute.Owner, ADMINISTRATORS) && memcmp(NewDacl, Dacl, 64) == 0);
    CHECK_EQUAL(RtlSelfRelativeToAbsoluteSD(&Absolute, &Absolute, &Sizes[0], NewDacl, &Sizes[1],
                                            NULL, &Sizes[2], Owner, &Sizes[3], Group, &Sizes[4]),
                STATUS_BAD_DESCRIPTOR_FORMAT);
    free(Dacl);
    free(NewDacl);
    free(Relative);
}

TEST(damaged_descriptors_are_told_apart_without_reading_outside)
{
    PACL Dacl = NewAcl(32);
    SECURITY_DESCRIPTOR Descriptor;
    ULONG Seed = 7, Length = 20 + 16 + 12 + 32;
    PUCHAR Good = malloc(Length);

    RtlAddAccessAllowedAce(Dacl, 2, 1, USERS);
    MakeDescriptor(&Descriptor, Dacl);
    RtlMakeSelfRelativeSD(&Descriptor, Good, &Length);
    for (ULONG i = 0; i < 20000; i++) {
        ULONG Cut = Seed >> 4 & 1 ? Length - (Seed >> 5) % Length : Length;
        PUCHAR Bad = malloc(Cut);

        memcpy(Bad, Good, Cut);
        Seed = Seed * 1664525 + 1013904223;
        Bad[(Seed >> 8) % Cut] = (UCHAR)(Seed >> 24);
        if (RtlValidRelativeSecurityDescriptor(Bad, Cut, 0))
            CHECK(RtlLengthSecurityDescriptor(Bad) <= 20 + 2 * (16 + 12 + 32));
        free(Bad);
    }
    free(Good);
    free(Dacl);
}
