/* SPDX-License-Identifier: BSD-2-Clause */
/* Exceptions and the register state of a thread. (WDK: ntdef.h, winnt.h) */
#pragma once

#include <nt/ntob.h>

#define EXCEPTION_MAXIMUM_PARAMETERS 15
#define EXCEPTION_NONCONTINUABLE 0x1
#define EXCEPTION_UNWINDING 0x2
#define EXCEPTION_EXIT_UNWIND 0x4
#define EXCEPTION_STACK_INVALID 0x8
#define EXCEPTION_NESTED_CALL 0x10
#define EXCEPTION_TARGET_UNWIND 0x20
#define EXCEPTION_COLLIDED_UNWIND 0x40
#define EXCEPTION_UNWIND                                                                           \
    (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND | EXCEPTION_TARGET_UNWIND |                       \
     EXCEPTION_COLLIDED_UNWIND)

/* What filters and vectored handlers return */
#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

/* The end of TEB.ExceptionList on i386 */
#define EXCEPTION_CHAIN_END ((PEXCEPTION_REGISTRATION_RECORD)MAXULONG_PTR)

/* ExceptionInformation[0] of STATUS_ACCESS_VIOLATION and STATUS_IN_PAGE_ERROR */
#define EXCEPTION_READ_FAULT 0
#define EXCEPTION_WRITE_FAULT 1
#define EXCEPTION_EXECUTE_FAULT 8

typedef enum _EXCEPTION_DISPOSITION {
    ExceptionContinueExecution,
    ExceptionContinueSearch,
    ExceptionNestedException,
    ExceptionCollidedUnwind,
} EXCEPTION_DISPOSITION;

typedef struct _EXCEPTION_RECORD {
    NTSTATUS ExceptionCode;
    ULONG ExceptionFlags;
    struct _EXCEPTION_RECORD *ExceptionRecord;
    PVOID ExceptionAddress;
    ULONG NumberParameters;
    ULONG_PTR ExceptionInformation[EXCEPTION_MAXIMUM_PARAMETERS];
} EXCEPTION_RECORD, *PEXCEPTION_RECORD;

#if defined(__x86_64__)
#include <nt/arch/x86_64/context.h>
#elif defined(__i386__)
#include <nt/arch/i386/context.h>
#endif

typedef struct _EXCEPTION_POINTERS {
    PEXCEPTION_RECORD ExceptionRecord;
    PCONTEXT ContextRecord;
} EXCEPTION_POINTERS, *PEXCEPTION_POINTERS;

/* A handler of a frame; what DispatcherContext is depends on the architecture. */
typedef EXCEPTION_DISPOSITION(CDECL *PEXCEPTION_ROUTINE)(PEXCEPTION_RECORD ExceptionRecord,
                                                         PVOID EstablisherFrame,
                                                         PCONTEXT ContextRecord,
                                                         PVOID DispatcherContext);

/* A frame of TEB.ExceptionList */
typedef struct _EXCEPTION_REGISTRATION_RECORD {
    struct _EXCEPTION_REGISTRATION_RECORD *Next;
    PEXCEPTION_ROUTINE Handler;
} EXCEPTION_REGISTRATION_RECORD, *PEXCEPTION_REGISTRATION_RECORD;

typedef LONG(NTAPI *PVECTORED_EXCEPTION_HANDLER)(PEXCEPTION_POINTERS ExceptionInfo);
typedef LONG(NTAPI *PTOP_LEVEL_EXCEPTION_FILTER)(PEXCEPTION_POINTERS ExceptionInfo);

/* NtContinueEx: in place of a BOOLEAN */
typedef enum _KCONTINUE_TYPE {
    KCONTINUE_UNWIND,
    KCONTINUE_RESUME,
    KCONTINUE_LONGJUMP,
    KCONTINUE_SET,
    KCONTINUE_LAST,
} KCONTINUE_TYPE;

#define KCONTINUE_FLAG_TEST_ALERT 0x1
#define KCONTINUE_FLAG_DELIVER_APC 0x2

typedef struct _KCONTINUE_ARGUMENT {
    KCONTINUE_TYPE ContinueType;
    ULONG ContinueFlags;
    ULONGLONG Reserved[2];
} KCONTINUE_ARGUMENT, *PKCONTINUE_ARGUMENT;

ASSERT_SIZE64(EXCEPTION_RECORD, 0x98);
ASSERT_SIZE32(EXCEPTION_RECORD, 0x50);

/* What the processor's flags and control words say, for handlers that look at them */
#define EFLAGS_TRAP 0x100

NTSTATUS NTAPI NtContinue(CLIENT(PCONTEXT) Context, BOOLEAN TestAlert);
NTSTATUS NTAPI NtContinueEx(CLIENT(PCONTEXT) Context, CLIENT(PKCONTINUE_ARGUMENT) Argument);
NTSTATUS NTAPI NtRaiseException(CLIENT(PEXCEPTION_RECORD) ExceptionRecord, CLIENT(PCONTEXT) Context,
                                BOOLEAN FirstChance);

/* ---- ntdll ---- */
BOOLEAN NTAPI RtlDispatchException(PEXCEPTION_RECORD ExceptionRecord, PCONTEXT ContextRecord);
void NTAPI RtlRaiseException(PEXCEPTION_RECORD ExceptionRecord);
DECLSPEC_NORETURN void NTAPI RtlRaiseStatus(NTSTATUS Status);
void NTAPI RtlCaptureContext(PCONTEXT ContextRecord);
/* On i386 NTAPI makes it take its arguments off the stack, although it does not return. */
DECLSPEC_NORETURN void NTAPI RtlRestoreContext(PCONTEXT ContextRecord,
                                               PEXCEPTION_RECORD ExceptionRecord);
void NTAPI RtlUnwind(PVOID TargetFrame, PVOID TargetIp, PEXCEPTION_RECORD ExceptionRecord,
                     PVOID ReturnValue);
PVOID NTAPI RtlAddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler);
PVOID NTAPI RtlAddVectoredContinueHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler);
ULONG NTAPI RtlRemoveVectoredExceptionHandler(PVOID Handle);
ULONG NTAPI RtlRemoveVectoredContinueHandler(PVOID Handle);
void NTAPI RtlSetUnhandledExceptionFilter(PTOP_LEVEL_EXCEPTION_FILTER Filter);
LONG NTAPI RtlUnhandledExceptionFilter(PEXCEPTION_POINTERS ExceptionPointers);
USHORT NTAPI RtlCaptureStackBackTrace(ULONG FramesToSkip, ULONG FramesToCapture, PVOID *BackTrace,
                                      PULONG BackTraceHash);
NTSTATUS NTAPI KiRaiseUserExceptionDispatcher(void);

/* What RtlCopyContext and the Executive copy: no check of the flags that the contexts have. */
NTSTATUS NTAPI RtlpCopyContextParts(PCONTEXT Destination, ULONG ContextFlags, PCONTEXT Source);

/* What the processor says of floating-point exceptions. */
typedef struct _RTLP_FLOATING_STATUS {
    USHORT FpuControl, FpuStatus;
    ULONG MxCsr;
} RTLP_FLOATING_STATUS;

void RtlpRefineFloatingException(PEXCEPTION_RECORD Record, const RTLP_FLOATING_STATUS *Status,
                                 const UCHAR *Code, ULONG Length);
NTSTATUS RtlpSimdStatus(ULONG Pending); /* arch: from the unmasked bits of MXCSR */

#if defined(__x86_64__)
#include <nt/arch/x86_64/unwind.h>
#endif
