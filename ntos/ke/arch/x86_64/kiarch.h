/* SPDX-License-Identifier: BSD-2-Clause */
/* What the dispatcher needs to know of x86_64. */
#pragma once

/*
 * Badges: a thread's service capability carries the address of its ETHREAD, its fault capability
 * the same with bit 0 set. Signals carry KI_SIGNAL_MARK, which no address in the lower half has.
 */
#define KI_SIGNAL_MARK ((seL4_Word)1 << 63)
#define KI_FAULT_MARK ((seL4_Word)1)
#define KiThreadBadge(Thread) ((seL4_Word)(Thread))
#define KiBadgeThread(Badge) ((PETHREAD)((Badge) & ~KI_FAULT_MARK))

/* Where argument n (from 1) of a service is: message words for the first four (abi.h), else the IPC
 * buffer. */
#define KI_ARGUMENT_1 Words[0]
#define KI_ARGUMENT_2 Words[3]
#define KI_ARGUMENT_3 Words[1]
#define KI_ARGUMENT_4 Words[2]

/* A thread's registers by role. */
#define KI_REGISTER_COUNT (sizeof(seL4_UserContext) / sizeof(seL4_Word))
#define KI_DISPATCHER_REGISTERS 3 /* the first ones: program counter, stack pointer, flags */
#define KiProgramCounter(Registers) ((Registers)->rip)
#define KiStackPointer(Registers) ((Registers)->rsp)
#define KiFramePointer(Registers) ((Registers)->rbp)
#define KiStatusRegister(Registers) ((Registers)->r10) /* of the stubs */
#define KiFlags(Registers) ((Registers)->rflags)
#define KiAccumulator(Registers) ((Registers)->rax)
#define KiCountRegister(Registers) ((Registers)->rcx)
#define KiDataRegister(Registers) ((Registers)->rdx)

#define KI_IS_REX(byte) (((byte)&0xf0) == 0x40)

#define KI_USER_FLAGS 0x202 /* with which ntdll's dispatchers begin */
#define KI_VECTOR_BREAKPOINT 3
#define KI_VECTOR_GENERAL_PROTECTION 13
