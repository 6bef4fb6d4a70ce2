/* SPDX-License-Identifier: BSD-2-Clause */
/* FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE: who is at the ends. */
#include "npfsp.h"

#define NP_LONGEST_ATTRIBUTE sizeof("ClientProcessId")

static const struct {
    CHAR Name[NP_LONGEST_ATTRIBUTE + 1];
    ULONG Offset;
} NpAttributes[] = {
    {"ClientProcessId", FIELD_OFFSET(NP_INSTANCE, ProcessIds[FILE_PIPE_CLIENT_END])},
    {"ServerProcessId", FIELD_OFFSET(NP_INSTANCE, ProcessIds[FILE_PIPE_SERVER_END])},
    {"ClientSessionId", FIELD_OFFSET(NP_INSTANCE, SessionIds[FILE_PIPE_CLIENT_END])},
    {"ServerSessionId", FIELD_OFFSET(NP_INSTANCE, SessionIds[FILE_PIPE_SERVER_END])},
};

/* The name comes with its NUL. */
static NTSTATUS NpFindAttribute(const IOP_CONTROL *Control, PULONG Offset)
{
    CHAR Name[NP_LONGEST_ATTRIBUTE];
    ULONG i;

    if (!Control->InputLength)
        return STATUS_INVALID_PARAMETER;
    if (Control->InputLength > sizeof(Name))
        return STATUS_NOT_FOUND;
    if (!NT_SUCCESS(MmCopyFromClient(Name, Control->Input, Control->InputLength)))
        return STATUS_ACCESS_VIOLATION;
    for (i = 0; i < ARRAYSIZE(NpAttributes); i++) {
        if (Control->InputLength != NP_LONGEST_ATTRIBUTE ||
            memcmp(Name, NpAttributes[i].Name, NP_LONGEST_ATTRIBUTE))
            continue;
        *Offset = NpAttributes[i].Offset;
        return STATUS_SUCCESS;
    }
    return STATUS_NOT_FOUND;
}

NTSTATUS NpGetConnectionAttribute(PNP_END End, const IOP_CONTROL *Control, PULONG_PTR Returned)
{
    ULONG Offset, Value;
    NTSTATUS Status = NpFindAttribute(Control, &Offset);

    if (!NT_SUCCESS(Status))
        return Status;
    if (!End->Instance || End->Instance->State == FILE_PIPE_DISCONNECTED_STATE)
        return STATUS_PIPE_DISCONNECTED;
    if (Control->OutputLength < sizeof(Value))
        return STATUS_BUFFER_TOO_SMALL;
    Value = *(PULONG)((PUCHAR)End->Instance + Offset);
    *Returned = sizeof(Value);
    return MmCopyToClient(Control->Output, &Value, sizeof(Value));
}
