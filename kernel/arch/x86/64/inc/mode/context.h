/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * The saved registers of a user thread, by index. The order serves the entry code: the processor
 * and the stubs push a trap frame from CONTEXT_FRAME_END downwards, straight into the TCB. The
 * message registers are neighbours, so that register i of a message is simply REG_MR0 + i.
 */

#define REG_RDI 0
#define REG_RSI 1
#define REG_R10 2
#define REG_R8 3
#define REG_R9 4
#define REG_R15 5
#define REG_RDX 6
#define REG_RAX 7
#define REG_RBX 8
#define REG_RBP 9
#define REG_R12 10
#define REG_R13 11
#define REG_R14 12
#define REG_RCX 13
#define REG_R11 14
#define REG_FAULT_IP 15
#define REG_ERROR 16
#define REG_NEXT_IP 17
#define REG_CS 18
#define REG_FLAGS 19
#define REG_RSP 20
#define REG_SS 21
#define REG_FS_BASE 22
#define REG_GS_BASE 23
#define REG_COUNT 24

#define REG_CAP REG_RDI
#define REG_BADGE REG_RDI
#define REG_MSG_INFO REG_RSI
#define REG_MR0 REG_R10
#define REG_SP REG_RSP
#define REG_INT_NUMBER REG_RAX /* where an INT instruction has its call number */
#define REG_TLS_BASE REG_FS_BASE
#define MSG_REGISTERS 4

/* Offsets into a TCB, for assembly; tcb.c asserts them. */
#define TCB_CONTEXT 160
#define CONTEXT_FRAME_END ((REG_SS + 1) * 8)

/* REG_ERROR of a thread that entered by SYSCALL, and so may leave by SYSRET. */
#define ERROR_SYSCALL -1

#define SEL_CS0 0x08
#define SEL_DS0 0x10
#define SEL_TSS 0x18
#define SEL_CS3 0x2b
#define SEL_DS3 0x33
