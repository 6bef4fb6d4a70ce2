/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgnevent.sys: alarms. A program is told that a time is over by an event of its own, whose handle
 * comes with the request (WDK: ObReferenceObjectByHandle), or by the end of the request itself,
 * which waits in a cancel-safe queue until then.
 *
 * An alarm is referenced by its timer, until that has fired or was stopped, and by its request,
 * until that has ended. Each of those who may end the request (the timer's DPC, a cancellation, the
 * file's end) takes it out of the queue first, and only one of them gets it.
 */
#include <ntddk.h>
#include "event.h"

#define TAG (ULONG)'mrlA'

typedef struct _CLOCKWORK {
    LIST_ENTRY Alarms;
    LIST_ENTRY Requests;
    KSPIN_LOCK Guard; /* of both lists */
    IO_CSQ Queue;     /* of the requests */
} CLOCKWORK, *PCLOCKWORK;

typedef struct _ALARM {
    LIST_ENTRY Links; /* empty: not in the list any more */
    PCLOCKWORK Clockwork;
    PFILE_OBJECT Owner;
    LONG References;
    PKEVENT Event;              /* NULL: the request's end tells */
    IO_CSQ_IRP_CONTEXT Waiting; /* the request */
    KTIMER Timer;
    KDPC Dpc;
} ALARM, *PALARM;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH OpenOrClose;
_Dispatch_type_(IRP_MJ_CLEANUP) DRIVER_DISPATCH EndFile;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH Control;
KDEFERRED_ROUTINE Ring;

#define CLOCKWORK_OF(csq) CONTAINING_RECORD((csq), CLOCKWORK, Queue)
#define ALARM_OF(irp) ((irp)->Tail.Overlay.DriverContext[0])

static NTSTATUS End(PIRP Irp, NTSTATUS Status, ULONG Bytes)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Bytes;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* ---- Alarms ---- */

static VOID Release(PALARM Alarm)
{
    if (InterlockedDecrement(&Alarm->References))
        return;
    if (Alarm->Event)
        ObDereferenceObject(Alarm->Event);
    ExFreePoolWithTag(Alarm, TAG);
}

static VOID Unlist(PALARM Alarm)
{
    KIRQL Irql;

    KeAcquireSpinLock(&Alarm->Clockwork->Guard, &Irql);
    RemoveEntryList(&Alarm->Links);
    InitializeListHead(&Alarm->Links);
    KeReleaseSpinLock(&Alarm->Clockwork->Guard, Irql);
}

/* Its time does not matter any more. */
static VOID Silence(PALARM Alarm)
{
    Unlist(Alarm);
    if (KeCancelTimer(&Alarm->Timer))
        Release(Alarm); /* else the DPC does */
}

static VOID EndRequest(PIRP Irp, NTSTATUS Status)
{
    PALARM Alarm = ALARM_OF(Irp);

    End(Irp, Status, 0);
    Release(Alarm);
}

VOID NTAPI Ring(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PALARM Alarm = Context;
    PIRP Irp;

    Unlist(Alarm);
    if (Alarm->Event) {
        KeSetEvent(Alarm->Event, EVENT_INCREMENT, FALSE);
    } else {
        Irp = IoCsqRemoveIrp(&Alarm->Clockwork->Queue, &Alarm->Waiting);
        if (Irp)
            EndRequest(Irp, STATUS_SUCCESS);
    }
    Release(Alarm);
}

/* Referenced by its timer, which is not set yet. NULL: no memory. */
static PALARM NewAlarm(PCLOCKWORK Clockwork, PFILE_OBJECT Owner)
{
    PALARM Alarm = ExAllocatePoolZero(NonPagedPoolNx, sizeof(*Alarm), TAG);

    if (!Alarm)
        return NULL;
    Alarm->Clockwork = Clockwork;
    Alarm->Owner = Owner;
    Alarm->References = 1;
    KeInitializeTimer(&Alarm->Timer);
    KeInitializeDpc(&Alarm->Dpc, Ring, Alarm);
    return Alarm;
}

static VOID Wind(PALARM Alarm, LARGE_INTEGER Time)
{
    PCLOCKWORK Clockwork = Alarm->Clockwork;
    KIRQL Irql;

    KeAcquireSpinLock(&Clockwork->Guard, &Irql);
    InsertTailList(&Clockwork->Alarms, &Alarm->Links);
    KeSetTimer(&Alarm->Timer, Time, &Alarm->Dpc);
    KeReleaseSpinLock(&Clockwork->Guard, Irql);
}

/* ---- What the queue of requests calls ---- */

static VOID NTAPI Lock(PIO_CSQ Csq, PKIRQL Irql)
{
    KeAcquireSpinLock(&CLOCKWORK_OF(Csq)->Guard, Irql);
}

static VOID NTAPI Unlock(PIO_CSQ Csq, KIRQL Irql)
{
    KeReleaseSpinLock(&CLOCKWORK_OF(Csq)->Guard, Irql);
}

static VOID NTAPI Enqueue(PIO_CSQ Csq, PIRP Irp)
{
    InsertTailList(&CLOCKWORK_OF(Csq)->Requests, &Irp->Tail.Overlay.ListEntry);
}

static VOID NTAPI Dequeue(PIO_CSQ Csq, PIRP Irp)
{
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

/* The first request of the file behind Before. */
static PIRP NTAPI Peek(PIO_CSQ Csq, PIRP Before, PVOID File)
{
    PLIST_ENTRY List = &CLOCKWORK_OF(Csq)->Requests,
                At = Before ? &Before->Tail.Overlay.ListEntry : List;

    while ((At = At->Flink) != List) {
        PIRP Irp = CONTAINING_RECORD(At, IRP, Tail.Overlay.ListEntry);

        if (IoGetCurrentIrpStackLocation(Irp)->FileObject == File)
            return Irp;
    }
    return NULL;
}

static VOID NTAPI EndCancelled(PIO_CSQ Csq, PIRP Irp)
{
    Silence(ALARM_OF(Irp));
    EndRequest(Irp, STATUS_CANCELLED);
}

/* ---- Requests ---- */

/* The timer is set last, and rings for nobody if the request has been cancelled by then. */
static NTSTATUS TellByRequest(PCLOCKWORK Clockwork, PIRP Irp, LARGE_INTEGER Time)
{
    PALARM Alarm = NewAlarm(Clockwork, IoGetCurrentIrpStackLocation(Irp)->FileObject);

    if (!Alarm)
        return End(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    InterlockedIncrement(&Alarm->References); /* the request's */
    InterlockedIncrement(&Alarm->References); /* ours */
    ALARM_OF(Irp) = Alarm;
    Wind(Alarm, Time);
    IoCsqInsertIrp(&Clockwork->Queue, Irp, &Alarm->Waiting);
    Release(Alarm);
    return STATUS_PENDING;
}

static NTSTATUS TellByEvent(PCLOCKWORK Clockwork, PIRP Irp, PFGN_REGISTER Register)
{
    PALARM Alarm = NewAlarm(Clockwork, IoGetCurrentIrpStackLocation(Irp)->FileObject);
    NTSTATUS Status;

    if (!Alarm)
        return End(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    Status = ObReferenceObjectByHandle(Register->Event, EVENT_MODIFY_STATE, *ExEventObjectType,
                                       Irp->RequestorMode, (PVOID *)&Alarm->Event, NULL);
    if (NT_SUCCESS(Status)) {
        Wind(Alarm, Register->DueTime);
    } else {
        Alarm->Event = NULL;
        Release(Alarm);
    }
    return End(Irp, Status, 0);
}

static ULONG CountAlarms(PCLOCKWORK Clockwork)
{
    PLIST_ENTRY At = &Clockwork->Alarms;
    ULONG Count = 0;
    KIRQL Irql;

    KeAcquireSpinLock(&Clockwork->Guard, &Irql);
    while ((At = At->Flink) != &Clockwork->Alarms)
        Count++;
    KeReleaseSpinLock(&Clockwork->Guard, Irql);
    return Count;
}

NTSTATUS NTAPI Control(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PFGN_REGISTER Register = Irp->AssociatedIrp.SystemBuffer;
    ULONG Code = Stack->Parameters.DeviceIoControl.IoControlCode;

    if (Code == IOCTL_FGN_RECORDS) {
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG))
            return End(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        *(PULONG)Irp->AssociatedIrp.SystemBuffer = CountAlarms(Device->DeviceExtension);
        return End(Irp, STATUS_SUCCESS, sizeof(ULONG));
    }
    if (Code != IOCTL_FGN_REGISTER)
        return End(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*Register))
        return End(Irp, STATUS_INVALID_PARAMETER, 0);
    if (Register->Type == FgnByEvent)
        return TellByEvent(Device->DeviceExtension, Irp, Register);
    return Register->Type == FgnByRequest
               ? TellByRequest(Device->DeviceExtension, Irp, Register->DueTime)
               : End(Irp, STATUS_INVALID_PARAMETER, 0);
}

NTSTATUS NTAPI OpenOrClose(PDEVICE_OBJECT Device, PIRP Irp)
{
    PAGED_CODE();
    return End(Irp, STATUS_SUCCESS, 0);
}

/* An alarm of the file's that tells by an event, out of the list and referenced; NULL: none is
 * left. */
static PALARM TakeAlarm(PCLOCKWORK Clockwork, PFILE_OBJECT Owner)
{
    PLIST_ENTRY At = &Clockwork->Alarms;
    PALARM Found = NULL;
    KIRQL Irql;

    KeAcquireSpinLock(&Clockwork->Guard, &Irql);
    while (!Found && (At = At->Flink) != &Clockwork->Alarms) {
        PALARM Alarm = CONTAINING_RECORD(At, ALARM, Links);

        if (Alarm->Event && Alarm->Owner == Owner)
            Found = Alarm;
    }
    if (Found) {
        InterlockedIncrement(&Found->References);
        RemoveEntryList(&Found->Links);
        InitializeListHead(&Found->Links);
    }
    KeReleaseSpinLock(&Clockwork->Guard, Irql);
    return Found;
}

NTSTATUS NTAPI EndFile(PDEVICE_OBJECT Device, PIRP Irp)
{
    PCLOCKWORK Clockwork = Device->DeviceExtension;
    PFILE_OBJECT File = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PALARM Alarm;
    PIRP Left;

    while ((Left = IoCsqRemoveNextIrp(&Clockwork->Queue, File)) != NULL)
        EndCancelled(&Clockwork->Queue, Left);
    while ((Alarm = TakeAlarm(Clockwork, File)) != NULL) {
        Silence(Alarm);
        Release(Alarm);
    }
    return End(Irp, STATUS_SUCCESS, 0);
}

VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    PCLOCKWORK Clockwork = DriverObject->DeviceObject->DeviceExtension;

    PAGED_CODE();
    KeFlushQueuedDpcs();
    if (!IsListEmpty(&Clockwork->Alarms)) {
        ASSERTMSG("alarms are left\n", FALSE);
    }
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING Name;
    PCLOCKWORK Clockwork;
    PDEVICE_OBJECT Device;
    NTSTATUS Status;

    ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
    RtlInitUnicodeString(&Name, L"\\Device\\FgnEvent");
    Status = IoCreateDevice(DriverObject, sizeof(*Clockwork), &Name, FILE_DEVICE_UNKNOWN,
                            FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->Flags |= DO_BUFFERED_IO;
    Clockwork = Device->DeviceExtension;
    InitializeListHead(&Clockwork->Alarms);
    InitializeListHead(&Clockwork->Requests);
    KeInitializeSpinLock(&Clockwork->Guard);
    IoCsqInitialize(&Clockwork->Queue, Enqueue, Dequeue, Peek, Lock, Unlock, EndCancelled);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = OpenOrClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = OpenOrClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = EndFile;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
