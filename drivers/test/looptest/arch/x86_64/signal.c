/* SPDX-License-Identifier: BSD-2-Clause */
/* A system call as a hostile driver makes it: number -3 (Send) on the capability for signals. */
#include "../../looptest.h"
#include <neptune/abi.h>

VOID SignalExecutive(VOID)
{
    LONG64 Number = -3, Capability = NEPTUNE_DRIVER_SIGNAL_CAP, Message = 0;

    __asm__ volatile("movq %%rsp, %%rbx\n\tsyscall\n\tmovq %%rbx, %%rsp"
                     : "+D"(Capability), "+S"(Message)
                     : "d"(Number)
                     : "rbx", "rcx", "r8", "r9", "r10", "r11", "r15", "memory", "cc");
}
