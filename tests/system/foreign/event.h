/* SPDX-License-Identifier: BSD-2-Clause */
/* fgnevent.sys: something happens after a time; who is told by an event, who by the end of a
 * request. */
#pragma once

typedef enum { FgnByEvent, FgnByRequest } FGN_NOTIFY;

typedef struct _FGN_REGISTER {
    FGN_NOTIFY Type;
    HANDLE Event;          /* to signal, if by that */
    LARGE_INTEGER DueTime; /* relative, in 100 ns, negative */
} FGN_REGISTER, *PFGN_REGISTER;

#define IOCTL_FGN_REGISTER CTL_CODE(40002, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_FGN_RECORDS                                                                          \
    CTL_CODE(40002, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS) /* out: ULONG, of those that wait */
