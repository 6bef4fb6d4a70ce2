// SPDX-License-Identifier: BSD-2-Clause
/*
 * Finding a handler on i386: frames that functions have pushed on TEB.ExceptionList, each at a
 * higher address than the one before. A program that has been attacked must not be led to run what
 * lies on its stack: a frame that cannot be right ends the search.
 */
#include "sehp.h"

static PEXCEPTION_REGISTRATION_RECORD FirstFrame(void)
{
    return NtCurrentTeb()->NtTib.ExceptionList;
}

static BOOLEAN IsSound(PEXCEPTION_REGISTRATION_RECORD Frame)
{
    return SehpIsOnStack((ULONG_PTR)Frame, sizeof(*Frame)) && SehpIsValidHandler(Frame->Handler);
}

/* The handler wants to go on. */
static BOOLEAN MayContinue(PEXCEPTION_RECORD Record)
{
    if (Record->ExceptionFlags & EXCEPTION_NONCONTINUABLE)
        SehpRaiseNested(STATUS_NONCONTINUABLE_EXCEPTION, Record);
    return TRUE;
}

static BOOLEAN SearchFrames(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    PEXCEPTION_REGISTRATION_RECORD Frame, NestedFrame = NULL, Nested = NULL;

    for (Frame = FirstFrame(); Frame != EXCEPTION_CHAIN_END; Frame = Frame->Next) {
        EXCEPTION_DISPOSITION Disposition;

        if (!IsSound(Frame)) {
            Record->ExceptionFlags |= EXCEPTION_STACK_INVALID;
            return FALSE;
        }
        Disposition = SehpExecuteForException(Record, Frame, Context, &Nested);
        if (Frame == NestedFrame) { /* from here on the frames are new to this exception */
            Record->ExceptionFlags &= ~EXCEPTION_NESTED_CALL;
            NestedFrame = NULL;
        }
        if (Disposition == ExceptionContinueExecution)
            return MayContinue(Record);
        if (Disposition == ExceptionNestedException) {
            Record->ExceptionFlags |= EXCEPTION_NESTED_CALL;
            NestedFrame = Nested > NestedFrame ? Nested : NestedFrame;
        } else if (Disposition != ExceptionContinueSearch) {
            SehpRaiseNested(STATUS_INVALID_DISPOSITION, Record);
        }
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

/* RtlRaiseException, with the context of its caller. */
void NTAPI SehpRaiseFrom(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    Record->ExceptionAddress = (PVOID)Context->Eip;
    if (NtCurrentPeb()->BeingDebugged)
        RtlRaiseStatus(NtRaiseException(Record, Context, TRUE));
    SehpRaise(Record, Context);
}

/* A frame of SehpExecuteFor… */
typedef struct _CALL_FRAME {
    EXCEPTION_REGISTRATION_RECORD Registration;
    PEXCEPTION_REGISTRATION_RECORD Called; /* whose handler is being called */
} CALL_FRAME, *PCALL_FRAME;

/* A handler has raised an exception. */
EXCEPTION_DISPOSITION CDECL SehpNestedHandler(PEXCEPTION_RECORD Record, PVOID Frame,
                                              PCONTEXT Context, PVOID Dispatcher)
{
    if (Record->ExceptionFlags & EXCEPTION_UNWIND)
        return ExceptionContinueSearch;
    *(PEXCEPTION_REGISTRATION_RECORD *)Dispatcher = ((PCALL_FRAME)Frame)->Called;
    return ExceptionNestedException;
}

/* An unwinding comes to one that is not finished. */
EXCEPTION_DISPOSITION CDECL SehpCollidedHandler(PEXCEPTION_RECORD Record, PVOID Frame,
                                                PCONTEXT Context, PVOID Dispatcher)
{
    if (!(Record->ExceptionFlags & EXCEPTION_UNWIND))
        return ExceptionContinueSearch;
    *(PEXCEPTION_REGISTRATION_RECORD *)Dispatcher = ((PCALL_FRAME)Frame)->Called;
    return ExceptionCollidedUnwind;
}
