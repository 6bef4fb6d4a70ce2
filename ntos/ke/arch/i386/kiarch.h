/* SPDX-License-Identifier: BSD-2-Clause */
/* What the dispatcher needs to know of i386. */
#pragma once

/*
 * Badges have 28 bits, too few for an address. ETHREADs are pool, at multiples of 16 in the 1 GB
 * from KI_BADGE_BASE on (mm/arch/i386/miarch.h: the system range and the window of what the kernel
 * reaches). So the distance from there, divided by 8, fits below KI_SIGNAL_MARK and leaves bit 0
 * for the fault mark.
 */
#define KI_BADGE_BASE 0x10000000u
#define KI_SIGNAL_MARK ((seL4_Word)1 << 27)
#define KI_FAULT_MARK ((seL4_Word)1)
#define KiThreadBadge(Thread) (((seL4_Word)(Thread)-KI_BADGE_BASE) >> 3)
#define KiBadgeThread(Badge) ((PETHREAD)((((Badge) & ~KI_FAULT_MARK) << 3) + KI_BADGE_BASE))

/* Where argument n (from 1) of a service is: message words for the first two (abi.h), else the IPC
 * buffer. */
#define KI_ARGUMENT_1 Words[0]
#define KI_ARGUMENT_2 Words[1]
#define KI_ARGUMENT_3 KI_BUFFER_ARGUMENT(3)
#define KI_ARGUMENT_4 KI_BUFFER_ARGUMENT(4)

/* A thread's registers by role. */
#define KI_REGISTER_COUNT (sizeof(seL4_UserContext) / sizeof(seL4_Word))
#define KI_DISPATCHER_REGISTERS 3 /* the first ones: program counter, stack pointer, flags */
#define KiProgramCounter(Registers) ((Registers)->eip)
#define KiStackPointer(Registers) ((Registers)->esp)
#define KiFramePointer(Registers) ((Registers)->ebp)
#define KiStatusRegister(Registers) ((Registers)->edi) /* of the stubs */
#define KiFlags(Registers) ((Registers)->eflags)
#define KiAccumulator(Registers) ((Registers)->eax)
#define KiCountRegister(Registers) ((Registers)->ecx)
#define KiDataRegister(Registers) ((Registers)->edx)

#define KI_IS_REX(byte) FALSE /* those bytes are instructions of their own */

#define KI_USER_FLAGS 0x202 /* with which ntdll's dispatchers begin */
#define KI_VECTOR_BREAKPOINT 3
#define KI_VECTOR_GENERAL_PROTECTION 13
