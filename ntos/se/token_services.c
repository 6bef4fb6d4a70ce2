/* SPDX-License-Identifier: BSD-2-Clause */
/* NtDuplicateToken, NtCompareTokens. */
#include "sep.h"

NTSTATUS SepCaptureQuality(CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes,
                           PSECURITY_QUALITY_OF_SERVICE Quality, PBOOLEAN Given)
{
    OBJECT_ATTRIBUTES Attributes;
    NTSTATUS Status;

    *Given = FALSE;
    *Quality = (SECURITY_QUALITY_OF_SERVICE){.Length = sizeof(*Quality)};
    if (!ObjectAttributes)
        return STATUS_SUCCESS;
    Status = MmReadClient(&Attributes, ObjectAttributes);
    if (!NT_SUCCESS(Status) || !Attributes.SecurityQualityOfService)
        return Status;
    *Given = TRUE;
    return SepReadQuality((CLIENT(PSECURITY_QUALITY_OF_SERVICE))Attributes.SecurityQualityOfService,
                          Quality);
}

NTSTATUS SepReadQuality(CLIENT(PSECURITY_QUALITY_OF_SERVICE) Client,
                        PSECURITY_QUALITY_OF_SERVICE Quality)
{
    NTSTATUS Status = MmReadClient(Quality, Client);

    if (!NT_SUCCESS(Status))
        return Status;
    return Quality->Length == sizeof(*Quality) &&
                   (ULONG)Quality->ImpersonationLevel <= SecurityDelegation
               ? STATUS_SUCCESS
               : STATUS_INVALID_PARAMETER;
}

/* A copy cannot do more than its source. */
static NTSTATUS CheckLevel(PTOKEN Source, SEP_COPY *Copy, BOOLEAN LevelGiven)
{
    if (!LevelGiven && Source->Type == TokenImpersonation)
        Copy->Level = Source->Level;
    if (Source->Type != TokenImpersonation)
        return STATUS_SUCCESS;
    if (Copy->Type == TokenImpersonation ? Copy->Level > Source->Level
                                         : Source->Level < SecurityImpersonation)
        return STATUS_BAD_IMPERSONATION_LEVEL;
    return STATUS_SUCCESS;
}

static NTSTATUS Duplicate(PTOKEN Source, SEP_COPY *Copy, BOOLEAN LevelGiven,
                          POB_ATTRIBUTES Attributes, ACCESS_MASK DesiredAccess,
                          CLIENT(PHANDLE) NewToken)
{
    PTOKEN Token;
    NTSTATUS Status = CheckLevel(Source, Copy, LevelGiven);

    if (NT_SUCCESS(Status))
        Status = SepCopyToken(Source, Copy, &Token);
    return NT_SUCCESS(Status) ? ObInsertObject(Token, Attributes, DesiredAccess, NewToken) : Status;
}

/*
 * NtDuplicateToken: a copy of a token, of either type; its level is what the attributes'
 * SecurityQualityOfService says, else the source's. EffectiveOnly leaves out what is not enabled.
 * No DesiredAccess: what the handle has. Needs TOKEN_DUPLICATE. Returns STATUS_INVALID_PARAMETER
 * (Type, quality), STATUS_BAD_IMPERSONATION_LEVEL, STATUS_INSUFFICIENT_RESOURCES ….  (WDK:
 * ZwDuplicateToken)
 */
NTSTATUS NTAPI NtDuplicateToken(HANDLE ExistingToken, ACCESS_MASK DesiredAccess,
                                CLIENT(POBJECT_ATTRIBUTES) ObjectAttributes, BOOLEAN EffectiveOnly,
                                TOKEN_TYPE Type, CLIENT(PHANDLE) NewToken)
{
    SECURITY_QUALITY_OF_SERVICE Quality;
    SEP_COPY Copy = {.Type = Type, .EffectiveOnly = EffectiveOnly};
    OB_ATTRIBUTES Attributes;
    BOOLEAN Given;
    PTOKEN Source;
    NTSTATUS Status;

    if (Type != TokenPrimary && Type != TokenImpersonation)
        return STATUS_INVALID_PARAMETER;
    Status = MmProbeForWrite(NewToken, sizeof(HANDLE));
    if (NT_SUCCESS(Status))
        Status = SepCaptureQuality(ObjectAttributes, &Quality, &Given);
    if (NT_SUCCESS(Status))
        Status = SepReferenceToken(ExistingToken, TOKEN_DUPLICATE, &Source);
    if (!NT_SUCCESS(Status))
        return Status;
    Copy.Level = Quality.ImpersonationLevel;
    if (!DesiredAccess)
        DesiredAccess = ObQueryHandleAccess(ExistingToken);
    Status = ObCaptureAttributes(&Attributes, ObjectAttributes);
    if (NT_SUCCESS(Status)) {
        Status = Duplicate(Source, &Copy, Given, &Attributes, DesiredAccess, NewToken);
        ObFreeAttributes(&Attributes);
    }
    ObDereferenceObject(Source);
    return Status;
}

/* Whether the two lists have the same SIDs, with the same meaning in access checks. */
static BOOLEAN SameSids(const SID_AND_ATTRIBUTES *First, const SID_AND_ATTRIBUTES *Second,
                        ULONG Count)
{
    static const ULONG Meaning = SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY;
    ULONG i, j;

    for (i = 0; i < Count; i++) {
        for (j = 0; j < Count; j++)
            if (SepEqualSid(First[i].Sid, Second[j].Sid) &&
                !((First[i].Attributes ^ Second[j].Attributes) & Meaning))
                break;
        if (j == Count)
            return FALSE;
        KeGiveWay();
    }
    return TRUE;
}

static BOOLEAN SameTokens(PTOKEN First, PTOKEN Second)
{
    return SepEqualSid(First->Sids[0].Sid, Second->Sids[0].Sid) &&
           First->SidCount == Second->SidCount &&
           First->RestrictedCount == Second->RestrictedCount &&
           !First->Restricted == !Second->Restricted && First->Present == Second->Present &&
           First->Enabled == Second->Enabled &&
           SameSids(First->Sids, Second->Sids, First->SidCount) &&
           SameSids(First->Restricted, Second->Restricted, First->RestrictedCount);
}

/*
 * NtCompareTokens: whether two tokens are the same for access checks. Needs TOKEN_QUERY for both.
 * (Win32: NtCompareTokens)
 */
NTSTATUS NTAPI NtCompareTokens(HANDLE FirstToken, HANDLE SecondToken, CLIENT(PBOOLEAN) Equal)
{
    BOOLEAN Same;
    PTOKEN First, Second;
    NTSTATUS Status = MmProbeForWrite(Equal, sizeof(*Equal));

    if (NT_SUCCESS(Status))
        Status = SepReferenceToken(FirstToken, TOKEN_QUERY, &First);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SepReferenceToken(SecondToken, TOKEN_QUERY, &Second);
    if (NT_SUCCESS(Status)) {
        Same = First == Second || SameTokens(First, Second);
        ObDereferenceObject(Second);
        Status = MmWriteClient(Equal, &Same);
    }
    ObDereferenceObject(First);
    return Status;
}
