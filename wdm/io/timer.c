/* SPDX-License-Identifier: BSD-2-Clause */
/* A device's once-a-second timer (IoInitializeTimer). */
#include "wdmio.h"
#include "ki.h"

struct _IO_TIMER {
    PDEVICE_OBJECT DeviceObject;
    PIO_TIMER_ROUTINE Routine;
    PVOID Context;
    KTIMER Timer;
    KDPC Dpc;
};

static VOID NTAPI WdmTimerDpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2)
{
    PIO_TIMER Timer = DeferredContext;

    Timer->Routine(Timer->DeviceObject, Timer->Context);
}

/* IoInitializeTimer: one per device. STATUS_INSUFFICIENT_RESOURCES. */
NTSTATUS NTAPI IoInitializeTimer(PDEVICE_OBJECT DeviceObject, PIO_TIMER_ROUTINE TimerRoutine,
                                 PVOID Context)
{
    PIO_TIMER Timer = DeviceObject->Timer;

    if (!Timer) {
        Timer = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Timer), 'mTIo');
        if (!Timer)
            return STATUS_INSUFFICIENT_RESOURCES;
        KeInitializeTimer(&Timer->Timer);
        KeInitializeDpc(&Timer->Dpc, WdmTimerDpc, Timer);
        Timer->DeviceObject = DeviceObject;
        DeviceObject->Timer = Timer;
    }
    Timer->Routine = TimerRoutine;
    Timer->Context = Context;
    return STATUS_SUCCESS;
}

VOID NTAPI IoStartTimer(PDEVICE_OBJECT DeviceObject)
{
    LARGE_INTEGER Second = {.QuadPart = -10000000};

    KeSetTimerEx(&DeviceObject->Timer->Timer, Second, 1000, &DeviceObject->Timer->Dpc);
}

VOID NTAPI IoStopTimer(PDEVICE_OBJECT DeviceObject)
{
    KeCancelTimer(&DeviceObject->Timer->Timer);
}
