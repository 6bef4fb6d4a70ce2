/* SPDX-License-Identifier: BSD-2-Clause */
/* The control codes of fgnioctl.sys: the sum of the input's bytes, and the input backwards, by each
 * method. */
#pragma once

#define FGN_IOCTL(Method) CTL_CODE(40000, 0x900 + (Method), (Method), FILE_ANY_ACCESS)
#define IOCTL_FGN_BUFFERED FGN_IOCTL(METHOD_BUFFERED)
#define IOCTL_FGN_IN_DIRECT FGN_IOCTL(METHOD_IN_DIRECT)
#define IOCTL_FGN_OUT_DIRECT FGN_IOCTL(METHOD_OUT_DIRECT)
#define IOCTL_FGN_NEITHER FGN_IOCTL(METHOD_NEITHER)
#define IOCTL_FGN_READ_ONLY CTL_CODE(40000, 0x910, METHOD_BUFFERED, FILE_READ_ACCESS)
/* out: ULONG, the sum of the last direct input */
#define IOCTL_FGN_SUM CTL_CODE(40000, 0x911, METHOD_BUFFERED, FILE_ANY_ACCESS)
