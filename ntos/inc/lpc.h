/* SPDX-License-Identifier: BSD-2-Clause */
/* Local procedure calls: ports. */
#pragma once
#include <nt/nt.h>

struct _ETHREAD;
struct _PORT_MESSAGE;
struct _OBJECT_TYPE;

extern struct _OBJECT_TYPE *LpcPortObjectType;
void LpcInitialize(void); /* the object type; after ObInitialize */
/* The current thread asks whoever receives from Port, which is referenced, and waits for the reply.
 * Message has its lengths and its type, LPC_ERROR_EVENT; the reply, at most Room bytes of it with
 * the header, takes its place. STATUS_PORT_DISCONNECTED, STATUS_INVALID_PORT_HANDLE,
 * STATUS_PORT_MESSAGE_TOO_LONG, STATUS_OBJECT_NAME_NOT_FOUND (a connection port has gone
 * meanwhile), STATUS_NO_MEMORY. */
NTSTATUS LpcRequestWaitReply(PVOID Port, struct _PORT_MESSAGE *Message, ULONG Room);
/* The thread ends: those to whom it wanted that to be known are told, and a request that it has
 * interrupted for a callback is given up. */
void LpcExitThread(struct _ETHREAD *Thread, BOOLEAN GiveWay);
