/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * __try and __except for compilers that lack them: gcc, and clang for i686; clang for x86_64 has
 * its own, with -fms-extensions. In C only.
 *
 * Not as Microsoft's: the filter is evaluated after the stack is unwound, so
 * EXCEPTION_CONTINUE_EXECUTION searches on as EXCEPTION_CONTINUE_SEARCH does, and what is searched
 * on with is ExRaiseStatus of the same code. "break" and "continue" in the body of __try leave that
 * body only. Variables that the body writes and the handler reads should be volatile.
 * GetExceptionInformation has no context. __finally is not there: a source that needs it is for
 * clang and x86_64.
 */
#pragma once

#if !defined(__cplusplus) && !(defined(__clang__) && defined(_WIN64))

#define SEH_MAGIC ((ULONG_PTR)0x5e4f7a3du)

enum { SehDone, SehEntered, SehArmed, SehCaught };

/* One __try. It lies in the frame of the function that has it; whoever looks for it finds it by
 * Self. */
typedef struct _SEH_FRAME {
#ifdef _X86_
    struct _SEH_FRAME *Next; /* EXCEPTION_REGISTRATION_RECORD */
    PVOID Handler;
#endif
    ULONG_PTR Self; /* its address ^ SEH_MAGIC */
    LONG State;
    LONG Serial; /* of frames of one function the last is the innermost */
    PVOID Jump[5];
    EXCEPTION_RECORD Record;
    EXCEPTION_POINTERS Pointers;
} SEH_FRAME, *PSEH_FRAME;

static __attribute__((unused)) volatile LONG SehSerial;

/* The frame of that state, of the highest number, between two addresses in the stack; NULL: there
 * is none. */
static __attribute__((unused, noinline)) PSEH_FRAME SehFind(ULONG_PTR From, ULONG_PTR To,
                                                            LONG State)
{
    PSEH_FRAME Found = NULL;

    for (From &= ~(sizeof(ULONG_PTR) - 1); From + sizeof(SEH_FRAME) <= To;
         From += sizeof(ULONG_PTR)) {
        PSEH_FRAME Frame = (PSEH_FRAME)From;

        if (*(volatile ULONG_PTR *)&Frame->Self == (From ^ SEH_MAGIC) && Frame->State == State &&
            (!Found || Frame->Serial - Found->Serial > 0))
            Found = Frame;
    }
    return Found;
}

/* Frames that are left for good: those between two addresses that were entered after the one with a
 * number. */
static __attribute__((unused, noinline)) void SehForget(ULONG_PTR From, ULONG_PTR To, LONG Serial)
{
    PSEH_FRAME Frame;

    while ((Frame = SehFind(From, To, SehArmed)) != NULL && Frame->Serial - Serial > 0)
        Frame->State = SehDone;
}

static __attribute__((unused, noinline, noreturn)) void SehCatch(PSEH_FRAME Frame,
                                                                 PEXCEPTION_RECORD Record)
{
    Frame->Record = *Record;
    Frame->Pointers.ExceptionRecord = &Frame->Record;
    Frame->Pointers.ContextRecord = NULL;
    SehForget((ULONG_PTR)__builtin_frame_address(0), (ULONG_PTR)Frame, Frame->Serial);
    Frame->State = SehCaught;
    Frame->Serial = InterlockedIncrement(&SehSerial);
    __builtin_longjmp(Frame->Jump, 1);
}

#define SEH_UNWINDING                                                                              \
    0x66 /* EXCEPTION_UNWINDING, _EXIT_UNWIND, _TARGET_UNWIND, _COLLIDED_UNWIND                    \
          */

#ifdef _X86_

static __attribute__((unused, cdecl)) EXCEPTION_DISPOSITION
SehHandler(PEXCEPTION_RECORD Record, PSEH_FRAME Frame, PVOID Context, PVOID Dispatcher)
{
    (void)Context;
    (void)Dispatcher;
    if (Record->ExceptionFlags & SEH_UNWINDING || Frame->State != SehArmed)
        return ExceptionContinueSearch;
    __asm__ volatile("movl %0, %%fs:0" : : "r"(Frame->Next) : "memory");
    SehCatch(Frame, Record);
}

static __attribute__((unused)) void SehPush(PSEH_FRAME Frame)
{
    Frame->Handler = (PVOID)SehHandler;
    __asm__ volatile("movl %%fs:0, %0" : "=r"(Frame->Next));
    __asm__ volatile("movl %0, %%fs:0" : : "r"(Frame) : "memory");
}

static __attribute__((unused)) void SehPop(PSEH_FRAME Frame)
{
    __asm__ volatile("movl %0, %%fs:0" : : "r"(Frame->Next) : "memory");
}

#define SEH_LANGUAGE_HANDLER ((void)0)

#else

/* What the unwinder tells a language handler: as much of DISPATCHER_CONTEXT as is needed here. */
typedef struct _SEH_DISPATCHER_CONTEXT {
    ULONG64 ControlPc, ImageBase;
    PVOID FunctionEntry;
    ULONG64 EstablisherFrame, TargetIp;
    PUCHAR ContextRecord; /* of the caller */
} SEH_DISPATCHER_CONTEXT;

/* Where a CONTEXT, which DDKs do not define, has the stack pointer. */
static __attribute__((unused)) ULONG_PTR SehStackPointer(PUCHAR Context)
{
    return *(PULONG_PTR)(Context + 0x98);
}

/* The frames of functions above that of the handler have had their turn, so those that are armed
 * are of this one. */
static __attribute__((unused)) EXCEPTION_DISPOSITION SehHandler(PEXCEPTION_RECORD Record,
                                                                PVOID EstablisherFrame,
                                                                PUCHAR Context,
                                                                SEH_DISPATCHER_CONTEXT *Dispatcher)
{
    ULONG_PTR From = SehStackPointer(Context), To = SehStackPointer(Dispatcher->ContextRecord);
    PSEH_FRAME Frame;

    (void)EstablisherFrame;
    if (Record->ExceptionFlags & SEH_UNWINDING) {
        SehForget((ULONG_PTR)__builtin_frame_address(0), To, SehSerial - 0x7fffffff);
    } else {
        Frame = SehFind(From, To, SehArmed);
        if (Frame)
            SehCatch(Frame, Record);
    }
    return ExceptionContinueSearch;
}

#define SehPush(Frame) ((void)(Frame))
#define SehPop(Frame) ((void)(Frame))
#define SEH_LANGUAGE_HANDLER                                                                       \
    __asm__ volatile(".seh_handler %c0, @except, @unwind" : : "i"(SehHandler))

#endif

static __attribute__((unused, noinline)) PSEH_FRAME SehEnter(PSEH_FRAME Frame)
{
    Frame->Self = (ULONG_PTR)Frame ^ SEH_MAGIC;
    Frame->Serial = InterlockedIncrement(&SehSerial);
    Frame->State = SehEntered;
    return Frame;
}

/* The __try that has been entered just now: it catches exceptions until SehDisarm. */
static __attribute__((unused, noinline)) PSEH_FRAME SehArm(PVOID FrameAddress)
{
    PSEH_FRAME Frame =
        SehFind((ULONG_PTR)__builtin_frame_address(0), (ULONG_PTR)FrameAddress, SehEntered);

    SehPush(Frame);
    Frame->State = SehArmed;
    return Frame;
}

static __attribute__((unused, noinline)) void SehDisarm(PSEH_FRAME *Armed)
{
    PSEH_FRAME Frame = *Armed;

    if (Frame->State != SehArmed)
        return;
    Frame->State = SehDone;
    SehPop(Frame);
}

/* __leave, from however many loops. */
static __attribute__((unused, noinline, noreturn)) void SehLeave(PSEH_FRAME Frame)
{
    SehDisarm(&Frame);
    __builtin_longjmp(Frame->Jump, 1);
}

/* The exception that was caught last in the function with that frame address; NULL: none. */
static __attribute__((unused, noinline)) PSEH_FRAME SehCaughtIn(PVOID FrameAddress)
{
    return SehFind((ULONG_PTR)__builtin_frame_address(0), (ULONG_PTR)FrameAddress, SehCaught);
}

static __attribute__((unused, noinline)) int SehAccepts(PSEH_FRAME Frame, LONG Filter)
{
    if (Filter == EXCEPTION_EXECUTE_HANDLER)
        return 1;
    Frame->State = SehDone;
    ExRaiseStatus((NTSTATUS)Frame->Record.ExceptionCode);
}

#define SEH_CAUGHT SehCaughtIn(__builtin_frame_address(0))

#undef GetExceptionCode
#undef GetExceptionInformation
#undef exception_code
#undef exception_info
#define GetExceptionCode() (SEH_CAUGHT->Record.ExceptionCode)
#define GetExceptionInformation() (&SEH_CAUGHT->Pointers)
#define exception_code GetExceptionCode
#define exception_info GetExceptionInformation

#define __try                                                                                      \
    if (({                                                                                         \
            PSEH_FRAME SehNew = SehEnter(&(SEH_FRAME){0});                                         \
            SEH_LANGUAGE_HANDLER;                                                                  \
            __builtin_setjmp(SehNew->Jump);                                                        \
        }) == 0)                                                                                   \
        for (PSEH_FRAME SehThis                                                                    \
             __attribute__((cleanup(SehDisarm))) = SehArm(__builtin_frame_address(0));             \
             SehThis->State == SehArmed; SehDisarm(&SehThis))
/* clang-format off */
#define __except(Filter) else if (SEH_CAUGHT && SehAccepts(SEH_CAUGHT, (Filter)))
/* clang-format on */
#define __leave SehLeave(SehThis)
#define __finally (__finally_needs_clang_for_x86_64)

#endif

#ifndef __cplusplus
#undef try
#undef except
#undef finally
#undef leave
#define try __try
#define except __except
#define finally __finally
#define leave __leave
#endif
