/* SPDX-License-Identifier: BSD-2-Clause */
/* Local procedure calls: ports. */
#pragma once
#include <nt/nt.h>

struct _ETHREAD;
struct _OBJECT_TYPE;

extern struct _OBJECT_TYPE *LpcPortObjectType;
void LpcInitialize(void); /* the object type; after ObInitialize */
/* The thread ends: those to whom it wanted that to be known are told, and a request that it has
 * interrupted for a callback is given up. */
void LpcExitThread(struct _ETHREAD *Thread, BOOLEAN GiveWay);
