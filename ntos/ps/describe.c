/* SPDX-License-Identifier: BSD-2-Clause */
/* What the list of all processes says of a thread. */
#include "psp.h"

void PsDescribeThread(PETHREAD Thread, PSYSTEM_THREAD_INFORMATION Information)
{
    *Information = (SYSTEM_THREAD_INFORMATION){0};
    Information->KernelTime.QuadPart = PS_TICKS_TO_TIME(Thread->KernelTicks);
    Information->UserTime.QuadPart = PS_TICKS_TO_TIME(Thread->UserTicks);
    Information->CreateTime.QuadPart = Thread->CreateTime;
    Information->StartAddress = Thread->StartAddress;
    Information->ClientId.UniqueProcess = Thread->Process->UniqueProcessId;
    Information->ClientId.UniqueThread = Thread->UniqueThreadId;
    Information->Priority = (KPRIORITY)Thread->Priority;
    Information->BasePriority = Thread->BasePriority;
    Information->ContextSwitches = (ULONG)Thread->WaitCount;
    Information->WaitReason = Thread->SuspendCount & ~PS_THREAD_HELD ? Suspended : UserRequest;
    if (Thread == KeGetCurrentThread())
        Information->ThreadState = Running;
    else if (Thread->Header.SignalState)
        Information->ThreadState = Terminated;
    else
        Information->ThreadState =
            Thread->ServiceStack || Thread->SuspendCount & ~PS_THREAD_HELD ? Waiting : Ready;
}
