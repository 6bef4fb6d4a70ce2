/* SPDX-License-Identifier: BSD-2-Clause */
/* The component's start: the token of the system, which the first process has, and the anonymous
 * one. */
#include "sep.h"

PTOKEN SepSystemToken, SepAnonymousToken;

#define MUST (SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED)

/* What must be asked for before it is used. */
static const ULONG64 SystemDisabled =
    SEP_PRIVILEGE(SE_CREATE_TOKEN_PRIVILEGE) | SEP_PRIVILEGE(SE_ASSIGNPRIMARYTOKEN_PRIVILEGE) |
    SEP_PRIVILEGE(SE_INCREASE_QUOTA_PRIVILEGE) | SEP_PRIVILEGE(SE_SECURITY_PRIVILEGE) |
    SEP_PRIVILEGE(SE_TAKE_OWNERSHIP_PRIVILEGE) | SEP_PRIVILEGE(SE_LOAD_DRIVER_PRIVILEGE) |
    SEP_PRIVILEGE(SE_SYSTEMTIME_PRIVILEGE) | SEP_PRIVILEGE(SE_BACKUP_PRIVILEGE) |
    SEP_PRIVILEGE(SE_RESTORE_PRIVILEGE) | SEP_PRIVILEGE(SE_SHUTDOWN_PRIVILEGE) |
    SEP_PRIVILEGE(SE_SYSTEM_ENVIRONMENT_PRIVILEGE) | SEP_PRIVILEGE(SE_UNDOCK_PRIVILEGE) |
    SEP_PRIVILEGE(SE_MANAGE_VOLUME_PRIVILEGE) | SEP_PRIVILEGE(SE_REMOTE_SHUTDOWN_PRIVILEGE) |
    SEP_PRIVILEGE(SE_RELABEL_PRIVILEGE) | SEP_PRIVILEGE(SE_TRUSTED_CREDMAN_ACCESS_PRIVILEGE);

static void Require(NTSTATUS Status)
{
    if (!NT_SUCCESS(Status))
        KeBugCheck("the system's tokens");
}

static void FillSids(PTOKEN Token, PSID_AND_ATTRIBUTES Array, ULONG Count)
{
    static const SEP_SIDS None;
    SEP_SIDS Sids = {Count, Count * sizeof(*Array), Array};
    ULONG i;

    for (i = 0; i < Count; i++)
        Sids.Bytes += RtlLengthSid(Array[i].Sid);
    Require(SepSetSids(Token, &Sids, &None));
}

/* The system: everything; administrators: reading. */
static void FillSystemDacl(PTOKEN Token)
{
    Token->DefaultDacl = ExAllocatePool(64);
    if (!Token->DefaultDacl)
        Require(STATUS_INSUFFICIENT_RESOURCES);
    Require(RtlCreateAcl(Token->DefaultDacl, 64, ACL_REVISION));
    Require(
        RtlAddAccessAllowedAce(Token->DefaultDacl, ACL_REVISION, GENERIC_ALL, (PSID)&SepSystemSid));
    Require(RtlAddAccessAllowedAce(Token->DefaultDacl, ACL_REVISION,
                                   GENERIC_READ | GENERIC_EXECUTE | READ_CONTROL,
                                   (PSID)&SepAdministratorsSid));
}

static void CreateSystemToken(void)
{
    SID Label = SepLabelSid(SECURITY_MANDATORY_SYSTEM_RID);
    SID_AND_ATTRIBUTES Sids[] = {
        {(PSID)&SepSystemSid, 0},
        {(PSID)&SepAdministratorsSid,
         SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED | SE_GROUP_OWNER},
        {(PSID)&SepWorldSid, MUST},
        {(PSID)&SepAuthenticatedSid, MUST},
        {&Label, SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED},
    };
    PTOKEN Token;

    Require(SepAllocateToken(TokenPrimary, &Token));
    FillSids(Token, Sids, ARRAYSIZE(Sids));
    Token->Owner = 1;
    Token->PrimaryGroup = 0;
    Token->Integrity = 4;
    Token->AuthenticationId = SepSystemLuid;
    memcpy(Token->Source.SourceName, "*SYSTEM*", TOKEN_SOURCE_LENGTH);
    Token->ExpirationTime.QuadPart = 0x7fffffffffffffffLL;
    Token->Present = SEP_ALL_PRIVILEGES;
    Token->Enabled = Token->EnabledByDefault = SEP_ALL_PRIVILEGES & ~SystemDisabled;
    FillSystemDacl(Token);
    SepSystemToken = Token;
}

static void CreateAnonymousToken(void)
{
    SID Label = SepLabelSid(SECURITY_MANDATORY_UNTRUSTED_RID);
    SID_AND_ATTRIBUTES Sids[] = {
        {(PSID)&SepAnonymousSid, 0},
        {(PSID)&SepWorldSid, MUST},
        {&Label, SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED},
    };
    PTOKEN Token;

    Require(SepAllocateToken(TokenImpersonation, &Token));
    FillSids(Token, Sids, ARRAYSIZE(Sids));
    Token->Integrity = 2;
    Token->Level = SecurityImpersonation;
    Token->AuthenticationId = SepAnonymousLuid;
    memcpy(Token->Source.SourceName, "SeMgr", 5);
    Token->ExpirationTime.QuadPart = 0x7fffffffffffffffLL;
    SepAnonymousToken = Token;
}

/* So that they can be opened like other tokens. */
static void SecureToken(PTOKEN Token)
{
    PSE_DESCRIPTOR Descriptor;

    Require(SeNewDescriptor(SeTokenType, NULL, NULL, SepSystemToken, &Descriptor));
    ObSetSecurity(Token, Descriptor);
}

void SeInitialize(void)
{
    Require(ObCreateObjectType(&SepTokenTypeInitializer, &SeTokenType));
    CreateSystemToken();
    CreateAnonymousToken();
    SecureToken(SepSystemToken);
    SecureToken(SepAnonymousToken);
}
