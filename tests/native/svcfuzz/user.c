/* SPDX-License-Identifier: BSD-2-Clause */
/* For whom the calls are made: an ordinary user, who may not end the system's processes. */
#include "svcfuzz.h"

static const SID Everyone = {1, 1, {{0, 0, 0, 0, 0, 1}}, {0}};
static const SID System = {1, 1, {{0, 0, 0, 0, 0, 5}}, {18}};
static const SID Medium = {1, 1, {{0, 0, 0, 0, 0, 16}}, {0x2000}};
static const struct {
    SID Sid;
    ULONG More[4];
} User = {{1, 5, {{0, 0, 0, 0, 0, 5}}, {21}}, {1, 2, 3, 1001}};

PSECURITY_DESCRIPTOR ForEveryone(void)
{
    static SECURITY_DESCRIPTOR Descriptor;

    RtlCreateSecurityDescriptor(&Descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlSetDaclSecurityDescriptor(&Descriptor, TRUE, NULL, FALSE);
    return &Descriptor;
}

static PACL DefaultAcl(void)
{
    static ULONG Buffer[64];
    PACL Acl = (PACL)Buffer;

    RtlCreateAcl(Acl, sizeof(Buffer), ACL_REVISION);
    RtlAddAccessAllowedAce(Acl, ACL_REVISION, GENERIC_ALL, (PSID)&User);
    RtlAddAccessAllowedAce(Acl, ACL_REVISION, GENERIC_ALL, (PSID)&System);
    return Acl;
}

NTSTATUS MakeUserToken(PHANDLE Token)
{
    OBJECT_ATTRIBUTES Attributes = {.Length = sizeof(Attributes)};
    LUID Session = {0x3e7, 0};
    LARGE_INTEGER Never = {.QuadPart = 0x7fffffffffffffff};
    TOKEN_USER Who = {{(PSID)&User, 0}};
    struct {
        ULONG Count;
        SID_AND_ATTRIBUTES Sids[2];
    } Groups = {
        2,
        {{(PSID)&Everyone, SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED},
         {(PSID)&Medium, SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED}}};
    TOKEN_PRIVILEGES Privileges = {1, {{{SE_CHANGE_NOTIFY_PRIVILEGE, 0}, 3}}};
    TOKEN_OWNER Owner = {(PSID)&User};
    TOKEN_PRIMARY_GROUP Group = {(PSID)&Everyone};
    TOKEN_DEFAULT_DACL Dacl = {DefaultAcl()};
    TOKEN_SOURCE Source = {"svcfuzz", {1, 0}};
    BOOLEAN Was;

    RtlAdjustPrivilege(SE_CREATE_TOKEN_PRIVILEGE, TRUE, FALSE, &Was);
    RtlAdjustPrivilege(SE_ASSIGNPRIMARYTOKEN_PRIVILEGE, TRUE, FALSE, &Was);
    return NtCreateToken(Token, TOKEN_ALL_ACCESS, &Attributes, TokenPrimary, &Session, &Never, &Who,
                         (PTOKEN_GROUPS)&Groups, &Privileges, &Owner, &Group, &Dacl, &Source);
}
