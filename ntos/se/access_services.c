/* SPDX-License-Identifier: BSD-2-Clause */
/* Access checks: those of the Executive itself, and those that servers ask for with descriptors of
 * their own. */
#include "sep.h"

#define SPECIAL (MAXIMUM_ALLOWED | ACCESS_SYSTEM_SECURITY)
#define GENERIC (GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL)
#define MAXIMUM_NODES 1024

void SepSubject(PTOKEN Token, PSE_SUBJECT Subject)
{
    *Subject = (SE_SUBJECT){
        .Sids = Token->Sids,
        .SidCount = Token->SidCount,
        .Restricted = Token->Restricted,
        .RestrictedCount = Token->RestrictedCount,
        .WriteRestricted = Token->WriteRestricted,
        .TakeOwnership = SepIsEnabled(Token, SE_TAKE_OWNERSHIP_PRIVILEGE),
        .NoWriteUp = (Token->MandatoryPolicy & TOKEN_MANDATORY_POLICY_NO_WRITE_UP) != 0,
        .Integrity = SepIntegrityLevel(Token),
    };
}

static BOOLEAN HasDacl(PSECURITY_DESCRIPTOR Descriptor)
{
    BOOLEAN Present, Defaulted;
    PACL Dacl = NULL;

    RtlGetDaclSecurityDescriptor(Descriptor, &Present, &Dacl, &Defaulted);
    return Dacl != NULL;
}

/* What is granted of DesiredAccess, if a node has Most. STATUS_ACCESS_DENIED. */
static NTSTATUS Decide(ACCESS_MASK DesiredAccess, ACCESS_MASK Most, PACCESS_MASK Granted)
{
    ACCESS_MASK Wanted = DesiredAccess & ~SPECIAL;

    *Granted = 0;
    if (Wanted & ~Most)
        return STATUS_ACCESS_DENIED;
    *Granted = DesiredAccess & MAXIMUM_ALLOWED ? Most : Wanted;
    *Granted |= DesiredAccess & ACCESS_SYSTEM_SECURITY;
    return *Granted ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

NTSTATUS SepCheckAs(PTOKEN Token, PSE_DESCRIPTOR Descriptor, const GENERIC_MAPPING *Mapping,
                    ACCESS_MASK ValidAccess, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted)
{
    SE_NODE Node = {0};
    SE_SUBJECT Subject;

    if (Token->Type == TokenImpersonation && Token->Level < SecurityImpersonation)
        return STATUS_BAD_IMPERSONATION_LEVEL;
    if ((DesiredAccess & ACCESS_SYSTEM_SECURITY) && !SepIsEnabled(Token, SE_SECURITY_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    SepSubject(Token, &Subject);
    SeReferenceDescriptor(Descriptor);
    SepAccessCheck(&Subject, &Descriptor->Relative, Mapping, &Node, 1);
    SeDereferenceDescriptor(Descriptor);
    return Decide(DesiredAccess & (ValidAccess | SPECIAL), Node.Granted & ValidAccess, Granted);
}

NTSTATUS SeAccessCheck(PSE_DESCRIPTOR Descriptor, const GENERIC_MAPPING *Mapping,
                       ACCESS_MASK ValidAccess, ACCESS_MASK DesiredAccess, PACCESS_MASK Granted)
{
    PTOKEN Token = SeReferenceEffectiveToken();
    NTSTATUS Status;

    if (!Token) {
        *Granted = DesiredAccess & MAXIMUM_ALLOWED ? ValidAccess : DesiredAccess & ValidAccess;
        return STATUS_SUCCESS;
    }
    Status = SepCheckAs(Token, Descriptor, Mapping, ValidAccess, DesiredAccess, Granted);
    ObDereferenceObject(Token);
    return Status;
}

/* ---- For servers ---- */
/* What they ask, captured. */
typedef struct _QUESTION {
    PISECURITY_DESCRIPTOR_RELATIVE Descriptor; /* pool */
    PTOKEN Token;                              /* referenced */
    PSID Self;                                 /* pool, or NULL */
    PSE_NODE Nodes;                            /* pool */
    ULONG Count;
    ACCESS_MASK DesiredAccess;
    GENERIC_MAPPING Mapping;
} QUESTION, *PQUESTION;

/* The client's addresses. */
typedef struct _ARGUMENTS {
    CLIENT(PSECURITY_DESCRIPTOR) Descriptor;
    CLIENT(PSID) Self;
    HANDLE Token; /* NULL: the effective one */
    CLIENT(POBJECT_TYPE_LIST) Types;
    ULONG TypeCount;
    CLIENT(PGENERIC_MAPPING) Mapping;
    CLIENT(PPRIVILEGE_SET) Privileges;
    CLIENT(PULONG) PrivilegesLength;
    CLIENT(PACCESS_MASK) Granted;
    CLIENT(NTSTATUS *) AccessStatus;
    ULONG Results; /* how many there are of these two */
} ARGUMENTS, *PARGUMENTS;

/* Levels begin with 0, once, and go up by one at a time. */
static NTSTATUS CaptureNode(CLIENT(POBJECT_TYPE_LIST) Client, USHORT Previous, BOOLEAN First,
                            PSE_NODE Node)
{
    OBJECT_TYPE_LIST Entry;
    NTSTATUS Status = MmReadClient(&Entry, Client);

    if (!NT_SUCCESS(Status))
        return Status;
    if (Entry.Level > ACCESS_MAX_LEVEL || Entry.Sbz ||
        (First ? Entry.Level != 0 : !Entry.Level || Entry.Level > Previous + 1))
        return STATUS_INVALID_PARAMETER;
    Node->Level = Entry.Level;
    return MmReadClient(&Node->Type, (CLIENT(PGUID))Entry.ObjectType);
}

static NTSTATUS CaptureNodes(PQUESTION Question, CLIENT(POBJECT_TYPE_LIST) Client, ULONG Count)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    if (Count > MAXIMUM_NODES)
        return STATUS_INVALID_PARAMETER;
    Question->Count = Count ? Count : 1;
    Question->Nodes = ExAllocatePoolGivingWay(Question->Count * sizeof(SE_NODE));
    if (!Question->Nodes)
        return STATUS_INSUFFICIENT_RESOURCES;
    for (i = 0; i < Count && NT_SUCCESS(Status); i++) {
        Status = CaptureNode(&Client[i], i ? Question->Nodes[i - 1].Level : 0, i == 0,
                             &Question->Nodes[i]);
        if (NT_SUCCESS(Status) && i % SEP_PIECE == SEP_PIECE - 1)
            Status = KeGiveWay();
    }
    return Status;
}

static NTSTATUS ReferenceClientToken(HANDLE Handle, PTOKEN *Token)
{
    NTSTATUS Status = STATUS_SUCCESS;

    if (Handle)
        Status = SepReferenceToken(Handle, TOKEN_QUERY, Token);
    else
        *Token = SeReferenceEffectiveToken();
    if (!NT_SUCCESS(Status) || !Handle)
        return Status;
    if ((*Token)->Type != TokenImpersonation)
        Status = STATUS_NO_IMPERSONATION_TOKEN;
    else if ((*Token)->Level < SecurityIdentification)
        Status = STATUS_BAD_IMPERSONATION_LEVEL;
    if (NT_SUCCESS(Status))
        return Status;
    ObDereferenceObject(*Token);
    *Token = NULL;
    return Status;
}

/* The set of privileges that were needed; there is room for one at least. */
static NTSTATUS ProbePrivileges(const ARGUMENTS *Arguments)
{
    ULONG Length, Needed = sizeof(PRIVILEGE_SET);
    NTSTATUS Status;

    if (!Arguments->PrivilegesLength)
        return Arguments->Privileges ? STATUS_ACCESS_VIOLATION : STATUS_SUCCESS;
    Status = MmReadClient(&Length, Arguments->PrivilegesLength);
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Arguments->PrivilegesLength, sizeof(ULONG));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Arguments->Privileges, Length);
    if (!NT_SUCCESS(Status) || Length >= Needed)
        return Status;
    Status = MmWriteClient(Arguments->PrivilegesLength, &Needed);
    return NT_SUCCESS(Status) ? STATUS_BUFFER_TOO_SMALL : Status;
}

static NTSTATUS ProbeArguments(const ARGUMENTS *Arguments, PQUESTION Question)
{
    NTSTATUS Status = MmReadClient(&Question->Mapping, Arguments->Mapping);

    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Arguments->Granted, Arguments->Results * sizeof(ACCESS_MASK));
    if (NT_SUCCESS(Status))
        Status = MmProbeForWrite(Arguments->AccessStatus, Arguments->Results * sizeof(NTSTATUS));
    if (NT_SUCCESS(Status))
        Status = ProbePrivileges(Arguments);
    if (NT_SUCCESS(Status) && (Question->DesiredAccess & GENERIC))
        Status = STATUS_GENERIC_NOT_MAPPED;
    return Status;
}

static NTSTATUS CaptureQuestion(const ARGUMENTS *Arguments, PQUESTION Question)
{
    NTSTATUS Status = ProbeArguments(Arguments, Question);

    if (NT_SUCCESS(Status))
        Status = ReferenceClientToken(Arguments->Token, &Question->Token);
    if (NT_SUCCESS(Status))
        Status = CaptureNodes(Question, Arguments->Types, Arguments->TypeCount);
    if (NT_SUCCESS(Status) && Arguments->Self)
        Status = SepCaptureSid(Arguments->Self, &Question->Self);
    if (NT_SUCCESS(Status))
        Status = Arguments->Descriptor
                     ? SeCaptureDescriptor(Arguments->Descriptor, &Question->Descriptor)
                     : STATUS_INVALID_SECURITY_DESCR;
    if (NT_SUCCESS(Status) && (!Question->Descriptor->Owner || !Question->Descriptor->Group))
        Status = STATUS_INVALID_SECURITY_DESCR;
    return Status;
}

static void FreeQuestion(PQUESTION Question)
{
    ExFreePool(Question->Descriptor);
    ExFreePool(Question->Self);
    ExFreePool(Question->Nodes);
    if (Question->Token)
        ObDereferenceObject(Question->Token);
}

/* Which privilege has made a difference: 0 for none. */
static ULONG PrivilegeUsed(PQUESTION Question)
{
    if (Question->DesiredAccess & ACCESS_SYSTEM_SECURITY)
        return SE_SECURITY_PRIVILEGE;
    if ((Question->DesiredAccess & WRITE_OWNER) &&
        SepIsEnabled(Question->Token, SE_TAKE_OWNERSHIP_PRIVILEGE))
        return SE_TAKE_OWNERSHIP_PRIVILEGE;
    return 0;
}

static NTSTATUS ReturnPrivileges(PQUESTION Question, const ARGUMENTS *Arguments, ULONG Used)
{
    PRIVILEGE_SET Set = {.PrivilegeCount = Used != 0,
                         .Privilege = {{{Used, 0}, SE_PRIVILEGE_USED_FOR_ACCESS}}};

    if (!Arguments->Privileges)
        return STATUS_SUCCESS;
    return MmCopyToClient(Arguments->Privileges, &Set,
                          Used ? sizeof(Set) : offsetof(PRIVILEGE_SET, Privilege));
}

static NTSTATUS ReturnResult(const ARGUMENTS *Arguments, ULONG Index, NTSTATUS AccessStatus,
                             ACCESS_MASK Granted)
{
    NTSTATUS Status = MmWriteClient(&Arguments->Granted[Index], &Granted);

    return NT_SUCCESS(Status) ? MmWriteClient(&Arguments->AccessStatus[Index], &AccessStatus)
                              : Status;
}

static NTSTATUS ReturnNode(PQUESTION Question, const ARGUMENTS *Arguments, ULONG Index)
{
    ACCESS_MASK Most = Question->Nodes[Index].Granted, Granted = 0;
    NTSTATUS AccessStatus;

    if ((Question->DesiredAccess & MAXIMUM_ALLOWED) && !HasDacl(Question->Descriptor))
        Most &= Question->Mapping.GenericAll | (Question->DesiredAccess & ~SPECIAL);
    if ((Question->DesiredAccess & ACCESS_SYSTEM_SECURITY) &&
        !SepIsEnabled(Question->Token, SE_SECURITY_PRIVILEGE))
        AccessStatus = STATUS_PRIVILEGE_NOT_HELD;
    else
        AccessStatus = Decide(Question->DesiredAccess, Most, &Granted);
    return ReturnResult(Arguments, Index, AccessStatus, Granted);
}

static NTSTATUS Answer(PQUESTION Question, const ARGUMENTS *Arguments)
{
    NTSTATUS Status;
    SE_SUBJECT Subject;
    ULONG i;

    SepSubject(Question->Token, &Subject);
    Subject.Self = Question->Self;
    SepAccessCheck(&Subject, Question->Descriptor, &Question->Mapping, Question->Nodes,
                   Question->Count);
    Status = ReturnPrivileges(Question, Arguments, PrivilegeUsed(Question));
    for (i = 0; i < Arguments->Results && NT_SUCCESS(Status); i++) {
        Status = ReturnNode(Question, Arguments, i);
        if (NT_SUCCESS(Status) && i % SEP_PIECE == SEP_PIECE - 1)
            Status = KeGiveWay();
    }
    return Status;
}

static NTSTATUS CheckForServer(const ARGUMENTS *Arguments, ACCESS_MASK DesiredAccess)
{
    QUESTION Question = {.DesiredAccess = DesiredAccess};
    NTSTATUS Status = CaptureQuestion(Arguments, &Question);

    if (NT_SUCCESS(Status))
        Status = Answer(&Question, Arguments);
    FreeQuestion(&Question);
    return Status;
}

/*
 * NtAccessCheck: whether who has an impersonation token may have DesiredAccess (no generic rights)
 * to what has a descriptor. AccessStatus tells: STATUS_SUCCESS with GrantedAccess,
 * STATUS_ACCESS_DENIED, STATUS_PRIVILEGE_NOT_HELD. PrivilegeSet receives what privilege it took.
 * Checked in this order: the addresses, PrivilegeSetLength (STATUS_BUFFER_TOO_SMALL),
 * STATUS_GENERIC_NOT_MAPPED, the token (TOKEN_QUERY; STATUS_NO_IMPERSONATION_TOKEN,
 * STATUS_BAD_IMPERSONATION_LEVEL), the descriptor (STATUS_INVALID_SECURITY_DESCR without owner or
 * group).  (Win32: AccessCheck)
 */
NTSTATUS NTAPI NtAccessCheck(CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, HANDLE ClientToken,
                             ACCESS_MASK DesiredAccess, CLIENT(PGENERIC_MAPPING) GenericMapping,
                             CLIENT(PPRIVILEGE_SET) PrivilegeSet, CLIENT(PULONG) PrivilegeSetLength,
                             CLIENT(PACCESS_MASK) GrantedAccess, CLIENT(NTSTATUS *) AccessStatus)
{
    return NtAccessCheckByType(SecurityDescriptor, NULL, ClientToken, DesiredAccess, NULL, 0,
                               GenericMapping, PrivilegeSet, PrivilegeSetLength, GrantedAccess,
                               AccessStatus);
}

/* NtAccessCheckByType: the same for an object that consists of several kinds; PrincipalSelfSid is
 * whom S-1-5-10 in an entry means. What all kinds grant is granted.  (Win32: AccessCheckByType) */
NTSTATUS NTAPI NtAccessCheckByType(
    CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, CLIENT(PSID) PrincipalSelfSid,
    HANDLE ClientToken, ACCESS_MASK DesiredAccess, CLIENT(POBJECT_TYPE_LIST) ObjectTypeList,
    ULONG ObjectTypeListLength, CLIENT(PGENERIC_MAPPING) GenericMapping,
    CLIENT(PPRIVILEGE_SET) PrivilegeSet, CLIENT(PULONG) PrivilegeSetLength,
    CLIENT(PACCESS_MASK) GrantedAccess, CLIENT(NTSTATUS *) AccessStatus)
{
    ARGUMENTS Arguments = {SecurityDescriptor,
                           PrincipalSelfSid,
                           ClientToken,
                           ObjectTypeList,
                           ObjectTypeListLength,
                           GenericMapping,
                           PrivilegeSet,
                           PrivilegeSetLength,
                           GrantedAccess,
                           AccessStatus,
                           1};

    return ClientToken && PrivilegeSetLength ? CheckForServer(&Arguments, DesiredAccess)
           : ClientToken                     ? STATUS_ACCESS_VIOLATION
                                             : STATUS_INVALID_HANDLE;
}

/* NtAccessCheckByTypeResultList: the same with an answer for each kind.  (Win32:
 * AccessCheckByTypeResultList) */
NTSTATUS NTAPI NtAccessCheckByTypeResultList(
    CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, CLIENT(PSID) PrincipalSelfSid,
    HANDLE ClientToken, ACCESS_MASK DesiredAccess, CLIENT(POBJECT_TYPE_LIST) ObjectTypeList,
    ULONG ObjectTypeListLength, CLIENT(PGENERIC_MAPPING) GenericMapping,
    CLIENT(PPRIVILEGE_SET) PrivilegeSet, CLIENT(PULONG) PrivilegeSetLength,
    CLIENT(PACCESS_MASK) GrantedAccess, CLIENT(NTSTATUS *) AccessStatus)
{
    ARGUMENTS Arguments = {SecurityDescriptor,
                           PrincipalSelfSid,
                           ClientToken,
                           ObjectTypeList,
                           ObjectTypeListLength,
                           GenericMapping,
                           PrivilegeSet,
                           PrivilegeSetLength,
                           GrantedAccess,
                           AccessStatus,
                           ObjectTypeListLength < MAXIMUM_NODES ? ObjectTypeListLength : 0};

    if (!ObjectTypeListLength || ObjectTypeListLength > MAXIMUM_NODES)
        return STATUS_INVALID_PARAMETER;
    return ClientToken && PrivilegeSetLength ? CheckForServer(&Arguments, DesiredAccess)
           : ClientToken                     ? STATUS_ACCESS_VIOLATION
                                             : STATUS_INVALID_HANDLE;
}

/*
 * NtAccessCheckAndAuditAlarm: the check for whom the calling thread impersonates
 * (STATUS_NO_IMPERSONATION_TOKEN). There is nobody who would take an audit, so none is made, and
 * none is due when the handle is closed. Needs SeAuditPrivilege of the process.  (Win32:
 * AccessCheckAndAuditAlarm)
 */
NTSTATUS NTAPI NtAccessCheckAndAuditAlarm(
    CLIENT(PUNICODE_STRING) SubsystemName, CLIENT(PVOID) HandleId,
    CLIENT(PUNICODE_STRING) ObjectTypeName, CLIENT(PUNICODE_STRING) ObjectName,
    CLIENT(PSECURITY_DESCRIPTOR) SecurityDescriptor, ACCESS_MASK DesiredAccess,
    CLIENT(PGENERIC_MAPPING) GenericMapping, BOOLEAN ObjectCreation,
    CLIENT(PACCESS_MASK) GrantedAccess, CLIENT(NTSTATUS *) AccessStatus,
    CLIENT(PBOOLEAN) GenerateOnClose)
{
    ARGUMENTS Arguments = {.Descriptor = SecurityDescriptor,
                           .Mapping = GenericMapping,
                           .Granted = GrantedAccess,
                           .AccessStatus = AccessStatus,
                           .Results = 1};
    BOOLEAN Generate = FALSE;
    NTSTATUS Status;

    (void)SubsystemName, (void)HandleId, (void)ObjectTypeName, (void)ObjectName;
    (void)ObjectCreation;
    if (!PsGetCurrentThread()->ImpersonationToken)
        return STATUS_NO_IMPERSONATION_TOKEN;
    if (!SepIsEnabled(PsGetCurrentProcess()->Token, SE_AUDIT_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    Status = MmProbeForWrite(GenerateOnClose, sizeof(*GenerateOnClose));
    if (NT_SUCCESS(Status))
        Status = CheckForServer(&Arguments, DesiredAccess);
    return NT_SUCCESS(Status) ? MmWriteClient(GenerateOnClose, &Generate) : Status;
}
