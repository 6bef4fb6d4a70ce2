/* SPDX-License-Identifier: BSD-2-Clause */
/* fgncancel.sys: reads wait for numbers. */
#pragma once

#define IOCTL_FGN_NUMBER                                                                           \
    CTL_CODE(40001, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS) /* in: ULONG for the next read */
#define IOCTL_FGN_WAITING                                                                          \
    CTL_CODE(40001, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS) /* out: ULONG, reads that wait */
