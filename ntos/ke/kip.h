/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to ke: service stacks, messages, wait blocks. */
#pragma once
#include <dbg.h>
#include <dbgk.h>
#include <ex.h>
#include <hal.h>
#include <io.h>
#include <ke.h>
#include <mm.h>
#include <ps.h>

#include <kiarch.h>

/* A message from the endpoint; the reply is built in its place. */
typedef struct _KI_MESSAGE {
    seL4_MessageInfo_t Info;
    seL4_Word Badge;
    seL4_Word Words[4];
} KI_MESSAGE, *PKI_MESSAGE;

#define KI_BUILT_IN_WAIT_BLOCKS 4

/* At the top of each service stack. */
typedef struct _KSERVICE_STACK {
    PVOID Base;         /* lowest address */
    PVOID StackPointer; /* while it does not run */
    LIST_ENTRY Links;   /* in the idle or the ready list */
    PETHREAD Thread; /* the client whose service runs on it; valid while parked. NULL: the system */
    BOOLEAN CallerSaved; /* the client's reply capability is in its ReplySlot */
    BOOLEAN Waiting;
    BOOLEAN WaitAll;
    BOOLEAN Alertable; /* its wait */
    ULONG WaitCount;
    NTSTATUS WaitStatus;
    PKWAIT_BLOCK WaitBlocks;
    KWAIT_BLOCK BuiltInWaitBlocks[KI_BUILT_IN_WAIT_BLOCKS];
    KTIMER Timer;
    void (*Routine)(PVOID Context); /* of a system thread that has not started yet */
    PVOID Context;
} KSERVICE_STACK, *PKSERVICE_STACK;

extern PKSERVICE_STACK KiCurrentStack;
extern ULONG KiOwnedStacks; /* of services that have waited: their thread's promised stack */
extern LIST_ENTRY KiReadyListHead;
extern seL4_CPtr KiEndpoint;

/* stack.c */
void KiInitializeStacks(void);
/* Makes sure that there is a stack to go on with when this one parks. FALSE: no memory. */
BOOLEAN KiReserveStack(BOOLEAN ForSystem);
void KiParkStack(void); /* after KiReserveStack; returns when someone has readied this stack */
void KiReadyStack(PKSERVICE_STACK Stack);
void KiWakeStack(
    PKSERVICE_STACK Stack);     /* the same, of one whose wait is over: urgent ones first */
BOOLEAN KiIsStackReady(void);   /* and may go on */
BOOLEAN KiIsMessagesTurn(void); /* although a stack is ready */
void KiHoldStacks(void);        /* those that are ready wait until KiLetStacksGo */
void KiLetStacksGo(void);
void KiRetireStack(void)
    __attribute__((noreturn)); /* goes on with a ready or an idle stack for good */
void KiSwitchStack(PVOID *OldStackPointer, PVOID NewStackPointer);

/* dispatch.c */
void KiDispatch(void) __attribute__((noreturn));
NTSTATUS KiSaveCaller(PETHREAD Thread);

/* bugcheck.c: the stop screen. Registers NULL: only the callers' frames */
void KiShowStop(const char *Reason, const seL4_UserContext *Registers);

/* rootfault.c */
void KiInitializeRootFault(void);

/* service.c */
NTSTATUS KiSystemService(PETHREAD Thread, seL4_Word Number, const seL4_Word *Words);
/* Makes KiSystemService take the plain services or those that are shown; once before the first. */
void KiSelectServices(BOOLEAN Traced);
/* Shows a service that has ended; Kinds has a letter for each argument (servicetrace.c). */
void KiShowService(PCSTR Name, PCSTR Kinds, const seL4_Word *Arguments, NTSTATUS Status,
                   ULONGLONG Spent);

/* wait.c: makes sure that this stack can park: that another can go on, and that the reply can be
 * sent later. */
NTSTATUS KiPrepareToPark(void);

/* giveway.c */
extern ULONG KiTurnStart; /* TSC from which on the turn is counted; 0: from when one asks */
void KiInitializeTurns(void);
BOOLEAN KiIsTurnOver(void);
void KiAskForTurn(void);                      /* for what goes on in KiNextTurn */
void KiAskForTurnOf(struct _ETHREAD *Thread); /* the same, as urgent as that is; NULL: as most */
BOOLEAN KiIsUrgent(struct _ETHREAD *Thread);  /* more than most */
void KiNextTurn(void);
/* The thread's service has ended, but not with a plain reply at once. */
void KiNoteFinished(PETHREAD Thread);
/* At a tick of the clock; LastCaller as for KiChargeTick. */
void KiHoldCaller(PETHREAD LastCaller);

/* times.c: LastCaller is who has called last, if it has had its answer at once, or NULL */
void KiChargeTick(PETHREAD LastCaller);

/* timer.c, clock.c, shareddata.c */
void KiExpireTimers(ULONGLONG Now);
void KiExpireLateTimers(void);
void KiInitializeClock(void);
void KiInitializeSharedData(void);
ULONGLONG KiSystemToInterruptTime(LONGLONG SystemTime);

/* fault.c: the reply is left in Message; if the thread has ended there must be no reply */
void KiHandleFault(PETHREAD Thread, PKI_MESSAGE Message);

/* exception.c: of the thread whose fault is being handled, with its registers at the fault */
void KiRaiseException(PETHREAD Thread, PEXCEPTION_RECORD Record, const seL4_UserContext *Registers);
void KiRaiseFault(PETHREAD Thread, NTSTATUS Code, ULONG Parameters, const ULONG_PTR *Information);

/* apc.c */
NTSTATUS KiTestAlert(PETHREAD Thread); /* STATUS_ALERTED, STATUS_USER_APC, or STATUS_SUCCESS */
/* wait.c: FALSE: it does not wait alertably */
BOOLEAN KiEndAlertableWait(PETHREAD Thread, NTSTATUS Status);

/* registers.c: those that were set of a thread in a service no longer wait for its end. */
void KiTakeNewRegisters(PETHREAD Thread, seL4_UserContext *Registers);
/* The end of a service or a fault of the current thread with ETHREAD.Attention */
void KiFinishWithRegisters(PETHREAD Thread, NTSTATUS Status);

/* detour.c */
typedef struct _KI_DETOUR *PKI_DETOUR;
seL4_UserContext *KiDetourRegisters(PETHREAD Thread); /* of a thread with a detour */
/* The fault at Address was the end of the thread's detour. */
BOOLEAN KiFinishDetour(PETHREAD Thread, ULONG_PTR Address);
BOOLEAN KiDetourFault(PETHREAD Thread, PKI_MESSAGE Message);
/* arch: userframe.c: from the thread's page behind the TEB */
void KiReadFloatingState(PETHREAD Thread, PKE_FLOATING_STATE State);

/* report.c */
void KiReportException(PETHREAD Thread, PEXCEPTION_RECORD Record,
                       const seL4_UserContext *Registers);

/* arch: continue.c: TRUE when the fault at Address was only KeInterceptThread, or a step of
 * NtContinue, not the program's. */
BOOLEAN KiFinishContinue(PETHREAD Thread, ULONG_PTR Address);

/* arch: context.c, vector.c, features.c */
/* Sets the registers for a thread of our own to begin in Routine on the stack below Top. */
void KiSetStart(seL4_UserContext *Registers, void (*Routine)(void), PVOID Top);
/* Registers become what the CONTEXT is to show. */
void KiVectorToException(PETHREAD Thread, ULONG Vector, seL4_UserContext *Registers,
                         PEXCEPTION_RECORD Record);
/* As much of the instruction as is readable: the number of bytes. */
ULONG KiFetchCode(PEPROCESS Process, ULONG_PTR Address, UCHAR *Code, ULONG Length);
/* arch: floatexception.c: the record says which floating-point exception it was. Waits; of the
 * current thread, in its fault. */
void KiRefineForDebugger(PETHREAD Thread, const seL4_UserContext *Registers,
                         PEXCEPTION_RECORD Record);
void KiQueryProcessorFeatures(BOOLEAN Features[PROCESSOR_FEATURE_MAX]);
typedef ULONG(CDECL *PKI_PRINT)(PCSTR Format, ...);
void KiPrintRegisters(const seL4_UserContext *Registers, PKI_PRINT Print); /* in whole lines */
/* arch: userframe.c: frames for ntdll's dispatchers below the stack pointer; Registers become those
 * to go on with. Fails as MmCopyToProcess. */
NTSTATUS KiPushExceptionFrame(PETHREAD Thread, PEXCEPTION_RECORD Record,
                              seL4_UserContext *Registers);
/* For KiSetDispatcher. Context NULL: that of Registers */
NTSTATUS KiPushApcFrame(PETHREAD Thread, const KAPC *Apc, const CONTEXT *Context,
                        const seL4_UserContext *Registers, PULONG_PTR Frame);
void KiSetDispatcher(PETHREAD Thread, seL4_UserContext *Registers, PS_NTDLL_ROUTINE Routine,
                     ULONG_PTR Frame);
/* Registers of a thread in its system call become those behind it, with what the service returns.
 */
void KiSetServiceStatus(seL4_UserContext *Registers, NTSTATUS Status);
PVOID *KiMakeFirstFrame(PVOID *Top, void (*Start)(void));
