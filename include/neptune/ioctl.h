/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO control codes of our own, with their structures: what a driver and a program must agree on.
 * Drivers include it after the DDK's wdm.h, programs after nt/nt.h; both have the types and
 * CTL_CODE. Microsoft leaves functions from 0x800 on to others.
 */
#pragma once

/* ---- \Device\KeyboardClassN (drivers/input/kbdclass), beside Windows' own codes ---- */

/*
 * Who reads. Every open file of \Device\KeyboardClassN is a reader, and the foreground reader gets
 * the keys; the reads of all others stay pending. The first to open the device is in the
 * foreground. It can name a process that it hands the keyboard to: that process is in the
 * foreground as soon as it opens the keyboard and for as long as it keeps it open; then the one
 * that named it is again. All other readers wait at the end of the line.
 *
 * What is lost. Drivers do not wait for a reader: packets that do not fit into a buffer are
 * dropped, the newest first, and counted. A packet with the make code KEYBOARD_OVERRUN_MAKE_CODE
 * stands where packets are missing: dropped ones (ExtraInformation: how many) or ones that another
 * reader got (0). The reader must not trust what it knows of keys that are held.
 * IOCTL_KEYBOARD_QUERY_LOST has the sum of all that was dropped between the interrupt and the
 * reader since the class driver started.
 */

/* Input: a ULONG, the id of the process that the caller hands the keyboard to; 0: to no process.
 * STATUS_ACCESS_DENIED if the caller is not in the foreground. */
#define IOCTL_KEYBOARD_HAND_OVER                                                                   \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Output: a ULONG, the number of packets. */
#define IOCTL_KEYBOARD_QUERY_LOST                                                                  \
    CTL_CODE(FILE_DEVICE_KEYBOARD, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* ---- \Device\WdmTest (drivers/test/wdmtest) ---- */

/* Input: ULONG index of a group of checks. Output: WDMTEST_RESULT. STATUS_NO_MORE_ENTRIES after the
 * last. */
#define IOCTL_WDMTEST_RUN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Input: ULONG index of a way to crash. STATUS_NO_MORE_ENTRIES after the last; any other answer is
 * wrong. */
#define IOCTL_WDMTEST_CRASH CTL_CODE(FILE_DEVICE_UNKNOWN, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _WDMTEST_RESULT {
    ULONG Checks;
    ULONG Failures;
    CHAR Name[32];
    CHAR FirstFailure[96]; /* the condition that did not hold */
    ULONG Line;
} WDMTEST_RESULT, *PWDMTEST_RESULT;

/* ---- \Device\TrapTest (drivers/test/traptest): the two codes of \Device\WdmTest, and ---- */

/* Input: ULONG index of an instruction. Output: ULONGLONG, what it costs in ticks.
 * STATUS_NO_MORE_ENTRIES after the last. */
#define IOCTL_TRAPTEST_MEASURE                                                                     \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x905, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* ---- \Device\LoopTest (drivers/test/looptest) ---- */

/* Input: ULONG, a LOOPTEST_KIND. There is no answer: the driver loops for ever.
 * STATUS_INVALID_PARAMETER for any other number. */
#define IOCTL_LOOPTEST_LOOP CTL_CODE(FILE_DEVICE_UNKNOWN, 0x910, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef enum _LOOPTEST_KIND {
    LoopPassive,       /* in a dispatch routine */
    LoopPassiveSignal, /* there, signalling the Executive each time */
    LoopWorkItem,
    LoopDispatch, /* in a dispatch routine at DISPATCH_LEVEL */
    LoopDpc,
    LoopInterrupt, /* in the service routine of an interrupt */
    LoopSignal,    /* at DISPATCH_LEVEL, signalling the Executive each time */
    LoopKinds,
} LOOPTEST_KIND;

/* ---- \Device\Hold (drivers/test/hold): reads are kept until enough of them wait ---- */

/* Input: ULONG, how many reads shall wait at once. Output: ULONG, the most that have so far. */
#define IOCTL_HOLD_SET_COUNT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x920, METHOD_BUFFERED, FILE_ANY_ACCESS)
