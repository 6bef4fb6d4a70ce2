/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/*
 * The saved registers of a user thread, by index. The order serves the entry code: the processor
 * and the stubs push a trap frame from CONTEXT_FRAME_END downwards, straight into the TCB. The
 * message registers are neighbours, so that register i of a message is simply REG_MR0 + i.
 */

#define REG_EBX 0
#define REG_ESI 1
#define REG_EDI 2
#define REG_EBP 3
#define REG_EAX 4
#define REG_ECX 5
#define REG_EDX 6
#define REG_FAULT_IP 7
#define REG_ERROR 8
#define REG_NEXT_IP 9
#define REG_CS 10
#define REG_FLAGS 11
#define REG_ESP 12
#define REG_SS 13
#define REG_FS_BASE 14
#define REG_GS_BASE 15
#define REG_COUNT 16

#define REG_CAP REG_EBX
#define REG_BADGE REG_EBX
#define REG_MSG_INFO REG_ESI
#define REG_MR0 REG_EDI
#define REG_SP REG_ESP
#define REG_INT_NUMBER REG_EAX /* where an INT instruction has its call number */
#define REG_TLS_BASE REG_GS_BASE
#define MSG_REGISTERS 2

/* Offsets into a TCB, for assembly; tcb.c asserts them. */
#define TCB_CONTEXT 96
#define CONTEXT_FRAME_END ((REG_SS + 1) * 4)

/* REG_ERROR of a thread that entered by SYSENTER, and so leaves by SYSEXIT. */
#define ERROR_SYSCALL -1

#define SEL_CS0 0x08
#define SEL_DS0 0x10
#define SEL_CS3 0x1b
#define SEL_DS3 0x23
#define SEL_TSS 0x28
#define SEL_FS 0x33
#define SEL_GS 0x3b
#define SEL_DOUBLE_FAULT 0x40
