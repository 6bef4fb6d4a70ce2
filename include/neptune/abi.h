/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ntdll's stubs, the driver runtime's stubs and the Executive agree on: where a thread's
 * capabilities and its IPC buffer are, and how a system service is called. Plain numbers, usable
 * from assembly.
 *
 * A service call is one seL4_Call on NEPTUNE_SERVICE_CAP: the label is the service's number, the
 * arguments are message words in the order below, and the length covers the last one in use (so it
 * is NEPTUNE_REGISTER_ARGS from two arguments on: the second is the last word on x86_64). The
 * arguments from NEPTUNE_REGISTER_ARGS on are stored by the stub in its IPC buffer at msg[n]; they
 * are not part of the message (so every call is short enough for the kernel's fast path), the
 * Executive reads them from the buffer page. The reply is one word, the NTSTATUS (zero-extended),
 * with label 0.
 *
 * Order on x86_64: the message registers R10, R8, R9, R15 carry arguments 1, 3, 4, 2 of the Windows
 * calling convention, so that the stub need not move R8 and R9. On i386 EDI, EBP carry arguments
 * 1, 2.
 *
 * The stack pointer during a call is in RAX or ECX: the kernel does not keep it, and the Executive
 * wants it where it leaves a frame on the stack of a thread in a service.
 */
#pragma once

/*
 * Every thread has a CSpace of its own: a CNode of 4 slots, whose guard leaves 8 bits below it.
 * Slot 3 holds the process's CNode (2^NEPTUNE_PROCESS_CNODE_BITS slots), with the capabilities of
 * drivers.
 */
#define NEPTUNE_THREAD_CNODE_BITS 2
#define NEPTUNE_PROCESS_CNODE_BITS 6
#define NEPTUNE_SUBSPACE_BITS 8

#define NEPTUNE_SHARED_ENDPOINT_CAP 0x000 /* the endpoint that NepShareEndpoint puts there */
#define NEPTUNE_SERVICE_CAP 0x100         /* endpoint, badge = thread: system services */
#define NEPTUNE_FAULT_CAP 0x200           /* endpoint, badge = thread | 1: the thread's faults */
#define NEPTUNE_PROCESS_CAPS 0x300        /* + slot: the process's CNode */

/* Slots of a driver process's CNode that the Executive fills before the process starts; 16.. are
 * given out by it. */
#define NEPTUNE_DRIVER_SIGNAL_CAP (NEPTUNE_PROCESS_CAPS + 1) /* to signal the Executive */
#define NEPTUNE_DRIVER_WAIT_CAP                                                                    \
    (NEPTUNE_PROCESS_CAPS + 2) /* the driver's main notification, wait and signal */
#define NEPTUNE_DRIVER_IRQ_WAIT_CAP                                                                \
    (NEPTUNE_PROCESS_CAPS + 3) /* its interrupt notification, wait and signal */
#define NEPTUNE_DRIVER_LOCK_CAP                                                                    \
    (NEPTUNE_PROCESS_CAPS + 4) /* for the interrupt spin lock, wait and signal */
#define NEPTUNE_DRIVER_FIRST_FREE_SLOT 16

/* The TEB takes two pages; the thread's IPC buffer lies behind it, in the rest of the second. */
#define NEPTUNE_TEB_SIZE 0x2000
#define NEPTUNE_TEB_IPC_BUFFER 0x1C00

#if defined(__x86_64__)
#define NEPTUNE_REGISTER_ARGS 4
#define NEPTUNE_IPC_MSG_OFFSET 8
#else
#define NEPTUNE_REGISTER_ARGS 2
#define NEPTUNE_IPC_MSG_OFFSET 4
#endif

/*
 * Where KiUserStateDispatcher leaves the floating-point state of its thread, as FXSAVE has it (and
 * on i386 as FNSAVE), in the TEB's second page: behind the arguments that services can have, or
 * behind the IPC buffer. Then it jumps to an address where nothing can be mapped.
 */
#if defined(__x86_64__)
#define NEPTUNE_TEB_FXSAVE 0x1D00
#define NEPTUNE_STATE_ADDRESS 0xfffffffffffff010
#else
#define NEPTUNE_TEB_FXSAVE 0x1E00
#define NEPTUNE_TEB_FNSAVE 0x1C80
#define NEPTUNE_STATE_ADDRESS 0xfffff010
#endif

#if defined(__x86_64__)
/* The selectors that IRET wants: those in the registers are others after a system call. */
#define NEPTUNE_CODE_SELECTOR 0x2b
#define NEPTUNE_STACK_SELECTOR 0x33
#endif

#define NEPTUNE_PAGE_SIZE 0x1000
#define NEPTUNE_SHARED_USER_DATA 0x7FFE0000

/* The longest string that one NepDebugPrint or NtDisplayString takes, in bytes. */
#define NEPTUNE_MAX_DEBUG_STRING 512
#define NEPTUNE_MAX_DISPLAY_STRING 4096
