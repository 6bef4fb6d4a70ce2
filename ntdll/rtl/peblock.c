// SPDX-License-Identifier: BSD-2-Clause
/* The lock of the process environment block: current directory, environment, and what else the
 * whole process shares. */
#include "rtlp.h"

/* Of use before the loader has put it into the PEB. */
RTL_CRITICAL_SECTION RtlpPebLock = {.LockCount = -1};

void NTAPI RtlAcquirePebLock(void)
{
    RtlEnterCriticalSection(&RtlpPebLock);
}

void NTAPI RtlReleasePebLock(void)
{
    RtlLeaveCriticalSection(&RtlpPebLock);
}
