/* SPDX-License-Identifier: BSD-2-Clause */
/* Loops over what somebody else has made long: in the Executive others run now and then meanwhile
 * (ntos/ke/giveway.c); a program has its own time. */
#pragma once
#include <nt/ntdef.h>

#ifdef NTOS_CLIENT_POINTERS /* what the Executive is compiled with */
NTSTATUS KeGiveWay(void);
#define RtlpGiveWay() ((void)KeGiveWay())
#else
#define RtlpGiveWay() ((void)0)
#endif
