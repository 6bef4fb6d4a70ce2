/* SPDX-License-Identifier: BSD-2-Clause */
/* What a thread keeps: priority, the process that it is attached to, the IRP of a file system. */
#include "ki.h"
#include "ps.h"

#define KI_BASE_PRIORITY 8

/* Threads of a driver give way only where they wait, so a priority changes nothing. */
KPRIORITY NTAPI KeSetPriorityThread(PKTHREAD Thread, KPRIORITY Priority)
{
    KPRIORITY Previous = KeQueryPriorityThread(Thread);

    Thread->Priority = (SCHAR)max(1, min(Priority, HIGH_PRIORITY));
    return Previous;
}

KPRIORITY NTAPI KeQueryPriorityThread(PKTHREAD Thread)
{
    return Thread->Priority ? Thread->Priority : KI_BASE_PRIORITY;
}

/* KeSetBasePriorityThread: Increment on the priority of the process; what it was before. */
LONG NTAPI KeSetBasePriorityThread(PKTHREAD Thread, LONG Increment)
{
    LONG Previous = KeQueryPriorityThread(Thread) - KI_BASE_PRIORITY;
    LONG Priority = KI_BASE_PRIORITY + Increment;

    Thread->Priority = (SCHAR)max(1, min(Priority, LOW_REALTIME_PRIORITY - 1));
    return Previous;
}

/*
 * KeStackAttachProcess: PsGetCurrentProcess is Process from now on. Its memory is not to be seen
 * here: only the host's own is, whatever a thread is attached to.
 */
VOID NTAPI KeStackAttachProcess(PKPROCESS Process, PRKAPC_STATE ApcState)
{
    PKTHREAD Thread = KiGetCurrentThread();

    RtlZeroMemory(ApcState, sizeof(*ApcState));
    ApcState->Process = (PKPROCESS)Thread->Process;
    Thread->Process = (PEPROCESS)Process;
}

VOID NTAPI KeUnstackDetachProcess(PRKAPC_STATE ApcState)
{
    KiGetCurrentThread()->Process = (PEPROCESS)ApcState->Process;
}

VOID NTAPI KeAttachProcess(PKPROCESS Process)
{
    PKTHREAD Thread = KiGetCurrentThread();

    if (Thread->Process)
        KeBugCheckEx(INVALID_PROCESS_ATTACH_ATTEMPT, (ULONG_PTR)Process, (ULONG_PTR)Thread->Process,
                     0, 0);
    Thread->Process = (PEPROCESS)Process;
}

VOID NTAPI KeDetachProcess(VOID)
{
    KiGetCurrentThread()->Process = NULL;
}

BOOLEAN NTAPI KeIsAttachedProcess(VOID)
{
    return KiGetCurrentThread()->Process != NULL;
}

/* ---- The I/O manager's ---- */

VOID NTAPI IoSetTopLevelIrp(PIRP Irp)
{
    KiGetCurrentThread()->TopLevelIrp = Irp;
}

PIRP NTAPI IoGetTopLevelIrp(VOID)
{
    return KiGetCurrentThread()->TopLevelIrp;
}

VOID NTAPI IoSetDeviceToVerify(PETHREAD Thread, PDEVICE_OBJECT DeviceObject)
{
    ((PKTHREAD)Thread)->DeviceToVerify = DeviceObject;
}

PDEVICE_OBJECT NTAPI IoGetDeviceToVerify(PETHREAD Thread)
{
    return ((PKTHREAD)Thread)->DeviceToVerify;
}

/* IoSetHardErrorOrVerifyDevice: for the thread that the IRP was made for. */
VOID NTAPI IoSetHardErrorOrVerifyDevice(PIRP Irp, PDEVICE_OBJECT DeviceObject)
{
    if (Irp->Tail.Overlay.Thread)
        IoSetDeviceToVerify(Irp->Tail.Overlay.Thread, DeviceObject);
}

/* IoSetThreadHardErrorMode: whether the calling thread's errors are shown; what it was before. */
BOOLEAN NTAPI IoSetThreadHardErrorMode(BOOLEAN EnableHardErrors)
{
    PKTHREAD Thread = KiGetCurrentThread();
    BOOLEAN Previous = !Thread->HardErrorsDisabled;

    Thread->HardErrorsDisabled = !EnableHardErrors;
    return Previous;
}

BOOLEAN NTAPI PsGetThreadHardErrorsAreDisabled(PETHREAD Thread)
{
    return ((PKTHREAD)Thread)->HardErrorsDisabled;
}

VOID NTAPI PsSetThreadHardErrorsAreDisabled(PETHREAD Thread, BOOLEAN Disabled)
{
    ((PKTHREAD)Thread)->HardErrorsDisabled = Disabled;
}
