/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fgncancel.sys: reads wait for numbers, which come by a control code; a thread of the driver
 * brings them together. The reads are in a cancel-safe queue (WDK: IoCsqInitialize), and a file
 * takes its own out of it when it is closed.
 */
#include <ntddk.h>
#include "cancel.h"

#define NUMBERS 16 /* that wait for the thread */

typedef struct _NUMBER_SERVER {
    IO_CSQ Queue;
    KSPIN_LOCK Guard; /* of what follows */
    LIST_ENTRY Reads;
    ULONG ReadCount;
    ULONG Numbers[NUMBERS];
    ULONG Taken, Given; /* counted on and on */
    KEVENT More;        /* a number has come */
    KEVENT Stop;
    PKTHREAD Thread;
} NUMBER_SERVER, *PNUMBER_SERVER;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD Unload;
_Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH OpenOrClose;
_Dispatch_type_(IRP_MJ_CLEANUP) DRIVER_DISPATCH EndFile;
_Dispatch_type_(IRP_MJ_READ) DRIVER_DISPATCH Read;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH Control;
KSTART_ROUTINE Serve;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(PAGE, OpenOrClose)
#pragma alloc_text(PAGE, Unload)
#endif

#define SERVER_OF(csq) CONTAINING_RECORD((csq), NUMBER_SERVER, Queue)

static NTSTATUS End(PIRP Irp, NTSTATUS Status, ULONG Bytes)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Bytes;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* ---- What the queue calls ---- */

static VOID NTAPI Lock(PIO_CSQ Csq, PKIRQL Irql)
{
    KeAcquireSpinLock(&SERVER_OF(Csq)->Guard, Irql);
}

static VOID NTAPI Unlock(PIO_CSQ Csq, KIRQL Irql)
{
    KeReleaseSpinLock(&SERVER_OF(Csq)->Guard, Irql);
}

static VOID NTAPI Enqueue(PIO_CSQ Csq, PIRP Irp)
{
    PNUMBER_SERVER Server = SERVER_OF(Csq);

    Server->ReadCount++;
    InsertTailList(&Server->Reads, &Irp->Tail.Overlay.ListEntry);
}

static VOID NTAPI Dequeue(PIO_CSQ Csq, PIRP Irp)
{
    SERVER_OF(Csq)->ReadCount--;
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

/* The first read behind Before; Wanted: of that file only. */
static PIRP NTAPI Peek(PIO_CSQ Csq, PIRP Before, PVOID Wanted)
{
    PLIST_ENTRY List = &SERVER_OF(Csq)->Reads, At = Before ? &Before->Tail.Overlay.ListEntry : List;

    while ((At = At->Flink) != List) {
        PIRP Irp = CONTAINING_RECORD(At, IRP, Tail.Overlay.ListEntry);
        PFILE_OBJECT File = IoGetCurrentIrpStackLocation(Irp)->FileObject;

        if (Wanted == NULL || Wanted == File)
            return Irp;
    }
    return NULL;
}

static VOID NTAPI EndCancelled(PIO_CSQ Csq, PIRP Irp)
{
    End(Irp, STATUS_CANCELLED, 0);
}

/* ---- Requests ---- */

NTSTATUS NTAPI OpenOrClose(PDEVICE_OBJECT Device, PIRP Irp)
{
    PAGED_CODE();
    return End(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS NTAPI EndFile(PDEVICE_OBJECT Device, PIRP Irp)
{
    PNUMBER_SERVER Server = Device->DeviceExtension;
    PFILE_OBJECT File = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PIRP Left;

    while ((Left = IoCsqRemoveNextIrp(&Server->Queue, File)) != NULL)
        End(Left, STATUS_CANCELLED, 0);
    return End(Irp, STATUS_SUCCESS, 0);
}

NTSTATUS NTAPI Read(PDEVICE_OBJECT Device, PIRP Irp)
{
    PNUMBER_SERVER Server = Device->DeviceExtension;

    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length < sizeof(ULONG))
        return End(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    IoCsqInsertIrp(&Server->Queue, Irp, NULL); /* which marks it pending */
    return STATUS_PENDING;
}

static BOOLEAN PutNumber(PNUMBER_SERVER Server, ULONG Number)
{
    BOOLEAN Room;
    KIRQL Irql;

    KeAcquireSpinLock(&Server->Guard, &Irql);
    Room = Server->Given - Server->Taken < NUMBERS;
    if (Room)
        Server->Numbers[Server->Given++ % NUMBERS] = Number;
    KeReleaseSpinLock(&Server->Guard, Irql);
    if (Room)
        KeSetEvent(&Server->More, IO_NO_INCREMENT, FALSE);
    return Room;
}

static BOOLEAN GetNumber(PNUMBER_SERVER Server, PULONG Number)
{
    BOOLEAN Found;
    KIRQL Irql;

    KeAcquireSpinLock(&Server->Guard, &Irql);
    Found = Server->Taken != Server->Given;
    if (Found)
        *Number = Server->Numbers[Server->Taken++ % NUMBERS];
    KeReleaseSpinLock(&Server->Guard, Irql);
    return Found;
}

NTSTATUS NTAPI Control(PDEVICE_OBJECT Device, PIRP Irp)
{
    PNUMBER_SERVER Server = Device->DeviceExtension;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    PULONG Data = Irp->AssociatedIrp.SystemBuffer;
    ULONG Code = Stack->Parameters.DeviceIoControl.IoControlCode;

    if (Code == IOCTL_FGN_NUMBER) {
        if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*Data))
            return End(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        return End(Irp, PutNumber(Server, *Data) ? STATUS_SUCCESS : STATUS_DEVICE_BUSY, 0);
    }
    if (Code != IOCTL_FGN_WAITING)
        return End(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*Data))
        return End(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    *Data = Server->ReadCount;
    return End(Irp, STATUS_SUCCESS, sizeof(*Data));
}

/* ---- The thread: a number that finds no read is dropped ---- */

VOID NTAPI Serve(PVOID Context)
{
    PNUMBER_SERVER Server = Context;
    PVOID Events[] = {&Server->Stop, &Server->More};

    while (KeWaitForMultipleObjects(2, Events, WaitAny, Executive, KernelMode, FALSE, NULL, NULL) !=
           STATUS_WAIT_0) {
        ULONG Number;

        while (GetNumber(Server, &Number)) {
            PIRP Irp = IoCsqRemoveNextIrp(&Server->Queue, NULL);

            if (!Irp)
                continue;
            *(PULONG)Irp->AssociatedIrp.SystemBuffer = Number;
            End(Irp, STATUS_SUCCESS, sizeof(Number));
        }
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS StartServing(PNUMBER_SERVER Server)
{
    HANDLE Thread;
    NTSTATUS Status =
        PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Serve, Server);

    if (!NT_SUCCESS(Status))
        return Status;
    Status = ObReferenceObjectByHandle(Thread, SYNCHRONIZE, *PsThreadType, KernelMode,
                                       (PVOID *)&Server->Thread, NULL);
    ASSERT(NT_SUCCESS(Status));
    ZwClose(Thread);
    return Status;
}

VOID NTAPI Unload(PDRIVER_OBJECT DriverObject)
{
    PNUMBER_SERVER Server = DriverObject->DeviceObject->DeviceExtension;

    PAGED_CODE();
    KeSetEvent(&Server->Stop, IO_NO_INCREMENT, TRUE);
    KeWaitForSingleObject(Server->Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Server->Thread);
    ASSERT(IsListEmpty(&Server->Reads));
    IoDeleteDevice(DriverObject->DeviceObject);
}

static NTSTATUS InitializeServer(PNUMBER_SERVER Server)
{
    InitializeListHead(&Server->Reads);
    KeInitializeSpinLock(&Server->Guard);
    KeInitializeEvent(&Server->More, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Server->Stop, NotificationEvent, FALSE);
    return IoCsqInitialize(&Server->Queue, Enqueue, Dequeue, Peek, Lock, Unlock, EndCancelled);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    DECLARE_CONST_UNICODE_STRING(Name, L"\\Device\\FgnCancel");
    PDEVICE_OBJECT Device;
    NTSTATUS Status;

    ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
    Status = IoCreateDevice(DriverObject, sizeof(NUMBER_SERVER), (PUNICODE_STRING)&Name,
                            FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status))
        return Status;
    Device->Flags |= DO_BUFFERED_IO;
    Status = InitializeServer(Device->DeviceExtension);
    if (NT_SUCCESS(Status))
        Status = StartServing(Device->DeviceExtension);
    if (!NT_SUCCESS(Status)) {
        IoDeleteDevice(Device);
        return Status;
    }
    DriverObject->MajorFunction[IRP_MJ_CREATE] = OpenOrClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = OpenOrClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = EndFile;
    DriverObject->MajorFunction[IRP_MJ_READ] = Read;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    DriverObject->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
