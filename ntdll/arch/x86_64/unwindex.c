// SPDX-License-Identifier: BSD-2-Clause
/*
 * RtlUnwindEx: calls the termination handlers of all frames up to the target's and goes on there.
 * Frames on TEB.ExceptionList count too, also as the target (dispatch.c).
 */
#include "sehp.h"

typedef struct _UNWINDING {
    PEXCEPTION_RECORD Record;
    PCONTEXT Context;    /* of the frame that is looked at */
    CONTEXT Caller;      /* of which only what unwinding changes is set */
    ULONG64 TargetFrame; /* 0: all frames */
    DISPATCHER_CONTEXT Dispatcher;
} UNWINDING, *PUNWINDING;

static PEXCEPTION_REGISTRATION_RECORD *Chain(void)
{
    return (PEXCEPTION_REGISTRATION_RECORD *)&NtCurrentTeb()->NtTib.ExceptionList;
}

static EXCEPTION_DISPOSITION CallHandler(PUNWINDING Unwinding, PEXCEPTION_ROUTINE Handler,
                                         ULONG64 Frame)
{
    Unwinding->Dispatcher.EstablisherFrame = Frame;
    Unwinding->Dispatcher.LanguageHandler = Handler;
    Unwinding->Dispatcher.ContextRecord = Unwinding->Context;
    if (Frame == Unwinding->TargetFrame)
        Unwinding->Record->ExceptionFlags |= EXCEPTION_TARGET_UNWIND;
    return SehpExecuteForUnwind(Unwinding->Record, (PVOID)Frame, Unwinding->Context,
                                &Unwinding->Dispatcher);
}

/* Goes on from another unwinding, which has come further. */
static PEXCEPTION_ROUTINE FollowCollision(PUNWINDING Unwinding)
{
    PDISPATCHER_CONTEXT Dispatcher = &Unwinding->Dispatcher;
    PVOID HandlerData;
    ULONG64 Frame;

    memmove(Unwinding->Context, Dispatcher->ContextRecord, sizeof(CONTEXT));
    SehpCopyFrame(&Unwinding->Caller, Unwinding->Context);
    RtlVirtualUnwind(UNW_FLAG_NHANDLER, Dispatcher->ImageBase, Dispatcher->ControlPc,
                     Dispatcher->FunctionEntry, &Unwinding->Caller, &HandlerData, &Frame, NULL);
    Unwinding->Record->ExceptionFlags |= EXCEPTION_COLLIDED_UNWIND;
    return Dispatcher->LanguageHandler;
}

static void CallUntilDone(PUNWINDING Unwinding, PEXCEPTION_ROUTINE Handler, ULONG64 Frame)
{
    PEXCEPTION_RECORD Record = Unwinding->Record;

    for (;;) {
        EXCEPTION_DISPOSITION Disposition = CallHandler(Unwinding, Handler, Frame);

        Record->ExceptionFlags &= ~(EXCEPTION_COLLIDED_UNWIND | EXCEPTION_TARGET_UNWIND);
        if (Disposition == ExceptionContinueSearch)
            return;
        if (Disposition != ExceptionCollidedUnwind)
            SehpRaiseNested(STATUS_INVALID_DISPOSITION, Record);
        Handler = FollowCollision(Unwinding);
        Frame = Unwinding->Dispatcher.EstablisherFrame;
    }
}

/* The frames of TEB.ExceptionList on the stack of the function that is left. TRUE: one of them is
 * the target. */
static BOOLEAN UnwindChain(PUNWINDING Unwinding)
{
    PEXCEPTION_REGISTRATION_RECORD Frame;

    for (Frame = *Chain();
         SehpIsOnStack((ULONG64)Frame, sizeof(*Frame)) && (ULONG64)Frame < Unwinding->Caller.Rsp;
         Frame = *Chain()) {
        if ((ULONG64)Frame == Unwinding->TargetFrame)
            return TRUE;
        CallUntilDone(Unwinding, Frame->Handler, (ULONG64)Frame);
        *Chain() = Frame->Next;
    }
    return FALSE;
}

static void CheckFrame(PUNWINDING Unwinding, ULONG64 Frame)
{
    if (!SehpIsOnStack(Frame, 0))
        SehpRaiseNested(STATUS_BAD_STACK, Unwinding->Record);
    if (Unwinding->TargetFrame && Frame > Unwinding->TargetFrame)
        SehpRaiseNested(STATUS_INVALID_UNWIND_TARGET, Unwinding->Record);
}

/* Most frames are not the target's and have nothing to be called: then the context becomes that of
 * the caller in place. */
static BOOLEAN UnwindPlainFrame(PUNWINDING Unwinding)
{
    PDISPATCHER_CONTEXT Dispatcher = &Unwinding->Dispatcher;
    PRUNTIME_FUNCTION Function = Dispatcher->FunctionEntry;
    ULONG64 Frame;
    PVOID HandlerData;

    if (SehpIsOnStack((ULONG64)*Chain(), 0))
        return FALSE;
    if (Function) {
        Frame = SehpEstablisher(Dispatcher->ImageBase, Dispatcher->ControlPc, Function,
                                Unwinding->Context);
        if (Frame == Unwinding->TargetFrame ||
            !SehpHasNoHandler(Dispatcher->ImageBase, Function, UNW_FLAG_UHANDLER))
            return FALSE;
        CheckFrame(Unwinding, Frame);
    }
    RtlVirtualUnwind(UNW_FLAG_NHANDLER, Dispatcher->ImageBase, Dispatcher->ControlPc, Function,
                     Unwinding->Context, &HandlerData, &Frame, NULL);
    return TRUE;
}

/* TRUE: Context is the target's. */
static BOOLEAN UnwindFrame(PUNWINDING Unwinding)
{
    PDISPATCHER_CONTEXT Dispatcher = &Unwinding->Dispatcher;
    PEXCEPTION_ROUTINE Handler;
    ULONG64 Frame;

    Dispatcher->ControlPc = Unwinding->Context->Rip;
    Dispatcher->FunctionEntry =
        RtlLookupFunctionEntry(Dispatcher->ControlPc, &Dispatcher->ImageBase, NULL);
    if (UnwindPlainFrame(Unwinding))
        return FALSE;
    SehpCopyFrame(&Unwinding->Caller, Unwinding->Context);
    Handler = RtlVirtualUnwind(UNW_FLAG_UHANDLER, Dispatcher->ImageBase, Dispatcher->ControlPc,
                               Dispatcher->FunctionEntry, &Unwinding->Caller,
                               &Dispatcher->HandlerData, &Frame, NULL);
    Dispatcher->ScopeIndex = 0;
    Dispatcher->EstablisherFrame = Frame;
    if (Dispatcher->FunctionEntry)
        CheckFrame(Unwinding, Frame);
    if (Handler)
        CallUntilDone(Unwinding, Handler, Frame);
    if (UnwindChain(Unwinding) || (Unwinding->TargetFrame && Dispatcher->FunctionEntry &&
                                   Dispatcher->EstablisherFrame == Unwinding->TargetFrame))
        return TRUE;
    SehpCopyFrame(Unwinding->Context, &Unwinding->Caller);
    return FALSE;
}

/* All frames have been left: nothing is there to go on with. */
static DECLSPEC_NORETURN void EndOfStack(PUNWINDING Unwinding)
{
    NTSTATUS Status = Unwinding->TargetFrame
                          ? STATUS_INVALID_UNWIND_TARGET
                          : NtRaiseException(Unwinding->Record, Unwinding->Context, FALSE);

    SehpRaiseNested(Status, Unwinding->Record);
}

/*
 * Unwinds to TargetFrame, the establisher frame of a function, and goes on at TargetIp with
 * ReturnValue in RAX. Without a frame all are unwound. Without a record it is STATUS_UNWIND.
 * ContextRecord is memory for a context.  (Windows: RtlUnwindEx)
 */
void RtlUnwindEx(PVOID TargetFrame, PVOID TargetIp, PEXCEPTION_RECORD ExceptionRecord,
                 PVOID ReturnValue, PCONTEXT ContextRecord, PUNWIND_HISTORY_TABLE HistoryTable)
{
    EXCEPTION_RECORD OwnRecord = {.ExceptionCode = STATUS_UNWIND};
    UNWINDING Unwinding;

    RtlCaptureContext(ContextRecord);
    OwnRecord.ExceptionAddress = (PVOID)ContextRecord->Rip;
    Unwinding.Record = ExceptionRecord ? ExceptionRecord : &OwnRecord;
    Unwinding.Record->ExceptionFlags |=
        EXCEPTION_UNWINDING | (TargetFrame ? 0 : EXCEPTION_EXIT_UNWIND);
    Unwinding.Context = ContextRecord;
    Unwinding.TargetFrame = (ULONG64)TargetFrame;
    memset(&Unwinding.Dispatcher, 0, sizeof(Unwinding.Dispatcher));
    Unwinding.Dispatcher.TargetIp = (ULONG64)TargetIp;
    Unwinding.Dispatcher.HistoryTable = HistoryTable;
    do {
        if (!ContextRecord->Rip || !SehpIsOnStack(ContextRecord->Rsp, sizeof(ULONG64)))
            EndOfStack(&Unwinding);
    } while (!UnwindFrame(&Unwinding));
    ContextRecord->Rax = (ULONG64)ReturnValue;
    if (Unwinding.Record->ExceptionCode != STATUS_UNWIND_CONSOLIDATE)
        ContextRecord->Rip = (ULONG64)TargetIp;
    RtlRestoreContext(ContextRecord, Unwinding.Record);
}

void NTAPI RtlUnwind(PVOID TargetFrame, PVOID TargetIp, PEXCEPTION_RECORD ExceptionRecord,
                     PVOID ReturnValue)
{
    CONTEXT Context;

    RtlUnwindEx(TargetFrame, TargetIp, ExceptionRecord, ReturnValue, &Context, NULL);
}

/* The number of return addresses stored, from the caller's caller's on.  (Win32:
 * CaptureStackBackTrace) */
USHORT NTAPI RtlCaptureStackBackTrace(ULONG FramesToSkip, ULONG FramesToCapture, PVOID *BackTrace,
                                      PULONG BackTraceHash)
{
    CONTEXT Context;
    ULONG64 ImageBase, Frame;
    PVOID HandlerData;
    ULONG Count = 0, Hash = 0;

    RtlCaptureContext(&Context);
    for (ULONG i = 0; Count < FramesToCapture && Count < MAXUSHORT; i++) {
        PRUNTIME_FUNCTION Function = RtlLookupFunctionEntry(Context.Rip, &ImageBase, NULL);

        if (!SehpIsOnStack(Context.Rsp, sizeof(ULONG64)))
            break;
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, ImageBase, Context.Rip, Function, &Context,
                         &HandlerData, &Frame, NULL);
        if (!Context.Rip)
            break;
        if (i < FramesToSkip)
            continue;
        BackTrace[Count++] = (PVOID)Context.Rip;
        Hash += (ULONG)Context.Rip;
    }
    if (BackTraceHash)
        *BackTraceHash = Hash;
    return (USHORT)Count;
}
