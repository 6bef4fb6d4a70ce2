/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs by processor: per-thread words in the TEB, and the switch between stacks. */
#pragma once
#include "ntoskrnl.h"

#define KI_TEB_STACK_BASE 0x08
#define KI_TEB_STACK_LIMIT 0x10
#define KI_TEB_PROCESS_ID 0x40
#define KI_TEB_THREAD_ID 0x48
#define KI_TEB_PEB 0x60
#define KI_TEB_THREAD 0x188 /* where the DDK's KeGetCurrentThread looks; reserved for debuggers in a TEB */

/* The compiler's own __writegsqword takes an address for an immediate, of which 32 bits arrive. */
static inline VOID KiWriteTeb(ULONG Offset, PVOID Value)
{
    __asm__ volatile("movq %1, %%gs:(%q0)" : : "r"((ULONG64)Offset), "r"(Value) : "memory");
}

static inline KIRQL KiGetIrql(VOID)
{
    return __readgsbyte(NEPTUNE_TEB_IRQL);
}

static inline VOID KiSetIrql(KIRQL Irql)
{
    __writegsbyte(NEPTUNE_TEB_IRQL, Irql);
}

static inline PKTHREAD KiGetCurrentThread(VOID)
{
    return (PKTHREAD)__readgsqword(KI_TEB_THREAD);
}

/* mingw-w64's __writegsqword lets a constant address become an immediate, which has 32 bits. */
static inline VOID KiSetCurrentThread(PKTHREAD Thread)
{
    __asm__ volatile("movq %0, %%gs:%c1" : : "r"(Thread), "i"(KI_TEB_THREAD) : "memory");
}

static inline VOID KiGetStackBounds(PVOID *Base, PVOID *Limit)
{
    *Base = (PVOID)__readgsqword(KI_TEB_STACK_BASE);
    *Limit = (PVOID)__readgsqword(KI_TEB_STACK_LIMIT);
}

static inline VOID KiSetStackBounds(PVOID Base, PVOID Limit)
{
    KiWriteTeb(KI_TEB_STACK_BASE, Base);
    KiWriteTeb(KI_TEB_STACK_LIMIT, Limit);
}

static inline HANDLE KiGetProcessId(VOID)
{
    return (HANDLE)__readgsqword(KI_TEB_PROCESS_ID);
}

static inline HANDLE KiGetThreadId(VOID)
{
    return (HANDLE)__readgsqword(KI_TEB_THREAD_ID);
}

static inline PVOID KiGetPeb(VOID)
{
    return (PVOID)__readgsqword(KI_TEB_PEB);
}

/* Saves the caller's stack in *Save and goes on where the stack Load was saved, or at the start of a new thread. */
VOID KiSwitchStack(PVOID *Save, PVOID Load);

/* Makes the stack that KiSwitchStack will start a new thread on; it begins in Start, which must not return. */
PVOID KiBuildStack(PVOID Base, VOID (*Start)(VOID));
