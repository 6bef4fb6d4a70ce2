/* SPDX-License-Identifier: BSD-2-Clause */
/* Scalars, capability pointers, the message info word, rights, guards, and the IPC buffer. */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef int8_t seL4_Int8;
typedef uint8_t seL4_Uint8;
typedef uint16_t seL4_Uint16;
typedef uint32_t seL4_Uint32;
typedef uint64_t seL4_Uint64;
typedef int8_t seL4_Bool;

#if defined(__x86_64__)
#include <sel4/arch/x86_64/types.h>
#elif defined(__i386__)
#include <sel4/arch/ia32/types.h>
#else
#error "libsel4: x86_64 and ia32 only"
#endif

#define SEL4_INLINE static inline __attribute__((always_inline, unused))

typedef seL4_Word seL4_CPtr;
typedef seL4_Word seL4_NodeId;
typedef seL4_Word seL4_Domain;
typedef seL4_CPtr seL4_Untyped;
typedef seL4_CPtr seL4_CNode;
typedef seL4_CPtr seL4_TCB;
typedef seL4_CPtr seL4_IRQControl;
typedef seL4_CPtr seL4_IRQHandler;
typedef seL4_CPtr seL4_DomainSet;
typedef seL4_CPtr seL4_X86_Page;
typedef seL4_CPtr seL4_X86_PageTable;
typedef seL4_CPtr seL4_X86_PageDirectory;
typedef seL4_CPtr seL4_X86_ASIDControl;
typedef seL4_CPtr seL4_X86_ASIDPool;
typedef seL4_CPtr seL4_X86_IOPort;
typedef seL4_CPtr seL4_X86_IOPortControl;
typedef seL4_Word seL4_X86_VMAttributes;

/* Message info: length 6..0, extraCaps 8..7, capsUnwrapped 11..9, label from bit 12 up. */
typedef struct seL4_MessageInfo {
    seL4_Word words[1];
} seL4_MessageInfo_t;

SEL4_INLINE seL4_MessageInfo_t seL4_MessageInfo_new(seL4_Word label, seL4_Word capsUnwrapped,
                                                    seL4_Word extraCaps, seL4_Word length)
{
    seL4_MessageInfo_t info = {
        {label << 12 | (capsUnwrapped & 7) << 9 | (extraCaps & 3) << 7 | (length & 0x7f)}};
    return info;
}

SEL4_INLINE seL4_Word seL4_MessageInfo_get_label(seL4_MessageInfo_t info)
{
    return info.words[0] >> 12;
}

SEL4_INLINE seL4_Word seL4_MessageInfo_get_capsUnwrapped(seL4_MessageInfo_t info)
{
    return info.words[0] >> 9 & 7;
}

SEL4_INLINE seL4_Word seL4_MessageInfo_get_extraCaps(seL4_MessageInfo_t info)
{
    return info.words[0] >> 7 & 3;
}

SEL4_INLINE seL4_Word seL4_MessageInfo_get_length(seL4_MessageInfo_t info)
{
    return info.words[0] & 0x7f;
}

SEL4_INLINE seL4_MessageInfo_t seL4_MessageInfo_set_label(seL4_MessageInfo_t info, seL4_Word label)
{
    info.words[0] = (info.words[0] & 0xfff) | label << 12;
    return info;
}

SEL4_INLINE seL4_MessageInfo_t seL4_MessageInfo_set_capsUnwrapped(seL4_MessageInfo_t info,
                                                                  seL4_Word unwrapped)
{
    info.words[0] = (info.words[0] & ~(seL4_Word)0xe00) | (unwrapped & 7) << 9;
    return info;
}

SEL4_INLINE seL4_MessageInfo_t seL4_MessageInfo_set_extraCaps(seL4_MessageInfo_t info,
                                                              seL4_Word extraCaps)
{
    info.words[0] = (info.words[0] & ~(seL4_Word)0x180) | (extraCaps & 3) << 7;
    return info;
}

SEL4_INLINE seL4_MessageInfo_t seL4_MessageInfo_set_length(seL4_MessageInfo_t info,
                                                           seL4_Word length)
{
    info.words[0] = (info.words[0] & ~(seL4_Word)0x7f) | (length & 0x7f);
    return info;
}

/* Rights: bit 0 write, 1 read, 2 grant, 3 grantReply. */
typedef struct seL4_CapRights {
    seL4_Word words[1];
} seL4_CapRights_t;

SEL4_INLINE seL4_CapRights_t seL4_CapRights_new(seL4_Word grantReply, seL4_Word grant,
                                                seL4_Word read, seL4_Word write)
{
    seL4_CapRights_t rights = {
        {(grantReply & 1) << 3 | (grant & 1) << 2 | (read & 1) << 1 | (write & 1)}};
    return rights;
}

SEL4_INLINE seL4_Word seL4_CapRights_get_capAllowWrite(seL4_CapRights_t rights)
{
    return rights.words[0] & 1;
}

SEL4_INLINE seL4_Word seL4_CapRights_get_capAllowRead(seL4_CapRights_t rights)
{
    return rights.words[0] >> 1 & 1;
}

SEL4_INLINE seL4_Word seL4_CapRights_get_capAllowGrant(seL4_CapRights_t rights)
{
    return rights.words[0] >> 2 & 1;
}

SEL4_INLINE seL4_Word seL4_CapRights_get_capAllowGrantReply(seL4_CapRights_t rights)
{
    return rights.words[0] >> 3 & 1;
}

#define seL4_NoRights seL4_CapRights_new(0, 0, 0, 0)
#define seL4_AllRights seL4_CapRights_new(1, 1, 1, 1)
#define seL4_ReadWrite seL4_CapRights_new(0, 0, 1, 1)
#define seL4_CanWrite seL4_CapRights_new(0, 0, 0, 1)
#define seL4_CanRead seL4_CapRights_new(0, 0, 1, 0)
#define seL4_CanGrant seL4_CapRights_new(0, 1, 0, 0)
#define seL4_CanGrantReply seL4_CapRights_new(1, 0, 0, 0)

/* Guard of a CNode cap, as given to Mint, Mutate, Rotate, Configure and SetSpace. */
typedef struct seL4_CNode_CapData {
    seL4_Word words[1];
} seL4_CNode_CapData_t;

SEL4_INLINE seL4_CNode_CapData_t seL4_CNode_CapData_new(seL4_Word guard, seL4_Word guardSize)
{
    seL4_CNode_CapData_t data = {{guard << seL4_GuardShift | guardSize << seL4_GuardSizeShift}};
    return data;
}

enum {
    seL4_MsgLengthBits = 7,
    seL4_MsgMaxLength = 120,
    seL4_MsgExtraCapBits = 2,
    seL4_MsgMaxExtraCaps = 3,
};

/* The kernel reads and writes msg, caps_or_badges and the receive fields; the rest is ours. */
typedef struct seL4_IPCBuffer {
    seL4_MessageInfo_t tag;
    seL4_Word msg[seL4_MsgMaxLength];
    seL4_Word userData;
    seL4_Word caps_or_badges[seL4_MsgMaxExtraCaps];
    seL4_CPtr receiveCNode;
    seL4_CPtr receiveIndex;
    seL4_Word receiveDepth;
} __attribute__((aligned(sizeof(seL4_Word) * 128))) seL4_IPCBuffer;

_Static_assert(sizeof(seL4_IPCBuffer) == sizeof(seL4_Word) * 128, "IPC buffer size");
_Static_assert(offsetof(seL4_IPCBuffer, receiveDepth) == sizeof(seL4_Word) * 127, "IPC buffer");

#ifndef SEL4_IPC_BUFFER
extern seL4_IPCBuffer *seL4_TheIPCBuffer;
#define SEL4_IPC_BUFFER seL4_TheIPCBuffer
#endif

SEL4_INLINE seL4_IPCBuffer *seL4_GetIPCBuffer(void)
{
    return SEL4_IPC_BUFFER;
}

SEL4_INLINE seL4_Word seL4_GetMR(int i)
{
    return seL4_GetIPCBuffer()->msg[i];
}

SEL4_INLINE void seL4_SetMR(int i, seL4_Word value)
{
    seL4_GetIPCBuffer()->msg[i] = value;
}

SEL4_INLINE seL4_Word seL4_GetUserData(void)
{
    return seL4_GetIPCBuffer()->userData;
}

SEL4_INLINE void seL4_SetUserData(seL4_Word value)
{
    seL4_GetIPCBuffer()->userData = value;
}

SEL4_INLINE seL4_Word seL4_GetBadge(int i)
{
    return seL4_GetIPCBuffer()->caps_or_badges[i];
}

SEL4_INLINE seL4_CPtr seL4_GetCap(int i)
{
    return seL4_GetIPCBuffer()->caps_or_badges[i];
}

SEL4_INLINE void seL4_SetCap(int i, seL4_CPtr cptr)
{
    seL4_GetIPCBuffer()->caps_or_badges[i] = cptr;
}

/* Where a capability arriving with a message is put: the slot must be empty by then. */
SEL4_INLINE void seL4_SetCapReceivePath(seL4_CPtr receiveCNode, seL4_CPtr receiveIndex,
                                        seL4_Word receiveDepth)
{
    seL4_IPCBuffer *buffer = seL4_GetIPCBuffer();

    buffer->receiveCNode = receiveCNode;
    buffer->receiveIndex = receiveIndex;
    buffer->receiveDepth = receiveDepth;
}
