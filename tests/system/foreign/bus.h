/* SPDX-License-Identifier: BSD-2-Clause */
/* fgnbus.sys has children for as long as a program wants them; fgnchild.sys is their function
 * driver. */
#pragma once

#define IOCTL_FGN_PLUG                                                                             \
    CTL_CODE(40005, 0x900, METHOD_BUFFERED,                                                        \
             FILE_ANY_ACCESS) /* in: ULONG, the child's number, 1 to 9 */
#define IOCTL_FGN_UNPLUG                                                                           \
    CTL_CODE(40005, 0x901, METHOD_BUFFERED, FILE_ANY_ACCESS) /* in: the same; without a warning */
#define IOCTL_FGN_EJECT                                                                            \
    CTL_CODE(40005, 0x902, METHOD_BUFFERED, FILE_ANY_ACCESS) /* in: the same; asks whether it may  \
                                                              */
#define IOCTL_FGN_BUS CTL_CODE(40005, 0x903, METHOD_BUFFERED, FILE_ANY_ACCESS) /* out: FGN_BUS */

typedef struct _FGN_BUS {
    ULONG Children;                             /* that are plugged in */
    ULONG Started, Removed, Ejected, Surprised; /* IRPs that the children's physical devices got */
} FGN_BUS;

#define FGN_ALL_CHILDREN 10

/* A read of \Device\FgnChildN. */
typedef struct _FGN_CHILD {
    ULONG Address; /* of IRP_MN_QUERY_CAPABILITIES: the number */
    ULONG Reads;
} FGN_CHILD;
