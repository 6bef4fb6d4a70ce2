/* SPDX-License-Identifier: BSD-2-Clause */
/* Access tokens, privileges, access checks. (WDK: ntifs.h; Win32: winnt.h) */
#pragma once

#include <nt/ntse.h>

#define TOKEN_ASSIGN_PRIMARY 0x0001
#define TOKEN_DUPLICATE 0x0002
#define TOKEN_IMPERSONATE 0x0004
#define TOKEN_QUERY 0x0008
#define TOKEN_QUERY_SOURCE 0x0010
#define TOKEN_ADJUST_PRIVILEGES 0x0020
#define TOKEN_ADJUST_GROUPS 0x0040
#define TOKEN_ADJUST_DEFAULT 0x0080
#define TOKEN_ADJUST_SESSIONID 0x0100
#define TOKEN_ALL_ACCESS (STANDARD_RIGHTS_REQUIRED | 0x1ff)

#define NtCurrentProcessToken() ((HANDLE)(LONG_PTR)-4)
#define NtCurrentThreadToken() ((HANDLE)(LONG_PTR)-5)
#define NtCurrentThreadEffectiveToken() ((HANDLE)(LONG_PTR)-6)

/* Privileges: the low parts of their LUIDs; the high parts are 0. */
#define SE_MIN_WELL_KNOWN_PRIVILEGE 2
#define SE_CREATE_TOKEN_PRIVILEGE 2
#define SE_ASSIGNPRIMARYTOKEN_PRIVILEGE 3
#define SE_LOCK_MEMORY_PRIVILEGE 4
#define SE_INCREASE_QUOTA_PRIVILEGE 5
#define SE_TCB_PRIVILEGE 7
#define SE_SECURITY_PRIVILEGE 8
#define SE_TAKE_OWNERSHIP_PRIVILEGE 9
#define SE_LOAD_DRIVER_PRIVILEGE 10
#define SE_SYSTEM_PROFILE_PRIVILEGE 11
#define SE_SYSTEMTIME_PRIVILEGE 12
#define SE_PROF_SINGLE_PROCESS_PRIVILEGE 13
#define SE_INC_BASE_PRIORITY_PRIVILEGE 14
#define SE_CREATE_PAGEFILE_PRIVILEGE 15
#define SE_CREATE_PERMANENT_PRIVILEGE 16
#define SE_BACKUP_PRIVILEGE 17
#define SE_RESTORE_PRIVILEGE 18
#define SE_SHUTDOWN_PRIVILEGE 19
#define SE_DEBUG_PRIVILEGE 20
#define SE_AUDIT_PRIVILEGE 21
#define SE_SYSTEM_ENVIRONMENT_PRIVILEGE 22
#define SE_CHANGE_NOTIFY_PRIVILEGE 23
#define SE_REMOTE_SHUTDOWN_PRIVILEGE 24
#define SE_UNDOCK_PRIVILEGE 25
#define SE_MANAGE_VOLUME_PRIVILEGE 28
#define SE_IMPERSONATE_PRIVILEGE 29
#define SE_CREATE_GLOBAL_PRIVILEGE 30
#define SE_TRUSTED_CREDMAN_ACCESS_PRIVILEGE 31
#define SE_RELABEL_PRIVILEGE 32
#define SE_INC_WORKING_SET_PRIVILEGE 33
#define SE_TIME_ZONE_PRIVILEGE 34
#define SE_CREATE_SYMBOLIC_LINK_PRIVILEGE 35
#define SE_DELEGATE_SESSION_USER_IMPERSONATE_PRIVILEGE 36
#define SE_MAX_WELL_KNOWN_PRIVILEGE 36

#define SE_PRIVILEGE_ENABLED_BY_DEFAULT 0x00000001
#define SE_PRIVILEGE_ENABLED 0x00000002
#define SE_PRIVILEGE_REMOVED 0x00000004
#define SE_PRIVILEGE_USED_FOR_ACCESS 0x80000000u

#define PRIVILEGE_SET_ALL_NECESSARY 1

typedef struct _LUID_AND_ATTRIBUTES {
    LUID Luid;
    ULONG Attributes;
} LUID_AND_ATTRIBUTES, *PLUID_AND_ATTRIBUTES;

typedef struct _PRIVILEGE_SET {
    ULONG PrivilegeCount;
    ULONG Control;
    LUID_AND_ATTRIBUTES Privilege[1];
} PRIVILEGE_SET, *PPRIVILEGE_SET;

typedef struct _TOKEN_PRIVILEGES {
    ULONG PrivilegeCount;
    LUID_AND_ATTRIBUTES Privileges[1];
} TOKEN_PRIVILEGES, *PTOKEN_PRIVILEGES;

#define SE_GROUP_MANDATORY 0x00000001
#define SE_GROUP_ENABLED_BY_DEFAULT 0x00000002
#define SE_GROUP_ENABLED 0x00000004
#define SE_GROUP_OWNER 0x00000008
#define SE_GROUP_USE_FOR_DENY_ONLY 0x00000010
#define SE_GROUP_INTEGRITY 0x00000020
#define SE_GROUP_INTEGRITY_ENABLED 0x00000040
#define SE_GROUP_RESOURCE 0x20000000
#define SE_GROUP_LOGON_ID 0xc0000000u

typedef struct _SID_AND_ATTRIBUTES {
    PSID Sid;
    ULONG Attributes;
} SID_AND_ATTRIBUTES, *PSID_AND_ATTRIBUTES;

typedef struct _TOKEN_USER {
    SID_AND_ATTRIBUTES User;
} TOKEN_USER, *PTOKEN_USER;

typedef struct _TOKEN_GROUPS {
    ULONG GroupCount;
    SID_AND_ATTRIBUTES Groups[1];
} TOKEN_GROUPS, *PTOKEN_GROUPS;

typedef struct _TOKEN_OWNER {
    PSID Owner;
} TOKEN_OWNER, *PTOKEN_OWNER;

typedef struct _TOKEN_PRIMARY_GROUP {
    PSID PrimaryGroup;
} TOKEN_PRIMARY_GROUP, *PTOKEN_PRIMARY_GROUP;

typedef struct _TOKEN_DEFAULT_DACL {
    PACL DefaultDacl;
} TOKEN_DEFAULT_DACL, *PTOKEN_DEFAULT_DACL;

#define TOKEN_SOURCE_LENGTH 8
typedef struct _TOKEN_SOURCE {
    CHAR SourceName[TOKEN_SOURCE_LENGTH];
    LUID SourceIdentifier;
} TOKEN_SOURCE, *PTOKEN_SOURCE;

typedef enum _SECURITY_IMPERSONATION_LEVEL {
    SecurityAnonymous,
    SecurityIdentification,
    SecurityImpersonation,
    SecurityDelegation,
} SECURITY_IMPERSONATION_LEVEL,
    *PSECURITY_IMPERSONATION_LEVEL;

#define SECURITY_STATIC_TRACKING FALSE
#define SECURITY_DYNAMIC_TRACKING TRUE

typedef struct _SECURITY_QUALITY_OF_SERVICE {
    ULONG Length;
    SECURITY_IMPERSONATION_LEVEL ImpersonationLevel;
    BOOLEAN ContextTrackingMode;
    BOOLEAN EffectiveOnly;
} SECURITY_QUALITY_OF_SERVICE, *PSECURITY_QUALITY_OF_SERVICE;

typedef enum _TOKEN_TYPE {
    TokenPrimary = 1,
    TokenImpersonation,
} TOKEN_TYPE,
    *PTOKEN_TYPE;

typedef struct _TOKEN_STATISTICS {
    LUID TokenId;
    LUID AuthenticationId;
    LARGE_INTEGER ExpirationTime;
    TOKEN_TYPE TokenType;
    SECURITY_IMPERSONATION_LEVEL ImpersonationLevel;
    ULONG DynamicCharged;
    ULONG DynamicAvailable;
    ULONG GroupCount;
    ULONG PrivilegeCount;
    LUID ModifiedId;
} TOKEN_STATISTICS, *PTOKEN_STATISTICS;

typedef struct _TOKEN_GROUPS_AND_PRIVILEGES {
    ULONG SidCount;
    ULONG SidLength;
    PSID_AND_ATTRIBUTES Sids;
    ULONG RestrictedSidCount;
    ULONG RestrictedSidLength;
    PSID_AND_ATTRIBUTES RestrictedSids;
    ULONG PrivilegeCount;
    ULONG PrivilegeLength;
    PLUID_AND_ATTRIBUTES Privileges;
    LUID AuthenticationId;
} TOKEN_GROUPS_AND_PRIVILEGES, *PTOKEN_GROUPS_AND_PRIVILEGES;

typedef struct _TOKEN_MANDATORY_LABEL {
    SID_AND_ATTRIBUTES Label;
} TOKEN_MANDATORY_LABEL, *PTOKEN_MANDATORY_LABEL;

#define TOKEN_MANDATORY_POLICY_OFF 0
#define TOKEN_MANDATORY_POLICY_NO_WRITE_UP 1
#define TOKEN_MANDATORY_POLICY_NEW_PROCESS_MIN 2

typedef enum _TOKEN_ELEVATION_TYPE {
    TokenElevationTypeDefault = 1,
    TokenElevationTypeFull,
    TokenElevationTypeLimited,
} TOKEN_ELEVATION_TYPE;

typedef struct _TOKEN_APPCONTAINER_INFORMATION {
    PSID TokenAppContainer;
} TOKEN_APPCONTAINER_INFORMATION, *PTOKEN_APPCONTAINER_INFORMATION;

typedef struct _TOKEN_SECURITY_ATTRIBUTES_INFORMATION {
    USHORT Version;
    USHORT Reserved;
    ULONG AttributeCount;
    PVOID Attributes;
} TOKEN_SECURITY_ATTRIBUTES_INFORMATION;

/* TokenBnoIsolation */
typedef struct _TOKEN_BNO_ISOLATION_INFORMATION {
    PWSTR IsolationPrefix;
    BOOLEAN IsolationEnabled;
} TOKEN_BNO_ISOLATION_INFORMATION, *PTOKEN_BNO_ISOLATION_INFORMATION;

typedef enum _TOKEN_INFORMATION_CLASS {
    TokenUser = 1,
    TokenGroups,
    TokenPrivileges,
    TokenOwner,
    TokenPrimaryGroup,
    TokenDefaultDacl,
    TokenSource,
    TokenType,
    TokenImpersonationLevel,
    TokenStatistics,
    TokenRestrictedSids,
    TokenSessionId,
    TokenGroupsAndPrivileges,
    TokenSessionReference,
    TokenSandBoxInert,
    TokenAuditPolicy,
    TokenOrigin,
    TokenElevationType,
    TokenLinkedToken,
    TokenElevation,
    TokenHasRestrictions,
    TokenAccessInformation,
    TokenVirtualizationAllowed,
    TokenVirtualizationEnabled,
    TokenIntegrityLevel,
    TokenUIAccess,
    TokenMandatoryPolicy,
    TokenLogonSid,
    TokenIsAppContainer,
    TokenCapabilities,
    TokenAppContainerSid,
    TokenAppContainerNumber,
    TokenUserClaimAttributes,
    TokenDeviceClaimAttributes,
    TokenRestrictedUserClaimAttributes,
    TokenRestrictedDeviceClaimAttributes,
    TokenDeviceGroups,
    TokenRestrictedDeviceGroups,
    TokenSecurityAttributes,
    TokenIsRestricted,
    TokenProcessTrustLevel,
    TokenPrivateNameSpace,
    TokenSingletonAttributes,
    TokenBnoIsolation,
    TokenChildProcessFlags,
    TokenIsLessPrivilegedAppContainer,
    TokenIsSandboxed,
    MaxTokenInfoClass,
} TOKEN_INFORMATION_CLASS;

/* NtFilterToken's flags */
#define DISABLE_MAX_PRIVILEGE 0x1
#define SANDBOX_INERT 0x2
#define LUA_TOKEN 0x4
#define WRITE_RESTRICTED 0x8

/* What of a descriptor NtQuerySecurityObject and NtSetSecurityObject are about */
typedef ULONG SECURITY_INFORMATION;
#define OWNER_SECURITY_INFORMATION 0x00000001
#define GROUP_SECURITY_INFORMATION 0x00000002
#define DACL_SECURITY_INFORMATION 0x00000004
#define SACL_SECURITY_INFORMATION 0x00000008
#define LABEL_SECURITY_INFORMATION 0x00000010
#define ATTRIBUTE_SECURITY_INFORMATION 0x00000020
#define SCOPE_SECURITY_INFORMATION 0x00000040
#define PROCESS_TRUST_LABEL_SECURITY_INFORMATION 0x00000080
#define BACKUP_SECURITY_INFORMATION 0x00010000
#define UNPROTECTED_SACL_SECURITY_INFORMATION 0x10000000
#define UNPROTECTED_DACL_SECURITY_INFORMATION 0x20000000
#define PROTECTED_SACL_SECURITY_INFORMATION 0x40000000
#define PROTECTED_DACL_SECURITY_INFORMATION 0x80000000u

/* Integrity labels: S-1-16-LEVEL, and what a label keeps lower subjects from */
#define SECURITY_MANDATORY_UNTRUSTED_RID 0x0000
#define SECURITY_MANDATORY_LOW_RID 0x1000
#define SECURITY_MANDATORY_MEDIUM_RID 0x2000
#define SECURITY_MANDATORY_HIGH_RID 0x3000
#define SECURITY_MANDATORY_SYSTEM_RID 0x4000
#define SYSTEM_MANDATORY_LABEL_NO_WRITE_UP 0x1
#define SYSTEM_MANDATORY_LABEL_NO_READ_UP 0x2
#define SYSTEM_MANDATORY_LABEL_NO_EXECUTE_UP 0x4

/* The kinds that an object consists of, for NtAccessCheckByType: a tree, as levels in order. */
typedef struct _OBJECT_TYPE_LIST {
    USHORT Level;
    USHORT Sbz;
    GUID *ObjectType;
} OBJECT_TYPE_LIST, *POBJECT_TYPE_LIST;
#define ACCESS_MAX_LEVEL 4

/* ProcessAccessToken of NtSetInformationProcess; Thread is not looked at. */
typedef struct _PROCESS_ACCESS_TOKEN {
    HANDLE Token;
    HANDLE Thread;
} PROCESS_ACCESS_TOKEN, *PPROCESS_ACCESS_TOKEN;

typedef enum _AUDIT_EVENT_TYPE {
    AuditEventObjectAccess,
    AuditEventDirectoryServiceAccess,
} AUDIT_EVENT_TYPE;

ASSERT_SIZE64(TOKEN_STATISTICS, 0x38);
ASSERT_SIZE32(TOKEN_STATISTICS, 0x38);
ASSERT_SIZE64(TOKEN_GROUPS_AND_PRIVILEGES, 0x38);
ASSERT_SIZE32(TOKEN_GROUPS_AND_PRIVILEGES, 0x2c);

/* Of the calling thread's token or the process's (ntdll/rtl/privilege.c). STATUS_NO_TOKEN,
 * STATUS_PRIVILEGE_NOT_HELD. */
NTSTATUS NTAPI RtlAdjustPrivilege(ULONG Privilege, BOOLEAN Enable, BOOLEAN CurrentThread,
                                  PBOOLEAN WasEnabled);
/* The calling thread acts with a copy of the process's token, which it may then change alone. */
NTSTATUS NTAPI RtlImpersonateSelf(SECURITY_IMPERSONATION_LEVEL ImpersonationLevel);
/* Enables privileges until RtlReleasePrivilege: for the thread alone, with _PROCESS for the
 * process; with _REVERT whomever the thread acts for. STATUS_PRIVILEGE_NOT_HELD, STATUS_NO_MEMORY
 */
#define RTL_ACQUIRE_PRIVILEGE_REVERT 0x1
#define RTL_ACQUIRE_PRIVILEGE_PROCESS 0x2
NTSTATUS NTAPI RtlAcquirePrivilege(PULONG Privilege, ULONG PrivilegeCount, ULONG Flags,
                                   PVOID *ReturnedState);
void NTAPI RtlReleasePrivilege(PVOID State);
/* The end of a critical process or thread is a bug check. Needs SeDebugPrivilege. With NeedBreaks
 * only where NtGlobalFlag has FLG_ENABLE_SYSTEM_CRIT_BREAKS (else STATUS_UNSUCCESSFUL). OldValue
 * may be NULL. */
NTSTATUS NTAPI RtlSetProcessIsCritical(BOOLEAN NewValue, PBOOLEAN OldValue, BOOLEAN NeedBreaks);
NTSTATUS NTAPI RtlSetThreadIsCritical(BOOLEAN NewValue, PBOOLEAN OldValue, BOOLEAN NeedBreaks);

/* Descriptors of a program's own objects, on the process heap, self-relative
 * (ntdll/rtl/newsecurity.c). Token NULL: the thread's or the process's. What
 * RtlpNewSecurityDescriptor returns, STATUS_NO_MEMORY, STATUS_NO_TOKEN. */
NTSTATUS NTAPI RtlNewSecurityObject(PSECURITY_DESCRIPTOR Parent, PSECURITY_DESCRIPTOR Creator,
                                    PSECURITY_DESCRIPTOR *NewDescriptor, BOOLEAN IsDirectory,
                                    HANDLE Token, const GENERIC_MAPPING *GenericMapping);
NTSTATUS NTAPI RtlNewSecurityObjectEx(PSECURITY_DESCRIPTOR Parent, PSECURITY_DESCRIPTOR Creator,
                                      PSECURITY_DESCRIPTOR *NewDescriptor, GUID *ObjectType,
                                      BOOLEAN IsDirectory, ULONG AutoInheritFlags, HANDLE Token,
                                      const GENERIC_MAPPING *GenericMapping);
NTSTATUS NTAPI RtlNewSecurityObjectWithMultipleInheritance(
    PSECURITY_DESCRIPTOR Parent, PSECURITY_DESCRIPTOR Creator, PSECURITY_DESCRIPTOR *NewDescriptor,
    GUID **ObjectTypes, ULONG GuidCount, BOOLEAN IsDirectory, ULONG AutoInheritFlags, HANDLE Token,
    const GENERIC_MAPPING *GenericMapping);
/* *Descriptor is replaced by one with the parts of Modification; the old one is freed. */
NTSTATUS NTAPI RtlSetSecurityObject(SECURITY_INFORMATION Information,
                                    PSECURITY_DESCRIPTOR Modification,
                                    PSECURITY_DESCRIPTOR *Descriptor,
                                    const GENERIC_MAPPING *GenericMapping, HANDLE Token);
/* STATUS_BUFFER_TOO_SMALL; *ReturnLength is what it takes. */
NTSTATUS NTAPI RtlQuerySecurityObject(PSECURITY_DESCRIPTOR Descriptor,
                                      SECURITY_INFORMATION Information, PSECURITY_DESCRIPTOR Result,
                                      ULONG Length, PULONG ReturnLength);

/* Parts of descriptors (rtl/securityparts.c). Descriptor and lists are valid. */
/* The parts take the place of those in To, which is absolute. */
void RtlpSelectParts(SECURITY_INFORMATION Information, PSECURITY_DESCRIPTOR From,
                     PISECURITY_DESCRIPTOR To);
/* What the PROTECTED bits say. */
void RtlpProtectParts(SECURITY_INFORMATION Information, PISECURITY_DESCRIPTOR Descriptor);
PACL RtlpSaclOf(PSECURITY_DESCRIPTOR Descriptor);
/* The labels of one list and the other entries of the other, each or both perhaps NULL; To has room
 * for both lists. FALSE: they are too long, or there is no list and no label. */
BOOLEAN RtlpMergeSacl(PACL Labels, PACL Others, PACL To);

NTSTATUS NTAPI NtAllocateLocallyUniqueId(CLIENT(PLUID) Luid);
NTSTATUS NTAPI NtCreateToken(CLIENT(PHANDLE) TokenHandle, ACCESS_MASK DesiredAccess,
                             CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, TOKEN_TYPE Type,
                             CLIENT(PLUID) AuthenticationId, CLIENT(PLARGE_INTEGER) ExpirationTime,
                             CLIENT(PTOKEN_USER) User, CLIENT(PTOKEN_GROUPS) Groups,
                             CLIENT(PTOKEN_PRIVILEGES) Privileges, CLIENT(PTOKEN_OWNER) Owner,
                             CLIENT(PTOKEN_PRIMARY_GROUP) PrimaryGroup,
                             CLIENT(PTOKEN_DEFAULT_DACL) DefaultDacl, CLIENT(PTOKEN_SOURCE) Source);
NTSTATUS NTAPI NtOpenProcessToken(HANDLE ProcessHandle, ACCESS_MASK DesiredAccess,
                                  CLIENT(PHANDLE) TokenHandle);
NTSTATUS NTAPI NtOpenProcessTokenEx(HANDLE ProcessHandle, ACCESS_MASK DesiredAccess,
                                    ULONG HandleAttributes, CLIENT(PHANDLE) TokenHandle);
NTSTATUS NTAPI NtOpenThreadToken(HANDLE ThreadHandle, ACCESS_MASK DesiredAccess, BOOLEAN OpenAsSelf,
                                 CLIENT(PHANDLE) TokenHandle);
NTSTATUS NTAPI NtOpenThreadTokenEx(HANDLE ThreadHandle, ACCESS_MASK DesiredAccess,
                                   BOOLEAN OpenAsSelf, ULONG HandleAttributes,
                                   CLIENT(PHANDLE) TokenHandle);
NTSTATUS NTAPI NtDuplicateToken(HANDLE ExistingToken, ACCESS_MASK DesiredAccess,
                                CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, BOOLEAN EffectiveOnly,
                                TOKEN_TYPE Type, CLIENT(PHANDLE) NewToken);
NTSTATUS NTAPI NtFilterToken(HANDLE ExistingToken, ULONG Flags, CLIENT(PTOKEN_GROUPS) SidsToDisable,
                             CLIENT(PTOKEN_PRIVILEGES) PrivilegesToDelete,
                             CLIENT(PTOKEN_GROUPS) SidsToRestrict, CLIENT(PHANDLE) NewToken);
NTSTATUS NTAPI NtAdjustPrivilegesToken(HANDLE TokenHandle, BOOLEAN DisableAllPrivileges,
                                       CLIENT(PTOKEN_PRIVILEGES) NewState, ULONG BufferLength,
                                       CLIENT(PTOKEN_PRIVILEGES) PreviousState,
                                       CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtAdjustGroupsToken(HANDLE TokenHandle, BOOLEAN ResetToDefault,
                                   CLIENT(PTOKEN_GROUPS) NewState, ULONG BufferLength,
                                   CLIENT(PTOKEN_GROUPS) PreviousState,
                                   CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtQueryInformationToken(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS Class,
                                       CLIENT(PVOID) Information, ULONG Length,
                                       CLIENT(PULONG) ReturnLength);
NTSTATUS NTAPI NtSetInformationToken(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS Class,
                                     CLIENT(PVOID) Information, ULONG Length);
NTSTATUS NTAPI NtCompareTokens(HANDLE FirstToken, HANDLE SecondToken, CLIENT(PBOOLEAN) Equal);
NTSTATUS NTAPI NtPrivilegeCheck(HANDLE ClientToken, CLIENT(PPRIVILEGE_SET) RequiredPrivileges,
                                CLIENT(PBOOLEAN) Result);
NTSTATUS NTAPI NtImpersonateThread(HANDLE ServerThread, HANDLE ClientThread,
                                   CLIENT(PSECURITY_QUALITY_OF_SERVICE) SecurityQos);
NTSTATUS NTAPI NtImpersonateAnonymousToken(HANDLE ThreadHandle);
NTSTATUS NTAPI NtQuerySecurityObject(HANDLE Handle, SECURITY_INFORMATION Information,
                                     CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, ULONG Length,
                                     CLIENT(PULONG) LengthNeeded);
NTSTATUS NTAPI NtSetSecurityObject(HANDLE Handle, SECURITY_INFORMATION Information,
                                   CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor);
NTSTATUS NTAPI NtAccessCheck(CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, HANDLE ClientToken,
                             ACCESS_MASK DesiredAccess, CLIENT(PGENERIC_MAPPING) GenericMapping,
                             CLIENT(PPRIVILEGE_SET) PrivilegeSet, CLIENT(PULONG) PrivilegeSetLength,
                             CLIENT(PACCESS_MASK) GrantedAccess, CLIENT(NTSTATUS *) AccessStatus);
NTSTATUS NTAPI NtAccessCheckByType(
    CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, CLIENT(PSID) PrincipalSelfSid,
    HANDLE ClientToken, ACCESS_MASK DesiredAccess, CLIENT(POBJECT_TYPE_LIST) ObjectTypeList,
    ULONG ObjectTypeListLength, CLIENT(PGENERIC_MAPPING) GenericMapping,
    CLIENT(PPRIVILEGE_SET) PrivilegeSet, CLIENT(PULONG) PrivilegeSetLength,
    CLIENT(PACCESS_MASK) GrantedAccess, CLIENT(NTSTATUS *) AccessStatus);
NTSTATUS NTAPI NtAccessCheckByTypeResultList(
    CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, CLIENT(PSID) PrincipalSelfSid,
    HANDLE ClientToken, ACCESS_MASK DesiredAccess, CLIENT(POBJECT_TYPE_LIST) ObjectTypeList,
    ULONG ObjectTypeListLength, CLIENT(PGENERIC_MAPPING) GenericMapping,
    CLIENT(PPRIVILEGE_SET) PrivilegeSet, CLIENT(PULONG) PrivilegeSetLength,
    CLIENT(PACCESS_MASK) GrantedAccess, CLIENT(NTSTATUS *) AccessStatus);
NTSTATUS NTAPI NtAccessCheckAndAuditAlarm(
    CLIENT(PUNICODE_STRING) SubsystemName, CLIENT(PVOID) HandleId,
    CLIENT(PUNICODE_STRING) ObjectTypeName, CLIENT(PUNICODE_STRING) ObjectName,
    CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, ACCESS_MASK DesiredAccess,
    CLIENT(PGENERIC_MAPPING) GenericMapping, BOOLEAN ObjectCreation,
    CLIENT(PACCESS_MASK) GrantedAccess, CLIENT(NTSTATUS *) AccessStatus,
    CLIENT(PBOOLEAN) GenerateOnClose);
