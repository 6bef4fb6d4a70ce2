/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of exception handling share: ntdll/seh, ntdll/arch. */
#pragma once

#include <nt/nt.h>

/* arch: context.S, dispatch.S; C: raise.c */
DECLSPEC_NORETURN void NTAPI SehpDispatchUserException(PEXCEPTION_RECORD Record, PCONTEXT Context);
DECLSPEC_NORETURN void NTAPI SehpRaise(PEXCEPTION_RECORD Record, PCONTEXT Context);

/* refine.c: what the Executive could not know of an exception. Context has the FPU's state. */
void SehpRefine(PEXCEPTION_RECORD Record, PCONTEXT Context);

/* arch: refine.c */
USHORT SehpFpuStatus(const CONTEXT *Context, PUSHORT Control);
ULONG SehpMxCsr(const CONTEXT *Context);
ULONG_PTR SehpRegister(const CONTEXT *Context, ULONG Number);
#define SEHP_PROGRAM_COUNTER 16 /* as a Number */

/* vectored.c: TRUE: one of the handlers wants to go on */
BOOLEAN SehpCallExceptionHandlers(PEXCEPTION_RECORD Record, PCONTEXT Context);
void SehpCallContinueHandlers(PEXCEPTION_RECORD Record, PCONTEXT Context);

/* arch: dispatch.S: a breakpoint that a debugger may stop at and nobody need handle */
void SehpBreakSafely(void);
/* RtlRaiseException of what nobody need handle */
void SehpRaiseSafely(PEXCEPTION_RECORD Record);
/* Calls Routine, then Leave, which is called too when an exception or a jump leaves it. */
void CDECL SehpCallThenLeave(void(CDECL *Routine)(PVOID Argument), PVOID Argument,
                             void(CDECL *Leave)(PVOID Argument));
/* raise.c: their handlers */
EXCEPTION_DISPOSITION CDECL SehpLeaveHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                             PCONTEXT Context, PVOID DispatcherContext);
EXCEPTION_DISPOSITION CDECL SehpSafeHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                            PCONTEXT Context, PVOID DispatcherContext);
EXCEPTION_DISPOSITION CDECL SehpBreakHandler(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                             PCONTEXT Context, PVOID DispatcherContext);

/* What a handler has returned makes no sense, or a noncontinuable exception was to be continued. */
DECLSPEC_NORETURN void SehpRaiseNested(NTSTATUS Status, PEXCEPTION_RECORD Record);

FORCEINLINE BOOLEAN SehpIsOnStack(ULONG_PTR Address, SIZE_T Length)
{
    PNT_TIB Tib = &NtCurrentTeb()->NtTib;

    return Address % sizeof(ULONG_PTR) == 0 && Address >= (ULONG_PTR)Tib->StackLimit &&
           Address < (ULONG_PTR)Tib->StackBase && Length <= (ULONG_PTR)Tib->StackBase - Address;
}

/* images.c: the loaded images by address, to be read without a lock in the midst of anything */
typedef struct _SEHP_IMAGE {
    ULONG_PTR Base;
    ULONG Size;
    PVOID Table; /* amd64: RUNTIME_FUNCTIONs; i386: see arch/i386/handlers.c */
    ULONG TableSize;
} SEHP_IMAGE, *PSEHP_IMAGE;

/* With the loader lock. */
struct _LDRP_IMAGE;
/* arch: what is known of an image's handlers; NULL: nothing */
PVOID SehpImageTable(const struct _LDRP_IMAGE *Image, PULONG Size);
NTSTATUS SehpAddImage(PVOID Base, ULONG Size, PVOID Table, ULONG TableSize);
void SehpRemoveImage(PVOID Base);
BOOLEAN SehpFindImage(ULONG_PTR Address, PSEHP_IMAGE Image);

#if defined(__x86_64__)
/* Of a context whose other parts are the same: what unwinding changes. */
FORCEINLINE void SehpCopyFrame(PCONTEXT To, const CONTEXT *From)
{
    memcpy(&To->Rax, &From->Rax, offsetof(CONTEXT, FltSave) - offsetof(CONTEXT, Rax));
    memcpy(&To->FltSave.XmmRegisters[6], &From->FltSave.XmmRegisters[6], 10 * sizeof(M128A));
}

/* arch/x86_64/dispatch.S: calls DispatcherContext->LanguageHandler; their own handlers tell of
 * nested exceptions and collided unwinds. */
EXCEPTION_DISPOSITION SehpExecuteForException(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                              PCONTEXT Context, PDISPATCHER_CONTEXT Dispatcher);
EXCEPTION_DISPOSITION SehpExecuteForUnwind(PEXCEPTION_RECORD Record, PVOID EstablisherFrame,
                                           PCONTEXT Context, PDISPATCHER_CONTEXT Dispatcher);
/* Calls the routine of STATUS_UNWIND_CONSOLIDATE as if the frame of Context had called it, and goes
 * on there at the address that it returns. */
DECLSPEC_NORETURN void SehpConsolidate(PCONTEXT Context, PEXCEPTION_RECORD Record);

/* epilogue.c: if Context is in an epilogue, does what is left of it. */
BOOLEAN SehpUnwindEpilogue(ULONG64 ImageBase, ULONG64 ControlPc, PRUNTIME_FUNCTION Function,
                           PCONTEXT Context, PKNONVOLATILE_CONTEXT_POINTERS Pointers);
/* unwind.c */
PRUNTIME_FUNCTION SehpPrimaryFunction(ULONG64 ImageBase, PRUNTIME_FUNCTION Function);
/* Whether a function has no handler of a kind; its establisher frame. */
BOOLEAN SehpHasNoHandler(ULONG64 ImageBase, PRUNTIME_FUNCTION Function, ULONG HandlerType);
ULONG64 SehpEstablisher(ULONG64 ImageBase, ULONG64 ControlPc, PRUNTIME_FUNCTION Function,
                        PCONTEXT Context);
void SehpRestoreRegister(PCONTEXT Context, ULONG Number, PULONG64 From,
                         PKNONVOLATILE_CONTEXT_POINTERS Pointers);
/* dynamic.c */
PRUNTIME_FUNCTION SehpFindDynamicFunction(ULONG64 ControlPc, PULONG64 ImageBase);
PRUNTIME_FUNCTION SehpSearchFunctions(PRUNTIME_FUNCTION Table, ULONG Count, ULONG Rva);
#else
/* arch/i386/dispatch.S */
EXCEPTION_DISPOSITION SehpExecuteForException(PEXCEPTION_RECORD Record,
                                              PEXCEPTION_REGISTRATION_RECORD Frame,
                                              PCONTEXT Context, PVOID Dispatcher);
EXCEPTION_DISPOSITION SehpExecuteForUnwind(PEXCEPTION_RECORD Record,
                                           PEXCEPTION_REGISTRATION_RECORD Frame, PCONTEXT Context,
                                           PVOID Dispatcher);
/* handlers.c */
BOOLEAN SehpIsValidHandler(PEXCEPTION_ROUTINE Handler);
#endif
