// SPDX-License-Identifier: BSD-2-Clause
/* The life of activation contexts. (Win32: CreateActCtx, AddRefActCtx, ReleaseActCtx) */
#include "sxsp.h"

#define CONTEXT_MAGIC 0x74436341 /* "AcCt" */
#define MAXIMUM_EXTRA_BYTES 0x10000

PSXSP_CONTEXT SxspContextOf(HANDLE Context)
{
    PSXSP_CONTEXT Object = Context;

    if (!Context || Context == INVALID_ACTIVATION_CONTEXT || Context == ACTIVATION_CONTEXT_EMPTY ||
        Context == ACTIVATION_CONTEXT_SYSTEM_DEFAULT || Object->Magic != CONTEXT_MAGIC)
        return NULL;
    return Object;
}

NTSTATUS SxspDataOf(HANDLE Context, const ACTIVATION_CONTEXT_DATA **Data)
{
    PSXSP_CONTEXT Object = SxspContextOf(Context);

    *Data = NULL;
    if (!Context)
        *Data = NtCurrentPeb()->ActivationContextData;
    else if (Context == ACTIVATION_CONTEXT_SYSTEM_DEFAULT)
        *Data = NtCurrentPeb()->SystemDefaultActivationContextData;
    else if (Object)
        *Data = Object->Data;
    else if (Context != ACTIVATION_CONTEXT_EMPTY)
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}

static PSXSP_CONTEXT Allocate(PACTIVATION_CONTEXT_DATA Data, SIZE_T ExtraBytes)
{
    PSXSP_CONTEXT Object =
        RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*Object) + ExtraBytes);

    if (!Object)
        return NULL;
    Object->Magic = CONTEXT_MAGIC;
    Object->References = 1;
    Object->Data = Data;
    return Object;
}

NTSTATUS SxspMakeContext(PACTIVATION_CONTEXT_DATA Data, PHANDLE Context)
{
    PSXSP_CONTEXT Object = Allocate(Data, 0);

    if (!Object)
        return STATUS_NO_MEMORY;
    Object->OwnsData = TRUE;
    *Context = Object;
    return STATUS_SUCCESS;
}

/* Windows' form: the data are the caller's, and stay until it hears that the context ends. */
NTSTATUS NTAPI SxspCreateFromData(ULONG Flags, PACTIVATION_CONTEXT_DATA Data, ULONG ExtraBytes,
                                  PACTIVATION_CONTEXT_NOTIFY_ROUTINE NotificationRoutine,
                                  PVOID NotificationContext, PHANDLE Context)
{
    PSXSP_CONTEXT Object;

    if (Context)
        *Context = NULL;
    if (Flags)
        return STATUS_INVALID_PARAMETER_1;
    if (!Data)
        return STATUS_INVALID_PARAMETER_2;
    if (ExtraBytes > MAXIMUM_EXTRA_BYTES)
        return STATUS_INVALID_PARAMETER_3;
    if (!Context)
        return STATUS_INVALID_PARAMETER_6;
    if (!SxspIsData(Data))
        return STATUS_SXS_INVALID_ACTCTXDATA_FORMAT;
    Object = Allocate(Data, ExtraBytes);
    if (!Object)
        return STATUS_NO_MEMORY;
    Object->Routine = NotificationRoutine;
    Object->RoutineContext = NotificationContext;
    *Context = Object;
    return STATUS_SUCCESS;
}

/* Wine's form: what CreateActCtx takes. */
NTSTATUS NTAPI SxspCreateFromStructure(PHANDLE Context, const ACTCTXW *Source)
{
    *Context = INVALID_ACTIVATION_CONTEXT;
    return SxspCreateFromSource(Source, Context);
}

void NTAPI RtlAddRefActivationContext(HANDLE Context)
{
    PSXSP_CONTEXT Object = SxspContextOf(Context);

    if (Object)
        __atomic_add_fetch(&Object->References, 1, __ATOMIC_RELAXED);
}

static void Notify(PSXSP_CONTEXT Object, ULONG Type)
{
    BOOLEAN Disable = FALSE;

    if (Object->Routine)
        Object->Routine(Type, Object, Object->Data, Object->RoutineContext, NULL, &Disable);
}

void NTAPI RtlReleaseActivationContext(HANDLE Context)
{
    PSXSP_CONTEXT Object = SxspContextOf(Context);

    if (!Object || Object->ProcessDefault ||
        __atomic_sub_fetch(&Object->References, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    Notify(Object, ACTIVATION_CONTEXT_NOTIFICATION_DESTROY);
    Object->Magic = 0;
    if (Object->OwnsData)
        RtlFreeHeap(RtlProcessHeap(), 0, Object->Data);
    RtlFreeHeap(RtlProcessHeap(), 0, Object);
}

/* Whoever made it is told, once. */
NTSTATUS NTAPI RtlZombifyActivationContext(HANDLE Context)
{
    PSXSP_CONTEXT Object = SxspContextOf(Context);

    if (!Object)
        return STATUS_INVALID_PARAMETER;
    if (!__atomic_exchange_n(&Object->Zombie, TRUE, __ATOMIC_ACQ_REL))
        Notify(Object, ACTIVATION_CONTEXT_NOTIFICATION_ZOMBIFY);
    return STATUS_SUCCESS;
}
