// SPDX-License-Identifier: BSD-2-Clause
/* The lock of the process environment block: current directory, environment, and what else the
 * whole process shares. */
#include "rtlp.h"

void NTAPI RtlAcquirePebLock(void)
{
    RtlEnterCriticalSection(NtCurrentPeb()->FastPebLock);
}

void NTAPI RtlReleasePebLock(void)
{
    RtlLeaveCriticalSection(NtCurrentPeb()->FastPebLock);
}
