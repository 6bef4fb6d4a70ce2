/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens: asking, adjusting, copying, filtering, making, acting for. */
#include "security.h"

static ULONG_PTR Buffer[1024];

/* The status of a query into Buffer; *Length is what it says. */
static NTSTATUS Ask(HANDLE Token, TOKEN_INFORMATION_CLASS Class, PULONG Length)
{
    return NtQueryInformationToken(Token, Class, Buffer, sizeof(Buffer), Length);
}

static ULONG AskLong(HANDLE Token, TOKEN_INFORMATION_CLASS Class)
{
    ULONG Length = 0, Value = 0xdeadbeef;

    NtQueryInformationToken(Token, Class, &Value, sizeof(Value), &Length);
    return Length == sizeof(Value) ? Value : 0xdeadbeef;
}

static ULONG AttributesOf(HANDLE Token, PSID Sid)
{
    PTOKEN_GROUPS Groups = (PTOKEN_GROUPS)Buffer;
    ULONG Length, i;

    if (!NT_SUCCESS(Ask(Token, TokenGroups, &Length)))
        return MAXULONG;
    for (i = 0; i < Groups->GroupCount; i++)
        if (RtlEqualSid(Groups->Groups[i].Sid, Sid))
            return Groups->Groups[i].Attributes;
    return MAXULONG;
}

/* The attributes of a privilege; MAXULONG: the token does not have it. */
static ULONG PrivilegeOf(HANDLE Token, ULONG Number)
{
    PTOKEN_PRIVILEGES Privileges = (PTOKEN_PRIVILEGES)Buffer;
    ULONG Length, i;

    if (!NT_SUCCESS(Ask(Token, TokenPrivileges, &Length)))
        return MAXULONG;
    for (i = 0; i < Privileges->PrivilegeCount; i++)
        if (Privileges->Privileges[i].Luid.LowPart == Number)
            return Privileges->Privileges[i].Attributes;
    return MAXULONG;
}

static void TestSystemToken(void)
{
    HANDLE Token = OwnToken(TOKEN_QUERY | TOKEN_QUERY_SOURCE);
    PTOKEN_STATISTICS Statistics = (PTOKEN_STATISTICS)Buffer;
    PTOKEN_DEFAULT_DACL Dacl = (PTOKEN_DEFAULT_DACL)Buffer;
    ULONG Length;

    ok(Token != NULL, "a process may ask its token");
    ok_status(Ask(Token, TokenUser, &Length), STATUS_SUCCESS, "the user");
    ok(RtlEqualSid(((PTOKEN_USER)Buffer)->User.Sid, AS_SID(SystemSid)), "is the system");
    ok(Length == sizeof(TOKEN_USER) + RtlLengthSid(AS_SID(SystemSid)),
       "the length is what it takes");
    ok((ULONG_PTR)((PTOKEN_USER)Buffer)->User.Sid == (ULONG_PTR)Buffer + sizeof(TOKEN_USER),
       "the SID lies behind it");
    ok(AttributesOf(Token, AS_SID(AdministratorsSid)) ==
           (SE_GROUP_ENABLED | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_OWNER),
       "administrators may own");
    ok(AttributesOf(Token, AS_SID(WorldSid)) ==
           (SE_GROUP_ENABLED | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_MANDATORY),
       "everybody belongs to Everyone");
    ok(AttributesOf(Token, AS_SID(UserSid)) == MAXULONG, "and to nothing else");
    ok(PrivilegeOf(Token, SE_DEBUG_PRIVILEGE) ==
           (SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT),
       "the system may debug");
    ok(PrivilegeOf(Token, SE_CREATE_TOKEN_PRIVILEGE) == 0, "and may be allowed to make tokens");
    ok(PrivilegeOf(Token, 6) == MAXULONG, "there is no privilege 6");
    ok_status(Ask(Token, TokenOwner, &Length), STATUS_SUCCESS, "the owner of new objects");
    ok(RtlEqualSid(((PTOKEN_OWNER)Buffer)->Owner, AS_SID(AdministratorsSid)), "administrators");
    ok_status(Ask(Token, TokenPrimaryGroup, &Length), STATUS_SUCCESS, "their group");
    ok(RtlEqualSid(((PTOKEN_PRIMARY_GROUP)Buffer)->PrimaryGroup, AS_SID(SystemSid)), "the system");
    ok_status(Ask(Token, TokenDefaultDacl, &Length), STATUS_SUCCESS, "their list");
    ok(Dacl->DefaultDacl && RtlValidAcl(Dacl->DefaultDacl) && Dacl->DefaultDacl->AceCount == 2,
       "has two entries");
    ok_status(Ask(Token, TokenSource, &Length), STATUS_SUCCESS, "the source");
    ok(Length == sizeof(TOKEN_SOURCE) && memcmp(Buffer, "*SYSTEM*", 8) == 0, "is the system");
    ok_status(Ask(Token, TokenStatistics, &Length), STATUS_SUCCESS, "statistics");
    ok(Length == sizeof(*Statistics) && Statistics->TokenType == TokenPrimary &&
           Statistics->AuthenticationId.LowPart == 0x3e7,
       "of the system's session");
    ok(Statistics->GroupCount == 4 && Statistics->PrivilegeCount == 32,
       "with all groups and privileges counted");
    ok(AskLong(Token, TokenType) == TokenPrimary, "a process's token is a primary one");
    ok_status(Ask(Token, TokenImpersonationLevel, &Length), STATUS_INVALID_INFO_CLASS,
              "which has no level");
    ok(AskLong(Token, TokenSessionId) == 0, "session 0");
    ok(AskLong(Token, TokenElevation) == 1, "elevated");
    ok(AskLong(Token, TokenElevationType) == TokenElevationTypeDefault, "and not by consent");
    ok(AskLong(Token, TokenHasRestrictions) == 0, "not filtered");
    ok(AskLong(Token, TokenIsRestricted) == 0, "not restricted");
    ok(AskLong(Token, TokenSandBoxInert) == 0, "not inert");
    ok(AskLong(Token, TokenUIAccess) == 0, "no access to others' windows");
    ok(AskLong(Token, TokenVirtualizationAllowed) == 0, "no virtualisation");
    ok(AskLong(Token, TokenIsAppContainer) == 0, "no app container");
    ok(AskLong(Token, TokenMandatoryPolicy) == TOKEN_MANDATORY_POLICY_NO_WRITE_UP, "no write up");
    NtClose(Token);
}

static void TestQueryEdges(void)
{
    HANDLE Token = OwnToken(TOKEN_QUERY), Blind = OwnToken(TOKEN_DUPLICATE);
    ULONG Length = 0;

    ok_status(Ask(Token, TokenIntegrityLevel, &Length), STATUS_SUCCESS, "the integrity label");
    ok(*RtlSubAuthoritySid(((PTOKEN_MANDATORY_LABEL)Buffer)->Label.Sid, 0) == 0x4000 &&
           ((PTOKEN_MANDATORY_LABEL)Buffer)->Label.Attributes ==
               (SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED),
       "is the system's");
    ok_status(Ask(Token, TokenRestrictedSids, &Length), STATUS_SUCCESS, "restricting SIDs");
    ok(((PTOKEN_GROUPS)Buffer)->GroupCount == 0, "are none");
    ok_status(Ask(Token, TokenBnoIsolation, &Length), STATUS_SUCCESS, "isolated names");
    ok(Length == sizeof(TOKEN_BNO_ISOLATION_INFORMATION) &&
           !((PTOKEN_BNO_ISOLATION_INFORMATION)Buffer)->IsolationEnabled &&
           !((PTOKEN_BNO_ISOLATION_INFORMATION)Buffer)->IsolationPrefix,
       "it has none");
    ok_status(Ask(Token, TokenGroupsAndPrivileges, &Length), STATUS_SUCCESS, "all of it at once");
    ok(((PTOKEN_GROUPS_AND_PRIVILEGES)Buffer)->SidCount == 5 &&
           ((PTOKEN_GROUPS_AND_PRIVILEGES)Buffer)->PrivilegeCount == 32,
       "has the user among the groups");
    ok(RtlEqualSid(((PTOKEN_GROUPS_AND_PRIVILEGES)Buffer)->Sids[0].Sid, AS_SID(SystemSid)),
       "as the first");
    ok_status(Ask(Token, TokenLogonSid, &Length), STATUS_NOT_FOUND, "there is no logon SID");
    ok_status(Ask(Token, TokenLinkedToken, &Length), STATUS_NO_SUCH_LOGON_SESSION,
              "nor a linked token");
    ok_status(Ask(Token, TokenAppContainerSid, &Length), STATUS_SUCCESS, "the container's SID");
    ok(Length == sizeof(PVOID) && Buffer[0] == 0, "is NULL");
    ok_status(Ask(Token, TokenCapabilities, &Length), STATUS_SUCCESS, "capabilities");
    ok(((PTOKEN_GROUPS)Buffer)->GroupCount == 0, "are none");
    ok_status(Ask(Token, TokenSource, &Length), STATUS_ACCESS_DENIED,
              "the source needs TOKEN_QUERY_SOURCE");
    ok_status(Ask(Blind, TokenUser, &Length), STATUS_ACCESS_DENIED, "asking needs TOKEN_QUERY");
    ok_status(Ask(Token, (TOKEN_INFORMATION_CLASS)0, &Length), STATUS_INVALID_INFO_CLASS,
              "there is no class 0");
    ok_status(Ask(Token, (TOKEN_INFORMATION_CLASS)1000, &Length), STATUS_INVALID_INFO_CLASS,
              "nor class 1000");
    ok_status(Ask(NULL, TokenUser, &Length), STATUS_INVALID_HANDLE, "no handle");
    ok_status(Ask(NtCurrentProcess(), TokenUser, &Length), STATUS_OBJECT_TYPE_MISMATCH,
              "a process is no token");
    Length = 0;
    ok_status(NtQueryInformationToken(Token, TokenUser, NULL, 0, &Length), STATUS_BUFFER_TOO_SMALL,
              "no buffer");
    ok(Length == sizeof(TOKEN_USER) + 12, "the length is told");
    ok_status(NtQueryInformationToken(Token, TokenUser, Buffer, Length - 1, &Length),
              STATUS_BUFFER_TOO_SMALL, "a byte too few");
    ok_status(NtQueryInformationToken(Token, TokenUser, (PVOID)8, 100, &Length),
              STATUS_ACCESS_VIOLATION, "a bad buffer");
    ok_status(NtQueryInformationToken(Token, TokenUser, Buffer, sizeof(Buffer), (PULONG)8),
              STATUS_ACCESS_VIOLATION, "a bad place for the length");
    ok_status(Ask(NtCurrentProcessToken(), TokenUser, &Length), STATUS_SUCCESS,
              "the process's token without opening it");
    ok_status(Ask(NtCurrentThreadEffectiveToken(), TokenUser, &Length), STATUS_SUCCESS,
              "the token that counts");
    ok_status(Ask(NtCurrentThreadToken(), TokenUser, &Length), STATUS_NO_TOKEN,
              "the thread has none");
    NtClose(Token);
    NtClose(Blind);
}

static void TestOpening(void)
{
    HANDLE Token;

    ok_status(NtOpenProcessToken(NULL, TOKEN_QUERY, &Token), STATUS_INVALID_HANDLE, "no process");
    ok_status(NtOpenProcessToken(NtCurrentThread(), TOKEN_QUERY, &Token),
              STATUS_OBJECT_TYPE_MISMATCH, "a thread is no process");
    ok_status(NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, (PHANDLE)8),
              STATUS_ACCESS_VIOLATION, "a bad place for the handle");
    ok_status(NtOpenProcessToken(NtCurrentProcess(), 0, &Token), STATUS_ACCESS_DENIED,
              "nothing is asked for");
    ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, FALSE, &Token), STATUS_NO_TOKEN,
              "the thread acts for itself");
    ok_status(NtOpenThreadToken(NtCurrentProcess(), TOKEN_QUERY, FALSE, &Token),
              STATUS_OBJECT_TYPE_MISMATCH, "a process is no thread");
    ok_status(NtOpenProcessTokenEx(NtCurrentProcess(), MAXIMUM_ALLOWED, OBJ_INHERIT, &Token),
              STATUS_SUCCESS, "as much as there is");
    NtClose(Token);
}

static void TestOpeningOfThread(void)
{
    OBJECT_HANDLE_FLAG_INFORMATION Flags = {0};
    HANDLE Thread = NtCurrentThread(), Token = NULL, Weak, User;

    ok_status(NtOpenThreadTokenEx(Thread, TOKEN_QUERY, TRUE, OBJ_INHERIT, &Token), STATUS_NO_TOKEN,
              "the thread's token, with attributes");
    ok_status(NtOpenThreadTokenEx(NULL, TOKEN_QUERY, TRUE, 0, &Token), STATUS_INVALID_HANDLE,
              "of no thread");
    ok_status(NtOpenThreadTokenEx(NtCurrentProcess(), TOKEN_QUERY, TRUE, 0, &Token),
              STATUS_OBJECT_TYPE_MISMATCH, "of a process");
    ok_status(NtOpenThreadTokenEx(Thread, TOKEN_QUERY, TRUE, 0, (PHANDLE)8),
              STATUS_ACCESS_VIOLATION, "to a bad address");
    Weak = Restricted(Thread, SYNCHRONIZE);
    ok_status(NtOpenThreadTokenEx(Weak, TOKEN_QUERY, TRUE, 0, &Token), STATUS_ACCESS_DENIED,
              "it needs THREAD_QUERY_LIMITED_INFORMATION");
    NtClose(Weak);
    MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &User);
    ActFor(User);
    ok_status(NtOpenThreadTokenEx(Thread, TOKEN_QUERY, FALSE, 0, &Token), STATUS_ACCESS_DENIED,
              "whom the thread acts for may not");
    ok_status(NtOpenThreadTokenEx(Thread, 0, TRUE, 0, &Token), STATUS_ACCESS_DENIED,
              "nothing is asked for");
    ok_status(NtOpenThreadTokenEx(Thread, TOKEN_QUERY, TRUE, OBJ_INHERIT, &Token), STATUS_SUCCESS,
              "its process may");
    NtQueryObject(Token, ObjectHandleFlagInformation, &Flags, sizeof(Flags), NULL);
    ok(Flags.Inherit && !Flags.ProtectFromClose, "the handle has the attributes");
    ok(NtCompareObjects(Token, User) == STATUS_SUCCESS, "and is the token that was set");
    NtClose(Token);
    ActFor(NULL);
    NtClose(User);
}

/* ---- Privileges ---- */
static TOKEN_PRIVILEGES One(ULONG Number, ULONG Attributes)
{
    return (TOKEN_PRIVILEGES){1, {{{Number, 0}, Attributes}}};
}

static void TestPrivileges(void)
{
    HANDLE Token = OwnToken(TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES), Blind = OwnToken(TOKEN_QUERY),
           Copy;
    TOKEN_PRIVILEGES New = One(SE_BACKUP_PRIVILEGE, SE_PRIVILEGE_ENABLED), Old = {0};
    ULONG Length = 0;

    ok_status(NtAdjustPrivilegesToken(Token, FALSE, &New, sizeof(Old), &Old, &Length),
              STATUS_SUCCESS, "enable a privilege");
    ok(Old.PrivilegeCount == 1 && Old.Privileges[0].Luid.LowPart == SE_BACKUP_PRIVILEGE &&
           Old.Privileges[0].Attributes == 0,
       "it was not");
    ok(Length == sizeof(Old), "the length is told");
    ok(PrivilegeOf(Token, SE_BACKUP_PRIVILEGE) == SE_PRIVILEGE_ENABLED, "now it is");
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, &New, sizeof(Old), &Old, &Length),
              STATUS_SUCCESS, "once more");
    ok(Old.PrivilegeCount == 0, "changes nothing");
    New.Privileges[0].Attributes = 0;
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, &New, 0, &Old, &Length),
              STATUS_BUFFER_TOO_SMALL, "no room for the previous state");
    ok(PrivilegeOf(Token, SE_BACKUP_PRIVILEGE) == SE_PRIVILEGE_ENABLED, "then nothing is changed");
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, &New, 0, NULL, NULL), STATUS_SUCCESS,
              "nobody has to know the previous state");
    ok(PrivilegeOf(Token, SE_BACKUP_PRIVILEGE) == 0, "and it is disabled");
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, &New, sizeof(Old), &Old, NULL),
              STATUS_ACCESS_VIOLATION, "the previous state has a length");
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, NULL, 0, NULL, NULL), STATUS_INVALID_PARAMETER,
              "no new state");
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, (PTOKEN_PRIVILEGES)8, 0, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad new state");
    ok_status(NtAdjustPrivilegesToken(Blind, FALSE, &New, 0, NULL, NULL), STATUS_ACCESS_DENIED,
              "it needs TOKEN_ADJUST_PRIVILEGES");
    New = One(6, SE_PRIVILEGE_ENABLED);
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, &New, 0, NULL, NULL), STATUS_NOT_ALL_ASSIGNED,
              "one that does not exist");
    New = One(SE_BACKUP_PRIVILEGE, SE_PRIVILEGE_ENABLED);
    New.Privileges[0].Luid.HighPart = 1;
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, &New, 0, NULL, NULL), STATUS_NOT_ALL_ASSIGNED,
              "LUIDs have 64 bits");
    New.PrivilegeCount = 0x7fffffff;
    ok_status(NtAdjustPrivilegesToken(Token, FALSE, &New, 0, NULL, NULL), STATUS_INVALID_PARAMETER,
              "too many");
    ok_status(SetPrivilege(SE_BACKUP_PRIVILEGE, TRUE), STATUS_SUCCESS, "RtlAdjustPrivilege");
    ok_status(SetPrivilege(SE_BACKUP_PRIVILEGE, FALSE), STATUS_SUCCESS, "and back");
    ok_status(SetPrivilege(6, TRUE), STATUS_PRIVILEGE_NOT_HELD, "it tells what one does not have");
    NtClose(Token);
    Token = OwnToken(TOKEN_DUPLICATE);
    NtDuplicateToken(Token, TOKEN_ALL_ACCESS, NULL, FALSE, TokenPrimary, &Copy);
    New = One(SE_BACKUP_PRIVILEGE, SE_PRIVILEGE_REMOVED);
    ok_status(NtAdjustPrivilegesToken(Copy, FALSE, &New, 0, NULL, NULL), STATUS_SUCCESS,
              "take a privilege away");
    ok(PrivilegeOf(Copy, SE_BACKUP_PRIVILEGE) == MAXULONG, "it is gone");
    ok(PrivilegeOf(Blind, SE_BACKUP_PRIVILEGE) == 0, "from the copy only");
    ok_status(NtAdjustPrivilegesToken(Copy, FALSE, &New, 0, NULL, NULL), STATUS_NOT_ALL_ASSIGNED,
              "and cannot be taken twice");
    ok_status(NtAdjustPrivilegesToken(Copy, TRUE, NULL, 0, NULL, NULL), STATUS_SUCCESS,
              "disable them all");
    ok(PrivilegeOf(Copy, SE_DEBUG_PRIVILEGE) == SE_PRIVILEGE_ENABLED_BY_DEFAULT, "they are");
    NtClose(Token);
    NtClose(Blind);
    NtClose(Copy);
}

static void TestPrivilegeCheck(void)
{
    HANDLE Token = OwnToken(TOKEN_QUERY);
    struct {
        ULONG Count, Control;
        LUID_AND_ATTRIBUTES List[2];
    } Set = {2,
             PRIVILEGE_SET_ALL_NECESSARY,
             {{{SE_DEBUG_PRIVILEGE, 0}, 0}, {{SE_BACKUP_PRIVILEGE, 0}, 0}}};
    BOOLEAN Held = 2;

    ok_status(NtPrivilegeCheck(Token, (PPRIVILEGE_SET)&Set, &Held), STATUS_SUCCESS,
              "are both privileges enabled?");
    ok(Held == FALSE, "no");
    ok(Set.List[0].Attributes == SE_PRIVILEGE_USED_FOR_ACCESS && Set.List[1].Attributes == 0,
       "the first is");
    Set.Control = 0;
    ok_status(NtPrivilegeCheck(Token, (PPRIVILEGE_SET)&Set, &Held), STATUS_SUCCESS, "is one?");
    ok(Held == TRUE, "yes");
    ok_status(NtPrivilegeCheck(Token, (PPRIVILEGE_SET)8, &Held), STATUS_ACCESS_VIOLATION,
              "a bad set");
    ok_status(NtPrivilegeCheck(Token, (PPRIVILEGE_SET)&Set, (PBOOLEAN)8), STATUS_ACCESS_VIOLATION,
              "a bad result");
    Set.Count = 0x10000000;
    ok_status(NtPrivilegeCheck(Token, (PPRIVILEGE_SET)&Set, &Held), STATUS_INVALID_PARAMETER,
              "a set too large");
    ok_status(NtPrivilegeCheck(NULL, (PPRIVILEGE_SET)&Set, &Held), STATUS_INVALID_HANDLE,
              "no token");
    NtClose(Token);
}

/* ---- Groups ---- */
static void TestGroups(void)
{
    struct {
        ULONG Count;
        SID_AND_ATTRIBUTES Sids[2];
    } New = {1, {{AS_SID(UsersSid), 0}}}, Old;
    ULONG_PTR State[32];
    PTOKEN_GROUPS Previous = (PTOKEN_GROUPS)State;
    ULONG Length = 0;
    HANDLE Token;

    ok_status(MakeUserToken(TokenPrimary, SecurityAnonymous, 0, &Token), STATUS_SUCCESS,
              "a token to adjust");
    ok_status(
        NtAdjustGroupsToken(Token, FALSE, (PTOKEN_GROUPS)&New, sizeof(State), Previous, &Length),
        STATUS_SUCCESS, "disable a group");
    ok(AttributesOf(Token, AS_SID(UsersSid)) == SE_GROUP_ENABLED_BY_DEFAULT, "it is disabled");
    ok(Previous->GroupCount == 1 && RtlEqualSid(Previous->Groups[0].Sid, AS_SID(UsersSid)) &&
           Previous->Groups[0].Attributes == (SE_GROUP_ENABLED | SE_GROUP_ENABLED_BY_DEFAULT),
       "it was enabled");
    ok(Length == offsetof(TOKEN_GROUPS, Groups) + sizeof(SID_AND_ATTRIBUTES) + 16,
       "the length of that");
    ok_status(NtAdjustGroupsToken(Token, TRUE, NULL, 0, NULL, NULL), STATUS_SUCCESS,
              "back to the defaults");
    ok(AttributesOf(Token, AS_SID(UsersSid)) == (SE_GROUP_ENABLED | SE_GROUP_ENABLED_BY_DEFAULT),
       "it is enabled again");
    New.Sids[0].Sid = AS_SID(WorldSid);
    ok_status(NtAdjustGroupsToken(Token, FALSE, (PTOKEN_GROUPS)&New, 0, NULL, NULL),
              STATUS_CANT_DISABLE_MANDATORY, "a mandatory group");
    New.Sids[0].Sid = AS_SID(MediumLabel);
    ok_status(NtAdjustGroupsToken(Token, FALSE, (PTOKEN_GROUPS)&New, 0, NULL, NULL), STATUS_SUCCESS,
              "a label is not enabled as groups are");
    New.Sids[0].Sid = AS_SID(OtherSid);
    ok_status(NtAdjustGroupsToken(Token, FALSE, (PTOKEN_GROUPS)&New, 0, NULL, NULL),
              STATUS_NOT_ALL_ASSIGNED, "one that is not there");
    New.Sids[0].Sid = (PSID)8;
    ok_status(NtAdjustGroupsToken(Token, FALSE, (PTOKEN_GROUPS)&New, 0, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad SID");
    New.Sids[0].Sid = AS_SID(UsersSid);
    ok_status(NtAdjustGroupsToken(Token, FALSE, (PTOKEN_GROUPS)&New, 4, Previous, &Length),
              STATUS_BUFFER_TOO_SMALL, "no room for the previous state");
    ok(AttributesOf(Token, AS_SID(UsersSid)) & SE_GROUP_ENABLED, "then nothing is changed");
    ok_status(NtAdjustGroupsToken(Token, FALSE, NULL, 0, NULL, NULL), STATUS_INVALID_PARAMETER,
              "no new state");
    New.Count = 100000;
    ok_status(NtAdjustGroupsToken(Token, FALSE, (PTOKEN_GROUPS)&New, 0, NULL, NULL),
              STATUS_INVALID_PARAMETER, "too many");
    NtClose(Token);
    Old = New;
    Token = OwnToken(TOKEN_QUERY);
    ok_status(NtAdjustGroupsToken(Token, TRUE, NULL, 0, NULL, NULL), STATUS_ACCESS_DENIED,
              "it needs TOKEN_ADJUST_GROUPS");
    NtClose(Token);
    (void)Old;
}

/* ---- Copies ---- */
static NTSTATUS Copy(HANDLE Token, SECURITY_IMPERSONATION_LEVEL Level, BOOLEAN EffectiveOnly,
                     TOKEN_TYPE Type, PHANDLE New)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), Level, FALSE, FALSE};
    OBJECT_ATTRIBUTES Attributes = {.Length = sizeof(Attributes),
                                    .SecurityQualityOfService = &Quality};

    return NtDuplicateToken(Token, TOKEN_ALL_ACCESS, &Attributes, EffectiveOnly, Type, New);
}

static void TestCopies(void)
{
    HANDLE Token = OwnToken(TOKEN_QUERY | TOKEN_DUPLICATE), Blind = OwnToken(TOKEN_QUERY), New, Low;
    OBJECT_BASIC_INFORMATION Basic;
    BOOLEAN Equal = 2;

    ok_status(Copy(Token, SecurityImpersonation, FALSE, TokenImpersonation, &New), STATUS_SUCCESS,
              "an impersonation token of one's own");
    ok(AskLong(New, TokenType) == TokenImpersonation &&
           AskLong(New, TokenImpersonationLevel) == SecurityImpersonation,
       "with the level asked for");
    ok_status(NtCompareTokens(Token, New, &Equal), STATUS_SUCCESS, "compare them");
    ok(Equal == TRUE, "they can do the same");
    SetPrivilege(SE_BACKUP_PRIVILEGE, TRUE);
    NtCompareTokens(Token, New, &Equal);
    ok(Equal == FALSE, "not when one gets a privilege");
    SetPrivilege(SE_BACKUP_PRIVILEGE, FALSE);
    ok_status(NtCompareTokens(Token, NULL, &Equal), STATUS_INVALID_HANDLE, "with nothing");
    ok_status(NtCompareTokens(Token, New, (PBOOLEAN)8), STATUS_ACCESS_VIOLATION, "a bad result");
    ok_status(Copy(New, SecurityIdentification, FALSE, TokenImpersonation, &Low), STATUS_SUCCESS,
              "a copy of a lower level");
    NtClose(New);
    ok_status(Copy(Low, SecurityImpersonation, FALSE, TokenImpersonation, &New),
              STATUS_BAD_IMPERSONATION_LEVEL, "but not of a higher one");
    ok_status(Copy(Low, SecurityImpersonation, FALSE, TokenPrimary, &New),
              STATUS_BAD_IMPERSONATION_LEVEL, "nor a primary one of who is only identified");
    NtClose(Low);
    ok_status(Copy(Token, (SECURITY_IMPERSONATION_LEVEL)4, FALSE, TokenImpersonation, &New),
              STATUS_INVALID_PARAMETER, "there are four levels");
    ok_status(Copy(Token, SecurityImpersonation, FALSE, (TOKEN_TYPE)0, &New),
              STATUS_INVALID_PARAMETER, "and two types");
    ok_status(Copy(Token, SecurityImpersonation, FALSE, (TOKEN_TYPE)3, &New),
              STATUS_INVALID_PARAMETER, "no more");
    ok_status(Copy(Blind, SecurityImpersonation, FALSE, TokenPrimary, &New), STATUS_ACCESS_DENIED,
              "it needs TOKEN_DUPLICATE");
    ok_status(NtDuplicateToken(Token, 0, NULL, FALSE, TokenPrimary, (PHANDLE)8),
              STATUS_ACCESS_VIOLATION, "a bad place for the handle");
    ok_status(Copy(Token, SecurityImpersonation, TRUE, TokenPrimary, &New), STATUS_SUCCESS,
              "a copy of what is enabled");
    ok(PrivilegeOf(New, SE_BACKUP_PRIVILEGE) == MAXULONG, "has no more than that");
    ok(PrivilegeOf(New, SE_DEBUG_PRIVILEGE) ==
           (SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT),
       "and no less");
    NtClose(New);
    ok_status(NtDuplicateToken(Token, 0, NULL, FALSE, TokenPrimary, &New), STATUS_SUCCESS,
              "no access is asked for");
    NtQueryObject(New, ObjectBasicInformation, &Basic, sizeof(Basic), NULL);
    ok(Basic.GrantedAccess == (TOKEN_QUERY | TOKEN_DUPLICATE), "then it is that of the handle");
    ok(Basic.SecurityDescriptorSize != 0, "every token has a descriptor");
    NtClose(New);
    NtClose(Token);
    NtClose(Blind);
}

/* ---- Filtered ---- */
static void TestFiltered(void)
{
    HANDLE Token = OwnToken(TOKEN_ALL_ACCESS), New, Twice;
    TOKEN_GROUPS Disable = {1, {{AS_SID(AdministratorsSid), 0}}};
    TOKEN_GROUPS Restrict = {1, {{AS_SID(WorldSid), 0}}};
    TOKEN_PRIVILEGES Delete = One(SE_DEBUG_PRIVILEGE, 0);
    ULONG Length;

    ok_status(NtFilterToken(Token, 0, &Disable, &Delete, &Restrict, &New), STATUS_SUCCESS,
              "a token that can do less");
    ok(AttributesOf(New, AS_SID(AdministratorsSid)) == SE_GROUP_USE_FOR_DENY_ONLY,
       "a group counts for denials only");
    ok(PrivilegeOf(New, SE_DEBUG_PRIVILEGE) == MAXULONG, "a privilege is gone");
    ok(PrivilegeOf(New, SE_BACKUP_PRIVILEGE) == 0, "others are there");
    ok(AskLong(New, TokenIsRestricted) == 1 && AskLong(New, TokenHasRestrictions) == 1,
       "it says so");
    ok_status(Ask(New, TokenRestrictedSids, &Length), STATUS_SUCCESS, "and to what");
    ok(((PTOKEN_GROUPS)Buffer)->GroupCount == 1 &&
           RtlEqualSid(((PTOKEN_GROUPS)Buffer)->Groups[0].Sid, AS_SID(WorldSid)),
       "it is restricted");
    ok_status(Ask(New, TokenOwner, &Length), STATUS_SUCCESS, "what cannot own any more");
    ok(RtlEqualSid(((PTOKEN_OWNER)Buffer)->Owner, AS_SID(SystemSid)), "makes room for the user");
    ok_status(NtAdjustGroupsToken(
                  New, FALSE, &(TOKEN_GROUPS){1, {{AS_SID(AdministratorsSid), SE_GROUP_ENABLED}}},
                  0, NULL, NULL),
              STATUS_CANT_ENABLE_DENY_ONLY, "it cannot be enabled again");
    Restrict.Groups[0].Sid = AS_SID(UsersSid);
    ok_status(NtFilterToken(New, 0, NULL, NULL, &Restrict, &Twice), STATUS_SUCCESS,
              "restricted once more");
    Ask(Twice, TokenRestrictedSids, &Length);
    ok(((PTOKEN_GROUPS)Buffer)->GroupCount == 0, "only what is in both is left");
    ok(AskLong(Twice, TokenIsRestricted) == 1, "even if that is nothing");
    NtClose(Twice);
    NtClose(New);
    ok_status(NtFilterToken(Token, DISABLE_MAX_PRIVILEGE | SANDBOX_INERT, NULL, NULL, NULL, &New),
              STATUS_SUCCESS, "without privileges");
    ok(PrivilegeOf(New, SE_DEBUG_PRIVILEGE) == MAXULONG &&
           PrivilegeOf(New, SE_CHANGE_NOTIFY_PRIVILEGE) != MAXULONG,
       "all but one are gone");
    ok(AskLong(New, TokenSandBoxInert) == 1, "and inert");
    NtClose(New);
    ok_status(NtFilterToken(Token, LUA_TOKEN, NULL, NULL, NULL, &New), STATUS_SUCCESS,
              "an administrator as an ordinary user");
    ok(AttributesOf(New, AS_SID(AdministratorsSid)) == SE_GROUP_USE_FOR_DENY_ONLY &&
           PrivilegeOf(New, SE_DEBUG_PRIVILEGE) == MAXULONG &&
           PrivilegeOf(New, SE_SHUTDOWN_PRIVILEGE) == 0,
       "who may still switch off");
    NtClose(New);
    ok_status(NtFilterToken(Token, 0x10, NULL, NULL, NULL, &New), STATUS_INVALID_PARAMETER,
              "an unknown flag");
    Restrict.Groups[0].Attributes = SE_GROUP_ENABLED;
    ok_status(NtFilterToken(Token, 0, NULL, NULL, &Restrict, &New), STATUS_INVALID_PARAMETER,
              "restricting SIDs have no attributes");
    ok_status(NtFilterToken(Token, 0, (PTOKEN_GROUPS)8, NULL, NULL, &New), STATUS_ACCESS_VIOLATION,
              "bad groups");
    ok_status(NtFilterToken(Token, 0, NULL, NULL, NULL, (PHANDLE)8), STATUS_ACCESS_VIOLATION,
              "a bad place for the handle");
    NtClose(Token);
}

/* ---- Set ---- */
/* A copy has it too. */
static void TestUiAccess(HANDLE Token)
{
    OBJECT_ATTRIBUTES Attributes = {.Length = sizeof(Attributes)};
    ULONG Yes = 1;
    HANDLE Copy;

    SetPrivilege(SE_TCB_PRIVILEGE, FALSE);
    ok_status(NtSetInformationToken(Token, TokenUIAccess, &Yes, sizeof(Yes)),
              STATUS_PRIVILEGE_NOT_HELD, "access to others' windows needs SeTcbPrivilege");
    SetPrivilege(SE_TCB_PRIVILEGE, TRUE);
    ok_status(NtSetInformationToken(Token, TokenUIAccess, &Yes, sizeof(Yes)), STATUS_SUCCESS,
              "with it");
    ok(AskLong(Token, TokenUIAccess) == 1, "it is in the token");
    NtDuplicateToken(Token, TOKEN_QUERY, &Attributes, FALSE, TokenPrimary, &Copy);
    ok(AskLong(Copy, TokenUIAccess) == 1, "and in its copy");
    NtClose(Copy);
}

static void TestSettingIntegrityAndSession(HANDLE Token)
{
    TOKEN_MANDATORY_LABEL Label = {{AS_SID(HighLabel), SE_GROUP_INTEGRITY}};
    ULONG Long = 3, Length;

    ok_status(NtSetInformationToken(Token, TokenIntegrityLevel, &Label, sizeof(Label)),
              STATUS_SUCCESS, "the trusted base raises the integrity");
    Label.Label.Sid = AS_SID(LowLabel);
    ok_status(NtSetInformationToken(Token, TokenIntegrityLevel, &Label, sizeof(Label)),
              STATUS_SUCCESS, "everybody lowers it");
    Ask(Token, TokenIntegrityLevel, &Length);
    ok(*RtlSubAuthoritySid(((PTOKEN_MANDATORY_LABEL)Buffer)->Label.Sid, 0) == 0x1000, "it is low");
    Label.Label.Sid = AS_SID(WorldSid);
    ok_status(NtSetInformationToken(Token, TokenIntegrityLevel, &Label, sizeof(Label)),
              STATUS_INVALID_LABEL, "Everyone is no label");
    SetPrivilege(SE_TCB_PRIVILEGE, FALSE);
    Label.Label.Sid = AS_SID(MediumLabel);
    ok_status(NtSetInformationToken(Token, TokenIntegrityLevel, &Label, sizeof(Label)),
              STATUS_PRIVILEGE_NOT_HELD, "raising needs SeTcbPrivilege");
    ok_status(NtSetInformationToken(Token, TokenSessionId, &Long, sizeof(Long)),
              STATUS_PRIVILEGE_NOT_HELD, "another session too");
    SetPrivilege(SE_TCB_PRIVILEGE, TRUE);
    ok_status(NtSetInformationToken(Token, TokenSessionId, &Long, sizeof(Long)), STATUS_SUCCESS,
              "with it");
    ok(AskLong(Token, TokenSessionId) == 3, "the session is another one");
    TestUiAccess(Token);
}

static void TestSetting(void)
{
    PVOID Pointer = AS_SID(OtherSid);
    ULONG Long = 3, Length;
    HANDLE Token, Blind;

    MakeUserToken(TokenPrimary, SecurityAnonymous, 0, &Token);
    ok_status(NtSetInformationToken(Token, TokenOwner, &Pointer, sizeof(Pointer)),
              STATUS_INVALID_OWNER, "somebody else as owner");
    Pointer = AS_SID(UsersSid);
    ok_status(NtSetInformationToken(Token, TokenOwner, &Pointer, sizeof(Pointer)),
              STATUS_INVALID_OWNER, "a group that may not own");
    Pointer = AS_SID(UserSid);
    ok_status(NtSetInformationToken(Token, TokenOwner, &Pointer, sizeof(Pointer)), STATUS_SUCCESS,
              "the user");
    ok_status(NtSetInformationToken(Token, TokenPrimaryGroup, &Pointer, sizeof(Pointer)),
              STATUS_SUCCESS, "any SID of the token is a primary group");
    Pointer = AS_SID(OtherSid);
    ok_status(NtSetInformationToken(Token, TokenPrimaryGroup, &Pointer, sizeof(Pointer)),
              STATUS_INVALID_PRIMARY_GROUP, "no other");
    Pointer = BeginAcl();
    ok_status(NtSetInformationToken(Token, TokenDefaultDacl, &Pointer, sizeof(Pointer)),
              STATUS_SUCCESS, "an empty default list");
    Ask(Token, TokenDefaultDacl, &Length);
    ok(((PTOKEN_DEFAULT_DACL)Buffer)->DefaultDacl->AceCount == 0, "is there");
    ((PACL)Pointer)->AclSize = 6;
    ok_status(NtSetInformationToken(Token, TokenDefaultDacl, &Pointer, sizeof(Pointer)),
              STATUS_INVALID_ACL, "a list that is none");
    Pointer = NULL;
    ok_status(NtSetInformationToken(Token, TokenDefaultDacl, &Pointer, sizeof(Pointer)),
              STATUS_SUCCESS, "no default list");
    Ask(Token, TokenDefaultDacl, &Length);
    ok(((PTOKEN_DEFAULT_DACL)Buffer)->DefaultDacl == NULL, "then it is NULL");
    TestSettingIntegrityAndSession(Token);
    ok_status(NtSetInformationToken(Token, TokenMandatoryPolicy, &Long, sizeof(Long)),
              STATUS_SUCCESS, "the policy");
    ok(AskLong(Token, TokenMandatoryPolicy) == 3, "is set");
    ok_status(NtSetInformationToken(Token, TokenUser, &Pointer, sizeof(Pointer)),
              STATUS_INVALID_INFO_CLASS, "the user stays who it is");
    ok_status(NtSetInformationToken(Token, TokenOwner, &Pointer, 1), STATUS_INFO_LENGTH_MISMATCH,
              "too short");
    ok_status(NtSetInformationToken(Token, TokenOwner, (PVOID)8, sizeof(PVOID)),
              STATUS_ACCESS_VIOLATION, "a bad address");
    Blind = Restricted(Token, TOKEN_QUERY);
    ok_status(NtSetInformationToken(Blind, TokenOwner, &Pointer, sizeof(Pointer)),
              STATUS_ACCESS_DENIED, "it needs TOKEN_ADJUST_DEFAULT");
    NtClose(Blind);
    NtClose(Token);
}

/* ---- Made from nothing ---- */
/* The parts of a token; one test spoils one. */
static struct {
    TOKEN_TYPE Type;
    LUID Session;
    LARGE_INTEGER Expires;
    TOKEN_USER User;
    TOKEN_GROUPS Groups;
    TOKEN_PRIVILEGES Privileges;
    TOKEN_OWNER Owner;
    TOKEN_PRIMARY_GROUP Group;
    TOKEN_DEFAULT_DACL Dacl;
    TOKEN_SOURCE Source;
} Parts;

static NTSTATUS MakeOfParts(void)
{
    HANDLE Token;
    NTSTATUS Status = NtCreateToken(&Token, TOKEN_QUERY, NULL, Parts.Type, &Parts.Session,
                                    &Parts.Expires, &Parts.User, &Parts.Groups, &Parts.Privileges,
                                    &Parts.Owner, &Parts.Group, &Parts.Dacl, &Parts.Source);

    if (NT_SUCCESS(Status))
        NtClose(Token);
    Parts.Type = TokenPrimary;
    Parts.User = (TOKEN_USER){{AS_SID(UserSid), 0}};
    Parts.Groups = (TOKEN_GROUPS){1, {{AS_SID(WorldSid), SE_GROUP_MANDATORY}}};
    Parts.Privileges = One(SE_CHANGE_NOTIFY_PRIVILEGE, 3);
    Parts.Owner.Owner = AS_SID(UserSid);
    Parts.Group.PrimaryGroup = AS_SID(WorldSid);
    Parts.Dacl.DefaultDacl = NULL;
    return Status;
}

static void TestMaking(void)
{
    static const UCHAR NoSid[8] DECLSPEC_ALIGN(4) = {2, 1};
    static ACL NoAcl = {ACL_REVISION, 0, 200, 20, 0};
    HANDLE Token;

    MakeOfParts();
    ok_status(MakeOfParts(), STATUS_PRIVILEGE_NOT_HELD, "making a token needs a privilege");
    SetPrivilege(SE_CREATE_TOKEN_PRIVILEGE, TRUE);
    ok_status(MakeOfParts(), STATUS_SUCCESS, "with it one can");
    Parts.Type = (TOKEN_TYPE)3;
    ok_status(MakeOfParts(), STATUS_BAD_TOKEN_TYPE, "of two types");
    Parts.User.User.Sid = (PSID)NoSid;
    ok_status(MakeOfParts(), STATUS_INVALID_SID, "a user that is no SID");
    Parts.User.User.Sid = (PSID)8;
    ok_status(MakeOfParts(), STATUS_ACCESS_VIOLATION, "a user at a bad address");
    Parts.Groups.Groups[0].Sid = (PSID)NoSid;
    ok_status(MakeOfParts(), STATUS_INVALID_SID, "a group that is no SID");
    Parts.Groups.GroupCount = 1025;
    ok_status(MakeOfParts(), STATUS_INVALID_PARAMETER, "too many groups");
    Parts.Groups.GroupCount = MAXULONG;
    ok_status(MakeOfParts(), STATUS_INVALID_PARAMETER, "as many as there are numbers");
    Parts.Privileges.Privileges[0].Luid.LowPart = 1;
    ok_status(MakeOfParts(), STATUS_NO_SUCH_PRIVILEGE, "a privilege that does not exist");
    Parts.Privileges.PrivilegeCount = 0x40000000;
    ok_status(MakeOfParts(), STATUS_INVALID_PARAMETER, "too many privileges");
    Parts.Owner.Owner = AS_SID(WorldSid);
    ok_status(MakeOfParts(), STATUS_INVALID_OWNER, "an owner that may not own");
    Parts.Owner.Owner = AS_SID(OtherSid);
    ok_status(MakeOfParts(), STATUS_INVALID_OWNER, "an owner from elsewhere");
    Parts.Group.PrimaryGroup = AS_SID(OtherSid);
    ok_status(MakeOfParts(), STATUS_INVALID_PRIMARY_GROUP, "a group from elsewhere");
    Parts.Dacl.DefaultDacl = &NoAcl;
    ok_status(MakeOfParts(), STATUS_INVALID_ACL, "a list that ends too early");
    ok_status(NtCreateToken((PHANDLE)8, TOKEN_QUERY, NULL, TokenPrimary, NULL, NULL, NULL, NULL,
                            NULL, NULL, NULL, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "a bad place for the handle");
    ok_status(NtCreateToken(&Token, TOKEN_QUERY, NULL, TokenPrimary, NULL, NULL, NULL, NULL, NULL,
                            NULL, NULL, NULL, NULL),
              STATUS_ACCESS_VIOLATION, "nothing at all");
    SetPrivilege(SE_CREATE_TOKEN_PRIVILEGE, FALSE);
    ok_status(MakeUserToken(TokenPrimary, SecurityAnonymous, SE_DEBUG_PRIVILEGE, &Token),
              STATUS_SUCCESS, "a user who may debug");
    ok(PrivilegeOf(Token, SE_DEBUG_PRIVILEGE) == SE_PRIVILEGE_ENABLED, "has the privilege");
    ok(AskLong(Token, TokenElevation) == 0, "and is not elevated");
    NtClose(Token);
}

/* ---- Acting for somebody ---- */
static void TestActing(void)
{
    SECURITY_QUALITY_OF_SERVICE Quality = {sizeof(Quality), SecurityImpersonation, FALSE, FALSE};
    HANDLE User, Primary = OwnToken(TOKEN_ALL_ACCESS), Token, Event;
    ULONG Length;

    MakeUserToken(TokenImpersonation, SecurityImpersonation, 0, &User);
    ok_status(ActFor(Primary), STATUS_BAD_TOKEN_TYPE, "a primary token is not acted for");
    ok_status(ActFor(NtCurrentProcess()), STATUS_OBJECT_TYPE_MISMATCH, "nor is a process");
    ok_status(NtSetInformationThread(NtCurrentThread(), ThreadImpersonationToken, &User, 1),
              STATUS_INFO_LENGTH_MISMATCH, "a handle has its length");
    ok_status(ActFor(User), STATUS_SUCCESS, "act for a user");
    ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &Token), STATUS_SUCCESS,
              "the thread has a token");
    Ask(Token, TokenUser, &Length);
    ok(RtlEqualSid(((PTOKEN_USER)Buffer)->User.Sid, AS_SID(UserSid)), "the user's");
    NtClose(Token);
    ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, FALSE, &Token),
              STATUS_ACCESS_DENIED, "which the user may not open, as the system made it");
    Ask(NtCurrentThreadEffectiveToken(), TokenUser, &Length);
    ok(RtlEqualSid(((PTOKEN_USER)Buffer)->User.Sid, AS_SID(UserSid)), "it is the one that counts");
    ok_status(NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &Token), STATUS_ACCESS_DENIED,
              "and the process's token is not the user's");
    ok_status(ActFor(NULL), STATUS_SUCCESS, "act for oneself");
    NtClose(User);
    MakeUserToken(TokenImpersonation, SecurityIdentification, 0, &User);
    ok_status(ActFor(User), STATUS_SUCCESS, "somebody who is only identified");
    ok_status(NtOpenEvent(&Event, SYNCHRONIZE, Named(u"\\KernelObjects\\UmNone", 0)),
              STATUS_BAD_IMPERSONATION_LEVEL, "opens nothing");
    ActFor(NULL);
    NtClose(User);
    ok_status(NtImpersonateAnonymousToken(NtCurrentThread()), STATUS_SUCCESS, "act for nobody");
    Ask(NtCurrentThreadToken(), TokenUser, &Length);
    ok(*RtlSubAuthoritySid(((PTOKEN_USER)Buffer)->User.Sid, 0) == 7, "the anonymous user");
    ActFor(NULL);
    ok_status(NtImpersonateAnonymousToken(NULL), STATUS_INVALID_HANDLE, "no thread");
    ok_status(NtImpersonateThread(NtCurrentThread(), NtCurrentThread(), &Quality), STATUS_SUCCESS,
              "act for a thread: oneself");
    Ask(NtCurrentThreadToken(), TokenUser, &Length);
    ok(RtlEqualSid(((PTOKEN_USER)Buffer)->User.Sid, AS_SID(SystemSid)), "that is the system");
    ActFor(NULL);
    Quality.ImpersonationLevel = SecurityAnonymous;
    ok_status(NtImpersonateThread(NtCurrentThread(), NtCurrentThread(), &Quality), STATUS_SUCCESS,
              "anonymously");
    ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &Token),
              STATUS_CANT_OPEN_ANONYMOUS, "such a token cannot be opened");
    ActFor(NULL);
    Quality.Length = 1;
    ok_status(NtImpersonateThread(NtCurrentThread(), NtCurrentThread(), &Quality),
              STATUS_INVALID_PARAMETER, "a quality of a wrong length");
    ok_status(NtImpersonateThread(NtCurrentThread(), NtCurrentThread(), NULL),
              STATUS_ACCESS_VIOLATION, "no quality");
    ok_status(RtlImpersonateSelf(SecurityImpersonation), STATUS_SUCCESS, "RtlImpersonateSelf");
    ok_status(NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, FALSE, &Token), STATUS_SUCCESS,
              "gives the thread a token");
    NtClose(Token);
    ActFor(NULL);
    NtClose(Primary);
}

/* ---- As many as there are ---- */
static HANDLE MakeLargeToken(void)
{
    static const ULONG Count = 1000;
    static SID Sids[1000];
    static struct {
        ULONG Count;
        SID_AND_ATTRIBUTES Sids[1000];
    } Groups;
    LUID Session = {0x3e7, 0};
    LARGE_INTEGER Never = {0};
    TOKEN_USER User = {{AS_SID(UserSid), 0}};
    TOKEN_PRIVILEGES Privileges = {0};
    TOKEN_PRIMARY_GROUP Group = {AS_SID(UserSid)};
    TOKEN_SOURCE Source = {0};
    HANDLE Token = NULL;

    Groups.Count = Count;
    for (ULONG i = 0; i < Count; i++) {
        Sids[i] = (SID){1, 1, {{0, 0, 0, 0, 0, 9}}, {i}};
        Groups.Sids[i] = (SID_AND_ATTRIBUTES){&Sids[i], SE_GROUP_ENABLED};
    }
    SetPrivilege(SE_CREATE_TOKEN_PRIVILEGE, TRUE);
    NtCreateToken(&Token, TOKEN_ALL_ACCESS, NULL, TokenPrimary, &Session, &Never, &User,
                  (PTOKEN_GROUPS)&Groups, &Privileges, NULL, &Group, NULL, &Source);
    SetPrivilege(SE_CREATE_TOKEN_PRIVILEGE, FALSE);
    return Token;
}

static void TestExhaustion(void)
{
    static HANDLE Copies[20000];
    HANDLE Token = MakeLargeToken();
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG Count = 0, Length;

    if (!ok(Token != NULL, "a token of a thousand groups"))
        return;
    ok_status(NtQueryInformationToken(Token, TokenGroups, NULL, 0, &Length),
              STATUS_BUFFER_TOO_SMALL, "is asked");
    ok(Length == offsetof(TOKEN_GROUPS, Groups) + 1000 * (sizeof(SID_AND_ATTRIBUTES) + 12),
       "and has them all");
    while (Count < ARRAYSIZE(Copies) && NT_SUCCESS(Status)) {
        Status = NtDuplicateToken(Token, TOKEN_QUERY, NULL, FALSE, TokenPrimary, &Copies[Count]);
        if (NT_SUCCESS(Status))
            Count++;
    }
    ok_status(Status, STATUS_INSUFFICIENT_RESOURCES, "copies run out");
    ok(Count > 100, "after some");
    while (Count)
        NtClose(Copies[--Count]);
    ok_status(NtDuplicateToken(Token, TOKEN_QUERY, NULL, FALSE, TokenPrimary, &Copies[0]),
              STATUS_SUCCESS, "and are there again when some have gone");
    NtClose(Copies[0]);
    NtClose(Token);
}

static void TestLuids(void)
{
    LUID First = {0}, Second = {0};

    ok_status(NtAllocateLocallyUniqueId(&First), STATUS_SUCCESS, "a locally unique id");
    ok_status(NtAllocateLocallyUniqueId(&Second), STATUS_SUCCESS, "another one");
    ok(First.LowPart != Second.LowPart && First.LowPart > 1000, "which is another one");
    ok_status(NtAllocateLocallyUniqueId((PLUID)8), STATUS_ACCESS_VIOLATION, "to a bad address");
}

void TestTokens(void)
{
    TestSystemToken();
    TestQueryEdges();
    TestOpening();
    TestOpeningOfThread();
    TestPrivileges();
    TestPrivilegeCheck();
    TestGroups();
    TestCopies();
    TestFiltered();
    TestSetting();
    TestMaking();
    TestActing();
    TestExhaustion();
    TestLuids();
}
