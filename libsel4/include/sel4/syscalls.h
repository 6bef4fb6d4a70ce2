/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System calls.  The plain forms take message registers from the IPC buffer and put them back
 * there; the WithMRs forms take the first four through pointers, any of which may be NULL (ia32
 * has two in hardware registers and moves the others through the buffer).
 */
#pragma once

#if defined(__x86_64__)
#include <sel4/arch/x86_64/syscalls.h>
#else
#include <sel4/arch/ia32/syscalls.h>
#endif

#define SEL4_SYS(name) ((seL4_Word)(intptr_t)(seL4_Sys##name))

/* Buffer words for the message registers that are not in hardware registers: ia32 only. */
SEL4_INLINE void sel4_spill(seL4_Word length, const seL4_Word *mr2, const seL4_Word *mr3)
{
    if (seL4_FastMessageRegisters < 4 && length > 2 && mr2)
        seL4_SetMR(2, *mr2);
    if (seL4_FastMessageRegisters < 4 && length > 3 && mr3)
        seL4_SetMR(3, *mr3);
}

SEL4_INLINE void sel4_fill(seL4_Word length, seL4_Word *mr2, seL4_Word *mr3)
{
    if (seL4_FastMessageRegisters < 4 && length > 2 && mr2)
        *mr2 = seL4_GetMR(2);
    if (seL4_FastMessageRegisters < 4 && length > 3 && mr3)
        *mr3 = seL4_GetMR(3);
}

SEL4_INLINE void sel4_send_mrs(seL4_Word number, seL4_CPtr dest, seL4_MessageInfo_t info,
                               seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    sel4_spill(seL4_MessageInfo_get_length(info), mr2, mr3);
    sel4_sys_send(number, dest, info.words[0], mr0 ? *mr0 : 0, mr1 ? *mr1 : 0, mr2 ? *mr2 : 0,
                  mr3 ? *mr3 : 0);
}

SEL4_INLINE seL4_MessageInfo_t sel4_recv_mrs(seL4_Word number, seL4_CPtr src, seL4_Word *sender,
                                             seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                             seL4_Word *mr3)
{
    seL4_Word badge, m0, m1, m2 = 0, m3 = 0;
    seL4_MessageInfo_t info = {{sel4_sys_recv(number, src, &badge, &m0, &m1, &m2, &m3)}};

    sel4_fill(seL4_MessageInfo_get_length(info), &m2, &m3);
    if (sender)
        *sender = badge;
    if (mr0)
        *mr0 = m0;
    if (mr1)
        *mr1 = m1;
    if (mr2)
        *mr2 = m2;
    if (mr3)
        *mr3 = m3;
    return info;
}

SEL4_INLINE seL4_MessageInfo_t sel4_call_mrs(seL4_Word number, seL4_CPtr dest, seL4_Word *sender,
                                             seL4_MessageInfo_t info, seL4_Word *mr0,
                                             seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    seL4_Word badge, m0 = mr0 ? *mr0 : 0, m1 = mr1 ? *mr1 : 0;
    seL4_Word m2 = mr2 ? *mr2 : 0, m3 = mr3 ? *mr3 : 0;

    sel4_spill(seL4_MessageInfo_get_length(info), mr2, mr3);
    info.words[0] = sel4_sys_send_recv(number, dest, &badge, info.words[0], &m0, &m1, &m2, &m3);
    sel4_fill(seL4_MessageInfo_get_length(info), &m2, &m3);
    if (sender)
        *sender = badge;
    if (mr0)
        *mr0 = m0;
    if (mr1)
        *mr1 = m1;
    if (mr2)
        *mr2 = m2;
    if (mr3)
        *mr3 = m3;
    return info;
}

/* The buffer's own words as the four message registers; on ia32 the last two stay in it. */
#define SEL4_BUFFER_MRS                                                                            \
    &seL4_GetIPCBuffer()->msg[0], &seL4_GetIPCBuffer()->msg[1],                                    \
        seL4_FastMessageRegisters > 2 ? &seL4_GetIPCBuffer()->msg[2] : NULL,                       \
        seL4_FastMessageRegisters > 2 ? &seL4_GetIPCBuffer()->msg[3] : NULL

SEL4_INLINE void seL4_Send(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    sel4_send_mrs(SEL4_SYS(Send), dest, info, SEL4_BUFFER_MRS);
}

SEL4_INLINE void seL4_SendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info, seL4_Word *mr0,
                                  seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    sel4_send_mrs(SEL4_SYS(Send), dest, info, mr0, mr1, mr2, mr3);
}

SEL4_INLINE void seL4_NBSend(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    sel4_send_mrs(SEL4_SYS(NBSend), dest, info, SEL4_BUFFER_MRS);
}

SEL4_INLINE void seL4_NBSendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info, seL4_Word *mr0,
                                    seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    sel4_send_mrs(SEL4_SYS(NBSend), dest, info, mr0, mr1, mr2, mr3);
}

SEL4_INLINE void seL4_Reply(seL4_MessageInfo_t info)
{
    sel4_send_mrs(SEL4_SYS(Reply), 0, info, SEL4_BUFFER_MRS);
}

SEL4_INLINE void seL4_ReplyWithMRs(seL4_MessageInfo_t info, seL4_Word *mr0, seL4_Word *mr1,
                                   seL4_Word *mr2, seL4_Word *mr3)
{
    sel4_send_mrs(SEL4_SYS(Reply), 0, info, mr0, mr1, mr2, mr3);
}

SEL4_INLINE seL4_MessageInfo_t seL4_Recv(seL4_CPtr src, seL4_Word *sender)
{
    return sel4_recv_mrs(SEL4_SYS(Recv), src, sender, SEL4_BUFFER_MRS);
}

SEL4_INLINE seL4_MessageInfo_t seL4_RecvWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_Word *mr0,
                                                seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    return sel4_recv_mrs(SEL4_SYS(Recv), src, sender, mr0, mr1, mr2, mr3);
}

SEL4_INLINE seL4_MessageInfo_t seL4_NBRecv(seL4_CPtr src, seL4_Word *sender)
{
    return sel4_recv_mrs(SEL4_SYS(NBRecv), src, sender, SEL4_BUFFER_MRS);
}

SEL4_INLINE seL4_MessageInfo_t seL4_NBRecvWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_Word *mr0,
                                                  seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    return sel4_recv_mrs(SEL4_SYS(NBRecv), src, sender, mr0, mr1, mr2, mr3);
}

SEL4_INLINE seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t info)
{
    return sel4_call_mrs(SEL4_SYS(Call), dest, NULL, info, SEL4_BUFFER_MRS);
}

SEL4_INLINE seL4_MessageInfo_t seL4_CallWithMRs(seL4_CPtr dest, seL4_MessageInfo_t info,
                                                seL4_Word *mr0, seL4_Word *mr1, seL4_Word *mr2,
                                                seL4_Word *mr3)
{
    return sel4_call_mrs(SEL4_SYS(Call), dest, NULL, info, mr0, mr1, mr2, mr3);
}

SEL4_INLINE seL4_MessageInfo_t seL4_ReplyRecv(seL4_CPtr src, seL4_MessageInfo_t info,
                                              seL4_Word *sender)
{
    return sel4_call_mrs(SEL4_SYS(ReplyRecv), src, sender, info, SEL4_BUFFER_MRS);
}

SEL4_INLINE seL4_MessageInfo_t seL4_ReplyRecvWithMRs(seL4_CPtr src, seL4_MessageInfo_t info,
                                                     seL4_Word *sender, seL4_Word *mr0,
                                                     seL4_Word *mr1, seL4_Word *mr2, seL4_Word *mr3)
{
    return sel4_call_mrs(SEL4_SYS(ReplyRecv), src, sender, info, mr0, mr1, mr2, mr3);
}

SEL4_INLINE void seL4_Yield(void)
{
    sel4_sys_send(SEL4_SYS(Yield), 0, 0, 0, 0, 0, 0);
}

SEL4_INLINE void seL4_Signal(seL4_CPtr dest)
{
    sel4_sys_send(SEL4_SYS(Send), dest, 0, 0, 0, 0, 0);
}

SEL4_INLINE void seL4_Wait(seL4_CPtr src, seL4_Word *sender)
{
    sel4_recv_mrs(SEL4_SYS(Recv), src, sender, NULL, NULL, NULL, NULL);
}

/* Badge 0: the notification was idle. */
SEL4_INLINE void seL4_Poll(seL4_CPtr src, seL4_Word *sender)
{
    sel4_recv_mrs(SEL4_SYS(NBRecv), src, sender, NULL, NULL, NULL, NULL);
}

/* Debug kernels only; elsewhere these fault as unknown system calls. */
SEL4_INLINE void seL4_DebugPutChar(char c)
{
    sel4_sys_send(SEL4_SYS(DebugPutChar), (seL4_Uint8)c, 0, 0, 0, 0, 0);
}

SEL4_INLINE void seL4_DebugPutString(const char *text)
{
    while (*text)
        seL4_DebugPutChar(*text++);
}

SEL4_INLINE void seL4_DebugDumpScheduler(void)
{
    sel4_sys_send(SEL4_SYS(DebugDumpScheduler), 0, 0, 0, 0, 0, 0);
}

SEL4_INLINE void seL4_DebugHalt(void)
{
    sel4_sys_send(SEL4_SYS(DebugHalt), 0, 0, 0, 0, 0, 0);
}

SEL4_INLINE void seL4_DebugSnapshot(void)
{
    sel4_sys_send(SEL4_SYS(DebugSnapshot), 0, 0, 0, 0, 0, 0);
}

/* The kernel's type tag of a capability, 0 for none. */
SEL4_INLINE seL4_Uint32 seL4_DebugCapIdentify(seL4_CPtr cap)
{
    seL4_Word m0 = 0, m1 = 0, m2 = 0, m3 = 0;

    sel4_sys_send_recv(SEL4_SYS(DebugCapIdentify), cap, &cap, 0, &m0, &m1, &m2, &m3);
    return (seL4_Uint32)cap;
}

/* Names a thread for the kernel's own messages; cut to what the IPC buffer holds. */
SEL4_INLINE void seL4_DebugNameThread(seL4_TCB tcb, const char *name)
{
    char *out = (char *)seL4_GetIPCBuffer()->msg;
    size_t i = 0;

    while (name[i] && i < seL4_MsgMaxLength * sizeof(seL4_Word) - 1) {
        out[i] = name[i];
        i++;
    }
    out[i] = 0;
    sel4_sys_send(SEL4_SYS(DebugNameThread), tcb, 0, 0, 0, 0, 0);
}
