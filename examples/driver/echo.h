/* SPDX-License-Identifier: BSD-2-Clause */
/* What driver and program agree on. */
#pragma once

#define ECHO_MAXIMUM 256 /* bytes that are kept */

/* Output: ECHO_FACTS. */
#define IOCTL_ECHO_FACTS CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _ECHO_FACTS {
    ULONG Writes; /* since the driver started */
    ULONG Kept;   /* bytes that the next read gets */
} ECHO_FACTS, *PECHO_FACTS;
