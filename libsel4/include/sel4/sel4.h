/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seL4 kernel API for user programs: non-MCS, uniprocessor, x86_64 (huge pages off) and ia32.
 *
 * Header only.  The IPC buffer of the calling thread is reached through SEL4_IPC_BUFFER; a program
 * either defines the global seL4_TheIPCBuffer (one thread, or one buffer at a time), or defines
 * the macro as an expression of its own before including this header.
 *
 * Invocations return the error code of the kernel's reply (errors.h).  The details of an error
 * (message registers of the reply) are not kept; who needs them calls seL4_CallWithMRs.
 * Invocations without extra caps whose words fit seL4_FastMessageRegisters (4 on x86_64, 2 on
 * ia32) do not touch the IPC buffer.
 */
#pragma once

#include <sel4/types.h>
#include <sel4/constants.h>
#include <sel4/errors.h>
#include <sel4/syscalls.h>
#include <sel4/invocations.h>
#include <sel4/bootinfo.h>
