/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs by processor: per-thread words in the TEB, and the switch between stacks. */
#pragma once
#include "ntoskrnl.h"
#include <ntimage.h>

#define KI_TEB_STACK_BASE 0x04
#define KI_TEB_STACK_LIMIT 0x08
#define KI_TEB_PROCESS_ID 0x20
#define KI_TEB_THREAD_ID 0x24
#define KI_TEB_PEB 0x30
#define KI_TEB_THREAD 0x124 /* KPCR's current thread in Windows; reserved in a TEB */

static inline __attribute__((always_inline)) PVOID KiReadTeb(ULONG Offset)
{
    PVOID Value;

    __asm__ volatile("movl %%fs:%c1, %0" : "=r"(Value) : "i"(Offset) : "memory");
    return Value;
}

static inline __attribute__((always_inline)) VOID KiWriteTeb(ULONG Offset, PVOID Value)
{
    __asm__ volatile("movl %1, %%fs:%c0" : : "i"(Offset), "r"(Value) : "memory");
}

static inline KIRQL KiGetIrql(VOID)
{
    KIRQL Irql;

    __asm__ volatile("movb %%fs:%c1, %0" : "=q"(Irql) : "i"(NEPTUNE_TEB_IRQL) : "memory");
    return Irql;
}

static inline VOID KiSetIrql(KIRQL Irql)
{
    __asm__ volatile("movb %0, %%fs:%c1" : : "q"(Irql), "i"(NEPTUNE_TEB_IRQL) : "memory");
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
VOID KiSwitchStack(PVOID *Save, PVOID Load);

/*
 * Makes the stack that KiSwitchStack will start a new thread on; it begins in Start, which must not
 * return.
 */
PVOID KiBuildStack(PVOID Base, VOID (*Start)(VOID));

/*
 * Makes the image of a driver find KUSER_SHARED_DATA, whose address in the Windows kernel the DDK
 * compiles in or imports.
 */
NTSTATUS KiAdaptImage(PUCHAR Base, PIMAGE_NT_HEADERS Headers);
