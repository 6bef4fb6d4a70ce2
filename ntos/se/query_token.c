/* SPDX-License-Identifier: BSD-2-Clause */
/* NtQueryInformationToken. */
#include <neptune/missing_classes.def>
#include "sep.h"

/* An answer in the making: in pool, with addresses as the client will see them. */
typedef struct _ANSWER {
    PUCHAR Buffer; /* NULL: it is only measured */
    ULONG Used;
    ULONG_PTR Address; /* where it will be at the client's */
} ANSWER, *PANSWER;

/* Room for Length bytes at the end; NULL while it is only measured. */
static PVOID Append(PANSWER Answer, ULONG Length)
{
    PVOID Place = Answer->Buffer ? Answer->Buffer + Answer->Used : NULL;

    Answer->Used += Length;
    return Place;
}

static void AppendCopy(PANSWER Answer, const void *From, ULONG Length)
{
    PVOID Place = Append(Answer, Length);

    if (Place)
        memcpy(Place, From, Length);
}

static void AppendLong(PANSWER Answer, ULONG Value)
{
    AppendCopy(Answer, &Value, sizeof(Value));
}

/* Array describes what is appended behind it. */
static void AppendSids(PANSWER Answer, PSID_AND_ATTRIBUTES Array, const SID_AND_ATTRIBUTES *Sids,
                       ULONG Count)
{
    ULONG i;

    for (i = 0; i < Count; i++) {
        if (Array)
            Array[i] =
                (SID_AND_ATTRIBUTES){(PVOID)(Answer->Address + Answer->Used), Sids[i].Attributes};
        AppendCopy(Answer, Sids[i].Sid, RtlLengthSid(Sids[i].Sid));
        if (i % SEP_PIECE == SEP_PIECE - 1)
            KeGiveWay();
    }
}

static void AnswerGroups(PANSWER Answer, const SID_AND_ATTRIBUTES *Sids, ULONG Count)
{
    PTOKEN_GROUPS Groups = Append(Answer, offsetof(TOKEN_GROUPS, Groups));
    PSID_AND_ATTRIBUTES Array = Append(Answer, Count * sizeof(SID_AND_ATTRIBUTES));

    if (Groups)
        Groups->GroupCount = Count;
    AppendSids(Answer, Array, Sids, Count);
}

static void AnswerOne(PANSWER Answer, const SID_AND_ATTRIBUTES *Sid)
{
    AppendSids(Answer, Append(Answer, sizeof(*Sid)), Sid, 1);
}

/* A pointer, and what it points to behind it; nothing for NULL. */
static void AnswerPointer(PANSWER Answer, const void *What, ULONG Length)
{
    PVOID *Pointer = Append(Answer, sizeof(PVOID));

    if (Pointer)
        *Pointer = What ? (PVOID)(Answer->Address + Answer->Used) : NULL;
    if (What)
        AppendCopy(Answer, What, Length);
}

static void AnswerPrivileges(PANSWER Answer, PTOKEN Token)
{
    LUID_AND_ATTRIBUTES List[SE_MAX_WELL_KNOWN_PRIVILEGE + 1];
    ULONG Count = SepListPrivileges(Token, Token->Present, List);

    AppendLong(Answer, Count);
    AppendCopy(Answer, List, Count * sizeof(*List));
}

static void AnswerStatistics(PANSWER Answer, PTOKEN Token)
{
    TOKEN_STATISTICS Statistics = {
        .TokenId = Token->TokenId,
        .AuthenticationId = Token->AuthenticationId,
        .ExpirationTime = Token->ExpirationTime,
        .TokenType = Token->Type,
        .ImpersonationLevel = Token->Level,
        .DynamicCharged = Token->DefaultDacl ? Token->DefaultDacl->AclSize : 0,
        .GroupCount = Token->SidCount - 1,
        .PrivilegeCount = (ULONG)__builtin_popcountll(Token->Present),
        .ModifiedId = Token->ModifiedId,
    };

    AppendCopy(Answer, &Statistics, sizeof(Statistics));
}

static ULONG SidsLength(const SID_AND_ATTRIBUTES *Sids, ULONG Count)
{
    ULONG Length = Count * sizeof(*Sids), i;

    for (i = 0; i < Count; i++)
        Length += RtlLengthSid(Sids[i].Sid);
    return Length;
}

static void AnswerAll(PANSWER Answer, PTOKEN Token)
{
    LUID_AND_ATTRIBUTES List[SE_MAX_WELL_KNOWN_PRIVILEGE + 1];
    PTOKEN_GROUPS_AND_PRIVILEGES All = Append(Answer, sizeof(*All));
    TOKEN_GROUPS_AND_PRIVILEGES Filled = {
        .SidCount = Token->SidCount,
        .SidLength = SidsLength(Token->Sids, Token->SidCount),
        .RestrictedSidCount = Token->RestrictedCount,
        .RestrictedSidLength = SidsLength(Token->Restricted, Token->RestrictedCount),
        .PrivilegeCount = SepListPrivileges(Token, Token->Present, List),
        .AuthenticationId = Token->AuthenticationId,
    };

    Filled.PrivilegeLength = Filled.PrivilegeCount * sizeof(*List);
    Filled.Sids = (PVOID)(Answer->Address + Answer->Used);
    AppendSids(Answer, Append(Answer, Token->SidCount * sizeof(SID_AND_ATTRIBUTES)), Token->Sids,
               Token->SidCount);
    if (Token->RestrictedCount)
        Filled.RestrictedSids = (PVOID)(Answer->Address + Answer->Used);
    AppendSids(Answer, Append(Answer, Token->RestrictedCount * sizeof(SID_AND_ATTRIBUTES)),
               Token->Restricted, Token->RestrictedCount);
    Filled.Privileges = (PVOID)(Answer->Address + Answer->Used);
    AppendCopy(Answer, List, Filled.PrivilegeLength);
    if (All)
        *All = Filled;
}

/* Names of objects are everybody's. */
static void AnswerNoIsolation(PANSWER Answer)
{
    TOKEN_BNO_ISOLATION_INFORMATION None = {0};

    AppendCopy(Answer, &None, sizeof(None));
}

/* No attributes. */
static void AnswerAttributes(PANSWER Answer)
{
    TOKEN_SECURITY_ATTRIBUTES_INFORMATION None = {.Version = 1};

    AppendCopy(Answer, &None, sizeof(None));
}

static NTSTATUS AnswerLogonSid(PANSWER Answer, PTOKEN Token)
{
    ULONG i;

    for (i = 1; i < Token->SidCount; i++)
        if ((Token->Sids[i].Attributes & SE_GROUP_LOGON_ID) == SE_GROUP_LOGON_ID) {
            AnswerGroups(Answer, &Token->Sids[i], 1);
            return STATUS_SUCCESS;
        }
    return STATUS_NOT_FOUND;
}

static NTSTATUS AnswerLabel(PANSWER Answer, PTOKEN Token)
{
    SID Sid = SepLabelSid(SECURITY_MANDATORY_UNTRUSTED_RID);
    SID_AND_ATTRIBUTES Untrusted = {&Sid, SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED};

    AnswerOne(Answer, Token->Integrity ? &Token->Sids[Token->Integrity] : &Untrusted);
    return STATUS_SUCCESS;
}

static BOOLEAN IsElevated(PTOKEN Token)
{
    return SepIntegrityLevel(Token) >= SECURITY_MANDATORY_HIGH_RID;
}

/* Numbers and what else is short. STATUS_NOT_FOUND: it is something else. */
static NTSTATUS AnswerShort(PANSWER Answer, PTOKEN Token, TOKEN_INFORMATION_CLASS Class)
{
    switch (Class) {
    case TokenType:
        AppendLong(Answer, Token->Type);
        break;
    case TokenSessionId:
        AppendLong(Answer, Token->SessionId);
        break;
    case TokenSandBoxInert:
        AppendLong(Answer, Token->SandboxInert);
        break;
    case TokenElevationType:
        AppendLong(Answer, TokenElevationTypeDefault);
        break;
    case TokenElevation:
        AppendLong(Answer, IsElevated(Token));
        break;
    case TokenHasRestrictions:
        AppendLong(Answer, Token->Filtered);
        break;
    case TokenIsRestricted:
        AppendLong(Answer, Token->Restricted != NULL);
        break;
    case TokenMandatoryPolicy:
        AppendLong(Answer, Token->MandatoryPolicy);
        break;
    case TokenVirtualizationAllowed:
    case TokenVirtualizationEnabled:
    case TokenIsAppContainer:
    case TokenAppContainerNumber:
    case TokenPrivateNameSpace:
    case TokenIsLessPrivilegedAppContainer:
    case TokenIsSandboxed:
        AppendLong(Answer, 0);
        break;
    case TokenUIAccess:
        AppendLong(Answer, Token->UIAccess);
        break;
    case TokenOrigin:
        AppendCopy(Answer, &Token->Origin, sizeof(LUID));
        break;
    case TokenSource:
        AppendCopy(Answer, &Token->Source, sizeof(TOKEN_SOURCE));
        break;
    default:
        return STATUS_NOT_FOUND;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS AnswerLong(PANSWER Answer, PTOKEN Token, TOKEN_INFORMATION_CLASS Class)
{
    PSID Sid;

    switch (Class) {
    case TokenUser:
        AnswerOne(Answer, &Token->Sids[0]);
        return STATUS_SUCCESS;
    case TokenGroups:
        AnswerGroups(Answer, Token->Sids + 1, Token->SidCount - 1);
        return STATUS_SUCCESS;
    case TokenRestrictedSids:
        AnswerGroups(Answer, Token->Restricted, Token->RestrictedCount);
        return STATUS_SUCCESS;
    case TokenPrivileges:
        AnswerPrivileges(Answer, Token);
        return STATUS_SUCCESS;
    case TokenOwner:
    case TokenPrimaryGroup:
        Sid = Token->Sids[Class == TokenOwner ? Token->Owner : Token->PrimaryGroup].Sid;
        AnswerPointer(Answer, Sid, RtlLengthSid(Sid));
        return STATUS_SUCCESS;
    case TokenDefaultDacl:
        AnswerPointer(Answer, Token->DefaultDacl,
                      Token->DefaultDacl ? Token->DefaultDacl->AclSize : 0);
        return STATUS_SUCCESS;
    case TokenStatistics:
        AnswerStatistics(Answer, Token);
        return STATUS_SUCCESS;
    case TokenGroupsAndPrivileges:
        AnswerAll(Answer, Token);
        return STATUS_SUCCESS;
    case TokenImpersonationLevel:
        AppendLong(Answer, Token->Level);
        return Token->Type == TokenImpersonation ? STATUS_SUCCESS : STATUS_INVALID_INFO_CLASS;
    case TokenIntegrityLevel:
        return AnswerLabel(Answer, Token);
    case TokenLogonSid:
        return AnswerLogonSid(Answer, Token);
    default:
        return STATUS_NOT_FOUND;
    }
}

/* What tokens do not have here. */
static NTSTATUS AnswerAbsent(PANSWER Answer, TOKEN_INFORMATION_CLASS Class)
{
    switch (Class) {
    case TokenAppContainerSid:
    case TokenProcessTrustLevel:
        AnswerPointer(Answer, NULL, 0);
        return STATUS_SUCCESS;
    case TokenCapabilities:
    case TokenDeviceGroups:
    case TokenRestrictedDeviceGroups:
        AnswerGroups(Answer, NULL, 0);
        return STATUS_SUCCESS;
    case TokenUserClaimAttributes:
    case TokenDeviceClaimAttributes:
    case TokenRestrictedUserClaimAttributes:
    case TokenRestrictedDeviceClaimAttributes:
    case TokenSecurityAttributes:
        AnswerAttributes(Answer);
        return STATUS_SUCCESS;
    case TokenLinkedToken:
        return STATUS_NO_SUCH_LOGON_SESSION;
    case TokenBnoIsolation:
        AnswerNoIsolation(Answer);
        return STATUS_SUCCESS;
        MISSING_NtQueryInformationToken(MISSING_CASE) return STATUS_NOT_IMPLEMENTED;
    default:
        return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS MakeAnswer(PANSWER Answer, PTOKEN Token, TOKEN_INFORMATION_CLASS Class)
{
    NTSTATUS Status = AnswerShort(Answer, Token, Class);

    if (Status == STATUS_NOT_FOUND)
        Status = AnswerLong(Answer, Token, Class);
    return Status == STATUS_NOT_FOUND && Class != TokenLogonSid ? AnswerAbsent(Answer, Class)
                                                                : Status;
}

/* STATUS_RETRY: the token has changed since the answer was measured. */
static NTSTATUS Fill(PANSWER Answer, ULONG Length, PTOKEN Token, TOKEN_INFORMATION_CLASS Class,
                     ULONG Version, ULONG64 Present)
{
    ULONG Needed = Answer->Used;
    NTSTATUS Status;

    if (Length < Needed)
        return STATUS_BUFFER_TOO_SMALL;
    Answer->Buffer = ExAllocatePoolGivingWay(Needed);
    if (!Answer->Buffer)
        return STATUS_INSUFFICIENT_RESOURCES;
    Answer->Used = 0;
    /* Of what is told here, others may have changed the lengths of some meanwhile. */
    Status = Version == Token->DefaultsVersion && Present == Token->Present
                 ? MakeAnswer(Answer, Token, Class)
                 : STATUS_RETRY;
    if (NT_SUCCESS(Status))
        Status = MmCopyToClient((CLIENT(PVOID))Answer->Address, Answer->Buffer, Answer->Used);
    ExFreePool(Answer->Buffer);
    return Status;
}

static NTSTATUS QueryOnce(PTOKEN Token, TOKEN_INFORMATION_CLASS Class, CLIENT(PVOID) Information,
                          ULONG Length, CLIENT(PULONG) ReturnLength)
{
    ANSWER Answer = {.Address = (ULONG_PTR)Information};
    ULONG Version = Token->DefaultsVersion;
    ULONG64 Present = Token->Present;
    NTSTATUS Status = MakeAnswer(&Answer, Token, Class);

    if (!NT_SUCCESS(Status))
        return Status;
    if (ReturnLength) {
        Status = MmWriteClient(ReturnLength, &Answer.Used);
        if (!NT_SUCCESS(Status))
            return Status;
    }
    return Fill(&Answer, Length, Token, Class, Version, Present);
}

/*
 * NtQueryInformationToken: what a token is. ReturnLength, if given, receives the length of the
 * answer, also when Length is less (STATUS_BUFFER_TOO_SMALL). Needs TOKEN_QUERY, for TokenSource
 * TOKEN_QUERY_SOURCE. Returns STATUS_NOT_IMPLEMENTED (missing_classes.def),
 * STATUS_INVALID_INFO_CLASS (TokenImpersonationLevel of a primary token too),
 * STATUS_NO_SUCH_LOGON_SESSION (TokenLinkedToken: there is none), STATUS_NOT_FOUND (TokenLogonSid).
 * (WDK: ZwQueryInformationToken)
 */
NTSTATUS NTAPI NtQueryInformationToken(HANDLE TokenHandle, TOKEN_INFORMATION_CLASS Class,
                                       CLIENT(PVOID) Information, ULONG Length,
                                       CLIENT(PULONG) ReturnLength)
{
    PTOKEN Token;
    NTSTATUS Status = MmProbeForWrite(Information, Length);

    if (NT_SUCCESS(Status) && ReturnLength)
        Status = MmProbeForWrite(ReturnLength, sizeof(ULONG));
    if (NT_SUCCESS(Status) && (Class <= 0 || Class >= MaxTokenInfoClass))
        Status = STATUS_INVALID_INFO_CLASS;
    if (NT_SUCCESS(Status))
        Status = SepReferenceToken(TokenHandle,
                                   Class == TokenSource ? TOKEN_QUERY_SOURCE : TOKEN_QUERY, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    do
        Status = QueryOnce(Token, Class, Information, Length, ReturnLength);
    while (Status == STATUS_RETRY);
    ObDereferenceObject(Token);
    return Status;
}
