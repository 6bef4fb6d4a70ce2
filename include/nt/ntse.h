/* SPDX-License-Identifier: BSD-2-Clause */
/* Security: SIDs, access-control lists, security descriptors. (WDK: ntifs.h; MS-DTYP 2.4) */
#pragma once

#include <nt/ntob.h>

#define SID_REVISION 1
#define SID_MAX_SUB_AUTHORITIES 15

typedef struct _SID_IDENTIFIER_AUTHORITY {
    UCHAR Value[6];
} SID_IDENTIFIER_AUTHORITY, *PSID_IDENTIFIER_AUTHORITY;

typedef struct _SID {
    UCHAR Revision;
    UCHAR SubAuthorityCount;
    SID_IDENTIFIER_AUTHORITY IdentifierAuthority;
    ULONG SubAuthority[1];
} SID;
typedef PVOID PSID; /* points to a SID, as in Windows' headers */

#define SECURITY_MAX_SID_SIZE                                                                      \
    (offsetof(SID, SubAuthority) + SID_MAX_SUB_AUTHORITIES * sizeof(ULONG))

#define ACL_REVISION 2
#define ACL_REVISION_DS 4
#define MIN_ACL_REVISION 2
#define MAX_ACL_REVISION 4

typedef struct _ACL {
    UCHAR AclRevision;
    UCHAR Sbz1;
    USHORT AclSize; /* bytes, with room for more entries */
    USHORT AceCount;
    USHORT Sbz2;
} ACL, *PACL;

#define ACCESS_ALLOWED_ACE_TYPE 0x00
#define ACCESS_DENIED_ACE_TYPE 0x01
#define SYSTEM_AUDIT_ACE_TYPE 0x02
#define SYSTEM_ALARM_ACE_TYPE 0x03
#define ACCESS_ALLOWED_COMPOUND_ACE_TYPE 0x04
#define ACCESS_ALLOWED_OBJECT_ACE_TYPE 0x05
#define ACCESS_DENIED_OBJECT_ACE_TYPE 0x06
#define SYSTEM_AUDIT_OBJECT_ACE_TYPE 0x07
#define SYSTEM_ALARM_OBJECT_ACE_TYPE 0x08
#define ACCESS_ALLOWED_CALLBACK_ACE_TYPE 0x09
#define ACCESS_DENIED_CALLBACK_ACE_TYPE 0x0a
#define SYSTEM_AUDIT_CALLBACK_ACE_TYPE 0x0d
#define SYSTEM_MANDATORY_LABEL_ACE_TYPE 0x11

#define OBJECT_INHERIT_ACE 0x01
#define CONTAINER_INHERIT_ACE 0x02
#define NO_PROPAGATE_INHERIT_ACE 0x04
#define INHERIT_ONLY_ACE 0x08
#define INHERITED_ACE 0x10
#define VALID_INHERIT_FLAGS 0x1f
#define SUCCESSFUL_ACCESS_ACE_FLAG 0x40
#define FAILED_ACCESS_ACE_FLAG 0x80

typedef struct _ACE_HEADER {
    UCHAR AceType;
    UCHAR AceFlags;
    USHORT AceSize; /* a multiple of 4 */
} ACE_HEADER, *PACE_HEADER;

/* Most kinds of entry look like this, whatever their names. */
typedef struct _ACCESS_ALLOWED_ACE {
    ACE_HEADER Header;
    ACCESS_MASK Mask;
    ULONG SidStart;
} ACCESS_ALLOWED_ACE, *PACCESS_ALLOWED_ACE;

#define ACE_OBJECT_TYPE_PRESENT 0x1
#define ACE_INHERITED_OBJECT_TYPE_PRESENT 0x2

/* The GUIDs that Flags tells, each if present, and a SID follow. */
typedef struct _ACCESS_ALLOWED_OBJECT_ACE {
    ACE_HEADER Header;
    ACCESS_MASK Mask;
    ULONG Flags;
} ACCESS_ALLOWED_OBJECT_ACE, *PACCESS_ALLOWED_OBJECT_ACE;

#define SYSTEM_MANDATORY_LABEL_VALID_MASK 0x7

typedef enum _ACL_INFORMATION_CLASS {
    AclRevisionInformation = 1,
    AclSizeInformation,
} ACL_INFORMATION_CLASS;

typedef struct _ACL_REVISION_INFORMATION {
    ULONG AclRevision;
} ACL_REVISION_INFORMATION, *PACL_REVISION_INFORMATION;

typedef struct _ACL_SIZE_INFORMATION {
    ULONG AceCount;
    ULONG AclBytesInUse;
    ULONG AclBytesFree;
} ACL_SIZE_INFORMATION, *PACL_SIZE_INFORMATION;

#define SECURITY_DESCRIPTOR_REVISION 1

typedef USHORT SECURITY_DESCRIPTOR_CONTROL, *PSECURITY_DESCRIPTOR_CONTROL;
#define SE_OWNER_DEFAULTED 0x0001
#define SE_GROUP_DEFAULTED 0x0002
#define SE_DACL_PRESENT 0x0004
#define SE_DACL_DEFAULTED 0x0008
#define SE_SACL_PRESENT 0x0010
#define SE_SACL_DEFAULTED 0x0020
#define SE_DACL_UNTRUSTED 0x0040
#define SE_SERVER_SECURITY 0x0080
#define SE_DACL_AUTO_INHERIT_REQ 0x0100
#define SE_SACL_AUTO_INHERIT_REQ 0x0200
#define SE_DACL_AUTO_INHERITED 0x0400
#define SE_SACL_AUTO_INHERITED 0x0800
#define SE_DACL_PROTECTED 0x1000
#define SE_SACL_PROTECTED 0x2000
#define SE_RM_CONTROL_VALID 0x4000
#define SE_SELF_RELATIVE 0x8000

typedef struct _SECURITY_DESCRIPTOR {
    UCHAR Revision;
    UCHAR Sbz1;
    SECURITY_DESCRIPTOR_CONTROL Control;
    PSID Owner;
    PSID Group;
    PACL Sacl;
    PACL Dacl;
} SECURITY_DESCRIPTOR, *PISECURITY_DESCRIPTOR;
typedef PVOID PSECURITY_DESCRIPTOR; /* of either form */

/* With SE_SELF_RELATIVE: offsets from its start, 0 for none. */
typedef struct _SECURITY_DESCRIPTOR_RELATIVE {
    UCHAR Revision;
    UCHAR Sbz1;
    SECURITY_DESCRIPTOR_CONTROL Control;
    ULONG Owner;
    ULONG Group;
    ULONG Sacl;
    ULONG Dacl;
} SECURITY_DESCRIPTOR_RELATIVE, *PISECURITY_DESCRIPTOR_RELATIVE;

ASSERT_SIZE64(SECURITY_DESCRIPTOR, 0x28);
ASSERT_SIZE32(SECURITY_DESCRIPTOR, 0x14);

/* Access masks (rtl/access.c) */
BOOLEAN NTAPI RtlAreAllAccessesGranted(ACCESS_MASK Granted, ACCESS_MASK Desired);
BOOLEAN NTAPI RtlAreAnyAccessesGranted(ACCESS_MASK Granted, ACCESS_MASK Desired);
void NTAPI RtlMapGenericMask(PACCESS_MASK AccessMask, const GENERIC_MAPPING *GenericMapping);

/* SIDs (rtl/sid.c) */
BOOLEAN NTAPI RtlValidSid(PSID Sid);
BOOLEAN NTAPI RtlEqualSid(PSID First, PSID Second);
/* Whether all but the last subauthority are the same. */
BOOLEAN NTAPI RtlEqualPrefixSid(PSID First, PSID Second);
ULONG NTAPI RtlLengthRequiredSid(ULONG SubAuthorityCount);
ULONG NTAPI RtlLengthSid(PSID Sid);
NTSTATUS NTAPI RtlInitializeSid(PSID Sid, const SID_IDENTIFIER_AUTHORITY *IdentifierAuthority,
                                UCHAR SubAuthorityCount);
PSID_IDENTIFIER_AUTHORITY NTAPI RtlIdentifierAuthoritySid(PSID Sid);
PULONG NTAPI RtlSubAuthoritySid(PSID Sid, ULONG SubAuthority);
PUCHAR NTAPI RtlSubAuthorityCountSid(PSID Sid);
/* STATUS_BUFFER_TOO_SMALL */
NTSTATUS NTAPI RtlCopySid(ULONG DestinationLength, PSID Destination, PSID Source);
/* The text, S-1-5-32-544, of at most SID_TEXT_LENGTH characters, without a terminator. Returns
 * their number. */
#define SID_TEXT_LENGTH 183
ULONG RtlpFormatSid(PSID Sid, PWSTR Text);

/* Access-control lists (rtl/acl.c) */
NTSTATUS NTAPI RtlCreateAcl(PACL Acl, ULONG AclLength, ULONG AclRevision);
BOOLEAN NTAPI RtlValidAcl(PACL Acl);
/* FALSE: entries leave the list. *FirstFree is NULL if there is no room for any. */
BOOLEAN NTAPI RtlFirstFreeAce(PACL Acl, PVOID *FirstFree);
NTSTATUS NTAPI RtlGetAce(PACL Acl, ULONG AceIndex, PVOID *Ace);
NTSTATUS NTAPI RtlAddAce(PACL Acl, ULONG AceRevision, ULONG StartingAceIndex, PVOID AceList,
                         ULONG AceListLength);
NTSTATUS NTAPI RtlDeleteAce(PACL Acl, ULONG AceIndex);
NTSTATUS NTAPI RtlQueryInformationAcl(PACL Acl, PVOID AclInformation, ULONG AclInformationLength,
                                      ACL_INFORMATION_CLASS AclInformationClass);

/* Entries of a kind (rtl/ace.c). STATUS_INVALID_SID, STATUS_INVALID_ACL, STATUS_REVISION_MISMATCH,
 * STATUS_ALLOTTED_SPACE_EXCEEDED, STATUS_INVALID_PARAMETER */
NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL Acl, ULONG AceRevision, ACCESS_MASK AccessMask,
                                      PSID Sid);
NTSTATUS NTAPI RtlAddAccessAllowedAceEx(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                        ACCESS_MASK AccessMask, PSID Sid);
NTSTATUS NTAPI RtlAddAccessAllowedObjectAce(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                            ACCESS_MASK AccessMask, const GUID *ObjectType,
                                            const GUID *InheritedObjectType, PSID Sid);
NTSTATUS NTAPI RtlAddAccessDeniedAce(PACL Acl, ULONG AceRevision, ACCESS_MASK AccessMask, PSID Sid);
NTSTATUS NTAPI RtlAddAccessDeniedAceEx(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                       ACCESS_MASK AccessMask, PSID Sid);
NTSTATUS NTAPI RtlAddAccessDeniedObjectAce(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                           ACCESS_MASK AccessMask, const GUID *ObjectType,
                                           const GUID *InheritedObjectType, PSID Sid);
NTSTATUS NTAPI RtlAddAuditAccessAce(PACL Acl, ULONG AceRevision, ACCESS_MASK AccessMask, PSID Sid,
                                    BOOLEAN AuditSuccess, BOOLEAN AuditFailure);
NTSTATUS NTAPI RtlAddAuditAccessAceEx(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                      ACCESS_MASK AccessMask, PSID Sid, BOOLEAN AuditSuccess,
                                      BOOLEAN AuditFailure);
NTSTATUS NTAPI RtlAddAuditAccessObjectAce(PACL Acl, ULONG AceRevision, ULONG AceFlags,
                                          ACCESS_MASK AccessMask, const GUID *ObjectType,
                                          const GUID *InheritedObjectType, PSID Sid,
                                          BOOLEAN AuditSuccess, BOOLEAN AuditFailure);
/* Windows' order is SID, type, mask; Wine's mask, type, SID. Both are taken. */
NTSTATUS NTAPI RtlAddMandatoryAce(PACL Acl, ULONG AceRevision, ULONG AceFlags, ULONG_PTR SidOrMask,
                                  UCHAR AceType, ULONG_PTR MaskOrSid);
/* What lies behind the mask and the GUIDs of an entry with a SID; NULL: it has none, or not a whole
 * one. */
PSID RtlpSidOfAce(PACE_HEADER Ace);

/* Security descriptors (rtl/descriptor.c) */
NTSTATUS NTAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, ULONG Revision);
BOOLEAN NTAPI RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor);
ULONG NTAPI RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor);
NTSTATUS NTAPI RtlGetControlSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                               PSECURITY_DESCRIPTOR_CONTROL Control,
                                               PULONG Revision);
NTSTATUS NTAPI RtlSetControlSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                               SECURITY_DESCRIPTOR_CONTROL BitsOfInterest,
                                               SECURITY_DESCRIPTOR_CONTROL BitsToSet);
NTSTATUS NTAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Owner,
                                             PBOOLEAN OwnerDefaulted);
NTSTATUS NTAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Owner,
                                             BOOLEAN OwnerDefaulted);
NTSTATUS NTAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Group,
                                             PBOOLEAN GroupDefaulted);
NTSTATUS NTAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Group,
                                             BOOLEAN GroupDefaulted);
/* *Acl and *Defaulted are left as they were if the list is not present. */
NTSTATUS NTAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                            PBOOLEAN Present, PACL *Acl, PBOOLEAN Defaulted);
NTSTATUS NTAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                            BOOLEAN Present, PACL Acl, BOOLEAN Defaulted);
NTSTATUS NTAPI RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                            PBOOLEAN Present, PACL *Acl, PBOOLEAN Defaulted);
NTSTATUS NTAPI RtlSetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                            BOOLEAN Present, PACL Acl, BOOLEAN Defaulted);

/* From one form to the other (rtl/selfrelative.c). STATUS_BUFFER_TOO_SMALL tells the sizes. */
NTSTATUS NTAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                     PSECURITY_DESCRIPTOR SelfRelative, PULONG BufferLength);
NTSTATUS NTAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR Absolute,
                                           PSECURITY_DESCRIPTOR SelfRelative, PULONG BufferLength);
NTSTATUS NTAPI RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR SelfRelative,
                                           PSECURITY_DESCRIPTOR Absolute, PULONG AbsoluteSize,
                                           PACL Dacl, PULONG DaclSize, PACL Sacl, PULONG SaclSize,
                                           PSID Owner, PULONG OwnerSize, PSID PrimaryGroup,
                                           PULONG PrimaryGroupSize);
/* Whether bytes from somewhere are a self-relative descriptor, all of whose parts lie inside. */
BOOLEAN NTAPI RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor,
                                                 ULONG Length, ULONG RequiredInformation);

/* On the process heap. (ntdll/rtl/heapsid.c) */
NTSTATUS NTAPI RtlAllocateAndInitializeSid(const SID_IDENTIFIER_AUTHORITY *IdentifierAuthority,
                                           UCHAR SubAuthorityCount, ULONG SubAuthority0,
                                           ULONG SubAuthority1, ULONG SubAuthority2,
                                           ULONG SubAuthority3, ULONG SubAuthority4,
                                           ULONG SubAuthority5, ULONG SubAuthority6,
                                           ULONG SubAuthority7, PSID *Sid);
PVOID NTAPI RtlFreeSid(PSID Sid);
/* STATUS_INVALID_SID, STATUS_BUFFER_OVERFLOW, STATUS_NO_MEMORY */
NTSTATUS NTAPI RtlConvertSidToUnicodeString(PUNICODE_STRING String, PSID Sid, BOOLEAN Allocate);

/*
 * The descriptor of a new object (rtl/inherit.c): of what its creator says, what its parent hands
 * down, and what the creator's token has for the rest. NULL for what there is none of.
 * (MS-DTYP 2.5.3.4)
 */
#define SEF_DACL_AUTO_INHERIT 0x01
#define SEF_SACL_AUTO_INHERIT 0x02
#define SEF_DEFAULT_DESCRIPTOR_FOR_OBJECT 0x04 /* the creator's lists: for want of others */
#define SEF_AVOID_PRIVILEGE_CHECK 0x08
#define SEF_AVOID_OWNER_CHECK 0x10
#define SEF_DEFAULT_OWNER_FROM_PARENT 0x20
#define SEF_DEFAULT_GROUP_FROM_PARENT 0x40

typedef struct _RTL_NEW_SECURITY {
    PSECURITY_DESCRIPTOR Parent;
    PSECURITY_DESCRIPTOR Creator;
    PSID TokenOwner;
    PSID TokenGroup;
    PACL TokenDacl;
    const GUID *const *ObjectTypes; /* what kinds of object it is; for entries about a kind */
    ULONG ObjectTypeCount;
    BOOLEAN IsContainer;
    ULONG AutoInheritFlags;
    const GENERIC_MAPPING *Mapping;
} RTL_NEW_SECURITY, *PRTL_NEW_SECURITY;

/* Writes a self-relative descriptor. STATUS_BUFFER_TOO_SMALL (*Length is what it needs),
 * STATUS_INVALID_SECURITY_DESCR, STATUS_INVALID_OWNER, STATUS_INVALID_PRIMARY_GROUP,
 * STATUS_BAD_INHERITANCE_ACL: the list would be longer than a list can be. */
NTSTATUS RtlpNewSecurityDescriptor(const RTL_NEW_SECURITY *New, PSECURITY_DESCRIPTOR Descriptor,
                                   PULONG Length);
/* On the process heap, self-relative. (ntdll/rtl/securityobject.c) */
NTSTATUS NTAPI RtlConvertToAutoInheritSecurityObject(PSECURITY_DESCRIPTOR Parent,
                                                     PSECURITY_DESCRIPTOR Current,
                                                     PSECURITY_DESCRIPTOR *NewDescriptor,
                                                     const GUID *ObjectType, BOOLEAN IsDirectory,
                                                     const GENERIC_MAPPING *GenericMapping);
NTSTATUS NTAPI RtlDeleteSecurityObject(PSECURITY_DESCRIPTOR *SecurityDescriptor);
