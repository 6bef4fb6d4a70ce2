/* SPDX-License-Identifier: BSD-2-Clause */
/* fgnkbf.sys: what its control device tells and takes. */
#pragma once

typedef struct _FGN_KEYS {
    ULONG Connects;  /* class drivers that connected through the filter */
    ULONG Callbacks; /* of the port driver's, that went through it */
    ULONG Keys;      /* in them, breaks included */
    ULONG Started;   /* IRP_MN_START_DEVICE that came back with success */
    USHORT From, To; /* a scan code that becomes another; 0: none does */
} FGN_KEYS;

#define IOCTL_FGN_KEYS                                                                             \
    CTL_CODE(40004, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS) /* out: FGN_KEYS                      \
                                                              */
#define IOCTL_FGN_REMAP                                                                            \
    CTL_CODE(40004, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS) /* in: FGN_KEYS, From and To */
