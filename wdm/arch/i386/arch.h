/* SPDX-License-Identifier: BSD-2-Clause */
/* What differs by processor: where the TEB is, and where in it the words are that teb.h names. */
#pragma once
#include "ntoskrnl.h"
#include <ntimage.h>

#define KI_TEB_SEGMENT "fs"
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

/* Privileged instructions: trap/trap.h, trapstub.S, trapcontext.c */
#define KI_REGISTERS 8
#define KI_REGISTER_INDEX(Number) (7 - (Number))
#define KI_TRAMPOLINE_LENGTH 14
#define KI_ROOM_RESERVE 0 /* trampoline.c: addresses are too few */

/* Where may be any address. FALSE: *Old was not what is there; now it is. */
static inline BOOLEAN KiCompareExchange64(PVOID Where, UINT64 *Old, UINT64 New)
{
    BOOLEAN Done;

    __asm__ volatile("lock cmpxchg8b %1"
                     : "=@ccz"(Done), "+m"(*(UINT64 *)Where), "+A"(*Old)
                     : "b"((ULONG)New), "c"((ULONG)(New >> 32))
                     : "memory");
    return Done;
}

#include "teb.h"
