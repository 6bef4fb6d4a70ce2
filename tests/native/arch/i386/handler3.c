/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler of functions with __try on i386, as the compiler calls it: programs bring their own,
 * and so does this one. A frame's try level is the index of the innermost scope that the function
 * is in. (Microsoft: _except_handler3)
 */
#include <nt/nt.h>
#include "jump.h"

typedef struct _SCOPE {
    LONG Outer;   /* the level around it, or -1 */
    PVOID Filter; /* NULL: Handler is a __finally block */
    PVOID Handler;
} SCOPE;

typedef struct _FRAME {
    PEXCEPTION_POINTERS Pointers; /* for _exception_info */
    EXCEPTION_REGISTRATION_RECORD Registration;
    const SCOPE *Scopes;
    LONG Level;
    ULONG SavedEbp; /* the function's EBP is the address of this */
} FRAME, *PFRAME;

/* handler3.S */
LONG CDECL CallInFrame(PVOID Routine, PVOID Ebp);
void CDECL JumpToFrame(PVOID Routine, PVOID Ebp) __attribute__((noreturn));
void CDECL RestoreJump(PJUMP_BUFFER Buffer, int Value) __attribute__((noreturn)); /* setjmp3.S */

static void LeaveScopes(PFRAME Frame, LONG Level)
{
    while (Frame->Level != Level && Frame->Level >= 0) {
        const SCOPE *Scope = &Frame->Scopes[Frame->Level];

        Frame->Level = Scope->Outer;
        if (!Scope->Filter)
            CallInFrame(Scope->Handler, &Frame->SavedEbp);
    }
}

static EXCEPTION_DISPOSITION AskFilters(PEXCEPTION_RECORD Record, PFRAME Frame, PCONTEXT Context)
{
    EXCEPTION_POINTERS Pointers = {Record, Context};
    LONG Level, Answer;

    Frame->Pointers = &Pointers;
    for (Level = Frame->Level; Level >= 0; Level = Frame->Scopes[Level].Outer) {
        const SCOPE *Scope = &Frame->Scopes[Level];

        if (!Scope->Filter)
            continue;
        Answer = CallInFrame(Scope->Filter, &Frame->SavedEbp);
        if (Answer < 0)
            return ExceptionContinueExecution;
        if (!Answer)
            continue;
        RtlUnwind(&Frame->Registration, NULL, Record, NULL);
        LeaveScopes(Frame, Level);
        Frame->Level = Scope->Outer;
        JumpToFrame(Scope->Handler, &Frame->SavedEbp);
    }
    return ExceptionContinueSearch;
}

EXCEPTION_DISPOSITION CDECL _except_handler3(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                             PCONTEXT Context, PVOID Dispatcher)
{
    PFRAME Frame = CONTAINING_RECORD(EstablisherFrame, FRAME, Registration);

    if (!(Record->ExceptionFlags & EXCEPTION_UNWIND))
        return AskFilters(Record, Frame, Context);
    LeaveScopes(Frame, -1);
    return ExceptionContinueSearch;
}

/* The function that called setjmp leaves the scopes that it has entered since. */
void NTAPI _seh_longjmp_unwind(PJUMP_BUFFER Buffer)
{
    LeaveScopes(CONTAINING_RECORD(Buffer->Registration, FRAME, Registration), Buffer->TryLevel);
}

DECLSPEC_NORETURN void CDECL longjmp(PJUMP_BUFFER Buffer, int Value)
{
    RtlUnwind(Buffer->Registration, NULL, NULL, NULL);
    if (Buffer->UnwindFunc)
        ((void(NTAPI *)(PJUMP_BUFFER))Buffer->UnwindFunc)(Buffer);
    RestoreJump(Buffer, Value ? Value : 1);
}
