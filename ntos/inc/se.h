/* SPDX-License-Identifier: BSD-2-Clause */
/* The security reference monitor: tokens, privileges, access checks, descriptors of objects. */
#pragma once
#include "ob.h"
#include <nt/nttoken.h>

struct _EPROCESS;
struct _ETHREAD;

/* ---- Descriptors of objects ---- */
/* Self-relative, shared by objects that have the same, never changed. */
typedef struct _SE_DESCRIPTOR {
    SIZE_T References;
    ULONG Length;        /* bytes of Relative and what follows it */
    BOOLEAN Inheritable; /* it has entries that objects in a directory inherit */
    SECURITY_DESCRIPTOR_RELATIVE Relative;
} SE_DESCRIPTOR, *PSE_DESCRIPTOR;

void SeReferenceDescriptor(PSE_DESCRIPTOR Descriptor);
void SeDereferenceDescriptor(PSE_DESCRIPTOR Descriptor); /* may be NULL */

/* A client's descriptor of either form, copied into pool in self-relative form and checked; NULL
 * stays NULL. STATUS_ACCESS_VIOLATION, STATUS_UNKNOWN_REVISION, STATUS_INVALID_SID,
 * STATUS_INVALID_ACL, STATUS_INSUFFICIENT_RESOURCES. Gives way. Free with ExFreePool. */
NTSTATUS SeCaptureDescriptor(CLIENT(PSECURITY_DESCRIPTOR) Client,
                             PISECURITY_DESCRIPTOR_RELATIVE *Descriptor);

/* ---- Tokens ---- */
#define SE_CACHED_DESCRIPTORS 4

typedef struct _TOKEN {
    LUID TokenId, AuthenticationId, ParentTokenId, ModifiedId, Origin;
    LARGE_INTEGER ExpirationTime; /* kept, without effect, as on Windows */
    TOKEN_SOURCE Source;
    TOKEN_TYPE Type;
    SECURITY_IMPERSONATION_LEVEL Level; /* of an impersonation token */
    ULONG SessionId;
    ULONG MandatoryPolicy;                      /* TOKEN_MANDATORY_POLICY_ … */
    ULONG64 Present, Enabled, EnabledByDefault; /* privileges: bit n is privilege n */
    BOOLEAN Filtered, SandboxInert, WriteRestricted, UIAccess;
    ULONG SidCount, RestrictedCount;
    ULONG SidBytes;           /* of the block at Sids: the two arrays and what they point to */
    PSID_AND_ATTRIBUTES Sids; /* [0]: the user; then the groups. Pool */
    PSID_AND_ATTRIBUTES Restricted; /* behind Sids; NULL: the token is not restricted */
    ULONG Owner, PrimaryGroup;      /* indices in Sids: of new objects */
    ULONG Integrity;                /* index of the integrity label in Sids; 0: none */
    PACL DefaultDacl;               /* pool; NULL: none */
    struct {
        POBJECT_TYPE Type;
        PSE_DESCRIPTOR Descriptor;
    } Cached[SE_CACHED_DESCRIPTORS]; /* what new objects of these types have got */
    ULONG NextCached;
    ULONG DefaultsVersion; /* counts changes of what Cached is made from */
} TOKEN, *PTOKEN;

extern POBJECT_TYPE SeTokenType;

void SeInitialize(void); /* the token type and the system's token, after ObInitialize */

/* The token of a new process, referenced: Source's copy if that is given, else the copy of
 * Parent's, or the system's. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS SeProcessToken(struct _EPROCESS *Parent, PTOKEN Source, PTOKEN *Token);
/* For PS_ATTRIBUTE_TOKEN: the primary token of a handle (TOKEN_ASSIGN_PRIMARY), referenced, if the
 * caller may give it to a process: one that is made from the caller's own, or any with
 * SeAssignPrimaryTokenPrivilege. STATUS_BAD_TOKEN_TYPE, STATUS_PRIVILEGE_NOT_HELD …. */
NTSTATUS SeReferencePrimaryToken(HANDLE Handle, PTOKEN *Token);
/* ProcessAccessToken of NtSetInformationProcess, with Process referenced through a handle with
 * PROCESS_SET_INFORMATION: it has the token from then on. As above; STATUS_NOT_SUPPORTED once it
 * has run. */
NTSTATUS SeSetProcessToken(struct _EPROCESS *Process, HANDLE Handle);
/* The thread's impersonation ends; also what PsExitThread does. */
void SeRevert(struct _ETHREAD *Thread);
/* ThreadImpersonationToken of NtSetInformationThread, with Thread referenced through a handle with
 * THREAD_SET_THREAD_TOKEN. NULL reverts. STATUS_BAD_TOKEN_TYPE and what handles may give. */
NTSTATUS SeSetImpersonationToken(struct _ETHREAD *Thread, HANDLE Handle);
/* The token with which a server may act for Client from now on (ports): an impersonation token of
 * its own, referenced, with the quality that the client has given. STATUS_BAD_IMPERSONATION_LEVEL,
 * STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS SeCreateClientToken(struct _ETHREAD *Client, const SECURITY_QUALITY_OF_SERVICE *Quality,
                             PTOKEN *Token);
/* The same of a token that was the client's once, and of which it may hand on so much. */
NTSTATUS SeCreateTokenForServer(PTOKEN Source, const SECURITY_QUALITY_OF_SERVICE *Quality,
                                PTOKEN *Token);
/* The thread acts for who has the impersonation token Token (which is referenced for that), at the
 * level of identification only if its process may not do more. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS SeImpersonate(struct _ETHREAD *Thread, PTOKEN Token);

/* Whose token counts for what the calling thread does, referenced: that of whom it impersonates, or
 * its process's; NULL on a system thread, which may do everything. */
PTOKEN SeReferenceEffectiveToken(void);

/* ---- Privileges ---- */
/* Whether what the calling thread does has the privilege enabled. TRUE on a system thread. */
BOOLEAN SeSinglePrivilegeCheck(ULONG Privilege);
/* The same as a status: STATUS_PRIVILEGE_NOT_HELD. */
NTSTATUS SeCheckPrivilege(ULONG Privilege);

/* ---- Access ---- */
/* Whether the calling thread may have DesiredAccess, which has no generic bits but perhaps
 * MAXIMUM_ALLOWED and ACCESS_SYSTEM_SECURITY, to what has the descriptor (NULL: everything).
 * STATUS_ACCESS_DENIED, STATUS_PRIVILEGE_NOT_HELD, STATUS_BAD_IMPERSONATION_LEVEL. Gives way. */
NTSTATUS SeAccessCheck(PSE_DESCRIPTOR Descriptor, const GENERIC_MAPPING *Mapping,
                       ACCESS_MASK ValidAccess, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted);

/* The descriptor of a new object of Type in a directory with the descriptor Parent, made by the
 * calling thread with a token's (NULL: its effective one) defaults and Creator's wishes; NULL for
 * what there is none of. It comes referenced. STATUS_INVALID_OWNER, STATUS_PRIVILEGE_NOT_HELD,
 * STATUS_INSUFFICIENT_RESOURCES …. Gives way. */
NTSTATUS SeNewDescriptor(POBJECT_TYPE Type, PSE_DESCRIPTOR Parent,
                         PISECURITY_DESCRIPTOR_RELATIVE Creator, PTOKEN Token,
                         PSE_DESCRIPTOR *Descriptor);
/* What everybody but the system and administrators may do with an object that the system makes. */
typedef enum _SE_PUBLIC_ACCESS {
    SePublicNothing,
    SePublicExecute,
    SePublicRead,  /* and execute */
    SePublicWrite, /* and the others */
} SE_PUBLIC_ACCESS;
NTSTATUS SeSystemDescriptor(POBJECT_TYPE Type, SE_PUBLIC_ACCESS Public, PSE_DESCRIPTOR *Descriptor);

/* What NtSetSecurityObject does with the parts in Information; *Descriptor is replaced.
 * STATUS_NO_SECURITY_ON_OBJECT, STATUS_INVALID_OWNER …. */
NTSTATUS SeSetDescriptor(POBJECT_TYPE Type, SECURITY_INFORMATION Information,
                         PISECURITY_DESCRIPTOR_RELATIVE New, PSE_DESCRIPTOR *Descriptor);
/* What NtQuerySecurityObject gives. *Needed is its length. STATUS_BUFFER_TOO_SMALL. */
NTSTATUS SeQueryDescriptor(PSE_DESCRIPTOR Descriptor, SECURITY_INFORMATION Information,
                           CLIENT(PVOID) Buffer, ULONG Length, PULONG Needed);
/* The access that a handle needs to have for such a query or change. */
ACCESS_MASK SeQueryAccess(SECURITY_INFORMATION Information);
ACCESS_MASK SeSetAccess(SECURITY_INFORMATION Information);

/* Whether the process's user is the one that a client names. STATUS_SERVER_SID_MISMATCH,
 * STATUS_INVALID_SID, STATUS_ACCESS_VIOLATION, STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS SeCheckUser(struct _EPROCESS *Process, CLIENT(PSID) Sid);

LUID SeAllocateLuid(void);
