// SPDX-License-Identifier: BSD-2-Clause
/* What a callback can say about itself. */
#include "tpp.h"

/* Others are not to wait for this thread. */
NTSTATUS NTAPI TpCallbackMayRunLong(PTP_CALLBACK_INSTANCE Instance)
{
    PTP_POOL Pool = Instance->Object->Pool;
    NTSTATUS Status = STATUS_SUCCESS;

    TppEnter();
    if (!Pool->Idle && !Pool->Starting) {
        Status = Pool->Threads < Pool->Maximum ? TppWantThread(Pool) : STATUS_TOO_MANY_THREADS;
    }
    TppLeave();
    return Status;
}

/* Who waits for the object does not wait for this callback any more. */
void NTAPI TpDisassociateCallback(PTP_CALLBACK_INSTANCE Instance)
{
    PTPP_OBJECT Object = Instance->Object;

    TppEnter();
    if (Instance->Associated) {
        Instance->Associated = FALSE;
        if (!--Object->Running && !Object->Pending)
            RtlWakeAllConditionVariable(&Object->Finished);
    }
    TppLeave();
}

void NTAPI TpCallbackSetEventOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Event)
{
    Instance->Event = Event;
}

void NTAPI TpCallbackReleaseSemaphoreOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Semaphore,
                                                  ULONG Count)
{
    Instance->Semaphore = Semaphore;
    Instance->SemaphoreCount = Count;
}

void NTAPI TpCallbackReleaseMutexOnCompletion(PTP_CALLBACK_INSTANCE Instance, HANDLE Mutex)
{
    Instance->Mutex = Mutex;
}

void NTAPI TpCallbackLeaveCriticalSectionOnCompletion(PTP_CALLBACK_INSTANCE Instance,
                                                      PRTL_CRITICAL_SECTION CriticalSection)
{
    Instance->CriticalSection = CriticalSection;
}

void NTAPI TpCallbackUnloadDllOnCompletion(PTP_CALLBACK_INSTANCE Instance, PVOID DllHandle)
{
    Instance->Dll = DllHandle;
}
