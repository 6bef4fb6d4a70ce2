/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs by processor: where the TEB is, and where in it the words are that teb.h names. */
#pragma once
#include "ntoskrnl.h"
#include <ntimage.h>

#define KI_TEB_SEGMENT "gs"
#define KI_TEB_STACK_BASE 0x08
#define KI_TEB_STACK_LIMIT 0x10
#define KI_TEB_PROCESS_ID 0x40
#define KI_TEB_THREAD_ID 0x48
#define KI_TEB_PEB 0x60
#define KI_TEB_THREAD                                                                              \
    0x188 /* where the DDK's KeGetCurrentThread looks; reserved for debuggers in a TEB */

/*
 * (The intrinsics for this are not ordered with each other, and one takes 64-bit addresses for
 * 32-bit constants.)
 */
static inline PVOID KiReadTeb(ULONG64 Offset)
{
    PVOID Value;

    __asm__ volatile("movq %%gs:(%1), %0" : "=r"(Value) : "r"(Offset) : "memory");
    return Value;
}

static inline VOID KiWriteTeb(ULONG64 Offset, PVOID Value)
{
    __asm__ volatile("movq %1, %%gs:(%0)" : : "r"(Offset), "r"(Value) : "memory");
}

/* Privileged instructions: trap/trap.h, trapstub.S, trapcontext.c */
#define KI_REGISTERS 16
#define KI_REGISTER_INDEX(Number) (Number)
#define KI_TRAMPOLINE_LENGTH 23
#define KI_ROOM_RESERVE 0x80000000 /* trampoline.c */

/* Where may be any address. FALSE: *Old was not what is there; now it is. */
static inline BOOLEAN KiCompareExchange64(PVOID Where, UINT64 *Old, UINT64 New)
{
    BOOLEAN Done;

    __asm__ volatile("lock cmpxchgq %3, %1"
                     : "=@ccz"(Done), "+m"(*(UINT64 *)Where), "+a"(*Old)
                     : "r"(New)
                     : "memory");
    return Done;
}

#include "teb.h"
