// SPDX-License-Identifier: BSD-2-Clause
/* The life of activation contexts, and each thread's stack of those that are active. (Win32:
 * ActivateActCtx) */
#include "rtlp.h"

#define CONTEXT_MAGIC 0x74436341 /* "AcCt" */

typedef struct _CONTEXT_OBJECT {
    ULONG Magic;
    LONG References;
} CONTEXT_OBJECT, *PCONTEXT_OBJECT;

/* Its address is the cookie. */
typedef struct _FRAME {
    struct _FRAME *Previous;
    PCONTEXT_OBJECT Context; /* NULL: none is active, whatever is below */
} FRAME, *PFRAME;

static PCONTEXT_OBJECT ObjectOf(HANDLE Context)
{
    PCONTEXT_OBJECT Object = Context;

    if (!Context || Context == (HANDLE)(LONG_PTR)-1 || Object->Magic != CONTEXT_MAGIC)
        return NULL;
    return Object;
}

NTSTATUS NTAPI RtlCreateActivationContext(PHANDLE Context, const ACTCTXW *Source)
{
    PCONTEXT_OBJECT Object;

    *Context = (HANDLE)(LONG_PTR)-1;
    if (!Source || Source->cbSize < sizeof(*Source) || (Source->dwFlags & ~ACTCTX_FLAG_VALID))
        return STATUS_INVALID_PARAMETER;
    Object = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Object));
    if (!Object)
        return STATUS_NO_MEMORY;
    *Object = (CONTEXT_OBJECT){CONTEXT_MAGIC, 1};
    *Context = Object;
    return STATUS_SUCCESS;
}

void NTAPI RtlAddRefActivationContext(HANDLE Context)
{
    PCONTEXT_OBJECT Object = ObjectOf(Context);

    if (Object)
        __atomic_add_fetch(&Object->References, 1, __ATOMIC_RELAXED);
}

void NTAPI RtlReleaseActivationContext(HANDLE Context)
{
    PCONTEXT_OBJECT Object = ObjectOf(Context);

    if (!Object || __atomic_sub_fetch(&Object->References, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    Object->Magic = 0;
    RtlFreeHeap(RtlProcessHeap(), 0, Object);
}

/* Whoever uses it afterwards would be told; nobody looks, so there is nothing to do. */
NTSTATUS NTAPI RtlZombifyActivationContext(HANDLE Context)
{
    return ObjectOf(Context) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* The thread's stack, which is in its TEB. */
static PACTIVATION_CONTEXT_STACK Stack(void)
{
    PTEB Teb = NtCurrentTeb();

    if (!Teb->ActivationContextStackPointer)
        Teb->ActivationContextStackPointer = &Teb->ActivationStack;
    return Teb->ActivationContextStackPointer;
}

static void Pop(void)
{
    PFRAME Frame = Stack()->ActiveFrame;

    Stack()->ActiveFrame = Frame->Previous;
    RtlReleaseActivationContext(Frame->Context);
    RtlFreeHeap(RtlProcessHeap(), 0, Frame);
}

NTSTATUS NTAPI RtlActivateActivationContext(ULONG Flags, HANDLE Context, PULONG_PTR Cookie)
{
    PFRAME Frame;

    if (Flags || (Context && !ObjectOf(Context)))
        return STATUS_INVALID_PARAMETER;
    Frame = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Frame));
    if (!Frame)
        return STATUS_NO_MEMORY;
    *Frame = (FRAME){Stack()->ActiveFrame, Context};
    RtlAddRefActivationContext(Context);
    Stack()->ActiveFrame = Frame;
    *Cookie = (ULONG_PTR)Frame;
    return STATUS_SUCCESS;
}

/* Frames above one go with it, if that is meant. */
NTSTATUS NTAPI RtlDeactivateActivationContext(ULONG Flags, ULONG_PTR Cookie)
{
    PFRAME Wanted = Stack()->ActiveFrame;

    while (Wanted && (ULONG_PTR)Wanted != Cookie)
        Wanted = Wanted->Previous;
    if (!Wanted)
        return STATUS_SXS_INVALID_DEACTIVATION;
    if (Wanted != Stack()->ActiveFrame && !(Flags & RTL_DEACTIVATE_FORCE_EARLY))
        return STATUS_SXS_EARLY_DEACTIVATION;
    while (Stack()->ActiveFrame != Wanted)
        Pop();
    Pop();
    return STATUS_SUCCESS;
}

void RtlpFreeThreadActivations(void)
{
    while (Stack()->ActiveFrame)
        Pop();
}

static HANDLE ActiveContext(void)
{
    PFRAME Frame = Stack()->ActiveFrame;

    return Frame ? Frame->Context : NULL;
}

NTSTATUS NTAPI RtlGetActiveActivationContext(PHANDLE Context)
{
    *Context = ActiveContext();
    RtlAddRefActivationContext(*Context);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlFindActivationContextSectionString(ULONG Flags, const GUID *Extension,
                                                     ULONG SectionId, PCUNICODE_STRING Name,
                                                     PULONG Data)
{
    if (Extension || !Name || !Name->Buffer || (Data && *Data < sizeof(ULONG)))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SXS_KEY_NOT_FOUND;
}

NTSTATUS NTAPI RtlFindActivationContextSectionGuid(ULONG Flags, const GUID *Extension,
                                                   ULONG SectionId, const GUID *Guid, PULONG Data)
{
    if (Extension || !Guid || (Data && *Data < sizeof(ULONG)))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SXS_KEY_NOT_FOUND;
}

/* Fixed: what the information has; the rest of what a caller asks about is zeros. */
static NTSTATUS Return(PVOID Information, SIZE_T Length, PSIZE_T ReturnLength, const void *Fixed,
                       SIZE_T Size)
{
    if (ReturnLength)
        *ReturnLength = Size;
    if (!Information || Length < Size)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(Information, Fixed, Size);
    return STATUS_SUCCESS;
}

/* A context that is asked for is the caller's to release, unless he says otherwise. */
static NTSTATUS QueryBasic(ULONG Flags, HANDLE Context, PVOID Information, SIZE_T Length,
                           PSIZE_T ReturnLength)
{
    ACTIVATION_CONTEXT_BASIC_INFORMATION Basic = {Context, 0};
    NTSTATUS Status = Return(Information, Length, ReturnLength, &Basic, sizeof(Basic));

    if (NT_SUCCESS(Status) && !(Flags & QUERY_ACTCTX_FLAG_NO_ADDREF))
        RtlAddRefActivationContext(Context);
    return Status;
}

NTSTATUS NTAPI RtlQueryInformationActivationContext(ULONG Flags, HANDLE Context, PVOID SubInstance,
                                                    ACTIVATION_CONTEXT_INFO_CLASS Class,
                                                    PVOID Information, SIZE_T Length,
                                                    PSIZE_T ReturnLength)
{
    static const ACTIVATION_CONTEXT_DETAILED_INFORMATION Detailed = {.ulFormatVersion = 1};
    static const ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION RunLevel;
    static const ULONG NoElements;

    if (Flags & (QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE | QUERY_ACTCTX_FLAG_ACTCTX_IS_ADDRESS))
        Context = NULL; /* modules have none */
    else if (Flags & QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX)
        Context = ActiveContext();
    if (Context && !ObjectOf(Context))
        return STATUS_INVALID_PARAMETER;
    switch (Class) {
    case ActivationContextBasicInformation:
        return QueryBasic(Flags, Context, Information, Length, ReturnLength);
    case ActivationContextDetailedInformation:
        return Return(Information, Length, ReturnLength, &Detailed, sizeof(Detailed));
    case RunlevelInformationInActivationContext:
        return Return(Information, Length, ReturnLength, &RunLevel, sizeof(RunLevel));
    case CompatibilityInformationInActivationContext:
        return Return(Information, Length, ReturnLength, &NoElements, sizeof(NoElements));
    default: /* assemblies and files, by numbers of which there is none */
        return STATUS_INVALID_PARAMETER;
    }
}

NTSTATUS NTAPI RtlQueryActivationContextApplicationSettings(ULONG Flags, HANDLE Context,
                                                            PCWSTR Namespace, PCWSTR Name,
                                                            PWSTR Buffer, SIZE_T Length,
                                                            PSIZE_T Written)
{
    if (Flags || !Name || (Context && !ObjectOf(Context)))
        return STATUS_INVALID_PARAMETER;
    if (Written)
        *Written = 0;
    return STATUS_SXS_KEY_NOT_FOUND;
}
