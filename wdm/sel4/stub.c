/* SPDX-License-Identifier: BSD-2-Clause */
/* The runtime's seL4 operations. Capability numbers: neptune/abi.h. */
#include <neptune/abi.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
static inline void *KxIpcBuffer(void)
{
    char *Teb;

    __asm__("movq %%gs:0x30, %0" : "=r"(Teb));
    return Teb + NEPTUNE_TEB_IPC_BUFFER;
}
#else
static inline void *KxIpcBuffer(void)
{
    char *Teb;

    __asm__("movl %%fs:0x18, %0" : "=r"(Teb));
    return Teb + NEPTUNE_TEB_IPC_BUFFER;
}
#endif
#define SEL4_IPC_BUFFER ((seL4_IPCBuffer *)KxIpcBuffer())

#include <sel4/sel4.h>
#include "stub.h"

void KxSignalExecutive(void)
{
    seL4_Signal(NEPTUNE_DRIVER_SIGNAL_CAP);
}

void KxWaitMainThread(void)
{
    seL4_Wait(NEPTUNE_DRIVER_WAIT_CAP, NULL);
}

void KxSignalMainThread(void)
{
    seL4_Signal(NEPTUNE_DRIVER_WAIT_CAP);
}

unsigned long long KxWaitInterrupt(void)
{
    seL4_Word Badge;

    seL4_Wait(NEPTUNE_DRIVER_IRQ_WAIT_CAP, &Badge);
    return Badge;
}

void KxAcknowledgeInterrupt(unsigned HandlerCap)
{
    seL4_IRQHandler_Ack(HandlerCap);
}

void KxSignalLock(void)
{
    seL4_Signal(NEPTUNE_DRIVER_LOCK_CAP);
}

void KxWaitLock(void)
{
    seL4_Wait(NEPTUNE_DRIVER_LOCK_CAP, NULL);
}

unsigned KxReadPort(unsigned PortCap, unsigned Port, unsigned Size)
{
    if (Size == 1) {
        seL4_X86_IOPort_In8_t In8 = seL4_X86_IOPort_In8(PortCap, Port);
        return In8.error ? 0xFF : In8.result;
    }
    if (Size == 2) {
        seL4_X86_IOPort_In16_t In16 = seL4_X86_IOPort_In16(PortCap, Port);
        return In16.error ? 0xFFFF : In16.result;
    }
    seL4_X86_IOPort_In32_t In32 = seL4_X86_IOPort_In32(PortCap, Port);
    return In32.error ? 0xFFFFFFFF : In32.result;
}

void KxWritePort(unsigned PortCap, unsigned Port, unsigned Size, unsigned Value)
{
    if (Size == 1)
        seL4_X86_IOPort_Out8(PortCap, Port, Value);
    else if (Size == 2)
        seL4_X86_IOPort_Out16(PortCap, Port, Value);
    else
        seL4_X86_IOPort_Out32(PortCap, Port, Value);
}
