/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For whom a server acts that impersonates its client: for whom the client acted when it opened the
 * pipe (static tracking), or when it wrote what the server has read last (dynamic tracking, which
 * is the default). A reference to the token is kept; the server's copy is made when it asks.
 */
#include "npfsp.h"

/* The calling thread's token, referenced. STATUS_BAD_IMPERSONATION_LEVEL: it may not hand on so
 * much. */
static NTSTATUS NpCurrentContext(const SECURITY_QUALITY_OF_SERVICE *Quality, PTOKEN *Token)
{
    PETHREAD Thread = PsGetCurrentThread();
    PTOKEN Impersonated = Thread->ImpersonationToken;

    *Token = Impersonated ? Impersonated : Thread->Process->Token;
    if (Impersonated && Quality->ImpersonationLevel > Impersonated->Level)
        return STATUS_BAD_IMPERSONATION_LEVEL;
    ObReferenceObject(*Token);
    return STATUS_SUCCESS;
}

NTSTATUS NpCaptureContext(PNP_END End, PNP_ENTRY Entry)
{
    const SECURITY_QUALITY_OF_SERVICE *Quality = &End->Instance->Quality;

    if (End->Side != FILE_PIPE_CLIENT_END ||
        Quality->ContextTrackingMode != SECURITY_DYNAMIC_TRACKING)
        return STATUS_SUCCESS;
    return NpCurrentContext(Quality, &Entry->Token);
}

NTSTATUS NpCaptureClient(PNP_INSTANCE Instance, const SECURITY_QUALITY_OF_SERVICE *Quality)
{
    static const SECURITY_QUALITY_OF_SERVICE Default = {sizeof(Default), SecurityImpersonation,
                                                        SECURITY_DYNAMIC_TRACKING, TRUE};
    PTOKEN Token = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    if (!Quality->Length)
        Quality = &Default;
    if (Quality->ContextTrackingMode == SECURITY_STATIC_TRACKING)
        Status = NpCurrentContext(Quality, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    NpSetClient(Instance, Token);
    Instance->Quality = *Quality;
    return STATUS_SUCCESS;
}

void NpSetClient(PNP_INSTANCE Instance, PTOKEN Token)
{
    PTOKEN Old = Instance->Client;

    Instance->Client = Token;
    if (Old)
        ObDereferenceObject(Old);
}

void NpAdoptContext(PNP_INSTANCE Instance, PNP_ENTRY Entry)
{
    if (!Entry->Token || Entry->Token == Instance->Client)
        return;
    ObReferenceObject(Entry->Token);
    NpSetClient(Instance, Entry->Token);
}

NTSTATUS NpImpersonate(PNP_END End)
{
    PNP_INSTANCE Instance = End->Instance;
    PTOKEN Token;
    NTSTATUS Status;

    if (End->Side != FILE_PIPE_SERVER_END)
        return STATUS_ILLEGAL_FUNCTION;
    if (!Instance->Client || Instance->NoImpersonation)
        return STATUS_CANNOT_IMPERSONATE;
    Status = SeCreateTokenForServer(Instance->Client, &Instance->Quality, &Token);
    if (!NT_SUCCESS(Status))
        return Status;
    Status = SeImpersonate(PsGetCurrentThread(), Token);
    ObDereferenceObject(Token);
    return Status;
}
