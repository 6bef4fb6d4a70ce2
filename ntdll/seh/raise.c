// SPDX-License-Identifier: BSD-2-Clause
/* Raising exceptions, and what becomes of those that nobody handles. */
#include "sehp.h"

static PTOP_LEVEL_EXCEPTION_FILTER TopLevelFilter;

/* Goes on where a handler wants to, else gives the exception to the Executive for the second
 * time. */
void NTAPI SehpRaise(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    NTSTATUS Status;

    if (RtlDispatchException(Record, Context))
        RtlRestoreContext(Context, NULL);
    Status = NtRaiseException(Record, Context, FALSE);
    RtlRaiseStatus(Status);
}

/* The exceptions of the processor, from the Executive. */
void NTAPI SehpDispatchUserException(PEXCEPTION_RECORD Record, PCONTEXT Context)
{
    SehpRefine(Record, Context);
    SehpRaise(Record, Context);
}

void SehpRaiseNested(NTSTATUS Status, PEXCEPTION_RECORD Record)
{
    EXCEPTION_RECORD Nested = {.ExceptionCode = Status,
                               .ExceptionFlags = EXCEPTION_NONCONTINUABLE,
                               .ExceptionRecord = Record};

    RtlRaiseException(&Nested);
    __builtin_trap();
}

/* Raises Status as a noncontinuable exception. */
DECLSPEC_NORETURN void NTAPI RtlRaiseStatus(NTSTATUS Status)
{
    SehpRaiseNested(Status, NULL);
}

/* The filter of last resort, for all threads.  (Win32: SetUnhandledExceptionFilter) */
void NTAPI RtlSetUnhandledExceptionFilter(PTOP_LEVEL_EXCEPTION_FILTER Filter)
{
    __atomic_store_n(&TopLevelFilter, Filter, __ATOMIC_RELEASE);
}

LONG NTAPI RtlUnhandledExceptionFilter(PEXCEPTION_POINTERS ExceptionPointers)
{
    PTOP_LEVEL_EXCEPTION_FILTER Filter = __atomic_load_n(&TopLevelFilter, __ATOMIC_ACQUIRE);

    return Filter ? Filter(ExceptionPointers) : EXCEPTION_CONTINUE_SEARCH;
}

/* The handler of RtlUserThreadStart, under all frames of a thread. There is nothing to unwind to:
 * a filter that wants its handler executed ends the process. */
EXCEPTION_DISPOSITION CDECL SehpThreadHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                              PCONTEXT Context, PVOID DispatcherContext)
{
    EXCEPTION_POINTERS Pointers = {Record, Context};
    LONG Answer;

    if (Record->ExceptionFlags & EXCEPTION_UNWIND)
        return ExceptionContinueSearch;
    Answer = RtlUnhandledExceptionFilter(&Pointers);
    if (Answer == EXCEPTION_CONTINUE_EXECUTION)
        return ExceptionContinueExecution;
    if (Answer == EXCEPTION_EXECUTE_HANDLER)
        NtTerminateProcess(NtCurrentProcess(), Record->ExceptionCode);
    return ExceptionContinueSearch;
}

#define BREAKPOINT_LENGTH 1
#if defined(__x86_64__)
#define PROGRAM_COUNTER(context) ((context)->Rip)
#define SEHP_LEAVE_PLACE 4
#else
#define PROGRAM_COUNTER(context) ((context)->Eip)
#define SEHP_LEAVE_PLACE 2
#endif

EXCEPTION_DISPOSITION CDECL SehpBreakHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                             PCONTEXT Context, PVOID DispatcherContext)
{
    UNREFERENCED_PARAMETER(EstablisherFrame);
    UNREFERENCED_PARAMETER(DispatcherContext);
    if ((Record->ExceptionFlags & EXCEPTION_UNWIND) || Record->ExceptionCode != STATUS_BREAKPOINT)
        return ExceptionContinueSearch;
    PROGRAM_COUNTER(Context) += BREAKPOINT_LENGTH;
    return ExceptionContinueExecution;
}

/* An exception that comes in a handler or a debugger's stead is not of the frame's. */
EXCEPTION_DISPOSITION CDECL SehpSafeHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                            PCONTEXT Context, PVOID DispatcherContext)
{
    UNREFERENCED_PARAMETER(EstablisherFrame);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(DispatcherContext);
    return Record->ExceptionCode == DBG_PRINTEXCEPTION_C &&
                   !(Record->ExceptionFlags & EXCEPTION_UNWIND)
               ? ExceptionContinueExecution
               : ExceptionContinueSearch;
}

/* What a frame of SehpCallThenLeave holds. */
typedef struct _LEAVING {
    PVOID Place[SEHP_LEAVE_PLACE]; /* the frame itself, or the home area */
    PVOID Argument;
    void(CDECL *Leave)(PVOID Argument);
} LEAVING, *PLEAVING;

EXCEPTION_DISPOSITION CDECL SehpLeaveHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                             PCONTEXT Context, PVOID DispatcherContext)
{
    PLEAVING Leaving = EstablisherFrame;

    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(DispatcherContext);
    if (Record->ExceptionFlags & EXCEPTION_UNWIND)
        Leaving->Leave(Leaving->Argument);
    return ExceptionContinueSearch;
}

/* Raises TEB.ExceptionCode, which the system has left there, in the service's caller (from
 * KiUserRaiseDispatcher). Who handles it gets it as the service's status. */
NTSTATUS NTAPI KiRaiseUserExceptionDispatcher(void)
{
    NTSTATUS Status = NtCurrentTeb()->ExceptionCode;
    EXCEPTION_RECORD Record = {.ExceptionCode = Status};

    RtlRaiseException(&Record);
    return Status;
}
