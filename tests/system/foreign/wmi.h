/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnwmi.sys provides two blocks by WMI. Nobody in the system asks for any yet, so the driver has a
 * control code that sends an IRP_MJ_SYSTEM_CONTROL to its own device.
 */
#pragma once

/* 0: counters, two instances of a FGN_COUNTER; 1: settings, one instance of two ULONGs, to be
 * changed, with two methods. */
#define FGN_GUID(Number)                                                                           \
    {                                                                                              \
        0x7a3c1d20 + (Number), 0x4b5e, 0x4f60,                                                     \
        {                                                                                          \
            0x81, 0x92, 0xa3, 0xb4, 0xc5, 0xd6, 0xe7, 0xf8                                         \
        }                                                                                          \
    }

typedef struct _FGN_COUNTER {
    ULONG Number, Questions;
    UCHAR Tail; /* so that its size is no multiple of eight */
} FGN_COUNTER;

enum { FgnMethodAdd = 1, FgnMethodLater };

#define FGN_NODE 512

typedef struct _FGN_ASK {
    ULONG MinorFunction;
    BOOLEAN OtherProvider, NoGuid;
    GUID Guid;
    ULONG Size; /* of the buffer as the driver is told it */
    NTSTATUS Status;
    ULONG Information;
    __attribute__((aligned(8))) UCHAR Node[FGN_NODE];
} FGN_ASK;

#define IOCTL_FGN_ASK                                                                              \
    CTL_CODE(40006, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS) /* FGN_ASK, both ways */
#define IOCTL_FGN_COLLECT                                                                          \
    CTL_CODE(40006, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS) /* out: ULONG, what was switched on   \
                                                              */
