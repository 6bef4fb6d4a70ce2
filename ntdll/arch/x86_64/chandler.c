// SPDX-License-Identifier: BSD-2-Clause
/*
 * __C_specific_handler: the handler of functions with __try. Its data is a table of their scopes,
 * inner ones first. (Microsoft: x64 exception handling, language-specific handler)
 */
#include "sehp.h"

#define EXECUTE_HANDLER 1 /* in place of a filter's address */

typedef LONG (*PFILTER)(PEXCEPTION_POINTERS Pointers, PVOID EstablisherFrame);
typedef void (*PTERMINATION)(BOOLEAN Abnormal, PVOID EstablisherFrame);

static LONG Filter(PEXCEPTION_RECORD Record, PVOID Frame, PCONTEXT Context, ULONG64 ImageBase,
                   ULONG Address)
{
    EXCEPTION_POINTERS Pointers = {Record, Context};

    if (Address == EXECUTE_HANDLER)
        return EXCEPTION_EXECUTE_HANDLER;
    return ((PFILTER)(ImageBase + Address))(&Pointers, Frame);
}

static EXCEPTION_DISPOSITION AskFilters(PEXCEPTION_RECORD Record, PVOID Frame, PCONTEXT Context,
                                        PDISPATCHER_CONTEXT Dispatcher)
{
    PSCOPE_TABLE Scopes = Dispatcher->HandlerData;
    ULONG Pc = (ULONG)(Dispatcher->ControlPc - Dispatcher->ImageBase);

    for (ULONG i = Dispatcher->ScopeIndex; i < Scopes->Count; i++) {
        LONG Answer;

        if (Pc < Scopes->ScopeRecord[i].BeginAddress || Pc >= Scopes->ScopeRecord[i].EndAddress ||
            !Scopes->ScopeRecord[i].JumpTarget)
            continue;
        Answer = Filter(Record, Frame, Context, Dispatcher->ImageBase,
                        Scopes->ScopeRecord[i].HandlerAddress);
        if (Answer < 0)
            return ExceptionContinueExecution;
        if (Answer > 0)
            RtlUnwindEx(Frame, (PVOID)(Dispatcher->ImageBase + Scopes->ScopeRecord[i].JumpTarget),
                        Record, (PVOID)(ULONG64)(ULONG)Record->ExceptionCode,
                        Dispatcher->ContextRecord, Dispatcher->HistoryTable);
    }
    return ExceptionContinueSearch;
}

/* The target of the unwinding lies in a scope that is not left, or is the scope's own __except
 * block. */
static BOOLEAN IsTargetScope(PSCOPE_TABLE Scopes, ULONG i, ULONG Target)
{
    return (Target >= Scopes->ScopeRecord[i].BeginAddress &&
            Target < Scopes->ScopeRecord[i].EndAddress) ||
           Target == Scopes->ScopeRecord[i].JumpTarget;
}

static EXCEPTION_DISPOSITION CallTerminations(PEXCEPTION_RECORD Record, PVOID Frame,
                                              PDISPATCHER_CONTEXT Dispatcher)
{
    PSCOPE_TABLE Scopes = Dispatcher->HandlerData;
    ULONG Pc = (ULONG)(Dispatcher->ControlPc - Dispatcher->ImageBase),
          Target = (ULONG)(Dispatcher->TargetIp - Dispatcher->ImageBase);

    for (ULONG i = Dispatcher->ScopeIndex; i < Scopes->Count; i++) {
        if (Pc < Scopes->ScopeRecord[i].BeginAddress || Pc >= Scopes->ScopeRecord[i].EndAddress)
            continue;
        if ((Record->ExceptionFlags & EXCEPTION_TARGET_UNWIND) && IsTargetScope(Scopes, i, Target))
            break;
        if (Scopes->ScopeRecord[i].JumpTarget)
            continue;
        Dispatcher->ScopeIndex = i + 1; /* not again, if the block raises or leaves */
        ((PTERMINATION)(Dispatcher->ImageBase + Scopes->ScopeRecord[i].HandlerAddress))(TRUE,
                                                                                        Frame);
    }
    return ExceptionContinueSearch;
}

EXCEPTION_DISPOSITION __C_specific_handler(PEXCEPTION_RECORD ExceptionRecord,
                                           PVOID EstablisherFrame, PCONTEXT ContextRecord,
                                           PVOID DispatcherContext)
{
    return ExceptionRecord->ExceptionFlags & EXCEPTION_UNWIND
               ? CallTerminations(ExceptionRecord, EstablisherFrame, DispatcherContext)
               : AskFilters(ExceptionRecord, EstablisherFrame, ContextRecord, DispatcherContext);
}

/* Leaves scopes by a goto: their __finally blocks are called. */
void _local_unwind(PVOID Frame, PVOID TargetIp)
{
    RtlUnwind(Frame, TargetIp, NULL, NULL);
}
