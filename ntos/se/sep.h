/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the security reference monitor share. */
#pragma once
#include <dbg.h>
#include <ex.h>
#include <ke.h>
#include <mm.h>
#include <ps.h>
#include <se.h>
#include "accesscheck.h"

#define SEP_MAXIMUM_SIDS 1024 /* of a token, and of a list that comes from a client */
#define SEP_MAXIMUM_PRIVILEGES 1024
#define SEP_PIECE 32 /* entries looked at before giving way */

#define SEP_PRIVILEGE(number) (1ull << (number))
/* Those that exist: 2 to 36, but for 6, 26 and 27. */
#define SEP_ALL_PRIVILEGES                                                                         \
    ((SEP_PRIVILEGE(37) - SEP_PRIVILEGE(2)) &                                                      \
     ~(SEP_PRIVILEGE(6) | SEP_PRIVILEGE(26) | SEP_PRIVILEGE(27)))

/* ---- Well-known SIDs (wellknown.c) ---- */
extern const SID SepSystemSid, SepWorldSid, SepAuthenticatedSid, SepAnonymousSid, SepRestrictedSid,
    SepLocalSid;
typedef struct _SEP_SID2 {
    SID Sid;
    ULONG Second;
} SEP_SID2;
extern const SEP_SID2 SepAdministratorsSid;
extern const LUID SepSystemLuid, SepAnonymousLuid;
/* S-1-16-LEVEL */
SID SepLabelSid(ULONG Level);
/* The level of a label; MAXULONG: the SID is none. */
ULONG SepLabelLevel(PSID Sid);

/* ---- What clients give (capture.c) ---- */
/* SIDs with their attributes in pool: an array, behind it the SIDs. */
typedef struct _SEP_SIDS {
    ULONG Count;
    ULONG Bytes;
    PSID_AND_ATTRIBUTES Array; /* pool */
} SEP_SIDS, *PSEP_SIDS;

/* *Sid is pool. STATUS_ACCESS_VIOLATION, STATUS_INVALID_SID. */
NTSTATUS SepCaptureSid(CLIENT(PSID) Client, PSID *Sid);
/* *Acl is pool, NULL for NULL. STATUS_INVALID_ACL. Gives way. */
NTSTATUS SepCaptureAcl(CLIENT(PACL) Client, PACL *Acl);
/* Count pairs of the client's. STATUS_INVALID_PARAMETER: they are too many. Gives way. */
NTSTATUS SepCaptureSids(CLIENT(PSID_AND_ATTRIBUTES) Client, ULONG Count, PSEP_SIDS Sids);
/* A TOKEN_GROUPS; NULL: none. */
NTSTATUS SepCaptureGroups(CLIENT(PTOKEN_GROUPS) Client, PSEP_SIDS Sids);
/* Pairs in pool. STATUS_INVALID_PARAMETER. */
NTSTATUS SepCapturePrivileges(CLIENT(PLUID_AND_ATTRIBUTES) Client, ULONG Count,
                              PLUID_AND_ATTRIBUTES *Privileges);
/* The number of a privilege that exists; 0: there is no such. */
ULONG SepPrivilegeNumber(const LUID *Luid);

/* ---- Tokens (token.c) ---- */
/* What NtDuplicateToken and its like change in a copy. */
typedef struct _SEP_COPY {
    TOKEN_TYPE Type;
    SECURITY_IMPERSONATION_LEVEL Level;
    BOOLEAN EffectiveOnly; /* what is not enabled is left out */
} SEP_COPY;
NTSTATUS SepCopyToken(PTOKEN Source, const SEP_COPY *Copy, PTOKEN *Token);
/* A token without SIDs; the rest is to be filled in. */
NTSTATUS SepAllocateToken(TOKEN_TYPE Type, PTOKEN *Token);
/* Sids and Restricted, both captured, become the token's in one block. */
NTSTATUS SepSetSids(PTOKEN Token, const SEP_SIDS *Sids, const SEP_SIDS *Restricted);
extern const OBJECT_TYPE_INITIALIZER SepTokenTypeInitializer;
void SepForgetDescriptors(PTOKEN Token); /* its defaults have changed */
void SepTokenChanged(PTOKEN Token);      /* gives it a new ModifiedId */
/* Index of Sid in the token's list; MAXULONG: it is not there. Gives way. */
ULONG SepFindSid(PTOKEN Token, PSID Sid);
ULONG SepIntegrityLevel(PTOKEN Token);
/* The token of a handle. For the pseudo handles of the current tokens too. */
NTSTATUS SepReferenceToken(HANDLE Handle, ACCESS_MASK DesiredAccess, PTOKEN *Token);
extern PTOKEN SepSystemToken, SepAnonymousToken;

/* ---- Descriptors (descriptor.c) ---- */
/* Whether the token may make Sid the owner of something. Gives way. */
BOOLEAN SepIsValidOwner(PTOKEN Token, PSID Sid);
BOOLEAN SepIsEnabled(PTOKEN Token, ULONG Privilege);
/* STATUS_INVALID_LABEL …: whether the token may set these lists' entries. */
NTSTATUS SepCheckSacl(PTOKEN Token, PACL Sacl, BOOLEAN LabelOnly);
/* A descriptor of these parts, with generic rights as the type has them; comes referenced. */
NTSTATUS SepBuildDescriptor(POBJECT_TYPE Type, PISECURITY_DESCRIPTOR Parts,
                            PSE_DESCRIPTOR *Descriptor);
/* Steps through a list's entries that are known to be whole. */
PACE_HEADER SepFirstAce(PACL Acl);
PACE_HEADER SepNextAce(PACE_HEADER Ace);

/* Which of a token's privileges, with their attributes; List has room for all there are. Returns
 * their number. (adjust.c) */
ULONG SepListPrivileges(PTOKEN Token, ULONG64 Which, PLUID_AND_ATTRIBUTES List);
/* The quality of service of an object's attributes, and whether there was one; STATUS_
 * INVALID_PARAMETER. (token_services.c) */
NTSTATUS SepCaptureQuality(CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                           PSECURITY_QUALITY_OF_SERVICE Quality, PBOOLEAN Given);
NTSTATUS SepReadQuality(CLIENT(PSECURITY_QUALITY_OF_SERVICE) Client,
                        PSECURITY_QUALITY_OF_SERVICE Quality);
/* SeAccessCheck for a token. (access_services.c) */
NTSTATUS SepCheckAs(PTOKEN Token, PSE_DESCRIPTOR Descriptor, const GENERIC_MAPPING *Mapping,
                    ACCESS_MASK ValidAccess, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted);
/* The subject that a token is in an access check. */
void SepSubject(PTOKEN Token, PSE_SUBJECT Subject);
