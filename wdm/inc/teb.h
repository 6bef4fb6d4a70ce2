/* SPDX-License-Identifier: BSD-2-Clause */
/* What is kept in the TEB for each thread, and the switch between stacks; arch.h has the
 * offsets. */
#pragma once

static inline KIRQL KiGetIrql(VOID)
{
    KIRQL Irql;

    __asm__ volatile("movb %%" KI_TEB_SEGMENT ":%c1, %0"
                     : "=q"(Irql)
                     : "i"(NEPTUNE_TEB_IRQL)
                     : "memory");
    return Irql;
}

static inline VOID KiSetIrql(KIRQL Irql)
{
    __asm__ volatile("movb %0, %%" KI_TEB_SEGMENT ":%c1"
                     :
                     : "q"(Irql), "i"(NEPTUNE_TEB_IRQL)
                     : "memory");
}

/* The thread leaves DISPATCH_LEVEL, or goes to sleep: its stretch there is over (driver.h). */
static inline VOID KiEndStretch(VOID)
{
    __asm__ volatile("incl %%" KI_TEB_SEGMENT ":%c0" : : "i"(NEPTUNE_TEB_STRETCHES) : "memory");
}

static inline PKTHREAD KiGetCurrentThread(VOID)
{
    return KiReadTeb(KI_TEB_THREAD);
}

static inline VOID KiSetCurrentThread(PKTHREAD Thread)
{
    KiWriteTeb(KI_TEB_THREAD, Thread);
}

static inline VOID KiGetStackBounds(PVOID *Base, PVOID *Limit)
{
    *Base = KiReadTeb(KI_TEB_STACK_BASE);
    *Limit = KiReadTeb(KI_TEB_STACK_LIMIT);
}

static inline VOID KiSetStackBounds(PVOID Base, PVOID Limit)
{
    KiWriteTeb(KI_TEB_STACK_BASE, Base);
    KiWriteTeb(KI_TEB_STACK_LIMIT, Limit);
}

static inline HANDLE KiGetProcessId(VOID)
{
    return KiReadTeb(KI_TEB_PROCESS_ID);
}

static inline HANDLE KiGetThreadId(VOID)
{
    return KiReadTeb(KI_TEB_THREAD_ID);
}

static inline PVOID KiGetPeb(VOID)
{
    return KiReadTeb(KI_TEB_PEB);
}

/*
 * Saves the caller's stack in *Save and goes on where the stack Load was saved, or at the start of
 * a new thread.
 */
VOID KiSwitchThread(PVOID *Save, PVOID Load);

/*
 * Makes the stack that KiSwitchThread will start a new thread on; it begins in Start, which must
 * not return.
 */
PVOID KiBuildStack(PVOID Base, VOID (*Start)(VOID));

/*
 * Makes the image of a driver find KUSER_SHARED_DATA, whose address in the Windows kernel the DDK
 * compiles in or imports.
 */
NTSTATUS KiAdaptImage(PUCHAR Base, PIMAGE_NT_HEADERS Headers);
