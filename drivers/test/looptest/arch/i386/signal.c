/* SPDX-License-Identifier: BSD-2-Clause */
/* A system call as a hostile driver makes it: number -3 (Send) on the capability for signals. */
#include "../../looptest.h"
#include <neptune/abi.h>

VOID SignalExecutive(VOID)
{
    LONG Number = -3, Capability = NEPTUNE_DRIVER_SIGNAL_CAP, Message = 0;

    __asm__ volatile("pushl %%ebp\n\tmovl %%esp, %%ecx\n\tleal 1f, %%edx\n"
                     "1:\tsysenter\n\tpopl %%ebp"
                     : "+b"(Capability), "+S"(Message)
                     : "a"(Number)
                     : "ecx", "edx", "edi", "memory", "cc");
}
