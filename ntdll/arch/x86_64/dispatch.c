// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finding a handler on AMD64: frame by frame from where the exception was, by the unwind data of
 * the functions. Windows knows no other frames there; but DLLs built by mingw push frames on
 * TEB.ExceptionList as on i386, so each such frame is asked after the function whose stack it is
 * on.
 */
#include "sehp.h"

typedef struct _SEARCH {
    PEXCEPTION_RECORD Record;
    PCONTEXT Original;
    CONTEXT Context; /* of the frame that is looked at; then of its caller */
    DISPATCHER_CONTEXT Dispatcher;
    ULONG64 NestedFrame; /* up to here handlers are called anew because one of them has raised */
    PEXCEPTION_REGISTRATION_RECORD Chain;
} SEARCH, *PSEARCH;

typedef enum _ANSWER { Continue, Search, Collided } ANSWER;

/* What a handler returned. */
static ANSWER Judge(PSEARCH State, EXCEPTION_DISPOSITION Disposition)
{
    PEXCEPTION_RECORD Record = State->Record;

    switch (Disposition) {
    case ExceptionContinueExecution:
        if (Record->ExceptionFlags & EXCEPTION_NONCONTINUABLE)
            SehpRaiseNested(STATUS_NONCONTINUABLE_EXCEPTION, Record);
        return Continue;
    case ExceptionContinueSearch:
        return Search;
    case ExceptionNestedException:
        Record->ExceptionFlags |= EXCEPTION_NESTED_CALL;
        if (State->Dispatcher.EstablisherFrame > State->NestedFrame)
            State->NestedFrame = State->Dispatcher.EstablisherFrame;
        return Search;
    case ExceptionCollidedUnwind:
        return Collided;
    default:
        SehpRaiseNested(STATUS_INVALID_DISPOSITION, Record);
    }
}

static ANSWER CallHandler(PSEARCH State, PEXCEPTION_ROUTINE Handler, ULONG64 Frame)
{
    EXCEPTION_DISPOSITION Disposition;

    State->Dispatcher.EstablisherFrame = Frame;
    State->Dispatcher.LanguageHandler = Handler;
    State->Dispatcher.ContextRecord = &State->Context;
    Disposition =
        SehpExecuteForException(State->Record, (PVOID)Frame, State->Original, &State->Dispatcher);
    if (State->NestedFrame == Frame) {
        State->NestedFrame = 0;
        State->Record->ExceptionFlags &= ~EXCEPTION_NESTED_CALL;
    }
    return Judge(State, Disposition);
}

/* An exception passes through a handler in the midst of an unwinding: what that has unwound is not
 * asked again. */
static void FollowCollision(PSEARCH State)
{
    PDISPATCHER_CONTEXT Dispatcher = &State->Dispatcher;
    PVOID HandlerData;
    ULONG64 Frame;

    State->Context = *Dispatcher->ContextRecord;
    RtlVirtualUnwind(UNW_FLAG_NHANDLER, Dispatcher->ImageBase, Dispatcher->ControlPc,
                     Dispatcher->FunctionEntry, &State->Context, &HandlerData, &Frame, NULL);
}

static ANSWER CallUntilDone(PSEARCH State, PEXCEPTION_ROUTINE Handler, ULONG64 Frame)
{
    ANSWER Answer;

    while ((Answer = CallHandler(State, Handler, Frame)) == Collided) {
        FollowCollision(State);
        Handler = State->Dispatcher.LanguageHandler;
        Frame = State->Dispatcher.EstablisherFrame;
    }
    return Answer;
}

/* The frames of TEB.ExceptionList below the caller's stack. */
static ANSWER CallChain(PSEARCH State)
{
    ANSWER Answer = Search;

    while (Answer == Search && SehpIsOnStack((ULONG64)State->Chain, sizeof(*State->Chain)) &&
           (ULONG64)State->Chain < State->Context.Rsp) {
        Answer = CallUntilDone(State, State->Chain->Handler, (ULONG64)State->Chain);
        State->Chain = State->Chain->Next;
    }
    return Answer;
}

/* Asks the frame of Context, which becomes that of its caller. */
static ANSWER AskFrame(PSEARCH State)
{
    PDISPATCHER_CONTEXT Dispatcher = &State->Dispatcher;
    PEXCEPTION_ROUTINE Handler;
    ULONG64 Frame;

    Dispatcher->ControlPc = State->Context.Rip;
    Dispatcher->FunctionEntry =
        RtlLookupFunctionEntry(Dispatcher->ControlPc, &Dispatcher->ImageBase, NULL);
    Handler = RtlVirtualUnwind(UNW_FLAG_EHANDLER, Dispatcher->ImageBase, Dispatcher->ControlPc,
                               Dispatcher->FunctionEntry, &State->Context, &Dispatcher->HandlerData,
                               &Frame, NULL);
    Dispatcher->ScopeIndex = 0;
    if (Handler && !SehpIsOnStack(Frame, 0))
        State->Record->ExceptionFlags |= EXCEPTION_STACK_INVALID;
    else if (Handler && CallUntilDone(State, Handler, Frame) == Continue)
        return Continue;
    return CallChain(State);
}

static BOOLEAN SearchFrames(PEXCEPTION_RECORD Record, PCONTEXT Original)
{
    SEARCH State;

    State.Record = Record;
    State.Original = Original;
    State.NestedFrame = 0;
    memcpy(&State.Context, Original, sizeof(State.Context));
    memset(&State.Dispatcher, 0, sizeof(State.Dispatcher));
    State.Chain = NtCurrentTeb()->NtTib.ExceptionList;
    while (State.Context.Rip && SehpIsOnStack(State.Context.Rsp, sizeof(ULONG64))) {
        ULONG64 Rsp = State.Context.Rsp, Rip = State.Context.Rip;

        if (AskFrame(&State) == Continue)
            return TRUE;
        if (State.Context.Rsp == Rsp && State.Context.Rip == Rip)
            break;
    }
    return FALSE;
}

/* TRUE: the thread goes on with what Context has become. */
BOOLEAN NTAPI RtlDispatchException(PEXCEPTION_RECORD ExceptionRecord, PCONTEXT ContextRecord)
{
    if (!SehpCallExceptionHandlers(ExceptionRecord, ContextRecord) &&
        !SearchFrames(ExceptionRecord, ContextRecord))
        return FALSE;
    SehpCallContinueHandlers(ExceptionRecord, ContextRecord);
    return TRUE;
}

/* (Windows: RtlRaiseException) */
void NTAPI RtlRaiseException(PEXCEPTION_RECORD ExceptionRecord)
{
    CONTEXT Context;
    PRUNTIME_FUNCTION Function;
    ULONG64 ImageBase, Frame;
    PVOID HandlerData;

    RtlCaptureContext(&Context);
    Function = RtlLookupFunctionEntry(Context.Rip, &ImageBase, NULL);
    RtlVirtualUnwind(UNW_FLAG_NHANDLER, ImageBase, Context.Rip, Function, &Context, &HandlerData,
                     &Frame, NULL);
    ExceptionRecord->ExceptionAddress = (PVOID)Context.Rip;
    if (NtCurrentPeb()->BeingDebugged)
        RtlRaiseStatus(NtRaiseException(ExceptionRecord, &Context, TRUE));
    SehpRaise(ExceptionRecord, &Context);
}

typedef struct _UNWINDING_FRAME {
    ULONG64 Home[4];
    PDISPATCHER_CONTEXT Dispatcher; /* what SehpExecuteFor… has put there */
} * PUNWINDING_FRAME;

/* The handler of SehpExecuteForException: a handler has raised an exception. */
EXCEPTION_DISPOSITION SehpNestedHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                        PCONTEXT Context, PVOID DispatcherContext)
{
    PDISPATCHER_CONTEXT Dispatcher = DispatcherContext;

    if (Record->ExceptionFlags & EXCEPTION_UNWIND)
        return ExceptionContinueSearch;
    Dispatcher->EstablisherFrame =
        ((PUNWINDING_FRAME)EstablisherFrame)->Dispatcher->EstablisherFrame;
    return ExceptionNestedException;
}

/* The handler of SehpExecuteForUnwind: an exception or an unwinding comes to an unwinding that is
 * not finished, and goes on where that is. */
EXCEPTION_DISPOSITION SehpCollidedHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                          PCONTEXT Context, PVOID DispatcherContext)
{
    PDISPATCHER_CONTEXT Dispatcher = DispatcherContext;
    ULONG64 TargetIp = Dispatcher->TargetIp;

    *Dispatcher = *((PUNWINDING_FRAME)EstablisherFrame)->Dispatcher;
    Dispatcher->TargetIp = TargetIp;
    return ExceptionCollidedUnwind;
}
