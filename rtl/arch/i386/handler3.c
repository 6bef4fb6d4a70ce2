/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler of functions with __try on i386, as the compiler calls it: the
 * driver runtime has it for drivers; programs bring their own, and those of the tests this one. A
 * frame's try level is the index of the innermost scope that the function is in. (Microsoft:
 * _except_handler3)
 */
#include <nt/nt.h>

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

/* Leaves the scopes of the frame down to Level, from code that goes on in it. */
void CDECL _local_unwind2(PEXCEPTION_REGISTRATION_RECORD Registration, LONG Level)
{
    LeaveScopes(CONTAINING_RECORD(Registration, FRAME, Registration), Level);
}

/* Leaves all frames above this one. */
void CDECL _global_unwind2(PEXCEPTION_REGISTRATION_RECORD Registration)
{
    RtlUnwind(Registration, NULL, NULL, NULL);
}
