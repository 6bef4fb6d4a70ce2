// SPDX-License-Identifier: BSD-2-Clause
/* Each thread's stack of the activation contexts that are active. (Win32: ActivateActCtx) */
#include "rtlp.h"
#include "sxsp.h"

/* TEB.ActivationContextStackPointer->ActiveFrame; its address is the cookie. */
typedef struct _FRAME {
    struct _FRAME *Previous;
    HANDLE Context; /* NULL: the process's, whatever is below */
    ULONG Flags;
} FRAME, *PFRAME;

static PACTIVATION_CONTEXT_STACK StackOf(PTEB Teb)
{
    if (!Teb->ActivationContextStackPointer)
        Teb->ActivationContextStackPointer = &Teb->ActivationStack;
    return Teb->ActivationContextStackPointer;
}

static void Pop(PACTIVATION_CONTEXT_STACK Stack)
{
    PFRAME Frame = Stack->ActiveFrame;

    Stack->ActiveFrame = Frame->Previous;
    RtlReleaseActivationContext(Frame->Context);
    RtlFreeHeap(RtlProcessHeap(), 0, Frame);
}

NTSTATUS NTAPI RtlActivateActivationContextEx(ULONG Flags, PTEB Teb, HANDLE Context,
                                              PULONG_PTR Cookie)
{
    const ACTIVATION_CONTEXT_DATA *Data;
    PFRAME Frame;

    if (Flags || !Cookie || !NT_SUCCESS(SxspDataOf(Context, &Data)))
        return STATUS_INVALID_PARAMETER;
    Frame = RtlAllocateHeap(RtlProcessHeap(), 0, sizeof(*Frame));
    if (!Frame)
        return STATUS_NO_MEMORY;
    *Frame = (FRAME){StackOf(Teb)->ActiveFrame, Context, 0};
    RtlAddRefActivationContext(Context);
    StackOf(Teb)->ActiveFrame = Frame;
    *Cookie = (ULONG_PTR)Frame;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlActivateActivationContext(ULONG Flags, HANDLE Context, PULONG_PTR Cookie)
{
    return RtlActivateActivationContextEx(Flags, NtCurrentTeb(), Context, Cookie);
}

/* Frames above one go with it, if that is meant. */
NTSTATUS NTAPI RtlDeactivateActivationContext(ULONG Flags, ULONG_PTR Cookie)
{
    PACTIVATION_CONTEXT_STACK Stack = StackOf(NtCurrentTeb());
    PFRAME Wanted = Stack->ActiveFrame;

    if (Flags & ~RTL_DEACTIVATE_FORCE_EARLY)
        return STATUS_INVALID_PARAMETER;
    while (Wanted && (ULONG_PTR)Wanted != Cookie)
        Wanted = Wanted->Previous;
    if (!Wanted)
        return STATUS_SXS_INVALID_DEACTIVATION;
    if (Wanted != Stack->ActiveFrame && !(Flags & RTL_DEACTIVATE_FORCE_EARLY))
        return STATUS_SXS_EARLY_DEACTIVATION;
    while (Stack->ActiveFrame != Wanted)
        Pop(Stack);
    Pop(Stack);
    return STATUS_SUCCESS;
}

static void FreeFrames(PACTIVATION_CONTEXT_STACK Stack)
{
    while (Stack->ActiveFrame)
        Pop(Stack);
}

void NTAPI RtlFreeThreadActivationContextStack(void)
{
    PTEB Teb = NtCurrentTeb();

    if (!Teb->ActivationContextStackPointer)
        return;
    FreeFrames(Teb->ActivationContextStackPointer);
    if (Teb->ActivationContextStackPointer != &Teb->ActivationStack)
        RtlFreeHeap(RtlProcessHeap(), 0, Teb->ActivationContextStackPointer);
    Teb->ActivationContextStackPointer = NULL;
}

NTSTATUS NTAPI RtlAllocateActivationContextStack(PACTIVATION_CONTEXT_STACK *Stack)
{
    if (*Stack)
        return STATUS_SUCCESS;
    *Stack = RtlAllocateHeap(RtlProcessHeap(), HEAP_ZERO_MEMORY, sizeof(**Stack));
    if (!*Stack)
        return STATUS_NO_MEMORY;
    InitializeListHead(&(*Stack)->FrameListCache);
    return STATUS_SUCCESS;
}

void NTAPI RtlFreeActivationContextStack(PACTIVATION_CONTEXT_STACK Stack)
{
    if (!Stack)
        return;
    FreeFrames(Stack);
    RtlFreeHeap(RtlProcessHeap(), 0, Stack);
}

void RtlpFreeThreadActivations(void)
{
    RtlFreeThreadActivationContextStack();
}

BOOLEAN SxspActiveContext(PHANDLE Context)
{
    PACTIVATION_CONTEXT_STACK Stack = NtCurrentTeb()->ActivationContextStackPointer;
    PFRAME Frame = Stack ? Stack->ActiveFrame : NULL;

    *Context = Frame ? Frame->Context : NULL;
    return Frame != NULL;
}

NTSTATUS NTAPI RtlGetActiveActivationContext(PHANDLE Context)
{
    SxspActiveContext(Context);
    RtlAddRefActivationContext(*Context);
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlIsActivationContextActive(HANDLE Context)
{
    PACTIVATION_CONTEXT_STACK Stack = NtCurrentTeb()->ActivationContextStackPointer;

    for (PFRAME Frame = Stack ? Stack->ActiveFrame : NULL; Frame; Frame = Frame->Previous) {
        if (Frame->Context == Context)
            return TRUE;
    }
    return FALSE;
}

const ACTIVATION_CONTEXT_DATA *SxspLayer(ULONG Index, PHANDLE Context)
{
    const ACTIVATION_CONTEXT_DATA *Data = NULL;

    *Context = NULL;
    if (Index == 0 && (!SxspActiveContext(Context) || !*Context))
        return NULL;
    if (Index == 2)
        *Context = ACTIVATION_CONTEXT_SYSTEM_DEFAULT;
    SxspDataOf(*Context, &Data);
    return Data;
}
