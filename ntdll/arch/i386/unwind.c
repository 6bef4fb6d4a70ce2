// SPDX-License-Identifier: BSD-2-Clause
/* RtlUnwind of i386: calls the handlers of all frames below the target's with the news that they
 * are left, and takes them off the list. */
#include "sehp.h"

/* A function that has been left, and those below that another unwinding had begun to leave. */
static void Unlink(PEXCEPTION_REGISTRATION_RECORD Frame)
{
    NtCurrentTeb()->NtTib.ExceptionList = Frame->Next;
}

static void CheckFrame(PEXCEPTION_REGISTRATION_RECORD Frame, PEXCEPTION_REGISTRATION_RECORD Target,
                       PEXCEPTION_RECORD Record)
{
    if (Target && Frame > Target)
        SehpRaiseNested(STATUS_INVALID_UNWIND_TARGET, Record);
    if (!SehpIsOnStack((ULONG_PTR)Frame, sizeof(*Frame)))
        SehpRaiseNested(STATUS_BAD_STACK, Record);
}

static void UnwindTo(PEXCEPTION_REGISTRATION_RECORD Target, PEXCEPTION_RECORD Record,
                     PCONTEXT Context)
{
    PEXCEPTION_REGISTRATION_RECORD Frame, Nested;

    while ((Frame = NtCurrentTeb()->NtTib.ExceptionList) != EXCEPTION_CHAIN_END &&
           Frame != Target) {
        EXCEPTION_DISPOSITION Disposition;

        CheckFrame(Frame, Target, Record);
        Disposition = SehpExecuteForUnwind(Record, Frame, Context, &Nested);
        if (Disposition == ExceptionCollidedUnwind)
            Frame = Nested; /* its handler has been called already */
        else if (Disposition != ExceptionContinueSearch)
            SehpRaiseNested(STATUS_INVALID_DISPOSITION, Record);
        Unlink(Frame);
    }
    if (Target && Target != EXCEPTION_CHAIN_END && Frame != Target)
        NtRaiseException(Record, Context, FALSE);
}

/*
 * RtlUnwind, which on i386 comes back to its caller, with ReturnValue in EAX. Without a target all
 * frames are unwound; without a record it is STATUS_UNWIND.
 */
PVOID NTAPI SehpUnwind(PVOID TargetFrame, PVOID TargetIp, PEXCEPTION_RECORD ExceptionRecord,
                       PVOID ReturnValue)
{
    EXCEPTION_RECORD OwnRecord = {.ExceptionCode = STATUS_UNWIND,
                                  .ExceptionAddress = __builtin_return_address(0)};
    CONTEXT Context;

    if (!ExceptionRecord)
        ExceptionRecord = &OwnRecord;
    ExceptionRecord->ExceptionFlags |=
        EXCEPTION_UNWINDING | (TargetFrame ? 0 : EXCEPTION_EXIT_UNWIND);
    RtlCaptureContext(&Context);
    Context.Esp += 4 * sizeof(ULONG); /* of the arguments */
    Context.Eax = (ULONG_PTR)ReturnValue;
    UnwindTo(TargetFrame, ExceptionRecord, &Context);
    return ReturnValue;
}

/* By the chain of frame pointers. (Win32: CaptureStackBackTrace) */
USHORT NTAPI RtlCaptureStackBackTrace(ULONG FramesToSkip, ULONG FramesToCapture, PVOID *BackTrace,
                                      PULONG BackTraceHash)
{
    struct FRAME {
        struct FRAME *Next;
        PVOID Return;
    } *Frame = __builtin_frame_address(0);
    ULONG Count = 0, Hash = 0;

    for (ULONG i = 0; Count < FramesToCapture && Count < MAXUSHORT; i++) {
        struct FRAME *Next = Frame->Next;

        if (Next <= Frame || !SehpIsOnStack((ULONG_PTR)Next, sizeof(*Next)) || !Next->Return)
            break;
        Frame = Next;
        if (i < FramesToSkip)
            continue;
        BackTrace[Count++] = Frame->Return;
        Hash += (ULONG_PTR)Frame->Return;
    }
    if (BackTraceHash)
        *BackTraceHash = Hash;
    return (USHORT)Count;
}
