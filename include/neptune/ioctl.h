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

/* ---- \Device\RunTest (drivers/test/runtime), beside these two. Output: of WDMTEST_RESULT's size
 * ---- */

/* Input: ULONG, a handle of the caller's to an event, which is signalled. */
#define IOCTL_RUNTEST_SIGNAL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x930, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* Output: three ULONGs, the caller's process id in the ways that a driver gets it. */
#define IOCTL_RUNTEST_WHOSE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x931, METHOD_BUFFERED, FILE_ANY_ACCESS)

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

/* ---- \Device\TransferBuffered, …Direct, …Neither (drivers/test/transfer): how data come to
 * drivers
 * ---- */

/* Copies its input to the output again and again, adding 1 to each byte. */
#define IOCTL_TRANSFER_COPY(method) CTL_CODE(FILE_DEVICE_UNKNOWN, 0x930, (method), FILE_ANY_ACCESS)
/* METHOD_IN_DIRECT: sums the bytes of both buffers. */
#define IOCTL_TRANSFER_SUM CTL_CODE(FILE_DEVICE_UNKNOWN, 0x931, METHOD_IN_DIRECT, FILE_ANY_ACCESS)
/* METHOD_BUFFERED: what is known of the last transfer, TRANSFER_FACTS. */
#define IOCTL_TRANSFER_FACTS CTL_CODE(FILE_DEVICE_UNKNOWN, 0x932, METHOD_BUFFERED, FILE_ANY_ACCESS)
/* METHOD_OUT_DIRECT: is pending until IOCTL_TRANSFER_RELEASE. */
#define IOCTL_TRANSFER_HOLD CTL_CODE(FILE_DEVICE_UNKNOWN, 0x933, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
/* METHOD_BUFFERED: adds 1 to each byte of what is held; returns the first. */
#define IOCTL_TRANSFER_POKE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x934, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_TRANSFER_RELEASE                                                                     \
    CTL_CODE(FILE_DEVICE_UNKNOWN, 0x935, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _TRANSFER_FACTS {
    ULONG Sum;
    ULONG MdlLength;   /* 0: there was no MDL */
    ULONG Mapped;      /* the MDL had a system address before it was asked for one */
    ULONG Frames;      /* its page frame numbers are none of them 0, and differ */
    UINT64 MdlAddress; /* where the requestor has the memory */
    UINT64 FirstFrame;
} TRANSFER_FACTS, *PTRANSFER_FACTS;

/* A read at Offset gives these bytes, a write there must bring them. */
static inline UINT8 TransferByte(UINT64 Offset)
{
    return (UINT8)(Offset * 7 + (Offset >> 8) + (Offset >> 16));
}
/* ---- \Device\Waiting (drivers/test/waiting): dispatch routines that wait ---- */

/* Input: WAITING_COMMAND. Output, if there is room: a ULONG. */
#define IOCTL_WAITING_RUN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x940, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef enum _WAITING_KIND {
    WaitingCount,     /* returns how many wait at the gate */
    WaitingOpenGate,  /* lets all of them go on */
    WaitingAtGate,    /* waits there */
    WaitingItemsGate, /* waits for a work item that waits there */
    WaitingItem,      /* waits for a work item that waits for 1 ms */
    WaitingItems,     /* the same of Number work items each of which waits for the next */
    WaitingSelf,      /* opens the device, asks for the count, closes the device */
    WaitingSelfGate,  /* waits at the gate in a request of its own to the device */
    WaitingDevice,    /* opens \Device\Null, writes, reads, closes */
    WaitingFile,      /* opens the image of the runtime and reads it; returns the first two bytes */
    WaitingTimeout,   /* waits for Number milliseconds with a service */
    WaitingThread,    /* waits for the end of a thread of its own with a service */
    WaitingPending,   /* a read of itself that stays pending until it opens the gate */
    WaitingRaised,    /* calls a service that waits at DISPATCH_LEVEL */
    WaitingCleanups,  /* returns how many IRP_MJ_CLEANUP it has had */
    WaitingEntry,     /* what WaitingSelf was in DriverEntry: its status */
    WaitingKinds,
} WAITING_KIND;

typedef struct _WAITING_COMMAND {
    ULONG Kind; /* WAITING_KIND */
    ULONG Number;
} WAITING_COMMAND, *PWAITING_COMMAND;
