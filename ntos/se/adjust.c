/* SPDX-License-Identifier: BSD-2-Clause */
/* Privileges and groups of a token: enabled and disabled. */
#include "sep.h"

/* Where the previous state goes. */
typedef struct _PREVIOUS {
    CLIENT(PVOID) Buffer; /* NULL: nobody wants it */
    ULONG Length;
    CLIENT(PULONG) ReturnLength;
} PREVIOUS;

static NTSTATUS ProbePrevious(const PREVIOUS *Previous)
{
    NTSTATUS Status;

    if (!Previous->Buffer)
        return STATUS_SUCCESS;
    Status = MmProbeForWrite(Previous->Buffer, Previous->Length);
    return NT_SUCCESS(Status) ? MmProbeForWrite(Previous->ReturnLength, sizeof(ULONG)) : Status;
}

static NTSTATUS ReportLength(const PREVIOUS *Previous, ULONG Needed)
{
    NTSTATUS Status;

    if (!Previous->Buffer)
        return STATUS_SUCCESS;
    Status = MmWriteClient(Previous->ReturnLength, &Needed);
    return NT_SUCCESS(Status) && Previous->Length < Needed ? STATUS_BUFFER_TOO_SMALL : Status;
}

/* ---- Privileges ---- */
/* What is to become of a token's privileges. */
typedef struct _PRIVILEGE_CHANGE {
    ULONG64 Enable, Disable, Remove;
    BOOLEAN Unknown; /* some are not there */
} PRIVILEGE_CHANGE;

static PRIVILEGE_CHANGE PlanChange(PTOKEN Token, const LUID_AND_ATTRIBUTES *New, ULONG Count)
{
    PRIVILEGE_CHANGE Change = {0};
    ULONG i;

    for (i = 0; i < Count; i++) {
        ULONG64 Bit = SEP_PRIVILEGE(SepPrivilegeNumber(&New[i].Luid)) & Token->Present;

        if (!Bit)
            Change.Unknown = TRUE;
        else if (New[i].Attributes & SE_PRIVILEGE_REMOVED)
            Change.Remove |= Bit;
        else if (New[i].Attributes & SE_PRIVILEGE_ENABLED)
            Change.Enable |= Bit;
        else
            Change.Disable |= Bit;
    }
    return Change;
}

static ULONG PrivilegeAttributes(PTOKEN Token, ULONG Number)
{
    return (Token->Enabled & SEP_PRIVILEGE(Number) ? SE_PRIVILEGE_ENABLED : 0) |
           (Token->EnabledByDefault & SEP_PRIVILEGE(Number) ? SE_PRIVILEGE_ENABLED_BY_DEFAULT : 0);
}

ULONG SepListPrivileges(PTOKEN Token, ULONG64 Which, PLUID_AND_ATTRIBUTES List)
{
    ULONG Number, Count = 0;

    for (Number = SE_MIN_WELL_KNOWN_PRIVILEGE; Number <= SE_MAX_WELL_KNOWN_PRIVILEGE; Number++)
        if (Which & SEP_PRIVILEGE(Number))
            List[Count++] = (LUID_AND_ATTRIBUTES){{Number, 0}, PrivilegeAttributes(Token, Number)};
    return Count;
}

/* Nothing has happened yet if this fails. */
static NTSTATUS ReturnPrivileges(PTOKEN Token, ULONG64 Changed, const PREVIOUS *Previous)
{
    struct {
        ULONG Count;
        LUID_AND_ATTRIBUTES List[SE_MAX_WELL_KNOWN_PRIVILEGE + 1];
    } State;
    ULONG Needed;
    NTSTATUS Status;

    State.Count = SepListPrivileges(Token, Changed, State.List);
    Needed = sizeof(ULONG) + State.Count * sizeof(LUID_AND_ATTRIBUTES);
    if (Previous->Buffer && Needed < sizeof(TOKEN_PRIVILEGES) && State.Count)
        Needed = sizeof(TOKEN_PRIVILEGES);
    Status = ReportLength(Previous, Needed);
    return NT_SUCCESS(Status) && Previous->Buffer ? MmCopyToClient(Previous->Buffer, &State, Needed)
                                                  : Status;
}

static NTSTATUS AdjustPrivileges(PTOKEN Token, const PRIVILEGE_CHANGE *Change,
                                 const PREVIOUS *Previous)
{
    ULONG64 Changed =
        (Change->Enable & ~Token->Enabled) | (Change->Disable & Token->Enabled) | Change->Remove;
    NTSTATUS Status = ReturnPrivileges(Token, Changed, Previous);

    if (!NT_SUCCESS(Status))
        return Status;
    /* What was there when it was planned may since have been taken away. */
    Token->Present &= ~Change->Remove;
    Token->Enabled = (Token->Enabled | Change->Enable) & ~Change->Disable & Token->Present;
    Token->EnabledByDefault &= ~Change->Remove;
    if (Changed)
        SepTokenChanged(Token);
    return Change->Unknown ? STATUS_NOT_ALL_ASSIGNED : STATUS_SUCCESS;
}

static NTSTATUS CaptureNewPrivileges(CLIENT(PTOKEN_PRIVILEGES) NewState, PULONG Count,
                                     PLUID_AND_ATTRIBUTES *New)
{
    NTSTATUS Status = MmReadClient(Count, &NewState->PrivilegeCount);

    return NT_SUCCESS(Status) ? SepCapturePrivileges(&NewState->Privileges[0], *Count, New)
                              : Status;
}

/*
 * NtAdjustPrivilegesToken: enables (SE_PRIVILEGE_ENABLED), disables or takes away
 * (SE_PRIVILEGE_REMOVED) privileges that the token has, or disables all. PreviousState, if given,
 * receives those that were changed, as they were, ReturnLength its length; if there is not room
 * nothing is changed. Needs TOKEN_ADJUST_PRIVILEGES, with PreviousState TOKEN_QUERY. Returns
 * STATUS_NOT_ALL_ASSIGNED (a success: some are not the token's), STATUS_BUFFER_TOO_SMALL,
 * STATUS_INVALID_PARAMETER (no NewState), STATUS_ACCESS_VIOLATION.  (WDK: ZwAdjustPrivilegesToken)
 */
NTSTATUS NTAPI NtAdjustPrivilegesToken(HANDLE TokenHandle, BOOLEAN DisableAllPrivileges,
                                       CLIENT(PTOKEN_PRIVILEGES) NewState, ULONG BufferLength,
                                       CLIENT(PTOKEN_PRIVILEGES) PreviousState,
                                       CLIENT(PULONG) ReturnLength)
{
    PREVIOUS Previous = {PreviousState, BufferLength, ReturnLength};
    PLUID_AND_ATTRIBUTES New = NULL;
    PRIVILEGE_CHANGE Change = {0};
    ULONG Count = 0;
    PTOKEN Token;
    NTSTATUS Status;

    if (!DisableAllPrivileges && !NewState)
        return STATUS_INVALID_PARAMETER;
    Status = ProbePrevious(&Previous);
    if (NT_SUCCESS(Status) && !DisableAllPrivileges)
        Status = CaptureNewPrivileges(NewState, &Count, &New);
    if (NT_SUCCESS(Status))
        Status = SepReferenceToken(
            TokenHandle, TOKEN_ADJUST_PRIVILEGES | (PreviousState ? TOKEN_QUERY : 0), &Token);
    if (NT_SUCCESS(Status)) {
        if (DisableAllPrivileges)
            Change.Disable = Token->Present;
        else
            Change = PlanChange(Token, New, Count);
        Status = AdjustPrivileges(Token, &Change, &Previous);
        ObDereferenceObject(Token);
    }
    ExFreePool(New);
    return Status;
}

/* ---- Groups ---- */
/* What a group's attributes are to be; STATUS_CANT_DISABLE_MANDATORY,
 * STATUS_CANT_ENABLE_DENY_ONLY. */
static NTSTATUS NewAttributes(ULONG Old, BOOLEAN Enable, PULONG New)
{
    *New = Enable ? Old | SE_GROUP_ENABLED : Old & ~SE_GROUP_ENABLED;
    if (*New == Old)
        return STATUS_SUCCESS;
    if (Old & (SE_GROUP_MANDATORY | SE_GROUP_INTEGRITY))
        return STATUS_CANT_DISABLE_MANDATORY;
    return Old & SE_GROUP_USE_FOR_DENY_ONLY ? STATUS_CANT_ENABLE_DENY_ONLY : STATUS_SUCCESS;
}

/* Wanted: for each SID of the token, whether it is to be enabled; it is left alone if
 * there is no telling. */
enum { LEAVE, ENABLE, DISABLE };

static NTSTATUS PlanGroups(PTOKEN Token, const SEP_SIDS *New, PUCHAR Wanted)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i;

    for (i = 0; i < New->Count; i++) {
        ULONG Index = SepFindSid(Token, New->Array[i].Sid);

        if (Index == MAXULONG || Index == 0)
            Status = STATUS_NOT_ALL_ASSIGNED;
        else
            Wanted[Index] = New->Array[i].Attributes & SE_GROUP_ENABLED ? ENABLE : DISABLE;
        KeGiveWay();
    }
    return Status;
}

static void PlanDefaults(PTOKEN Token, PUCHAR Wanted)
{
    ULONG i;

    for (i = 1; i < Token->SidCount; i++)
        if (!(Token->Sids[i].Attributes & (SE_GROUP_MANDATORY | SE_GROUP_INTEGRITY)))
            Wanted[i] = Token->Sids[i].Attributes & SE_GROUP_ENABLED_BY_DEFAULT ? ENABLE : DISABLE;
}

/* Those that change, as they are; STATUS_CANT_DISABLE_MANDATORY … if one may not. */
static NTSTATUS CheckGroups(PTOKEN Token, const UCHAR *Wanted, PULONG Count, PULONG Bytes)
{
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG i, New;

    *Count = 0;
    *Bytes = 0;
    for (i = 1; i < Token->SidCount && NT_SUCCESS(Status); i++) {
        if (Wanted[i] == LEAVE)
            continue;
        Status = NewAttributes(Token->Sids[i].Attributes, Wanted[i] == ENABLE, &New);
        if (New == Token->Sids[i].Attributes)
            continue;
        ++*Count;
        *Bytes += sizeof(SID_AND_ATTRIBUTES) + RtlLengthSid(Token->Sids[i].Sid);
    }
    return Status;
}

static void SetGroups(PTOKEN Token, const UCHAR *Wanted)
{
    ULONG i;

    for (i = 1; i < Token->SidCount; i++)
        if (Wanted[i] != LEAVE)
            NewAttributes(Token->Sids[i].Attributes, Wanted[i] == ENABLE,
                          &Token->Sids[i].Attributes);
}

/* As TOKEN_GROUPS for the client at Address, into Groups. */
static void ListChanged(PTOKEN Token, const UCHAR *Wanted, ULONG Count, PTOKEN_GROUPS Groups,
                        ULONG_PTR Address)
{
    PUCHAR Place = (PUCHAR)&Groups->Groups[Count];
    ULONG i, New, Index = 0;

    Groups->GroupCount = Count;
    for (i = 1; i < Token->SidCount && Index < Count; i++) {
        if (Wanted[i] == LEAVE)
            continue;
        NewAttributes(Token->Sids[i].Attributes, Wanted[i] == ENABLE, &New);
        if (New == Token->Sids[i].Attributes)
            continue;
        Groups->Groups[Index++] = (SID_AND_ATTRIBUTES){
            (PVOID)(Address + (ULONG)(Place - (PUCHAR)Groups)), Token->Sids[i].Attributes};
        memcpy(Place, Token->Sids[i].Sid, RtlLengthSid(Token->Sids[i].Sid));
        Place += RtlLengthSid(Token->Sids[i].Sid);
    }
}

static NTSTATUS ReturnGroups(PTOKEN Token, const UCHAR *Wanted, ULONG Count, ULONG Bytes,
                             const PREVIOUS *Previous)
{
    ULONG Needed = offsetof(TOKEN_GROUPS, Groups) + Bytes;
    PTOKEN_GROUPS Groups;
    NTSTATUS Status = ReportLength(Previous, Needed);

    if (!NT_SUCCESS(Status) || !Previous->Buffer)
        return Status;
    Groups = ExAllocatePool(Needed);
    if (!Groups)
        return STATUS_INSUFFICIENT_RESOURCES;
    ListChanged(Token, Wanted, Count, Groups, (ULONG_PTR)Previous->Buffer);
    Status = MmCopyToClient(Previous->Buffer, Groups, Needed);
    ExFreePool(Groups);
    return Status;
}

static NTSTATUS AdjustGroups(PTOKEN Token, BOOLEAN ResetToDefault, const SEP_SIDS *New,
                             const PREVIOUS *Previous)
{
    PUCHAR Wanted = ExAllocatePool(Token->SidCount);
    NTSTATUS Found = STATUS_SUCCESS, Status;
    ULONG Count, Bytes;

    if (!Wanted)
        return STATUS_INSUFFICIENT_RESOURCES;
    if (ResetToDefault)
        PlanDefaults(Token, Wanted);
    else
        Found = PlanGroups(Token, New, Wanted);
    Status = CheckGroups(Token, Wanted, &Count, &Bytes);
    if (NT_SUCCESS(Status))
        Status = ReturnGroups(Token, Wanted, Count, Bytes, Previous);
    if (NT_SUCCESS(Status))
        SetGroups(Token, Wanted);
    if (NT_SUCCESS(Status) && Count)
        SepTokenChanged(Token);
    ExFreePool(Wanted);
    return NT_SUCCESS(Status) ? Found : Status;
}

/*
 * NtAdjustGroupsToken: enables and disables groups that are not mandatory, or sets them to what
 * they were. As NtAdjustPrivilegesToken otherwise; needs TOKEN_ADJUST_GROUPS. Returns
 * STATUS_CANT_DISABLE_MANDATORY, STATUS_CANT_ENABLE_DENY_ONLY too.  (Win32: AdjustTokenGroups)
 */
NTSTATUS NTAPI NtAdjustGroupsToken(HANDLE TokenHandle, BOOLEAN ResetToDefault,
                                   CLIENT(PTOKEN_GROUPS) NewState, ULONG BufferLength,
                                   CLIENT(PTOKEN_GROUPS) PreviousState, CLIENT(PULONG) ReturnLength)
{
    PREVIOUS Previous = {PreviousState, BufferLength, ReturnLength};
    SEP_SIDS New = {0};
    PTOKEN Token;
    NTSTATUS Status;

    if (!ResetToDefault && !NewState)
        return STATUS_INVALID_PARAMETER;
    Status = ProbePrevious(&Previous);
    if (NT_SUCCESS(Status) && !ResetToDefault)
        Status = SepCaptureGroups(NewState, &New);
    if (NT_SUCCESS(Status))
        Status = SepReferenceToken(TokenHandle,
                                   TOKEN_ADJUST_GROUPS | (PreviousState ? TOKEN_QUERY : 0), &Token);
    if (NT_SUCCESS(Status)) {
        Status = AdjustGroups(Token, ResetToDefault, &New, &Previous);
        ObDereferenceObject(Token);
    }
    ExFreePool(New.Array);
    return Status;
}
