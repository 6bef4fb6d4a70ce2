/* SPDX-License-Identifier: BSD-2-Clause */
/* What the Executive's headers and io need of libsel4, for tests on the host: no system call is
 * made. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef uintptr_t seL4_Word, seL4_CPtr;
typedef int seL4_Error;
typedef struct seL4_CapRights {
    seL4_Word words[1];
} seL4_CapRights_t;
typedef struct seL4_BootInfo seL4_BootInfo;
typedef struct seL4_IPCBuffer seL4_IPCBuffer;
typedef struct seL4_UserContext {
    seL4_Word registers[20];
} seL4_UserContext;

#define seL4_NoError 0
#define seL4_WordBits (8 * sizeof(seL4_Word))
#define seL4_NotificationObject 3
#define seL4_AllRights ((seL4_CapRights_t){{15}})
#define seL4_ReadWrite ((seL4_CapRights_t){{3}})
#define seL4_CanWrite ((seL4_CapRights_t){{1}})

static inline void seL4_Signal(seL4_CPtr dest)
{
    (void)dest;
}

#define seL4_CNode_Mint(...) seL4_NoError
#define seL4_IRQHandler_SetNotification(...) seL4_NoError
