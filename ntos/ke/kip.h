/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to ke: service stacks, messages, wait blocks. */
#pragma once
#include <dbg.h>
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

/* One object that a stack waits for. */
typedef struct _KWAIT_BLOCK {
    LIST_ENTRY WaitListEntry;
    struct _KSERVICE_STACK *Stack;
    PDISPATCHER_HEADER Object;
    NTSTATUS WaitKey; /* what the wait returns when this object ends it */
} KWAIT_BLOCK, *PKWAIT_BLOCK;

#define KI_BUILT_IN_WAIT_BLOCKS 4

/* At the top of each service stack. */
typedef struct _KSERVICE_STACK {
    PVOID Base;         /* lowest address */
    PVOID StackPointer; /* while it does not run */
    LIST_ENTRY Links;   /* in the idle or the ready list */
    PETHREAD
    Thread; /* client of the service on it; NULL: the system itself. Valid while it is parked */
    BOOLEAN CallerSaved; /* the client's reply capability is in its ReplySlot */
    BOOLEAN Waiting;
    BOOLEAN WaitAll;
    ULONG WaitCount;
    NTSTATUS WaitStatus;
    PKWAIT_BLOCK WaitBlocks;
    KWAIT_BLOCK BuiltInWaitBlocks[KI_BUILT_IN_WAIT_BLOCKS];
    KTIMER Timer;
    void (*Routine)(PVOID Context); /* of a system thread that has not started yet */
    PVOID Context;
} KSERVICE_STACK, *PKSERVICE_STACK;

extern PKSERVICE_STACK KiCurrentStack;
extern LIST_ENTRY KiReadyListHead;
extern seL4_CPtr KiEndpoint;

/* stack.c */
void KiInitializeStacks(void);
BOOLEAN KiReserveStack(BOOLEAN ForSystem); /* is there a stack to go on with when this one parks?
                                              Makes one if need be */
void KiParkStack(void); /* after KiReserveStack; returns when someone has readied this stack */
void KiReadyStack(PKSERVICE_STACK Stack);
void KiRetireStack(void)
    __attribute__((noreturn)); /* goes on with a ready or an idle stack for good */
void KiSwitchStack(PVOID *OldStackPointer, PVOID NewStackPointer);

/* dispatch.c */
void KiDispatch(void) __attribute__((noreturn));
NTSTATUS KiSaveCaller(PETHREAD Thread);

/* service.c */
NTSTATUS KiSystemService(PETHREAD Thread, seL4_Word Number, const seL4_Word *Words);

/* timer.c, clock.c, shareddata.c */
void KiExpireTimers(ULONGLONG Now);
void KiInitializeClock(void);
void KiInitializeSharedData(void);
ULONGLONG KiSystemToInterruptTime(LONGLONG SystemTime);

/* fault.c: the reply is left in Message; nothing is to be replied when the thread has ended */
void KiHandleFault(PETHREAD Thread, PKI_MESSAGE Message);

/* exception.c */
void KiRaiseFault(PETHREAD Thread, NTSTATUS Code, ULONG Parameters, ULONG_PTR First,
                  ULONG_PTR Second);

/* report.c */
void KiReportException(PETHREAD Thread, PEXCEPTION_RECORD Record,
                       const seL4_UserContext *Registers);

/* arch: privileged.c: TRUE when the instruction was one that the driver may use; Registers and the
 * thread are past it */
BOOLEAN KiEmulatePrivileged(PETHREAD Thread, seL4_UserContext *Registers);

/* arch: continue.c: TRUE when the fault at Address was but the thread's way into NtContinue's
 * registers */
BOOLEAN KiFinishContinue(PETHREAD Thread, ULONG_PTR Address);

/* arch: context.c, vector.c, features.c */
void KiVectorToException(PETHREAD Thread, ULONG Vector, const seL4_UserContext *Registers,
                         PEXCEPTION_RECORD Record);
void KiQueryProcessorFeatures(BOOLEAN Features[PROCESSOR_FEATURE_MAX]);
void KiPrintRegisters(const seL4_UserContext *Registers);
PVOID *KiMakeFirstFrame(PVOID *Top, void (*Start)(void));
